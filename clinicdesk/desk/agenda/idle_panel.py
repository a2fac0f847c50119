"""What the side panel shows while no visit is chosen: the month, and the day in figures."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from clinicdesk.desk.agenda.pinboard import Pinboard
from clinicdesk.desk.agenda.waiting.section import WaitingSection
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.dates import minutes_text
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.month_calendar import MonthCalendar
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.day_use import DayUse
from clinicdesk.formats import money
from clinicdesk.words import _


class IdlePanel(QWidget):
    """`day_chosen` carries a date; `left` is Esc in the month."""

    day_chosen = Signal(object)
    left = Signal()
    past_requested = Signal()

    def __init__(self, clock: DeskClock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.month = MonthCalendar(clock.today(), week_tint=True)
        self.month.day_chosen.connect(self.day_chosen)
        self.pinboard = Pinboard()
        self.waiting = WaitingSection()
        self._title = Label("", "subsection")
        self._figures = QGridLayout()
        self._figures.setVerticalSpacing(8)
        self._figures.setColumnStretch(0, 1)
        self._numbers: list[Label] = []
        self._names: list[Label] = []
        for row, words in enumerate(
            (
                _("Booked"),
                _("To confirm"),
                _("Completed"),
                _("No-shows"),
                _("Cancelled"),
                _("Expected"),
                _("Occupancy"),
                _("Free time"),
                _("In short gaps"),
            )
        ):
            number = Label("", "strong", numbers=True)
            self._numbers.append(number)
            name = Label(words, "body", "muted")
            self._names.append(name)
            self._figures.addWidget(name, row, 0)
            self._figures.addWidget(number, row, 1, Qt.AlignmentFlag.AlignRight)
        past = Button(_("The day as it was…"), "flat", icon="history", key="H", size="dense")
        past.clicked.connect(self.past_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.month)
        column.addWidget(self.pinboard)
        column.addWidget(separator())
        column.addWidget(self.waiting)
        column.addWidget(separator())
        column.addWidget(self._title)
        column.addLayout(self._figures)
        column.addWidget(past, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def show_day(self, day: dt.date, today: dt.date) -> None:
        """Mark the day that is open."""
        self.month.set_today(today)
        self.month.set_selected(day)

    def show_figures(self, title: str, appointments: Sequence[Appointment], use: DayUse | None = None) -> None:
        """The stretch of days in figures; with what becomes of the open time where that is known."""
        self._title.setText(title)
        standing = [one for one in appointments if one.status.holds_the_slot]
        values = [
            str(len(standing)),
            str(_count(appointments, Status.PENDING)),
            str(_count(appointments, Status.COMPLETED)),
            str(_count(appointments, Status.NO_SHOW)),
            str(_count(appointments, Status.CANCELLED)),
            money(sum((one.price for one in standing), start=Decimal())),
        ]
        if use is not None and use.open:
            values += [f"{round(use.occupancy * 100)}%", minutes_text(use.free), minutes_text(use.idle)]
        for row, (name, number) in enumerate(zip(self._names, self._numbers, strict=True)):
            number.setText(values[row] if row < len(values) else "")
            name.setVisible(row < len(values))
            number.setVisible(row < len(values))


def _count(appointments: Sequence[Appointment], status: Status) -> int:
    return sum(one.status is status for one in appointments)
