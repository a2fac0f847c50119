"""A patient's timeline by day, newest first: what it was, when, with whom, and how it stands."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from clinicdesk import formats
from clinicdesk.desk import icons
from clinicdesk.desk.dates import capitalised, relative_day
from clinicdesk.desk.patients.timeline_looks import Look, look_of
from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.chip import chip_colours, chip_width, paint_chip
from clinicdesk.desk.widgets.patient_row import fitting
from clinicdesk.domain.timeline import Moment
from clinicdesk.words import _

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_HEADING = 44
_MOMENT = 52
_DISC = 32


class MomentRole(IntEnum):
    """What else can be asked of a row."""

    ROW = Qt.ItemDataRole.UserRole + 1
    SUBJECT = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True)
class DayRow:
    """A day over what happened on it."""

    title: str


@dataclass(frozen=True)
class MomentRow:
    """One moment as it looks; `joined` when another of the same day follows."""

    moment: Moment
    look: Look
    joined: bool


TimelineRow = DayRow | MomentRow


def rows_of(moments: Sequence[Moment], now: dt.datetime, zone: dt.tzinfo) -> list[TimelineRow]:
    """Days and moments as rows, in the order they are given: newest first."""
    today = now.astimezone(zone).date()
    days = [one.at.astimezone(zone).date() for one in moments]
    rows: list[TimelineRow] = []
    for at, (one, day) in enumerate(zip(moments, days, strict=True)):
        if at == 0 or days[at - 1] != day:
            rows.append(DayRow(day_heading(day, today)))
        joined = at + 1 < len(moments) and days[at + 1] == day
        rows.append(MomentRow(one, look_of(one, zone), joined))
    return rows


def day_heading(day: dt.date, today: dt.date) -> str:
    """`Hoje, 24 de novembro`, `12 de outubro`, `3 de março de 2024`."""
    written = formats.day_and_month(day)
    if abs((day - today).days) < 2:
        return f"{capitalised(relative_day(day, today))}, {written}"
    return written if day.year == today.year else _("{day} {year}").format(day=written, year=day.year)


class TimelineModel(QAbstractListModel):
    """Days and moments as rows; only moments can be chosen. The view asks for older ones by itself."""

    older_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[TimelineRow] = []
        self.complete = True  # whether there are no older ones

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == MomentRole.ROW:
            return row
        if role == MomentRole.SUBJECT:
            return row.moment.subject if isinstance(row, MomentRow) else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(row, DayRow):
                return row.title
            return ", ".join(part for part in (row.look.title, *row.look.second, row.look.word) if part)
        return None

    def canFetchMore(self, parent: _Index = _ROOT) -> bool:
        return not parent.isValid() and not self.complete

    def fetchMore(self, parent: _Index = _ROOT) -> None:
        self.older_wanted.emit()

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if isinstance(index.data(MomentRole.ROW), DayRow):
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    def show(self, rows: Sequence[TimelineRow]) -> None:
        """Hold these rows."""
        wanted = list(rows)
        held = len(self._rows)
        if held and len(wanted) >= held and wanted[: held - 1] == self._rows[:-1]:  # nothing that is read moves
            self._rows[-1] = wanted[held - 1]
            self.dataChanged.emit(self.index(held - 1), self.index(held - 1))
            if len(wanted) > held:
                self.beginInsertRows(_ROOT, held, len(wanted) - 1)
                self._rows = wanted
                self.endInsertRows()
            return
        self.beginResetModel()
        self._rows = wanted
        self.endResetModel()


class TimelineDelegate(QStyledItemDelegate):
    """Days as quiet headings, moments with their disc on the line that joins a day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        heading = isinstance(index.data(MomentRole.ROW), DayRow)
        now = current()
        grown = now.line_height("strong") + now.line_height("second") - 38
        return QSize(0, _HEADING + grown // 2 if heading else _MOMENT + grown)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(MomentRole.ROW)
        theme = current()
        area = QRectF(option.rect)
        painter.save()
        if isinstance(row, DayRow):
            line = area.adjusted(0, 14, 0, 0)
            drawing.text(painter, line, row.title, theme.font("label", True), theme.color("muted"))
        elif isinstance(row, MomentRow):
            self._paint_moment(painter, theme, area, row, option.state)
        painter.restore()

    def _paint_moment(
        self, painter: QPainter, theme: Theme, area: QRectF, row: MomentRow, state: QStyle.StateFlag
    ) -> None:
        look = row.look
        wanted = QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected
        if state & wanted:
            drawing.box(painter, area.adjusted(_DISC + 6, 1, 0, -1), 8, theme.color("sunken"))
        disc = QRectF(area.left(), area.top() + 8, _DISC, _DISC)
        if row.joined:
            painter.fillRect(
                QRectF(disc.center().x() - 0.5, disc.bottom(), 1, area.bottom() + 8 - disc.bottom()),
                theme.color("line"),
            )
        drawing.box(painter, disc, _DISC / 2, theme.color("sunken"))
        icons.paint(
            painter, look.icon, chip_colours(look.tone)[1], QRectF(disc.center().x() - 7, disc.center().y() - 7, 14, 14)
        )
        wide = chip_width(look.word, look.icon) if look.word else 0
        if look.word:
            chip = QRectF(area.right() - wide - 4, area.center().y() - 12, wide, 24)
            paint_chip(painter, chip, look.word, look.tone, look.icon)
        left = disc.right() + 16
        room = area.right() - wide - 16 - left
        first = QRectF(left, area.top() + 6, room, theme.line_height("strong"))
        font = theme.font("strong")
        drawing.text(painter, first, fitting([look.title], font, room), font, theme.color("text"))
        small = theme.font("second", numbers=True)
        forms = [" · ".join(look.second[:count]) for count in range(len(look.second), 0, -1)]
        drawing.text(
            painter, first.translated(0, first.height() - 1), fitting(forms, small, room), small, theme.color("muted")
        )
