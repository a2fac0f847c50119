"""How much a change is meant for, asked at the card itself: this one, this and the following, or all."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.key_cap import key_cap_height, key_cap_width, paint_key_cap
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.series_edit import Scope
from clinicdesk.words import _


class ScopePopover(Popover):
    """`decided` carries the key of what was chosen: by its number, by Enter for the first, or by a click."""

    decided = Signal(str)
    given_up = Signal()

    def __init__(self, owner: QWidget, title: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(owner)
        self._decided = False
        body = QWidget()
        body.setMinimumWidth(260)
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(2)
        heading = Label(title, "strong", wrap=True)
        heading.setContentsMargins(8, 0, 8, 4)
        column.addWidget(heading)
        self.rows: list[_Choice] = []
        for number, (key, words) in enumerate(choices, 1):
            row = _Choice(number, key, words)
            row.clicked.connect(lambda _checked=False, key=key: self._decide(key))
            column.addWidget(row)
            self.rows.append(row)
        self.set_content(body, self.rows[0])
        self.closed.connect(self._closed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        if 1 <= number <= len(self.rows):
            self._decide(self.rows[number - 1].key)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            at = next((index for index, row in enumerate(self.rows) if row.hasFocus()), 0)
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.rows[(at + step) % len(self.rows)].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = next((row for row in self.rows if row.hasFocus()), self.rows[0])
            self._decide(focused.key)
        else:
            super().keyPressEvent(event)

    def _decide(self, key: str) -> None:
        self._decided = True
        self.dismiss()
        self.decided.emit(key)

    def _closed(self) -> None:
        if not self._decided:
            self.given_up.emit()
        self.deleteLater()


def series_choices() -> list[tuple[str, str]]:
    """The three answers for a visit of a series, this one first."""
    return [
        (Scope.THIS, _("Only this one")),
        (Scope.FOLLOWING, _("This and the following")),
        (Scope.ALL, _("All of them")),
    ]


class _Choice(QAbstractButton):
    def __init__(self, number: int, key: str, words: str) -> None:
        super().__init__()
        self.key = key
        self._number, self._words = str(number), words
        self.setAccessibleName(f"{number}, {words}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("radius", 8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        font = current().font("control")
        return QSize(round(drawing.width_of(self._words, font)) + 64, max(36, current().line_height("control") + 14))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.click()
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            drawing.box(painter, QRectF(self.rect()), 8, theme.color("selected" if self.hasFocus() else "hover"))
        height = key_cap_height()
        cap = QRectF(10, (self.height() - height) / 2, key_cap_width(self._number), height)
        paint_key_cap(painter, cap, self._number, theme.color("muted"), theme.color("sunken"), theme.color("line"))
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font("control"))
        words = QRectF(cap.right() + 12, 0, self.width(), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._words)
