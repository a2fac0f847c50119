"""Free time: where a visit fits, and why it does not.

The one place that decides it: the agenda, the finder and the booking itself ask here, over the same values. What the
database adds is the last word when two desks decide at once.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.clinics import SchedulingPolicy, Service
from clinicdesk.domain.hours import Calendar, ClosureKind, without
from clinicdesk.errors import ClinicError, InvalidField, NotOffered, OutsidePolicy, SlotClosed, SlotTaken


@dataclass(frozen=True, slots=True)
class Holding:
    """A stretch in which a resource is taken, buffers included. `label` is who holds it; empty for another unit.

    `hold_id` is there while somebody only holds it, with the one they talk to; `minutes_left` is how long still.
    """

    resource_id: UUID
    slot: Slot
    appointment_id: UUID | None = None
    label: str = ""
    hold_id: UUID | None = None
    minutes_left: int = 0


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """What is looked for: a service with one of these professionals on these local days, between these hours."""

    service: Service
    professional_ids: tuple[UUID, ...]
    first_day: dt.date
    days: int
    duration_minutes: int = 0  # zero: the service's own
    earliest: dt.time = dt.time(0)
    latest: dt.time = dt.time(23, 59)
    weekdays: tuple[int, ...] = ()  # ISO, Monday is 1; none stands for every day

    @property
    def minutes(self) -> int:
        """How long the visit is to last."""
        return self.duration_minutes or self.service.duration_minutes

    def asks_for(self, day: dt.date) -> bool:
        """Whether this weekday is one of those asked for."""
        return not self.weekdays or day.isoweekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """One answer: whom, when, and the room and machine that are free then."""

    professional_id: UUID
    slot: Slot
    room_id: UUID | None
    equipment_id: UUID | None


class WhyNot(StrEnum):
    """Why a stretch of time gave no answer."""

    CLOSED = "closed"
    HOLIDAY = "holiday"
    TIME_OFF = "time_off"
    FULL = "full"
    TOO_SHORT = "too_short"
    ROOM_IN_USE = "room_in_use"
    EQUIPMENT_IN_USE = "equipment_in_use"
    TOO_SOON = "min_advance_hours"
    TOO_FAR = "max_advance_days"
    DAY_FULL = "max_daily_appointments"
    OUTSIDE_HOURS_ASKED = "outside_hours_asked"
    OTHER_DAYS_ASKED = "other_days_asked"
    NOBODY = "nobody"
    HELD = "held"
    BREAK = "break"
    BLOCKED = "block"
    OFF_GRID = "slot_duration_minutes"


@dataclass(frozen=True)
class SlotSearch:
    """The answers in order of time, and how many days of a professional failed for which reason.

    `days_without` are the days asked for on which nobody has time, in order, each with what is mostly in the way.
    """

    slots: tuple[FreeSlot, ...]
    why_not: Mapping[WhyNot, int] = field(default_factory=dict)
    days_without: tuple[tuple[dt.date, WhyNot], ...] = ()

    @property
    def main_reason(self) -> WhyNot | None:
        """What a person should be told when nothing was found."""
        return mostly(self.why_not) if not self.slots and self.why_not else None


class Busy:
    """The holdings of every resource, in order, ready to be asked quickly."""

    def __init__(self, holdings: Iterable[Holding]) -> None:
        by_resource: dict[UUID, list[Holding]] = defaultdict(list)
        for holding in holdings:
            by_resource[holding.resource_id].append(holding)
        self._holdings = {key: sorted(found, key=lambda one: one.slot) for key, found in by_resource.items()}
        self._starts = {key: [one.slot.starts_at for one in found] for key, found in self._holdings.items()}
        self._longest = {
            key: max(one.slot.ends_at - one.slot.starts_at for one in found) for key, found in self._holdings.items()
        }

    def within(self, resource_id: UUID, slot: Slot) -> Sequence[Holding]:
        """The holdings of a resource that touch `slot`, in order."""
        found = self._holdings.get(resource_id)
        if not found:
            return ()
        starts = self._starts[resource_id]
        first = bisect_left(starts, slot.starts_at - self._longest[resource_id])
        last = bisect_right(starts, slot.ends_at)
        return [one for one in found[first:last] if one.slot.overlaps(slot)]

    def add(self, holdings: Iterable[Holding]) -> None:
        """Take in what is laid meanwhile."""
        for one in holdings:
            found = self._holdings.setdefault(one.resource_id, [])
            starts = self._starts.setdefault(one.resource_id, [])
            place = bisect_right(starts, one.slot.starts_at)
            found.insert(place, one)
            starts.insert(place, one.slot.starts_at)
            length = one.slot.ends_at - one.slot.starts_at
            self._longest[one.resource_id] = max(length, self._longest.get(one.resource_id, length))

    def is_free(self, resource_id: UUID, slot: Slot) -> bool:
        """Whether nothing holds the resource in `slot`."""
        return not self.within(resource_id, slot)


_NOT_THERE = frozenset({WhyNot.CLOSED, WhyNot.HOLIDAY, WhyNot.TIME_OFF})


def find_slots(
    request: SlotRequest, calendar: Calendar, policy: SchedulingPolicy, busy: Busy, now: dt.datetime
) -> SlotSearch:
    """Every start on the policy's grid at which the request fits; at each, the first room and machine that are free."""
    if not request.professional_ids:
        return SlotSearch((), {WhyNot.NOBODY: request.days})
    found: list[FreeSlot] = []
    why_not: Counter[WhyNot] = Counter()
    days_without: list[tuple[dt.date, WhyNot]] = []
    today = calendar.local_day(now)
    for day in days_asked(request):
        refused: Counter[WhyNot] = Counter()
        before = len(found)
        if policy.max_advance_days and (day - today).days > policy.max_advance_days:
            refused[WhyNot.TOO_FAR] += len(request.professional_ids)
        else:
            for professional_id in request.professional_ids:
                answers, reason = _day_slots(request, calendar, policy, busy, now, professional_id, day)
                found.extend(answers)
                if reason:
                    refused[reason] += 1
        why_not += refused
        if len(found) == before:
            days_without.append((day, mostly(refused)))
    found.sort(key=lambda one: one.slot.starts_at)
    return SlotSearch(tuple(found), dict(why_not), tuple(days_without))


