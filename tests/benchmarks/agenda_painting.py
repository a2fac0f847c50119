"""Measures the agenda's painting: first paint of a full day, week and month, and frames of a drag.

A process of its own, which tells its figures, in milliseconds, as JSON.
"""

import datetime as dt
import json
import sys
from time import perf_counter

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from clinicdesk.desk import theme
from clinicdesk.desk.agenda.board import month_days
from clinicdesk.desk.agenda.columns import ColumnSpec
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.agenda.month import MonthPicture
from clinicdesk.desk.agenda.month_days import month_of
from clinicdesk.desk.agenda.view import AgendaView
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.hours import Calendar
from clinicdesk.domain.saved_views import Sieve
from clinicdesk.errors import SlotTaken
from tests.builders import TUESDAY, ZONE, appointment, local, uuid_for

_STATUSES = tuple(status for status in Status if status is not Status.CANCELLED)


def crowd(columns: int, each: int, *, week: bool) -> tuple[list[Appointment], list[ColumnSpec]]:
    """So many columns with so many visits each, from seven in the morning on."""
    minutes = 12 * 60 // each
    values, specs = [], []
    for number in range(columns):
        day = TUESDAY + dt.timedelta(days=number) if week else TUESDAY
        name = "Dra. Helena Prado" if week else f"Dr. Número {number}"
        key = day if week else uuid_for(name)
        specs.append(ColumnSpec(key, day, name, "Ortopedia", each, 40 * number, occupancy=0.8 if week else None))
        for row in range(each):
            start = local(7, 0, day) + dt.timedelta(minutes=row * minutes)
            values.append(
                appointment(
                    starts_at=start,
                    ends_at=start + dt.timedelta(minutes=max(minutes, 5)),
                    professional_name=name,
                    patient_name=f"Maria do Socorro Lima {number} {row}",
                    status=_STATUSES[row % len(_STATUSES)],
                    alert="alergia" if row % 5 == 0 else "",
                    category_hue=40 * (row % 8),
                )
            )
    return values, specs


def view_of(values: list[Appointment], specs: list[ColumnSpec], *, week: bool) -> AgendaView:
    """A view of them, laid out but not painted yet."""
    model = AgendaModel(ZONE)
    view = AgendaView(model)
    model.setParent(view)
    view.set_zone(ZONE)
    view.set_now(local(10, 18))
    if week:
        view.show_week()
    view.set_columns(specs)
    view.set_hours(7, 20)
    view.resize(1500, 1000)
    model.replace_all(values)
    return view


def milliseconds(since: float) -> float:
    """Time passed, in milliseconds."""
    return (perf_counter() - since) * 1000


def first_paint(columns: int, each: int, application: QApplication, *, week: bool, rounds: int = 9) -> list[float]:
    """Values into the model until the whole picture is there, fresh views; the first round warms the fonts."""
    times = []
    for _round in range(rounds):
        values, specs = crowd(columns, each, week=week)
        started = perf_counter()
        view = view_of(values, specs, week=week)
        view.show()
        application.processEvents()
        times.append(milliseconds(started))
        view.close()
        view.deleteLater()
    return times[1:]


def month_paint(visits: int, people: int, application: QApplication, rounds: int = 9) -> list[float]:
    """The same of a month: values into the model, cells worked out of them and of everybody's hours, and painted."""
    days = month_days(TUESDAY)
    worked = [day for day in _each(*days) if day.isoweekday() < 6]
    names = [f"Dr. Número {number}" for number in range(people)]
    hours = {weekday: ((dt.time(7), dt.time(19)),) for weekday in range(1, 6)}
    calendar = Calendar(ZONE, {None: hours, **{uuid_for(name): hours for name in names}})

    def opened(day: dt.date) -> int:
        return sum(slot.minutes for name in names for slot in calendar.open_slots(uuid_for(name), day))

    times = []
    for _round in range(rounds):
        values = [_of_month(number, worked, names) for number in range(visits)]
        started = perf_counter()
        model, month = AgendaModel(ZONE), MonthPicture()
        model.replace_all(values)
        month.resize(1500, 1000)
        month.set_zone(ZONE)
        cells = month_of(TUESDAY, days, model.appointments(), Sieve(), calendar, opened)
        month.set_days(cells, TUESDAY, TUESDAY)
        month.show()
        application.processEvents()
        times.append(milliseconds(started))
        month.close()
        month.deleteLater()
    return times[1:]


def _each(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=offset) for offset in range((last - first).days + 1)]


def _of_month(number: int, worked: list[dt.date], names: list[str]) -> Appointment:
    start = local(7, 0, worked[number % len(worked)]) + dt.timedelta(minutes=5 * (number // len(worked) % 140))
    return appointment(
        starts_at=start,
        ends_at=start + dt.timedelta(minutes=30),
        professional_name=names[number % len(names)],
        patient_name=f"Maria do Socorro Lima {number}",
        status=_STATUSES[number % len(_STATUSES)],
    )


def drag(view: AgendaView, application: QApplication, frames: int = 150) -> list[float]:
    """Each frame: one mouse move, the check, and the paint it causes."""
    area = next(
        QRect(view.to_viewport(card.box).toRect())
        for card in view.scene.placing.cards
        if view.may_move(view.scene.shown[card.id])
    )
    viewport = view.viewport()
    times: list[float] = []
    start = area.topLeft() + QPoint(20, 8)
    _send(viewport, application, QEvent.Type.MouseButtonPress, start)
    for frame in range(frames):
        started = perf_counter()
        point = start + QPoint(8 * (frame % 120), 4 * (frame % 130))
        _send(viewport, application, QEvent.Type.MouseMove, point)
        application.processEvents()
        times.append(milliseconds(started))
    view.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier))
    return times


def _send(viewport: QWidget, application: QApplication, kind: QEvent.Type, point: QPoint) -> None:
    button = Qt.MouseButton.LeftButton
    pressed = button if kind == QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
    place, spot = QPointF(point), QPointF(viewport.mapToGlobal(point))
    event = QMouseEvent(kind, place, spot, pressed, button, Qt.KeyboardModifier.NoModifier)
    application.sendEvent(viewport, event)


def main() -> None:
    """Tell all figures."""
    application = QApplication([])
    theme.apply(application, theme.Theme())
    pictures = {
        "day": first_paint(8, 20, application, week=False),
        "week": first_paint(7, 143, application, week=True),
        "month": month_paint(5000, 20, application),
    }
    values, specs = crowd(8, 20, week=False)
    view = view_of(values, specs, week=False)
    view.set_explain(
        lambda placement: (
            SlotTaken("professional", "Dr. Caio", "Ana Lima", placement.ends_at, placement.ends_at)
            if placement.starts_at.minute % 2
            else None
        ),
        lambda _error: "Ana Lima fica com Dr. Caio até 11:30.",
    )
    view.show()
    application.processEvents()
    json.dump({**pictures, "drag": drag(view, application)}, sys.stdout)
    view.close()


if __name__ == "__main__":
    main()
