"""Chips: a state in a word, an icon and a tint; and the chip that filters a list."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing

HEIGHT = 24
_PADDING = 10
_ICON = 14
_GAP = 6


def chip_width(words: str, icon: str = "") -> int:
    """How wide the chip is."""
    lead = _ICON + _GAP if icon else 0
    return round(drawing.width_of(words, current().font("chip", numbers=True))) + lead + 2 * _PADDING


def chip_colours(tone: str) -> tuple[QColor, QColor]:
    """Ground and ink of a tone: accent, ok, warn, danger, info or muted; `hue:200` is that hue's."""
    theme = current()
    if tone.startswith("hue:"):
        colours = theme.hue(int(tone[4:]))
        return colours.fill, colours.ink
    if tone == "muted":
        return theme.color("sunken"), theme.color("muted")
    return theme.color(f"{tone}Soft"), theme.color(f"{tone}Text")


def paint_chip(painter: QPainter, area: QRectF, words: str, tone: str, icon: str = "") -> None:
    """Draw the chip with its content in the middle of `area`."""
    fill, ink = chip_colours(tone)
    drawing.box(painter, area, area.height() / 2, fill)
    left = area.left() + (area.width() - chip_width(words, icon)) / 2 + _PADDING
    if icon:
        icons.paint(painter, icon, ink, QRectF(left, area.top(), _ICON, area.height()))
        left += _ICON + _GAP
    line = QRectF(left, area.top(), area.right() - left, area.height())
    drawing.text(painter, line, words, current().font("chip", numbers=True), ink)


class Chip(QWidget):
    """A status chip; `set_state` changes word, tone and icon together."""

    def __init__(self, words: str, tone: str = "muted", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._tone, self._icon = words, tone, icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)

    def set_state(self, words: str, tone: str, icon: str = "") -> None:
        """Say something else."""
        self._words, self._tone, self._icon = words, tone, icon
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self._words, self._icon), max(HEIGHT, current().line_height("chip") + 6))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_chip(QPainter(self), QRectF(self.rect()), self._words, self._tone, self._icon)


class FilterChip(QAbstractButton):
    """A chip that is on or off; the area that takes the click is taller than what is drawn."""

    def __init__(self, words: str, checked: bool = False, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setText(words)
        self.setCheckable(True)
        self.setChecked(checked)
        self.setProperty("radius", 13)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self.text(), self._icon), max(32, current().line_height("chip") + 12))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        tone = "accent" if self.isChecked() else "muted"
        area = QRectF(0, 3, self.width(), self.height() - 6)
        paint_chip(painter, area, self.text(), tone, self._icon)
        if self.underMouse() and self.isEnabled():
            drawing.box(painter, area, area.height() / 2, None, current().color("border"))


class PillButton(QAbstractButton):
    """A status chip that leads somewhere; where room is scarce it is its icon alone."""

    def __init__(self, words: str = "", tone: str = "muted", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone, self._icon = tone, icon
        self.setText(words)
        self.setProperty("radius", 13)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_state(self, words: str, tone: str, icon: str = "") -> None:
        """Say something else."""
        self._tone, self._icon = tone, icon
        self.setText(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self.text(), self._icon), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._height(), self._height())

    @property
    def whole(self) -> bool:
        """Whether there is room for the words."""
        return self.width() >= self.sizeHint().width()

    def _height(self) -> int:
        return max(32, current().line_height("chip") + 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(0, 3, self.width(), self.height() - 6)
        if self.whole:
            paint_chip(painter, area, self.text(), self._tone, self._icon)
        else:
            area.setLeft(area.right() - self._height())
            fill, ink = chip_colours(self._tone)
            drawing.box(painter, area, area.height() / 2, fill)
            icons.paint(painter, self._icon, ink, QRectF(area.center().x() - 8, area.top(), 16, area.height()))
        if self.underMouse():
            drawing.box(painter, area, area.height() / 2, None, chip_colours(self._tone)[1])
