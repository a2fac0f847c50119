"""The grey shape of what is being loaded, shown only when loading takes longer than a blink."""

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.words import _

DELAY_MILLISECONDS = 300
# The widths of the two lines, as parts of the room between disc and right end, row after row.
_LINES = ((0.78, 0.50), (0.64, 0.60), (0.89, 0.43))


class Skeleton(QWidget):
    """Rows with a disc, two lines and a short end. It stays empty for 300 ms and never shimmers."""

    def __init__(self, rows: int = 3, with_disc: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._with_disc = with_disc
        self._painted = False
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY_MILLISECONDS)
        self._delay.timeout.connect(self.reveal)
        self.setAccessibleName(_("Loading"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def start(self) -> None:
        """Loading begins: wait, then show."""
        self._painted = False
        self._delay.start()
        self.show()

    def stop(self) -> None:
        """Loading is over."""
        self._delay.stop()
        self._painted = False
        self.hide()

    def reveal(self) -> None:
        """Show the shapes now."""
        self._painted = True
        self.update()

    @property
    def revealed(self) -> bool:
        """Whether the shapes are on screen."""
        return self._painted

    def sizeHint(self) -> QSize:
        return QSize(240, self._rows * (current().density.row + 4))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._painted:
            return
        painter = QPainter(self)
        for row in range(self._rows):
            self._paint_row(painter, row, row * (current().density.row + 4.0))

    def _paint_row(self, painter: QPainter, row: int, top: float) -> None:
        grey = current().color("skeleton")
        left = 48.0 if self._with_disc else 0.0
        if self._with_disc:
            drawing.box(painter, QRectF(0, top + 4, 36, 36), 18, grey)
        room = max(0.0, self.width() - left - 120)
        first, second = _LINES[row % len(_LINES)]
        drawing.box(painter, QRectF(left, top + 9, room * first, 10), 5, grey)
        drawing.box(painter, QRectF(left, top + 27, room * second, 8), 4, grey)
        drawing.box(painter, QRectF(self.width() - 70, top + 16, 70, 12), 6, grey)
