"""The rows of the patient picker: who was found, and last the offer to begin a new patient."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.key_cap import key_cap_height, key_cap_width, paint_key_cap
from clinicdesk.desk.widgets.patient_row import paint_patient
from clinicdesk.desk.widgets.patient_words import line
from clinicdesk.domain.patients import PatientMatch
from clinicdesk.words import _

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
ROW = 52


class Choices(QAbstractListModel):
    """Holds matches; the row after them, when offered, is the new patient."""

    def __init__(
        self,
        now: Callable[[], dt.datetime],
        zone: Callable[[], dt.tzinfo],
        may_be_new: bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.now = now
        self.zone = zone
        self.words: Sequence[str] = ()
        self.matches: list[PatientMatch] = []
        self._may_be_new = may_be_new
        self._asked = False

    def rowCount(self, parent: _Index = _ROOT) -> int:
        if parent.isValid() or not self._asked:
            return 0
        return max(1, len(self.matches) + self._may_be_new)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        match = self.patient(index.row())
        if match is not None:
            return line(match, self.now(), self.zone(), with_birth=True).spoken
        return new_words() if self.is_new(index.row()) else _("Nobody was found")

    def show(self, text: str, words: Sequence[str], matches: Sequence[PatientMatch]) -> None:
        """Hold the answer to what was typed."""
        self.beginResetModel()
        self.words, self.matches, self._asked = words, list(matches), bool(text)
        self.endResetModel()

    def patient(self, row: int) -> PatientMatch | None:
        """The patient in a row; None for the offer."""
        return self.matches[row] if 0 <= row < len(self.matches) else None

    def is_new(self, row: int) -> bool:
        """Whether the row is the offer of a new patient."""
        return self._may_be_new and row == len(self.matches)


def new_words() -> str:
    """The offer."""
    return _("New patient: just name and phone")


class ChoicesDelegate(QStyledItemDelegate):
    """The row in colour is the one Enter takes, and shows that key."""

    def __init__(self, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme = current()
        area = QRectF(option.rect)
        painter.save()
        match = self._choices.patient(index.row())
        taken = bool(option.state & QStyle.StateFlag.State_Selected)
        if taken:
            drawing.box(painter, area.adjusted(0, 1, 0, -1), 6, theme.color("selected"))
        if match is not None:
            found = line(match, self._choices.now(), self._choices.zone(), self._choices.words, with_birth=True)
            paint_patient(painter, theme, area.adjusted(10, 0, -10, 0), found)
        else:
            self._paint_offer(painter, theme, area, index, taken)
        painter.restore()

    def _paint_offer(self, painter: QPainter, theme: Theme, area: QRectF, index: _Index, taken: bool) -> None:
        new = self._choices.is_new(index.row())
        icons.paint(
            painter,
            "user-plus" if new else "search",
            "accentText" if new else "muted",
            QRectF(area.left() + 19, area.top(), 18, area.height()),
        )
        words = str(index.data())
        ink = theme.color("accentText" if new else "muted")
        drawing.text(painter, area.adjusted(58, 0, 0, 0), words, theme.font("strong" if new else "body"), ink)
        if taken and new:
            wide = key_cap_width("Enter")
            cap = QRectF(area.right() - wide - 12, area.center().y() - key_cap_height() / 2, wide, key_cap_height())
            paint_key_cap(painter, cap, "Enter", theme.color("muted"), theme.color("surface"), theme.color("line"))
