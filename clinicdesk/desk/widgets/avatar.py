"""A person as a disc with initials in the person's hue."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing

_TITLES = {"dr", "dra", "sr", "sra", "prof", "profa"}
_PARTICLES = {"da", "de", "do", "das", "dos", "e", "di", "du"}


def initials(name: str) -> str:
    """The first letters of the first and the last name, without titles and particles: "Dra. Helena Prado" -> "HP"."""
    words = [word for word in name.replace(".", " ").split() if word.lower() not in _TITLES | _PARTICLES]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def paint_avatar(painter: QPainter, area: QRectF, name: str, hue: int, strong: bool = False) -> None:
    """Draw the disc in `area`; `strong` is the signed-in person's, filled with the edge colour."""
    theme = current()
    shades = theme.hue(hue)
    fill = shades.edge if strong else shades.fill
    ink = theme.color("surface") if strong else shades.ink
    drawing.box(painter, area, area.height() / 2, fill)
    font = theme.font("card_name")
    font.setPixelSize(max(9, round(area.height() * 0.36)))
    drawing.text(painter, area, initials(name), font, ink, Qt.AlignmentFlag.AlignHCenter)


class Avatar(QWidget):
    """The disc as a widget; `online` adds the green dot."""

    def __init__(
        self, name: str, hue: int, size: int = 32, strong: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._hue = hue
        self._strong = strong
        self.setFixedSize(QSize(size, size))
        self.setAccessibleName(name)

    def set_person(self, name: str, hue: int) -> None:
        """Show someone else."""
        self._name, self._hue = name, hue
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_avatar(QPainter(self), QRectF(self.rect()), self._name, self._hue, self._strong)
