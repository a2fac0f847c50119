"""The exclusion against a model that a child could check: whatever is done in whatever order, nothing is held twice."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import errors

from clinicdesk.errors import InvalidField, OutsidePolicy
from clinicdesk.storage.conflicts import as_clinic_error
from tests.office import Office, at, put, value


@dataclass(frozen=True)
class Visit:
    """One appointment of the model; times in minutes from eight o'clock."""

    professional: str
    room: str
    machine: str
    start: int
    length: int
    before: int
    after: int
    overbooked: bool
    status: str = "pending"

    @property
    def things(self) -> set[str]:
        """What nobody else may hold meanwhile."""
        person = set() if self.overbooked else {self.professional}
        return (person | {self.room, self.machine}) - {""}

    def collides(self, other: "Visit") -> bool:
        """Whether the two cannot both be."""
        if "cancelled" in (self.status, other.status) or not self.things & other.things:
            return False
        mine = range(self.start - self.before, self.start + self.length + self.after)
        theirs = range(other.start - other.before, other.start + other.length + other.after)
        return any(minute in theirs for minute in mine)


VISITS = st.builds(
    Visit,
    professional=st.sampled_from(["helena", "caio"]),
    room=st.sampled_from(["", "room 1", "room 2"]),
    machine=st.sampled_from(["", "", "laser"]),
    start=st.integers(0, 6).map(lambda step: step * 5),
    length=st.integers(1, 6).map(lambda step: step * 5),
    before=st.sampled_from([0, 0, 5]),
    after=st.sampled_from([0, 0, 10]),
    overbooked=st.sampled_from([False, False, True]),
)
STEPS = st.one_of(
    st.tuples(st.just("book"), st.integers(0, 3), VISITS),
    st.tuples(st.just("move"), st.integers(0, 3), VISITS),
    st.tuples(st.just("cancel"), st.integers(0, 3), VISITS),
    st.tuples(st.just("restore"), st.integers(0, 3), VISITS),
)


def _columns(office: Office, visit: Visit) -> dict[str, object]:
    sample = office.sample
    start = at(8) + dt.timedelta(minutes=visit.start)
    return {
        "professional_id": sample.professionals[visit.professional],
        "room_id": sample.rooms.get(visit.room),
        "equipment_id": sample.machines.get(visit.machine),
        "starts_at": start,
        "ends_at": start + dt.timedelta(minutes=visit.length),
        "buffer_before": visit.before,
        "buffer_after": visit.after,
        "overbooking_reason": "dor" if visit.overbooked else "",
        "status": visit.status,
        "cancelled_by": "patient" if visit.status == "cancelled" else None,
    }


def _wanted(step: str, visit: Visit, present: Visit | None) -> Visit | None:
    """The row after a step, None when the step does not apply."""
    if step == "book":
        return visit if present is None else None
    if present is None:
        return None
    if step == "move":
        return replace(visit, status=present.status)
    status = "cancelled" if step == "cancel" else "pending"
    return replace(present, status=status) if present.status != status else None


def _accepted(work: Callable[[], object], connection: psycopg.Connection[Any]) -> bool:
    try:
        with connection.transaction():
            work()
    except errors.ExclusionViolation:
        return False
    return True


@pytest.fixture
def reception(rolled_back: Office) -> tuple[Office, psycopg.Connection[Any]]:
    connection = rolled_back.admin()
    connection.execute("UPDATE clinicdesk.scheduling_policy SET max_daily_overbookings = 1000")
    return rolled_back, connection


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=8, max_size=25))
def test_the_database_accepts_what_the_model_accepts(
    reception: tuple[Office, psycopg.Connection[Any]], steps: list[tuple[str, int, Visit]]
) -> None:
    office, connection = reception
    model: dict[int, Visit] = {}
    ids = [uuid4() for _ in range(8)]
    with connection.transaction(force_rollback=True):
        for step, number, visit in steps:
            wanted = _wanted(step, visit, model.get(number))
            if wanted is None:
                continue
            fits = not any(wanted.collides(other) for key, other in model.items() if key != number)
            row = _columns(office, wanted)

            def write(row: dict[str, object] = row, key: UUID = ids[number], new: bool = number not in model) -> None:
                if new:
                    office.book_row(connection, id=key, **row)
                    return
                assignments = ", ".join(f"{name} = %({name})s" for name in row)
                statement = f"UPDATE clinicdesk.appointment SET {assignments} WHERE id = %(id)s"
                connection.execute(statement.encode(), {**row, "id": key})

            assert _accepted(write, connection) == fits, (step, wanted, model)
            if fits:
                model[number] = wanted


def test_zero_and_negative_lengths_are_refused(rolled_back: Office) -> None:
    connection = rolled_back.connect("renata")
    for ends_at in (at(9), at(8, 59)):
        with pytest.raises(errors.CheckViolation) as caught, connection.transaction():
            rolled_back.book_row(connection, ends_at=ends_at)
        assert as_clinic_error(caught.value) == InvalidField("ends_at", "before_start")


def test_a_cancelled_visit_does_not_come_back_into_a_taken_slot(office: Office) -> None:
    connection = office.connect("renata")
    visit = office.book_row(connection)
    connection.execute("UPDATE clinicdesk.appointment SET status = 'cancelled', cancelled_by = 'patient'")
    office.book_row(connection)
    with pytest.raises(errors.ExclusionViolation):
        connection.execute(
            "UPDATE clinicdesk.appointment SET status = 'pending', cancelled_by = NULL WHERE id = %s", [visit]
        )


