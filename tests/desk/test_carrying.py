"""A card on its way to another day: by the small month, at the edge, by keys and by the pinboard."""

import datetime as dt
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.domain.agenda import Appointment, Slot
from clinicdesk.usecases import agenda, pinboard
from tests.desk.test_agenda_page import Bench
from tests.office import DAY, Office, at

NEXT = DAY + dt.timedelta(days=1)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


@pytest.fixture
def bench(office: Office, qtbot: QtBot, dress: Callable[..., None]) -> Iterator[Bench]:
    dress(reduced_motion=True)
    made = Bench(office, qtbot)
    made.page.resize(1366, 768)
    yield made
    made.background.close()


class Hand:
    """The mouse, held down on one widget, in points of the screen."""

    def __init__(self, widget: QWidget, start: QPoint) -> None:
        self.widget, self.where = widget, widget.mapToGlobal(start)
        self._send(QEvent.Type.MouseButtonPress, self.where)

    def to(self, where: QPoint) -> "Hand":
        start = self.where
        for step in range(1, 7):
            self._send(QEvent.Type.MouseMove, start + (where - start) * step / 6)
        return self

    def let_go(self) -> None:
        self._send(QEvent.Type.MouseButtonRelease, self.where)

    def _send(self, kind: QEvent.Type, where: QPoint) -> None:
        self.where = where
        cause = NONE if kind == QEvent.Type.MouseMove else LEFT
        held = NONE if kind == QEvent.Type.MouseButtonRelease else LEFT
        local = QPointF(self.widget.mapFromGlobal(where))
        event = QMouseEvent(kind, local, QPointF(where), cause, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.widget, event)


def grab(bench: Bench, visit: UUID) -> Hand:
    view = bench.page.view
    view.arrange()
    box = view.scene.place_of(visit)
    assert box is not None
    view.ensure_shown(box)
    area = view.card_rect(visit)
    assert area is not None
    hand = Hand(view.viewport(), area.topLeft() + QPoint(40, 10))
    return hand.to(hand.where + QPoint(0, 30))


def month_spot(bench: Bench, day: dt.date) -> QPoint:
    month = bench.page.idle.month
    for x in range(5, month.width(), 6):
        for y in range(5, month.height(), 6):
            where = month.mapToGlobal(QPoint(x, y))
            if month.day_under(where) == day:
                return where + QPoint(6, 6)
    raise AssertionError("the month does not show that day")


def stands(bench: Bench, visit: UUID) -> Appointment:
    (found,) = agenda.appointments(bench.clinic, [visit])
    return found


def moved(bench: Bench, visit: UUID, start: dt.datetime) -> None:
    bench.qtbot.waitUntil(lambda: stands(bench, visit).starts_at == start, timeout=5000)
    bench.settle()


def test_a_card_dropped_on_a_day_of_the_month_goes_there_at_its_time(bench: Bench) -> None:
    visit = bench.put()
    hand = grab(bench, visit)
    assert bench.page.idle.isVisible() and bench.page.chosen is not None
    hand.to(month_spot(bench, NEXT)).let_go()
    moved(bench, visit, at(9, day=NEXT))
    assert bench.page.day == DAY
    assert stands(bench, visit).room_id == bench.office.sample.rooms["room 1"]


def test_a_day_without_room_at_that_time_opens_and_the_card_waits(bench: Bench) -> None:
    visit = bench.put()
    bench.office.book_row(bench.office.admin(), starts_at=at(9, day=NEXT), ends_at=at(9, 30, day=NEXT))
    grab(bench, visit).to(month_spot(bench, NEXT)).let_go()
    bench.qtbot.waitUntil(lambda: bench.page.day == NEXT and bool(bench.page.carrying.cards), timeout=5000)
    bench.settle()
    assert stands(bench, visit).starts_at == at(9)
    assert [one.id for one in pinboard.cards(bench.clinic)] == [visit]


def test_lingering_over_a_day_opens_it_under_the_card(bench: Bench) -> None:
    visit = bench.put()
    hand = grab(bench, visit).to(month_spot(bench, NEXT))
    bench.qtbot.waitUntil(lambda: bench.page.day == NEXT, timeout=5000)
    bench.settle()
    view = bench.page.view
    view.arrange()
    assert view.scene.lift is not None and view.scene.lift.appointment.id == visit
    spot = spot_of(bench, "caio", NEXT, 14)
    hand.to(view.viewport().mapToGlobal(spot)).let_go()
    bench.qtbot.waitUntil(lambda: stands(bench, visit).starts_at.date() == NEXT, timeout=5000)
    bench.settle()
    after = stands(bench, visit)
    assert after.professional_id == bench.office.sample.professionals["caio"]
    assert after.starts_at == at(14, day=NEXT)
    assert visit in {one.id for one in bench.page.model.appointments()}


