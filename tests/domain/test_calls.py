"""How little of a name the waiting room reads, and that it is enough."""

import datetime as dt
from itertools import combinations
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.calls import Present, require_waiting, screen_names
from clinicdesk.errors import NotWaiting
from tests.builders import appointment

NINE, TEN = dt.time(9), dt.time(10, 45)


def present(name: str, time: dt.time = NINE, patient: UUID | None = None) -> Present:
    return Present(patient or uuid4(), name, time)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Ana Paula Nogueira", "Ana N."), ("Maria do Socorro Lima", "Maria L."), ("Cher", "Cher"), ("", "")],
)
def test_a_screen_shows_first_name_and_initial(name: str, shown: str) -> None:
    assert screen_names([present(name)]) == [shown]


def test_homonyms_get_the_initials_between_and_then_their_hour() -> None:
    people = [present("Maria do Socorro Lima"), present("Maria Clara Lima"), present("João Lima")]
    assert screen_names(people) == ["Maria S. L.", "Maria C. L.", "João L."]
    people = [present("Ana Lima"), present("Ana Lopes", TEN), present("Ana Clara Lima")]
    assert screen_names(people) == ["Ana L. (09:00)", "Ana L. (10:45)", "Ana C. L."]


def test_two_visits_of_one_person_are_no_homonyms() -> None:
    ana = uuid4()
    assert screen_names([present("Ana Lima", NINE, ana), present("Ana Lima", TEN, ana)]) == ["Ana L.", "Ana L."]


NAMES = st.lists(st.sampled_from(["Ana", "Bia", "Lima", "Lopes", "da", "Clara", "Caio"]), max_size=5).map(" ".join)


@given(st.lists(st.tuples(NAMES, st.integers(0, 3)), max_size=8))
def test_different_people_at_different_hours_are_told_apart(people: list[tuple[str, int]]) -> None:
    everybody = [present(name, dt.time(8 + place, 5 * hour)) for place, (name, hour) in enumerate(people)]
    shown = screen_names(everybody)
    for (one, first), (other, second) in combinations(zip(everybody, shown, strict=True), 2):
        assert first != second or one.patient_id == other.patient_id
    for one, name in zip(everybody, shown, strict=True):
        words = one.name.split()
        assert not any(word in name for word in words[1:] if word != words[0])


@pytest.mark.parametrize("status", Status)
def test_who_is_not_there_is_not_called(status: Status) -> None:
    if status in (Status.CHECKED_IN, Status.IN_PROGRESS):
        require_waiting(appointment(status=status))
        return
    with pytest.raises(NotWaiting):
        require_waiting(appointment(status=status))
