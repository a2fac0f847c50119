"""Signing in, giving somebody a login, making a clinic."""

from dataclasses import replace
from uuid import uuid4

import pytest

from clinicdesk.domain.clinics import Clinic as ClinicFacts
from clinicdesk.domain.patients import PatientForm, RegisterPatient
from clinicdesk.domain.staff import AddPerson, Role
from clinicdesk.errors import (
    ClinicAlreadyHere,
    ClinicUnreachable,
    InvalidField,
    KeyUnavailable,
    NoClinicHere,
    NotAllowed,
    SignInRefused,
    WeakPassword,
)
from clinicdesk.keychain import WrappedUnder, unwrap_key
from clinicdesk.storage import setup as rows
from clinicdesk.usecases import patients, setup, staff
from clinicdesk.usecases.clinic import new_id
from tests.office import DAY, PASSWORD, Office, value


def _new(office: Office, **changes: object) -> AddPerson:
    clinics = (office.sample.clinics["ipe"],)
    return replace(AddPerson(new_id(), "nova", "Nova Pessoa", Role.RECEPTION, "outra frase 77", clinics), **changes)


def test_a_person_signs_in_with_keys_and_clinics(office: Office) -> None:
    signed = staff.sign_in(office.address, "renata", PASSWORD, "mesa 1")
    person = signed.clinic.person
    assert (person.login, person.role, person.clinic_ids) == ("renata", Role.RECEPTION, (office.sample.clinics["ipe"],))
    assert [one.name for one in signed.clinics] == ["Clínica Ipê"]
    assert signed.clinic.keys == replace(
        office.keys, clinic_keys={office.sample.clinics["ipe"]: office.keys.clinic_keys[office.sample.clinics["ipe"]]}
    )
    signed.clinic.close()
    without = staff.sign_in(office.address, "helena", PASSWORD, "mesa 1").clinic
    assert without.person.professional_id == office.sample.professionals["helena"]
    with pytest.raises(KeyUnavailable):
        _ = without.keys
    without.close()


def test_whoever_signed_in_shows_later_that_they_know_the_password_without_the_server(office: Office) -> None:
    for login in ("renata", "helena"):  # who has keys, and who was given none
        signed = staff.sign_in(office.address, login, PASSWORD, "mesa 1")
        signed.clinic.close()
        assert staff.knows_password(signed, PASSWORD)
        assert not staff.knows_password(signed, PASSWORD + " ")
        assert not staff.knows_password(signed, "")
        assert not staff.knows_password(replace(signed, proof=b""), PASSWORD)
        assert signed.proof.hex() not in repr(signed)


def test_a_wrong_password_and_an_unknown_person_read_alike(office: Office) -> None:
    answers = []
    for login, password in (("renata", "errada"), ("ninguem", PASSWORD), ("renata", "")):
        with pytest.raises(SignInRefused) as caught:
            staff.sign_in(office.address, login, password, "mesa 1")
        answers.append(caught.value)
    assert answers[0] == answers[1] == answers[2] == SignInRefused()


def test_a_server_that_is_not_there_is_unreachable(office: Office) -> None:
    with pytest.raises(ClinicUnreachable):
        staff.sign_in({**office.address, "host": "127.0.0.1", "port": "1"}, "renata", PASSWORD, "mesa 1")


def test_a_person_of_no_clinic_has_nowhere_to_work(office: Office) -> None:
    office.admin().execute("DELETE FROM clinicdesk.person_clinic WHERE person_id = %s", [office.sample.people["bruno"]])
    with pytest.raises(NoClinicHere):
        staff.sign_in(office.address, "bruno", PASSWORD, "mesa 1")


def test_an_owner_gives_a_login_and_its_keys(office: Office) -> None:
    owner, command = office.desk("claudia"), _new(office)
    made = staff.add_person(owner, command)
    assert staff.add_person(owner, command) == made
    assert made in staff.people(owner)
    signed = staff.sign_in(office.address, "nova", "outra frase 77", "mesa 1").clinic
    assert signed.keys.register_key == office.keys.register_key
    person = patients.register(signed, RegisterPatient(new_id(), PatientForm("Ana", cpf="52998224725")), DAY)
    assert patients.cpf(owner, person.id) == "52998224725"
    signed.close()


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"password": "curta 1"}, WeakPassword("short")),
        ({"login": "renata"}, InvalidField("login", "taken")),
        ({"login": "Com Espaço"}, InvalidField("login", "letters_only")),
        ({"name": ""}, InvalidField("name", "missing")),
    ],
)
def test_a_login_that_cannot_be_is_refused(change: dict[str, object], fact: Exception, rolled_back: Office) -> None:
    with pytest.raises(type(fact)) as caught:
        staff.add_person(rolled_back.desk("claudia"), _new(rolled_back, **change))
    assert caught.value == fact


@pytest.mark.parametrize("login", ["otavio", "renata", "helena"])
def test_nobody_but_an_owner_gives_logins(login: str, rolled_back: Office) -> None:
    with pytest.raises(NotAllowed):
        staff.add_person(rolled_back.desk(login), _new(rolled_back))


def test_a_clinic_is_made_once_and_the_recovery_key_opens_it(office: Office) -> None:
    sample, admin = office.sample, office.cluster.admin_conninfo()
    owner = _new(office, login="dona", name="Dona Célia", role=Role.OWNER)
    with pytest.raises(ClinicAlreadyHere):
        setup.make_clinic(admin, office.database, "Outra", [ClinicFacts(new_id(), "X")], owner)
    wrapped = value(
        office.admin(),
        "SELECT w.wrapped FROM clinicdesk.wrapped_key w JOIN clinicdesk.data_key k ON k.id = w.data_key_id"
        " WHERE w.kind = 'recovery' AND k.clinic_id IS NULL",
    )
    assert unwrap_key(wrapped, WrappedUnder.RECOVERY_KEY, sample.recovery_key) == office.keys.register_key


@pytest.mark.parametrize(
    ("organisation", "clinic", "password"),
    [("", ClinicFacts(new_id(), "X"), "outra frase 77"), ("A", ClinicFacts(new_id(), "X", cnpj="1"), "outra frase 77"),
     ("A", ClinicFacts(new_id(), "X"), "curta"), ("A", ClinicFacts(new_id(), ""), "outra frase 77")],
)  # fmt: skip
def test_a_clinic_that_cannot_be_leaves_nothing(
    organisation: str, clinic: ClinicFacts, password: str, office: Office
) -> None:
    admin, name = office.cluster.admin_conninfo(), f"never{uuid4().hex[:8]}"
    owner = _new(office, login="dona", role=Role.OWNER, password=password, clinic_ids=(clinic.id,))
    with pytest.raises((InvalidField, WeakPassword)):
        setup.make_clinic(admin, name, organisation, [clinic], owner)
    assert not rows.has_database(admin, name)


def test_removing_a_database_leaves_its_neighbours_logins(office: Office) -> None:
    """`clinic_demo_ana` is Ana's in `clinic_demo`; its name begins like a login of `clinic` all the same."""
    admin, name = office.cluster.admin_conninfo(), f"near{uuid4().hex[:8]}"
    for database in (name, f"{name}_demo"):
        rows.make_database(admin, database)
    server = office.admin()
    for database in (name, f"{name}_demo"):
        server.execute(f"CREATE ROLE {database}_ana".encode())
        server.execute(f"GRANT CONNECT ON DATABASE {database} TO {database}_ana".encode())
    rows.remove_database(admin, name)
    left = server.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [name]).fetchall()
    assert left == [(f"{name}_demo_ana",)]
    rows.remove_database(admin, f"{name}_demo")
