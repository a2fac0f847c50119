"""A soft band that says what is so and offers what to do about it, one thing or at most two; no error of a field."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button

_ICONS = {"warn": "triangle-alert", "danger": "shield-alert", "info": "circle-alert", "ok": "circle-check"}
_LEFT = 38
_RIGHT = 12
_BAND_EDGE = 12  # with the inner one a page's margin of 24
_PADDING = 11
_SHORTEST = 40
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class Banner(QWidget):
    """`tone` is warn, info, danger or ok; `detail` is a quieter second line; `acted` is the press on `action`.

    `other` is a second action at the left of it, whose press is `other_acted`.
    """

    acted = Signal()
    other_acted = Signal()

    def __init__(
        self,
        tone: str,
        words: str,
        action: str = "",
        detail: str = "",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._edge, self._radius = 0, 8
        self.button = Button(kind="banner", size="dense", parent=self)
        self.button.clicked.connect(self.acted)
        self.other = Button(kind="banner", size="dense", parent=self)
        self.other.clicked.connect(self.other_acted)
        self.other.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.say(tone, words, action, detail, icon)

    def say(self, tone: str, words: str, action: str = "", detail: str = "", icon: str = "", other: str = "") -> None:
        """Say something else in the same place."""
        self._tone, self._icon = tone, icon or _ICONS[tone]
        self._words, self._detail = words, detail
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.other.setText(other)
        self.other.setVisible(bool(other))
        self.setAccessibleName(f"{words} {detail}".strip())
        self._fit()
        self.update()

    def as_band(self) -> None:
        """From edge to edge of a page, so without corners, its words and buttons at the page's margin."""
        self._edge, self._radius = _BAND_EDGE, 0
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        drawing.box(painter, QRectF(self.rect()), self._radius, theme.color(f"{self._tone}Soft"))
        words, detail = self._lines()
        first_line = min(words.height(), theme.line_height("label"))
        middle = words.top() + first_line / 2 if self._detail else words.center().y()
        icon = QRectF(12 + self._edge, middle - 8, 16, 16)
        icons.paint(painter, self._icon, f"{self._tone}Text", icon)
        painter.setPen(theme.color(f"{self._tone}Text"))
        painter.setFont(theme.font("card_name" if self._detail else "label"))
        painter.drawText(words, _WRAPPED, self._words)
        painter.setFont(theme.font("second"))
        painter.drawText(detail, _WRAPPED, self._detail)

    def _fit(self) -> None:
        """As high as the words need at this width, with the button in the middle of it."""
        height = max(_SHORTEST, self._needed() + 2 * _PADDING)
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)
            self.updateGeometry()
        right = self.width() - 2 - self._edge
        for button in (self.button, self.other):
            if not button.isHidden():
                size = button.sizeHint()
                right -= size.width()
                button.setGeometry(right, (height - size.height()) // 2, size.width(), size.height())

    def _lines(self) -> tuple[QRect, QRect]:
        words, detail = self._sizes()
        top = (self.height() - words.height() - detail.height()) // 2
        first = QRect(_LEFT + self._edge, top, self._room(), words.height())
        return first, QRect(first.left(), first.bottom() + 1, self._room(), detail.height())

    def _needed(self) -> int:
        words, detail = self._sizes()
        return words.height() + detail.height()

    def _sizes(self) -> tuple[QRect, QRect]:
        theme = current()
        area = QRect(0, 0, self._room(), 10_000)
        role = "card_name" if self._detail else "label"
        words = QFontMetrics(theme.font(role)).boundingRect(area, _WRAPPED, self._words)
        if not self._detail:
            return words, QRect()
        return words, QFontMetrics(theme.font("second")).boundingRect(area, _WRAPPED, self._detail)

    def _room(self) -> int:
        shown = [button for button in (self.button, self.other) if not button.isHidden()]
        taken = sum(button.sizeHint().width() for button in shown) + 6 if shown else _RIGHT
        return max(60, self.width() - _LEFT - taken - 2 * self._edge)
