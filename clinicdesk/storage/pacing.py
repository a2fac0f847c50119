"""The pace of a channel, counted in what every process wrote; and channels at rest."""

import datetime as dt
import random
from uuid import UUID

from sqlalchemy import Connection, func, select, text, update

from clinicdesk.domain.message_rules import Why
from clinicdesk.domain.pacing import MINUTE, wait_for_turn
from clinicdesk.storage import message_tables as t

_TURN = text("SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('pace:' || :channel, 0))")


def wait(connection: Connection, channel_id: UUID, per_minute: int) -> dt.timedelta:
    """How long a try over this channel has to wait; zero: begin it, by a row of `delivery` in this transaction.

    Until this transaction ends no other one is told about the same channel, in whichever process it is.
    """
    connection.execute(_TURN, {"channel": str(channel_id)})
    d, m = t.delivery.c, t.outgoing_message.c
    now = func.clock_timestamp()
    # The last so many: the window is full when the oldest of them is within it.
    recent = (
        select(d.started_at)
        .where(d.channel_id == channel_id, d.started_at > now - MINUTE)
        .order_by(d.started_at.desc())
        .limit(per_minute)
        .subquery()
    )
    row = connection.execute(
        select(func.count(), func.coalesce(now - func.min(recent.c.started_at), dt.timedelta(0))).select_from(recent)
    ).one()
    if row[0] < per_minute:
        return dt.timedelta(0)
    # Those of other channels of the clinic count as well: they wait a little longer, and nobody wrongly.
    waiting = connection.execute(
        select(func.count())
        .select_from(t.outgoing_message)
        .where(m.state == "planned", m.reason == Why.CHANNEL_BUSY, m.planned_for < now + 60 * MINUTE)
    ).scalar_one()
    return wait_for_turn(per_minute, row[1], row[0], waiting, random.random())


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
