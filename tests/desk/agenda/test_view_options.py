"""How the agenda is looked at: the filter of people, the display options, the grid and the feet."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.feet import foot_text
from clinicdesk.desk.agenda.people_filter import PeopleFilter
from clinicdesk.desk.agenda.view_options import ViewOptions
from clinicdesk.desk.widgets.button import Button
from clinicdesk.domain.agenda import Status
from clinicdesk.domain.clinics import Professional, Service
from clinicdesk.domain.day_use import DayUse
from clinicdesk.domain.saved_views import Mode, Sieve, ViewSettings
from tests.desk.agenda.lifelike import day_view

HELENA, CAIO = (Professional(UUID(int=one), name) for one, name in ((1, "Dra. Helena"), (2, "Dr. Caio")))
SERVICES = [
    Service(UUID(int=9), "Consulta", category_id=UUID(int=90), category_name="Clínica"),
    Service(UUID(int=8), "Botox", category_id=UUID(int=80), category_name="Estética"),
]


@pytest.fixture
def window(qtbot: QtBot, dress: Callable[..., None]) -> Iterator[QWidget]:
    dress(reduced_motion=True)
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1000, 800)
    made.show()
    yield made
    privacy.hide(False)


def told(signal: object) -> list[object]:
    values: list[object] = []
    signal.connect(values.append)  # type: ignore[attr-defined]
    return values


def test_one_alone_everybody_and_never_nobody(qtbot: QtBot, window: QWidget) -> None:
    people = PeopleFilter(window, [HELENA, CAIO], [HELENA.id, CAIO.id])
    people.open_at(window)
    chosen = told(people.chosen)
    alone = next(one for one in people.findChildren(Button) if one.accessibleName() == "Only Dr. Caio")
    qtbot.mouseClick(alone, Qt.MouseButton.LeftButton)
    assert chosen.pop() == (CAIO.id,)
    qtbot.mouseClick(people.box_of(CAIO.id), Qt.MouseButton.LeftButton, pos=QPoint(5, 10))
    assert not chosen
    qtbot.mouseClick(people.everybody, Qt.MouseButton.LeftButton)
    assert chosen.pop() == (HELENA.id, CAIO.id)


def test_what_is_taken_away_is_filtered_out_and_the_last_stays(qtbot: QtBot, window: QWidget) -> None:
    options = ViewOptions(window, ViewSettings(), SERVICES)
    changed = told(options.changed)
    options._statuses[Status.NO_SHOW].setChecked(False)
    wanted = changed.pop()
    assert isinstance(wanted, ViewSettings)
    assert wanted.sieve.statuses == frozenset(Status) - {Status.NO_SHOW, Status.CANCELLED}
    options._statuses[Status.NO_SHOW].setChecked(True)
    assert changed.pop() == ViewSettings()
    options._categories[UUID(int=80)].setChecked(False)
    options._categories[UUID(int=90)].setChecked(False)
    assert options._categories[UUID(int=90)].isChecked()
    assert changed.pop() == ViewSettings(sieve=Sieve(categories=frozenset({UUID(int=90)})))
    options.cancelled.setChecked(True)
    assert changed.pop() == ViewSettings(sieve=Sieve(frozenset({UUID(int=90)}), cancelled=True))


def test_grid_and_height_are_asked_for_where_there_are_hours(qtbot: QtBot, window: QWidget) -> None:
    options = ViewOptions(window, ViewSettings(grid_minutes=10), SERVICES)
    changed = told(options.changed)
    assert (options.grid.current, options.heights.current) == ("10", "80")
    options.grid.chosen.emit("15")
    options.heights.chosen.emit("112")
    assert changed == [ViewSettings(grid_minutes=15), ViewSettings(grid_minutes=15, pixels_per_hour=112)]
    assert not hasattr(ViewOptions(window, ViewSettings(mode=Mode.MONTH), SERVICES), "grid")


def test_hiding_names_is_one_switch(window: QWidget) -> None:
    options = ViewOptions(window, ViewSettings(), SERVICES)
    options.names.setChecked(True)
    assert privacy.hides()


def test_cards_snap_to_the_grid_and_lines_keep_apart(qtbot: QtBot) -> None:
    view = day_view()
    qtbot.addWidget(view)
    assert (view.scene.snap_minutes, view.scene.line_minutes) == (5, 30)
    view.set_grid(15)
    assert (view.scene.snap_minutes, view.scene.line_minutes) == (15, 15)
    view.set_grid(5)
    view.set_pixels_per_hour(48)
    assert (view.scene.snap_minutes, view.scene.line_minutes) == (5, 10)
    view.set_pixels_per_hour(176)
    assert view.scene.line_minutes == 5


def test_zooming_keeps_the_middle_and_stays_legible(qtbot: QtBot) -> None:
    view = day_view()
    qtbot.addWidget(view)
    view.resize(1000, 500)
    view.show()
    view.verticalScrollBar().setValue(200)
    middle = QPointF(view.grid_rect().center())
    before = view.scene.layout.scale.minutes_at(view.to_content(middle).y())
    heights = told(view.zoomed)
    view.zoom(2)
    assert view.scene.layout.scale.minutes_at(view.to_content(middle).y()) == pytest.approx(before, abs=1)
    view.zoom(99)
    assert heights[-1] == 176


def test_the_feet_stand_below_the_grid_and_say_all_in_their_tool_tip(qtbot: QtBot) -> None:
    view = day_view()
    qtbot.addWidget(view)
    view.resize(1000, 500)
    view.show()
    without = view.grid_rect().height()
    use = DayUse(310, 90, 20, 15)
    view.set_columns([replace(spec, use=use) for spec in view.scene.specs])
    view.grab()
    assert view.grid_rect().height() < without
    lines, _area = view._tooltip_at(QPoint(200, view.viewport().height() - 4))
    assert lines == [view.scene.specs[0].title, foot_text(use)]
    assert foot_text(use) == (
        "5 h 10 booked, 1 h 30 free, 20 min in gaps too short for any service, 15 min outside the hours"
    )
    assert foot_text(DayUse()) == "Closed"
