"""The appointments on show, keyed by id and in order of time: one row each, changed row by row, no I/O."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from clinicdesk.desk.agenda.spoken import spoken, tooltip_lines
from clinicdesk.domain.agenda import Appointment

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class AgendaRole(IntEnum):
    """What else can be asked of a row besides its text."""

    APPOINTMENT = Qt.ItemDataRole.UserRole + 1
    ID = Qt.ItemDataRole.UserRole + 2


def _order(appointment: Appointment) -> tuple[dt.datetime, dt.datetime, UUID]:
    return appointment.starts_at, appointment.ends_at, appointment.id


class AgendaModel(QAbstractListModel):
    """Holds `Appointment` values. A value older than the one held, or than one already removed, is dropped."""

    def __init__(self, zone: dt.tzinfo = dt.UTC, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._rows: list[Appointment] = []
        self._held: dict[UUID, Appointment] = {}
        self._removed: dict[UUID, int] = {}

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        appointment = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(appointment, self._zone)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return "\n".join(tooltip_lines(appointment, self._zone))
        if role == AgendaRole.APPOINTMENT:
            return appointment
        if role == AgendaRole.ID:
            return appointment.id
        return None

    def set_zone(self, zone: dt.tzinfo) -> None:
        """Word the times of every row in the clinic's zone."""
        self._zone = zone
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

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
        self.dataChanged.emit(self.index(row), self.index(row))
