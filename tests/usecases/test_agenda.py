"""What a receptionist can do with the agenda, and every sentence it can answer with instead."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from clinicdesk.domain.agenda import (
    Appointment,
    BlockTime,
    BookAppointment,
    CancelledBy,
    ChangeStatus,
    Channel,
    EditAppointment,
    MoveAppointment,
    Slot,
    Status,
    reversed_move,
    reversed_status,
)
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.history import EventKind
from clinicdesk.domain.patients import NewPatient
from clinicdesk.domain.slots import SlotRequest, WhyNot
from clinicdesk.errors import (
    ChangedElsewhere,
    ClinicError,
    ClinicUnreachable,
    InvalidField,
    NotAllowed,
    NotFound,
    NotOffered,
    OutsidePolicy,
    SlotClosed,
    SlotTaken,
    StatusRefused,
)
from clinicdesk.usecases import agenda, patients
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at, put, value
from tests.usecases.severed import Severed


@pytest.fixture
def reception(rolled_back: Office) -> Clinic:
    return rolled_back.desk("renata")


def booking(office: Office, **changes: Any) -> BookAppointment:
    """Ana with Helena in room 1 at nine, unless told otherwise."""
    sample = office.sample
    values: dict[str, Any] = {
        "operation_id": new_id(),
        "patient": sample.patients["ana"],
        "professional_id": sample.professionals["helena"],
        "service_id": sample.services["visit"],
        "slot": Slot.lasting(at(9), 30),
        "room_id": sample.rooms["room 1"],
        **changes,
    }
    return BookAppointment(**values)


def moving(visit: Appointment, starts_at: dt.datetime, **changes: Any) -> MoveAppointment:
    """The visit at another time."""
    values: dict[str, Any] = {
        "operation_id": new_id(),
        "appointment_id": visit.id,
        "seen_version": visit.version,
        "professional_id": visit.professional_id,
        "slot": Slot.lasting(starts_at, visit.slot.minutes),
        "room_id": visit.room_id,
        **changes,
    }
    return MoveAppointment(**values)


def stepping(visit: Appointment, status: Status, **changes: Any) -> ChangeStatus:
    """One step of the visit's status."""
    return ChangeStatus(new_id(), visit.id, visit.version, status, **changes)


def refused(fact: type[ClinicError], work: Callable[[], object]) -> Any:
    """The fact with which something is refused."""
    with pytest.raises(fact) as caught:
        work()
    return caught.value


# --- booking ---------------------------------------------------------------------------------------------------------


def test_a_booking_is_there_with_its_names(reception: Clinic, rolled_back: Office) -> None:
    visit = agenda.book(reception, booking(rolled_back, note="primeira vez", channel=Channel.PHONE))
    assert (visit.patient_name, visit.professional_name) == ("Ana Conceição Álvares", "Dra. Helena Prado")
    assert (visit.service_name, visit.room_name, visit.note) == ("Consulta", "room 1", "primeira vez")
    assert (visit.status, visit.status_channel, visit.version) == (Status.PENDING, Channel.PHONE, 1)
    assert visit.first_visit
    assert visit.price == 250
    page = agenda.days(reception, DAY, DAY, [visit.professional_id], [visit.room_id] if visit.room_id else [])
    assert page.appointments == (visit,)
    assert {one.resource_id for one in page.busy} == {visit.professional_id, visit.room_id}
    assert agenda.appointments(reception, [visit.id, uuid4()]) == [visit]
    assert agenda.of_patient(reception, visit.patient_id) == [visit]


def test_a_new_patient_is_registered_in_the_same_step(reception: Clinic, rolled_back: Office) -> None:
    visit = agenda.book(reception, booking(rolled_back, patient=NewPatient("<b>Zé</b> da Silva", "11 90000-0199")))
    assert (visit.patient_name, visit.patient_phone) == ("<b>Zé</b> da Silva", "+5511900000199")


