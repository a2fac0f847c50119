"""The agenda's page: wires the picture, the panel and the deeds to the clinic."""

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk import allowed, dates
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.bar import AgendaBar
from clinicdesk.desk.agenda.board import DAY, LIST, MONTH, WEEK, Board, Spot
from clinicdesk.desk.agenda.carrying import AgendaCarrying
from clinicdesk.desk.agenda.closing import AgendaClosing
from clinicdesk.desk.agenda.commands import AgendaCommands
from clinicdesk.desk.agenda.deeds import AgendaDeeds
from clinicdesk.desk.agenda.group_deeds import GroupDeeds
from clinicdesk.desk.agenda.header import AgendaHeader
from clinicdesk.desk.agenda.holds import AgendaHolds
from clinicdesk.desk.agenda.idle_panel import IdlePanel
from clinicdesk.desk.agenda.incoming import AgendaIncoming
from clinicdesk.desk.agenda.linked import LinkedVisits
from clinicdesk.desk.agenda.loading import AgendaLoading
from clinicdesk.desk.agenda.look import AgendaLook
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.agenda.openings import AgendaOpenings
from clinicdesk.desk.agenda.past import PastPane
from clinicdesk.desk.agenda.pictures import AgendaPictures
from clinicdesk.desk.agenda.place_hint import place_lines
from clinicdesk.desk.agenda.several import TOGETHER, able
from clinicdesk.desk.agenda.small_drafts import SmallDrafts
from clinicdesk.desk.agenda.views import AgendaViews
from clinicdesk.desk.agenda.waiting.wiring import AgendaWaiting
from clinicdesk.desk.agenda.waiting_strip import WaitingStrip
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.beside import Beside
from clinicdesk.desk.widgets.side_panel import SidePanel
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import Appointment, Slot, Status
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.day_use import DayUse
from clinicdesk.domain.history import HistoryEvent
from clinicdesk.domain.saved_views import Mode, ViewSettings
from clinicdesk.domain.series_edit import EditSeries, Plan
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.staff import Capability
from clinicdesk.errors import ChangedElsewhere, ClinicError, DaysNotKept, ServerAway, SlotTaken
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Change, Clinic
from clinicdesk.words import _


