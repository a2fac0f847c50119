"""The pages of this computer: how everything stands, and the way to a server, step by step."""

import datetime as dt
import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.preferences.computer import Computer, MoveDoors, Told
from clinicdesk.desk.preferences.health import HealthPage
from clinicdesk.desk.preferences.moving import MovingPage
from clinicdesk.desk.preferences.section import Desk
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.domain.desks import DeskCode, ServerAddress
from clinicdesk.errors import ClinicUnreachable, MoveCancelled, MoveRefused
from clinicdesk.settings import Settings
from clinicdesk.usecases.checks import Check, State
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.desks import Enrolled
from clinicdesk.usecases.moving import Moved, MoveProgress, Readiness
from tests.office import Office

CODE = "K7M4-Q2XT-9WPD-3HRA"


@pytest.fixture
def desk(rolled_back: Office, qtbot: QtBot) -> Iterator[Desk]:
    """What pages of the settings stand on."""
    background = Background(lambda error: None)
    clinic = rolled_back.desk("claudia")
    area = QWidget()
    qtbot.addWidget(area)
    toasts = ToastArea(area)
    yield Desk(clinic, background, toasts, Undo(toasts, area), DeskClock())
    background.close()


def test_everything_is_told_and_copied(desk: Desk, qtbot: QtBot) -> None:
    checks = [Check("disk", State.WARNING, {"free_bytes": 10**9}, "disk_nearly_full"), Check("clock", State.OK)]
    seen: list[Clinic] = []

    def examine(clinic: Clinic) -> list[Check]:
        seen.append(clinic)
        return checks

    page = HealthPage(desk, Computer(examine))
    qtbot.addWidget(page)
    page.refresh()
    assert not page.copy.isEnabled()
    qtbot.waitUntil(lambda: bool(page.checks))
    assert seen == [desk.clinic] and page._groups.count() == 2
    assert page.said.accessibleName() == "It works; look at the warnings."
    page.copy.click()
    text = QGuiApplication.clipboard().text()
    assert "! Room on the disk: warning" in text and "953 MB" in text
    checks[:] = [Check("clock", State.OK)]
    page.again.click()
    qtbot.waitUntil(lambda: page._groups.count() == 1)


class Server:
    """A server as the doors see it; `refusal` is what it answers, `going` holds the move until a test lets it end."""

    def __init__(self) -> None:
        self.joined: list[tuple[ServerAddress, DeskCode, str]] = []
        self.refusal: Exception | None = None
        self.going = threading.Event()
        self.chosen: list[Settings] = []

    def doors(self) -> MoveDoors:
        return MoveDoors(
            lambda: Readiness(3, 10, 20, 2**20, 1), lambda _a: 3.0, self.enrol, self.move, self.chosen.append
        )

    def enrol(self, address: ServerAddress, code: DeskCode, name: str) -> Enrolled:
        self.joined.append((address, code, name))
        return Enrolled(uuid4(), address, dt.datetime(2036, 1, 1, tzinfo=dt.UTC), {"host": address.host})

    def move(self, enrolled: Enrolled, name: str, told: Told, cancelled: threading.Event) -> tuple[Moved, Settings]:
        if self.refusal is not None:
            raise self.refusal
        told(MoveProgress("patient", 5, 10, 50, 100, 2.0))
        assert self.going.wait(20)
        if cancelled.is_set():
            raise MoveCancelled
        return Moved({"patient": 100}, 3, 2.0), Settings(server_host=enrolled.address.host, desk_name=name)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def page(desk: Desk, server: Server, qtbot: QtBot) -> MovingPage:
    made = MovingPage(desk, server.doors())
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    made.refresh()
    qtbot.waitUntil(lambda: bool(made.there.text()))
    return made


def _fill(page: MovingPage) -> None:
    page.server.address.setText("servidor.local")
    page.server.code.set_letters(CODE)
    page.server.desk_name.setText("Recepção")


def test_what_is_missing_is_asked_for(page: MovingPage, server: Server) -> None:
    assert "3 people" in page.there.text() and "1 program" in page.there.text()
    page.begin.click()
    assert page.state == "ask" and server.joined == []


def test_the_clinic_moves_and_the_desk_goes_there(page: MovingPage, server: Server, qtbot: QtBot) -> None:
    _fill(page)
    page.begin.click()
    qtbot.waitUntil(lambda: page.bar.part == 0.5)
    assert page.state == "move" and "50 of 100" in page.far.text() and "25 a second" in page.far.text()
    server.going.set()
    qtbot.waitUntil(lambda: page.state == "done")
    assert "servidor.local" in page._done.text()
    page.open.click()
    assert server.chosen == [Settings(server_host="servidor.local", desk_name="Recepção")]


def test_it_can_be_stopped_and_tried_again_with_what_the_code_opened(
    page: MovingPage, server: Server, qtbot: QtBot
) -> None:
    _fill(page)
    page.begin.click()
    qtbot.waitUntil(lambda: page.bar.part == 0.5)
    page.stop.click()
    server.going.set()
    qtbot.waitUntil(lambda: page.state == "ask")
    assert "stopped" in page.notice.accessibleName()
    server.refusal = MoveRefused("not_empty", "person")
    page.begin.click()
    qtbot.waitUntil(lambda: "already holds" in page.notice.accessibleName())
    server.refusal = ClinicUnreachable()
    page.begin.click()
    qtbot.waitUntil(lambda: "does not answer" in page.notice.accessibleName())
    assert len(server.joined) == 1  # a code opens once
