"""Joining a clinic server from the first run: an address tested as one types, the code, and who is let in as what.

The server is the run's own, which has no encryption: how it is looked for, joined and opened is given to the desk.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinicdesk import errors
from clinicdesk.desk.application import Application
from clinicdesk.desk.first_run.opening import ServerWays
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.desks import DeskCode, ServerAddress
from clinicdesk.domain.first_run import Place as Where
from clinicdesk.settings import Settings
from clinicdesk.storage import setup as rows
from clinicdesk.storage.cluster import Cluster
from clinicdesk.usecases.desks import Enrolled
from clinicdesk.usecases.place import Place
from tests.journeys.hands import CTRL
from tests.journeys.test_first_run import ENTER, TAB, FirstHands, Opened
from tests.storage.test_moving import Elsewhere

CODE = "K7M4-Q2XT-9WPD-3HRA"
UNTIL = dt.datetime(2036, 1, 1, tzinfo=dt.UTC)
TROUBLE: list[errors.ClinicError] = [
    errors.HostNotFound("servidor.local"),
    errors.NobodyAnswers("servidor.local", 5432),
    errors.NoClinicServer("servidor.local", 5432),
    *(
        errors.ServerNotTrusted(reason, "servidor.local")
        for reason in ("other_name", "other_authority", "expired", "not_yet_valid", "no_encryption", "not_proven")
    ),
]
REFUSED: list[errors.ClinicError] = [
    *(errors.EnrolmentRefused(reason) for reason in ("code", "used", "busy", "silent", "refused", "certificate")),
    errors.ClockOff(UNTIL, UNTIL),
    errors.DataFolderUnusable("/dados", "full"),
]


@dataclass
class Town:
    """A clinic server as a desk meets it: what it answers, and what it was asked."""

    looks: list[ServerAddress] = field(default_factory=list)
    codes: list[tuple[ServerAddress, DeskCode, str]] = field(default_factory=list)
    trouble: errors.ClinicError | None = None
    refusal: errors.ClinicError | None = None
    enrolled: Enrolled | None = None
    place: Callable[[Path], Place] | None = None

    def look(self, address: ServerAddress) -> float:
        self.looks.append(address)
        if self.trouble is not None:
            raise self.trouble
        return 4.2

    def enrol(self, _data_dir: Path, address: ServerAddress, code: DeskCode, name: str) -> Enrolled:
        self.codes.append((address, code, name))
        if self.refusal is not None:
            raise self.refusal
        return self.enrolled or Enrolled(uuid4(), address, UNTIL)

    def open(self, data_dir: Path, _settings: Settings) -> Place:
        assert self.place is not None
        return self.place(data_dir)

    def ways(self) -> ServerWays:
        return ServerWays(self.look, self.enrol, self.open)


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def hands(
    qapp: QApplication, qtbot: QtBot, data_dir: Path, town: Town, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FirstHands]:
    """The second card is chosen, the keyboard in the address."""
    before = Application.open

    def begun(application: Application) -> None:
        application.server_ways = town.ways()
        before(application)

    monkeypatch.setattr(Application, "open", begun)
    with Opened(qapp, qtbot, data_dir) as found:
        found.key(Qt.Key.Key_Right)
        assert found.page.place.place is Where.SERVER
        found.page.server.address.setFocus()
        yield found


def say_everything(hands: FirstHands) -> None:
    """Address, code and name, by keyboard alone."""
    hands.write("Servidor.Local")
    hands.key(TAB)
    hands.write("k7m4 q2xt 9wpd 3hra")
    hands.key(TAB)
    hands.write("Recepção 1")


def test_the_address_is_tested_as_one_types(hands: FirstHands, town: Town) -> None:
    panel = hands.page.server
    hands.write("servidor.")
    hands.write("local:5433")
    hands.until(lambda: "4 ms" in panel.seen.words)
    assert town.looks[-1] == ServerAddress("servidor.local", 5433)
    town.trouble = TROUBLE[1]
    hands.write("1")
    assert panel.seen.words == ""  # what was said of another address is not this one's
    hands.until(lambda: panel.seen.words == sentence(TROUBLE[1]))
    for _letter in range(6):
        hands.key(Qt.Key.Key_Backspace)
    hands.write(":porta")
    hands.key(TAB)
    assert panel.address_field.error


@pytest.mark.parametrize("trouble", TROUBLE, ids=lambda one: f"{type(one).__name__}-{getattr(one, 'reason', '')}")
def test_what_is_wrong_with_the_server_is_said(hands: FirstHands, town: Town, trouble: errors.ClinicError) -> None:
    town.trouble = trouble
    hands.write("servidor.local")
    hands.until(lambda: hands.page.server.seen.words == sentence(trouble))
    label = hands.page.server.seen
    assert label.isVisible() and label.accessibleName() == sentence(trouble)


def test_the_code_is_understood_however_it_comes(hands: FirstHands) -> None:
    boxes, panel = hands.page.server.code, hands.page.server
    boxes.setFocus()
    QGuiApplication.clipboard().setText(f" {CODE.lower()}\n")
    hands.key(Qt.Key.Key_V, CTRL)
    assert boxes.text() == CODE.replace("-", "") and boxes.full
    assert panel.code_said.words == "The code is whole"
    hands.key(Qt.Key.Key_Backspace)
    hands.key(Qt.Key.Key_Backspace)
    assert boxes.text() == "K7M4Q2XT9WPD3H" and panel.code_said.words == "2 letters to go"
    hands.write("u")
    assert boxes.text() == "K7M4Q2XT9WPD3H" and "U" in panel.code_said.words
    hands.write("ol9")
    assert boxes.text() == "K7M4Q2XT9WPD3H01"
    boxes.selectAll()
    hands.write("i")
    assert boxes.text() == "1"


def test_all_three_have_to_be_there(hands: FirstHands, town: Town) -> None:
    panel = hands.page.server
    hands.key(ENTER)
    assert hands.is_at(panel.address) and panel.address_field.error
    hands.write("servidor.local")
    hands.key(ENTER)
    assert hands.is_at(panel.code) and panel.code_said.words
    hands.write(CODE)
    hands.key(ENTER)
    assert hands.is_at(panel.desk_name) and panel.name_field.error
    assert town.codes == []


@pytest.mark.parametrize("refusal", REFUSED, ids=lambda one: f"{type(one).__name__}-{getattr(one, 'reason', '')}")
def test_a_desk_that_is_not_let_in_keeps_what_was_typed(
    hands: FirstHands, town: Town, refusal: errors.ClinicError
) -> None:
    town.refusal = refusal
    say_everything(hands)
    hands.key(ENTER)
    hands.until(lambda: hands.trouble)
    assert hands.trouble == sentence(refusal)
    panel = hands.page.server
    assert (panel.address.text(), panel.desk_name.text()) == ("Servidor.Local", "Recepção 1")
    assert panel.code.text() == CODE.replace("-", "")
    assert hands.page.onward.isEnabled()


def test_a_server_with_people_leads_to_the_sign_in(hands: FirstHands, town: Town) -> None:
    say_everything(hands)
    hands.key(ENTER)
    hands.until(lambda: hands.application.first_run is None)
    [(address, code, name)] = town.codes
    assert (str(address), str(code), name) == ("servidor.local", CODE, "Recepção 1")
    settings = hands.application.settings
    assert (settings.server_host, settings.desk_name) == ("servidor.local", "Recepção 1")
    hands.until(hands.window.sign_in_page.isVisible)
    hands.idle()


def test_a_founder_makes_the_clinic_there(hands: FirstHands, town: Town, cluster: Cluster) -> None:
    elsewhere = Elsewhere(cluster)
    address = ServerAddress("servidor.local", database=elsewhere.database)
    town.enrolled = Enrolled(uuid4(), address, UNTIL, elsewhere.founder)
    town.place = lambda folder: Place(folder, elsewhere.address, server=address)
    say_everything(hands)
    hands.key(ENTER)
    hands.at(hands.page.clinic)
    hands.key(Qt.Key.Key_Escape)
    assert hands.page.step is hands.page.clinic  # the code is used: there is no way back to it
    hands.write("Clínica Bem Viver")
    hands.key(ENTER)
    hands.at(hands.page.owner)
    hands.say_owner()
    hands.type_key_back()
    hands.key(ENTER)
    hands.at(hands.page.services)
    hands.key(ENTER)
    hands.until(lambda: hands.page.done is not None or hands.trouble)
    assert not hands.trouble
    hands.key(ENTER)
    hands.until(lambda: hands.window.workspace is not None)
    clinic = hands.workspace.signed_in.clinic
    assert clinic.person.login == "helena" and clinic.person.professional_id is not None
    settings = hands.application.settings
    assert (settings.server_host, settings.server_database) == ("servidor.local", elsewhere.database)
    hands.window.leave()
    hands.application.settings = replace(settings, server_host="")
    hands.idle()
    rows.remove_database(cluster.admin_conninfo(), elsewhere.database)
