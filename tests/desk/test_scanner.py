"""The scanner in a real window: keys go in where the platform puts them, shortcuts and fields get what is theirs."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.scanner import Scanner
from clinicdesk.desk.shortcuts import AGENDA, Shortcuts
from tests.keys import press_keys

CODE = "CDQ7KWM2HTRA9Z"


class Counter(QWidget):
    """A window with a field, a button, and the letters of the agenda."""

    def __init__(self, qapp: QApplication) -> None:
        super().__init__()
        self.field, self.button = QLineEdit(), QPushButton("OK")
        self.done: list[str] = []
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.button)
        self.shortcuts = Shortcuts(qapp)
        names = ("check_in", "start", "complete", "no_show", "today")
        self.shortcuts.bind(AGENDA, self, {name: self._note(name) for name in names})
        self.button.clicked.connect(self._note("OK"))
        self.now = 1.0
        self.scanner = Scanner(self.shortcuts, self, lambda _event: self.now)
        self.scanner.scanned.connect(self.done.append)

    def _note(self, name: str) -> Callable[..., None]:
        return lambda *_arguments: self.done.append(name)

    def press(self, *keys: str) -> None:
        """Type all at the same moment, into the window as the platform does; a second passes before the next."""
        self.now += 1
        press_keys(self.windowHandle(), "".join(keys))


@pytest.fixture
def counter(qapp: QApplication, qtbot: QtBot) -> Iterator[Counter]:
    made = Counter(qapp)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    made.button.setFocus()
    yield made
    made.scanner.close()


def settled(qtbot: QtBot, counter: Counter) -> None:
    qtbot.waitUntil(lambda: not counter.scanner._burst.holds, timeout=5000)


@pytest.mark.parametrize("code", [CODE, CODE.lower(), "cdqèkz,éhtrqçw"])
@pytest.mark.parametrize("ending", ["\r", "\t", ""])
def test_no_letter_of_a_scan_is_a_shortcut(code: str, ending: str, counter: Counter, qtbot: QtBot) -> None:
    counter.press(*code, *ending)
    settled(qtbot, counter)
    assert counter.done == [code]
    assert counter.button.hasFocus()


def test_a_scan_into_a_field_leaves_it_as_it_was(counter: Counter, qtbot: QtBot) -> None:
    counter.field.setFocus()
    counter.press("ma")
    counter.press(CODE, "\r")
    counter.press("ria")
    settled(qtbot, counter)
    assert (counter.field.text(), counter.done) == ("maria", [CODE])


@pytest.mark.parametrize("words", ["conceicao", "cd", "cdc", "acdc", "cce", "Cda"])
def test_what_a_person_types_arrives_whole(words: str, counter: Counter, qtbot: QtBot) -> None:
    counter.field.setFocus()
    counter.press(*words)
    settled(qtbot, counter)
    assert (counter.field.text(), counter.done) == (words, [])


def test_a_letter_by_itself_is_still_a_shortcut(counter: Counter, qtbot: QtBot) -> None:
    counter.press("c")
    assert counter.done == []  # it may be the first of a code
    settled(qtbot, counter)
    assert counter.done == ["check_in"]
    counter.press("t")
    assert counter.done == ["check_in", "today"]


def test_keys_that_follow_a_held_one_keep_their_order(counter: Counter, qtbot: QtBot) -> None:
    counter.press("c", "i")
    assert counter.done == ["check_in", "start"]
    counter.press("c", "c", "x")
    assert counter.done == ["check_in", "start", "check_in", "check_in", "no_show"]


def test_a_held_letter_is_given_back_before_a_click(counter: Counter, qtbot: QtBot) -> None:
    counter.press("c")
    QTest.mouseClick(counter.windowHandle(), Qt.MouseButton.LeftButton, pos=counter.button.geometry().center())
    assert counter.done == ["check_in", "OK"]


def test_a_scan_while_a_menu_is_open_chooses_nothing(counter: Counter, qtbot: QtBot) -> None:
    menu = QMenu(counter)
    for words in ("Cancel", "Done", "Quit"):
        menu.addAction(words, lambda words=words: counter.done.append(words))
    menu.popup(counter.mapToGlobal(counter.rect().center()))
    qtbot.waitUntil(menu.isVisible)
    counter.press(*CODE, "\r")
    settled(qtbot, counter)
    assert counter.done == [CODE]
    assert menu.isVisible()
    menu.close()


def test_half_a_scan_is_typing(counter: Counter, qtbot: QtBot) -> None:
    counter.field.setFocus()
    counter.press(*CODE[:9])
    settled(qtbot, counter)
    assert (counter.field.text(), counter.done) == (CODE[:9], [])


def test_whoever_signed_out_hears_nothing_more(counter: Counter) -> None:
    counter.field.setFocus()
    counter.scanner.close()
    counter.press(*CODE)
    assert (counter.field.text(), counter.done) == (CODE, [])
    counter.scanner = Scanner(counter.shortcuts, counter)
