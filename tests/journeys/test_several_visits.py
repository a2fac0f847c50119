"""Rows chosen together in the list of visits take one step, with one way back."""

import datetime as dt
from uuid import UUID, uuid4

from PySide6.QtCore import Qt

from clinicdesk.domain.agenda import Status
from tests.journeys.hands import CTRL, Hands
from tests.office import Office, at, put


def visits_of(office: Office, *statuses: str) -> list[UUID]:
    """Visits of the day, half an hour each, in these states."""
    admin, found = office.admin(), []
    for number, status in enumerate(statuses):
        patient = uuid4()
        put(admin, "patient", id=patient, full_name=f"Paciente {number} Silva")
        starts = at(9) + dt.timedelta(minutes=30 * number)
        ends = starts + dt.timedelta(minutes=30)
        found.append(office.book_row(admin, patient_id=patient, starts_at=starts, ends_at=ends, status=status))
    return found


def open_list(desk: Hands, count: int) -> None:
    desk.until(lambda: len(desk.visits()) == count)
    desk.key(Qt.Key.Key_4)
    desk.until(lambda: desk.workspace.agenda.mode == "list")
    desk.idle()


def test_those_to_be_confirmed_are_and_one_undo_takes_all_back(desk: Hands, office: Office) -> None:
    first, second, third = visits_of(office, "pending", "confirmed", "pending")
    open_list(desk, 3)
    bar = desk.workspace.agenda.pictures.several_bar
    assert not bar.isVisible()
    desk.key(Qt.Key.Key_A, CTRL)
    assert bar.isVisible()
    assert "3 chosen · 2 to confirm" in desk.words(bar)
    desk.click(bar.confirm)
    for visit in (first, second, third):
        desk.status(visit, Status.CONFIRMED)
    desk.said("2 visits confirmed")
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.status(first, Status.PENDING)
    desk.status(third, Status.PENDING)
    assert desk.held(second).status is Status.CONFIRMED


def test_a_single_row_is_confirmed_by_the_same_key(desk: Hands, office: Office) -> None:
    first, second = visits_of(office, "pending", "pending")
    open_list(desk, 2)
    desk.key(Qt.Key.Key_Down)
    assert not desk.workspace.agenda.pictures.several_bar.isVisible()
    desk.key(Qt.Key.Key_S)
    desk.status(first, Status.CONFIRMED)
    assert desk.held(second).status is Status.PENDING


def test_what_none_of_them_can_become_is_refused_on_the_button(desk: Hands, office: Office) -> None:
    visits_of(office, "confirmed", "confirmed")
    open_list(desk, 2)
    desk.key(Qt.Key.Key_A, CTRL)
    bar = desk.workspace.agenda.pictures.several_bar
    assert not bar.confirm.isEnabled()
    assert not bar.no_show.isEnabled()  # they are still to come
    assert bar.confirm.toolTip() == "None of these can take that step"
    desk.key(Qt.Key.Key_S)
    desk.idle()
    assert {one.status for one in desk.visits()} == {Status.CONFIRMED}
