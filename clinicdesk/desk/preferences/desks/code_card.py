"""A code to be typed at another computer, in boxes big enough to be read from there."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.domain.desks import CODE_GROUP, DeskCode

_GAP, _GROUP_GAP, _ROW_GAP = 4, 14, 8
_GROUPS = 4
_WIDEST = 34


class CodeCard(QWidget):
    """Sixteen boxes in one row, or in two where there is no room; a screen reader spells the groups."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: list[str] = []
        self._over = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self._box_height())

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

    def minimumSizeHint(self) -> QSize:
        return QSize(round(_across(_GROUPS // 2, self._narrowest())), self._box_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        rows = _GROUPS // self._groups_in_row()
        self.setFixedHeight(rows * self._box_height() + (rows - 1) * _ROW_GAP)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        font, ink = theme.font("panel_name", numbers=True), theme.color("faint" if self._over else "text")
        line = theme.color("border" if self._over else "field")
        for number, group in enumerate(self._groups):
            for place, letter in enumerate(group):
                area = self._area(number, place)
                drawing.box(painter, area, 6, theme.color("surface"), line)
                drawing.text(painter, area, letter, font, ink, Qt.AlignmentFlag.AlignHCenter)
        if self._over and self._groups:
            in_row = self._groups_in_row()
            for first in range(0, _GROUPS, in_row):
                left, right = self._area(first, 0), self._area(first + in_row - 1, CODE_GROUP - 1)
                struck = QRectF(left.left(), left.center().y() - 0.75, right.right() - left.left(), 1.5)
                painter.fillRect(struck, theme.color("danger"))

    def _area(self, group: int, place: int) -> QRectF:
        in_row = self._groups_in_row()
        row, across = divmod(group, in_row)
        width, height = self._box_width(), self._box_height()
        left = across * (CODE_GROUP * width + (CODE_GROUP - 1) * _GAP + _GROUP_GAP) + place * (width + _GAP)
        return QRectF(left, row * (height + _ROW_GAP), width, height).adjusted(0.5, 0.5, -0.5, -0.5)

    def _groups_in_row(self) -> int:
        return _GROUPS if self.width() >= _across(_GROUPS, self._narrowest()) else _GROUPS // 2

    def _box_width(self) -> float:
        in_row = self._groups_in_row()
        room = (self.width() - _across(in_row, 0)) / (in_row * CODE_GROUP)
        return float(int(min(max(room, self._narrowest()), max(_WIDEST, self._narrowest()))))

    def _narrowest(self) -> float:
        return drawing.width_of("W", current().font("panel_name")) + 4

    def _box_height(self) -> int:
        return current().line_height("panel_name") + 16


def _across(groups: int, box: float) -> float:
    """How wide so many groups are."""
    return groups * (CODE_GROUP * box + (CODE_GROUP - 1) * _GAP) + (groups - 1) * _GROUP_GAP
