"""All appointments of a patient as a table: day, hour, service, professional, room, state."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from clinicdesk import formats
from clinicdesk.desk.patients.timeline import MomentRole
from clinicdesk.desk.patients.timeline_looks import status_look
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.chip import chip_width, paint_chip
from clinicdesk.desk.widgets.patient_row import fitting
from clinicdesk.domain.agenda import Appointment
from clinicdesk.words import _, marked

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_COLUMNS = (marked("Day"), marked("Time"), marked("Service"), marked("Professional"), marked("Room"), marked("State"))
_STATE = 5
_FIXED = {0: 96, 1: 104, 4: 96, _STATE: 168}


class VisitsModel(QAbstractTableModel):
    """Holds a patient's appointments, newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Appointment] = []
        self._zone: dt.tzinfo = dt.UTC

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(_COLUMNS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        one = self._rows[index.row()]
        if role == MomentRole.SUBJECT:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells(one)[index.column()]
        return None

    def show(self, appointments: Sequence[Appointment], zone: dt.tzinfo) -> None:
        """Hold these, with their times in `zone`."""
        self.beginResetModel()
        self._rows = sorted(appointments, key=lambda one: (one.starts_at, one.id), reverse=True)
        self._zone = zone
        self.endResetModel()

    def _cells(self, one: Appointment) -> tuple[str, ...]:
        return (
            formats.numeric_date(one.starts_at.astimezone(self._zone).date()),
            formats.time_range(one.starts_at, one.ends_at, self._zone),
            one.service_name,
            one.professional_name,
            one.room_name,
            _(status_look(one).word),
        )


class _CellDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme = current()
        area = QRectF(option.rect)
        one = index.data(MomentRole.SUBJECT)
        painter.save()
        painter.fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), theme.color("lineSoft"))
        if index.column() == _STATE and isinstance(one, Appointment):
            look = status_look(one)
            wide = chip_width(_(look.word), look.icon)
            chip = QRectF(area.left() + 12, area.center().y() - 12, wide, 24)
            paint_chip(painter, chip, _(look.word), look.tone, look.icon)
        else:
            font = theme.font("control" if index.column() == 2 else "body", numbers=True)
            room = area.adjusted(12, 0, -4, 0)
            words = fitting([str(index.data())], font, room.width())
            drawing.text(painter, room, words, font, theme.color("text" if index.column() == 2 else "muted"))
        painter.restore()


class VisitsTable(QTableView):
    """The table in the design's manner; nothing in it is edited."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.visits = VisitsModel(self)
        self.setModel(self.visits)
        self.setItemDelegate(_CellDelegate(self))
        self.setAccessibleName(_("Appointments"))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(current().density.row)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        for column in range(len(_COLUMNS)):
            fixed = _FIXED.get(column)
            header.setSectionResizeMode(
                column, QHeaderView.ResizeMode.Fixed if fixed else QHeaderView.ResizeMode.Stretch
            )
            if fixed:
                self.setColumnWidth(column, fixed)
