"""Hands that count what they do: a click, a drag, a burst of the wheel, a key that does not type."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.application import Application
from tests.journeys.hands import NO_KEY, Hands


class CountedHands(Hands):
    """The same hands; `events` is how many input events they made since `counting` began, letters typed apart."""

    def __init__(self, qtbot: QtBot, application: Application) -> None:
        super().__init__(qtbot, application)
        self.events = 0
        self.deeds: list[str] = []

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count from here, with the agenda on screen and nothing chosen."""
        assert self.workspace.pages.currentWidget() is self.workspace.agenda
        assert self.workspace.agenda.chosen is None
        self.events, self.deeds = 0, []
        yield

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEY) -> None:
        self._did(_name(key, modifiers))
        super().key(key, modifiers)

    def write(self, words: str) -> None:
        self.deeds.append(f"“{words}”")
        super().write(words)

    def click(self, widget: QWidget) -> None:
        self._did("click")
        super().click(widget)

    def click_card(self, appointment_id: object) -> None:
        """Press and release on a card."""
        self._did("click")
        place = self.grip(appointment_id)  # type: ignore[arg-type]
        super().drag(place, place)

    def drag(self, start: QPoint, end: QPoint) -> None:
        self._did("drag")
        super().drag(start, end)

    def _did(self, what: str) -> None:
        self.events += 1
        self.deeds.append(what)


def _name(key: Qt.Key, modifiers: Qt.KeyboardModifier) -> str:
    name = {Qt.Key.Key_Return: "Enter", Qt.Key.Key_PageDown: "PgDn"}.get(key, key.name.removeprefix("Key_"))
    return f"Ctrl {name}" if modifiers & Qt.KeyboardModifier.ControlModifier else name
