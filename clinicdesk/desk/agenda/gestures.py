"""The mouse on the agenda: press, six pixels, then a card is lifted or pulled longer, or new time is marked."""

from dataclasses import replace
from enum import Enum, auto
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QPointF, QRect, Qt, QTimer

from clinicdesk.desk.agenda.columns import Placement
from clinicdesk.desk.agenda.layout import Box, Part, PlacedCard, Target, card_at, more_at
from clinicdesk.desk.agenda.lift import Deed, Lift
from clinicdesk.desk.agenda.scene import Scene
from clinicdesk.domain.agenda import Appointment
from clinicdesk.errors import ClinicError

THRESHOLD = 6.0
_EDGE = 28
_SCROLL_EVERY = 16
_FASTEST = 14
_TURN_EDGE = 14
_TURN_MILLISECONDS = 700  # at the edge, until the day is turned


class Stage(Protocol):
    """What a gesture needs of the view."""

    scene: Scene

    def to_content(self, point: QPointF) -> QPointF:
        """A point of the viewport in content coordinates."""

    def grid_rect(self) -> QRect:
        """The part of the viewport that scrolls."""

    def scroll_by(self, dx: int, dy: int) -> None:
        """Scroll by so many pixels."""

    def more_aside(self, direction: int) -> bool:
        """Whether there are columns to scroll to at the left (-1) or right (1)."""

    def may_move(self, appointment: Appointment) -> bool:
        """Whether this visit can be taken in hand."""

    def may_create(self) -> bool:
        """Whether new time can be marked."""

    def explained(self, placement: Placement) -> ClinicError | None:
        """What stands against a placement."""

    def show_lift(self, lift: Lift | None) -> None:
        """Show a frame of a move."""

    def show_stroke(self, stroke: Target | None) -> None:
        """Show the time being marked."""

    def drop(self, lift: Lift) -> None:
        """Let go of a card."""

    def let_go_at(self, lift: Lift, point: QPointF) -> bool:
        """Let go of a card beside the grid; False when nothing there takes it."""

    def hand_at(self, point: QPointF) -> None:
        """Something is carried over this point, on the grid or beside it."""

    def turn(self, steps: int) -> None:
        """Show another day with the card still in hand."""

    def ask_for_new(self, target: Target) -> None:
        """Ask for a new visit."""

    def select(self, appointment_id: UUID | None) -> None:
        """Choose a visit or none."""


class _Doing(Enum):
    NOTHING = auto()
    PRESSED = auto()
    MOVING = auto()
    RESIZING = auto()
    MARKING = auto()


def minutes_step(scene: Scene, modifiers: Qt.KeyboardModifier) -> int:
    """The grid's step, usually five minutes; single ones while Ctrl is held."""
    return 1 if modifiers & Qt.KeyboardModifier.ControlModifier else scene.snap_minutes


