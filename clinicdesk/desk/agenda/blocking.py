"""Keeping time free of visits: whose, from when to when, and why."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import QHBoxLayout, QTimeEdit, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.clinics import Professional
from clinicdesk.domain.hours import instant
from clinicdesk.words import _


class BlockPopover(Popover):
    """`decided` carries the professional's id, the Slot and the reason."""

    decided = Signal(object, object, str)

    def __init__(
        self, owner: QWidget, people: Sequence[Professional], chosen: UUID, day: dt.date, clock: DeskClock
    ) -> None:
        super().__init__(owner)
        self._day, self._clock = day, clock
        self.person = Select([(one.id, one.name) for one in people], icon="user-round")
        self.person.set_value(chosen)
        now = clock.now().astimezone(clock.zone)
        start = QTime(now.hour + 1 if now.hour < 22 else 8, 0) if day == clock.today() else QTime(8, 0)
        self.starts, self.ends = _time_edit(start), _time_edit(start.addSecs(3600))
        self.reason = LineEdit(_("Surgery, meeting, maintenance…"))
        self._ends_field = Field(_("To"), self.ends)
        self.confirm = Button(_("Block time"), "primary", icon="calendar-off")
        body = QWidget()
        body.setFixedWidth(360)
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(6)
        column.addWidget(Label(_("Block time on {day}").format(day=dates.day_title(day)), "section", wrap=True))
        column.addWidget(Field(_("Professional"), self.person))
        times = QHBoxLayout()
        times.setSpacing(12)
        times.addWidget(Field(_("From"), self.starts))
        times.addWidget(self._ends_field)
        column.addLayout(times)
        column.addWidget(Field(_("Reason"), self.reason, optional=True))
        column.addWidget(self.confirm)
        self.set_content(body, self.starts)
        self.confirm.clicked.connect(self._decide)
        self.reason.returnPressed.connect(self._decide)
        self.closed.connect(self.deleteLater)

    def _decide(self) -> None:
        starts_at, ends_at = (
            instant(self._day, dt.time(edit.time().hour(), edit.time().minute()), self._clock.zone)
            for edit in (self.starts, self.ends)
        )
        if ends_at <= starts_at:
            self._ends_field.set_error(_("The end comes after the start"))
            self.ends.setFocus()
            return
        self.decided.emit(self.person.value, Slot(starts_at, ends_at), self.reason.text().strip())
        self.dismiss()


def _time_edit(time: QTime) -> QTimeEdit:
    edit = QTimeEdit(time)
    edit.setDisplayFormat("HH:mm")
    edit.setButtonSymbols(QTimeEdit.ButtonSymbols.NoButtons)
    return edit
