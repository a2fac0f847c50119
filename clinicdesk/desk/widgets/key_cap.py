"""The small cap that shows a key, alone or inside a button."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing

_HEIGHT = 20
_PADDING = 6


def key_cap_height() -> int:
    """How high a cap is at this text size."""
    return max(_HEIGHT, current().line_height("key") + 4)


def key_cap_width(key: str) -> int:
    """How wide the cap for `key` is; never narrower than high."""
    return max(key_cap_height(), round(drawing.width_of(key, current().font("key")) + 2 * _PADDING))


def paint_key_cap(
    painter: QPainter, area: QRectF, key: str, ink: QColor, fill: QColor, line: QColor | None = None
) -> None:
    """Draw the cap in `area`."""
    drawing.box(painter, area, 4, fill, line)
    drawing.text(painter, area, key, current().font("key"), ink, Qt.AlignmentFlag.AlignHCenter)


class KeyCap(QWidget):
    """A key named in running content, as in the foot of a list."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setAccessibleName(key)

    def sizeHint(self) -> QSize:
        return QSize(key_cap_width(self._key), key_cap_height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        height = key_cap_height()
        area = QRectF(0, (self.height() - height) / 2, self.width(), height)
        paint_key_cap(QPainter(self), area, self._key, theme.color("muted"), theme.color("sunken"), theme.color("line"))
