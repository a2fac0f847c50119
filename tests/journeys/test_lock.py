"""The locked desk: everything covered at once, silent to a screen reader, and given back exactly as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QClipboard, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QLineEdit, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk import seal
from clinicdesk.desk.call_screen.screen import CallScreen
from clinicdesk.desk.lock.page import LockPage
from clinicdesk.desk.printing import PrintPreview
from clinicdesk.usecases.door import Door
from clinicdesk.usecases.tries import TRIES_TO_LOCK
from tests.journeys.hands import CTRL, Hands
from tests.office import PASSWORD, Office

SECRETS = ("Ana Conceição", "Bento", "Conceição", "98888")


@pytest.fixture
def busy_desk(office: Office, desk: Hands) -> Hands:
    """Renata is at work, and a patient's name stands on the agenda."""
    office.book_row(office.admin())
    desk.until(lambda: desk.visits())
    return desk


def lock(hands: Hands) -> LockPage:
    hands.key(Qt.Key.Key_L, CTRL)
    page = hands.window.screen_lock.page
    assert page is not None
    return page


def unlock(hands: Hands, password: str = PASSWORD) -> None:
    assert hands.window.screen_lock.page is not None
    hands.write(password)
    hands.key(Qt.Key.Key_Return)
    hands.until(lambda: not hands.window.screen_lock.locked)


def said(interface: QAccessibleInterface | None) -> Iterator[str]:
    """Everything a screen reader finds from here down."""
    if interface is None:
        return
    for kind in (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help):
        if words := interface.text(kind):
            yield words
    for number in range(interface.childCount()):
        yield from said(interface.child(number))


def read_aloud() -> str:
    """What can be read in the whole application, from the root and from every part by itself."""
    application = QApplication.instance()
    assert application is not None
    found = list(said(QAccessible.queryAccessibleInterface(application)))
    for widget in QApplication.allWidgets():
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None:
            found.append(interface.text(QAccessible.Text.Name) + interface.text(QAccessible.Text.Value))
    return "\n".join(found)


def pictures() -> list[QImage]:
    """Every window that can be seen, as it looks."""
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible() and not isinstance(one, CallScreen)]
    return [picture(one) for one in shown]


def picture(widget: QWidget) -> QImage:
    """A part as it looks."""
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


# --- covering and giving back ---


def test_nothing_of_a_patient_is_seen_or_read_and_everything_comes_back(busy_desk: Hands) -> None:
    before, aloud = picture(busy_desk.window), read_aloud()
    assert "Ana Conceição" in aloud
    page = lock(busy_desk)
    locked = pictures()
    assert len(locked) == 1
    assert locked[0] == picture(page)  # the window shows the page and nothing beside it
    assert not [secret for secret in SECRETS if secret in read_aloud()]
    assert "Renata" in read_aloud()
    unlock(busy_desk)
    assert picture(busy_desk.window) == before
    assert "Ana Conceição" in read_aloud()
    assert busy_desk.focus is busy_desk.view


def test_what_was_being_typed_stays_letter_by_letter(busy_desk: Hands) -> None:
    busy_desk.key(Qt.Key.Key_N)
    editor = busy_desk.editor
    busy_desk.write("Conceiç")
    editor.picker.box.setSelection(2, 3)
    lock(busy_desk)
    busy_desk.write("x")  # goes to the password
    assert editor.picker.box.text() == "Conceiç"
    busy_desk.key(Qt.Key.Key_Backspace)
    unlock(busy_desk)
    assert editor.isVisible()
    assert busy_desk.focus is editor.picker.box
    assert (editor.picker.box.text(), editor.picker.box.selectedText()) == ("Conceiç", "nce")
    busy_desk.write("z")
    assert editor.picker.box.text() == "Coziç"


def test_a_print_preview_stays_open_beneath(busy_desk: Hands) -> None:
    busy_desk.key(Qt.Key.Key_P, CTRL)
    busy_desk.until(lambda: [one for one in busy_desk.window.findChildren(PrintPreview) if one.isVisible()])
    preview = busy_desk.overlay(PrintPreview)
    page = lock(busy_desk)
    assert pictures() == [picture(page)]
    busy_desk.key(Qt.Key.Key_Escape)  # closes nothing that cannot be seen
    unlock(busy_desk)
    assert preview.isVisible()
    busy_desk.key(Qt.Key.Key_Escape)
    assert not preview.isVisible()


