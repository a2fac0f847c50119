"""The days that differ: each with its date, why, and a track of its own; an empty track is a closed day."""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.preferences.day_track import DayTrack
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.masked_edit import MaskedEdit
from clinicdesk.desk.widgets.masks import mask_date, read_date
from clinicdesk.domain import week
from clinicdesk.domain.hours import HoursException
from clinicdesk.errors import InvalidField
from clinicdesk.formats import short_weekday
from clinicdesk.words import _


class ExceptionsEdit(QWidget):
    """`edited` is the person's doing. A day is added by its date; it begins closed."""

    edited = Signal()

    def __init__(self, today: Callable[[], dt.date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.rows: list[_DayRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 8)
        self._column.setSpacing(4)
        self.date = MaskedEdit(mask_date, _("dd/mm/yyyy"))
        self.date.setFixedWidth(128)
        self.date.setAccessibleName(_("The day that differs"))
        self.date.returnPressed.connect(self._add)
        self.date.textEdited.connect(lambda _text: self._complain(""))
        self.add_button = Button(_("Add a day"), icon="plus")
        self.add_button.clicked.connect(self._add)
        self._complaint = Label("", "second", "dangerText")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.date)
        foot.addWidget(self.add_button)
        foot.addWidget(self._complaint, 1)
        self._column.addLayout(foot)

    def exceptions(self) -> tuple[HoursException, ...]:
        """The days, in order."""
        found = (HoursException(row.day, week.spans_of(row.track.bars), row.label.text().strip()) for row in self.rows)
        return tuple(sorted(found, key=lambda one: one.day))

    def set_exceptions(self, days: Sequence[HoursException]) -> None:
        """Show these, telling nobody."""
        for row in list(self.rows):
            self._drop(row)
        for one in days:
            self._insert(one)

    def set_read_only(self, read_only: bool) -> None:
        """Let them be looked at only."""
        for widget in (self.date, self.add_button):
            widget.setVisible(not read_only)
        for row in self.rows:
            row.set_read_only(read_only)

    def _add(self) -> None:
        today = self._today()
        try:
            day = read_date(self.date.text(), today.replace(year=today.year + 50), "date")
        except InvalidField:
            self._complain(_("This is not a date; type day/month/year"))
            return
        if day is None:
            self.date.setFocus(Qt.FocusReason.OtherFocusReason)
        elif day < today:
            self._complain(_("This date has already passed"))
        elif any(row.day == day for row in self.rows):
            self._complain(_("This day is in the list already"))
        else:
            self.date.clear()
            self._insert(HoursException(day, ())).label.setFocus(Qt.FocusReason.OtherFocusReason)
            self.edited.emit()

    def _insert(self, one: HoursException) -> "_DayRow":
        row = _DayRow(one, self._today())
        at = sum(other.day < one.day for other in self.rows)
        self.rows.insert(at, row)
        self._column.insertWidget(at, row)
        row.edited.connect(self.edited)
        row.gone.connect(lambda: self._remove(row))
        return row

    def _remove(self, row: "_DayRow") -> None:
        self._drop(row)
        self.edited.emit()

    def _drop(self, row: "_DayRow") -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()

    def _complain(self, words: str) -> None:
        self._complaint.setText(words)


class _DayRow(QWidget):
    edited = Signal()
    gone = Signal()

    def __init__(self, one: HoursException, today: dt.date) -> None:
        super().__init__()
        self.day = one.day
        words = f"{short_weekday(one.day)}, {dates.relative_day(one.day, today)}"
        self.track = DayTrack(words)
        self.track.set_bars(week.bars_of(one.spans))
        self.label = LineEdit(_("Why (optional)"))
        self.label.setText(one.label)
        self.label.setFixedWidth(160)
        self.label.setAccessibleName(_("Why {day} differs").format(day=words))
        self._remove = icon_button("x", _("Remove {day}").format(day=words), size="dense")
        head = Label(words, "control", numbers=True)
        head.setFixedWidth(104)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (head, self.label):
            row.addWidget(widget)
        row.addWidget(self.track, 1)
        row.addWidget(self._remove)
        self.track.edited.connect(self.edited)
        self.label.textEdited.connect(lambda _text: self.edited.emit())
        self._remove.clicked.connect(self.gone)

    def set_read_only(self, read_only: bool) -> None:
        self.track.set_read_only(read_only)
        self.label.setReadOnly(read_only)
        self._remove.setVisible(not read_only)
