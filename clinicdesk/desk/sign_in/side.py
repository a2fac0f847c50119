"""The dark side of the sign-in: greeting, date, and the facts of this computer."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent, QRadialGradient
from PySide6.QtWidgets import QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.rail import Logo

_MARGIN = 56
_ROW = 37


class SignInSide(QWidget):
    """`facts` are (icon, label, value); `signs` are (icon, words) at the foot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(480)
        self._greeting = ""
        self._date = ""
        self._caption = ""
        self._facts: tuple[tuple[str, str, str], ...] = ()
        self._signs: tuple[tuple[str, str], ...] = ()
        self._logo = Logo(40, self)
        self._logo.move(_MARGIN, _MARGIN)

    def say(self, greeting: str, date: str) -> None:
        """The greeting and the date under it."""
        self._greeting, self._date = greeting, date
        self.update()

    def set_facts(self, caption: str, facts: Sequence[tuple[str, str, str]]) -> None:
        """The card with what is known of this computer."""
        self._caption, self._facts = caption, tuple(facts)
        self.update()

    def set_signs(self, signs: Sequence[tuple[str, str]]) -> None:
        """Quiet lines at the foot."""
        self._signs = tuple(signs)
        self.update()

    def show_as(self, other: "SignInSide") -> None:
        """Say what another one says."""
        self._caption, self._facts, self._signs = other._caption, other._facts, other._signs
        self._greeting, self._date = other._greeting, other._date
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        ink = current().color("onRail")
        painter.setPen(ink)
        painter.setFont(current().font("title"))
        logo = QRectF(_MARGIN + 52, _MARGIN, 300, 40)
        painter.drawText(logo, Qt.AlignmentFlag.AlignVCenter, "ClinicDesk")
        self._paint_greeting(painter)
        self._paint_signs(painter)

    def _paint_greeting(self, painter: QPainter) -> None:
        """Greeting, date and facts, a third down, or higher where large words need the room."""
        width = self.width() - 2 * _MARGIN
        words = ((self._greeting, "hero", "onRail"), (self._date, "section", "railText"))
        heights = [drawing.wrapped_height(text, current().font(role), width) for text, role, _ink in words]
        needed = sum(heights) + 20 + 26 + self._facts_height()
        most = self.height() - _MARGIN - self._signs_height() - 24 - needed
        top = max(112.0, min(self.height() * 0.3, most))
        for (text, role, ink), height in zip(words, heights, strict=True):
            line = QRectF(_MARGIN, top, width, height)
            drawing.wrapped(painter, line, text, current().font(role), current().color(ink))
            top += height + 10
        self._paint_facts(painter, top + 26)

    def _paint_ground(self, painter: QPainter) -> None:
        area = QRectF(self.rect())
        ground = QLinearGradient(area.topLeft(), area.bottomLeft())
        ground.setColorAt(0, current().color("rail"))
        ground.setColorAt(1, current().color("rail"))
        painter.fillRect(area, ground)
        glow = QRadialGradient(QPointF(area.width() * 0.25, area.height() * 0.95), area.height() * 0.6)
        glow.setColorAt(0, current().color("railGlow", 0.55))
        glow.setColorAt(1, current().color("railGlow", 0.0))
        painter.fillRect(area, glow)

    def _facts_height(self) -> float:
        return 48 + sum(self._row_height(label, value) for _icon, label, value in self._facts) if self._facts else 0

    def _row_height(self, label: str, value: str) -> float:
        """A long name of a clinic takes a second line beside its label."""
        return max(_ROW, drawing.wrapped_height(value, current().font("strong"), self._value_width(label)) + 14)

    def _value_width(self, label: str) -> float:
        return self.width() - 2 * _MARGIN - 40 - 28 - 16 - drawing.width_of(label, current().font("body"))

    def _paint_facts(self, painter: QPainter, top: float) -> None:
        if not self._facts:
            return
        theme = current()
        card = QRectF(_MARGIN, top, self.width() - 2 * _MARGIN, self._facts_height())
        drawing.box(painter, card, 12, theme.color("onRail", 0.06), theme.color("onRail", 0.12))
        caption = QRectF(card.left() + 20, card.top() + 12, card.width() - 40, 26)
        drawing.text(painter, caption, self._caption, theme.font("strong"), theme.color("onRail"))
        row = QRectF(card.left() + 20, card.top() + 42, card.width() - 40, 0)
        for icon, label, value in self._facts:
            row.setHeight(self._row_height(label, value))
            icons.paint(painter, icon, "railText", QRectF(row.left(), row.top(), 16, row.height()))
            drawing.text(painter, row.adjusted(28, 0, 0, 0), label, theme.font("body"), theme.color("railText"))
            beside = row.adjusted(row.width() - self._value_width(label), 0, 0, 0)
            right = Qt.AlignmentFlag.AlignRight
            drawing.wrapped(painter, beside, value, theme.font("strong"), theme.color("onRail"), right)
            row.translate(0, row.height())

    def _sign_height(self, words: str) -> float:
        width = self.width() - 2 * _MARGIN - 26
        return max(20.0, drawing.wrapped_height(words, current().font("body"), width)) + 6

    def _signs_height(self) -> float:
        return sum(self._sign_height(words) for _icon, words in self._signs)

    def _paint_signs(self, painter: QPainter) -> None:
        theme = current()
        row = QRectF(_MARGIN, self.height() - _MARGIN + 8 - self._signs_height(), self.width() - 2 * _MARGIN, 0)
        for icon, words in self._signs:
            row.setHeight(self._sign_height(words))
            line = QRectF(row.left(), row.top(), 16, self._sign_height(""))
            icons.paint(painter, icon, "railText", line)
            drawing.wrapped(painter, row.adjusted(26, 0, 0, 0), words, theme.font("body"), theme.color("railText"))
            row.translate(0, row.height())
