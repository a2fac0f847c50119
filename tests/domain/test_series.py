"""Rules against a plain count of days, and their hours against the clock on the wall through every change of it."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.hours import Calendar
from clinicdesk.domain.series import (
    LAST,
    MOST,
    Frequency,
    OnHoliday,
    Rule,
    Series,
    from_day,
    kept_until,
    lengthened,
    occurrences,
)
from clinicdesk.errors import InvalidField
from tests.builders import uuid_for

D, W, M = Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY
DAY = dt.timedelta(days=1)
HELENA = uuid_for("helena")
ALWAYS = {day: ((dt.time(0), dt.time(0)),) for day in range(1, 8)}

ends = st.one_of(
    st.builds(lambda count: {"count": count}, st.integers(1, 40)),
    st.builds(lambda days: {"until": dt.date(2026, 6, 30) + days * DAY}, st.integers(0, 180)),
)
weekday_sets = st.lists(st.integers(1, 7), min_size=1, max_size=7, unique=True).map(lambda found: tuple(sorted(found)))
rules = st.one_of(
    st.builds(lambda every, end: Rule(D, every, **end), st.integers(1, 20), ends),
    st.builds(lambda every, days, end: Rule(W, every, days, **end), st.integers(1, 5), weekday_sets, ends),
    st.builds(
        lambda every, day, end: Rule(M, every, month_day=day, **end), st.integers(1, 4), st.integers(1, 31), ends
    ),
    st.builds(
        lambda every, nth, day, end: Rule(M, every, (day,), nth=nth, **end),
        st.integers(1, 4),
        st.sampled_from([1, 2, 3, 4, LAST]),
        st.integers(1, 7),
        ends,
    ),
)
first_days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def is_given(rule: Rule, first: dt.date, day: dt.date) -> bool:
    """Whether a rule falls on a day, by counting."""
    if rule.frequency is D:
        return (day - first).days % rule.interval == 0
    if rule.frequency is W:
        monday = lambda one: one - one.weekday() * DAY  # noqa: E731
        return day.isoweekday() in rule.weekdays and (monday(day) - monday(first)).days // 7 % rule.interval == 0
    if ((day.year - first.year) * 12 + day.month - first.month) % rule.interval:
        return False
    if rule.nth is None:
        return day.day == rule.month_day
    if day.isoweekday() != rule.weekdays[0]:
        return False
    return (day + 7 * DAY).month != day.month if rule.nth == LAST else (day.day - 1) // 7 + 1 == rule.nth


def counted(rule: Rule, first: dt.date) -> list[dt.date]:
    """The days of a rule, one day after the other."""
    found: list[dt.date] = []
    day = first
    while len(found) < (rule.count or MOST + 1) and day <= (rule.until or dt.date(2060, 1, 1)):
        if is_given(rule, first, day):
            found.append(day)
        day += DAY
    return found


@given(rules, first_days)
def test_a_rule_gives_the_days_that_counting_gives(rule: Rule, first: dt.date) -> None:
    expected = counted(rule, first)
    if not expected:
        with pytest.raises(InvalidField):
            rule.days(first)
        return
    assert list(rule.days(first)) == expected


@given(rules, first_days)
def test_a_rule_is_read_back_from_its_text_and_is_that_of_others(rule: Rule, first: dt.date) -> None:
    assert Rule.read(rule.text) == rule
    expected = counted(rule, first)
    others = rrule.rrulestr(f"RRULE:{rule.text}", dtstart=dt.datetime.combine(first, dt.time(0)))
    assert [each.date() for each in others] == expected


@given(rules, first_days, st.data())
def test_a_parted_series_gives_the_same_days(rule: Rule, first: dt.date, data: st.DataObject) -> None:
    series = Series(uuid_for("s"), uuid_for("c"), 1, rule, first, dt.time(9))
    days = counted(rule, first)
    if len(days) < 2:
        return
    at = data.draw(st.integers(1, len(days) - 1))
    shorter = replace(series, rule=kept_until(series, days[at]))
    later, later_first, by_old = from_day(series, days[at])
    assert [*shorter.days, *later.days(later_first)] == days
    assert all(old == new for old, new in by_old.items())


@given(st.integers(1, 5), weekday_sets, first_days, st.integers(-6, 6), st.data())
def test_a_weekly_rule_moved_some_days_moves_every_day_by_as_many(
    every: int, weekdays: tuple[int, ...], first: dt.date, shift: int, data: st.DataObject
) -> None:
    series = Series(uuid_for("s"), uuid_for("c"), 1, Rule(W, every, weekdays, count=12), first, dt.time(9))
    at = data.draw(st.sampled_from(series.days))
    rule, later_first, by_old = from_day(series, at, shift)
    assert by_old == {day: day + shift * DAY for day in series.days if day >= at}
    assert rule.days(later_first) == tuple(by_old.values())


def test_a_second_tuesday_becomes_a_second_wednesday_and_a_day_of_the_month_another() -> None:
    second_tuesday = Rule(M, nth=2, weekdays=(2,), count=4)
    series = Series(uuid_for("s"), uuid_for("c"), 1, second_tuesday, dt.date(2026, 9, 1), dt.time(9))
    rule, first, by_old = from_day(series, dt.date(2026, 10, 13), 1)
    assert (rule.nth, rule.weekdays, first) == (2, (3,), dt.date(2026, 10, 14))
    assert list(by_old.values()) == [dt.date(2026, 10, 14), dt.date(2026, 11, 11), dt.date(2026, 12, 9)]
    dated = replace(series, rule=Rule(M, month_day=30, count=4), first_day=dt.date(2026, 9, 30))
    rule, first, by_old = from_day(dated, dt.date(2026, 10, 30), 1)
    assert rule.month_day == 31
    assert list(by_old.values()) == [dt.date(2026, 10, 31), dt.date(2026, 12, 31), dt.date(2027, 1, 31)]


def test_what_a_rule_needs_is_said_by_its_field() -> None:
    wrong = [
        {"interval": 0, "count": 1},
        {},
        {"count": 1, "until": dt.date(2026, 1, 1)},
        {"count": 0},
        {"count": MOST + 1},
        {"frequency": W, "count": 3},
        {"frequency": M, "count": 3},
    ]
    for given_wrong in wrong:
        with pytest.raises(InvalidField):
            Rule(**{"frequency": D, **given_wrong})  # type: ignore[arg-type]
    with pytest.raises(InvalidField):
        Rule(D, until=dt.date(2030, 1, 1)).days(dt.date(2026, 1, 1))


def test_a_series_is_only_made_longer() -> None:
    series = Series(uuid_for("s"), uuid_for("c"), 1, Rule(D, count=5), dt.date(2026, 1, 1), dt.time(9))
    assert lengthened(series, 6, None).count == 6
    assert lengthened(series, None, dt.date(2026, 1, 9)).until == dt.date(2026, 1, 9)
    for count, until in ((5, None), (None, dt.date(2026, 1, 5))):
        with pytest.raises(InvalidField):
            lengthened(series, count, until)


# --- the clock on the wall -------------------------------------------------------------------------------------------

CHANGES = [
    ("America/New_York", dt.date(2026, 10, 20)),
    ("America/New_York", dt.date(2027, 3, 1)),
    ("Europe/Lisbon", dt.date(2026, 10, 12)),
    ("America/Sao_Paulo", dt.date(2018, 10, 23)),  # 4 November 2018 had no midnight
    ("America/Sao_Paulo", dt.date(2018, 2, 6)),
    ("America/Santiago", dt.date(2026, 8, 25)),
]


@pytest.mark.parametrize(("zone", "first"), CHANGES)
@pytest.mark.parametrize("starts", [dt.time(0), dt.time(8, 30), dt.time(14)])
def test_the_hour_on_the_wall_stays_through_changes_of_the_clock(zone: str, first: dt.date, starts: dt.time) -> None:
    series = Series(uuid_for("s"), uuid_for("c"), 1, Rule(D, count=40), first, starts)
    calendar = Calendar(ZoneInfo(zone), {None: ALWAYS, HELENA: ALWAYS})
    offsets = set()
    for turn in occurrences(series, 30, calendar, HELENA):
        local = turn.slot.starts_at.astimezone(calendar.zone)
        offsets.add(local.utcoffset())
        assert local.date() == turn.day
        if starts != dt.time(0):  # midnight itself is what some changes leave out
            assert local.time() == starts
        assert turn.slot.minutes == 30
    assert len(offsets) == 2, "the clock did not change meanwhile"


def test_new_year_is_a_day_like_others() -> None:
    series = Series(uuid_for("s"), uuid_for("c"), 1, Rule(W, weekdays=(4,), count=4), dt.date(2026, 12, 24), dt.time(9))
    assert [day.isoformat() for day in series.days] == ["2026-12-24", "2026-12-31", "2027-01-07", "2027-01-14"]


HOURS = {day: ((dt.time(8), dt.time(18)),) for day in range(1, 6)}
FOLIA = dt.date(2026, 2, 16)  # a Monday and the Tuesday after it


@pytest.mark.parametrize(
    ("wish", "monday", "tuesday"),
    [
        (OnHoliday.SKIP, None, None),
        (OnHoliday.NEXT, FOLIA + 2 * DAY, FOLIA + 2 * DAY),
        (OnHoliday.PREVIOUS, FOLIA - 3 * DAY, FOLIA - 3 * DAY),
        (OnHoliday.KEEP, FOLIA, FOLIA + DAY),
    ],
)
def test_a_holiday_goes_to_the_nearest_open_day(
    wish: OnHoliday, monday: dt.date | None, tuesday: dt.date | None
) -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    holidays = {FOLIA: "Carnaval", FOLIA + DAY: "Carnaval"}
    calendar = Calendar(zone, {None: HOURS, HELENA: HOURS}, holidays=holidays)
    series = Series(uuid_for("s"), uuid_for("c"), 1, Rule(D, count=2), FOLIA, dt.time(9), wish)
    turns = occurrences(series, 30, calendar, HELENA)
    assert [None if turn.skipped else calendar.local_day(turn.slot.starts_at) for turn in turns] == [monday, tuesday]
    assert {turn.holiday for turn in turns} == {"Carnaval"}
    assert [turn.day for turn in turns] == [FOLIA, FOLIA + DAY]
