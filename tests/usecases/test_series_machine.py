"""A series against a plain model: whatever is done to it, in any order, both say the same."""

import datetime as dt
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinicdesk.domain.agenda import CancelledBy, ChangeStatus, Slot, Status
from clinicdesk.domain.series import Frequency, Rule
from clinicdesk.domain.series_booking import BookSeries, ExtendSeries, SeriesWish
from clinicdesk.domain.series_edit import CancelSeries, EditSeries, Scope, SeriesChange
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.together import taking_back
from clinicdesk.errors import SeriesConflicts, SlotTaken
from clinicdesk.usecases import agenda, series, series_edit, together
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, ZONE, Office, at
from tests.usecases.test_agenda import booking, moving

HOURS = (8, 9, 10, 11, 13, 14)
EVE = at(12, day=DAY - dt.timedelta(days=1))
ONE = dt.timedelta(days=1)
GOOD_FRIDAY = dt.date(2035, 3, 23)  # nobody works


@dataclass
class Visit:
    """What is known of a visit without a database."""

    day: dt.date | None  # the day its series gave; None once it is part of none
    series: int | None
    start: dt.datetime
    note: str = ""
    stands: bool = True


@dataclass
class Model:
    """Visits and the days and hour of each series, in plain lists."""

    visits: dict[UUID, Visit] = field(default_factory=dict)
    days: dict[int, list[dt.date]] = field(default_factory=dict)
    hours: dict[int, dt.time] = field(default_factory=dict)

    def touched(self, key: UUID, scope: Scope) -> list[UUID]:
        named = self.visits[key]
        return [
            one
            for one, visit in self.visits.items()
            if one == key
            or (
                visit.series == named.series and visit.stands and (scope is Scope.ALL or visit.day >= named.day)  # type: ignore[operator]
            )
        ]

    def part(self, number: int, first: dt.date, scope: Scope, shift: int, hour: dt.time) -> None:
        """Another row for the later days when the series is parted; else its hour alone changes."""
        days = self.days[number]
        if not shift and (scope is Scope.ALL or first <= days[0]):
            self.hours[number] = hour
            return
        new = max(self.days) + 1
        self.days[new] = [day + shift * ONE for day in days if day >= first]
        self.hours[new] = hour
        if first > days[0]:
            self.days[number] = [day for day in days if day < first]
        for visit in self.visits.values():
            if visit.series == number and visit.day >= first:  # type: ignore[operator]
                visit.series, visit.day = new, visit.day + shift * ONE  # type: ignore[operator]

    def collides(self, key: UUID, start: dt.datetime, leaving: list[UUID]) -> bool:
        return any(
            visit.stands and visit.start == start for one, visit in self.visits.items() if one not in (key, *leaving)
        )


def is_closed(day: dt.date) -> bool:
    """Whether nobody works: the holiday, and weekends."""
    return day == GOOD_FRIDAY or day.isoweekday() > 5


