"""An owner changes the clinic in the real window, and the agenda follows."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clinicdesk.desk.preferences.section import FormSection
from clinicdesk.settings import Settings, load
from tests.journeys.hands import CTRL, Hands
from tests.office import PASSWORD


@pytest.fixture
def owner(hands: Hands) -> Hands:
    """Cláudia is at work."""
    page = hands.window.sign_in_page
    page.tiles.select("claudia")
    hands.write(PASSWORD)
    hands.click(page.button)
    hands.until(lambda: hands.window.workspace is not None)
    hands.until(lambda: hands.workspace.agenda.content is not None)
    hands.idle()
    return hands


def section(hands: Hands) -> FormSection:
    found = hands.workspace.settings.section
    assert isinstance(found, FormSection)
    return found


def test_a_room_is_renamed_by_keyboard_and_the_agenda_calls_it_so(owner: Hands) -> None:
    owner.key(Qt.Key.Key_Comma, CTRL)
    owner.write("name of the room")
    owner.key(Qt.Key.Key_Return)
    owner.until(lambda: getattr(section(owner).editor, "kept", None) is not None)
    line = section(owner).editor.bounds["name"].line  # type: ignore[union-attr]
    owner.until(lambda: owner.focus is line)
    owner.key(Qt.Key.Key_A, CTRL)
    owner.write("Sala azul")
    owner.key(Qt.Key.Key_S, CTRL)
    owner.said("Sala azul saved")
    owner.until(
        lambda: (
            owner.workspace.agenda.catalogue is not None
            and "Sala azul" in {room.name for room in owner.workspace.agenda.catalogue.rooms}
        )
    )
    toast = owner.workspace.toasts.toast
    assert toast is not None
    owner.click(toast.button)
    owner.said("Undone")
    owner.idle()


def test_another_language_is_spoken_at_once_and_kept(owner: Hands, qtbot: QtBot, tmp_path: Path) -> None:
    owner.workspace.show_appearance()
    owner.application.settings = Settings(language="en", theme="light")
    before = owner.workspace
    segments = owner.workspace.settings.section.segments["language"]  # type: ignore[union-attr]
    owner.click(segments._segments["es"])
    owner.until(lambda: owner.workspace is not before)
    owner.until(lambda: owner.workspace.settings.header._title.text() == "Ajustes")
    assert load(tmp_path).language == "es"
    owner.idle()
    owner.until(lambda: not owner.application.background.busy)
