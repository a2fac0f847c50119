"""A day as it stood at any instant equals what was seen then; who changed it, and what never happened."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinicdesk.domain.agenda import (
    STEPS,
    Appointment,
    BookAppointment,
    CancelledBy,
    ChangeStatus,
    Channel,
    EditAppointment,
    MoveAppointment,
    Slot,
    Status,
    reversed_move,
)
from clinicdesk.domain.history import EventKind
from clinicdesk.errors import ClinicError
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases import agenda, history
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at, value

NEXT = DAY + dt.timedelta(days=1)


class TakenBack(Exception):
    """Work that did not come to its end."""


class Unlucky:
    """A clinic whose transactions break off when all is written and nothing is committed."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic

    def __getattr__(self, name: str) -> Any:
        return getattr(self._clinic, name)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self._clinic.transaction() as tx:
            yield tx
            raise TakenBack


class Days:
    """Two days that people work on, and beside them the plain record of what they were seen to be after each step."""

    def __init__(self, office: Office) -> None:
        self.office, sample = office, office.sample
        self.desks = [office.desk(login, desk=desk) for login, desk in (("renata", "mesa 1"), ("claudia", "mesa 2"))]
        self.people = [sample.professionals[name] for name in ("helena", "caio")]
        self.rooms: list[UUID | None] = [sample.rooms["room 1"], sample.rooms["room 2"], None]
        self.visits: dict[UUID, Appointment] = {}
        self.record: list[tuple[dt.datetime, dict[UUID, Appointment]]] = []
        self.connection = office.admin()

    def clear(self) -> None:
        """Begin with two empty days."""
        self.connection.execute("TRUNCATE clinicdesk.appointment CASCADE")
        self.visits.clear()
        self.record.clear()
        self.remember()

    def now(self) -> dt.datetime:
        found: dt.datetime = value(self.connection, "SELECT clock_timestamp()")
        return found

    def remember(self) -> None:
        self.record.append((self.now(), dict(self.visits)))

    def do(self, desk: int, work: Callable[[Clinic], Appointment], lost: bool) -> None:
        """One step at a desk; refused or lost on the way, it leaves nothing."""
        clinic: Any = Unlucky(self.desks[desk]) if lost else self.desks[desk]
        try:
            done = work(clinic)
        except (ClinicError, TakenBack):
            return
        self.visits[done.id] = done

    def book(self, person: int, room: int, starts_at: dt.datetime) -> Callable[[Clinic], Appointment]:
        sample = self.office.sample
        wish = BookAppointment(
            new_id(),
            sample.patients["ana"],
            self.people[person],
            sample.services["visit"],
            Slot.lasting(starts_at, 30),
            self.rooms[room],
        )
        return lambda clinic: agenda.book(clinic, wish)

    def change(self, which: int, kind: str, person: int, room: int, starts_at: dt.datetime) -> Any:
        held = list(self.visits.values())[which % len(self.visits)]
        if kind == "move":
            slot = Slot.lasting(starts_at, 15 + 15 * room)
            move = MoveAppointment(new_id(), held.id, held.version, self.people[person], slot, self.rooms[room])
            return lambda clinic: agenda.move(clinic, move)
        if kind == "edit":
            edit = EditAppointment(new_id(), held.id, held.version, held.service_id, f"nota {starts_at:%H}")
            return lambda clinic: agenda.edit(clinic, edit)
        steps = sorted(STEPS[held.status])
        step = ChangeStatus(
            new_id(), held.id, held.version, steps[person % len(steps)], cancelled_by=CancelledBy.PATIENT
        )
        return lambda clinic: agenda.change_status(clinic, step)


@pytest.fixture
def days(office: Office) -> Days:
    return Days(office)


def plain(visits: Any) -> set[Appointment]:
    """Whether it is a first visit is told as it is known today; all else is the past's."""
    return {replace(one, first_visit=False) for one in visits}


