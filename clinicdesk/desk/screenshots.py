"""Pictures of the real application with the demo's data: every screen and main dialog, named after itself."""

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from clinicdesk.desk.agenda.scope import ScopePopover
from clinicdesk.desk.application import Application, Wish
from clinicdesk.desk.first_run_scenes import first_run_scenes
from clinicdesk.desk.inbox_scenes import inbox_scenes
from clinicdesk.desk.places import (
    AGENDA_PLACE,
    INBOX_PLACE,
    PATIENTS_PLACE,
    QUEUE_PLACE,
    RECALLS_PLACE,
    SETTINGS_PLACE,
)
from clinicdesk.desk.preferences.bound import ChoiceBound
from clinicdesk.desk.preferences.people_section import PeopleSection
from clinicdesk.desk.preferences.section import FormSection
from clinicdesk.desk.shortcuts import ANYWHERE
from clinicdesk.desk.sign_in_scenes import lock_scenes, sign_in_scenes
from clinicdesk.desk.workspace import Workspace
from clinicdesk.domain.agenda import Slot, Status
from clinicdesk.domain.drafts import NEW, Draft
from clinicdesk.domain.messages import MessageState, Provider
from clinicdesk.domain.queue import QueueView
from clinicdesk.domain.saved_views import ColumnsBy, Mode, ViewSettings
from clinicdesk.domain.series_edit import Scope
from clinicdesk.domain.visits import place_of
from clinicdesk.usecases.clinic import Link

PICTURED_AT = "2026-11-24T10:18:00-03:00"  # a Tuesday, half done
OWNER = "claudia"
MANAGER = "paula"  # who may change the settings of the demo clinic
_PATIENCE = 90_000
_QUIET = 350  # longer than any movement, and than the wait before a skeleton


