"""Series of visits: the rule that gives their days (RFC 5545), and where each of them lies on the clinic's clock.

A series is its rule; its visits are appointments of their own, each with the day the rule gave it (`series_day`, what
RFC 5545 calls RECURRENCE-ID). That day stays when the visit is moved, so that moving it twice, giving one up and ending
the series early are exact.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Self
from uuid import UUID

from dateutil.rrule import rrulestr

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.hours import Calendar, instant
from clinicdesk.errors import InvalidField

MOST = 366  # visits of one series: every day for a year
LAST = -1  # as `nth`: the last such weekday of the month
_FARTHEST_MOVE = 14  # days searched for an open day beside a holiday
_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Frequency(StrEnum):
    """The stretch that a rule's interval counts."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class OnHoliday(StrEnum):
    """What becomes of a visit whose day is a holiday."""

    SKIP = "skip"
    NEXT = "next"  # the next day on which the professional works
    PREVIOUS = "previous"
    KEEP = "keep"  # it takes place all the same


@dataclass(frozen=True, slots=True)
class Rule:
    """Which days a series takes. It ends after `count` of them or with the day `until`, one of the two.

    Weekly rules name `weekdays` (ISO, 1 is Monday); monthly ones a `month_day`, or one weekday and which of the month
    (`nth`). Months without that day are left out, as RFC 5545 has it. Raises InvalidField.
    """

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    nth: int | None = None
    count: int | None = None
    until: dt.date | None = None
    week_start: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.interval <= 99:
            raise InvalidField("interval", "out_of_range")
        if (self.count is None) == (self.until is None):
            raise InvalidField("series_end", "missing")
        if self.count is not None and not 1 <= self.count <= MOST:
            raise InvalidField("series_count", "out_of_range")
        if self.frequency is Frequency.WEEKLY and not self.weekdays:
            raise InvalidField("weekdays", "missing")
        by_weekday = self.nth is not None and len(self.weekdays) == 1
        if self.frequency is Frequency.MONTHLY and (self.month_day is None) is not by_weekday:
            raise InvalidField("month_day", "missing")

    @property
    def text(self) -> str:
        """The rule as RFC 5545 writes it."""
        parts = [f"FREQ={self.frequency}", f"INTERVAL={self.interval}", f"WKST={_NAMES[self.week_start - 1]}"]
        if self.weekdays:
            nth = "" if self.nth is None else str(self.nth)
            parts.append("BYDAY=" + ",".join(f"{nth}{_NAMES[day - 1]}" for day in self.weekdays))
        if self.month_day is not None:
            parts.append(f"BYMONTHDAY={self.month_day}")
        parts.append(f"COUNT={self.count}" if self.until is None else f"UNTIL={self.until:%Y%m%d}")
        return ";".join(parts)

    @classmethod
    def read(cls, text: str) -> Self:
        """The rule of a text that `text` gave."""
        said = dict(part.split("=", 1) for part in text.split(";"))
        by_day = [each for each in said.get("BYDAY", "").split(",") if each]
        until = said.get("UNTIL")
        return cls(
            frequency=Frequency(said["FREQ"]),
            interval=int(said.get("INTERVAL", "1")),
            weekdays=tuple(_NAMES.index(each[-2:]) + 1 for each in by_day),
            month_day=int(said["BYMONTHDAY"]) if "BYMONTHDAY" in said else None,
            nth=int(by_day[0][:-2]) if by_day and by_day[0][:-2] else None,
            count=int(said["COUNT"]) if "COUNT" in said else None,
            until=dt.datetime.strptime(until, "%Y%m%d").date() if until else None,  # noqa: DTZ007 (a date)
            week_start=_NAMES.index(said.get("WKST", "MO")) + 1,
        )

    def days(self, first_day: dt.date) -> tuple[dt.date, ...]:
        """Every day of the series from `first_day` on. Raises InvalidField when there are more than MOST, or none."""
        found = rrulestr(self.text, dtstart=dt.datetime.combine(first_day, dt.time(0)))
        days = tuple(each.date() for each in islice(found, MOST + 1))
        if len(days) > MOST:
            raise InvalidField("series_end", "too_many_visits", str(MOST))
        if not days:
            raise InvalidField("series_end", "before_start")
        return days


