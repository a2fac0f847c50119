"""A month as values: for each day the visits to be drawn, how full it is, and why it is closed. No Qt and no I/O."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.hours import Calendar
from clinicdesk.domain.saved_views import Sieve


@dataclass(frozen=True, slots=True)
class MonthDay:
    """One cell. `occupancy` is 0 to 1, None when nobody works; `closed` names a holiday."""

    day: dt.date
    inside: bool  # of the month itself, not of the weeks it shares
    visits: tuple[Appointment, ...]
    occupancy: float | None
    closed: str = ""


def month_of(
    month: dt.date,
    days: tuple[dt.date, dt.date],
    appointments: Sequence[Appointment],
    sieve: Sieve,
    calendar: Calendar,
    people: Sequence[UUID],
) -> list[MonthDay]:
    """The cells from the first to the last day; `appointments` are in order of time."""
    starts = [one.starts_at for one in appointments]
    first, last = days
    cells = []
    for offset in range((last - first).days + 1):
        day = first + dt.timedelta(days=offset)
        whole = calendar.day_slot(day)
        found = appointments[bisect_left(starts, whole.starts_at) : bisect_left(starts, whole.ends_at)]
        opened = sum(slot.minutes for person in people for slot in calendar.open_slots(person, day))
        booked = sum(one.slot.minutes for one in found if one.status.holds_the_slot)
        cells.append(
            MonthDay(
                day,
                (day.year, day.month) == (month.year, month.month),
                tuple(one for one in found if sieve.lets_through(one)),
                min(booked / opened, 1.0) if opened else None,
                calendar.holidays.get(day, ""),
            )
        )
    return cells
