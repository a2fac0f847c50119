"""The agenda under a real mouse and keyboard: what people do, and the wishes that leave."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from clinicdesk.desk import theme
from clinicdesk.desk.agenda.columns import ColumnSpec, FreeTime, Grouping
from clinicdesk.desk.agenda.lift import Deed
from clinicdesk.desk.agenda.view import AgendaView
from clinicdesk.domain.agenda import Status
from clinicdesk.domain.saved_views import Sieve
from clinicdesk.errors import SlotTaken
from tests.builders import TUESDAY, ZONE, appointment, local, uuid_for
from tests.desk.agenda.lifelike import PEOPLE, day_view, tuesday, week_view

DULCE = uuid_for("Dr. Caio Menezes 10:45 Dulce Fontoura")
ALICIA = uuid_for("Dr. André Falcão 11:15 Alícia Rezende")
RONALDO = uuid_for("Dr. André Falcão 13:30 Ronaldo Pádua")
BEATRIZ = uuid_for("Dra. Helena Prado 8:00 Beatriz Nóbrega")
HELENA, CAIO, LIVIA, ANDRE, MARINA = (uuid_for(name) for name, _specialty, _hue in PEOPLE)
NO_KEY = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

Listen = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def view(qtbot: QtBot, dress: Callable[..., None]) -> Iterator[AgendaView]:
    dress(reduced_motion=True)
    yield shown(qtbot, day_view())


def shown(qtbot: QtBot, view: AgendaView) -> AgendaView:
    qtbot.addWidget(view)
    view.resize(1200, 1000)
    with qtbot.waitExposed(view):
        view.show()
    view.setFocus()
    return view


def heard(signal: object) -> list[tuple[object, ...]]:
    """What a signal says from now on."""
    calls: list[tuple[object, ...]] = []
    signal.connect(lambda *values: calls.append(values))  # type: ignore[attr-defined]
    return calls


def mouse(view: AgendaView, kind: QEvent.Type, point: QPoint, modifiers: Qt.KeyboardModifier = NO_KEY) -> None:
    left = Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else left
    cause = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left
    viewport = view.viewport()
    place = QPointF(point)
    QApplication.sendEvent(
        viewport, QMouseEvent(kind, place, QPointF(viewport.mapToGlobal(point)), cause, held, modifiers)
    )


def press(view: AgendaView, point: QPoint) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, point)


def pull(view: AgendaView, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NO_KEY) -> None:
    for step in range(1, 9):
        mouse(view, QEvent.Type.MouseMove, start + (end - start) * step / 8, modifiers)


def release(view: AgendaView, point: QPoint) -> None:
    mouse(view, QEvent.Type.MouseButtonRelease, point)


def drag(view: AgendaView, start: QPoint, by: QPoint, modifiers: Qt.KeyboardModifier = NO_KEY) -> None:
    press(view, start)
    pull(view, start, start + by, modifiers)
    release(view, start + by)


def grip(view: AgendaView, appointment_id: UUID) -> QPoint:
    area = view.card_rect(appointment_id)
    assert area is not None
    return area.topLeft() + QPoint(40, 10)


def spot(view: AgendaView, column: int, hour: int, minute: int = 0) -> QPoint:
    """The middle of a column at a time."""
    view.arrange()
    x = (column + 0.5) * view.scene.layout.column_width
    y = view.scene.layout.scale.y_of_minutes(hour * 60 + minute)
    return (QPointF(x, y) + view.offset()).toPoint()


def column_step(view: AgendaView) -> int:
    return round(view.scene.layout.column_width)


# --- choosing ---


def test_a_click_chooses_and_empty_time_lets_go(view: AgendaView) -> None:
    chosen = heard(view.selected)
    press(view, grip(view, DULCE))
    release(view, grip(view, DULCE))
    press(view, spot(view, 0, 17))
    release(view, spot(view, 0, 17))
    assert [value[0].id if value[0] else None for value in chosen] == [DULCE, None]  # type: ignore[attr-defined]


def test_a_double_click_opens_a_visit_or_asks_for_a_new_one(view: AgendaView) -> None:
    opened, asked = heard(view.activated), heard(view.create_requested)
    mouse(view, QEvent.Type.MouseButtonDblClick, grip(view, DULCE))
    mouse(view, QEvent.Type.MouseButtonDblClick, spot(view, 0, 17, 10))
    assert [value[0].id for value in opened] == [DULCE]  # type: ignore[attr-defined]
    assert asked[0][:3] == (HELENA, local(17), local(17, 30))


def test_the_right_button_asks_for_the_menu_of_what_is_under_it(view: AgendaView) -> None:
    menus = heard(view.menu_requested)
    reason = QContextMenuEvent.Reason.Mouse
    for point in (grip(view, DULCE), spot(view, 0, 17)):
        event = QContextMenuEvent(reason, point, view.viewport().mapToGlobal(point))
        QApplication.sendEvent(view.viewport(), event)
    assert [call[0] for call in menus] == [DULCE, None]
    assert view.scene.selected == DULCE


def test_cancelled_visits_are_hidden_until_asked_for(view: AgendaView) -> None:
    gone = next(value for value in tuesday() if value.status is Status.CANCELLED)
    assert view.card_rect(gone.id) is None
    view.set_sieve(Sieve(cancelled=True))
    assert view.card_rect(gone.id) is not None


def test_three_at_once_stand_behind_a_number_that_opens_a_list(view: AgendaView, qtbot: QtBot) -> None:
    (more,) = view.scene.placing.more
    assert len(more.ids) == 2
    point = view.to_viewport(more.box).center().toPoint()
    press(view, point)
    release(view, point)
    menu = view.findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["15:50  Bento Luz", "16:00  Célia Rios"]
    menu.actions()[1].trigger()
    assert view.scene.selected == more.ids[1]
    menu.close()


# --- creating ---


def test_a_stroke_over_empty_time_asks_for_a_new_visit(view: AgendaView) -> None:
    asked = heard(view.create_requested)
    start = spot(view, 3, 17, 2)
    press(view, start)
    pull(view, start, spot(view, 3, 17, 43))
    assert view.scene.stroke is not None
    release(view, spot(view, 3, 17, 43))
    (key, starts_at, ends_at, area) = asked[0]
    assert (key, starts_at, ends_at) == (ANDRE, local(17), local(17, 45))
    assert area.height() > 50  # type: ignore[attr-defined]
    assert view.scene.stroke is None


def test_a_click_on_time_that_is_offered_takes_it(view: AgendaView) -> None:
    asked = heard(view.create_requested)
    view.set_free([FreeTime(HELENA, local(16, 30), local(17, 15))])
    press(view, spot(view, 0, 17))
    release(view, spot(view, 0, 17))
    assert asked[0][:3] == (HELENA, local(16, 30), local(17, 15))


def test_escape_gives_a_stroke_up(view: AgendaView, qtbot: QtBot) -> None:
    asked = heard(view.create_requested)
    start, end = spot(view, 3, 17), spot(view, 3, 17, 40)
    press(view, start)
    pull(view, start, end)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    release(view, end)
    assert asked == []


# --- moving by mouse ---


def test_under_six_pixels_nothing_is_lifted(view: AgendaView) -> None:
    moves = heard(view.move_requested)
    start = grip(view, DULCE)
    press(view, start)
    mouse(view, QEvent.Type.MouseMove, start + QPoint(3, 4))
    assert view.scene.lift is None
    release(view, start + QPoint(3, 4))
    assert moves == []


def test_a_card_is_carried_to_another_time_and_column_in_steps_of_five(view: AgendaView) -> None:
    moves = heard(view.move_requested)
    drag(view, grip(view, DULCE), QPoint(-column_step(view), 6 * 80 + 17))
    assert moves == [(DULCE, HELENA, local(17), local(17, 45))]
    assert DULCE in view.scene.pending


def test_with_ctrl_every_minute_can_be_hit(view: AgendaView) -> None:
    moves = heard(view.move_requested)
    drag(view, grip(view, DULCE), QPoint(0, round(5 * 80 + 80 * 33 / 60)), CTRL)
    assert moves == [(DULCE, CAIO, local(16, 18), local(17, 3))]


def test_back_where_it_was_is_no_wish(view: AgendaView) -> None:
    moves = heard(view.move_requested)
    start = grip(view, DULCE)
    press(view, start)
    pull(view, start, start + QPoint(30, 120))
    pull(view, start + QPoint(30, 120), start + QPoint(1, 1))
    release(view, start + QPoint(1, 1))
    assert moves == [] and view.scene.lift is None


def test_the_dropped_card_stays_until_it_is_settled(view: AgendaView) -> None:
    before = view.card_rect(DULCE)
    assert before is not None
    drag(view, grip(view, DULCE), QPoint(0, 6 * 80))
    assert view.card_rect(DULCE) == before.translated(0, 6 * 80)
    press(view, grip(view, DULCE))
    pull(view, grip(view, DULCE), grip(view, DULCE) + QPoint(0, 60))
    assert view.scene.lift is None  # waiting for the server: not to be lifted again
    release(view, grip(view, DULCE))
    view.settled(DULCE)
    assert view.card_rect(DULCE) == before


def test_a_newer_value_ends_the_waiting_by_itself(view: AgendaView) -> None:
    drag(view, grip(view, DULCE), QPoint(0, 6 * 80))
    held = view.model.appointment(DULCE)
    assert held is not None
    view.model.upsert(replace(held, version=2, starts_at=local(17), ends_at=local(17, 45)))
    assert view.scene.pending == {}
    area = view.card_rect(DULCE)
    assert area is not None and abs(area.top() - spot(view, 1, 17).y()) <= 2


def test_a_refused_move_glides_home(view: AgendaView, qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress(reduced_motion=False)
    before = view.card_rect(DULCE)
    drag(view, grip(view, DULCE), QPoint(0, 6 * 80))
    view.refuse(DULCE)
    assert view.scene.lift is not None and view.scene.lift.deed is Deed.GLIDE
    qtbot.waitUntil(lambda: view.scene.lift is None, timeout=2000)
    assert view.card_rect(DULCE) == before
    assert view.scene.pending == {}


def test_without_motion_a_refused_card_is_home_at_once(view: AgendaView) -> None:
    before = view.card_rect(DULCE)
    drag(view, grip(view, DULCE), QPoint(0, 6 * 80))
    view.refuse(DULCE)
    assert view.scene.lift is None and view.card_rect(DULCE) == before


def test_a_conflict_is_said_outlined_and_not_dropped(view: AgendaView) -> None:
    moves = heard(view.move_requested)
    start = grip(view, ALICIA)
    by = QPoint(0, round(2.75 * 80))  # 14:00, where Ronaldo sits until 14:30
    press(view, start)
    pull(view, start, start + by)
    lift = view.scene.lift
    assert lift is not None and isinstance(lift.error, SlotTaken)
    assert lift.target.starts_at == local(14)
    ronaldo = view.model.appointment(RONALDO)
    assert ronaldo is not None and view.scene.in_the_way(ronaldo)
    shown = view.callout()
    assert shown is not None and "Ronaldo Pádua" in shown[0].sentence and "14:30" in shown[0].offer
    assert view.grid_rect().contains(shown[1].toAlignedRect())
    assert not view.grab().isNull()
    release(view, start + by)
    assert moves == [] and view.scene.lift is None and view.scene.pending == {}


def test_tab_takes_the_next_free_time(view: AgendaView, qtbot: QtBot) -> None:
    moves = heard(view.move_requested)
    start = grip(view, ALICIA)
    end = start + QPoint(0, round(2.75 * 80))
    press(view, start)
    pull(view, start, end)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    release(view, end)
    assert moves == [(ALICIA, ANDRE, local(14, 30), local(15))]


def test_escape_puts_a_lifted_card_back(view: AgendaView, qtbot: QtBot) -> None:
    moves = heard(view.move_requested)
    start = grip(view, DULCE)
    press(view, start)
    pull(view, start, start + QPoint(0, 300))
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.scene.lift is None
    release(view, start + QPoint(0, 300))
    assert moves == [] and view.scene.selected == DULCE


def test_the_lower_edge_lengthens(view: AgendaView) -> None:
    moves = heard(view.move_requested)
    area = view.card_rect(ALICIA)
    assert area is not None
    edge = QPoint(area.center().x(), area.bottom() - 1)
    drag(view, edge, QPoint(0, 21))
    assert moves == [(ALICIA, ANDRE, local(11, 15), local(12))]


def test_what_is_over_or_read_only_stays_where_it_is(view: AgendaView) -> None:
    moves, asked = heard(view.move_requested), heard(view.create_requested)
    drag(view, grip(view, BEATRIZ), QPoint(0, 700))
    view.set_read_only(True)
    drag(view, grip(view, DULCE), QPoint(0, 6 * 80))
    drag(view, spot(view, 0, 17), QPoint(0, 40))
    assert moves == [] and asked == []


def test_a_card_that_leaves_the_day_leaves_the_hand(view: AgendaView) -> None:
    start = grip(view, DULCE)
    press(view, start)
    pull(view, start, start + QPoint(0, 100))
    view.model.remove(DULCE)
    assert view.scene.lift is None and view.scene.selected is None
    pull(view, start + QPoint(0, 100), start + QPoint(0, 200))
    release(view, start + QPoint(0, 200))
    assert view.scene.lift is None


def test_near_the_edge_the_picture_scrolls_by_itself(view: AgendaView, qtbot: QtBot) -> None:
    view.resize(1200, 500)
    view.verticalScrollBar().setValue(100)
    start = grip(view, DULCE)
    press(view, start)
    pull(view, start, QPoint(start.x(), view.viewport().height() - 6))
    qtbot.waitUntil(lambda: view.verticalScrollBar().value() > 130, timeout=2000)
    release(view, start)


# --- keyboard ---


def test_arrows_walk_between_cards_and_columns(view: AgendaView, qtbot: QtBot) -> None:
    view.select(DULCE)
    names = []
    keys = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left)
    for key in (*keys, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(view, key)
        assert view.scene.selected is not None
        names.append(view.scene.shown[view.scene.selected].patient_name)
    assert names == [
        "Éverton Lins",
        "Dulce Fontoura",
        "Igor Valença",
        "Otávio Reis",
        "Igor Valença",
        "Sônia Galvão Pires",
        "Sônia Galvão Pires",
        "Beatriz Nóbrega",
        "Maria do Socorro Lima",
    ]


def test_the_first_arrow_begins_with_who_is_there_now(view: AgendaView, qtbot: QtBot) -> None:
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.scene.selected is not None
    assert view.scene.shown[view.scene.selected].patient_name == "Sônia Galvão Pires"


def test_enter_opens_escape_lets_go_and_pages_change_the_day(view: AgendaView, qtbot: QtBot) -> None:
    opened, days = heard(view.activated), heard(view.day_stepped)
    view.select(DULCE)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert [value[0].id for value in opened] == [DULCE]  # type: ignore[attr-defined]
    assert days == [(1,), (-1,)]
    assert view.scene.selected is None


def test_keys_the_agenda_does_not_know_go_on_to_the_page(view: AgendaView, qtbot: QtBot) -> None:
    from PySide6.QtGui import QKeyEvent

    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_C, NO_KEY, "c")
    QApplication.sendEvent(view, event)
    assert not event.isAccepted()


def test_cut_arrows_and_enter_move_a_card_without_a_mouse(view: AgendaView, qtbot: QtBot) -> None:
    moves = heard(view.move_requested)
    view.select(DULCE)
    qtbot.keyClick(view, Qt.Key.Key_X, CTRL)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    for _step in range(6):
        qtbot.keyClick(view, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Down, CTRL)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert moves == [(DULCE, HELENA, local(16, 51), local(17, 36))]


def test_the_keys_are_named_while_the_keyboard_holds_a_card(view: AgendaView, qtbot: QtBot) -> None:
    view.select(DULCE)
    assert view.hint() is None
    qtbot.keyClick(view, Qt.Key.Key_X, CTRL)
    lift, hint = view.scene.lift, view.hint()
    assert lift is not None and hint is not None
    assert not hint.intersects(view.to_viewport(lift.box))
    for _step in range(12):  # up to where the hint was: it makes room
        qtbot.keyClick(view, Qt.Key.Key_Up, SHIFT)
    lift, moved = view.scene.lift, view.hint()
    assert lift is not None and moved is not None
    assert moved.top() >= hint.top() and not moved.intersects(view.to_viewport(lift.box))
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.hint() is None


def test_by_keyboard_a_conflict_keeps_the_card_in_hand(view: AgendaView, qtbot: QtBot) -> None:
    moves = heard(view.move_requested)
    view.select(ALICIA)
    qtbot.keyClick(view, Qt.Key.Key_X, CTRL)
    for _step in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Down, SHIFT)
    assert view.scene.lift is not None and view.scene.lift.error is not None
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert moves == [] and view.scene.lift is not None
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert moves == [(ALICIA, ANDRE, local(14, 30), local(15))]


def test_escape_gives_a_keyboard_move_up(view: AgendaView, qtbot: QtBot) -> None:
    moves = heard(view.move_requested)
    view.select(DULCE)
    qtbot.keyClick(view, Qt.Key.Key_X, CTRL)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.scene.lift is None and moves == [] and view.scene.selected == DULCE


def test_the_menu_key_asks_for_the_chosen_visit(view: AgendaView) -> None:
    menus = heard(view.menu_requested)
    view.select(DULCE)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(view, event)
    assert [call[0] for call in menus] == [DULCE]


def test_the_keyboard_is_seen_before_a_card_is_chosen(view: AgendaView, qapp: QApplication) -> None:
    corner = view.grid_rect().topLeft() + QPoint(1, 300)
    accent = theme.current().color("accent").rgb()
    view.setFocus(Qt.FocusReason.MouseFocusReason)
    assert view.grab().toImage().pixelColor(corner).rgb() != accent
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.grab().toImage().pixelColor(corner).rgb() == accent


def test_a_change_of_colours_keeps_the_zoom(view: AgendaView, dress: Callable[..., None]) -> None:
    view.set_pixels_per_hour(120)
    dress(dark=True)
    assert view.scene.pixels_per_hour == 120
    dress(density=theme.COMPACT)
    assert view.scene.pixels_per_hour == theme.COMPACT.pixels_per_hour


# --- picture ---


def test_ctrl_and_the_wheel_zoom_around_the_mouse(view: AgendaView) -> None:
    point = spot(view, 0, 12)
    event = QWheelEvent(
        QPointF(point),
        QPointF(view.viewport().mapToGlobal(point)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        CTRL,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)
    assert view.scene.pixels_per_hour == 88
    assert abs(spot(view, 0, 12).y() - point.y()) <= 1


def test_in_a_narrow_window_three_columns_stay_and_the_gutter_is_pinned(view: AgendaView) -> None:
    view.resize(800, 700)
    assert view.scene.layout.column_width == pytest.approx((view.viewport().width() - 56) / 3)
    assert view.horizontalScrollBar().maximum() > 0
    view.select(next(value.id for value in tuesday() if value.patient_name == "Davi Penteado"))
    assert view.horizontalScrollBar().value() > 0  # choosing brings it into view
    assert view.grid_rect().left() == 56


def test_the_tooltip_holds_the_whole_text(view: AgendaView) -> None:
    point = grip(view, DULCE)
    event = QHelpEvent(QEvent.Type.ToolTip, point, view.viewport().mapToGlobal(point))
    QApplication.sendEvent(view.viewport(), event)
    assert "Dulce Fontoura" in QToolTip.text() and "dipirona" in QToolTip.text()
    head = QPoint(80, 20)
    QApplication.sendEvent(view.viewport(), QHelpEvent(QEvent.Type.ToolTip, head, view.viewport().mapToGlobal(head)))
    assert "Dra. Helena Prado" in QToolTip.text()
    QToolTip.hideText()


def test_a_visit_outside_the_hours_widens_the_picture(view: AgendaView) -> None:
    early = appointment(starts_at=local(6, 30), ends_at=local(7), professional_name="Dr. Caio Menezes")
    view.model.upsert(early)
    assert view.card_rect(early.id) is not None
    assert view.scene.layout.scale.first_hour == 6


def test_hovering_a_card_shows_what_the_mouse_would_do(view: AgendaView) -> None:
    viewport = view.viewport()
    area = view.card_rect(DULCE)
    assert area is not None
    for point, shape in (
        (grip(view, DULCE), Qt.CursorShape.PointingHandCursor),
        (QPoint(area.center().x(), area.bottom() - 1), Qt.CursorShape.SizeVerCursor),
        (spot(view, 0, 17), Qt.CursorShape.ArrowCursor),
    ):
        place = QPointF(point)
        none = Qt.MouseButton.NoButton
        event = QMouseEvent(QEvent.Type.MouseMove, place, QPointF(viewport.mapToGlobal(point)), none, none, NO_KEY)
        QApplication.sendEvent(viewport, event)
        assert viewport.cursor().shape() == shape


@pytest.mark.parametrize("dark", [False, True])
def test_every_state_and_size_paints(qtbot: QtBot, dress: Callable[..., None], dark: bool, qapp: QApplication) -> None:
    dress(dark=dark)
    values = [
        appointment(
            starts_at=local(8, 0) + dt.timedelta(minutes=70 * number),
            ends_at=local(8, 0) + dt.timedelta(minutes=70 * number + length),
            status=status,
            status_at=local(8, 30),
            patient_name=name,
            alert="alergia" if length != 15 else "",
            first_visit=True,
            overbooking_reason="dor" if length == 60 else "",
        )
        for number, status in enumerate(Status)
        for length, name in ((15, "Ana"), (30, "Maria do Socorro Lima"), (60, "Bartolomeu " * 18))
    ]
    view = shown(qtbot, day_view(values))
    view.set_sieve(Sieve(cancelled=True))
    for width in (1200, 500, 260):
        view.resize(width, 900)
        view.viewport().repaint()
    empty = shown(qtbot, day_view([]))
    assert not empty.grab().isNull()


def test_a_week_has_days_as_columns(qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress()
    week = shown(qtbot, week_view())
    moves = heard(week.move_requested)
    value = next(one for one in week.model.appointments() if one.patient_name == "Rafael Guimarães")
    assert week.scene.hue(value) == value.category_hue
    drag(week, grip(week, value.id), QPoint(-column_step(week), 80))
    monday = TUESDAY - dt.timedelta(days=1)
    assert moves == [(value.id, monday, local(15, 0, monday), local(16, 0, monday))]


def test_rooms_can_be_the_columns(view: AgendaView) -> None:
    view.show_day(Grouping.ROOM)
    view.set_columns([ColumnSpec(uuid_for("Sala 4"), TUESDAY, "Sala 4", icon="door-open")])
    view.set_professional_hues({CAIO: 265})
    assert view.card_rect(DULCE) is not None
    assert view.card_rect(ALICIA) is None
    assert view.scene.hue(view.scene.shown[DULCE]) == 265
    assert not view.grab().isNull()
    view.set_zone(ZONE)
    view.scroll_to(local(12))
