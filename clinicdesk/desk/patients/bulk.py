"""Changing several patients: what to change, who changes and how, and one button that says how many."""

import datetime as dt
from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QStyleOptionViewItem, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.patients.own_fields import OwnFields, own_words
from clinicdesk.desk.theme import Theme
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.patient_row import fitting
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.rows import Index, ListView, RowDelegate
from clinicdesk.domain.bulk_update import (
    BulkChange,
    BulkPreview,
    Held,
    PutTag,
    SetOwnField,
    SetSource,
    SetVip,
    TakeTag,
    wanted,
)
from clinicdesk.domain.custom_fields import CustomField, from_stored, to_stored
from clinicdesk.domain.patients import shorter_names
from clinicdesk.domain.tags import Tag
from clinicdesk.words import _, ngettext

_NAME, _BEFORE, _AFTER = (Qt.ItemDataRole.UserRole + number for number in (1, 2, 3))
_WIDTH = 560
_LIST_HEIGHT = 264
_WAIT = 250  # milliseconds after the last key before the preview is asked for


class BulkPanel(Popover):
    """`look_wanted` carries a BulkChange to be previewed, `done` the change that is wanted."""

    look_wanted = Signal(object)
    done = Signal(object)

    def __init__(
        self,
        owner: QWidget,
        count: int,
        tags: Sequence[Tag],
        fields: Sequence[CustomField],
        today: Callable[[], dt.date],
    ) -> None:
        super().__init__(owner, veiled=True, radius=16, light=False)
        self._tags, self._fields = tags, {one.id: one for one in fields}
        self.what = Select(_whats(tags, fields))
        self.tag = Select([(one.id, one.name) for one in tags])
        self.source = LineEdit(_("Empty for nothing"))
        self.source.setMaxLength(120)
        self.vip = Select([(True, _("VIP")), (False, _("Not VIP"))])
        self.own = {one.id: OwnFields([one], today) for one in fields}
        self.summary = Label("", "body", "muted", numbers=True, wrap=True)
        self.trouble = Banner("warn", "")
        self.model = QStandardItemModel(self)
        self.list = ListView(_("Who changes"))
        self.do = Button("", "primary", "list-checks", "Ctrl Enter", size="key")
        self.preview: BulkPreview | None = None
        self._asked: BulkChange | None = None
        self._wait = QTimer(self, singleShot=True, interval=_WAIT)
        self._arrange(count)
        self._listen()
        self._show_values()

    def ask(self) -> None:
        """Ask for the preview of what is chosen now."""
        self._asked, self.preview = self.change(), None
        self.do.setEnabled(False)
        if self._asked is not None:
            self.look_wanted.emit(self._asked)

    def show_preview(self, change: BulkChange, preview: BulkPreview) -> None:
        """Show what this change would do; one that was asked for earlier is dropped."""
        if change != self._asked:
            return
        self.preview = preview
        self.trouble.hide()
        count = len(preview.lines)
        said = [ngettext("{count} changes", "{count} change", count).format(count=formats.number(count))]
        if preview.already:
            had = ngettext("{count} has it already", "{count} have it already", preview.already)
            said.append(had.format(count=formats.number(preview.already)))
        if preview.gone:
            gone = ngettext("{count} is no longer there", "{count} are no longer there", preview.gone)
            said.append(gone.format(count=formats.number(preview.gone)))
        self.summary.setText(" · ".join(said))
        self._fill(change, preview)
        words = ngettext("Change {count} patient", "Change {count} patients", count)
        self.do.setText(words.format(count=formats.number(count)))
        self.do.setEnabled(count > 0)
        self.do.updateGeometry()

    def show_trouble(self, words: str) -> None:
        """It cannot be done, or not be shown; what was chosen stays."""
        self.do.set_busy(False)
        self.trouble.say("warn", words)
        self.trouble.show()
        self.adjustSize()

    def change(self) -> BulkChange | None:
        """What is wanted; None while something is missing or wrong."""
        what = self.what.value
        if what in ("put", "take"):
            tag = self.tag.value
            if not isinstance(tag, UUID):
                return None
            return PutTag(tag) if what == "put" else TakeTag(tag)
        if what == "source":
            return SetSource(" ".join(self.source.text().split()))
        if what == "vip":
            return SetVip(bool(self.vip.value))
        if not isinstance(what, UUID):
            return None
        editor = self.own[what]
        if not all(field.validate() for field in editor.fields.values()):
            return None
        value = editor.values()[what]
        return SetOwnField(what, None if value is None else to_stored(value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do()
        else:
            super().keyPressEvent(event)

    def _do(self) -> None:
        change = self.change()
        if self.do.isEnabled() and self.preview is not None and change is not None and change == self._asked:
            self.do.set_busy(True)
            self.done.emit(change)

    def _show_values(self) -> None:
        what = self.what.value
        page = self._pages[what if isinstance(what, UUID) else "tag" if what in ("put", "take") else str(what)]
        self._values.setCurrentWidget(page)

    def _what_changed(self) -> None:
        self._show_values()
        self.ask()

    def _edited(self) -> None:
        self.do.setEnabled(False)
        self._wait.start()

    def _fill(self, change: BulkChange, preview: BulkPreview) -> None:
        self.model.clear()
        after = self._words(change, wanted(change))
        for line in preview.lines:
            before = self._words(change, line.before)
            item = QStandardItem(
                _("{name}: {before} becomes {after}").format(name=line.name, before=before, after=after)
            )
            for role, value in ((_NAME, line.name), (_BEFORE, before), (_AFTER, after)):
                item.setData(value, role)
            self.model.appendRow(item)

    def _words(self, change: BulkChange, held: Held) -> str:
        match change:
            case PutTag(tag_id) | TakeTag(tag_id):
                name = next((one.name for one in self._tags if one.id == tag_id), "")
                return name if held else _("without {tag}").format(tag=name)
            case SetVip():
                return _("VIP") if held else _("Not VIP")
            case SetOwnField(field_id, _value):
                return own_words(from_stored(self._fields[field_id], held)) or "–"
        return str(held or "–")

    def _listen(self) -> None:
        self.what.activated.connect(lambda _row: self._what_changed())
        for chosen in (self.tag, self.vip):
            chosen.activated.connect(lambda _row: self.ask())
        self.source.textEdited.connect(lambda _text: self._edited())
        for editor in self.own.values():
            editor.changed.connect(self._edited)
        self._wait.timeout.connect(self.ask)
        self.do.clicked.connect(self._do)

    def _arrange(self, count: int) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(_LineDelegate(parent=self.list))
        self.list.setFixedHeight(_LIST_HEIGHT)
        self._values = QStackedWidget()
        self._pages: dict[object, QWidget] = {
            "tag": Field(_("Tag"), self.tag),
            "source": Field(_("How they found us"), self.source),
            "vip": Field(_("VIP"), self.vip),
        }
        for key, editor in self.own.items():
            self._pages[key] = editor
        for page in self._pages.values():
            self._values.addWidget(page)
        body = QWidget()
        body.setFixedWidth(_WIDTH)
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        words = ngettext("Change {count} patient", "Change {count} patients", count)
        column.addWidget(Label(words.format(count=formats.number(count)), "title"))
        column.addWidget(Label(_("Nothing is written before you have seen who changes."), "body", "muted"))
        choose = QHBoxLayout()
        choose.setSpacing(16)
        choose.addWidget(Field(_("What"), self.what), 1)
        choose.addWidget(self._values, 1)
        column.addLayout(choose)
        for widget in (self.trouble, self.summary, self.list):
            column.addWidget(widget)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        back = Button(_("Back"), "secondary", key="Esc", size="key")
        back.clicked.connect(self.dismiss)
        foot.addStretch(1)
        foot.addWidget(back)
        foot.addWidget(self.do)
        column.addLayout(foot)
        self.trouble.hide()
        self.set_content(body, self.what)


class _LineDelegate(RowDelegate):
    """Name at the left; what it was and what it becomes at the right."""

    def paint_content(
        self, painter: QPainter, theme: Theme, area: QRectF, index: Index, option: QStyleOptionViewItem
    ) -> None:
        font, small = theme.font("control"), theme.font("second", numbers=True)
        inside = area.adjusted(8, 0, -8, 0)
        half = inside.width() * 0.45
        name = fitting(shorter_names(str(index.data(_NAME))), font, half - 8)
        drawing.text(painter, inside, name, font, theme.color("text"))
        right = QRectF(inside.left() + half, inside.top(), inside.width() - half, inside.height())
        arrow = "  →  "
        after = str(index.data(_AFTER))
        room = max(40.0, right.width() - drawing.width_of(arrow + after, small))
        before = fitting([str(index.data(_BEFORE))], small, room) + arrow
        drawing.text(painter, right, before, small, theme.color("muted"))
        right.setLeft(right.left() + drawing.width_of(before, small))
        drawing.text(painter, right, fitting([after], small, right.width()), small, theme.color("text"))


def _whats(tags: Sequence[Tag], fields: Sequence[CustomField]) -> list[tuple[object, str]]:
    of_tags: list[tuple[object, str]] = [("put", _("Put a tag on")), ("take", _("Take a tag off"))] if tags else []
    return [
        *of_tags,
        ("source", _("How they found us")),
        ("vip", _("VIP")),
        *((one.id, one.name) for one in fields),
    ]
