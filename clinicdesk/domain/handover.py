"""Who could take over the visits of somebody who leaves, or of a room or machine that goes out of use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, MoveAppointment, reversed_move
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.hours import Calendar
from clinicdesk.domain.slots import Busy, Placement

KINDS = ("professional", "room", "equipment")


@dataclass(frozen=True, slots=True)
class Heir:
    """One visit, and those who are free to take it, in the clinic's order."""

    visit: Appointment
    free: tuple[UUID, ...]


def heirs(
    kind: str,
    visits: Sequence[Appointment],
    candidates: Sequence[UUID],
    services: Mapping[UUID, Service],
    calendar: Calendar,
    busy: Busy,
) -> list[Heir]:
    """For each visit, the candidates that its service names, that work then, and that nothing holds."""
    found = []
    for one in visits:
        free = (each for each in candidates if _may(kind, one, each, services, calendar, busy))
        found.append(Heir(one, tuple(free)))
    return found


def _may(
    kind: str, visit: Appointment, candidate: UUID, services: Mapping[UUID, Service], calendar: Calendar, busy: Busy
) -> bool:
    service = services.get(visit.service_id)
    if service is not None:
        listed = {
            "professional": service.professional_ids,
            "room": service.room_ids,
            "equipment": service.equipment_ids,
        }[kind]
        if listed and candidate not in listed:
            return False
    if kind == "professional" and not calendar.is_worked(candidate, visit.slot):
        return False
    return busy.is_free(candidate, visit.slot.widened(visit.buffer_before, visit.buffer_after))


def handed_to(kind: str, visit: Appointment, to: UUID, operation_id: UUID) -> MoveAppointment:
    """The same visit at the same time with somebody or somewhere else."""
    place = Placement(visit.professional_id, visit.slot, visit.room_id, visit.equipment_id)
    professional, room, equipment = (
        to if kind == each else now for each, now in zip(KINDS, place.resources, strict=True)
    )
    assert professional is not None
    return MoveAppointment(
        operation_id=operation_id,
        appointment_id=visit.id,
        seen_version=visit.version,
        professional_id=professional,
        slot=visit.slot,
        room_id=room,
        equipment_id=equipment,
        overbooking_reason="" if kind == "professional" else visit.overbooking_reason,
    )


def handed_back(before: Appointment, after: Appointment, operation_id: UUID) -> MoveAppointment:
    """The way back of a visit that was handed on."""
    return reversed_move(before, after, operation_id)
