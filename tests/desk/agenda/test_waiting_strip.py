"""The strip of people in the reception."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from clinicdesk.desk.agenda.waiting_strip import WaitingStrip
from clinicdesk.desk.widgets.waiting_card import WaitingCard
from clinicdesk.domain.agenda import Status
from tests.builders import ZONE, uuid_for
from tests.desk.agenda.lifelike import NOW, tuesday


@pytest.fixture
def strip(qtbot: QtBot, dress: Callable[..., None]) -> Iterator[WaitingStrip]:
    dress()
    made = WaitingStrip()
    qtbot.addWidget(made)
    made.resize(1200, 56)
    made.set_zone(ZONE)
    made.set_professional_hues({uuid_for("Dra. Marina Couto"): 65})
    yield made


def cards(strip: WaitingStrip) -> list[WaitingCard]:
    found = [card for card in strip.findChildren(WaitingCard) if not card.isHidden()]
    return sorted(found, key=lambda card: card.x())


def test_nobody_waits_and_the_strip_is_not_there(strip: WaitingStrip) -> None:
    strip.set_waiting([], NOW)
    assert not strip.isVisible()
    strip.set_waiting(tuesday(), NOW)
    assert strip.isVisible()
    strip.set_waiting([], NOW)
    assert not strip.isVisible()


def test_whose_turn_came_first_stands_first_and_minutes_grow(strip: WaitingStrip) -> None:
    strip.set_waiting(tuesday(), NOW)
    assert [card.accessibleName() for card in cards(strip)] == [
        "Vera Magalhães, Dra. Marina · 10:00, waiting for 24 minutes",
        "Otávio Reis, Dra. Lívia · 10:15, waiting for 20 minutes",
        "Matheus Brandão, Dra. Helena · 10:30, waiting for 12 minutes",
    ]
    before = cards(strip)
    strip.set_waiting(tuesday(), NOW + dt.timedelta(minutes=1))
    assert cards(strip) == before  # the same parts, only the minutes are new
    assert "25 minutes" in before[0].accessibleName()
    assert not strip.grab().isNull()


def test_whom_the_law_puts_first_stands_first_with_the_reason(strip: WaitingStrip) -> None:
    named = {
        "Matheus Brandão": {"patient_birth_date": dt.date(1944, 2, 1)},
        "Otávio Reis": {"patient_priority": "autistic", "patient_birth_date": dt.date(2010, 2, 1)},
    }
    people = [replace(one, **named.get(one.patient_name, {})) for one in tuesday()]
    strip.set_waiting(people, NOW)
    names = [card.accessibleName() for card in cards(strip)]
    assert names[0].startswith("Matheus Brandão, Dra. Helena · 10:30, 80+, ")
    assert names[1].startswith("Otávio Reis, Dra. Lívia · 10:15, Autistic person, ")
    assert "80+" in cards(strip)[0].toolTip()
    assert not strip.grab().isNull()


def test_a_professional_sees_who_waits_for_them(strip: WaitingStrip) -> None:
    strip.set_professional(uuid_for("Dra. Helena Prado"))
    strip.set_waiting(tuesday(), NOW)
    assert [card.text() for card in cards(strip)] == ["Matheus Brandão"]
    assert strip.accessibleName() == "Waiting for you"


def test_the_megaphone_calls_and_shows_when(strip: WaitingStrip, qtbot: QtBot) -> None:
    strip.set_waiting(tuesday(), NOW)
    first, second = cards(strip)[:2]
    with qtbot.waitSignal(strip.call_requested) as wanted:
        qtbot.mouseClick(first._call, Qt.MouseButton.LeftButton)
    assert wanted.args == [strip.next_to_call()]
    called, waiting = strip.waiting_ids()[:2]
    strip.set_calls({called: NOW, waiting: NOW - dt.timedelta(hours=3)})  # the second was called before she came
    assert first._call.toolTip() == "Called at 10:18; call Vera Magalhães again"
    assert second._call.toolTip() == "Call Otávio Reis"
    next_one = strip.next_to_call()
    assert next_one is not None and next_one.id == waiting


def test_a_click_says_whom(strip: WaitingStrip, qtbot: QtBot) -> None:
    strip.set_waiting(tuesday(), NOW)
    with qtbot.waitSignal(strip.chosen) as chosen:
        qtbot.mouseClick(cards(strip)[0], Qt.MouseButton.LeftButton)
    assert chosen.args == [strip.waiting_ids()[0]]


def test_who_does_not_fit_stands_behind_a_number(strip: WaitingStrip, qtbot: QtBot) -> None:
    waiting = [value for value in tuesday() if value.status is Status.CHECKED_IN]
    many = [replace(value, id=uuid_for(f"{value.id}{number}")) for value in waiting for number in range(4)]
    strip.set_waiting(many, NOW)
    more = strip.findChild(QPushButton, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert isinstance(more, QPushButton) and more.isVisible()
    assert more.text() == f"+{12 - len(cards(strip))}"
    assert more.geometry().right() <= strip.width()
    more.click()
    menu = strip.findChild(QMenu)
    assert isinstance(menu, QMenu)
    with qtbot.waitSignal(strip.chosen) as chosen:
        menu.actions()[-1].trigger()
    assert chosen.args == [strip.waiting_ids()[-1]]
    menu.close()
