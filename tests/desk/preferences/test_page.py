"""The settings on a real database: search, write, save, take back, be second, be told what it touches."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from clinicdesk.desk.preferences.bound import LineBound
from clinicdesk.desk.preferences.editor import FormEditor
from clinicdesk.desk.preferences.history import HistoryPopover
from clinicdesk.desk.preferences.page import SettingsPage
from clinicdesk.desk.preferences.visits import VisitsPopover
from clinicdesk.domain.clinics import SchedulingPolicy
from clinicdesk.domain.preferences import ClinicForm, RoomForm, SaveForm
from clinicdesk.usecases import preferences
from clinicdesk.usecases.clinic import new_id
from tests.desk.patients.conftest import press, type_text
from tests.desk.preferences.conftest import Open, reader
from tests.office import Office

ALT = Qt.KeyboardModifier.AltModifier


def editor(page: SettingsPage) -> FormEditor:
    assert page.section is not None and page.section.editor is not None
    return page.section.editor


def idle(page: SettingsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.desk.background.busy)


def write(page: SettingsPage, name: str, words: str) -> QLineEdit:
    bound = editor(page).bounds[name]
    assert isinstance(bound, LineBound)
    bound.line.setFocus()
    bound.line.selectAll()
    type_text(bound.line, words)
    return bound.line


def rooms(office: Office) -> list[RoomForm]:
    return [one.form for one in preferences.kept(reader(office), RoomForm)]


def toast(page: SettingsPage) -> str:
    shown = page.desk.toasts.toast
    return shown.accessibleName() if shown else ""


def test_a_word_leads_to_the_field_it_names(settings: Open, qtbot: QtBot) -> None:
    page = settings("rooms")
    type_text(page.navigation.box, "late canc")
    press(page.navigation.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.section is not None and page.section.editor is not None)
    line = editor(page).bounds["late_cancellation_hours"].line  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: QApplication.focusWidget() is line)
    assert page.navigation.items["policy"].isChecked() and not page.navigation.box.text()


def test_what_is_typed_is_saved_and_taken_back_and_done_again(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("rooms")
    write(page, "name", "Sala azul")
    assert editor(page).save_button.isVisible() and editor(page).unsaved.text() == "1 change not saved yet"
    qtbot.mouseClick(editor(page).save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: toast(page) == "Sala azul saved")
    assert not editor(page).save_button.isVisible() and rooms(office)[0].name == "Sala azul"
    page.desk.undo.undo()
    qtbot.waitUntil(lambda: toast(page).startswith("Undone"))
    assert rooms(office)[0].name == "room 1"
    page.desk.undo.redo()
    qtbot.waitUntil(lambda: toast(page) == "Sala azul saved")
    page.desk.undo.undo()
    qtbot.waitUntil(lambda: toast(page).startswith("Undone"))
    assert rooms(office)[0].name == "room 1"


def test_a_draft_waits_while_something_else_is_looked_at(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("rooms")
    write(page, "name", "Sala meio escrita")
    assert page.section is not None and page.section.list is not None
    first = page.section.current
    page.section.list.setCurrentIndex(page.section.list.rows.index(1))
    assert editor(page).bounds["name"].value() == "room 2"
    page.open_place("policy")
    idle(page, qtbot)
    page.open_place("rooms").open_row(first)
    assert editor(page).bounds["name"].value() == "Sala meio escrita"
    qtbot.mouseClick(editor(page).discard_button, Qt.MouseButton.LeftButton)
    assert editor(page).bounds["name"].value() == "room 1" and not page.section.has_drafts


def test_a_new_room_is_added_and_taken_out_of_use_again(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("rooms")
    page.new()
    assert QApplication.focusWidget() is editor(page).bounds["name"].line  # type: ignore[attr-defined]
    page.save()
    assert editor(page).bounds["name"].widget.error == "Fill this in"  # type: ignore[attr-defined]
    write(page, "name", "Sala 3")
    page.save()
    qtbot.waitUntil(lambda: toast(page) == "Sala 3 added")
    assert [one.name for one in rooms(office)] == ["room 1", "room 2", "Sala 3"]
    page.desk.undo.undo()
    qtbot.waitUntil(lambda: toast(page).startswith("Undone"))
    assert not rooms(office)[2].active


def test_the_second_desk_sees_both_values(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("clinic")
    other = office.desk("otavio", desk="mesa 2")
    write(page, "city", "Campinas")
    [kept] = preferences.kept(other, ClinicForm)
    theirs = ClinicForm(**{**_values(kept.form), "city": "Santos", "address": "Rua das Flores, 1"})
    preferences.save(other, SaveForm(new_id(), theirs, kept.id, kept.version))
    page.save()
    qtbot.waitUntil(lambda: "Otávio Lins" in editor(page).notice.accessibleName())
    qtbot.waitUntil(lambda: editor(page).bounds["address"].value() == "Rua das Flores, 1")
    assert editor(page).bounds["city"].value() == "Campinas"
    city = editor(page).bounds["city"].widget.editor.accessibleDescription()  # type: ignore[attr-defined]
    assert city == "Other desk: Santos; here: Campinas"
    page.save()
    qtbot.waitUntil(lambda: toast(page).endswith("saved"))
    [after] = preferences.kept(other, ClinicForm)
    assert (after.form.city, after.form.address) == ("Campinas", "Rua das Flores, 1")


def _values(form: ClinicForm) -> dict[str, object]:
    return {name: getattr(form, name) for name in ClinicForm.__dataclass_fields__}


def test_what_a_change_touches_is_counted_while_one_looks(settings: Open, office: Office, qtbot: QtBot) -> None:
    office.book_row(office.admin())
    page = settings("rooms")
    switch = editor(page).bounds["active"].switch  # type: ignore[attr-defined]
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(10, switch.height() // 2))
    qtbot.waitUntil(lambda: [one.count for one in editor(page).effects.shown] == [1])
    page.save()
    qtbot.waitUntil(lambda: "1 visit to come" in editor(page).notice.accessibleName())
    assert rooms(office)[0].active
    idle(page, qtbot)


def test_the_history_says_who_what_and_from_what(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("rooms")
    write(page, "name", "Sala azul")
    page.save()
    qtbot.waitUntil(lambda: toast(page) == "Sala azul saved")
    idle(page, qtbot)
    qtbot.mouseClick(editor(page).changed_button, Qt.MouseButton.LeftButton)
    popover = next(one for one in page.window().findChildren(HistoryPopover) if one.isVisible())
    qtbot.waitUntil(lambda: bool(popover.lines))
    assert popover.lines == ["Name of the room: room 1 → Sala azul", "Made"]


def test_rooms_are_put_in_order_by_mouse_and_by_keyboard(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("rooms")
    assert page.section is not None and page.section.list is not None
    view = page.section.list
    press(view, Qt.Key.Key_Down, ALT)
    qtbot.waitUntil(lambda: toast(page) == "Order saved")
    assert [one.name for one in rooms(office)] == ["room 2", "room 1"]
    first, second = (view.visualRect(view.rows.index(row)).center() for row in (0, 1))
    grip = QPoint(16, first.y())
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=grip)
    QTest.mouseMove(view.viewport(), QPoint(16, second.y()))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(16, second.y()))
    qtbot.waitUntil(lambda: [one.name for one in rooms(office)] == ["room 1", "room 2"])
    idle(page, qtbot)
    page.desk.undo.undo()
    qtbot.waitUntil(lambda: [one.name for one in rooms(office)] == ["room 2", "room 1"])


@pytest.mark.parametrize("login", ["renata", "helena"])
def test_who_may_not_write_reads(login: str, settings: Open, qtbot: QtBot) -> None:
    page = settings("rooms", login)
    assert "Only managers" in editor(page).notice.accessibleName()
    bound = editor(page).bounds["name"]
    assert isinstance(bound, LineBound) and bound.line.isReadOnly()
    assert not editor(page).save_button.isVisible() and not editor(page).changed_button.isVisible()
    page.new()
    page.save()
    assert not page.section.has_drafts  # type: ignore[union-attr]


def test_the_first_policy_is_written_over_the_defaults(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("policy")
    write(page, "max_advance_days", "1o0")
    page.save()
    assert editor(page).bounds["max_advance_days"].widget.error == "This is not a whole number"  # type: ignore[attr-defined]
    write(page, "max_advance_days", "100")
    page.save()
    qtbot.waitUntil(lambda: toast(page).endswith("saved"))
    [kept] = preferences.kept(reader(office), SchedulingPolicy)
    assert kept.form.max_advance_days == 100


def test_the_visits_behind_a_number_can_be_read(settings: Open, office: Office, qtbot: QtBot) -> None:
    office.book_row(office.admin())
    page = settings("rooms")
    page.open_place("services")
    idle(page, qtbot)
    editor(page).bounds["active"].switch.click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: bool(editor(page).effects.shown))
    editor(page).effect_opened.emit(editor(page).effects.shown[0])
    popover = next(one for one in page.window().findChildren(VisitsPopover) if one.isVisible())
    press(popover, Qt.Key.Key_Escape)
    assert not popover.isVisible()
