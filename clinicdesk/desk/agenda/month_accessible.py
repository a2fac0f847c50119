"""The month for who hears it: a list whose children are its days, each with date, visits and why it is closed."""

import datetime as dt
from functools import cache
from weakref import ref

from PySide6.QtCore import QObject, QPoint, QPointF, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import isValid

from clinicdesk.desk.agenda.accessible_leaf import LeafInterface
from clinicdesk.desk.agenda.month import MonthPicture
from clinicdesk.desk.seal import sealed

# Where PySide's stubs promise an interface, Qt itself answers null for “none”: hence the ignored overrides below.


class DayInterface(LeafInterface):
    """One day of the month on show."""

    def __init__(self, month: MonthPicture, day: dt.date) -> None:
        super().__init__()
        self._month = ref(month)
        self.day = day

    def isValid(self) -> bool:
        month = _alive(self._month)
        return month is not None and not month.cell(self.day).isNull()

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]
        month = _alive(self._month)
        return None if month is None else month.window().windowHandle()

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def text(self, kind: QAccessible.Text) -> str:
        month = _alive(self._month)
        return month.spoken(self.day) if month is not None and kind == QAccessible.Text.Name else ""

    def setText(self, _kind: QAccessible.Text, _text: str) -> None:
        return

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        month = _alive(self._month)
        if month is None or not self.isValid():
            state.invalid = True
            return state
        here = month.cursor_day == self.day
        state.focusable = state.selectable = True
        state.selected = here
        state.focused = here and month.hasFocus()
        return state

    def rect(self) -> QRect:
        month = _alive(self._month)
        if month is None:
            return QRect()
        area = month.cell(self.day)
        return QRect(month.mapToGlobal(area.topLeft()), area.size())

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        month = _alive(self._month)
        return None if month is None else QAccessible.queryAccessibleInterface(month)


class MonthInterface(QAccessibleWidget):
    """The month as a list of its days."""

    def __init__(self, month: MonthPicture) -> None:
        super().__init__(month, QAccessible.Role.List)
        self._month = ref(month)
        self._days: dict[dt.date, DayInterface] = {}

    def childCount(self) -> int:
        return len(self._order())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        order = self._order()
        return self._day(order[index]) if 0 <= index < len(order) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return self.index_of(child.day) if isinstance(child, DayInterface) else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        month = _alive(self._month)
        day = None if month is None else month.day_at(QPointF(month.mapFromGlobal(QPoint(x, y))))
        return None if day is None else self._day(day)

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        month = _alive(self._month)
        return None if month is None else self._day(month.cursor_day)

    def index_of(self, day: dt.date) -> int:
        """The number of a day among the children, -1 when it is not shown."""
        order = self._order()
        return order.index(day) if day in order else -1

    def _order(self) -> list[dt.date]:
        month = _alive(self._month)
        return [] if month is None else month.days_on_show()

    def _day(self, day: dt.date) -> DayInterface | None:
        month = _alive(self._month)
        if month is not None and day not in self._days:
            self._days[day] = DayInterface(month, day)
        return self._days.get(day)


def announce_day(month: MonthPicture) -> None:
    """Tell the screen reader that the keyboard is on another day."""
    if not QAccessible.isActive() or not month.hasFocus():
        return
    interface = QAccessible.queryAccessibleInterface(month)
    index = interface.index_of(month.cursor_day) if isinstance(interface, MonthInterface) else -1
    if index >= 0:
        event = QAccessibleEvent(month, QAccessible.Event.Focus)
        event.setChild(index)
        QAccessible.updateAccessibility(event)


@cache
def install() -> None:
    """Let Qt ask here for the interface of every month; once per program."""
    QAccessible.installFactory(_interface_for)


def _alive(remembered: "ref[MonthPicture]") -> MonthPicture | None:
    """The month, unless it is gone, for a reader may hold an interface longer than that, or the desk is locked."""
    month = remembered()
    return month if month is not None and isValid(month) and not sealed() else None


def _interface_for(_name: str, asked: QObject) -> QAccessibleInterface | None:
    if not isinstance(asked, MonthPicture):
        return None
    if not isinstance(asked.accessible, MonthInterface):
        asked.accessible = MonthInterface(asked)
    return asked.accessible