@dataclass(frozen=True, slots=True)
class Series:
    """The row that its visits share. `starts` is a time on the clinic's wall, through every change of it."""

    id: UUID
    clinic_id: UUID
    version: int
    rule: Rule
    first_day: dt.date
    starts: dt.time
    on_holiday: OnHoliday = OnHoliday.SKIP

    @property
    def days(self) -> tuple[dt.date, ...]:
        """The days the rule gives."""
        return self.rule.days(self.first_day)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One turn of a rule: the day it gave, where that lies, and the holiday that stood there, if one did."""

    day: dt.date
    slot: Slot
    holiday: str = ""
    skipped: bool = False


def occurrences(
    series: Series, minutes: int, calendar: Calendar, professional_id: UUID, days: Sequence[dt.date] | None = None
) -> tuple[Occurrence, ...]:
    """Where the days of a series (all, or those given) lie, holidays dealt with as the series says.

    `calendar` has to know them and `margin` days beside. A holiday without an open day near it is skipped.
    """
    wanted = series.days if days is None else days
    return tuple(_placed(series, minutes, calendar, professional_id, day) for day in wanted)


def margin() -> dt.timedelta:
    """How far beside its day an occurrence may be put."""
    return dt.timedelta(days=_FARTHEST_MOVE + 1)


def _placed(series: Series, minutes: int, calendar: Calendar, professional_id: UUID, day: dt.date) -> Occurrence:
    holiday = "" if calendar.open_slots(professional_id, day) else calendar.holidays.get(day, "")
    put, skipped = day, False
    if holiday and series.on_holiday is not OnHoliday.KEEP:
        other = _open_beside(series.on_holiday, calendar, professional_id, day)
        put, skipped = other or day, other is None
    slot = Slot.lasting(instant(put, series.starts, calendar.zone), minutes)
    return Occurrence(day, slot, holiday, skipped)


def _open_beside(wish: OnHoliday, calendar: Calendar, professional_id: UUID, day: dt.date) -> dt.date | None:
    if wish is OnHoliday.SKIP:
        return None
    step = dt.timedelta(days=1 if wish is OnHoliday.NEXT else -1)
    near = (day + step * count for count in range(1, _FARTHEST_MOVE + 1))
    return next((one for one in near if calendar.open_slots(professional_id, one)), None)


# --- a rule that is changed ------------------------------------------------------------------------------------------


def kept_until(series: Series, day: dt.date) -> Rule:
    """The rule that gives the days before `day` alone. There has to be one."""
    before = [one for one in series.days if one < day]
    if series.rule.until is not None:
        return replace(series.rule, until=before[-1])
    return replace(series.rule, count=len(before))


def from_day(series: Series, day: dt.date, shift: int = 0) -> tuple[Rule, dt.date, Mapping[dt.date, dt.date]]:
    """The rule that goes on at `day`, all its days `shift` days later: with its first day, and each old day's new one.

    Days are matched in their order, so a second Tuesday that goes to Wednesday becomes the second Wednesday of each
    month, and what was the 30th becomes the 31st where there is one.
    """
    old = [one for one in series.days if one >= day]
    first = old[0] + dt.timedelta(days=shift)
    moved = _shifted(series.rule, first, shift)
    new = replace(moved, count=len(old), until=None).days(first)
    if series.rule.until is not None:
        return replace(moved, until=new[-1], count=None), first, dict(zip(old, new, strict=True))
    return replace(moved, count=len(old)), first, dict(zip(old, new, strict=True))


def _shifted(rule: Rule, first: dt.date, shift: int) -> Rule:
    if not shift or rule.frequency is Frequency.DAILY:
        return rule
    if rule.frequency is Frequency.WEEKLY:
        # The week begins as many days later too, or every second week would come to be the other ones.
        weekdays = tuple(sorted(_weekday_after(each, shift) for each in rule.weekdays))
        return replace(rule, weekdays=weekdays, week_start=_weekday_after(rule.week_start, shift))
    if rule.month_day is not None:
        return replace(rule, month_day=first.day)
    week = (first.day - 1) // 7 + 1
    is_last = (first + dt.timedelta(days=7)).month != first.month
    nth = LAST if week == 5 or (rule.nth == LAST and is_last) else week
    return replace(rule, nth=nth, weekdays=(first.isoweekday(),))


def _weekday_after(weekday: int, shift: int) -> int:
    return (weekday - 1 + shift) % 7 + 1


def lengthened(series: Series, count: int | None, until: dt.date | None) -> Rule:
    """The rule with a later end. Raises InvalidField when it would end no later than it does."""
    longer = replace(series.rule, count=count, until=until)
    if len(longer.days(series.first_day)) <= len(series.days):
        raise InvalidField("series_end", "not_later")
    return longer
