"""The storms of `tests/faults/webhooks.py`, small."""

import pytest

from tests.faults import webhooks
from tests.office import Office
from tests.sync.ground import committed


@pytest.mark.commits
def test_damaged_bodies_are_not_kept_and_break_nothing(office: Office) -> None:
    found = webhooks.fuzz(committed(office), count=400)
    assert found.met, found.said


@pytest.mark.commits
def test_sixteen_times_in_any_order_is_once(office: Office) -> None:
    found = webhooks.shuffled(committed(office), people=4, messages=3)
    assert found.met, found.said
