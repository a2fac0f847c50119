"""How a column's open time is used, worked out anew only for the column in which a visit changed."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.day_use import DayUse, use_of
from clinicdesk.domain.hours import Calendar, Closure

Found = TypeVar("Found")


class ColumnUse:
    """Open and closed time by calendar, use by what is taken; another calendar or another catalogue begins anew."""

    def __init__(self) -> None:
        self._of: tuple[object, ...] = ()
        self._kept: dict[tuple[object, ...], object] = {}
        self._uses: dict[tuple[UUID, dt.date], tuple[Sequence[Slot], int, DayUse]] = {}

    def begin(self, *of: object) -> None:
        """Say what all answers rest on; they are forgotten when it is something else."""
        if len(of) != len(self._of) or any(one is not other for one, other in zip(of, self._of, strict=True)):
            self._of = of
            self._kept.clear()
            self._uses.clear()

    def open_slots(self, calendar: Calendar, resource_id: UUID, day: dt.date) -> Sequence[Slot]:
        """When somebody, or a room, is there."""
        return self._once(("open", resource_id, day), lambda: calendar.open_slots(resource_id, day))

    def closures(self, calendar: Calendar, resource_id: UUID, day: dt.date) -> Sequence[Closure]:
        """When they are not, and why."""
        return self._once(("closed", resource_id, day), lambda: calendar.closures(resource_id, day))

    def once(self, name: str, key: object, work: Callable[[], Found]) -> Found:
        """Any other answer that rests on the same."""
        return self._once((name, key), work)

    def use(self, calendar: Calendar, resource_id: UUID, day: dt.date, taken: Sequence[Slot], shortest: int) -> DayUse:
        """What becomes of the open time with this much of it taken."""
        held = self._uses.get((resource_id, day))
        if held is not None and held[0] == taken and held[1] == shortest:
            return held[2]
        found = use_of(self.open_slots(calendar, resource_id, day), taken, shortest)
        self._uses[resource_id, day] = taken, shortest, found
        return found

    def _once(self, key: tuple[object, ...], work: Callable[[], Found]) -> Found:
        if key not in self._kept:
            self._kept[key] = work()
        return self._kept[key]  # type: ignore[return-value]
