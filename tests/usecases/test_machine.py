"""Booking, series, holds and the waiting list against a plain model, step by step at two desks.

`CLINICDESK_MACHINE=200x50 python -m pytest tests/usecases/test_machine.py` runs two hundred stories of fifty steps.
"""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from clinicdesk.domain.agenda import (
    Appointment,
    BookAppointment,
    CancelledBy,
    ChangeStatus,
    MoveAppointment,
    Slot,
    Status,
)
from clinicdesk.domain.holds import HoldSlot
from clinicdesk.domain.series import Frequency, Rule
from clinicdesk.domain.series_booking import BookSeries, SeriesWish
from clinicdesk.domain.series_edit import CancelSeries, EditSeries, Scope, SeriesChange
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.waiting import AddToWaitingList, BookFromList, WaitingState, WaitingWish
from clinicdesk.errors import ClinicError, SeriesConflicts, SlotTaken, WaitingEntryTaken
from clinicdesk.usecases import agenda, holds, series, series_edit, waiting
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at

Made = TypeVar("Made")
STORIES, STEPS = map(int, os.environ.get("CLINICDESK_MACHINE", "8x25").split("x"))
WEEKS = 3
BEFORE = at(12, day=DAY - dt.timedelta(days=1))
QUARTERS = 8  # from nine on: early enough for an hour and its buffers to end before lunch
VISIT, LASER = (30, 0, 0), (60, 10, 15)  # minutes, and those held before and after
_CLEARED = (
    "incoming_message, delivery, outgoing_message, question, waiting_offer, conversation_event, recall_attempt, recall,"
    " waiting_entry, pinned_card, patient_call, check_in_pass, resource_hold, slot_hold, appointment_version,"
    " appointment, series, operation, audit, patient_metrics"
)


@dataclass(frozen=True)
class Place:
    """A wish in small numbers: which week and quarter, who, where, and whether with the laser."""

    week: int
    quarter: int
    who: int
    room: int | None
    laser: bool = False

    @property
    def things(self) -> frozenset[str]:
        """What it holds."""
        found = {f"professional {self.who}"}
        found |= {f"room {self.room}"} if self.room is not None else set()
        return frozenset(found | ({"laser"} if self.laser else set()))

    @property
    def span(self) -> tuple[int, int]:
        """The minutes it holds, counted from the first week's nine o'clock, buffers included."""
        minutes, before, after = LASER if self.laser else VISIT
        start = self.week * 7 * 24 * 60 + self.quarter * 15
        return start - before, start + minutes + after

    def collides(self, other: "Place") -> bool:
        """Whether both cannot be."""
        (start, end), (other_start, other_end) = self.span, other.span
        return bool(self.things & other.things) and start < other_end and other_start < end


@dataclass(frozen=True)
class Booked:
    """A visit of the model. `series` is the model's number of its series, which gave it the week `turn`."""

    place: Place
    standing: bool = True
    series: int | None = None
    turn: int = 0


@dataclass
class Repeats:
    """A series of the model: the week its rule begins with, and the quarter it begins at."""

    first: int
    quarter: int


_WEEKS, _QUARTERS = st.integers(0, WEEKS - 1), st.integers(0, QUARTERS - 1)
# The laser is Helena's, and never without a room.
PLACES = st.one_of(
    st.builds(Place, _WEEKS, _QUARTERS, st.integers(0, 1), st.sampled_from([0, 1, None])),
    st.builds(Place, _WEEKS, _QUARTERS, st.just(0), st.integers(0, 1), st.just(True)),
)
DESKS = st.integers(0, 1)


