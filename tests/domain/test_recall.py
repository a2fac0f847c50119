"""Months, and the order in which recalls are worked off."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.recall import (
    Outcome,
    Recall,
    RecallState,
    check_due_month,
    is_overdue,
    month_of,
    months_later,
    worklist_order,
)
from clinicdesk.errors import InvalidField
from tests.builders import TUESDAY, local

NOVEMBER = dt.date(2026, 11, 1)


def recall(**changes: Any) -> Recall:
    values: dict[str, Any] = {
        "id": uuid4(), "version": 1, "patient_id": uuid4(), "patient_name": "Ana", "patient_phone": "",
        "patient_birth_date": None, "service_id": None, "service_name": "", "professional_id": None,
        "professional_name": "", "due_month": NOVEMBER, "reason": "", "state": RecallState.OPEN,
        "appointment_id": None, "booked_for": None, "attempts": 0, "last_outcome": None, "last_attempt_at": None,
        "last_visit_at": None, **changes,
    }  # fmt: skip
    return Recall(**values)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 60), st.integers(0, 60))
def test_months_add_up(day: dt.date, first: int, second: int) -> None:
    assert months_later(months_later(day, first), second) == months_later(day, first + second)
    assert months_later(day, 0) == month_of(day)
    assert months_later(day, 12) == month_of(day).replace(year=day.year + 1)


@pytest.mark.parametrize(
    ("due", "reason"), [(dt.date(2026, 10, 31), "in_the_past"), (dt.date(2031, 12, 1), "too_far_ahead")]
)
def test_a_month_that_is_over_or_too_far_is_refused(due: dt.date, reason: str) -> None:
    with pytest.raises(InvalidField) as caught:
        check_due_month(due, TUESDAY)
    assert caught.value.reason == reason


def test_any_day_stands_for_its_month() -> None:
    assert check_due_month(dt.date(2026, 11, 3), TUESDAY) == NOVEMBER


def test_overdue_is_what_is_open_after_its_month() -> None:
    assert is_overdue(recall(due_month=dt.date(2026, 10, 1)), TUESDAY)
    assert not is_overdue(recall(), TUESDAY)
    assert not is_overdue(recall(due_month=dt.date(2026, 10, 1), state=RecallState.REFUSED), TUESDAY)


def test_the_longest_due_first_then_who_was_not_tried_then_who_was_tried_longest_ago() -> None:
    old = recall(due_month=dt.date(2026, 9, 1), last_outcome=Outcome.NO_ANSWER, last_attempt_at=local(9))
    fresh, tried = recall(), recall(last_attempt_at=local(8), last_outcome=Outcome.CALL_BACK)
    lately = recall(last_attempt_at=local(9))
    assert sorted([lately, tried, fresh, old], key=worklist_order) == [old, fresh, tried, lately]
