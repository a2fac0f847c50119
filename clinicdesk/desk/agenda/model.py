"""The appointments on show, keyed by id and in order of time: one row each, changed row by row, no I/O.

A painter takes the values; a list takes the columns, which hold the words of each.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.spoken import spoken, status_word, tooltip_lines
from clinicdesk.domain.agenda import Appointment
from clinicdesk.formats import short_date, time_range
from clinicdesk.words import _, marked

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class AgendaRole(IntEnum):
    """What else can be asked of a row besides its text."""

    APPOINTMENT = Qt.ItemDataRole.UserRole + 1
    ID = Qt.ItemDataRole.UserRole + 2


class AgendaColumn(IntEnum):
    """What a list shows of a visit, from left to right."""

    DATE = 0
    TIME = 1
    PATIENT = 2
    SERVICE = 3
    PROFESSIONAL = 4
    ROOM = 5
    STATUS = 6


_HEADS = {
    AgendaColumn.DATE: marked("Date"),
    AgendaColumn.TIME: marked("Time"),
    AgendaColumn.PATIENT: marked("Patient"),
    AgendaColumn.SERVICE: marked("Service"),
    AgendaColumn.PROFESSIONAL: marked("Professional"),
    AgendaColumn.ROOM: marked("Room"),
    AgendaColumn.STATUS: marked("Status"),
}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _order(appointment: Appointment) -> tuple[dt.datetime, dt.datetime, UUID]:
    return appointment.starts_at, appointment.ends_at, appointment.id


class AgendaModel(QAbstractTableModel):
    """Holds `Appointment` values. A value older than the one held, or than one already removed, is dropped."""

    def __init__(self, zone: dt.tzinfo = dt.UTC, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._rows: list[Appointment] = []
        self._held: dict[UUID, Appointment] = {}
        self._removed: dict[UUID, int] = {}
        privacy.veil().changed.connect(self._say_anew)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(AgendaColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_LEFT)
        return _(_HEADS[AgendaColumn(section)]) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        appointment = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(appointment, AgendaColumn(index.column()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            # Who reads row by row hears the whole visit first, and its parts one by one after that.
            first = index.column() <= AgendaColumn.TIME
            return spoken(appointment, self._zone) if first else self._cell(appointment, AgendaColumn(index.column()))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return "\n".join(tooltip_lines(appointment, self._zone))
        if role == AgendaRole.APPOINTMENT:
            return appointment
        if role == AgendaRole.ID:
            return appointment.id
        return None

    def _cell(self, appointment: Appointment, column: AgendaColumn) -> str:
        match column:
            case AgendaColumn.DATE:
                return short_date(appointment.starts_at.astimezone(self._zone).date())
            case AgendaColumn.TIME:
                return time_range(appointment.starts_at, appointment.ends_at, self._zone)
            case AgendaColumn.PATIENT:
                return privacy.shown_name(appointment.patient_name)
            case AgendaColumn.SERVICE:
                return appointment.service_name
            case AgendaColumn.PROFESSIONAL:
                return appointment.professional_name
            case AgendaColumn.ROOM:
                return " · ".join(filter(None, (appointment.room_name, appointment.equipment_name)))
            case AgendaColumn.STATUS:
                return status_word(appointment.status)

    def set_zone(self, zone: dt.tzinfo) -> None:
        """Word the times of every row in the clinic's zone."""
        self._zone = zone
        self._say_anew()

    def appointment(self, appointment_id: UUID) -> Appointment | None:
        """The value held for an id."""
        return self._held.get(appointment_id)

    def appointments(self) -> Sequence[Appointment]:
        """Every value, in order of time. For painters: asking row by row through `data` doubles their cost."""
        return self._rows

    def row_of(self, appointment_id: UUID) -> int | None:
        """The row an id stands in."""
        held = self._held.get(appointment_id)
        return None if held is None else bisect_left(self._rows, _order(held), key=_order)

    def replace_all(self, appointments: Iterable[Appointment]) -> None:
        """Show another day: forget everything and hold these."""
        self.beginResetModel()
        self._held = {appointment.id: appointment for appointment in appointments}
        self._rows = sorted(self._held.values(), key=_order)
        self._removed = {}
        self.endResetModel()

    def upsert(self, appointment: Appointment) -> bool:
        """Insert or change one row; false when what is held is as new, so that one's own echo changes nothing."""
        held = self._held.get(appointment.id)
        if held is None:
            if appointment.version <= self._removed.get(appointment.id, 0):
                return False
            self._insert(appointment)
            return True
        if appointment.version < held.version or appointment == held:
            return False
        self._change(held, appointment)
        return True

    def remove(self, appointment_id: UUID) -> bool:
        """Take a row out, because it left the days on show; only a newer version brings it back."""
        row = self.row_of(appointment_id)
        if row is None:
            return False
        self.beginRemoveRows(_ROOT, row, row)
        gone = self._rows.pop(row)
        del self._held[appointment_id]
        self._removed[appointment_id] = gone.version
        self.endRemoveRows()
        return True

    def _insert(self, appointment: Appointment) -> None:
        row = bisect_left(self._rows, _order(appointment), key=_order)
        self.beginInsertRows(_ROOT, row, row)
        self._rows.insert(row, appointment)
        self._held[appointment.id] = appointment
        self._removed.pop(appointment.id, None)
        self.endInsertRows()

    def _change(self, held: Appointment, appointment: Appointment) -> None:
        old = bisect_left(self._rows, _order(held), key=_order)
        new = bisect_left(self._rows, _order(appointment), key=_order)  # counted with the old row still in place
        moves = new not in (old, old + 1)
        if moves:
            self.beginMoveRows(_ROOT, old, old, _ROOT, new)
        del self._rows[old]
        row = new - 1 if new > old else new
        self._rows.insert(row, appointment)
        self._held[appointment.id] = appointment
        if moves:
            self.endMoveRows()
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(AgendaColumn) - 1))

    def _say_anew(self, *_reason: object) -> None:
        """Every row has other words for the same value."""
        if self._rows:
            last = self.index(len(self._rows) - 1, len(AgendaColumn) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
