"""A desk's way to its clinic server, as checks: seen without signing in, and more of it by somebody signed in."""

import datetime as dt
from pathlib import Path

from clinicdesk.domain.desks import WARN_BEFORE, ServerAddress
from clinicdesk.errors import ClinicError, DeskNotEnrolled
from clinicdesk.storage import health
from clinicdesk.storage.server_look import look_at
from clinicdesk.usecases import desk_files
from clinicdesk.usecases.checks import Check, Fact, State
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.doctor_database import database_checks

FAIL_BEFORE = dt.timedelta(days=7)


def examine(data_dir: Path, server: ServerAddress, clinic: Clinic | None) -> list[Check]:
    """Everything about one server, seen from this desk."""
    checks = [
        Check("place", State.OK, {"kind": "server", "server": str(server)}),
        _desk_key(data_dir),
        _desk_certificate(data_dir),
        *_server(data_dir, server),
    ]
    if clinic is None:
        return [*checks, Check("signed_in", State.WARNING, {}, "sign_in_for_more")]
    try:
        with clinic.transaction() as tx:
            found, desk = health.facts_in(tx), health.link_of(tx)
    except ClinicError as error:
        return [
            *checks,
            Check("database", State.FAILED, {"kind": "server", "error": type(error).__name__}, error=error),
        ]
    return [*checks, *_link(desk), _database(server, found), *database_checks(found)]


def _desk_key(data_dir: Path) -> Check:
    try:
        desk_files.passphrase(data_dir)
    except DeskNotEnrolled as error:
        return Check("desk_key", State.FAILED, {"reason": error.reason}, error=error)
    return Check("desk_key", State.OK)


def _desk_certificate(data_dir: Path) -> Check:
    try:
        found = desk_files.certificate_of(data_dir)
    except DeskNotEnrolled as error:
        return Check("desk_certificate", State.FAILED, {"reason": error.reason}, error=error)
    return _ends("desk_certificate", found.ends_at, "desk_certificate_ends", {"desk": found.subject})


def _server(data_dir: Path, server: ServerAddress) -> list[Check]:
    authority = desk_files.files_of(data_dir).authority
    try:
        found = look_at(server, str(authority) if authority.is_file() else "")
    except ClinicError as error:
        return [Check("server_reached", State.FAILED, {"error": type(error).__name__}, error=error)]
    checks = [Check("server_reached", State.OK, {"milliseconds": round(found.milliseconds)})]
    if found.certificate_ends_at is not None:
        checks.append(_ends("server_certificate", found.certificate_ends_at, "server_certificate_ends"))
    return checks


def _ends(name: str, ends: dt.datetime, advice: str, facts: dict[str, Fact] | None = None) -> Check:
    left = ends - dt.datetime.now(dt.UTC)
    said: dict[str, Fact] = {**(facts or {}), "until": ends.date().isoformat(), "days_left": left.days}
    if left < FAIL_BEFORE:
        return Check(name, State.FAILED, said, advice)
    return Check(name, State.WARNING if left < WARN_BEFORE else State.OK, said, advice if left < WARN_BEFORE else "")


def _link(link: health.Link) -> list[Check]:
    facts: dict[str, Fact] = {"encryption": link.encryption, "cipher": link.cipher}
    strong = link.encryption == "TLSv1.3"
    return [
        Check("encryption", State.OK if strong else State.FAILED, facts, "" if strong else "not_encrypted"),
        Check(
            "desk_known", State.OK if link.desk_known else State.FAILED, {}, "" if link.desk_known else "desk_unknown"
        ),
        Check(
            "server_unit",
            State.OK if link.unit_at_work else State.WARNING,
            {},
            "" if link.unit_at_work else "unit_away",
        ),
        Check(
            "server_limits",
            State.WARNING if link.loose_limits else State.OK,
            {"loose": link.loose_limits},
            "limits_loose" if link.loose_limits else "",
        ),
    ]


def _database(server: ServerAddress, found: health.ServerFacts) -> Check:
    return Check(
        "database",
        State.OK,
        {
            "kind": "server",
            "server_version": found.server_version,
            "address": str(server),
            "name": server.database,
            "schema_revision": found.revision,
            "bytes": found.bytes_used,
        },
    )
