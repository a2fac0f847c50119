"""The application over a clinic of this computer: what its owner finds in the settings, and going on at a server."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinicdesk import words
from clinicdesk.desk.application import Application, Wish
from clinicdesk.desk.places import SETTINGS_PLACE
from clinicdesk.desk.preferences.health import HealthPage
from clinicdesk.desk.preferences.moving import MovingPage
from clinicdesk.domain.clinics import Clinic
from clinicdesk.domain.desks import ServerAddress
from clinicdesk.domain.staff import AddPerson, Role
from clinicdesk.usecases import setup
from clinicdesk.usecases.local import open_folder
from clinicdesk.usecases.place import joined
from tests.office import PASSWORD


@pytest.fixture
def application(qapp: QApplication, qtbot: QtBot, data_dir: Path) -> Iterator[Application]:
    with open_folder(data_dir) as local:
        clinic = Clinic(uuid4(), "Clínica Ipê")
        owner = AddPerson(uuid4(), "claudia", "Cláudia Meireles", Role.OWNER, PASSWORD, (clinic.id,))
        setup.make_clinic(local.admin, setup.DATABASE, "Bem Viver", [clinic], owner)
        made = Application(qapp, Wish(data_dir, language="en", theme="light"))
        made.window.show()
        made.open()
        qtbot.waitUntil(lambda: made.place is not None, timeout=60_000)
        yield made
        made.close()
        made.window.close()
        for part in (made.window, made.shortcuts, made.background, made):
            shiboken6.delete(part)
        words.use_language("en")


def test_an_owner_sees_how_everything_stands_and_the_way_to_a_server(application: Application, qtbot: QtBot) -> None:
    window = application.window
    window.sign_in_page.sign_in_requested.emit("claudia", PASSWORD)
    qtbot.waitUntil(lambda: window.workspace is not None, timeout=30_000)
    workspace = window.workspace
    assert workspace is not None
    workspace.show_place(SETTINGS_PLACE)
    health = workspace.settings.open_place("health")
    assert isinstance(health, HealthPage)
    qtbot.waitUntil(lambda: bool(health.checks), timeout=30_000)
    assert {"place", "roles", "clock", "isolation"} <= {check.name for check in health.checks}
    moving = workspace.settings.open_place("moving")
    assert isinstance(moving, MovingPage)
    qtbot.waitUntil(lambda: "1 person" in moving.there.text(), timeout=30_000)
    # As after a move: this computer's clinic is let go of, and the place of the settings is opened.
    moving._doors.moved(joined(application.settings, ServerAddress("127.0.0.1", 1)))
    assert window.workspace is None
    signs = window.sign_in_page.side
    qtbot.waitUntil(lambda: "could not be opened" in str(signs._signs), timeout=30_000)  # no certificate lies here
    assert application.place is None
    assert application.bugs == []
