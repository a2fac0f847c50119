"""The agenda for who hears it: a list whose children are the visits on show, column by column.

Qt knows nothing of painted cards, so the view gets an interface of its own through a factory. The list over the same
model is the other road to the same values.
"""

from functools import cache
from uuid import UUID
from weakref import ref

from PySide6.QtCore import QObject, QPoint, QPointF, QRect
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import isValid

from clinicdesk.desk.agenda.accessible_leaf import LeafInterface
from clinicdesk.desk.agenda.canvas import AgendaCanvas
from clinicdesk.desk.agenda.layout import card_at
from clinicdesk.desk.agenda.spoken import spoken, tooltip_lines
from clinicdesk.desk.seal import sealed

# Where PySide's stubs promise an interface, Qt itself answers null for “none”: hence the ignored overrides below.


class CardInterface(LeafInterface):
    """One visit. It stays the same object as long as the visit is on show."""

    def __init__(self, view: AgendaCanvas, appointment_id: UUID) -> None:
        super().__init__()
        self._agenda = ref(view)
        self.appointment_id = appointment_id

    def isValid(self) -> bool:
        view = _alive(self._agenda)
        return view is not None and view.model.appointment(self.appointment_id) is not None

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]
        view = _alive(self._agenda)
        return None if view is None else view.window().windowHandle()

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def text(self, kind: QAccessible.Text) -> str:
        view = _alive(self._agenda)
        appointment = None if view is None else view.model.appointment(self.appointment_id)
        if view is None or appointment is None:
            return ""
        if kind == QAccessible.Text.Name:
            return spoken(view.scene.as_dropped(appointment), view.scene.zone)
        if kind == QAccessible.Text.Description:
            return "\n".join(tooltip_lines(appointment, view.scene.zone))
        return ""

    def setText(self, _kind: QAccessible.Text, _text: str) -> None:
        return

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        view = _alive(self._agenda)
        if view is None or not self.isValid():
            state.invalid = True
            return state
        chosen = view.scene.selected == self.appointment_id
        state.focusable = state.selectable = True
        state.selected = chosen
        state.focused = chosen and view.hasFocus()
        area = view.card_rect(self.appointment_id)
        state.offscreen = area is None or not area.intersects(view.grid_rect())
        return state

    def rect(self) -> QRect:
        view = _alive(self._agenda)
        area = None if view is None else view.card_rect(self.appointment_id)
        if view is None or area is None:
            return QRect()
        return QRect(view.viewport().mapToGlobal(area.topLeft()), area.size())

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        view = _alive(self._agenda)
        return None if view is None else QAccessible.queryAccessibleInterface(view)


class AgendaInterface(QAccessibleWidget):
    """The agenda as a list of its visits."""

    def __init__(self, view: AgendaCanvas) -> None:
        super().__init__(view, QAccessible.Role.List)
        self._agenda = ref(view)
        self._cards: dict[UUID, CardInterface] = {}

    def childCount(self) -> int:
        return len(self._order())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        order = self._order()
        return self._card(order[index]) if 0 <= index < len(order) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return self.index_of(child.appointment_id) if isinstance(child, CardInterface) else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        view = _alive(self._agenda)
        if view is None:
            return None
        point = view.to_content(QPointF(view.viewport().mapFromGlobal(QPoint(x, y))))
        found = card_at(view.scene.placing.cards, point.x(), point.y())
        return None if found is None else self._card(found[0].id)

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        view = _alive(self._agenda)
        chosen = None if view is None else view.scene.selected
        return self._card(chosen) if chosen is not None and chosen in self._order() else None

    def index_of(self, appointment_id: UUID) -> int:
        """The number of a visit among the children, -1 when it is not shown."""
        order = self._order()
        return order.index(appointment_id) if appointment_id in order else -1

    def _order(self) -> list[UUID]:
        view = _alive(self._agenda)
        if view is None:
            return []
        view.arrange()
        return view.scene.reading_order()

    def _card(self, appointment_id: UUID) -> CardInterface | None:
        view = _alive(self._agenda)
        if view is not None and appointment_id not in self._cards:
            self._cards[appointment_id] = CardInterface(view, appointment_id)
        return self._cards.get(appointment_id)


def _alive(remembered: "ref[AgendaCanvas]") -> AgendaCanvas | None:
    """The view, unless it is gone, for a reader may hold an interface longer than that, or the desk is locked."""
    view = remembered()
    return view if view is not None and isValid(view) and not sealed() else None


@cache
def install() -> None:
    """Let Qt ask here for the interface of every agenda; once per program."""
    QAccessible.installFactory(_interface_for)


def announce_selection(view: AgendaCanvas) -> None:
    """Tell the screen reader that the keyboard is on another visit."""
    if not QAccessible.isActive() or not view.hasFocus() or view.scene.selected is None:
        return
    interface = QAccessible.queryAccessibleInterface(view)
    index = interface.index_of(view.scene.selected) if isinstance(interface, AgendaInterface) else -1
    if index >= 0:
        event = QAccessibleEvent(view, QAccessible.Event.Focus)
        event.setChild(index)
        QAccessible.updateAccessibility(event)


def announce(view: AgendaCanvas, text: str) -> None:
    """Have a sentence read aloud when the reader is next silent."""
    if QAccessible.isActive() and not sealed():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, text))


def announce_change(view: AgendaCanvas) -> None:
    """Tell the screen reader that other visits are on show."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(view, QAccessible.Event.ObjectReorder))


def _interface_for(_name: str, asked: QObject) -> QAccessibleInterface | None:
    if not isinstance(asked, AgendaCanvas):
        return None
    if not isinstance(asked.accessible, AgendaInterface):
        asked.accessible = AgendaInterface(asked)
    return asked.accessible
