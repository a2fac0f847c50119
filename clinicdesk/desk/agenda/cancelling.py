"""Giving a visit up: by whom and why. It can be undone, so it is a popover and not a dialog."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.drafts import Typed
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.chip import FilterChip
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.domain.agenda import Appointment, CancelledBy
from clinicdesk.words import _, marked, ngettext

_REASONS = {
    CancelledBy.PATIENT: (marked("Fell ill"), marked("Something came up"), marked("Wants another day")),
    CancelledBy.CLINIC: (marked("Professional away"), marked("Equipment out of order"), marked("Emergency")),
}


class CancelPopover(Popover):
    """`decided` carries CancelledBy and the reason."""

    decided = Signal(object, str)

    def __init__(self, owner: QWidget, appointment: Appointment, late_hours: int = 0) -> None:
        super().__init__(owner)
        self._appointment = appointment
        self._late_hours = late_hours  # zero: not late, or there is no such thing here
        self.late = Label("", "second", "warnText", wrap=True)
        self.by = Segmented(
            [(CancelledBy.PATIENT, _("The patient")), (CancelledBy.CLINIC, _("The clinic"))], _("Who cancels")
        )
        self.reason = LineEdit(_("Why"))
        self._field = Field(_("Reason"), self.reason, reserve=True)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        self.confirm = Button(_("Cancel the visit"), "secondary", icon="ban", key="Ctrl Enter", tone="danger")
        body = QWidget()
        body.setFixedWidth(380)
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(
            Label(_("Who cancels {patient}’s visit?").format(patient=appointment.patient_name), "section", wrap=True)
        )
        column.addWidget(self.by, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.late)
        column.addLayout(self._chips)
        column.addWidget(self._field)
        column.addWidget(self.confirm)
        self.set_content(body, self.reason)
        self.by.chosen.connect(lambda _key: self._offer_reasons())
        self.confirm.clicked.connect(self._decide)
        self.reason.returnPressed.connect(self._decide)
        self.closed.connect(self.deleteLater)
        self._offer_reasons()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._decide()
        else:
            super().keyPressEvent(event)

    def typed(self) -> Typed | None:
        """What is to be kept of it: a reason, once there is one."""
        reason, visit = self.reason.text().strip(), self._appointment
        if not reason:
            return None
        return Typed(str(visit.id), visit.patient_name, [str(self.by.current), reason])

    def take_up(self, by: str, reason: str) -> None:
        """Put in what was kept."""
        self.by.set_current(CancelledBy(by))
        self._offer_reasons()
        self.reason.setText(reason)

    def _offer_reasons(self) -> None:
        late = self._late_hours if self.by.current == CancelledBy.PATIENT else 0
        words = ngettext(
            "Less than {count} hour of notice: it will be marked as late",
            "Less than {count} hours of notice: it will be marked as late",
            late,
        )
        self.late.setText(words.format(count=late))
        self.late.setVisible(bool(late))
        while (item := self._chips.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for reason in _REASONS[CancelledBy(self.by.current)]:
            chip = FilterChip(_(reason))
            chip.clicked.connect(partial(self._take_reason, _(reason)))
            self._chips.addWidget(chip)
        self._chips.addStretch(1)

    def _take_reason(self, words: str, _checked: bool = False) -> None:
        self.reason.setText(words)
        self.confirm.setFocus()

    def _decide(self) -> None:
        reason = self.reason.text().strip()
        if not reason:
            self._field.set_error(_("Say why, in a word or two"))
            self.reason.setFocus()
            return
        by = CancelledBy(self.by.current)
        self.dismiss()  # first: what is asked next takes the focus from where this one gives it back
        self.decided.emit(by, reason)
