"""Closed time: hatched ground, and one pill that says with icon and word why nobody is booked there."""

import datetime as dt

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from clinicdesk.desk import icons, theme
from clinicdesk.desk.agenda.card_text import service_forms
from clinicdesk.desk.agenda.paint import hatching, paint_pill
from clinicdesk.domain.hours import Closure, ClosureKind
from clinicdesk.words import _

PILL = 24.0
_ICON = 14
_PAD = 10.0
_GAP = 6.0
_ICONS = {
    ClosureKind.CLOSED: "moon",
    ClosureKind.BREAK: "coffee",
    ClosureKind.HOLIDAY: "calendar-off",
    ClosureKind.TIME_OFF: "plane",
    ClosureKind.BLOCK: "lock",
}


def closure_label(closure: Closure, day: dt.date, zone: dt.tzinfo, *, person: bool) -> tuple[str, str]:
    """Icon and words of a closed stretch; `person` when the column is a professional's and not a room's."""
    start = closure.slot.starts_at.astimezone(zone)
    end = closure.slot.ends_at.astimezone(zone)
    if closure.kind is ClosureKind.CLOSED and not closure.label and end.date() == day:
        time = f"{end:%H:%M}"
        words = _("Arrives at {time}") if person else _("Opens at {time}")
        return "clock", words.format(time=time)
    if closure.kind is ClosureKind.BREAK:
        lunch = start.hour < 13 and end.hour >= 12
        return ("utensils" if lunch else "coffee"), closure.label or (_("Lunch") if lunch else _("Break"))
    return _ICONS[closure.kind], closure.label or _default_word(closure.kind)


def _default_word(kind: ClosureKind) -> str:
    match kind:
        case ClosureKind.HOLIDAY:
            return _("Holiday")
        case ClosureKind.TIME_OFF:
            return _("Time off")
        case ClosureKind.BLOCK:
            return _("Blocked")
        case _:
            return _("Closed")


def paint_hatched(painter: QPainter, box: QRectF, ratio: float) -> None:
    """Fill closed time; the lines run on from one column into the next."""
    now = theme.current()
    painter.fillRect(box, hatching(now.color("blocked").rgba(), now.color("hatch").rgba(), ratio))


def paint_label(painter: QPainter, box: QRectF, icon: str, words: str) -> None:
    """One pill in the middle of the box; words that do not fit go, the icon stays."""
    if box.height() < PILL + 2:
        return
    now = theme.current()
    font = now.font("label", numbers=True)
    metrics = QFontMetricsF(font)
    room = box.width() - 2 * _PAD - _ICON - _GAP - 4
    # Without its hour “arrives at” says nothing: what ends in one is said whole or by the icon alone.
    forms = [words, words.split()[-1]] if words[-1:].isdigit() else service_forms(words)
    text = next((form for form in forms if metrics.horizontalAdvance(form) <= room), "")
    width = 2 * _PAD + _ICON + (_GAP + metrics.horizontalAdvance(text) if text else 0)
    center = box.center()
    pill = QRectF(round(center.x() - width / 2), round(center.y() - PILL / 2), width, PILL)
    paint_pill(painter, pill, now.color("surface"), now.color("line"))
    icons.paint(painter, icon, "muted", QRectF(pill.x() + _PAD, pill.y() + (PILL - _ICON) / 2, _ICON, _ICON))
    painter.setFont(font)
    painter.setPen(now.color("muted"))
    baseline = pill.center().y() - metrics.height() / 2 + metrics.ascent()
    painter.drawText(QPointF(pill.x() + _PAD + _ICON + _GAP, baseline), text)