def test_a_refused_booking_registers_nobody(reception: Clinic, rolled_back: Office) -> None:
    before = patients.count(reception)
    agenda.book(reception, booking(rolled_back))
    refused(SlotTaken, lambda: agenda.book(reception, booking(rolled_back, patient=NewPatient("Zé", "11 90000-0199"))))
    assert patients.count(reception) == before


def test_a_dependant_is_booked_by_the_guardian(reception: Clinic, rolled_back: Office) -> None:
    people = rolled_back.sample.patients
    visit = agenda.book(reception, booking(rolled_back, patient=people["nina"], guardian_id=people["ana"]))
    assert (visit.patient_name, visit.guardian_name) == ("Nina Álvares", "Ana Conceição Álvares")


def test_a_booking_takes_the_buffers_of_its_service(reception: Clinic, rolled_back: Office) -> None:
    sample = rolled_back.sample
    laser = {"service_id": sample.services["laser"], "equipment_id": sample.machines["laser"]}
    visit = agenda.book(reception, booking(rolled_back, slot=Slot.lasting(at(10), 60), **laser))
    assert (visit.buffer_before, visit.buffer_after) == (10, 15)
    taken = refused(SlotTaken, lambda: agenda.book(reception, booking(rolled_back, slot=Slot.lasting(at(11), 30))))
    assert (taken.until, taken.next_free) == (at(11, 15), at(11, 15))
    agenda.book(reception, booking(rolled_back, slot=Slot.lasting(at(11, 15), 30)))


def test_who_holds_the_slot_is_told(reception: Clinic, rolled_back: Office) -> None:
    agenda.book(reception, booking(rolled_back))
    sample = rolled_back.sample
    wish = booking(rolled_back, patient=sample.patients["bento"])
    taken = refused(SlotTaken, lambda: agenda.book(reception, wish))
    assert (taken.resource_kind, taken.resource_name) == ("professional", "Dra. Helena Prado")
    assert (taken.holder, taken.until, taken.next_free) == ("Ana Conceição Álvares", at(9, 30), at(9, 30))
    other = replace(wish, professional_id=sample.professionals["caio"])
    taken = refused(SlotTaken, lambda: agenda.book(reception, other))
    assert (taken.resource_kind, taken.resource_name, taken.elsewhere) == ("room", "room 1", False)


def test_a_conflict_in_another_unit_says_only_that(office: Office) -> None:
    sample = office.sample
    there = {
        "professional_id": sample.professionals["caio"],
        "service_id": sample.services["visit b"],
        "room_id": sample.rooms["room b"],
    }
    agenda.book(office.desk("bruno"), booking(office, **there))
    here = booking(office, professional_id=sample.professionals["caio"], patient=sample.patients["bento"])
    taken = refused(SlotTaken, lambda: agenda.book(office.desk("renata"), here))
    assert (taken.elsewhere, taken.holder, taken.resource_kind) == (True, "", "professional")


@pytest.mark.parametrize(
    ("starts_at", "kind"),
    [(at(7), "closed"), (at(12), "break"), (at(18), "closed"), (at(9, day=DAY + dt.timedelta(days=5)), "closed")],
)
def test_closed_hours_are_refused(starts_at: dt.datetime, kind: str, reception: Clinic, rolled_back: Office) -> None:
    wish = booking(rolled_back, slot=Slot.lasting(starts_at, 30))
    assert refused(SlotClosed, lambda: agenda.book(reception, wish)).kind == kind


def test_a_holiday_is_refused_by_name(reception: Clinic, rolled_back: Office) -> None:
    wish = booking(rolled_back, slot=Slot.lasting(at(9, day=dt.date(2035, 9, 7)), 30))
    closed = refused(SlotClosed, lambda: agenda.book(reception, wish))
    assert (closed.kind, closed.label) == ("holiday", "Independência do Brasil")


