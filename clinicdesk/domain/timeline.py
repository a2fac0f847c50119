"""A patient's timeline: everything that happened, whatever room it comes from, as moments in one order.

A room joins by a source in `usecases/timeline.py` that gives its newest moments before a given one, and by a look for
what it puts into `subject` in `desk/patients/timeline_looks.py`. Nothing else knows which rooms there are.
"""

import datetime as dt
import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened, or will. `subject` is the room's own value: an Appointment, a Merge …"""

    at: dt.datetime
    key: UUID
    subject: object

    @property
    def place(self) -> tuple[dt.datetime, UUID]:
        """Where it stands in the order of time; no two stand in one place."""
        return self.at, self.key


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Some moments, newest first; `complete` when there are no older ones."""

    moments: tuple[Moment, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """Somebody was put on the register, by whom where it is known."""

    patient_id: UUID
    by: str
    source: str


def newest(sources: Iterable[Iterable[Moment]], most: int) -> TimelinePage:
    """The newest `most` of what the sources give, each newest first and each with `most` + 1 of its own at most."""
    merged = heapq.merge(*sources, key=lambda one: one.place, reverse=True)
    found = tuple(islice(merged, most + 1))
    return TimelinePage(found[:most], len(found) <= most)
