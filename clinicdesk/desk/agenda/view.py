"""The agenda as people use it: choose, create, move and lengthen visits by mouse or keyboard.

What a person wants leaves as a signal; the picture changes for good when the model does.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from clinicdesk.desk import theme
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.accessible import announce, announce_change, announce_selection, install
from clinicdesk.desk.agenda.columns import ColumnSpec
from clinicdesk.desk.agenda.gestures import MouseGestures
from clinicdesk.desk.agenda.hand import HandCanvas
from clinicdesk.desk.agenda.key_hint import hint_box, paint_hint, paint_turning
from clinicdesk.desk.agenda.keyboard import (
    arrow,
    brought_here,
    keyboard_lift,
    neighbour,
    next_free_target,
    outermost,
    stepped_lift,
)
from clinicdesk.desk.agenda.layout import More, Part, PlacedCard, Target, card_at, more_at
from clinicdesk.desk.agenda.lift import Deed, Lift
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.agenda.spoken import clock, time_range
from clinicdesk.domain.agenda import Appointment
from clinicdesk.words import _

_POINTED_STEP = 15  # minutes
_ZOOM_STEP = 8.0
_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class AgendaView(HandCanvas):
    """Emits wishes only; nothing moves for good before the model says so.

    After `move_requested` the card stays pale where it was dropped until `settled` or `refuse` is called for it, or the
    model holds a newer version.
    """

    selected = Signal(object)  # Appointment or None
    activated = Signal(object)  # Appointment: Enter or double click
    menu_requested = Signal(object, QPoint)  # appointment id or None, where on the screen
    place_clicked = Signal(object, object)  # column key, the quarter of an hour that was clicked
    day_stepped = Signal(int)  # -1 or +1
    carried_over = Signal(object)  # QPoint on the screen that a card in hand is over; None when it is put down
    let_go_beside = Signal(object, QPoint)  # Appointment that was let go of beside the grid, where on the screen
    zoomed = Signal(int)  # pixels of an hour

    def __init__(self, model: AgendaModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._gestures = MouseGestures(self, self)
        self._focus_shown = False
        model.modelReset.connect(self._go_on_over_another_day)
        for signal in (model.dataChanged, model.modelReset, model.rowsRemoved):
            signal.connect(self._let_go_of_overtaken)
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset):
            signal.connect(self._say_changed)
        install()
        self.setAccessibleName(_("Agenda"))

    def select(self, appointment_id: UUID | None) -> None:
        """Choose a visit or none; says so by `selected` and to the screen reader."""
        if appointment_id == self.scene.selected:
            return
        self.scene.selected = appointment_id
        self.arrange()
        box = None if appointment_id is None else self.scene.place_of(appointment_id)
        if box is not None:
            self.ensure_shown(box)
        self.refresh()
        self.selected.emit(None if appointment_id is None else self.model.appointment(appointment_id))
        announce_selection(self)

    def zoom(self, steps: int, around: QPointF | None = None) -> None:
        """Make an hour taller or lower; what is at a point, or in the middle, stays where it is."""
        self.arrange()
        y = self.to_content(around or QPointF(self.grid_rect().center())).y()
        minutes = self.scene.layout.scale.minutes_at(y)
        self.set_pixels_per_hour(self.scene.pixels_per_hour + _ZOOM_STEP * steps)
        self.arrange()
        moved = self.scene.layout.scale.y_of_minutes(minutes) - y
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + round(moved))
        self.zoomed.emit(round(self.scene.pixels_per_hour))

    # --- a card of another day ---

    def take_in_hand(self, appointment: Appointment) -> None:
        """Hold a visit by the keyboard, of whichever day it is."""
        self._give_up()
        self.arrange()
        self.show_lift(keyboard_lift(self, None, appointment))
        if self.scene.lift is not None:
            self.ensure_shown(self.scene.lift.box)
            announce(self, self._aloud(self.scene.lift))

    def carry(self, appointment: Appointment, where: QPoint) -> None:
        """Hold a visit by the mouse, which was pressed beside the grid; `carry_on` and `carry_down` go on with it."""
        self._give_up()
        self.arrange()
        if self.may_move(appointment):
            self._gestures.carry(appointment, QPointF(20, 10))
            self.carry_on(where, Qt.KeyboardModifier.NoModifier)

    def carry_on(self, where: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """The mouse went on to a point of the screen."""
        self._gestures.move(QPointF(self.viewport().mapFromGlobal(where)), modifiers)

    def carry_down(self) -> None:
        """The mouse let go."""
        self._gestures.release()
        self.carried_over.emit(None)

    def set_columns(self, specs: Iterable[ColumnSpec]) -> None:
        super().set_columns(specs)
        lift = self.scene.lift
        if lift is None or not lift.away:
            return
        self.arrange()
        if self._gestures.active:
            self._gestures.turned()
            return
        target = brought_here(self.scene, lift.appointment, lift.target)
        self.show_lift(keyboard_lift(self, lift, lift.appointment, target))

    def let_go_at(self, lift: Lift, point: QPointF) -> bool:
        """Let go of a card beside the grid: whoever listens takes it or not; it does not fall back into the grid."""
        if self.viewport().rect().contains(point.toPoint()):
            return False
        self.show_lift(None)
        self.let_go_beside.emit(lift.appointment, self.viewport().mapToGlobal(point.toPoint()))
        return True

    def hand_at(self, point: QPointF) -> None:
        """Tell over what a card is carried."""
        self.carried_over.emit(self.viewport().mapToGlobal(point.toPoint()))

    def turn(self, steps: int) -> None:
        """Show another day with the card still in hand."""
        self.day_stepped.emit(steps)

    # --- events ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.arrange()
        if event.button() is not Qt.MouseButton.LeftButton or not self.grid_rect().contains(event.position().toPoint()):
            return
        if self.scene.lift is not None:  # a keyboard move or a glide under way ends where it began
            self._give_up()
        self._gestures.press(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._gestures.move(event.position(), event.modifiers())
        elif self.scene.lift is None:
            self._hover(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        was_active = self._gestures.active
        self._gestures.release()
        self.carried_over.emit(None)
        if was_active or self._hit(event.position()) is not None:
            return
        offered = self._free_at(event.position())
        if offered is not None and self.may_create():
            self.ask_for_new(offered)
        elif self._more_at(event.position()) is not None:
            self._open_more(event.position())
        else:
            self._point_at(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.arrange()
        if event.button() is not Qt.MouseButton.LeftButton or not self.grid_rect().contains(event.position().toPoint()):
            return
        content = self.to_content(event.position())
        found = self._hit(event.position())
        if found is not None:
            self.activated.emit(self.scene.shown[found[0].id])
        elif self.may_create() and self._more_at(event.position()) is None:
            target = self.scene.layout.span_between(content.x(), content.y(), content.y(), self.scene.new_minutes)
            if target is not None:
                self.ask_for_new(target)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.arrange()
        lift = self.scene.lift
        handled = self._key_in_hand(event, lift) if lift is not None else self._key_at_rest(event)
        event.setAccepted(handled)

    def focusNextPrevChild(self, forward: bool) -> bool:
        lift = self.scene.lift
        target = None if lift is None or not forward else next_free_target(lift)
        if lift is None or target is None:
            return super().focusNextPrevChild(forward)
        frame = keyboard_lift(self, lift, lift.appointment, target)
        if frame is not None and self._gestures.active and frame.error is None:
            self._gestures.give_up()
            self.drop(frame)
        else:
            self.show_lift(frame)
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self.zoom(1 if event.angleDelta().y() > 0 else -1, event.position())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.arrange()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            area = None if self.scene.selected is None else self.card_rect(self.scene.selected)
            if area is not None:
                self.menu_requested.emit(self.scene.selected, self.viewport().mapToGlobal(area.center()))
            return
        found = self._hit(QPointF(event.pos()))
        if found is not None:
            self.select(found[0].id)
        self.menu_requested.emit(None if found is None else found[0].id, event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_focus(event.reason() in _BY_KEYBOARD)
        announce_selection(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_focus(False)

    def hideEvent(self, event: QHideEvent) -> None:
        self._give_up()
        super().hideEvent(event)

    def put_down(self) -> None:
        """Let go of what the mouse holds, as if it had not been taken; what the keyboard carries stays in hand."""
        if self._gestures.active:
            self._give_up()

    # --- within ---

    def _show_focus(self, shown: bool) -> None:
        """A frame around the grid while the keyboard is here and no card wears the ring."""
        self._focus_shown = shown
        self.viewport().update()

    def paint_over(self, painter: QPainter) -> None:
        if self._focus_shown and self.scene.place_of_selected() is None:
            painter.setPen(QPen(theme.current().color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.grid_rect().adjusted(1, 1, -1, -1))
        super().paint_over(painter)
        if self._gestures.turning:
            paint_turning(painter, QRectF(self.grid_rect()), self._gestures.turning)
        hint = self.hint()
        if hint is not None:
            paint_hint(painter, hint)

    def hint(self) -> QRectF | None:
        """Where the keys are named while a card is held by the keyboard; None while none is."""
        lift = self.scene.lift
        if lift is None or lift.deed is not Deed.MOVE or self._gestures.active:
            return None
        return hint_box(QRectF(self.grid_rect()), self.to_viewport(lift.box))

    def _key_in_hand(self, event: QKeyEvent, lift: Lift) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self._give_up()
            return True
        if lift.deed is not Deed.MOVE or self._gestures.active:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if lift.error is None:
                self.drop(lift)
            return True
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and not event.modifiers():
            self.day_stepped.emit(-1 if event.key() == Qt.Key.Key_PageUp else 1)
            return True
        frame = stepped_lift(self, lift, event)
        if frame is not None:
            self.show_lift(frame)
            self.ensure_shown(frame.box)
            self.viewport().update()  # the hint may have changed its place
            announce(self, self._aloud(frame))
        return frame is not None

    def _key_at_rest(self, event: QKeyEvent) -> bool:
        step = arrow(event)
        key = event.key()
        chosen = self.scene.shown.get(self.scene.selected) if self.scene.selected else None
        if step is not None:
            self.select(neighbour(self.scene, *step) or self.scene.selected)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.select(outermost(self.scene, last=key == Qt.Key.Key_End) or self.scene.selected)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and not event.modifiers():
            self.day_stepped.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key == Qt.Key.Key_Escape and (self._gestures.active or chosen is not None):
            self._give_up()
            self.select(None)
        elif chosen is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.activated.emit(chosen)
        elif chosen is not None and event.matches(QKeySequence.StandardKey.Cut):
            self.take_in_hand(chosen)
        else:
            return False
        return True

    def _aloud(self, lift: Lift) -> str:
        """Where a card in hand would go, for who hears it."""
        number = self.scene.layout.index_of(lift.target.column_key) or 0
        time = time_range(lift.target.starts_at, lift.target.ends_at, self.scene.zone)
        parts = [time, self.scene.specs[number].title]
        if lift.error is not None:
            shown = self.callout()
            parts += [shown[0].title, shown[0].sentence] if shown is not None else []
        return ", ".join(parts)

    def _say_changed(self) -> None:
        announce_change(self)

    def _give_up(self) -> None:
        """Put down whatever is in hand, as if nothing had been."""
        self._gestures.give_up()
        self.stop_gliding()
        if self.scene.lift is not None:
            self.show_lift(None)

    def _hover(self, point: QPointF) -> None:
        found = self._hit(point)
        before, self.scene.hovered = self.scene.hovered, None if found is None else found[0].id
        shape = Qt.CursorShape.ArrowCursor
        if found is not None and self.may_move(self.scene.shown[found[0].id]):
            edge = found[1] is Part.LOWER_EDGE
            shape = Qt.CursorShape.SizeVerCursor if edge else Qt.CursorShape.PointingHandCursor
        elif self._more_at(point) is not None:
            shape = Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(shape)
        for each in {before, self.scene.hovered} - {None}:
            box = self.scene.place_of(each) if before != self.scene.hovered and each is not None else None
            if box is not None:
                self.update_box(box)

    def _hit(self, point: QPointF) -> tuple[PlacedCard, Part] | None:
        self.arrange()
        if not self.grid_rect().contains(point.toPoint()):
            return None
        content = self.to_content(point)
        return card_at(self.scene.placing.cards, content.x(), content.y())

    def _more_at(self, point: QPointF) -> More | None:
        content = self.to_content(point)
        inside = self.grid_rect().contains(point.toPoint())
        return more_at(self.scene.placing.more, content.x(), content.y()) if inside else None

    def _free_at(self, point: QPointF) -> Target | None:
        """The time on offer under the point: a click takes it."""
        content = self.to_content(point)
        for free in self.scene.free:
            box = self.scene.layout.card_box(free.column_key, free.starts_at, free.ends_at)
            if (
                box is not None
                and box.contains(content.x(), content.y())
                and self.grid_rect().contains(point.toPoint())
            ):
                return Target(free.column_key, free.starts_at, free.ends_at)
        return None

    def _point_at(self, point: QPointF) -> None:
        """Tell of a click on nothing: the place is asked about."""
        content = self.to_content(point)
        place = self.scene.layout.slot_at(content.x(), content.y(), _POINTED_STEP)
        if place is not None and self.grid_rect().contains(point.toPoint()):
            self.place_clicked.emit(*place)

    def _open_more(self, point: QPointF) -> None:
        more = self._more_at(point)
        if more is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for one in more.ids:
            appointment = self.scene.shown[one]
            name = privacy.shown_name(appointment.patient_name).replace("&", "&&")
            text = f"{clock(appointment.starts_at, self.scene.zone)}  {name}"
            menu.addAction(text, partial(self.select, appointment.id))
        menu.popup(self.viewport().mapToGlobal(self.to_viewport(more.box).bottomLeft().toPoint()))

    def _go_on_over_another_day(self) -> None:
        """The picture is another one: what is in hand of the former stays in hand, without a place to glide back to."""
        lift = self.scene.lift
        if lift is None or lift.deed is not Deed.MOVE:
            return
        held = self.model.appointment(lift.appointment.id)
        self.scene.lift = replace(lift, away=True, appointment=held or lift.appointment)

    def _let_go_of_overtaken(self) -> None:
        """Forget what is pending, in hand or chosen of visits that the model has changed or lost."""
        self.forget_overtaken()
        lift = self.scene.lift
        if lift is not None and not lift.away and self.model.appointment(lift.appointment.id) != lift.appointment:
            self._give_up()
        if self.scene.selected is not None and self.model.appointment(self.scene.selected) is None:
            self.select(None)
