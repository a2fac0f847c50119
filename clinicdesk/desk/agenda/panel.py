"""What is known of the chosen visit: state, who, alert, when, the next step, and what happened to it."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import dates, icons
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.history import HistoryLine, history_lines
from clinicdesk.desk.agenda.history_entry import HistoryEntry
from clinicdesk.desk.agenda.kin import KinList, place_words, rule_sentence
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.shortcuts import AGENDA, key_for
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.label import Label, narrow_label, separator
from clinicdesk.desk.widgets.status import STATUS_LOOKS
from clinicdesk.desk.widgets.tabs import Tabs
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.closing import is_unclosed
from clinicdesk.domain.history import HistoryEvent
from clinicdesk.domain.patients import age, show_phone
from clinicdesk.formats import money, time_range
from clinicdesk.terms import channel_phrase
from clinicdesk.usecases.series import SeriesOnShow
from clinicdesk.words import _, marked, ngettext

# The one step that comes next, as the button that stands out: command, icon, word.
_NEXT = {
    Status.PENDING: ("confirm", "circle-check", marked("Confirm")),
    Status.CONFIRMED: ("check_in", "log-in", marked("Register the arrival")),
    Status.CHECKED_IN: ("start", "stethoscope", marked("Start the consultation")),
    Status.IN_PROGRESS: ("complete", "check-check", marked("Complete")),
    Status.NO_SHOW: ("restore", "undo-2", marked("Put back on the agenda")),
    Status.CANCELLED: ("restore", "undo-2", marked("Put back on the agenda")),
}


class AppointmentPanel(QWidget):
    """Shows one appointment. `commanded` carries the name of what was asked: confirm, check_in, reschedule …"""

    commanded = Signal(str)
    closed = Signal()
    visit_chosen = Signal(object)  # Appointment
    past_wanted = Signal(object)  # HistoryEvent

    def __init__(self, appointment: Appointment, clock: DeskClock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._history: tuple[HistoryEvent, ...] = ()
        self._visits: tuple[Appointment, ...] = ()
        self._series: SeriesOnShow | None = None
        self._services: tuple[Appointment, ...] = ()  # of the same coming, this one among them
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._tab = "history"
        self._offline = ""
        self._steps: list[Button] = []
        self.primary: Button | None = None
        self.show_appointment(appointment)

    def show_appointment(self, appointment: Appointment) -> None:
        """Show this value of it; what was loaded for the same patient stays."""
        self.appointment = appointment
        if self._series is not None and appointment.series_id != self._series.series.id:
            self._series = None
        self._build()

    def set_offline(self, words: str) -> None:
        """Why nothing can be written now; empty when it can."""
        self._offline = words
        for button in self._steps:
            if words:
                button.refuse(words)
            else:
                button.permit()

    def show_history(self, events: Sequence[HistoryEvent]) -> None:
        """What happened to it, oldest first."""
        self._history = tuple(events)
        self._fill_tab()

    def show_visits(self, visits: Sequence[Appointment]) -> None:
        """The patient's other visits, newest first."""
        self._visits = tuple(visits)
        self._fill_tab()
        self._fill_figures()

    def show_series(self, shown: SeriesOnShow) -> None:
        """The series it is part of."""
        self._series = shown
        self._build()

    @property
    def series(self) -> SeriesOnShow | None:
        """The series it is part of, once it was read."""
        return self._series

    def show_services(self, services: Sequence[Appointment]) -> None:
        """All services of the same coming, in order of time."""
        self._services = tuple(services)
        self._build()

    # --- building ---

    def _build(self) -> None:
        focused = self.primary is not None and self.primary.hasFocus()
        self._build_anew()
        if focused and self.primary is not None:
            self.primary.setFocus()

    def _build_anew(self) -> None:
        _emptied(self._column)
        a = privacy.shown(self.appointment)
        self._column.addLayout(self._head())
        self._column.addWidget(narrow_label(a.patient_name, "panel_name"))
        self._column.addWidget(narrow_label(self._who(), "second", "muted"))
        if a.alert:
            self._column.addWidget(Banner("danger", a.alert))
        for icon, strong, quiet in self._facts():
            self._column.addWidget(_Fact(icon, strong, quiet))
        if len(self._services) > 1:
            self._column.addWidget(Label(_("In the same visit"), "second", "muted"))
            self._column.addWidget(self._kin(self._services, days=False))
        if a.cancelled_late:
            self._column.addWidget(Banner("warn", _("Cancelled late by the patient"), icon="timer"))
        if a.status is Status.CANCELLED and a.cancel_reason:
            self._column.addWidget(Banner("info", a.cancel_reason, icon="ban"))
        self._add_actions()
        if self._offline:
            self.set_offline(self._offline)
        tabs = [("history", _("History")), ("visits", _("Visits")), ("note", _("Note"))]
        if self._series is not None:
            tabs.insert(1, ("series", _("Series")))
        elif self._tab == "series":
            self._tab = "history"
        self._tabs = Tabs(tabs, _("About this visit"))
        self._tabs.set_current(self._tab)
        self._tabs.chosen.connect(self._tab_chosen)
        self._column.addWidget(self._tabs)
        self._page = QVBoxLayout()
        self._page.setSpacing(4)
        self._column.addLayout(self._page)
        self._column.addStretch(1)
        self._column.addWidget(separator())
        self._figures = QHBoxLayout()
        self._column.addLayout(self._figures)
        self._fill_tab()
        self._fill_figures()

    def _head(self) -> QHBoxLayout:
        look = STATUS_LOOKS[self.appointment.status]
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Chip(_(look.word), look.tone, look.icon))
        row.addWidget(Label(channel_phrase(self.appointment.status_channel), "second", "muted"))
        row.addStretch(1)
        menu = icon_button("ellipsis", _("More"), size="dense")
        menu.clicked.connect(lambda: self.commanded.emit("menu"))
        close = icon_button("x", _("Close"), size="dense", key="Esc")
        close.clicked.connect(self.closed)
        row.addWidget(menu)
        row.addWidget(close)
        return row

    def _who(self) -> str:
        a = privacy.shown(self.appointment)
        parts = []
        if a.patient_birth_date:
            years = age(a.patient_birth_date, self._clock.today())
            parts.append(ngettext("{count} year old", "{count} years old", years).format(count=years))
        if a.guardian_name:
            parts.append(_("booked by {name}").format(name=a.guardian_name))
        if a.first_visit:
            parts.append(_("first visit"))
        if a.reschedule_count:
            count = a.reschedule_count
            parts.append(ngettext("rescheduled once", "rescheduled {count} times", count).format(count=count))
        return " · ".join(parts) or (_("Details hidden") if privacy.hides() else _("No birth date on the register"))

    def _facts(self) -> list[tuple[str, str, str]]:
        a = privacy.shown(self.appointment)
        local = a.starts_at.astimezone(self._clock.zone)
        place = [_("{minutes} min").format(minutes=a.slot.minutes), a.room_name, a.equipment_name]
        place.append(dates.relative_day(local.date(), self._clock.today()))
        facts = [
            ("clock", time_range(a.starts_at, a.ends_at, self._clock.zone), " · ".join(filter(None, place))),
            (a.service_icon, a.service_name, f"{a.professional_name} · {money(a.price)}"),
        ]
        if a.patient_phone:
            facts.append(("phone", show_phone(a.patient_phone), _("mobile and WhatsApp")))
        if a.overbooked:
            facts.append(("zap", _("Overbooking"), a.overbooking_reason))
        if self._series is not None:
            facts.append(("repeat", place_words(self._series, self.appointment), rule_sentence(self._series)))
        return facts

    def _add_actions(self) -> None:
        unclosed = is_unclosed(self.appointment, self._clock.now())
        next_step = _NEXT[Status.IN_PROGRESS] if unclosed else _NEXT.get(self.appointment.status)
        self.primary = None
        self._steps = []
        if next_step:
            command, icon, word = next_step
            key = "" if command == "restore" else key_for(AGENDA, command)
            self.primary = Button(_(word), "primary", icon=icon, key=key, size="key")
            self.primary.clicked.connect(lambda: self.commanded.emit(command))
            self._column.addWidget(self.primary)
            self._steps.append(self.primary)
        if not self.appointment.status.holds_the_slot or self.appointment.status is Status.COMPLETED:
            return
        row = QHBoxLayout()
        row.setSpacing(8)
        if unclosed:
            self._add_other_end(row)
            return
        # Three of them have no room for their icons in a narrow panel.
        three = self.appointment.status is Status.PENDING
        if self.appointment.status in (Status.PENDING, Status.CONFIRMED):
            if three:
                self._small(row, "check_in", "", _("Arrived"))
            self._small(row, "reschedule", "" if three else "calendar-clock", _("Reschedule"))
        if self.appointment.status in (Status.CHECKED_IN, Status.IN_PROGRESS):
            self._small(row, "call", "megaphone", _("Call"))
        if self.appointment.status is not Status.IN_PROGRESS:
            self._small(row, "cancel", "" if three else "ban", _("Cancel"), "danger")
        if row.count():
            self._column.addLayout(row)

    def _add_other_end(self, row: QHBoxLayout) -> None:
        """What else may have become of a visit that is over."""
        if self.appointment.status is not Status.IN_PROGRESS:
            self._small(row, "no_show", "user-x", _("Did not come"), "danger")
            self._small(row, "cancel", "ban", _("Cancel"))
            self._column.addLayout(row)

    def _small(self, row: QHBoxLayout, command: str, icon: str, word: str, tone: str = "") -> None:
        button = Button(word, "secondary", icon=icon, tone=tone)
        button.setToolTip(f"{word} ({key_for(AGENDA, command)})")
        self._steps.append(button)
        button.clicked.connect(lambda: self.commanded.emit(command))
        row.addWidget(button, 1)

    # --- the tabs ---

    def show_tab(self, tab: str) -> None:
        """Turn to a tab; one that is not there changes nothing."""
        if tab != "series" or self._series is not None:
            self._tabs.set_current(tab)
            self._tab_chosen(tab)

    def _tab_chosen(self, tab: str) -> None:
        self._tab = tab
        self._fill_tab()

    def _fill_tab(self) -> None:
        _emptied(self._page)
        if self._tab == "history":
            for line in history_lines(self._history, self._clock):
                self._page.addWidget(self._entry(line))
        elif self._tab == "visits":
            self._fill_visits()
        elif self._tab == "series":
            self._page.addWidget(self._kin(self._series.members if self._series else (), days=True))
            further = Button(_("Go on with the series"), "soft", icon="repeat")
            further.clicked.connect(lambda: self.commanded.emit("extend"))
            if self._offline:
                further.refuse(self._offline)
            self._page.addWidget(further)
        else:
            note = privacy.shown(self.appointment).note
            self._page.addWidget(
                Banner("warn", note, icon="sticky-note") if note else Label(_("Nothing noted"), "second", "muted")
            )

    def _entry(self, line: HistoryLine) -> HistoryEntry:
        entry = HistoryEntry(line)
        entry.clicked.connect(lambda: self.past_wanted.emit(line.event))
        return entry

    def _kin(self, visits: Sequence[Appointment], *, days: bool) -> KinList:
        kin = KinList(visits, self.appointment.id, self._clock, days=days)
        kin.chosen.connect(self.visit_chosen)
        return kin

    def _fill_visits(self) -> None:
        others = [one for one in self._visits if one.id != self.appointment.id][:8]
        for one in others:
            look = STATUS_LOOKS[one.status]
            local = one.starts_at.astimezone(self._clock.zone)
            when = f"{dates.relative_day(local.date(), self._clock.today())}, {local:%H:%M}"
            self._page.addWidget(_Happened(look.icon, one.service_name, f"{when} · {one.professional_name}"))
        if not others:
            self._page.addWidget(Label(_("No other visits"), "second", "muted"))

    def _fill_figures(self) -> None:
        _emptied(self._figures)
        done = sum(one.status is Status.COMPLETED for one in self._visits)
        missed = sum(one.status is Status.NO_SHOW for one in self._visits)
        cancelled = sum(one.status is Status.CANCELLED for one in self._visits)
        for number, one, many in (
            (done, "visit", "visits"),
            (missed, "no-show", "no-shows"),
            (cancelled, "cancellation", "cancellations"),
        ):
            cell = QVBoxLayout()
            cell.setSpacing(0)
            cell.addWidget(Label(str(number), "panel_name", numbers=True))
            cell.addWidget(Label(ngettext(one, many, number), "second", "muted"))
            self._figures.addLayout(cell, 1)