def spot_of(bench: Bench, who: str, day: dt.date, hour: int) -> QPoint:
    """Where the hand is when the card it holds begins at that time."""
    view = bench.page.view
    slot = Slot(at(hour, day=day), at(hour, 30, day=day))
    box = view.scene.layout.card_box(bench.office.sample.professionals[who], slot.starts_at, slot.ends_at)
    assert box is not None
    view.ensure_shown(box)
    return view.to_viewport(box).topLeft().toPoint() + QPoint(40, 11)


def test_waiting_at_the_edge_turns_the_day(bench: Bench) -> None:
    visit = bench.put()
    view = bench.page.view
    hand = grab(bench, visit)
    grid = view.grid_rect()
    hand.to(view.viewport().mapToGlobal(QPoint(grid.right() - 4, grid.center().y())))
    bench.qtbot.waitUntil(lambda: bench.page.day == NEXT, timeout=5000)
    hand.to(view.viewport().mapToGlobal(grid.center()))
    bench.settle()
    hand.to(view.viewport().mapToGlobal(spot_of(bench, "helena", NEXT, 16))).let_go()
    moved(bench, visit, at(16, day=NEXT))


def test_by_keys_to_tomorrow(bench: Bench) -> None:
    visit = bench.put()
    view = bench.page.view
    view.setFocus()
    view.select(visit)
    QTest.keyClick(view, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    bench.qtbot.waitUntil(lambda: bench.page.day == NEXT, timeout=5000)
    bench.settle()
    assert view.scene.lift is not None and view.scene.lift.target.starts_at == at(9, day=NEXT)
    QTest.keyClick(view, Qt.Key.Key_Return)
    moved(bench, visit, at(9, day=NEXT))


def test_there_and_back_is_no_move(bench: Bench) -> None:
    visit = bench.put()
    view = bench.page.view
    view.setFocus()
    view.select(visit)
    QTest.keyClick(view, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    for key, day in ((Qt.Key.Key_PageDown, NEXT), (Qt.Key.Key_PageUp, DAY)):
        QTest.keyClick(view, key)
        _until_day(bench, day)
    lift = view.scene.lift
    assert lift is not None and not lift.away and not lift.changes
    QTest.keyClick(view, Qt.Key.Key_Return)
    bench.settle()
    assert view.scene.lift is None and stands(bench, visit).version == 1


def _until_day(bench: Bench, day: dt.date) -> None:
    bench.qtbot.waitUntil(lambda: bench.page.day == day, timeout=5000)
    bench.settle()


def test_the_pinboard_keeps_a_card_until_it_is_placed(bench: Bench) -> None:
    visit = bench.put()
    page, view = bench.page, bench.page.view
    page.select(visit)
    page.command("pin")
    bench.qtbot.waitUntil(lambda: bool(page.carrying.cards), timeout=5000)
    assert view.scene.pinned == {visit}
    page.select(None)
    page.show_day(NEXT)
    bench.settle()
    (card,) = page.idle.pinboard.cards
    assert card.isVisible()
    hand = Hand(card, QPoint(30, 12)).to(card.mapToGlobal(QPoint(10, 12)))
    hand.to(view.viewport().mapToGlobal(spot_of(bench, "helena", NEXT, 10) - QPoint(20, 0))).let_go()
    moved(bench, visit, at(10, day=NEXT))
    bench.hear()
    page.carrying.reload()
    bench.settle()
    assert page.carrying.cards == [] and not page.idle.pinboard.isVisible()


def test_paste_takes_the_card_put_aside_last(bench: Bench) -> None:
    page, view = bench.page, bench.page.view
    first, second = bench.put(), bench.put(starts_at=at(11), ends_at=at(11, 30))
    for visit in (first, second):
        pinboard.pin(bench.clinic, visit)
    page.carrying.reload()
    page.show_day(NEXT)
    bench.settle()
    page.carrying.paste()
    assert view.scene.lift is not None and view.scene.lift.appointment.id == second
    page.carrying.paste()
    assert view.scene.lift is not None and view.scene.lift.appointment.id == first
    QTest.keyClick(view, Qt.Key.Key_Return)
    moved(bench, first, at(9, day=NEXT))


def test_a_card_dropped_on_the_pinboard_stays_where_it_is(bench: Bench) -> None:
    visit = bench.put()
    hand = grab(bench, visit)
    board = bench.page.idle.pinboard
    assert board.isVisible()
    hand.to(board.mapToGlobal(board.rect().center())).let_go()
    bench.qtbot.waitUntil(lambda: bool(bench.page.carrying.cards), timeout=5000)
    assert stands(bench, visit).version == 1
    bench.page.carrying.unpin(bench.page.carrying.cards[0])
    bench.qtbot.waitUntil(lambda: not bench.page.carrying.cards, timeout=5000)


def test_letting_go_over_nothing_leaves_the_card(bench: Bench) -> None:
    visit = bench.put()
    hand = grab(bench, visit)
    panel = bench.page.panel
    hand.to(panel.mapToGlobal(QPoint(40, panel.height() - 10))).let_go()
    bench.settle()
    assert bench.page.view.scene.lift is None and stands(bench, visit).version == 1
    assert bench.page.panel.content is not None and bench.page.panel.content.isVisible()
