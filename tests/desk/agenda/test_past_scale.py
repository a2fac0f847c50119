"""The axis of a day's life: every change has its place, in the order of time, however long nothing happened."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.desk.agenda.past_scale import LifeScale
from tests.builders import ZONE, local

NOW = local(18)
moments = st.lists(st.timedeltas(dt.timedelta(seconds=1), dt.timedelta(days=200)).map(lambda ago: NOW - ago))


@given(moments=moments)
def test_time_goes_from_left_to_right_and_back_again(moments: list[dt.datetime]) -> None:
    scale = LifeScale(moments, NOW)
    shares = [scale.share_of(one) for one in (scale.first, *scale.moments, scale.last)]
    assert shares == sorted(shares) and (shares[0], shares[-1]) == (0.0, 1.0)
    for at in scale.moments:
        assert abs(scale.moment_at(scale.share_of(at)) - at) <= dt.timedelta(seconds=2)
        assert scale.nearest(scale.share_of(at), 1e-9) is not None


@given(moments=moments, share=st.floats(0, 1))
def test_every_place_is_an_instant_of_the_axis(moments: list[dt.datetime], share: float) -> None:
    scale = LifeScale(moments, NOW)
    at = scale.moment_at(share)
    assert scale.first <= at <= scale.last
    assert scale.before(at) <= at <= scale.after(at)


@given(moments=moments)
def test_steps_meet_every_change_once(moments: list[dt.datetime]) -> None:
    scale = LifeScale(moments, NOW)
    at, met = scale.first, []
    while at < scale.last:
        at = scale.after(at)
        met.append(at)
    assert met[: len(scale.moments)] == list(scale.moments) and met[-1] == scale.last
    back = []
    while at > scale.first:
        at = scale.before(at)
        back.append(at)
    assert back[::-1] == [scale.first, *[one for one in scale.moments if one < scale.last]]


def test_a_month_of_silence_takes_less_room_than_a_morning_of_changes() -> None:
    busy = [local(8) + dt.timedelta(minutes=5 * number) for number in range(40)]
    scale = LifeScale([local(8) - dt.timedelta(days=30), *busy], NOW)
    assert scale.share_of(busy[0]) < scale.share_of(busy[-1]) - scale.share_of(busy[0])


def test_days_are_named_where_something_happened() -> None:
    before = local(9) - dt.timedelta(days=12)
    scale = LifeScale([before, before + dt.timedelta(hours=1), local(9)], NOW)
    assert [day for _share, day in scale.day_marks(ZONE)] == [dt.date(2026, 11, 12), dt.date(2026, 11, 24)]
    assert LifeScale((), NOW).day_marks(ZONE) == [(1.0, dt.date(2026, 11, 24))]
