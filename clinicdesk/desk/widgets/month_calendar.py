"""A small month to choose a day from: by mouse, by arrow keys, with the week in view tinted."""

import calendar
import datetime as dt

from babel.dates import format_date, get_day_names, get_month_names
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk.theme import Theme, current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import icon_button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.words import _, language

_ROWS = 6
SUNDAY = 6


class MonthCalendar(QWidget):
    """`day_chosen` tells the date a person settled on, `month_shown` the first day of the month now in view.

    `week_tint` colours the week of the selected day, as the week view of the agenda does.
    """

    day_chosen = Signal(object)  # dt.date
    month_shown = Signal(object)  # dt.date

    def __init__(
        self, today: dt.date, first_weekday: int = SUNDAY, week_tint: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = Label("", "strong")
        self._days = _Days(today, first_weekday, week_tint)
        self._days.day_chosen.connect(self.day_chosen)
        self._days.month_shown.connect(self._month_moved)
        back = icon_button("chevron-left", _("Previous month"), size="dense")
        forth = icon_button("chevron-right", _("Next month"), size="dense")
        back.clicked.connect(lambda: self._days.step_month(-1))
        forth.clicked.connect(lambda: self._days.step_month(1))
        for button in (back, forth):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # PgUp and PgDn do the same without leaving the days
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(back)
        head.addWidget(forth)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._days)
        self.setFocusProxy(self._days)
        self._name_month()

    @property
    def selected(self) -> dt.date:
        """The day chosen, today at first."""
        return self._days.selected

    def set_selected(self, day: dt.date) -> None:
        """Choose a day and show its month, without telling anyone."""
        self._days.select(day)
        self._name_month()

    def set_today(self, today: dt.date) -> None:
        """Move the disc of today, as at midnight."""
        self._days.set_today(today)

    def set_marked(self, days: frozenset[dt.date]) -> None:
        """Put a dot under these days, such as the ones with a free slot."""
        self._days.set_marked(days)

    def day_under(self, where: QPoint) -> dt.date | None:
        """The day at a point of the screen, while the month is to be seen there."""
        return self._days.day_under(where) if self.isVisible() else None

    def show_target(self, day: dt.date | None) -> None:
        """Mark the day that something is carried over."""
        self._days.show_target(day)

    def _month_moved(self, month: dt.date) -> None:
        self._name_month()
        self.month_shown.emit(month)

    def _name_month(self) -> None:
        month = self._days.month
        name = get_month_names("wide", "stand-alone", locale=language())[month.month]
        self._title.setText(f"{name[:1].upper()}{name[1:]} {month.year}")


def _row_height() -> int:
    return max(32, current().line_height("label") + 12)


