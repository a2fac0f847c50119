"""What becomes of the time somebody, or a room, is there for: booked, free, or idle because nothing fits in it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.hours import without
from clinicdesk.domain.saved_views import ColumnsBy


@dataclass(frozen=True, slots=True)
class DayUse:
    """Minutes. `booked` + `free` + `idle` are all that is open; visits outside the open hours count apart."""

    booked: int = 0
    free: int = 0
    idle: int = 0
    outside: int = 0  # booked beyond the open hours

    @property
    def open(self) -> int:
        """All minutes that could be booked."""
        return self.booked + self.free + self.idle

    @property
    def occupancy(self) -> float:
        """The booked share of the open time, 0 to 1."""
        return self.booked / self.open if self.open else 0.0

    def __add__(self, other: "DayUse") -> "DayUse":
        return DayUse(
            self.booked + other.booked, self.free + other.free, self.idle + other.idle, self.outside + other.outside
        )


def use_of(opened: Iterable[Slot], taken: Iterable[Slot], shortest: int) -> DayUse:
    """How open time (in order, apart from each other) is used. A gap is idle when `shortest` minutes do not fit in it.

    Times are cut to whole minutes at each gap, so that the parts make up the whole.
    """
    hours = list(opened)
    held = list(_joined(taken))
    gaps = [slot.minutes for slot in without(hours, held)]
    total = sum(slot.minutes for slot in hours)
    outside = sum(slot.minutes for slot in without(held, hours))
    idle = sum(gap for gap in gaps if gap < shortest)
    return DayUse(total - sum(gaps), sum(gaps) - idle, idle, outside)


def shortest_service(services: Iterable[Service], resource_id: UUID, columns_by: ColumnsBy) -> int:
    """The minutes, with buffers, of the shortest service that takes this resource; zero when none does."""
    lengths = [
        one.buffer_before + one.duration_minutes + one.buffer_after
        for one in services
        if _needs(one, resource_id, columns_by)
    ]
    return min(lengths, default=0)


def _needs(service: Service, resource_id: UUID, columns_by: ColumnsBy) -> bool:
    match columns_by:
        case ColumnsBy.PROFESSIONAL:
            return not service.professional_ids or resource_id in service.professional_ids
        case ColumnsBy.ROOM:
            return resource_id in service.room_ids
        case ColumnsBy.EQUIPMENT:
            return resource_id in service.equipment_ids


def _joined(slots: Iterable[Slot]) -> Iterable[Slot]:
    """The same time without overlaps, in order."""
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    for slot in sorted(slots):
        if start is None or end is None:
            start, end = slot.starts_at, slot.ends_at
        elif slot.starts_at <= end:
            end = max(end, slot.ends_at)
        else:
            yield Slot(start, end)
            start, end = slot.starts_at, slot.ends_at
    if start is not None and end is not None:
        yield Slot(start, end)
