"""One patient as a row of a list: disc, name with the letters that matched, phone and age, next or last visit."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from clinicdesk.desk import icons
from clinicdesk.desk.theme import Theme
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.avatar import paint_avatar
from clinicdesk.desk.widgets.chip import chip_width, paint_chip
from clinicdesk.desk.widgets.patient_words import Line, matched, matched_digits, patient_hue
from clinicdesk.desk.widgets.rows import paint_matched
from clinicdesk.domain.patients import shorter_names
from clinicdesk.words import _

_DISC = 36
_CHIP = 20
_ALERT = 20
_GAP = 12


def paint_patient(painter: QPainter, theme: Theme, area: QRectF, line: Line) -> None:
    """Draw the line in `area`; the name gives way by rule before anything is cut."""
    one_line = not (line.second or line.when)
    upper, lower = theme.line_height("control"), theme.line_height("second")
    top = area.center().y() - (upper if one_line else upper + lower) / 2
    disc = QRectF(area.left(), area.center().y() - _DISC / 2, _DISC, _DISC)
    paint_avatar(painter, disc, line.match.name, patient_hue(line.match.id))
    left = disc.right() + _GAP
    first = QRectF(left, top, area.right() - left, upper)
    _paint_name(painter, theme, first, line)
    _paint_second(painter, theme, QRectF(left, top + upper, area.right() - left, lower), line)


def _paint_name(painter: QPainter, theme: Theme, area: QRectF, line: Line) -> None:
    chips = _chips(line)
    reserved = sum(chip_width(words, icon) + 8 for words, _tone, icon in chips) + (_ALERT + 8) * bool(line.match.alert)
    plain = (theme.font("control"), theme.color("text"))
    strong = (theme.font("strong"), theme.color("accentText"))
    name = fitting(shorter_names(line.match.name), strong[0], area.width() - reserved)
    width = paint_matched(painter, area, name, matched(line.words, name), plain, strong)
    left = area.left() + width + 8
    for words, tone, icon in chips:
        wide = chip_width(words, icon)
        paint_chip(painter, QRectF(left, area.center().y() - _CHIP / 2, wide, _CHIP), words, tone, icon)
        left += wide + 8
    if line.match.alert:
        disc = QRectF(left, area.center().y() - _ALERT / 2, _ALERT, _ALERT)
        drawing.box(painter, disc, _ALERT / 2, theme.color("dangerSoft"))
        icons.paint(painter, "shield-alert", "dangerText", disc.adjusted(3, 3, -3, -3))


def _paint_second(painter: QPainter, theme: Theme, area: QRectF, line: Line) -> None:
    font = theme.font("second", numbers=True)
    when = theme.font("chip", numbers=True)
    beside = drawing.width_of(line.when, when) + 8
    if line.identity and drawing.width_of(line.second, font) + beside > area.width():
        beside = 0.0
    else:
        drawing.text(painter, area, line.when, when, theme.color(line.tone), Qt.AlignmentFlag.AlignRight)
    room = area.width() - beside
    parts = line.second.split(" · ")
    shown = fitting([" · ".join(parts[:count]) for count in range(len(parts), 0, -1)], font, room)
    strong = QFont(font)
    strong.setWeight(QFont.Weight.DemiBold)
    inks: tuple[QColor, QColor] = theme.color("muted"), theme.color("accentText")
    paint_matched(painter, area, shown, matched_digits(line.words, shown), (font, inks[0]), (strong, inks[1]))


def _chips(line: Line) -> list[tuple[str, str, str]]:
    chips = []
    if line.match.vip:
        chips.append((_("VIP"), "warn", "crown"))
    if line.minor:
        chips.append((_("Minor"), "info", ""))
    return chips


def fitting(forms: Sequence[str], font: QFont, width: float) -> str:
    """The first, longest form that fits; of a single endless word what fits of it."""
    for form in forms:
        if drawing.width_of(form, font) <= width:
            return form
    return QFontMetricsF(font).elidedText(forms[-1], Qt.TextElideMode.ElideRight, max(0.0, width)) if forms else ""
