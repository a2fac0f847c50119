"""How many input events five tasks take in the real window, counted; docs/input-events.md says the same figures."""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from clinicdesk.desk.palette.rows import Look
from clinicdesk.domain.agenda import Status
from tests.journeys.conftest import at_the_desk, sign_renata_in
from tests.journeys.counted import CountedHands
from tests.journeys.hands import CTRL
from tests.office import DAY, Office, at, put

PAGE = Path(__file__).parents[2] / "docs" / "input-events.md"
BENTO = "Bento d'Ávila"
TOMORROW = DAY + dt.timedelta(days=1)


@pytest.fixture
def desk(office: Office, qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[CountedHands]:
    """Renata is at work, the agenda on screen, nothing chosen, every event counted."""
    with at_the_desk(office, qapp, qtbot, tmp_path, CountedHands) as opened:
        sign_renata_in(opened)
        assert isinstance(opened, CountedHands)
        yield opened


def returning_patient(desk: CountedHands, _office: Office) -> None:
    """Somebody of the register wants a visit at a time they name."""
    with desk.counting():
        desk.key(Qt.Key.Key_K, CTRL)
        desk.write("bento consulta amanhã 15h helena")
        ready(desk)
        desk.key(Qt.Key.Key_Return)
        desk.said(BENTO)


def one_of_two(desk: CountedHands, office: Office) -> None:
    """The same, where two patients bear the name: one Enter accepts the person."""
    put(office.admin(), "patient", id=uuid4(), full_name="Bento Camargo", phone="+5511900000555")
    with desk.counting():
        desk.key(Qt.Key.Key_K, CTRL)
        desk.write("bento consulta amanhã 15h helena")
        ready(desk)
        desk.key(Qt.Key.Key_Return)
        desk.until(lambda: any(row.look is Look.BOOK for row in desk.workspace.finder.model.rows))
        desk.key(Qt.Key.Key_Return)
        desk.said("Bento")


def stranger(desk: CountedHands, _office: Office) -> None:
    """Somebody who never came is registered by name and phone, and booked."""
    with desk.counting():
        desk.key(Qt.Key.Key_K, CTRL)
        desk.write("íris falcão 11 90000-0177 consulta amanhã 16h helena")
        ready(desk)
        desk.key(Qt.Key.Key_Return)
        desk.said("Íris Falcão")


def moved_by_one_line(desk: CountedHands, office: Office) -> None:
    """A visit of today goes to the same hour of tomorrow."""
    visit_on_screen(desk, office)
    with desk.counting():
        desk.key(Qt.Key.Key_K, CTRL)
        desk.write("remarcar ana amanhã")
        ready(desk)
        desk.key(Qt.Key.Key_Return)
        desk.said("tomorrow, 09:00")


def moved_by_hand(desk: CountedHands, office: Office) -> None:
    """A visit of today goes to another hour of tomorrow."""
    visit = visit_on_screen(desk, office)
    with desk.counting():
        desk.click_card(visit)
        desk.key(Qt.Key.Key_2)
        desk.until(lambda: desk.workspace.agenda.mode == "week" and desk.visits())
        desk.idle()
        there = desk.spot(TOMORROW, at(11, day=TOMORROW))
        desk.drag(desk.grip(visit), there)
        desk.until(lambda: desk.held(visit).starts_at.date() == TOMORROW)
        desk.idle()


def arrived_and_seated(desk: CountedHands, office: Office) -> None:
    """Somebody comes to the counter, and then goes in."""
    visit = visit_on_screen(desk, office)
    with desk.counting():
        desk.click_card(visit)
        desk.key(Qt.Key.Key_C)
        desk.status(visit, Status.CHECKED_IN)
        desk.idle()
        desk.key(Qt.Key.Key_I)
        desk.status(visit, Status.IN_PROGRESS)


def ten_confirmed(desk: CountedHands, office: Office) -> None:
    """Ten patients of a day said that they come."""
    visits = ten_visits(desk, office)
    with desk.counting():
        desk.key(Qt.Key.Key_4)
        desk.until(lambda: desk.workspace.agenda.mode == "list" and len(desk.visits()) == len(visits))
        desk.idle()
        desk.key(Qt.Key.Key_A, CTRL)
        desk.key(Qt.Key.Key_S)
        desk.until(lambda: all(one.status is Status.CONFIRMED for one in desk.visits()))
    assert len(desk.visits()) == 10


TASKS: dict[str, tuple[Callable[[CountedHands, Office], None], int]] = {
    "book a returning patient": (returning_patient, 4),
    "… when two bear the name": (one_of_two, 4),
    "book a stranger": (stranger, 5),
    "move to tomorrow": (moved_by_one_line, 3),
    "… with the mouse, to another hour": (moved_by_hand, 3),
    "check in and seat": (arrived_and_seated, 3),
    "confirm a list of ten": (ten_confirmed, 12),
}


@pytest.mark.parametrize("task", TASKS)
def test_a_task_takes_no_more_events_than_promised_and_the_page_says_how_many(
    task: str, desk: CountedHands, office: Office
) -> None:
    work, most = TASKS[task]
    work(desk, office)
    logging.getLogger(__name__).info("%s: %d (%s)", task, desk.events, " · ".join(desk.deeds))
    assert desk.events <= most, desk.deeds
    line = f"| {task} | {desk.events} | {most} | {' · '.join(desk.deeds)} |"
    assert line in PAGE.read_text(encoding="utf-8").splitlines(), f"docs/input-events.md wants the line {line}"


# --- what lies ready ---


def ready(desk: CountedHands) -> None:
    """Wait until the palette answers to what was typed."""
    palette = desk.workspace.finder
    desk.until(lambda: palette.answered_line == palette.line.text())
    desk.idle()


def visit_on_screen(desk: CountedHands, office: Office) -> UUID:
    visit = office.book_row(office.admin(), status="confirmed")
    desk.until(lambda: desk.visits())
    desk.idle()
    return visit


def ten_visits(desk: CountedHands, office: Office) -> list[UUID]:
    admin = office.admin()
    visits = []
    for number in range(10):
        patient = uuid4()
        put(admin, "patient", id=patient, full_name=f"Paciente {number} Silva")
        starts = at(8) + dt.timedelta(minutes=30 * number) if number < 8 else at(13) + dt.timedelta(minutes=30 * number)
        visits.append(
            office.book_row(admin, patient_id=patient, starts_at=starts, ends_at=starts + dt.timedelta(minutes=30))
        )
    desk.until(lambda: len(desk.visits()) == 10)
    desk.idle()
    return visits
