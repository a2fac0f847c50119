"""The demo from end to end: the application opens it by itself, and a tile is enough to be at work."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinicdesk.desk.application import Application, Wish
from clinicdesk.desk.places import AGENDA_PLACE, PATIENTS_PLACE

MOMENT = dt.datetime.fromisoformat("2026-11-24T10:18:00-03:00")


@pytest.fixture
def application(qapp: QApplication, qtbot: QtBot, data_dir: Path) -> Iterator[Application]:
    wish = Wish(data_dir, demo=True, now=MOMENT, language="pt_BR", theme="light", patients=300, appointments=1500)
    made = Application(qapp, wish)
    made.window.resize(QSize(1366, 768))
    with qtbot.waitActive(made.window):
        made.window.show()
    made.open()
    qtbot.waitUntil(lambda: made.demo is not None, timeout=60_000)
    yield made
    made.close()
    made.window.close()
    for part in (made.window, made.shortcuts, made.background, made):
        shiboken6.delete(part)


def test_a_click_on_a_tile_is_enough_and_every_place_opens(application: Application, qtbot: QtBot) -> None:
    assert application.demo is not None
    window = application.window
    assert QApplication.focusWidget() in window.sign_in_page.tiles.children()  # Enter is enough, too
    window.sign_in_page.tiles.select(application.demo.people[0].login)
    qtbot.waitUntil(lambda: window.workspace is not None, timeout=15_000)
    workspace = window.workspace
    assert workspace is not None
    qtbot.waitUntil(lambda: bool(workspace.agenda.model.appointments()), timeout=15_000)
    assert workspace.agenda.day == MOMENT.date()
    assert QApplication.focusWidget() is workspace.agenda.view
    workspace.show_place(PATIENTS_PLACE)
    qtbot.waitUntil(lambda: bool(workspace.patients.finder.model.matches()), timeout=15_000)
    assert QApplication.focusWidget() is workspace.patients.finder.box
    (door,) = workspace.entries.found("duplicados")
    door.run()
    assert workspace.patients.upkeep.merging.view.isVisible()
    assert not workspace.entries.found("exportar")  # a reception may not
    workspace.show_place(AGENDA_PLACE)
    assert QApplication.focusWidget() is workspace.agenda.view
    workspace.book()
    editor = workspace.editor
    assert editor is not None and editor.isVisible()
    window.leave()
    assert window.workspace is None
    assert not editor.isVisible()  # nothing of a patient stays over the sign-in
    qtbot.waitUntil(lambda: not shiboken6.isValid(editor))
    assert QApplication.focusWidget() in window.sign_in_page.tiles.children()
