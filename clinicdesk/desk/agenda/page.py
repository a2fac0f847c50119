"""The agenda's page: wires the picture, the panel and the deeds to the clinic."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QPoint, QRect, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.agenda.bar import AgendaBar
from clinicdesk.desk.agenda.board import DAY, WEEK, Board
from clinicdesk.desk.agenda.columns import Grouping
from clinicdesk.desk.agenda.deeds import AgendaDeeds
from clinicdesk.desk.agenda.idle_panel import IdlePanel
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.agenda.panel import AppointmentPanel
from clinicdesk.desk.agenda.view import AgendaView
from clinicdesk.desk.agenda.waiting_strip import WaitingStrip
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.header import Header
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.desk.widgets.side_panel import SidePanel
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import STEPS, Appointment, Slot, Status
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.staff import Role
from clinicdesk.errors import ChangedElsewhere, ClinicError, NotAllowed, SlotTaken, StatusRefused
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Change, Clinic
from clinicdesk.words import _

# What else a change may be about, besides appointments, that alters the picture.
_GROUND = frozenset(
    {
        "time_block",
        "working_hours",
        "hours_exception",
        "holiday",
        "scheduling_policy",
        "patient",
        "patient_alert",
    }
)
_THINGS = frozenset({"professional", "professional_clinic", "room", "service", "service_category", "clinic"})


class AgendaPage(QWidget):
    """A day of many, or the week of one. What other desks do arrives by `apply_changes`."""

    book_requested = Signal(object, object)  # Slot or None, professional id or None
    reschedule_requested = Signal(object)  # Appointment
    print_requested = Signal(object)  # dt.date
    search_requested = Signal()
    loaded = Signal()

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        undo: Undo,
        toasts: ToastArea,
        clock: DeskClock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self._background = background
        self._toasts = toasts
        self._clock = clock
        self.model = AgendaModel(clock.zone, self)
        self.board = Board(clinic.id, clock.today(), clinic.person.professional_id, self.model.appointments)
        self._loaded_range: tuple[dt.date, dt.date] | None = None
        self._offline = ""
        self._news = 0  # counts values that came in; a slower answer about the whole day may not know them
        self._wanted: UUID | None = None
        self.view = AgendaView(self.model)
        self.deeds = AgendaDeeds(clinic, background, undo, clock, self)
        self.bar = AgendaBar()
        self.idle = IdlePanel(clock)
        self.panel = SidePanel(self.idle)
        self.banner = Banner("warn", "")
        self.waiting = WaitingStrip()
        self.waiting.set_zone(clock.zone)
        self._recount = QTimer(self, singleShot=True, interval=0)
        self._arrange()
        self._connect()
        self.setFocusProxy(self.view)
        self._load_catalogue()

    # --- what others ask ---

    @property
    def day(self) -> dt.date:
        """The day that is open, or lies in the week that is."""
        return self.board.day

    @property
    def mode(self) -> str:
        """DAY or WEEK."""
        return self.board.mode

    @property
    def catalogue(self) -> Catalogue | None:
        """What a booking chooses from, once it was read."""
        return self.board.catalogue

    @property
    def content(self) -> agenda.AgendaPage | None:
        """What was read last."""
        return self.board.content

    def show_day(self, day: dt.date) -> None:
        """Open another day, or the week it lies in."""
        self.board.day = day
        self._load(keep_selection=False)

    def show_mode(self, mode: str) -> None:
        """Show a day of many ("day") or the week of one ("week")."""
        self.board.mode = mode
        self._modes.set_current(mode)
        self.bar.show_mode(mode == WEEK)
        self._load(keep_selection=True)

    def select(self, appointment_id: UUID | None) -> None:
        """Choose a visit that is on show."""
        self.view.select(appointment_id)

    def show_visit(self, appointment: Appointment) -> None:
        """Open the day of a visit with the visit chosen."""
        self._wanted = appointment.id
        self.board.mode = DAY
        self._modes.set_current(DAY)
        self.bar.show_mode(False)
        self.show_day(appointment.starts_at.astimezone(self._clock.zone).date())

    def reload(self) -> None:
        """Read again everything that is open; the picture stays until the answer is there."""
        self._load_catalogue()

    def apply_changes(self, changes: Sequence[Change]) -> None:
        """Take in what happened at any desk."""
        kinds = {change.kind for change in changes}
        if kinds & _THINGS:
            self._load_catalogue()
        elif kinds & _GROUND:
            self._load(keep_selection=True)
        ids = [
            change.id
            for change in changes
            if change.kind == "appointment" and change.id and not self._holds(change.id, change.version)
        ]
        if ids:
            self._background.run(self, lambda: agenda.appointments(self._clinic, ids), self._take_in(ids), self._failed)

    def set_offline(self, words: str) -> None:
        """Say that the clinic does not answer; empty words take the banner away and give the gestures back."""
        self._offline = words
        self.banner.setVisible(bool(words))
        if words:
            self.banner.say("warn", words, _("Try now"), icon="wifi-off")
        self.view.set_read_only(bool(words))
        for button in (self._primary, self.bar.block):
            button.setEnabled(not words)
            button.setToolTip(words)
        content = self.panel.content
        if isinstance(content, AppointmentPanel):
            content.set_offline(words or self._not_theirs(content.appointment))

    def _not_theirs(self, appointment: Appointment) -> str:
        """Why a professional cannot write on this visit; empty for their own, and for everybody else."""
        person = self._clinic.person
        if person.role is not Role.PROFESSIONAL or appointment.professional_id == person.professional_id:
            return ""
        return sentence(NotAllowed("appointment"))

    def refuse_offline(self) -> bool:
        """Whether nothing can be written now; says so."""
        if self._offline:
            self._toasts.show_toast(self._offline, icon="wifi-off")
        return bool(self._offline)

    def command(self, name: str) -> None:
        """Do to the chosen visit what a key, a button or a menu names."""
        chosen = self.chosen
        if chosen is None or (name != "menu" and self.refuse_offline()):
            return
        steps = {
            "confirm": Status.CONFIRMED,
            "check_in": Status.CHECKED_IN,
            "start": Status.IN_PROGRESS,
            "complete": Status.COMPLETED,
            "no_show": Status.NO_SHOW,
            "restore": Status.PENDING,
        }
        if name in steps:
            self.deeds.step(chosen, steps[name])
        elif name == "cancel" and Status.CANCELLED not in STEPS[chosen.status]:
            self._failed(StatusRefused(chosen.status, Status.CANCELLED))
        elif name == "cancel":
            self._ask_cancel(chosen)
        elif name == "reschedule":
            self.reschedule_requested.emit(chosen)
        elif name == "menu":
            self._open_menu(chosen.id, self.panel.mapToGlobal(QPoint(24, 64)))

    def show_ghost(self, free: FreeSlot | None) -> None:
        """Show where a booking under way would lie; None takes it away."""
        self.view.set_free(self.board.ghost(free, self._clock.zone))

    @property
    def chosen(self) -> Appointment | None:
        """The visit chosen now."""
        content = self.panel.content
        return content.appointment if isinstance(content, AppointmentPanel) else None

    # --- loading ---

    def _load_catalogue(self) -> None:
        self._background.run(
            self,
            lambda: agenda.catalogue(self._clinic),
            self._catalogue_came,
            self._failed,
            replaces="catalogue",
        )

    def _catalogue_came(self, catalogue: Catalogue) -> None:
        self.board.take_catalogue(catalogue)
        self.bar.set_professionals(catalogue.professionals, self.board.shown)
        if self.board.professional_id:
            self.bar.set_professional(self.board.professional_id)
        self.bar.show_mode(self.mode == WEEK)
        hues = {one.id: one.hue for one in catalogue.professionals}
        self.view.set_professional_hues(hues)
        self.waiting.set_professional_hues(hues)
        self._load(keep_selection=True)

    def _load(self, *, keep_selection: bool) -> None:
        if self.catalogue is None:
            return
        first, last = self.board.days()
        self._name_day(first, last)
        self.idle.show_day(self.day, self._clock.today())
        if not keep_selection:
            self.view.select(None)
        people, things, news = self.board.people(), self.board.things(), self._news
        self._background.run(
            self,
            lambda: agenda.days(self._clinic, first, last, people, things),
            lambda page: self._days_came(page, first, last, news),
            self._failed,
            replaces="days",
        )

    def _days_came(self, page: agenda.AgendaPage, first: dt.date, last: dt.date, news: int) -> None:
        if news == self._news:
            self._show(page, first, last)
            return
        # A visit came in or left while the answer was under way; the answer may not have it.
        if self._loaded_range != (first, last):
            self._show(page, first, last)
        self._load(keep_selection=True)

    def _show(self, page: agenda.AgendaPage, first: dt.date, last: dt.date) -> None:
        self.board.content = page
        self.board.forget_taken()
        self._clock.align(page.now)
        if self._loaded_range == (first, last):
            kept = {one.id for one in page.appointments}
            for gone in [one.id for one in self.model.appointments() if one.id not in kept]:
                self.model.remove(gone)
            for one in page.appointments:
                self.model.upsert(one)
        else:
            self.model.set_zone(page.calendar.zone)
            self.model.replace_all(page.appointments)
        moved = self._loaded_range != (first, last)
        self._loaded_range = (first, last)
        self.view.set_zone(page.calendar.zone)
        self._show_columns()
        if moved:
            self._scroll_to_work(first, last)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.view.select(wanted)
        self._refresh_panel()
        self.loaded.emit()

    def _show_columns(self) -> None:
        if self.mode == WEEK:
            self.view.show_week()
        else:
            self.view.show_day(self.board.grouping)
        specs, closures = self.board.columns()
        self.view.set_columns(specs)
        self.view.set_closures(closures)
        self.view.set_hours(*self.board.hours())
        self.view.set_now(self._clock.now())
        self._recount.start()

    def _scroll_to_work(self, first: dt.date, last: dt.date) -> None:
        if first <= self._clock.today() <= last:
            # The picture measures from its first column's day: in a week, the same hour on Monday.
            self.view.scroll_to(self._clock.now() - (self._clock.today() - first))
        else:
            self.view.verticalScrollBar().setValue(0)

    def _name_day(self, first: dt.date, last: dt.date) -> None:
        if first == last:
            self.header.set_title(dates.day_title(first), short=dates.short_day_title(first))
        else:
            self.header.set_title(dates.week_title(first, last))

    # --- changes ---

    def _holds(self, appointment_id: UUID, version: int | None) -> bool:
        held = self.model.appointment(appointment_id)
        return held is not None and version is not None and held.version >= version

    def _take_in(self, ids: Sequence[UUID]) -> Callable[[list[Appointment]], None]:
        def came(found: list[Appointment]) -> None:
            for one in found:
                self._changed(one)
            for gone in set(ids) - {one.id for one in found}:
                self._news += 1
                self.model.remove(gone)

        return came

    def _changed(self, appointment: Appointment) -> None:
        """A value as this desk's own deed or the echo of another desk's brought it; an older one is dropped."""
        held = self.model.appointment(appointment.id)
        if held is not None and held.version > appointment.version:
            return
        self._news += 1
        if self._loaded_range and self.board.belongs(appointment, self._loaded_range, self._clock.zone):
            self.model.upsert(appointment)
        else:
            self.model.remove(appointment.id)
        self.view.settled(appointment.id)
        self._refresh_panel()
        self._recount.start()

    def _refresh_panel(self) -> None:
        """Let the panel show what the model holds."""
        content = self.panel.content
        if isinstance(content, AppointmentPanel):
            held = self.model.appointment(content.appointment.id)
            if held is not None and held != content.appointment:
                content.show_appointment(held)
                self._load_about(content)

    def _refused(self, appointment_id: UUID | None, error: ClinicError) -> None:
        if appointment_id is not None:
            self.view.refuse(appointment_id)
        self._toasts.show_toast(sentence(error, self._clock.zone), icon="circle-alert")
        if isinstance(error, ChangedElsewhere):
            ids = [error.id]
            self._background.run(self, lambda: agenda.appointments(self._clinic, ids), self._take_in(ids), self._failed)

    def _failed(self, error: ClinicError) -> None:
        self._toasts.show_toast(sentence(error, self._clock.zone), icon="circle-alert")

    # --- gestures ---

    def _chosen(self, appointment: Appointment | None) -> None:
        content = self.panel.content
        if appointment is None:
            self.panel.clear()
            return
        if isinstance(content, AppointmentPanel) and content.appointment.id == appointment.id:
            return
        panel = AppointmentPanel(appointment, self._clock)
        panel.set_offline(self._offline or self._not_theirs(appointment))
        panel.commanded.connect(self.command)
        panel.closed.connect(lambda: self.view.select(None))
        self.panel.show_content(panel)
        self._load_about(panel)

    def _load_about(self, panel: AppointmentPanel) -> None:
        shown = panel.appointment
        self._background.run(
            panel,
            lambda: agenda.history(self._clinic, shown.id),
            panel.show_history,
            self._failed,
            replaces="history",
        )
        self._background.run(
            panel,
            lambda: agenda.of_patient(self._clinic, shown.patient_id),
            panel.show_visits,
            self._failed,
            replaces="visits",
        )

    def _move_wanted(self, appointment_id: UUID, column: object, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
        before = self.model.appointment(appointment_id)
        if before is None:
            return
        slot = Slot(starts_at, ends_at)
        professional_id, room_id = self.board.place(before, column, slot)
        self.deeds.move(before, professional_id, slot, room_id)

    def _described(self, refusal: ClinicError) -> str:
        """The callout's words; the next free time stands beside them as something to take."""
        if isinstance(refusal, SlotTaken):
            refusal = replace(refusal, next_free=None)
        return sentence(refusal, self._clock.zone)

    def _create_wanted(self, column: object, starts_at: dt.datetime, ends_at: dt.datetime, _area: QRect) -> None:
        self.book_requested.emit(Slot(starts_at, ends_at), self.board.professional_of(column))

    def _ask_cancel(self, appointment: Appointment) -> None:
        from clinicdesk.desk.agenda.cancelling import CancelPopover

        popover = CancelPopover(self, appointment)
        popover.decided.connect(
            lambda by, reason: self.deeds.step(appointment, Status.CANCELLED, reason=reason, cancelled_by=by)
        )
        content = self.panel.content
        popover.open_at(content if content is not None else self.panel)

    def _open_menu(self, appointment_id: UUID | None, where: QPoint) -> None:
        from clinicdesk.desk.agenda.menu import card_menu

        appointment = self.model.appointment(appointment_id) if appointment_id else None
        if appointment is None:
            return
        menu = card_menu(appointment, self.command, self)
        menu.popup(where)

    def _ask_block(self) -> None:
        from clinicdesk.desk.agenda.blocking import BlockPopover

        if self.catalogue is None or self.refuse_offline():
            return
        people = [one for one in self.catalogue.professionals if one.id in self.board.shown]
        if not people:
            return
        own, chosen = self._clinic.person.professional_id, self.chosen
        whose = own or (chosen.professional_id if chosen else None) or self.board.professional_id or people[0].id
        popover = BlockPopover(self, people, whose, self.day, self._clock)
        popover.decided.connect(self.deeds.block)
        popover.open_at(self.bar.block)

    # --- wiring ---

    def step(self, days: int) -> None:
        """Go to the next or the previous day, or week."""
        self.show_day(self.day + dt.timedelta(days=days if self.mode == DAY else days * 7))

    def go_today(self) -> None:
        """Back to the present."""
        self.show_day(self._clock.today())

    def open_calendar(self) -> None:
        """Go to a date: the month gets the keyboard."""
        self.view.select(None)
        self.idle.month.setFocus()

    def _day_chosen(self, day: dt.date) -> None:
        self.show_day(day)
        self.view.setFocus()

    def ask_block(self) -> None:
        """Block time."""
        self._ask_block()

    def ask_print(self) -> None:
        """Print the day that is open."""
        self.print_requested.emit(self.day)

    def _minute_passed(self) -> None:
        self.view.set_now(self._clock.now())
        self._recount.start()

    def _model_changed(self, *_arguments: object) -> None:
        self.board.forget_taken()
        self._recount.start()

    def _count_again(self) -> None:
        appointments = self.model.appointments()
        self.bar.counts.show_counts(appointments)
        today = self.mode == DAY and self.day == self._clock.today()
        self.waiting.set_waiting(appointments if today else (), self._clock.now())
        self.bar.show_legend(self.board.services_on_show() if self.mode == WEEK else ())
        title = _("The day in figures") if self.mode == DAY else _("The week in figures")
        self.idle.show_figures(title, appointments)

    def _filter(self, shown: tuple[UUID, ...]) -> None:
        self.board.shown = shown
        if self.catalogue:
            self.bar.set_professionals(self.catalogue.professionals, shown)
        self._load(keep_selection=True)

    def _group(self, grouping: str) -> None:
        self.board.grouping = Grouping.ROOM if grouping == "room" else Grouping.PROFESSIONAL
        self._load(keep_selection=True)

    def _choose_professional(self, professional_id: UUID | None) -> None:
        if professional_id is not None and professional_id != self.board.professional_id:
            self.board.professional_id = professional_id
            self._loaded_range = None
            self._load(keep_selection=False)

    def _arrange(self) -> None:
        self.header = Header("")
        self.header.bell.hide()
        self._previous = icon_button("chevron-left", _("Previous"), kind="secondary")
        self._today = Button(_("Today"), "secondary")
        self._next = icon_button("chevron-right", _("Next"), kind="secondary")
        for button in (self._previous, self._today, self._next):
            self.header.add_navigation(button)
        self._modes = Segmented([(DAY, _("Day")), (WEEK, _("Week"))], _("View"))
        self.header.add_navigation(self._modes, gap=8)
        self._print = icon_button("printer", _("Print the day"), key="Ctrl P")
        self.header.add_navigation(self._print, gap=4)
        self._primary = Button(_("Book"), "primary", icon="plus", key="N")
        self.header.set_primary(self._primary)
        self.banner.hide()
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.bar)
        left.addWidget(self.waiting)
        left.addWidget(self.view, 1)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addLayout(left, 1)
        body.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addLayout(body, 1)

    def _connect(self) -> None:
        self._previous.clicked.connect(lambda: self.step(-1))
        self._next.clicked.connect(lambda: self.step(1))
        self._today.clicked.connect(self.go_today)
        self._modes.chosen.connect(self.show_mode)
        self._print.clicked.connect(self.ask_print)
        self._primary.clicked.connect(lambda: self.book_requested.emit(None, None))
        self.header.search_requested.connect(self.search_requested)
        self.banner.acted.connect(self.reload)
        self.idle.day_chosen.connect(self._day_chosen)
        self.idle.left.connect(self.view.setFocus)
        self.panel.emptied.connect(lambda: self.view.select(None))
        self.bar.filter_changed.connect(self._filter)
        self.bar.grouping_chosen.connect(self._group)
        self.bar.professional_chosen.connect(self._choose_professional)
        self.bar.block_requested.connect(self._ask_block)
        self.waiting.chosen.connect(self.view.select)
        self.view.selected.connect(self._chosen)
        self.view.activated.connect(lambda _appointment: self._focus_panel())
        self.view.create_requested.connect(self._create_wanted)
        self.view.move_requested.connect(self._move_wanted)
        self.view.menu_requested.connect(self._open_menu)
        self.view.day_stepped.connect(self.step)
        self.view.set_explain(self.board.explained, self._described)
        self.deeds.changed.connect(self._changed)
        self.deeds.refused.connect(self._refused)
        self.deeds.blocks_changed.connect(lambda: self._load(keep_selection=True))
        self._recount.timeout.connect(self._count_again)
        self._clock.minute_passed.connect(self._minute_passed)
        for signal in (self.model.dataChanged, self.model.modelReset, self.model.rowsInserted, self.model.rowsRemoved):
            signal.connect(self._model_changed)

    def _focus_panel(self) -> None:
        content = self.panel.content
        if isinstance(content, AppointmentPanel) and content.primary is not None:
            content.primary.setFocus()
