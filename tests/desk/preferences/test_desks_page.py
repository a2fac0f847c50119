"""The page of the desks on a real database: the list, a code, a name, the end of a desk, and who may do which."""

from uuid import UUID

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from clinicdesk.desk.preferences.desks.page import DesksPage
from clinicdesk.desk.preferences.page import SettingsPage
from clinicdesk.desk.widgets.dialog import Dialog
from clinicdesk.domain.desks import read_code
from clinicdesk.usecases import desks
from clinicdesk.usecases.clinic import Change
from tests.desk.patients.conftest import press, type_text
from tests.desk.preferences.conftest import Open, admin, reader
from tests.office import Office, value
from tests.storage.test_desks import answer, came, enrolled


def page_of(settings: SettingsPage) -> DesksPage:
    assert isinstance(settings.section, DesksPage)
    return settings.section


def idle(page: DesksPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page._desk.background.busy)


def said(page: DesksPage) -> str:
    shown = page._desk.toasts.toast
    return shown.accessibleName() if shown else ""


def titles(page: DesksPage) -> list[str]:
    return [row.title for row in page.list.rows.rows]


def two(office: Office) -> tuple[UUID, UUID]:
    first, second = enrolled(office, "Recepção 1", "77"), enrolled(office, "Recepção 2", "78")
    admin(office).execute(
        "INSERT INTO clinicdesk.desk_session (id, person_id, desk_id, last_seen_at)"
        " VALUES (gen_random_uuid(), %s, %s, '2035-03-05 20:00+00')",
        [office.sample.people["renata"], first],
    )
    return first, second


def test_on_one_computer_the_page_says_what_more_desks_take(settings: Open) -> None:
    page = page_of(settings("desks"))
    assert page._stack.currentWidget() is page._nothing
    page.begin_new()
    assert page.inviting.invitation is None
    assert not page._nothing.button.isVisible()


def test_from_one_computer_it_leads_to_the_way_to_a_server(settings: Open, qtbot: QtBot) -> None:
    whole = settings("desks")
    page = DesksPage(whole.desk, moving="moving")
    with qtbot.waitSignal(page.place_wanted, check_params_cb=lambda key: key == "moving"):
        page._nothing.button.click()
    shiboken6.delete(page)


def test_the_desks_stand_with_who_was_there(settings: Open, office: Office) -> None:
    two(office)
    page = page_of(settings("desks"))
    assert titles(page) == ["Recepção 1", "Recepção 2"]
    assert [row.detail for row in page.list.rows.rows] == [
        "yesterday, 17:00, Renata Souza",
        "nobody signed in there yet",
    ]
    assert page.panel.desk is not None and page.panel.name.text() == "Recepção 1"
    press(page.list, Qt.Key.Key_Down)
    assert page.panel.name.text() == "Recepção 2"
    assert "let in by Cláudia Meireles" in page.panel.facts["joined"].text()
    assert page.panel.facts["certificate"].text() == "31/12/2035, renewed by itself"


def test_a_code_opens_and_whoever_comes_by_it_is_told(settings: Open, office: Office, qtbot: QtBot) -> None:
    two(office)
    whole = settings("desks")
    page = page_of(whole)
    whole.new()
    idle(page, qtbot)
    invitation = page.inviting.invitation
    assert invitation is not None and page.inviting.is_open()
    assert page.inviting.code.accessibleName().replace(" ", "").replace(",", "-") == str(invitation.code).replace(
        " ", ""
    )
    assert page.inviting.left.text().startswith("Good for 1")
    page.inviting.copy.click()
    assert read_code(QGuiApplication.clipboard().text()) == invitation.code
    with came(office, invitation.code) as desk:
        desk.execute("SELECT clinicdesk.enrol_desk('request', 'Sala 7')")
        answer(office, "79")
    page.apply_change(Change("desk", None, None))
    qtbot.waitUntil(lambda: not page.inviting.is_open())
    assert "Sala 7 joined" in page.inviting.notice.accessibleName()
    assert titles(page) == ["Recepção 1", "Recepção 2", "Sala 7"]
    page.inviting.done.click()
    assert page._right.currentWidget() is page._one


