"""The day as it stood, over the real page and a real clinic, by mouse and keyboard."""

import datetime as dt
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.history_entry import HistoryEntry
from clinicdesk.desk.agenda.page import AgendaPage
from clinicdesk.desk.agenda.past import PastPane
from clinicdesk.desk.agenda.past_list import PastLine
from clinicdesk.desk.agenda.past_scale import LifeScale
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.shortcuts import AGENDA, Shortcuts
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.domain.agenda import (
    Appointment,
    BookAppointment,
    CancelledBy,
    ChangeStatus,
    MoveAppointment,
    Slot,
    Status,
)
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Change, new_id
from tests.office import DAY, ZONE, Office, at

NEXT = DAY + dt.timedelta(days=1)


class Desk:
    """A page and its keys, and another desk whose changes it hears of."""

    def __init__(self, office: Office, qtbot: QtBot, qapp: QApplication) -> None:
        self.office, self.qtbot = office, qtbot
        self.bugs: list[BaseException] = []
        self.background = Background(self.bugs.append)
        self.clinic = office.desk("renata", desk="mesa 1")
        self.other = office.desk("claudia", desk="mesa 2")
        area = QWidget()
        toasts = ToastArea(area)
        clock = DeskClock(at(8))
        self.page = AgendaPage(self.clinic, self.background, Undo(toasts), toasts, clock)
        self.keys = Shortcuts(qapp)
        self.pressed: list[str] = []
        commands: dict[str, Callable[[], object]] = {"past": self.page.open_past}
        for name in ("cancel", "check_in", "day.next"):
            commands[name] = lambda name=name: self.pressed.append(name)
        self.keys.bind(AGENDA, self.page, commands)
        for widget in (area, self.page):
            qtbot.addWidget(widget)
        self.page.resize(1280, 760)
        self.page.show()
        self.page.activateWindow()
        self.settle()
        qtbot.waitUntil(self.page.isActiveWindow)
        self.page.setFocus()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.page.content is not None and not self.background.busy, timeout=10_000)
        assert not self.bugs

    def hear(self, visit: Appointment) -> Appointment:
        self.page.apply_changes([Change("appointment", visit.id, visit.version)])
        self.settle()
        return visit

    def book(self, starts_at: dt.datetime) -> Appointment:
        sample = self.office.sample
        wish = BookAppointment(
            new_id(),
            sample.patients["ana"],
            sample.professionals["helena"],
            sample.services["visit"],
            Slot.lasting(starts_at, 30),
        )
        return self.hear(agenda.book(self.clinic, wish))

    def move(self, visit: Appointment, starts_at: dt.datetime) -> Appointment:
        slot = Slot.lasting(starts_at, visit.slot.minutes)
        wish = MoveAppointment(new_id(), visit.id, visit.version, visit.professional_id, slot)
        return self.hear(agenda.move(self.other, wish))

    def step(self, visit: Appointment, status: Status) -> Appointment:
        by = CancelledBy.PATIENT if status is Status.CANCELLED else None
        wish = ChangeStatus(new_id(), visit.id, visit.version, status, reason="viagem" if by else "", cancelled_by=by)
        return self.hear(agenda.change_status(self.other, wish))

    def open(self) -> PastPane:
        self.qtbot.keyClick(self.page.view, Qt.Key.Key_H)
        return self.pane

    @property
    def pane(self) -> PastPane:
        self.settle()
        pane = self.page.past
        assert pane is not None and pane.life is not None
        return pane

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        self.qtbot.keyClick(focus, key, modifier)

    def starts(self) -> dict[UUID, dt.datetime]:
        return {one.id: one.starts_at for one in self.pane.model.appointments()}


@pytest.fixture
def desk(office: Office, qtbot: QtBot, qapp: QApplication, dress: Callable[..., None]) -> Iterator[Desk]:
    dress(reduced_motion=True)
    made = Desk(office, qtbot, qapp)
    yield made
    made.background.close()


def lines(pane: PastPane) -> list[PastLine]:
    model = pane.changes.model
    return [model.data(model.index(row), Qt.ItemDataRole.UserRole + 1) for row in range(model.rowCount())]


