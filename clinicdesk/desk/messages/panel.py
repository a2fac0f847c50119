"""Beside the conversation: the visit it is about, what has to be known, and who the patient is."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.dates import relative_day, short_day_title
from clinicdesk.desk.messages.interpreting import InterpretCard
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.status import STATUS_LOOKS
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.inbox import Beside, Talk
from clinicdesk.domain.patients import Severity, age
from clinicdesk.formats import money, time_range
from clinicdesk.words import _, ngettext

_TONES = {Severity.SEVERE: "danger", Severity.WARNING: "warn", Severity.INFO: "info"}
_DAY = 24 * 60


class TalkPanel(QWidget):
    """`commanded` carries what is asked: reschedule, show_visit, book, open_patient, find_patient, new_patient."""

    commanded = Signal(str)

    def __init__(self, talk: Talk, beside: Beside, clock: DeskClock, hue: int | None = None) -> None:
        super().__init__()
        self.talk, self.beside = talk, beside
        self._clock, self._hue = clock, hue
        self.buttons: dict[str, Button] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self._queue = QVBoxLayout()
        self.interpret: InterpretCard | None = None
        if beside.patient is None:
            self._unknown()
        else:
            self._visit()
            self._alerts()
        self.column.addLayout(self._queue)
        if beside.patient is not None:
            self._facts()
        self.column.addStretch(1)

    def show_reply(self, shown: InterpretCard | None) -> None:
        """A reply that waits for a person, in its place; None for none."""
        if self.interpret is not None:
            self._queue.removeWidget(self.interpret)
            self.interpret.hide()
            self.interpret.deleteLater()
        self.interpret = shown
        if shown is not None:
            self._queue.addWidget(shown)

    def set_offline(self, words: str) -> None:
        """Why nothing can be written now; empty when it can."""
        for name in ("reschedule", "book", "find_patient", "new_patient"):
            button = self.buttons.get(name)
            if button is not None and words:
                button.refuse(words)
            elif button is not None:
                button.permit()
        if self.interpret is not None:
            self.interpret.set_offline(words)

    def _unknown(self) -> None:
        self.column.addWidget(Label(_("Who is this?"), "section"))
        words = _("This number is nobody’s on the register. Find the patient, or register a new one.")
        self.column.addWidget(Label(words, "body", "muted", wrap=True))
        self.column.addWidget(self._button("find_patient", _("Find the patient"), "search", "primary"))
        self.column.addWidget(self._button("new_patient", _("Register a new patient"), "user-plus", "secondary"))

    def _visit(self) -> None:
        visit = self.beside.visit
        row = QHBoxLayout()
        row.addWidget(Label(_("No visit booked") if visit is None else self._title(visit), "section"))
        row.addStretch(1)
        if visit is None:
            self.column.addLayout(row)
            self.column.addWidget(self._button("book", _("Book"), "calendar-plus", "secondary"))
            return
        look = STATUS_LOOKS[visit.status]
        row.addWidget(Chip(_(look.word), look.tone, look.icon))
        self.column.addLayout(row)
        self.column.addWidget(_VisitCard(visit, self._clock, self._hue))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        if visit.status in (Status.PENDING, Status.CONFIRMED):
            buttons.addWidget(self._button("reschedule", _("Reschedule"), "calendar-clock", "secondary"))
        buttons.addWidget(self._button("show_visit", _("See it on the agenda"), "calendar-days", "secondary"))
        self.column.addLayout(buttons)

    def _title(self, visit: Appointment) -> str:
        day, today = visit.starts_at.astimezone(self._clock.zone).date(), self._clock.today()
        if day == today:
            return _("Visit today")
        if (day - today).days == 1:
            return _("Visit {day}").format(day=relative_day(day, today))
        return _("Visit on {day}").format(day=short_day_title(day).lower())

    def _alerts(self) -> None:
        patient = self.beside.patient
        alerts = [] if patient is None else [one for one in patient.alerts if one.severity is not Severity.INFO]
        for alert in sorted(alerts, key=lambda one: one.severity is not Severity.SEVERE):
            self.column.addWidget(Banner(_TONES[alert.severity], alert.text, icon="shield-alert"))
        self.column.addWidget(separator())

    def _facts(self) -> None:
        patient, metrics = self.beside.patient, self.beside.metrics
        assert patient is not None
        self.column.addWidget(Label(_("Patient"), "section"))
        today = self._clock.today()
        who = []
        if patient.birth_date is not None:
            years = age(patient.birth_date, today)
            who.append(ngettext("{count} year old", "{count} years old", years).format(count=years))
        if patient.guardian_name:
            who.append(_("resp. {name}").format(name=patient.guardian_name))
        self._fact("user-round", " · ".join(who) or _("No birth date on the register"))
        came = ngettext("{count} visit", "{count} visits", metrics.completed).format(count=metrics.completed)
        missed = ngettext("{count} missed", "{count} missed", metrics.no_show).format(count=metrics.no_show)
        never = _("none missed")
        self._fact("history", f"{came} · {missed if metrics.no_show else never}")
        self._fact("bell", self._reminders())
        self.column.addWidget(self._button("open_patient", _("Open the record"), "external-link", "flat"), 0,
                              Qt.AlignmentFlag.AlignLeft)  # fmt: skip

    def _reminders(self) -> str:
        if self.talk.opted_out_at is not None:
            return _("Asked for no messages")
        if not self.beside.consents:
            return _("No consent to messages on record")
        if not self.beside.reminders:
            return _("This clinic sends no reminders")
        times = [_before(one) for one in self.beside.reminders]
        told = (
            times[0] if len(times) == 1 else _("{some} and {last}").format(some=", ".join(times[:-1]), last=times[-1])
        )
        return _("Reminders: {times} before").format(times=told)

    def _fact(self, icon: str, words: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(IconLabel(icon), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(words, "body", wrap=True), 1)
        self.column.addLayout(row)

    def _button(self, command: str, words: str, icon: str, kind: str) -> Button:
        button = Button(words, kind, icon)
        button.clicked.connect(lambda: self.commanded.emit(command))
        self.buttons[command] = button
        return button


class _VisitCard(QWidget):
    """The visit as it stands on the agenda: its colour, when, what, with whom and where."""

    def __init__(self, visit: Appointment, clock: DeskClock, hue: int | None) -> None:
        super().__init__()
        theme = current()
        self._hue = visit.category_hue if hue is None else hue
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 10, 12, 10)
        column.setSpacing(2)
        column.addWidget(Label(time_range(visit.starts_at, visit.ends_at, clock.zone), "section", numbers=True))
        column.addWidget(Label(visit.service_name, "control", wrap=True))
        where = " · ".join(filter(None, (visit.professional_name, visit.room_name, money(visit.price))))
        column.addWidget(Label(where, "second", wrap=True))
        self.setMinimumHeight(theme.line_height("section") + theme.line_height("control") + 40)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, shades = QPainter(self), current().hue(self._hue)
        area = QRectF(self.rect())
        drawing.box(painter, area, 6, shades.fill)
        drawing.box(painter, QRectF(0, 0, 4, area.height()), 2, shades.edge)


def _before(minutes: int) -> str:
    if minutes >= 3 * _DAY and minutes % _DAY == 0:
        days = minutes // _DAY
        return ngettext("{count} day", "{count} days", days).format(count=days)
    if minutes % 60 == 0:
        return _("{hours} h").format(hours=minutes // 60)
    return ngettext("{count} min", "{count} min", minutes).format(count=minutes)
