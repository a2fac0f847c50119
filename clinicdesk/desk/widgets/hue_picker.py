"""A colour for a person or a heading, chosen by its hue: eight that are offered, and a dial for all the others."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinicdesk.desk.hues import OFFERED_HUES, RESERVED_HUES
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.words import _, marked

_NAMES = {
    200: marked("Teal"),
    265: marked("Blue"),
    155: marked("Green"),
    310: marked("Violet"),
    65: marked("Ochre"),
    340: marked("Rose"),
    235: marked("Sky"),
    110: marked("Olive"),
}
_DISC = 28
_PITCH = 36
_HEIGHT = 40


class HuePicker(QWidget):
    """Arrow keys step through the offered hues, with Shift degree by degree; `picked` is the person's choice."""

    picked = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hue = OFFERED_HUES[0]
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(_("Arrow keys change the colour; with Shift by a little"))

    @property
    def hue(self) -> int:
        """The chosen hue in degrees."""
        return self._hue

    def set_hue(self, hue: int) -> None:
        """Show this one."""
        self._hue = hue % 360
        self.setAccessibleDescription(self.word(self._hue))
        self.updateGeometry()
        self.update()

    def word(self, hue: int) -> str:
        """What a hue is called."""
        return _(_NAMES[hue]) if hue in _NAMES else _("Hue {degrees}°").format(degrees=hue)

    def sizeHint(self) -> QSize:
        return QSize(len(self._shown()) * _PITCH, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().x() // _PITCH)
        shown = self._shown()
        if event.button() == Qt.MouseButton.LeftButton and 0 <= at < len(shown):
            self._choose(shown[at])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            hue = (self._hue + by) % 360
            self._choose((RESERVED_HUES[-1] + 1 if by > 0 else RESERVED_HUES[0] - 1) if hue in RESERVED_HUES else hue)
        else:
            at = OFFERED_HUES.index(self._hue) if self._hue in OFFERED_HUES else -1
            self._choose(OFFERED_HUES[(at + by) % len(OFFERED_HUES)])

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        for at, hue in enumerate(self._shown()):
            colours = theme.hue(hue)
            disc = QRectF(at * _PITCH + 4, (_HEIGHT - _DISC) / 2, _DISC, _DISC)
            if hue == self._hue:
                ring = theme.color("accent") if self.hasFocus() else colours.edge
                drawing.box(painter, disc.adjusted(-4, -4, 4, 4), 18, None, ring, 2)
            drawing.box(painter, disc, _DISC / 2, colours.fill, colours.edge, 1.5)
            drawing.box(painter, disc.adjusted(9, 9, -9, -9), 5, colours.edge)

    def _shown(self) -> tuple[int, ...]:
        return OFFERED_HUES if self._hue in OFFERED_HUES else (*OFFERED_HUES, self._hue)

    def _choose(self, hue: int) -> None:
        if hue != self._hue and self.isEnabled():
            self.set_hue(hue)
            self.picked.emit()
