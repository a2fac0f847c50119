"""Alerts for the desk where they are read: a professional writes one and withdraws those that no longer hold."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk.patients.timeline_looks import ALERT_ICONS, ALERT_TONES
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.patient_words import breakable
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.desk.wording_fields import field_problem
from clinicdesk.domain.alerts import LONGEST, clean_alert
from clinicdesk.domain.patients import Alert, Severity
from clinicdesk.errors import InvalidField
from clinicdesk.words import _

_WIDTH = 420


class AlertsPopover(Popover):
    """`write_wanted` carries a Severity and the text, `withdraw_wanted` an Alert. What was typed stays as a draft."""

    write_wanted = Signal(object, str)
    withdraw_wanted = Signal(object)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.severity = Segmented(
            [
                (Severity.SEVERE, _("Grave")),
                (Severity.WARNING, _("Attention")),
                (Severity.INFO, _("Good to know")),
            ],
            _("How grave"),
        )
        self.text = LineEdit(_("Severe allergy: latex"))
        self.text.setMaxLength(LONGEST)
        self.field = Field(_("What the desk has to know"), self.text, check=_problem)
        self.write = Button(_("Write alert"), "primary", "shield-alert", key="Ctrl Enter", size="dense")
        self._standing = QVBoxLayout()
        self._standing.setSpacing(4)
        body = QWidget()
        body.setFixedWidth(_WIDTH)
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(Label(_("Alerts for the desk"), "section"))
        column.addLayout(self._standing)
        column.addWidget(self.severity, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.field)
        advice = Label(_("Everybody at the desk reads it: short, and no clinical text."), "second", "muted", wrap=True)
        advice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        column.addWidget(advice)
        column.addWidget(self.write, 0, Qt.AlignmentFlag.AlignRight)
        self.set_content(body, self.text)
        self.write.clicked.connect(self._write)
        self.text.returnPressed.connect(self._write)

    def show_alerts(self, alerts: Sequence[Alert]) -> None:
        """These stand now."""
        while (item := self._standing.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for alert in alerts:
            self._standing.addWidget(self._row(alert))

    def written(self) -> None:
        """What was typed has become an alert."""
        self.text.clear()
        self.field.set_error("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if entered and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._write()
        else:
            super().keyPressEvent(event)

    def _row(self, alert: Alert) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(IconLabel(ALERT_ICONS[alert.severity], f"{ALERT_TONES[alert.severity]}Text", 16))
        words = Label(breakable(alert.text), "body", wrap=True)
        words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        row.addWidget(words, 1)
        withdraw = Button(_("Withdraw"), "link", size="dense")
        withdraw.setAccessibleName(_("Withdraw: {text}").format(text=alert.text))
        withdraw.clicked.connect(lambda: self.withdraw_wanted.emit(alert))
        row.addWidget(withdraw)
        return holder

    def _write(self) -> None:
        if self.field.validate():
            self.write_wanted.emit(Severity(self.severity.current), self.text.text())
        else:
            self.text.setFocus()


def _problem(text: str) -> str:
    try:
        clean_alert(text)
    except InvalidField as problem:
        return field_problem(problem)
    return ""
