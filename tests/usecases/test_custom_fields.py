"""The clinic's own fields end to end: defined by managers, filled at the desk, never lost by a definition."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest

from clinicdesk.domain.custom_fields import (
    AddCustomField,
    CustomField,
    Entity,
    Kind,
    SaveCustomField,
    Value,
    read_values,
)
from clinicdesk.domain.patients import PatientForm, RegisterPatient, UpdatePatient
from clinicdesk.errors import ChangedElsewhere, InvalidField, InvalidForm, NotAllowed, NotFound
from clinicdesk.usecases import custom_fields, patients
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import Office

TODAY = dt.date(2026, 11, 24)


@pytest.fixture
def manager(rolled_back: Office) -> Clinic:
    return rolled_back.desk("otavio")


def add(clinic: Clinic, name: str, kind: Kind = Kind.TEXT, choices: tuple[str, ...] = ()) -> CustomField:
    return custom_fields.add(clinic, AddCustomField(new_id(), Entity.PATIENT, name, kind, choices))


def change(field: CustomField, **changes: object) -> SaveCustomField:
    values = {"name": field.name, "choices": field.choices, "position": field.position, "active": field.active}
    return SaveCustomField(new_id(), field.id, field.version, **{**values, **changes})  # type: ignore[arg-type]


def test_fields_are_added_arranged_renamed_and_put_away(manager: Clinic) -> None:
    weight, plan = add(manager, "Peso", Kind.NUMBER), add(manager, "Convênio", Kind.CHOICE, ("Unimed", "Amil"))
    assert [one.name for one in custom_fields.fields(manager, Entity.PATIENT)] == ["Peso", "Convênio"]
    arranged = custom_fields.arrange(manager, Entity.PATIENT, [plan.id, weight.id])
    assert [one.id for one in arranged] == [plan.id, weight.id]
    saved = custom_fields.save(manager, change(arranged[0], name="Plano", choices=("Unimed",)))
    assert (saved.name, saved.choices, saved.version) == ("Plano", ("Unimed",), plan.version + 2)
    custom_fields.save(manager, change(saved, active=False))
    assert [one.name for one in custom_fields.fields(manager, Entity.PATIENT)] == ["Peso"]
    assert len(custom_fields.fields(manager, Entity.PATIENT, inactive=True)) == 2
    assert custom_fields.fields(manager, Entity.SERVICE) == []


def test_a_repeated_click_adds_one_field(manager: Clinic) -> None:
    command = AddCustomField(new_id(), Entity.SERVICE, "Preparo")
    assert custom_fields.add(manager, command) == custom_fields.add(manager, command)


def test_what_cannot_be_is_said(manager: Clinic, rolled_back: Office) -> None:
    weight = add(manager, "Peso", Kind.NUMBER)
    with pytest.raises(InvalidField, match="taken"):
        add(manager, "Peso")
    with pytest.raises(InvalidForm):
        add(manager, "", Kind.CHOICE)
    custom_fields.save(manager, change(weight, name="Peso (kg)"))
    with pytest.raises(ChangedElsewhere):
        custom_fields.save(manager, change(weight, name="Massa"))
    with pytest.raises(NotFound):
        custom_fields.save(manager, SaveCustomField(new_id(), new_id(), 1, "x"))
    with pytest.raises(NotAllowed):
        add(rolled_back.desk("renata"), "Altura")


def test_the_desk_fills_them_and_a_definition_loses_nothing(office: Office) -> None:
    reception, manager = office.desk("renata"), office.desk("otavio")
    weight, plan = add(manager, "Peso", Kind.NUMBER), add(manager, "Convênio", Kind.CHOICE, ("Unimed", "Amil"))
    values: dict[UUID, Value | None] = {weight.id: Decimal("71.5"), plan.id: "Amil"}
    person = patients.register(reception, RegisterPatient(new_id(), PatientForm("Rita Sá", custom=values)), TODAY)
    custom_fields.save(manager, change(plan, choices=("Unimed",)))
    fields = custom_fields.fields(manager, Entity.PATIENT)
    assert read_values(fields, person.custom) == values
    form = PatientForm("Rita Sá", custom={weight.id: None})
    saved = patients.save(reception, UpdatePatient(new_id(), person.id, person.version, form), TODAY)
    assert read_values(fields, saved.custom) == {plan.id: "Amil"}
    wrong = PatientForm("Rita Sá", custom={plan.id: "Golden", weight.id: Decimal("NaN")})
    with pytest.raises(InvalidForm) as caught:
        patients.save(reception, UpdatePatient(new_id(), person.id, saved.version, wrong), TODAY)
    assert [one.field for one in caught.value.problems] == [f"custom.{weight.id}", f"custom.{plan.id}"]


def test_who_sent_a_patient_is_kept_and_is_somebody_else(rolled_back: Office) -> None:
    reception, ana = rolled_back.desk("renata"), rolled_back.sample.patients["ana"]
    form = PatientForm("Rita Sá", referred_by=ana)
    person = patients.register(reception, RegisterPatient(new_id(), form), TODAY)
    assert (person.referred_by, person.referred_by_name) == (ana, "Ana Conceição Álvares")
    own = PatientForm("Rita Sá", referred_by=person.id, guardian_id=person.id)
    with pytest.raises(InvalidForm) as caught:
        patients.save(reception, UpdatePatient(new_id(), person.id, person.version, own), TODAY)
    assert [one.field for one in caught.value.problems] == ["guardian_id", "referred_by"]
