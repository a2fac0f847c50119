"""The sign-in page: who is offered, what the keyboard does, and that nothing is asked twice."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.sign_in.page import SignInPage
from clinicdesk.desk.sign_in.tiles import PersonTile, Tile
from tests.builders import local

PEOPLE = [
    Tile(name.split()[-1].lower(), name, "Reception", 65) for name in ("Renata Souza", "Dr. Caio Lins", "Bia Reis")
]
PASSWORDS = {"souza": "um", "lins": "dois", "reis": "três"}


@pytest.fixture
def page(qtbot: QtBot, dress: Callable[..., None]) -> SignInPage:
    dress()
    made = SignInPage(DeskClock(local(9)))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    with qtbot.waitActive(made):
        made.show()
    return made


def wishes(page: SignInPage) -> list[tuple[str, str]]:
    """What the page asks for from now on."""
    heard: list[tuple[str, str]] = []
    page.sign_in_requested.connect(lambda login, password: heard.append((login, password)))
    return heard


def focused() -> object:
    widget = QApplication.focusWidget()
    return widget.tile.login if isinstance(widget, PersonTile) else widget


def press(qtbot: QtBot, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget(), key)


def test_the_last_person_is_shown_and_only_the_password_is_missing(page: SignInPage, qtbot: QtBot) -> None:
    asked = wishes(page)
    page.set_people(PEOPLE)
    assert QApplication.focusWidget() is page.password
    qtbot.keyClicks(page.password, "segredo")
    press(qtbot, Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert asked == [("souza", "segredo")]
    assert not page.button.isEnabled()


def test_a_refusal_is_read_and_the_password_typed_again(page: SignInPage, qtbot: QtBot) -> None:
    page.set_people(PEOPLE)
    qtbot.keyClicks(page.password, "segredo")
    press(qtbot, Qt.Key.Key_Return)
    page.refused("No.")
    assert page.banner.isVisible() and page.banner.accessibleName() == "No."
    assert page.password.text() == "" and QApplication.focusWidget() is page.password
    page.reset()
    assert not page.banner.isVisible()


def test_arrows_and_letters_walk_and_enter_chooses(page: SignInPage, qtbot: QtBot) -> None:
    asked = wishes(page)
    page.set_people(PEOPLE, PASSWORDS)
    assert focused() == "souza"
    press(qtbot, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert focused() == "reis"
    press(qtbot, Qt.Key.Key_C)  # titles do not count
    assert focused() == "lins"
    assert asked == []
    press(qtbot, Qt.Key.Key_Return)
    assert asked == [("lins", "dois")]


def test_a_refusal_in_the_demo_can_be_read(page: SignInPage) -> None:
    page.set_people(PEOPLE, PASSWORDS)
    page.refused("The clinic does not answer.")
    assert page.banner.isVisible()
    assert focused() == "souza"


def test_somebody_else_types_a_login_that_the_next_person_does_not_find(page: SignInPage, qtbot: QtBot) -> None:
    asked = wishes(page)
    page.set_people([])
    assert QApplication.focusWidget() is page.login
    qtbot.keyClicks(page.login, "claudia")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.keyClicks(page.password, "segredo")
    press(qtbot, Qt.Key.Key_Return)
    assert asked == [("claudia", "segredo")]
    page.reset()
    page.take_focus()
    assert (page.login.text(), page.password.text()) == ("", "")
    assert QApplication.focusWidget() is page.login


def test_behind_somebodys_work_the_page_leaves_the_keyboard_alone(page: SignInPage) -> None:
    page.hide()
    before = QApplication.focusWidget()
    page.set_people(PEOPLE)
    assert QApplication.focusWidget() is before
