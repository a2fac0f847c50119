"""One person of the waiting strip: who, for whom, why first, how many minutes; and the megaphone that calls."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from clinicdesk.desk.dates import minutes_text
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import icon_button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.label import plain_tip
from clinicdesk.domain.priority import Priority
from clinicdesk.terms import priority_word
from clinicdesk.words import _, ngettext

LONG_MINUTES = 20
_HEIGHT = 40
_INFANTS = (Priority.PREGNANT, Priority.NURSING, Priority.WITH_INFANT)


class WaitingCard(QAbstractButton):
    """`hue` is the professional's. Clicking opens the appointment; `call_requested` is the megaphone."""

    call_requested = Signal()

    def __init__(
        self,
        who: str,
        detail: str,
        minutes: int,
        hue: int,
        priority: Priority | None = None,
        can_call: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._detail = detail
        self._hue = hue
        self._priority = priority_word(priority) if priority else ""
        self.setText(who)
        self.setProperty("radius", 6)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._first = Chip(self._priority, "info", "baby" if priority in _INFANTS else "badge-check")
        self._chip = Chip("")
        self._call = icon_button("megaphone", _("Call {name}").format(name=who), size="dense")
        self._call.clicked.connect(self.call_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 4, 0)
        row.setSpacing(6)
        row.addStretch(1)
        row.addWidget(self._first)
        row.addWidget(self._chip)
        row.addWidget(self._call)
        # In the row they are parts of the card; shown before that, they would be windows of their own for a moment.
        self._first.setVisible(priority is not None)
        self._call.setVisible(can_call)
        self.set_minutes(minutes)

    def set_called(self, time: str) -> None:
        """When the person was called to the screen; empty for not yet."""
        name = self.text()
        words = _("Called at {time}; call {name} again").format(time=time, name=name) if time else ""
        self._call.setToolTip(plain_tip(words or _("Call {name}").format(name=name)))
        self._call.setAccessibleName(words or _("Call {name}").format(name=name))
        self._call.set_icon("check-check" if time else "megaphone")

    def set_minutes(self, minutes: int) -> None:
        """How long the person has waited; from twenty minutes on it warns."""
        long = minutes >= LONG_MINUTES
        self._chip.set_state(minutes_text(minutes), "warn" if long else "muted", "timer" if long else "clock")
        waited = ngettext("waiting for {count} minute", "waiting for {count} minutes", minutes).format(count=minutes)
        self.setAccessibleName(", ".join(filter(None, (self.text(), self._detail, self._priority, waited))))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        theme = current()
        words = max(
            drawing.width_of(self.text(), theme.font("card_name")),
            drawing.width_of(self._detail, theme.font("detail", True)),
        )
        tail = 0 if self._first.isHidden() else self._first.sizeHint().width() + 6
        tail += self._chip.sizeHint().width() + (38 if not self._call.isHidden() else 0)
        return QSize(round(words) + 14 + 12 + tail + 10, max(_HEIGHT, sum(_lines()) + 8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        area = QRectF(self.rect())
        ground = theme.color("hover" if self.underMouse() else "surface")
        drawing.box(painter, area, 6, ground, theme.color("line"))
        painter.save()
        painter.setClipRect(QRectF(0, 0, 4, area.height()))
        drawing.box(painter, QRectF(0, 0, 12, area.height()), 6, theme.hue(self._hue).edge)
        painter.restore()
        first, second_line = _lines()
        top = (area.height() - first - second_line) / 2
        name = QRectF(14, top, area.width(), first)
        drawing.text(painter, name, self.text(), theme.font("card_name"), theme.color("text"))
        second = QRectF(14, top + first, area.width(), second_line)
        drawing.text(painter, second, self._detail, theme.font("detail", True), theme.color("muted"))


def _lines() -> tuple[int, int]:
    return current().line_height("card_name"), current().line_height("detail")
