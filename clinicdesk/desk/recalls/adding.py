"""Asking, at the end of a visit, when its patient ought to come again."""

import datetime as dt

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.recall import AddRecall, months_later
from clinicdesk.formats import month_and_year
from clinicdesk.usecases.clinic import new_id
from clinicdesk.words import _, ngettext

_MONTHS = (1, 3, 6, 12)
_USUAL = 6


class RecallPopover(Popover):
    """`decided` carries AddRecall."""

    decided = Signal(object)

    def __init__(self, owner: QWidget, appointment: Appointment, today: dt.date) -> None:
        super().__init__(owner)
        self._appointment, self._today = appointment, today
        self.months = Segmented(
            [(str(one), ngettext("{count} month", "{count} months", one).format(count=one)) for one in _MONTHS],
            _("In how many months"),
        )
        self.months.set_current(str(_USUAL))
        self.service = Select([(appointment.service_id, appointment.service_name), (None, _("Any visit"))])
        self.reason = LineEdit(_("bring the exams, check the scar…"))
        self.confirm = Button("", "primary", icon="repeat", key="Ctrl Enter", size="key")
        body = QWidget()
        body.setFixedWidth(400)
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        title = _("When is {patient} to come again?").format(patient=appointment.patient_name)
        column.addWidget(Label(title, "section", wrap=True))
        column.addWidget(self.months, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(Field(_("For"), self.service, reserve=False))
        column.addWidget(Field(_("Note"), self.reason, optional=True, reserve=False))
        column.addWidget(self.confirm)
        self.set_content(body, self.confirm)
        self.months.chosen.connect(lambda _key: self._name_month())
        self.confirm.clicked.connect(self._decide)
        self.reason.returnPressed.connect(self._decide)
        self.closed.connect(self.deleteLater)
        self._name_month()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held:
            self._decide()
        else:
            super().keyPressEvent(event)

    def _due(self) -> dt.date:
        return months_later(self._today, int(self.months.current))

    def _name_month(self) -> None:
        self.confirm.setText(_("Call again in {month}").format(month=month_and_year(self._due())))

    def _decide(self) -> None:
        visit, chosen = self._appointment, self.service.value == self._appointment.service_id
        command = AddRecall(
            new_id(),
            visit.patient_id,
            self._due(),
            visit.service_id if chosen else None,
            visit.professional_id,
            self.reason.text().strip(),
        )
        self.dismiss()
        self.decided.emit(command)
