"""The pace of a channel, counted in what every process wrote; and channels at rest."""

import datetime as dt
import random
from uuid import UUID

from sqlalchemy import Connection, func, select, text, update

from clinicdesk.domain.message_rules import Why
from clinicdesk.domain.pacing import wait_for_turn
from clinicdesk.storage import message_tables as t

# Of so many tries at once each may overlook the others: near the limit they are told one after the other.
_AT_ONCE = 40
_TURN = text("SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('pace:' || :channel, 0))")
# The last so many: the window is full when the oldest of them is within it.
_RECENT = text(
    """
    SELECT count(*), coalesce(clock_timestamp() - min(started_at), interval '0')
      FROM (SELECT started_at FROM clinicdesk.delivery
             WHERE channel_id = :channel AND started_at > clock_timestamp() - interval '1 minute'
             ORDER BY started_at DESC LIMIT :most) recent
    """
)
# Those of other channels of the clinic count as well: they wait a little longer, and nobody wrongly.
_WAITING = text(
    """
    SELECT count(*) FROM clinicdesk.outgoing_message m JOIN clinicdesk.message_channel c ON c.clinic_id = m.clinic_id
     WHERE c.id = :channel AND m.state = 'planned' AND m.reason = :reason
       AND m.planned_for < clock_timestamp() + interval '1 hour'
    """
)


def wait(connection: Connection, channel_id: UUID, per_minute: int) -> dt.timedelta:
    """How long a try over this channel has to wait; zero: begin it, by a row of `delivery` in this transaction.

    Near the limit no other is told about the same channel until this transaction ends, in whichever process it is;
    further from it they do not wait for each other, since each would wait for the disk.
    """
    sent, oldest = _recent(connection, channel_id, per_minute)
    if sent >= per_minute - _AT_ONCE:
        connection.execute(_TURN, {"channel": str(channel_id)})
        sent, oldest = _recent(connection, channel_id, per_minute)
    if sent < per_minute:
        return dt.timedelta(0)
    waiting = connection.execute(_WAITING, {"channel": channel_id, "reason": Why.CHANNEL_BUSY.value}).scalar_one()
    return wait_for_turn(per_minute, oldest, sent, waiting, random.random())


def _recent(connection: Connection, channel_id: UUID, per_minute: int) -> tuple[int, dt.timedelta]:
    row = connection.execute(_RECENT, {"channel": channel_id, "most": per_minute}).one()
    return row[0], row[1]


def resting(connection: Connection, clinic_id: UUID, reason: str) -> list[tuple[UUID, dt.timedelta]]:
    """The channels of a clinic that are paused for this reason, and for how long they have been."""
    c = t.message_channel.c
    rows = connection.execute(
        select(c.id, func.clock_timestamp() - c.paused_at).where(
            c.clinic_id == clinic_id, c.active, c.paused_reason == reason
        )
    )
    return [(row[0], row[1]) for row in rows]


def pause(connection: Connection, clinic_id: UUID, channel_id: UUID, reason: str) -> bool:
    """Send nothing over a channel from now on; False where it was paused already, and stays so for its own reason."""
    c = t.message_channel.c
    done = connection.execute(
        update(t.message_channel)
        .where(c.id == channel_id, c.clinic_id == clinic_id, c.paused_at.is_(None))
        .values(paused_at=func.clock_timestamp(), paused_reason=reason)
    )
    return bool(done.rowcount)


def resume(connection: Connection, clinic_id: UUID, channel_id: UUID, reason: str) -> bool:
    """Send over it again, where it is paused for that reason and no other."""
    c = t.message_channel.c
    done = connection.execute(
        update(t.message_channel)
        .where(c.id == channel_id, c.clinic_id == clinic_id, c.paused_reason == reason)
        .values(paused_at=None, paused_reason="")
    )
    return bool(done.rowcount)
