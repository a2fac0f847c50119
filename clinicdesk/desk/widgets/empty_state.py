"""What stands where nothing is: what is true, what to do, and one button that does it."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label

_CENTRE = Qt.AlignmentFlag.AlignHCenter


class EmptyState(QWidget):
    """`fact` is what is true, `advice` what to do; `acted` is the press on the button."""

    acted = Signal()

    def __init__(
        self,
        icon: str,
        fact: str,
        advice: str = "",
        action: str = "",
        action_icon: str = "",
        kind: str = "secondary",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(_Disc(icon), alignment=_CENTRE)
        column.addSpacing(8)
        for words, role, tone in ((fact, "section", "text"), (advice, "body", "muted")):
            if words:
                label = Label(words, role, tone, wrap=True)
                label.setAlignment(_CENTRE)
                column.addWidget(label)
        self.button = Button(action, kind, action_icon)
        self.button.setVisible(bool(action))
        self.button.clicked.connect(self.acted)
        column.addSpacing(12)
        column.addWidget(self.button, alignment=_CENTRE)
        column.addStretch(1)


class _Disc(QWidget):
    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(56, 56)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.box(painter, QRectF(self.rect()), 28, current().color("accentSoft"))
        icons.paint(painter, self._icon, "accentText", QRectF(16, 16, 24, 24))
