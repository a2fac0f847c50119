"""The changes of a day as a list: when, whose visit, what became of it, who did it, how and at which desk."""

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QHBoxLayout, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from clinicdesk.desk import dates, icons
from clinicdesk.desk.agenda.history import HistoryLine, history_line, how_and_who, seen
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.theme import Theme, current, switch
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.patient_row import fitting
from clinicdesk.desk.widgets.rows import ListView, paint_row
from clinicdesk.desk.widgets.side_panel import WIDTH
from clinicdesk.domain.history import HistoryEvent
from clinicdesk.domain.patients import shorter_names
from clinicdesk.words import _, ngettext

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_LINE = Qt.ItemDataRole.UserRole + 1
_LEFT, _RIGHT, _DISC, _PAD = 20, 16, 28, 9
_MOST_LINES = 2
_BAR = 12  # of scrolling: rows are as high with it as without
_ROOM = WIDTH - 1 - _LEFT - _DISC - 12 - _RIGHT - _BAR
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class PastLine:
    """One change in words. They are made when first asked for: most rows of a long day are never seen."""

    def __init__(self, event: HistoryEvent, clock: DeskClock) -> None:
        self.event = seen(event)
        self._clock = clock

    @cached_property
    def line(self) -> HistoryLine:
        """The change as a visit's own history says it."""
        return history_line(self.event, self._clock)

    @cached_property
    def what(self) -> str:
        """What became of the visit and for which reason, in one paragraph."""
        return " · ".join(filter(None, (*self.line.words.split("\n"), self.event.reason)))

    @cached_property
    def when(self) -> str:
        """`10:05`, with the day when it is not today."""
        local = self.event.at.astimezone(self._clock.zone)
        today = local.date() == self._clock.today()
        return f"{local:%H:%M}" if today else dates.moment(self.event.at, self._clock.now(), self._clock.zone)

    @cached_property
    def who(self) -> str:
        """How, who and where."""
        return how_and_who(self.event)

    @cached_property
    def who_forms(self) -> tuple[str, ...]:
        """The same and shorter: without the road, then the person alone."""
        name, desk = self.event.person_name, self.event.desk
        return self.who, " · ".join(filter(None, (name, desk))), name

    @cached_property
    def spoken(self) -> str:
        """Everything, for who hears it."""
        return ", ".join(filter(None, (self.when, self.event.patient_name, self.what, self.who)))


