"""Appointments: what they are, which steps their status may take, and the wishes a person can have for them.

Times are aware datetimes in UTC unless a name says local; every span is half-open, `[starts_at, ends_at)`.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self
from uuid import UUID

from clinicdesk.domain.patients import NewPatient
from clinicdesk.errors import InvalidField, StatusRefused


class Status(StrEnum):
    """Where a visit stands, from asked for to over."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"

    @property
    def holds_the_slot(self) -> bool:
        """Whether professional, room and equipment stay taken in this state."""
        return self not in (Status.NO_SHOW, Status.CANCELLED)


class Channel(StrEnum):
    """By which road a change came."""

    DESK = "desk"
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    EMAIL = "email"
    BOOKING_PAGE = "booking_page"
    ASSISTANT = "assistant"
    IMPORT = "import"


class CancelledBy(StrEnum):
    """Who gave the visit up."""

    PATIENT = "patient"
    CLINIC = "clinic"


# The steps a person may take. The ones that go back exist so that a slip of the mouse can be undone; nothing becomes a
# no-show or completed by itself, because only a person knows who came. A visit whose arrival nobody registered can be
# completed all the same: the record then says no more than is known.
STEPS: dict[Status, frozenset[Status]] = {
    Status.PENDING: frozenset(
        {Status.CONFIRMED, Status.CHECKED_IN, Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW}
    ),
    Status.CONFIRMED: frozenset(
        {Status.PENDING, Status.CHECKED_IN, Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW}
    ),
    Status.CHECKED_IN: frozenset(
        {Status.PENDING, Status.CONFIRMED, Status.IN_PROGRESS, Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW}
    ),
    Status.IN_PROGRESS: frozenset({Status.CHECKED_IN, Status.COMPLETED}),
    Status.COMPLETED: frozenset({Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN, Status.IN_PROGRESS}),
    Status.NO_SHOW: frozenset({Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN}),
    Status.CANCELLED: frozenset({Status.PENDING, Status.CONFIRMED}),
}