def test_arrows_go_from_change_to_change_and_esc_back_to_now(desk: Desk) -> None:
    visit = desk.book(at(9))
    moved = desk.move(visit, at(10))
    desk.step(moved, Status.CANCELLED)
    pane = desk.open()
    assert QApplication.focusWidget() is pane.strip.slider
    assert [one.what for one in lines(pane)] == ["Cancelled · viagem", "Rescheduled from 09:00 to 10:00", "Booked"]
    assert lines(pane)[0].who == "Cláudia Meireles · mesa 2"
    assert [one.status for one in pane.model.appointments()] == [Status.CANCELLED]
    desk.key(Qt.Key.Key_Left)
    assert desk.starts() == {visit.id: at(10)}
    desk.key(Qt.Key.Key_Left)
    assert desk.starts() == {visit.id: at(9)}
    desk.key(Qt.Key.Key_Left)
    assert desk.starts() == {}
    desk.key(Qt.Key.Key_End)
    desk.key(Qt.Key.Key_Home)
    desk.key(Qt.Key.Key_Right)
    assert desk.starts() == {visit.id: at(9)}
    assert pane.changes.list.currentIndex().row() == 2
    desk.key(Qt.Key.Key_Escape)
    assert desk.page.past is None
    assert QApplication.focusWidget() is desk.page.view
    desk.settle()


def test_the_keys_of_the_agenda_rest_while_the_past_is_looked_at(desk: Desk) -> None:
    desk.page.select(desk.book(at(9)).id)
    pane = desk.open()
    for key in (Qt.Key.Key_C, Qt.Key.Key_Delete, Qt.Key.Key_PageDown):
        desk.key(key)
    assert desk.pressed == []
    pane.view.setFocus()
    desk.key(Qt.Key.Key_C)
    assert desk.pressed == []
    assert not pane.view.may_create()
    assert not any(pane.view.may_move(one) for one in pane.model.appointments())


def test_whoever_comes_back_to_the_page_finds_the_keyboard_in_the_past(desk: Desk) -> None:
    visit = desk.book(at(9))
    pane = desk.open()
    desk.page.header.setFocus()
    desk.page.setFocus()
    assert QApplication.focusWidget() is pane.strip.slider
    desk.page.show_visit(visit)
    desk.settle()
    assert desk.page.past is None
    desk.page.setFocus()
    assert QApplication.focusWidget() is desk.page.view


def test_page_keys_go_by_the_hour_and_shift_by_the_minute(desk: Desk) -> None:
    visit = desk.book(at(9))
    pane = desk.open()
    there = pane.at
    slider = pane.strip.slider
    slider.show_life(LifeScale([there - dt.timedelta(hours=1), there], there + dt.timedelta(hours=5)), ZONE, DAY)
    for key, modifier, moved in (
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, dt.timedelta(hours=1)),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, dt.timedelta(hours=1, minutes=1)),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, dt.timedelta(minutes=1)),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, -dt.timedelta(minutes=59)),
    ):
        desk.key(key, modifier)
        assert pane.at - there == moved
    assert visit.id not in desk.starts()


