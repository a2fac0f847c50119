"""Invitations, codes, access, profiles and passwords, as owners and invited people use them."""

import dataclasses
import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from clinicdesk.domain.staff import (
    Capability,
    ChangePerson,
    InvitePerson,
    Person,
    PersonState,
    RemoveProfile,
    Role,
    SaveProfile,
    SetAccess,
)
from clinicdesk.errors import (
    AccountLocked,
    ChangedElsewhere,
    CodeOver,
    InvalidField,
    LastOwner,
    NotAllowed,
    PasswordToChoose,
    RecoveryRefused,
    SignInRefused,
    StillUsed,
    WeakPassword,
)
from clinicdesk.usecases import access, passwords, profiles, sessions, staff
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import PASSWORD, Office

NEW = "outra frase 77"


def _invite(office: Office, **changes: Any) -> InvitePerson:
    clinics = (office.sample.clinics["ipe"],)
    return dataclasses.replace(InvitePerson(new_id(), "nova", "Nova Pessoa", Role.RECEPTION, clinics), **changes)


def _person(clinic: Clinic, person_id: UUID) -> Person:
    return next(one for one in staff.people(clinic) if one.id == person_id)


def _same_but(person: Person, **changes: Any) -> SetAccess:
    profile_id = person.profile.id if person.profile else None
    kept = SetAccess(
        new_id(), person.id, person.version, person.name, person.hue, person.role, profile_id, person.clinic_ids
    )
    return dataclasses.replace(kept, **changes)


def test_somebody_invited_chooses_a_password_and_has_the_keys(office: Office) -> None:
    owner = office.desk("claudia")
    invitation = staff.invite_person(owner, _invite(office))
    assert invitation.person.state is PersonState.INVITED
    assert invitation.expires_at is not None
    assert dt.timedelta(days=6.9) < invitation.expires_at - dt.datetime.now(dt.UTC) < dt.timedelta(days=7.1)
    with pytest.raises(PasswordToChoose, match="Nova Pessoa"):
        staff.sign_in(office.address, "nova", invitation.code, "mesa 1")
    typed = invitation.code.lower().replace("-", " ")
    signed = passwords.choose_password(office.address, "nova", typed, NEW, "mesa 1").clinic
    assert signed.keys.register_key == office.keys.register_key
    assert signed.person.state is PersonState.ACTIVE
    signed.close()
    staff.sign_in(office.address, "nova", NEW, "mesa 1").clinic.close()
    for login_password in (invitation.code, typed):
        with pytest.raises(SignInRefused):
            passwords.choose_password(office.address, "nova", login_password, NEW, "mesa 1")


def test_an_invitation_done_again_gives_the_same_person_a_new_code(office: Office) -> None:
    owner, command = office.desk("claudia"), _invite(office)
    first = staff.invite_person(owner, command)
    second = staff.invite_person(owner, command)
    assert (second.person.id, len(second.code)) == (first.person.id, len(first.code))
    with pytest.raises(SignInRefused):
        passwords.choose_password(office.address, "nova", first.code, NEW, "mesa 1")
    passwords.choose_password(office.address, "nova", second.code, NEW, "mesa 1").clinic.close()
    third = staff.invite_person(owner, command)
    assert (third.code, third.person.state) == ("", PersonState.ACTIVE)


def test_a_password_is_no_code(office: Office) -> None:
    owner = office.desk("claudia")
    staff.invite_person(owner, _invite(office))
    with pytest.raises(SignInRefused):
        passwords.choose_password(office.address, "nova", "AAAA-AAAA-AAAA-AAAA-AAAA", NEW, "mesa 1")
    with pytest.raises(SignInRefused):
        passwords.choose_password(office.address, "renata", PASSWORD, NEW, "mesa 1")


def test_a_weak_choice_is_refused_and_the_code_still_opens(office: Office) -> None:
    code = staff.invite_person(office.desk("claudia"), _invite(office)).code
    for weak in ("curta 1", "senhasenha12", "minha nova pessoa 1"):
        with pytest.raises(WeakPassword):
            passwords.choose_password(office.address, "nova", code, weak, "mesa 1")
    passwords.choose_password(office.address, "nova", code, NEW, "mesa 1").clinic.close()


