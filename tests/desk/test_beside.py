"""The side panel beside its content, and over it where the window is narrow."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.widgets.beside import Beside
from clinicdesk.desk.widgets.side_panel import WIDTH, SidePanel


class Window:
    def __init__(self, qtbot: QtBot) -> None:
        self.content, self.panel = QWidget(), SidePanel(QLabel("idle"))
        self.beside = Beside(self.content, self.panel)
        qtbot.addWidget(self.beside)
        self.beside.resize(1400, 700)
        self.beside.show()

    def narrow(self) -> None:
        self.beside.resize(1100, 700)


@pytest.fixture
def window(qtbot: QtBot, dress: Callable[..., None]) -> Iterator[Window]:
    dress(reduced_motion=True)
    yield Window(qtbot)


def test_where_there_is_room_they_stand_side_by_side(window: Window) -> None:
    assert window.content.width() + WIDTH == 1400
    assert window.panel.isVisible() and window.panel.x() == window.content.width()


def test_where_there_is_none_the_panel_comes_with_what_is_selected(qtbot: QtBot, window: Window) -> None:
    with qtbot.waitSignal(window.beside.floating_changed) as said:
        window.narrow()
    assert said.args == [True]
    assert window.content.width() == 1100 and not window.panel.isVisible()
    with qtbot.waitSignal(window.beside.covered_changed) as covered:
        window.panel.show_content(QLabel("visit"))
    assert covered.args == [WIDTH]
    assert window.panel.isVisible() and window.content.width() == 1100
    with qtbot.waitSignal(window.panel.emptied):
        qtbot.keyClick(window.panel, Qt.Key.Key_Escape)
    assert not window.panel.isVisible()


def test_it_can_be_asked_for_and_put_away(window: Window) -> None:
    window.narrow()
    window.beside.toggle()
    assert window.panel.isVisible()
    window.beside.toggle()
    assert not window.panel.isVisible()
    window.beside.resize(1400, 700)
    assert window.panel.isVisible()


def test_the_keyboard_goes_back_to_the_content(qtbot: QtBot, window: Window) -> None:
    window.narrow()
    typed = QLineEdit(window.content)
    window.content.setFocusProxy(typed)
    typed.show()
    field = QLineEdit()
    window.panel.show_content(field)
    window.beside.activateWindow()
    qtbot.waitUntil(window.beside.isActiveWindow)
    field.setFocus()
    window.panel.clear()
    assert typed.hasFocus()
