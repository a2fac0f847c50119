"""Which past visits wait to be closed, and which steps wait for a visit's time."""

import datetime as dt

import pytest

from clinicdesk.domain.agenda import STEPS, Status
from clinicdesk.domain.closing import GRACE, LOOKED_BACK, is_unclosed, require_time
from clinicdesk.errors import TooEarly
from tests.builders import appointment, local

VISIT = appointment(starts_at=local(9), ends_at=local(10))
OPEN = {Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN, Status.IN_PROGRESS}


@pytest.mark.parametrize("status", Status)
def test_only_a_visit_without_an_end_waits(status: Status) -> None:
    visit = appointment(starts_at=local(9), ends_at=local(10), status=status)
    assert is_unclosed(visit, local(12)) is (status in OPEN)


def test_it_waits_from_an_hour_after_its_end_and_not_for_ever() -> None:
    end, tick = VISIT.ends_at, dt.timedelta(seconds=1)
    assert not is_unclosed(VISIT, end + GRACE - tick)
    assert is_unclosed(VISIT, end + GRACE)
    assert is_unclosed(VISIT, end + LOOKED_BACK - tick)
    assert not is_unclosed(VISIT, end + LOOKED_BACK)


@pytest.mark.parametrize("present", Status)
def test_how_it_ended_cannot_be_said_before_it_was_to_begin(present: Status) -> None:
    visit = appointment(starts_at=local(9), ends_at=local(10), status=present)
    for wanted in STEPS[present]:
        require_time(visit, wanted, local(9))
        ends = wanted is Status.NO_SHOW or (wanted is Status.COMPLETED and present is not Status.IN_PROGRESS)
        if not ends:
            require_time(visit, wanted, local(8, 59))
            continue
        with pytest.raises(TooEarly) as refused:
            require_time(visit, wanted, local(8, 59))
        assert (refused.value.wanted, refused.value.starts_at) == (wanted, visit.starts_at)
