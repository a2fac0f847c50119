"""A page in two halves, as everything before somebody's work is: the dark side, and what is asked beside it."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk.sign_in.side import SignInSide
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label

_WIDTH = 784
_AIR = 18  # at both sides of the column, for shadows
_NARROW_SIDE, _WIDE_SIDE = 400, 480


class Halves(QWidget):
    """`column` takes what is asked; it scrolls where the window is low or the text is large."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "bg")
        self.side = SignInSide()
        self.body = Lifting()
        self.body.setMaximumWidth(_WIDTH + 2 * _AIR)
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(_AIR, 0, _AIR, 0)
        self.column.setSpacing(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        self._scroll = _scrolling(self.body)
        row.addWidget(self._scroll, 1)

    def bring_into_view(self, part: QWidget) -> None:
        """Scroll to a part as soon as it has its place."""

        def scroll() -> None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            self._scroll.ensureWidgetVisible(part)

        QTimer.singleShot(0, part, scroll)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.setFixedWidth(min(_WIDE_SIDE, max(_NARROW_SIDE, round(self.width() * 0.35))))


class Lifting(QWidget):
    """Draws the shadow of what stands out of everything: its own widget would cut it off."""

    def __init__(self) -> None:
        super().__init__()
        self._lifted: Callable[[], QRect | None] = lambda: None

    def lift(self, lifted: Callable[[], QRect | None]) -> None:
        """What stands out, asked at each drawing."""
        self._lifted = lifted

    def paintEvent(self, _event: QPaintEvent) -> None:
        place = self._lifted()
        if place is not None:
            drawing.shadow(QPainter(self), place, 12, 2)


def foot_line(icon: str, words: str) -> QWidget:
    """A quiet line under everything."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(IconLabel(icon, "muted"), alignment=Qt.AlignmentFlag.AlignTop)
    row.addWidget(Label(words, "second", "muted", wrap=True), 1)
    return line


def _scrolling(body: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.viewport().setAutoFillBackground(False)
    holder = QWidget()
    middle = QHBoxLayout(holder)
    middle.setContentsMargins(48 - _AIR, 32, 48 - _AIR, 32)
    middle.addStretch(1)
    middle.addWidget(body, 20, Qt.AlignmentFlag.AlignVCenter)
    middle.addStretch(1)
    scroll.setWidget(holder)
    return scroll
