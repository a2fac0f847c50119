"""One person of the waiting list: who, what for, how many times would do, and the one thing to do next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.waiting.words import urgency_word
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.waiting import Urgency, WaitingEntry


class WaitingRow(QWidget):
    """`acted` is the press on its button, `asked` on the one that asks by message; `opened` a click on the row."""

    acted = Signal()
    opened = Signal()
    asked = Signal()

    def __init__(
        self,
        entry: WaitingEntry,
        second: str,
        third: str,
        *,
        hopeful: bool,
        action: str,
        key: str = "",
        icon: str = "",
        ask: str = "",
    ) -> None:
        super().__init__()
        self.entry = entry
        self._chosen = False
        name = privacy.shown_name(entry.patient_name)
        top = QHBoxLayout()
        top.setSpacing(8)
        who = Label(name, "strong", wrap=True)
        who.setMinimumWidth(1)
        top.addWidget(who, 1)
        if entry.wish.urgency is Urgency.URGENT:
            top.addWidget(Chip(urgency_word(entry.wish.urgency), "danger", "zap"))
        what = Label(second, "second", "muted", wrap=True)
        what.setMinimumWidth(1)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(
            IconLabel(icon or ("sparkles" if hopeful else "circle-minus"), "accentText" if hopeful else "faint", 14)
        )
        why = Label(third, "second", "accentText" if hopeful else "muted", wrap=True)
        why.setMinimumWidth(1)
        foot.addWidget(why, 1)
        self.button = Button(action, "soft", key=key, size="dense")
        self.button.clicked.connect(self.acted)
        if ask:
            self.ask = icon_button("message-circle", ask, "flat", "dense")
            self.ask.clicked.connect(self.asked)
            foot.addWidget(self.ask)
        foot.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(what)
        column.addLayout(foot)
        self.button.setVisible(bool(action))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(", ".join(filter(None, (name, second, third))))

    def set_chosen(self, chosen: bool) -> None:
        """Whether its times are on offer."""
        self._chosen = chosen
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._chosen or self.underMouse():
            theme = current()
            ground = theme.color("selected" if self._chosen else "hover")
            drawing.box(QPainter(self), self.rect().toRectF(), 8, ground)
