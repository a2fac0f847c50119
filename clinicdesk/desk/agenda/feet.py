"""The feet below the columns: how much of the open time is booked, free, and too short for anything."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from clinicdesk.desk import theme
from clinicdesk.desk.agenda.columns import ColumnSpec
from clinicdesk.desk.dates import minutes_text
from clinicdesk.domain.day_use import DayUse
from clinicdesk.words import _, ngettext

_PAD = 12.0
_BAR = 3.0
_AIR = 12


def foot_height() -> int:
    """The height of the feet."""
    return theme.current().line_height("detail") + _AIR


def foot_text(use: DayUse) -> str:
    """The whole text of a foot: for its tool tip and for who hears it."""
    if not use.open and not use.outside:
        return _("Closed")
    words = _("{booked} booked, {free} free, {idle} in gaps too short for any service").format(
        booked=minutes_text(use.booked), free=minutes_text(use.free), idle=minutes_text(use.idle)
    )
    if use.outside:
        words += ", " + _("{minutes} outside the hours").format(minutes=minutes_text(use.outside))
    return words


def paint_foot(painter: QPainter, spec: ColumnSpec, box: QRectF) -> None:
    """Draw one foot into `box`, its column's width wide."""
    if spec.use is None:
        return
    now = theme.current()
    use, track = spec.use, QRectF(box.x() + 4, box.y(), box.width() - 10, _BAR)
    x = track.x()
    for minutes, token in ((use.booked, "accent"), (use.free, "accentSoft"), (use.idle, "warn")):
        width = track.width() * minutes / use.open if use.open else 0.0
        painter.fillRect(QRectF(x, track.y(), width, _BAR), now.color(token))
        x += width
    font = now.font("detail", numbers=True)
    metrics = QFontMetricsF(font)
    room = box.width() - 2 * _PAD
    text = next((one for one in _forms(use) if metrics.horizontalAdvance(one) <= room), "")
    painter.setFont(font)
    painter.setPen(now.color("muted"))
    top = box.y() + _BAR + (box.height() - _BAR - metrics.height()) / 2
    painter.drawText(QPointF(box.x() + _PAD, top + metrics.ascent()), text)


def _forms(use: DayUse) -> tuple[str, ...]:
    """The words of a foot, longest first; the idle time goes before the free time does."""
    if not use.open:
        return (_("Closed"), "–") if not use.outside else (minutes_text(use.outside),)
    booked, idle = minutes_text(use.booked), _("{time} idle").format(time=minutes_text(use.idle))
    told = _("{time} booked").format(time=booked) if use.booked else _("nothing booked")
    if not use.free:
        full = _("nothing free")
        return f"{told} · {full}", _("{booked} · full").format(booked=booked), booked
    free = _free(use.free)
    without = (f"{told} · {free}", f"{booked} · {free}" if use.booked else free, free if not use.booked else booked)
    return without if not use.idle else (f"{told} · {free} · {idle}", f"{booked} · {free} · {idle}", *without)


def _free(minutes: int) -> str:
    """“3 h free”; the word follows the hours where there are any, else the minutes."""
    counted = minutes // 60 or minutes
    return ngettext("{length} free", "{length} free", counted).format(length=minutes_text(minutes))
