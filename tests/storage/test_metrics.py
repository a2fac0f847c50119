"""Metrics are what the visits add up to: after every change, under races, in the clinic's own days, and put right."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from psycopg import errors

from clinicdesk.domain.agenda import STEPS, Appointment, Status
from clinicdesk.domain.metrics import PatientMetrics, metrics_of
from clinicdesk.storage import metrics as rows
from tests import builders
from tests.office import Office, at, value

Pair = tuple[UUID, UUID]  # patient and clinic
HOUR = dt.timedelta(hours=1)

_KEPT = (
    "SELECT patient_id, clinic_id, booked, completed, cancelled, cancelled_late, no_show, rescheduled, first_visit_at,"
    " last_visit_at, average_days, preferred_services, preferred_weekdays, preferred_hours"
    " FROM clinicdesk.patient_metrics"
)
_VISITS = (
    "SELECT a.patient_id, a.clinic_id, c.zone, a.status, a.cancelled_late, a.reschedule_count, a.starts_at,"
    " a.service_id FROM clinicdesk.appointment a JOIN clinicdesk.clinic c ON c.id = a.clinic_id"
)


def kept(connection: psycopg.Connection[Any]) -> dict[Pair, PatientMetrics]:
    """What the database keeps; rows of noughts are as good as none."""
    found = {(row[0], row[1]): PatientMetrics(*row[2:11], *map(tuple, row[11:])) for row in connection.execute(_KEPT)}
    return {pair: one for pair, one in found.items() if one != PatientMetrics()}


def counted(connection: psycopg.Connection[Any]) -> dict[Pair, PatientMetrics]:
    """The same, counted from the visits by the domain."""
    visits: dict[Pair, list[Appointment]] = {}
    zones: dict[Pair, ZoneInfo] = {}
    for patient, clinic, zone, status, late, moves, starts_at, service in connection.execute(_VISITS):
        zones[patient, clinic] = ZoneInfo(zone)
        one = builders.appointment(
            status=Status(status), cancelled_late=late, reschedule_count=moves, starts_at=starts_at, service_id=service
        )
        visits.setdefault((patient, clinic), []).append(one)
    return {pair: metrics_of(theirs, zones[pair]) for pair, theirs in visits.items()}


def end_of_transaction(connection: psycopg.Connection[Any]) -> None:
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    connection.execute("SET CONSTRAINTS ALL DEFERRED")


class Register(RuleBasedStateMachine):
    """Visits booked, moved, stepped, given to other patients and taken away, as the administrator could at worst."""

    def __init__(self, office: Office, connection: psycopg.Connection[Any], now: dt.datetime) -> None:
        super().__init__()
        self.office = office
        self.connection = connection
        self.now = now
        self.visits: list[UUID] = []
        self.patients = list(office.sample.patients.values())

    @initialize()
    def begin(self) -> None:
        self.connection.execute("UPDATE clinicdesk.scheduling_policy SET late_cancellation_hours = 24")

    @rule(
        who=st.integers(0, 2), day=st.integers(-9, 9), hour=st.integers(0, 23), laser=st.booleans(), many=st.booleans()
    )
    def book(self, who: int, day: int, hour: int, laser: bool, many: bool) -> None:
        service = self.office.sample.services["laser" if laser else "visit"]
        starts_at = self.now + dt.timedelta(days=day, hours=hour)
        for weeks in range(3 if many else 1):
            slot = {"starts_at": starts_at + dt.timedelta(weeks=weeks)}
            slot["ends_at"] = slot["starts_at"] + HOUR
            new: list[UUID] = []
            self._try(lambda slot=slot, new=new: new.append(  # type: ignore[misc]
                self.office.book_row(self.connection, patient_id=self.patients[who], service_id=service, **slot)
            ))  # fmt: skip
            self.visits += new

    @rule(data=st.data(), steps=st.integers(1, 4))
    def step(self, data: st.DataObject, steps: int) -> None:
        if not self.visits:
            return
        visit = data.draw(st.sampled_from(self.visits))
        for _ in range(steps):
            status = Status(value(self.connection, "SELECT status FROM clinicdesk.appointment WHERE id = %s", [visit]))
            wanted = data.draw(st.sampled_from(sorted(STEPS[status])))
            by = data.draw(st.sampled_from(["patient", "clinic"])) if wanted is Status.CANCELLED else None
            self._change(visit, status=wanted, cancelled_by=by)

    @rule(data=st.data(), hours=st.integers(-200, 200))
    def move(self, data: st.DataObject, hours: int) -> None:
        if self.visits:
            visit = data.draw(st.sampled_from(self.visits))
            by = dt.timedelta(hours=hours)
            self._try(
                lambda: self.connection.execute(
                    "UPDATE clinicdesk.appointment SET starts_at = starts_at + %s, ends_at = ends_at + %s,"
                    " reschedule_count = reschedule_count + 1 WHERE id = %s",
                    [by, by, visit],
                )
            )

    @rule(data=st.data(), who=st.integers(0, 2), laser=st.booleans())
    def hand_over(self, data: st.DataObject, who: int, laser: bool) -> None:
        if self.visits:
            service = self.office.sample.services["laser" if laser else "visit"]
            visit = data.draw(st.sampled_from(self.visits))
            self._change(visit, patient_id=self.patients[who], service_id=service)

    @rule(data=st.data())
    def take_away(self, data: st.DataObject) -> None:
        if self.visits:
            visit = self.visits.pop(data.draw(st.integers(0, len(self.visits) - 1)))
            for table in ("resource_hold", "appointment_version"):
                self.connection.execute(f"DELETE FROM clinicdesk.{table} WHERE appointment_id = %s".encode(), [visit])
            self.connection.execute("DELETE FROM clinicdesk.appointment WHERE id = %s", [visit])

    @rule(zone=st.sampled_from(["America/Sao_Paulo", "America/Rio_Branco", "Pacific/Auckland"]))
    def change_zone(self, zone: str) -> None:
        self.connection.execute("UPDATE clinicdesk.clinic SET zone = %s", [zone])

    @invariant()
    def metrics_are_what_the_visits_add_up_to(self) -> None:
        end_of_transaction(self.connection)
        assert kept(self.connection) == counted(self.connection)

    @rule()
    def count_again(self) -> None:
        assert rows_to_repair(self.connection) == 0

    def teardown(self) -> None:
        self.connection.rollback()

    def _change(self, visit: UUID, **changes: object) -> None:
        written = ", ".join(f"{name} = %s" for name in changes)
        statement = f"UPDATE clinicdesk.appointment SET {written} WHERE id = %s"
        self._try(lambda: self.connection.execute(statement.encode(), [*changes.values(), visit]))

    def _try(self, work: Callable[[], object]) -> None:
        try:
            with self.connection.transaction():
                work()
        except errors.ExclusionViolation:
            pass


def rows_to_repair(connection: psycopg.Connection[Any]) -> int:
    return int(value(connection, "SELECT clinicdesk.recount_metrics()"))


def test_metrics_are_kept_through_everything(rolled_back: Office) -> None:
    admin = rolled_back.admin()
    now = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
    run_state_machine_as_test(
        lambda: Register(rolled_back, admin, now),  # type: ignore[arg-type]
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_a_booking_counts_and_a_visit_that_took_place_tells(office: Office) -> None:
    reception, admin, sample = office.connect("renata"), office.admin(), office.sample
    pair = sample.patients["ana"], sample.clinics["ipe"]
    visit = office.book_row(reception)
    assert kept(admin) == {pair: PatientMetrics(booked=1)}
    for status in ("checked_in", "in_progress", "completed"):
        reception.execute("UPDATE clinicdesk.appointment SET status = %s WHERE id = %s", [status, visit])
    assert kept(admin) == {
        pair: PatientMetrics(
            booked=1,
            completed=1,
            first_visit_at=at(9),
            last_visit_at=at(9),
            preferred_services=(sample.services["visit"],),
            preferred_weekdays=(2,),
            preferred_hours=(9,),
        )
    }
    office.book_row(reception, starts_at=at(11), ends_at=at(12))
    reception.execute(
        "UPDATE clinicdesk.appointment SET starts_at = %s, ends_at = %s, reschedule_count = 1 WHERE status = 'pending'",
        [at(14), at(15)],
    )
    reception.execute("UPDATE clinicdesk.appointment SET status = 'no_show' WHERE status = 'pending'")
    found = kept(admin)[pair]
    assert (found.booked, found.completed, found.no_show, found.rescheduled) == (2, 1, 1, 1)


def test_a_visit_handed_over_goes_with_its_numbers(rolled_back: Office) -> None:
    admin, sample = rolled_back.admin(), rolled_back.sample
    rolled_back.book_row(admin, status="completed")
    end_of_transaction(admin)
    admin.execute("UPDATE clinicdesk.appointment SET patient_id = %s", [sample.patients["bento"]])
    end_of_transaction(admin)
    assert kept(admin) == counted(admin)
    assert list(kept(admin)) == [(sample.patients["bento"], sample.clinics["ipe"])]


def test_days_are_those_of_the_clinics_wall(rolled_back: Office) -> None:
    admin = rolled_back.admin()
    rolled_back.book_row(admin, starts_at=at(23), ends_at=at(23, 30), status="completed")
    end_of_transaction(admin)
    before = kept(admin)
    admin.execute("UPDATE clinicdesk.clinic SET zone = 'Pacific/Auckland'")
    assert kept(admin) == counted(admin) != before


def test_two_desks_that_close_visits_of_one_patient_lose_neither(office: Office) -> None:
    admin = office.admin()
    days = [at(9) + dt.timedelta(days=7 * number) for number in range(6)]
    visits = [office.book_row(admin, starts_at=day, ends_at=day + HOUR, status="in_progress") for day in days]
    both_wrote = threading.Barrier(2, timeout=10)
    bugs: list[BaseException] = []

    def close(mine: list[UUID]) -> None:
        try:
            with psycopg.connect(**office.conninfo("renata")) as connection:  # type: ignore[arg-type]
                for visit in mine:
                    connection.execute("UPDATE clinicdesk.appointment SET status = 'completed' WHERE id = %s", [visit])
                    both_wrote.wait()  # neither sees what the other has not committed
                    connection.commit()
        except BaseException as error:
            bugs.append(error)
            both_wrote.abort()

    desks = [threading.Thread(target=close, args=(visits[number::2],)) for number in (0, 1)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert bugs == []
    assert kept(admin) == counted(admin)
    assert next(iter(kept(admin).values())).completed == 6


def test_a_patient_booked_by_two_desks_at_once_makes_no_circle(office: Office) -> None:
    """Each holds its own time and wants the same row of metrics at the end: one waits, none dies."""
    first = psycopg.connect(**office.conninfo("renata"))  # type: ignore[arg-type]
    second = psycopg.connect(**office.conninfo("claudia"))  # type: ignore[arg-type]
    caio = {"professional_id": office.sample.professionals["caio"], "room_id": None}
    with first, second:
        office.book_row(first)
        office.book_row(second, **caio)
        office.book_row(first, starts_at=at(11), ends_at=at(12))
        office.book_row(second, starts_at=at(11), ends_at=at(12), **caio)
        first.commit()
        second.commit()
    admin = office.admin()
    assert kept(admin) == counted(admin)


def test_what_was_written_past_the_triggers_is_put_right(office: Office) -> None:
    admin, sample = office.admin(), office.sample
    office.book_row(admin, status="completed")
    admin.execute("UPDATE clinicdesk.patient_metrics SET booked = 7, preferred_hours = '{}'")
    nina = [sample.patients["nina"], sample.clinics["ipe"]]
    admin.execute("INSERT INTO clinicdesk.patient_metrics (patient_id, clinic_id, booked) VALUES (%s, %s, 3)", nina)
    assert rows_to_repair(admin) == 2
    assert kept(admin) == counted(admin)
    assert rows_to_repair(admin) == 0


@pytest.mark.parametrize("login", ["claudia", "otavio", "renata", "helena"])
def test_nobody_writes_metrics_or_counts_them_again(login: str, rolled_back: Office) -> None:
    connection = rolled_back.connect(login)
    for statement in (
        "SELECT clinicdesk.recount_metrics()",
        "UPDATE clinicdesk.patient_metrics SET booked = 0",
        "SELECT clinicdesk.count_visits('{}', NULL)",
    ):
        with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
            connection.execute(statement)


def test_a_desk_reads_them_for_its_clinic(office: Office) -> None:
    ana = office.sample.patients["ana"]
    office.book_row(office.admin())
    with office.desk("renata").transaction() as tx:
        assert rows.of_patient(tx, office.sample.clinics["ipe"], ana) == PatientMetrics(booked=1)
        assert rows.of_patient(tx, office.sample.clinics["ipe"], uuid4()) == PatientMetrics()
    with office.desk("marta").transaction() as tx:
        assert rows.of_patient(tx, office.sample.clinics["ipe"], ana) == PatientMetrics()
