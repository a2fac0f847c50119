"""The callout beside a card that cannot be dropped: why, who holds the time, and the next free one."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from clinicdesk.desk import icons, theme
from clinicdesk.desk.widgets import drawing
from clinicdesk.errors import ClinicError, SlotClosed, SlotTaken
from clinicdesk.words import _

_WIDTH = 218.0
_PAD = 14.0
_GAP = 12.0
_RADIUS = 8.0
_WRAP = Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, slots=True)
class Callout:
    """The words of a refusal; `offer` is the next free time that Tab takes, or empty."""

    icon: str
    title: str
    sentence: str
    offer: str = ""


def callout_head(error: ClinicError) -> tuple[str, str]:
    """Icon and title for a refusal."""
    if isinstance(error, SlotTaken):
        return "calendar-x", _("Time taken")
    if isinstance(error, SlotClosed):
        return "calendar-off", _("Closed time")
    return "circle-alert", _("Not possible here")


def callout_box(callout: Callout, card: QRectF, inside: QRectF) -> QRectF:
    """Where the callout stands: beside the card, left when there is room, and never outside `inside`."""
    height = _height(callout)
    x = card.x() - _GAP - _WIDTH
    if x < inside.x() + 4:
        x = card.right() + _GAP
    if x + _WIDTH > inside.right() - 4:
        x = max(min(card.center().x() - _WIDTH / 2, inside.right() - _WIDTH - 4), inside.x() + 4)
        above = card.y() - _GAP - height
        y = above if above >= inside.y() + 4 else card.bottom() + _GAP
    else:
        y = card.bottom() + 6 - height
    y = min(max(y, inside.y() + 4), inside.bottom() - height - 4)
    return QRectF(round(x), round(y), _WIDTH, height)


def paint_callout(painter: QPainter, callout: Callout, box: QRectF) -> None:
    """Draw it over everything else."""
    now = theme.current()
    drawing.shadow(painter, box, _RADIUS, 2)
    painter.setPen(QPen(now.color("danger"), 1.5))
    painter.setBrush(now.color("surface"))
    painter.drawRoundedRect(box, _RADIUS, _RADIUS)
    inner = box.adjusted(_PAD, _PAD - 2, -_PAD, -_PAD + 2)
    icons.paint(painter, callout.icon, "dangerText", QRectF(inner.x(), inner.y() + 2, 16, 16))
    painter.setFont(now.font("strong"))
    painter.setPen(now.color("dangerText"))
    painter.drawText(inner.adjusted(24, 0, 0, 0), Qt.AlignmentFlag.AlignTop, callout.title)
    top = now.line_height("strong") + 4.0
    painter.setFont(now.font("second"))
    painter.setPen(now.color("text"))
    sentence = QRectF(inner.x(), inner.y() + top, inner.width(), _sentence_height(callout))
    painter.drawText(sentence, int(Qt.AlignmentFlag.AlignTop) | int(_WRAP), callout.sentence)
    if callout.offer:
        _paint_offer(painter, callout.offer, inner)


def _paint_offer(painter: QPainter, offer: str, inner: QRectF) -> None:
    now = theme.current()
    height = 24.0
    row = QRectF(inner.x(), inner.bottom() - height, inner.width(), height)
    painter.setFont(now.font("chip_strong", numbers=True))
    painter.setPen(now.color("accentText"))
    painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, offer)
    font = now.font("key")
    width = QFontMetricsF(font).horizontalAdvance("Tab") + 14
    key = QRectF(row.right() - width, row.y() + 1, width, height - 2)
    painter.setPen(QPen(now.color("line"), 1))
    painter.setBrush(now.color("sunken"))
    painter.drawRoundedRect(key.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(font)
    painter.setPen(now.color("muted"))
    painter.drawText(key, Qt.AlignmentFlag.AlignCenter, "Tab")


def _sentence_height(callout: Callout) -> float:
    metrics = QFontMetricsF(theme.current().font("second"))
    room = QRectF(0, 0, _WIDTH - 2 * _PAD, 1000)
    return metrics.boundingRect(room, int(_WRAP), callout.sentence).height() + 2


def _height(callout: Callout) -> float:
    height = 2 * (_PAD - 2) + theme.current().line_height("strong") + 4 + _sentence_height(callout)
    return height + (34 if callout.offer else 0)
