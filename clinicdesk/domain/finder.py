"""Why a time is not offered, start by start, and what a person might ask for instead.

It looks at one start by itself, where `find_slots` cuts whole days: a test holds the two against each other.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.clinics import SchedulingPolicy
from clinicdesk.domain.hours import Calendar, ClosureKind
from clinicdesk.domain.slots import Busy, FreeSlot, Holding, SlotRequest, SlotSearch, WhyNot

FURTHER_DAYS = 60  # how far ahead one looks when nothing was found

_CLOSED = {
    ClosureKind.CLOSED: WhyNot.CLOSED,
    ClosureKind.BREAK: WhyNot.BREAK,
    ClosureKind.HOLIDAY: WhyNot.HOLIDAY,
    ClosureKind.TIME_OFF: WhyNot.TIME_OFF,
    ClosureKind.BLOCK: WhyNot.BLOCKED,
}


@dataclass(frozen=True)
class Ground:
    """What a search was decided over: hours, policy, what is taken, and the moment."""

    calendar: Calendar
    policy: SchedulingPolicy
    busy: Busy
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """A stretch of starts that are not offered, all for one reason: `[slot.starts_at, slot.ends_at)`."""

    slot: Slot
    reason: WhyNot


@dataclass(frozen=True)
class Found:
    """A search with what it was asked and decided over, so that each time it leaves out can be explained."""

    request: SlotRequest
    search: SlotSearch
    ground: Ground

    def why_not(self, professional_id: UUID, starts_at: dt.datetime) -> WhyNot | None:
        """Why this start is not offered; None when it is."""
        return why_not_at(self.request, self.ground, professional_id, starts_at)

    def refusals(self, day: dt.date) -> dict[UUID, list[Refusal]]:
        """What of a day is not offered, for each professional."""
        people = self.request.professional_ids
        return {one: list(refusals(self.request, self.ground, one, day)) for one in people}


def why_not_at(
    request: SlotRequest, ground: Ground, professional_id: UUID, starts_at: dt.datetime, *, on_grid: bool = True
) -> WhyNot | None:
    """Why a visit as asked for cannot begin at a moment; None when it can. `on_grid` asks for the policy's grid."""
    calendar, policy = ground.calendar, ground.policy
    day = calendar.local_day(starts_at)
    if professional_id not in request.professional_ids:
        return WhyNot.NOBODY
    if not request.asks_for(day):
        return WhyNot.OTHER_DAYS_ASKED
    if policy.max_advance_days and (day - calendar.local_day(ground.now)).days > policy.max_advance_days:
        return WhyNot.TOO_FAR
    slot = Slot.lasting(starts_at, request.minutes)
    return (
        _why_closed(calendar, professional_id, slot)
        or _why_full(request, ground, professional_id, day, slot)
        or _why_not_asked(request, ground, slot, on_grid=on_grid)
        or _why_without(request, ground, slot)
    )


def free_around(calendar: Calendar, busy: Busy, professional_id: UUID, moment: dt.datetime) -> Slot | None:
    """The open and untaken time of a professional around a moment; None when they are closed or taken then."""
    for opened in calendar.open_slots(professional_id, calendar.local_day(moment)):
        if opened.starts_at <= moment < opened.ends_at:
            return _untaken(opened, [one.slot for one in busy.within(professional_id, opened)], moment)
    return None


def _untaken(opened: Slot, taken: Sequence[Slot], moment: dt.datetime) -> Slot | None:
    start, end = opened.starts_at, opened.ends_at
    for one in taken:
        if one.starts_at <= moment < one.ends_at:
            return None
        if one.ends_at <= moment:
            start = max(start, one.ends_at)
        else:
            end = min(end, one.starts_at)
    return Slot(start, end)


