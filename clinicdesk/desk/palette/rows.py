"""The rows of the palette as values: what each says, how it looks, and what taking it does."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from clinicdesk.desk.widgets.patient_words import Line

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Look(Enum):
    """How a row is drawn."""

    HEADING = auto()
    PATIENT = auto()
    PLAIN = auto()
    BOOK = auto()
    TIME = auto()
    FACT = auto()


@dataclass(frozen=True)
class Row:
    """One line of the list. Without `run` it only says something.

    `certain` rows may be taken by an Enter that was pressed before they were shown; a choice among several may not.
    """

    look: Look
    words: str
    detail: str = ""
    icon: str = ""
    tone: str = "muted"
    key: str = ""
    number: int = 0
    spoken: str = ""
    person: Line | None = None
    run: Callable[[], object] | None = None
    certain: bool = True

    @property
    def said(self) -> str:
        """The row for a screen reader."""
        if self.person is not None:
            return self.person.spoken
        number = f"{self.number}. " if self.number else ""
        return f"{number}{self.words}" + (f", {self.spoken or self.detail}" if self.spoken or self.detail else "")


class Rows(QAbstractListModel):
    """Holds rows; headings and facts cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.said
        return row if role == Qt.ItemDataRole.UserRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.rows[index.row()].run is None:
            return Qt.ItemFlag.ItemIsEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def show(self, rows: list[Row]) -> None:
        """Hold these instead."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def step(self, row: int, by: int) -> int | None:
        """The next row that can be chosen, going round; None when there is none."""
        count = len(self.rows)
        for distance in range(1, count + 1):
            at = (row + by * distance) % count
            if self.rows[at].run is not None:
                return at
        return None

    def numbered(self, number: int) -> Row | None:
        """The row with a number."""
        return next((one for one in self.rows if one.number == number and one.run), None)
