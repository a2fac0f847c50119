"""What lies over a window without being one: a veil that takes clicks, and a card with a shadow on it."""

import weakref

import shiboken6
from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing

_VEIL = 0.45
_RISE = 4


class Overlay(QWidget):
    """A card over `owner`'s window. Esc and, if `light`, a click beside it close it; focus goes back where it was.

    Closing hides it: what was typed stays, and opening it again brings it back. A veil dims `owner` alone. It
    closes when `owner` leaves the screen, and ends with it.
    """

    closed = Signal()

    def __init__(self, owner: QWidget, veiled: bool, light: bool, radius: int = 12, level: int = 3) -> None:
        super().__init__(owner)
        self._owner_seen = weakref.ref(owner)  # weak: a child that holds its window up may be the last to let it go
        self._veil = _Veil(owner, veiled)
        self._light = light
        self._radius = radius
        self._level = level
        self._came_from: QWidget | None = None
        self._content: QWidget | None = None
        self._focus: QWidget | None = None
        self.setProperty("takesKeys", True)
        margin = drawing.shadow_margin(level)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(margin, margin, margin, margin)
        self._movement = QPropertyAnimation(self, b"pos", self)
        self._movement.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._veil.pressed.connect(self._pressed_beside)
        # Once shown it is the window's child: without this it would stay over whoever signs in next.
        owner.installEventFilter(self)
        owner.destroyed.connect(self.deleteLater)
        self.destroyed.connect(self._veil.deleteLater)
        self.hide()

    def set_content(self, content: QWidget, focus: QWidget | None = None) -> None:
        """What the card holds; `focus` gets the keyboard when the card opens, else the first part that takes Tab."""
        self._focus = focus
        if self._content is not None:
            self._column.removeWidget(self._content)
            self._content.setParent(None)
        self._content = content
        self._column.addWidget(content)

    @property
    def owner(self) -> QWidget:
        """The part of the window the card belongs to and the veil dims."""
        return self._owner_seen() or self.window()

    @property
    def content(self) -> QWidget | None:
        """What the card holds."""
        return self._content

    def show_at(self, corner: QPoint, size: QRect | None = None) -> None:
        """Show the card with its own corner at a point of the window, kept inside the window."""
        window = self.owner.window()
        self._came_from = QApplication.focusWidget()
        self._veil.cover(window)
        self.setParent(window)
        self.adjustSize()
        if size is not None:
            self.resize(size.size())
        margin = drawing.shadow_margin(self._level)
        left = min(max(corner.x(), 8), max(8, window.width() - self.width() + 2 * margin - 8)) - margin
        top = min(max(corner.y(), 8), max(8, window.height() - self.height() + 2 * margin - 8)) - margin
        self.raise_()
        self._rise(QPoint(left, top))
        self.show()
        self._take_focus()

    def dismiss(self) -> None:
        """Close the card and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        self._veil.hide()
        came_from, self._came_from = self._came_from, None
        if came_from is not None and shiboken6.isValid(came_from) and came_from.isVisible():
            came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide and not event.spontaneous() and watched is self._owner_seen():
            self.dismiss()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        margin = drawing.shadow_margin(self._level)
        inside = self.rect().adjusted(margin, margin, -margin, -margin).contains(event.position().toPoint())
        if not inside:
            self._pressed_beside()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside the card."""
        start = QApplication.focusWidget() or self
        widget = start
        while True:
            step = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
            if step is None or step is start:
                return True
            widget = step
            if self.isAncestorOf(widget) and _takes_tab(widget, self):
                widget.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
                return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        margin = drawing.shadow_margin(self._level)
        area = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        drawing.shadow(painter, area, self._radius, self._level)
        drawing.box(painter, area, self._radius, theme.color("surface"), theme.color("line"))

    def _take_focus(self) -> None:
        first = self.focus_first()
        if first is not None:
            first.setFocus(Qt.FocusReason.PopupFocusReason)

    def focus_first(self) -> QWidget | None:
        """Where the focus goes when the card opens."""
        if self._focus is not None:
            return self._focus
        widget = self.nextInFocusChain()
        while widget is not None and widget is not self:
            if self.isAncestorOf(widget) and _takes_tab(widget, self):
                return widget
            widget = widget.nextInFocusChain()
        return None

    def _rise(self, place: QPoint) -> None:
        duration = current().motion(160)
        self._movement.stop()
        if not duration:
            self.move(place)
            return
        self.move(place + QPoint(0, _RISE))
        self._movement.setDuration(duration)
        self._movement.setStartValue(place + QPoint(0, _RISE))
        self._movement.setEndValue(place)
        self._movement.start()

    def _pressed_beside(self) -> None:
        if self._light:
            self.dismiss()


def _takes_tab(widget: QWidget, card: QWidget) -> bool:
    wants = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return wants and widget.isEnabled() and widget.isVisibleTo(card) and widget.focusProxy() is None


class _Veil(QWidget):
    pressed = Signal()

    def __init__(self, owner: QWidget, veiled: bool) -> None:
        super().__init__(owner)
        self.hide()
        self._owner_seen = weakref.ref(owner)
        self._veiled = veiled
        self._watches = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def cover(self, window: QWidget) -> None:
        if not self._watches or self.parentWidget() is not window:
            self.setParent(window)
            window.installEventFilter(self)
            self._watches = True
        self._fill()
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self._fill()
        return False

    def _fill(self) -> None:
        window = self.parentWidget()
        if window is not None:
            self.setGeometry(window.rect())

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.pressed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        owner = self._owner_seen()
        if self._veiled and owner is not None:
            corner = owner.mapTo(self.window(), QPoint(0, 0))
            QPainter(self).fillRect(QRect(corner, owner.size()), current().color("bg", _VEIL))