def refusals(request: SlotRequest, ground: Ground, professional_id: UUID, day: dt.date) -> Iterator[Refusal]:
    """The starts of the grid that a day does not offer, in order; neighbours with one reason as one stretch."""
    whole = ground.calendar.day_slot(day)
    step = dt.timedelta(minutes=ground.policy.slot_duration_minutes)
    start, begun, reason = whole.starts_at, whole.starts_at, None
    while start < whole.ends_at:
        found = why_not_at(request, ground, professional_id, start)
        if found is not reason:
            if reason is not None:
                yield Refusal(Slot(begun, start), reason)
            begun, reason = start, found
        start += step
    if reason is not None:
        yield Refusal(Slot(begun, whole.ends_at), reason)


def _why_closed(calendar: Calendar, professional_id: UUID, slot: Slot) -> WhyNot | None:
    closure = calendar.closure_at(professional_id, slot)
    if closure is None:
        return None
    begins_open = closure.slot.starts_at > slot.starts_at
    return WhyNot.TOO_SHORT if begins_open else _CLOSED[closure.kind]


def _why_full(request: SlotRequest, ground: Ground, professional_id: UUID, day: dt.date, slot: Slot) -> WhyNot | None:
    busy, most = ground.busy, ground.policy.max_daily_appointments
    if most:
        whole = ground.calendar.day_slot(day)
        visits = {one.appointment_id for one in busy.within(professional_id, whole) if one.appointment_id}
        if len(visits) >= most:
            return WhyNot.DAY_FULL
    held = slot.widened(request.service.buffer_before, request.service.buffer_after)
    taken = busy.within(professional_id, held)
    if not taken:
        return None
    if all(one.hold_id for one in taken):
        return WhyNot.HELD
    return WhyNot.FULL if _covers(taken, slot.starts_at) else WhyNot.TOO_SHORT


def _covers(taken: Sequence[Holding], moment: dt.datetime) -> bool:
    return any(one.slot.starts_at <= moment < one.slot.ends_at for one in taken)


def _why_not_asked(request: SlotRequest, ground: Ground, slot: Slot, *, on_grid: bool) -> WhyNot | None:
    calendar, policy = ground.calendar, ground.policy
    since_midnight = slot.starts_at - calendar.day_slot(calendar.local_day(slot.starts_at)).starts_at
    if on_grid and since_midnight % dt.timedelta(minutes=policy.slot_duration_minutes):
        return WhyNot.OFF_GRID
    if slot.starts_at < ground.now + dt.timedelta(hours=policy.min_advance_hours):
        return WhyNot.TOO_SOON
    wall = slot.starts_at.astimezone(calendar.zone).time()
    return None if request.earliest <= wall <= request.latest else WhyNot.OUTSIDE_HOURS_ASKED


def _why_without(request: SlotRequest, ground: Ground, slot: Slot) -> WhyNot | None:
    service = request.service
    held = slot.widened(service.buffer_before, service.buffer_after)
    for needed, reason in (
        (service.room_ids, WhyNot.ROOM_IN_USE),
        (service.equipment_ids, WhyNot.EQUIPMENT_IN_USE),
    ):
        if needed and not any(ground.busy.is_free(one, held) for one in needed):
            return reason
    return None


# --- the nearest thing that would work -------------------------------------------------------------------------------


class Relaxation(StrEnum):
    """What is given up so that something is found."""

    HOURS = "hours"  # at any time of any day
    PEOPLE = "people"  # with somebody else who does it
    LATER = "later"  # further ahead


@dataclass(frozen=True, slots=True)
class Nearby:
    """The first time that is there when one thing is given up."""

    relaxation: Relaxation
    free: FreeSlot


def relaxed(request: SlotRequest, everybody: Sequence[UUID]) -> list[tuple[Relaxation, SlotRequest]]:
    """The same wish with one thing given up at a time; `everybody` are those who do the service."""
    found = []
    anytime = replace(request, earliest=dt.time(0), latest=dt.time(23, 59), weekdays=())
    if anytime != request:
        found.append((Relaxation.HOURS, anytime))
    if set(everybody) - set(request.professional_ids):
        found.append((Relaxation.PEOPLE, replace(request, professional_ids=tuple(everybody))))
    later = request.first_day + dt.timedelta(days=request.days)
    if request.professional_ids:
        found.append((Relaxation.LATER, replace(request, first_day=later, days=FURTHER_DAYS)))
    return found