def test_a_code_is_over_after_its_days(office: Office) -> None:
    code = staff.invite_person(office.desk("claudia"), _invite(office)).code
    office.admin().execute(
        "UPDATE clinicdesk.person SET code_expires_at = now() - interval '1 second' WHERE login = 'nova'"
    )
    with pytest.raises(CodeOver):
        passwords.choose_password(office.address, "nova", code, NEW, "mesa 1")
    office.admin().execute(f"ALTER ROLE \"{office.database}_nova\" VALID UNTIL '2020-01-01'".encode())
    with pytest.raises(SignInRefused):
        passwords.choose_password(office.address, "nova", code, NEW, "mesa 1")


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"login": "renata"}, InvalidField("login", "taken")),
        ({"login": "Com Espaço"}, InvalidField("login", "letters_only")),
        ({"name": " "}, InvalidField("name", "missing")),
    ],
)
def test_an_invitation_that_cannot_be_is_refused(change: dict[str, object], fact: Exception, office: Office) -> None:
    with pytest.raises(type(fact)) as caught:
        staff.invite_person(office.desk("claudia"), _invite(office, **change))
    assert caught.value == fact


@pytest.mark.parametrize("login", ["otavio", "renata", "helena"])
def test_nobody_but_an_owner_decides_about_people(login: str, office: Office) -> None:
    desk, bruno = office.desk(login), _person(office.desk("claudia"), office.sample.people["bruno"])
    for attempt in (
        lambda: staff.invite_person(desk, _invite(office)),
        lambda: access.reset_access(desk, ChangePerson(new_id(), bruno.id)),
        lambda: access.set_access(desk, _same_but(bruno, role=Role.MANAGER)),
        lambda: access.close_person(desk, ChangePerson(new_id(), bruno.id)),
        lambda: access.unlock_person(desk, ChangePerson(new_id(), bruno.id)),
        lambda: access.set_access(desk, _same_but(bruno, name="B")),
        lambda: profiles.save_profile(desk, SaveProfile(new_id(), None, 0, "P", Role.RECEPTION, frozenset())),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert _person(office.desk("claudia"), bruno.id) == bruno


def test_a_forgotten_password_is_replaced_by_a_code(office: Office) -> None:
    owner, renata = office.desk("claudia"), office.sample.people["renata"]
    made = access.reset_access(owner, ChangePerson(new_id(), renata))
    assert made.person.state is PersonState.INVITED
    with pytest.raises(SignInRefused):
        staff.sign_in(office.address, "renata", PASSWORD, "mesa 1")
    signed = passwords.choose_password(office.address, "renata", made.code, NEW, "mesa 1").clinic
    assert signed.keys.register_key == office.keys.register_key
    signed.close()


def test_no_owner_resets_themselves(office: Office) -> None:
    with pytest.raises(NotAllowed):
        access.reset_access(office.desk("claudia"), ChangePerson(new_id(), office.sample.people["claudia"]))


def test_a_closed_account_comes_back_by_a_code(office: Office) -> None:
    owner, renata = office.desk("claudia"), office.sample.people["renata"]
    signed = staff.sign_in(office.address, "renata", PASSWORD, "mesa 1").clinic
    closed = access.close_person(owner, ChangePerson(new_id(), renata))
    assert closed.state is PersonState.CLOSED
    assert closed.closed_at is not None
    assert not sessions.touch(signed)
    signed.close()
    with pytest.raises(AccountLocked):
        staff.sign_in(office.address, "renata", PASSWORD, "mesa 1")
    code = access.reset_access(owner, ChangePerson(new_id(), renata)).code
    passwords.choose_password(office.address, "renata", code, NEW, "mesa 1").clinic.close()
    assert _person(owner, renata).closed_at is None


def test_a_person_locked_at_work_is_out_and_comes_back_with_the_same_password(office: Office) -> None:
    owner, renata = office.desk("claudia"), office.sample.people["renata"]
    signed = staff.sign_in(office.address, "renata", PASSWORD, "mesa 1").clinic
    for _try in range(10):
        office.admin().execute("SELECT clinicdesk.count_refusal(%s, NULL)", [f"{office.database}_renata"])
    assert _person(owner, renata).state is PersonState.LOCKED
    assert not sessions.touch(signed)
    signed.close()
    with pytest.raises(AccountLocked):
        staff.sign_in(office.address, "renata", PASSWORD, "mesa 1")
    assert access.unlock_person(owner, ChangePerson(new_id(), renata)).state is PersonState.ACTIVE
    staff.sign_in(office.address, "renata", PASSWORD, "mesa 1").clinic.close()


def test_a_clinic_that_is_added_brings_a_code_and_its_key(office: Office) -> None:
    owner, both = office.desk("claudia"), tuple(office.sample.clinics.values())
    renata = _person(owner, office.sample.people["renata"])
    command = _same_but(renata, clinic_ids=both)
    first = access.set_access(owner, command)
    again = access.set_access(owner, command)
    assert first.code
    assert again.code
    signed = passwords.choose_password(office.address, "renata", again.code, NEW, "mesa 1")
    assert {one.id for one in signed.clinics} == set(both)
    assert set(signed.clinic.keys.clinic_keys) == set(both)
    signed.clinic.close()
    fewer = access.set_access(owner, _same_but(_person(owner, renata.id), clinic_ids=both[:1]))
    assert (fewer.code, fewer.person.clinic_ids) == ("", both[:1])
    signed = staff.sign_in(office.address, "renata", NEW, "mesa 1")
    assert set(signed.clinic.keys.clinic_keys) == set(both[:1])
    signed.clinic.close()


def test_a_role_changes_at_once_where_the_person_is_at_work(office: Office) -> None:
    owner, desk = office.desk("claudia"), office.desk("otavio")
    otavio = _person(owner, office.sample.people["otavio"])
    assert staff.my_capabilities(desk).may(Capability.CHANGE_SETTINGS)
    assert access.set_access(owner, _same_but(otavio, role=Role.RECEPTION)).code == ""
    assert not staff.my_capabilities(desk).may(Capability.CHANGE_SETTINGS)
    with pytest.raises(NotAllowed):
        staff.team(desk)


def test_access_seen_too_long_ago_is_not_written(office: Office) -> None:
    owner = office.desk("claudia")
    otavio = _person(owner, office.sample.people["otavio"])
    access.set_access(owner, _same_but(otavio, role=Role.RECEPTION))
    with pytest.raises(ChangedElsewhere):
        access.set_access(owner, _same_but(otavio, role=Role.OWNER))
    named = _person(owner, otavio.id)
    made = access.set_access(owner, _same_but(named, name=" Otávio  Lins Neto", hue=110)).person
    assert (made.name, made.hue, made.role) == ("Otávio Lins Neto", 110, Role.RECEPTION)
    with pytest.raises(ChangedElsewhere):
        access.set_access(owner, _same_but(named, name="O"))
    with pytest.raises(InvalidField):
        access.set_access(owner, _same_but(_person(owner, otavio.id), clinic_ids=()))


def test_there_is_always_an_owner_who_can_sign_in(office: Office) -> None:
    owner = office.desk("claudia")
    claudia, otavio = (office.sample.people[name] for name in ("claudia", "otavio"))
    with pytest.raises(LastOwner):
        access.set_access(owner, _same_but(_person(owner, claudia), role=Role.MANAGER))
    # Somebody invited is no owner yet, and somebody locked could not open the door.
    access.set_access(owner, _same_but(_person(owner, otavio), role=Role.OWNER))
    access.reset_access(owner, ChangePerson(new_id(), otavio))
    with pytest.raises(LastOwner):
        access.close_person(owner, ChangePerson(new_id(), claudia))
    admin = office.admin()
    admin.execute("UPDATE clinicdesk.person SET password_set_at = now(), locked_at = now() WHERE id = %s", [otavio])
    with pytest.raises(LastOwner):
        access.close_person(owner, ChangePerson(new_id(), claudia))
    admin.execute("UPDATE clinicdesk.person SET locked_at = NULL WHERE id = %s", [otavio])
    access.close_person(owner, ChangePerson(new_id(), claudia))


def test_a_profile_is_kept_given_and_taken_away(office: Office) -> None:
    owner = office.desk("claudia")
    command = SaveProfile(new_id(), None, 0, "Estágio", Role.RECEPTION, frozenset({Capability.BOOK}))
    made = profiles.save_profile(owner, command)
    assert profiles.save_profile(owner, command) == made
    renata = _person(owner, office.sample.people["renata"])
    given = access.set_access(owner, _same_but(renata, profile_id=made.id)).person
    assert given.profile == made
    assert not given.rights.may(Capability.BOOK)
    with pytest.raises(StillUsed):
        profiles.remove_profile(owner, RemoveProfile(new_id(), made.id, made.version))
    wider = SaveProfile(new_id(), made.id, made.version, "Estágio", Role.RECEPTION, frozenset())
    changed = profiles.save_profile(owner, wider)
    assert changed.version == made.version + 1
    with pytest.raises(ChangedElsewhere):
        profiles.save_profile(owner, dataclasses.replace(wider, operation_id=new_id()))
    access.set_access(owner, _same_but(_person(owner, renata.id), profile_id=None))
    assert profiles.remove_profile(owner, RemoveProfile(new_id(), made.id, changed.version)) == changed
    assert profiles.profiles(owner) == []


def test_a_profile_narrows_one_role_alone(office: Office) -> None:
    owner = office.desk("claudia")
    for role, denied in ((Role.OWNER, frozenset()), (Role.RECEPTION, frozenset({Capability.CHANGE_SETTINGS}))):
        with pytest.raises(InvalidField):
            profiles.save_profile(owner, SaveProfile(new_id(), None, 0, "P", role, denied))
    made = profiles.save_profile(owner, SaveProfile(new_id(), None, 0, "P", Role.RECEPTION, frozenset()))
    with pytest.raises(InvalidField, match="taken"):
        profiles.save_profile(owner, SaveProfile(new_id(), None, 0, "P", Role.MANAGER, frozenset()))
    otavio = _person(owner, office.sample.people["otavio"])
    with pytest.raises(Exception, match="NotFound"):
        access.set_access(owner, _same_but(otavio, profile_id=made.id))


def test_a_password_is_changed_and_what_is_open_goes_on(office: Office) -> None:
    signed = staff.sign_in(office.address, "renata", PASSWORD, "mesa 1").clinic
    with pytest.raises(SignInRefused):
        passwords.change_password(signed, "errada", NEW)
    with pytest.raises(WeakPassword):
        passwords.change_password(signed, PASSWORD, "curta")
    passwords.change_password(signed, PASSWORD, NEW)
    assert signed.still_let_in()
    assert staff.my_capabilities(signed).may(Capability.BOOK)
    signed.close()
    with pytest.raises(SignInRefused):
        staff.sign_in(office.address, "renata", PASSWORD, "mesa 1")
    again = staff.sign_in(office.address, "renata", NEW, "mesa 1").clinic
    assert again.keys.register_key == office.keys.register_key
    again.close()


def test_an_owner_who_forgot_comes_back_by_the_recovery_key(office: Office) -> None:
    admin, key = office.cluster.admin_conninfo(), office.sample.recovery_key
    for login, typed in (("claudia", key[:-1] + "0" if key[-1] != "0" else key[:-1] + "1"), ("renata", key),
                         ("ninguem", key)):  # fmt: skip
        with pytest.raises(RecoveryRefused):
            passwords.recover(admin, office.database, login, typed, NEW)
    office.admin().execute("UPDATE clinicdesk.person SET locked_at = now() WHERE login = 'claudia'")
    passwords.recover(admin, office.database, "claudia", key.lower(), NEW)
    signed = staff.sign_in(office.address, "claudia", NEW, "mesa 1").clinic
    assert signed.keys == office.keys
    signed.close()


def test_owners_see_who_is_at_work_and_end_it(office: Office) -> None:
    owner = office.desk("claudia")
    signed = staff.sign_in(office.address, "renata", PASSWORD, "Recepção 1").clinic
    (found,) = sessions.sessions(owner)
    assert (found.id, found.person_name, found.desk) == (signed.session_id, "Renata Souza", "Recepção 1")
    assert sessions.touch(signed)
    with pytest.raises(NotAllowed):
        sessions.sessions(signed)
    with pytest.raises(NotAllowed):
        sessions.end_session(office.desk("otavio"), found.id)
    sessions.end_session(owner, found.id)
    assert not sessions.touch(signed)
    assert sessions.sessions(owner) == []
    signed.close()
    member = next(one for one in staff.team(owner) if one.person.login == "renata")
    assert member.last_sign_in is not None


def test_leaving_ends_the_session(office: Office) -> None:
    staff.sign_in(office.address, "renata", PASSWORD, "mesa 1").clinic.close()
    assert sessions.sessions(office.desk("claudia")) == []
