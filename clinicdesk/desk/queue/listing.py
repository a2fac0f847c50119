"""The list of messages: whom for and what about, how it stands, and when."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.queue.words import about, standing, when, whose
from clinicdesk.desk.theme import Theme
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.rows import Index, ListView, RowDelegate
from clinicdesk.desk.wording_messages import STATE_LOOKS, channel_word, reason_word, state_word
from clinicdesk.domain.patients import shorter_names
from clinicdesk.domain.queue import QueuedMessage
from clinicdesk.words import _

_PAD = 24
_WHEN = 150
_STANDING = 330
_NARROW = 760  # below it the state stands under the name instead of beside it

_LOUD = ("danger", "warn")

Clock = Callable[[], tuple[dt.datetime, dt.tzinfo]]


class QueueModel(QAbstractListModel):
    """Rows of QueuedMessage; the accessible text says all of a row."""

    def __init__(self, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._clock = clock
        self.messages: tuple[QueuedMessage, ...] = ()

    def show(self, messages: Sequence[QueuedMessage]) -> None:
        """Show these."""
        self.beginResetModel()
        self.messages = tuple(messages)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.messages)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.messages):
            return None
        message = self.messages[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return message
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(filter(None, self.lines(message)))
        return None

    def lines(self, message: QueuedMessage) -> tuple[str, str, str, str, str]:
        """Every text of a row: who, what, how it stands, when, by which channel."""
        now, zone = self._clock()
        road = message.channel_name or (channel_word(message.channel_kind) if message.channel_kind else "")
        return whose(message), about(message, now, zone), standing(message), when(message, now, zone), road


class QueueDelegate(RowDelegate):
    """Name over what it is about; how it stands over why; the time over the channel."""

    def __init__(self, model: QueueModel, parent: QWidget) -> None:
        super().__init__(two_lines=True, inset=_PAD, parent=parent)
        self._model = model

    def paint_content(
        self, painter: QPainter, theme: Theme, area: QRectF, index: Index, option: QStyleOptionViewItem
    ) -> None:
        message = index.data(Qt.ItemDataRole.UserRole)
        who, what, state, time, road = self._model.lines(message)
        icon, tone = STATE_LOOKS[message.state]
        inner = area.adjusted(_PAD, 0, -_PAD, 0)
        scale = theme.text_scale
        right = QRectF(inner.right() - _WHEN * scale, inner.top(), _WHEN * scale, inner.height())
        self._two(painter, theme, right, time, road, strong=False, align=Qt.AlignmentFlag.AlignRight)
        left = QRectF(inner.left(), inner.top(), right.left() - inner.left() - 12, inner.height())
        if inner.width() < _NARROW * scale:
            self._two(painter, theme, left, who, state, second_ink=f"{tone}Text" if tone in _LOUD else "muted")
            return
        middle = QRectF(left.right() - _STANDING * scale, left.top(), _STANDING * scale, left.height())
        left.setRight(middle.left() - 12)
        self._two(painter, theme, left, who, what)
        place = QRectF(middle.left(), middle.top(), 16, middle.height())
        icons.paint(painter, icon, "muted" if tone == "muted" else f"{tone}Text", place)
        state, why = state_word(message.state), reason_word(message.why) if message.why else ""
        ink = f"{tone}Text" if tone in _LOUD else "text"
        self._two(painter, theme, middle.adjusted(26, 0, 0, 0), state, why, first_ink=ink, strong=False)

    def _two(
        self,
        painter: QPainter,
        theme: Theme,
        area: QRectF,
        first: str,
        second: str,
        *,
        first_ink: str = "text",
        second_ink: str = "muted",
        strong: bool = True,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        """Two lines, or one in the middle; of the first, the longest form of a name that fits."""
        heights = theme.line_height("control"), theme.line_height("second") if second else 0
        top = area.center().y() - sum(heights) / 2
        font = theme.font("strong" if strong else "control", numbers=True)
        upper = QRectF(area.left(), top, area.width(), heights[0])
        names = (form for form in shorter_names(first) if drawing.width_of(form, font) <= area.width())
        drawing.text(painter, upper, next(names, first), font, theme.color(first_ink), align)
        lower = QRectF(area.left(), upper.bottom(), area.width(), heights[1])
        drawing.text(painter, lower, second, theme.font("second", numbers=True), theme.color(second_ink), align)


class QueueList(ListView):
    """`picked` carries the message whose row is chosen, or None; Esc lets go of it."""

    picked = Signal(object)

    def __init__(self, model: QueueModel, parent: QWidget | None = None) -> None:
        super().__init__(_("Messages"), parent)
        self.setModel(model)
        self.setItemDelegate(QueueDelegate(model, self))
        self.selectionModel().currentChanged.connect(lambda now, _old: self.picked.emit(self._at(now)))

    @property
    def chosen(self) -> QueuedMessage | None:
        """The message that is chosen."""
        return self._at(self.currentIndex())

    def choose(self, message_id: UUID | None, row: int) -> None:
        """Choose a message; when it is gone, what stands at `row` now."""
        model = self.model()
        assert isinstance(model, QueueModel)
        rows = [place for place, one in enumerate(model.messages) if one.id == message_id]
        place = rows[0] if rows else min(row, len(model.messages) - 1)
        if place >= 0:
            self.setCurrentIndex(model.index(place))

    def let_go(self) -> None:
        """Choose nothing."""
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.chosen is not None:
            self.let_go()
        else:
            super().keyPressEvent(event)

    def _at(self, index: QModelIndex) -> QueuedMessage | None:
        found = index.data(Qt.ItemDataRole.UserRole)
        return found if isinstance(found, QueuedMessage) else None
