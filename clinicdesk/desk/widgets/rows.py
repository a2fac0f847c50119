"""What every list draws alike: the ground of a row, the bar of the selected one, the letters that matched in bold."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing

Index = QModelIndex | QPersistentModelIndex
Span = tuple[int, int]  # first letter and the one after the last


class RowDelegate(QStyledItemDelegate):
    """A delegate draws its content in `paint_content`; ground, selection bar and line between rows are drawn here.

    `two_lines` takes the taller row of the density; `inset` is where the line between rows begins.
    """

    def __init__(self, two_lines: bool = False, inset: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._two_lines = two_lines
        self._inset = inset

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        theme = current()
        height, words = theme.density.row, theme.line_height("control")
        if self._two_lines:
            height, words = theme.density.row_two_lines, words + theme.line_height("second")
        return QSize(0, max(height, words + 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        theme = current()
        area = QRectF(option.rect)
        paint_row(painter, theme, area, option.state, self._inset)
        self.paint_content(painter, theme, area, index, option)
        painter.restore()

    def paint_content(
        self, painter: QPainter, theme: Theme, area: QRectF, index: Index, option: QStyleOptionViewItem
    ) -> None:
        """Draw one row's content; plain text here."""
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        line = area.adjusted(20, 0, -20, 0)
        drawing.text(painter, line, words, theme.font("control"), theme.color("text"))


def paint_row(
    painter: QPainter, theme: Theme, area: QRectF, state: QStyle.StateFlag, inset: int = 0, rounded: bool = False
) -> None:
    """The ground of one row: selected with its bar, hovered, or plain with the line that parts it from the next."""
    selected = bool(state & QStyle.StateFlag.State_Selected)
    hovered = bool(state & QStyle.StateFlag.State_MouseOver)
    if selected or hovered:
        drawing.box(painter, area, 8 if rounded else 0, theme.color("selected" if selected else "hover"))
    else:
        line = QRectF(area.left() + inset, area.bottom() - 1, area.width() - inset, 1)
        painter.fillRect(line, theme.color("lineSoft"))
    if selected:
        bar = QRectF(area.left(), area.center().y() - 14, 3, 28)
        drawing.box(painter, bar, 1.5, theme.color("accent"))
        if state & QStyle.StateFlag.State_HasFocus:
            edge = area.adjusted(1, 1, -1, -1)
            drawing.box(painter, edge, 8, None, theme.color("accent"), 1.5)


def paint_matched(
    painter: QPainter,
    area: QRectF,
    words: str,
    matched: Sequence[Span],
    plain: tuple[QFont, QColor],
    strong: tuple[QFont, QColor],
) -> float:
    """One line with the matched letters in bold accent; how wide it came out."""
    left = area.left()
    for piece, bold in cut_matched(words, matched):
        font, colour = strong if bold else plain
        width = drawing.width_of(piece, font)
        drawing.text(painter, QRectF(left, area.top(), width + 2, area.height()), piece, font, colour)
        left += width
    return left - area.left()


def cut_matched(words: str, matched: Sequence[Span]) -> list[tuple[str, bool]]:
    """The words in pieces, each with whether it matched; together they are the words again."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for first, end in sorted(matched):
        if first > at:
            pieces.append((words[at:first], False))
        if end > max(at, first):
            pieces.append((words[max(at, first) : end], True))
        at = max(at, end)
    if at < len(words):
        pieces.append((words[at:], False))
    return pieces


class ListView(QListView):
    """A list in the design's manner: one row selected, hover shown, wheel by pixels."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
