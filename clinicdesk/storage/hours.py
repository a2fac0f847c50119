"""Hours, exceptions, holidays, blocks and policy of a stretch of days: one statement, one calendar."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, text, update

from clinicdesk.domain.agenda import BlockTime, Slot
from clinicdesk.domain.clinics import SchedulingPolicy
from clinicdesk.domain.hours import Block, Calendar, ClosureKind, HoursException, Span, public_holidays
from clinicdesk.storage.tables import time_block

# JSON arrays keep it one round trip; every booking pays for this statement.
_RULES = text(
    """
    SELECT c.zone, c.state, clock_timestamp(),
           p.slot_duration_minutes, p.min_advance_hours, p.max_advance_days, p.max_daily_appointments,
           p.max_daily_overbookings, p.late_cancellation_hours,
           (SELECT json_agg(json_build_array(h.professional_id, h.weekday, h.starts, h.ends) ORDER BY h.starts)
              FROM clinicdesk.working_hours h
             WHERE h.clinic_id = c.id AND (h.professional_id IS NULL OR h.professional_id = ANY (:people))),
           (SELECT json_agg(json_build_array(e.professional_id, e.day, e.starts, e.ends, e.label) ORDER BY e.starts)
              FROM clinicdesk.hours_exception e
             WHERE e.clinic_id = c.id AND e.day BETWEEN :first AND :last
               AND (e.professional_id IS NULL OR e.professional_id = ANY (:people))),
           (SELECT json_agg(json_build_array(o.day, o.name, o.works))
              FROM clinicdesk.holiday o WHERE o.clinic_id = c.id AND o.day BETWEEN :first AND :last),
           (SELECT json_agg(json_build_array(b.id, b.resource_id, b.starts_at, b.ends_at, b.kind, b.reason, b.version)
                            ORDER BY b.starts_at)
              FROM clinicdesk.kept_free(:resources, CAST(:first AS date)::timestamp AT TIME ZONE c.zone,
                                        (CAST(:last AS date) + 2)::timestamp AT TIME ZONE c.zone) b)
      FROM clinicdesk.clinic c LEFT JOIN clinicdesk.scheduling_policy p ON p.clinic_id = c.id
     WHERE c.id = :clinic
    """
)


class Rules:
    """A calendar with the policy beside it, and the server's clock when they were read."""

    def __init__(self, calendar: Calendar, policy: SchedulingPolicy, now: dt.datetime) -> None:
        self.calendar = calendar
        self.policy = policy
        self.now = now


def rules(
    connection: Connection,
    clinic_id: UUID,
    first_day: dt.date,
    last_day: dt.date,
    professional_ids: Sequence[UUID],
    other_resource_ids: Iterable[UUID] = (),
) -> Rules:
    """Everything that says when these people, rooms and machines work from `first_day` to `last_day`, inclusive."""
    row = connection.execute(
        _RULES,
        {
            "clinic": clinic_id,
            "people": list(professional_ids),
            "resources": [*professional_ids, *other_resource_ids],
            "first": first_day,
            "last": last_day,
        },
    ).one()
    calendar = Calendar(
        zone=ZoneInfo(row[0]),
        weekly=_weekly(row[9] or ()),
        exceptions=_exceptions(row[10] or ()),
        holidays=_holidays(row[1], first_day, last_day, row[11] or ()),
        blocks=_blocks(row[12] or ()),
    )
    policy = SchedulingPolicy(*row[3:9]) if row[3] is not None else SchedulingPolicy()
    return Rules(calendar, policy, row[2].astimezone(dt.UTC))


def today(connection: Connection, clinic_id: UUID) -> dt.date:
    """The date on the clinic's wall by the server's clock."""
    query = "SELECT (clock_timestamp() AT TIME ZONE zone)::date FROM clinicdesk.clinic WHERE id = :clinic"
    found: dt.date = connection.execute(text(query), {"clinic": clinic_id}).scalar_one()
    return found


def insert_block(connection: Connection, clinic_id: UUID, block_id: UUID, command: BlockTime) -> None:
    """Keep a resource free; the trigger takes its lock first."""
    connection.execute(
        insert(time_block),
        {
            "id": block_id,
            "clinic_id": clinic_id,
            "resource_id": command.resource_id,
            "starts_at": command.slot.starts_at,
            "ends_at": command.slot.ends_at,
            "kind": command.kind,
            "reason": command.reason,
        },
    )


def remove_block(connection: Connection, block_id: UUID) -> bool:
    """Give the time back; False when the block is not there or not one's own."""
    query = update(time_block).where(time_block.c.id == block_id, time_block.c.active).values(active=False)
    return connection.execute(query).rowcount == 1


def _weekly(rows: Iterable[list[Any]]) -> dict[UUID | None, dict[int, tuple[Span, ...]]]:
    found: dict[UUID | None, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for person, weekday, starts, ends in rows:
        found[_uuid(person)][weekday].append((dt.time.fromisoformat(starts), dt.time.fromisoformat(ends)))
    return {person: {day: tuple(spans) for day, spans in days.items()} for person, days in found.items()}


def _exceptions(rows: Iterable[list[Any]]) -> dict[tuple[UUID | None, dt.date], HoursException]:
    found: dict[tuple[UUID | None, dt.date], HoursException] = {}
    for person, day, starts, ends, label in rows:
        key = (_uuid(person), dt.date.fromisoformat(day))
        spans = found[key].spans if key in found else ()
        if starts is not None:
            spans = (*spans, (dt.time.fromisoformat(starts), dt.time.fromisoformat(ends)))
        found[key] = HoursException(key[1], spans, label)
    return found


def _holidays(state: str, first: dt.date, last: dt.date, rows: Iterable[list[Any]]) -> dict[dt.date, str]:
    found = {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in public_holidays(state, year).items()
        if first <= day <= last
    }
    for written, name, works in rows:
        day = dt.date.fromisoformat(written)
        if works:
            found.pop(day, None)
        else:
            found[day] = name
    return found


def _blocks(rows: Iterable[list[Any]]) -> dict[UUID, tuple[Block, ...]]:
    found: dict[UUID, list[Block]] = defaultdict(list)
    for block_id, resource_id, starts_at, ends_at, kind, reason, version in rows:
        slot = Slot(_utc(starts_at), _utc(ends_at))
        found[UUID(resource_id)].append(
            Block(_uuid(block_id), UUID(resource_id), slot, ClosureKind(kind), reason, version)
        )
    return {resource: tuple(blocks) for resource, blocks in found.items()}


def _uuid(written: str | None) -> UUID | None:
    return UUID(written) if written else None


def _utc(written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(written).astimezone(dt.UTC)
