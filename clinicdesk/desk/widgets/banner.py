"""A soft band that says what is so and offers the one thing to do about it; never an error of a field."""

from PySide6.QtCore import QEvent, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label

_ICONS = {"warn": "triangle-alert", "danger": "shield-alert", "info": "circle-alert", "ok": "circle-check"}


class Banner(QWidget):
    """`tone` is warn, info, danger or ok; `detail` is a quieter second line; `acted` is the press on `action`."""

    acted = Signal()

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
        self._tone = tone
        self._icon = icon or _ICONS[tone]
        self._words = Label(words, "label", f"{tone}Text", wrap=True)
        self._detail = Label(detail, "second", f"{tone}Text", wrap=True)
        self.button = Button(action, "banner", size="dense")
        self.button.clicked.connect(self.acted)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._arrange()
        self.say(tone, words, action, detail, icon)

    def say(self, tone: str, words: str, action: str = "", detail: str = "", icon: str = "") -> None:
        """Say something else in the same place."""
        self._tone, self._icon = tone, icon or _ICONS[tone]
        for label, text in ((self._words, words), (self._detail, detail)):
            label.setText(text)
            label.set_tone(f"{tone}Text")
            label.setVisible(bool(text))
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.setAccessibleName(f"{words} {detail}".strip())
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.box(painter, QRectF(self.rect()), 8, current().color(f"{self._tone}Soft"))
        icons.paint(painter, self._icon, f"{self._tone}Text", QRectF(12, 0, 16, min(self.height(), 40)))

    def _fit(self) -> None:
        """As high as the wrapped words need at this width; a fixed policy alone would keep the height of one line."""
        layout = self.layout()
        if layout is not None:
            self.setFixedHeight(max(40, layout.totalHeightForWidth(max(self.width(), 1))))

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(38, 4, 4, 4)
        row.setSpacing(8)
        column = QVBoxLayout()
        column.setContentsMargins(0, 7, 0, 7)
        column.setSpacing(0)
        column.addWidget(self._words)
        column.addWidget(self._detail)
        row.addLayout(column, 1)
        row.addWidget(self.button)
