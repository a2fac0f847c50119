"""What the agenda's columns stand for, and the values that are drawn behind the cards."""

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from clinicdesk.desk.agenda.layout import Column
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.day_use import DayUse
from clinicdesk.domain.holds import SlotHold


class Grouping(Enum):
    """What one column holds: one day's visits with a professional, in a room or at a machine; or a day of a week."""

    PROFESSIONAL = auto()
    ROOM = auto()
    EQUIPMENT = auto()
    DAY = auto()


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column and its head. `key` is the professional's or room's id, or the date in a week."""

    key: Hashable
    day: dt.date
    title: str  # “Dra. Helena Prado”, “Sala 2”, or the weekday of a week's column
    detail: str = ""  # specialty
    count: int = 0
    hue: int = 200
    icon: str = ""  # instead of initials
    occupancy: float | None = None  # 0–1: a week's head shows it as a bar
    use: DayUse | None = None  # what its foot tells; None: no foot

    @property
    def column(self) -> Column:
        """The column as the layout knows it."""
        return Column(self.key, self.day)


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A stretch that is offered: drawn as a dashed “+ 13:15 free”."""

    column_key: Hashable
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class SeenHold:
    """A hold, and until when it stands by the desk's own clock: the server's may show another time of day."""

    hold: SlotHold
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class HeldStretch:
    """A stretch that somebody holds while they talk: drawn dashed and quiet, with these words."""

    column_key: Hashable
    starts_at: dt.datetime
    ends_at: dt.datetime
    words: str  # “held by Renata · until 10:16”
    short: str = ""  # “Renata · 10:16”, where columns are narrow


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a visit would go: what is asked about while it is dragged."""

    appointment: Appointment | None  # None while a new one is drawn
    column_key: Any
    starts_at: dt.datetime
    ends_at: dt.datetime
    alone: bool = False  # without the other services of the same coming


def column_key_of(appointment: Appointment, grouping: Grouping, zone: dt.tzinfo) -> Hashable:
    """The key of the column an appointment belongs to."""
    match grouping:
        case Grouping.PROFESSIONAL:
            return appointment.professional_id
        case Grouping.ROOM:
            return appointment.room_id
        case Grouping.EQUIPMENT:
            return appointment.equipment_id
        case Grouping.DAY:
            return appointment.starts_at.astimezone(zone).date()
