"""A desk as the receptionist finds it: the application on screen, the office's database behind its door."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import event as database_event

from clinicdesk import words
from clinicdesk.desk.application import Application, Wish
from clinicdesk.desk.background import assert_not_ui_thread
from clinicdesk.desk.sign_in.tiles import Tile
from clinicdesk.usecases.door import Door
from clinicdesk.usecases.staff import SignedIn, sign_in
from clinicdesk.usecases.tries import Tries
from tests.journeys.hands import Hands
from tests.journeys.other_desk import OtherDesk, other_desk
from tests.office import PASSWORD, Office, at

NOW = at(8, 10)


@contextlib.contextmanager
def at_the_desk(
    office: Office, qapp: QApplication, qtbot: QtBot, folder: Path, kind: type[Hands] = Hands
) -> Iterator[Hands]:
    """The application with its sign-in open; nobody is at work yet."""
    application = Application(qapp, Wish(folder, now=NOW, language="en", theme="light"))
    application.tries = Tries(folder)
    window = application.window
    window.resize(QSize(1366, 768))
    window.set_door(lambda login, password: watched(sign_in(office.address, login, password, "Balcão")))
    window.set_proof(Door(folder, lambda: office.address, "Balcão", application.tries).prove)
    window.sign_in_page.set_people(
        [Tile("renata", "Renata Souza", "Reception", 65), Tile("claudia", "Cláudia Meireles", "Owner", 155)]
    )
    with qtbot.waitActive(window):
        window.show()
    strays = Strays(qapp)
    yield kind(qtbot, application)
    strays.end()
    assert strays.found == [], "shown before it had a parent: a window of its own that took the keyboard away"
    application.close()
    window.close()
    # Here and now: the collector of the next test might otherwise run on a thread that must not end timers.
    for part in (window, application.shortcuts, application.background, application):
        shiboken6.delete(part)
    words.use_language(words.DEFAULT_LANGUAGE)


class Strays(QObject):
    """Every part that was shown without a parent, and so as a window; windows, menus and popups are meant to be."""

    _MEANT = (Qt.WindowType.Popup, Qt.WindowType.Tool, Qt.WindowType.ToolTip, Qt.WindowType.Dialog)

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self.found: list[str] = []
        self._application = application
        application.installEventFilter(self)

    def end(self) -> None:
        """Look no further."""
        self._application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            titled = bool(watched.windowTitle())
            if not titled and watched.windowType() not in self._MEANT:
                self.found.append(type(watched).__name__)
        return False


def watched(signed_in: SignedIn) -> SignedIn:
    """The same sign-in; whoever then asks the database on the thread that paints fails the test."""
    database_event.listen(signed_in.clinic._line.engine, "checkout", lambda *_connection: assert_not_ui_thread())
    return signed_in


def sign_renata_in(hands: Hands) -> Hands:
    """Renata signs in by her tile and sees the office's day."""
    page = hands.window.sign_in_page
    page.tiles.select("renata")
    hands.write(PASSWORD)
    hands.click(page.button)
    hands.until(lambda: hands.window.workspace is not None or page.banner.isVisible())
    assert hands.window.workspace is not None, page.banner.accessibleName()
    hands.until(lambda: hands.workspace.agenda.content is not None)
    hands.idle()
    return hands


@pytest.fixture
def hands(office: Office, qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Hands]:
    """The sign-in is open."""
    with at_the_desk(office, qapp, qtbot, tmp_path) as opened:
        yield opened


@pytest.fixture
def desk(hands: Hands) -> Hands:
    """Renata is at work."""
    return sign_renata_in(hands)


@pytest.fixture
def other(office: Office, tmp_path: Path) -> Iterator[OtherDesk]:
    """Cláudia at another desk."""
    with other_desk(office, tmp_path / "other") as opened:
        yield opened
