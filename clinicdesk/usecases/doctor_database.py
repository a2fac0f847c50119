"""What a database answers about itself, as checks: the same on this computer and on a clinic's server."""

import datetime as dt

from clinicdesk.domain.sync_process import SILENT
from clinicdesk.storage.health import ServerFacts
from clinicdesk.storage.migrate import EXTENSIONS, expected_revision
from clinicdesk.usecases.checks import Check, Fact, State

CLOCK_SECONDS = 30
FAR_SECONDS = 3600  # a certificate or a code may count for nothing then
FEW_CONNECTIONS = 10
SLOW_MILLISECONDS = 50


def database_checks(found: ServerFacts) -> list[Check]:
    """Every check there is on any database."""
    return [
        _schema(found),
        _told("durability", found.unsafe, dict(found.settings), "durability_off"),
        _told(
            "extensions",
            found.missing_extensions,
            {name: found.extensions.get(name, "") for name in EXTENSIONS},
            "extensions_missing",
        ),
        _told("owner", not found.active_owners, {"active_owners": found.active_owners}, "no_owner"),
        _locked(found),
        _told("roles", found.altered_roles, {"altered": found.altered_roles}, "roles_altered"),
        _connections(found),
        _answering(found),
        _clock(found),
        sending_check(found.sends, found.sender_seen),
    ]


def _told(name: str, wrong: object, facts: dict[str, Fact], advice: str) -> Check:
    return Check(name, State.FAILED if wrong else State.OK, facts, advice if wrong else "")


def _schema(found: ServerFacts) -> Check:
    facts: dict[str, Fact] = {"found": found.revision, "expected": expected_revision()}
    if found.schema_error is not None:
        return Check("schema", State.FAILED, facts, error=found.schema_error)
    ahead = found.revision != expected_revision()
    return Check("schema", State.WARNING if ahead else State.OK, facts, "schema_ahead" if ahead else "")


def _locked(found: ServerFacts) -> Check:
    facts: dict[str, Fact] = {"locked": found.locked_people}
    locked = bool(found.locked_people)
    return Check("people_locked", State.WARNING if locked else State.OK, facts, "somebody_locked" if locked else "")


def _connections(found: ServerFacts) -> Check:
    left = found.connections_allowed - found.connections
    facts: dict[str, Fact] = {"connections": found.connections, "connections_left": left}
    few = left < FEW_CONNECTIONS
    return Check("connections", State.WARNING if few else State.OK, facts, "few_connections" if few else "")


def _answering(found: ServerFacts) -> Check:
    slow = found.milliseconds > SLOW_MILLISECONDS
    facts: dict[str, Fact] = {"milliseconds": found.milliseconds}
    return Check("answering", State.WARNING if slow else State.OK, facts, "answers_slowly" if slow else "")


def sending_check(sends: bool, seen: int | None, advice: str = "sender_away") -> Check:
    """Whether a process that sends is at work, where a clinic sends messages; `seen` is when, in seconds ago."""
    facts: dict[str, Fact] = {} if seen is None else {"sender_seen": max(0, seen)}
    silent = sends and (seen is None or seen > SILENT.total_seconds())
    return Check("sending", State.WARNING if silent else State.OK, facts, advice if silent else "")


def _clock(found: ServerFacts) -> Check:
    apart = abs(int((dt.datetime.now(dt.UTC) - found.clock).total_seconds()))
    facts: dict[str, Fact] = {"seconds_apart": apart, "server": found.clock.isoformat(timespec="seconds")}
    if apart > FAR_SECONDS:
        return Check("clock", State.FAILED, facts, "clocks_far_apart")
    return Check(
        "clock",
        State.OK if apart <= CLOCK_SECONDS else State.WARNING,
        facts,
        "clocks_apart" if apart > CLOCK_SECONDS else "",
    )
