"""Owners let people in, narrow what they may and send them away, in the real window over a real database."""

import pytest
from PySide6.QtCore import Qt

from clinicdesk.desk.preferences.people_section import PeopleSection
from clinicdesk.desk.preferences.profiles_kind import ProfilesSection
from clinicdesk.desk.preferences.sessions_page import SessionsPage
from clinicdesk.domain.staff import Capability, ChangePerson, PersonState, Role, SaveProfile, SetAccess
from clinicdesk.usecases import access, passwords, profiles, sessions, staff
from clinicdesk.usecases.clinic import new_id
from tests.journeys.conftest import sign_renata_in
from tests.journeys.hands import CTRL, Hands
from tests.office import PASSWORD, Office

NEW = "outra frase 77"


@pytest.fixture
def owner(hands: Hands) -> Hands:
    """Cláudia is at work, in the settings."""
    page = hands.window.sign_in_page
    page.tiles.select("claudia")
    hands.write(PASSWORD)
    hands.click(page.button)
    hands.until(lambda: hands.window.workspace is not None)
    hands.until(lambda: hands.workspace.agenda.content is not None)
    hands.idle()
    hands.workspace.show_place("settings")
    return hands


def people_page(owner: Hands) -> PeopleSection:
    """The list of people, read."""
    found = owner.workspace.settings.open_place("people")
    assert isinstance(found, PeopleSection)
    owner.until(lambda: found.team.members and found.editor is not None)
    owner.idle()
    return found


def take_away(office: Office, *capabilities: Capability) -> None:
    """At another desk the owner gives Renata a profile without these."""
    desk = office.desk("claudia")
    command = SaveProfile(new_id(), None, 0, "Estágio", Role.RECEPTION, frozenset(capabilities))
    profile = profiles.save_profile(desk, command)
    renata = next(one for one in staff.people(desk) if one.login == "renata")
    access.set_access(
        desk,
        SetAccess(
            new_id(), renata.id, renata.version, renata.name, renata.hue, renata.role, profile.id, renata.clinic_ids
        ),
    )


def test_somebody_is_invited_by_the_keyboard_and_comes_in_with_the_code(owner: Hands, office: Office) -> None:
    page = people_page(owner)
    assert page.list is not None
    page.list.setFocus()
    owner.key(Qt.Key.Key_N)
    owner.until(lambda: page.current is not None and page._new is not None)
    owner.write("Dra. Nova Pessoa")
    assert page.editor is not None
    assert page.editor.bounds["login"].value() == "nova"
    owner.key(Qt.Key.Key_S, CTRL)
    owner.until(lambda: page.card is not None)
    owner.idle()
    assert page.card is not None
    code = page.card.code.text()
    signed = passwords.choose_password(office.address, "nova", code, NEW, "Mesa 2").clinic
    assert (signed.person.name, signed.person.role) == ("Dra. Nova Pessoa", Role.RECEPTION)
    signed.close()
    owner.click(page.card.copy_button)
    assert owner.application.qt.clipboard().text() == code
    owner.click(page.card.done_button)
    owner.idle()


def test_an_account_is_closed_and_undoing_gives_a_code(owner: Hands, office: Office) -> None:
    page = people_page(owner)
    renata = office.sample.people["renata"]
    page.open_row(renata)
    assert page.head is not None
    owner.click(page.head.close_button)
    owner.said("Undoing gives a new code")
    owner.until(lambda: page.team.members[renata].person.state is PersonState.CLOSED)
    owner.idle()
    owner.key(Qt.Key.Key_Z, CTRL)
    owner.until(lambda: page.card is not None)
    owner.idle()
    assert page.card is not None
    passwords.choose_password(office.address, "renata", page.card.code.text(), NEW, "Mesa 2").clinic.close()
    owner.click(page.card.done_button)


def test_a_locked_person_is_let_try_again(owner: Hands, office: Office) -> None:
    page = people_page(owner)
    for _try in range(10):
        office.admin().execute("SELECT clinicdesk.count_refusal(%s, NULL)", [f"{office.database}_renata"])
    renata = office.sample.people["renata"]
    page.refresh()
    owner.until(lambda: page.team.members[renata].person.state is PersonState.LOCKED)
    owner.idle()
    page.open_row(renata)
    assert page.head is not None
    owner.click(page.head.unlock_button)
    owner.said("may sign in again")
    staff.sign_in(office.address, "renata", PASSWORD, "Mesa 2").clinic.close()
    owner.idle()


def test_a_profile_is_made_with_its_switches(owner: Hands, office: Office) -> None:
    page = owner.workspace.settings.open_place("profiles")
    assert isinstance(page, ProfilesSection)
    owner.until(lambda: page.begun and page.editor is not None)
    owner.idle()
    assert page.list is not None
    page.list.setFocus()
    owner.key(Qt.Key.Key_N)
    owner.until(lambda: page._new is not None)
    owner.write("Estágio")
    assert page.editor is not None
    export = page.editor.bounds["export_patients"]
    assert not export.value() and not export.widget.isEnabled()
    owner.click(page.editor.bounds["overbook"].switch)  # type: ignore[attr-defined]
    owner.key(Qt.Key.Key_S, CTRL)
    owner.said("Estágio added")
    (made,) = profiles.profiles(office.desk("claudia"))
    assert (made.name, made.role, made.denied) == ("Estágio", Role.RECEPTION, frozenset({Capability.OVERBOOK}))
    owner.idle()