def test_a_tick_takes_the_thumb_and_a_line_of_the_list_goes_to_its_moment(desk: Desk) -> None:
    visit = desk.book(at(9))
    moved = desk.move(visit, at(10))
    pane = desk.open()
    slider = pane.strip.slider
    first = slider.scale.moments[0]
    near = QPoint(round(slider.x_of(first)) + 2, 22)
    desk.qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=near)
    assert pane.at == first and desk.starts() == {visit.id: at(9)}
    row = pane.changes.list.visualRect(pane.changes.model.index(0))
    desk.qtbot.mouseClick(pane.changes.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert desk.starts() == {moved.id: at(10)}
    pane.changes.list.setFocus()
    desk.key(Qt.Key.Key_Down)
    assert pane.at == first


def test_the_change_is_marked_and_leaves_a_ghost_where_the_visit_was(desk: Desk) -> None:
    visit = desk.book(at(9))
    moved = desk.move(visit, at(9, day=NEXT))
    pane = desk.open()
    assert pane.view._marked == {visit.id}
    assert [(one.id, one.starts_at) for one in pane.view._ghosts] == [(visit.id, at(9))]
    assert not pane.view.grab().isNull()
    desk.key(Qt.Key.Key_Left)
    assert pane.view._marked == {visit.id} and pane.view._ghosts == ()
    desk.qtbot.mouseClick(pane.strip.back, Qt.MouseButton.LeftButton)
    assert desk.page.past is None
    assert moved.id not in {one.id for one in desk.page.model.appointments()}


def test_what_other_desks_do_meanwhile_leaves_the_past_picture_alone(desk: Desk) -> None:
    visit = desk.book(at(9))
    pane = desk.open()
    desk.key(Qt.Key.Key_Left)
    desk.key(Qt.Key.Key_Right)
    stood = pane.at
    desk.move(visit, at(11))
    assert pane.at == stood and desk.starts() == {visit.id: at(9)}
    assert len(lines(pane)) == 2
    held = desk.page.model.appointment(visit.id)
    assert held is not None and held.starts_at == at(11)
    desk.key(Qt.Key.Key_Right)
    assert desk.starts() == {visit.id: at(11)}


def test_what_others_do_does_not_scroll_what_one_looks_at(desk: Desk) -> None:
    visit = desk.book(at(17))
    desk.page.resize(1280, 420)
    pane = desk.open()
    bar = pane.view.verticalScrollBar()
    assert bar.value() > 0
    bar.setValue(0)
    desk.move(visit, at(16))
    assert bar.value() == 0
    desk.key(Qt.Key.Key_Right)
    assert bar.value() > 0


def test_choosing_a_visit_keeps_to_its_changes(desk: Desk) -> None:
    first, second = desk.book(at(9)), desk.book(at(11))
    desk.move(second, at(12, 0, day=DAY) - dt.timedelta(minutes=30))
    pane = desk.open()
    assert len(lines(pane)) == 3
    area = pane.view.card_rect(first.id)
    assert area is not None
    desk.qtbot.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert {one.event.appointment_id for one in lines(pane)} == {first.id}
    desk.qtbot.mouseClick(pane.changes._all, Qt.MouseButton.LeftButton)
    assert len(lines(pane)) == 3


def test_it_plays_step_by_step_to_the_end(desk: Desk) -> None:
    visit = desk.book(at(9))
    desk.move(visit, at(10))
    pane = desk.open()
    pane.strip._playing.setInterval(1)
    desk.key(Qt.Key.Key_Home)
    desk.key(Qt.Key.Key_Space)
    assert pane.strip.is_playing
    desk.qtbot.waitUntil(lambda: not pane.strip.is_playing)
    assert pane.at == pane.strip.slider.scale.last
    assert desk.starts() == {visit.id: at(10)}


def test_a_line_of_a_visits_history_leads_to_its_moment(desk: Desk) -> None:
    visit = desk.book(at(9))
    desk.move(visit, at(9, day=NEXT))
    desk.page.show_day(NEXT)
    desk.settle()
    desk.page.select(visit.id)
    desk.settle()
    entries = desk.page.panel.findChildren(HistoryEntry)
    shown = [one for one in entries if one.isVisibleTo(desk.page)]
    assert [one.accessibleName().split(",")[0] for one in shown][-1] == "Booked"
    desk.qtbot.mouseClick(shown[-1], Qt.MouseButton.LeftButton)
    pane = desk.pane
    assert pane.day == DAY
    assert desk.starts() == {visit.id: at(9)}
    assert pane.view.scene.selected == visit.id
    assert {one.event.appointment_id for one in lines(pane)} == {visit.id}


def test_offline_what_was_read_can_still_be_looked_at(desk: Desk) -> None:
    visit = desk.book(at(9))
    desk.move(visit, at(10))
    pane = desk.open()
    desk.page.set_offline("No connection")
    assert pane._banner.isVisible()
    desk.key(Qt.Key.Key_Left)
    assert desk.starts() == {visit.id: at(9)}
    desk.page.set_offline("")
    desk.settle()
    assert not pane._banner.isVisible()


def test_days_can_be_turned_and_an_empty_one_says_so(desk: Desk) -> None:
    desk.book(at(9))
    pane = desk.open()
    pane.strip.day_stepped.emit(3)
    desk.settle()
    assert pane.day == DAY + dt.timedelta(days=3)
    assert pane.strip._moment.text() == "Nothing was ever booked on this day"
    desk.key(Qt.Key.Key_Left)
    desk.key(Qt.Key.Key_Space)
    assert not pane.strip.is_playing or pane.strip.slider.scale.moments == ()


def test_the_moment_is_told_to_who_hears_it_and_names_are_hidden_when_asked(desk: Desk) -> None:
    desk.book(at(9))
    pane = desk.open()
    iface = QAccessible.queryAccessibleInterface(pane.strip.slider)
    assert iface is not None and iface.role() is QAccessible.Role.Slider
    assert "Ana Conceição Álvares" in lines(pane)[0].spoken
    privacy.hide(True)
    try:
        assert "A. C. Á." in lines(pane)[0].spoken and "Ana" not in lines(pane)[0].spoken
        assert "Ana" not in pane.strip._moment.text()
    finally:
        privacy.hide(False)
