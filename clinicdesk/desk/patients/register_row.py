"""The row under the list that registers whoever was not found, with what was typed."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.key_cap import key_cap_height, key_cap_width, paint_key_cap
from clinicdesk.desk.widgets.patient_row import fitting
from clinicdesk.words import _

_KEY = "Ctrl Enter"
_LEFT = 56


class RegisterRow(QAbstractButton):
    """Dashed, so that it is not taken for a patient; `set_alone` when nobody at all was found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self._alone = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(_KEY)
        self._say()

    def set_words(self, words: str) -> None:
        """What was searched."""
        self._words = " ".join(words.split())
        self._say()

    def set_alone(self, alone: bool) -> None:
        """Whether nobody was found."""
        self._alone = alone
        self._say()

    def sizeHint(self) -> QSize:
        theme = current()
        return QSize(200, 3 * theme.line_height("body") + 28)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        fill = theme.color("hover") if self.underMouse() or self.hasFocus() else None
        drawing.box(painter, QRectF(self.rect()), 8, fill, theme.color("border"), 1.0, dashed=True)
        line = theme.line_height("body")
        icons.paint(painter, "user-plus", "accentText", QRectF(20, 12, 20, line))
        room = self.width() - _LEFT - 16
        title = QRectF(_LEFT, 11, room, line)
        drawing.text(painter, title, self._title(), theme.font("strong"), theme.color("text"))
        font = theme.font("second")
        offer = fitting([self._offer(cut) for cut in self._cuts()], font, room)
        drawing.text(painter, title.translated(0, line), offer, font, theme.color("muted"))
        cap = QRectF(_LEFT, 14 + 2 * line, key_cap_width(_KEY), key_cap_height())
        paint_key_cap(painter, cap, _KEY, theme.color("muted"), theme.color("sunken"), theme.color("line"))

    def _say(self) -> None:
        self.setAccessibleName(f"{self._title()} {self._offer(self._words)}")
        self.update()

    def _title(self) -> str:
        if self._alone:
            return _("Nobody was found")
        return _("None of these?")

    def _offer(self, words: str) -> str:
        return _("Register “{words}” with name and phone").format(words=words)

    def _cuts(self) -> list[str]:
        """What was typed, then ever fewer of its words."""
        words = self._words.split()
        shorter = [" ".join(words[:count]) + "…" for count in range(len(words) - 1, 0, -1)]
        return [self._words, *shorter, f"{self._words[:16]}…"]
