"""The frequency score stays within its bounds and goes the way a person would expect; preferences by their rule."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.metrics import OFTEN, PatientMetrics, average_pause, frequency_score, metrics_of
from tests.builders import TUESDAY, ZONE, appointment, local, uuid_for

COUNTS = st.integers(0, 200)


@st.composite
def someone(draw: st.DrawFn) -> PatientMetrics:
    """Anybody who came at least once."""
    completed = draw(st.integers(1, 200))
    pause = draw(st.none() | st.decimals(1, 2000, places=1)) if completed > 1 else None
    return PatientMetrics(
        booked=400,
        completed=completed,
        cancelled_late=draw(COUNTS),
        no_show=draw(COUNTS),
        last_visit_at=local(9),
        average_days=pause,
    )


def score(metrics: PatientMetrics, days: int = 0) -> int:
    return frequency_score(metrics, TUESDAY + dt.timedelta(days=days), ZONE)


@given(someone(), st.integers(-5, 4000))
def test_a_score_is_between_0_and_100(metrics: PatientMetrics, days: int) -> None:
    assert 0 <= score(metrics, days) <= 100


@given(someone(), st.integers(0, 4000), st.integers(0, 400))
def test_staying_away_never_raises_it(metrics: PatientMetrics, days: int, more: int) -> None:
    assert score(metrics, days + more) <= score(metrics, days)


@given(someone(), st.integers(0, 1000), st.integers(1, 20))
def test_letting_visits_down_never_raises_it(metrics: PatientMetrics, days: int, more: int) -> None:
    assert score(replace(metrics, no_show=metrics.no_show + more), days) <= score(metrics, days)
    assert score(replace(metrics, cancelled_late=metrics.cancelled_late + more), days) <= score(metrics, days)


@given(someone(), st.integers(0, 1000), st.integers(1, 20))
def test_coming_again_at_the_same_rhythm_never_lowers_it(metrics: PatientMetrics, days: int, more: int) -> None:
    assert score(replace(metrics, completed=metrics.completed + more), days) >= score(metrics, days)


@given(someone(), st.integers(0, OFTEN), st.decimals(0, 1000, places=1))
def test_who_was_here_lately_has_more_the_oftener_they_come(metrics: PatientMetrics, days: int, more: Decimal) -> None:
    assume(metrics.average_days is not None)
    assert metrics.average_days is not None
    assert score(replace(metrics, average_days=metrics.average_days + more), days) <= score(metrics, days)


def test_a_score_in_examples() -> None:
    """The ones that docs/metrics.md tells."""
    assert frequency_score(PatientMetrics(booked=3, no_show=2), TUESDAY, ZONE) == 0
    monthly = PatientMetrics(24, 24, last_visit_at=local(9), average_days=Decimal(30), no_show=1)
    yearly = PatientMetrics(6, 6, last_visit_at=local(9), average_days=Decimal(365))
    newcomer = PatientMetrics(1, 1, last_visit_at=local(9))
    unsteady = replace(monthly, no_show=12)
    assert [score(one, 20) for one in (monthly, yearly, newcomer, unsteady)] == [94, 57, 39, 66]
    assert [score(monthly, days) for days in (30, 60, 90, 180)] == [94, 47, 24, 3]


def test_pauses_are_counted_between_days() -> None:
    days = [TUESDAY + dt.timedelta(days=number) for number in (0, 7, 20)]
    assert average_pause(set(days[:1])) is None
    assert average_pause(set(days)) == Decimal("10.0")
    assert average_pause({days[0], days[0] + dt.timedelta(days=1), days[0] + dt.timedelta(days=3)}) == Decimal("1.5")


def test_preferences_are_three_and_equals_stand_by_the_last() -> None:
    hours = {8: 1, 9: 2, 10: 2, 15: 1}
    visits = []
    for hour, times in hours.items():
        for week in range(times):
            day = TUESDAY - dt.timedelta(weeks=week + hour)
            visits.append(appointment(starts_at=local(hour, day=day), status=Status.COMPLETED, service_name=str(hour)))
    visits.append(appointment(starts_at=local(17), status=Status.NO_SHOW))
    found = metrics_of(visits, ZONE)
    assert found.preferred_hours == (9, 10, 8)
    assert found.preferred_services == tuple(uuid_for(str(hour)) for hour in (9, 10, 8))
    assert found.preferred_weekdays == (2,)
    assert (found.booked, found.completed, found.no_show) == (7, 6, 1)


@given(st.lists(st.tuples(st.sampled_from(Status), st.integers(0, 2000), st.integers(0, 3)), max_size=30))
def test_the_sums_are_sums(visits: list[tuple[Status, int, int]]) -> None:
    made = [
        appointment(status=status, starts_at=local(9) + dt.timedelta(hours=hours), reschedule_count=moves)
        for status, hours, moves in visits
    ]
    found = metrics_of(made, ZONE)
    assert found.booked == len(visits) >= found.completed + found.cancelled + found.no_show
    assert found.rescheduled == sum(moves for _status, _hours, moves in visits)
    assert (found.last_visit_at is None) == (found.completed == 0) == (found.preferred_hours == ())
    if found.first_visit_at and found.last_visit_at:
        assert found.first_visit_at <= found.last_visit_at
