"""Recalls: added from a visit, worked off, closed by a booking and opened again by its cancellation."""

import datetime as dt
from uuid import UUID

import pytest

from clinicdesk.domain.agenda import BookAppointment, CancelledBy, ChangeStatus, Slot, Status
from clinicdesk.domain.recall import AddRecall, ChangeRecall, NoteAttempt, Outcome, Recall, RecallState
from clinicdesk.errors import ChangedElsewhere, InvalidField, NotFound
from clinicdesk.usecases import agenda, recall
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at

NEXT_YEAR = DAY + dt.timedelta(days=365)


@pytest.fixture
def reception(office: Office) -> Clinic:
    return office.desk("renata")


def added(office: Office, clinic: Clinic, patient: str = "ana", service: str | None = "visit") -> Recall:
    wanted = office.sample.services[service] if service else None
    return recall.add(clinic, AddRecall(new_id(), office.sample.patients[patient], DAY, wanted), DAY)


def listed(clinic: Clinic, state: RecallState = RecallState.OPEN) -> list[UUID]:
    return [one.id for one in recall.worklist(clinic, state, NEXT_YEAR)]


def test_a_recall_is_added_once_and_stands_in_its_month(office: Office, reception: Clinic) -> None:
    command = AddRecall(new_id(), office.sample.patients["ana"], DAY, office.sample.services["visit"], None, " voltar ")
    first = recall.add(reception, command, DAY)
    assert recall.add(reception, command, DAY) == first
    assert (first.due_month, first.reason, first.state) == (DAY.replace(day=1), "voltar", RecallState.OPEN)
    assert listed(reception) == [first.id]
    assert recall.worklist(reception, RecallState.OPEN, DAY - dt.timedelta(days=31)) == []


def test_a_month_that_is_over_is_refused(office: Office, reception: Clinic) -> None:
    with pytest.raises(InvalidField):
        recall.add(reception, AddRecall(new_id(), office.sample.patients["ana"], DAY - dt.timedelta(days=40)), DAY)


def test_a_booking_closes_it_and_a_cancellation_opens_it_again(office: Office, reception: Clinic) -> None:
    wanted = added(office, reception)
    sample = office.sample
    visit = agenda.book(
        reception,
        BookAppointment(new_id(), sample.patients["ana"], sample.professionals["helena"], sample.services["visit"],
                        Slot(at(9), at(9, 30)), sample.rooms["room 1"]),
    )  # fmt: skip
    assert listed(reception) == []
    [booked] = recall.worklist(reception, RecallState.BOOKED, NEXT_YEAR)
    assert (booked.id, booked.appointment_id, booked.booked_for) == (wanted.id, visit.id, at(9))
    cancel = ChangeStatus(new_id(), visit.id, visit.version, Status.CANCELLED, reason="x",
                          cancelled_by=CancelledBy.PATIENT)  # fmt: skip
    agenda.change_status(reception, cancel)
    assert listed(reception) == [wanted.id]


def test_attempts_are_kept_with_who_and_when_and_counted(office: Office, reception: Clinic) -> None:
    wanted = added(office, reception)
    for outcome in (Outcome.NO_ANSWER, Outcome.LEFT_MESSAGE):
        found, _attempt = recall.note_attempt(reception, NoteAttempt(new_id(), wanted.id, outcome, "à tarde"))
    assert (found.attempts, found.last_outcome) == (2, Outcome.LEFT_MESSAGE)
    tried = recall.attempts(reception, wanted.id)
    assert [one.outcome for one in tried] == [Outcome.LEFT_MESSAGE, Outcome.NO_ANSWER]
    assert tried[0].person_name == "Renata Souza" and tried[0].note == "à tarde"


def test_the_same_attempt_twice_is_one(office: Office, reception: Clinic) -> None:
    command = NoteAttempt(new_id(), added(office, reception).id, Outcome.NO_ANSWER)
    assert recall.note_attempt(reception, command)[1] == recall.note_attempt(reception, command)[1]
    assert len(recall.attempts(reception, command.recall_id)) == 1


def test_a_refusal_closes_it_and_taken_back_opens_it(office: Office, reception: Clinic) -> None:
    wanted = added(office, reception)
    found, attempt = recall.note_attempt(reception, NoteAttempt(new_id(), wanted.id, Outcome.REFUSED))
    assert found.state is RecallState.REFUSED and listed(reception) == []
    with pytest.raises(NotFound):
        recall.take_attempt_back(office.desk("otavio"), wanted.id, attempt)
    assert recall.take_attempt_back(reception, wanted.id, attempt).state is RecallState.OPEN
    assert listed(reception) == [wanted.id] and recall.attempts(reception, wanted.id) == []


def test_it_is_put_off_and_given_up_and_a_stale_change_is_refused(office: Office, reception: Clinic) -> None:
    wanted = added(office, reception)
    april = dt.date(2035, 4, 1)
    off = recall.change(reception, ChangeRecall(new_id(), wanted.id, wanted.version, april, RecallState.OPEN))
    assert off.due_month == april
    stale = ChangeRecall(new_id(), wanted.id, wanted.version, april, RecallState.GIVEN_UP)
    with pytest.raises(ChangedElsewhere):
        recall.change(office.desk("otavio"), stale)
    gone = recall.change(reception, ChangeRecall(new_id(), wanted.id, off.version, april, RecallState.GIVEN_UP))
    assert gone.state is RecallState.GIVEN_UP and listed(reception) == []


def test_another_clinic_sees_and_changes_none(office: Office, reception: Clinic) -> None:
    wanted, bruno = added(office, reception), office.desk("bruno")
    assert listed(bruno) == []
    with pytest.raises(NotFound):
        recall.note_attempt(bruno, NoteAttempt(new_id(), wanted.id, Outcome.NO_ANSWER))
