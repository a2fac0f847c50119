"""The waiting room's screen: what it says, what stands out, and that it is drawn at any size."""

import datetime as dt
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clinicdesk.desk.call_screen.screen import CallScreen
from clinicdesk.desk.clock import DeskClock
from clinicdesk.domain.calls import Call
from tests.builders import local

NOW = local(10, 18)


def called(name: str, place: str = "Sala 2", minutes: int = 0, times: int = 1) -> Call:
    return Call(uuid4(), uuid4(), name, place, NOW - dt.timedelta(minutes=minutes), times)


@pytest.fixture
def screen(qtbot: QtBot, dress: Callable[..., None]) -> Iterator[CallScreen]:
    dress()
    made = CallScreen("Clínica Ipê", DeskClock(NOW))
    qtbot.addWidget(made)
    made.show()
    yield made


def test_nobody_called_is_said_kindly(screen: CallScreen) -> None:
    screen.show_calls([])
    assert screen.words() == ["Your name appears here when it is your turn"]
    assert not screen.stands_out


def test_the_newest_stands_out_and_four_stay_in_sight(screen: CallScreen) -> None:
    people = [called(f"Pessoa {letter}.", minutes=place) for place, letter in enumerate("ABCDEFG")]
    screen.show_calls(people)
    assert screen.words()[::2] == [f"Pessoa {letter}." for letter in "ABCDE"]
    assert screen.stands_out
    assert screen.accessibleName() == "Pessoa A.: Sala 2"


def test_what_was_there_already_does_not_stand_out_again(screen: CallScreen) -> None:
    one = called("Ana L.")
    screen.show_calls([one])
    screen._fresh.stop()
    screen.show_calls([one])
    assert not screen.stands_out


def test_without_a_room_one_goes_to_the_front_desk(screen: CallScreen) -> None:
    screen.show_calls([called("Ana L.", place="")])
    assert screen.words() == ["Ana L.", "Front desk"]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [(640, 360), (1024, 768), (1920, 1080)])
def test_it_is_drawn_at_any_size(
    dark: bool, size: tuple[int, int], screen: CallScreen, dress: Callable[..., None]
) -> None:
    dress(dark=dark)
    screen.resize(*size)
    for people in (
        [],
        [called("Wolfgang Maximiliano-Bernardo Q.", "Sala de procedimentos estéticos " * 3, times=2)],
        [called("A", ""), called("B. " * 20, minutes=80)],
    ):
        screen.show_calls(people)
        picture = screen.grab().toImage()
        colours = {picture.pixelColor(x, picture.height() // 2).name() for x in range(0, picture.width(), 7)}
        assert len(colours) > 1 or not people


def test_it_is_silent_until_somebody_wants_sound(screen: CallScreen, qtbot: QtBot) -> None:
    menu = screen.menu()
    sound = next(one for one in menu.actions() if "Sound" in one.text())
    assert not sound.isChecked()
    with qtbot.waitSignal(screen.sound_chosen) as chosen:
        sound.trigger()
    assert chosen.args == [True]


def test_full_screen_and_back(screen: CallScreen, qtbot: QtBot) -> None:
    qtbot.keyClick(screen, Qt.Key.Key_F11)
    assert screen.isFullScreen()
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert not screen.isFullScreen() and screen.isVisible()


def test_closing_is_told(screen: CallScreen, qtbot: QtBot) -> None:
    with qtbot.waitSignal(screen.left):
        screen.close()
