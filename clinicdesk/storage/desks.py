"""Desks of a clinic server: their list, their invitations, and how a desk comes by its certificate."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, func, select, text, update

from clinicdesk.domain.desks import CODE_MINUTES, Desk, DeskCode
from clinicdesk.storage import tables as t

_INVITE = text("SELECT clinicdesk.invite_desk(:request, :part, :verifier, :minutes)")
_RENEW = text("SELECT desk_id, certificate, authority, refusal FROM clinicdesk.renew_desk(:request)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server's unit answered to a signing request; all empty while it has not yet."""

    desk_id: UUID
    certificate: str = ""
    authority: str = ""
    refusal: str = ""

    @property
    def given(self) -> bool:
        """Whether there is an answer."""
        return bool(self.certificate or self.refusal)


def desks(connection: Connection) -> list[Desk]:
    """Every desk that ever joined: those in use first, by name. Readable by owners and managers."""
    who, gone = t.person.alias(), t.person.alias()
    seen = (
        select(t.desk_session.c.last_seen_at, t.person.c.name)
        .join(t.person, t.person.c.id == t.desk_session.c.person_id)
        .where(t.desk_session.c.desk_id == t.desk.c.id)
        .order_by(t.desk_session.c.last_seen_at.desc())
        .limit(1)
        .lateral()
    )
    columns = (
        t.desk.c.id,
        t.desk.c.name,
        t.desk.c.expires_at,
        t.desk.c.enrolled_at,
        func.coalesce(who.c.name, ""),
        seen.c.last_seen_at,
        func.coalesce(seen.c.name, ""),
        t.desk.c.revoked_at,
        func.coalesce(gone.c.name, ""),
        func.coalesce(t.desk.c.id == func.clinicdesk.my_desk(), False),
    )
    found = connection.execute(
        select(*columns)
        .select_from(t.desk)
        .outerjoin(who, who.c.id == t.desk.c.enrolled_by)
        .outerjoin(gone, gone.c.id == t.desk.c.revoked_by)
        .outerjoin(seen, text("true"))
        .order_by(t.desk.c.revoked_at.is_not(None), t.desk.c.name, t.desk.c.enrolled_at)
    )
    return [Desk(*row) for row in found]


def invite(connection: Connection, request: UUID, code: DeskCode, verifier: str) -> dt.datetime:
    """Make the login of one use that a code opens; until when. Refused for anybody but an owner."""
    parameters = {"request": request, "part": code.part, "verifier": verifier, "minutes": CODE_MINUTES}
    connection.execute(_INVITE, parameters)
    ends: dt.datetime = connection.execute(
        select(func.clock_timestamp() + dt.timedelta(minutes=CODE_MINUTES))
    ).scalar_one()
    return ends


def rename(connection: Connection, desk_id: UUID, name: str) -> bool:
    """Give a desk another name; False when it is not there, or not for this person to change."""
    done = connection.execute(
        update(t.desk).where(t.desk.c.id == desk_id, t.desk.c.revoked_at.is_(None)).values(name=name)
    )
    return done.rowcount == 1


def revoke(connection: Connection, desk_id: UUID) -> None:
    """Take a desk's certificate away for good. Refused for anybody but an owner."""
    connection.execute(select(func.clinicdesk.revoke_desk(desk_id)))


def end_revoked_connections(connection: Connection) -> int:
    """End what revoked desks still have open, in a transaction after the one that revoked; how many there were."""
    ended: int = connection.execute(select(func.clinicdesk.end_revoked_connections())).scalar_one()
    return ended


def my_desk(connection: Connection) -> UUID | None:
    """The desk whose certificate this connection showed; None on one computer."""
    found: UUID | None = connection.execute(select(func.clinicdesk.my_desk())).scalar_one()
    return found


def ask_to_renew(connection: Connection, request: str) -> Answer:
    """Ask for this desk's next certificate, or fetch the answer to the same request."""
    row = connection.execute(_RENEW, {"request": request}).one()
    return Answer(row[0], *(each or "" for each in row[1:]))
