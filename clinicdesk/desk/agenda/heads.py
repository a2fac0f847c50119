"""The heads above the columns: who, what for, how many; in a week which day, and how full it is."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from clinicdesk.desk import icons, theme
from clinicdesk.desk.agenda.columns import ColumnSpec
from clinicdesk.desk.agenda.layout import GUTTER, HEAD
from clinicdesk.desk.widgets.avatar import paint_avatar
from clinicdesk.domain.patients import initials, shorter_names

_AVATAR = 32
_PAD = 12.0
_GAP = 10.0
_FULL_NAME_FROM = 180.0
_BAR = 4.0


def head_height() -> int:
    """The height of the heads: 56, more where text is larger."""
    now = theme.current()
    return max(HEAD, now.line_height("strong") + now.line_height("second") + 18)


def gutter_width() -> int:
    """The width of the gutter: 56, more where its hours need it."""
    font = theme.current().font("detail_strong", numbers=True)
    return max(GUTTER, round(QFontMetricsF(font).horizontalAdvance("00:00")) + 22)


def short_title(name: str) -> str:
    """A professional's name for a narrow column: title and first name, “Dra. Helena”."""
    words = name.split()
    return " ".join(words[:2]) if words and words[0].endswith(".") else name


def head_text(spec: ColumnSpec) -> str:
    """The whole text of a head: for its tooltip and for who hears it."""
    if spec.occupancy is None:
        return ", ".join(part for part in (spec.title, _second_line(spec)) if part)
    return f"{spec.title} {spec.day.day}, {_second_line(spec)}"


def paint_head(painter: QPainter, spec: ColumnSpec, box: QRectF, *, today: bool) -> None:
    """Draw one head into `box`, its column's width wide."""
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    if spec.occupancy is None:
        _paint_person(painter, spec, box)
    else:
        _paint_day(painter, spec, box, today=today)
    painter.restore()


def _second_line(spec: ColumnSpec) -> str:
    if spec.occupancy is not None:
        return f"{round(spec.occupancy * 100)}% · {spec.count}"
    return " · ".join(part for part in (spec.detail, str(spec.count)) if part)


def _paint_person(painter: QPainter, spec: ColumnSpec, box: QRectF) -> None:
    now = theme.current()
    x = box.x() + _PAD
    room = box.right() - x - 6
    first, second_line = now.line_height("strong"), now.line_height("second")
    top = box.y() + (box.height() - first - second_line) / 2
    title = _fitting((spec.title,) if box.width() > _FULL_NAME_FROM else (), spec, room - _AVATAR - _GAP)
    if title:
        _paint_avatar(painter, spec, QRectF(x, box.y() + (box.height() - _AVATAR) / 2, _AVATAR, _AVATAR))
        x += _AVATAR + _GAP
    else:
        title = _fitting((), spec, room)
    _text(painter, "strong", title, x, top, "text")
    metrics = QFontMetricsF(now.font("second", numbers=True))
    left = box.right() - x - 6
    second = next(
        (
            text
            for text in (_second_line(spec), spec.detail, str(spec.count))
            if text and metrics.horizontalAdvance(text) <= left
        ),
        "",
    )
    _text(painter, "second", second, x, top + first, "muted")


def _fitting(first: tuple[str, ...], spec: ColumnSpec, room: float) -> str:
    metrics = QFontMetricsF(theme.current().font("strong"))
    forms = (*first, short_title(spec.title), *shorter_names(spec.title)[1:], initials(spec.title))
    return next((text for text in forms if metrics.horizontalAdvance(text) <= room), "")


def _paint_avatar(painter: QPainter, spec: ColumnSpec, box: QRectF) -> None:
    if not spec.icon:
        paint_avatar(painter, box, spec.title, spec.hue)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.current().color("sunken"))
    painter.drawEllipse(box)
    icons.paint(painter, spec.icon, "muted", box.adjusted(8, 8, -8, -8))


def _paint_day(painter: QPainter, spec: ColumnSpec, box: QRectF, *, today: bool) -> None:
    now = theme.current()
    disc = QRectF(box.x() + _PAD, box.y() + (box.height() - _AVATAR) / 2, _AVATAR, _AVATAR)
    if today:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.color("accent"))
        painter.drawEllipse(disc)
    painter.setFont(now.font("section", numbers=True))
    painter.setPen(now.color("onAccent" if today else "text"))
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(spec.day.day))
    x = disc.right() + _GAP
    _text(painter, "strong" if today else "control", spec.title, x, box.y() + 4, "accentText" if today else "text")
    second = box.y() + 3 + now.line_height("strong")
    _text(painter, "detail", _second_line(spec), x, second, "muted")
    width = box.right() - 16 - x
    if width > 16:
        _paint_bar(painter, QRectF(x, second + now.line_height("detail") + 3, width, _BAR), spec.occupancy or 0.0)


def _paint_bar(painter: QPainter, box: QRectF, share: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.current().color("lineSoft"))
    painter.drawRoundedRect(box, _BAR / 2, _BAR / 2)
    filled = QRectF(box)
    filled.setWidth(box.width() * min(max(share, 0.0), 1.0))
    if filled.width() >= _BAR:
        painter.setBrush(theme.current().color("accent"))
        painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)


def _text(painter: QPainter, role: str, text: str, x: float, top: float, token: str) -> None:
    if not text:
        return
    font = theme.current().font(role, numbers=role != "strong")
    metrics = QFontMetricsF(font)
    line = theme.current().line_height(role)
    painter.setFont(font)
    painter.setPen(theme.current().color(token))
    painter.drawText(QPointF(x, top + (line - metrics.height()) / 2 + metrics.ascent()), text)
