"""A code to be typed at another computer: its letters in boxes, the minutes it is good for, and a way to copy it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.domain.desks import DeskCode

_GAP, _GROUP_GAP = 4, 14
_LEAST = 30  # pixels; a wider letter makes a wider box


class CodeCard(QWidget):
    """Sixteen boxes in one row, or in two where there is no room; a screen reader spells the groups."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: list[str] = []
        self._over = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_code(self, code: DeskCode) -> None:
        """Show a code that is good."""
        self._groups = str(code).split("-")
        self._over = False
        self.setAccessibleName(", ".join(" ".join(group) for group in self._groups))
        self.update()

    def set_over(self) -> None:
        """Strike it: it opens nothing any more."""
        self._over = True
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._across(4), self.heightForWidth(self._across(4)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._across(2), self._box()[1])

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = 1 if width >= self._across(4) else 2
        return rows * self._box()[1] + (rows - 1) * 8

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        width, height = self._box()
        in_row = 4 if self.width() >= self._across(4) else 2
        ink = theme.color("faint" if self._over else "text")
        for number, group in enumerate(self._groups):
            row, across = divmod(number, in_row)
            left = across * (4 * width + 3 * _GAP + _GROUP_GAP)
            for place, letter in enumerate(group):
                area = QRectF(left + place * (width + _GAP), row * (height + 8), width, height).adjusted(
                    0.5, 0.5, -0.5, -0.5
                )
                drawing.box(painter, area, 6, theme.color("surface"), theme.color("border" if self._over else "field"))
                drawing.text(
                    painter, area, letter, theme.font("panel_name", numbers=True), ink, Qt.AlignmentFlag.AlignHCenter
                )
        if self._over:
            painter.fillRect(QRectF(0, height / 2, min(self._across(in_row), self.width()), 1.5), theme.color("danger"))

    def _box(self) -> tuple[int, int]:
        theme = current()
        wide = round(drawing.width_of("W", theme.font("panel_name"))) + 6
        return max(_LEAST, wide), theme.line_height("panel_name") + 16

    def _across(self, groups: int) -> int:
        width = self._box()[0]
        return groups * (4 * width + 3 * _GAP) + (groups - 1) * _GROUP_GAP
