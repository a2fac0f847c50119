"""The list in the middle: things in the clinic's order, under headings, taken by the handle to another place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.avatar import paint_avatar
from clinicdesk.desk.widgets.chip import HEIGHT as CHIP_HEIGHT
from clinicdesk.desk.widgets.chip import chip_width, paint_chip
from clinicdesk.desk.widgets.label import plain_tip
from clinicdesk.desk.widgets.rows import Index, ListView, RowDelegate
from clinicdesk.words import _

_ROOT = QModelIndex()
_GRIP = 36


@dataclass(frozen=True)
class Row:
    """One line. A heading has no id; `group` is what it may be dragged within."""

    id: UUID | None
    title: str
    detail: str = ""
    right: str = ""
    icon: str = ""
    hue: int | None = None
    avatar: bool = False
    muted: bool = False
    draft: bool = False
    group: str = ""
    chip: tuple[str, str] | None = None  # tone and icon: what stands at the right is a chip
    spoken: str = field(default="", compare=False)


class RowRole(IntEnum):
    """What else can be asked of a line."""

    ROW = Qt.ItemDataRole.UserRole + 1


class RowModel(QAbstractListModel):
    """Holds lines; one that stays keeps its place, and so selection and focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{row.title}: {row.detail}" if row.detail else row.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken or ", ".join(part for part in (row.title, row.detail, row.right) if part)
        return row if role == RowRole.ROW else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = self.data(index, RowRole.ROW)
        if found is not None and found.id is None:
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)

    @property
    def rows(self) -> Sequence[Row]:
        """Every line, headings too."""
        return self._rows

    def show(self, rows: Sequence[Row]) -> None:
        """Hold exactly these."""
        if [one.id for one in rows] == [one.id for one in self._rows] and len(rows) == len(self._rows):
            for at, row in enumerate(rows):
                if row != self._rows[at]:
                    self._rows[at] = row
                    self.dataChanged.emit(self.index(at), self.index(at))
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row_of(self, row_id: UUID | None) -> int | None:
        """Where an id stands."""
        return next((at for at, row in enumerate(self._rows) if row.id is not None and row.id == row_id), None)

    def move(self, source: int, target: int) -> bool:
        """Put a line where another of its group stands; false when that is not its place."""
        if source == target or not 0 <= target < len(self._rows):
            return False
        one, other = self._rows[source], self._rows[target]
        if other.id is None or one.group != other.group:
            return False
        self.beginMoveRows(_ROOT, source, source, _ROOT, target + (target > source))
        self._rows.insert(target, self._rows.pop(source))
        self.endMoveRows()
        return True

    def ids(self) -> tuple[UUID, ...]:
        """The ids in the order they stand in."""
        return tuple(row.id for row in self._rows if row.id is not None)