class PastListModel(QAbstractListModel):
    """The changes, newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[PastLine] = []

    def show(self, lines: Sequence[PastLine]) -> None:
        """Hold these, given oldest first."""
        self.beginResetModel()
        self._lines = list(reversed(lines))
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._lines):
            return None
        line = self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{line.event.patient_name}\n{line.line.words}\n{line.line.detail}"
        return line if role == _LINE else None

    def row_at(self, at: dt.datetime) -> int:
        """The row of the newest change that had happened at an instant; -1 when there was none."""
        for row, line in enumerate(self._lines):
            if line.event.at <= at:
                return row
        return -1

    def change(self, row: int) -> HistoryEvent:
        """The change in a row."""
        return self._lines[row].event


class _Delegate(QStyledItemDelegate):
    """A disc with what it was; name and time, what happened, who: pale while the moment chosen lies before it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.at = dt.datetime.max.replace(tzinfo=dt.UTC)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        theme = current()
        line: PastLine = index.data(_LINE)
        lines = self._lines(theme, line)
        whole = theme.line_height("strong") + lines * theme.line_height("detail") + theme.line_height("detail")
        return QSize(0, whole + 2 * _PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        theme, line = current(), index.data(_LINE)
        area = QRectF(option.rect)
        paint_row(painter, theme, area, option.state, inset=_LEFT + _DISC + 12)
        ahead = line.event.at > self.at
        self._paint_disc(painter, theme, QRectF(_LEFT, area.y() + _PAD + 4, _DISC, _DISC), line.line)
        left = _LEFT + _DISC + 12.0
        first = QRectF(left, area.y() + _PAD, _ROOM, theme.line_height("strong"))
        self._paint_first(painter, theme, first, line, theme.color("faint" if ahead else "text"))
        quiet = ahead or line.line.quiet
        lines = self._lines(theme, line)
        what = QRectF(left, first.bottom(), first.width(), lines * theme.line_height("detail"))
        painter.setFont(theme.font("detail", numbers=True))
        painter.setPen(theme.color("faint" if quiet else "text"))
        painter.drawText(what, _WRAPPED, line.what)
        who = QRectF(left, what.bottom(), first.width(), theme.line_height("detail"))
        font = theme.font("detail", numbers=True)
        shown = fitting(line.who_forms, font, who.width())
        drawing.text(painter, who, shown, font, theme.color("faint" if ahead else "muted"))
        painter.restore()

    def _paint_disc(self, painter: QPainter, theme: Theme, disc: QRectF, line: HistoryLine) -> None:
        drawing.box(painter, disc, _DISC / 2, theme.color("sunken"))
        icons.paint(painter, line.icon, "muted", disc.adjusted(7, 7, -7, -7))

    def _paint_first(self, painter: QPainter, theme: Theme, area: QRectF, line: PastLine, ink: QColor) -> None:
        when = theme.font("detail", numbers=True)
        beside = drawing.width_of(line.when, when) + 8
        drawing.text(painter, area, line.when, when, theme.color("muted"), Qt.AlignmentFlag.AlignRight)
        font = theme.font("strong")
        name = fitting(shorter_names(line.event.patient_name), font, area.width() - beside)
        drawing.text(painter, area.adjusted(0, 0, -beside, 0), name, font, ink)

    def _lines(self, theme: Theme, line: PastLine) -> int:
        metrics = QFontMetricsF(theme.font("detail", numbers=True))
        if metrics.horizontalAdvance(line.what) <= _ROOM:
            return 1
        needed = metrics.boundingRect(QRectF(0, 0, _ROOM, 1000), int(_WRAPPED), line.what).height()
        return min(_MOST_LINES, max(1, round(needed / metrics.height())))


class PastList(QWidget):
    """`chosen` carries the change picked. `show_only` keeps to one visit, until all are asked for again."""

    chosen = Signal(object)  # HistoryEvent
    all_wanted = Signal()

    def __init__(self, clock: DeskClock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self.setFixedWidth(WIDTH)
        self._clock = clock
        self._events: tuple[HistoryEvent, ...] = ()
        self._only: UUID | None = None
        self.model = PastListModel(self)
        self.list = ListView(_("Changes"))
        self.list.setUniformItemSizes(False)
        self._delegate = _Delegate(self.list)
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.clicked.connect(self._pick)
        self.list.activated.connect(self._pick)
        self.list.selectionModel().currentChanged.connect(self._stepped)
        self._title = Label("", "subsection")
        self._count = Label("", "second", "muted", numbers=True)
        self._all = Button(_("Show all"), "link", size="dense")
        self._all.clicked.connect(self.all_wanted)
        self._arrange()
        switch().changed.connect(self._dressed)

    def show_events(self, events: Sequence[HistoryEvent]) -> None:
        """The changes of the day, oldest first."""
        self._events = tuple(events)
        self._fill()

    def show_only(self, appointment_id: UUID | None) -> None:
        """Keep to the changes of one visit; None shows all."""
        if appointment_id != self._only:
            self._only = appointment_id
            self._fill()

    def stand_at(self, at: dt.datetime) -> None:
        """Mark the newest change that had happened at an instant; what comes after it is pale."""
        self._delegate.at = at
        row, current_row = self.model.row_at(at), self.list.currentIndex().row()
        same = current_row >= 0 and row >= 0 and self.model.change(current_row).at == self.model.change(row).at
        if not same:  # of changes at one instant the one that was picked stays picked
            index = self.model.index(row) if row >= 0 else _ROOT
            self.list.setCurrentIndex(index)
            if row >= 0:
                self.list.scrollTo(index)
        self.list.viewport().update()

    def _pick(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.change(index.row()))

    def _stepped(self, index: QModelIndex, _before: QModelIndex) -> None:
        """The arrows of the keyboard pick as a click does."""
        if self.list.hasFocus() and index.isValid():
            self._pick(index)

    def _dressed(self, _theme: Theme) -> None:
        self._fill()  # rows are as high as their words

    def _fill(self) -> None:
        shown = [one for one in self._events if self._only in (None, one.appointment_id)]
        self.model.show([PastLine(one, self._clock) for one in shown])
        name = next((seen(one).patient_name for one in shown), "") if self._only else ""
        font = current().font("subsection")
        short = fitting(shorter_names(name), font, WIDTH - 2 * _LEFT) if name else ""
        self._title.setText(short or _("Changes"))
        self._count.setText(ngettext("{count} change", "{count} changes", len(shown)).format(count=len(shown)))
        self._all.setVisible(bool(self._only))
        self.stand_at(self._delegate.at)

    def _arrange(self) -> None:
        self._all.hide()
        second = QHBoxLayout()
        second.addWidget(self._count)
        second.addStretch(1)
        second.addWidget(self._all)
        head = QVBoxLayout()
        head.setContentsMargins(_LEFT, 14, _RIGHT, 10)
        head.setSpacing(0)
        head.addWidget(self._title)
        head.addLayout(second)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(separator())
        column.addWidget(self.list, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(separator(vertical=True))
        row.addLayout(column, 1)
