"""Whether the clinic answers: connected, reconnecting, or not reachable, as dot and word."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.chip import HEIGHT, chip_width
from clinicdesk.words import _, marked

CONNECTED = "connected"
RECONNECTING = "reconnecting"
UNREACHABLE = "unreachable"

_LOOKS = {
    CONNECTED: ("ok", "wifi", marked("Connected")),
    RECONNECTING: ("warn", "refresh-cw", marked("Reconnecting…")),
    UNREACHABLE: ("danger", "wifi-off", marked("No connection")),
}


class StatusPill(QWidget):
    """A pill of the three states; `detail` goes to the tool tip, such as since when."""

    def __init__(self, state: str = CONNECTED, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_state(state)

    def set_state(self, state: str, detail: str = "") -> None:
        """Show one of CONNECTED, RECONNECTING and UNREACHABLE."""
        self.state = state
        self.setAccessibleName(self._words())
        self.setToolTip(detail)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self._words(), "wifi"), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        tone, icon, _word = _LOOKS[self.state]
        area = QRectF(self.rect())
        drawing.box(painter, area, area.height() / 2, theme.color(f"{tone}Soft"))
        icons.paint(painter, icon, f"{tone}Text", QRectF(10, 0, 14, area.height()))
        words = area.adjusted(30, 0, 0, 0)
        drawing.text(painter, words, self._words(), theme.font("chip", numbers=True), theme.color(f"{tone}Text"))

    def _words(self) -> str:
        return _(_LOOKS[self.state][2])
