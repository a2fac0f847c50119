"""How lines of a conversation are drawn: bubbles of both sides, days, what happened, and notes among colleagues.

A line is measured once for a width and kept, so that a long conversation scrolls without laying text out again.
"""

from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPixmap, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.messages.thread_model import DayRow, Row, ThreadModel
from clinicdesk.desk.messages.words import (
    body_of,
    day_words,
    event_words,
    media_title,
    media_where,
    robot_head,
    state_words,
)
from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.rows import Index
from clinicdesk.desk.wording_inbox import TICKS
from clinicdesk.domain.inbox import EventKind, Happened, Incoming, Outgoing
from clinicdesk.domain.media import Media
from clinicdesk.domain.messages import MessageState
from clinicdesk.formats import clock
from clinicdesk.words import _

_EDGE = 24
_PAD_X, _PAD_Y = 16, 9
_GAP = 4  # above and below a bubble
_WIDEST = 440
_TICK = 14
_CARD = 52
_PICTURE = 260, 200
_MOST_KEPT = 4000
_ALONE = (MessageState.FAILED, MessageState.UNKNOWN, MessageState.CANCELLED)
_EVENT_LOOKS = {
    EventKind.TAKEN: ("user-round", "muted"),
    EventKind.ASSIGNED: ("user-round", "muted"),
    EventKind.HANDED_BACK: ("bot", "muted"),
    EventKind.LINKED: ("link", "muted"),
    EventKind.CONFIRMED: ("circle-check", "okText"),
    EventKind.CANCELLED: ("ban", "dangerText"),
    EventKind.OPTED_OUT: ("ban", "dangerText"),
    EventKind.OPTED_IN: ("check", "okText"),
    EventKind.OFFER_ACCEPTED: ("calendar-check", "okText"),
    EventKind.OFFER_REFUSED: ("calendar-x", "muted"),
}
MEDIA_ICONS = {"image": "image", "audio": "play", "video": "video", "document": "file-text", "sticker": "smile"}


class Pictures(Protocol):
    """Where the pictures of a conversation are, as far as they were read."""

    def picture(self, file: Media) -> QPixmap | None:
        """The picture, None while it is not there."""


@dataclass
class Measured:
    """Where the parts of a bubble stand, from its own corner."""

    width: float
    height: float
    text: QTextLayout | None = None
    text_at: QPointF = field(default_factory=QPointF)
    head: QRectF = field(default_factory=QRectF)
    media: QRectF = field(default_factory=QRectF)
    time: QRectF = field(default_factory=QRectF)
    below: float = 0.0  # what stands under the bubble


