"""How the palette's rows are drawn."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from clinicdesk.desk import icons
from clinicdesk.desk.palette.rows import Index, Look, Row
from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.chip import chip_colours
from clinicdesk.desk.widgets.key_cap import key_cap_height, key_cap_width, paint_key_cap
from clinicdesk.desk.widgets.patient_row import fitting, paint_patient

_SIDE = 12
_DISC = 32


class RowsDelegate(QStyledItemDelegate):
    """The row in colour is the one Enter takes."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: Row | None = index.data(Qt.ItemDataRole.UserRole)
        return QSize(0, row_height(row, option.rect.width() or 680) if row else 0)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row | None = index.data(Qt.ItemDataRole.UserRole)
        if row is None:
            return
        theme = current()
        area = QRectF(option.rect).adjusted(8, 0, -8, 0)
        taken = bool(option.state & QStyle.StateFlag.State_Selected) and row.run is not None
        painter.save()
        if taken:
            drawing.box(painter, area.adjusted(0, 1, 0, -1), 8, theme.color("selected"))
            bar = QRectF(area.left(), area.center().y() - 12, 3, 24)
            drawing.box(painter, bar, 1.5, theme.color("accent"))
        _PAINTERS[row.look](painter, theme, area.adjusted(_SIDE, 0, -_SIDE, 0), row, taken)
        painter.restore()


def row_height(row: Row, width: int) -> int:
    """How high a row is in a list so wide."""
    theme = current()
    words, second = theme.line_height("control"), theme.line_height("second")
    if row.look is Look.HEADING:
        return max(32, theme.line_height("head") + 14)
    if row.look in (Look.PATIENT, Look.BOOK):
        return max(52, words + second + 14)
    if row.look is Look.FACT:
        lines = 2 if drawing.width_of(row.words, theme.font("second")) > width - 96 else 1
        return lines * second + 22
    return max(40, words + 16)


def _heading(painter: QPainter, theme: Theme, area: QRectF, row: Row, _taken: bool) -> None:
    line = area.adjusted(0, 6, 0, 0)
    drawing.text(painter, line, row.words, theme.font("head"), theme.color("faint"))
    if row.detail:
        right = Qt.AlignmentFlag.AlignRight
        drawing.text(painter, line, row.detail, theme.font("second"), theme.color("faint"), right)


def _patient(painter: QPainter, theme: Theme, area: QRectF, row: Row, taken: bool) -> None:
    room = _cap(painter, theme, area, row.key if taken else "", reserve=row.key)
    if row.person is not None:
        paint_patient(painter, theme, area.adjusted(0, 0, -room, 0), row.person)


def _plain(painter: QPainter, theme: Theme, area: QRectF, row: Row, taken: bool) -> None:
    shown = row.key if taken or row.key != "Enter" else ""
    right = area.right() - _cap(painter, theme, area, shown, reserve=row.key)
    left = area.left() + _lead(painter, theme, area, row)
    ink = theme.color("text" if row.tone == "muted" else f"{row.tone}Text")
    font = theme.font("control")
    words = fitting([row.words], font, right - left)
    drawing.text(painter, QRectF(left, area.top(), right - left, area.height()), words, font, ink)
    after = left + drawing.width_of(words, font) + 12
    _quiet(painter, theme, QRectF(after, area.top(), right - after, area.height()), row.detail)


def _book(painter: QPainter, theme: Theme, area: QRectF, row: Row, taken: bool) -> None:
    right = area.right() - _cap(painter, theme, area, row.key if taken else "", reserve=row.key)
    ground, ink = chip_colours(row.tone)
    disc = QRectF(area.left(), area.center().y() - _DISC / 2, _DISC, _DISC)
    drawing.box(painter, disc, _DISC / 2, ground)
    icons.paint(painter, row.icon, ink, disc.adjusted(8, 8, -8, -8))
    left = disc.right() + 12
    upper, lower = theme.line_height("strong"), theme.line_height("second")
    top = area.center().y() - (upper + lower) / 2
    first, second = QRectF(left, top, right - left, upper), QRectF(left, top + upper, right - left, lower)
    drawing.text(painter, first, row.words, theme.font("strong", numbers=True), theme.color("text"))
    parts = row.detail.split(" · ")
    forms = [" · ".join(parts[:count]) for count in range(len(parts), 0, -1)]
    shown = fitting(forms, theme.font("second"), right - left)
    drawing.text(painter, second, shown, theme.font("second", numbers=True), theme.color("muted"))


def _time(painter: QPainter, theme: Theme, area: QRectF, row: Row, taken: bool) -> None:
    right = area.right() - _cap(painter, theme, area, row.key if taken else "", reserve=row.key)
    left = area.left() + 4
    if row.number:
        cap = QRectF(left, area.center().y() - 10, 20, 20)
        paint_key_cap(painter, cap, str(row.number), theme.color("muted"), theme.color("sunken"), theme.color("line"))
    left += 32
    font = theme.font("control", numbers=True)
    drawing.text(painter, QRectF(left, area.top(), right - left, area.height()), row.words, font, theme.color("text"))
    after = left + drawing.width_of(row.words, font) + 12
    _quiet(painter, theme, QRectF(after, area.top(), right - after, area.height()), row.detail)


def _fact(painter: QPainter, theme: Theme, area: QRectF, row: Row, _taken: bool) -> None:
    ground, ink = chip_colours(row.tone)
    box = area.adjusted(-4, 3, 4, -3)
    drawing.box(painter, box, 8, ground)
    icons.paint(painter, row.icon, ink, QRectF(box.left() + 12, box.top(), 16, box.height()))
    painter.setFont(theme.font("second", numbers=True))
    painter.setPen(ink)
    words = box.adjusted(40, 0, -12, 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, row.words)


def _lead(painter: QPainter, theme: Theme, area: QRectF, row: Row) -> float:
    if not row.icon:
        return 0.0
    ink = "accentText" if row.tone == "accent" else "muted"
    icons.paint(painter, row.icon, ink, QRectF(area.left() + 4, area.top(), 18, area.height()))
    return 36.0


def _quiet(painter: QPainter, theme: Theme, area: QRectF, words: str) -> None:
    """The second thing said, at the right; left out when there is no room for all of it."""
    font = theme.font("second", numbers=any(map(str.isdigit, words)))
    parts = words.split(" · ")
    for count in range(len(parts), 0, -1):
        shown = " · ".join(parts[:count])
        if drawing.width_of(shown, font) <= area.width():
            drawing.text(painter, area, shown, font, theme.color("muted"), Qt.AlignmentFlag.AlignRight)
            return


def _cap(painter: QPainter, theme: Theme, area: QRectF, key: str, reserve: str) -> float:
    """The key at the right, and the room it takes whether shown or not, so that nothing moves."""
    if not reserve:
        return 0.0
    wide = key_cap_width(reserve)
    if key:
        place = QRectF(area.right() - wide, area.center().y() - key_cap_height() / 2, wide, key_cap_height())
        paint_key_cap(painter, place, key, theme.color("muted"), theme.color("surface"), theme.color("line"))
    return wide + 12.0


_PAINTERS = {
    Look.HEADING: _heading,
    Look.PATIENT: _patient,
    Look.PLAIN: _plain,
    Look.BOOK: _book,
    Look.TIME: _time,
    Look.FACT: _fact,
}
