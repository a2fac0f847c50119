"""Several services in one coming, over a real database: all or none, together or alone, and back."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from clinicdesk.domain.agenda import Appointment, CancelledBy, Slot, Status
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.together import Together, taking_back
from clinicdesk.domain.visits import BookVisit, MoveVisit, StepVisit, moves_together, put_at, shifted, steps_together
from clinicdesk.errors import ChangedElsewhere, ClinicError, InvalidField, SlotTaken, StatusRefused
from clinicdesk.usecases import agenda, together, visits
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import Office, at
from tests.usecases.test_agenda import booking

HALF = dt.timedelta(minutes=30)


@pytest.fixture
def reception(rolled_back: Office) -> Clinic:
    return rolled_back.desk("renata")


def two(office: Office, **second: Any) -> BookVisit:
    """Ana with Helena in room 1 at nine, and in the same room with Caio right after."""
    visit_id = new_id()
    first = booking(office, visit_id=visit_id)
    caio = office.sample.professionals["caio"]
    then = replace(first, professional_id=caio, slot=Slot.lasting(at(9, 30), 30))
    return BookVisit(new_id(), visit_id, (first, replace(then, **second)))


def moving(chosen: Appointment, among: tuple[Appointment, ...], hour: int, minute: int = 0) -> MoveVisit:
    place = replace(shifted(chosen, dt.timedelta(0)), slot=Slot.lasting(at(hour, minute), chosen.slot.minutes))
    seen = tuple((one.id, one.version) for one in moves_together(chosen, among))
    return MoveVisit(new_id(), chosen.id, place, seen)


def refused(work: Callable[[], object], kind: type[ClinicError]) -> Any:
    with pytest.raises(kind) as caught:
        work()
    return caught.value


def standing(clinic: Clinic, of: Together) -> list[tuple[dt.datetime, Status]]:
    visit_id = of.after[0].visit_id
    assert visit_id is not None
    return [(one.starts_at, one.status) for one in visits.services_of(clinic, visit_id)]


def test_two_services_are_two_cards_of_one_visit(rolled_back: Office, reception: Clinic) -> None:
    command = two(rolled_back)
    booked = visits.book(reception, command)
    assert {one.visit_id for one in booked.after} == {command.visit_id}
    assert [one.professional_name for one in booked.after] == ["Dra. Helena Prado", "Dr. Caio Menezes"]
    assert [one.id for one in visits.book(reception, command).after] == [one.id for one in booked.after]


def test_none_is_booked_when_one_cannot_be(rolled_back: Office, reception: Clinic) -> None:
    bento = rolled_back.sample.patients["bento"]
    agenda.book(reception, booking(rolled_back, patient=bento, slot=Slot.lasting(at(9, 45), 30)))
    error = refused(lambda: visits.book(reception, two(rolled_back)), SlotTaken)
    assert (error.resource_kind, error.resource_name, error.holder) == ("room", "room 1", "Bento d'Ávila")
    assert agenda.of_patient(reception, rolled_back.sample.patients["ana"]) == []


def test_two_services_of_a_visit_cannot_share_a_minute_of_a_room(rolled_back: Office, reception: Clinic) -> None:
    error = refused(lambda: visits.book(reception, two(rolled_back, slot=Slot.lasting(at(9, 15), 30))), SlotTaken)
    assert error.resource_kind == "room"


def test_a_visit_is_of_one_patient_and_several_services(rolled_back: Office) -> None:
    refused(lambda: two(rolled_back, patient=rolled_back.sample.patients["bento"]), InvalidField)
    refused(lambda: BookVisit(new_id(), new_id(), (booking(rolled_back),)), InvalidField)


@pytest.mark.parametrize(("hour", "minute"), [(9, 30), (8, 30), (14, 0)])
def test_moving_one_moves_the_other_by_as_much(rolled_back: Office, reception: Clinic, hour: int, minute: int) -> None:
    booked = visits.book(reception, two(rolled_back))
    first, second = booked.after
    moved = visits.move(reception, moving(first, booked.after, hour, minute))
    delta = at(hour, minute) - at(9)
    assert [one.starts_at for one in moved.after] == [first.starts_at + delta, second.starts_at + delta]
    assert [one.reschedule_count for one in moved.after] == [1, 1]
    undone = together.put_back(reception, taking_back(moved, new_id(), ""))
    assert standing(reception, booked) == [(at(9), Status.PENDING), (at(9, 30), Status.PENDING)]
    assert [one.reschedule_count for one in undone.after] == [0, 0]


def test_a_conflict_of_any_refuses_all(rolled_back: Office, reception: Clinic) -> None:
    booked = visits.book(reception, two(rolled_back))
    sample = rolled_back.sample
    other = {"patient": sample.patients["bento"], "professional_id": sample.professionals["caio"], "room_id": None}
    agenda.book(reception, booking(rolled_back, slot=Slot.lasting(at(14, 30), 30), **other))
    error = refused(lambda: visits.move(reception, moving(booked.after[0], booked.after, 14)), SlotTaken)
    assert (error.resource_name, error.holder) == ("Dr. Caio Menezes", "Bento d'Ávila")
    assert standing(reception, booked) == [(at(9), Status.PENDING), (at(9, 30), Status.PENDING)]


def test_what_has_begun_does_not_go_along(rolled_back: Office, reception: Clinic) -> None:
    booked = visits.book(reception, two(rolled_back))
    arrived = visits.step(
        reception, StepVisit(new_id(), Status.CHECKED_IN, ((booked.after[0].id, booked.after[0].version),))
    ).after[0]
    assert moves_together(booked.after[1], (arrived, booked.after[1])) == (booked.after[1],)


def test_the_whole_visit_takes_a_step_and_one_alone_may_refuse_it(rolled_back: Office, reception: Clinic) -> None:
    booked = visits.book(reception, two(rolled_back))
    first = booked.after[0]
    seen = tuple((one.id, one.version) for one in steps_together(first, booked.after, Status.CONFIRMED))
    confirmed = visits.step(reception, StepVisit(new_id(), Status.CONFIRMED, seen))
    assert {one.status for one in confirmed.after} == {Status.CONFIRMED}
    again = tuple((one.id, one.version) for one in confirmed.after)
    refused(lambda: visits.step(reception, StepVisit(new_id(), Status.IN_PROGRESS, again)), StatusRefused)
    refused(lambda: visits.step(reception, StepVisit(new_id(), Status.CHECKED_IN, seen)), ChangedElsewhere)
    cancelled = visits.step(
        reception, StepVisit(new_id(), Status.CANCELLED, again, reason="febre", cancelled_by=CancelledBy.PATIENT)
    )
    assert {(one.status, one.cancel_reason) for one in cancelled.after} == {(Status.CANCELLED, "febre")}
    together.put_back(reception, taking_back(cancelled, new_id(), ""))
    assert {status for _at, status in standing(reception, booked)} == {Status.CONFIRMED}


def test_a_visit_booked_by_mistake_is_given_up_whole(rolled_back: Office, reception: Clinic) -> None:
    booked = visits.book(reception, two(rolled_back))
    undone = together.put_back(reception, taking_back(booked, new_id(), "engano"))
    assert {(one.status, one.cancel_reason) for one in undone.after} == {(Status.CANCELLED, "engano")}
    again = together.put_back(reception, taking_back(undone, new_id(), ""))
    assert {(one.status, one.cancel_reason) for one in again.after} == {(Status.PENDING, "")}


def test_putting_counts_a_rescheduling_when_the_start_changes(rolled_back: Office, reception: Clinic) -> None:
    visit = agenda.book(reception, booking(rolled_back))
    here = FreeSlot(visit.professional_id, visit.slot, None, None)
    assert put_at(visit, here, 1).reschedule_count == 0
    assert put_at(visit, replace(here, slot=Slot.lasting(at(10), 30)), 1).reschedule_count == 1