steps = st.tuples(
    st.sampled_from(["book", "book", "move", "move", "status", "status", "edit"]),
    st.integers(0, 1),  # the desk
    st.integers(0, 30),  # which visit
    st.integers(0, 1),  # the professional
    st.integers(0, 2),  # the room
    st.sampled_from([DAY, NEXT]),
    st.sampled_from([9, 10, 11]),
    st.sampled_from([False, False, False, True]),  # lost on the way
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(work=st.lists(steps, min_size=3, max_size=14))
def test_every_past_instant_is_what_was_seen_then(days: Days, work: list[Any]) -> None:
    days.clear()
    for kind, desk, which, person, room, day, hour, lost in work:
        if kind == "book" or not days.visits:
            days.do(desk, days.book(person, room, at(hour, day=day)), lost)
        else:
            days.do(desk, days.change(which, kind, person, room, at(hour, day=day)), lost)
        days.remember()
    for day in (DAY, NEXT):
        for people in (None, days.people[:1]):
            lived = history.life(days.desks[0], day, day, people)
            for instant, seen in days.record:
                expected = [
                    one
                    for one in seen.values()
                    if lived.span.starts_at <= one.starts_at < lived.span.ends_at
                    and (people is None or one.professional_id in people)
                ]
                assert plain(lived.as_it_stood(instant)) == plain(expected)
    both = history.life(days.desks[0], DAY, NEXT)
    assert plain(both.as_it_stood(days.now())) == plain(days.visits.values())
    standing = agenda.days(days.desks[0], DAY, NEXT, days.people).appointments
    assert both.as_it_stood(days.now()) == standing


def test_every_change_is_told_with_who_when_how_and_where(days: Days) -> None:
    first, second = days.desks
    visit = days.book(0, 0, at(9))(first)
    said = agenda.change_status(
        first, ChangeStatus(new_id(), visit.id, visit.version, Status.CONFIRMED, channel=Channel.WHATSAPP)
    )
    moved = agenda.move(
        second, MoveAppointment(new_id(), said.id, said.version, days.people[1], Slot.lasting(at(10, day=NEXT), 30))
    )
    agenda.change_status(second, ChangeStatus(new_id(), moved.id, moved.version, Status.CHECKED_IN))
    told = history.life(first, DAY, DAY).events
    assert [(one.kind, one.person_name, one.desk, one.channel) for one in told] == [
        (EventKind.BOOKED, "Renata Souza", "mesa 1", Channel.DESK),
        (EventKind.STATUS, "Renata Souza", "mesa 1", Channel.WHATSAPP),
        (EventKind.MOVED, "Cláudia Meireles", "mesa 2", Channel.DESK),
    ]
    assert [one.patient_name for one in told] == ["Ana Conceição Álvares"] * 3
    assert [one.kind for one in history.life(first, NEXT, NEXT).events] == [EventKind.MOVED, EventKind.STATUS]


def test_a_move_taken_back_is_one_line_and_both_moments_of_the_slider(days: Days) -> None:
    (desk, _other) = days.desks
    visit = days.book(0, 0, at(9))(desk)
    there = agenda.move(
        desk, MoveAppointment(new_id(), visit.id, visit.version, days.people[0], Slot.lasting(at(10, day=NEXT), 30))
    )
    agenda.move(desk, reversed_move(visit, there, new_id()))
    lived = history.life(desk, DAY, DAY)
    assert [one.taken_back_at is None for one in lived.events] == [True, False]
    assert len(lived.moments) == 3
    assert [len(lived.as_it_stood(moment)) for moment in lived.moments] == [1, 0, 1]


def test_what_was_written_before_and_committed_after_belongs_to_when_it_was_written(office: Office, days: Days) -> None:
    clinic = office.desk("renata")
    with clinic.transaction() as tx:
        office_row = office.visit()
        columns = ", ".join(office_row)
        marks = ", ".join(f"%({name})s" for name in office_row)
        tx.exec_driver_sql(f"INSERT INTO clinicdesk.appointment ({columns}) VALUES ({marks})", office_row)
        then = days.now()
        assert history.life(days.desks[1], DAY, DAY).as_it_stood(then) == ()
    assert [one.id for one in history.life(days.desks[1], DAY, DAY).as_it_stood(then)] == [office_row["id"]]


def test_days_begin_and_end_at_the_clinics_midnights(office: Office) -> None:
    """In Santiago the 2nd of September 2035 has no midnight, and the 7th of April is an hour longer."""
    office.admin().execute("UPDATE clinicdesk.clinic SET zone = 'America/Santiago'")
    clinic = office.desk("renata")
    for day in (dt.date(2035, 9, 2), dt.date(2035, 4, 7)):
        noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
        admin = office.admin()
        for hours in range(-16, 30):
            starts = noon + dt.timedelta(hours=hours)
            office.book_row(admin, starts_at=starts, ends_at=starts + dt.timedelta(minutes=30), room_id=None)
        people = [office.sample.professionals["helena"]]
        for each in (day - dt.timedelta(days=1), day, day + dt.timedelta(days=1)):
            lived = history.life(clinic, each, each, people)
            assert lived.as_it_stood(lived.read_at) == agenda.days(clinic, each, each, people).appointments


def test_another_clinics_past_is_not_told(office: Office, days: Days) -> None:
    days.book(0, 0, at(9))(days.desks[0])
    stranger = office.desk("bruno").in_clinic(office.sample.clinics["ipe"])
    lived = history.life(stranger, DAY, DAY)
    assert (lived.events, lived.moments, lived.as_it_stood(days.now())) == ((), [], ())