class BubbleDelegate(QStyledItemDelegate):
    """`pictures` gives what was decoded of images."""

    def __init__(self, model: ThreadModel, pictures: Pictures | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._pictures = model, pictures
        self._width = 0
        self._kept: dict[object, Measured] = {}

    def set_width(self, width: int) -> None:
        """How wide the thread is; what was measured for another width is dropped."""
        if width != self._width:
            self._width = width
            self.forget()

    def forget(self) -> None:
        """Measure everything anew, as for another theme."""
        self._kept.clear()

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(Qt.ItemDataRole.UserRole)
        theme = current()
        if isinstance(row, DayRow):
            return QSize(self._width, theme.line_height("chip") + 30)
        if isinstance(row, Happened) and row.kind is not EventKind.NOTE:
            return QSize(self._width, theme.line_height("chip") + 18)
        if row is None:
            return QSize(self._width, 1)
        measured = self.measured(row)
        return QSize(self._width, round(measured.height + measured.below) + 2 * _GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        theme, area = current(), QRectF(option.rect)
        if isinstance(row, DayRow):
            self._paint_day(painter, theme, area, row)
        elif isinstance(row, Happened) and row.kind is not EventKind.NOTE:
            self._paint_event(painter, theme, area, row)
        elif isinstance(row, Incoming | Outgoing | Happened):
            self._paint_bubble(painter, theme, area, row, option.state)
        painter.restore()

    def bubble_of(self, row: Row, area: QRectF) -> QRectF:
        """Where the bubble of a row stands in `area`."""
        if isinstance(row, DayRow):
            return QRectF()
        measured = self.measured(row)
        top = area.top() + _GAP
        if isinstance(row, Outgoing):
            left = area.right() + 1 - _EDGE - measured.width
        elif isinstance(row, Happened):
            left = area.left() + (area.width() - measured.width) / 2
        else:
            left = area.left() + _EDGE
        return QRectF(left, top, measured.width, measured.height)

    def media_of(self, row: Row, area: QRectF) -> QRectF:
        """Where the file of a row stands in `area`; empty for none."""
        if isinstance(row, DayRow | Happened) or row.media is None:
            return QRectF()
        return self.measured(row).media.translated(self.bubble_of(row, area).topLeft())

    # --- measuring ---

    def measured(self, row: Incoming | Outgoing | Happened) -> Measured:
        """Where the parts of a line stand."""
        pictured = self._pixmap(row) is not None
        key = (row.id, getattr(row, "version", 0), pictured)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = self._measure(row)
        return found

    def _measure(self, row: Incoming | Outgoing | Happened) -> Measured:
        theme = current()
        widest = min(_WIDEST * theme.text_scale, self._width * 0.66) - 2 * _PAD_X
        head, time = self._head_words(row), self._time_width(theme, row)
        wide, y = 0.0, float(_PAD_Y)
        found = Measured(0, 0)
        if head:
            found.head = QRectF(_PAD_X, y, 0, theme.line_height("detail_strong"))
            wide = drawing.width_of(head, theme.font("detail_strong")) + 20
            y += theme.line_height("detail_strong") + 2
        media = None if isinstance(row, Happened) else row.media
        if media is not None:
            size = self._media_size(row, widest)
            found.media = QRectF(_PAD_X if size.height() <= _CARD else 6, y, size.width(), size.height())
            wide, y = max(wide, float(size.width())), y + size.height() + 4
        y, wide = self._measure_words(found, theme, row, (widest, wide, y, time))
        line = theme.line_height("detail")
        found.width = max(wide + 2 * _PAD_X, time + 2 * _PAD_X)
        if found.media.height() > _CARD:
            found.media.setWidth(found.width - 12)
        found.height = y + _PAD_Y
        found.time = QRectF(_PAD_X, y - line, found.width - 2 * _PAD_X, line)
        if isinstance(row, Outgoing) and row.state in _ALONE:
            found.below = theme.line_height("second") + 2
        return found

    def _measure_words(
        self,
        found: Measured,
        theme: Theme,
        row: Incoming | Outgoing | Happened,
        space: tuple[float, float, float, float],
    ) -> tuple[float, float]:
        """Lay the words out with the time behind them on one line, or below; how far down and how wide they reach."""
        widest, wide, y, time = space
        words = row.words if isinstance(row, Happened) else body_of(row)
        line = theme.line_height("detail")
        if not words:
            return y + line, wide
        found.text = laid_out(words, theme.font("body"), widest)
        found.text_at = QPointF(_PAD_X, y)
        width = max(found.text.lineAt(at).naturalTextWidth() for at in range(found.text.lineCount()))
        height = found.text.lineCount() * theme.line_height("body")
        if found.text.lineCount() == 1 and width + 24 + time <= widest:
            return y + height, max(wide, width + 24 + time)
        return y + height + line + 1, max(wide, width)

    def _media_size(self, row: Incoming | Outgoing | Happened, widest: float) -> QSize:
        picture = self._pixmap(row)
        if picture is None:
            return QSize(round(min(widest, 280)), _CARD)
        ratio = picture.devicePixelRatio()
        size = QSize(round(picture.width() / ratio), round(picture.height() / ratio))
        return size.scaled(round(min(widest, _PICTURE[0])), _PICTURE[1], Qt.AspectRatioMode.KeepAspectRatio).expandedTo(
            QSize(120, 90)
        )

    def _time_width(self, theme: Theme, row: Incoming | Outgoing | Happened) -> float:
        width = drawing.width_of(clock(row.at, self._model.zone()), theme.font("detail", numbers=True))
        return width + (_TICK + 5 if isinstance(row, Outgoing) else 0)

    def _head_words(self, row: Incoming | Outgoing | Happened) -> str:
        if isinstance(row, Happened):
            return _("Note by {person}, seen by the team alone").format(person=row.person_name.split()[0])
        if isinstance(row, Outgoing):
            if row.person_id is None:
                return robot_head(row)
            return "" if row.person_id == self._model.me else row.person_name
        return ""

    def _pixmap(self, row: Incoming | Outgoing | Happened) -> QPixmap | None:
        media = None if isinstance(row, Happened) else row.media
        return None if media is None or self._pictures is None else self._pictures.picture(media)

    # --- painting ---

    def _paint_day(self, painter: QPainter, theme: Theme, area: QRectF, row: DayRow) -> None:
        words = day_words(row.day, self._model.now().astimezone(self._model.zone()).date())
        font = theme.font("chip", numbers=True)
        width, height = drawing.width_of(words, font) + 28, theme.line_height("chip") + 6
        pill = QRectF(area.center().x() - width / 2, area.center().y() - height / 2, width, height)
        drawing.box(painter, pill, height / 2, theme.color("lineSoft" if not theme.dark else "surface"))
        drawing.text(painter, pill, words, font, theme.color("muted"), Qt.AlignmentFlag.AlignHCenter)

    def _paint_event(self, painter: QPainter, theme: Theme, area: QRectF, row: Happened) -> None:
        icon, tone = _EVENT_LOOKS[row.kind]
        words = event_words(row, self._model.zone())
        font = theme.font("chip", numbers=True)
        width = drawing.width_of(words, font) + 22
        left = max(area.left() + _EDGE, area.center().x() - width / 2)
        icons.paint(painter, icon, tone, QRectF(left, area.top(), 14, area.height()))
        drawing.text(painter, area.adjusted(left - area.left() + 22, 0, 0, 0), words, font, theme.color(tone))

    def _paint_bubble(
        self,
        painter: QPainter,
        theme: Theme,
        area: QRectF,
        row: Incoming | Outgoing | Happened,
        state: QStyle.StateFlag,
    ) -> None:
        measured, box = self.measured(row), self.bubble_of(row, area)
        fill, line, ink = self._colours(theme, row)
        drawing.box(painter, box, 12, fill, line)
        if state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus:
            drawing.box(painter, box.adjusted(-3, -3, 3, 3), 15, None, theme.color("accent"), 2)
        corner = box.topLeft()
        if measured.head.height():
            self._paint_head(painter, theme, measured.head.translated(corner), row)
        if not isinstance(row, Happened) and row.media is not None:
            self._paint_media(painter, theme, measured.media.translated(corner), row, row.media)
        if measured.text is not None:
            painter.setPen(ink)
            measured.text.draw(painter, corner + measured.text_at)
        self._paint_time(painter, theme, measured.time.translated(corner), row)
        if measured.below and isinstance(row, Outgoing):
            self._paint_state(
                painter, theme, QRectF(area.left(), box.bottom() + 2, area.width(), measured.below - 2), row
            )

    def _colours(self, theme: Theme, row: Incoming | Outgoing | Happened) -> tuple[QColor, QColor | None, QColor]:
        if isinstance(row, Happened):
            return theme.color("warnSoft"), None, theme.color("text")
        if isinstance(row, Incoming):
            return theme.color("surface"), theme.color("line"), theme.color("text")
        if row.state is MessageState.CANCELLED:
            return theme.color("sunken"), None, theme.color("muted")
        return theme.color("accentSoft"), None, theme.color("text")

    def _paint_head(self, painter: QPainter, theme: Theme, line: QRectF, row: Incoming | Outgoing | Happened) -> None:
        note = isinstance(row, Happened)
        robot = isinstance(row, Outgoing) and row.person_id is None
        tone = "warnText" if note else "accentText"
        icon = "sticky-note" if note else "bot" if robot else "user-round"
        icons.paint(painter, icon, tone, QRectF(line.left(), line.top(), 13, line.height()))
        words = QRectF(line.left() + 19, line.top(), 600, line.height())
        drawing.text(painter, words, self._head_words(row), theme.font("detail_strong"), theme.color(tone))

    def _paint_media(
        self, painter: QPainter, theme: Theme, box: QRectF, row: Incoming | Outgoing, media: Media
    ) -> None:
        picture = self._pixmap(row)
        if picture is not None:
            painter.save()
            path = QPainterPath()
            path.addRoundedRect(box, 8, 8)
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            painter.setClipPath(path)
            painter.drawPixmap(box, picture, covering(picture, box))
            painter.restore()
            return
        tile = QRectF(box.left(), box.top() + 6, 40, 40)
        drawing.box(painter, tile, 20, theme.color("sunken" if isinstance(row, Incoming) else "surface"))
        icons.paint(painter, MEDIA_ICONS.get(media.kind, "paperclip"), "accentText", tile.adjusted(11, 11, -11, -11))
        heights = theme.line_height("chip"), theme.line_height("detail")
        top = box.center().y() - sum(heights) / 2
        words = QRectF(box.left() + 52, top, box.width() - 52, heights[0])
        drawing.text(painter, words, media_title(media), theme.font("chip_strong"), theme.color("text"))
        state = QRectF(words.left(), words.bottom(), words.width(), heights[1])
        where = media_where(media, self._model.now(), self._model.zone())
        drawing.text(painter, state, where, theme.font("detail", numbers=True), theme.color("muted"))

    def _paint_time(self, painter: QPainter, theme: Theme, line: QRectF, row: Incoming | Outgoing | Happened) -> None:
        right = line
        if isinstance(row, Outgoing):
            tick = TICKS[row.state]
            tone = {"muted": "muted", "info": "info", "danger": "dangerText", "warn": "warnText"}[tick.tone]
            icons.paint(painter, tick.icon, tone, QRectF(line.right() - _TICK, line.top(), _TICK, line.height()))
            right = line.adjusted(0, 0, -_TICK - 5, 0)
        time = clock(row.at, self._model.zone())
        font = theme.font("detail", numbers=True)
        drawing.text(painter, right, time, font, theme.color("muted"), Qt.AlignmentFlag.AlignRight)

    def _paint_state(self, painter: QPainter, theme: Theme, line: QRectF, row: Outgoing) -> None:
        tone = {"danger": "dangerText", "warn": "warnText"}.get(TICKS[row.state].tone, "muted")
        words = state_words(row)
        area = line.adjusted(_EDGE, 0, -_EDGE, 0)
        drawing.text(painter, area, words, theme.font("second"), theme.color(tone), Qt.AlignmentFlag.AlignRight)


def laid_out(words: str, font: QFont, width: float) -> QTextLayout:
    """Words on lines of at most `width`; a word that is longer than a line is broken where the line ends."""
    layout = QTextLayout(words.replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    leading = current().line_height("body")
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y + (leading - line.height()) / 2))
        y += leading
    layout.endLayout()
    return layout


def covering(picture: QPixmap, box: QRectF) -> QRectF:
    """The part of a picture that fills a box, cut evenly."""
    size, wanted = picture.size(), box.size()
    if not wanted.isValid() or size.isEmpty():
        return QRectF(picture.rect())
    factor = min(size.width() / wanted.width(), size.height() / wanted.height())
    width, height = wanted.width() * factor, wanted.height() * factor
    return QRectF((size.width() - width) / 2, (size.height() - height) / 2, width, height)
