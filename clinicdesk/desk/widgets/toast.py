"""What just happened, with the way back: one toast at a time at the foot of the work area."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.seal import sealed
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.words import _

SECONDS = 10.0
_LEVEL = 2
_HEIGHT = 48
_BESIDE_WORDS = 360  # the icon, Undo with its key, the ring, the cross, and air at both sides


class ToastArea(QObject):
    """Docks toasts at the bottom centre of `work_area`; a newer one replaces an older one."""

    shown = Signal(str)
    gone = Signal()

    def __init__(self, work_area: QWidget, seconds: float = SECONDS, above: int = 0) -> None:
        """`above`: so many pixels higher, for what is offered beside what was done."""
        super().__init__(work_area)
        self._above = above
        self._work_area = work_area
        self._seconds = seconds
        self._toast: Toast | None = None
        self._clear: list[QWidget] = []
        work_area.installEventFilter(self)

    def keep_clear(self, widget: QWidget) -> None:
        """Stand above a widget of the work area while it is on show: where one types and sends nothing may lie."""
        self._clear.append(widget)

    @property
    def toast(self) -> "Toast | None":
        """The toast on screen."""
        return self._toast

    def show_toast(
        self, words: str, undo: Callable[[], None] | None = None, icon: str = "check", undo_word: str = ""
    ) -> "Toast":
        """Say what happened; `undo` puts the button there, and is called at most once."""
        self.dismiss()
        toast = Toast(self._work_area, words, undo, icon, undo_word or _("Undo"), self._seconds)
        toast.finished.connect(lambda: self._finished(toast))
        self._toast = toast
        self._dock()
        toast.show()
        toast.raise_()
        toast.start()
        if not sealed():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(toast, words))
        self.shown.emit(words)
        return toast

    def dismiss(self) -> None:
        """Take the toast away, as when its change was undone by the keyboard."""
        if self._toast is not None:
            self._finished(self._toast)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._dock()
        return False

    def _finished(self, toast: "Toast") -> None:
        if self._toast is toast:
            self._toast = None
            toast.leave()
            self.gone.emit()

    def _dock(self) -> None:
        if self._toast is None:
            return
        self._toast.adjustSize()
        left = (self._work_area.width() - self._toast.width()) // 2
        top = self._work_area.height() - self._toast.height() + drawing.shadow_margin(_LEVEL) - 16 - self._above
        for widget in self._clear:
            if widget.isVisible() and self._work_area.isAncestorOf(widget):
                edge = widget.mapTo(self._work_area, QPoint(0, 0)).y()
                top = min(top, edge - self._toast.height() + drawing.shadow_margin(_LEVEL) - 8)
        self._toast.move(left, top)


class Toast(QWidget):
    """The toast itself; its time stands still while the mouse or the focus is on it."""

    finished = Signal()

    def __init__(
        self,
        parent: QWidget,
        words: str,
        undo: Callable[[], None] | None,
        icon: str,
        undo_word: str,
        seconds: float,
    ) -> None:
        super().__init__(parent)
        self._undo = undo
        self._icon = icon
        self.setAccessibleName(words)
        self._ring = _Ring()
        self._clock = QVariantAnimation(self)
        self._clock.setStartValue(1.0)
        self._clock.setEndValue(0.0)
        self._clock.setDuration(round(seconds * 1000))
        self._clock.valueChanged.connect(self._ring.set_part)
        self._clock.finished.connect(self.finished)
        # Ctrl+Z takes back; what else a toast offers has no key.
        self._key = "Ctrl Z" if undo_word == _("Undo") else ""
        self._arrange(words, undo_word, max(parent.width() - _BESIDE_WORDS, 160))
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]

    @property
    def paused(self) -> bool:
        """Whether the time stands still."""
        return self._clock.state() == QVariantAnimation.State.Paused

    def start(self) -> None:
        """Let the time run."""
        self._clock.start()

    def leave(self) -> None:
        """Go, without saying so."""
        QApplication.instance().focusChanged.disconnect(self._focus_moved)  # type: ignore[union-attr]
        self._clock.stop()
        self.hide()
        self.deleteLater()

    def undo(self) -> None:
        """Take the change back and go; the second time there is nothing left to take back."""
        action, self._undo = self._undo, None
        if action is not None:
            action()
        self.finished.emit()

    def enterEvent(self, _event: QEnterEvent) -> None:
        self._clock.pause()

    def leaveEvent(self, _event: QEvent) -> None:
        self._run_unless_focused()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        margin = drawing.shadow_margin(_LEVEL)
        area = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        drawing.shadow(painter, area, 12, _LEVEL)
        drawing.box(painter, area, 12, theme.color("toast"))
        icons.paint(painter, self._icon, "toastAccent", QRectF(area.left() + 16, area.top(), 16, area.height()))

    def _arrange(self, words: str, undo_word: str, room: int) -> None:
        margin = drawing.shadow_margin(_LEVEL)
        row = QHBoxLayout(self)
        row.setContentsMargins(margin + 44, margin, margin + 8, margin)
        row.setSpacing(12)
        label = Label(words, "strong", "onToast")
        label.setMinimumHeight(_HEIGHT)
        if drawing.width_of(words, current().font("strong")) > room:
            label.setWordWrap(True)
            label.setFixedWidth(room)
        row.addWidget(label)
        if self._undo is not None:
            self.button = Button(undo_word, "toast", key=self._key, size="dense")
            self.button.clicked.connect(self.undo)
            row.addSpacing(8)
            row.addWidget(self.button)
        row.addWidget(self._ring)
        close = icon_button("x", _("Close"), "toast", "dense")
        close.clicked.connect(self.finished)
        row.addWidget(close)

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now):
            self._clock.pause()
        else:
            self._run_unless_focused()

    def _run_unless_focused(self) -> None:
        focused = QApplication.focusWidget()
        held = self.underMouse() or (focused is not None and self.isAncestorOf(focused))
        if self.paused and not held:
            self._clock.resume()


class _Ring(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._part = 1.0
        self.setFixedSize(QSize(20, 20))

    def set_part(self, part: object) -> None:
        self._part = float(part) if isinstance(part, float) else 0.0
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(2, 2, 16, 16)
        painter.setPen(QPen(theme.color("onToast", 0.25), 2))
        painter.drawEllipse(area)
        pen = QPen(theme.color("toastAccent"), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(area, 90 * 16, round(-360 * 16 * self._part))