class Day(RuleBasedStateMachine):
    """Two desks of one clinic. What the model says is what both have to be told."""

    def __init__(self, office: Office, desks: tuple[Clinic, Clinic]) -> None:
        super().__init__()
        self.office, self.desks = office, desks
        self.sample = office.sample
        self.admin = office.admin()
        self.admin.execute(f"TRUNCATE {', '.join(f'clinicdesk.{one}' for one in _CLEARED.split(', '))}".encode())
        self.visits: dict[UUID, Booked] = {}
        self.held: dict[UUID, tuple[int, Place]] = {}
        self.waiting: dict[UUID, tuple[int, WaitingState]] = {}
        self.series: list[Repeats] = []

    def teardown(self) -> None:
        self.admin.close()

    # --- one visit ---

    @rule(desk=DESKS, place=PLACES)
    def book(self, desk: int, place: Place) -> None:
        command = self._booking(place)
        made = self._expect(self._free(place), lambda: agenda.book(self.desks[desk], command))
        if made is not None:
            self.visits[made.id] = Booked(place)
            assert agenda.book(self.desks[desk], command) == made

    @precondition(lambda self: self.visits)
    @rule(desk=DESKS, data=st.data(), week=st.integers(0, WEEKS - 1), quarter=st.integers(0, QUARTERS - 1))
    def move(self, desk: int, data: st.DataObject, week: int, quarter: int) -> None:
        visit = data.draw(st.sampled_from(sorted(self.visits)))
        was = self.visits[visit]
        place = replace(was.place, week=week, quarter=quarter)
        card = self._card(desk, visit)
        who, room, machine = self._things(place)
        command = MoveAppointment(new_id(), visit, card.version, who, self._slot(place), room, machine)
        fits = not was.standing or self._free(place, visit)
        if self._expect(fits, lambda: agenda.move(self.desks[desk], command)) is not None:
            self.visits[visit] = replace(was, place=place)

    @precondition(lambda self: self.visits)
    @rule(desk=DESKS, data=st.data())
    def give_up_or_bring_back(self, desk: int, data: st.DataObject) -> None:
        visit = data.draw(st.sampled_from(sorted(self.visits)))
        was, card = self.visits[visit], self._card(desk, visit)
        status = Status.CANCELLED if was.standing else Status.PENDING
        by = CancelledBy.PATIENT if was.standing else None
        command = ChangeStatus(new_id(), visit, card.version, status, cancelled_by=by)
        fits = was.standing or self._free(was.place, visit)
        if self._expect(fits, lambda: agenda.change_status(self.desks[desk], command)) is not None:
            self.visits[visit] = replace(was, standing=not was.standing)

    # --- holds ---

    @rule(desk=DESKS, place=PLACES)
    def hold(self, desk: int, place: Place) -> None:
        command = self._hold_of(new_id(), place)
        if self._expect(self._free(place), lambda: holds.hold(self.desks[desk], command)) is not None:
            self.held[command.hold_id] = desk, place

    @precondition(lambda self: self.held)
    @rule(data=st.data(), place=PLACES)
    def hold_elsewhere(self, data: st.DataObject, place: Place) -> None:
        hold_id = data.draw(st.sampled_from(sorted(self.held)))
        desk, _was = self.held[hold_id]
        command = self._hold_of(hold_id, place)
        if self._expect(self._free(place, hold_id), lambda: holds.hold(self.desks[desk], command)) is not None:
            self.held[hold_id] = desk, place

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def book_what_is_held(self, data: st.DataObject) -> None:
        hold_id = data.draw(st.sampled_from(sorted(self.held)))
        desk, place = self.held[hold_id]
        made = agenda.book(self.desks[desk], replace(self._booking(place), hold_id=hold_id))
        self.visits[made.id] = Booked(place)
        del self.held[hold_id]

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def let_go(self, data: st.DataObject) -> None:
        hold_id = data.draw(st.sampled_from(sorted(self.held)))
        desk, _place = self.held.pop(hold_id)
        assert not holds.release(self.desks[1 - desk], hold_id)  # another's is not one's own to give back
        assert holds.release(self.desks[desk], hold_id)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def its_owner_died(self, data: st.DataObject) -> None:
        hold_id = data.draw(st.sampled_from(sorted(self.held)))
        past = "UPDATE clinicdesk.slot_hold SET expires_at = clock_timestamp() - interval '1 second' WHERE id = %s"
        self.admin.execute(past.encode(), [hold_id])
        del self.held[hold_id]

    # --- the waiting list ---

    @rule(desk=DESKS)
    def wait(self, desk: int) -> None:
        wish = WaitingWish(self.sample.services["visit"], DAY)
        entry = waiting.add(self.desks[desk], AddToWaitingList(new_id(), self.sample.patients["ana"], wish))
        self.waiting[entry.id] = entry.version, WaitingState.OPEN

    @precondition(lambda self: self.waiting)
    @rule(desk=DESKS, data=st.data(), place=PLACES)
    def book_from_the_list(self, desk: int, data: st.DataObject, place: Place) -> None:
        place = replace(place, laser=False)
        entry = data.draw(st.sampled_from(sorted(self.waiting)))
        version, state = self.waiting[entry]
        command = BookFromList(entry, version, self._booking(place))
        if state is not WaitingState.OPEN:
            self._refused(WaitingEntryTaken, lambda: waiting.book(self.desks[desk], command))
            return
        made = self._expect(self._free(place), lambda: waiting.book(self.desks[desk], command))
        if made is not None:
            self.visits[made.id] = Booked(place)
            self.waiting[entry] = version, WaitingState.BOOKED

    # --- series ---

    @rule(desk=DESKS, place=PLACES)
    def book_series(self, desk: int, place: Place) -> None:
        # A service that may be done in several rooms takes another one by itself; here nothing moves by itself.
        places = [replace(place, week=week, laser=False) for week in range(WEEKS)]
        who, room, machine = self._things(places[0])
        first = FreeSlot(who, self._slot(places[0]), room, machine)
        wish = SeriesWish(first, self._service(places[0]), Rule(Frequency.WEEKLY, weekdays=(2,), count=WEEKS))
        plan = series.plan_series(self.desks[desk], wish)
        assert [one.refusal is None for one in plan.planned] == [self._free(one) for one in places]
        taken = tuple((one.day, one.place) for one in plan.planned if one.refusal is None)
        if not taken:
            return
        command = BookSeries(new_id(), new_id(), wish, self._booking(places[0]), taken)
        made = series.book(self.desks[desk], command).after
        self.series.append(Repeats(0, place.quarter))
        free = [one for one in places if self._free(one)]
        assert len(made) == len(free)
        for visit, one in zip(sorted(made, key=lambda each: each.starts_at), free, strict=True):
            self.visits[visit.id] = Booked(one, series=len(self.series) - 1, turn=one.week)

    @precondition(lambda self: self._in_turn())
    @rule(desk=DESKS, data=st.data(), quarter=st.integers(0, QUARTERS - 1), following=st.booleans())
    def put_series_to_another_hour(self, desk: int, data: st.DataObject, quarter: int, following: bool) -> None:
        visit = data.draw(st.sampled_from(self._in_turn()))
        named = self.visits[visit]
        affected = self._touched(named, following)
        after = {one: replace(self.visits[one].place, quarter=quarter) for one in affected}
        others = [one.place for key, one in self.visits.items() if one.standing and key not in affected]
        others += [place for _desk, place in self.held.values()]
        fits = not any(place.collides(other) for place in after.values() for other in others)
        scope = Scope.FOLLOWING if following else Scope.ALL
        change = SeriesChange(slot=self._slot(after[visit]))
        command = EditSeries(new_id(), visit, scope, change)
        if not fits:
            self._refused(SeriesConflicts, lambda: series_edit.edit(self.desks[desk], command, BEFORE))
            return
        series_edit.edit(self.desks[desk], command, BEFORE)
        begins = min(self.visits[one].turn for one in affected)
        assert named.series is not None
        number, moved = named.series, self._members(named)
        if following and begins > self.series[number].first:
            moved = [key for key in moved if self.visits[key].turn >= begins]
            number = len(self.series)
            self.series.append(Repeats(begins, quarter))
        self.series[number].quarter = quarter
        for one in moved:
            self.visits[one] = replace(self.visits[one], place=after.get(one, self.visits[one].place), series=number)

    @precondition(lambda self: self._in_turn())
    @rule(desk=DESKS, data=st.data())
    def end_series_early(self, desk: int, data: st.DataObject) -> None:
        visit = data.draw(st.sampled_from(self._in_turn()))
        named = self.visits[visit]
        assert named.series is not None
        given_up = self._touched(named, following=True, also_moved=True)
        whole = min(self.visits[one].turn for one in given_up) <= self.series[named.series].first
        command = CancelSeries(new_id(), visit, Scope.FOLLOWING, CancelledBy.PATIENT, "viaja")
        series.cancel(self.desks[desk], command, BEFORE)
        for one in given_up:
            self.visits[one] = replace(self.visits[one], standing=False, series=named.series if whole else None)

    # --- what has to be true ---

    @invariant()
    def both_desks_see_the_model(self) -> None:
        for desk in self.desks:
            seen = {}
            for week in range(WEEKS):
                day = DAY + dt.timedelta(weeks=week)
                for one in agenda.days(desk, day, day, self._people()).appointments:
                    seen[one.id] = (one.professional_id, one.room_id, one.slot, one.status is not Status.CANCELLED)
            assert seen == {key: self._as_seen(one) for key, one in self.visits.items()}

    @invariant()
    def holds_are_the_models(self) -> None:
        assert {one.id for one in holds.standing(self.desks[0])} == set(self.held)

    @invariant()
    def the_list_is_the_models(self) -> None:
        found = {one.id for one in waiting.waiting_list(self.desks[0], DAY).entries}
        assert found == {key for key, (_version, state) in self.waiting.items() if state is WaitingState.OPEN}

    # --- within ---

    def _expect(self, fits: bool, work: Callable[[], Made]) -> Made | None:
        if fits:
            return work()
        self._refused(SlotTaken, work)
        return None

    def _refused(self, kind: type[ClinicError], work: Callable[[], object]) -> None:
        try:
            given = work()
        except kind:
            return
        raise AssertionError(f"not refused: {given}")

    def _free(self, place: Place, but: UUID | None = None) -> bool:
        visits = (one.place for key, one in self.visits.items() if one.standing and key != but)
        held = (one for key, (_desk, one) in self.held.items() if key != but)
        return not any(place.collides(other) for other in (*visits, *held))

    def _in_turn(self) -> list[UUID]:
        """The visits of series that stand where their rule has them."""
        return sorted(key for key, one in self.visits.items() if one.standing and self._has_its_turn(one))

    def _has_its_turn(self, one: Booked) -> bool:
        if one.series is None:
            return False
        return (one.place.week, one.place.quarter) == (one.turn, self.series[one.series].quarter)

    def _members(self, named: Booked) -> list[UUID]:
        return [key for key, one in self.visits.items() if one.series == named.series]

    def _touched(self, named: Booked, following: bool, also_moved: bool = False) -> list[UUID]:
        """What a change of a series is for: what stands, from the named one on, and was not moved by itself."""
        return [
            key
            for key in self._members(named)
            if self.visits[key].standing
            and (also_moved or self._has_its_turn(self.visits[key]))
            and (not following or self.visits[key].turn >= named.turn)
        ]

    def _as_seen(self, one: Booked) -> tuple[object, ...]:
        who, room, _machine = self._things(one.place)
        return who, room, self._slot(one.place), one.standing

    def _people(self) -> list[UUID]:
        return [self.sample.professionals[name] for name in ("helena", "caio")]

    def _things(self, place: Place) -> tuple[UUID, UUID | None, UUID | None]:
        room = None if place.room is None else self.sample.rooms[f"room {place.room + 1}"]
        return self._people()[place.who], room, self.sample.machines["laser"] if place.laser else None

    def _service(self, place: Place) -> UUID:
        return self.sample.services["laser" if place.laser else "visit"]

    def _slot(self, place: Place) -> Slot:
        start = at(9, day=DAY + dt.timedelta(weeks=place.week)) + dt.timedelta(minutes=15 * place.quarter)
        return Slot.lasting(start, (LASER if place.laser else VISIT)[0])

    def _booking(self, place: Place) -> BookAppointment:
        who, room, machine = self._things(place)
        patient = self.sample.patients["ana"]
        return BookAppointment(new_id(), patient, who, self._service(place), self._slot(place), room, machine)

    def _hold_of(self, hold_id: UUID, place: Place) -> HoldSlot:
        who, room, machine = self._things(place)
        return HoldSlot(hold_id, self._service(place), who, self._slot(place), room, machine)

    def _card(self, desk: int, visit: UUID) -> Appointment:
        (found,) = agenda.appointments(self.desks[desk], [visit])
        return found


@pytest.mark.timeout(120 + STORIES * STEPS)
def test_two_desks_and_a_plain_model(office: Office) -> None:
    desks = office.desk("renata"), office.desk("otavio", desk="mesa 2")
    run_state_machine_as_test(
        lambda: Day(office, desks),  # type: ignore[arg-type]  # any call that makes one will do
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
