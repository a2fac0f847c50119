"""How the desk looks: chosen, in force at once, kept, and one step back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk import theme
from clinicdesk.desk.application import theme_of
from clinicdesk.desk.preferences.appearance import Appearance
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.settings import Settings
from tests.desk.patients.conftest import Show, shown

__all__ = ["shown"]


class Desk:
    """Stands where the application keeps this computer's settings."""

    def __init__(self) -> None:
        self.settings = Settings(theme="light")
        self.refusal = ""

    def take(self, wanted: Settings) -> None:
        self.settings = wanted


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def undo(shown: Show) -> Undo:
    frame = QWidget()
    shown(frame)
    return Undo(ToastArea(frame), frame)


@pytest.fixture
def page(desk: Desk, undo: Undo, shown: Show) -> Appearance:
    made = Appearance(lambda: desk.settings, undo, lambda: desk.refusal)
    made.chosen.connect(desk.take)
    shown(made)
    return made


def test_a_choice_is_in_force_and_is_taken_back(page: Appearance, desk: Desk, undo: Undo, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.segments["text_scale"]._segments["150"], Qt.MouseButton.LeftButton)
    assert desk.settings.text_scale == 150
    page.switches["high_contrast"].click()
    assert desk.settings.high_contrast
    undo.undo()
    undo.undo()
    assert desk.settings == Settings(theme="light") and page.segments["text_scale"].current == "100"
    undo.redo()
    assert desk.settings.text_scale == 150


def test_the_minutes_before_the_lock_are_chosen_and_taken_back(page: Appearance, desk: Desk, undo: Undo) -> None:
    assert [page.minutes.itemData(row) for row in range(page.minutes.count())] == list(range(1, 16))
    page.open_field("idle_lock_minutes")
    assert page.minutes.hasFocus() and page.minutes.value == 5
    page.minutes.setCurrentIndex(11)
    page.minutes.activated.emit(11)
    assert desk.settings.idle_lock_minutes == 12
    undo.undo()
    assert desk.settings.idle_lock_minutes == 5 and page.minutes.value == 5


def test_the_language_waits_for_what_is_not_saved(page: Appearance, desk: Desk) -> None:
    desk.refusal = "Save first."
    page.choose("language", "es")
    assert desk.settings.language == "pt_BR" and page.notice.accessibleName() == "Save first."
    assert page.segments["language"].current == "pt_BR"
    desk.refusal = ""
    page.choose("language", "es")
    assert desk.settings.language == "es"


@pytest.mark.usefixtures("dress")
def test_settings_become_a_theme(qapp: QApplication, dress: Callable[..., None]) -> None:
    wanted = Settings(theme="dark", density="wide", text_scale=125, high_contrast=True, reduced_motion=True)
    found = theme_of(wanted)
    assert (found.dark, found.density, found.text_scale) == (True, theme.WIDE, 1.25)
    assert found.high_contrast and found.motion(200) == 0
    theme.apply(qapp, found)
    assert theme.current() == found
    assert theme_of(replace(wanted, theme="light")).dark is False
