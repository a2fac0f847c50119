"""Booking a series: what is wished, what each of its days would be, and what was decided."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from clinicdesk.domain.agenda import BookAppointment
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.fitting import Surroundings, alternatives, judged, would_hold
from clinicdesk.domain.series import OnHoliday, Rule, Series, occurrences
from clinicdesk.domain.series_edit import Planned
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.visits import place_of
from clinicdesk.errors import ClinicError, SlotClosed


@dataclass(frozen=True, slots=True)
class SeriesWish:
    """A visit that repeats: the first one as it would be booked alone, and the rule its day is the first of."""

    first: FreeSlot
    service_id: UUID
    rule: Rule
    on_holiday: OnHoliday = OnHoliday.SKIP
    hold_id: UUID | None = None  # one's own hold on the first place, not in the way of it


@dataclass(frozen=True, slots=True)
class BookSeries:
    """Book a series: each day that was decided for, at the place decided; the rule's other days are skipped.

    `booking` says everything else; its own slot and place are not looked at.
    """

    operation_id: UUID
    series_id: UUID
    wish: SeriesWish
    booking: BookAppointment
    places: tuple[tuple[dt.date, FreeSlot], ...]


@dataclass(frozen=True, slots=True)
class ExtendSeries:
    """Let a series go on: a later end, and what was decided for each new day."""

    operation_id: UUID
    series_id: UUID
    seen_version: int
    rule: Rule
    places: tuple[tuple[dt.date, FreeSlot], ...]


def series_of(wish: SeriesWish, series_id: UUID, clinic_id: UUID, zone: dt.tzinfo) -> Series:
    """The row of a series that is wished for."""
    local = wish.first.slot.starts_at.astimezone(zone)
    starts = local.time().replace(tzinfo=None)
    return Series(series_id, clinic_id, 0, wish.rule, local.date(), starts, wish.on_holiday)


def planned(
    series: Series,
    first: FreeSlot,
    service: Service,
    around: Surroundings,
    days: Sequence[dt.date] | None = None,
) -> list[Planned]:
    """What each day (all of the rule's, or those given) would be; what is free is taken in `around` from then on."""
    judging = on_days_of(series, around)
    found: list[Planned] = []
    for turn in occurrences(series, first.slot.minutes, around.calendar, first.professional_id, days):
        place = replace(first, slot=turn.slot)
        refusal: ClinicError | None = SlotClosed("holiday", turn.holiday)
        if not turn.skipped:
            place, refusal = judged(place, service, judging)
        if refusal is None:
            around.busy.add(would_hold(place, service, series.id))
        found.append(Planned(turn.day, place, None, turn.holiday, turn.skipped, refusal))
    return found


def with_alternatives(
    plan: Iterable[Planned], service_of: Callable[[Planned], Service], around: Surroundings, people: Sequence[UUID]
) -> tuple[Planned, ...]:
    """The same, each conflict with what would fit near it; `around` knows what the others take."""

    def near(one: Planned) -> tuple[FreeSlot, ...]:
        service = service_of(one)
        able = [each for each in people if not service.professional_ids or each in service.professional_ids]
        found = alternatives(one.place, service, around, able, one.before.id if one.before else None)
        stands = place_of(one.before) if one.before else None  # to leave it there is offered anyway
        return tuple(
            each
            for each in found
            if stands is None or (each.slot, each.professional_id) != (stands.slot, stands.professional_id)
        )

    return tuple(replace(one, alternatives=near(one)) if one.refusal else one for one in plan)


def on_days_of(series: Series, around: Surroundings) -> Surroundings:
    """The surroundings of a series: where it takes place on holidays all the same, its days are none."""
    if series.on_holiday is not OnHoliday.KEEP:
        return around
    days = set(series.days)
    holidays = {day: name for day, name in around.calendar.holidays.items() if day not in days}
    return replace(around, calendar=replace(around.calendar, holidays=holidays))
