"""Many visits laid at once: what stands against each, and what lies near that would fit instead."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, Slot
from clinicdesk.domain.clinics import SchedulingPolicy, Service
from clinicdesk.domain.hours import Calendar, instant
from clinicdesk.domain.slots import (
    Busy,
    FreeSlot,
    Holding,
    Placement,
    SlotRequest,
    check_policy,
    explain,
    find_slots,
)
from clinicdesk.errors import ClinicError

ALTERNATIVES = 3
DAYS_AHEAD = 7  # searched for the same hour on another day


@dataclass(frozen=True)
class Surroundings:
    """What is asked when a place is judged: hours, policy, what is taken, and the clock."""

    calendar: Calendar
    policy: SchedulingPolicy
    busy: Busy
    now: dt.datetime


def held_by(appointment: Appointment) -> Iterator[Holding]:
    """What a visit takes where it stands: its professional, room and machine, buffers included."""
    held = appointment.slot.widened(appointment.buffer_before, appointment.buffer_after)
    for resource_id in (appointment.professional_id, appointment.room_id, appointment.equipment_id):
        if resource_id is not None:
            yield Holding(resource_id, held, appointment.id, appointment.patient_name)


def would_hold(place: FreeSlot, service: Service, key: UUID, label: str = "") -> Iterator[Holding]:
    """What a visit of a service would take at a place."""
    held = place.slot.widened(service.buffer_before, service.buffer_after)
    for resource_id in (place.professional_id, place.room_id, place.equipment_id):
        if resource_id is not None:
            yield Holding(resource_id, held, key, label)


def placement(place: FreeSlot, service: Service, key: UUID | None = None, overbooking: bool = False) -> Placement:
    """A visit of a service laid at a place."""
    return Placement(
        place.professional_id,
        place.slot,
        place.room_id,
        place.equipment_id,
        service.buffer_before,
        service.buffer_after,
        overbooking,
        key,
    )


def judged(
    place: FreeSlot, service: Service, around: Surroundings, key: UUID | None = None, *, new_to_the_day: bool = True
) -> tuple[FreeSlot, ClinicError | None]:
    """The place, in another room or with another machine of the service when its own is in use, and what is against it.

    `key` is the visit itself, so that it is not in its own way.
    """
    refusal: ClinicError | None = None
    for each in _in_any_room(place, service):
        found = explain(placement(each, service, key), around.calendar, around.busy)
        if found is None:
            return each, _against_policy(each, around, key) if new_to_the_day else None
        refusal = refusal or found
    return place, refusal


def _in_any_room(place: FreeSlot, service: Service) -> Iterator[FreeSlot]:
    yield place
    rooms = [one for one in service.room_ids if one != place.room_id] if place.room_id else []
    machines = [one for one in service.equipment_ids if one != place.equipment_id] if place.equipment_id else []
    for room_id in (place.room_id, *rooms):
        for equipment_id in (place.equipment_id, *machines):
            if (room_id, equipment_id) != (place.room_id, place.equipment_id):
                yield replace(place, room_id=room_id, equipment_id=equipment_id)


def _against_policy(place: FreeSlot, around: Surroundings, key: UUID | None) -> ClinicError | None:
    whole = around.calendar.day_slot(around.calendar.local_day(place.slot.starts_at))
    visits = {one.appointment_id for one in around.busy.within(place.professional_id, whole)} - {None, key}
    try:
        check_policy(place.slot.starts_at, around.policy, around.calendar, around.now, len(visits))
    except ClinicError as refusal:
        return refusal
    return None


def alternatives(
    place: FreeSlot, service: Service, around: Surroundings, people: Iterable[UUID], key: UUID | None = None
) -> tuple[FreeSlot, ...]:
    """Up to three places near one that does not do: another time that day, another professional, another day."""
    same_day = _near_in_time(place, service, around)
    others = (replace(place, professional_id=one) for one in people if one != place.professional_id)
    found: list[FreeSlot] = [
        *same_day[:1],
        *_first_that_fits(others, service, around, key),
        *_first_that_fits(_same_hour_later(place, around), service, around, key),
    ]
    found += [one for one in same_day[1:] if one not in found]
    return tuple(found[:ALTERNATIVES])


def _near_in_time(place: FreeSlot, service: Service, around: Surroundings) -> list[FreeSlot]:
    day = around.calendar.local_day(place.slot.starts_at)
    rooms = (place.room_id, *(one for one in service.room_ids if one != place.room_id)) if place.room_id else ()
    machines = (place.equipment_id,) if place.equipment_id and not service.equipment_ids else service.equipment_ids
    service = replace(service, room_ids=tuple(one for one in rooms if one), equipment_ids=machines)
    request = SlotRequest(service, (place.professional_id,), day, 1, place.slot.minutes)
    found = find_slots(request, around.calendar, around.policy, around.busy, around.now).slots
    other = [one for one in found if one.slot != place.slot]
    return sorted(other, key=lambda one: (abs(one.slot.starts_at - place.slot.starts_at), one.slot.starts_at))


def _same_hour_later(place: FreeSlot, around: Surroundings) -> Iterator[FreeSlot]:
    zone = around.calendar.zone
    local = place.slot.starts_at.astimezone(zone)
    for count in range(1, DAYS_AHEAD + 1):
        starts_at = instant(local.date() + dt.timedelta(days=count), local.time().replace(tzinfo=None), zone)
        yield replace(place, slot=Slot.lasting(starts_at, place.slot.minutes))


def _first_that_fits(
    places: Iterable[FreeSlot], service: Service, around: Surroundings, key: UUID | None
) -> Sequence[FreeSlot]:
    for place in places:
        found, refusal = judged(place, service, around, key)
        if refusal is None:
            return [found]
    return []


@dataclass(frozen=True, slots=True)
class Move:
    """A visit as it is and as it is to be."""

    before: Appointment
    after: Appointment


def in_safe_order(moves: Iterable[Move]) -> list[Move]:
    """The moves in an order in which none needs time that a later one still holds; a ring of them stays as given.

    The database sees one row after the other: of two visits that follow each other, both half an hour later, the
    second has to go first.
    """
    waiting = list(moves)
    ordered: list[Move] = []
    while waiting:
        standing = Busy(holding for one in waiting if _holds(one.before) for holding in held_by(one.before))
        free = [one for one in waiting if _is_free_for(one, standing)]
        if not free:
            return [*ordered, *waiting]
        ordered += free
        gone = {one.before.id for one in free}
        waiting = [one for one in waiting if one.before.id not in gone]
    return ordered


def _holds(appointment: Appointment) -> bool:
    return appointment.status.holds_the_slot


def _is_free_for(move: Move, standing: Busy) -> bool:
    if not _holds(move.after):
        return True
    wanted = held_by(move.after)
    return all(
        found.appointment_id == move.before.id for one in wanted for found in standing.within(one.resource_id, one.slot)
    )