def test_a_visit_across_midnight_is_refused(reception: Clinic, rolled_back: Office) -> None:
    wish = booking(rolled_back, slot=Slot.lasting(at(23, 45), 30))
    assert refused(InvalidField, lambda: agenda.book(reception, wish)).reason == "across_midnight"


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("professional", {"professional_id": "davi"}),
        ("room", {"room_id": "room b"}),
        ("equipment", {"equipment_id": "laser b"}),
    ],
)
def test_what_is_of_another_clinic_is_not_offered(
    what: str, change: dict[str, str], reception: Clinic, rolled_back: Office
) -> None:
    sample = rolled_back.sample
    ids = sample.professionals | sample.rooms | sample.machines
    wish = booking(rolled_back, **{field: ids[name] for field, name in change.items()})
    if what == "professional":
        assert refused(SlotClosed, lambda: agenda.book(reception, wish)).kind == "closed"
    else:
        assert refused(NotOffered, lambda: agenda.book(reception, wish)).what == what


def test_an_unknown_service_or_patient_is_not_found(reception: Clinic, rolled_back: Office) -> None:
    elsewhere = rolled_back.sample.services["visit b"]
    assert (
        refused(NotFound, lambda: agenda.book(reception, booking(rolled_back, service_id=elsewhere))).kind == "service"
    )
    assert refused(NotFound, lambda: agenda.book(reception, booking(rolled_back, patient=uuid4()))).kind == "patient"


def test_overbooking_needs_a_reason_and_leaves_the_room_alone(reception: Clinic, rolled_back: Office) -> None:
    agenda.book(reception, booking(rolled_back))
    bento = {"patient": rolled_back.sample.patients["bento"]}
    empty = booking(rolled_back, overbooking_reason="  ", **bento)
    assert refused(InvalidField, lambda: agenda.book(reception, empty)).field == "overbooking_reason"
    beside = booking(rolled_back, overbooking_reason="dor aguda", **bento)
    assert refused(SlotTaken, lambda: agenda.book(reception, beside)).resource_kind == "room"
    assert agenda.book(reception, replace(beside, room_id=None)).overbooked
    for _ in range(2):
        agenda.book(reception, replace(beside, room_id=None, operation_id=new_id()))
    limit = refused(OutsidePolicy, lambda: agenda.book(reception, replace(beside, room_id=None, operation_id=new_id())))
    assert limit == OutsidePolicy("max_daily_overbookings", 3)


def _policy(office: Office, **changes: int) -> None:
    columns = ", ".join(f"{name} = {limit}" for name, limit in changes.items())
    office.admin().execute(f"UPDATE clinicdesk.scheduling_policy SET {columns}".encode())


def test_the_policy_limits_days_ahead_and_visits_a_day(office: Office) -> None:
    reception = office.desk("renata")
    _policy(office, max_daily_appointments=1)
    visit = agenda.book(reception, booking(office))
    later = booking(office, slot=Slot.lasting(at(15), 30))
    assert refused(OutsidePolicy, lambda: agenda.book(reception, later)).rule == "max_daily_appointments"
    visit = agenda.move(reception, moving(visit, at(10)))
    other = agenda.book(reception, booking(office, slot=Slot.lasting(at(9, day=DAY + dt.timedelta(days=1)), 30)))
    assert refused(OutsidePolicy, lambda: agenda.move(reception, moving(other, at(15)))).limit == 1
    caio = agenda.book(reception, booking(office, professional_id=office.sample.professionals["caio"]))
    helena = {"professional_id": visit.professional_id}
    assert refused(OutsidePolicy, lambda: agenda.move(reception, moving(caio, at(15), **helena))).limit == 1
    _policy(office, max_daily_appointments=0, max_advance_days=30)
    assert refused(OutsidePolicy, lambda: agenda.book(reception, later)) == OutsidePolicy("max_advance_days", 30)


def test_who_may_not_is_told_so(office: Office) -> None:
    """A professional books in their own column."""
    helena = office.desk("helena")
    agenda.book(helena, booking(office))
    wish = booking(office, professional_id=office.sample.professionals["caio"], room_id=None)
    refused(NotAllowed, lambda: agenda.book(helena, wish))
    theirs = agenda.book(office.desk("renata"), wish)
    refused(NotAllowed, lambda: agenda.change_status(helena, stepping(theirs, Status.CONFIRMED)))
    refused(NotFound, lambda: agenda.move(office.desk("bruno"), moving(theirs, at(10))))


