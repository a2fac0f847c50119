"""The stretches of a day or a week as they are drawn and dragged: bars that never overlap, breaks are the gaps.

A bar is a pair of minutes since midnight, `0 <= start < end <= 1440`; what is kept are spans of wall-clock times, in
which an end of 00:00 is the midnight that closes the day.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping

from clinicdesk.domain.hours import Span
from clinicdesk.errors import InvalidField

Bar = tuple[int, int]
Bars = tuple[Bar, ...]
Week = Mapping[int, tuple[Span, ...]]  # ISO weekday 1–7 -> spans in order; a day that is not there is closed

DAY = 24 * 60
STEP = 15
SHORTEST = 15
WEEKDAYS = range(1, 8)


def bars_of(spans: Iterable[Span]) -> Bars:
    """Spans as bars."""
    return tuple((start.hour * 60 + start.minute, (end.hour * 60 + end.minute) or DAY) for start, end in spans)


def spans_of(bars: Iterable[Bar]) -> tuple[Span, ...]:
    """Bars as spans."""
    return tuple((_wall(start), _wall(end)) for start, end in bars)


def moved(bars: Bars, index: int, by: int) -> Bars:
    """The bars with one pushed by so many minutes, as far as its neighbours and midnight leave room."""
    start, end = bars[index]
    low, high = _room(bars, index)
    shift = max(low - start, min(high - end, by))
    return _with(bars, index, (start + shift, end + shift))


def begun(bars: Bars, index: int, start: int) -> Bars:
    """The bars with one beginning at `start`, or as near as its length and its neighbour allow."""
    low, _high = _room(bars, index)
    end = bars[index][1]
    return _with(bars, index, (max(low, min(start, end - SHORTEST)), end))


def ended(bars: Bars, index: int, end: int) -> Bars:
    """The bars with one ending at `end`, or as near as its length and its neighbour allow."""
    _low, high = _room(bars, index)
    start = bars[index][0]
    return _with(bars, index, (start, min(high, max(end, start + SHORTEST))))


def added(bars: Bars, start: int, end: int) -> Bars:
    """The bars with one more; what it touches becomes one with it."""
    return _joined((*bars, (max(0, min(start, end)), min(DAY, max(start, end)))))


def removed(bars: Bars, index: int) -> Bars:
    """The bars without one of them."""
    return bars[:index] + bars[index + 1 :]


def free_stretch(bars: Bars, wanted: int = 240) -> Bar | None:
    """Where one more bar would go: after the last, else in the largest gap; None when the day is full."""
    edges = [0, *(edge for bar in bars for edge in bar), DAY]
    gaps = [(edges[at], edges[at + 1]) for at in range(0, len(edges), 2)]
    after = gaps[-1]
    start, end = after if after[1] - after[0] >= 2 * SHORTEST + STEP else max(gaps, key=lambda gap: gap[1] - gap[0])
    if bars:
        start += STEP * 4 if end - start > STEP * 8 else STEP
    else:
        start = 8 * 60
    if end - start < SHORTEST:
        return None
    return start, min(end, start + wanted)


def snapped(minute: float, step: int = STEP) -> int:
    """The nearest place on the grid, inside the day."""
    return max(0, min(DAY, round(minute / step) * step))


def clean_spans(spans: Iterable[Span], field: str = "hours") -> tuple[Span, ...]:
    """The spans in order. Raises InvalidField when one is empty or two overlap; those that touch become one."""
    bars = sorted(bars_of(spans))
    if any(start >= end for start, end in bars):
        raise InvalidField(field, "zero_length")
    if any(one[1] > other[0] for one, other in itertools.pairwise(bars)):
        raise InvalidField(field, "overlapping")
    return spans_of(_joined(bars))


def same_week(one: Week, other: Week) -> bool:
    """Whether two weeks are worked alike; a day without spans is a closed day."""
    return all(tuple(one.get(day, ())) == tuple(other.get(day, ())) for day in WEEKDAYS)


def _joined(bars: Iterable[Bar]) -> Bars:
    found: list[Bar] = []
    for start, end in sorted(bars):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _room(bars: Bars, index: int) -> Bar:
    """How far a bar may reach: to its neighbours, whose ends it may touch."""
    low = bars[index - 1][1] if index else 0
    high = bars[index + 1][0] if index + 1 < len(bars) else DAY
    return low, high


def _with(bars: Bars, index: int, bar: Bar) -> Bars:
    return (*bars[:index], bar, *bars[index + 1 :])


def _wall(minute: int) -> dt.time:
    return dt.time(minute % DAY // 60, minute % 60)
