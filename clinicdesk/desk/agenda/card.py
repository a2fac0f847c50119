"""One card of the agenda: its treatment by status, its words, its flags, and the ring that says it is chosen."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from clinicdesk.desk import icons, theme
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.card_text import CHIP_PADDING, FLAG_GAP, ICON, ICON_GAP, WORD_GAP, CardText, Room, card_text
from clinicdesk.desk.agenda.paint import blended, rounded
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.status import STATUS_LOOKS
from clinicdesk.domain.agenda import Appointment, Status

RADIUS = 6.0
BAR = 4.0
RING = 3.0
_PAD_LEFT = 12.0
_PAD_RIGHT = 8.0
_NARROW = 84.0
_PALE = 0.55
_TINY = 15.0  # under this height the name takes the smallest type
_NUMBERS = ("time", "detail_strong")  # Inter's tabular figures widen hyphens, so words go without


@dataclass(frozen=True, slots=True)
class CardState:
    """How a card stands out from the others at this moment."""

    selected: bool = False
    hovered: bool = False
    pale: bool = False  # dropped, and not yet confirmed by the clinic's server
    conflict: bool = False
    lifted: bool = False


@dataclass(frozen=True, slots=True)
class _Treatment:
    fill: QColor
    bar: QColor
    border: QColor
    ink: QColor
    width: float = 1.0
    dashed: bool = False
    struck: bool = False


_PLAIN = CardState()


class CardPainter:
    """Paints cards and remembers the chosen words of each, until its size, its value or the minute changes."""

    def __init__(self) -> None:
        self._texts: dict[UUID, tuple[tuple[object, ...], CardText]] = {}
        self._fonts: dict[str, tuple[QFont, QFontMetricsF]] = {}
        self._widths: dict[tuple[str, str], float] = {}

    def forget(self) -> None:
        """Drop everything measured: the theme, the type or the zone has changed."""
        self._texts.clear()
        self._fonts.clear()
        self._widths.clear()

    def paint(
        self,
        painter: QPainter,
        appointment: Appointment,
        box: QRectF,
        hue: int,
        now: dt.datetime,
        zone: dt.tzinfo,
        state: CardState = _PLAIN,
    ) -> None:
        """Draw the card into `box`, in content coordinates of `painter`."""
        appointment = privacy.shown(appointment)
        painter.save()
        if state.pale:
            painter.setOpacity(_PALE)
        if state.lifted:
            drawing.shadow(painter, box, RADIUS, 2)
        if state.selected:
            _paint_ring(painter, box)
        treatment = _treatment(appointment.status, hue, state)
        painter.translate(box.topLeft())
        _paint_ground(painter, box.width(), box.height(), treatment)
        self._paint_words(painter, appointment, box, treatment, self._text(appointment, box, now, zone))
        painter.restore()

    def _text(self, appointment: Appointment, box: QRectF, now: dt.datetime, zone: dt.tzinfo) -> CardText:
        waiting = int(now.timestamp() // 60) if appointment.status is Status.CHECKED_IN else 0
        key = (appointment, box.width(), box.height(), waiting, zone)
        held = self._texts.get(appointment.id)
        if held is not None and held[0] == key:
            return held[1]
        room = Room(box.width() - _left(box.width()) - _right(box.width()), self._lines(box.height()))
        made = card_text(appointment, room, self._measure, zone, now)
        self._texts[appointment.id] = key, made
        return made

    def _lines(self, height: float) -> int:
        line = theme.current().line_height("detail")
        if height >= max(55.5, 3 * line + 7):
            return 3
        return 2 if height >= 2 * line - 3 else 1

    def _font(self, role: str) -> tuple[QFont, QFontMetricsF]:
        found = self._fonts.get(role)
        if found is None:
            made = theme.current().font("detail" if role == "time" else role, numbers=role in _NUMBERS)
            found = self._fonts[role] = (made, QFontMetricsF(made))
        return found

    def _measure(self, role: str, text: str) -> float:
        found = self._widths.get((role, text))
        if found is None:
            found = self._widths[role, text] = self._font(role)[1].horizontalAdvance(text)
        return found

    def _paint_words(
        self, painter: QPainter, appointment: Appointment, box: QRectF, treatment: _Treatment, text: CardText
    ) -> None:
        lines = self._lines(box.height())
        left = _left(box.width())
        tops = self._tops(box.height(), lines)
        self._paint_first(painter, appointment, box, treatment, text, tops[0])
        if lines > 1:
            x = left
            if text.bold:
                color = _waiting_ink(text, treatment)
                x += self._draw(painter, "detail_strong", text.bold, x, tops[1], color)
                x += self._measure("detail_strong", WORD_GAP)
            if text.time:
                x += self._draw(painter, "time", text.time, x, tops[1], treatment.ink)
                x += self._measure("time", WORD_GAP)
            self._draw(painter, "detail", text.second, x, tops[1], treatment.ink)
        if lines > 2:
            top = tops[2] if text.second or text.bold else tops[1]
            self._draw(painter, "time", text.third, left, top, treatment.ink)

    def _tops(self, height: float, lines: int) -> tuple[float, ...]:
        line = float(theme.current().line_height("detail"))
        if lines == 3:
            return 5.0, 6.0 + line, 6.0 + 2 * line
        if lines == 2:
            pitch = min(line + 1, (height + 1) / 2)
            first = max((height - pitch - line) / 2, -1.0) if height < 46 else 5.0
            return first, first + pitch
        return ((height - line) / 2,)

    def _paint_first(
        self,
        painter: QPainter,
        appointment: Appointment,
        box: QRectF,
        treatment: _Treatment,
        text: CardText,
        top: float,
    ) -> None:
        line = theme.current().line_height("card_name")
        x = _left(box.width())
        ratio = _ratio(painter)
        tiny = box.height() < _TINY
        side = ICON - 2 if tiny else ICON
        icon = icons.pixmap(STATUS_LOOKS[appointment.status.value].icon, treatment.ink, side, ratio)
        painter.drawPixmap(QPointF(round(x), round(top + (line - side) / 2)), icon)
        x += ICON + ICON_GAP
        role = "detail_strong" if tiny else "card_name"
        width = self._draw(painter, role, text.name, x, top, treatment.ink, treatment.struck)
        if text.beside:
            self._draw(painter, "detail", text.beside, x + width + 2 * FLAG_GAP, top, treatment.ink)
        right = box.width() - _right(box.width())
        if text.chip:
            right -= self._paint_chip(painter, text, treatment, right, top + line / 2) + FLAG_GAP
        for name in reversed(text.flags):
            right -= ICON
            color = "danger" if name == "shield-alert" else treatment.ink
            flag = icons.pixmap(name, color, ICON, ratio)
            painter.drawPixmap(QPointF(round(right), round(top + (line - ICON) / 2)), flag)
            right -= FLAG_GAP

    def _paint_chip(
        self, painter: QPainter, text: CardText, treatment: _Treatment, right: float, middle: float
    ) -> float:
        now = theme.current()
        height = now.line_height("detail") + 1
        width = self._measure("detail_strong", text.chip) + 2 * CHIP_PADDING
        chip = QRectF(right + 2 - width, middle - height / 2, width, height)
        ground = now.color("warnSoft") if text.waits_long else now.color("surface", 0.75 if not now.dark else 0.35)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(chip, height / 2, height / 2)
        color = _waiting_ink(text, treatment)
        self._draw(painter, "detail_strong", text.chip, chip.x() + CHIP_PADDING, chip.y() + 0.5, color)
        return width - 2

    def _draw(
        self, painter: QPainter, role: str, text: str, x: float, top: float, color: QColor, struck: bool = False
    ) -> float:
        if not text:
            return 0.0
        font, metrics = self._font(role)
        painter.setFont(font)
        painter.setPen(color)
        line = theme.current().line_height("card_name" if role == "card_name" else "detail")
        baseline = top + (line - metrics.height()) / 2 + metrics.ascent()
        painter.drawText(QPointF(x, baseline), text)
        width = self._measure(role, text)
        if struck:
            y = round(baseline - metrics.xHeight() / 2) + 0.5
            painter.drawLine(QPointF(x, y), QPointF(x + width, y))
        return width


def _waiting_ink(text: CardText, treatment: _Treatment) -> QColor:
    return theme.current().color("warnText") if text.waits_long else treatment.ink


def _left(width: float) -> float:
    return _PAD_LEFT if width >= _NARROW else 9.0


def _right(width: float) -> float:
    return _PAD_RIGHT if width >= _NARROW else 4.0


def _ratio(painter: QPainter) -> float:
    device = painter.device()
    return device.devicePixelRatio() if device is not None else 1.0


def _treatment(status: Status, hue: int, state: CardState) -> _Treatment:
    found = _status_treatment(status, hue, theme.current())
    if state.conflict:
        danger = theme.current().color("danger")
        ground = theme.current().color("surface" if state.lifted else "dangerSoft")
        return _Treatment(ground, found.bar, danger, found.ink, 1.5, False, found.struck)
    if state.selected:
        edge = theme.current().hue(hue).edge
        return _Treatment(found.fill, found.bar, edge, found.ink, 1.5, found.dashed, found.struck)
    if state.hovered or state.lifted:
        edge = theme.current().hue(hue).edge
        return _Treatment(found.fill, found.bar, edge, found.ink, found.width, found.dashed, found.struck)
    return found


@lru_cache(maxsize=512)
def _status_treatment(status: Status, hue: int, now: theme.Theme) -> _Treatment:
    colors = now.hue(hue)
    surface = now.color("surface")
    line = now.color("border" if now.high_contrast else "line")
    match status:
        case Status.PENDING:
            return _Treatment(surface, colors.edge, blended(colors.edge, surface, 0.75), colors.ink, dashed=True)
        case Status.IN_PROGRESS:
            return _Treatment(colors.fill, colors.edge, colors.edge, colors.ink, width=1.5)
        case Status.COMPLETED:
            return _Treatment(surface, blended(colors.edge, surface, 0.5), line, now.color("muted"))
        case Status.NO_SHOW:
            return _Treatment(surface, now.color("danger"), line, now.color("dangerText"), struck=True)
        case Status.CANCELLED:
            return _Treatment(now.color("sunken"), now.color("border"), line, now.color("faint"), struck=True)
        case _:
            return _Treatment(colors.fill, colors.edge, blended(colors.edge, colors.fill, 0.38), colors.ink)


def _paint_ring(painter: QPainter, box: QRectF) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.current().color("accent", 0.38), RING))
    half = RING / 2
    painter.drawRoundedRect(box.adjusted(-half, -half, half, half), RADIUS + half, RADIUS + half)


def _paint_ground(painter: QPainter, width: float, height: float, treatment: _Treatment) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(treatment.bar)
    painter.drawPath(rounded(width, height, RADIUS))
    body, border = _shapes(width, height, treatment.width)
    painter.setBrush(treatment.fill)
    painter.drawPath(body)
    pen = QPen(treatment.border, treatment.width)
    if treatment.dashed:
        pen.setDashPattern([3.0, 2.4])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(border)


@lru_cache(maxsize=1024)
def _shapes(width: float, height: float, pen: float) -> tuple[QPainterPath, QPainterPath]:
    """The body right of the bar, and the open line around it."""
    return _right_rounded(width, height, 0.0, closed=True), _right_rounded(width, height, pen / 2, closed=False)


def _right_rounded(width: float, height: float, inset: float, *, closed: bool) -> QPainterPath:
    radius = min(RADIUS, height / 2) - inset
    right, bottom = width - inset, height - inset
    path = QPainterPath(QPointF(BAR, inset))
    path.lineTo(right - radius, inset)
    path.arcTo(right - 2 * radius, inset, 2 * radius, 2 * radius, 90, -90)
    path.lineTo(right, bottom - radius)
    path.arcTo(right - 2 * radius, bottom - 2 * radius, 2 * radius, 2 * radius, 0, -90)
    path.lineTo(BAR, bottom)
    if closed:
        path.closeSubpath()
    return path
