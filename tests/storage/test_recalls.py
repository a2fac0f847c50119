"""A booking answers the recalls of its patient, whoever makes it; given up, it leaves them open again."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.office import DAY, Office, at, put, value


@pytest.fixture
def reception(rolled_back: Office) -> psycopg.Connection[Any]:
    return rolled_back.connect("renata")


def recalled(office: Office, connection: psycopg.Connection[Any], **changes: object) -> UUID:
    key = uuid4()
    row = {"clinic_id": office.sample.clinics["ipe"], "patient_id": office.sample.patients["ana"], **changes}
    put(connection, "recall", id=key, due_month=DAY.replace(day=1), **row)
    return key


def standing(connection: psycopg.Connection[Any], recall: UUID) -> tuple[str, UUID | None]:
    row = connection.execute("SELECT state, appointment_id FROM clinicdesk.recall WHERE id = %s", [recall]).fetchone()
    assert row is not None
    return row[0], row[1]


def step(connection: psycopg.Connection[Any], visit: UUID, status: str) -> None:
    by = "clinic" if status == "cancelled" else None
    connection.execute(
        "UPDATE clinicdesk.appointment SET status = %s, cancelled_by = %s WHERE id = %s", [status, by, visit]
    )


@pytest.mark.parametrize("service", [None, "visit"])
def test_a_booking_closes_the_recall_it_answers(service: str | None, rolled_back: Office, reception: Any) -> None:
    wanted = rolled_back.sample.services[service] if service else None
    recall = recalled(rolled_back, reception, service_id=wanted)
    visit = rolled_back.book_row(reception)
    assert standing(reception, recall) == ("booked", visit)


def test_it_closes_every_recall_it_answers_and_no_other(rolled_back: Office, reception: Any) -> None:
    sample = rolled_back.sample
    answered = [recalled(rolled_back, reception) for _number in range(2)]
    others = [
        recalled(rolled_back, reception, service_id=sample.services["laser"]),
        recalled(rolled_back, reception, patient_id=sample.patients["bento"]),
    ]
    visit = rolled_back.book_row(reception)
    assert [standing(reception, one) for one in answered] == [("booked", visit)] * 2
    assert [standing(reception, one) for one in others] == [("open", None)] * 2


@pytest.mark.parametrize("given_up", ["cancelled", "no_show"])
def test_a_visit_given_up_opens_its_recall_again_and_brought_back_closes_it(
    given_up: str, rolled_back: Office, reception: Any
) -> None:
    recall = recalled(rolled_back, reception)
    visit = rolled_back.book_row(reception)
    step(reception, visit, given_up)
    assert standing(reception, recall) == ("open", None)
    step(reception, visit, "pending")
    assert standing(reception, recall) == ("booked", visit)


def test_steps_that_keep_the_time_leave_the_recall_alone(rolled_back: Office, reception: Any) -> None:
    recall = recalled(rolled_back, reception)
    visit = rolled_back.book_row(reception)
    before = value(reception, "SELECT version FROM clinicdesk.recall WHERE id = %s", [recall])
    for status in ("confirmed", "checked_in", "in_progress", "completed"):
        step(reception, visit, status)
    assert standing(reception, recall) == ("booked", visit)
    assert value(reception, "SELECT version FROM clinicdesk.recall WHERE id = %s", [recall]) == before


def test_another_service_opens_the_recall_of_the_first(rolled_back: Office, reception: Any) -> None:
    services = rolled_back.sample.services
    first = recalled(rolled_back, reception, service_id=services["visit"])
    second = recalled(rolled_back, reception, service_id=services["laser"])
    visit = rolled_back.book_row(reception)
    change = "UPDATE clinicdesk.appointment SET service_id = %s WHERE id = %s"
    reception.execute(change, [services["laser"], visit])
    assert standing(reception, first) == ("open", None)
    assert standing(reception, second) == ("booked", visit)


def test_a_visit_from_before_the_recall_answers_nothing(rolled_back: Office, reception: Any) -> None:
    recall = recalled(rolled_back, reception)
    past = dt.date(2020, 3, 3)
    rolled_back.book_row(reception, starts_at=at(9, day=past), ends_at=at(10, day=past))
    assert standing(reception, recall) == ("open", None)


@pytest.mark.parametrize("state", ["refused", "given_up"])
def test_what_is_closed_already_stays_closed(state: str, rolled_back: Office, reception: Any) -> None:
    recall = recalled(rolled_back, reception)
    reception.execute("UPDATE clinicdesk.recall SET state = %s WHERE id = %s", [state, recall])
    visit = rolled_back.book_row(reception)
    step(reception, visit, "cancelled")
    assert standing(reception, recall) == (state, None)


def test_a_professionals_own_booking_closes_it_too(rolled_back: Office) -> None:
    helena = rolled_back.connect("helena")
    recall = recalled(rolled_back, helena)
    visit = rolled_back.book_row(helena)
    assert standing(helena, recall) == ("booked", visit)


def test_an_attempt_is_taken_back_by_who_noted_it_alone(office: Office) -> None:
    renata, otavio, attempt = office.connect("renata"), office.connect("otavio"), uuid4()
    recall = recalled(office, renata)
    own = {"clinic_id": office.sample.clinics["ipe"], "recall_id": recall, "outcome": "no_answer"}
    put(renata, "recall_attempt", id=attempt, **own)
    taken = "DELETE FROM clinicdesk.recall_attempt WHERE id = %s"
    assert otavio.execute(taken.encode(), [attempt]).rowcount == 0
    assert renata.execute(taken.encode(), [attempt]).rowcount == 1
