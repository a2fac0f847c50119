"""One change to many patients: previewed, made in one go, and taken back where nobody changed it since."""

import datetime as dt
from uuid import UUID, uuid4

import pytest

from clinicdesk.domain.bulk_update import (
    BulkChange,
    PutTag,
    SetOwnField,
    SetSource,
    SetVip,
    TakeTag,
    UndoMany,
    UpdatedMany,
    UpdateMany,
)
from clinicdesk.domain.custom_fields import AddCustomField, Entity, Kind
from clinicdesk.domain.patients import PatientForm, RegisterPatient, UpdatePatient
from clinicdesk.domain.segments import Vip
from clinicdesk.domain.tags import AddTag
from clinicdesk.errors import InvalidField, InvalidForm, NotFound
from clinicdesk.usecases import bulk_update, custom_fields, merging, patients, tags
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at
from tests.usecases.test_merging import _merge

ROLES = ("claudia", "otavio", "renata", "helena")


def _register(clinic: Clinic, name: str, **form: object) -> UUID:
    return patients.register(clinic, RegisterPatient(new_id(), PatientForm(name, **form)), DAY).id  # type: ignore[arg-type]


@pytest.fixture
def clinic(rolled_back: Office) -> Clinic:
    return rolled_back.desk("renata")


@pytest.fixture
def three(clinic: Clinic) -> list[UUID]:
    return [
        _register(clinic, "Aline Um", source="Google"),
        _register(clinic, "Bia Dois"),
        _register(clinic, "Caio Três"),
    ]


def _do(clinic: Clinic, change: BulkChange, ids: list[UUID]) -> UpdatedMany:
    return bulk_update.update(clinic, UpdateMany(new_id(), change, bulk_update.look(clinic, change, ids).lines))


def _undo(clinic: Clinic, change: BulkChange, done: UpdatedMany) -> UpdatedMany:
    return bulk_update.take_back(clinic, UndoMany(new_id(), change, done.lines))


def test_a_preview_tells_who_changes_and_who_has_it_already(clinic: Clinic, three: list[UUID]) -> None:
    preview = bulk_update.look(clinic, SetSource(" Google "), [*three, uuid4()])
    assert [(one.name, one.before) for one in preview.lines] == [("Bia Dois", ""), ("Caio Três", "")]
    assert (preview.already, preview.gone) == (1, 1)


@pytest.mark.parametrize("login", ROLES)
def test_every_role_at_a_desk_may(office: Office, login: str) -> None:
    clinic = office.desk(login)
    ids = [_register(clinic, name) for name in ("Aline", "Bia")]
    tag = tags.add(office.desk("renata"), AddTag(new_id(), "Gestante", 200))
    for change in (PutTag(tag.id), SetVip(True), SetSource("Site")):
        done = _do(clinic, change, ids)
        assert len(done.lines) == 2 and not done.left_out
        assert len(_undo(clinic, change, done).lines) == 2


def test_a_tag_goes_on_and_comes_off(clinic: Clinic, three: list[UUID]) -> None:
    tag = tags.add(clinic, AddTag(new_id(), "Gestante", 200))
    _do(clinic, PutTag(tag.id), three[:1])
    done = _do(clinic, PutTag(tag.id), three)
    assert [one.name for one in done.lines] == ["Bia Dois", "Caio Três"]
    _undo(clinic, PutTag(tag.id), done)
    assert [len(tags.of_patient(clinic, one)) for one in three] == [1, 0, 0]
    off = _do(clinic, TakeTag(tag.id), three)
    assert [one.name for one in off.lines] == ["Aline Um"]
    _undo(clinic, TakeTag(tag.id), off)
    assert [len(tags.of_patient(clinic, one)) for one in three] == [1, 0, 0]


def test_who_changed_since_the_preview_is_left_out_and_named(clinic: Clinic, three: list[UUID]) -> None:
    for change in (SetVip(True), SetSource("Site")):
        preview = bulk_update.look(clinic, change, three)
        patient = patients.patient(clinic, three[1])
        form = PatientForm("Bia Dois Mudou", vip=patient.vip)
        patients.save(clinic, UpdatePatient(new_id(), three[1], patient.version, form), DAY)
        done = bulk_update.update(clinic, UpdateMany(new_id(), change, preview.lines))
        assert len(done.lines) == 2 and [one.patient_id for one in done.left_out] == [three[1]]
    assert [patients.patient(clinic, one).vip for one in three] == [True, False, True]