# --- moving ----------------------------------------------------------------------------------------------------------


def test_a_move_counts_and_its_undo_takes_it_back(reception: Clinic, rolled_back: Office) -> None:
    before = agenda.book(reception, booking(rolled_back))
    after = agenda.move(reception, moving(before, at(10)))
    assert (after.starts_at, after.version, after.reschedule_count) == (at(10), 2, 1)
    longer = agenda.move(reception, moving(after, at(10), slot=Slot.lasting(at(10), 45)))
    assert (longer.slot.minutes, longer.reschedule_count) == (45, 1)
    back = agenda.move(reception, reversed_move(before, longer, new_id()))
    assert (back.slot, back.reschedule_count) == (before.slot, 0)


def test_a_move_into_a_taken_slot_is_refused_and_changes_nothing(reception: Clinic, rolled_back: Office) -> None:
    first = agenda.book(reception, booking(rolled_back))
    second = agenda.book(reception, booking(rolled_back, slot=Slot.lasting(at(10), 30)))
    assert refused(SlotTaken, lambda: agenda.move(reception, moving(second, at(9, 15)))).holder == first.patient_name
    assert agenda.appointments(reception, [second.id]) == [second]
    agenda.move(reception, moving(first, at(9, 15)))  # its own slot is not in its way


def test_a_stale_move_says_who_was_first(office: Office) -> None:
    renata, claudia = office.desk("renata"), office.desk("claudia")
    seen = agenda.book(renata, booking(office))
    agenda.move(claudia, moving(seen, at(11)))
    stale = refused(ChangedElsewhere, lambda: agenda.move(renata, moving(seen, at(10))))
    assert (stale.seen_version, stale.current_version, stale.changed_by) == (1, 2, "Cláudia Meireles")
    for work in (
        lambda: agenda.change_status(renata, stepping(seen, Status.CONFIRMED)),
        lambda: agenda.edit(renata, EditAppointment(new_id(), seen.id, seen.version, seen.service_id, "x")),
    ):
        refused(ChangedElsewhere, work)
    refused(NotFound, lambda: agenda.move(renata, replace(moving(seen, at(10)), appointment_id=uuid4())))


# --- status ----------------------------------------------------------------------------------------------------------


def test_a_day_in_the_life_of_a_visit(reception: Clinic, rolled_back: Office) -> None:
    visit = agenda.book(reception, booking(rolled_back))
    for status in (Status.CONFIRMED, Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED):
        visit = agenda.change_status(reception, stepping(visit, status, channel=Channel.WHATSAPP))
        assert visit.status is status
    back = refused(StatusRefused, lambda: agenda.change_status(reception, stepping(visit, Status.CANCELLED)))
    assert (back.current, back.wanted) == ("completed", "cancelled")
    events = agenda.history(reception, visit.id)
    assert [event.kind for event in events] == [EventKind.BOOKED] + [EventKind.STATUS] * 4
    assert {event.person_name for event in events} == {"Renata Souza"}


def test_a_cancellation_frees_the_slot_and_comes_back_only_when_it_is_free(
    reception: Clinic, rolled_back: Office
) -> None:
    before = agenda.book(reception, booking(rolled_back))
    said = {"reason": "viagem", "cancelled_by": CancelledBy.PATIENT}
    gone = agenda.change_status(reception, stepping(before, Status.CANCELLED, **said))
    assert (gone.cancelled_by, gone.cancel_reason) == (CancelledBy.PATIENT, "viagem")
    other = agenda.book(reception, booking(rolled_back, patient=rolled_back.sample.patients["bento"]))
    undo = reversed_status(before, gone, new_id())
    taken = refused(SlotTaken, lambda: agenda.change_status(reception, undo))
    assert (taken.holder, taken.until) == (other.patient_name, other.ends_at)
    moved = agenda.move(reception, moving(other, at(15)))
    restored = agenda.change_status(reception, replace(undo, operation_id=new_id()))
    assert (restored.status, restored.cancelled_by, restored.cancel_reason) == (Status.PENDING, None, "")
    assert moved.starts_at == at(15)