class RowListDelegate(RowDelegate):
    """Handle, mark, name, what it is, and a column of figures at the right."""

    def __init__(self, view: "RowListView") -> None:
        super().__init__(two_lines=view.two_lines, inset=16, parent=view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        row = index.data(RowRole.ROW)
        return QSize(0, max(36, current().line_height("head") + 16)) if row is not None and row.id is None else size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(RowRole.ROW)
        if row is not None and row.id is None:
            self._paint_heading(painter, QRectF(option.rect), row)
            return
        super().paint(painter, option, index)

    def paint_content(
        self, painter: QPainter, theme: Theme, area: QRectF, index: Index, option: QStyleOptionViewItem
    ) -> None:
        row: Row = index.data(RowRole.ROW)
        left = area.left() + 12
        if self._view.orderable:
            icons.paint(painter, "grip-vertical", "faint", QRectF(left, area.top(), 16, area.height()))
            left += 26
        left = self._paint_mark(painter, theme, QRectF(left, area.top(), 32, area.height()), row)
        right = area.right() - 16
        width = self._paint_right(painter, theme, area, row, right)
        if row.draft:
            drawing.box(painter, QRectF(right - width - 18, area.center().y() - 3, 6, 6), 3, theme.color("warn"))
        room = QRectF(left, area.top(), right - (width + 24 if row.right or row.draft else 0) - left, area.height())
        self._paint_words(painter, theme, room, row)

    def _paint_right(self, painter: QPainter, theme: Theme, area: QRectF, row: Row, right: float) -> float:
        """What stands at the right, as figures or as a chip; how wide it is."""
        if row.chip is not None:
            width = float(chip_width(row.right, row.chip[1]))
            chip = QRectF(right - width, area.center().y() - CHIP_HEIGHT / 2, width, CHIP_HEIGHT)
            paint_chip(painter, chip, row.right, *row.chip)
            return width
        figures = theme.font("strong", numbers=True)
        width = drawing.width_of(row.right, figures) if row.right else 0.0
        ink = theme.color("faint" if row.muted else "text")
        line = QRectF(right - width - 2, area.top(), width + 2, area.height())
        drawing.text(painter, line, row.right, figures, ink, Qt.AlignmentFlag.AlignRight)
        return width

    def _paint_words(self, painter: QPainter, theme: Theme, room: QRectF, row: Row) -> None:
        ink = theme.color("faint" if row.muted else "text")
        painter.save()
        painter.setClipRect(room)
        title = whole_words(row.title, theme.font("strong"), room.width())
        if self._view.two_lines and row.detail:
            upper, lower = theme.line_height("strong"), theme.line_height("second")
            top = room.center().y() - (upper + lower) / 2
            drawing.text(painter, QRectF(room.left(), top, room.width(), upper), title, theme.font("strong"), ink)
            second = QRectF(room.left(), top + upper, room.width(), lower)
            detail = whole_words(row.detail, theme.font("second"), room.width())
            drawing.text(painter, second, detail, theme.font("second"), theme.color("muted"))
        else:
            drawing.text(painter, room, title, theme.font("control"), ink)
            width = drawing.width_of(title, theme.font("control")) + 12
            second = room.adjusted(width, 0, 0, 0)
            if row.detail and drawing.width_of(row.detail, theme.font("second")) <= second.width():
                drawing.text(painter, second, row.detail, theme.font("second"), theme.color("muted"))
        painter.restore()

    def _paint_mark(self, painter: QPainter, theme: Theme, area: QRectF, row: Row) -> float:
        if row.avatar:
            disc = QRectF(area.left(), area.center().y() - 16, 32, 32)
            paint_avatar(painter, disc, row.title, row.hue or 0)
            return area.left() + 44
        if row.icon:
            tile = QRectF(area.left(), area.center().y() - 14, 28, 28)
            colours = theme.hue(row.hue) if row.hue is not None else None
            drawing.box(painter, tile, 8, colours.fill if colours else theme.color("sunken"))
            ink = colours.edge if colours else theme.color("muted")
            icons.paint(painter, row.icon, ink, tile.adjusted(6, 6, -6, -6))
            return area.left() + 40
        return area.left()

    def _paint_heading(self, painter: QPainter, area: QRectF, row: Row) -> None:
        theme = current()
        painter.save()
        if row.hue is not None:
            colours = theme.hue(row.hue)
            square = QRectF(area.left() + 16, area.center().y() - 6, 12, 12)
            drawing.box(painter, square, 3, colours.fill, colours.edge, 1.5)
        line = area.adjusted(36 if row.hue is not None else 16, 0, -16, 0)
        drawing.text(painter, line, row.title, theme.font("head"), theme.color("muted"))
        width = drawing.width_of(row.title, theme.font("head")) + 8
        drawing.text(painter, line.adjusted(width, 0, 0, 0), row.right, theme.font("second"), theme.color("faint"))
        painter.restore()


def whole_words(text: str, font: QFont, width: float) -> str:
    """As many whole words of a text as there is room for, the first at least; the tool tip has them all."""
    words = text.split(" ")
    while len(words) > 1 and drawing.width_of(" ".join(words), font) > width:
        words.pop()
    return " ".join(words)


class RowListView(ListView):
    """`chosen` tells the id one came to, `reordered` all ids in their new order. Alt and an arrow move a line."""

    chosen = Signal(object)
    reordered = Signal(tuple)

    def __init__(self, name: str, orderable: bool = False, two_lines: bool = False) -> None:
        super().__init__(name)
        self.orderable = orderable
        self.two_lines = two_lines
        self.rows = RowModel(self)
        self._dragged: int | None = None
        self._moved = False
        self._quiet = False
        self.setUniformItemSizes(False)
        self.setModel(self.rows)
        self.setItemDelegate(RowListDelegate(self))
        self.selectionModel().currentChanged.connect(self._came_to)
        if orderable:
            self.setAccessibleDescription(_("Alt and an arrow move a line"))

    @property
    def current_id(self) -> UUID | None:
        """The id of the line one is on."""
        row = self.rows.data(self.currentIndex(), RowRole.ROW)
        return row.id if isinstance(row, Row) else None

    def show_rows(self, rows: Sequence[Row], current_id: UUID | None) -> None:
        """Show these, with one of them chosen; nobody is told."""
        self._quiet = True
        self.rows.show(rows)
        at = self.rows.row_of(current_id)
        if at is None:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        elif self.currentIndex().row() != at:
            self.setCurrentIndex(self.rows.index(at))
        self._quiet = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by and event.modifiers() & Qt.KeyboardModifier.AltModifier and self.orderable:
            if self._shift(self.currentIndex().row(), by):
                self.reordered.emit(self.rows.ids())
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        row = self.rows.data(index, RowRole.ROW)
        on_grip = self.orderable and event.position().x() < _GRIP and row is not None and row.id is not None
        self._dragged = index.row() if on_grip else None
        self._moved = False
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is None or not event.buttons() & Qt.MouseButton.LeftButton:
            on_grip = self.orderable and event.position().x() < _GRIP
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if on_grip else Qt.CursorShape.ArrowCursor)
            super().mouseMoveEvent(event)
            return
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        target = self.indexAt(event.position().toPoint())
        if target.isValid() and target.row() != self._dragged and self._put(self._dragged, target.row()):
            self._dragged = target.row()
            self._moved = True

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, self._dragged = self._dragged, None
        if dragged is not None and self._moved:
            self.reordered.emit(self.rows.ids())
        super().mouseReleaseEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        return super().viewportEvent(event)

    def _shift(self, row: int, by: int) -> bool:
        return 0 <= row < self.rows.rowCount() and self._put(row, row + by)

    def _put(self, source: int, target: int) -> bool:
        self._quiet = True
        moved = self.rows.move(source, target)
        self._quiet = False
        if moved:
            self.scrollTo(self.rows.index(target))
        return moved

    def _came_to(self, now: QModelIndex, _before: QModelIndex) -> None:
        row = self.rows.data(now, RowRole.ROW)
        if not self._quiet and isinstance(row, Row) and row.id is not None:
            self.chosen.emit(row.id)
