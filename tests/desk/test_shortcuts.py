"""One table of keys: no key means two things in one place, and none is dead on a Brazilian keyboard."""

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from clinicdesk.desk import shortcuts as keys
from clinicdesk.desk.shortcut_sheet import ShortcutSheet
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.key_cap import KeyCap
from clinicdesk.desk.widgets.popover import Popover

FORBIDDEN = set("´~^[];'\\/`")


@pytest.mark.parametrize("context", list(keys.CONTEXT_NAMES))
def test_no_key_means_two_things_in_one_context(context):
    heard_there = [row.key for row in keys.TABLE if row.context in (context, keys.ANYWHERE)]
    assert [key for key, times in Counter(heard_there).items() if times > 1] == []


def test_no_key_is_dead_or_moved_on_a_brazilian_keyboard():
    for row in keys.TABLE:
        assert not set(row.key.split("+")) & FORBIDDEN, row
        assert not row.key.startswith("Ctrl+Alt"), row
        assert row.key != "Ctrl++", row


def test_every_key_is_one_qt_understands():
    for row in keys.TABLE:
        assert QKeySequence(row.key).toString(QKeySequence.SequenceFormat.PortableText) == row.key


def test_what_a_button_shows_is_the_key_that_works():
    assert keys.key_for(keys.ANYWHERE, "new") == "Ctrl N"
    assert keys.key_for(keys.AGENDA, "check_in") == "C"
    with pytest.raises(KeyError):
        keys.key_for(keys.AGENDA, "fly")


@pytest.fixture
def page(qtbot, dress):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 400)
    page = QWidget(window)
    column = QVBoxLayout(page)
    page.field = QLineEdit()
    page.button = Button("Somewhere")
    column.addWidget(page.field)
    column.addWidget(page.button)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    page.button.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is page.button)
    return page


@pytest.fixture
def bound(qapp, page):
    heard = []
    table = keys.Shortcuts(qapp)
    table.bind(keys.AGENDA, page, {"today": lambda: heard.append("today"), "view.week": lambda: heard.append("week")})
    table.bind(keys.ANYWHERE, page.window(), {"search": lambda: heard.append("search")})
    yield table, heard
    table.deleteLater()


def test_keys_of_the_table_run_their_command(qtbot, page, bound):
    _table, heard = bound
    qtbot.keyClick(page.button, Qt.Key.Key_T)
    qtbot.keyClick(page.button, Qt.Key.Key_2)
    qtbot.keyClick(page.button, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert heard == ["today", "week", "search"]


def test_letters_belong_to_the_field_that_has_the_focus(qtbot, page, bound):
    _table, heard = bound
    page.field.setFocus()
    qtbot.keyClick(page.field, Qt.Key.Key_T)
    qtbot.keyClick(page.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert heard == ["search"]
    assert page.field.text().lower() == "t"


def test_letters_can_be_switched_off(qtbot, page, bound):
    table, heard = bound
    table.set_letters(False)
    qtbot.keyClick(page.button, Qt.Key.Key_T)
    assert heard == []
    assert "T" not in [row.key for row in table.listed(keys.AGENDA)]
    table.set_letters(True)
    qtbot.keyClick(page.button, Qt.Key.Key_T)
    assert heard == ["today"]


def test_a_page_is_quiet_under_what_lies_over_it(qtbot, page, bound):
    _table, heard = bound
    popover = Popover(page)
    inside = Button("Inside")
    popover.set_content(inside)
    popover.open_at(page.button)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is inside)
    qtbot.keyClick(inside, Qt.Key.Key_T)
    assert heard == []
    qtbot.keyClick(inside, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert heard == ["search"]


def test_a_command_the_table_does_not_know_is_refused(page, bound):
    table, _heard = bound
    with pytest.raises(KeyError):
        table.bind(keys.AGENDA, page, {"fly": list})


def test_the_list_of_keys_shows_what_is_bound(qtbot, page, bound):
    table, _heard = bound
    listed = {row.command for row in table.listed(keys.AGENDA)}
    assert {"today", "view.week", "card.next"} <= listed
    assert "check_in" not in listed
    sheet = ShortcutSheet(page, [table.listed(keys.ANYWHERE), table.listed(keys.AGENDA)])
    sheet.open_centred()
    shown = {cap.accessibleName() for cap in sheet.findChildren(KeyCap)}
    assert {"Ctrl K", "T", "2"} <= shown
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isHidden()


def test_the_keys_of_a_page_that_is_gone_are_forgotten(qtbot, qapp, page, bound):
    table, _heard = bound
    host = QWidget(page)
    table.bind(keys.PATIENTS, host, {"book": list})
    with qtbot.waitSignal(host.destroyed):
        host.deleteLater()
    page.field.setFocus()
    page.button.setFocus()
    assert [row.command for row in table.listed(keys.PATIENTS) if not row.by_widget] == []
