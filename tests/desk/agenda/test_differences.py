"""What is painted anew after a change covers every pixel that is another, and seldom the whole picture."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from clinicdesk.desk.agenda.view import AgendaView
from clinicdesk.domain.agenda import Appointment, Status
from tests.builders import local, uuid_for
from tests.desk.agenda.lifelike import PEOPLE, day_view, tuesday

DULCE = uuid_for("Dr. Caio Menezes 10:45 Dulce Fontoura")
RONALDO = uuid_for("Dr. André Falcão 13:30 Ronaldo Pádua")
HELENA = uuid_for(PEOPLE[0][0])
Change = Callable[[AgendaView], object]


def changed(key: object, **values: Any) -> Change:
    """The model hears of another version of a visit."""

    def change(view: AgendaView) -> object:
        held: Appointment | None = view.model.appointment(key)  # type: ignore[arg-type]
        assert held is not None
        return view.model.upsert(replace(held, version=held.version + 1, **values))

    return change


CHANGES: dict[str, Change] = {
    "a step": changed(DULCE, status=Status.CHECKED_IN),
    "a longer name": changed(RONALDO, patient_name="Maria das Dores do Nascimento e Silva"),
    "another time": changed(DULCE, starts_at=local(16, 30), ends_at=local(17)),
    "another column": changed(RONALDO, professional_id=HELENA, starts_at=local(17, 15), ends_at=local(18)),
    "into closed time": changed(DULCE, starts_at=local(12, 15), ends_at=local(12, 45)),
    "cancelled": changed(DULCE, status=Status.CANCELLED),
    "beside another": changed(RONALDO, professional_id=HELENA, starts_at=local(14), ends_at=local(15)),
    "gone": lambda view: view.model.remove(DULCE),
    "new": lambda view: view.model.upsert(replace(tuesday()[0], id=uuid_for("new"), starts_at=local(17, 30))),
}


class Regions:
    """The parts of the viewport asked to be painted anew."""

    def __init__(self, view: AgendaView) -> None:
        self.areas: list[QRect] = []
        viewport: Any = view.viewport()
        plain = viewport.update

        def update(*area: QRect) -> None:
            self.areas += area or (viewport.rect(),)
            plain(*area)

        viewport.update = update


@pytest.mark.parametrize("name", CHANGES)
def test_every_pixel_that_differs_is_painted_anew(name: str, qtbot: QtBot, dress: Callable[..., None]) -> None:
    dress(reduced_motion=True)
    view = day_view()
    qtbot.addWidget(view)
    view.resize(1200, 1000)
    with qtbot.waitExposed(view):
        view.show()
    before = view.viewport().grab().toImage()
    asked = Regions(view)
    CHANGES[name](view)
    view.arrange()
    after = view.viewport().grab().toImage()
    assert before != after
    assert asked.areas and view.viewport().rect() not in asked.areas
    assert without(before, asked.areas) == without(after, asked.areas)


def without(image: QImage, areas: list[QRect]) -> QImage:
    """The image with the areas blotted out."""
    painter = QPainter(image)
    for area in areas:
        painter.fillRect(area, QColor("black"))
    painter.end()
    return image


def test_other_hours_and_another_minute_paint_all_and_the_same_minute_nothing(
    qtbot: QtBot, dress: Callable[..., None]
) -> None:
    dress(reduced_motion=True)
    view = day_view()
    qtbot.addWidget(view)
    view.resize(1200, 1000)
    with qtbot.waitExposed(view):
        view.show()
    asked = Regions(view)
    view.set_now(view.scene.now + dt.timedelta(seconds=1))
    assert not asked.areas
    view.set_now(view.scene.now + dt.timedelta(minutes=1))
    assert view.viewport().rect() in asked.areas
    asked.areas.clear()
    changed(DULCE, starts_at=local(5), ends_at=local(6))(view)
    view.arrange()
    assert view.viewport().rect() in asked.areas
