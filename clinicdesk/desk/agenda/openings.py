"""What opens beside or over the agenda: the chosen visit's panel, its menu, and the questions a command asks."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk import allowed
from clinicdesk.desk.agenda.board import Board
from clinicdesk.desk.agenda.linked import LinkedVisits
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.agenda.panel import AppointmentPanel
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.side_panel import SidePanel
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import Appointment, is_late_cancellation
from clinicdesk.domain.staff import Capability, Role
from clinicdesk.errors import NotAllowed
from clinicdesk.usecases import agenda, series, visits
from clinicdesk.usecases.clinic import Clinic


class AgendaOpenings(QObject):
    """`commanded` carries what was asked of the chosen visit, `closed` that its panel was put away."""

    commanded = Signal(str)
    closed = Signal()
    visit_chosen = Signal(object)  # Appointment: another one of the same series or coming
    past_wanted = Signal(object)  # HistoryEvent
    failed = Signal(object)  # ClinicError

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        board: Board,
        model: AgendaModel,
        linked: LinkedVisits,
        panel: SidePanel,
        clock: DeskClock,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._clinic = clinic
        self._background = background
        self._board = board
        self._model = model
        self._linked = linked
        self._panel = panel
        self._clock = clock
        self._page = page
        self._offline = ""

    # --- the panel ---

    @property
    def shown(self) -> AppointmentPanel | None:
        """The panel of the chosen visit, while one is chosen."""
        content = self._panel.content
        return content if isinstance(content, AppointmentPanel) else None

    def show(self, appointment: Appointment | None) -> None:
        """Show what is known of a visit; None empties the panel."""
        if appointment is None:
            self._panel.clear()
            return
        if self.shown is not None and self.shown.appointment.id == appointment.id:
            return
        panel = AppointmentPanel(appointment, self._clock)
        panel.set_offline(self._why_not(appointment))
        panel.commanded.connect(self.commanded)
        panel.closed.connect(self.closed)
        panel.visit_chosen.connect(self.visit_chosen)
        panel.past_wanted.connect(self.past_wanted)
        self._panel.show_content(panel)
        self._read_about(panel)

    def refresh(self) -> None:
        """Let the panel show what the model holds."""
        panel = self.shown
        held = self._model.appointment(panel.appointment.id) if panel is not None else None
        if panel is not None and held is not None and held != panel.appointment:
            panel.show_appointment(held)
            self._read_about(panel)

    def show_tab(self, tab: str) -> None:
        """Turn the panel to what it tells of the visit: history, series, visits, note."""
        if self.shown is not None:
            self.shown.show_tab(tab)

    def veil(self) -> None:
        """Names were hidden, or are shown again."""
        if self.shown is not None:
            self.shown.show_appointment(self.shown.appointment)

    def set_offline(self, words: str) -> None:
        """Why nothing can be written now; empty when it can."""
        self._offline = words
        if self.shown is not None:
            self.shown.set_offline(self._why_not(self.shown.appointment))

    def focus(self) -> None:
        """Give the keyboard to the next step of the visit on show."""
        if self.shown is not None and self.shown.primary is not None:
            self.shown.primary.setFocus()

    def _why_not(self, appointment: Appointment) -> str:
        """Why nothing can be written on this visit; empty when it can. Professionals write on their own."""
        if self._offline or not allowed.may(Capability.CHANGE_VISITS):
            return self._offline or allowed.reason(Capability.CHANGE_VISITS)
        person = self._clinic.person
        if person.role is not Role.PROFESSIONAL or appointment.professional_id == person.professional_id:
            return ""
        return sentence(NotAllowed("appointment"))

    def _read_about(self, panel: AppointmentPanel) -> None:
        shown = panel.appointment
        self._background.run(
            panel,
            lambda: agenda.history(self._clinic, shown.id),
            panel.show_history,
            self.failed.emit,
            replaces="history",
        )
        self._background.run(
            panel,
            lambda: agenda.of_patient(self._clinic, shown.patient_id),
            panel.show_visits,
            self.failed.emit,
            replaces="visits",
        )
        series_id, visit_id = shown.series_id, shown.visit_id
        if series_id is not None:
            self._background.run(
                panel,
                lambda: series.on_show(self._clinic, series_id),
                panel.show_series,
                self.failed.emit,
                replaces="series",
            )
        if visit_id is not None:
            self._background.run(
                panel,
                lambda: visits.services_of(self._clinic, visit_id),
                panel.show_services,
                self.failed.emit,
                replaces="services",
            )

    # --- what asks ---

    def ask_cancel(self, appointment: Appointment) -> None:
        """Ask by whom and why a visit is given up."""
        from clinicdesk.desk.agenda.cancelling import CancelPopover

        content = self._board.content
        hours = content.policy.late_cancellation_hours if content is not None else 0
        late = is_late_cancellation(appointment.starts_at, self._clock.now(), hours)
        popover = CancelPopover(self._page, appointment, hours if late else 0)
        popover.decided.connect(lambda by, reason: self._linked.cancel(appointment, by, reason))
        popover.open_at(self._panel.content or self._panel)

    def ask_extend(self) -> None:
        """Ask how much longer the series of the visit on show goes on."""
        from clinicdesk.desk.agenda.going_on import GoOnPopover

        shown = self.shown.series if self.shown is not None else None
        if shown is not None:
            popover = GoOnPopover(self._page, self._clinic, self._background, self._clock, self._board.catalogue, shown)
            popover.decided.connect(self._linked.extend)
            popover.open_centred()

    def open_menu(self, appointment_id: UUID | None, where: QPoint) -> None:
        """Open the menu of a visit."""
        from clinicdesk.desk.agenda.menu import card_menu

        appointment = self._model.appointment(appointment_id) if appointment_id else None
        if appointment is not None:
            card_menu(appointment, self.commanded.emit, self._clock.now(), self._page).popup(where)

    def open_panel_menu(self, appointment: Appointment) -> None:
        """Open the menu of the visit in the panel, by its head."""
        self.open_menu(appointment.id, self._panel.mapToGlobal(QPoint(24, 64)))

    def ask_block(self, beside: QWidget, decided: Callable[..., None]) -> None:
        """Ask whose time is kept free, and when; nothing before the professionals are known."""
        from clinicdesk.desk.agenda.blocking import BlockPopover

        catalogue = self._board.catalogue
        people = [one for one in catalogue.professionals if one.id in self._board.shown] if catalogue else []
        if not people:
            return
        own, chosen = self._clinic.person.professional_id, self.shown.appointment if self.shown else None
        whose = own or (chosen.professional_id if chosen else None) or self._board.professional_id or people[0].id
        popover = BlockPopover(self._page, people, whose, self._board.day, self._clock)
        popover.decided.connect(decided)
        popover.open_at(beside)
