"""Calls: written once, told to every desk of the clinic and to no other, with as little of a name as will do."""

import datetime as dt
from uuid import UUID, uuid4

import pytest

from clinicdesk.domain.calls import CallPatient
from clinicdesk.errors import NotFound, NotWaiting
from clinicdesk.usecases import calls
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import Office, at, put


@pytest.fixture
def reception(office: Office) -> Clinic:
    return office.desk("renata")


def waiting(office: Office, **changes: object) -> UUID:
    now = dt.datetime.now(dt.UTC)
    times = {"starts_at": now, "ends_at": now + dt.timedelta(minutes=30)}
    return office.book_row(office.admin(), **({"status": "checked_in"} | times | changes))


def call(clinic: Clinic, visit: UUID, place: str = "") -> UUID:
    return calls.call(clinic, CallPatient(new_id(), visit, place))


def test_a_call_goes_to_the_room_of_the_visit_or_where_one_says(office: Office, reception: Clinic) -> None:
    visit = waiting(office)
    call(reception, visit)
    [shown] = calls.board(reception, dt.datetime.now(dt.UTC))
    assert (shown.appointment_id, shown.name, shown.times) == (visit, "Ana Á.", 1)
    room = shown.place
    assert room
    call(office.desk("helena"), visit, " Sala de curativos ")
    [shown] = calls.board(reception, dt.datetime.now(dt.UTC))
    assert (shown.place, shown.times) == ("Sala de curativos", 2)


def test_the_newest_stands_first_and_each_visit_once(office: Office, reception: Clinic) -> None:
    first = waiting(office)
    second = waiting(
        office,
        patient_id=office.sample.patients["bento"],
        professional_id=office.sample.professionals["caio"],
        room_id=None,
    )
    for visit in (first, second, first):
        call(reception, visit)
    shown = calls.board(reception, dt.datetime.now(dt.UTC))
    assert [one.appointment_id for one in shown] == [first, second]
    assert shown[1].place == ""


def test_the_same_operation_twice_is_one_call(office: Office, reception: Clinic) -> None:
    command = CallPatient(new_id(), waiting(office))
    assert calls.call(reception, command) == calls.call(reception, command)
    assert [one.times for one in calls.board(reception, dt.datetime.now(dt.UTC))] == [1]


def test_a_social_name_is_the_name_and_homonyms_in_the_room_are_told_apart(office: Office, reception: Clinic) -> None:
    admin, other = office.admin(), uuid4()
    ana = office.sample.patients["ana"]
    admin.execute("UPDATE clinicdesk.patient SET social_name = 'Alex Dias' WHERE id = %s", [ana])
    put(admin, "patient", id=other, full_name="Alex Duarte")
    call(reception, waiting(office))
    assert [one.name for one in calls.board(reception, dt.datetime.now(dt.UTC))] == ["Alex D."]
    waiting(office, patient_id=other, professional_id=office.sample.professionals["caio"], room_id=None)
    names = [one.name for one in calls.board(reception, dt.datetime.now(dt.UTC))]
    assert names[0].startswith("Alex D. (")


def test_who_is_not_there_is_not_called(office: Office, reception: Clinic) -> None:
    with pytest.raises(NotWaiting):
        call(reception, waiting(office, status="confirmed"))


def test_another_clinic_calls_nobody_here_and_shows_nobody(office: Office, reception: Clinic) -> None:
    visit = waiting(office)
    call(reception, visit)
    bruno = office.desk("bruno")
    assert calls.board(bruno, dt.datetime.now(dt.UTC)) == ()
    for clinic in (bruno, office.desk("claudia", "jacaranda")):
        with pytest.raises(NotFound):
            call(clinic, visit)


def test_yesterdays_calls_are_gone(office: Office, reception: Clinic) -> None:
    call(reception, waiting(office))
    assert calls.board(reception, at(9)) == ()
