"""One day as a track of bars: worked stretches one drags, pulls at their ends, draws anew or moves by the keyboard."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.domain import week
from clinicdesk.domain.week import STEP, Bar, Bars
from clinicdesk.words import _

HEIGHT = 32
FIRST, LAST = 6 * 60, 22 * 60  # what is on show unless a bar reaches further
_EDGE = 9


def wall(minute: int) -> str:
    """A minute of the day as a time: `08:15`; the midnight that closes the day is `24:00`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def bar_words(bar: Bar) -> str:
    """A bar in figures."""
    return f"{wall(bar[0])}–{wall(bar[1])}"


class DayTrack(QWidget):
    """`edited` says that the person changed the bars. `day` is what a screen reader calls the track."""

    edited = Signal()

    def __init__(self, day: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day = day
        self._bars: Bars = ()
        self._view = (FIRST, LAST)
        self._items: list[BarItem] = []
        self._drawn: tuple[int, int] | None = None
        self._read_only = False
        self.setAccessibleName(day)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def bars(self) -> Bars:
        """The worked stretches, in order."""
        return self._bars

    @property
    def items(self) -> list["BarItem"]:
        """The bars on screen, in order."""
        return self._items

    def set_bars(self, bars: Bars) -> None:
        """Show these, telling nobody."""
        self._bars = bars
        while len(self._items) > len(bars):
            gone = self._items.pop()
            gone.hide()
            gone.deleteLater()
        while len(self._items) < len(bars):
            item = BarItem(self, len(self._items))
            item.show()
            self._items.append(item)
        self._place()

    def set_view(self, first: int, last: int) -> None:
        """Show this part of the day."""
        self._view = (first, last)
        self._place()

    def set_read_only(self, read_only: bool) -> None:
        """Let it be looked at only."""
        self._read_only = read_only
        for item in self._items:
            item.setEnabled(not read_only)

    def change(self, bars: Bars) -> None:
        """The person made it so."""
        if bars != self._bars and not self._read_only:
            self.set_bars(bars)
            self.edited.emit()

    def minute_at(self, x: float) -> float:
        """The minute of the day under a place of the track."""
        first, last = self._view
        return first + x / max(1, self.width()) * (last - first)

    def x_of(self, minute: int) -> float:
        """The place of a minute of the day."""
        first, last = self._view
        return (minute - first) / (last - first) * self.width()

    def spoken(self, bar: Bar) -> str:
        """A bar for a screen reader."""
        return _("{day}, from {start} to {end}").format(day=self._day, start=wall(bar[0]), end=wall(bar[1]))

    def sizeHint(self) -> QSize:
        return QSize(320, max(HEIGHT, current().line_height("detail_strong") + 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self._read_only:
            start = week.snapped(self.minute_at(event.position().x()))
            self._drawn = (start, start)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drawn is not None:
            self._drawn = (self._drawn[0], week.snapped(self.minute_at(event.position().x())))
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        drawn, self._drawn = self._drawn, None
        self.update()
        if drawn is not None and abs(drawn[1] - drawn[0]) >= week.SHORTEST:
            self.change(week.added(self._bars, *drawn))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        area = QRectF(0, 4, self.width(), self.height() - 8)
        drawing.box(painter, area, 6, theme.color("sunken"))
        first, last = self._view
        for hour in range(first // 60 + 2 - first // 60 % 2, last // 60, 2):
            painter.fillRect(QRectF(round(self.x_of(hour * 60)), 4, 1, area.height()), theme.color("line"))
        if not self._bars and self._drawn is None:
            words = area.adjusted(12, 0, 0, 0)
            drawing.text(painter, words, _("Closed"), theme.font("detail"), theme.color("muted"))
        if self._drawn is not None:
            low, high = sorted(self._drawn)
            box = QRectF(self.x_of(low), 2, self.x_of(high) - self.x_of(low), self.height() - 4)
            drawing.box(painter, box, 6, theme.color("accentSoft"), theme.color("accent"), 1, dashed=True)

    def _place(self) -> None:
        for item, bar in zip(self._items, self._bars, strict=True):
            left, right = self.x_of(bar[0]), self.x_of(bar[1])
            item.setGeometry(round(left), 0, max(8, round(right - left)), self.height())
            item.show_bar(bar)
        self.update()


class BarItem(QWidget):
    """One stretch. Arrows push it, with Shift they pull its end, with Ctrl its start; Del takes it away."""

    def __init__(self, track: DayTrack, index: int) -> None:
        super().__init__(track)
        self._track = track
        self._index = index
        self._bar: Bar = (0, 0)
        self._pull = ""
        self._held = 0.0
        self._before: Bars = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setProperty("focusRing", "none")

    def show_bar(self, bar: Bar) -> None:
        """Stand for this stretch."""
        self._bar = bar
        self.setAccessibleName(self._track.spoken(bar))
        self.setToolTip(bar_words(bar))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP}.get(Qt.Key(event.key()), 0)
        bars, index, bar = self._track.bars, self._index, self._bar
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._track.change(week.removed(bars, index))
            left = self._track.items
            if left:
                left[min(index, len(left) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)
        elif not by:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._track.change(week.ended(bars, index, bar[1] + by))
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._track.change(week.begun(bars, index, bar[0] + by))
        else:
            self._track.change(week.moved(bars, index, by))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pull = self._part_at(event.position().x())
        self._before = self._track.bars
        self._held = self._track.minute_at(self.mapToParent(event.position().toPoint()).x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        part = self._pull or self._part_at(event.position().x())
        self.setCursor(Qt.CursorShape.SizeAllCursor if part == "whole" else Qt.CursorShape.SizeHorCursor)
        if not self._pull:
            return
        place: QPoint = self.mapToParent(event.position().toPoint())
        minute = self._track.minute_at(place.x())
        start, end = self._before[self._index]
        by = week.STEP * round((minute - self._held) / week.STEP)
        if self._pull == "start":
            self._track.change(week.begun(self._before, self._index, week.snapped(start + minute - self._held)))
        elif self._pull == "end":
            self._track.change(week.ended(self._before, self._index, week.snapped(end + minute - self._held)))
        else:
            self._track.change(week.moved(self._before, self._index, by))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._pull = ""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        area = QRectF(self.rect()).adjusted(0, 2, 0, -2)
        line = theme.color("accent" if self.isEnabled() else "border")
        fill = theme.color("accentSoft" if self.isEnabled() else "surface")
        drawing.box(painter, area, 6, fill, line, 2 if self.hasFocus() else 1)
        words = bar_words(self._bar)
        font = theme.font("detail_strong", numbers=True)
        if drawing.width_of(words, font) + 16 > area.width():
            words = wall(self._bar[0]) if drawing.width_of("00:00", font) + 8 <= area.width() else ""
        drawing.text(painter, area, words, font, theme.color("accentText"), Qt.AlignmentFlag.AlignHCenter)
        if self.hasFocus() or self.underMouse():
            for x in (area.left() - 1, area.right() - 4):
                grip = QRectF(x, area.center().y() - 7, 5, 14)
                drawing.box(painter, grip, 2.5, theme.color("surface"), line, 1.5)

    def _part_at(self, x: float) -> str:
        if self.width() > 3 * _EDGE and x < _EDGE:
            return "start"
        return "end" if self.width() > 3 * _EDGE and x > self.width() - _EDGE else "whole"