class AgendaPage(QWidget):
    """A day of many, or the week of one. What other desks do arrives by `apply_changes`."""

    book_requested = Signal(object, object)  # Slot or None, Spot or None
    reschedule_requested = Signal(object, bool)  # Appointment, whether without what goes along
    call_requested = Signal(object)  # Appointment
    slip_requested = Signal(object)  # Appointment
    recall_requested = Signal(object)  # Appointment
    print_requested = Signal(object)  # dt.date
    search_requested = Signal()
    try_now_requested = Signal()
    kit_requested = Signal()
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
        self._offline = ""
        self._wanted: UUID | None = None
        self._shown = self.board.day, self.board.mode  # what was read last
        self.pictures = AgendaPictures(self.model, self.board, clock)
        self.view = self.pictures.hours
        self.deeds = AgendaDeeds(clinic, background, undo, clock, self)
        self.group = GroupDeeds(clinic, background, undo, self.deeds, clock, self)
        self.loading = AgendaLoading(clinic, background, self.board, self.model, clock, self)
        self.incoming = AgendaIncoming(clinic, background, self.board, self.model, self.loading, clock, self)
        self.holds = AgendaHolds(clinic, background, clock, self)
        self.bar = AgendaBar()
        self.idle = IdlePanel(clock)
        self.panel = SidePanel(self.idle)
        self.linked = LinkedVisits(
            clinic, background, self.deeds, self.group, self.model, clock, self, self._place_of_card
        )
        self.openings = AgendaOpenings(clinic, background, self.board, self.model, self.linked, self.panel, clock, self)
        self.waiting_list = AgendaWaiting(
            clinic, background, undo, self.board, self.idle.waiting, self.panel, clock, self
        )
        self.views = AgendaViews(clinic, background, undo, lambda: self.board.settings, self)
        self.small_drafts = SmallDrafts(self, clinic, background, self)
        self.closing = AgendaClosing(clinic, background, undo, clock, self)
        self.carrying = AgendaCarrying(
            clinic,
            background,
            undo,
            self.linked,
            self.view,
            self.idle.month,
            self.idle.pinboard,
            self.panel,
            clock,
            self,
        )
        self.commands = AgendaCommands(self.linked, self.openings, self._denied, self)
        self.header = AgendaHeader()
        self.banner = Banner("warn", "")
        self.banner.as_band()
        self.look = AgendaLook(self.board, self.loading, self.pictures, self.header, self.bar, self.views, toasts, self)
        self.waiting = WaitingStrip()
        self.waiting.set_zone(clock.zone)
        self.waiting.set_professional(clinic.person.professional_id)
        self.past: PastPane | None = None
        self._recount = QTimer(self, singleShot=True, interval=0)
        self._arrange()
        self._connect()
        self.setFocusProxy(self.pictures)
        self.closing.read()
        self.views.read()
        self.idle.pinboard.set_zone(clock.zone)
        self.reload()

    # --- what others ask ---

    @property
    def day(self) -> dt.date:
        """The day that is open, or lies in the week or month that is."""
        return self.board.day

    @property
    def mode(self) -> Mode:
        """Day, week, month or list."""
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
        """Open another day, or the week or month it lies in."""
        self.board.day = day
        self.view.select(None)
        self.loading.load()

    def show_mode(self, mode: str) -> None:
        """Show a day of many, the week of one, the month, or the list of a day.

        The week is the one of the chosen visit's professional when a visit is chosen.
        """
        if mode == WEEK and self.chosen is not None and self.chosen.professional_id != self.board.professional_id:
            self.board.professional_id = self.chosen.professional_id
            self.bar.set_professional(self.chosen.professional_id)
            self.loading.forget()
        self.look.turn_to(Mode(mode))
        self.loading.load()

    def show_week_of(self, professional_id: UUID) -> None:
        """Open the week of one professional."""
        self.look.choose_professional(professional_id)
        self.bar.set_professional(professional_id)
        self.show_mode(WEEK)

    def select(self, appointment_id: UUID | None) -> None:
        """Choose a visit that is on show."""
        self.view.select(appointment_id)

    @property
    def settings(self) -> ViewSettings:
        """How the agenda is looked at now."""
        return self.board.settings

    def apply_settings(self, settings: ViewSettings) -> None:
        """Look at the agenda like this."""
        self.look.apply(settings)

    def toggle_names(self) -> None:
        """Hide who people are, or show it again."""
        privacy.hide(not privacy.hides())

    def show_visit(self, appointment: Appointment) -> None:
        """Open the day of a visit with the visit chosen."""
        self.close_past()
        self._wanted = appointment.id
        self.look.turn_to(DAY)
        self.show_day(appointment.starts_at.astimezone(self._clock.zone).date())

    def reload(self) -> None:
        """Read again everything that is open; the picture stays until the answer is there."""
        self.loading.load_catalogue()
        self.carrying.reload()
        self.holds.load()
        self.waiting_list.load()

    def apply_changes(self, changes: Sequence[Change]) -> None:
        """Take in what happened at any desk."""
        self.incoming.apply(changes)
        if any(change.kind == "saved_view" for change in changes):
            self.views.read()
        self.carrying.hear(changes)
        self.holds.apply(changes)
        self.waiting_list.apply(changes)
        if self.past is not None and any(change.kind == "appointment" for change in changes):
            self.past.hear()

    def set_offline(self, words: str, detail: str = "") -> None:
        """Say that the clinic does not answer; empty words take the banner away and give the gestures back."""
        self._offline = words
        self.banner.setVisible(bool(words))
        if words:
            self.banner.say("warn", words, _("Try now"), detail, "wifi-off", other=_("Print the paper kit"))
        self.view.set_read_only(bool(words))
        denied = allowed.reason(Capability.BLOCK_TIME)
        self.bar.block.setEnabled(not words and not denied)
        self.bar.block.setToolTip(words or denied)
        self.openings.set_offline(words)
        if self.past is not None:
            self.past.set_offline(words)

    def open_past(self, event: HistoryEvent | None = None) -> None:
        """Lay the open day over the agenda as it stood; of a visit's event, the day and the moment of that."""
        if self.catalogue is None:
            return
        if self.past is None:
            self.past = PastPane(self, self._clinic, self._background, self.board, self._clock, self._offline)
            self.past.left.connect(self.close_past)
            self.setFocusProxy(self.past)
        if event is None or event.after is None:
            self.past.open(self.day)
        else:
            day = event.after.starts_at.astimezone(self._clock.zone).date()
            self.past.open(day, event.at, event.appointment_id)
        self.past.show()
        self.past.raise_()
        self.past.setFocus()

    def close_past(self) -> None:
        """Back to the present."""
        past, self.past = self.past, None
        if past is not None:
            self.setFocusProxy(self.pictures)
            past.hide()
            past.deleteLater()
            self.pictures.setFocus()

    def refuse_offline(self) -> bool:
        """Whether nothing can be written now; says so."""
        if self._offline:
            self._toasts.show_toast(self._offline, icon="wifi-off")
        return bool(self._offline)

    def _denied(self, capability: Capability | None) -> bool:
        return self.refuse_offline() or (capability is not None and allowed.refused(capability, self._toasts))

    def command(self, name: str) -> None:
        """Do to the chosen visit, or to all that are chosen in the list, what a key, a button or a menu names."""
        several = self.pictures.several if name in TOGETHER else []
        if several:
            self._take_together(several, TOGETHER[name])
        elif self.chosen is None:
            return
        elif name != "pin":
            self.commands.do(name, self.chosen)
        elif not self.refuse_offline():
            self.carrying.pin(self.chosen)

    def _take_together(self, visits: Sequence[Appointment], status: Status) -> None:
        ready = able(visits, status, self._clock.now())
        if ready and not self._denied(Capability.CHANGE_VISITS):
            self.closing.close_visits(ready, status)

    def call_patient(self) -> None:
        """Call the chosen patient to the screen; with nobody chosen, who is next of those who wait."""
        chosen = self.chosen or self.waiting.next_to_call()
        if chosen is not None:
            self.commands.do("call", chosen)

    def show_calls(self, calls: Mapping[UUID, dt.datetime]) -> None:
        """Mark in the strip who was called, and when."""
        self.waiting.set_calls(calls)

    def show_ghost(self, free: FreeSlot | None) -> None:
        """Show where a booking under way would lie; None takes it away."""
        self.view.set_free(self.board.ghost(free, self._clock.zone))

    @property
    def chosen(self) -> Appointment | None:
        """The visit chosen now."""
        return self.openings.shown.appointment if self.openings.shown else None

    # --- what came ---

    def _catalogue_came(self, catalogue: Catalogue) -> None:
        self.look.show_people()
        self.bar.set_services(catalogue.services)
        self.bar.show_mode(self.mode)
        hues = {one.id: one.hue for one in catalogue.professionals}
        self.pictures.set_hues(hues)
        self.idle.pinboard.set_hues(hues)
        self.waiting.set_professional_hues(hues)

    def _days_asked(self, first: dt.date, last: dt.date) -> None:
        if self.mode is MONTH:
            self.header.set_title(dates.month_title(self.day))
        elif first == last:
            self.header.set_title(dates.day_title(first), short=dates.short_day_title(first))
        else:
            self.header.set_title(dates.week_title(first, last))
        self.idle.show_day(self.day, self._clock.today())

    def _days_came(self, moved: bool) -> None:
        self._shown = self.board.day, self.board.mode
        if self.content is not None:
            self.view.set_zone(self.content.calendar.zone)
        self.pictures.refresh()
        self._recount.start()
        if moved:
            self.pictures.scroll_to_work()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.view.select(wanted)
        self.openings.refresh()
        self.loaded.emit()

    def _holds_changed(self) -> None:
        self.board.held = self.holds.standing
        self._model_changed()

    def _taken_in(self, appointment_id: UUID) -> None:
        self.view.settled(appointment_id)
        self.openings.refresh()
        self._recount.start()

    def _refused(self, appointment_id: UUID | None, error: ClinicError) -> None:
        if appointment_id is not None:
            self.view.refuse(appointment_id)
        if self.carrying.take_refusal(appointment_id, error):
            return
        self._toasts.show_toast(self._worded(error), icon="circle-alert")
        if isinstance(error, ChangedElsewhere):
            self.incoming.ask([error.id])

    def _failed(self, error: ClinicError) -> None:
        if isinstance(error, DaysNotKept):
            self._stay_with(error)
        elif not isinstance(error, ServerAway):  # the banner says that already
            self._toasts.show_toast(self._worded(error), icon="circle-alert")

    def say_failed(self, error: ClinicError) -> None:
        """Say what was refused."""
        self._failed(error)

    def _stay_with(self, error: DaysNotKept) -> None:
        """Those days cannot be read now: stay where one was, or begin with those that can."""
        if self.loading.days is None:
            self.board.day, mode = error.first, DAY
        else:
            self._toasts.show_toast(self._worded(error), icon="wifi-off")
            self.board.day, mode = self._shown
        if self.mode is not mode:
            self.look.turn_to(mode)
        self.loading.load()

    def on_show(self) -> tuple[dt.date, dt.date, Sequence[UUID], Sequence[Appointment]] | None:
        """What the picture holds: from which day to which, whose, and the visits; None before anything was read."""
        if self.loading.days is None:
            return None
        return (*self.loading.days, self.board.people(), self.model.appointments())

    # --- gestures ---

    def _move_wanted(self, appointment_id: UUID, column: object, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
        before = self.model.appointment(appointment_id) or self.carrying.held(appointment_id)
        if before is None:
            return
        slot = Slot(starts_at, ends_at)
        spot = self.board.place(before, column, slot)
        place = FreeSlot(spot.professional_id or before.professional_id, slot, spot.room_id, spot.equipment_id)
        self.linked.move(before, place, alone=self.view.dropped_alone)

    def _place_of_card(self, appointment_id: UUID) -> tuple[QWidget, QRect | None]:
        """Where a question about a visit is asked: beside its card, else beside its panel."""
        area = self.view.card_rect(appointment_id) if self.view.isVisible() else None
        if area is None:
            return self.panel.content or self.panel, None
        return self.view.viewport(), area

    def _ask_conflicts(self, command: EditSeries, plan: Plan) -> None:
        """Have what stands against a change of a series decided, visit by visit."""
        from clinicdesk.desk.agenda.series_conflicts import SeriesConflicts

        popover = SeriesConflicts(self, self._clock, self.catalogue, command, plan)
        popover.decided.connect(self.linked.write)
        popover.given_up.connect(lambda: self.view.refuse(command.appointment_id))
        popover.open_centred()

    def _take_in_hand(self, appointment: Appointment) -> None:
        if self.mode not in (DAY, WEEK):
            self.show_visit(appointment)  # where there are hours to move it over
            return
        self.pictures.setFocus()
        self.view.take_in_hand(appointment)

    def _described(self, refusal: ClinicError) -> str:
        """The callout's words; the next free time stands beside them as something to take."""
        if isinstance(refusal, SlotTaken):
            refusal = replace(refusal, next_free=None)
        return self._worded(refusal)

    def _worded(self, error: ClinicError) -> str:
        """What was refused, in words that may be seen now."""
        if isinstance(error, SlotTaken):
            error = replace(error, holder=privacy.shown_name(error.holder))
        return sentence(error, self._clock.zone)

    def _hint(self, column: Hashable, moment: dt.datetime) -> list[str]:
        return place_lines(self.board, column, moment, self._clock.now(), self._worded)

    def _place_clicked(self, column: object, moment: dt.datetime) -> None:
        """An empty place: who of the waiting list would like it."""
        professional_id = self.board.pointed(column).professional_id
        if professional_id is not None:
            self.waiting_list.point_at(professional_id, moment)

    def _book_place(self, moment: dt.datetime, professional_id: UUID) -> None:
        if not self.refuse_offline():
            self.book_requested.emit(Slot.lasting(moment, 30), Spot(professional_id))

    def _deed_done(self, after: Appointment) -> None:
        before = self.model.appointment(after.id)
        if before is not None:
            self.waiting_list.freed(before, after)

    def _create_wanted(self, column: object, starts_at: dt.datetime, ends_at: dt.datetime, _area: QRect) -> None:
        if not self.waiting_list.take_offer(column, starts_at):
            self.book_requested.emit(Slot(starts_at, ends_at), self.board.pointed(column))

    # --- wiring ---

    def step(self, steps: int) -> None:
        """Go to the next or the previous day, week or month."""
        self.show_day(self.board.stepped(steps))

    def go_today(self) -> None:
        """Back to the present."""
        self.show_day(self._clock.today())

    def open_calendar(self) -> None:
        """Go to a date: the month gets the keyboard."""
        self.view.select(None)
        self.beside.reveal()
        self.idle.month.setFocus()

    def _leave_panel(self) -> None:
        self.beside.put_away()
        self.pictures.setFocus()

    def _day_chosen(self, day: dt.date) -> None:
        if self.mode is MONTH:
            self.look.turn_to(DAY)
        self.show_day(day)
        self._leave_panel()

    def _see_day(self, day: dt.date) -> None:
        first, last = self.board.days()
        if not first <= day <= last:
            self.show_day(day)

    def _open_day(self, day: dt.date) -> None:
        self.look.turn_to(DAY)
        self.show_day(day)
        self.pictures.setFocus()

    def ask_block(self) -> None:
        """Ask whose time to keep free, and when."""
        if not self._denied(Capability.BLOCK_TIME):
            self.openings.ask_block(self.bar.block, self.deeds.block)

    def open_unclosed(self) -> None:
        """Show the past visits that nobody has closed."""
        if not self.refuse_offline():
            self.closing.open(self)

    def ask_print(self) -> None:
        """Print the day that is open."""
        self.print_requested.emit(self.day)

    def _minute_passed(self) -> None:
        self.view.set_now(self._clock.now())
        self.waiting_list.minute_passed()
        self._recount.start()
        self.closing.read_soon()

    def _model_changed(self, *_arguments: object) -> None:
        self.board.forget_taken()
        self._recount.start()

    def _count_again(self) -> None:
        self.pictures.refresh()
        self.waiting_list.look_again()
        appointments = self.model.appointments()
        self.bar.counts.show_counts(appointments)
        today = self.mode in (DAY, LIST) and self.day == self._clock.today()
        self.waiting.set_waiting(appointments if today else (), self._clock.now())
        self.bar.show_legend(self.board.services_on_show() if self.mode is WEEK else ())
        titles = {WEEK: _("The week in figures"), MONTH: _("The month in figures")}
        self.idle.show_figures(titles.get(self.mode, _("The day in figures")), appointments, self._use())

    def _use(self) -> DayUse | None:
        """What becomes of the open time of all columns together; None where there are no columns."""
        if self.mode not in (DAY, WEEK):
            return None
        return sum((spec.use for spec in self.view.scene.specs if spec.use), DayUse())

    def _veiled(self, _hidden: bool) -> None:
        self.openings.veil()
        self.idle.pinboard.veil()
        self.waiting.veil()

    def _arrange(self) -> None:
        self.banner.hide()
        content = QWidget()
        content.setFocusProxy(self.pictures)
        left = QVBoxLayout(content)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.bar)
        left.addWidget(self.waiting)
        left.addWidget(self.pictures, 1)
        self.beside = Beside(content, self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(self.beside, 1)

    def _connect(self) -> None:
        self.header.stepped.connect(self.step)
        self.header.today_wanted.connect(self.go_today)
        self.header.mode_chosen.connect(self.show_mode)
        self.header.print_wanted.connect(self.ask_print)
        self.header.book_wanted.connect(lambda: self.book_requested.emit(None, None))
        self.header.search_requested.connect(self.search_requested)
        self.banner.acted.connect(self.try_now_requested)
        self.banner.other_acted.connect(self.kit_requested)
        self.idle.day_chosen.connect(self._day_chosen)
        self.idle.left.connect(self._leave_panel)
        self.beside.floating_changed.connect(self.bar.offer_panel)
        self.beside.covered_changed.connect(self.view.set_covered)
        self.bar.panel_requested.connect(self.beside.toggle)
        self.panel.emptied.connect(lambda: self.view.select(None))
        privacy.veil().changed.connect(self._veiled)
        self.bar.block_requested.connect(self.ask_block)
        for past_wanted in (self.bar.past_requested, self.idle.past_requested):
            past_wanted.connect(lambda: self.open_past())
        self.openings.past_wanted.connect(self.open_past)
        self.waiting.chosen.connect(self.view.select)
        self.waiting.call_requested.connect(self.call_requested)
        self.view.selected.connect(self.openings.show)
        self.pictures.chosen.connect(self.view.select)
        self.pictures.activated.connect(self.openings.focus)
        self.pictures.menu_requested.connect(self.openings.open_menu)
        self.pictures.commanded.connect(self.command)
        self.pictures.day_opened.connect(self._open_day)
        self.pictures.stepped.connect(self.step)
        self.view.create_requested.connect(self._create_wanted)
        self.view.move_requested.connect(self._move_wanted)
        self.view.set_hint(self._hint)
        self.holds.changed.connect(self._holds_changed)
        self.view.set_explain(self.board.explained, self._described)
        self.openings.commanded.connect(self.command)
        self.openings.closed.connect(lambda: self.view.select(None))
        self.openings.visit_chosen.connect(self.show_visit)
        self.loading.catalogue_came.connect(self._catalogue_came)
        self.loading.asked.connect(self._days_asked)
        self.loading.came.connect(self._days_came)
        self.incoming.taken.connect(self._taken_in)
        self.commands.reschedule_wanted.connect(self.reschedule_requested)
        self.commands.cut_wanted.connect(self._take_in_hand)
        self.bar.unclosed_requested.connect(self.open_unclosed)
        self.closing.counted.connect(self.bar.show_unclosed)
        self.closing.changed.connect(self.incoming.take)
        self.closing.visit_wanted.connect(self.show_visit)
        self.incoming.taken.connect(lambda _id: self.closing.read_soon())
        self.commands.call_wanted.connect(self.call_requested)
        self.commands.slip_wanted.connect(self.slip_requested)
        self.commands.recall_wanted.connect(self.recall_requested)
        for source in (self.loading, self.incoming, self.openings, self.commands, self.closing, self.views):
            source.failed.connect(self._failed)
        self.deeds.changed.connect(self._deed_done)
        self.deeds.changed.connect(self.incoming.take)
        self.waiting_list.deeds.booked.connect(self._deed_done)
        self.waiting_list.deeds.booked.connect(self.incoming.take)
        self.waiting_list.failed.connect(self._failed)
        self.waiting_list.offers_changed.connect(self._holds_changed)
        self.waiting_list.told.connect(lambda words, icon: self._toasts.show_toast(words, icon=icon))
        self.waiting_list.free_changed.connect(self.view.set_free)
        self.waiting_list.book_wanted.connect(self._book_place)
        self.waiting_list.place_closed.connect(self.view.setFocus)
        self.waiting_list.place_opened.connect(self._see_day)
        self.view.place_clicked.connect(self._place_clicked)
        self.deeds.refused.connect(self._refused)
        self.carrying.refused.connect(self._refused)
        self.carrying.day_wanted.connect(self.show_day)
        self.linked.refused.connect(self._refused)
        self.linked.left.connect(self.view.refuse)
        self.linked.conflicts_found.connect(self._ask_conflicts)
        self.deeds.blocks_changed.connect(self.loading.load)
        self._recount.timeout.connect(self._count_again)
        self._clock.minute_passed.connect(self._minute_passed)
        for signal in (self.model.dataChanged, self.model.modelReset, self.model.rowsInserted, self.model.rowsRemoved):
            signal.connect(self._model_changed)
