"""Arrivals by code: whose it is, what it answers, and that it is done once."""

import datetime as dt
from uuid import UUID

import pytest

from clinicdesk.domain.agenda import CancelledBy, ChangeStatus, Status
from clinicdesk.domain.check_in import Answer, Arrival, Arrive, shown
from clinicdesk.errors import InvalidField, NotAllowed, NotFound, PassUnknown, SlotTaken
from clinicdesk.usecases import agenda, check_in
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office


@pytest.fixture
def reception(office: Office) -> Clinic:
    return office.desk("renata")


def booked(office: Office, **changes: object) -> UUID:
    return office.book_row(office.admin(), **changes)


def arrive(clinic: Clinic, code: str, today: dt.date = DAY) -> Arrival:
    return check_in.arrive(clinic, Arrive(new_id(), code, today))


def test_a_pass_is_made_once_and_is_the_same_at_every_desk(office: Office, reception: Clinic) -> None:
    visit = booked(office)
    code = check_in.pass_of(reception, visit)
    assert len(code) == 14
    assert check_in.pass_of(reception, visit) == code
    assert check_in.pass_of(office.desk("helena"), visit) == code
    with pytest.raises(NotFound):
        check_in.pass_of(office.desk("bruno"), visit)


def test_a_code_checks_in_and_the_second_time_says_since_when(office: Office, reception: Clinic) -> None:
    visit = booked(office)
    code = check_in.pass_of(reception, visit)
    first = arrive(reception, shown(code).lower())
    assert (first.answer, first.appointment.status) == (Answer.ARRIVED, Status.CHECKED_IN)
    assert first.before is not None and first.before.status is Status.PENDING
    again = arrive(reception, code)
    assert (again.answer, again.before) == (Answer.HERE, None)
    assert again.appointment == first.appointment


def test_the_same_operation_twice_is_one_arrival(office: Office, reception: Clinic) -> None:
    visit = booked(office)
    command = Arrive(new_id(), check_in.pass_of(reception, visit), DAY)
    check_in.arrive(reception, command)
    check_in.arrive(reception, command)
    assert [one.status for one in agenda.appointments(reception, [visit])] == [Status.CHECKED_IN]
    assert len(agenda.history(reception, visit)) == 2


@pytest.mark.parametrize("days", [-1, 1])
def test_a_code_of_another_day_changes_nothing(days: int, office: Office, reception: Clinic) -> None:
    visit = booked(office)
    told = arrive(reception, check_in.pass_of(reception, visit), DAY + dt.timedelta(days=days))
    assert (told.answer, told.appointment.status) == (Answer.OTHER_DAY, Status.PENDING)


def test_a_cancelled_visit_stays_cancelled(office: Office, reception: Clinic) -> None:
    visit = booked(office)
    code = check_in.pass_of(reception, visit)
    seen = agenda.appointments(reception, [visit])[0]
    cancel = ChangeStatus(new_id(), visit, seen.version, Status.CANCELLED, reason="x", cancelled_by=CancelledBy.PATIENT)
    agenda.change_status(reception, cancel)
    assert arrive(reception, code).answer is Answer.CANCELLED


def test_who_was_given_up_arrives_unless_the_time_is_somebody_elses(office: Office, reception: Clinic) -> None:
    late = booked(office, status="no_show")
    code = check_in.pass_of(reception, late)
    booked(office, patient_id=office.sample.patients["bento"])
    with pytest.raises(SlotTaken):
        arrive(reception, code)
    office.admin().execute("UPDATE clinicdesk.appointment SET status = 'no_show' WHERE id <> %s", [late])
    assert arrive(reception, code).answer is Answer.ARRIVED


@pytest.mark.parametrize("code", ["CDAAAAAAAAAAAA", "the code of another clinic"])
def test_a_code_of_nobody_and_one_of_another_clinic_are_told_alike(
    code: str, office: Office, reception: Clinic
) -> None:
    if " " in code:
        code = check_in.pass_of(office.desk("claudia"), booked(office))
        reception = office.desk("bruno")
    with pytest.raises(PassUnknown) as caught:
        arrive(reception, code)
    assert caught.value.clinic_name == ""


def test_who_works_in_both_units_is_told_which_one(office: Office, reception: Clinic) -> None:
    code = check_in.pass_of(reception, booked(office))
    with pytest.raises(PassUnknown) as caught:
        arrive(office.desk("claudia", "jacaranda"), code)
    assert "Ip" in caught.value.clinic_name


def test_what_is_no_code_is_said_so(reception: Clinic) -> None:
    with pytest.raises(InvalidField):
        arrive(reception, "maria")


def test_a_professional_registers_the_arrival_of_their_own_patients_alone(office: Office, reception: Clinic) -> None:
    code = check_in.pass_of(reception, booked(office))
    with pytest.raises(NotAllowed):
        arrive(office.desk("caio"), code)
    assert arrive(office.desk("helena"), code).answer is Answer.ARRIVED
