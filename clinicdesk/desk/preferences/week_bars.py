"""A week of hours: a track for each weekday with its switch, the copy to the days below, and one more stretch."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QMenu, QSizePolicy, QWidget

from clinicdesk import formats
from clinicdesk.desk.preferences.day_track import FIRST, LAST, DayTrack
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.switch import Switch
from clinicdesk.domain import week
from clinicdesk.domain.hours import Span
from clinicdesk.domain.week import DAY, Bars
from clinicdesk.words import _

_MONDAY = dt.date(2024, 1, 1)
_USUAL: Bars = ((8 * 60, 12 * 60), (13 * 60, 18 * 60))


def weekday_name(weekday: int) -> str:
    """The weekday's name, ISO numbers: Monday is 1."""
    return formats.weekday(_MONDAY + dt.timedelta(days=weekday - 1))


class WeekBars(QWidget):
    """`edited` says that the person changed something."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tracks: list[DayTrack] = []
        self.switches: list[Switch] = []
        self.adders: list[Button] = []
        self.copiers: list[Button] = []
        self._slept: dict[int, Bars] = {}
        self._axis = _Axis()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(2, 1)
        grid.addWidget(self._axis, 0, 2)
        for weekday in week.WEEKDAYS:
            self._add_day(grid, weekday)

    def days(self) -> tuple[tuple[Span, ...], ...]:
        """The hours of the seven days."""
        return tuple(week.spans_of(track.bars) for track in self.tracks)

    def set_days(self, days: Sequence[Sequence[Span]]) -> None:
        """Show these, telling nobody."""
        self._slept.clear()
        for track, spans in zip(self.tracks, days, strict=True):
            track.set_bars(week.bars_of(spans))
        self._follow()

    def set_read_only(self, read_only: bool) -> None:
        """Let it be looked at only."""
        for track in self.tracks:
            track.set_read_only(read_only)
        for button in (*self.switches, *self.adders, *self.copiers):
            button.setEnabled(not read_only)

    def _add_day(self, grid: QGridLayout, weekday: int) -> None:
        name = weekday_name(weekday)
        short = name.split("-")[0]
        track = DayTrack(name)
        switch = Switch(name=name)
        copy = icon_button("copy", _("Copy {day} to other days").format(day=name), size="dense")
        add = icon_button("plus", _("One more stretch on {day}").format(day=name), size="dense")
        row = weekday
        grid.addWidget(switch, row, 0)
        grid.addWidget(Label(short, "control"), row, 1)
        grid.addWidget(track, row, 2)
        grid.addWidget(copy, row, 3)
        grid.addWidget(add, row, 4)
        track.edited.connect(self._edited)
        switch.clicked.connect(lambda _checked=False: self._switch(weekday))
        add.clicked.connect(lambda _checked=False: self._add(weekday))
        copy.clicked.connect(lambda _checked=False: self._offer_copy(weekday))
        self.tracks.append(track)
        self.switches.append(switch)
        self.copiers.append(copy)
        self.adders.append(add)

    def _edited(self) -> None:
        self._follow()
        self.edited.emit()

    def _follow(self) -> None:
        """The switches say which days are worked; all tracks show the same part of the day."""
        every = [bar for track in self.tracks for bar in track.bars]
        first = min([FIRST, *(start for start, _end in every)]) // 120 * 120
        last = min(DAY, -(-max([LAST, *(end for _start, end in every)]) // 120) * 120)
        self._axis.set_view(first, last)
        for track, switch in zip(self.tracks, self.switches, strict=True):
            track.set_view(first, last)
            switch.setChecked(bool(track.bars))

    def _switch(self, weekday: int) -> None:
        track = self.tracks[weekday - 1]
        if track.bars:
            self._slept[weekday] = track.bars
            track.change(())
        else:
            track.change(self._slept.get(weekday) or self._like_another())

    def _like_another(self) -> Bars:
        """The hours of the first day that is worked, else the usual ones."""
        return next((track.bars for track in self.tracks if track.bars), _USUAL)

    def _add(self, weekday: int) -> None:
        track = self.tracks[weekday - 1]
        found = week.free_stretch(track.bars)
        if found is not None:
            track.change(week.added(track.bars, *found))
            next(
                item for item, bar in zip(track.items, track.bars, strict=True) if bar[0] <= found[0] < bar[1]
            ).setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer_copy(self, weekday: int) -> None:
        menu = QMenu(self)
        menu.addAction(_("To Monday to Friday"), lambda: self.copy(weekday, range(1, 6)))
        menu.addAction(_("To every day"), lambda: self.copy(weekday, week.WEEKDAYS))
        button = self.copiers[weekday - 1]
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def copy(self, weekday: int, to: Sequence[int]) -> None:
        """Give other days the hours of this one."""
        bars = self.tracks[weekday - 1].bars
        for each in to:
            self.tracks[each - 1].change(bars)


class _Axis(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._view = (FIRST, LAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_view(self, first: int, last: int) -> None:
        self._view = (first, last)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, current().line_height("detail") + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        first, last = self._view
        for hour in range(-(-first // 120) * 2, last // 60 + 1, 2):
            x = (hour * 60 - first) / (last - first) * self.width()
            left = min(max(0.0, x - 20), self.width() - 40.0)
            words, font = _("{hour}h").format(hour=hour), theme.font("detail", numbers=True)
            align = Qt.AlignmentFlag.AlignHCenter
            if left == 0.0 and x < 20:
                align = Qt.AlignmentFlag.AlignLeft
            elif x > self.width() - 20:
                align = Qt.AlignmentFlag.AlignRight
            drawing.text(painter, QRectF(left, 0, 40, self.height()), words, font, theme.color("muted"), align)