class _Fact(QWidget):
    """An icon in a tile, a strong line and a quiet one."""

    def __init__(self, icon: str, strong: str, quiet: str) -> None:
        super().__init__()
        self._icon = icon
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(narrow_label(strong, "strong", numbers=True))
        words.addWidget(narrow_label(quiet, "second", "muted"))
        row = QHBoxLayout(self)
        row.setContentsMargins(48, 0, 0, 0)
        row.addLayout(words)
        self.setMinimumHeight(40)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        tile = QRectF(0, 2, 36, 36)
        drawing.box(painter, tile, 8, current().color("sunken"))
        icons.paint(painter, self._icon, "muted", QRectF(tile.center().x() - 9, tile.center().y() - 9, 18, 18))


class _Happened(QWidget):
    """A visit in one line: a disc with an icon, what for, and when and with whom."""

    def __init__(self, icon: str, words: str, detail: str) -> None:
        super().__init__()
        self._icon = icon
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(narrow_label(words, "control"))
        column.addWidget(narrow_label(detail, "detail", "muted"))
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 4, 0, 6)
        row.addLayout(column)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current().color("sunken"))
        painter.drawEllipse(QRectF(0, 4, 28, 28))
        icons.paint(painter, self._icon, "muted", QRectF(7, 11, 14, 14))


def _emptied(layout: QVBoxLayout | QHBoxLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif isinstance(inner, QVBoxLayout | QHBoxLayout):
            _emptied(inner)