def local(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(ZONE)


class Machine:
    """The same deeds done to a real series and to the model of it."""

    def __init__(self, clinic: Clinic, office: Office) -> None:
        self.clinic, self.office, self.model = clinic, office, Model()
        self.last: tuple[Any, Model] | None = None
        rule = Rule(Frequency.WEEKLY, weekdays=(2, 4), count=5)
        first = FreeSlot(office.sample.professionals["helena"], Slot.lasting(at(9), 30), None, None)
        wish = SeriesWish(first, office.sample.services["visit"], rule)
        places = tuple((one.day, one.place) for one in series.plan_series(clinic, wish).planned)
        booked = series.book(clinic, BookSeries(new_id(), new_id(), wish, booking(office), places))
        self.model.days[0] = list(rule.days(DAY))
        self.model.hours[0] = dt.time(9)
        for one in booked.after:
            self.model.visits[one.id] = Visit(one.series_day, 0, one.starts_at)
        self.rows = {0: booked.after[0].series_id}

    # --- deeds ---

    def standing(self, number: int) -> UUID | None:
        there = [key for key, visit in self.model.visits.items() if visit.stands and visit.series is not None]
        return there[number % len(there)] if there else None

    def move_one(self, key: UUID, hour: int) -> None:
        visit = self.model.visits[key]
        start = at(hour, day=local(visit.start).date())
        found = self.real(key)
        if self.model.collides(key, start, []):
            self.refused(lambda: agenda.move(self.clinic, moving(found, start)), SlotTaken)
            return
        agenda.move(self.clinic, moving(found, start))
        visit.start = start

    def cancel_one(self, key: UUID) -> None:
        found = self.real(key)
        step = ChangeStatus(new_id(), key, found.version, Status.CANCELLED, cancelled_by=CancelledBy.PATIENT)
        agenda.change_status(self.clinic, step)
        self.model.visits[key].stands = False

    def edit(self, key: UUID, scope: Scope, hour: int, shift: int) -> None:
        found, before = self.real(key), deepcopy(self.model)
        start = at(hour, day=local(found.starts_at).date() + shift * ONE)
        command = EditSeries(new_id(), key, scope, SeriesChange(slot=Slot.lasting(start, 30)))
        number = self.model.visits[key].series
        assert number is not None
        touched = self.model.touched(key, scope)
        wanted = {}
        for one in touched:
            visit = self.model.visits[one]
            assert visit.day is not None
            on_rule = visit.start == at(self.model.hours[number].hour, day=visit.day)
            target = at(hour, day=visit.day + shift * ONE) if on_rule else visit.start
            wanted[one] = start if one == key else target
        places = list(wanted.values())
        against = any(self.model.collides(one, place, touched) for one, place in wanted.items())
        moved = {one for one in wanted if wanted[one] != self.model.visits[one].start}
        against = against and any(self.model.collides(one, wanted[one], touched) for one in moved)
        closed = any(is_closed(local(wanted[one]).date()) for one in moved)
        if (against or closed or len(set(places)) < len(places)) and moved:
            self.refused(lambda: series_edit.edit(self.clinic, command, EVE), SeriesConflicts)
            return
        done = series_edit.edit(self.clinic, command, EVE)
        first = min(self.model.visits[one].day for one in touched)  # type: ignore[type-var]
        for one, place in wanted.items():
            self.model.visits[one].start = place
        wall = dt.time(hour) if start != found.starts_at else self.model.hours[number]
        self.model.part(number, first, scope, shift, wall)  # type: ignore[arg-type]
        self.learn()
        self.last = (done, before)

    def note(self, key: UUID, scope: Scope, words: str) -> None:
        named, before = self.model.visits[key], deepcopy(self.model)
        number, old = named.series, named.note
        assert number is not None
        touched = self.model.touched(key, scope)
        command = EditSeries(new_id(), key, scope, SeriesChange(note=words))
        done = series_edit.edit(self.clinic, command, EVE)
        first = min(self.model.visits[one].day for one in touched)  # type: ignore[type-var]
        for one in touched:
            if self.model.visits[one].note == old:
                self.model.visits[one].note = words
        self.model.part(number, first, scope, 0, self.model.hours[number])  # type: ignore[arg-type]
        self.learn()
        self.last = (done, before)

    def give_up(self, key: UUID, scope: Scope) -> None:
        before, number = deepcopy(self.model), self.model.visits[key].series
        assert number is not None
        touched = self.model.touched(key, scope)
        done = series.cancel(self.clinic, CancelSeries(new_id(), key, scope, CancelledBy.CLINIC, "fim"), EVE)
        first = min(self.model.visits[one].day for one in touched)  # type: ignore[type-var]
        ends = first > self.model.days[number][0]  # type: ignore[operator]
        for one in touched:
            self.model.visits[one].stands = False
            if ends:
                self.model.visits[one].series = self.model.visits[one].day = None
        if ends:
            self.model.days[number] = [day for day in self.model.days[number] if day < first]  # type: ignore[operator]
        self.last = (done, before)

    def go_on(self, key: UUID) -> None:
        before, number = deepcopy(self.model), self.model.visits[key].series
        assert number is not None
        shown = series.on_show(self.clinic, self.rows[number])  # type: ignore[arg-type]
        longer = replace(shown.series.rule, count=len(shown.series.days) + 2, until=None)
        plan = series.plan_extension(self.clinic, shown.series.id, longer)
        places = tuple((one.day, one.place) for one in plan.planned if one.refusal is None)
        if not places:
            return
        command = ExtendSeries(new_id(), shown.series.id, shown.series.version, longer, places)
        done = series.extend(self.clinic, command)
        self.model.days[number] = list(longer.days(shown.series.first_day))
        for one in done.after:
            self.model.visits[one.id] = Visit(one.series_day, number, one.starts_at, one.note)
        self.last = (done, before)

    def undo(self) -> None:
        if self.last is None:
            return
        done, before = self.last
        made = [one.id for one in done.after if one.id not in {each.id for each in done.before}]
        gone = [self.model.visits[key].start for key in made]
        together.put_back(self.clinic, taking_back(done, new_id(), "engano"))
        self.model = before
        for key, start in zip(made, gone, strict=True):  # what was booked is given up, not erased
            self.model.visits[key] = Visit(None, None, start, done.after[0].note, stands=False)
        self.last = None

    # --- looking ---

    def real(self, key: UUID) -> Any:
        (found,) = agenda.appointments(self.clinic, [key])
        return found

    def learn(self) -> None:
        """Which row of the database each number of the model stands for, as its visits say."""
        for one in agenda.appointments(self.clinic, list(self.model.visits)):
            number = self.model.visits[one.id].series
            if number is not None:
                self.rows[number] = one.series_id

    def refused(self, work: Callable[[], object], kind: type[Exception]) -> None:
        try:
            work()
        except kind:
            return
        raise AssertionError(f"not refused: {self.model}")

    def agree(self) -> None:
        """Both say the same: every visit, and every rule that a visit belongs to."""
        ids = list(self.model.visits)
        for one in agenda.appointments(self.clinic, ids):
            visit = self.model.visits[one.id]
            said = (one.starts_at, one.note, one.status.holds_the_slot, one.series_day)
            assert said == (visit.start, visit.note, visit.stands, visit.day)
            assert one.series_id == (self.rows[visit.series] if visit.series is not None else None)
        for number in {visit.series for visit in self.model.visits.values() if visit.series is not None}:
            shown = series.on_show(self.clinic, self.rows[number])  # type: ignore[arg-type]
            assert list(shown.series.days) == self.model.days[number]
            assert shown.series.starts == self.model.hours[number]


scopes = st.sampled_from([Scope.FOLLOWING, Scope.ALL])
hours = st.sampled_from(HOURS)
numbers = st.integers(0, 9)
deeds = st.one_of(
    st.tuples(st.just("move_one"), numbers, hours),
    st.tuples(st.just("cancel_one"), numbers),
    st.tuples(st.just("edit"), numbers, scopes, hours, st.sampled_from([0, 0, 1])),
    st.tuples(st.just("note"), numbers, scopes, st.sampled_from(["traz exames", "liga antes"])),
    st.tuples(st.just("give_up"), numbers, scopes),
    st.tuples(st.just("go_on"), numbers),
    st.tuples(st.just("undo"), numbers),
)


@pytest.mark.timeout(300)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(deeds, min_size=1, max_size=6))
def test_a_series_is_what_a_plain_model_says(rolled_back: Office, done: list[tuple[Any, ...]]) -> None:
    clinic = rolled_back.desk("renata")
    connection = clinic._line.engine._connection  # type: ignore[attr-defined]
    whole = connection.begin_nested()
    try:
        machine = Machine(clinic, rolled_back)
        machine.agree()
        for name, number, *more in done:
            if name == "undo":
                machine.undo()
            else:
                key = machine.standing(number)
                if key is None:
                    break
                if name in ("move_one", "cancel_one"):
                    machine.last = None  # what was changed since is not taken back
                getattr(machine, name)(key, *more)
            machine.agree()
    finally:
        whole.rollback()
        connection.close()
