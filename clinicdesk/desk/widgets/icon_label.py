"""An icon that stands in a layout."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from clinicdesk.desk import icons


class IconLabel(QWidget):
    """The icon `name` in a token's colour, following the theme; silent to a screen reader."""

    def __init__(self, name: str, tone: str = "muted", size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._tone = tone
        self.setFixedSize(size, size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        icons.paint(QPainter(self), self._name, self._tone, QRectF(self.rect()))

    def set_icon(self, name: str, tone: str) -> None:
        """Another icon, in another colour."""
        self._name, self._tone = name, tone
        self.update()
