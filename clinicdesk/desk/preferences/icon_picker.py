"""An icon for a heading of the catalogue, out of those that mean something in a clinic."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.words import _, marked

_ICONS = {
    "stethoscope": marked("Stethoscope"),
    "heart-pulse": marked("Heart"),
    "activity": marked("Activity"),
    "smile": marked("Smile"),
    "sparkles": marked("Sparkles"),
    "zap": marked("Bolt"),
    "baby": marked("Baby"),
    "eye": marked("Eye"),
    "scissors": marked("Scissors"),
    "flask-conical": marked("Flask"),
    "clipboard-list": marked("Clipboard"),
    "video": marked("Video"),
    "package": marked("Package"),
    "star": marked("Star"),
    "hospital": marked("Hospital"),
    "user-round": marked("Person"),
}
_TILE = 36


class IconPicker(QWidget):
    """Arrow keys move the choice; `picked` is the person's choice. Another release's icon stays while it stands."""

    picked = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = "stethoscope"
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def icon(self) -> str:
        """The chosen icon."""
        return self._icon

    def set_icon(self, icon: str) -> None:
        """Show this one."""
        self._icon = icon
        self.setAccessibleDescription(self.word(icon))
        self.update()

    def word(self, icon: str) -> str:
        """What an icon is called."""
        return _(_ICONS[icon]) if icon in _ICONS else icon

    def sizeHint(self) -> QSize:
        return QSize(8 * _TILE, 2 * _TILE)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        at = int(place.y() // _TILE) * 8 + int(place.x() // _TILE)
        if event.button() == Qt.MouseButton.LeftButton and 0 <= at < len(_ICONS):
            self._choose(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -8, Qt.Key.Key_Down: 8}
        by = steps.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
            return
        names = list(_ICONS)
        at = names.index(self._icon) if self._icon in names else 0
        self._choose((at + by) % len(names))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        for at, name in enumerate(_ICONS):
            tile = QRectF(at % 8 * _TILE + 2, at // 8 * _TILE + 2, _TILE - 4, _TILE - 4)
            chosen = name == self._icon
            if chosen:
                line = theme.color("accent")
                drawing.box(painter, tile, 8, theme.color("accentSoft"), line, 2 if self.hasFocus() else 1)
            icons.paint(painter, name, "accentText" if chosen else "muted", tile.adjusted(8, 8, -8, -8))

    def _choose(self, at: int) -> None:
        name = list(_ICONS)[at]
        if name != self._icon and self.isEnabled():
            self.set_icon(name)
            self.picked.emit()
