"""The patients on the list, keyed by id and in the order they were found; changed row by row, no I/O."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from clinicdesk.domain.patients import PatientMatch

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class PatientRole(IntEnum):
    """What else can be asked of a row besides its text."""

    MATCH = Qt.ItemDataRole.UserRole + 1
    ID = Qt.ItemDataRole.UserRole + 2


class PatientListModel(QAbstractListModel):
    """Holds `PatientMatch` values. Whoever stays found keeps the row, and so selection and focus.

    `spoken` words a row for a screen reader.
    """

    def __init__(
        self, spoken: Callable[[PatientMatch], str] = lambda match: match.name, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._spoken = spoken
        self._rows: list[PatientMatch] = []
        self._held: dict[UUID, PatientMatch] = {}

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        match = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return match.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(match)
        if role == PatientRole.MATCH:
            return match
        return match.id if role == PatientRole.ID else None

    def patient(self, patient_id: UUID) -> PatientMatch | None:
        """The value held for an id."""
        return self._held.get(patient_id)

    def matches(self) -> Sequence[PatientMatch]:
        """Every value, in order."""
        return self._rows

    def row_of(self, patient_id: UUID) -> int | None:
        """The row an id stands in."""
        held = self._held.get(patient_id)
        return None if held is None else next(row for row, one in enumerate(self._rows) if one.id == patient_id)

    def show(self, matches: Sequence[PatientMatch]) -> None:
        """Hold exactly these, in this order."""
        wanted = list({one.id: one for one in matches}.values())
        if not self._held.keys() & {one.id for one in wanted}:
            self.beginResetModel()
            self._rows = wanted
            self._held = {one.id: one for one in wanted}
            self.endResetModel()
            return
        self._drop_all_but({one.id for one in wanted})
        for row, one in enumerate(wanted):
            self._place(row, one)

    def append(self, matches: Sequence[PatientMatch]) -> None:
        """Hold these too, after the rest; who is held already is brought up to date."""
        new = [one for one in matches if one.id not in self._held]
        for one in matches:
            self.update(one)
        if new:
            self.beginInsertRows(_ROOT, len(self._rows), len(self._rows) + len(new) - 1)
            self._rows.extend(new)
            self._held |= {one.id: one for one in new}
            self.endInsertRows()

    def update(self, match: PatientMatch) -> bool:
        """Bring one row up to date; false when it is not held or says the same."""
        row = self.row_of(match.id)
        if row is None or self._rows[row] == match:
            return False
        self._rows[row] = self._held[match.id] = match
        self.dataChanged.emit(self.index(row), self.index(row))
        return True

    def _drop_all_but(self, kept: set[UUID]) -> None:
        last = len(self._rows) - 1
        while last >= 0:
            if self._rows[last].id in kept:
                last -= 1
                continue
            first = last
            while first > 0 and self._rows[first - 1].id not in kept:
                first -= 1
            self.beginRemoveRows(_ROOT, first, last)
            for gone in self._rows[first : last + 1]:
                del self._held[gone.id]
            del self._rows[first : last + 1]
            self.endRemoveRows()
            last = first - 1

    def _place(self, row: int, match: PatientMatch) -> None:
        if match.id not in self._held:
            self.beginInsertRows(_ROOT, row, row)
            self._rows.insert(row, match)
            self._held[match.id] = match
            self.endInsertRows()
            return
        held = self.row_of(match.id)
        if held is not None and held != row:
            self.beginMoveRows(_ROOT, held, held, _ROOT, row)
            self._rows.insert(row, self._rows.pop(held))
            self.endMoveRows()
        self.update(match)