def days_asked(request: SlotRequest) -> Iterator[dt.date]:
    """The local days that are looked at."""
    for offset in range(request.days):
        day = request.first_day + dt.timedelta(days=offset)
        if request.asks_for(day):
            yield day


def mostly(refused: Mapping[WhyNot, int]) -> WhyNot:
    """What a person is told of a day: that somebody works and is taken says more than that others are not there."""
    working = {reason: count for reason, count in refused.items() if reason not in _NOT_THERE}
    counted = working or refused
    return max(counted, key=lambda reason: counted[reason])


def _day_slots(
    request: SlotRequest,
    calendar: Calendar,
    policy: SchedulingPolicy,
    busy: Busy,
    now: dt.datetime,
    professional_id: UUID,
    day: dt.date,
) -> tuple[list[FreeSlot], WhyNot | None]:
    """The answers of one professional on one day, or the reason there are none."""
    opened = calendar.open_slots(professional_id, day)
    if not opened:
        return [], _why_closed(calendar, professional_id, day)
    whole = calendar.day_slot(day)
    visits = {one.appointment_id for one in busy.within(professional_id, whole) if one.appointment_id}
    if policy.max_daily_appointments and len(visits) >= policy.max_daily_appointments:
        return [], WhyNot.DAY_FULL
    taken = busy.within(professional_id, whole.widened(request.service.buffer_before, request.service.buffer_after))
    free = list(_room_for_buffers(opened, taken, request.service))
    if not free:
        booked = [one for one in taken if one.hold_id is None]
        only_held = len(booked) < len(taken) and any(_room_for_buffers(opened, booked, request.service))
        return [], WhyNot.HELD if only_held else WhyNot.FULL
    soonest = now + dt.timedelta(hours=policy.min_advance_hours)
    answers: list[FreeSlot] = []
    reason = WhyNot.TOO_SHORT
    for slot in _starts(free, request, policy.slot_duration_minutes, calendar, day):
        if slot.starts_at < soonest:
            reason = WhyNot.TOO_SOON
            continue
        wall = slot.starts_at.astimezone(calendar.zone).time()
        if not request.earliest <= wall <= request.latest:
            reason = WhyNot.OUTSIDE_HOURS_ASKED
            continue
        held = slot.widened(request.service.buffer_before, request.service.buffer_after)
        room_id, room_found = _first_free(request.service.room_ids, held, busy)
        equipment_id, equipment_found = _first_free(request.service.equipment_ids, held, busy)
        if room_found and equipment_found:
            answers.append(FreeSlot(professional_id, slot, room_id, equipment_id))
        else:
            reason = WhyNot.EQUIPMENT_IN_USE if room_found else WhyNot.ROOM_IN_USE
    return answers, None if answers else reason


