"""The agenda's page over a real clinic: columns, rooms, and which echoes count."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.agenda.cancelling import CancelPopover
from clinicdesk.desk.agenda.page import AgendaPage
from clinicdesk.desk.agenda.panel import AppointmentPanel
from clinicdesk.desk.agenda.unclosed_list import UnclosedList
from clinicdesk.desk.agenda.views_card import ViewsCard
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.domain.agenda import Slot, Status
from clinicdesk.domain.saved_views import Sieve, ViewSettings
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Change, Clinic
from tests.office import DAY, Office, at


class Bench:
    """A page by itself, with nothing that tells it of changes but the test."""

    def __init__(self, office: Office, qtbot: QtBot, login: str = "renata") -> None:
        self.office, self.qtbot = office, qtbot
        self.bugs: list[BaseException] = []
        self.background = Background(self.bugs.append)
        self.clinic: Clinic = office.desk(login)
        self.area = QWidget()
        self.toasts = ToastArea(self.area)
        self.clock = DeskClock(at(8))
        self.undo = Undo(self.toasts)
        self.page = AgendaPage(self.clinic, self.background, self.undo, self.toasts, self.clock)
        for widget in (self.area, self.page):
            qtbot.addWidget(widget)
        self.page.resize(1200, 700)
        self.page.show()
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.page.content is not None and not self.background.busy, timeout=10_000)
        assert not self.bugs

    def put(self, **changes: object) -> UUID:
        visit = self.office.book_row(self.office.admin(), **changes)
        self.hear(Change("appointment", visit, 1))
        return visit

    def hear(self, *changes: Change) -> None:
        self.page.apply_changes(changes)
        self.settle()

    def titles(self) -> list[str]:
        return [spec.title for spec in self.page.view.scene.specs]


@pytest.fixture
def bench(office: Office, qtbot: QtBot, dress: Callable[..., None]) -> Iterator[Bench]:
    dress(reduced_motion=True)
    made = Bench(office, qtbot)
    yield made
    made.background.close()


def test_a_day_shows_the_professionals_of_this_clinic_and_then_its_rooms(bench: Bench) -> None:
    bench.put()
    assert sorted(bench.titles()) == ["Dr. Caio Menezes", "Dra. Helena Prado"]
    bench.page.bar.grouping_chosen.emit("room")
    bench.settle()
    assert bench.titles() == ["room 1", "room 2"]
    counts = {spec.title: spec.count for spec in bench.page.view.scene.specs}
    assert counts == {"room 1": 1, "room 2": 0}


def test_machines_are_columns_too_and_a_drop_there_changes_the_machine(bench: Bench) -> None:
    laser = bench.office.sample.machines["laser"]
    visit = bench.put()
    bench.page.bar.grouping_chosen.emit("equipment")
    bench.settle()
    assert bench.titles() == ["laser"]
    held = bench.page.model.appointment(visit)
    assert held is not None
    spot = bench.page.board.place(held, laser, held.slot)
    assert (spot.professional_id, spot.equipment_id) == (held.professional_id, laser)
    assert bench.page.board.pointed(laser).equipment_id == laser


def test_the_month_and_the_list_show_the_same_visits(bench: Bench) -> None:
    page = bench.page
    visit = bench.put()
    page.show_mode("month")
    bench.settle()
    assert page.pictures.month.lines_of(DAY) == ((visit,), 0)
    assert page.loading.days == (DAY.replace(day=1) - dt.timedelta(days=4), dt.date(2035, 3, 31))
    page.pictures.month.day_opened.emit(DAY)
    bench.settle()
    assert (page.mode, page.day) == ("day", DAY)
    page.show_mode("list")
    bench.settle()
    page.pictures.list.selectRow(0)
    assert page.chosen is not None and page.chosen.id == visit
    page.command("check_in")
    bench.qtbot.waitUntil(lambda: page.chosen is not None and page.chosen.status is Status.CHECKED_IN, timeout=10_000)
    chosen = page.pictures.list.chosen
    assert chosen is not None and chosen.status is Status.CHECKED_IN


def test_a_filter_is_said_and_taken_away_with_one_press(bench: Bench) -> None:
    page = bench.page
    visit = bench.put()
    page.apply_settings(ViewSettings(sieve=Sieve(statuses=frozenset({Status.NO_SHOW}))))
    bench.settle()
    assert visit not in page.view.scene.shown and page.bar.filtered.isVisible()
    bench.qtbot.mouseClick(page.bar.filtered, Qt.MouseButton.LeftButton)
    bench.settle()
    page.view.arrange()
    assert visit in page.view.scene.shown and not page.bar.filtered.isVisible()


def test_hidden_names_are_hidden_in_card_panel_and_words(bench: Bench) -> None:
    page = bench.page
    visit = bench.put()
    page.select(visit)
    bench.settle()
    name = page.model.appointments()[0].patient_name
    page.toggle_names()
    try:
        texts = [label.text() for label in page.panel.findChildren(QLabel) if label.isVisible()]
        assert not any(name in text for text in texts)
        assert not any(word in "".join(texts) for word in ("+55", "9 0000"))
        assert page.bar.options.accessibleName() == "Names hidden"
    finally:
        page.toggle_names()


def test_the_heads_and_feet_follow_a_change(bench: Bench) -> None:
    visit = bench.put()
    specs = {spec.title: spec for spec in bench.page.view.scene.specs}
    helena = specs["Dra. Helena Prado"]
    assert helena.use is not None and helena.count == 1 and helena.use.booked > 0
    bench.page.select(visit)
    bench.clock.pin(at(20))
    bench.page.command("no_show")
    bench.qtbot.waitUntil(lambda: bench.page.view.scene.specs[0].use != helena.use, timeout=10_000)


def test_who_is_filtered_out_does_not_come_back_by_an_echo(bench: Bench) -> None:
    helena, caio = (bench.office.sample.professionals[name] for name in ("helena", "caio"))
    bench.page.bar.filter_changed.emit((helena,))
    bench.settle()
    bench.put(professional_id=caio)
    assert bench.titles() == ["Dra. Helena Prado"]
    assert not bench.page.model.appointments()


def test_an_older_version_changes_nothing(bench: Bench) -> None:
    visit = bench.put()
    held = bench.page.model.appointment(visit)
    assert held is not None
    newer = replace(held, version=held.version + 2, note="novo")
    bench.page.deeds.changed.emit(newer)
    elsewhere = {"starts_at": at(9, day=DAY.replace(day=9)), "ends_at": at(10, day=DAY.replace(day=9))}
    bench.page.deeds.changed.emit(replace(held, version=held.version + 1, **elsewhere))
    assert bench.page.model.appointment(visit) == newer


def test_a_visit_that_went_to_another_day_leaves(bench: Bench) -> None:
    visit = bench.put()
    tomorrow = DAY.replace(day=7)
    bench.office.admin().execute(
        "UPDATE clinicdesk.appointment SET starts_at = %s, ends_at = %s WHERE id = %s",
        [at(9, day=tomorrow), at(10, day=tomorrow), visit],
    )
    bench.hear(Change("appointment", visit, 2))
    assert bench.page.model.appointment(visit) is None


def test_a_visit_of_another_clinic_never_arrives(bench: Bench) -> None:
    sample = bench.office.sample
    foreign = {
        "clinic_id": sample.clinics["jacaranda"],
        "professional_id": sample.professionals["davi"],
        "room_id": None,
        "service_id": sample.services["visit b"],
    }
    visit = bench.put(**foreign)
    assert bench.page.model.appointment(visit) is None


def test_its_own_echo_asks_for_nothing(bench: Bench) -> None:
    visit = bench.put()
    bench.page.apply_changes([Change("appointment", visit, 1)])
    assert not bench.background.busy


def test_a_visit_of_a_day_that_is_not_on_show_is_not_asked_for(bench: Bench) -> None:
    bench.page.apply_changes([Change("appointment", uuid4(), 1, at(9, day=DAY.replace(day=9)))])
    assert not bench.background.busy
    bench.page.apply_changes([Change("appointment", uuid4(), 1, at(9))])
    assert bench.background.busy
    bench.settle()


def test_a_visit_on_show_that_goes_to_another_day_is_asked_for_and_leaves(bench: Bench) -> None:
    visit, tomorrow = bench.put(), DAY.replace(day=9)
    bench.office.admin().execute(
        "UPDATE clinicdesk.appointment SET starts_at = %s, ends_at = %s WHERE id = %s",
        [at(9, day=tomorrow), at(10, day=tomorrow), visit],
    )
    bench.hear(Change("appointment", visit, 2, at(9, day=tomorrow)))
    assert bench.page.model.appointment(visit) is None


def test_while_days_are_being_read_every_change_is_asked_for(bench: Bench) -> None:
    asked: list[Sequence[UUID]] = []
    bench.page.incoming.ask = asked.append  # type: ignore[method-assign]
    bench.page.loading.load()
    elsewhere = uuid4()
    bench.page.apply_changes([Change("appointment", elsewhere, 2, at(9, day=DAY.replace(day=9)))])
    assert asked == [[elsewhere]]
    bench.settle()


def test_a_day_read_before_a_booking_does_not_take_the_booking_away(bench: Bench) -> None:
    helena, caio = (bench.office.sample.professionals[name] for name in ("helena", "caio"))
    stale = agenda.days(bench.clinic, DAY, DAY, (helena, caio))
    news = bench.page.loading._news
    visit = bench.put()
    bench.page.loading._days_came(stale, DAY, DAY, news)
    assert bench.page.model.appointment(visit) is not None
    bench.settle()
    assert bench.page.model.appointment(visit) is not None


def test_offline_nothing_is_asked_for_and_that_is_said(bench: Bench) -> None:
    visit = bench.put()
    bench.page.select(visit)
    bench.page.set_offline("No connection")
    bench.page.command("confirm")
    bench.page.ask_block()
    assert not bench.background.busy or bench.toasts.toast is not None
    assert bench.toasts.toast is not None and bench.toasts.toast.accessibleName() == "No connection"
    assert not bench.page.view.may_create()
    bench.page.set_offline("")
    assert bench.page.view.may_create()


def test_a_visit_under_way_cannot_be_cancelled_and_that_is_said_at_once(bench: Bench) -> None:
    visit = bench.put()
    bench.page.select(visit)
    for step, status in (("check_in", Status.CHECKED_IN), ("start", Status.IN_PROGRESS)):
        bench.page.command(step)
        bench.qtbot.waitUntil(
            lambda status=status: bench.page.chosen is not None and bench.page.chosen.status is status, timeout=10_000
        )
    bench.toasts.dismiss()
    bench.page.command("cancel")
    assert bench.toasts.toast is not None
    assert not bench.page.findChildren(CancelPopover)


def test_a_longer_visit_is_told_by_its_end(bench: Bench) -> None:
    visit = bench.put()
    held = bench.page.model.appointment(visit)
    assert held is not None
    longer = Slot(held.starts_at, held.ends_at + dt.timedelta(minutes=15))
    bench.page.deeds.move(held, held.professional_id, longer, held.room_id)
    bench.qtbot.waitUntil(lambda: bench.toasts.toast is not None, timeout=10_000)
    local = longer.ends_at.astimezone(bench.clock.zone)
    assert bench.toasts.toast is not None
    assert bench.toasts.toast.accessibleName() == f"{held.patient_name}: now until {local:%H:%M}"


def test_the_keyboard_comes_back_from_the_month(bench: Bench) -> None:
    page = bench.page
    page.activateWindow()
    bench.qtbot.waitUntil(page.isActiveWindow)
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        page.open_calendar()
        days = QApplication.focusWidget()
        assert days is not None and page.idle.month.isAncestorOf(days)
        bench.qtbot.keyClick(days, key)
        assert QApplication.focusWidget() is page.view
    bench.settle()


def test_a_professional_is_offered_their_own_visits_only(
    office: Office, qtbot: QtBot, dress: Callable[..., None]
) -> None:
    dress(reduced_motion=True)
    bench = Bench(office, qtbot, "helena")
    own = bench.put()
    other = bench.put(
        professional_id=office.sample.professionals["caio"], starts_at=at(10), ends_at=at(10, 30), room_id=None
    )
    for visit, allowed in ((own, True), (other, False)):
        bench.page.select(visit)
        bench.settle()
        panel = bench.page.panel.content
        assert isinstance(panel, AppointmentPanel)
        assert panel.primary is not None
        assert panel.primary.isEnabled() is allowed
        assert bool(panel.primary.toolTip()) is not allowed
    bench.background.close()


def test_past_visits_are_closed_from_their_list_and_come_back(bench: Bench) -> None:
    page, qtbot = bench.page, bench.qtbot
    for hour in (9, 11):
        bench.put(starts_at=at(hour), ends_at=at(hour, 30))
    assert not page.bar.unclosed.isVisible()
    bench.clock.pin(at(20))
    page.closing.read()
    bench.settle()
    assert page.bar.unclosed.text() == "2 to close"
    page.select(page.model.appointments()[0].id)
    panel = page.panel.content
    assert isinstance(panel, AppointmentPanel) and panel.primary is not None and panel.primary.text() == "Complete"
    page.select(None)
    qtbot.mouseClick(page.bar.unclosed, Qt.MouseButton.LeftButton)
    bench.settle()
    (waiting,) = page.window().findChildren(UnclosedList)
    assert waiting.list.chosen is not None
    qtbot.keyClick(waiting.list, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(waiting.list.all_chosen) == 2
    qtbot.keyClick(waiting.list, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: bench.toasts.toast is not None, timeout=10_000)
    bench.settle()
    assert bench.toasts.toast is not None and bench.toasts.toast.accessibleName() == "2 visits completed"
    assert {one.status for one in page.model.appointments()} == {Status.COMPLETED}
    assert not page.bar.unclosed.isVisible()
    bench.undo.undo()
    qtbot.waitUntil(lambda: page.bar.unclosed.isVisible(), timeout=10_000)
    assert {one.status for one in page.model.appointments()} == {Status.PENDING}
    waiting.dismiss()


def test_nobody_is_missing_before_their_time_and_that_is_said(bench: Bench) -> None:
    visit = bench.put()
    bench.page.select(visit)
    bench.page.command("no_show")
    bench.qtbot.waitUntil(lambda: bench.toasts.toast is not None, timeout=10_000)
    assert bench.toasts.toast is not None and "once its time has come" in bench.toasts.toast.accessibleName()


def test_a_view_is_kept_shown_by_its_key_renamed_and_deleted_with_a_way_back(bench: Bench) -> None:
    page, qtbot = bench.page, bench.qtbot
    page.bar.grouping_chosen.emit("room")
    bench.settle()
    qtbot.mouseClick(page.bar.views, Qt.MouseButton.LeftButton)
    (card,) = page.window().findChildren(ViewsCard)
    card.name.setText("Salas")
    qtbot.keyClick(card.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.views.kept) == 1, timeout=10_000)
    assert page.views.current_name == "Salas" and page.bar.views.accessibleName() == "Salas"
    card.dismiss()
    page.apply_settings(ViewSettings())
    bench.settle()
    assert page.views.current_name == ""
    page.views.show(1)
    bench.settle()
    assert bench.titles() == ["room 1", "room 2"]
    page.views.show(5)
    assert bench.toasts.toast is not None and "Alt+5" in bench.toasts.toast.accessibleName()
    kept = page.views.kept
    page.views._drop(kept[0])
    qtbot.waitUntil(lambda: not page.views.kept, timeout=10_000)
    bench.undo.undo()
    qtbot.waitUntil(lambda: page.views.kept == kept, timeout=10_000)
    bench.undo.redo()
    qtbot.waitUntil(lambda: not page.views.kept, timeout=10_000)
    bench.settle()


def test_words_narrow_the_list_and_f3_goes_there(bench: Bench) -> None:
    page = bench.page
    bench.put()
    assert not page.look.focus_find()
    page.show_mode("list")
    bench.settle()
    assert page.look.focus_find() and QApplication.focusWidget() is page.bar.words
    bench.qtbot.keyClicks(page.bar.words, "zzz")
    assert page.pictures.list.rows.rowCount() == 0
    page.bar.words.clear()
    assert page.pictures.list.rows.rowCount() == 1


def test_a_room_that_was_pointed_at_is_told_to_the_booking(bench: Bench) -> None:
    room = bench.office.sample.rooms["room 2"]
    bench.page.bar.grouping_chosen.emit("room")
    bench.settle()
    with bench.qtbot.waitSignal(bench.page.book_requested) as asked:
        bench.page._create_wanted(room, at(9), at(9, 30), QRect())
    assert asked.args[1].room_id == room and asked.args[1].professional_id is None
