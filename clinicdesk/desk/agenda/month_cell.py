"""One day of the month: its number, how many visits, the first of them a line each, and how full it is."""

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from clinicdesk.desk import theme
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.card_text import service_forms
from clinicdesk.desk.agenda.month_days import MonthDay
from clinicdesk.desk.agenda.spoken import clock
from clinicdesk.desk.widgets import drawing
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.patients import shorter_names
from clinicdesk.words import _

_PAD = 8
_DISC = 24
_BAR = 3.0
_FOOT = 7
_INKS = {Status.NO_SHOW: "dangerText", Status.COMPLETED: "muted", Status.CANCELLED: "faint"}
_STRUCK = (Status.NO_SHOW, Status.CANCELLED)


def head_of_cell() -> int:
    """The height of the line with the day's number."""
    return max(_DISC, theme.current().line_height("label")) + 6


def rows_of_cell(visits: int, height: int) -> int:
    """How many visits get a line of their own; when not all do, the last line says how many more."""
    room = max(int((height - head_of_cell() - _FOOT) // theme.current().line_height("detail")), 0)
    return visits if visits <= room else max(room - 1, 0)


class MonthCellPainter:
    """Paints cells and keeps the words it measured."""

    def __init__(self) -> None:
        self.zone = ZoneInfo("UTC")
        self.hues: Mapping[UUID, int] = {}
        self._names: dict[tuple[str, int], str] = {}
        self._fonts: dict[str, tuple[QFont, QFontMetricsF]] = {}

    def forget(self) -> None:
        """Drop what was measured: theme, type or privacy has changed."""
        self._names.clear()
        self._fonts.clear()

    def paint(
        self, painter: QPainter, box: QRectF, cell: MonthDay, *, today: bool, hovered: bool, chosen: UUID | None
    ) -> None:
        """Draw one cell with its lines at the right and below."""
        now = theme.current()
        ground = "hover" if hovered else "surface" if cell.inside and cell.occupancy is not None else "bg"
        painter.fillRect(box, now.color(ground))
        painter.fillRect(QRectF(box.right() - 1, box.top(), 1, box.height()), now.color("line"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), now.color("line"))
        self._paint_number(painter, box, cell, today=today)
        self._paint_count(painter, box, cell)
        top, line = box.top() + head_of_cell(), now.line_height("detail")
        shown = rows_of_cell(len(cell.visits), round(box.height()))
        for number, visit in enumerate(cell.visits[:shown]):
            row = QRectF(box.left() + 4, top + number * line, box.width() - 9, line)
            self._paint_visit(painter, row, visit, chosen=visit.id == chosen)
        rest = len(cell.visits) - shown
        if rest:
            area = QRectF(box.left() + _PAD + _BAR, top + shown * line, box.width() - 2 * _PAD, line)
            words = _("+{count} more").format(count=rest) if shown else f"+{rest}"
            drawing.text(painter, area, words, self._font("detail_strong")[0], now.color("muted"))
        if cell.occupancy:
            self._paint_occupancy(painter, box, cell.occupancy)

    def _paint_number(self, painter: QPainter, box: QRectF, cell: MonthDay, *, today: bool) -> None:
        now = theme.current()
        disc = QRectF(box.left() + 5, box.top() + 4, _DISC, _DISC)
        ink = now.color("text" if cell.inside else "faint")
        if today:
            drawing.box(painter, disc, _DISC / 2, now.color("accent"))
            ink = now.color("onAccent")
        font = now.font("card_name" if today else "label", numbers=True)
        drawing.text(painter, disc, str(cell.day.day), font, ink, Qt.AlignmentFlag.AlignHCenter)

    def _paint_count(self, painter: QPainter, box: QRectF, cell: MonthDay) -> None:
        """How many visits; on a closed day, why, as far as whole words of it fit."""
        now = theme.current()
        area = QRectF(box.left() + _DISC + 10, box.top() + 4, box.width() - _DISC - 10 - _PAD, _DISC)
        words = str(len(cell.visits)) if cell.visits else ""
        font, metrics = self._font("detail")
        if cell.closed:
            forms = service_forms(cell.closed)
            words = next((one for one in forms if metrics.horizontalAdvance(one) <= area.width()), words)
        drawing.text(painter, area, words, font, now.color("muted"), Qt.AlignmentFlag.AlignRight)

    def _paint_visit(self, painter: QPainter, row: QRectF, visit: Appointment, *, chosen: bool) -> None:
        now = theme.current()
        shades = now.hue(self.hues.get(visit.professional_id, visit.category_hue))
        if chosen:
            drawing.box(painter, row, 4, now.color("selected"), now.color("accent"))
        bar = QRectF(row.left() + 4, row.top() + 3, _BAR, row.height() - 6)
        pending = visit.status is Status.PENDING
        drawing.box(
            painter, bar, 1.5, now.color("surface") if pending else shades.edge, shades.edge if pending else None
        )
        ink = now.color(_INKS.get(visit.status, "text"))
        font, metrics = self._font("detail")
        time = clock(visit.starts_at, self.zone)
        x = bar.right() + 5
        baseline = row.center().y() - metrics.height() / 2 + metrics.ascent()
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(QPointF(x, baseline), time)
        x += self._measured("00:00") + 5
        name = self._name(visit, round(row.right() - x - 3))
        painter.drawText(QPointF(x, baseline), name)
        if visit.status in _STRUCK and name:
            y = round(baseline - metrics.xHeight() / 2) + 0.5
            painter.drawLine(QPointF(x, y), QPointF(x + metrics.horizontalAdvance(name), y))

    def _paint_occupancy(self, painter: QPainter, box: QRectF, share: float) -> None:
        now = theme.current()
        track = QRectF(box.left() + _PAD, box.bottom() - 8, box.width() - 2 * _PAD - 1, 2)
        painter.fillRect(track, now.color("lineSoft"))
        painter.fillRect(QRectF(track.left(), track.top(), track.width() * share, 2), now.color("accent"))

    def _name(self, visit: Appointment, width: int) -> str:
        """The patient's name as far as it fits, shortened by rule."""
        name = privacy.shown_name(visit.patient_name)
        found = self._names.get((name, width))
        if found is None:
            metrics = self._font("detail")[1]
            forms = (name,) if privacy.hides() else shorter_names(name)
            found = next((one for one in forms if metrics.horizontalAdvance(one) <= width), "")
            self._names[name, width] = found
        return found

    def _measured(self, words: str) -> float:
        return self._font("detail")[1].horizontalAdvance(words)

    def _font(self, role: str) -> tuple[QFont, QFontMetricsF]:
        found = self._fonts.get(role)
        if found is None:
            made = theme.current().font(role, numbers=True)
            found = self._fonts[role] = (made, QFontMetricsF(made))
        return found
