"""How far something is, as a bar; a screen reader is told the percent."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing

_HEIGHT = 8


class Progress(QWidget):
    """`set_part` takes what is done of all, from 0 to 1; it never goes back by itself."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self.part = name, 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_part(0)

    def set_part(self, part: float) -> None:
        """Show how much is done."""
        self.part = min(max(part, 0.0), 1.0)
        self.setAccessibleName(f"{self._name}: {self.part:.0%}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole = QRectF(self.rect())
        drawing.box(painter, whole, _HEIGHT / 2, current().color("sunken"), current().color("border"))
        if self.part > 0:
            done = QRectF(0, 0, max(_HEIGHT, whole.width() * self.part), _HEIGHT)
            drawing.box(painter, done, _HEIGHT / 2, current().color("accent"))
