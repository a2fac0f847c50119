"""What a change of the settings touches, counted before it is saved."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.clinics import SchedulingPolicy
from clinicdesk.domain.hours import Calendar
from clinicdesk.domain.preferences import EquipmentForm, HoursForm, ProfessionalForm, RoomForm, ServiceForm


class Touch(StrEnum):
    """What may be touched, and how."""

    OUTSIDE_HOURS = "outside_hours"  # visits to come that would lie outside the new hours; they stay
    HELD = "held"  # visits to come that hold what is put out of use: they have to be moved first
    KEEP_LENGTH = "keep_length"  # visits booked with the older duration
    KEEP_PRICE = "keep_price"
    KEEP_BUFFERS = "keep_buffers"
    KEEP_PEOPLE = "keep_people"  # visits with somebody, or somewhere, the list no longer names
    NOT_OFFERED = "not_offered"  # visits of a service that is not offered any more; they stay
    TOO_FAR = "too_far"  # visits further ahead than the clinic would book now; they stay
    DAYS_OVER = "days_over"  # days of a professional that hold more visits than the new limit
    OTHER_ZONE = "other_zone"  # visits that will show another time on the wall
    HOLIDAY_VISITS = "holiday_visits"  # visits on the day that becomes a holiday


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing a change touches: how many, and the visits themselves in order of time."""

    touch: Touch
    count: int
    visits: tuple[Appointment, ...] = ()


def effect(touch: Touch, visits: Iterable[Appointment]) -> list[Effect]:
    """The effect on these visits; none when there are none."""
    found = tuple(visits)
    return [Effect(touch, len(found), found)] if found else []


def of_service(before: ServiceForm, after: ServiceForm, visits: Sequence[Appointment]) -> list[Effect]:
    """What visits to come of a service keep when the service changes."""
    found: list[Effect] = []
    if before.active and not after.active:
        found += effect(Touch.NOT_OFFERED, visits)
    if before.duration_minutes != after.duration_minutes:
        found += effect(Touch.KEEP_LENGTH, (one for one in visits if one.slot.minutes != after.duration_minutes))
    if before.price != after.price:
        found += effect(Touch.KEEP_PRICE, (one for one in visits if one.price != after.price))
    if (before.buffer_before, before.buffer_after) != (after.buffer_before, after.buffer_after):
        buffers = after.buffer_before, after.buffer_after
        found += effect(Touch.KEEP_BUFFERS, (one for one in visits if (one.buffer_before, one.buffer_after) != buffers))
    if _lists(before) != _lists(after):
        found += effect(Touch.KEEP_PEOPLE, (one for one in visits if not _listed(one, after)))
    return found


def _lists(form: ServiceForm) -> tuple[object, ...]:
    return form.professional_ids, form.room_ids, form.equipment_ids


def _listed(visit: Appointment, form: ServiceForm) -> bool:
    """Whether the service's lists name everything the visit holds; an empty list names all."""
    held = (visit.professional_id, visit.room_id, visit.equipment_id)
    lists = (form.professional_ids, form.room_ids, form.equipment_ids)
    return all(not able or one is None or one in able for one, able in zip(held, lists, strict=True))


def of_resource(
    before: RoomForm | EquipmentForm | ProfessionalForm,
    after: RoomForm | EquipmentForm | ProfessionalForm,
    visits: Sequence[Appointment],
) -> list[Effect]:
    """The visits that stand in the way of putting somebody or something out of use."""
    return effect(Touch.HELD, visits) if before.active and not after.active else []


def of_policy(
    before: SchedulingPolicy, after: SchedulingPolicy, visits: Sequence[Appointment], calendar: Calendar, now: datetime
) -> list[Effect]:
    """What is booked already beyond what the clinic would book under the new policy; all of it stays."""
    found: list[Effect] = []
    if after.max_advance_days and before.max_advance_days != after.max_advance_days:
        today = calendar.local_day(now)
        far = (one for one in visits if (calendar.local_day(one.starts_at) - today).days > after.max_advance_days)
        found += effect(Touch.TOO_FAR, far)
    if after.max_daily_appointments and before.max_daily_appointments != after.max_daily_appointments:
        days: Counter[tuple[object, date]] = Counter(
            (one.professional_id, calendar.local_day(one.starts_at)) for one in visits
        )
        over = {day for day, count in days.items() if count > after.max_daily_appointments}
        if over:
            there = (one for one in visits if (one.professional_id, calendar.local_day(one.starts_at)) in over)
            found.append(Effect(Touch.DAYS_OVER, len(over), tuple(there)))
    return found


def with_hours(calendar: Calendar, subject: UUID | None, form: HoursForm) -> Calendar:
    """The calendar as it would be with other hours of the clinic (None) or of a professional; blocks left out."""
    weekly = {**calendar.weekly, subject: dict(enumerate(form.days, 1))}
    kept = {key: one for key, one in calendar.exceptions.items() if key[0] != subject}
    own = {(subject, one.day): one for one in form.exceptions}
    return replace(calendar, weekly=weekly, exceptions=kept | own, blocks={})


def of_hours(before: Calendar, after: Calendar, visits: Iterable[Appointment]) -> list[Effect]:
    """The visits that lie in worked time now and would not any more; they stay where they are."""
    return effect(
        Touch.OUTSIDE_HOURS,
        (
            one
            for one in visits
            if before.is_worked(one.professional_id, one.slot) and not after.is_worked(one.professional_id, one.slot)
        ),
    )
