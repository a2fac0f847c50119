"""The agenda in its order of painting: ground, closed time, lines, the present, cards, what is in hand."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from clinicdesk.desk import icons, theme
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.card import RADIUS, CardPainter, CardState
from clinicdesk.desk.agenda.closures import closure_label, paint_hatched, paint_label
from clinicdesk.desk.agenda.columns import Grouping
from clinicdesk.desk.agenda.layout import Box
from clinicdesk.desk.agenda.lift import Deed
from clinicdesk.desk.agenda.paint import paint_pill
from clinicdesk.desk.agenda.scene import Scene
from clinicdesk.desk.agenda.spoken import clock, time_range
from clinicdesk.desk.widgets import drawing
from clinicdesk.domain.patients import shorter_names
from clinicdesk.words import _

_DOT = 4.0
_PIN = 20.0
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def rect(box: Box) -> QRectF:
    """A layout's box as Qt takes it."""
    return QRectF(box.x, box.y, box.width, box.height)


def snapped_y(y: float, ratio: float) -> float:
    """The height of a line of one pixel that fills whole device pixels."""
    return (round(y * ratio) + 0.5) / ratio


def paint_ground(painter: QPainter, scene: Scene, area: QRectF, ratio: float) -> None:
    """Columns, closed time and grid lines, the labels after the lines."""
    now = theme.current()
    painter.fillRect(area, now.color("surface"))
    if scene.grouping is Grouping.DAY:
        for number, spec in enumerate(scene.specs):
            if scene.is_today(spec):
                painter.fillRect(rect(scene.layout.column_box(number)), now.color("bg"))
    closed = [one for one in _closed(scene) if one[1].intersects(area)]
    for _number, box, _label in closed:
        paint_hatched(painter, box, ratio)
    _paint_lines(painter, scene, area, ratio)
    for number, box, (icon, words) in closed:
        paint_label(painter, _widest_gap(scene, number, box), icon, words)
    for held in scene.held:
        found = scene.layout.card_box(held.column_key, held.starts_at, held.ends_at)
        if found is not None:
            _paint_held(painter, rect(found), (held.words, held.short))
    for free in scene.free:
        found = scene.layout.card_box(free.column_key, free.starts_at, free.ends_at)
        if found is not None:
            time = clock(free.starts_at, scene.zone)
            _paint_offer(painter, rect(found), _("{time} free").format(time=time))


def paint_now_line(painter: QPainter, scene: Scene, ratio: float) -> None:
    """The present, behind the cards: full in the columns of today, a hint in the others."""
    now = theme.current()
    todays = [scene.is_today(spec) for spec in scene.specs]
    if not any(todays):
        return
    y = snapped_y(now_y(scene), ratio)
    for number, today in enumerate(todays):
        box = scene.layout.column_box(number)
        color = now.color("danger", 1.0 if today else 0.3)
        painter.setPen(QPen(color, 1.5 if today else 1.0))
        painter.drawLine(QLineF(box.x, y, box.right, y))


def now_y(scene: Scene) -> float:
    """The height of the present on the shared axis."""
    day = scene.now.astimezone(scene.zone).date()
    return scene.layout.scale.y(day, scene.now)


def paint_cards(painter: QPainter, scene: Scene, cards: CardPainter, area: QRectF) -> None:
    """Every card that touches `area`, and the “+2” tiles."""
    hand = scene.lift.appointment.id if scene.lift is not None else None
    for placed in scene.placing.cards:
        box = rect(placed.box)
        if placed.id == hand or not box.adjusted(-4, -4, 4, 4).intersects(area):
            continue
        appointment = scene.as_dropped(scene.shown[placed.id])
        state = CardState(
            selected=appointment.id == scene.selected,
            hovered=appointment.id == scene.hovered,
            pale=appointment.id in scene.pending,
        )
        cards.paint(painter, appointment, box, scene.hue(appointment), scene.now, scene.zone, state)
    for more in scene.placing.more:
        if rect(more.box).intersects(area):
            _paint_more(painter, rect(more.box), len(more.ids), scene.selected in more.ids)
    _paint_dots(painter, scene)
    _paint_pins(painter, scene)


def paint_conflicts(painter: QPainter, scene: Scene, cards: CardPainter) -> None:
    """Once more, outlined in red, the cards that stand against what is in hand."""
    if scene.lift is None or scene.lift.error is None:
        return
    for placed in scene.placing.cards:
        appointment = scene.shown[placed.id]
        if scene.in_the_way(appointment):
            state = CardState(selected=appointment.id == scene.selected, conflict=True)
            hue = scene.hue(appointment)
            cards.paint(painter, appointment, rect(placed.box), hue, scene.now, scene.zone, state)
    _paint_dots(painter, scene)