class MouseGestures(QObject):
    """One press to its release. Points are the viewport's."""

    def __init__(self, stage: Stage, parent: QObject) -> None:
        super().__init__(parent)
        self._stage = stage
        self._doing = _Doing.NOTHING
        self._pressed = QPointF()  # in content coordinates, so that scrolling does not shift it
        self._card: tuple[PlacedCard, Part] | None = None
        self._carried: Appointment | None = None  # came from beside the grid, or from another day
        self._grip = QPointF()  # where in the card the hand is
        self._last = QPointF()
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._scrolling = QTimer(self, interval=_SCROLL_EVERY)
        self._scrolling.timeout.connect(self._scroll_on)
        self._turning = QTimer(self, interval=_TURN_MILLISECONDS)
        self._turning.timeout.connect(self._turn_on)

    @property
    def active(self) -> bool:
        """Whether something is in hand or being marked."""
        return self._doing not in (_Doing.NOTHING, _Doing.PRESSED)

    @property
    def turning(self) -> int:
        """The days that waiting turns: -1 over the gutter, 1 at the right edge, where nothing is left to scroll to."""
        grid = self._stage.grid_rect()
        inside = grid.top() <= self._last.y() <= grid.bottom()
        if self._doing is not _Doing.MOVING or not inside or not self._stage.scene.specs:
            return 0
        if grid.left() - _EDGE <= self._last.x() < grid.left() and not self._stage.more_aside(-1):
            return -1
        at_right = grid.right() - _TURN_EDGE < self._last.x() <= grid.right()
        return 1 if at_right and not self._stage.more_aside(1) else 0

    def press(self, point: QPointF) -> None:
        """The left button went down."""
        self._pressed = self._stage.to_content(point)
        self._last = point
        self._carried = None
        self._card = card_at(self._stage.scene.placing.cards, self._pressed.x(), self._pressed.y())
        more = more_at(self._stage.scene.placing.more, self._pressed.x(), self._pressed.y())
        self._doing = _Doing.PRESSED if more is None else _Doing.NOTHING
        if self._card is not None:
            box = self._card[0].box
            self._grip = self._pressed - QPointF(box.x, box.y)
            self._stage.select(self._card[0].id)

    def carry(self, appointment: Appointment, grip: QPointF) -> None:
        """A visit was taken in hand beside the grid; `grip` is where in its card the hand is."""
        self._doing = _Doing.MOVING
        self._carried, self._card, self._grip = appointment, None, grip

    def turned(self) -> None:
        """Another day is shown: what is in hand goes on over it."""
        lift = self._stage.scene.lift
        if self._doing is _Doing.MOVING and lift is not None:
            self._carried = lift.appointment
            self._follow(self._stage.to_content(self._last))

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The mouse moved with the button down."""
        self._last, self._modifiers = point, modifiers
        content = self._stage.to_content(point)
        if self._doing is _Doing.PRESSED and _distance(content, self._pressed) >= THRESHOLD:
            self._begin()
        if self.active:
            self._follow(content)
            self._watch_edges()
        if self._doing is _Doing.MOVING:
            self._stage.hand_at(point)

    def release(self) -> None:
        """The button came up."""
        doing, self._doing = self._doing, _Doing.NOTHING
        self._stop()
        scene = self._stage.scene
        if doing is _Doing.MOVING and scene.lift is not None and self._stage.let_go_at(scene.lift, self._last):
            return
        if doing in (_Doing.MOVING, _Doing.RESIZING) and scene.lift is not None:
            self._stage.drop(scene.lift)
        elif doing is _Doing.MARKING and scene.stroke is not None:
            self._stage.ask_for_new(scene.stroke)
        elif doing is _Doing.PRESSED and self._card is None:
            self._stage.select(None)

    def give_up(self) -> None:
        """Forget the press: Esc, or the card was put down by another road."""
        self._doing = _Doing.NOTHING
        self._stop()
        self._stage.show_stroke(None)

    def _begin(self) -> None:
        scene = self._stage.scene
        if self._card is None:
            inside = scene.layout.column_at(self._pressed.x()) is not None
            self._doing = _Doing.MARKING if inside and self._stage.may_create() else _Doing.NOTHING
            return
        placed, part = self._card
        appointment = scene.shown.get(placed.id)
        if appointment is None or not self._stage.may_move(appointment):
            self._doing = _Doing.NOTHING
            return
        self._doing = _Doing.RESIZING if part is Part.LOWER_EDGE else _Doing.MOVING

    def _follow(self, content: QPointF) -> None:
        scene = self._stage.scene
        step = minutes_step(scene, self._modifiers)
        if self._doing is _Doing.MARKING:
            self._stage.show_stroke(scene.layout.span_between(self._pressed.x(), self._pressed.y(), content.y(), step))
            return
        if self._carried is not None:
            self._follow_carried(self._carried, content)
            return
        assert self._card is not None
        origin = self._card[0].box
        appointment = scene.shown.get(self._card[0].id)
        if appointment is None:  # it left the day while in hand
            self.give_up()
            self._stage.show_lift(None)
            return
        entry = scene.entry(appointment)
        shift = content - self._pressed
        if self._doing is _Doing.RESIZING:
            target = scene.layout.resized(entry, origin.bottom + 2 + shift.y(), step)
            self._stage.show_lift(lifted(self._stage, appointment, target, origin, None, Deed.RESIZE))
        else:
            target = scene.layout.moved(entry, content.x(), origin.y - 1 + shift.y(), step)
            alone = bool(self._modifiers & Qt.KeyboardModifier.AltModifier)
            frame = lifted(self._stage, appointment, target, origin, origin.x + shift.x(), Deed.MOVE, alone=alone)
            self._stage.show_lift(frame)

    def _follow_carried(self, appointment: Appointment, content: QPointF) -> None:
        """A card that has no place in this picture to come from: it hangs where the hand has it."""
        scene = self._stage.scene
        corner = content - self._grip
        entry = scene.settled_entry(appointment)
        step = minutes_step(scene, self._modifiers)
        target = scene.layout.moved(entry, content.x(), corner.y() - 1, step)
        away = appointment.id not in scene.shown
        self._stage.show_lift(lifted(self._stage, appointment, target, None, corner.x(), Deed.MOVE, away=away))

    def _watch_edges(self) -> None:
        near = self._pull() != (0, 0)
        if near and not self._scrolling.isActive():
            self._scrolling.start()
        elif not near:
            self._scrolling.stop()
        if self.turning == 0:
            self._turning.stop()
        elif not self._turning.isActive():
            self._turning.start()

    def _pull(self) -> tuple[int, int]:
        """How far to scroll per tick: the deeper in the margin, the faster."""
        grid = self._stage.grid_rect()
        pulls = []
        for value, low, high in (
            (self._last.x(), grid.left(), grid.right()),
            (self._last.y(), grid.top(), grid.bottom()),
        ):
            before, behind = low + _EDGE - value, value - (high - _EDGE)
            pulls.append(round(min(behind, _FASTEST * 2) / 2) if behind > 0 else 0)
            if before > 0:
                pulls[-1] = -round(min(before, _FASTEST * 2) / 2)
        return pulls[0], pulls[1]

    def _turn_on(self) -> None:
        if self.turning:
            self._stage.turn(self.turning)

    def _stop(self) -> None:
        self._scrolling.stop()
        self._turning.stop()

    def _scroll_on(self) -> None:
        self._stage.scroll_by(*self._pull())
        self._follow(self._stage.to_content(self._last))


def lifted(
    stage: Stage,
    appointment: Appointment,
    target: Target,
    origin: Box | None,
    x: float | None,
    deed: Deed,
    *,
    away: bool = False,
    alone: bool = False,
) -> Lift:
    """A frame of a move: the card at its target's height, at `x` when the hand carries it sideways.

    `origin` is None for a card that came from beside the grid.
    """
    scene = stage.scene
    entry = scene.settled_entry(appointment)
    found = scene.layout.card_box(target.column_key, target.starts_at, target.ends_at)
    box = found or origin or Box(0, 0, 0, 0)
    origin = origin or scene.place_of(appointment.id) or box
    if deed is Deed.RESIZE:
        box = replace(box, x=origin.x, width=origin.width)
    elif x is not None:
        box = replace(box, x=x)
    frame = Lift(appointment, entry, origin, target, box, deed, away=away, alone=alone)
    if not frame.changes:
        return frame
    placement = Placement(appointment, target.column_key, target.starts_at, target.ends_at, alone)
    return replace(frame, error=stage.explained(placement))


def _distance(one: QPointF, other: QPointF) -> float:
    gap = one - other
    return float((gap.x() ** 2 + gap.y() ** 2) ** 0.5)
