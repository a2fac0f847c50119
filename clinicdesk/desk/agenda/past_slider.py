"""The slider over a day's life: painted, a tick for each change, step by step by keyboard."""

import datetime as dt

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from clinicdesk.desk import dates, theme
from clinicdesk.desk.agenda.past_scale import LifeScale
from clinicdesk.desk.widgets import drawing
from clinicdesk.words import _

_HEIGHT = 56
_SIDE = 14.0  # room for the thumb at both ends
_TRACK = 22.0  # where the track's middle lies
_SNAP = 5.0  # pixels within which a change takes the thumb
_THUMB = 8.0
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class PastSlider(QSlider):
    """`moved` carries the instant chosen. Arrows go change by change, with Shift by the minute, Page by the hour."""

    moved = Signal(object)  # dt.datetime

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._zone: dt.tzinfo = dt.UTC
        self.scale = LifeScale((), _EPOCH)
        self._at = self.scale.last
        self._today = _EPOCH.date()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_("Moment"))

    @property
    def at(self) -> dt.datetime:
        """The instant chosen now."""
        return self._at

    def show_life(self, scale: LifeScale, zone: dt.tzinfo, today: dt.date) -> None:
        """Lay the axis anew; the chosen instant stays as far as the axis reaches."""
        self.scale, self._zone, self._today = scale, zone, today
        self._take(scale.within(self._at))

    def go(self, at: dt.datetime) -> None:
        """Choose an instant, and say so when it is another one."""
        at = self.scale.within(at)
        if at != self._at:
            self._take(at)
            self.moved.emit(at)

    def place(self, at: dt.datetime) -> None:
        """Stand at an instant without saying so."""
        self._take(self.scale.within(at))

    def x_of(self, at: dt.datetime) -> float:
        """Where an instant lies, in pixels."""
        return _SIDE + self.scale.share_of(at) * self._length()

    def sizeHint(self) -> QSize:
        return QSize(480, max(_HEIGHT, round(_TRACK) + 16 + theme.current().line_height("detail")))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    # --- events ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._follow(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._follow(event.position())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        return

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.step(-1 if event.angleDelta().y() > 0 else 1)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, by_minute = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}
        if key in steps and by_minute:
            self.go(self._at + dt.timedelta(minutes=steps[Qt.Key(key)]))
        elif key in steps:
            self.step(steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.go_hours(-1 if key == Qt.Key.Key_PageUp else 1)  # as in the agenda, up is earlier
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go(self.scale.first if key == Qt.Key.Key_Home else self.scale.last)
        else:
            event.ignore()

    def step(self, steps: int) -> None:
        """Go to the next change, or to the one before."""
        self.go(self.scale.after(self._at) if steps > 0 else self.scale.before(self._at))

    def go_hours(self, hours: int) -> None:
        """Go on or back by hours of the clock."""
        self.go(self._at + dt.timedelta(hours=hours))

    def paintEvent(self, _event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(_SIDE, _TRACK - 2, self._length(), 4)
        drawing.box(painter, whole, 2, now.color("line"))
        drawing.box(painter, QRectF(whole.x(), whole.y(), self.x_of(self._at) - whole.x(), 4), 2, now.color("accent"))
        self._paint_ticks(painter, now)
        self._paint_days(painter, now)
        self._paint_thumb(painter, now)

    # --- within ---

    def _take(self, at: dt.datetime) -> None:
        self._at = at
        self.setRange(0, max(1, round((self.scale.last - self.scale.first).total_seconds())))
        self.setValue(round((at - self.scale.first).total_seconds()))
        self.update()

    def _length(self) -> float:
        return max(1.0, self.width() - 2 * _SIDE)

    def _follow(self, point: QPointF) -> None:
        share = min(max((point.x() - _SIDE) / self._length(), 0.0), 1.0)
        self.go(self.scale.nearest(share, _SNAP / self._length()) or self.scale.moment_at(share))

    def _paint_ticks(self, painter: QPainter, now: theme.Theme) -> None:
        passed, ahead = now.color("accent"), now.color("field")
        drawn = -1
        for moment in self.scale.moments:
            x = round(self.x_of(moment))
            if x != drawn:  # of those in one pixel the first stands for all
                painter.fillRect(QRectF(x - 0.5, _TRACK - 12, 1, 7), passed if moment <= self._at else ahead)
                drawn = x

    def _paint_days(self, painter: QPainter, now: theme.Theme) -> None:
        font = now.font("detail", numbers=True)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        free = self.width() + 0.0
        # From the right, because the day itself and the last ones before it are what one looks for.
        for share, day in reversed(self.scale.day_marks(self._zone)):
            words = dates.relative_day(day, self._today)
            x = _SIDE + share * self._length()
            width = metrics.horizontalAdvance(words)
            left = min(x, self.width() - width - 2)
            if left + width > free - 10:
                continue
            painter.fillRect(QRectF(round(x) - 0.5, _TRACK + 5, 1, 5), now.color("field"))
            painter.setPen(now.color("faint"))
            painter.drawText(QPointF(left, _TRACK + 14 + metrics.ascent()), words)
            free = left

    def _paint_thumb(self, painter: QPainter, now: theme.Theme) -> None:
        centre = QPointF(self.x_of(self._at), _TRACK)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.hasFocus():
            painter.setBrush(now.color("accent", 0.28))
            painter.drawEllipse(centre, _THUMB + 4, _THUMB + 4)
        painter.setBrush(now.color("surface"))
        painter.drawEllipse(centre, _THUMB, _THUMB)
        painter.setBrush(now.color("accent"))
        painter.drawEllipse(centre, _THUMB - 2, _THUMB - 2)
