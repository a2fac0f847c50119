"""The agenda with something in hand: frames of a move, what stands against it, the drop, and the way back."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.agenda.callout import Callout, callout_box, callout_head, paint_callout
from clinicdesk.desk.agenda.canvas import AgendaCanvas
from clinicdesk.desk.agenda.columns import Placement
from clinicdesk.desk.agenda.glide import Glide
from clinicdesk.desk.agenda.layout import Box, Target
from clinicdesk.desk.agenda.lift import Deed, Lift
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.agenda.spoken import clock
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.errors import ClinicError
from clinicdesk.words import _

MOVABLE = frozenset({Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN, Status.IN_PROGRESS})


class HandCanvas(AgendaCanvas):
    """What gestures and keys share once a card is lifted or time is being marked."""

    create_requested = Signal(object, object, object, QRect)  # column key, start, end, where on the screen
    move_requested = Signal(object, object, object, object)  # appointment id, column key, start, end

    def __init__(self, model: AgendaModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._explain: Callable[[Placement], ClinicError | None] | None = None
        self._describe: Callable[[ClinicError], str] = str
        self._asked: tuple[Placement, ClinicError | None] | None = None
        self._read_only = False
        self.carried: Appointment | None = None  # the visit of another day that was let go of last
        self.dropped_alone = False  # how the last card was let go
        self._callout_area = QRect()
        self._glide = Glide(self.show_lift, self)

    def set_explain(
        self, explain: Callable[[Placement], ClinicError | None], describe: Callable[[ClinicError], str]
    ) -> None:
        """How to learn, without waiting, what stands against a placement, and how to word it."""
        self._explain, self._describe = explain, describe

    def set_read_only(self, read_only: bool) -> None:
        """Offline: everything can be looked at, nothing taken in hand."""
        self._read_only = read_only

    def settled(self, appointment_id: UUID) -> None:
        """The move is done: the model's value counts again."""
        if self.scene.pending.pop(appointment_id, None) is not None:
            self.values_changed()

    def refuse(self, appointment_id: UUID) -> None:
        """The move was refused: the card glides back to where its value says."""
        dropped = self.card_rect(appointment_id)
        if self.scene.pending.pop(appointment_id, None) is None:
            return
        self.values_changed()
        self.arrange()
        appointment = self.scene.shown.get(appointment_id)
        if appointment is not None and dropped is not None:
            corner = self.to_content(QPointF(dropped.topLeft()))
            self._glide_home(appointment, Box(corner.x(), corner.y(), dropped.width(), dropped.height()))

    def may_move(self, appointment: Appointment) -> bool:
        """Whether a visit can be taken in hand: not over, not waiting for the server, not offline."""
        return not self._read_only and appointment.id not in self.scene.pending and appointment.status in MOVABLE

    def may_create(self) -> bool:
        """Whether new time can be marked."""
        return not self._read_only

    def scroll_by(self, dx: int, dy: int) -> None:
        """Scroll by so many pixels."""
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + dx)
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + dy)

    def explained(self, placement: Placement) -> ClinicError | None:
        """What stands against a placement; asked once for each."""
        if self._explain is None:
            return None
        if self._asked is None or self._asked[0] != placement:
            self._asked = placement, self._explain(placement)
        return self._asked[1]

    def show_lift(self, lift: Lift | None) -> None:
        """Show a frame of a move, repainting no more than it touches."""
        before, self.scene.lift = self.scene.lift, lift
        if before is None or lift is None or before.appointment.id != lift.appointment.id:
            self.refresh()
        elif before.error != lift.error:
            self.viewport().update()
        else:
            for box in (before.box, lift.box):
                self.update_box(box)
            self.viewport().update(self._callout_area)
        shown = self.callout()
        self._callout_area = QRect() if shown is None else shown[1].toAlignedRect().adjusted(-24, -24, 24, 24)
        self.viewport().update(self._callout_area)
        hand = Qt.CursorShape.SizeVerCursor if lift and lift.deed is Deed.RESIZE else Qt.CursorShape.ClosedHandCursor
        self.viewport().setCursor(hand if lift is not None else Qt.CursorShape.ArrowCursor)

    def more_aside(self, direction: int) -> bool:
        """Whether there are columns to scroll to at the left (-1) or right (1)."""
        bar = self.horizontalScrollBar()
        return bar.value() < bar.maximum() if direction > 0 else bar.value() > bar.minimum()

    def show_stroke(self, stroke: Target | None) -> None:
        """Show the time being marked."""
        self.scene.stroke = stroke
        self.viewport().update()

    def drop(self, lift: Lift) -> None:
        """Let go: ask for the move, or glide back when something stands against it."""
        if lift.error is not None:
            self._glide_home(lift.appointment, lift.box)
            return
        if not lift.changes:
            self.show_lift(None)
            return
        if not lift.away:
            self.scene.pending[lift.appointment.id] = lift.target, lift.appointment.version
        self.carried = lift.appointment if lift.away else None
        self.show_lift(None)
        self.values_changed()
        target, self.dropped_alone = lift.target, lift.alone
        self.move_requested.emit(lift.appointment.id, target.column_key, target.starts_at, target.ends_at)

    def ask_for_new(self, target: Target) -> None:
        """Ask for a new visit in the time that was marked."""
        self.show_stroke(None)
        box = self.scene.layout.card_box(target.column_key, target.starts_at, target.ends_at)
        area = QRect() if box is None else self.to_viewport(box).toAlignedRect()
        area.moveTopLeft(self.viewport().mapToGlobal(area.topLeft()))
        self.create_requested.emit(target.column_key, target.starts_at, target.ends_at, area)

    def paint_over(self, painter: QPainter) -> None:
        shown = self.callout()
        if shown is not None:
            paint_callout(painter, *shown)

    def forget_overtaken(self) -> None:
        """Pending drops end when the model holds something newer, or nothing any more."""
        for key, (_target, version) in tuple(self.scene.pending.items()):
            held = self.model.appointment(key)
            if held is None or held.version > version:
                del self.scene.pending[key]

    def stop_gliding(self) -> None:
        """A card on its way back is home at once."""
        self._glide.stop()

    def _glide_home(self, appointment: Appointment, start: Box) -> None:
        origin = self.scene.place_of(appointment.id)
        if origin is None:
            self.show_lift(None)
            return
        entry = self.scene.settled_entry(appointment)
        target = Target(entry.column_key, entry.starts_at, entry.ends_at)
        self._glide.home(Lift(appointment, entry, origin, target, start, Deed.GLIDE))

    def callout(self) -> tuple[Callout, QRectF] | None:
        """What stands against the card in hand, and where that is said; None when nothing does."""
        lift = self.scene.lift
        if lift is None or lift.error is None:
            return None
        offer = ""
        if lift.next_free is not None:
            offer = _("Free at {time}").format(time=clock(lift.next_free, self.scene.zone))
        callout = Callout(*callout_head(lift.error), self._describe(lift.error), offer)
        return callout, callout_box(callout, self.to_viewport(lift.box), QRectF(self.grid_rect()))