def require_step(current: Status, wanted: Status) -> None:
    """Refuse a status step that the machine does not have, by StatusRefused."""
    if wanted not in STEPS[current]:
        raise StatusRefused(current=current, wanted=wanted)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A span of time, `[starts_at, ends_at)`, never empty. Raises InvalidField when it would be."""

    starts_at: dt.datetime
    ends_at: dt.datetime

    def __post_init__(self) -> None:
        # Made by the ten thousand when free time is searched: one comparison for those that are as they should be.
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a slot needs aware times")
        if self.ends_at <= self.starts_at:
            raise InvalidField("ends_at", "zero_length" if self.ends_at == self.starts_at else "before_start")

    @classmethod
    def lasting(cls, starts_at: dt.datetime, minutes: int) -> Self:
        """The slot of so many minutes from `starts_at` on."""
        return cls(starts_at, starts_at + dt.timedelta(minutes=minutes))

    @property
    def minutes(self) -> int:
        """Its length in whole minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def overlaps(self, other: "Slot") -> bool:
        """Whether the two share an instant; touching ends do not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def within(self, whole: "Slot") -> "Slot":
        """The part of it that lies in `whole`, which it overlaps."""
        return Slot(max(self.starts_at, whole.starts_at), min(self.ends_at, whole.ends_at))

    def widened(self, before: int, after: int) -> "Slot":
        """The slot with the buffers, in minutes, that its service asks for around it."""
        return Slot(self.starts_at - dt.timedelta(minutes=before), self.ends_at + dt.timedelta(minutes=after))


@dataclass(frozen=True, slots=True)
class Appointment:
    """One visit as the agenda shows it, with the names its card needs."""

    id: UUID
    clinic_id: UUID
    version: int
    status: Status
    status_at: dt.datetime
    status_channel: Channel
    starts_at: dt.datetime
    ends_at: dt.datetime
    patient_id: UUID
    patient_name: str
    patient_phone: str
    patient_birth_date: dt.date | None
    professional_id: UUID
    professional_name: str
    service_id: UUID
    service_name: str
    service_icon: str
    category_id: UUID | None
    category_hue: int
    room_id: UUID | None
    room_name: str
    equipment_id: UUID | None
    equipment_name: str
    buffer_before: int  # minutes held before the visit, and after it
    buffer_after: int
    price: Decimal
    note: str
    overbooking_reason: str  # empty: not an overbooking
    reschedule_count: int
    cancelled_by: CancelledBy | None
    cancel_reason: str
    guardian_name: str  # who booked for a dependant; empty when patients book for themselves
    first_visit: bool
    alert: str  # the gravest alert that a professional wrote for the desk, or empty
    cancelled_late: bool = False  # by the patient, with less notice than the policy asked for
    visit_id: UUID | None = None  # shared by the services of one coming
    series_id: UUID | None = None
    series_day: dt.date | None = None  # the day its series gave it, wherever it was moved to since
    patient_priority: str = ""  # why the law lets the patient go first, their age apart
    patient_priority_until: dt.date | None = None

    @property
    def slot(self) -> Slot:
        """When it takes place, without buffers."""
        return Slot(self.starts_at, self.ends_at)

    @property
    def overbooked(self) -> bool:
        """Whether it was put in deliberately beside another visit of the professional (encaixe)."""
        return bool(self.overbooking_reason)


# --- wishes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BookAppointment:
    """Book a visit for a patient who is registered, or for one registered in the same step."""

    operation_id: UUID
    patient: UUID | NewPatient
    professional_id: UUID
    service_id: UUID
    slot: Slot
    room_id: UUID | None = None
    equipment_id: UUID | None = None
    guardian_id: UUID | None = None
    status: Status = Status.PENDING
    channel: Channel = Channel.DESK
    note: str = ""
    overbooking_reason: str = ""
    source_uid: str = ""  # the id it had in an imported calendar; unique in the clinic
    visit_id: UUID | None = None
    series_id: UUID | None = None
    series_day: dt.date | None = None
    hold_id: UUID | None = None  # one's own hold, which the visit takes the place of
    consented: str = ""  # the words the patient said yes to while booking: messages about their visits


@dataclass(frozen=True, slots=True)
class MoveAppointment:
    """Put a visit at another time, with another professional or in another room, or make it longer or shorter."""

    operation_id: UUID
    appointment_id: UUID
    seen_version: int
    professional_id: UUID
    slot: Slot
    room_id: UUID | None = None
    equipment_id: UUID | None = None
    overbooking_reason: str = ""
    undo: bool = False  # going back where it was is not one more rescheduling
    hold_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """Take one step of the status machine. A cancellation says by whom and why."""

    operation_id: UUID
    appointment_id: UUID
    seen_version: int
    status: Status
    channel: Channel = Channel.DESK
    reason: str = ""
    cancelled_by: CancelledBy | None = None


@dataclass(frozen=True, slots=True)
class EditAppointment:
    """Change what a visit is for, or the note beside it."""

    operation_id: UUID
    appointment_id: UUID
    seen_version: int
    service_id: UUID
    note: str


@dataclass(frozen=True, slots=True)
class BlockTime:
    """Keep a professional, a room or a machine free of visits for a while."""

    operation_id: UUID
    resource_id: UUID
    slot: Slot
    reason: str
    kind: str = "block"  # "block" | "time_off"


def reversed_move(before: Appointment, after: Appointment, operation_id: UUID) -> MoveAppointment:
    """The move that puts `after` back where `before` was."""
    return MoveAppointment(
        operation_id=operation_id,
        appointment_id=after.id,
        seen_version=after.version,
        professional_id=before.professional_id,
        slot=before.slot,
        room_id=before.room_id,
        equipment_id=before.equipment_id,
        overbooking_reason=before.overbooking_reason,
        undo=True,
    )


def reversed_status(before: Appointment, after: Appointment, operation_id: UUID) -> ChangeStatus:
    """The step that takes `after` back to the status `before` had."""
    return ChangeStatus(
        operation_id=operation_id,
        appointment_id=after.id,
        seen_version=after.version,
        status=before.status,
        channel=before.status_channel,
        reason=before.cancel_reason,
        cancelled_by=before.cancelled_by,
    )


def is_late_cancellation(appointment_starts_at: dt.datetime, cancelled_at: dt.datetime, late_hours: int) -> bool:
    """Whether a cancellation came with less notice than the clinic's policy asks for."""
    return appointment_starts_at - cancelled_at < dt.timedelta(hours=late_hours)