def test_an_open_menu_goes_and_a_tool_tip_too(busy_desk: Hands) -> None:
    busy_desk.click(busy_desk.workspace.rail._person)
    busy_desk.until(lambda: QApplication.activePopupWidget() is not None)
    busy_desk.window.lock_screen()
    page = busy_desk.window.screen_lock.page
    assert page is not None and QApplication.activePopupWidget() is None
    assert pictures() == [picture(page)]
    unlock(busy_desk)


def test_a_dialog_of_its_own_window_leaves_the_screen_and_comes_back(busy_desk: Hands, qtbot: QtBot) -> None:
    dialog = QFileDialog(busy_desk.window, "Ana Conceição.pdf")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.open()
    name = dialog.findChild(QLineEdit)
    assert isinstance(name, QLineEdit)
    name.setText("Ana Conceição")
    busy_desk.window.lock_screen()
    page = busy_desk.window.screen_lock.page
    assert page is not None and dialog.isHidden()
    assert pictures() == [picture(page)]
    assert "Ana Conceição" not in read_aloud()
    unlock(busy_desk)
    assert dialog.isVisible() and name.text() == "Ana Conceição"
    assert dialog.windowModality() == Qt.WindowModality.WindowModal
    dialog.close()
    dialog.deleteLater()


@pytest.mark.parametrize("kind", [QWidget, QDialog, QMainWindow])
def test_a_window_that_opens_later_is_blind_from_its_first_picture(
    busy_desk: Hands, qtbot: QtBot, kind: type[QWidget]
) -> None:
    lock(busy_desk)
    late = kind()
    late.setWindowTitle("late")
    qtbot.addWidget(late)
    words = QLabel("Ana Conceição", late)
    words.setStyleSheet("background: #ff0000; color: #00ff00")
    words.resize(400, 200)
    late.resize(400, 200)
    late.show()
    first = picture(late)
    colours = {first.pixelColor(x, y).name() for x in range(0, 400, 20) for y in range(0, 200, 10)}
    assert "#ff0000" not in colours
    busy_desk.until(late.isHidden)
    assert "Ana Conceição" not in read_aloud()
    unlock(busy_desk)
    assert late.isVisible()
    assert picture(late).pixelColor(390, 190).name() == "#ff0000"


def test_what_opens_beneath_neither_shows_nor_takes_the_keyboard(busy_desk: Hands) -> None:
    page = lock(busy_desk)
    busy_desk.workspace.book()  # as an answer that comes late would
    busy_desk.workspace.toasts.show_toast("Ana Conceição foi marcada")
    busy_desk.idle()
    assert picture(busy_desk.window) == picture(page)
    focused: QWidget | None = page.card.password
    assert busy_desk.focus is focused
    assert "Ana Conceição" not in read_aloud()
    unlock(busy_desk)
    focused = busy_desk.editor.picker.box
    assert busy_desk.focus is focused


def test_no_key_and_no_scan_reaches_what_lies_beneath(busy_desk: Hands) -> None:
    page = lock(busy_desk)
    for key in (Qt.Key.Key_K, Qt.Key.Key_N, Qt.Key.Key_2, Qt.Key.Key_P, Qt.Key.Key_F):
        busy_desk.key(key, CTRL)
    busy_desk.key(Qt.Key.Key_F8)
    busy_desk.key(Qt.Key.Key_Tab)
    busy_desk.key(Qt.Key.Key_N)
    for _step in range(12):
        busy_desk.key(Qt.Key.Key_Tab)
        assert busy_desk.focus is not None and page.isAncestorOf(busy_desk.focus)
    busy_desk.idle()
    assert busy_desk.workspace.rail.current == "agenda"
    assert busy_desk.workspace.editor is None
    assert picture(busy_desk.window) == picture(page)
    page.card.password.setFocus()
    page.card.password.clear()
    unlock(busy_desk)


def test_the_waiting_room_is_still_called(busy_desk: Hands) -> None:
    busy_desk.workspace.call_screen.open()
    screen = busy_desk.workspace.call_screen.screen
    assert screen is not None
    busy_desk.window.activateWindow()
    busy_desk.window.lock_screen()
    assert screen.isVisible()
    unlock(busy_desk)
    assert screen.isVisible()
    busy_desk.workspace.call_screen.close()


