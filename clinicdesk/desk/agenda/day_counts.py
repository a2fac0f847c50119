"""The day counted by state, in one line that gives up its words before it gives up a number."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.status import STATUS_LOOKS
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.words import ngettext

_COUNTED = (Status.CONFIRMED, Status.PENDING, Status.CHECKED_IN, Status.IN_PROGRESS, Status.NO_SHOW)
_LOUD = {Status.PENDING: "warnText", Status.NO_SHOW: "dangerText"}
_ICON, _GAP, _PART = 16, 6, 16


class DayCounts(QWidget):
    """An icon, a number and a word for each state there is; the words stand in the tool tip when there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: list[tuple[Status, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_counts(self, appointments: Sequence[Appointment]) -> None:
        """Count these."""
        found = Counter(one.status for one in appointments)
        self._counts = [(status, found[status]) for status in _COUNTED if found[status]]
        words = ", ".join(_counted(status, count) for status, count in self._counts)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(self._width(short=False)), 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        short = self._width(short=False) > self.width()
        left = 0.0
        for status, count in self._counts:
            words = str(count) if short else _counted(status, count)
            tone = _LOUD.get(status, "muted")
            wide = drawing.width_of(words, current().font("control")) + 1
            if left + _ICON + _GAP + wide > self.width():
                break  # a whole number less rather than half a one; the tool tip has them all
            icons.paint(painter, STATUS_LOOKS[status].icon, tone, QRectF(left, 0, _ICON, self.height()))
            left += _ICON + _GAP
            painter.setFont(current().font("control"))
            painter.setPen(current().color(tone))
            painter.drawText(QRectF(left, 0, wide, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
            left += wide + _PART

    def _width(self, *, short: bool) -> float:
        font = current().font("control")
        words = (str(count) if short else _counted(status, count) for status, count in self._counts)
        return sum(_ICON + _GAP + drawing.width_of(one, font) + 1 + _PART for one in words)


def _counted(status: Status, count: int) -> str:
    match status:
        case Status.CONFIRMED:
            words = ngettext("{count} confirmed", "{count} confirmed", count)
        case Status.PENDING:
            words = ngettext("{count} to confirm", "{count} to confirm", count)
        case Status.CHECKED_IN:
            words = ngettext("{count} at reception", "{count} at reception", count)
        case Status.IN_PROGRESS:
            words = ngettext("{count} in consultation", "{count} in consultation", count)
        case _:
            words = ngettext("{count} no-show", "{count} no-shows", count)
    return words.format(count=count)
