"""One of several values for a field: a box with a mark, chosen by a click or by the arrow keys."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.patient_words import breakable

_LEFT = 36
_PADDING = 9
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Choice(QAbstractButton):
    """Only the chosen one of a row is in the tab order; `stepped` carries how far an arrow goes across and down."""

    stepped = Signal(int, int)

    def __init__(self, value: str, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = breakable(value) or "–"
        self._empty = not value
        self.setCheckable(True)
        self.setAccessibleName(spoken)
        self.setProperty("radius", 8)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.toggled.connect(self._only_the_chosen_takes_tab)
        self._only_the_chosen_takes_tab(False)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        words = QFontMetrics(current().font("body", numbers=True)).boundingRect(
            QRect(0, 0, max(40, width - _LEFT - 12), 10_000), _WRAPPED, self._value
        )
        return max(38, words.height() + 2 * _PADDING)

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(self.width(), 160)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 38)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        area = QRectF(self.rect())
        on = self.isChecked()
        fill = theme.color("selected" if on else "hover" if self.underMouse() else "surface")
        drawing.box(painter, area, 8, fill, theme.color("accent" if on else "line"), 1.5 if on else 1.0)
        mark = QRectF(12, _PADDING + 2, 16, 16)
        icons.paint(painter, "circle-dot" if on else "circle", "accentText" if on else "muted", mark)
        painter.setFont(theme.font("body", numbers=True))
        painter.setPen(theme.color("faint" if self._empty else "text" if on else "muted"))
        painter.drawText(QRect(_LEFT, _PADDING, self.width() - _LEFT - 12, self.height()), _WRAPPED, self._value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(*step)

    def _only_the_chosen_takes_tab(self, chosen: bool) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)
