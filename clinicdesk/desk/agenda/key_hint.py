"""The keys that move a card held by the keyboard, said on the grid for as long as it is held."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from clinicdesk.desk import icons, theme
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.key_cap import key_cap_height, key_cap_width, paint_key_cap
from clinicdesk.words import _

_PAD = 12.0
_GAP = 6.0
_BETWEEN = 16.0
_RADIUS = 8.0
_MARGIN = 12.0
_TURN_WIDTH = 28.0


def hints() -> tuple[tuple[str, str], ...]:
    """Keys and what they do."""
    return (
        ("← → ↑ ↓", _("move the card")),
        ("PgDn", _("another day")),
        ("Enter", _("put it down")),
        ("Esc", _("leave it where it was")),
    )


def hint_box(inside: QRectF, card: QRectF) -> QRectF:
    """Where the hint stands: at the top of the grid, or at its foot while the card is up there."""
    width = sum(_width(key, words) for key, words in hints()) + (len(hints()) - 1) * _BETWEEN + 2 * _PAD
    height = key_cap_height() + 2 * 8
    box = QRectF(round(inside.center().x() - width / 2), inside.top() + _MARGIN, round(width), height)
    if box.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN).intersects(card):
        box.moveBottom(inside.bottom() - _MARGIN)
    return box


def paint_hint(painter: QPainter, box: QRectF) -> None:
    """Draw it over everything else, in the toast's colours."""
    now = theme.current()
    drawing.shadow(painter, box, _RADIUS, 2)
    drawing.box(painter, box, _RADIUS, now.color("toast"))
    x = box.x() + _PAD
    for key, words in hints():
        cap = QRectF(x, box.center().y() - key_cap_height() / 2, key_cap_width(key), key_cap_height())
        paint_key_cap(painter, cap, key, now.color("toastAccent"), now.color("toast"), now.color("toastAccent"))
        said = QRectF(cap.right() + _GAP, box.y(), box.right() - cap.right(), box.height())
        drawing.text(painter, said, words, now.font("label"), now.color("onToast"))
        x += _width(key, words) + _BETWEEN


def paint_turning(painter: QPainter, grid: QRectF, steps: int) -> None:
    """Say at the edge that waiting there turns the day."""
    now = theme.current()
    side = QRectF(grid.right() - _TURN_WIDTH, grid.top(), _TURN_WIDTH, grid.height())
    if steps < 0:
        side.moveLeft(grid.left())
    colour = QColor(now.color("accent"))
    colour.setAlphaF(0.16)
    painter.fillRect(side, colour)
    icon = QRectF(side.center().x() - 10, side.center().y() - 10, 20, 20)
    icons.paint(painter, "chevron-right" if steps > 0 else "chevron-left", "accentText", icon)


def _width(key: str, words: str) -> float:
    return key_cap_width(key) + _GAP + drawing.width_of(words, theme.current().font("label"))