def test_overbooking_exempts_the_professional_and_no_room(office: Office) -> None:
    connection, sample = office.connect("renata"), office.sample
    office.book_row(connection)
    with pytest.raises(errors.ExclusionViolation):
        office.book_row(connection, overbooking_reason="dor")
    office.book_row(connection, overbooking_reason="dor", room_id=sample.rooms["room 2"])
    with pytest.raises(errors.ExclusionViolation):
        office.book_row(connection, overbooking_reason="dor", room_id=sample.rooms["room 2"])
    office.book_row(connection, overbooking_reason="dor", room_id=None)


def test_the_limit_of_overbookings_counts_the_local_day(office: Office) -> None:
    connection = office.connect("renata")
    night = {"overbooking_reason": "dor", "room_id": None, "starts_at": at(23), "ends_at": at(23, 30)}
    for _ in range(3):
        office.book_row(connection, **night)
    with pytest.raises(psycopg.Error) as caught:
        office.book_row(connection, **night)
    assert as_clinic_error(caught.value) == OutsidePolicy("max_daily_overbookings", 3)
    later = at(0, 30, at(12).date() + dt.timedelta(days=1))
    office.book_row(connection, **{**night, "starts_at": later, "ends_at": later + dt.timedelta(minutes=30)})


def test_a_move_and_a_restored_visit_count_as_overbookings(office: Office) -> None:
    connection = office.connect("renata")
    for _ in range(3):
        office.book_row(connection, overbooking_reason="dor", room_id=None)
    other = office.book_row(connection, room_id=None, starts_at=at(14), ends_at=at(15))
    with pytest.raises(psycopg.Error) as caught:
        connection.execute("UPDATE clinicdesk.appointment SET overbooking_reason = 'dor' WHERE id = %s", [other])
    assert caught.value.sqlstate == "CD002"
    connection.execute(
        "UPDATE clinicdesk.appointment SET status = 'cancelled', cancelled_by = 'clinic' WHERE id ="
        " (SELECT id FROM clinicdesk.appointment WHERE overbooking_reason <> '' LIMIT 1)"
    )
    connection.execute("UPDATE clinicdesk.appointment SET overbooking_reason = 'dor' WHERE id = %s", [other])
    with pytest.raises(psycopg.Error) as caught:
        connection.execute(
            "UPDATE clinicdesk.appointment SET status = 'pending', cancelled_by = NULL WHERE status = 'cancelled'"
        )
    assert caught.value.sqlstate == "CD002"


def _together(works: list[Callable[[], None]]) -> list[str | None]:
    """Run all at once; the SQLSTATE of each, None for those that passed."""
    answers: list[str | None] = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(number: int) -> None:
        start.wait()
        try:
            works[number]()
        except psycopg.Error as error:
            answers[number] = error.sqlstate

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_limit_of_overbookings_holds_under_a_race(office: Office) -> None:
    connections = [office.connect("renata") for _ in range(8)]
    row = {"overbooking_reason": "dor", "room_id": None}
    answers = _together([lambda one=one: office.book_row(one, **row) for one in connections])  # type: ignore[misc]
    assert sorted(answers, key=str) == ["CD002"] * 5 + [None] * 3
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.appointment") == 3


def test_one_of_many_gets_the_slot(office: Office) -> None:
    connections = [office.connect("renata") for _ in range(8)]
    answers = _together([lambda one=one: office.book_row(one) for one in connections])  # type: ignore[misc]
    assert sorted(answers, key=str) == ["23P01"] * 7 + [None]


def test_two_owners_do_not_close_each_other(office: Office) -> None:
    admin, people = office.admin(), office.sample.people
    claudia = office.connect("claudia")
    admin.execute("UPDATE clinicdesk.person SET role = 'owner' WHERE login = 'otavio'")
    admin.execute(f"GRANT cd_owner TO {office.database}_otavio".encode())
    otavio = office.connect("otavio")
    close = "SELECT clinicdesk.close_person(%s)"
    answers: list[str | None] = []

    def close_claudia() -> None:
        try:
            otavio.execute(close, [people["claudia"]])
        except psycopg.Error as error:
            answers.append(error.sqlstate)

    with claudia.transaction():
        claudia.execute(close, [people["otavio"]])
        claudia.execute("SET CONSTRAINTS ALL IMMEDIATE")  # counted, and not yet committed
        other = threading.Thread(target=close_claudia)
        other.start()
        other.join(0.3)
    other.join()
    assert answers == ["CD003"]
    assert value(admin, "SELECT count(*) FROM clinicdesk.person WHERE role = 'owner' AND active") == 1


def test_a_status_step_does_not_wait_for_a_lock_that_a_move_holds(office: Office) -> None:
    """The move holds the professional and wants the row, the step holds the row: it must not want the professional."""
    moving, stepping = office.connect("renata"), office.connect("claudia")
    visit = office.book_row(moving)
    with moving.transaction():
        moving.execute("SELECT clinicdesk.lock_resources(%s)", [[office.sample.professionals["helena"]]])
        stepping.execute("UPDATE clinicdesk.appointment SET status = 'confirmed' WHERE id = %s", [visit])
        moving.execute("UPDATE clinicdesk.appointment SET starts_at = %s, ends_at = %s", [at(10), at(11)])


def test_resources_are_locked_until_the_end(office: Office) -> None:
    holding, waiting = office.connect("renata"), office.connect("claudia")
    helena = office.sample.professionals["helena"]
    with holding.transaction():
        holding.execute("SELECT clinicdesk.lock_resources(%s)", [[helena]])
        waiting.execute("SET lock_timeout = '50ms'")
        with pytest.raises(errors.LockNotAvailable):
            office.book_row(waiting)
        with pytest.raises(errors.LockNotAvailable):
            clinic = office.sample.clinics["ipe"]
            times = {"starts_at": at(15), "ends_at": at(16)}
            put(waiting, "time_block", id=uuid4(), clinic_id=clinic, resource_id=helena, **times)
    office.book_row(waiting)
