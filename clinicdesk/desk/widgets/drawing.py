"""Strokes every painted part shares: crisp boxes, shadows from a cache, one line of text."""

from statistics import NormalDist

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPixmap, QPixmapCache

from clinicdesk.desk.theme import current

# level -> drop, blur, opacity: 1 segment thumb, 2 toast and dialog, 3 popover
_SHADOWS = {1: (1, 4, 0.06), 2: (4, 14, 0.10), 3: (12, 36, 0.14)}
_DARK_FACTOR = 3.0  # on a dark ground a shadow needs to be much blacker to be seen at all
_LAYERS = 24


def shadow_margin(level: int) -> int:
    """How far a shadow reaches beyond its box, in logical pixels."""
    drop, blur, _ = _SHADOWS[level]
    return drop + blur


def box(
    painter: QPainter,
    area: QRectF | QRect,
    radius: float,
    fill: QColor | None = None,
    line: QColor | None = None,
    width: float = 1.0,
    dashed: bool = False,
) -> None:
    """A rounded box whose border lies inside `area`, so that lines of one pixel stay crisp."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = QRectF(area)
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        pen = QPen(line, width)
        if dashed:
            pen.setDashPattern([4 / width, 3 / width])
        painter.setPen(pen)
        inner.adjust(width / 2, width / 2, -width / 2, -width / 2)
        radius = max(0.0, radius - width / 2)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(inner, radius, radius)
    painter.restore()


def shadow(painter: QPainter, area: QRectF | QRect, radius: float, level: int) -> None:
    """The soft shadow under `area`; drawn once per size and theme, then taken from the cache."""
    margin = shadow_margin(level)
    body = QRectF(area)
    device = painter.device()
    ratio = device.devicePixelRatio() if device is not None else 1.0
    size = QSize(round(body.width()) + 2 * margin, round(body.height()) + 2 * margin)
    colour = current().color("shadow")
    key = f"shadow/{size.width()}x{size.height()}/{radius}/{level}/{colour.rgb():x}/{ratio}"
    picture = QPixmap()
    if not QPixmapCache.find(key, picture):
        picture = _shadow_picture(size, margin, radius, level, colour, ratio)
        QPixmapCache.insert(key, picture)
    painter.drawPixmap(body.topLeft() - QPointF(margin, margin), picture)


def _shadow_picture(size: QSize, margin: int, radius: float, level: int, colour: QColor, ratio: float) -> QPixmap:
    """A Gaussian blur built of equal layers whose edges lie at its quantiles; 16 bits a channel, against banding."""
    drop, blur, opacity = _SHADOWS[level]
    picture = QImage(size * ratio, QImage.Format.Format_RGBA64_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    strength = min(0.6, opacity * (_DARK_FACTOR if current().dark else 1.0))
    colour.setAlphaF(1 - (1 - strength) ** (1 / _LAYERS))
    painter.setBrush(colour)
    body = QRectF(margin, margin + drop, size.width() - 2 * margin, size.height() - 2 * margin)
    blurred = NormalDist(0, blur / 2)
    for layer in range(_LAYERS):
        spread = blurred.inv_cdf((layer + 0.5) / _LAYERS)
        corner = max(0.0, radius + spread)
        painter.drawRoundedRect(body.adjusted(-spread, -spread, spread, spread), corner, corner)
    painter.end()
    return QPixmap.fromImage(picture)


def text(
    painter: QPainter,
    area: QRectF | QRect,
    words: str,
    font: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """One line of text, centred on its height in `area`."""
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(QRectF(area), align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)


def wrapped(
    painter: QPainter,
    area: QRectF,
    words: str,
    font: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Text on as many lines as it needs, centred on its height in `area`."""
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(area, align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, words)


def wrapped_height(words: str, font: QFont, width: float) -> float:
    """How high `wrapped` text is at this width."""
    room = QRectF(0, 0, max(40.0, width), 10_000)
    return QFontMetricsF(font).boundingRect(room, Qt.TextFlag.TextWordWrap, words).height()


def width_of(words: str, font: QFont) -> float:
    """How wide one line of text is."""
    return QFontMetricsF(font).horizontalAdvance(words)
