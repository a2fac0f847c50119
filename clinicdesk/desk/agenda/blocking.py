"""Keeping time free of visits: whose, from when to when, and why."""

import datetime as dt
import re
from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.drafts import Typed
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.clinics import Professional
from clinicdesk.domain.drafts import NEW
from clinicdesk.domain.hours import instant
from clinicdesk.words import _


class BlockPopover(Popover):
    """`decided` carries the professional's id, the Slot and the reason."""

    decided = Signal(object, object, str)

    def __init__(
        self, owner: QWidget, people: Sequence[Professional], chosen: UUID, day: dt.date, clock: DeskClock
    ) -> None:
        super().__init__(owner)
        self._day, self._clock, self._people = day, clock, people
        self.person = Select([(one.id, one.name) for one in people], icon="user-round")
        self.person.set_value(chosen)
        now = clock.now().astimezone(clock.zone)
        hour = now.hour + 1 if day == clock.today() and now.hour < 22 else 8
        self.starts, self.ends = LineEdit(), LineEdit()
        self.starts.setText(f"{hour:02}:00")
        self.ends.setText(f"{hour + 1:02}:00")
        self.reason = LineEdit(_("Surgery, meeting, maintenance…"))
        self._ends_field = Field(_("To"), self.ends)
        self.confirm = Button(_("Block time"), "primary", icon="calendar-off")
        body = QWidget()
        body.setFixedWidth(360)
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(6)
        column.addWidget(Label(_("Block time"), "section"))
        column.addWidget(Label(dates.day_title(day), "second", "muted"))
        column.addSpacing(6)
        column.addWidget(Field(_("Professional"), self.person))
        times = QHBoxLayout()
        times.setSpacing(12)
        self._starts_field = Field(_("From"), self.starts)
        times.addWidget(self._starts_field)
        times.addWidget(self._ends_field)
        column.addLayout(times)
        column.addWidget(Field(_("Reason"), self.reason, optional=True))
        column.addWidget(self.confirm)
        self.set_content(body, self.starts)
        self.confirm.clicked.connect(self._decide)
        self.reason.returnPressed.connect(self._decide)
        self.closed.connect(self.deleteLater)

    def typed(self) -> Typed | None:
        """What is to be kept of it: a reason, once there is one."""
        if not self.reason.text().strip():
            return None
        who = next((one.name for one in self._people if one.id == self.person.value), "")
        values = [self._day.isoformat(), str(self.person.value), self.starts.text(), self.ends.text()]
        return Typed(NEW, f"{who}, {self.starts.text()}", [*values, self.reason.text()])

    def take_up(self, values: Sequence[str]) -> None:
        """Put in what was kept, its day apart."""
        _day, whom, starts, ends, reason = values
        self.person.set_value(UUID(whom))
        self.starts.setText(starts)
        self.ends.setText(ends)
        self.reason.setText(reason)

    def _decide(self) -> None:
        starts_at, ends_at = self._moment(self._starts_field), self._moment(self._ends_field)
        if starts_at is None or ends_at is None:
            return
        if ends_at <= starts_at:
            self._ends_field.set_error(_("The end comes after the start"))
            self.ends.setFocus()
            return
        self.decided.emit(self.person.value, Slot(starts_at, ends_at), self.reason.text().strip())
        self.dismiss()

    def _moment(self, field: Field) -> dt.datetime | None:
        """The instant a field means; None, and the error under it, when it is no time of day."""
        wall = clock_time(field.text())
        if wall is None:
            field.set_error(_("Write a time, such as 13:30"))
            field.editor.setFocus()
            return None
        return instant(self._day, wall, self._clock.zone)


def clock_time(text: str) -> dt.time | None:
    """A time of day as people type it: 13:30, 1330, 13h30, 13h, 9."""
    digits = re.fullmatch(r"\s*(\d{1,2})\s*(?:[:h.]?\s*(\d{2}))?\s*h?\s*", text.lower())
    if digits is None or int(digits[1]) > 23 or int(digits[2] or 0) > 59:
        return None
    return dt.time(int(digits[1]), int(digits[2] or 0))