def paint_hand(painter: QPainter, scene: Scene, cards: CardPainter) -> None:
    """The stroke that marks new time, or the ghost at the origin and the lifted card."""
    if scene.stroke is not None:
        found = scene.layout.card_box(scene.stroke.column_key, scene.stroke.starts_at, scene.stroke.ends_at)
        if found is not None:
            _paint_offer(painter, rect(found), time_range(scene.stroke.starts_at, scene.stroke.ends_at, scene.zone))
    lift = scene.lift
    if lift is None:
        return
    if lift.deed is not Deed.RESIZE and not lift.away:
        paint_ghost(
            painter, rect(lift.origin), scene.hue(lift.appointment), privacy.shown_name(lift.appointment.patient_name)
        )
    gliding = lift.deed is Deed.GLIDE
    state = CardState(lifted=True, selected=not gliding and lift.error is None, conflict=lift.error is not None)
    shown = lift.appointment
    if not gliding:
        shown = replace(shown, starts_at=lift.target.starts_at, ends_at=lift.target.ends_at)
    cards.paint(painter, shown, rect(lift.box), scene.hue(shown), scene.now, scene.zone, state)


def paint_gutter(painter: QPainter, scene: Scene, area: QRectF, offset: float) -> None:
    """The hours at the left, `offset` being where content's zero stands in the viewport."""
    now = theme.current()
    painter.fillRect(area, now.color("surface"))
    painter.setFont(now.font("detail", numbers=True))
    painter.setPen(now.color("faint"))
    hidden = _pill_heights(scene)
    for hour in scene.layout.scale.hours:
        y = scene.layout.scale.y_of_minutes(hour * 60)
        if all(abs(y - other) > 15 for other in hidden):
            text = f"{hour % 24:02d}:00"
            painter.drawText(QRectF(0, offset + y - 12, area.width() - 12, 24), _RIGHT, text)
    painter.setPen(QPen(now.color("line"), 1))
    x = area.right() - 0.5
    painter.drawLine(QLineF(x, area.top(), x, area.bottom()))


def paint_gutter_pills(painter: QPainter, scene: Scene, area: QRectF, offset: float) -> None:
    """The present in red, and the time of what is in hand in the strongest colour there is."""
    now = theme.current()
    lift = scene.lift
    if any(scene.is_today(spec) for spec in scene.specs):
        text = clock(scene.now, scene.zone)
        _paint_time(painter, area, text, offset + now_y(scene), now.color("danger"), now.color("onDanger"))
    if lift is not None and lift.deed is not Deed.GLIDE:
        number = scene.layout.index_of(lift.target.column_key) or 0
        moment = lift.target.ends_at if lift.deed is Deed.RESIZE else lift.target.starts_at
        y = scene.layout.scale.y(scene.specs[number].day, moment)
        _paint_time(painter, area, clock(moment, scene.zone), offset + y, now.color("text"), now.color("surface"))


def _pill_heights(scene: Scene) -> list[float]:
    return [now_y(scene)] if any(scene.is_today(spec) for spec in scene.specs) else []


def _paint_time(painter: QPainter, area: QRectF, text: str, y: float, ground: QColor, ink: QColor) -> None:
    font = theme.current().font("detail_strong", numbers=True)
    width = max(QFontMetricsF(font).horizontalAdvance(text) + 14, 46.0)
    height = theme.current().line_height("detail_strong") + 4
    pill = QRectF(area.right() - 4 - width, round(y - height / 2), width, height)
    paint_pill(painter, pill, ground)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def _widest_gap(scene: Scene, number: int, box: QRectF) -> QRectF:
    """The tallest part of a closed stretch that no card covers: its label stands there."""
    taken = sorted(
        (card.box.y, card.box.bottom)
        for card in scene.placing.cards
        if card.column == number and card.box.bottom > box.top() and card.box.y < box.bottom()
    )
    best, top = (0.0, box.top()), box.top()
    for start, end in (*taken, (box.bottom(), box.bottom())):
        best = max(best, (start - top, top), key=lambda gap: gap[0])
        top = max(top, end)
    return QRectF(box.x(), best[1], box.width(), best[0])


def _closed(scene: Scene) -> list[tuple[int, QRectF, tuple[str, str]]]:
    found = []
    person = scene.grouping not in (Grouping.ROOM, Grouping.EQUIPMENT)
    for number, spec in enumerate(scene.specs):
        for closure in scene.closures.get(spec.key, ()):
            box = scene.layout.time_box(spec.key, closure.slot.starts_at, closure.slot.ends_at)
            if box is not None:
                found.append((number, rect(box), closure_label(closure, spec.day, scene.zone, person=person)))
    return found


