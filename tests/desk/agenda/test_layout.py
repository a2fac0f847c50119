"""Where things stand: time against height, cards side by side, and what a gesture means."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.desk.agenda.layout import (
    Box,
    Column,
    Entry,
    GridLayout,
    Part,
    Target,
    card_at,
    part_at,
)
from clinicdesk.desk.agenda.timescale import TimeScale, snapped

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = dt.date(2026, 11, 24)
SHORT_DAY = dt.date(2026, 3, 8)  # 23 hours in New York
LONG_DAY = dt.date(2026, 11, 1)  # 25 hours

DAYS = st.sampled_from((TUESDAY, SHORT_DAY, LONG_DAY))
ZONES = st.sampled_from((SAO_PAULO, NEW_YORK))
WHOLE_DAY = {"first_hour": 0, "last_hour": 24}


def layout(columns: int = 3, width: float = 600, day: dt.date = TUESDAY, **scale: object) -> GridLayout:
    made = TimeScale(**{"zone": SAO_PAULO, "first_hour": 8, "last_hour": 19, **scale})  # type: ignore[arg-type]
    return GridLayout(made, tuple(Column(key, day) for key in "abcdefghij"[:columns]), width)


def at(hour: int, minute: int = 0, zone: ZoneInfo = SAO_PAULO, day: dt.date = TUESDAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), zone).astimezone(dt.UTC)


def entry(name: str, start: tuple[int, int], end: tuple[int, int], column: str = "a") -> Entry:
    return Entry(name, column, at(*start), at(*end))


@given(DAYS, ZONES, st.integers(0, 24 * 60), st.sampled_from((64.0, 80.0, 112.0)))
def test_every_wall_clock_minute_that_exists_comes_back(
    day: dt.date, zone: ZoneInfo, minutes: int, pixels: float
) -> None:
    scale = TimeScale(zone, pixels, 0, 24)
    moment = scale.moment(day, minutes)
    again = scale.minutes_of(day, moment)
    skipped = zone is NEW_YORK and day == SHORT_DAY and 120 <= minutes < 180
    assert again == (180 if skipped else minutes)
    assert round(scale.minutes_at(scale.y(day, moment))) == again


@given(DAYS, ZONES, st.integers(0, 24 * 60), st.integers(0, 24 * 60))
def test_later_on_the_wall_is_never_earlier_in_time(day: dt.date, zone: ZoneInfo, one: int, other: int) -> None:
    scale = TimeScale(zone, 80, 0, 24)
    first, last = sorted((one, other))
    assert scale.moment(day, first) <= scale.moment(day, last)


def test_the_days_of_23_and_25_hours_fill_the_same_height() -> None:
    scale = TimeScale(NEW_YORK, 80, 0, 24)
    for day, hours in ((SHORT_DAY, 23), (LONG_DAY, 25)):
        length = scale.moment(day, 24 * 60) - scale.moment(day, 0)
        assert length == dt.timedelta(hours=hours)
        assert scale.y(day, scale.moment(day, 24 * 60)) == scale.height - scale.top


@given(st.floats(0, 1440), st.sampled_from((1, 5, 15)))
def test_snapping_goes_to_the_nearest_step(minutes: float, step: int) -> None:
    assert snapped(minutes, step) % step == 0
    assert abs(snapped(minutes, step) - minutes) <= step / 2


starts = st.integers(8 * 60, 18 * 60)
spans = st.lists(st.tuples(starts, st.integers(5, 180), st.sampled_from("abc")), max_size=30)


@given(spans)
def test_cards_never_overlap_and_none_is_lost(found: list[tuple[int, int, str]]) -> None:
    grid = layout()
    entries = [
        Entry(number, column, grid.scale.moment(TUESDAY, start), grid.scale.moment(TUESDAY, start + length))
        for number, (start, length, column) in enumerate(found)
    ]
    placing = grid.place(entries)
    boxes = [card.box for card in placing.cards] + [more.box for more in placing.more]
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = (
                one.right <= other.x + 0.01
                or other.right <= one.x + 0.01
                or one.bottom <= other.y + 0.01
                or other.bottom <= one.y + 0.01
            )
            assert apart, (one, other)
    shown = [card.id for card in placing.cards] + [one for more in placing.more for one in more.ids]
    assert sorted(shown) == list(range(len(found)))  # type: ignore[type-var]


@given(spans)
def test_cards_stay_inside_their_column(found: list[tuple[int, int, str]]) -> None:
    grid = layout()
    placing = grid.place(
        Entry(number, column, grid.scale.moment(TUESDAY, start), grid.scale.moment(TUESDAY, start + length))
        for number, (start, length, column) in enumerate(found)
    )
    for card in placing.cards:
        column = grid.column_box(card.column)
        assert column.x < card.box.x and card.box.right < column.right
        assert card.box.height > 11.9


def test_two_share_the_width_and_a_third_hides_behind_a_number() -> None:
    grid = layout()
    two = grid.place([entry("x", (10, 0), (11, 0)), entry("y", (10, 30), (11, 30))])
    assert [(card.lane, card.lanes) for card in two.cards] == [(0, 2), (1, 2)]
    assert two.cards[0].box.width == pytest.approx(two.cards[1].box.width)
    three = grid.place([entry("x", (10, 0), (11, 0)), entry("y", (10, 30), (11, 30)), entry("z", (10, 45), (11, 0))])
    assert [card.id for card in three.cards] == ["x"]
    assert [more.ids for more in three.more] == [("y", "z")]


def test_touching_visits_and_shown_columns_only() -> None:
    grid = layout()
    placing = grid.place(
        [
            entry("x", (10, 0), (11, 0)),
            entry("y", (11, 0), (11, 15)),
            entry("elsewhere", (9, 0), (10, 0), "q"),
            entry("before", (6, 0), (7, 0)),
        ]
    )
    assert [(card.id, card.lanes) for card in placing.cards] == [("x", 1), ("y", 1)]


def test_the_repeated_hour_is_shared_side_by_side() -> None:
    first = dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC)  # 01:30 in summer time
    second = dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC)  # 01:30 again
    grid = layout(day=LONG_DAY, zone=NEW_YORK, **WHOLE_DAY)
    half = dt.timedelta(minutes=30)
    placing = grid.place([Entry("one", "a", first, first + half), Entry("two", "a", second, second + half)])
    assert [card.lanes for card in placing.cards] == [2, 2]


@given(st.floats(0, 599), st.floats(0, 895), st.sampled_from((1, 5)))
def test_the_slot_under_a_point_starts_at_or_before_it(x: float, y: float, step: int) -> None:
    grid = layout()
    found = grid.slot_at(x, y, step)
    assert found is not None
    key, moment = found
    number = grid.index_of(key)
    assert number is not None and grid.column_box(number).contains(x, y)
    minutes = grid.scale.minutes_of(TUESDAY, moment)
    assert minutes % step == 0 and -0.01 <= grid.scale.minutes_at(y) - minutes < step


def test_beside_the_columns_there_is_no_slot() -> None:
    grid = layout()
    assert grid.slot_at(-1, 100) is None
    assert grid.slot_at(601, 100) is None
    assert grid.span_between(-5, 10, 50) is None


@given(st.floats(0, 599), st.floats(-50, 1000), st.floats(-50, 1000))
def test_a_stroke_marks_snapped_time_inside_the_hours(x: float, one: float, other: float) -> None:
    grid = layout()
    target = grid.span_between(x, one, other)
    assert target is not None
    start = grid.scale.minutes_of(TUESDAY, target.starts_at)
    end = grid.scale.minutes_of(TUESDAY, target.ends_at)
    assert start % 5 == 0 and end % 5 == 0
    assert 8 * 60 <= start < end <= 19 * 60


@given(st.floats(-100, 900), st.floats(-200, 1200), st.integers(8 * 60, 18 * 60), st.integers(5, 120))
def test_a_dropped_card_keeps_its_length(x: float, top: float, start: int, length: int) -> None:
    grid = layout()
    held = Entry("x", "a", grid.scale.moment(TUESDAY, start), grid.scale.moment(TUESDAY, start + length))
    target = grid.moved(held, x, top)
    assert target.ends_at - target.starts_at == dt.timedelta(minutes=length)
    assert 8 * 60 <= grid.scale.minutes_of(TUESDAY, target.starts_at) < 19 * 60


@given(DAYS, ZONES, st.integers(0, 25 * 12 - 1))
def test_a_card_put_back_where_it_was_is_not_moved(day: dt.date, zone: ZoneInfo, steps: int) -> None:
    grid = layout(day=day, zone=zone, **WHOLE_DAY)
    starts_at = grid.scale.moment(day, 0) + dt.timedelta(minutes=5 * steps)
    if starts_at >= grid.scale.moment(day, 24 * 60):
        return
    held = Entry("x", "b", starts_at, starts_at + dt.timedelta(minutes=5))
    box = grid.column_box(1)
    target = grid.moved(held, box.x + 5, grid.scale.y(day, starts_at))
    assert target == Target("b", held.starts_at, held.ends_at)


@given(st.floats(-100, 1200))
def test_a_pulled_edge_leaves_at_least_five_minutes(bottom: float) -> None:
    grid = layout()
    held = entry("x", (10, 0), (11, 0))
    target = grid.resized(held, bottom)
    assert target.starts_at == held.starts_at
    assert target.ends_at - target.starts_at >= dt.timedelta(minutes=5)


@given(st.integers(-5, 5), st.integers(-900, 900))
def test_keyboard_steps_stay_in_the_picture(columns: int, minutes: int) -> None:
    grid = layout()
    held = entry("x", (10, 0), (10, 45), "b")
    target = grid.stepped(Target("b", held.starts_at, held.ends_at), columns, minutes)
    assert target.column_key in "abc"
    assert target.ends_at - target.starts_at == dt.timedelta(minutes=45)
    assert 8 * 60 <= grid.scale.minutes_of(TUESDAY, target.starts_at) < 19 * 60


def test_a_step_to_another_day_keeps_the_time_on_the_wall() -> None:
    scale = TimeScale(NEW_YORK, 80, 8, 19)
    days = (dt.date(2026, 10, 31), LONG_DAY)
    grid = GridLayout(scale, tuple(Column(day, day) for day in days), 400)
    starts_at = scale.moment(days[0], 600)
    target = grid.stepped(Target(days[0], starts_at, starts_at + dt.timedelta(minutes=30)), 1, 0)
    assert target.column_key == LONG_DAY
    assert scale.minutes_of(LONG_DAY, target.starts_at) == 600
    assert target.starts_at - starts_at == dt.timedelta(hours=25)


def test_the_lower_edge_resizes_and_the_rest_drags() -> None:
    box = Box(10, 10, 100, 60)
    assert part_at(box, 50, 30) is Part.BODY
    assert part_at(box, 50, 68) is Part.LOWER_EDGE
    assert part_at(box, 5, 30) is None
    short = Box(10, 10, 100, 17)
    assert part_at(short, 50, 22) is Part.BODY
    cards = layout().place([entry("x", (10, 0), (11, 0))]).cards
    found = card_at(cards, cards[0].box.x + 3, cards[0].box.y + 3)
    assert found is not None and found[0].id == "x"
    assert card_at(cards, 0, 0) is None


def test_columns_share_the_width_until_they_are_too_narrow() -> None:
    assert layout(3, 600).column_width == 200
    crowded = layout(10, 600)
    assert crowded.column_width == 140 and crowded.content_width == 1400
    few = GridLayout(crowded.scale, crowded.columns, 600, most_columns=3)
    assert few.column_width == 200 and few.content_width == 2000


def test_closed_time_is_cut_to_the_picture() -> None:
    grid = layout()
    box = grid.time_box("b", at(0), at(9))
    assert box == Box(200, 8, 200, 80)
    assert grid.time_box("b", at(2), at(3)) is None
    assert grid.time_box("q", at(9), at(10)) is None
    assert grid.card_box("a", at(2), at(3)) is None


def test_one_put_in_beside_others_has_half_the_width_at_the_right_even_alone() -> None:
    grid = layout()
    whole = grid.place([entry("alone", (9, 0), (10, 0))]).cards[0].box
    (half,) = grid.place([replace(entry("put in", (9, 0), (10, 0)), beside=True)]).cards
    assert half.lanes == 2 and half.box.width < whole.width / 2 and half.box.right == pytest.approx(whole.right)
    early = replace(entry("early", (8, 30), (9, 30)), beside=True)
    found = {card.id: card.lane for card in grid.place([early, entry("booked", (9, 0), (10, 0))]).cards}
    assert found == {"early": 1, "booked": 0}


def test_two_put_in_beside_nobody_share_the_width() -> None:
    both = [replace(entry(name, (9, 0), (10, 0)), beside=True) for name in ("one", "two")]
    placing = layout().place(both)
    assert not placing.more and sorted(card.lane for card in placing.cards) == [0, 1]
