"""Bars and hours are two ways to say the same, and no pull on a bar makes two overlap or one leave the day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain import week
from clinicdesk.domain.week import DAY, SHORTEST, Bars
from clinicdesk.errors import InvalidField


@st.composite
def some_bars(draw: st.DrawFn, least: int = 0) -> Bars:
    """Bars in order that neither overlap nor touch."""
    count = draw(st.integers(least, 5))
    grid = st.integers(0, DAY // SHORTEST)
    edges = sorted(draw(st.sets(grid, min_size=2 * count, max_size=2 * count)))
    return tuple((edges[at] * SHORTEST, edges[at + 1] * SHORTEST) for at in range(0, 2 * count, 2))


def in_order(bars: Bars) -> bool:
    edges = [edge for bar in bars for edge in bar]
    inside = all(0 <= start < end <= DAY for start, end in bars)
    return inside and edges == sorted(edges) and all(end - start >= SHORTEST for start, end in bars)


@given(some_bars())
def test_bars_become_hours_and_bars_again(bars: Bars) -> None:
    assert week.bars_of(week.spans_of(bars)) == bars
    assert week.clean_spans(week.spans_of(bars)) == week.spans_of(bars)


@given(some_bars(1), st.data(), st.integers(-DAY, 2 * DAY))
def test_no_pull_breaks_the_order(bars: Bars, data: st.DataObject, minute: int) -> None:
    index = data.draw(st.integers(0, len(bars) - 1))
    length = bars[index][1] - bars[index][0]
    pushed = week.moved(bars, index, minute)
    assert in_order(pushed) and pushed[index][1] - pushed[index][0] == length
    for pulled in (week.begun(bars, index, minute), week.ended(bars, index, minute)):
        assert in_order(pulled)
        assert pulled[:index] + pulled[index + 1 :] == bars[:index] + bars[index + 1 :]
    assert week.begun(bars, index, minute)[index][1] == bars[index][1]
    assert week.ended(bars, index, minute)[index][0] == bars[index][0]


@given(some_bars(), st.integers(0, DAY), st.integers(0, DAY))
def test_what_is_added_is_worked_and_nothing_is_lost(bars: Bars, one: int, other: int) -> None:
    if one == other:
        return
    low, high = sorted((one, other))
    after = week.added(bars, one, other)
    worked = {minute for start, end in (*bars, (low, high)) for minute in range(start, end)}
    assert {minute for start, end in after for minute in range(start, end)} == worked
    assert [edge for bar in after for edge in bar] == sorted({edge for bar in after for edge in bar})


@given(some_bars())
def test_a_new_bar_finds_room_of_its_own(bars: Bars) -> None:
    found = week.free_stretch(bars)
    if found is not None:
        assert all(found[1] <= start or found[0] >= end for start, end in bars)
        assert 0 <= found[0] < found[1] <= DAY


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        (((dt.time(8), dt.time(12)), (dt.time(11), dt.time(13))), "overlapping"),
        (((dt.time(8), dt.time(8)),), "zero_length"),
        (((dt.time(12), dt.time(8)),), "zero_length"),
    ],
)
def test_hours_that_cannot_be_are_refused(spans: tuple[week.Span, ...], reason: str) -> None:
    with pytest.raises(InvalidField) as caught:
        week.clean_spans(spans)
    assert caught.value.reason == reason


def test_hours_that_touch_become_one_and_midnight_closes_the_day() -> None:
    assert week.clean_spans(((dt.time(12), dt.time(0)), (dt.time(8), dt.time(12)))) == ((dt.time(8), dt.time(0)),)
