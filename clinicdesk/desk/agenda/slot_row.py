"""One free time in a list: a number, the hour, the hour in words, and with whom or where."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.key_cap import paint_key_cap
from clinicdesk.desk.widgets.label import plain_tip
from clinicdesk.desk.wording import spoken_time
from clinicdesk.domain.slots import FreeSlot

_HOUR = 42.0


class SlotRow(QAbstractButton):
    """`spoken` is the whole offer as it is read to the patient; a tool tip and the accessible name say it."""

    def __init__(self, number: int, free: FreeSlot, clock: DeskClock, detail: str, spoken: str) -> None:
        super().__init__()
        self.free = free
        local = free.slot.starts_at.astimezone(clock.zone)
        self._number = str(number) if number <= 9 else ""
        self._hour = f"{local:%H:%M}"
        self._spoken = spoken_time(local.time())
        self._detail = detail
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("radius", 8)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setToolTip(plain_tip(spoken))
        self.setAccessibleName(f"{self._number}, {spoken}" if self._number else spoken)
        self.setAccessibleDescription(detail)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def nextCheckState(self) -> None:
        self.setChecked(True)

    def sizeHint(self) -> QSize:
        return QSize(320, max(36, current().line_height("subsection") + 12))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        ground = theme.color("selected" if on else "hover" if self.underMouse() else "surface")
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        drawing.box(painter, area, 8, ground, theme.color("accent" if on else "line"), 1.5 if on else 1)
        if self._number:
            cap = QRectF(10, (self.height() - 20) / 2, 20, 20)
            paint_key_cap(painter, cap, self._number, theme.color("muted"), theme.color("sunken"), theme.color("line"))
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font("subsection", numbers=True))
        words_left = _hour_end()
        painter.drawText(QRectF(_HOUR, 0, words_left - _HOUR, self.height()), Qt.AlignmentFlag.AlignVCenter, self._hour)
        painter.setFont(theme.font("second"))
        painter.setPen(theme.color("muted"))
        detail, room = self._fitting_detail()
        if drawing.width_of(self._spoken, theme.font("second")) <= room:
            painter.drawText(QRectF(words_left, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, self._spoken)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(0, 0, self.width() - 12, self.height()), right, detail)

    def _fitting_detail(self) -> tuple[str, float]:
        """With whom and where, and what is left for the hour in words: the room goes before the words do."""
        font = current().font("second")
        spoken = drawing.width_of(self._spoken, font)
        forms = [self._detail, self._detail.split(" · ")[0]]
        rooms = [(form, self.width() - _hour_end() - 20 - drawing.width_of(form, font)) for form in forms]
        return next((fitting for fitting in rooms if spoken <= fitting[1]), rooms[0])


def _hour_end() -> float:
    """Where the words after the hour begin, whatever the size of the text."""
    return _HOUR + max(54, drawing.width_of("00:00", current().font("subsection", numbers=True)) + 12)
