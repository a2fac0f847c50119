"""The tags of a patient, put on and taken off where one is; a new one is made of what was typed."""

from collections.abc import Collection, Sequence
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QStyleOptionViewItem, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.hues import next_hue
from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.hue_picker import HuePicker
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.patient_row import fitting
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.rows import Index, ListView, RowDelegate
from clinicdesk.domain.patients import fold
from clinicdesk.domain.tags import LONGEST_NAME, Tag
from clinicdesk.words import _

_TAG, _ON = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
_WIDTH = 328
_ROWS = 7


class TagMenu(Popover):
    """`toggled` carries a Tag and whether it is wanted, `make_wanted` a name and a hue.

    `save_wanted` carries a Tag with its new name and hue, `remove_wanted` a Tag. ↑ ↓ walk, Enter puts on or takes off.
    """

    toggled = Signal(object, bool)
    make_wanted = Signal(str, int)
    save_wanted = Signal(object, str, int)
    remove_wanted = Signal(object)

    def __init__(self, owner: QWidget, may_make: bool) -> None:
        super().__init__(owner)
        self._may_make = may_make
        self._tags: Sequence[Tag] = ()
        self._on: Collection[UUID] = ()
        self._edited: Tag | None = None
        self.box = LineEdit(_("Find or create a tag") if may_make else _("Find a tag"), "search")
        self.box.setMaxLength(LONGEST_NAME)
        self.model = QStandardItemModel(self)
        self.list = ListView(_("Tags"))
        self.name = LineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.hue = HuePicker(_("Colour of the tag"))
        self._none = Label(_("No tag is called so"), "second", "muted")
        self._pages = QStackedWidget()
        self._pages.addWidget(self._list_page())
        self._pages.addWidget(self._edit_page())
        self._pages.setFixedWidth(_WIDTH)
        self.set_content(self._pages, self.box)
        self.box.textChanged.connect(self._fill)
        self.box.installEventFilter(self)
        self.list.clicked.connect(self._take)
        self.closed.connect(lambda: self._pages.setCurrentIndex(0))

    def show_tags(self, tags: Sequence[Tag], on: Collection[UUID]) -> None:
        """Offer these; `on` are those that the patient has."""
        self._tags, self._on = tags, on
        self._fill()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.box and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                row = min(max(self.list.currentIndex().row() + step, 0), self.model.rowCount() - 1)
                self.list.setCurrentIndex(self.model.index(row, 0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _fill(self, _text: str = "") -> None:
        kept = self.list.currentIndex().data(_TAG)
        typed = " ".join(self.box.text().split())
        words = fold(typed)
        found = [tag for tag in self._tags if words in fold(tag.name)]
        self.model.clear()
        for tag in found:
            self.model.appendRow(_item(tag, tag.id in self._on))
        if typed and self._may_make and not any(tag.name == typed for tag in self._tags):
            item = QStandardItem(_("Create “{name}”").format(name=typed))
            item.setEditable(False)
            self.model.appendRow(item)
        rows = self.model.rowCount()
        self._none.setVisible(not rows)
        self.list.setVisible(bool(rows))
        self.list.setFixedHeight(min(max(rows, 1), _ROWS) * self.list.sizeHintForRow(0) if rows else 0)
        again = next((row for row, tag in enumerate(found) if isinstance(kept, Tag) and tag.id == kept.id), 0)
        self.list.setCurrentIndex(self.model.index(again, 0))

    def _take(self, index: Index) -> None:
        if not index.isValid():
            return
        tag = index.data(_TAG)
        if isinstance(tag, Tag):
            self.toggled.emit(tag, not index.data(_ON))
        else:
            self.make_wanted.emit(self.box.text(), next_hue([one.hue for one in self._tags]))
        self.box.clear()

    def _edit_current(self) -> None:
        tag = self.list.currentIndex().data(_TAG)
        if isinstance(tag, Tag):
            self._edited = tag
            self.name.setText(tag.name)
            self.hue.set_hue(tag.hue)
            self._pages.setCurrentIndex(1)
            self.name.setFocus()
            self.name.selectAll()

    def _save(self) -> None:
        if self._edited is not None:
            self.save_wanted.emit(self._edited, self.name.text(), self.hue.hue)
            self._back()

    def _remove(self) -> None:
        if self._edited is not None:
            self.remove_wanted.emit(self._edited)
            self._back()

    def _back(self) -> None:
        self._pages.setCurrentIndex(0)
        self.box.setFocus()

    def _list_page(self) -> QWidget:
        self.list.setModel(self.model)
        self.list.setItemDelegate(_TagDelegate(parent=self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.box)
        column.addWidget(self._none)
        column.addWidget(self.list)
        if self._may_make:
            edit = Button(_("Change this tag"), "flat", "pencil", size="dense")
            edit.clicked.connect(self._edit_current)
            column.addWidget(edit, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return page

    def _edit_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        back = icon_button("chevron-left", _("Back"))
        back.clicked.connect(self._back)
        head.addWidget(back)
        head.addWidget(Label(_("Change this tag"), "strong"))
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(Field(_("Name"), self.name, reserve=False))
        column.addWidget(self.hue)
        foot = QHBoxLayout()
        remove = Button(_("Remove from everybody"), "flat", "trash-2", size="dense", tone="danger")
        remove.clicked.connect(self._remove)
        save = Button(_("Save"), "primary", size="dense")
        save.clicked.connect(self._save)
        self.name.returnPressed.connect(self._save)
        foot.addWidget(remove)
        foot.addStretch(1)
        foot.addWidget(save)
        column.addLayout(foot)
        column.addStretch(1)
        return page


def _item(tag: Tag, on: bool) -> QStandardItem:
    item = QStandardItem(tag.name)
    item.setEditable(False)
    item.setData(tag, _TAG)
    item.setData(on, _ON)
    item.setAccessibleText(_("{name}, put on").format(name=tag.name) if on else tag.name)
    return item


class _TagDelegate(RowDelegate):
    def paint_content(
        self, painter: QPainter, theme: Theme, area: QRectF, index: Index, option: QStyleOptionViewItem
    ) -> None:
        tag = index.data(_TAG)
        dot = QRectF(area.left() + 14, area.center().y() - 7, 14, 14)
        if isinstance(tag, Tag):
            colours = current().hue(tag.hue)
            drawing.box(painter, dot, 7, colours.fill, colours.edge, 1.5)
        else:
            icons.paint(painter, "plus", "accentText", dot)
        line = area.adjusted(40, 0, -40, 0)
        font = theme.font("control")
        words = fitting([str(index.data())], font, line.width())
        drawing.text(painter, line, words, font, theme.color("text" if isinstance(tag, Tag) else "accentText"))
        if index.data(_ON):
            icons.paint(painter, "check", "accentText", QRectF(area.right() - 32, area.center().y() - 8, 16, 16))
