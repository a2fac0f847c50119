"""The desk's clock: the server's once it is known, the demo's own in the demo, still for pictures."""

import datetime as dt

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from clinicdesk.desk.clock import DeskClock

MOMENT = dt.datetime(2035, 3, 6, 13, 18, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def test_it_takes_the_server_s_time(qtbot: QtBot) -> None:
    owner = QObject()
    clock = DeskClock(parent=owner)
    clock.align(MOMENT)
    assert MOMENT <= clock.now() < MOMENT + 60 * SECOND
    assert clock.today() == dt.date(2035, 3, 6)


def test_the_demo_lives_in_its_own_time(qtbot: QtBot) -> None:
    owner = QObject()
    clock = DeskClock(parent=owner)
    clock.begin_at(MOMENT)
    clock.align(MOMENT + dt.timedelta(days=400))
    assert MOMENT <= clock.now() < MOMENT + 60 * SECOND


def test_for_pictures_it_stands_still(qtbot: QtBot) -> None:
    owner = QObject()
    clock = DeskClock(parent=owner)
    clock.pin(MOMENT)
    clock.align(MOMENT + dt.timedelta(days=1))
    assert clock.now() == MOMENT


def test_a_computer_days_off_is_told_once_for_each_person(qtbot: QtBot) -> None:
    owner, told = QObject(), list[dt.datetime]()
    clock = DeskClock(parent=owner)
    clock.found_off.connect(lambda _here, there: told.append(there))
    for _reading in range(3):
        clock.align(MOMENT)
    assert told == [MOMENT]
    clock.set_zone(clock.zone)
    clock.align(MOMENT)
    assert told == [MOMENT, MOMENT]


def test_a_minute_is_no_wrong_clock(qtbot: QtBot) -> None:
    owner, told = QObject(), list[dt.datetime]()
    clock = DeskClock(parent=owner)
    clock.found_off.connect(lambda _here, there: told.append(there))
    clock.align(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1))
    assert not told
