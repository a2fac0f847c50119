"""Strokes that several parts of the agenda share: pills, hatching, mixed colours."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap


def blended(color: QColor, ground: QColor, share: float) -> QColor:
    """An opaque colour: so much of `color` over `ground`."""
    mixed = [
        round(one * share + other * (1 - share))
        for one, other in zip(color.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*mixed)


@lru_cache(maxsize=1024)
def rounded(width: float, height: float, radius: float) -> QPainterPath:
    """A rounded rectangle at the origin."""
    path = QPainterPath()
    corner = min(radius, height / 2)
    path.addRoundedRect(0, 0, width, height, corner, corner)
    return path


@lru_cache(maxsize=16)
def hatching(ground: int, line: int, ratio: float) -> QBrush:
    """Lines of 45° every 8 pixels over a ground; colours as 0xAARRGGBB, so that the brush can be remembered."""
    side = 8
    tile = QPixmap(round(side * ratio), round(side * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(QColor.fromRgba(ground))
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor.fromRgba(line), 1.0))
    for shift in (-side, 0, side):
        painter.drawLine(QPointF(shift - 1, side + 1), QPointF(shift + side + 1, -1))
    painter.end()
    return QBrush(tile)


def paint_pill(painter: QPainter, box: QRectF, ground: QColor, border: QColor | None = None) -> None:
    """A fully rounded box, with a hair line when a border is given."""
    painter.setPen(QPen(border, 1.0) if border is not None else Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    drawn = box.adjusted(0.5, 0.5, -0.5, -0.5) if border is not None else box
    painter.drawRoundedRect(drawn, drawn.height() / 2, drawn.height() / 2)
