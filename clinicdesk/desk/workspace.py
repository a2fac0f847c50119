"""A signed-in person's desk: the rail, the pages, and what they have in common."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinicdesk.desk import allowed, desk_entries
from clinicdesk.desk.agenda.board import DAY, LIST, MONTH, WEEK, Spot
from clinicdesk.desk.agenda.booking import Booking
from clinicdesk.desk.agenda.booking_draft import booking_typed
from clinicdesk.desk.agenda.editor import BookingEditor
from clinicdesk.desk.agenda.page import AgendaPage
from clinicdesk.desk.agenda.rescheduling import ReschedulePopover
from clinicdesk.desk.agenda.waiting.form import Beginning
from clinicdesk.desk.arrivals import Arrivals
from clinicdesk.desk.background import Background
from clinicdesk.desk.call_screen.opening import CallScreenOpening
from clinicdesk.desk.calls import Calls
from clinicdesk.desk.change_feed import ChangeFeed
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.connection import Connection
from clinicdesk.desk.desk_entries import COMMANDS_ON_A_VISIT, DeskEntries
from clinicdesk.desk.draft_strip import DraftStrip
from clinicdesk.desk.drafts import Drafts, Typed
from clinicdesk.desk.messages import opening as inbox_opening
from clinicdesk.desk.messages.opening import InboxOpening
from clinicdesk.desk.outgrown import Outgrown
from clinicdesk.desk.palette.entries import Entries
from clinicdesk.desk.palette.palette import Palette
from clinicdesk.desk.patients.page import PatientsPage
from clinicdesk.desk.person_menu import person_menu
from clinicdesk.desk.places import (
    AGENDA_PLACE,
    INBOX_PLACE,
    PATIENTS_PLACE,
    QUEUE_PLACE,
    RECALLS_PLACE,
    SETTINGS_PLACE,
)
from clinicdesk.desk.preferences.computer import Computer
from clinicdesk.desk.preferences.page import SettingsPage
from clinicdesk.desk.printing import PrintPreview
from clinicdesk.desk.queue.alert import QueueAlert
from clinicdesk.desk.queue.page import QueuePage
from clinicdesk.desk.recalls.adding import RecallPopover
from clinicdesk.desk.recalls.page import RecallsPage
from clinicdesk.desk.scanner import Scanner
from clinicdesk.desk.session_watch import SessionWatch
from clinicdesk.desk.shortcut_sheet import ShortcutSheet
from clinicdesk.desk.shortcuts import (
    AGENDA,
    ANYWHERE,
    INBOX,
    PAST,
    PATIENTS,
    QUEUE,
    RECALLS,
    SETTINGS,
    Shortcuts,
    key_for,
)
from clinicdesk.desk.slip import SlipPopover
from clinicdesk.desk.theme import current
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.rail import Place, Rail
from clinicdesk.desk.widgets.status_pill import StatusPill
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import Appointment, Slot
from clinicdesk.domain.drafts import Draft
from clinicdesk.domain.patients import PatientMatch
from clinicdesk.domain.recall import Outcome, Recall
from clinicdesk.domain.staff import Capability
from clinicdesk.errors import ClinicError, ClockApart
from clinicdesk.settings import Settings
from clinicdesk.usecases import agenda as agenda_usecases
from clinicdesk.usecases import check_in, printing
from clinicdesk.usecases.clinic import Change, Link
from clinicdesk.usecases.staff import SignedIn
from clinicdesk.words import _, pgettext


class Workspace(QWidget):
    """Everything between sign-in and sign-out. `left` asks for the sign-in, `lock_wanted` for the lock.

    `unit_chosen` asks for another clinic; `session_ended` says that an owner has ended this sign-in.
    """

    left = Signal()
    lock_wanted = Signal()
    session_ended = Signal()
    shut_out = Signal()  # the server takes this computer's certificate no more
    password_wanted = Signal()
    theme_chosen = Signal(str)
    settings_chosen = Signal(object)  # Settings
    unit_chosen = Signal(object)  # the clinic's id

    def __init__(
        self,
        signed_in: SignedIn,
        background: Background,
        clock: DeskClock,
        shortcuts: Shortcuts,
        preferences: Callable[[], Settings] = Settings,
        computer: Computer | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._signed_in = signed_in
        self._clinic = signed_in.clinic
        allowed.hold(self._clinic.person.rights)
        self._background = background
        background.unanswered.watched = True
        self._clock = clock
        facts = next(one for one in signed_in.clinics if one.id == self._clinic.id)
        clock.set_zone(ZoneInfo(facts.zone))
        self.rail = Rail(
            [
                Place(AGENDA_PLACE, "calendar-days", _("Agenda"), "Ctrl 1"),
                Place(PATIENTS_PLACE, "users", _("Patients"), "Ctrl 2"),
                Place(RECALLS_PLACE, "repeat", _("Recalls"), "Ctrl 3"),
                *inbox_opening.places(self._clinic.person.role),
            ],
            Place(SETTINGS_PLACE, "settings", pgettext("place", "Settings"), key_for(ANYWHERE, "settings")),
        )
        self.rail.set_person(self._clinic.person.name, self._clinic.person.hue)
        self.pages = QStackedWidget()
        self.toasts = ToastArea(self.pages)
        self.undo = Undo(self.toasts, self)
        self.pill = StatusPill(parent=self)
        self.drafts = Drafts(signed_in, background, clock, self)
        self.draft_strip = DraftStrip(clock, self)
        self.agenda = AgendaPage(self._clinic, background, self.undo, self.toasts, clock)
        self.patients = PatientsPage(self._clinic, background, self.toasts, clock, self.undo)
        self.settings = SettingsPage(self._clinic, background, self.undo, self.toasts, clock, preferences, computer)
        offline = self.agenda.refuse_offline
        self.recalls = RecallsPage(self._clinic, background, self.undo, self.toasts, clock, offline)
        self._recalled: Recall | None = None  # whom the booking under way is to answer
        self.queue = QueuePage(self._clinic, background, self.undo, self.toasts, clock, offline)
        for page in (self.agenda, self.patients, self.recalls, self.settings, self.queue):
            self.pages.addWidget(page)
        self.inbox = self._open_inbox(background, clock)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.draft_strip)
        beside.addWidget(self.pages, 1)
        row.addLayout(beside, 1)
        self.editor: BookingEditor | None = None
        self.arrivals = Arrivals(self.agenda.deeds, self.toasts, clock, self.agenda.refuse_offline, self)
        self.scanner = Scanner(shortcuts, self)
        self.calls = Calls(self._clinic, background, self.toasts, clock, self.agenda.refuse_offline, self)
        self.call_screen = CallScreenOpening(facts.name, self.calls, clock, self)
        self.entries = Entries()
        self.finder = Palette(self.pages, self._clinic, background, self.agenda.deeds, clock, self.entries)
        self.connection = Connection(signed_in, background, clock, self.agenda.on_show, self)
        self.session = SessionWatch(self._clinic, background, self)
        self.feed = ChangeFeed(self._clinic, self)
        self.outgrown = Outgrown(self._clinic, background, self.drafts.keep_now, self)
        headers = [page.header for page in (self.agenda, self.patients, self.recalls, self.settings)]
        if self.inbox is not None:
            headers.append(self.inbox.page.header)
        self.queue_alert = QueueAlert(self._clinic, background, clock, headers, self)
        self._connect()
        self._bind(shortcuts)
        self._offer_entries(shortcuts)
        self._offer_drafts()
        self.calls.reload()
        self.show_place(AGENDA_PLACE)

    def _open_inbox(self, background: Background, clock: DeskClock) -> InboxOpening | None:
        """The conversations, for whoever may read them."""
        if not inbox_opening.reads_messages(self._clinic.person.role):
            return None
        doors = inbox_opening.Doors(
            self.show_place,
            self.reschedule,
            self._show_visit,
            self._book_for,
            self._open_patient_of,
            self.search,
            self.rail.set_badge,
            self.agenda.refuse_offline,
            self.patients.forms.register_who,
        )
        inbox = InboxOpening(self._clinic, background, self.undo, self.toasts, clock, doors, self)
        self.pages.addWidget(inbox.page)
        return inbox

    # --- places ---

    def show_place(self, place: str) -> None:
        """Go to a place of the rail."""
        self.rail.set_current(INBOX_PLACE if place == QUEUE_PLACE else place)
        if place == AGENDA_PLACE:
            self.pages.setCurrentWidget(self.agenda)
            self.agenda.setFocus()
        elif place == SETTINGS_PLACE:
            self.pages.setCurrentWidget(self.settings)
            self.settings.focus_search()
        elif place == RECALLS_PLACE:
            self.pages.setCurrentWidget(self.recalls)
            self.recalls.list.setFocus()
        elif place == QUEUE_PLACE:
            self.pages.setCurrentWidget(self.queue)
            self.queue.list.setFocus()
        elif place == INBOX_PLACE and self.inbox is not None:
            self.pages.setCurrentWidget(self.inbox.page)
            self.inbox.page.list.setFocus()
        else:
            self.pages.setCurrentWidget(self.patients)
            self.patients.focus_search()
        self._place_pill()

    @property
    def signed_in(self) -> SignedIn:
        """Who is at work here, and where."""
        return self._signed_in

    def arrive(self, signed_in: SignedIn) -> None:
        """The server was found: from now on this is a sign-in like any other."""
        self._signed_in = signed_in

    def show_appearance(self) -> None:
        """Go to how this desk looks."""
        self.show_place(SETTINGS_PLACE)
        self.settings.open_place("appearance")

    def password_changed(self, signed_in: SignedIn) -> None:
        """Go on with a new password."""
        self._signed_in = signed_in
        self.toasts.show_toast(_("Your password was changed"), icon="key-round")

    def rest(self, resting: bool) -> None:
        """While the desk is locked nothing is scanned, and nothing hangs on the mouse."""
        self.drafts.keep_now()
        self.scanner.rest(resting)
        self.agenda.view.put_down()

    def close_down(self, *, keep_connections: bool = False) -> None:
        """Stop listening, and give the connections back unless the same person goes on elsewhere."""
        self.keep_drafts()
        self.feed.close()
        self.session.close()
        self.scanner.close()
        self.call_screen.close()
        if self.inbox is not None:
            self.inbox.page.files.close()
        if not keep_connections:
            allowed.release()
            self._background.unanswered.give_up()
            # After what was asked last: a time that was held is given back on leaving.
            self._background.leave(self._clinic.close)

    # --- booking ---

    def book(
        self,
        slot: Slot | None = None,
        spot: Spot | None = None,
        patient: PatientMatch | None = None,
    ) -> None:
        """Open the booking editor, at a place or for a person when one is known."""
        editor = self._ready_editor()
        if editor is not None:
            # A professional books for themselves first.
            whose = (spot.professional_id if spot else None) or self._clinic.person.professional_id
            editor.begin(slot, whose, patient, self.agenda.day, spot)

    def book_draft(self, draft: Booking, day: dt.date | None = None) -> None:
        """Open the booking editor with what is known already."""
        editor = self._ready_editor()
        if editor is not None:
            editor.begin_with(draft, day)

    def _ready_editor(self) -> BookingEditor | None:
        """The editor over what the clinic offers now; None while nothing can be booked."""
        catalogue = self.agenda.catalogue
        if catalogue is None or allowed.refused(Capability.BOOK, self.toasts):
            return None
        if self.editor is None:
            self.editor = BookingEditor(
                self.pages,
                self._clinic,
                self._background,
                self.agenda.deeds,
                self._clock,
                catalogue,
                self.agenda.group,
            )
            self.editor.booked.connect(self._booked)
            self.editor.ghost_moved.connect(self.agenda.show_ghost)
            self.editor.waiting_wanted.connect(self.agenda.waiting_list.ask_new)
            held = self.editor.held
            self.agenda.holds.mine = lambda: held.id
        self.editor.set_catalogue(catalogue)
        self.editor.set_offline(self.connection.words)
        return self.editor

    # --- drafts ---

    def keep_drafts(self) -> None:
        """Keep what is typed at this moment, before everything is put away; nothing is kept or offered afterwards."""
        self.drafts.close()

    def _offer_drafts(self) -> None:
        self.drafts.add("booking", self._typed_bookings, self._resume_booking)
        self.drafts.add("patient", self.patients.forms.typed, self._resume_patient)
        self.agenda.small_drafts.join(self.drafts)
        for key in self.settings.places:
            self.drafts.add(f"setting-{key}", partial(self.settings.typed, key), partial(self._resume_setting, key))
        self.drafts.offered.connect(self.draft_strip.show_drafts)
        self.draft_strip.taken_up.connect(self._take_up)
        self.draft_strip.thrown_away.connect(self._throw_away)
        self.drafts.begin()
        if self._signed_in.own is not None and self._signed_in.own.lost:
            self.toasts.show_toast(
                _("With the old password went what was typed on this desk and not saved."), icon="circle-alert"
            )

    def _typed_bookings(self) -> list[Typed]:
        editor = self.editor
        return [editor.typed().as_draft(self._clock.zone)] if editor is not None and editor.has_draft else []

    def _take_up(self, draft: Draft) -> None:
        try:
            self.drafts.take_up(draft)
        except ValueError:  # of another release
            self.toasts.show_toast(_("This was kept by another release and cannot be opened."), icon="circle-alert")

    def _throw_away(self, draft: Draft) -> None:
        self.drafts.throw_away(draft)
        self.toasts.show_toast(_("Draft discarded"), lambda: self.drafts.bring_back(draft), "trash-2")

    def _resume_booking(self, draft: Draft) -> None:
        typed = booking_typed(draft.values)
        editor = self._ready_editor()
        if editor is None:
            self.drafts.put_back(draft)  # what can be booked is not known yet
            return
        self.show_place(AGENDA_PLACE)
        editor.resume(typed)

    def _resume_patient(self, draft: Draft) -> None:
        self.show_place(PATIENTS_PLACE)
        self.patients.forms.resume(draft)

    def _resume_setting(self, key: str, draft: Draft) -> None:
        self.show_place(SETTINGS_PLACE)
        self.settings.resume(key, draft)

    def reschedule(self, appointment: Appointment, alone: bool = False) -> None:
        """Offer other times for a visit, and what goes along unless it is to go alone."""
        if self.agenda.catalogue is None:
            return
        popover = ReschedulePopover(
            self.pages, self._clinic, self._background, self._clock, self.agenda.catalogue, appointment
        )
        popover.decided.connect(
            lambda free, hold_id: self.agenda.linked.move(appointment, free, alone=alone, hold_id=hold_id)
        )
        popover.open_centred()

    def print_day(self, day: dt.date) -> None:
        """Show the day on paper before it is printed."""
        self._background.run(
            self,
            lambda: printing.day_agenda(self._clinic, day),
            lambda pdf: PrintPreview(self, pdf, f"agenda-{day:%Y-%m-%d}.pdf").open_centred(),
            self._failed,
            replaces="print",
        )

    def print_kit(self) -> None:
        """Show what the clinic goes on with by hand before it is printed: today, tomorrow, and blank slips."""
        today, as_of = self._clock.today(), self.connection.as_of()
        name = _("paper kit")
        self._background.run(
            self,
            lambda: printing.paper_kit(self._clinic, today, as_of),
            lambda pdf: PrintPreview(self, pdf, f"{name}-{today:%Y-%m-%d}.pdf").open_centred(),
            self._failed,
            replaces="print",
        )

    def _booked(self, appointment: Appointment) -> None:
        recalled, self._recalled = self._recalled, None
        if recalled is not None and recalled.patient_id == appointment.patient_id:
            self.recalls.deeds.note_quietly(recalled, Outcome.BOOKED)
        day = appointment.starts_at.astimezone(self._clock.zone).date()
        self.show_place(AGENDA_PLACE)
        if day == self.agenda.day or self.agenda.mode is WEEK:
            self.agenda.select(appointment.id)

    def _show_visit(self, appointment: Appointment) -> None:
        self.show_place(AGENDA_PLACE)
        self.agenda.show_visit(appointment)

    def _book_for(self, patient: PatientMatch) -> None:
        self.show_place(AGENDA_PLACE)
        self.book(patient=patient)

    def _wait_for(self, patient: PatientMatch) -> None:
        if not self.agenda.refuse_offline():
            self.show_place(AGENDA_PLACE)
            self.agenda.waiting_list.ask_new(Beginning(patient))

    def ask_recall(self, appointment: Appointment) -> None:
        """Ask when the patient of a visit is to come again."""
        popover = RecallPopover(self, appointment, self._clock.today())
        popover.decided.connect(self.recalls.deeds.add)
        popover.open_centred()

    def _book_recalled(self, recall: Recall) -> None:
        """Book for somebody who was called: what is known of the visit stands in the form already."""
        catalogue = self.agenda.catalogue
        if catalogue is None:
            return
        patient = PatientMatch(
            recall.patient_id,
            recall.patient_name,
            recall.patient_phone,
            recall.patient_birth_date,
            guardian_name="",
            vip=False,
            next_visit=None,
            last_visit=recall.last_visit_at,
            alert="",
        )
        draft = Booking(catalogue, patient=patient)
        service = next((one for one in catalogue.services if one.id == recall.service_id), None)
        draft = draft.with_service(service) if service else draft
        if any(one.id == recall.professional_id for one in catalogue.professionals):
            draft = replace(draft, professional_id=recall.professional_id)
        self._recalled = recall
        self.book_draft(draft)

    def _show_booked(self, appointment_id: UUID) -> None:
        self._background.run(
            self,
            lambda: agenda_usecases.appointments(self._clinic, [appointment_id]),
            lambda found: self._show_visit(found[0]) if found else None,
            self._failed,
        )

    def show_slip(self, appointment: Appointment) -> None:
        """Show the code that checks a visit in, to be printed or handed over."""
        self._background.run(
            self,
            lambda: check_in.slip(self._clinic, appointment.id),
            lambda slip: SlipPopover(self, appointment, slip, self.toasts).open_centred(),
            self._failed,
            lane="writes",
        )

    def _show_arrived(self, appointment: Appointment) -> None:
        """Choose the visit where it can be seen; nobody is taken away from what they are doing."""
        if self.pages.currentWidget() is self.agenda and self.agenda.model.appointment(appointment.id) is not None:
            self.agenda.select(appointment.id)

    # --- the clinic's voice ---

    def _heard(self, changes: Sequence[Change]) -> None:
        self.connection.keep_soon()
        self.outgrown.heard(changes)
        self.agenda.apply_changes(changes)
        if self.editor is not None:
            self.editor.heard(changes)
        self.calls.apply_changes(changes)
        self.recalls.apply_changes(changes)
        self.queue.apply_changes(changes)
        self.queue_alert.apply_changes(changes)
        if self.inbox is not None:
            self.inbox.heard(changes)
        for change in changes:
            self.patients.apply_change(change)
            self.settings.apply_change(change)

    def _say_link(self) -> None:
        """Say whether the clinic answers, everywhere where it is shown or stands in the way."""
        online, words = self.connection.online, self.connection.words
        self.pill.set_state((self.connection.link or Link.CONNECTED).value, self.connection.detail)
        self._place_pill()
        self.rail.set_person(self._clinic.person.name, self._clinic.person.hue, online)
        self.agenda.set_offline(words, self.connection.detail)
        self.undo.set_offline(words)
        if self.inbox is not None:
            self.inbox.page.set_offline(words)
        if self.editor is not None:
            self.editor.set_offline(words)
        self.drafts.keep_now()

    def _try_now(self) -> None:
        self.feed.try_now()

    def _came_back(self) -> None:
        self.outgrown.look()
        self.agenda.reload()
        self.patients.reload()
        self.settings.reload()
        self.calls.reload()
        if self.pages.currentWidget() is self.recalls:
            self.recalls.reload()
        if self.pages.currentWidget() is self.queue:
            self.queue.reload()
        if self.inbox is not None:
            self.inbox.came_back()

    def _failed(self, error: ClinicError) -> None:
        self.toasts.show_toast(sentence(error, self._clock.zone), icon="circle-alert")

    def _say_clock(self, here: dt.datetime, there: dt.datetime) -> None:
        self.toasts.show_toast(sentence(ClockApart(here, there), self._clock.zone), icon="triangle-alert")

    # --- wiring ---

    def _connect(self) -> None:
        self.rail.place_chosen.connect(self.show_place)
        self.rail.person_clicked.connect(self._open_person_menu)
        self.agenda.book_requested.connect(self.book)
        self.agenda.reschedule_requested.connect(self.reschedule)
        self.agenda.print_requested.connect(self.print_day)
        self.agenda.search_requested.connect(self.search)
        self.patients.book_requested.connect(self._book_for)
        self.patients.waiting_requested.connect(self._wait_for)
        self.patients.message_requested.connect(self._write_to)
        self.patients.visit_requested.connect(self._show_visit)
        self.agenda.header.arrival_wanted.connect(lambda: self.arrivals.ask(self))
        self.agenda.call_requested.connect(self.calls.call)
        self.agenda.slip_requested.connect(self.show_slip)
        self.agenda.recall_requested.connect(self.ask_recall)
        self.recalls.book_requested.connect(self._book_recalled)
        self.recalls.visit_requested.connect(self._show_booked)
        self.recalls.search_requested.connect(self.search)
        self.queue.search_requested.connect(self.search)
        self.queue.patient_wanted.connect(self._open_patient_of)
        self.queue.visit_wanted.connect(self._show_booked)
        self.queue.talk_wanted.connect(self._show_talk)
        self.queue.left.connect(lambda: self.show_place(INBOX_PLACE))
        self.queue_alert.clicked.connect(lambda: self.show_place(QUEUE_PLACE))
        self.calls.came.connect(lambda _calls: self.agenda.show_calls(self.calls.times()))
        self.scanner.scanned.connect(self.arrivals.take)
        self.arrivals.arrived.connect(self._show_arrived)
        self.arrivals.wanted.connect(self._show_visit)
        self.patients.search_requested.connect(self.search)
        self.finder.patient_opened.connect(self._open_patient)
        self.finder.register_wanted.connect(self._register)
        self.finder.day_opened.connect(self._open_day)
        self.finder.week_opened.connect(self._open_week_of)
        self.finder.booked.connect(self._booked)
        self.finder.form_wanted.connect(self.book_draft)
        self.finder.move_wanted.connect(self.agenda.linked.move)
        self.settings.search_requested.connect(self.search)
        self.settings.settings_chosen.connect(self.settings_chosen)
        self.feed.changed.connect(self._heard)
        self.feed.changed.connect(self.session.heard)
        self.feed.link_changed.connect(self.session.link_moved)
        self.session.ended.connect(self.session_ended)
        self.session.shut_out.connect(self.shut_out)
        self.session.rights_changed.connect(allowed.hold)
        allowed.guard(self.agenda.header.book, Capability.BOOK)
        allowed.guard(self.agenda.header.arrival, Capability.CHANGE_VISITS)
        allowed.guard(self.agenda.bar.block, Capability.BLOCK_TIME)
        self.feed.link_changed.connect(self.connection.link_moved)
        self.connection.changed.connect(self._say_link)
        self._clock.found_off.connect(self._say_clock)
        self.agenda.loaded.connect(self.connection.keep_soon)
        self.agenda.try_now_requested.connect(self._try_now)
        self.agenda.kit_requested.connect(self.print_kit)
        self.feed.came_back.connect(self._came_back)
        self.outgrown.closing_wanted.connect(lambda: self.window().close())

    def _open_person_menu(self) -> None:
        menu = person_menu(
            self,
            self._clinic.person,
            self._signed_in.clinics,
            self._clinic.id,
            "dark" if current().dark else "light",
            go=self.unit_chosen.emit,
            dress=self.theme_chosen.emit,
            show_calls=self.call_screen.open,
            change_password=self.password_wanted.emit,
            lock=self.lock_wanted.emit,
            leave=self.left.emit,
        )
        height = menu.sizeHint().height()
        menu.popup(self.rail.mapToGlobal(QPoint(self.rail.width() + 4, self.rail.height() - height - 8)))

    def search(self) -> None:
        """Open the palette: find, act, or book in one line."""
        if self.agenda.catalogue is not None:
            self.finder.begin(self.agenda.catalogue)

    def _open_patient(self, match: PatientMatch) -> None:
        self._open_patient_of(match.id)

    def _open_patient_of(self, patient_id: UUID) -> None:
        self.show_place(PATIENTS_PLACE)
        self.patients.show_patient(patient_id)

    def _open_day(self, day: dt.date) -> None:
        self.show_place(AGENDA_PLACE)
        self.agenda.show_mode(DAY)
        self.agenda.show_day(day)

    def _open_week_of(self, professional_id: UUID) -> None:
        self.show_place(AGENDA_PLACE)
        self.agenda.show_week_of(professional_id)

    def _register(self, name: str) -> None:
        self.show_place(PATIENTS_PLACE)
        self.patients.new_patient(name)

    def _new(self) -> None:
        if self.pages.currentWidget() is self.agenda:
            self.book()
        elif self.pages.currentWidget() is self.settings:
            self.settings.new()
        elif self.pages.currentWidget() is self.recalls:
            self.recalls.command("book")
        elif self.pages.currentWidget() is self.queue:
            self.show_place(AGENDA_PLACE)
            self.book()
        else:
            self.patients.new_patient()

    def _write_to(self, patient_id: UUID) -> None:
        if self.inbox is None:
            allowed.refused(Capability.SEND_MESSAGES, self.toasts)
        elif not self.agenda.refuse_offline():
            self.inbox.write_to(patient_id)

    def _show_talk(self, talk_id: UUID) -> None:
        if self.inbox is not None:
            self.inbox.show_talk(talk_id)

    def _go_inbox(self) -> None:
        if self.inbox is not None:
            self.show_place(INBOX_PLACE)

    def _find(self) -> None:
        if self.inbox is not None and self.pages.currentWidget() is self.inbox.page:
            self.inbox.page.focus_search()
        elif self.pages.currentWidget() is self.settings:
            self.settings.focus_search()
        elif self.pages.currentWidget() is not self.agenda or not self.agenda.look.focus_find():
            self.show_place(PATIENTS_PLACE)
            self.patients.focus_search()

    def _save(self) -> None:
        if self.pages.currentWidget() is self.settings:
            self.settings.save()

    def _bind(self, shortcuts: Shortcuts) -> None:
        agenda = self.agenda
        shortcuts.bind(
            ANYWHERE,
            self,
            {
                "search": self.search,
                "place.1": lambda: self.show_place(AGENDA_PLACE),
                "place.2": lambda: self.show_place(PATIENTS_PLACE),
                "place.3": lambda: self.show_place(RECALLS_PLACE),
                "place.4": self._go_inbox,
                "new": self._new,
                "find": self._find,
                "save": self._save,
                "settings": lambda: self.show_place(SETTINGS_PLACE),
                "undo": self.undo.undo,
                "redo": self.undo.redo,
                "switch_person": self.left.emit,
                "lock": self.lock_wanted.emit,
                "help": lambda: self._help(shortcuts),
                "print": agenda.ask_print,
                "arrival": lambda: self.arrivals.ask(self),
            },
        )
        command: Callable[[str], Callable[[], None]] = lambda name: lambda: agenda.command(name)  # noqa: E731
        shortcuts.bind(
            AGENDA,
            agenda,
            {
                "day.previous": lambda: agenda.step(-1),
                "day.next": lambda: agenda.step(1),
                "today": agenda.go_today,
                "view.day": lambda: agenda.show_mode(DAY),
                "view.week": lambda: agenda.show_mode(WEEK),
                "view.month": lambda: agenda.show_mode(MONTH),
                "view.list": lambda: agenda.show_mode(LIST),
                **{f"saved_view.{number}": partial(agenda.views.show, number) for number in range(1, 9)},
                "zoom.in": lambda: agenda.view.zoom(1),
                "zoom.out": lambda: agenda.view.zoom(-1),
                "hide_names": agenda.toggle_names,
                "go_to_date": agenda.open_calendar,
                "block": agenda.ask_block,
                "paste": agenda.carrying.paste,
                "past": agenda.open_past,
                "call": agenda.call_patient,
                **{name: command(name) for name in COMMANDS_ON_A_VISIT},
            },
        )
        shortcuts.bind(PATIENTS, self.patients, self.patients.commands())
        shortcuts.bind(RECALLS, self.recalls, self.recalls.commands())
        shortcuts.bind(QUEUE, self.queue, self.queue.commands())
        if self.inbox is not None:
            self.inbox.join(shortcuts, self.entries, self.drafts)

    def _offer_entries(self, shortcuts: Shortcuts) -> None:
        doors = desk_entries.Doors(
            self.show_place,
            self.arrivals.take,
            self.print_kit,
            self.call_screen.open,
            self.theme_chosen.emit,
            self.unit_chosen.emit,
            lambda: self._context,
        )
        DeskEntries(self.entries, shortcuts, self._signed_in, self.agenda, self.patients, self.settings, doors)

    @property
    def _context(self) -> str:
        """Whose keys are the page's own now."""
        agenda = AGENDA if self.agenda.past is None else PAST
        contexts: dict[QWidget | None, str] = {
            self.agenda: agenda,
            self.settings: SETTINGS,
            self.recalls: RECALLS,
            self.queue: QUEUE,
        }
        if self.inbox is not None:
            contexts[self.inbox.page] = INBOX
        return contexts.get(self.pages.currentWidget(), PATIENTS)

    def _help(self, shortcuts: Shortcuts) -> None:
        sections = [shortcuts.listed(self._context), shortcuts.listed(ANYWHERE)]
        ShortcutSheet(self, sections).open_centred()

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().resizeEvent(event)
        self._place_pill()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.isVisible():
            self._place_pill()  # its words have another size

    def _place_pill(self) -> None:
        """At the foot of the pages that have no banner of their own."""
        self.pill.setVisible(not self.connection.online and self.pages.currentWidget() is not self.agenda)
        self.pill.adjustSize()
        self.pill.move(self.width() - self.pill.width() - 24, self.height() - 44)
        self.pill.raise_()
