"""Chips in a row that goes on in the next line when there is no room."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinicdesk.desk.widgets.chip import Chip

_GAP = 8


class ChipFlow(QWidget):
    """Grows in height with its chips."""

    def __init__(self, parent: QWidget | None = None, gap: int = _GAP) -> None:
        super().__init__(parent)
        self._gap = gap
        self._chips: list[QWidget] = []
        self._last: Sequence[QWidget] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_chips(self, chips: Sequence[tuple[str, str, str]]) -> None:
        """Show (words, tone, icon) one after the other, and after them what `keep_last` gave."""
        for old in self._chips[: len(self._chips) - len(self._last)]:
            old.hide()
            old.deleteLater()
        self._chips = [Chip(words, tone, icon, self) for words, tone, icon in chips] + list(self._last)
        for chip in self._chips:
            chip.show()
        self.setVisible(bool(self._chips))
        self._place(self.width(), move=True)
        self.updateGeometry()

    def keep_last(self, *widgets: QWidget) -> None:
        """These stand after the chips, whatever those are."""
        for widget in widgets:
            widget.setParent(self)
        self._last = widgets
        self._chips = list(widgets)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(width, move=False)

    def sizeHint(self) -> QSize:
        return QSize(0, self._place(max(self.width(), 1), move=False))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width(), move=True)

    def _place(self, width: int, move: bool) -> int:
        left = top = 0
        height = max((chip.sizeHint().height() for chip in self._chips), default=0)
        for chip in self._chips:
            size = chip.sizeHint()
            if left and left + size.width() > width:
                left, top = 0, top + height + 4
            if move:
                above = (height - size.height()) // 2
                chip.setGeometry(left, top + above, min(size.width(), max(width, 1)), size.height())
            left += size.width() + self._gap
        return top + height