@pytest.mark.parametrize("ours", [True, False])
def test_the_clipboard_is_cleared_of_what_came_from_here(
    busy_desk: Hands, monkeypatch: pytest.MonkeyPatch, ours: bool
) -> None:
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _self: ours)  # without a screen Qt does not know
    clipboard = QGuiApplication.clipboard()
    content = QMimeData()
    content.setText("Ana Conceição 11 98888-7777")
    clipboard.setMimeData(content)
    lock(busy_desk)
    assert (clipboard.text() == "") is ours
    unlock(busy_desk)


# --- who may unlock ---


def test_a_wrong_password_is_counted_and_ten_lock_the_person_here(busy_desk: Hands) -> None:
    page = lock(busy_desk)
    busy_desk.write("errada errada 1")
    busy_desk.key(Qt.Key.Key_Return)
    busy_desk.until(page.refusal.isVisible)
    assert "do not match" in page.refusal.accessibleName()
    assert page.card.password.text() == "" and busy_desk.focus is page.card.password
    for _number in range(TRIES_TO_LOCK - 1):
        busy_desk.application.tries.failed("renata")
    busy_desk.write(PASSWORD)
    busy_desk.key(Qt.Key.Key_Return)
    busy_desk.until(lambda: "locked" in page.refusal.accessibleName())
    assert busy_desk.window.screen_lock.locked


def test_the_seconds_are_counted_down_and_nothing_is_sent_meanwhile(busy_desk: Hands) -> None:
    page = lock(busy_desk)
    for _number in range(4):
        busy_desk.application.tries.failed("renata")
    busy_desk.write("errada errada 1")
    busy_desk.key(Qt.Key.Key_Return)
    busy_desk.until(lambda: page.refusal.waiting)
    assert "Wait 30 seconds" in page.refusal.accessibleName()
    busy_desk.until(lambda: "Wait 29 seconds" in page.refusal.accessibleName())
    assert not page.card.button.isEnabled()
    busy_desk.write(PASSWORD)
    busy_desk.key(Qt.Key.Key_Return)
    busy_desk.idle()
    assert busy_desk.window.screen_lock.locked and page.card.password.text() == PASSWORD


def test_the_server_is_not_asked(busy_desk: Hands, tmp_path: Path) -> None:
    def nowhere() -> dict[str, str]:
        raise AssertionError("the server was asked")

    busy_desk.window.set_proof(Door(tmp_path, nowhere, "Balcão", busy_desk.application.tries).prove)
    lock(busy_desk)
    unlock(busy_desk)


def test_somebody_else_takes_the_desk_and_finds_nothing(busy_desk: Hands) -> None:
    busy_desk.key(Qt.Key.Key_N)
    busy_desk.write("Conceição segredo")
    lock(busy_desk)
    busy_desk.key(Qt.Key.Key_F9)
    busy_desk.until(lambda: busy_desk.window.workspace is None)
    assert not busy_desk.window.screen_lock.locked and not seal.sealed()
    page = busy_desk.window.sign_in_page
    assert page.isVisible() and page.password.text() == ""
    busy_desk.until(lambda: "segredo" not in read_aloud())
    busy_desk.click(page.other)
    busy_desk.write("claudia")
    busy_desk.key(Qt.Key.Key_Return)
    busy_desk.write(PASSWORD)
    busy_desk.key(Qt.Key.Key_Return)
    busy_desk.until(lambda: busy_desk.window.workspace is not None)
    assert busy_desk.workspace.signed_in.clinic.person.login == "claudia"
    assert "segredo" not in read_aloud()


def test_a_session_that_ends_beneath_leaves_the_sign_in_and_no_lock(busy_desk: Hands) -> None:
    lock(busy_desk)
    busy_desk.window.leave()
    assert not busy_desk.window.screen_lock.locked
    assert busy_desk.window.sign_in_page.isVisible()
    assert busy_desk.focus is busy_desk.window.sign_in_page.password


def test_locking_again_and_again_loses_nothing(busy_desk: Hands) -> None:
    before = picture(busy_desk.window)
    parts = len(QApplication.allWidgets())
    for _number in range(20):
        lock(busy_desk)
        busy_desk.window.lock_screen()
        busy_desk.window.screen_lock.unlock()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert picture(busy_desk.window) == before
    assert len(QApplication.allWidgets()) <= parts + 1