def test_a_desk_that_was_there_already_is_no_newcomer(settings: Open, office: Office, qtbot: QtBot) -> None:
    two(office)
    page = page_of(settings("desks"))
    page.begin_new()
    idle(page, qtbot)
    page.refresh()
    idle(page, qtbot)
    assert page.inviting.is_open() and not page.inviting.notice.isVisible()


def test_a_code_grows_old_on_the_screen(
    settings: Open, office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    two(office)
    page = page_of(settings("desks"))
    page.begin_new()
    idle(page, qtbot)
    monkeypatch.setattr(page.inviting, "seconds_left", lambda: 0)
    page.inviting._count()
    assert not page.inviting.is_open() and page.inviting.another.isVisible()
    assert not page.inviting.copy.isEnabled()
    before = page.inviting.invitation
    monkeypatch.undo()
    page.inviting.another.click()
    idle(page, qtbot)
    assert page.inviting.is_open() and page.inviting.invitation != before


def test_a_name_is_kept_on_leaving_it_and_taken_back(settings: Open, office: Office, qtbot: QtBot) -> None:
    first, _second = two(office)
    page = page_of(settings("desks"))
    page.panel.name.setFocus()
    page.panel.name.selectAll()
    type_text(page.panel.name, "Balcão")
    press(page.panel.name, Qt.Key.Key_Return)
    idle(page, qtbot)
    qtbot.waitUntil(lambda: titles(page) == ["Balcão", "Recepção 2"])
    assert said(page).startswith("Desk named Balcão")
    page._desk.undo.undo()
    qtbot.waitUntil(lambda: titles(page) == ["Recepção 1", "Recepção 2"])
    page._desk.undo.redo()
    qtbot.waitUntil(lambda: [one.name for one in desks.desks(reader(office)) if one.id == first] == ["Balcão"])
    idle(page, qtbot)


def test_a_desk_without_a_name_is_not_kept(settings: Open, office: Office) -> None:
    two(office)
    page = page_of(settings("desks"))
    page.panel.name.setFocus()
    page.panel.name.selectAll()
    press(page.panel.name, Qt.Key.Key_Backspace)
    press(page.panel.name, Qt.Key.Key_Return)
    assert page.panel.field.error == "Fill this in"
    assert value(admin(office), "SELECT count(*) FROM clinicdesk.desk WHERE name = 'Recepção 1'") == 1


def test_shutting_a_desk_out_asks_once_and_says_what_happens(settings: Open, office: Office, qtbot: QtBot) -> None:
    first, _second = two(office)
    page = page_of(settings("desks"))
    page.panel.end.click()
    asked = page.window().findChild(Dialog)
    assert asked is not None and asked.safe.hasFocus()
    asked.dismiss()
    assert value(admin(office), "SELECT count(*) FROM clinicdesk.desk WHERE revoked_at IS NULL") == 2
    page.panel.end.click()
    for dialog in page.window().findChildren(Dialog):
        if dialog.isVisible():
            dialog.verb.click()
    idle(page, qtbot)
    qtbot.waitUntil(lambda: titles(page) == ["Recepção 2", "Shut out", "Recepção 1"])
    assert said(page).startswith("Recepção 1 is shut out")
    revoked = value(admin(office), "SELECT id FROM clinicdesk.desk WHERE revoked_at IS NOT NULL")
    assert revoked == first
    idle(page, qtbot)


def test_a_manager_reads_and_nobody_else_sees_the_page(settings: Open, office: Office) -> None:
    two(office)
    page = page_of(settings("desks", "otavio"))
    assert titles(page) == ["Recepção 1", "Recepção 2"]
    assert not page.invite_button.isEnabled() and page.invite_button.toolTip()
    assert not page.panel.name.isEnabled() and not page.panel._ending.isVisible()
    page.begin_new()
    assert page.inviting.invitation is None


def test_reception_has_no_such_page(settings: Open) -> None:
    page = settings("appearance", "renata")
    assert "desks" not in page.navigation.items
