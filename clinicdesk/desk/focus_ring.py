"""The ring that shows where the keyboard is: one overlay follows the focus, outside every layout."""

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

_FIELDS = (QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox)
_MARGIN = 5
_RADIUS = 8.0


class FocusRing(QObject):
    """Puts the overlay around the focused widget: always for fields, for buttons unless the mouse gave the focus.

    A widget may choose for itself by the dynamic property `focusRing`: "field", "ring" or "none"; its corner by
    `radius`.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._overlay: _Overlay | None = None
        application.focusChanged.connect(self._focus_moved)

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self._overlay is not None:
            self._overlay.leave()
            self._overlay = None
        if now is None:
            return
        kind = _kind(now)
        by_mouse = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if kind == "field" or (kind == "ring" and not by_mouse):
            self._overlay = _Overlay(now, kind)


def _kind(widget: QWidget) -> str:
    chosen = widget.property("focusRing")
    if isinstance(chosen, str):
        return chosen
    if isinstance(widget, _FIELDS):
        return "field"
    return "ring" if isinstance(widget, QAbstractButton) else "none"


class _Overlay(QWidget):
    def __init__(self, target: QWidget, kind: str) -> None:
        self._canvas = _canvas(target)
        super().__init__(self._canvas)
        self._target = target
        self._kind = kind
        radius = target.property("radius")
        self._radius = float(radius) if isinstance(radius, int | float) else _RADIUS
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._watched: list[QWidget] = []
        self._watch()
        self._follow()

    def leave(self) -> None:
        for widget in self._watched:
            if shiboken6.isValid(widget):  # a card that closes for good takes the focus with it
                widget.removeEventFilter(self)
        self._watched = []
        self.hide()
        # Not one reference upwards may be left: were it the last one, the window would die inside its child's death.
        del self._target, self._canvas
        self.deleteLater()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)
        if event.type() in kinds:
            self._follow()
        elif event.type() == QEvent.Type.DynamicPropertyChange:
            self.update()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        colour = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        if self._kind == "field":
            self._paint_field(painter, box, colour)
        else:
            painter.setPen(QPen(colour, 2))
            painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), self._radius + 2, self._radius + 2)

    def _paint_field(self, painter: QPainter, box: QRectF, colour: QColor) -> None:
        if self._target.property("invalid"):
            colour = QColor(self.palette().color(QPalette.ColorRole.BrightText))
        painter.setPen(QPen(colour, 1.5))
        painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), self._radius - 0.75, self._radius - 0.75)
        colour.setAlphaF(0.28)
        painter.setPen(QPen(colour, 2))
        painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), self._radius + 1, self._radius + 1)

    def _watch(self) -> None:
        widget: QWidget | None = self._target
        while widget is not None and widget is not self._canvas:
            widget.installEventFilter(self)
            self._watched.append(widget)
            widget = widget.parentWidget()

    def _follow(self) -> None:
        if not shiboken6.isValid(self._canvas) or not shiboken6.isValid(self._target):
            self.hide()  # a card that closed for good took them with it; the ring follows when the focus has moved
            return
        canvas = self._canvas
        if not self._target.isVisible() or self._target is canvas:
            self.hide()
            return
        corner = self._target.mapTo(canvas, self._target.rect().topLeft())
        box = self._target.rect().translated(corner)
        self.setGeometry(box.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN))
        self.raise_()
        self.show()


def _canvas(target: QWidget) -> QWidget:
    """The nearest scrolled viewport, so that the ring is cut where its widget is, else the window."""
    widget = target.parentWidget()
    while widget is not None and not widget.isWindow():
        outer = widget.parentWidget()
        if isinstance(outer, QAbstractScrollArea) and outer.viewport() is widget:
            return widget
        widget = outer
    return target.window()
