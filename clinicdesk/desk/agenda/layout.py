"""Where everything of the agenda stands: pure arithmetic over columns and a time scale, without Qt.

Coordinates are those of the scrolled content: x grows from the left edge of the first column, y from the top of the
first hour's margin. The column heads (56) and the gutter (56) lie outside and do not scroll with it.
"""

import datetime as dt
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from math import inf
from typing import Any

from clinicdesk.desk.agenda.timescale import SHORTEST_MINUTES, SNAP_MINUTES, TimeScale, snapped

GUTTER = 56
HEAD = 56
NARROWEST_COLUMN = 140
FEW_COLUMNS = 3
NARROW_WINDOW = 1100

_INSET_LEFT = 4.0
_INSET_RIGHT = 6.0
_INSET_TOP = 1.0
_INSET_BOTTOM = 2.0
_LANE_GAP = 3.0
_SMALLEST_CARD = 15.0
_SHORT = 19.0  # cards under this height keep less air around them
_MORE_WIDTH = 34.0
_RESIZE_EDGE = 6.0
_GRAIN = 0.01  # heights closer than this touch without overlapping


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in content coordinates."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x just past it."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y just past it."""
        return self.y + self.height

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies inside; the far edges do not belong to it."""
        return self.x <= x < self.right and self.y <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it stands for, and the local day it shows."""

    key: Hashable
    day: dt.date


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a time in a column. Its id is only handed back. One put in beside others never takes the width."""

    id: Any
    column_key: Hashable
    starts_at: dt.datetime
    ends_at: dt.datetime
    beside: bool = False


@dataclass(frozen=True, slots=True)
class PlacedCard:
    """A card's place; `lane` of `lanes` when it shares the width of its column."""

    id: Any
    column: int
    box: Box
    lane: int = 0
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class More:
    """The “+2” that stands for the cards that found no room beside the first."""

    ids: tuple[Any, ...]
    column: int
    box: Box


@dataclass(frozen=True, slots=True)
class Placing:
    """All cards of a picture, in the order they are painted."""

    cards: tuple[PlacedCard, ...] = ()
    more: tuple[More, ...] = ()


class Part(Enum):
    """What of a card a point touches."""

    BODY = auto()
    LOWER_EDGE = auto()


