"""The register: found as one types, kept without losing what somebody else saved."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from clinicdesk.domain.patients import PatientForm, RegisterPatient, UpdatePatient
from clinicdesk.errors import (
    ChangedElsewhere,
    InvalidForm,
    KeyUnavailable,
    NotFound,
    PatientAlreadyRegistered,
)
from clinicdesk.usecases import agenda, patients
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import Office, at

TODAY = dt.date(2035, 3, 6)
CPF = "529.982.247-25"


@pytest.fixture
def reception(rolled_back: Office) -> Clinic:
    return rolled_back.desk("renata")


def _register(clinic: Clinic, **form: Any) -> Any:
    filled = {"full_name": "João D’Ávila", "phone": "(11) 98765-4321", **form}
    return patients.register(clinic, RegisterPatient(new_id(), PatientForm(**filled)), TODAY)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("davila", {"Bento d'Ávila", "João D’Ávila"}),
        ("avila joao", {"João D’Ávila"}),
        ("D'ÁVILA", {"Bento d'Ávila", "João D’Ávila"}),
        ("conc alv", {"Ana Conceição Álvares"}),
        ("alv conc", {"Ana Conceição Álvares"}),
        ("al", {"Ana Conceição Álvares", "Nina Álvares"}),
        ("(11) 98765", {"João D’Ávila"}),
        ("765-43", {"João D’Ávila"}),
        ("4321", {"João D’Ávila"}),
        (CPF, {"João D’Ávila"}),
        ("52998224725", {"João D’Ávila"}),
        ("5299822472", set()),
        ("100%", set()),
        ("_", set()),
        ("\\", set()),
        ("zzz", set()),
    ],
)
def test_a_patient_is_found_by_what_one_types(typed: str, found: set[str], reception: Clinic) -> None:
    _register(reception, cpf=CPF)
    assert {one.name for one in patients.search(reception, typed)} == found


def test_nothing_typed_is_everybody_by_name(reception: Clinic) -> None:
    names = [one.name for one in patients.search(reception, "")]
    assert names == ["Ana Conceição Álvares", "Bento d'Ávila", "Nina Álvares"]
    assert [one.name for one in patients.search(reception, "", limit=1, offset=1)] == names[1:2]
    assert patients.count(reception) == 3


def test_a_register_keeps_the_form_and_hides_the_cpf(reception: Clinic, rolled_back: Office) -> None:
    person = _register(reception, social_name="Joana", cpf=CPF, birth_date=dt.date(1984, 2, 29), email="J@X.com ")
    assert (person.name, person.phone, person.email) == ("Joana", "+5511987654321", "j@x.com")
    assert person.has_cpf
    assert patients.cpf(reception, person.id) == "52998224725"
    assert patients.masked_cpf(reception, person.id) == "•••.982.247-••"
    with reception.transaction() as tx:
        stored = tx.exec_driver_sql(
            "SELECT cpf_ciphertext, cpf_index FROM clinicdesk.patient WHERE cpf_index IS NOT NULL"
        )
        assert all(b"52998224725" not in bytes(column) for row in stored for column in row)


def test_every_wrong_field_is_told_at_once(reception: Clinic) -> None:
    with pytest.raises(InvalidForm) as caught:
        _register(
            reception, full_name=" ", social_name="x" * 201, phone="12", email="x", cpf="111",
            birth_date=TODAY + dt.timedelta(days=1)
        )  # fmt: skip
    problems = [(one.field, one.reason) for one in caught.value.problems]
    assert problems == [
        ("full_name", "missing"),
        ("social_name", "too_long"),
        ("phone", "missing_digits"),
        ("email", "not_an_email"),
        ("birth_date", "in_the_future"),
        ("cpf", "missing_digits"),
    ]


def test_a_name_of_two_hundred_letters_and_html_is_only_a_name(reception: Clinic) -> None:
    longest = '<img src="file:///etc/passwd">' + "á" * 170
    assert _register(reception, full_name=longest).full_name == longest
    with pytest.raises(InvalidForm):
        _register(reception, full_name=longest + "á")


def test_a_cpf_is_one_persons(reception: Clinic) -> None:
    first = _register(reception, cpf=CPF)
    with pytest.raises(PatientAlreadyRegistered) as caught:
        _register(reception, full_name="Outra Pessoa", cpf="52998224725")
    assert caught.value == PatientAlreadyRegistered(first.id, "João D’Ávila")
    other = _register(reception, full_name="Outra Pessoa")
    form = PatientForm("Outra Pessoa", cpf=CPF)
    with pytest.raises(PatientAlreadyRegistered):
        patients.save(reception, UpdatePatient(new_id(), other.id, other.version, form), TODAY)


def test_a_saved_form_keeps_changes_or_removes_the_cpf(reception: Clinic) -> None:
    person = _register(reception, cpf=CPF)
    for written, expected in ((None, "52998224725"), ("111.444.777-35", "11144477735"), ("", "")):
        form = PatientForm("João", cpf=written)
        person = patients.save(reception, UpdatePatient(new_id(), person.id, person.version, form), TODAY)
        assert patients.cpf(reception, person.id) == expected
    assert patients.masked_cpf(reception, person.id) == ""


def test_a_stale_form_is_shown_never_merged(office: Office) -> None:
    renata, claudia = office.desk("renata"), office.desk("claudia")
    person = _register(renata)
    save = UpdatePatient(new_id(), person.id, person.version, PatientForm("João", note="de Cláudia"))
    patients.save(claudia, save, TODAY)
    with pytest.raises(ChangedElsewhere) as caught:
        stale = UpdatePatient(new_id(), person.id, person.version, PatientForm("João", note="de Renata"))
        patients.save(renata, stale, TODAY)
    assert (caught.value.current_version, caught.value.changed_by) == (2, "Cláudia Meireles")
    assert patients.patient(renata, person.id).note == "de Cláudia"


def test_a_double_click_registers_and_saves_once(reception: Clinic) -> None:
    command = RegisterPatient(new_id(), PatientForm("João", phone="11 98765-4321", cpf=CPF))
    person = patients.register(reception, command, TODAY)
    assert patients.register(reception, command, TODAY) == person
    save = UpdatePatient(new_id(), person.id, 1, PatientForm("João Só"))
    assert patients.save(reception, save, TODAY) == patients.save(reception, save, TODAY)


def test_somebody_who_may_be_the_same_is_shown(reception: Clinic) -> None:
    _register(reception, birth_date=dt.date(1984, 2, 29))
    look = lambda **form: [one.name for one in patients.lookalikes(reception, PatientForm(**form))]  # noqa: E731
    assert look(full_name="Xis", phone="11987654321") == ["João D’Ávila"]
    assert look(full_name="joao davila") == ["João D’Ávila"]
    assert look(full_name="joao davila", birth_date=dt.date(1984, 2, 29)) == ["João D’Ávila"]
    assert look(full_name="joao davila", birth_date=dt.date(1999, 1, 1)) == []
    assert look(full_name="João", phone="119876") == []


def test_guardians_know_their_dependants(reception: Clinic, rolled_back: Office) -> None:
    people = rolled_back.sample.patients
    (nina,) = patients.dependants(reception, people["ana"])
    assert (nina.name, nina.guardian_name) == ("Nina Álvares", "Ana Conceição Álvares")


def test_a_line_knows_the_visits_around_now(office: Office) -> None:
    connection = office.connect("renata")
    office.book_row(connection)
    office.book_row(connection, starts_at=at(15), ends_at=at(16))
    reception = office.desk("renata")
    (ana,) = patients.with_visits(reception, patients.search(reception, "ana conc"), at(12))
    assert (ana.last_visit, ana.next_visit) == (at(9), at(15))
    assert len(agenda.of_patient(reception, ana.id)) == 2


def test_what_is_not_there_is_not_found(reception: Clinic) -> None:
    with pytest.raises(NotFound):
        patients.patient(reception, uuid4())
    with pytest.raises(NotFound):
        patients.save(reception, UpdatePatient(new_id(), uuid4(), 1, PatientForm("X")), TODAY)


def test_without_keys_a_cpf_stays_closed(reception: Clinic) -> None:
    person = _register(reception, cpf=CPF)
    keyless = Clinic(reception._line.engine, {}, reception.person, reception.id, "mesa 2", None)
    with pytest.raises(KeyUnavailable):
        patients.cpf(keyless, person.id)


def test_why_the_law_puts_somebody_first_is_kept_with_its_last_day(reception: Clinic) -> None:
    until = TODAY + dt.timedelta(days=90)
    kept = _register(reception, priority="pregnant", priority_until=until)
    assert (kept.priority, kept.priority_until) == ("pregnant", until)
    form = PatientForm("João D’Ávila", priority="", priority_until=until)
    saved = patients.save(reception, UpdatePatient(new_id(), kept.id, kept.version, form), TODAY)
    assert (saved.priority, saved.priority_until) == ("", None)


@pytest.mark.parametrize(
    ("priority", "days", "field"), [("friend", None, "priority"), ("pregnant", 4 * 366, "priority_until")]
)
def test_what_is_no_priority_is_refused(reception: Clinic, priority: str, days: int | None, field: str) -> None:
    until = TODAY + dt.timedelta(days=days) if days else None
    with pytest.raises(InvalidForm) as caught:
        _register(reception, priority=priority, priority_until=until)
    assert [one.field for one in caught.value.problems] == [field]
