"""The lines of one conversation, with the days between them."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from clinicdesk.desk.messages.words import day_words, spoken
from clinicdesk.desk.widgets.rows import Index
from clinicdesk.domain.inbox import Line, Place, Talk, Thread, place_of


@dataclass(frozen=True)
class DayRow:
    """A day between what was said before it and on it."""

    day: dt.date


Row = Line | DayRow


class ThreadModel(QAbstractListModel):
    """`earlier_wanted` asks for what came before the first line."""

    earlier_wanted = Signal()

    def __init__(
        self, me: UUID, now: Callable[[], dt.datetime], zone: Callable[[], dt.tzinfo], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.me, self.now, self.zone = me, now, zone
        self.talk: Talk | None = None
        self.rows: tuple[Row, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self._more = False
        self._asked = False

    @property
    def oldest(self) -> Place | None:
        """Where what is shown begins."""
        return place_of(self._lines[0]) if self._lines else None

    def clear(self) -> None:
        """Show nothing."""
        self.beginResetModel()
        self.talk, self.rows, self._lines, self._more = None, (), (), False
        self.endResetModel()

    def show(self, thread: Thread) -> bool:
        """Show the latest stretch of a conversation; False when it is the one on show, brought up to date.

        What was read of earlier times stays.
        """
        same = self.talk is not None and self.talk.id == thread.talk.id
        earlier = self._before(thread) if same else ()
        more = self._more if earlier else thread.more
        self.talk, self._asked = thread.talk, False
        self._put((*earlier, *thread.lines), more)
        return not same

    def add_earlier(self, thread: Thread) -> int:
        """Show what came before; how many rows were put before those on show."""
        if self.talk is None or self.talk.id != thread.talk.id:
            return 0
        known = {one.id for one in self._lines}
        before = len(self.rows)
        self._asked = False
        self._put((*(one for one in thread.lines if one.id not in known), *self._lines), thread.more)
        return len(self.rows) - before

    def ask_earlier(self) -> None:
        """Ask for what came before, once."""
        if self._more and not self._asked:
            self._asked = True
            self.earlier_wanted.emit()

    def ask_failed(self) -> None:
        """What was asked for did not come."""
        self._asked = False

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows) or self.talk is None:
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(row, DayRow):
                return day_words(row.day, self.now().astimezone(self.zone()).date())
            return spoken(row, self.talk, self.me, self.zone())
        return None

    def _before(self, thread: Thread) -> tuple[Line, ...]:
        """What is on show already of the time before a stretch, when the two touch."""
        if not thread.lines or not thread.more:
            return ()
        first = place_of(thread.lines[0])
        if not any(place_of(one) >= first for one in self._lines):
            return ()  # so much came that something between is not known
        return tuple(one for one in self._lines if place_of(one) < first)

    def _put(self, lines: Sequence[Line], more: bool) -> None:
        rows = tuple(_with_days(lines, self.zone()))
        self._lines, self._more = tuple(lines), more
        if _keys(rows) == _keys(self.rows):
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        if self.rows and _keys(rows)[: len(self.rows)] == _keys(self.rows):
            self.beginInsertRows(QModelIndex(), len(self.rows), len(rows) - 1)
            self.rows = rows
            self.endInsertRows()
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


def _with_days(lines: Sequence[Line], zone: dt.tzinfo) -> list[Row]:
    rows: list[Row] = []
    last = None
    for line in lines:
        day = line.at.astimezone(zone).date()
        if day != last:
            rows.append(DayRow(day))
            last = day
        rows.append(line)
    return rows


def _keys(rows: Sequence[Row]) -> list[object]:
    return [row.day if isinstance(row, DayRow) else row.id for row in rows]
