"""What becomes of a series when one of its visits is changed: this one, this and those that follow, or all.

The rule, as calendars that follow RFC 5545 have it, with what a clinic needs besides:

- Only what is still to come is touched: visits that are pending or confirmed and have not begun. What is past, over,
  given up or under way stays as it is.
- What was changed in one visit alone stays: a visit that was moved keeps its time, one given to another professional
  keeps that professional, and so on for room, service and note. Giving up is for all of them.
- "This and the following" parts the series in two, unless it begins with the first visit; another day of the week or
  of the month does too, for what has taken place keeps the rule it took place under.
- Giving up what follows ends the series early: its rule ends before that day, and what was given up is no longer part
  of it. A visit that was given up by itself still is, so that going on later does not bring it back.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, CancelledBy, Slot, Status
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.hours import Calendar, instant
from clinicdesk.domain.series import Occurrence, Series, from_day, kept_until, occurrences
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.visits import place_of
from clinicdesk.errors import ClinicError

_AHEAD = frozenset({Status.PENDING, Status.CONFIRMED})


class Scope(StrEnum):
    """How much of a series a change is meant for."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class SeriesChange:
    """What is to be different, said of one visit of the series; None stays as it is."""

    slot: Slot | None = None
    professional_id: UUID | None = None
    room_id: UUID | None = None
    service_id: UUID | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """One visit of a plan: what it was (None: new), what it is to be, what stands against that, and what would do."""

    day: dt.date  # the day the rule gave
    place: FreeSlot
    before: Appointment | None = None
    holiday: str = ""
    skipped: bool = False
    refusal: ClinicError | None = None
    alternatives: tuple[FreeSlot, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A change of a series, or a new one, worked out visit by visit before anything is written."""

    series: Series | None  # as it was read; None for a new one
    planned: tuple[Planned, ...]
    kept: tuple[Appointment, ...] = ()  # what the change leaves as it is

    @property
    def conflicts(self) -> tuple[Planned, ...]:
        """What cannot be as wished."""
        return tuple(one for one in self.planned if one.refusal is not None)

    @property
    def seen(self) -> tuple[tuple[UUID, int], ...]:
        """The versions that the plan was made on."""
        rows = [(one.before.id, one.before.version) for one in self.planned if one.before]
        return (*rows, *((self.series.id, self.series.version),)) if self.series else tuple(rows)


# --- whom a change touches -------------------------------------------------------------------------------------------


def touched(
    members: Iterable[Appointment], named: Appointment, scope: Scope, now: dt.datetime
) -> tuple[Appointment, ...]:
    """The visits that a change of `named` is for, by the rule at the head of this page; in order of their days."""
    if scope is Scope.THIS:
        return (named,)
    found = [
        one
        for one in members
        if one.id == named.id
        or (one.status in _AHEAD and one.starts_at > now and (scope is Scope.ALL or _day(one) >= _day(named)))
    ]
    return tuple(sorted(found, key=_day))


def _day(appointment: Appointment) -> dt.date:
    assert appointment.series_day is not None
    return appointment.series_day


@dataclass(frozen=True)
class Parting:
    """The rows of a series after a change: the one that was, and the one that goes on if they are two."""

    before: Series  # as it is written again: shorter, or with another hour
    after: Series | None  # what the later visits belong to; None when they stay
    days: Mapping[dt.date, dt.date]  # the later visits' new days by their old ones

    @property
    def current(self) -> Series:
        """The row that the changed visits belong to."""
        return self.after or self.before


def parted(series: Series, first: dt.date, scope: Scope, shift: int, starts: dt.time, new_id: UUID) -> Parting:
    """What becomes of the rule when its visits from the day `first` on go `shift` days on, to the hour `starts`."""
    days = series.days
    if not shift and (scope is Scope.ALL or first <= days[0]):
        return Parting(replace(series, starts=starts), None, {day: day for day in days})
    rule, first_day, new_days = from_day(series, first, shift)
    after = replace(series, id=new_id, version=0, rule=rule, first_day=first_day, starts=starts)
    before = replace(series, rule=kept_until(series, first)) if first > days[0] else series
    return Parting(before, after, new_days)


def ended(series: Series, first: dt.date) -> Series | None:
    """The series without the days from `first` on; None when nothing would be left of it."""
    return replace(series, rule=kept_until(series, first)) if first > series.days[0] else None


# --- what each is to be ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Edit:
    """A change with all that says what it means for each visit."""

    series: Series
    named: Appointment
    change: SeriesChange
    parting: Parting
    calendar: Calendar
    given: Mapping[dt.date, Occurrence] = field(default_factory=dict)  # where the old rule puts each day

    def wanted(self, one: Appointment) -> FreeSlot:
        """Where a touched visit is to be."""
        named, change = self.named, self.change
        here = place_of(one)
        if one.id == named.id:
            return self._with_things(here, one, self.change.slot or here.slot)
        slot = here.slot
        stands = self.given.get(_day(one))
        if change.slot is not None and stands is not None and one.starts_at == stands.slot.starts_at:
            minutes = change.slot.minutes if one.slot.minutes == named.slot.minutes else one.slot.minutes
            slot = self._new_slot(one, minutes)
        return self._with_things(here, one, slot)

    def _with_things(self, here: FreeSlot, one: Appointment, slot: Slot) -> FreeSlot:
        named, change = self.named, self.change
        alike = one.professional_id == named.professional_id
        professional = change.professional_id if change.professional_id and alike else here.professional_id
        room = change.room_id if change.room_id and one.room_id == named.room_id else here.room_id
        return replace(here, professional_id=professional, room_id=room, slot=slot)

    def _new_slot(self, one: Appointment, minutes: int) -> Slot:
        series = self.parting.current
        day = self.parting.days[_day(one)]
        professional = self.change.professional_id or one.professional_id
        (turn,) = occurrences(series, minutes, self.calendar, professional, [day])
        if turn.skipped:
            return Slot.lasting(instant(day, series.starts, self.calendar.zone), minutes)
        return turn.slot

    def service_of(self, one: Appointment) -> UUID:
        """What a touched visit is for, afterwards."""
        wanted = self.change.service_id
        return wanted if wanted and one.service_id == self.named.service_id else one.service_id

    def after(self, one: Appointment, place: FreeSlot, service: Service | None) -> Appointment:
        """A touched visit as it is to be, at the place that was found for it."""
        note = self.change.note
        moved = place.slot.starts_at != one.starts_at
        changed = replace(
            one,
            professional_id=place.professional_id,
            room_id=place.room_id,
            equipment_id=place.equipment_id,
            starts_at=place.slot.starts_at,
            ends_at=place.slot.ends_at,
            reschedule_count=one.reschedule_count + int(moved),
            note=note if note is not None and one.note == self.named.note else one.note,
        )
        if service is None or service.id == one.service_id:
            return changed
        return replace(
            changed,
            service_id=service.id,
            buffer_before=service.buffer_before,
            buffer_after=service.buffer_after,
            price=service.price_at(one.starts_at),
        )


def rehomed(members: Sequence[Appointment], parting: Parting, first: dt.date) -> dict[UUID, tuple[UUID, dt.date]]:
    """Series and day of every member that a parted series takes with it, by its id."""
    if parting.after is None:
        return {}
    return {one.id: (parting.after.id, parting.days.get(_day(one), _day(one))) for one in members if _day(one) >= first}


# --- wishes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EditSeries:
    """Change visits of a series. `seen` are the versions the plan was made on; `places` what was decided for conflicts.

    A place of None leaves that visit where it stands.
    """

    operation_id: UUID
    appointment_id: UUID
    scope: Scope
    change: SeriesChange
    seen: tuple[tuple[UUID, int], ...] = ()
    places: tuple[tuple[UUID, FreeSlot | None], ...] = ()
    hold_id: UUID | None = None  # one's own hold on the place of the named one, given up


@dataclass(frozen=True, slots=True)
class CancelSeries:
    """Give up this visit and those that follow, or all that are still to come."""

    operation_id: UUID
    appointment_id: UUID
    scope: Scope
    cancelled_by: CancelledBy
    reason: str
    seen: tuple[tuple[UUID, int], ...] = ()