class _Days(QWidget):
    day_chosen = Signal(object)
    month_shown = Signal(object)

    def __init__(self, today: dt.date, first_weekday: int, week_tint: bool) -> None:
        super().__init__()
        self.selected = today
        self.month = today.replace(day=1)
        self._today = today
        self._calendar = calendar.Calendar(first_weekday)
        self._week_tint = week_tint
        self._marked: frozenset[dt.date] = frozenset()
        self._hovered: dt.date | None = None
        self._target: dt.date | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRing", "ring")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._speak()

    def select(self, day: dt.date) -> None:
        self.selected = day
        self.month = day.replace(day=1)
        self._speak()
        self.update()

    def set_today(self, today: dt.date) -> None:
        self._today = today
        self.update()

    def set_marked(self, days: frozenset[dt.date]) -> None:
        self._marked = days
        self.update()

    def day_under(self, where: QPoint) -> dt.date | None:
        point = QPointF(self.mapFromGlobal(where))
        return self._day_at_point(point) if self.rect().contains(point.toPoint()) else None

    def show_target(self, day: dt.date | None) -> None:
        if day != self._target:
            self._target = day
            self.update()

    def step_month(self, by: int) -> None:
        index = self.month.year * 12 + self.month.month - 1 + by
        self.month = dt.date(index // 12, index % 12 + 1, 1)
        self.update()
        self.month_shown.emit(self.month)

    def sizeHint(self) -> QSize:
        return QSize(7 * 38, (_ROWS + 1) * _row_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(7 * 30, (_ROWS + 1) * _row_height())

    def weeks(self) -> list[list[dt.date]]:
        weeks = self._calendar.monthdatescalendar(self.month.year, self.month.month)
        while len(weeks) < _ROWS:
            weeks.append([day + dt.timedelta(days=7) for day in weeks[-1]])
        return weeks

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        names = get_day_names("narrow", "stand-alone", locale=language())
        for column, weekday in enumerate(self._calendar.iterweekdays()):
            area = self._cell(-1, column)
            ink = theme.color("muted")
            drawing.text(painter, area, names[weekday], theme.font("detail"), ink, Qt.AlignmentFlag.AlignHCenter)
        for row, week in enumerate(self.weeks()):
            if self._week_tint and self.selected in week:
                band = self._cell(row, 0).united(self._cell(row, 6))
                drawing.box(painter, band.adjusted(0, 2, 0, -2), 8, theme.color("selected"))
            for column, day in enumerate(week):
                self._paint_day(painter, theme, self._cell(row, column), day)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self._day_at(event)
        if event.button() == Qt.MouseButton.LeftButton and day is not None:
            self._move_to(day)
            self.day_chosen.emit(day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._day_at(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        days = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        months = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        key = Qt.Key(event.key())
        if key in days:
            self._move_to(self.selected + dt.timedelta(days=days[key]))
        elif key in months:
            self._move_to(_shifted(self.selected, months[key]))
        elif key == Qt.Key.Key_Home:
            self._move_to(self._today)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.day_chosen.emit(self.selected)
        else:
            super().keyPressEvent(event)

    def _move_to(self, day: dt.date) -> None:
        moved = (day.year, day.month) != (self.month.year, self.month.month)
        self.select(day)
        if moved:
            self.month_shown.emit(self.month)

    def _paint_day(self, painter: QPainter, theme: Theme, area: QRectF, day: dt.date) -> None:
        side = _row_height() - 4
        disc = QRectF(area.center().x() - side / 2, area.center().y() - side / 2, side, side)
        ink = theme.color("text" if day.month == self.month.month else "faint")
        role = "label"
        if day == self._today:
            drawing.box(painter, disc, side / 2, theme.color("accent"))
            ink, role = theme.color("onAccent"), "card_name"
        elif day == self.selected:
            drawing.box(painter, disc, side / 2, theme.color("accentSoft"), theme.color("accent"), 1.5)
            ink, role = theme.color("accentText"), "card_name"
        elif day == self._hovered:
            drawing.box(painter, disc, side / 2, theme.color("hover"))
        if day == self._target:
            drawing.box(painter, disc.adjusted(-1, -1, 1, 1), side / 2, None, theme.color("accent"), 2)
        font = theme.font(role, numbers=True)
        drawing.text(painter, area, str(day.day), font, ink, Qt.AlignmentFlag.AlignHCenter)
        if day in self._marked:
            dot = QRectF(area.center().x() - 2, disc.bottom() - 5, 4, 4)
            drawing.box(painter, dot, 2, ink)

    def _cell(self, row: int, column: int) -> QRectF:
        width = self.width() / 7
        return QRectF(column * width, (row + 1) * _row_height(), width, _row_height())

    def _day_at(self, event: QMouseEvent) -> dt.date | None:
        return self._day_at_point(event.position())

    def _day_at_point(self, point: QPointF) -> dt.date | None:
        column = int(point.x() * 7 / max(1, self.width()))
        row = int(point.y() // _row_height()) - 1
        inside = 0 <= row < _ROWS and 0 <= column < 7
        return self.weeks()[row][column] if inside else None

    def _speak(self) -> None:
        self.setAccessibleName(format_date(self.selected, "full", locale=language()))


def _shifted(day: dt.date, months: int) -> dt.date:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
