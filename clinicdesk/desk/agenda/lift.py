"""A visit that is in somebody's hand: where it came from, where it would go, and what stands against it."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum, auto

from clinicdesk.desk.agenda.layout import Box, Entry, Target
from clinicdesk.domain.agenda import Appointment
from clinicdesk.errors import ClinicError, SlotTaken


class Deed(Enum):
    """What is being done to it."""

    MOVE = auto()
    RESIZE = auto()
    GLIDE = auto()  # going back by itself


@dataclass(frozen=True, slots=True)
class Lift:
    """One frame of a move; a new value for every step of the hand."""

    appointment: Appointment
    entry: Entry
    origin: Box  # where its card stood
    target: Target
    box: Box  # where the lifted card is drawn
    deed: Deed = Deed.MOVE
    error: ClinicError | None = None
    away: bool = False  # it stands on another day than the one shown
    alone: bool = False  # without the other services of the same coming

    @property
    def next_free(self) -> dt.datetime | None:
        """The time that Tab takes, when the refusal names one."""
        return self.error.next_free if isinstance(self.error, SlotTaken) else None

    @property
    def changes(self) -> bool:
        """Whether letting go would change anything."""
        return (self.target.column_key, self.target.starts_at, self.target.ends_at) != (
            self.entry.column_key,
            self.entry.starts_at,
            self.entry.ends_at,
        )


def stands_against(lift: Lift, other: Appointment, same_column: bool) -> bool:
    """Whether `other` is (one of) what the refusal speaks of, so that its card gets the danger outline."""
    error = lift.error
    if not isinstance(error, SlotTaken) or other.id == lift.appointment.id or not other.status.holds_the_slot:
        return False
    if not (other.starts_at < lift.target.ends_at and lift.target.starts_at < other.ends_at):
        return False
    if error.resource_kind == "professional":
        return same_column or other.professional_name == error.resource_name
    return error.resource_name in (other.room_name, other.equipment_name)
