"""One line of a visit's history: what happened, who and when; pressed, it shows the agenda as it was at that moment."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.agenda.history import HistoryLine
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.label import Label
from clinicdesk.words import _

_DISC = 28


class HistoryEntry(QAbstractButton):
    """A disc with an icon, the words and a second line, in as many lines as they need."""

    def __init__(self, line: HistoryLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = line.icon
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(_("See the agenda as it was then"))
        self.setAccessibleName(f"{line.words}, {line.detail}")
        self.setAccessibleDescription(_("See the agenda as it was then"))
        words = Label(line.words, "detail" if line.quiet else "control", "muted" if line.quiet else "text", wrap=True)
        detail = Label(line.detail, "detail", "muted", numbers=True, wrap=True)
        column = QVBoxLayout()
        column.setSpacing(0)
        for label in (words, detail):
            label.setMinimumWidth(1)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(_DISC + 12, 4, 0, 6)
        row.addLayout(column)

    def paintEvent(self, _event: QPaintEvent) -> None:
        now = current()
        painter = QPainter(self)
        if self.underMouse() or self.hasFocus():
            drawing.box(painter, QRectF(self.rect()), 8, now.color("hover"))
        if self.hasFocus():
            drawing.box(painter, QRectF(self.rect()), 8, None, now.color("accent"), 1.5)
        drawing.box(painter, QRectF(0, 4, _DISC, _DISC), _DISC / 2, now.color("sunken"))
        icons.paint(painter, self._icon, "muted", QRectF(7, 11, 14, 14))