def test_an_undo_gives_back_what_nobody_changed_since(clinic: Clinic, three: list[UUID]) -> None:
    done = _do(clinic, SetSource("Site"), three)
    second = patients.patient(clinic, three[1])
    form = PatientForm("Bia Dois", source="Instagram", phone="11987654321")
    patients.save(clinic, UpdatePatient(new_id(), second.id, second.version, form), DAY)
    third = patients.patient(clinic, three[2])
    form = PatientForm("Caio Três Reis", source="Site")
    patients.save(clinic, UpdatePatient(new_id(), third.id, third.version, form), DAY)
    undone = _undo(clinic, SetSource("Site"), done)
    assert [one.patient_id for one in undone.left_out] == [three[1]]
    assert [patients.patient(clinic, one).source for one in three] == ["Google", "Instagram", ""]
    assert patients.patient(clinic, three[2]).full_name == "Caio Três Reis"


def test_a_field_of_the_clinics_own(office: Office) -> None:
    clinic, owner = office.desk("renata"), office.desk("claudia")
    three = [_register(clinic, name) for name in ("Aline Um", "Bia Dois", "Caio Três")]
    plan = custom_fields.add(
        owner, AddCustomField(new_id(), Entity.PATIENT, "Convênio", Kind.CHOICE, ("Unimed", "Amil"))
    )
    size = custom_fields.add(owner, AddCustomField(new_id(), Entity.PATIENT, "Altura", Kind.NUMBER))
    _do(clinic, SetOwnField(plan.id, "Unimed"), three[:1])
    done = _do(clinic, SetOwnField(plan.id, "Amil"), three)
    assert [patients.patient(clinic, one).custom for one in three] == [{str(plan.id): "Amil"}] * 3
    _undo(clinic, SetOwnField(plan.id, "Amil"), done)
    assert [patients.patient(clinic, one).custom for one in three] == [{str(plan.id): "Unimed"}, {}, {}]
    emptied = _do(clinic, SetOwnField(plan.id, None), three)
    assert len(emptied.lines) == 1 and patients.patient(clinic, three[0]).custom == {}
    _undo(clinic, SetOwnField(plan.id, None), emptied)
    assert patients.patient(clinic, three[0]).custom == {str(plan.id): "Unimed"}
    for wrong in (SetOwnField(plan.id, "Outro"), SetOwnField(size.id, "alta")):
        with pytest.raises(InvalidForm):
            bulk_update.look(clinic, wrong, three)


def test_what_is_no_longer_there_is_refused(clinic: Clinic, three: list[UUID]) -> None:
    for change in (PutTag(uuid4()), SetOwnField(uuid4(), "x")):
        with pytest.raises(NotFound):
            bulk_update.look(clinic, change, three)
    with pytest.raises(InvalidField):
        bulk_update.look(clinic, SetSource("a\0b"), three)


def test_a_repeated_operation_has_one_effect(clinic: Clinic, three: list[UUID]) -> None:
    command = UpdateMany(new_id(), SetVip(True), bulk_update.look(clinic, SetVip(True), three).lines)
    assert bulk_update.update(clinic, command) == bulk_update.update(clinic, command)
    versions = [patients.patient(clinic, one).version for one in three]
    back = UndoMany(new_id(), SetVip(True), command.lines)
    assert bulk_update.take_back(clinic, back) == bulk_update.take_back(clinic, back)
    assert [patients.patient(clinic, one).version - 1 for one in three] == versions


def test_an_entry_that_was_joined_meanwhile_is_left_out(clinic: Clinic, three: list[UUID]) -> None:
    preview = bulk_update.look(clinic, SetVip(True), three)
    _merge(clinic, three[0], three[1])
    done = bulk_update.update(clinic, UpdateMany(new_id(), SetVip(True), preview.lines))
    assert [one.patient_id for one in done.lines] == [three[2]]  # the one that was kept changed too
    assert merging.standing(clinic, three[1]) == three[0]


def test_everybody_who_is_found(clinic: Clinic, three: list[UUID]) -> None:
    now, zone = at(9), dt.UTC
    assert bulk_update.everybody_found(clinic, "aline", None, now, zone) == three[:1]
    _do(clinic, SetVip(True), three[1:])
    assert bulk_update.everybody_found(clinic, "", (Vip(),), now, zone) == three[1:]
    assert set(bulk_update.everybody_found(clinic, "", None, now, zone)) >= set(three)
