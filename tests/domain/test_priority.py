"""Who goes first in the waiting room."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.priority import TOLD, Priority, priorities, rank, turn, waiting_order
from clinicdesk.terms import priority_word
from tests.builders import TUESDAY, appointment, local


def waiting(**changes: Any) -> Appointment:
    values = {"status": Status.CHECKED_IN, "patient_birth_date": None, "status_at": local(10, 40), **changes}
    return appointment(**values)


@pytest.mark.parametrize(
    ("born", "reasons"),
    [
        (None, ()),
        (dt.date(1966, 11, 25), ()),  # sixty tomorrow
        (dt.date(1966, 11, 24), (Priority.OVER_60,)),
        (dt.date(1946, 11, 25), (Priority.OVER_60,)),
        (dt.date(1946, 11, 24), (Priority.OVER_80,)),
    ],
)
def test_age_counts_from_the_birthday_on_the_clinics_day(born: dt.date | None, reasons: tuple[Priority, ...]) -> None:
    assert priorities(born, "", None, TUESDAY) == reasons


def test_what_was_told_ends_with_its_last_day() -> None:
    assert priorities(None, "pregnant", TUESDAY, TUESDAY) == (Priority.PREGNANT,)
    assert priorities(None, "pregnant", TUESDAY, TUESDAY + dt.timedelta(days=1)) == ()
    assert priorities(None, "disabled", None, TUESDAY) == (Priority.DISABLED,)


def test_the_strongest_reason_stands_first() -> None:
    old = dt.date(1940, 1, 1)
    assert priorities(old, "blood_donor", None, TUESDAY) == (Priority.OVER_80, Priority.BLOOD_DONOR)
    assert priorities(dt.date(1960, 1, 1), "disabled", None, TUESDAY)[0] is Priority.DISABLED
    assert priorities(dt.date(1960, 1, 1), "blood_donor", None, TUESDAY)[0] is Priority.OVER_60


def test_the_law_comes_before_the_turn() -> None:
    early = waiting(starts_at=local(9), status_at=local(8, 50))
    donor = waiting(patient_priority="blood_donor")
    pregnant = waiting(patient_priority="pregnant")
    sixty = waiting(patient_birth_date=dt.date(1960, 1, 1), starts_at=local(11, 30))
    eighty = waiting(patient_birth_date=dt.date(1940, 1, 1), starts_at=local(12), status_at=local(11, 55))
    everybody = [early, donor, pregnant, sixty, eighty]
    assert waiting_order(everybody, TUESDAY) == [eighty, pregnant, sixty, donor, early]


def test_coming_early_wins_nothing_and_coming_late_passes_nobody() -> None:
    on_time = waiting(starts_at=local(10, 45), status_at=local(10, 44))
    early = waiting(starts_at=local(11), status_at=local(9))
    late = waiting(starts_at=local(10), status_at=local(10, 50))
    assert waiting_order([late, early, on_time], TUESDAY) == [on_time, late, early]


def test_only_those_in_the_reception_wait() -> None:
    assert waiting_order([waiting(status=status) for status in Status if status != "checked_in"], TUESDAY) == []


MINUTES = st.integers(0, 600).map(lambda minutes: local(7) + dt.timedelta(minutes=minutes))
SOMEBODY = st.builds(
    lambda booked, arrived, born, told, until: replace(
        waiting(status_at=arrived, patient_birth_date=born, patient_priority=told, patient_priority_until=until),
        starts_at=booked,
        ends_at=booked + dt.timedelta(minutes=30),
    ),
    MINUTES,
    MINUTES,
    st.none() | st.dates(dt.date(1930, 1, 1), TUESDAY),
    st.sampled_from(["", *TOLD]),
    st.none() | st.dates(TUESDAY - dt.timedelta(days=3), TUESDAY + dt.timedelta(days=3)),
)


@given(st.lists(SOMEBODY, max_size=12))
def test_nobody_stands_before_one_with_a_better_right(people: list[Appointment]) -> None:
    order = waiting_order(people, TUESDAY)
    assert sorted(order, key=lambda one: one.id) == sorted(people, key=lambda one: one.id)
    for before, after in pairwise(order):
        assert (rank(before, TUESDAY), turn(before)) <= (rank(after, TUESDAY), turn(after))
    assert waiting_order(reversed(people), TUESDAY) == order


def test_every_reason_has_a_word() -> None:
    assert len({priority_word(one) for one in Priority}) == len(Priority)
