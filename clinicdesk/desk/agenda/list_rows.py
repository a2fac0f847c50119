"""Which rows a list of visits shows, and in which order: a sieve, words typed to find some, and a column to sort by."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.model import AgendaColumn, AgendaModel, AgendaRole
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.patients import fold
from clinicdesk.domain.saved_views import Sieve

_Index = QModelIndex | QPersistentModelIndex


class ListRows(QSortFilterProxyModel):
    """The rows of an `AgendaModel` that pass; by time at first, and by time among equals."""

    def __init__(self, model: AgendaModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sieve = Sieve()
        self._words: list[str] = []
        self.setSourceModel(model)
        self.setDynamicSortFilter(True)
        self.sort(AgendaColumn.TIME)

    def set_sieve(self, sieve: Sieve) -> None:
        """Show what passes this one."""
        if sieve != self._sieve:
            self._sieve = sieve
            self.invalidate()

    def set_words(self, text: str) -> None:
        """Show the rows in which every one of these words begins somewhere, accents aside."""
        self._words = fold(text).split()
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: _Index) -> bool:
        index = self.sourceModel().index(source_row, 0, source_parent)
        appointment = index.data(AgendaRole.APPOINTMENT)
        if not isinstance(appointment, Appointment) or not self._sieve.lets_through(appointment):
            return False
        return not self._words or all(word in _text(appointment) for word in self._words)

    def lessThan(self, left: _Index, right: _Index) -> bool:
        column = AgendaColumn(left.column())
        one, other = left.data(AgendaRole.APPOINTMENT), right.data(AgendaRole.APPOINTMENT)
        key = _KEYS.get(column, _time)
        if key(one) != key(other):
            return bool(key(one) < key(other))
        # Among equals the earlier comes first, whichever way the column is sorted.
        up = self.sortOrder() == Qt.SortOrder.AscendingOrder
        return bool(_time(one) < _time(other) if up else _time(one) > _time(other))


def _time(one: Appointment) -> Any:
    return one.starts_at, one.ends_at, one.id


def _text(one: Appointment) -> str:
    name = privacy.shown_name(one.patient_name)
    return fold(" ".join((name, one.service_name, one.professional_name, one.room_name, one.equipment_name)))


_ORDER = tuple(Status)
_KEYS: dict[AgendaColumn, Callable[[Appointment], Any]] = {
    AgendaColumn.PATIENT: lambda one: fold(one.patient_name),
    AgendaColumn.SERVICE: lambda one: fold(one.service_name),
    AgendaColumn.PROFESSIONAL: lambda one: fold(one.professional_name),
    AgendaColumn.ROOM: lambda one: fold(f"{one.room_name} {one.equipment_name}"),
    AgendaColumn.STATUS: lambda one: _ORDER.index(one.status),
}