class Studio:
    """Walks the application and keeps a picture of each place."""

    def __init__(self, application: Application, folder: Path, *, asked: bool) -> None:
        self._application = application
        self._asked = asked  # whether a moment was asked for
        self._folder = folder
        self.taken: list[Path] = []

    def walk(self) -> None:
        """Every screen, in the order a person meets them."""
        self._until(lambda: self._application.demo is not None, "the demo clinic")
        if not self._asked and self._application.demo:
            # A demo that was made on another day has another day that is half done.
            self._application.clock.pin(self._application.demo.moment)
        for name in first_run_scenes(self._application, self._settle):
            self.take(name)
        self.take("sign-in")
        for name in sign_in_scenes(self._application, self._settle):
            self.take(name)
        self._application.window.sign_in_page.tiles.select(self._reception())
        self._until(lambda: self._application.window.workspace is not None, "the sign-in")
        workspace = self._application.window.workspace
        assert workspace is not None
        self._until(lambda: workspace.agenda.content is not None, "the agenda")
        for name in lock_scenes(self._application):
            self.take(name)
        for name in self._scenes(workspace):
            self.take(name)
        self._application.window.leave()
        self._application.window.sign_in_page.tiles.select(MANAGER)
        self._until(lambda: self._application.window.workspace is not None, "the manager's sign-in")
        for name in self._settings_scenes():
            self.take(name)
        self._application.window.leave()
        self._application.window.sign_in_page.tiles.select(OWNER)
        self._until(lambda: self._application.window.workspace is not None, "the owner's sign-in")
        for name in self._team_scenes():
            self.take(name)

    def take(self, name: str, of: QWidget | None = None) -> None:
        """Keep a picture of the window, or of another one, as it is when nothing moves any more."""
        if of is None:
            self._application.window.activateWindow()
        self._settle()
        path = self._folder / f"{name}.png"
        if not (of or self._application.window).grab().save(str(path)):
            raise OSError(f"{path} could not be written")
        self.taken.append(path)

    def _settings_scenes(self) -> Iterator[str]:
        """Every page of the settings, as somebody sees them who may change them."""
        workspace = self._application.window.workspace
        assert workspace is not None
        workspace.show_place(SETTINGS_PLACE)
        page = workspace.settings
        for key in page.navigation.items:
            page.open_place(key)
            self._settle()
            yield f"settings-{key}"
        self._type(page.navigation.box, "cancel")
        yield "settings-search"
        page.navigation.box.clear()
        channels = page.open_place("channels")
        if isinstance(channels, FormSection):
            channels.begin_new()
            provider = channels.editor.bounds["provider"] if channels.editor is not None else None
            assert isinstance(provider, ChoiceBound)
            provider.select.set_value(Provider.ZAPI)
            provider.select.activated.emit(0)
            channels.save()
            yield "settings-channel-new"
            assert channels.editor is not None
            channels.editor.discard()
        hours = page.open_place("hours")
        self._settle()
        if isinstance(hours, FormSection) and len(hours.kept) > 1 and hours.editor is not None:
            hours.open_row(hours.kept[1].id)
            hours.editor.focus_field("days")
            yield "settings-hours-professional"

    def _team_scenes(self) -> Iterator[str]:
        """Who may what, as an owner decides it."""
        workspace = self._application.window.workspace
        assert workspace is not None
        workspace.show_place(SETTINGS_PLACE)
        page = workspace.settings
        people = page.open_place("people")
        assert isinstance(people, PeopleSection)
        for login, name in (("lucas", "team-person"), ("beatriz", "team-invited")):
            self._until(lambda: bool(people.team.members), "the people")
            people.open_row(next(one.person.id for one in people.team.members.values() if one.person.login == login))
            yield name
        people.give_code()
        yield "team-new-code"
        self._dismiss(workspace)
        people.begin_new()
        assert people.editor is not None
        name_line = people.editor.bounds["name"].widget.findChild(QLineEdit)
        assert name_line is not None
        self._type(name_line, "Ana Clara de Albuquerque Fontoura")
        yield "team-new-person"
        people.editor.discard()
        page.open_place("profiles")
        yield "team-profile"
        page.open_place("sessions")
        yield "team-sessions"

    def _reception(self) -> str:
        demo = self._application.demo
        assert demo is not None
        return demo.people[0].login

    def _scenes(self, workspace: Workspace) -> Iterator[str]:
        agenda = workspace.agenda
        yield "agenda-day"
        chosen = next((one for one in agenda.model.appointments() if one.status is Status.CONFIRMED), None)
        if chosen is not None:
            agenda.select(chosen.id)
            self._settle()
            yield "agenda-appointment"
            agenda.command("cancel")
            yield "agenda-cancel"
            self._dismiss(workspace)
            agenda.command("reschedule")
            yield "agenda-reschedule"
            self._dismiss(workspace)
            agenda.select(None)
        agenda.open_past()
        yield "agenda-past"
        agenda.close_past()
        workspace.book()
        self._settle()
        yield "booking"
        assert workspace.editor is not None
        self._type(workspace.editor.picker.box, "maria")
        yield "booking-search"
        workspace.editor.picker.clear()
        workspace.editor.picker.new_wanted.emit("Conceição Alencar")
        yield "booking-new-patient"
        workspace.editor.dismiss()
        yield from self._together(workspace)
        yield from self._waiting(workspace)
        agenda.ask_block()
        yield "agenda-block"
        self._dismiss(workspace)
        agenda.show_mode("week")
        yield "agenda-week"
        agenda.show_mode("day")
        agenda.bar.grouping_chosen.emit("room")
        yield "agenda-rooms"
        agenda.bar.grouping_chosen.emit("professional")
        yield from self._views(workspace)
        agenda.show_day(agenda.day + dt.timedelta(days=5))
        yield "agenda-closed-day"
        agenda.go_today()
        agenda.ask_print()
        self._settle()
        self._settle()
        yield "print-preview"
        self._dismiss(workspace)
        next(run for key, run in self._application.shortcuts.offered(ANYWHERE) if key.command == "help")()
        yield "keyboard"
        self._dismiss(workspace)
        yield from self._pinboard(workspace)
        yield from self._palette(workspace)
        yield from self._front_desk(workspace)
        if workspace.inbox is not None:
            workspace.show_place(INBOX_PLACE)
            yield from inbox_scenes(workspace.inbox.page, self._settle)
        yield from self._patients(workspace)
        yield from self._without_the_server(workspace)

    def _without_the_server(self, workspace: Workspace) -> Iterator[str]:
        """The server out of reach, as the link tells it: the banner, a booking that waits, the paper kit, a draft."""
        clinic = workspace.signed_in.clinic
        self._until(lambda: clinic.snapshot is not None, "what is kept")
        workspace.show_place(AGENDA_PLACE)
        workspace.connection.link_moved(Link.UNREACHABLE)
        yield "offline"
        workspace.show_place(PATIENTS_PLACE)
        yield "offline-patients"
        workspace.show_place(AGENDA_PLACE)
        workspace.book()
        assert workspace.editor is not None
        workspace.editor.picker.new_wanted.emit("Conceição Alencar")
        yield "offline-booking"
        workspace.drafts.keep_now()
        typed = workspace.editor.typed().as_draft(self._application.clock.zone)
        workspace.editor.dismiss()
        workspace.print_kit()
        self._settle()
        yield "offline-paper-kit"
        self._dismiss(workspace)
        workspace.connection.link_moved(Link.CONNECTED)
        moment = self._application.clock.now()
        workspace.draft_strip.show_drafts([Draft("booking", NEW, clinic.id, typed.about, moment, typed.values)])
        yield "drafts-offered"
        workspace.draft_strip.show_drafts([])

    def _pinboard(self, workspace: Workspace) -> Iterator[str]:
        """Two visits put aside, and one of them in hand."""
        agenda = workspace.agenda
        later = [one for one in agenda.model.appointments() if one.status is Status.PENDING]
        for one in later[:2]:
            agenda.carrying.pin(one)
            self._settle()
        yield "agenda-pinboard"
        agenda.carrying.paste()
        yield "agenda-carrying"
        self._press(agenda.view, Qt.Key.Key_Escape)
        for one in later[:2]:
            agenda.carrying.unpin(one)
            self._settle()
        workspace.toasts.dismiss()

    def _views(self, workspace: Workspace) -> Iterator[str]:
        agenda = workspace.agenda
        agenda.apply_settings(ViewSettings(columns_by=ColumnsBy.EQUIPMENT, grid_minutes=15))
        yield "agenda-equipment"
        agenda.apply_settings(ViewSettings(mode=Mode.MONTH))
        yield "agenda-month"
        agenda.apply_settings(ViewSettings(mode=Mode.LIST))
        self._settle()
        agenda.pictures.list.selectRow(0)
        yield "agenda-list"
        agenda.bar.words.setText("xyz")
        yield "agenda-list-empty"
        agenda.bar.words.clear()
        agenda.apply_settings(ViewSettings())
        agenda.toggle_names()
        yield "agenda-names-hidden"
        agenda.toggle_names()
        workspace.toasts.dismiss()
        agenda.select(None)
        for name, opens in (("display", agenda.bar.options), ("people", agenda.bar.people)):
            opens.click()
            yield f"agenda-{name}"
            self._dismiss(workspace)
        agenda.look.open_views()
        yield "agenda-views"
        self._dismiss(workspace)
        agenda.open_unclosed()
        yield "agenda-unclosed"
        self._dismiss(workspace)

    def _together(self, workspace: Workspace) -> Iterator[str]:
        """Series, and several services in one coming."""
        agenda = workspace.agenda
        visits = agenda.model.appointments()
        session = max((one for one in visits if one.series_id), key=lambda one: one.starts_at, default=None)
        if session is not None:
            agenda.select(session.id)
            self._settle()
            agenda.openings.show_tab("series")
            yield "agenda-series"
            slot = Slot(session.starts_at - dt.timedelta(hours=2), session.ends_at - dt.timedelta(hours=2))
            agenda.linked.move(session, replace(place_of(session), slot=slot))
            yield "agenda-series-asked"
            popover = next(one for one in workspace.window().findChildren(ScopePopover) if one.isVisible())
            popover.decided.emit(Scope.FOLLOWING)
            popover.dismiss()
            yield "agenda-series-conflicts"
            self._dismiss(workspace)
        several = next((one for one in visits if one.visit_id), None)
        if several is not None:
            agenda.select(several.id)
            yield "agenda-visit"
        agenda.select(None)
        workspace.book()
        self._settle()
        assert workspace.editor is not None
        workspace.editor.together.add_repeat.click()
        yield "booking-repeat"
        workspace.editor.together.repeat.close_button.click()
        workspace.editor.together.add_service.click()
        yield "booking-services"
        workspace.editor.together.clear()
        workspace.editor.dismiss()

    def _palette(self, workspace: Workspace) -> Iterator[str]:
        workspace.search()
        palette = workspace.finder
        self._settle()
        yield "palette"
        self._type(palette.line, "ana pau")
        self._settle()
        yield "palette-people"
        self._put(palette.line, "ana paula botox quinta 15h helena")
        yield "palette-which-one"
        visits = workspace.agenda.model.appointments()
        helena = workspace.agenda.board.shown[0]  # who has room left this week
        visit = max((one for one in visits if one.professional_id == helena), key=lambda one: one.starts_at)
        local = visit.starts_at.astimezone(self._application.clock.zone)
        self._put(
            palette.line,
            f"rosana prado 11 98888-7777 hoje {local:%Hh%M} {visit.service_name} {visit.professional_name}",
        )
        yield "palette-taken"
        self._put(palette.line, f"rosana prado 11 98888-7777 {visit.service_name} {visit.professional_name}")
        yield "palette-free-times"
        others = palette.draft.offer.others if palette.draft and palette.draft.offer else ()
        free = others[0].slot if others else visit.slot
        local = free.starts_at.astimezone(self._application.clock.zone)
        self._put(
            palette.line,
            f"rosana prado 11 98888-7777 {visit.service_name} {visit.professional_name} {local:%d/%m} {local:%Hh%M}",
        )
        yield "palette-ready"
        palette.line.clear()
        self._dismiss(workspace)

    def _front_desk(self, workspace: Workspace) -> Iterator[str]:
        """Arrivals, calls and recalls."""
        visits = workspace.agenda.model.appointments()
        workspace.arrivals.ask(workspace)
        yield "arrival-code"
        self._dismiss(workspace)
        workspace.show_slip(next(one for one in visits if one.status is Status.CONFIRMED))
        self._settle()
        yield "check-in-slip"
        self._dismiss(workspace)
        workspace.ask_recall(next(one for one in visits if one.status is Status.COMPLETED))
        yield "recall-new"
        self._dismiss(workspace)
        workspace.call_screen.open()
        screen = workspace.call_screen.screen
        assert screen is not None
        screen.resize(self._application.window.size())
        self.take("call-screen", screen)
        workspace.call_screen.close()
        workspace.show_place(RECALLS_PLACE)
        yield "recalls"
        yield from self._queue(workspace)

    def _queue(self, workspace: Workspace) -> Iterator[str]:
        """What waits to be sent: what needs somebody, one that failed, one nobody knows of, and what is to go out."""
        workspace.show_place(QUEUE_PLACE)
        page = workspace.queue
        self._until(lambda: bool(page.model.messages), "the queue")
        yield "queue"
        for state, name in ((MessageState.FAILED, "queue-failed"), (MessageState.UNKNOWN, "queue-unknown")):
            found = next((one for one in page.model.messages if one.state is state), None)
            if found is not None:
                page.list.choose(found.id, 0)
                yield name
        page.list.let_go()
        page.show_view(QueueView.AHEAD)
        yield "queue-ahead"

    def _waiting(self, workspace: Workspace) -> Iterator[str]:
        """The waiting list: an offer, a free place and who would like it, the form, and the whole list."""
        agenda = workspace.agenda
        agenda.show_mode("week")
        self._settle()
        asked = {one.entry_id for one in agenda.waiting_list.offers}
        standing = next((row for row in agenda.idle.waiting.rows if row.entry.id in asked), None)
        if standing is not None:
            standing.opened.emit()
            yield "waiting-offered"
            agenda.waiting_list.close_place()
        rows = [row for row in agenda.idle.waiting.rows if not row.button.isHidden() and row.entry.id not in asked]
        offered = next(iter(rows), None)
        if offered is not None:
            agenda.waiting_list.offer(offered.entry)
            yield "waiting-offer"
            agenda.waiting_list.stop_offering()
        agenda.show_mode("day")
        self._settle()
        helena = agenda.board.shown[0]
        moment = self._application.clock.now().replace(hour=16, minute=15, second=0, microsecond=0)
        agenda.waiting_list.point_at(helena, moment)
        yield "waiting-place"
        agenda.waiting_list.close_place()
        agenda.waiting_list.ask_new()
        yield "waiting-form"
        self._dismiss(workspace)
        agenda.waiting_list.open_list()
        yield "waiting-list"
        self._dismiss(workspace)

    def _patients(self, workspace: Workspace) -> Iterator[str]:
        workspace.show_place(PATIENTS_PLACE)
        yield "patients"
        self._type(workspace.patients.finder.box, "ana pau")
        self._settle()
        yield "patients-search"
        workspace.patients.finder.box.clear()
        yield from self._segments(workspace)
        yield from self._upkeep(workspace)
        with_visits = max(workspace.agenda.model.appointments(), key=lambda one: one.alert)
        workspace.patients.show_patient(with_visits.patient_id)
        self._settle()
        yield "patient"
        workspace.patients.profile.head.tag.click()
        self._settle()
        yield "patient-tags"
        self._dismiss(workspace)
        workspace.patients.profile.consents.change.click()
        yield "patient-consents"
        self._dismiss(workspace)
        for key in ("register", "visits"):
            workspace.patients.profile.tabs.set_current(key)
            workspace.patients.profile.tabs.chosen.emit(key)
            self._settle()
            yield f"patient-{key}"
        workspace.patients.edit()
        yield "patient-edit"
        self._dismiss(workspace)
        workspace.patients.new_patient()
        yield "patient-new"
        self._dismiss(workspace)
        merging = workspace.patients.upkeep.merging
        merging.open()
        self._settle()
        yield "patients-duplicates"

    def _put(self, line: QLineEdit, words: str) -> None:
        """Type something else instead of what stands there."""
        line.clear()
        self._type(line, words)
        self._settle()

    def _segments(self, workspace: Workspace) -> Iterator[str]:
        bar, segmenting = workspace.patients.finder.segments, workspace.patients.segmenting
        bar.kept.click()
        self._settle()
        yield "patients-segments"
        segmenting.menu.list.setCurrentIndex(segmenting.menu.model.index(segmenting.menu.model.rowCount() - 1, 0))
        segmenting.menu.edit.click()
        self._settle()
        yield "patients-segment"
        self._dismiss(workspace)

    def _upkeep(self, workspace: Workspace) -> Iterator[str]:
        upkeep, finder = workspace.patients.upkeep, workspace.patients.finder
        upkeep.merging.open()
        self._settle()
        yield "patients-duplicates"
        upkeep.merging.view.back.click()
        finder.selecting.choose_all([one.id for one in finder.model.matches()])
        self._settle()
        yield "patients-selected"
        upkeep.bulking.open(finder.selecting.ids)
        self._settle()
        yield "patients-change-many"
        self._dismiss(workspace)
        finder.selecting.clear()

    def _type(self, field: QWidget, words: str) -> None:
        """Type as a keyboard does; letter by letter, because that is what searches."""
        field.setFocus()
        for letter in words:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(field, event)

    def _press(self, target: QWidget, key: Qt.Key) -> None:
        """Press one key, as a person who has this in front of them."""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))

    def _dismiss(self, workspace: Workspace) -> None:
        from clinicdesk.desk.widgets.overlay import Overlay

        for overlay in workspace.window().findChildren(Overlay):
            if overlay.isVisible():
                overlay.dismiss()

    def _until(self, ready: Callable[[], bool], what: str) -> None:
        loop = QEventLoop()
        watch = QTimer(interval=20)
        watch.timeout.connect(lambda: loop.quit() if ready() else None)
        watch.start()
        QTimer.singleShot(_PATIENCE, lambda: loop.exit(1))
        if loop.exec():
            raise TimeoutError(f"{what} did not come")

    def _settle(self) -> None:
        """Wait until nothing is under way and nothing moves."""
        self._until(lambda: not self._application.background.busy, "an answer")
        if self._application.bugs:
            raise self._application.bugs[0]
        loop = QEventLoop()
        QTimer.singleShot(_QUIET, loop.quit)
        loop.exec()
        self._until(lambda: not self._application.background.busy, "an answer")


def run(
    data_dir: Path, folder: Path, *, size: tuple[int, int], theme: str, language: str, now: dt.datetime | None
) -> int:
    """Write the pictures into `folder` and give 0; works with no display."""
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    qt = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(qt, QApplication)
    folder.mkdir(parents=True, exist_ok=True)
    moment = now or dt.datetime.fromisoformat(PICTURED_AT)
    application = Application(qt, Wish(data_dir, demo=True, now=moment, language=language, theme=theme))
    application.catch_bugs()
    application.window.resize(QSize(*size))
    application.window.show()
    application.window.activateWindow()
    application.open()
    try:
        Studio(application, folder, asked=now is not None).walk()
    finally:
        application.close()
    return 0
