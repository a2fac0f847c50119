"""Chips that are in or out: who does a service, in which rooms, in which units."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.avatar import paint_avatar

_GAP = 8


class Picks(QWidget):
    """`options` are (value, word) pairs; with `hues` each has its disc; `picked` is the person's doing."""

    picked = Signal()

    def __init__(
        self,
        name: str,
        options: Sequence[tuple[Any, str]],
        hues: Mapping[Any, int] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._pills: dict[Any, Pill] = {}
        for value, word in options:
            pill = Pill(word, None if hues is None else hues.get(value, 0), self)
            pill.clicked.connect(self.picked)
            self._pills[value] = pill
        if self._pills:
            self.setFocusProxy(next(iter(self._pills.values())))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(width, move=False)

    def sizeHint(self) -> QSize:
        return QSize(0, self._place(max(self.width(), 240), move=False))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width(), move=True)
        self.updateGeometry()

    def _place(self, width: int, move: bool) -> int:
        left = top = height = 0
        for pill in self._pills.values():
            size = pill.sizeHint()
            if left and left + size.width() > width:
                left, top = 0, top + height + _GAP
            if move:
                pill.setGeometry(left, top, min(size.width(), max(width, 1)), size.height())
            left += size.width() + _GAP
            height = size.height()
        return top + height

    @property
    def chosen(self) -> tuple[Any, ...]:
        """The values that are in, in the order of the options."""
        return tuple(value for value, pill in self._pills.items() if pill.isChecked())

    def set_chosen(self, values: Iterable[Any]) -> None:
        """Take these in and all others out."""
        wanted = set(values)
        for value, pill in self._pills.items():
            pill.setChecked(value in wanted)


class Pill(QAbstractButton):
    """One chip, 32 high: in with a tick and an accent border, out with a plus."""

    def __init__(self, word: str, hue: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hue = hue
        self.setText(word)
        self.setCheckable(True)
        self.setProperty("radius", 16)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme = current()
        lead = 28 if self._hue is not None else 0
        width = round(drawing.width_of(self.text(), theme.font("strong"))) + lead + 46
        return QSize(width, max(32, theme.line_height("strong") + 12))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        area = QRectF(self.rect())
        on, radius = self.isChecked(), area.height() / 2
        if not self.isEnabled():
            painter.setOpacity(0.7)
        hovered = self.underMouse() and self.isEnabled()
        ground = "accentSoft" if on else "hover" if hovered else "surface"
        drawing.box(painter, area, radius, theme.color(ground), theme.color("accent" if on else "border"))
        left = 14.0
        if self._hue is not None:
            paint_avatar(painter, QRectF(5, area.center().y() - 11, 22, 22), self.text(), self._hue)
            left = 34.0
        role = "strong" if on else "control"
        line = QRectF(left, 0, area.width() - left - 28, area.height())
        drawing.text(painter, line, self.text(), theme.font(role), theme.color("accentText" if on else "text"))
        mark = QRectF(area.width() - 26, 0, 14, area.height())
        icons.paint(painter, "check" if on else "plus", "accentText" if on else "muted", mark)
