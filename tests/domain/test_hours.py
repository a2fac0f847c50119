"""When work is done, in zones whose days have 23, 24 or 25 hours and midnights that never were."""

import datetime as dt
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.hours import Block, Calendar, ClosureKind, HoursException, instant, public_holidays, without
from tests.builders import uuid_for

ZONES = [
    ZoneInfo(name)
    for name in ("America/Sao_Paulo", "America/Manaus", "America/Noronha", "America/Rio_Branco", "America/Santiago")
]
SAO_PAULO = ZONES[0]
HELENA = uuid_for("helena")
SPRING = dt.date(2018, 11, 4)  # in São Paulo this day began at one o'clock
AUTUMN = dt.date(2018, 2, 17)  # and this one had its last hour twice

times = st.integers(0, 24 * 12 - 1).map(lambda step: dt.time(step // 12, step % 12 * 5))
days = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31)) | st.sampled_from([SPRING, AUTUMN, dt.date(2024, 2, 29)])


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[dt.time, dt.time], ...]:
    """Some intervals of a day in order and apart, the last of which may end at midnight."""
    edges = sorted(draw(st.sets(times, max_size=6)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    if len(edges) % 2 and draw(st.booleans()):
        pairs.append((edges[-1], dt.time(0)))
    return tuple(pair for pair in pairs if pair[0] != pair[1])


@st.composite
def calendars(draw: st.DrawFn, day: dt.date | None = None) -> tuple[Calendar, dt.date]:
    """A calendar and a day of it on which anything may be the case."""
    zone, chosen = draw(st.sampled_from(ZONES)), day or draw(days)
    weekday = chosen.isoweekday()
    exceptions: dict[Any, HoursException] = {}
    for person in (None, HELENA):
        if draw(st.integers(0, 3)) == 0:
            exceptions[person, chosen] = HoursException(chosen, draw(spans()), draw(st.sampled_from(["", "Congresso"])))
    midnight = instant(chosen, dt.time(0), zone)
    blocks = tuple(
        Block(uuid_for(str(number)), HELENA, Slot.lasting(midnight + dt.timedelta(minutes=5 * start), 5 * length),
              ClosureKind.BLOCK, "")
        for number, (start, length) in enumerate(
            draw(st.lists(st.tuples(st.integers(-60, 300), st.integers(1, 80)), max_size=2))
        )
    )  # fmt: skip
    weekly = {None: {weekday: draw(spans())}, HELENA: {weekday: draw(spans())}}
    holidays = {chosen: "Feriado"} if draw(st.integers(0, 5)) == 0 else {}
    return Calendar(zone, weekly, exceptions, holidays, {HELENA: blocks}), chosen


@given(st.sampled_from(ZONES), days, times)
@example(SAO_PAULO, SPRING, dt.time(0))
@example(SAO_PAULO, SPRING, dt.time(0, 30))
@example(SAO_PAULO, AUTUMN, dt.time(23, 30))
def test_a_wall_clock_time_comes_back_or_never_was(zone: ZoneInfo, day: dt.date, wall: dt.time) -> None:
    moment = instant(day, wall, zone)
    back = moment.astimezone(zone).replace(tzinfo=None)
    wanted = dt.datetime.combine(day, wall)
    if back != wanted:  # the clock jumped over it: the first instant after the gap, and just before it the gap's start
        assert back > wanted
        before = (moment - dt.timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert before < wanted
    else:
        assert instant(day, wall, zone, latest=True) - moment in (dt.timedelta(0), dt.timedelta(hours=1))


def test_a_midnight_that_was_skipped_is_the_first_hour() -> None:
    calendar = Calendar(SAO_PAULO, {})
    assert instant(SPRING, dt.time(0), SAO_PAULO) == dt.datetime(2018, 11, 4, 3, tzinfo=dt.UTC)
    assert calendar.day_slot(SPRING).minutes == 23 * 60
    assert calendar.day_slot(AUTUMN).minutes == 25 * 60
    assert calendar.day_slot(dt.date(2019, 11, 3)).minutes == 24 * 60


@given(st.sampled_from(ZONES), days)
def test_days_follow_each_other_without_a_gap(zone: ZoneInfo, day: dt.date) -> None:
    calendar = Calendar(zone, {})
    today, tomorrow = calendar.day_slot(day), calendar.day_slot(day + dt.timedelta(days=1))
    assert today.ends_at == tomorrow.starts_at
    assert today.minutes in (23 * 60, 24 * 60, 25 * 60)
    assert calendar.local_day(today.starts_at) == day
    assert calendar.local_day(today.ends_at - dt.timedelta(seconds=1)) == day


@given(calendars())
def test_open_time_and_closures_are_the_whole_day_and_nothing_twice(sample: tuple[Calendar, dt.date]) -> None:
    calendar, day = sample
    opened, closed = calendar.open_slots(HELENA, day), calendar.closures(HELENA, day)
    whole = calendar.day_slot(day)
    assert list(without([whole], [*opened, *(closure.slot for closure in closed)])) == []
    assert all(not one.overlaps(closure.slot) for one in opened for closure in closed)
    assert all(not first.overlaps(second) for first, second in pairwise(opened))
    for slot in (*opened, *(closure.slot for closure in closed)):
        assert whole.starts_at <= slot.starts_at < slot.ends_at <= whole.ends_at


@given(calendars(), st.integers(0, 287), st.integers(1, 60))
def test_a_slot_is_worked_exactly_when_no_closure_touches_it(
    sample: tuple[Calendar, dt.date], start: int, length: int
) -> None:
    calendar, day = sample
    whole = calendar.day_slot(day)
    slot = Slot.lasting(whole.starts_at + dt.timedelta(minutes=5 * start), 5 * length)
    if slot.ends_at <= whole.ends_at:
        assert calendar.is_worked(HELENA, slot) == (calendar.closure_at(HELENA, slot) is None)


def test_exceptions_holidays_and_time_off_have_their_names() -> None:
    day = dt.date(2026, 11, 24)
    hours = {
        None: {2: ((dt.time(8), dt.time(18)),)},
        HELENA: {2: ((dt.time(8), dt.time(12)), (dt.time(13), dt.time(18)))},
    }
    kinds = lambda calendar: [(one.kind, one.label) for one in calendar.closures(HELENA, day)]  # noqa: E731
    plain = Calendar(SAO_PAULO, hours)
    assert kinds(plain) == [(ClosureKind.CLOSED, ""), (ClosureKind.BREAK, ""), (ClosureKind.CLOSED, "")]
    assert kinds(Calendar(SAO_PAULO, hours, {}, {day: "Festa"})) == [(ClosureKind.HOLIDAY, "Festa")]
    off = {(HELENA, day): HoursException(day, (), "Congresso")}
    assert kinds(Calendar(SAO_PAULO, hours, off)) == [(ClosureKind.TIME_OFF, "Congresso")]
    short = {(None, day): HoursException(day, ((dt.time(8), dt.time(10)),))}
    assert [slot.minutes for slot in Calendar(SAO_PAULO, hours, short).open_slots(HELENA, day)] == [120]


def test_a_working_holiday_is_worked_by_whoever_has_an_exception() -> None:
    day = dt.date(2026, 11, 24)
    own = {(HELENA, day): HoursException(day, ((dt.time(9), dt.time(10)),))}
    assert Calendar(SAO_PAULO, {}, own, {day: "Festa"}).open_slots(HELENA, day)[0].minutes == 60


@pytest.mark.parametrize(("state", "day"), [("SP", (2026, 7, 9)), ("AM", (2026, 9, 5)), ("AC", (2026, 6, 15))])
def test_states_have_their_own_holidays(state: str, day: tuple[int, int, int]) -> None:
    date = dt.date(*day)
    assert date in public_holidays(state, 2026)
    assert date not in public_holidays("RJ", 2026)
    assert dt.date(2026, 9, 7) in public_holidays(state, 2026)
