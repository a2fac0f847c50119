"""The month: which visits stand in a cell, what a press or a key opens, and what is said aloud."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.board import month_days
from clinicdesk.desk.agenda.month import MonthPicture
from clinicdesk.desk.agenda.month_accessible import DayInterface, MonthInterface, install
from clinicdesk.desk.agenda.month_days import month_of
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.hours import Calendar
from clinicdesk.domain.saved_views import Sieve
from tests.builders import TUESDAY, ZONE, appointment, local, uuid_for

CAIO = uuid_for("Dr. Caio Menezes")
HOURS = {day: ((dt.time(8), dt.time(18)),) for day in range(1, 6)}
CALENDAR = Calendar(ZONE, {None: HOURS, CAIO: HOURS}, holidays={dt.date(2026, 11, 20): "Consciência Negra"})


def opened(day: dt.date) -> int:
    return sum(slot.minutes for slot in CALENDAR.open_slots(CAIO, day))


def visits(count: int, day: dt.date = TUESDAY, **changes: object) -> list[Appointment]:
    step = dt.timedelta(minutes=15)
    start = local(8, day=day)
    return [
        appointment(starts_at=start + step * number, ends_at=start + step * (number + 1), **changes)
        for number in range(count)
    ]


@pytest.fixture
def month(qtbot: QtBot, dress: Callable[..., None]) -> Iterator[MonthPicture]:
    dress(reduced_motion=True)
    picture = MonthPicture()
    qtbot.addWidget(picture)
    picture.set_zone(ZONE)
    picture.resize(950, 660)
    yield picture
    privacy.hide(False)


def fill(month: MonthPicture, found: list[Appointment], sieve: Sieve | None = None) -> None:
    days = month_days(TUESDAY)
    month.set_days(month_of(TUESDAY, days, found, sieve or Sieve(), CALENDAR, opened), TUESDAY, TUESDAY)
    month.show()


def test_a_month_is_whole_weeks_from_sunday_on() -> None:
    assert month_days(dt.date(2026, 11, 24)) == (dt.date(2026, 11, 1), dt.date(2026, 12, 5))
    assert month_days(dt.date(2027, 2, 1)) == (dt.date(2027, 1, 31), dt.date(2027, 3, 6))


def test_a_full_day_shows_its_first_visits_and_how_many_more(month: MonthPicture) -> None:
    found = visits(4)
    fill(month, found)
    assert month.lines_of(TUESDAY) == (tuple(one.id for one in found), 0)
    many = visits(3) + [appointment(starts_at=local(13, n), ends_at=local(14, n)) for n in range(20)]
    fill(month, many)
    shown, rest = month.lines_of(TUESDAY)
    assert shown == tuple(one.id for one in many[: len(shown)])
    assert rest == len(many) - len(shown) > 0


def test_what_the_sieve_keeps_back_is_not_drawn_but_counts_as_taken(month: MonthPicture) -> None:
    found = [*visits(2), *visits(1, status=Status.CANCELLED)]
    cells = {one.day: one for one in month_of(TUESDAY, (TUESDAY, TUESDAY), found, Sieve(), CALENDAR, opened)}
    assert [one.status for one in cells[TUESDAY].visits] == [Status.CONFIRMED] * 2
    only_pending = Sieve(statuses=frozenset({Status.PENDING}))
    cells = {one.day: one for one in month_of(TUESDAY, (TUESDAY, TUESDAY), found, only_pending, CALENDAR, opened)}
    assert not cells[TUESDAY].visits
    assert cells[TUESDAY].occupancy == pytest.approx(30 / 600)


def test_a_holiday_is_named_and_nobody_works(month: MonthPicture) -> None:
    day = dt.date(2026, 11, 20)
    (cell,) = month_of(TUESDAY, (day, day), [], Sieve(), CALENDAR, opened)
    assert (cell.closed, cell.occupancy) == ("Consciência Negra", None)


def test_a_press_beside_the_lines_opens_the_day_and_one_on_a_line_chooses_the_visit(
    qtbot: QtBot, month: MonthPicture
) -> None:
    found = visits(2)
    fill(month, found)
    cell = month.cell(TUESDAY)
    with qtbot.waitSignal(month.day_opened) as opened:
        qtbot.mouseClick(month, Qt.MouseButton.LeftButton, pos=cell.topLeft() + QPoint(14, 14))
    assert opened.args == [TUESDAY]
    with qtbot.waitSignal(month.selected) as chosen, qtbot.assertNotEmitted(month.day_opened):
        qtbot.mouseClick(month, Qt.MouseButton.LeftButton, pos=cell.topLeft() + QPoint(40, 38))
    assert chosen.args == [found[0].id]


def test_the_keyboard_walks_opens_and_leaves_the_month_at_its_edge(qtbot: QtBot, month: MonthPicture) -> None:
    fill(month, visits(3))
    assert "Tuesday, November 24, 2026, 3 visits" in month.accessibleName()
    qtbot.keyClick(month, Qt.Key.Key_Left)
    qtbot.keyClick(month, Qt.Key.Key_Up)
    assert month.cursor_day == dt.date(2026, 11, 16)
    with qtbot.waitSignal(month.day_opened) as opened:
        qtbot.keyClick(month, Qt.Key.Key_Return)
    assert opened.args == [dt.date(2026, 11, 16)]
    for _week in range(2):
        qtbot.keyClick(month, Qt.Key.Key_Down)
    with qtbot.waitSignal(month.day_stepped) as stepped:
        qtbot.keyClick(month, Qt.Key.Key_Down)
    assert stepped.args == [1]


@pytest.mark.parametrize("dark", [False, True])
def test_it_paints_in_both_themes_with_and_without_names(
    month: MonthPicture, dress: Callable[..., None], dark: bool
) -> None:
    fill(month, visits(30, patient_name="Maria Aparecida do Perpétuo Socorro de Albuquerque"))
    dress(dark=dark)
    named = month.grab().toImage()
    privacy.hide(True)
    assert month.grab().toImage() != named


def test_each_day_stands_in_the_accessibility_tree(month: MonthPicture) -> None:
    install()
    fill(month, visits(3))
    tree = QAccessible.queryAccessibleInterface(month)
    assert isinstance(tree, MonthInterface)
    assert (tree.childCount(), tree.index_of(TUESDAY)) == (35, 23)
    day = tree.child(23)
    assert isinstance(day, DayInterface) and tree.indexOfChild(day) == 23 and tree.child(35) is None
    assert day.text(QAccessible.Text.Name) == "Tuesday, November 24, 2026, 3 visits"
    assert tree.child(19).text(QAccessible.Text.Name) == "Friday, November 20, 2026, 0 visits, Consciência Negra"
    assert day.state().selected and not tree.child(22).state().selected
    centre = day.rect().center()
    assert tree.childAt(centre.x(), centre.y()) is day and tree.focusChild() is day
    assert day.rect().size() == month.cell(TUESDAY).size()
    month.set_days([], TUESDAY, TUESDAY)
    assert tree.childCount() == 0 and day.state().invalid
