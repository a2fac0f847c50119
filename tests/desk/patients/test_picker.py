"""The picker: keys walk and take, late answers are dropped, namesakes are told apart."""

import datetime as dt
from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clinicdesk.desk.widgets.patient_picker import MOST, PatientPicker
from clinicdesk.domain.patients import PatientMatch
from tests.builders import ZONE
from tests.desk.patients.conftest import NOW, Show, match, press, type_text

Answer = Callable[[Sequence[PatientMatch]], None]
FOUND = [
    match("Conceição Albuquerque Prates"),
    match("Conceição Almeida e Silva"),
    match("Maria da Conceição Alves Rocha"),
]


class Asked:
    """Keeps the questions; the test answers them in the order it wants."""

    def __init__(self) -> None:
        self.questions: list[tuple[str, Answer]] = []

    def __call__(self, text: str, done: Answer) -> None:
        self.questions.append((text, done))

    def answer(self, found: Sequence[PatientMatch] = FOUND) -> None:
        self.questions[-1][1](found)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def picker(asked: Asked, shown: Show) -> PatientPicker:
    made = PatientPicker(asked, lambda: NOW, lambda: ZONE)
    shown(made, 460, 500)
    made.setFocus()
    return made


def test_each_letter_asks_and_enter_takes_the_first(picker: PatientPicker, asked: Asked, qtbot: QtBot) -> None:
    type_text(picker.box, "çã")
    assert [text for text, _done in asked.questions] == ["ç", "çã"]
    asked.answer()
    with qtbot.waitSignal(picker.chosen) as chosen:
        press(picker.box, Qt.Key.Key_Return)
    assert chosen.args == [FOUND[0]]
    assert picker.patient == FOUND[0] and not picker.box.isVisible() and picker.card.isVisible()


def test_arrows_go_round_and_reach_the_new_patient(picker: PatientPicker, asked: Asked, qtbot: QtBot) -> None:
    type_text(picker.box, "conc")
    asked.answer()
    press(picker.box, Qt.Key.Key_Down)
    assert picker.list.currentIndex().row() == 1
    for _ in range(2):
        press(picker.box, Qt.Key.Key_Up)
    with qtbot.waitSignal(picker.new_wanted) as wanted:
        press(picker.box, Qt.Key.Key_Return)
    assert wanted.args == ["conc"]


def test_nobody_found_leaves_the_new_patient(picker: PatientPicker, asked: Asked, qtbot: QtBot) -> None:
    type_text(picker.box, "joaquina")
    asked.answer([])
    assert picker.choices.rowCount() == 1
    with qtbot.waitSignal(picker.new_wanted):
        press(picker.box, Qt.Key.Key_Return)


def test_enter_waits_for_the_answer_to_what_was_typed(picker: PatientPicker, asked: Asked, qtbot: QtBot) -> None:
    type_text(picker.box, "co")
    asked.answer([match("Cora")])
    type_text(picker.box, "n")
    with qtbot.assertNotEmitted(picker.chosen):
        press(picker.box, Qt.Key.Key_Return)
    with qtbot.waitSignal(picker.chosen) as chosen:
        asked.answer()
    assert chosen.args == [FOUND[0]]


def test_an_answer_to_something_typed_earlier_is_dropped(picker: PatientPicker, asked: Asked) -> None:
    type_text(picker.box, "ab")
    (_, first), (_, second) = asked.questions
    second([match("Abel")])
    first([match("Ana")])
    assert [one.name for one in picker.choices.matches] == ["Abel"]


def test_no_more_than_six(picker: PatientPicker, asked: Asked) -> None:
    type_text(picker.box, "a")
    asked.answer([match(f"Ana {number}") for number in range(20)])
    assert len(picker.choices.matches) == MOST and picker.choices.rowCount() == MOST + 1


def test_a_namesake_asks_for_the_birth_date(picker: PatientPicker, asked: Asked) -> None:
    twins = [
        match("Ana Silva", id=FOUND[0].id, birth_date=dt.date(1962, 3, 14)),
        match("Ana Silva", birth_date=dt.date(1990, 1, 2)),
    ]
    type_text(picker.box, "ana")
    asked.answer(twins)
    assert "14/03/1962" in picker.choices.index(0).data()
    press(picker.box, Qt.Key.Key_Return)
    assert picker.card.warning.isVisible()
    assert "14/03/1962" in picker.card.warning.accessibleName()
    assert not picker.box.hasFocus()


def test_the_choice_can_be_taken_back(picker: PatientPicker, asked: Asked, qtbot: QtBot) -> None:
    picker.choose(FOUND[1])
    with qtbot.waitSignal(picker.cleared):
        qtbot.mouseClick(picker.card.change, Qt.MouseButton.LeftButton)
    assert picker.patient is None and picker.box.hasFocus() and picker.text == ""


def test_a_click_takes_a_row(picker: PatientPicker, asked: Asked, qtbot: QtBot) -> None:
    type_text(picker.box, "conc")
    asked.answer()
    place = picker.list.visualRect(picker.choices.index(2)).center()
    with qtbot.waitSignal(picker.chosen) as chosen:
        qtbot.mouseClick(picker.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [FOUND[2]]


def test_floating_results_go_when_the_focus_goes(asked: Asked, shown: Show) -> None:
    picker = PatientPicker(asked, lambda: NOW, lambda: ZONE, may_be_new=False, floating=True)
    shown(picker, 460, 500)
    picker.setFocus()
    type_text(picker.box, "conc")
    asked.answer()
    assert picker.list.isVisible() and picker.box.hasFocus()
    press(picker.box, Qt.Key.Key_Escape)
    assert not picker.list.isVisible() and picker.text == "conc"
