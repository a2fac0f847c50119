"""What a code opens: a login of one use that asks a clinic server for a desk's certificate."""

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from psycopg import errors

from clinicdesk.errors import ClinicError, EnrolmentRefused, NoClinicServer
from clinicdesk.storage.conflicts import as_clinic_error
from clinicdesk.storage.desks import Answer
from clinicdesk.storage.engine import CONNECTION_PROFILE
from clinicdesk.storage.server_link import link_refusal

CodeConnection = psycopg.Connection[Any]  # what a use case passes on and never looks into

# A login that is not there is no desk's, so the server asks it for the certificate that a person has to show.
_WRONG = ("password authentication failed", "is not permitted to log in", "valid client certificate")
_BUSY = ("too many connections for role",)


@contextlib.contextmanager
def code_connection(conninfo: Mapping[str, str]) -> Iterator[CodeConnection]:
    """The connection of a code's login. Raises EnrolmentRefused, or why there is no way to the server."""
    arguments: dict[str, Any] = {**CONNECTION_PROFILE, **conninfo, "application_name": "enrolment"}
    try:
        with psycopg.connect(**arguments, autocommit=True) as connection:
            yield connection
    except (errors.UndefinedFunction, errors.InvalidSchemaName) as error:
        raise NoClinicServer(conninfo["host"], int(conninfo["port"])) from error
    except errors.InsufficientPrivilege as error:
        raise EnrolmentRefused("used") from error
    except psycopg.Error as error:
        raise _refusal(error, arguments) from error


def ask(connection: CodeConnection, request: str, desk_name: str) -> Answer:
    """Ask for a certificate, or fetch the answer to the same request."""
    row = connection.execute(
        "SELECT desk_id, certificate, authority, refusal FROM clinicdesk.enrol_desk(%s, %s)", [request, desk_name]
    ).fetchone()
    assert row is not None
    return Answer(row[0], *(each or "" for each in row[1:]))


def server_clock(connection: CodeConnection) -> dt.datetime:
    """What time it is on the server."""
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    moment: dt.datetime = row[0]
    return moment.astimezone(dt.UTC)


def is_founder(connection: CodeConnection) -> bool:
    """Whether this code may found the clinic: the server had nobody when the code was made."""
    row = connection.execute("SELECT pg_has_role(session_user, 'cd_founder', 'USAGE')").fetchone()
    return row is not None and bool(row[0])


def _refusal(error: psycopg.Error, conninfo: Mapping[str, Any]) -> Exception:
    said = str(error)
    if any(words in said for words in _BUSY):
        return EnrolmentRefused("busy")
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None and any(one in said for one in _WRONG):
        return EnrolmentRefused("code")
    refusal: ClinicError | None = link_refusal(error, conninfo)
    return refusal or as_clinic_error(error)
