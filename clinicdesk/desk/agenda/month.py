"""The month as one painted surface: a cell for each day with its first visits, how many more, and how full it is."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from clinicdesk.desk import theme
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.month_cell import MonthCellPainter, head_of_cell, rows_of_cell
from clinicdesk.desk.agenda.month_days import MonthDay
from clinicdesk.desk.agenda.spoken import tooltip_lines
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.label import plain_tip
from clinicdesk.domain.agenda import Appointment
from clinicdesk.formats import short_weekday
from clinicdesk.words import _, language, ngettext

_COLUMNS = 7
_HEAD = 32
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}


class MonthPicture(QWidget):
    """`day_opened` carries a date; `selected` the visit whose line was pressed. Knows no I/O."""

    day_opened = Signal(object)  # dt.date
    selected = Signal(object)  # appointment id
    day_stepped = Signal(int)
    cursor_moved = Signal()
    menu_requested = Signal(object, QPoint)  # appointment id, where on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: list[MonthDay] = []
        self._today = dt.date.min
        self._cursor = dt.date.min
        self._hovered: dt.date | None = None
        self._chosen: UUID | None = None
        self._cells = MonthCellPainter()
        self.accessible: object | None = None  # Qt keeps the interface it is given, but not its Python half
        self.setAccessibleDescription(_("Month: arrow keys move from day to day, Enter opens the day"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.switch().changed.connect(self._dressed)
        privacy.veil().changed.connect(self._dressed)

    # --- values from outside ---

    def set_zone(self, zone: ZoneInfo) -> None:
        """The clinic's zone."""
        self._cells.zone = zone

    def set_hues(self, hues: Mapping[UUID, int]) -> None:
        """The colours of the professionals."""
        self._cells.hues = dict(hues)
        self.update()

    def set_days(self, days: Sequence[MonthDay], cursor: dt.date, today: dt.date) -> None:
        """Show these cells, whole weeks, with the keyboard on `cursor`."""
        self._days, self._today = list(days), today
        self._move_to(cursor)
        self.update()

    def set_chosen(self, appointment_id: UUID | None) -> None:
        """Mark the line of a visit."""
        self._chosen = appointment_id
        self.update()

    @property
    def cursor_day(self) -> dt.date:
        """The day the keyboard is on."""
        return self._cursor

    def days_on_show(self) -> list[dt.date]:
        """The days there is a cell for, in order."""
        return [one.day for one in self._days]

    def spoken(self, day: dt.date) -> str:
        """A day as it is read aloud: its date, how many visits, and why it is closed."""
        found = next((one for one in self._days if one.day == day), None)
        parts = [format_date(day, "full", locale=language())]
        if found is not None:
            parts += [visits_text(len(found.visits)), found.closed]
        return ", ".join(filter(None, parts))

    # --- places ---

    def cell(self, day: dt.date) -> QRect:
        """Where a day is; nothing when it is not on show."""
        if not self._days:
            return QRect()
        number = (day - self._days[0].day).days
        if not 0 <= number < len(self._days):
            return QRect()
        return self._box(number)

    def lines_of(self, day: dt.date) -> tuple[tuple[UUID, ...], int]:
        """The visits that have a line of their own in a day's cell, and how many stand behind “+n”."""
        found = next((one for one in self._days if one.day == day), None)
        if found is None:
            return (), 0
        shown = rows_of_cell(len(found.visits), self.cell(day).height())
        return tuple(one.id for one in found.visits[:shown]), len(found.visits) - shown

    def day_at(self, point: QPointF) -> dt.date | None:
        """The day whose cell is under a point."""
        number = self._number_at(point)
        return None if number is None else self._days[number].day

    def visit_at(self, point: QPointF) -> Appointment | None:
        """The visit whose line is under a point."""
        number = self._number_at(point)
        if number is None:
            return None
        found, box = self._days[number], self._box(number)
        row = int((point.y() - box.top() - head_of_cell()) // theme.current().line_height("detail"))
        return found.visits[row] if 0 <= row < rows_of_cell(len(found.visits), box.height()) else None

    def sizeHint(self) -> QSize:
        return QSize(900, 700)

    # --- events ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now = theme.current()
        painter.fillRect(self.rect(), now.color("surface"))
        self._paint_heads(painter)
        for number, one in enumerate(self._days):
            box = self._box(number)
            if box.intersects(event.rect()):
                self._cells.paint(
                    painter,
                    QRectF(box),
                    one,
                    today=one.day == self._today,
                    hovered=one.day == self._hovered,
                    chosen=self._chosen,
                )
        if self.hasFocus():
            edge = QRectF(self.cell(self._cursor)).adjusted(1, 1, -2, -2)
            drawing.box(painter, edge, 4, None, now.color("accent"), 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._number_at(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or number is None:
            return
        self._move_to(self._days[number].day)
        visit = self.visit_at(event.position())
        if visit is not None:
            self.selected.emit(visit.id)
        else:
            self.day_opened.emit(self._days[number].day)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        number = self._number_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and number is not None:
            self.day_opened.emit(self._days[number].day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._number_at(event.position())
        self._hover(None if number is None else self._days[number].day)
        self.setCursor(Qt.CursorShape.ArrowCursor if number is None else Qt.CursorShape.PointingHandCursor)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._walk(_KEYS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.day_opened.emit(self._cursor)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            visit = self.visit_at(QPointF(event.pos()))
            lines = tooltip_lines(visit, self._cells.zone) if visit is not None else []
            if lines:
                QToolTip.showText(event.globalPos(), plain_tip("\n".join(lines)), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    # --- within ---

    def _walk(self, days: int) -> None:
        day = self._cursor + dt.timedelta(days=days)
        if self.cell(day).isNull():
            self.day_stepped.emit(1 if days > 0 else -1)
        else:
            self._move_to(day)
            self.update()

    def _move_to(self, day: dt.date) -> None:
        self._cursor = day
        self.setAccessibleName(self.spoken(day))
        self.cursor_moved.emit()

    def _hover(self, day: dt.date | None) -> None:
        before, self._hovered = self._hovered, day
        for each in {before, day} - {None}:
            assert each is not None
            self.update(self.cell(each))

    def _number_at(self, point: QPointF) -> int | None:
        rows = len(self._days) // _COLUMNS
        head = self._head()
        if not rows or point.y() < head or not self.rect().contains(point.toPoint()):
            return None
        row = min(int((point.y() - head) * rows / max(self.height() - head, 1)), rows - 1)
        return row * _COLUMNS + min(int(point.x() * _COLUMNS / max(self.width(), 1)), _COLUMNS - 1)

    def _box(self, number: int) -> QRect:
        rows, head = max(len(self._days) // _COLUMNS, 1), self._head()
        row, column = divmod(number, _COLUMNS)
        left, right = (round(each * self.width() / _COLUMNS) for each in (column, column + 1))
        top, bottom = (head + round(each * (self.height() - head) / rows) for each in (row, row + 1))
        return QRect(left, top, right - left, bottom - top)

    def _head(self) -> int:
        return max(_HEAD, theme.current().line_height("label") + 12)

    def _paint_heads(self, painter: QPainter) -> None:
        now = theme.current()
        for number, one in enumerate(self._days[:_COLUMNS]):
            area = QRectF(self._box(number).left() + 10, 0, self.width() / _COLUMNS - 12, self._head())
            ink = now.color("faint")
            drawing.text(painter, area, short_weekday(one.day), now.font("label"), ink)
        painter.fillRect(QRectF(0, self._head() - 1, self.width(), 1), now.color("line"))

    def _dressed(self, _now: object) -> None:
        self._cells.forget()
        self.update()


def visits_text(count: int) -> str:
    """How many visits a day has, in words."""
    return ngettext("{count} visit", "{count} visits", count).format(count=count)
