"""Lucide line icons in the colours of the theme, drawn anew for every size and screen."""

from functools import cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from clinicdesk.desk.theme import current
from clinicdesk.words import resources

STROKE = "1.9"
_CACHE_KILOBYTES = 24 * 1024


def icon(name: str, color_token: str = "text", size: int = 16) -> QIcon:
    """The icon `name` in a token's colour, following the theme; disabled ones are drawn as hints are.

    Raises FileNotFoundError for an icon that is not shipped.
    """
    _source(name)
    return QIcon(_LineIcon(name, color_token, size))


def pixmap(name: str, color: str | QColor, size: int = 16, ratio: float = 0.0) -> QPixmap:
    """The icon as a picture for painters: `color` is a token or a colour, `ratio` the screen's (0 asks the screen)."""
    shade = current().color(color) if isinstance(color, str) else color
    scale = ratio or QGuiApplication.primaryScreen().devicePixelRatio()
    key = f"icon/{name}/{shade.rgba():08x}/{size}/{scale:.3f}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    drawn = _drawn(name, shade, size, scale)
    QPixmapCache.setCacheLimit(_CACHE_KILOBYTES)
    QPixmapCache.insert(key, drawn)
    return drawn


def paint(painter: QPainter, name: str, color: str | QColor, box: QRectF | QRect) -> None:
    """Draw the icon in the middle of `box`, as large as its smaller side."""
    area = QRectF(box)
    size = int(min(area.width(), area.height()))
    device = painter.device()
    ratio = device.devicePixelRatio() if device is not None else 1.0
    corner = area.center() - QRectF(0, 0, size, size).center()
    painter.drawPixmap(QPoint(round(corner.x()), round(corner.y())), pixmap(name, color, size, ratio))


@cache
def _source(name: str) -> str:
    text = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return text.replace('stroke-width="2"', f'stroke-width="{STROKE}"')


def _drawn(name: str, shade: QColor, size: int, ratio: float) -> QPixmap:
    picture = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    picture.fill(Qt.GlobalColor.transparent)
    svg = _source(name).replace("currentColor", shade.name())
    painter = QPainter(picture)
    painter.setOpacity(shade.alphaF())
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


class _LineIcon(QIconEngine):
    def __init__(self, name: str, token: str, size: int) -> None:
        super().__init__()
        self._name = name
        self._token = token
        self._size = size

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        paint(painter, self._name, self._shade(mode), rect)

    def pixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State) -> QPixmap:
        return pixmap(self._name, self._shade(mode), min(size.width(), size.height()), 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float) -> QPixmap:
        side = min(size.width(), size.height())
        return pixmap(self._name, self._shade(mode), round(side / scale), scale)

    def actualSize(self, size: QSize, _mode: QIcon.Mode, _state: QIcon.State) -> QSize:
        side = min(size.width(), size.height()) or self._size
        return QSize(side, side)

    def clone(self) -> QIconEngine:
        return _LineIcon(self._name, self._token, self._size)

    def key(self) -> str:
        return "clinicdesk-line-icon"

    def _shade(self, mode: QIcon.Mode) -> QColor:
        return current().color("faint" if mode == QIcon.Mode.Disabled else self._token)
