"""Several services in one coming: appointments that share a `visit_id`, each with its own professional and room."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from clinicdesk.domain.agenda import (
    STEPS,
    Appointment,
    BookAppointment,
    CancelledBy,
    Channel,
    Slot,
    Status,
)
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.errors import InvalidField

_MOVABLE = frozenset({Status.PENDING, Status.CONFIRMED})


def same_visit(chosen: Appointment, among: Iterable[Appointment]) -> tuple[Appointment, ...]:
    """The other services of the visit that `chosen` is part of, in order of time."""
    if chosen.visit_id is None:
        return ()
    others = (one for one in among if one.visit_id == chosen.visit_id and one.id != chosen.id)
    return tuple(sorted(others, key=lambda one: (one.starts_at, one.id)))


def moves_together(chosen: Appointment, among: Iterable[Appointment]) -> tuple[Appointment, ...]:
    """What goes along when `chosen` is moved: itself first, then its visit's services that are still to come.

    A service that has begun, is over or was given up stays where it is.
    """
    return (chosen, *(one for one in same_visit(chosen, among) if one.status in _MOVABLE))


def steps_together(chosen: Appointment, among: Iterable[Appointment], status: Status) -> tuple[Appointment, ...]:
    """What takes a step along with `chosen`: itself first, then its visit's services whose state allows the step."""
    return (chosen, *(one for one in same_visit(chosen, among) if status in STEPS[one.status]))


def shifted(appointment: Appointment, delta: dt.timedelta) -> FreeSlot:
    """Where a visit lies so much later (or earlier), with the same people and things."""
    slot = Slot(appointment.starts_at + delta, appointment.ends_at + delta)
    return FreeSlot(appointment.professional_id, slot, appointment.room_id, appointment.equipment_id)


def put_at(appointment: Appointment, place: FreeSlot, reschedules: int) -> Appointment:
    """The visit at another place; counts as a rescheduling when its start changes."""
    rescheduled = reschedules if place.slot.starts_at != appointment.starts_at else 0
    return replace(
        appointment,
        professional_id=place.professional_id,
        starts_at=place.slot.starts_at,
        ends_at=place.slot.ends_at,
        room_id=place.room_id,
        equipment_id=place.equipment_id,
        reschedule_count=max(0, appointment.reschedule_count + rescheduled),
    )


def place_of(appointment: Appointment) -> FreeSlot:
    """Where a visit stands."""
    return shifted(appointment, dt.timedelta(0))


def things_at(place: FreeSlot) -> tuple[UUID, UUID | None, UUID | None]:
    """The professional, room and machine of a place."""
    return place.professional_id, place.room_id, place.equipment_id


# --- wishes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BookVisit:
    """Book several services of one patient for one coming: all or none. Raises InvalidField for less than two."""

    operation_id: UUID
    visit_id: UUID
    parts: tuple[BookAppointment, ...]

    def __post_init__(self) -> None:
        if len(self.parts) < 2:
            raise InvalidField("service", "missing")
        if len({(one.patient, one.guardian_id) for one in self.parts}) != 1:
            raise InvalidField("patient", "ambiguous")


@dataclass(frozen=True, slots=True)
class MoveVisit:
    """Put one service of a visit somewhere else; the others go so much earlier or later as it does."""

    operation_id: UUID
    appointment_id: UUID
    place: FreeSlot
    seen: tuple[tuple[UUID, int], ...]  # each that goes along, and its version
    hold_id: UUID | None = None  # one's own hold on the place, given up


@dataclass(frozen=True, slots=True)
class StepVisit:
    """Take one step of the status machine with each of these services of a visit."""

    operation_id: UUID
    status: Status
    seen: tuple[tuple[UUID, int], ...]
    channel: Channel = Channel.DESK
    reason: str = ""
    cancelled_by: CancelledBy | None = None


def stepped(appointment: Appointment, command: StepVisit) -> Appointment:
    """The visit after the step."""
    cancelled = command.status is Status.CANCELLED
    return replace(
        appointment,
        status=command.status,
        status_channel=command.channel,
        cancelled_by=(command.cancelled_by or CancelledBy.CLINIC) if cancelled else None,
        cancel_reason=command.reason if cancelled else "",
    )
