"""Sessions: one sign-in at one desk, from the password to the end; the database's own functions write them."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Connection, text

from clinicdesk.domain.sessions import Session

_OPEN = text(
    "SELECT s.id, s.person_id, p.name, p.hue, s.desk_name, coalesce(host(s.address), ''),"
    "       clock_timestamp() - s.started_at, clock_timestamp() - s.last_seen_at"
    "  FROM clinicdesk.desk_session s JOIN clinicdesk.person p ON p.id = s.person_id"
    " WHERE s.ended_at IS NULL AND s.last_seen_at > clock_timestamp() - CAST(:kept AS interval)"
    " ORDER BY s.last_seen_at DESC"
)


def open_session(connection: Connection, session_id: UUID, desk: str) -> None:
    """Write down that this person is at work at a desk."""
    connection.execute(text("SELECT clinicdesk.open_session(:session, :desk)"), {"session": session_id, "desk": desk})


def touch(connection: Connection, session_id: UUID) -> bool:
    """Say that the session is alive; False when it was ended."""
    found = connection.execute(text("SELECT clinicdesk.touch_session(:session)"), {"session": session_id})
    return bool(found.scalar_one())


def end(connection: Connection, session_id: UUID) -> None:
    """End a session: one's own, or anybody's by an owner."""
    connection.execute(text("SELECT clinicdesk.end_session(:session)"), {"session": session_id})


def end_connections(connection: Connection, session_id: UUID) -> None:
    """End what an ended session has open. It asks no transaction, so the end has to be committed."""
    connection.execute(text("SELECT clinicdesk.end_session_connections(:session)"), {"session": session_id})


def open_sessions(connection: Connection, kept: dt.timedelta) -> list[Session]:
    """Those that were not ended and were heard of within `kept`, the latest heard first."""
    return [Session(*row) for row in connection.execute(_OPEN, {"kept": kept})]
