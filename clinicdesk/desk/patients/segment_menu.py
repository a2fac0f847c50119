"""The kept segments, each with how many patients are in it; choosing one filters the list."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QStyleOptionViewItem, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.patients.condition_edit import World, condition_words
from clinicdesk.desk.theme import Theme
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.patient_row import fitting
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.rows import Index, ListView, RowDelegate
from clinicdesk.domain.segments import Segment
from clinicdesk.formats import number
from clinicdesk.words import _

_SEGMENT, _COUNT, _WORDS = (Qt.ItemDataRole.UserRole + place for place in (1, 2, 3))
_WIDTH = 420
_ROWS = 7


class SegmentMenu(Popover):
    """`chosen`, `edit_wanted` and `remove_wanted` carry a Segment; `new_wanted` asks for another."""

    chosen = Signal(object)
    new_wanted = Signal()
    edit_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, owner: QWidget, may_make: bool) -> None:
        super().__init__(owner)
        self.model = QStandardItemModel(self)
        self.list = ListView(_("Segments"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(_SegmentDelegate(two_lines=True, parent=self.list))
        self.none = Label(_("No search is kept yet"), "second", "muted")
        self.edit = Button(_("Edit"), "flat", "pencil", size="dense")
        self.remove = Button(_("Remove"), "flat", "trash-2", size="dense")
        self.new = Button(_("New segment"), "soft", "plus", size="dense")
        body = QWidget()
        body.setFixedWidth(_WIDTH)
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.none)
        column.addWidget(self.list)
        foot = QHBoxLayout()
        foot.addWidget(self.edit)
        foot.addWidget(self.remove)
        foot.addStretch(1)
        foot.addWidget(self.new)
        column.addLayout(foot)
        for button in (self.edit, self.remove, self.new):
            button.setVisible(may_make)
        self._may_make = may_make
        self.set_content(body, self.list)
        self.list.clicked.connect(self._choose)
        self.list.activated.connect(self._choose)
        self.new.clicked.connect(self.new_wanted)
        self.edit.clicked.connect(lambda: self._wish(self.edit_wanted.emit))
        self.remove.clicked.connect(lambda: self._wish(self.remove_wanted.emit))

    def show_segments(self, segments: Sequence[Segment], world: World) -> None:
        """Offer these."""
        kept = self.list.currentIndex().data(_SEGMENT)
        self.model.clear()
        for one in segments:
            self.model.appendRow(_item(one, world))
        rows = self.model.rowCount()
        self.none.setVisible(not rows)
        self.list.setVisible(bool(rows))
        self.list.setFixedHeight(min(max(rows, 1), _ROWS) * self.list.sizeHintForRow(0) if rows else 0)
        for button in (self.edit, self.remove):
            button.setVisible(bool(rows) and self._may_make)
        at = next((row for row, one in enumerate(segments) if isinstance(kept, Segment) and one.id == kept.id), 0)
        self.list.setCurrentIndex(self.model.index(at, 0))

    def show_counts(self, counts: Mapping[UUID, int]) -> None:
        """How many patients are in them."""
        for row in range(self.model.rowCount()):
            item = self.model.item(row)
            segment = item.data(_SEGMENT)
            if segment.id in counts:
                item.setData(number(counts[segment.id]), _COUNT)

    def _choose(self, index: Index) -> None:
        segment = index.data(_SEGMENT)
        if isinstance(segment, Segment) and segment.definition is not None:
            self.chosen.emit(segment)
            self.dismiss()

    def _wish(self, tell: Callable[[Segment], None]) -> None:
        segment = self.list.currentIndex().data(_SEGMENT)
        if isinstance(segment, Segment):
            tell(segment)


def _item(segment: Segment, world: World) -> QStandardItem:
    item = QStandardItem(segment.name)
    item.setEditable(False)
    item.setData(segment, _SEGMENT)
    words = (
        _("What it searched for cannot be read here")
        if segment.definition is None
        else " · ".join(condition_words(one, world) for one in segment.definition)
    )
    item.setData(words, _WORDS)
    item.setAccessibleText(f"{segment.name}, {words}")
    item.setToolTip(words)
    return item


class _SegmentDelegate(RowDelegate):
    def paint_content(
        self, painter: QPainter, theme: Theme, area: QRectF, index: Index, option: QStyleOptionViewItem
    ) -> None:
        segment = index.data(_SEGMENT)
        broken = isinstance(segment, Segment) and segment.definition is None
        icon, ink = ("triangle-alert", "warnText") if broken else ("users", "muted")
        icons.paint(painter, icon, ink, QRectF(area.left() + 14, area.center().y() - 8, 16, 16))
        count = str(index.data(_COUNT) or "")
        room = area.adjusted(42, 0, -76, 0)
        upper, lower = theme.line_height("strong"), theme.line_height("second")
        top = QRectF(room.left(), area.center().y() - (upper + lower) / 2, room.width(), upper)
        font, small = theme.font("strong"), theme.font("second", numbers=True)
        drawing.text(painter, top, fitting([str(index.data())], font, room.width()), font, theme.color("text"))
        words = fitting(_shorter(str(index.data(_WORDS))), small, area.width() - 56)
        below = QRectF(room.left(), top.bottom(), area.width() - 56, lower)
        drawing.text(painter, below, words, small, theme.color("warnText" if broken else "muted"))
        right = QRectF(area.right() - 76, top.top(), 62, upper)
        drawing.text(painter, right, count, small, theme.color("accentText"), Qt.AlignmentFlag.AlignRight)


def _shorter(words: str) -> list[str]:
    """The conditions, then as many of the first as there is room for and how many more there are."""
    parts = words.split(" · ")
    return [words, *(f"{' · '.join(parts[:count])} · +{len(parts) - count}" for count in range(len(parts) - 1, 0, -1))]
