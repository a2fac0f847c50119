"""The settings page on a real database, on screen, with Cláudia, who owns the clinic, at the desk."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.preferences.page import SettingsPage
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.toast import ToastArea
from tests.desk.patients.conftest import Show, background, shown
from tests.office import Office, at

__all__ = ["background", "shown"]

Open = Callable[..., SettingsPage]


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
