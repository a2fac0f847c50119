"""What a clinic does not offer, what no database can keep, and whose repetition it is not: refused in words."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from clinicdesk.domain.agenda import BlockTime, EditAppointment, Slot, Status
from clinicdesk.domain.clinics import Clinic as ClinicFacts
from clinicdesk.domain.delimited import decoded
from clinicdesk.domain.patients import NewPatient, PatientForm, RegisterPatient
from clinicdesk.domain.staff import AddPerson, Role, check_password
from clinicdesk.errors import InvalidField, InvalidForm, NotAllowed, NotOffered, SlotClosed, SlotTaken
from clinicdesk.storage.conflicts import as_clinic_error
from clinicdesk.storage.roles import create_database
from clinicdesk.usecases import agenda, patients, setup, staff
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import PASSWORD, Office, at, put
from tests.usecases.test_agenda import booking, moving, refused, stepping

UNWRITABLE = ["a\0b", "a\ud800b"]


@pytest.fixture
def reception(rolled_back: Office) -> Clinic:
    return rolled_back.desk("renata")


def laser(office: Office, **changes: Any) -> Any:
    """Ana's laser with Helena in room 1 with the laser: all of it on the service's lists."""
    sample = office.sample
    chosen = {"service_id": sample.services["laser"], "equipment_id": sample.machines["laser"]}
    return booking(office, **{**chosen, "slot": Slot.lasting(at(10), 60), **changes})


def _another(office: Office, kind: str) -> Any:
    """A professional, room or machine of the clinic that the laser's lists leave out."""
    if kind == "professional":
        return office.sample.professionals["caio"]
    admin, key = office.admin(), new_id()
    clinic_id = office.sample.clinics["ipe"]
    put(admin, "resource", id=key, kind=kind, clinic_id=clinic_id)
    put(admin, kind, id=key, clinic_id=clinic_id, name="outra")
    return key


@pytest.mark.parametrize("kind", ["professional", "room", "equipment"])
def test_what_a_service_does_not_list_is_not_offered(kind: str, office: Office) -> None:
    reception, other = office.desk("renata"), _another(office, kind)
    other_one = {f"{kind}_id": other}
    assert refused(NotOffered, lambda: agenda.book(reception, laser(office, **other_one))).what == kind
    visit = agenda.book(reception, laser(office))
    place = {"equipment_id": visit.equipment_id, **other_one}
    assert refused(NotOffered, lambda: agenda.move(reception, moving(visit, at(14), **place))).what == kind
    plain = agenda.book(reception, booking(office, slot=Slot.lasting(at(15), 30), **other_one))
    edit = EditAppointment(new_id(), plain.id, plain.version, visit.service_id, "")
    assert refused(NotOffered, lambda: agenda.edit(reception, edit)).what == kind


def test_a_visit_keeps_what_was_offered_when_it_was_made(office: Office) -> None:
    reception, sample = office.desk("renata"), office.sample
    visit = agenda.book(reception, laser(office))
    caio = {"service_id": visit.service_id, "professional_id": sample.professionals["caio"]}
    admin = office.admin()
    admin.execute("DELETE FROM clinicdesk.service_professional")
    put(admin, "service_professional", clinic_id=visit.clinic_id, **caio)
    moved = agenda.move(reception, moving(visit, at(14), equipment_id=visit.equipment_id))
    assert moved.professional_id == visit.professional_id
    edit = EditAppointment(new_id(), moved.id, moved.version, moved.service_id, "trazer exames")
    assert agenda.edit(reception, edit).note == "trazer exames"


def test_a_service_without_room_or_machine_is_booked_without(reception: Clinic, rolled_back: Office) -> None:
    visit = agenda.book(reception, laser(rolled_back, room_id=None, equipment_id=None))
    assert (visit.room_id, visit.equipment_id) == (None, None)


# --- another unit's time ---------------------------------------------------------------------------------------------


def test_time_off_in_another_clinic_is_seen_and_not_booked(office: Office) -> None:
    here, there = office.desk("renata"), office.desk("bruno")
    caio = office.sample.professionals["caio"]
    agenda.block_time(there, BlockTime(new_id(), caio, Slot(at(9), at(10)), "cirurgia", "time_off"))
    wish = booking(office, professional_id=caio)
    assert refused(SlotClosed, lambda: agenda.book(here, wish)) == SlotClosed("block", "", at(10))
    squeezed = replace(wish, overbooking_reason="dor", operation_id=new_id())
    refused(SlotClosed, lambda: agenda.book(here, squeezed))
    agenda.book(here, replace(wish, slot=Slot.lasting(at(10), 30), operation_id=new_id()))
    over = BlockTime(new_id(), caio, Slot(at(10), at(11)), "almoço")
    assert refused(SlotTaken, lambda: agenda.block_time(there, over)).elsewhere


def test_a_blocked_room_is_named_as_one(reception: Clinic, rolled_back: Office) -> None:
    visit = agenda.book(reception, booking(rolled_back))
    over = BlockTime(new_id(), rolled_back.sample.rooms["room 1"], visit.slot, "pintura")
    taken = refused(SlotTaken, lambda: agenda.block_time(reception, over))
    assert (taken.resource_kind, taken.resource_name) == ("room", "room 1")


