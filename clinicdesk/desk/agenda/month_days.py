"""A month as values: for each day the visits to be drawn, how full it is, and why it is closed. No Qt and no I/O."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
    open_minutes: Callable[[dt.date], int],
) -> list[MonthDay]:
    """The cells from the first to the last day; `appointments` are in order of time, `open_minutes` everybody's."""
    starts = [one.starts_at for one in appointments]
    first, last = days
    cells = []
    for offset in range((last - first).days + 1):
        day = first + dt.timedelta(days=offset)
        whole = calendar.day_slot(day)
        found = appointments[bisect_left(starts, whole.starts_at) : bisect_left(starts, whole.ends_at)]
        opened = open_minutes(day)
        booked = sum((one.ends_at - one.starts_at for one in found if one.status.holds_the_slot), dt.timedelta())
        cells.append(
            MonthDay(
                day,
                (day.year, day.month) == (month.year, month.month),
                tuple(one for one in found if sieve.lets_through(one)),
                min(booked / dt.timedelta(minutes=opened), 1.0) if opened else None,
                calendar.holidays.get(day, ""),
            )
        )
    return cells