def _why_closed(calendar: Calendar, professional_id: UUID, day: dt.date) -> WhyNot:
    kinds = {closure.kind for closure in calendar.closures(professional_id, day)}
    if ClosureKind.HOLIDAY in kinds:
        return WhyNot.HOLIDAY
    return WhyNot.TIME_OFF if kinds & {ClosureKind.TIME_OFF, ClosureKind.BLOCK} else WhyNot.CLOSED


def _room_for_buffers(opened: Sequence[Slot], taken: Sequence[Holding], service: Service) -> Iterator[Slot]:
    """The stretches in which a visit may lie: worked, its buffers clear of other holdings (they may pass closing)."""
    before, after = dt.timedelta(minutes=service.buffer_before), dt.timedelta(minutes=service.buffer_after)
    kept_clear = (Slot(one.slot.starts_at - after, one.slot.ends_at + before) for one in taken)
    return without(opened, kept_clear)


def _starts(
    free: Iterable[Slot], request: SlotRequest, step_minutes: int, calendar: Calendar, day: dt.date
) -> Iterator[Slot]:
    """The visits of the wanted length that start on the grid, counted from the local midnight."""
    midnight = calendar.day_slot(day).starts_at
    step, length = dt.timedelta(minutes=step_minutes), dt.timedelta(minutes=request.minutes)
    for stretch in free:
        start = midnight + step * -((midnight - stretch.starts_at) // step)
        while start + length <= stretch.ends_at:
            yield Slot(start, start + length)
            start += step


def _first_free(resource_ids: Sequence[UUID], slot: Slot, busy: Busy) -> tuple[UUID | None, bool]:
    """The first resource free in `slot`, and whether the need is met; no resources asked is a need met by none."""
    if not resource_ids:
        return None, True
    chosen = next((one for one in resource_ids if busy.is_free(one, slot)), None)
    return chosen, chosen is not None


# --- one place in the agenda -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placement:
    """A visit laid somewhere: to be booked, moved or only pointed at."""

    professional_id: UUID
    slot: Slot
    room_id: UUID | None = None
    equipment_id: UUID | None = None
    buffer_before: int = 0
    buffer_after: int = 0
    overbooking: bool = False
    appointment_id: UUID | None = None  # the visit itself, so that it is not in its own way

    @property
    def resources(self) -> tuple[UUID, UUID | None, UUID | None]:
        """The professional, the room and the machine."""
        return self.professional_id, self.room_id, self.equipment_id

    @property
    def held(self) -> Slot:
        """The stretch its resources are held."""
        return self.slot.widened(self.buffer_before, self.buffer_after)


def explain(placement: Placement, calendar: Calendar, busy: Busy) -> ClinicError | None:
    """Why the visit cannot lie there: taken, room or machine in use, closed, too short. None when it can."""
    return _explain_hours(placement, calendar) or _explain_taken(placement, calendar, busy)


def _explain_hours(placement: Placement, calendar: Calendar) -> ClinicError | None:
    if calendar.local_day(placement.slot.starts_at) != calendar.local_day(
        placement.slot.ends_at - dt.timedelta(microseconds=1)
    ):
        return InvalidField("ends_at", "across_midnight")
    # An overbooking is squeezed in by a person who knows; only a day that is not worked at all stays closed to it.
    closures = calendar.closures_at(placement.professional_id, placement.slot)
    excused = {ClosureKind.BREAK} if placement.overbooking else set()
    closure = next((one for one in closures if one.kind not in excused), None)
    if closure is None:
        return None
    opens_at = next(
        (
            one.starts_at
            for one in calendar.open_slots(placement.professional_id, calendar.local_day(placement.slot.starts_at))
            if one.starts_at >= placement.slot.starts_at
        ),
        None,
    )
    return SlotClosed(kind=closure.kind, label=closure.label, opens_at=opens_at)


def _explain_taken(placement: Placement, calendar: Calendar, busy: Busy) -> SlotTaken | None:
    resources = [
        ("" if placement.overbooking else "professional", placement.professional_id),
        ("room", placement.room_id),
        ("equipment", placement.equipment_id),
    ]
    for kind, resource_id in resources:
        if not kind or resource_id is None:
            continue
        for holding in busy.within(resource_id, placement.held):
            if holding.appointment_id is None or holding.appointment_id != placement.appointment_id:
                held = holding.hold_id is not None
                return SlotTaken(
                    resource_kind=kind,
                    holder=holding.label,
                    until=holding.slot.ends_at,
                    next_free=_next_free(placement, calendar, busy),
                    elsewhere=holding.appointment_id is None and not holding.label and not held,
                    held_for_minutes=holding.minutes_left if held else None,
                )
    return None


def _next_free(placement: Placement, calendar: Calendar, busy: Busy) -> dt.datetime | None:
    """The next start, that same day and on five minutes, at which the whole placement would fit."""
    step = dt.timedelta(minutes=5)
    length = placement.slot.ends_at - placement.slot.starts_at
    day = calendar.local_day(placement.slot.starts_at)
    for opened in calendar.open_slots(placement.professional_id, day):
        start = max(opened.starts_at, placement.slot.starts_at + step)
        while start + length <= opened.ends_at:
            held = Slot(start, start + length).widened(placement.buffer_before, placement.buffer_after)
            blocking = [
                one.slot.ends_at + dt.timedelta(minutes=placement.buffer_before)
                for resource_id in (placement.professional_id, placement.room_id, placement.equipment_id)
                if resource_id is not None
                for one in busy.within(resource_id, held)
                if one.appointment_id is None or one.appointment_id != placement.appointment_id
            ]
            if not blocking:
                return start
            start = max(*blocking, start + step) if len(blocking) > 1 else max(blocking[0], start + step)
    return None


def check_offered(placement: Placement, service: Service, before: Placement | None = None) -> None:
    """Refuse, by NotOffered, a professional, room or machine that the service's list leaves out.

    What the visit had `before` it may keep: lists change, and a visit made under the older one still takes place. For
    the same reason the database does not ask; it is the clinic's own order and nobody's promise is broken.
    """
    listed = (service.professional_ids, service.room_ids, service.equipment_ids)
    had = before.resources if before else (None, None, None)
    kinds = ("professional", "room", "equipment")
    for kind, able, wanted, own in zip(kinds, listed, placement.resources, had, strict=True):
        if wanted is not None and able and wanted not in able and wanted != own:
            raise NotOffered(kind)


def check_policy(
    starts_at: dt.datetime, policy: SchedulingPolicy, calendar: Calendar, now: dt.datetime, visits_that_day: int
) -> None:
    """Refuse, by OutsidePolicy, a new visit that the clinic's own rules do not allow.

    At the desk `min_advance_hours` does not hold (somebody may stand at the counter): it binds the doors that patients
    use by themselves, and the finder.
    """
    if policy.max_advance_days:
        ahead = (calendar.local_day(starts_at) - calendar.local_day(now)).days
        if ahead > policy.max_advance_days:
            raise OutsidePolicy("max_advance_days", policy.max_advance_days)
    if policy.max_daily_appointments and visits_that_day >= policy.max_daily_appointments:
        raise OutsidePolicy("max_daily_appointments", policy.max_daily_appointments)