@dataclass(frozen=True, slots=True)
class Target:
    """A column and a stretch of time in it: what a gesture means."""

    column_key: Hashable
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class GridLayout:
    """The columns side by side over one time scale. `width` is what the columns may fill without scrolling."""

    scale: TimeScale
    columns: tuple[Column, ...]
    width: float
    most_columns: int = 0  # zero: as many as keep the narrowest width

    @cached_property
    def column_width(self) -> float:
        """The width of every column: the room shared out, never under the narrowest."""
        count = len(self.columns) or 1
        if self.most_columns:
            count = min(count, self.most_columns)
        return max(self.width / count, float(NARROWEST_COLUMN) if not self.most_columns else 1.0)

    @cached_property
    def content_width(self) -> float:
        """The width of all columns together."""
        return max(self.column_width * len(self.columns), self.width)

    @cached_property
    def _index(self) -> dict[Hashable, int]:
        return {column.key: number for number, column in enumerate(self.columns)}

    def index_of(self, key: Hashable) -> int | None:
        """The place of a column, None when it is not shown."""
        return self._index.get(key)

    def column_box(self, number: int) -> Box:
        """A whole column from the first to the last hour, margins included."""
        return Box(number * self.column_width, 0.0, self.column_width, self.scale.height)

    def column_at(self, x: float) -> int | None:
        """The column under an x; None beside all of them."""
        number = int(x // self.column_width)
        return number if 0 <= number < len(self.columns) else None

    def nearest_column(self, x: float) -> int:
        """The column under an x, or the first or last for one beside them."""
        return min(max(int(x // self.column_width), 0), len(self.columns) - 1)

    def time_box(self, key: Hashable, starts_at: dt.datetime, ends_at: dt.datetime) -> Box | None:
        """The full width of a column between two moments, cut to the hours shown; None when nothing is left."""
        number = self.index_of(key)
        if number is None:
            return None
        day = self.columns[number].day
        top = max(self.scale.y(day, starts_at), self.scale.top)
        bottom = min(self.scale.y(day, ends_at), self.scale.height - self.scale.top)
        if bottom - top < _GRAIN:
            return None
        return Box(number * self.column_width, top, self.column_width, bottom - top)

    def card_box(self, key: Hashable, starts_at: dt.datetime, ends_at: dt.datetime) -> Box | None:
        """Where a card of that time stands when it has its column to itself; None outside the picture."""
        number = self.index_of(key)
        if number is None:
            return None
        top, bottom = self._heights(number, starts_at, ends_at)
        return self._lane_box(number, top, bottom, 0, 1) if bottom > 0 and top < self.scale.height else None

    def place(self, entries: Iterable[Entry]) -> Placing:
        """Give every entry its box: what overlaps shares the width, and of three or more the first and a “+2” stay."""
        by_column: dict[int, list[tuple[float, float, Entry]]] = {}
        for entry in entries:
            number = self.index_of(entry.column_key)
            if number is None:
                continue
            top, bottom = self._heights(number, entry.starts_at, entry.ends_at)
            if bottom > 0 and top < self.scale.height:
                by_column.setdefault(number, []).append((top, bottom, entry))
        cards: list[PlacedCard] = []
        more: list[More] = []
        for number, found in sorted(by_column.items()):
            found.sort(key=lambda item: (item[0], -item[1], str(item[2].id)))
            for cluster in _clusters(found):
                self._place_cluster(number, cluster, cards, more)
        return Placing(tuple(cards), tuple(more))

    def slot_at(self, x: float, y: float, step: int = SNAP_MINUTES) -> tuple[Hashable, dt.datetime] | None:
        """The column and the moment under a point, the moment at the start of its step; None beside the columns."""
        number = self.column_at(x)
        if number is None:
            return None
        column = self.columns[number]
        minutes = self.scale.minutes_at(y) + _GRAIN  # a line itself belongs to the step it opens
        return column.key, self.scale.moment(column.day, int(minutes // step) * step)

    def span_between(self, x: float, first_y: float, last_y: float, step: int = SNAP_MINUTES) -> Target | None:
        """What a stroke down (or up) an empty column marks: at least one step, snapped outwards."""
        number = self.column_at(x)
        if number is None:
            return None
        column = self.columns[number]
        low, high = sorted((self.scale.minutes_at(first_y), self.scale.minutes_at(last_y)))
        start = min(int(low // step) * step, self.scale.last_hour * 60 - step)
        end = max(-int(-high // step) * step, start + max(step, SHORTEST_MINUTES))
        return self._target(column, start, min(end, self.scale.last_hour * 60))

    def moved(self, entry: Entry, x: float, top: float, step: int = SNAP_MINUTES) -> Target:
        """The time a card gets when dropped with its top at `top` over `x`; its length in real minutes is kept.

        A card put back on its own wall-clock time keeps its very instants, also in a repeated hour.
        """
        column = self.columns[self.nearest_column(x)]
        minutes = snapped(self._minutes_unbounded(top), step)
        length = entry.ends_at - entry.starts_at
        last = self.scale.last_hour * 60 - min(length.total_seconds() / 60, step)
        minutes = min(max(minutes, self.scale.first_hour * 60), int(last))
        if minutes == self.scale.minutes_of(column.day, entry.starts_at):
            return Target(column.key, entry.starts_at, entry.ends_at)
        starts_at = self.scale.moment(column.day, minutes)
        return Target(column.key, starts_at, starts_at + length)

    def resized(self, entry: Entry, bottom: float, step: int = SNAP_MINUTES) -> Target:
        """The time a card gets when its lower edge is pulled to `bottom`; never shorter than five minutes."""
        number = self.index_of(entry.column_key)
        day = self.columns[number if number is not None else 0].day
        ends_at = self.scale.moment(day, snapped(self.scale.minutes_at(bottom), step))
        return Target(
            entry.column_key, entry.starts_at, max(ends_at, entry.starts_at + dt.timedelta(minutes=SHORTEST_MINUTES))
        )

    def stepped(self, target: Target, columns: int, minutes: int) -> Target:
        """A keyboard step: so many columns to the right and so many minutes later, kept inside the picture.

        Minutes are real ones, so a step walks through a repeated hour and over a skipped one.
        """
        number = self.index_of(target.column_key) or 0
        wanted = min(max(number + columns, 0), len(self.columns) - 1)
        old, new = self.columns[number], self.columns[wanted]
        starts_at = target.starts_at + dt.timedelta(minutes=minutes)
        length = target.ends_at - target.starts_at
        wall = self.scale.minutes_of(old.day, starts_at)
        low, high = self.scale.first_hour * 60, self.scale.last_hour * 60 - SHORTEST_MINUTES
        if not low <= wall <= high:
            starts_at = self.scale.moment(old.day, min(max(wall, low), high))
        if new.day != old.day:
            starts_at = self.scale.moment(new.day, self.scale.minutes_of(old.day, starts_at))
        return Target(new.key, starts_at, starts_at + length)

    def _target(self, column: Column, start: float, end: float) -> Target:
        starts_at = self.scale.moment(column.day, start)
        ends_at = self.scale.moment(column.day, end)
        return Target(column.key, starts_at, max(ends_at, starts_at + dt.timedelta(minutes=SHORTEST_MINUTES)))

    def _minutes_unbounded(self, y: float) -> float:
        return self.scale.first_hour * 60 + (y - self.scale.top) * 60 / self.scale.pixels_per_hour

    def _heights(self, number: int, starts_at: dt.datetime, ends_at: dt.datetime) -> tuple[float, float]:
        day = self.columns[number].day
        top = self.scale.y(day, starts_at)
        return top, max(self.scale.y(day, ends_at), top + _SMALLEST_CARD)

    def _lane_box(self, number: int, top: float, bottom: float, lane: int, lanes: int) -> Box:
        room = self.column_width - _INSET_LEFT - _INSET_RIGHT
        width = (room - (lanes - 1) * _LANE_GAP) / lanes
        x = number * self.column_width + _INSET_LEFT + lane * (width + _LANE_GAP)
        above, below = (_INSET_TOP, _INSET_BOTTOM) if bottom - top >= _SHORT else (0.5, 1.0)
        return Box(x, top + above, width, bottom - top - above - below)

    def _place_cluster(
        self, number: int, cluster: list[tuple[float, float, Entry]], cards: list[PlacedCard], more: list[More]
    ) -> None:
        lanes = _lanes(cluster)
        count = max(lanes) + 1
        if count <= 2:
            for (top, bottom, entry), lane in zip(cluster, lanes, strict=True):
                cards.append(
                    PlacedCard(entry.id, number, self._lane_box(number, top, bottom, lane, count), lane, count)
                )
            return
        hidden = [item for item, lane in zip(cluster, lanes, strict=True) if lane > 0]
        for (top, bottom, entry), lane in zip(cluster, lanes, strict=True):
            if lane == 0:
                whole = self._lane_box(number, top, bottom, 0, 1)
                box = Box(whole.x, whole.y, whole.width - _MORE_WIDTH - _LANE_GAP, whole.height)
                cards.append(PlacedCard(entry.id, number, box, 0, count))
        for group in _clusters(hidden):
            whole = self._lane_box(number, group[0][0], max(item[1] for item in group), 0, 1)
            box = Box(whole.right - _MORE_WIDTH, whole.y, _MORE_WIDTH, whole.height)
            more.append(More(tuple(item[2].id for item in group), number, box))


def part_at(box: Box, x: float, y: float) -> Part | None:
    """Which part of a card is under the point; short cards keep most of their height for being dragged."""
    if not box.contains(x, y):
        return None
    edge = min(_RESIZE_EDGE, box.height / 4)
    return Part.LOWER_EDGE if y >= box.bottom - edge else Part.BODY


def card_at(cards: Sequence[PlacedCard], x: float, y: float) -> tuple[PlacedCard, Part] | None:
    """The topmost card under the point, the last one painted first."""
    for card in reversed(cards):
        part = part_at(card.box, x, y)
        if part is not None:
            return card, part
    return None


def more_at(tiles: Sequence[More], x: float, y: float) -> More | None:
    """The “+2” under the point."""
    return next((more for more in tiles if more.box.contains(x, y)), None)


def _clusters(
    found: Iterable[tuple[float, float, Entry]],
) -> Iterable[list[tuple[float, float, Entry]]]:
    """Runs of entries (in order of their top) that are chained by overlaps."""
    run: list[tuple[float, float, Entry]] = []
    reach = 0.0
    for item in found:
        if run and item[0] >= reach - _GRAIN:
            yield run
            run = []
        reach = max(reach, item[1]) if run else item[1]
        run.append(item)
    if run:
        yield run


def _lanes(cluster: Sequence[tuple[float, float, Entry]]) -> list[int]:
    """The first lane in which each entry of a cluster finds room."""
    ends: list[float] = []
    lanes: list[int] = []
    kept = _keeps_first_lane(cluster)
    if kept:
        ends.append(-inf)
    for top, bottom, entry in cluster:
        first = 1 if kept and entry.beside else 0
        lane = next((number for number in range(first, len(ends)) if top >= ends[number] - _GRAIN), len(ends))
        if lane == len(ends):
            ends.append(bottom)
        else:
            ends[lane] = bottom
        lanes.append(lane)
    return lanes


def _keeps_first_lane(cluster: Sequence[tuple[float, float, Entry]]) -> bool:
    """Whether the first lane is kept for those whom the time was booked for, be they there or gone."""
    besides = sum(entry.beside for _top, _bottom, entry in cluster)
    return bool(besides) and (besides < len(cluster) or len(cluster) == 1)