def test_a_session_ends_from_the_list(owner: Hands, office: Office) -> None:
    signed = staff.sign_in(office.address, "renata", PASSWORD, "Recepção 2").clinic
    page = owner.workspace.settings.open_place("sessions")
    assert isinstance(page, SessionsPage)
    owner.until(lambda: signed.session_id in page.rows)
    owner.idle()
    assert "Recepção 2" in page.rows[signed.session_id].words
    owner.until(lambda: page.rows[signed.session_id].end_button.isVisible())
    owner.click(page.rows[signed.session_id].end_button)
    owner.said("Session of Renata Souza ended")
    owner.until(lambda: signed.session_id not in page.rows)
    assert not sessions.touch(signed)
    signed.close()
    owner.idle()


@pytest.mark.parametrize("how", ["ended", "closed", "reset"])
def test_a_desk_whose_session_is_ended_goes_back_to_the_sign_in_and_says_so(
    how: str, hands: Hands, office: Office
) -> None:
    sign_renata_in(hands)
    owner, renata = office.desk("claudia"), office.sample.people["renata"]
    session = hands.workspace._clinic.session_id
    assert session is not None
    if how == "ended":
        sessions.end_session(owner, session)
    elif how == "closed":
        access.close_person(owner, ChangePerson(new_id(), renata))
    else:
        access.reset_access(owner, ChangePerson(new_id(), renata))
    hands.until(lambda: hands.window.workspace is None)
    page = hands.window.sign_in_page
    assert page.isVisible()
    assert "ended by an owner" in page.banner.accessibleName()


def test_a_forged_note_ends_nothing(desk: Hands, office: Office) -> None:
    """Any login may notify; what it says is asked of the server."""
    session = desk.workspace._clinic.session_id
    note = f'{{"kind": "desk_session", "id": "{session}", "version": null}}'
    office.connect("bruno").execute("SELECT pg_notify('clinicdesk', %s)", [note])
    desk.workspace.session.ask()
    desk.idle()
    assert desk.window.workspace is not None


def test_a_right_that_is_taken_away_while_its_form_is_open_is_refused_in_words(desk: Hands, office: Office) -> None:
    desk.key(Qt.Key.Key_N)
    editor = desk.editor
    desk.write("conceição")
    desk.until(lambda: editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    desk.idle()
    editor.note.setText("chega de cadeira de rodas")
    take_away(office, Capability.BOOK)
    desk.until(lambda: not desk.workspace.agenda.header.book.isEnabled())
    assert "does not include booking" in desk.workspace.agenda.header.book.toolTip()
    desk.click(editor.submit)
    desk.until(lambda: "does not include booking" in editor.trouble.accessibleName())
    assert editor.isVisible()
    assert editor.note.text() == "chega de cadeira de rodas"
    assert editor.booking.patient is not None
    assert desk.visits() == []
    desk.idle()


def test_what_a_profile_denies_is_greyed_or_refused_with_its_reason(hands: Hands, office: Office) -> None:
    take_away(office, *(one for one in Capability if one not in (Capability.EXPORT_PATIENTS, Capability.READ_AUDIT,
                                                                 Capability.CHANGE_SETTINGS)))  # fmt: skip
    desk = sign_renata_in(hands)
    agenda, patients = desk.workspace.agenda, desk.workspace.patients
    for button in (agenda.header.book, agenda.header.arrival, agenda.bar.block, patients.profile.head.edit):
        assert not button.isEnabled()
        assert "profile does not include" in button.toolTip()
    desk.key(Qt.Key.Key_N)
    desk.said("does not include booking")
    desk.key(Qt.Key.Key_B)
    desk.said("does not include blocking")
    patients.new_patient()
    desk.said("does not include changing the register")
    agenda.waiting_list.ask_new()
    desk.said("does not include the waiting list")
    assert not patients.upkeep.merging.allowed
    desk.idle()


def test_managers_read_the_people_and_change_nothing(office: Office, hands: Hands) -> None:
    page = hands.window.sign_in_page
    hands.click(page.other)
    hands.write("otavio")
    hands.key(Qt.Key.Key_Return)
    hands.write(PASSWORD)
    hands.key(Qt.Key.Key_Return)
    hands.until(lambda: hands.window.workspace is not None)
    hands.until(lambda: hands.workspace.agenda.content is not None)
    hands.workspace.show_place("settings")
    people = people_page(hands)
    assert people.head is not None and people.editor is not None
    assert people.head.chip.isVisible()
    for button in (people.head.code_button, people.head.close_button, people.head.unlock_button):
        assert not button.isVisible()
    assert "Only owners change this" in people.editor.notice.accessibleName()
    hands.idle()
