"""Patients to search, a window to show parts in, and keys pressed the way a keyboard presses them."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.background import Background
from clinicdesk.domain.patients import PatientMatch
from tests.builders import uuid_for

NOW = dt.datetime(2026, 11, 24, 13, 18, tzinfo=dt.UTC)


def match(name: str, **changes: Any) -> PatientMatch:
    """One line of a search; the id follows from the name unless given."""
    values: dict[str, Any] = {
        "id": uuid_for(name),
        "name": name,
        "phone": "+5511900000142",
        "birth_date": dt.date(1988, 2, 9),
        "guardian_name": "",
        "vip": False,
        "next_visit": None,
        "last_visit": None,
        "alert": "",
        **changes,
    }
    return PatientMatch(**values)


def type_text(widget: QWidget, words: str) -> None:
    """Letter by letter, accents too."""
    for letter in words:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """One key, down and up."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, modifiers))


Show = Callable[..., QWidget]


@pytest.fixture
def shown(qtbot: QtBot, dress: Callable[..., None]) -> Iterator[Show]:
    """`shown(widget)` puts it in a window on screen and gives the window.

    The windows are deleted here and now: left to the collector, they might go on a thread that only reads.
    """
    windows: list[QWidget] = []

    def show(widget: QWidget, width: int = 1280, height: int = 860) -> QWidget:
        window = QWidget()
        windows.append(window)
        column = QVBoxLayout(window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(widget)
        window.resize(width, height)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield show
    for window in windows:
        window.close()
        shiboken6.delete(window)


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    """Lanes in which a bug fails the test."""
    bugs: list[BaseException] = []
    made = Background(bugs.append)
    yield made
    made.close()
    assert bugs == []
