"""A short list to choose from in a popover, in the manner of the other lists."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QListWidget, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from clinicdesk.desk.messages.listing import first_words
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.rows import Index, paint_row

SECOND = Qt.ItemDataRole.UserRole + 1


class Choices(QListWidget):
    """Rows of one text, with a quiet one behind it under the role SECOND."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_ChoiceDelegate(self))

    def fit(self, most: int) -> None:
        """As high as its rows, up to so many."""
        rows = max(1, min(most, self.count()))
        self.setFixedHeight(rows * max(1, self.sizeHintForRow(0)) + 2)


class _ChoiceDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        theme = current()
        return QSize(0, max(36, theme.line_height("control") + 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        theme, area = current(), QRectF(option.rect)
        paint_row(painter, theme, area, option.state, rounded=True)
        line = area.adjusted(12, 0, -10, 0)
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        font, quiet = theme.font("control"), theme.font("second")
        drawing.text(painter, line, words, font, theme.color("text"))
        second = str(index.data(SECOND) or "")
        if second:
            rest = line.adjusted(drawing.width_of(words, font) + 12, 0, 0, 0)
            drawing.text(painter, rest, first_words(second, quiet, rest.width()), quiet, theme.color("muted"))
        painter.restore()
