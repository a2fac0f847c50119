"""What a server says about itself, for `doctor` and `db status`."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from clinicdesk.errors import ClinicError
from clinicdesk.storage.conflicts import as_clinic_error
from clinicdesk.storage.engine import CONNECTION_PROFILE, SAFE_SETTINGS
from clinicdesk.storage.migrate import EXTENSIONS, current_revision
from clinicdesk.storage.releases import check_schema


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """One look at a database. `unsafe` holds the settings that can lose work, with their values."""

    server_version: str
    revision: str
    settings: dict[str, str]
    unsafe: dict[str, str]
    extensions: dict[str, str]
    missing_extensions: tuple[str, ...]
    active_owners: int
    clock: dt.datetime
    bytes_used: int
    schema_error: ClinicError | None = None


def look(admin: Mapping[str, str], database: str) -> ServerFacts:
    """Ask a database about itself, as the administrator. Raises ClinicUnreachable."""
    arguments: dict[str, Any] = {**CONNECTION_PROFILE, **admin, "dbname": database}
    try:
        with psycopg.connect(**arguments, autocommit=True) as connection:
            return _facts(connection)
    except psycopg.Error as error:
        raise as_clinic_error(error) from error


def schema_of(admin: Mapping[str, str], database: str) -> tuple[str, ClinicError | None]:
    """The schema revision of a database (empty for one without tables), and why this program does not work on it."""
    arguments: dict[str, Any] = {**CONNECTION_PROFILE, **admin, "dbname": database}
    with psycopg.connect(**arguments, autocommit=True) as connection:
        return current_revision(connection), _schema_error(connection)


def size_of(admin: Mapping[str, str], database: str) -> int:
    """How many bytes a database takes on its server's disk."""
    arguments: dict[str, Any] = {**CONNECTION_PROFILE, **admin, "dbname": database}
    with psycopg.connect(**arguments, autocommit=True) as connection:
        return int(_one(connection, "SELECT pg_database_size(current_database())"))


def _schema_error(connection: psycopg.Connection[Any]) -> ClinicError | None:
    try:
        check_schema(connection)
    except ClinicError as error:
        return error
    return None


def _facts(connection: psycopg.Connection[Any]) -> ServerFacts:
    settings = {name: str(_one(connection, "SELECT current_setting(%s)", name)) for name in SAFE_SETTINGS}
    extensions = dict(connection.execute("SELECT extname, extversion FROM pg_extension").fetchall())
    revision = current_revision(connection)
    owners = "SELECT count(*) FROM clinicdesk.person WHERE role = 'owner' AND active"
    return ServerFacts(
        server_version=str(_one(connection, "SHOW server_version")),
        revision=revision,
        settings=settings,
        unsafe={name: value for name, value in settings.items() if value != SAFE_SETTINGS[name]},
        extensions={name: extensions[name] for name in EXTENSIONS if name in extensions},
        missing_extensions=tuple(name for name in EXTENSIONS if name not in extensions),
        active_owners=int(_one(connection, owners)) if revision else 0,
        clock=_one(connection, "SELECT clock_timestamp()").astimezone(dt.UTC),
        bytes_used=int(_one(connection, "SELECT pg_database_size(current_database())")),
        schema_error=_schema_error(connection),
    )


def _one(connection: psycopg.Connection[Any], question: str, *values: str) -> Any:
    row = connection.execute(question, values).fetchone()
    return row[0] if row else None