def test_a_cancelled_visit_comes_back_into_no_block(reception: Clinic, rolled_back: Office) -> None:
    visit = agenda.book(reception, booking(rolled_back))
    gone = agenda.change_status(reception, stepping(visit, Status.CANCELLED))
    agenda.block_time(reception, BlockTime(new_id(), visit.professional_id, visit.slot, "congresso"))
    back = stepping(gone, Status.PENDING)
    assert refused(SlotClosed, lambda: agenda.change_status(reception, back)).kind == "block"


# --- what cannot be kept ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", UNWRITABLE)
def test_what_cannot_be_written_is_a_fact_about_its_field(text: str, reception: Clinic, rolled_back: Office) -> None:
    visit = agenda.book(reception, booking(rolled_back))
    slot = Slot.lasting(at(15), 30)
    free = booking(rolled_back, slot=slot)
    works: dict[str, Callable[[], object]] = {
        "full_name": lambda: agenda.book(reception, replace(free, patient=NewPatient(text))),
        "overbooking_reason": lambda: agenda.book(reception, replace(free, overbooking_reason=text)),
        "event": lambda: agenda.book(reception, replace(free, source_uid=text)),
        "note": lambda: agenda.edit(
            reception, EditAppointment(new_id(), visit.id, visit.version, visit.service_id, text)
        ),
        "reason": lambda: agenda.block_time(reception, BlockTime(new_id(), visit.professional_id, slot, text)),
    }
    for field, work in works.items():
        assert refused(InvalidField, work) == InvalidField(field, "control_characters")
    for work in (
        lambda: agenda.book(reception, replace(free, note=text)),
        lambda: agenda.move(reception, moving(visit, at(10), overbooking_reason=text)),
        lambda: agenda.change_status(reception, stepping(visit, Status.CANCELLED, reason=text)),
    ):
        assert refused(InvalidField, work).reason == "control_characters"
    assert agenda.appointments(reception, [visit.id]) == [visit]


@pytest.mark.parametrize("text", UNWRITABLE)
def test_a_form_says_which_fields_cannot_be_written(text: str, reception: Clinic) -> None:
    fields = ("social_name", "email", "guardian_kinship", "address", "source", "note")
    written = {name: f"{text}@x.com" if name == "email" else text for name in fields}
    command = RegisterPatient(new_id(), PatientForm("Zé da Silva", **written))  # type: ignore[arg-type]
    refusal = refused(InvalidForm, lambda: patients.register(reception, command, dt.date(2035, 3, 6)))
    assert refusal.problems == tuple(InvalidField(name, "control_characters") for name in fields)


@pytest.mark.parametrize("text", UNWRITABLE)
def test_a_search_goes_on_without_what_cannot_be_written(text: str, reception: Clinic) -> None:
    typed = text.replace("a", "An").replace("b", "a")
    assert [one.name for one in patients.search(reception, typed)] == ["Ana Conceição Álvares"]
    assert patients.lookalikes(reception, PatientForm(f"{text} x")) == []


@pytest.mark.parametrize("text", UNWRITABLE)
def test_what_reaches_the_driver_all_the_same_is_a_fact_too(text: str, reception: Clinic) -> None:
    def write() -> None:
        with reception.transaction() as tx:
            tx.exec_driver_sql("SELECT %(text)s::text", {"text": text})

    refused(InvalidField, write)


def test_a_nul_inside_json_is_a_fact_too(rolled_back: Office) -> None:
    with pytest.raises(psycopg.Error) as caught:
        rolled_back.connect("renata").execute("SELECT (%s::jsonb) ->> 'a'", [Jsonb({"a": "\0"})])
    assert as_clinic_error(caught.value) == InvalidField("note", "control_characters")


def test_a_file_is_read_without_its_nuls() -> None:
    assert decoded(b"Nome;Nota\nAna;x\0y") == ("Nome;Nota\nAna;xy", "utf-8")
    assert decoded("Nome\nAna".encode("utf-16-le"))[0] == "Nome\nAna"


def test_people_and_clinics_are_written_with_letters(office: Office) -> None:
    with pytest.raises(InvalidField, match="password"):
        check_password("janela 47 \0 aberta")
    person = AddPerson(new_id(), "novo", "No\0vo", Role.RECEPTION, PASSWORD, ())
    refused(InvalidField, lambda: staff.add_person(office.desk("claudia"), person))
    clinic = ClinicFacts(new_id(), "Ipê", address="Rua\0")
    owner = replace(person, name="Novo")
    admin = office.cluster.admin_conninfo()
    assert refused(InvalidField, lambda: setup.make_clinic(admin, "none", "Org", [clinic], owner)).field == "address"


# --- names and repetitions -------------------------------------------------------------------------------------------


def test_an_operation_is_repeated_by_its_own_person_alone(office: Office) -> None:
    wish = booking(office)
    visit = agenda.book(office.desk("renata"), wish)
    refused(NotAllowed, lambda: agenda.book(office.desk("claudia"), wish))
    block = BlockTime(wish.operation_id, visit.professional_id, Slot(at(15), at(16)), "x")
    refused(NotAllowed, lambda: agenda.block_time(office.desk("renata"), block))


def test_two_people_do_not_share_a_login_by_the_length_of_a_name(office: Office) -> None:
    with pytest.raises(ValueError, match="31"):
        create_database(office.admin(), "x" * 32)


def test_a_login_of_another_database_is_taken(office: Office) -> None:
    office.admin().execute(f"CREATE ROLE {office.database}_novo".encode())
    person = AddPerson(new_id(), "novo", "Novo", Role.RECEPTION, PASSWORD, ())
    assert refused(InvalidField, lambda: staff.add_person(office.desk("claudia"), person)).reason == "taken"
