"""Holds as rows: written by the database's own functions alone, read for every desk to draw."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from clinicdesk.domain.agenda import Channel, Slot
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.holds import HoldSlot, SlotHold

_HOLD = text(
    "SELECT clinicdesk.hold_slot(:hold, :clinic, :professional, :room, :equipment, :starts, :ends,"
    " CAST(:before AS smallint), CAST(:after AS smallint), :minutes, :channel, '') - clock_timestamp()"
)
_RELEASE = text("SELECT clinicdesk.release_hold(:hold)")
_STANDING = """
    SELECT s.id, array_agg(h.resource_id), min(lower(h.during)), max(upper(h.during)), coalesce(p.name, ''), s.channel,
           s.expires_at - clock_timestamp()
      FROM clinicdesk.slot_hold s
      JOIN clinicdesk.resource_hold h ON h.slot_hold_id = s.id
      LEFT JOIN clinicdesk.person p ON p.id = s.person_id
     WHERE s.expires_at > clock_timestamp() AND {which}
     GROUP BY s.id, p.name
"""
_OF_CLINIC = text(_STANDING.format(which="s.clinic_id = :clinic"))
_ONE = text(_STANDING.format(which="s.id = :hold"))


def hold(connection: Connection, clinic_id: UUID, command: HoldSlot, service: Service) -> dt.timedelta:
    """Hold a place with the service's buffers, or move one's own hold there; how long it stands."""
    left: dt.timedelta = connection.execute(
        _HOLD,
        {
            "hold": command.hold_id,
            "clinic": clinic_id,
            "professional": command.professional_id,
            "room": command.room_id,
            "equipment": command.equipment_id,
            "starts": command.slot.starts_at,
            "ends": command.slot.ends_at,
            "before": service.buffer_before,
            "after": service.buffer_after,
            "minutes": command.minutes,
            "channel": command.channel,
        },
    ).scalar_one()
    return left


def release(connection: Connection, hold_id: UUID) -> bool:
    """Give one's own hold back; False when it is gone already, or somebody else's."""
    return bool(connection.execute(_RELEASE, {"hold": hold_id}).scalar_one())


def standing(connection: Connection, clinic_id: UUID) -> list[SlotHold]:
    """What is held in a clinic at this moment."""
    return [_hold(row) for row in connection.execute(_OF_CLINIC, {"clinic": clinic_id}).all()]


def one(connection: Connection, hold_id: UUID) -> SlotHold | None:
    """A hold of a clinic of one's own; None when it does not stand any more."""
    row = connection.execute(_ONE, {"hold": hold_id}).one_or_none()
    return _hold(row) if row else None


def _hold(row: Sequence[Any]) -> SlotHold:
    return SlotHold(row[0], tuple(row[1]), Slot(row[2], row[3]), row[4], Channel(row[5]), row[6])