def test_a_no_show_frees_the_slot(reception: Clinic, rolled_back: Office) -> None:
    visit = agenda.book(reception, booking(rolled_back))
    agenda.change_status(reception, stepping(visit, Status.NO_SHOW), at(20))
    agenda.book(reception, booking(rolled_back))


# --- editing and blocking --------------------------------------------------------------------------------------------


def test_another_service_brings_its_price_and_buffers(reception: Clinic, rolled_back: Office) -> None:
    visit = agenda.book(reception, booking(rolled_back))
    laser = rolled_back.sample.services["laser"]
    edited = agenda.edit(reception, EditAppointment(new_id(), visit.id, visit.version, laser, "trazer exames"))
    assert (edited.service_name, edited.price, edited.buffer_after) == ("Laser", 900, 15)
    assert [event.kind for event in agenda.history(reception, visit.id)] == [EventKind.BOOKED, EventKind.EDITED]


def test_longer_buffers_do_not_push_the_next_visit(reception: Clinic, rolled_back: Office) -> None:
    visit = agenda.book(reception, booking(rolled_back))
    agenda.book(reception, booking(rolled_back, slot=Slot.lasting(at(9, 30), 30)))
    laser = rolled_back.sample.services["laser"]
    refused(SlotTaken, lambda: agenda.edit(reception, EditAppointment(new_id(), visit.id, visit.version, laser, "")))


def test_blocked_time_is_refused_until_it_is_given_back(reception: Clinic, rolled_back: Office) -> None:
    helena, room = rolled_back.sample.professionals["helena"], rolled_back.sample.rooms["room 1"]
    blocks = [
        agenda.block_time(reception, BlockTime(new_id(), one, Slot(at(9), at(10)), "reunião")) for one in (helena, room)
    ]
    closed = refused(SlotClosed, lambda: agenda.book(reception, booking(rolled_back)))
    assert (closed.kind, closed.label) == ("block", "reunião")
    agenda.unblock_time(reception, blocks[0])
    assert refused(SlotTaken, lambda: agenda.book(reception, booking(rolled_back))).resource_kind == "room"
    agenda.unblock_time(reception, blocks[1])
    refused(NotFound, lambda: agenda.unblock_time(reception, blocks[1]))
    visit = agenda.book(reception, booking(rolled_back))
    taken = refused(
        SlotTaken, lambda: agenda.block_time(reception, BlockTime(new_id(), helena, Slot(at(9), at(10)), "x"))
    )
    assert taken.holder == visit.patient_name


def test_a_room_of_another_clinic_is_not_blocked(reception: Clinic, rolled_back: Office) -> None:
    wish = BlockTime(new_id(), rolled_back.sample.rooms["room b"], Slot(at(9), at(10)), "x")
    assert refused(NotOffered, lambda: agenda.block_time(reception, wish)).what == "resource"


# --- finding ---------------------------------------------------------------------------------------------------------


def _request(office: Office, service: Service, **changes: Any) -> SlotRequest:
    return SlotRequest(service, (office.sample.professionals["helena"],), DAY, 1, **changes)


def test_what_is_found_can_be_booked(reception: Clinic, rolled_back: Office) -> None:
    agenda.book(reception, booking(rolled_back, slot=Slot.lasting(at(10), 60)))
    catalogue = agenda.catalogue(reception)
    laser = next(one for one in catalogue.services if one.name == "Laser")
    assert set(laser.room_ids) == {rolled_back.sample.rooms["room 1"], rolled_back.sample.rooms["room 2"]}
    found = agenda.search_slots(reception, _request(rolled_back, laser))
    assert [one.slot.starts_at for one in found.slots][:3] == [at(8), at(8, 15), at(8, 30)]
    for one in (found.slots[2], found.slots[-1]):
        wish = booking(
            rolled_back, service_id=laser.id, slot=one.slot, room_id=one.room_id, equipment_id=one.equipment_id
        )
        assert agenda.book(reception, wish).room_id == one.room_id


