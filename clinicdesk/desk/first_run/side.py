"""The dark side of the first run: the steps with where one is, and the way back to those that are done."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.rail import Logo
from clinicdesk.words import _

_MARGIN = 40
_DISC = 32
WIDTH, NARROW = 320, 264


@dataclass(frozen=True)
class StepName:
    """What the side calls a step, and the quiet words under it."""

    title: str
    detail: str


class FirstRunSide(QWidget):
    """`step_chosen` is a press on a step that is done already; `help_wanted` one on the words at the foot."""

    step_chosen = Signal(int)
    help_wanted = Signal()

    def __init__(self, names: Sequence[StepName], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "rail")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(_("Steps"))
        self.items: list[StepItem] = []
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, 16, 32)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Logo(_DISC))
        head.addWidget(Label("ClinicDesk", "panel_name", "onRail"), 1)
        column.addLayout(head)
        column.addSpacing(24)
        column.addWidget(Label(_("First time"), "strong", "railText"))
        column.addSpacing(12)
        for number, name in enumerate(names):
            self._add(column, number, name, last=number == len(names) - 1)
        column.addStretch(1)
        self.help = _Help()
        self.help.clicked.connect(self.help_wanted)
        column.addWidget(self.help, alignment=Qt.AlignmentFlag.AlignLeft)
        self.show_step(0)

    def set_narrow(self, narrow: bool) -> None:
        """Leave more room to the question in a small window."""
        edge = _MARGIN - 16 if narrow else _MARGIN
        self.setFixedWidth(max(NARROW if narrow else WIDTH, edge + 16 + max(item.needed() for item in self.items)))
        self._column.setContentsMargins(edge, _MARGIN, 8, 32)

    def show_step(self, current_step: int, going_back: bool = True) -> None:
        """Mark the step one is at; those before it are done, and open to go back unless nothing can be changed now."""
        for number, item in enumerate(self.items):
            item.set_state(
                "done" if number < current_step else "now" if number == current_step else "ahead", going_back
            )

    def _add(self, column: QVBoxLayout, number: int, name: StepName, last: bool) -> None:
        item = StepItem(number, name, last)
        item.clicked.connect(lambda _checked=False: self.step_chosen.emit(number))
        self.items.append(item)
        column.addWidget(item)


class StepItem(QAbstractButton):
    """One step: its number or a tick, its name, and the line down to the next."""

    def __init__(self, number: int, name: StepName, last: bool) -> None:
        super().__init__()
        self._number, self._name, self._last = number, name, last
        self._state = "ahead"
        self.setText(name.title)
        self.setProperty("focusRing", "none")  # drawn here, in a colour that shows on the dark ground
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def state(self) -> str:
        """done, now or ahead."""
        return self._state

    def set_state(self, state: str, going_back: bool) -> None:
        """Show where this step stands."""
        self._state = state
        open_ = state == "done" and going_back
        self.setEnabled(open_)
        self.setCursor(Qt.CursorShape.PointingHandCursor if open_ else Qt.CursorShape.ArrowCursor)
        words = {"done": _("done"), "now": _("you are here"), "ahead": _("still to come")}
        self.setAccessibleName(f"{self._number + 1}. {self._name.title}")
        self.setAccessibleDescription(words[state])
        self.update()

    def needed(self) -> int:
        """How wide the item has to be for all its words."""
        theme = current()
        title = drawing.width_of(self._name.title, theme.font("strong"))
        return _DISC + 16 + round(max(title, drawing.width_of(self._name.detail, theme.font("second"))))

    def sizeHint(self) -> QSize:
        theme = current()
        words = theme.line_height("strong") + theme.line_height("second")
        return QSize(NARROW - _MARGIN, max(_DISC, words) + (0 if self._last else 28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        words = theme.line_height("strong") + theme.line_height("second")
        disc = QRectF(0, max(0.0, (words - _DISC) / 2), _DISC, _DISC)
        if not self._last:
            rest = QRectF(_DISC / 2 - 1, disc.bottom() + 2, 2, self.height() - disc.bottom() - 2)
            painter.fillRect(rest, theme.color("railBar" if self._state == "done" else "railOn"))
        self._paint_disc(painter, disc)
        left = _DISC + 16.0
        room = QRectF(left, 0, self.width() - left, theme.line_height("strong"))
        ink = "railText" if self._state == "ahead" else "onRail"
        drawing.text(painter, room, self._name.title, theme.font("strong"), theme.color(ink))
        quiet = QRectF(left, room.bottom(), room.width(), theme.line_height("second"))
        drawing.text(painter, quiet, self._name.detail, theme.font("second"), theme.color("railText"))
        if self.hasFocus():
            around = QRectF(left - 6, 0, self.width() - left, words)
            drawing.box(painter, around, 6, None, theme.color("railBar"), 2)

    def _paint_disc(self, painter: QPainter, disc: QRectF) -> None:
        theme = current()
        if self._state == "ahead":
            drawing.box(painter, disc, 16, theme.color("railOn"))
            ink = theme.color("railText")
        else:
            drawing.box(painter, disc, 16, theme.color("railBar"))
            ink = theme.color("rail")
        if self._state == "done":
            icons.paint(painter, "check", ink, disc.adjusted(8, 8, -8, -8))
            return
        font = theme.font("strong", numbers=True)
        drawing.text(painter, disc, str(self._number + 1), font, ink, Qt.AlignmentFlag.AlignHCenter)


class _Help(QAbstractButton):
    def __init__(self) -> None:
        super().__init__()
        self.setText(_("Help: F1"))
        self.setProperty("focusRing", "none")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = round(drawing.width_of(self.text(), current().font("control")))
        return QSize(words + 34, max(32, current().line_height("control") + 8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        ink = theme.color("onRail" if self.underMouse() else "railText")
        icons.paint(painter, "circle-question-mark", ink, QRectF(0, 0, 16, self.height()))
        drawing.text(painter, QRectF(26, 0, self.width(), self.height()), self.text(), theme.font("control"), ink)
        if self.hasFocus():
            drawing.box(painter, QRectF(self.rect()), 6, None, theme.color("railBar"), 2)
