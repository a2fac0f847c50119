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
        quiet = current().color("railText")
        painter.setPen(ink)
        painter.setFont(current().font("title"))
        logo = QRectF(_MARGIN + 52, _MARGIN, 300, 40)
        painter.drawText(logo, Qt.AlignmentFlag.AlignVCenter, "ClinicDesk")
        top = max(150.0, self.height() * 0.3)
        painter.setFont(current().font("hero"))
        painter.drawText(QRectF(_MARGIN, top, 400, 40), Qt.AlignmentFlag.AlignVCenter, self._greeting)
        painter.setPen(quiet)
        painter.setFont(current().font("section"))
        painter.drawText(QRectF(_MARGIN, top + 46, 400, 24), Qt.AlignmentFlag.AlignVCenter, self._date)
        self._paint_facts(painter, top + 108)
        self._paint_signs(painter)

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

    def _paint_facts(self, painter: QPainter, top: float) -> None:
        if not self._facts:
            return
        card = QRectF(_MARGIN, top, self.width() - 2 * _MARGIN, 48 + _ROW * len(self._facts))
        drawing.box(painter, card, 12, current().color("onRail", 0.06), current().color("onRail", 0.12))
        painter.setFont(current().font("strong"))
        painter.setPen(current().color("onRail"))
        painter.drawText(card.adjusted(20, 16, -20, 0), Qt.AlignmentFlag.AlignTop, self._caption)
        for index, (icon, label, value) in enumerate(self._facts):
            row = QRectF(card.left() + 20, card.top() + 42 + _ROW * index, card.width() - 40, _ROW)
            icons.paint(painter, icon, "railText", QRectF(row.left(), row.top(), 16, row.height()))
            painter.setFont(current().font("body"))
            painter.setPen(current().color("railText"))
            painter.drawText(row.adjusted(28, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, label)
            painter.setFont(current().font("strong"))
            painter.setPen(current().color("onRail"))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(row, flags, value)

    def _paint_signs(self, painter: QPainter) -> None:
        painter.setFont(current().font("body"))
        painter.setPen(current().color("railText"))
        for index, (icon, words) in enumerate(reversed(self._signs)):
            top = self.height() - _MARGIN - 16 - 26 * index
            icons.paint(painter, icon, "railText", QRectF(_MARGIN, top, 16, 24))
            row = QRectF(_MARGIN + 26, top, self.width() - _MARGIN - 40, 24)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, words)
