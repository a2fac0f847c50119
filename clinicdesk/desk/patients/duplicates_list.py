"""The pairs that look alike, as rows: both names with their visits, and why it seems so."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.patients.merging_words import reason_words, visits_words
from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.patient_row import fitting
from clinicdesk.desk.widgets.rows import Index, RowDelegate, paint_row
from clinicdesk.domain.merging import Entry, LikelyPair
from clinicdesk.domain.patients import shorter_names
from clinicdesk.words import _

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_PADDING = 16


class PairRole(IntEnum):
    """What else can be asked of a row besides its text."""

    PAIR = Qt.ItemDataRole.UserRole + 1


class PairModel(QAbstractListModel):
    """Holds `LikelyPair` values in the order they were found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pairs: list[LikelyPair] = []

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._pairs)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._pairs):
            return None
        pair = self._pairs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _("{one} and {other}").format(one=pair.first.name, other=pair.second.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = [f"{one.name}, {visits_words(one.visits)}" for one in (pair.first, pair.second)]
            return "; ".join([*said, reason_words(pair)])
        return pair if role == PairRole.PAIR else None

    def pairs(self) -> Sequence[LikelyPair]:
        """Every value, in order."""
        return self._pairs

    def show(self, pairs: Sequence[LikelyPair]) -> None:
        """Hold exactly these."""
        self.beginResetModel()
        self._pairs = list(pairs)
        self.endResetModel()

    def row_of(self, ids: frozenset[UUID]) -> int | None:
        """The row in which these two stand."""
        found = (row for row, pair in enumerate(self._pairs) if {pair.first.id, pair.second.id} == ids)
        return next(found, None)


class PairDelegate(RowDelegate):
    """Three lines: one name, the other name, the reasons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(two_lines=True, inset=_PADDING, parent=parent)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        theme = current()
        return QSize(0, 2 * theme.line_height("control") + theme.line_height("second") + 24)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        theme = current()
        area = QRectF(option.rect)
        paint_row(painter, theme, area, option.state, self._inset, rounded=True)
        self.paint_content(painter, theme, area, index, option)
        painter.restore()

    def paint_content(
        self, painter: QPainter, theme: Theme, area: QRectF, index: Index, option: QStyleOptionViewItem
    ) -> None:
        pair = index.data(PairRole.PAIR)
        if not isinstance(pair, LikelyPair):
            return
        line = theme.line_height("control")
        inside = area.adjusted(_PADDING, 10, -_PADDING, 0)
        inside.setHeight(line)
        for entry in (pair.first, pair.second):
            _paint_entry(painter, theme, inside, entry)
            inside.translate(0, line)
        inside.translate(0, 4)
        inside.setHeight(theme.line_height("second"))
        icons.paint(painter, "merge", "accentText", QRectF(inside.left(), inside.top(), 14, inside.height()))
        words = inside.adjusted(20, 0, 0, 0)
        reasons = reason_words(pair).split(" · ")
        forms = [" · ".join(reasons[:count]) for count in range(len(reasons), 0, -1)]
        font = theme.font("second")
        drawing.text(painter, words, fitting(forms, font, words.width()), font, theme.color("muted"))


def _paint_entry(painter: QPainter, theme: Theme, area: QRectF, entry: Entry) -> None:
    counted = visits_words(entry.visits)
    small = theme.font("chip", numbers=True)
    room = area.width() - drawing.width_of(counted, small) - 12
    font = theme.font("control")
    drawing.text(painter, area, fitting(shorter_names(entry.name), font, room), font, theme.color("text"))
    drawing.text(painter, area, counted, small, theme.color("muted"), Qt.AlignmentFlag.AlignRight)
