"""The conversation itself: it stands at its newest line until one scrolls up, where earlier ones come by themselves."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QMenu, QWidget

from clinicdesk.desk import theme
from clinicdesk.desk.messages.bubbles import BubbleDelegate, Pictures
from clinicdesk.desk.messages.thread_model import ThreadModel
from clinicdesk.desk.messages.words import body_of
from clinicdesk.desk.widgets.rows import ListView
from clinicdesk.domain.inbox import EventKind, Happened, Incoming, Outgoing, Thread
from clinicdesk.domain.media import Media
from clinicdesk.domain.messages import MessageState
from clinicdesk.words import _

_FOOT = 10  # air under the newest line
_NEAR = 400  # pixels from the top at which earlier lines are asked for


class ThreadView(ListView):
    """`media_wanted` carries the id of a file one wants to see, `take_back_wanted` a message that is not to go out."""

    media_wanted = Signal(object)  # Media
    take_back_wanted = Signal(object)  # Outgoing
    keep_wanted = Signal(object, bool)  # Media, whether it is to stay

    def __init__(self, model: ThreadModel, pictures: Pictures | None = None, parent: QWidget | None = None) -> None:
        super().__init__(_("Conversation"), parent)
        self._model = model
        self._bubbles = BubbleDelegate(model, pictures, self)
        self.setUniformItemSizes(False)
        self.setProperty("ground", "bg")
        self.setModel(model)
        self.setItemDelegate(self._bubbles)
        self.setViewportMargins(0, 0, 0, _FOOT)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.verticalScrollBar().setSingleStep(24)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        theme.switch().changed.connect(self._dressed)

    def show_thread(self, read: Thread) -> None:
        """Show the latest stretch of a conversation; one who reads further up is left there."""
        at_end = self.at_end
        if self._model.show(read) or at_end:
            self.to_end()

    def add_earlier(self, read: Thread) -> None:
        """Show what came before without moving what is on show."""
        bar = self.verticalScrollBar()
        from_end = bar.maximum() - bar.value()
        if self._model.add_earlier(read):
            self.doItemsLayout()
            bar.setValue(bar.maximum() - from_end)

    @property
    def at_end(self) -> bool:
        """Whether the newest line is in sight."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - 40

    def to_end(self) -> None:
        """Show the newest line."""
        self.doItemsLayout()
        self.scrollToBottom()

    def picture_came(self) -> None:
        """A picture was decoded: what holds it has another height."""
        at_end = self.at_end
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
        if at_end:
            self.to_end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        at_end = self.at_end
        self._bubbles.set_width(self.viewport().width())
        super().resizeEvent(event)
        if at_end:
            self.to_end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().data(Qt.ItemDataRole.UserRole)
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy(row)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._media(row) is not None:
            self.media_wanted.emit(self._media(row))
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and self._on_media(index, event.position().toPoint()):
            self.media_wanted.emit(self._media(index.data(Qt.ItemDataRole.UserRole)))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            place = event.position().toPoint()
            hand = self._on_media(self.indexAt(place), place)
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)
        return super().viewportEvent(event)

    def _on_media(self, index: QModelIndex, place: QPoint) -> bool:
        row = index.data(Qt.ItemDataRole.UserRole)
        if self._media(row) is None:
            return False
        return self._bubbles.media_of(row, QRectF(self.visualRect(index))).contains(place)

    def _media(self, row: object) -> Media | None:
        return row.media if isinstance(row, Incoming | Outgoing) else None

    def _open_menu(self, place: QPoint) -> None:
        row = self.indexAt(place).data(Qt.ItemDataRole.UserRole)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if _words_of(row):
            menu.addAction(_("Copy"), lambda: self._copy(row))
        if isinstance(row, Outgoing) and row.state is MessageState.PLANNED:
            menu.addAction(_("Do not send"), lambda: self.take_back_wanted.emit(row))
        media = self._media(row)
        if media is not None:
            menu.addAction(_("Open the file"), lambda: self.media_wanted.emit(media))
            kept = media.kept_at is not None
            words = _("Let it go after its days") if kept else _("Keep it in the record")
            if media.here:
                menu.addAction(words, lambda: self.keep_wanted.emit(media, not kept))
        if menu.actions():
            menu.popup(self.viewport().mapToGlobal(place))

    def _copy(self, row: object) -> None:
        words = _words_of(row)
        if words:
            QGuiApplication.clipboard().setText(words)

    def _scrolled(self, value: int) -> None:
        if value < _NEAR and self.verticalScrollBar().maximum() > 0:
            self._model.ask_earlier()

    def _dressed(self) -> None:
        self._bubbles.forget()
        self.scheduleDelayedItemsLayout()


def _words_of(row: object) -> str:
    if isinstance(row, Incoming | Outgoing):
        return body_of(row)
    return row.words if isinstance(row, Happened) and row.kind is EventKind.NOTE else ""
