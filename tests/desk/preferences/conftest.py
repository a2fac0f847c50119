"""The settings page on a real database, on screen, with Cláudia, who owns the clinic, at the desk."""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.preferences.page import SettingsPage
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.usecases.clinic import Clinic
from tests.desk.patients.conftest import Show, background, shown
from tests.office import Office, at

__all__ = ["background", "shown"]

Open = Callable[..., SettingsPage]
_READERS: WeakKeyDictionary[Office, tuple[Clinic, psycopg.Connection[Any]]] = WeakKeyDictionary()


def reader(office: Office) -> Clinic:
    """Cláudia at a desk of her own, to look with; the same one each time, for what is waited for is asked often."""
    return _both(office)[0]


def admin(office: Office) -> psycopg.Connection[Any]:
    """One connection of the administrator, to look with."""
    return _both(office)[1]


def _both(office: Office) -> tuple[Clinic, psycopg.Connection[Any]]:
    if office not in _READERS:
        _READERS[office] = (office.desk("claudia"), office.admin())
    return _READERS[office]


@pytest.fixture
def settings(office: Office, background: Background, shown: Show, qtbot: QtBot) -> Open:
    """`settings("rooms")` opens a page of the settings, read and ready."""

    def open_page(place: str, login: str = "claudia") -> SettingsPage:
        frame = QWidget()
        window = shown(frame)
        toasts = ToastArea(frame)
        page = SettingsPage(office.desk(login), background, Undo(toasts, frame), toasts, DeskClock(at(7), frame))
        QVBoxLayout(frame).addWidget(page)
        window.activateWindow()
        page.open_place(place)
        qtbot.waitUntil(lambda: not background.busy)
        return page

    return open_page
