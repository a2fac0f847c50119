"""Arrivals by code, scanned at any moment or typed by hand: what the desk does and says."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.deeds import AgendaDeeds
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording import sentence
from clinicdesk.desk.wording_arrivals import ICONS, arrival_sentence
from clinicdesk.desk.wording_fields import field_problem
from clinicdesk.domain.check_in import Answer, Arrival, require_readings
from clinicdesk.errors import ClinicError, InvalidField
from clinicdesk.words import _


class Arrivals(QObject):
    """`arrived` carries the visit of who is in the reception now, `wanted` one of another day that is to be shown."""

    arrived = Signal(object)  # Appointment
    wanted = Signal(object)  # Appointment

    def __init__(
        self,
        deeds: AgendaDeeds,
        toasts: ToastArea,
        clock: DeskClock,
        refuse_offline: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._deeds = deeds
        self._toasts = toasts
        self._clock = clock
        self._refuse_offline = refuse_offline

    def take(self, code: str) -> None:
        """Register the arrival of whoever holds this code, or say why not."""
        if not self._refuse_offline():
            self._deeds.arrive(code, self._answered, self._failed)

    def ask(self, owner: QWidget) -> None:
        """Ask for a code by hand, when a scanner is not there or the paper is torn."""
        popover = CodePopover(owner)
        popover.decided.connect(self.take)
        popover.open_centred()

    def _answered(self, arrival: Arrival) -> None:
        visit = arrival.appointment
        if arrival.answer in (Answer.ARRIVED, Answer.HERE, Answer.INSIDE):
            self.arrived.emit(visit)
        if arrival.answer is Answer.ARRIVED:
            return  # said by the deed, with its way back
        words = arrival_sentence(arrival, privacy.shown_name(visit.patient_name), self._clock.today(), self._clock.zone)
        elsewhere = arrival.answer in (Answer.OTHER_DAY, Answer.CANCELLED, Answer.OVER)
        show = (lambda: self.wanted.emit(visit)) if elsewhere else None
        self._toasts.show_toast(words, show, ICONS[arrival.answer], undo_word=_("Show the visit"))

    def _failed(self, error: ClinicError) -> None:
        self._toasts.show_toast(sentence(error, self._clock.zone), icon="circle-alert")


class CodePopover(Popover):
    """`decided` carries what was typed, which is a code."""

    decided = Signal(str)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.code = LineEdit("CD XXXX XXXX XXXX", icon="qr-code", numbers=True)
        self._field = Field(_("Code of the check-in slip"), self.code, check=_checked)
        self.confirm = Button(_("Register the arrival"), "primary", icon="log-in", key="Enter")
        body = QWidget()
        body.setFixedWidth(400)
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(Label(_("Register an arrival by code"), "section"))
        advice = _("With a scanner there is nothing to open: the code is heard at any moment.")
        column.addWidget(Label(advice, "second", "muted", wrap=True))
        column.addWidget(self._field)
        column.addWidget(self.confirm)
        self.set_content(body, self.code)
        self.confirm.clicked.connect(self._decide)
        self.code.returnPressed.connect(self._decide)
        self.closed.connect(self.deleteLater)

    def _decide(self) -> None:
        if self.isVisible() and self._field.validate():
            self.dismiss()
            self.decided.emit(self.code.text())


def _checked(text: str) -> str:
    try:
        require_readings(text)
    except InvalidField as problem:
        return field_problem(problem)
    return ""