def test_a_search_says_why_it_found_nothing(reception: Clinic, rolled_back: Office) -> None:
    visit = next(one for one in agenda.catalogue(reception).services if one.name == "Consulta")
    holiday = replace(_request(rolled_back, visit), first_day=dt.date(2035, 9, 7))
    assert agenda.search_slots(reception, holiday).main_reason is WhyNot.HOLIDAY
    long = _request(rolled_back, visit, duration_minutes=600)
    assert agenda.search_slots(reception, long).main_reason is WhyNot.TOO_SHORT


# --- nothing lost ----------------------------------------------------------------------------------------------------


def test_a_double_click_is_one_booking(reception: Clinic, rolled_back: Office) -> None:
    wish = booking(rolled_back, patient=NewPatient("Zé da Silva", "11 90000-0199"))
    first = agenda.book(reception, wish)
    assert agenda.book(reception, wish) == first
    step = stepping(first, Status.CONFIRMED)
    assert agenda.change_status(reception, step) == agenda.change_status(reception, step)
    place = moving(first, at(10), seen_version=2)
    assert agenda.move(reception, place) == agenda.move(reception, place)
    edit = EditAppointment(new_id(), first.id, 3, first.service_id, "x")
    assert agenda.edit(reception, edit) == agenda.edit(reception, edit)
    block = BlockTime(new_id(), first.professional_id, Slot(at(15), at(16)), "x")
    assert agenda.block_time(reception, block) == agenda.block_time(reception, block)


def test_the_same_operation_at_once_is_one_booking(office: Office) -> None:
    wish, found = booking(office), []
    desks = [office.desk("renata") for _ in range(6)]
    start = threading.Barrier(len(desks))

    def click(desk: Clinic) -> None:
        start.wait()
        found.append(agenda.book(desk, wish).id)

    threads = [threading.Thread(target=click, args=[desk]) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(desks)
    assert len(set(found)) == 1
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.appointment") == 1


def test_a_lost_answer_to_commit_and_another_click_are_one_booking(office: Office) -> None:
    with Severed(office.address) as road:
        office_by_road = Office(office.cluster, office.database, office.sample)
        conninfo = office.conninfo
        office_by_road.conninfo = lambda login, password="": {  # type: ignore[method-assign]
            **conninfo(login), "host": "127.0.0.1", "port": road.port
        }  # fmt: skip
        desk = office_by_road.desk("renata")
        wish = booking(office)
        agenda.catalogue(desk)
        road.lose_next_commit()
        refused(ClinicUnreachable, lambda: agenda.book(desk, wish))
        assert value(office.admin(), "SELECT count(*) FROM clinicdesk.appointment") == 1
        again = agenda.book(desk, wish)
        assert agenda.appointments(desk, [again.id]) == [again]
        office_by_road.close()
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.appointment") == 1


def test_a_killed_session_leaves_nothing_and_the_next_click_works(office: Office) -> None:
    desk, admin = office.desk("renata"), office.admin()
    wish = booking(office)

    def killed() -> None:
        with desk.transaction() as tx:
            process = tx.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
            tx.exec_driver_sql("SELECT 1")

    refused(ClinicUnreachable, killed)
    assert agenda.book(desk, wish).version == 1


def test_an_alert_stands_on_the_card(office: Office) -> None:
    put(office.connect("helena"), "patient_alert", id=uuid4(), patient_id=office.sample.patients["ana"],
        severity="severe", text="Alergia grave a dipirona")  # fmt: skip
    assert agenda.book(office.desk("renata"), booking(office)).alert == "Alergia grave a dipirona"


def test_a_clinic_that_is_not_there_is_not_found(reception: Clinic) -> None:
    refused(NotFound, lambda: agenda.catalogue(reception.in_clinic(UUID(int=1))))