def _paint_lines(painter: QPainter, scene: Scene, area: QRectF, ratio: float) -> None:
    now = theme.current()
    scale = scene.layout.scale
    strong = QPen(now.color("line"), 1 / ratio if ratio > 1.5 else 1)
    soft = QPen(now.color("lineSoft"), strong.widthF())
    for minutes in range(scale.first_hour * 60, scale.last_hour * 60 + 1, scene.line_minutes):
        y = snapped_y(scale.y_of_minutes(minutes), ratio)
        if area.top() - 1 <= y <= area.bottom() + 1:
            painter.setPen(soft if minutes % 60 else strong)
            painter.drawLine(QLineF(area.left(), y, area.right(), y))
    painter.setPen(strong)
    for number in range(1, len(scene.specs) + 1):
        x = snapped_y(number * scene.layout.column_width - 1, ratio)
        painter.drawLine(QLineF(x, area.top(), x, area.bottom()))


def _paint_held(painter: QPainter, box: QRectF, forms: Sequence[str]) -> None:
    """A dashed stretch that somebody keeps while they talk; quieter than an offer. The first form that fits is said."""
    now = theme.current()
    painter.setPen(QPen(now.color("field"), 1.2, Qt.PenStyle.DashLine))
    painter.setBrush(now.color("sunken", 0.9))
    painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), RADIUS, RADIUS)
    if box.height() < 14:
        return
    icons.paint(painter, "timer", "muted", QRectF(box.x() + 10, box.center().y() - 7, 14, 14))
    font = now.font("label", numbers=True)
    metrics = QFontMetricsF(font)
    words = next((form for form in forms if metrics.horizontalAdvance(form) <= box.width() - 36), "")
    painter.setFont(font)
    painter.setPen(now.color("muted"))
    baseline = box.center().y() - metrics.height() / 2 + metrics.ascent()
    painter.drawText(QPointF(box.x() + 30, baseline), words)


def _paint_offer(painter: QPainter, box: QRectF, text: str) -> None:
    """A dashed stretch with a plus: time that is free, or being marked."""
    now = theme.current()
    painter.setPen(QPen(now.color("accent"), 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(now.color("accentSoft", 0.85))
    painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), RADIUS, RADIUS)
    font = now.font("card_name", numbers=True)
    metrics = QFontMetricsF(font)
    if box.height() < 14:
        return
    icons.paint(painter, "plus", "accentText", QRectF(box.x() + 10, box.center().y() - 7, 14, 14))
    if metrics.horizontalAdvance(text) <= box.width() - 36:
        painter.setFont(font)
        painter.setPen(now.color("accentText"))
        baseline = box.center().y() - metrics.height() / 2 + metrics.ascent()
        painter.drawText(QPointF(box.x() + 30, baseline), text)


def paint_ghost(painter: QPainter, box: QRectF, hue: int, name: str) -> None:
    """Where a visit was: dashed, in its colour, with its name if there is room."""
    now = theme.current()
    painter.setPen(QPen(now.hue(hue).edge, 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(now.color("surface"))
    painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), RADIUS, RADIUS)
    font = now.font("label")
    metrics = QFontMetricsF(font)
    room = box.width() - 20
    name = next((form for form in shorter_names(name) if metrics.horizontalAdvance(form) <= room), "")
    if box.height() >= 16 and name:
        painter.setFont(font)
        painter.setPen(now.color("muted"))
        painter.drawText(QPointF(box.x() + 11, box.center().y() - metrics.height() / 2 + metrics.ascent()), name)


def _paint_more(painter: QPainter, box: QRectF, count: int, holds_selected: bool) -> None:
    now = theme.current()
    border = now.color("accent" if holds_selected else "border")
    painter.setPen(QPen(border, 1.5 if holds_selected else 1.0))
    painter.setBrush(now.color("sunken"))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    painter.setFont(now.font("chip_strong", numbers=True))
    painter.setPen(now.color("text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"+{count}")


def _paint_pins(painter: QPainter, scene: Scene) -> None:
    """A pin at the lower corner of each card that was put aside: it holds this time until it is placed."""
    now = theme.current()
    for placed in scene.placing.cards:
        if placed.id in scene.pinned:
            disc = QRectF(placed.box.right - _PIN - 3, placed.box.bottom - _PIN - 3, _PIN, _PIN)
            drawing.box(painter, disc, _PIN / 2, now.color("surface"), now.color("accent"), 1)
            icons.paint(painter, "pin", "accentText", disc.adjusted(4, 4, -4, -4))


def _paint_dots(painter: QPainter, scene: Scene) -> None:
    """A red dot on the bar of each card that the present crosses."""
    now = theme.current()
    y = now_y(scene)
    for placed in scene.placing.cards:
        if scene.is_today(scene.specs[placed.column]) and placed.box.y <= y < placed.box.bottom:
            painter.setPen(QPen(now.color("surface"), 1.2))
            painter.setBrush(now.color("danger"))
            painter.drawEllipse(QPointF(placed.box.x + 1.5, y), _DOT, _DOT)
