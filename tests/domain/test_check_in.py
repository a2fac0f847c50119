"""Codes as keyboards give them, and what a visit answers."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.check_in import Answer, answer, continues, readings, require_readings, shown
from clinicdesk.errors import InvalidField
from tests.builders import TUESDAY, ZONE, appointment, local

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODES = st.text(ALPHABET, min_size=12, max_size=12).map("CD".__add__)
# What the keys of a United States keyboard give elsewhere, small and capital.
US = "abcdefghjklmnpqrstuvwxyz23456789"
FRENCH = "qbcdefghjkl,nparstuvzxyw" + "é\"'(-è_ç"
FRENCH_CAPITALS = "QBCDEFGHJKL?NPARSTUVZXYW" + "23456789"
BELGIAN = "qbcdefghjkl,nparstuvzxyw" + "é\"'(§è!ç"
GERMAN = "abcdefghjklmnpqrstuvwxzy23456789"
LAYOUTS = {
    "us, abnt2": US,
    "us, capital lock": US.upper(),
    "french": FRENCH,
    "french, shift or lock": FRENCH_CAPITALS,
    "french on linux, lock": FRENCH.upper(),
    "belgian": BELGIAN,
    "german": GERMAN,
    "german, capital lock": GERMAN.upper(),
}


def typed_on(layout: str, code: str) -> str:
    """What the computer understands when a scanner types as on a United States keyboard."""
    return code.lower().translate(str.maketrans(US, LAYOUTS[layout]))


@pytest.mark.parametrize("layout", LAYOUTS)
@given(code=CODES)
def test_a_code_is_read_on_any_keyboard(layout: str, code: str) -> None:
    typed = typed_on(layout, code)
    assert code in readings(typed)
    assert all(continues(place, letter) for place, letter in enumerate(typed))


@given(CODES)
def test_a_code_that_was_read_aloud_reads_back(code: str) -> None:
    assert readings(shown(code)) == readings(code)
    assert readings(code)[0] == code
    assert require_readings(f"  {shown(code).lower()}\n") == readings(code)


@given(st.text(max_size=20))
def test_readings_are_codes_and_nothing_else_is(text: str) -> None:
    for one in readings(text):
        assert len(one) == 14 and set(one) <= set(ALPHABET)


@pytest.mark.parametrize("text", ["", "CD", "CD1234567890AB", "CDABCDEFGHJKL", "XYABCDEFGHJKLM", "maria da silva", "§"])
def test_what_is_no_code_is_refused(text: str) -> None:
    assert readings(text) == ()
    with pytest.raises(InvalidField):
        require_readings(text)


@pytest.mark.parametrize(
    ("status", "days", "said"),
    [
        (Status.PENDING, 0, Answer.ARRIVED),
        (Status.CONFIRMED, 0, Answer.ARRIVED),
        (Status.NO_SHOW, 0, Answer.ARRIVED),
        (Status.CHECKED_IN, 0, Answer.HERE),
        (Status.IN_PROGRESS, 0, Answer.INSIDE),
        (Status.COMPLETED, 0, Answer.OVER),
        (Status.CANCELLED, 0, Answer.CANCELLED),
        (Status.CONFIRMED, -1, Answer.OTHER_DAY),
        (Status.CONFIRMED, 1, Answer.OTHER_DAY),
        (Status.CHECKED_IN, -1, Answer.OTHER_DAY),
        (Status.CANCELLED, 1, Answer.CANCELLED),
        (Status.COMPLETED, -1, Answer.OVER),
    ],
)
def test_what_a_visit_answers(status: Status, days: int, said: Answer) -> None:
    day = TUESDAY + dt.timedelta(days=days)
    visit = appointment(status=status, starts_at=local(10, day=day), ends_at=local(11, day=day))
    assert answer(visit, TUESDAY, ZONE) is said


def test_the_day_is_the_clinics_and_not_that_of_greenwich() -> None:
    late = appointment(starts_at=local(22), ends_at=local(22, 30))
    assert late.starts_at.date() != TUESDAY
    assert answer(late, TUESDAY, ZONE) is Answer.ARRIVED
