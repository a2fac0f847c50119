"""The page of holidays: the state's days, the clinic's own, and which of them are worked."""

import datetime as dt
from collections.abc import Callable, Sequence

from clinicdesk.desk.preferences.bound import LineBound, SwitchBound
from clinicdesk.desk.preferences.doors import Doors, doors
from clinicdesk.desk.preferences.editor import Line
from clinicdesk.desk.preferences.kinds import Kind, line
from clinicdesk.desk.preferences.labels import label
from clinicdesk.desk.preferences.listing import Row
from clinicdesk.desk.preferences.world import World
from clinicdesk.desk.widgets.masks import mask_date, read_date
from clinicdesk.domain.preferences import HolidayForm, Kept
from clinicdesk.errors import InvalidField
from clinicdesk.formats import numeric_date, short_date
from clinicdesk.usecases import hours
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _

_FAR = dt.date(2100, 1, 1)


def kind_of_holidays(today: Callable[[], dt.date]) -> Kind:
    """The days of the year that are not worked."""
    return Kind(
        HolidayForm,
        _lines,
        frozenset({"holiday"}),
        lambda kept, _world: _rows(kept, today()),
        lambda _world, _kept: HolidayForm(today()),
        _("New holiday"),
        (_("No holidays"), _("Public ones of the state come by themselves.")),
        removable=True,
        two_lines=True,
    )


def holidays_doors(clinic: Clinic) -> Doors:
    """Holidays are read with the state's own beside what is written."""
    plain = doors(clinic, HolidayForm)
    return Doors(
        read=lambda: hours.holidays(clinic),
        one=lambda row_id: hours.holiday(clinic, row_id),
        save=plain.save,
        remove=plain.remove,
        order=plain.order,
        effects=plain.effects,
        history=plain.history,
    )


def _read_day(text: str) -> dt.date:
    day = read_date(text, _FAR, "day")
    if day is None:
        raise InvalidField("day", "missing")
    return day


def _shown_day(value: object) -> str:
    day = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return numeric_date(day) if isinstance(day, dt.date) else ""


def _lines(_world: World) -> list[Line]:
    kind = HolidayForm
    works = SwitchBound("works", label(kind, "works"), _("Then the weekly hours hold as on any other day"))
    day = LineBound(
        "day", label(kind, "day"), mask=mask_date, read=_read_day, write=_shown_day, placeholder=_("dd/mm/yyyy")
    )
    return [[day, line(kind, "name")], [works]]


def _rows(kept: Sequence[Kept[HolidayForm]], today: dt.date) -> list[Row]:
    found: list[Row] = []
    year = 0
    for one in kept:
        if one.form.day.year != year:
            year = one.form.day.year
            found.append(Row(None, str(year)))
        state = _("worked") if one.form.works else ""
        day = short_date(one.form.day)
        icon = "calendar-check" if one.form.works else "calendar-off"
        past = one.form.day < today
        found.append(Row(one.id, one.form.name, day, state, icon=icon, muted=past))
    return found
