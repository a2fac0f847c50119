"""The keyboard on the agenda: arrows walk between cards, Ctrl+X takes one in hand, Enter puts it down."""

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from clinicdesk.desk.agenda.columns import Grouping
from clinicdesk.desk.agenda.gestures import Stage, lifted, minutes_step
from clinicdesk.desk.agenda.layout import Target
from clinicdesk.desk.agenda.lift import Deed, Lift
from clinicdesk.desk.agenda.scene import Scene
from clinicdesk.domain.agenda import Appointment

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_HOUR = 60


def neighbour(scene: Scene, columns: int, cards: int) -> UUID | None:
    """The visit an arrow leads to from the selected one: along its column, or the nearest in time further on."""
    rows = scene.columns_of_visits()
    place = next(((x, y) for x, row in enumerate(rows) for y, one in enumerate(row) if one.id == scene.selected), None)
    if place is None:
        return _first(scene, rows)
    x, y = place
    if cards:
        row = rows[x]
        return row[min(max(y + cards, 0), len(row) - 1)].id
    selected = rows[x][y]
    x += columns
    while 0 <= x < len(rows):
        if rows[x]:
            return min(rows[x], key=lambda one: _apart(scene, one, selected)).id
        x += columns
    return scene.selected


def outermost(scene: Scene, *, last: bool) -> UUID | None:
    """The first or last visit of the selected one's column."""
    row = next((row for row in scene.columns_of_visits() if any(one.id == scene.selected for one in row)), None)
    return None if row is None else row[-1 if last else 0].id


def keyboard_lift(
    stage: Stage, lift: Lift | None, appointment: Appointment, target: Target | None = None
) -> Lift | None:
    """A frame of a move by keyboard; None when the visit cannot be taken in hand."""
    scene = stage.scene
    away = appointment.id not in scene.shown
    origin = None if away else scene.place_of(appointment.id)
    if not stage.may_move(appointment) or (origin is None and not away):
        return None
    if target is None:
        target = lift.target if lift is not None else _as_it_stands(scene, appointment)
    return lifted(stage, appointment, target, origin, None, Deed.MOVE, away=away)


def brought_here(scene: Scene, appointment: Appointment, target: Target) -> Target | None:
    """The same wall-clock time on the day shown: in the same column, by weekday in a week, else in the first."""
    if not scene.specs:
        return None
    local = target.starts_at.astimezone(scene.zone)
    number = scene.layout.index_of(target.column_key)
    if number is None:
        weekdays = [spec.day.weekday() for spec in scene.specs]
        same = scene.grouping is Grouping.DAY and local.weekday() in weekdays
        number = weekdays.index(local.weekday()) if same else 0
    spec = scene.specs[number]
    start = scene.layout.scale.moment(spec.day, local.hour * 60 + local.minute)
    return Target(spec.key, start, start + (appointment.ends_at - appointment.starts_at))


def _as_it_stands(scene: Scene, appointment: Appointment) -> Target:
    entry = scene.settled_entry(appointment)
    target = Target(entry.column_key, entry.starts_at, entry.ends_at)
    return target if appointment.id in scene.shown else brought_here(scene, appointment, target) or target


def stepped_lift(stage: Stage, lift: Lift, event: QKeyEvent) -> Lift | None:
    """The frame after an arrow (a step of the grid, Ctrl: a minute, Shift: an hour); None for any other key."""
    key = Qt.Key(event.key())
    if key in _ARROWS:
        columns, steps = _ARROWS[key]
        hour = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        minutes = steps * (_HOUR if hour else minutes_step(stage.scene, event.modifiers()))
    else:
        return None
    target = stage.scene.layout.stepped(lift.target, columns, minutes)
    return keyboard_lift(stage, lift, lift.appointment, target)


def arrow(event: QKeyEvent) -> tuple[int, int] | None:
    """Columns and cards that a plain arrow key means."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    return _ARROWS.get(Qt.Key(event.key()))


def next_free_target(lift: Lift) -> Target | None:
    """The same length at the next free time that the refusal names."""
    start = lift.next_free
    if start is None:
        return None
    return Target(lift.target.column_key, start, start + (lift.target.ends_at - lift.target.starts_at))


def _first(scene: Scene, rows: list[list[Appointment]]) -> UUID | None:
    """Where the keyboard begins: the visit under way or next to come, in the first column that has one."""
    for row in rows:
        for one in row:
            if one.ends_at > scene.now:
                return one.id
    return next((row[0].id for row in rows if row), None)


def _apart(scene: Scene, one: Appointment, other: Appointment) -> float:
    """Minutes between two starts on the wall clock, whatever their days."""
    heights = []
    for each in (one, other):
        number = scene.layout.index_of(scene.entry(each).column_key) or 0
        heights.append(scene.layout.scale.minutes_of(scene.specs[number].day, each.starts_at))
    return abs(heights[0] - heights[1])
