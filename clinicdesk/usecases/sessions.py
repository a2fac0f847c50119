"""Sessions: who is at work where, the sign that one is alive, and the end of one by an owner."""

import datetime as dt
from uuid import UUID

from clinicdesk.domain.sessions import Session
from clinicdesk.errors import AccountLocked, ClinicUnreachable
from clinicdesk.storage import sessions as rows
from clinicdesk.usecases.clinic import Clinic

_KEPT = dt.timedelta(hours=12)  # a desk silent for longer was closed by force and is nobody's business any more


def sessions(clinic: Clinic) -> list[Session]:
    """Who is at work, the latest heard first. Raises NotAllowed for anybody but owners and managers."""
    with clinic.transaction() as tx:
        return rows.open_sessions(tx, _KEPT)


def touch(clinic: Clinic) -> bool:
    """Say that this session is alive; False when it was ended or the server lets this person in no more.

    Raises ClinicUnreachable, which says nothing about the session.
    """
    if clinic.session_id is None:
        return True
    try:
        with clinic.transaction() as tx:
            return rows.touch(tx, clinic.session_id)
    except ClinicUnreachable:
        # Connections that were ended look like a server that is gone; a new one tells which it is.
        try:
            if not clinic.still_let_in():
                return False
        except AccountLocked:
            return False
        with clinic.transaction() as tx:
            return rows.touch(tx, clinic.session_id)


def end_session(clinic: Clinic, session_id: UUID) -> None:
    """End a session: its desk goes back to the sign-in within seconds. Raises NotAllowed for anybody but an owner."""
    with clinic.transaction() as tx:
        rows.end(tx, session_id)
    if session_id != clinic.session_id:
        with clinic.transaction() as tx:
            rows.end_connections(tx, session_id)
