"""A card anchored to what opened it; Esc closes it and what was typed stays as a draft."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.overlay import Overlay

_GAP = 6


class Popover(Overlay):
    """`open_at` puts it under a widget or a rectangle of it, above when there is no room below."""

    def __init__(self, owner: QWidget, veiled: bool = False, radius: int = 12, light: bool = True) -> None:
        super().__init__(owner, veiled=veiled, light=light, radius=radius, level=3)

    def open_at(self, anchor: QWidget, part: QRect | None = None, beside: bool = False) -> None:
        """Open below `part` of `anchor` (all of it when not given), or `beside` it at its right."""
        window = anchor.window()
        box = part or anchor.rect()
        place = QRect(anchor.mapTo(window, box.topLeft()), box.size())
        margin = drawing.shadow_margin(self._level)
        self.setParent(window)
        self.adjustSize()
        width, height = self.width() - 2 * margin, self.height() - 2 * margin
        if beside:
            right = place.right() + _GAP + width <= window.width() - 8
            left = place.right() + _GAP if right else place.left() - _GAP - width
            self.show_at(QPoint(left, place.top()))
            return
        below = place.bottom() + _GAP + height <= window.height() - 8
        top = place.bottom() + _GAP if below or place.top() < height else place.top() - _GAP - height
        ends = place.left() + width <= window.width() - 8  # else its right edge stands under that of the anchor
        self.show_at(QPoint(place.left() if ends else place.right() + 1 - width, top))

    def open_centred(self) -> None:
        """Open in the middle of the window."""
        window = self.owner.window()
        margin = drawing.shadow_margin(self._level)
        self.setParent(window)
        self.adjustSize()
        width, height = self.width() - 2 * margin, self.height() - 2 * margin
        self.show_at(QPoint((window.width() - width) // 2, max(8, (window.height() - height) // 2)))
