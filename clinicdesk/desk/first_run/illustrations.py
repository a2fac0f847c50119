"""The three pictures of the first question, painted: one computer, a server with its desks, a clinic to play with."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing

HEIGHT, LEAST = 146.0, 72  # beneath that the drawings are too small to be made out
_DRAWN = 124.0  # how high they stand on their ground, with the air above and below
_CARDS = ((9, 12, 22, 20, 200), (9, 38, 22, 11, 200), (35, 24, 22, 19, 155), (35, 43, 22, 12, 155))
_MORE_CARDS = ((61, 12, 22, 20, 310), (61, 38, 22, 11, 310))


def paint_this_computer(painter: QPainter) -> None:
    """A screen with an agenda on it, and the database beside."""
    ink = current().color("accent")
    _screen(painter, QPointF(-46, -40), ink)
    _badge(painter, QPointF(77, 34), "database", ink)


def paint_clinic_server(painter: QPainter) -> None:
    """A server above, three desks below, and the lines between them."""
    theme = current()
    ink = theme.color("accent")
    top = -54.0
    tower = QRectF(-18, top, 36, 50)
    drawing.box(painter, tower, 5, theme.color("surface"), ink, 2)
    for row in range(3):
        slot = QRectF(tower.left() + 7, tower.top() + 9 + row * 12, 22, 6)
        drawing.box(painter, slot, 3, theme.color("accentSoft"), ink, 1.2)
    painter.setPen(QPen(ink, 2))
    level = top + 64
    painter.drawLine(QPointF(0, tower.bottom()), QPointF(0, level))
    painter.drawLine(QPointF(-84, level), QPointF(84, level))
    for shift in (-84, 0, 84):
        painter.setPen(QPen(ink, 2))
        painter.drawLine(QPointF(shift, level), QPointF(shift, level + 12))
        desk = QRectF(shift - 24, level + 12, 48, 32)
        drawing.box(painter, desk, 4, theme.color("surface"), ink, 2)
        foot = QRectF(shift - 12, desk.bottom() + 4, 24, 3)
        drawing.box(painter, foot, 1.5, ink)


def paint_demo(painter: QPainter) -> None:
    """The same screen with a flask: nothing on it is real."""
    ink = current().color("info")
    _screen(painter, QPointF(-46, -40), ink)
    _badge(painter, QPointF(46, -35), "flask-conical", ink, 19)


PICTURES: dict[str, tuple[Callable[[QPainter], None], str]] = {
    "here": (paint_this_computer, "accentSoft"),
    "server": (paint_clinic_server, "accentSoft"),
    "demo": (paint_demo, "infoSoft"),
}


def paint_picture(painter: QPainter, key: str, area: QRectF) -> None:
    """The picture of a card on its ground, drawn smaller where it is lower than it should be."""
    draw, ground = PICTURES[key]
    drawing.box(painter, area, 6, current().color(ground))
    scale = min(1.0, area.height() / _DRAWN)
    painter.save()
    painter.translate(area.center())
    painter.scale(scale, scale)
    draw(painter)
    painter.restore()


def _screen(painter: QPainter, corner: QPointF, ink: QColor) -> None:
    theme = current()
    frame = QRectF(corner.x(), corner.y(), 92, 62)
    drawing.box(painter, frame, 5, theme.color("surface"), ink, 2)
    for left, top, width, height, hue in (*_CARDS, *_MORE_CARDS):
        colours = theme.hue(hue)
        card = QRectF(frame.left() + left, frame.top() + top, width, height)
        drawing.box(painter, card, 3, colours.fill, colours.edge, 1.2)
    drawing.box(painter, QRectF(frame.center().x() - 10, frame.bottom(), 20, 11), 0, ink)
    drawing.box(painter, QRectF(frame.center().x() - 24, frame.bottom() + 11, 48, 4), 2, ink)


def _badge(painter: QPainter, centre: QPointF, icon: str, ink: QColor, radius: float = 16) -> None:
    disc = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
    drawing.box(painter, disc, radius, current().color("surface"), ink, 2)
    icons.paint(painter, icon, ink, disc.adjusted(radius / 2, radius / 2, -radius / 2, -radius / 2))
