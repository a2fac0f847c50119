"""Which days are worked, and how full they are: holidays, time off, seasons, and weeks that fill towards today."""

import datetime as dt
import math
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from clinicdesk.domain.demo.catalogue import CLINIC_HOURS, SATURDAY, Minutes, ProfessionalPlan
from clinicdesk.domain.hours import public_holidays

DAY = dt.timedelta(days=1)
_SEASON = {1: 0.86, 2: 0.93, 7: 0.9, 12: 0.88}
_FUTURE_WEEKS = 13


class Off(NamedTuple):
    """A stretch that one professional (by position) does not work; minutes of None mean whole days."""

    professional: int
    first: dt.date
    last: dt.date
    reason: str
    minutes: Minutes | None = None


def clinic_holidays(state: str, year: int) -> dict[dt.date, str]:
    """The days a clinic in São Paulo adds to the public ones: the city's, and those that move with Easter."""
    friday = next(day for day, name in public_holidays(state, year).items() if "Sexta-feira Santa" in name)
    easter = friday + 2 * DAY
    return {
        dt.date(year, 1, 25): "Aniversário de São Paulo",
        easter - 48 * DAY: "Carnaval",
        easter - 47 * DAY: "Carnaval",
        easter + 60 * DAY: "Corpus Christi",
    }


def closed_days(state: str, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """Every holiday between two dates, inclusive."""
    found: dict[dt.date, str] = {}
    for year in range(first.year, last.year + 1):
        found |= dict(public_holidays(state, year)) | clinic_holidays(state, year)
    return {day: name for day, name in found.items() if first <= day <= last}


def working_day(day: dt.date, state: str) -> dt.date:
    """`day`, or the last day before it that is neither a weekend nor a holiday."""
    closed = closed_days(state, day - 15 * DAY, day)
    while day.isoweekday() > 5 or day in closed:
        day -= DAY
    return day


def days_between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The dates from `first` to `last`, inclusive."""
    for offset in range((last - first).days + 1):
        yield first + offset * DAY


def last_future_day(today: dt.date) -> dt.date:
    """The last day for which somebody has booked."""
    return today + _FUTURE_WEEKS * 7 * DAY


def fullness(day: dt.date, today: dt.date, first: dt.date) -> float:
    """How much of a day is booked: a clinic that grows, with its seasons, and a future that thins out."""
    if day > today:
        return 0.9 * math.pow(0.80, (day - today).days / 5)
    grown = 0.78 + 0.14 * (day - first).days / max(1, (today - first).days)
    return grown * _SEASON.get(day.month, 1.0)


def spans_of(professional: ProfessionalPlan, day: dt.date) -> tuple[int, tuple[Minutes, ...]] | None:
    """The unit and the minutes somebody works on a day by the weekly hours; None for a day off."""
    weekday = day.isoweekday()
    if weekday not in CLINIC_HOURS:
        return None
    if weekday == 6:
        # Those who open on Saturdays take turns.
        turn = (day.toordinal() // 7 + int(professional.number)) % 2 == 0
        return (professional.days[0][0], SATURDAY) if professional.saturdays and turn else None
    unit = professional.unit_on(weekday)
    return None if unit is None else (unit, professional.hours)


def times_off(random: Random, professionals: tuple[ProfessionalPlan, ...], first: dt.date, today: dt.date) -> list[Off]:
    """Holidays and congresses of everybody, and the surgeon's mornings at the hospital; never today."""
    found: list[Off] = []
    for position in range(len(professionals)):
        month = first + random.randrange(20, 120) * DAY
        while month < last_future_day(today):
            length = random.choice((4, 6, 9, 13))
            off = Off(position, month, month + length * DAY, random.choice(("Férias", "Férias", "Congresso")))
            if not off.first - 3 * DAY <= today <= off.last:
                found.append(off)
            month += random.randrange(120, 240) * DAY
    surgeon = next(position for position, one in enumerate(professionals) if one.login == "caio")
    for week in range(-10, 7):
        day = today + 7 * week * DAY
        found.append(Off(surgeon, day, day, "Cirurgia externa", (11 * 60 + 30, 13 * 60 + 30)))
    return found
