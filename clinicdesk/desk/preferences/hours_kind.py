"""The page of hours: the clinic's own and each professional's, as a week of bars and the days that differ."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from clinicdesk.desk.dates import minutes_text
from clinicdesk.desk.preferences.bound import Bound
from clinicdesk.desk.preferences.day_track import bar_words
from clinicdesk.desk.preferences.doors import Doors
from clinicdesk.desk.preferences.editor import Line
from clinicdesk.desk.preferences.exceptions_edit import ExceptionsEdit
from clinicdesk.desk.preferences.kinds import Kind
from clinicdesk.desk.preferences.labels import label
from clinicdesk.desk.preferences.listing import Row
from clinicdesk.desk.preferences.week_bars import WeekBars, weekday_name
from clinicdesk.desk.preferences.world import World
from clinicdesk.desk.widgets.field import Field
from clinicdesk.domain import week
from clinicdesk.domain.hours import HoursException, Span
from clinicdesk.domain.preferences import HoursForm, Kept
from clinicdesk.formats import short_date
from clinicdesk.usecases import audit, hours
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _, ngettext


class WeekBound(Bound):
    """Seven days as bars."""

    def __init__(self, name: str, words: str) -> None:
        self.bars = WeekBars()
        super().__init__(name, words, Field(words, self.bars, reserve=False))
        self.bars.edited.connect(self._edited)

    def value(self) -> tuple[tuple[Span, ...], ...]:
        return self.bars.days()

    def put(self, value: Any) -> None:
        self.bars.set_days(value)

    def shown(self, value: Any) -> str:
        return week_words(value)

    def set_read_only(self, read_only: bool) -> None:
        self.bars.set_read_only(read_only)

    def focus(self) -> None:
        items = [item for track in self.bars.tracks for item in track.items]
        (items[0] if items else self.bars.switches[0]).setFocus()


class ExceptionsBound(Bound):
    """The days that differ."""

    def __init__(self, name: str, words: str, today: Callable[[], dt.date]) -> None:
        self.edit = ExceptionsEdit(today)
        super().__init__(name, words, Field(words, self.edit, optional=True, reserve=False))
        self.edit.edited.connect(self._edited)

    def value(self) -> tuple[HoursException, ...]:
        return self.edit.exceptions()

    def put(self, value: Any) -> None:
        self.edit.set_exceptions(value)

    def shown(self, value: Any) -> str:
        return "; ".join(f"{short_date(one.day)} {spans_words(one.spans)}" for one in value) or _("none")

    def set_read_only(self, read_only: bool) -> None:
        self.edit.set_read_only(read_only)

    def focus(self) -> None:
        self.edit.date.setFocus()


def spans_words(spans: Sequence[Span]) -> str:
    """The stretches of a day in figures."""
    return " ".join(bar_words(bar) for bar in week.bars_of(spans)) or _("closed")


def week_words(days: Sequence[Sequence[Span]]) -> str:
    """A week in words, weekdays alike told together: “segunda a sexta 08:00–12:00”."""
    told: list[str] = []
    first = 0
    for at in range(1, len(days) + 1):
        if at < len(days) and tuple(days[at]) == tuple(days[first]):
            continue
        if days[first]:
            one, other = weekday_name(first + 1).split("-")[0], weekday_name(at).split("-")[0]
            names = one if at - first == 1 else _("{one} to {other}").format(one=one, other=other)
            told.append(f"{names} {spans_words(days[first])}")
        first = at
    return "; ".join(told) or _("closed")


def kind_of_hours(today: Callable[[], dt.date]) -> Kind:
    """Hours, one form for the clinic and one for each professional."""

    def lines(_world: World) -> list[Line]:
        return [
            [WeekBound("days", label(HoursForm, "days"))],
            "",
            [ExceptionsBound("exceptions", label(HoursForm, "exceptions"), today)],
        ]

    return Kind(
        HoursForm,
        lines,
        frozenset({"working_hours", "hours_exception", "professional", "professional_clinic"}),
        _rows,
        two_lines=True,
        title=_title,
    )


def _rows(kept: Sequence[Kept[HoursForm]], world: World) -> list[Row]:
    people = {one.id: one.form for one in world.here}
    found: list[Row] = []
    for one in kept:
        minutes = sum(end - start for spans in one.form.days for start, end in week.bars_of(spans))
        right = minutes_text(minutes)
        days = len(one.form.exceptions)
        detail = ngettext("{count} day differs", "{count} days differ", days).format(count=days) if days else ""
        if one.id == world.clinic_id:
            found.append(
                Row(one.id, _("The clinic itself"), detail or _("when the doors are open"), right, "building-2")
            )
        elif one.id in people:
            person = people[one.id]
            found.append(Row(one.id, person.name, detail or person.specialty, right, hue=person.hue, avatar=True))
    return found


def _title(kept: Kept[HoursForm], world: World) -> str:
    people = {one.id: one.form.name for one in world.professionals}
    return _("Hours: {name}").format(name=people.get(kept.id, _("the clinic")))


def hours_doors(clinic: Clinic) -> Doors:
    """How hours are read and kept; they are neither ordered nor removed."""
    return Doors(
        read=lambda: hours.kept(clinic),
        one=lambda subject: hours.one(clinic, subject),
        save=lambda command: hours.save(clinic, command),
        effects=lambda before, after: hours.effects(clinic, before, after),
        history=lambda subject: audit.hours_history(clinic, None if subject == clinic.id else subject),
    )
