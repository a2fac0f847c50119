"""Series over a real database: planned, booked, changed, given up, taken back."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from clinicdesk.domain.agenda import Appointment, CancelledBy, ChangeStatus, Slot, Status
from clinicdesk.domain.holds import HoldSlot
from clinicdesk.domain.series import Frequency, OnHoliday, Rule
from clinicdesk.domain.series_booking import BookSeries, ExtendSeries, SeriesWish
from clinicdesk.domain.series_edit import CancelSeries, EditSeries, Plan, Scope, SeriesChange
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.together import Together, taking_back
from clinicdesk.errors import (
    ChangedElsewhere,
    ClinicError,
    InvalidField,
    SeriesConflicts,
    SlotClosed,
    SlotTaken,
    StatusRefused,
)
from clinicdesk.usecases import agenda, holds, series, series_edit, together
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at
from tests.usecases.test_agenda import booking, moving

WEEK = dt.timedelta(days=7)
TUESDAYS = Rule(Frequency.WEEKLY, weekdays=(2,), count=4)
NOON_BEFORE = at(12, day=DAY - dt.timedelta(days=1))


@pytest.fixture
def reception(rolled_back: Office) -> Clinic:
    return rolled_back.desk("renata")


def wish(office: Office, rule: Rule = TUESDAYS, **changes: Any) -> SeriesWish:
    """Ana with Helena in room 1 on Tuesdays at nine."""
    sample = office.sample
    first = FreeSlot(sample.professionals["helena"], Slot.lasting(at(9), 30), sample.rooms["room 1"], None)
    return SeriesWish(replace(first, **changes), sample.services["visit"], rule)


def taken(plan: Plan) -> tuple[tuple[dt.date, FreeSlot], ...]:
    """What can be as it is."""
    return tuple((one.day, one.place) for one in plan.planned if one.refusal is None)


def book(office: Office, clinic: Clinic, wished: SeriesWish, **changes: Any) -> Together:
    """The series of a wish, booked as it was planned."""
    plan = series.plan_series(clinic, wished)
    command = BookSeries(new_id(), new_id(), wished, booking(office), taken(plan))
    return series.book(clinic, replace(command, **changes))


def starts(appointments: tuple[Appointment, ...]) -> list[dt.datetime]:
    return [one.starts_at for one in appointments]


def weekly(count: int, hour: int = 9, first: dt.date = DAY) -> list[dt.datetime]:
    return [at(hour, day=first + WEEK * number) for number in range(count)]


def members(clinic: Clinic, of: Together) -> tuple[Appointment, ...]:
    series_id = of.after[0].series_id
    assert series_id is not None
    return series.on_show(clinic, series_id).members


def editing(named: Appointment, scope: Scope, **change: Any) -> EditSeries:
    return EditSeries(new_id(), named.id, scope, SeriesChange(**change))


def refused(work: Callable[[], object], kind: type[ClinicError]) -> Any:
    with pytest.raises(kind) as caught:
        work()
    return caught.value


# --- booking ---------------------------------------------------------------------------------------------------------


def test_a_series_is_rows_of_its_own_with_the_days_of_its_rule(rolled_back: Office, reception: Clinic) -> None:
    booked = book(rolled_back, reception, wish(rolled_back))
    assert starts(booked.after) == weekly(4)
    assert [one.series_day for one in booked.after] == [DAY + WEEK * number for number in range(4)]
    assert len({one.series_id for one in booked.after}) == 1
    assert {one.room_id for one in booked.after} == {rolled_back.sample.rooms["room 1"]}


def test_the_same_operation_twice_is_one_series(rolled_back: Office, reception: Clinic) -> None:
    operation = {"operation_id": new_id(), "series_id": new_id()}
    first = book(rolled_back, reception, wish(rolled_back), **operation)
    plan = BookSeries(booking=booking(rolled_back), wish=wish(rolled_back), places=(), **operation)  # type: ignore[arg-type]
    assert [one.id for one in series.book(reception, plan).after] == [one.id for one in first.after]


def test_a_series_takes_its_places_before_it_gives_its_hold_back(office: Office) -> None:
    """Whoever books there has the places, and takes the hold next if it expired; the other order would be a ring."""
    reception, other = office.desk("renata"), office.admin()
    wished, hold_id = wish(office), new_id()
    place = wished.first
    holds.hold(reception, HoldSlot(hold_id, wished.service_id, place.professional_id, place.slot, place.room_id))
    command = replace(booking(office), hold_id=hold_id)
    wished = replace(wished, hold_id=hold_id)
    work = threading.Thread(target=lambda: book(office, reception, wished, booking=command))
    with other.transaction():
        other.execute("SELECT 1 FROM clinicdesk.resource WHERE id = %s FOR NO KEY UPDATE", [place.professional_id])
        work.start()
        work.join(0.6)
        assert work.is_alive()
        other.execute("SELECT 1 FROM clinicdesk.slot_hold WHERE id = %s FOR UPDATE NOWAIT", [hold_id])
    work.join()
    assert len(agenda.of_patient(reception, office.sample.patients["ana"])) == 4
    assert holds.standing(reception) == ()


def test_a_plan_names_each_conflict_and_what_lies_near(rolled_back: Office, reception: Clinic) -> None:
    bento = rolled_back.sample.patients["bento"]
    third = DAY + WEEK * 2
    room = rolled_back.sample.rooms["room 2"]
    slot = Slot.lasting(at(9, day=third), 30)
    agenda.book(reception, booking(rolled_back, patient=bento, room_id=room, slot=slot))
    plan = series.plan_series(reception, wish(rolled_back))
    assert [one.day for one in plan.conflicts] == [third]
    (conflict,) = plan.conflicts
    assert isinstance(conflict.refusal, SlotTaken)
    assert (conflict.refusal.resource_name, conflict.refusal.holder) == ("Dra. Helena Prado", "Bento d'Ávila")
    other_time, other_person, other_day = conflict.alternatives
    assert abs(other_time.slot.starts_at - at(9, day=third)) <= dt.timedelta(minutes=30)
    assert other_time.professional_id == rolled_back.sample.professionals["helena"]
    assert other_person.professional_id == rolled_back.sample.professionals["caio"]
    assert other_person.slot.starts_at == at(9, day=third)
    assert other_day.slot.starts_at == at(9, day=third + dt.timedelta(days=1))


def test_an_alternative_keeps_the_day_of_the_rule(rolled_back: Office, reception: Clinic) -> None:
    bento = rolled_back.sample.patients["bento"]
    agenda.book(reception, booking(rolled_back, patient=bento, slot=Slot.lasting(at(9, day=DAY + WEEK), 30)))
    wished = wish(rolled_back)
    plan = series.plan_series(reception, wished)
    places = tuple((one.day, one.alternatives[1] if one.refusal else one.place) for one in plan.planned)
    booked = series.book(reception, BookSeries(new_id(), new_id(), wished, booking(rolled_back), places))
    second = booked.after[1]
    assert second.series_day == DAY + WEEK
    assert second.starts_at == at(9, day=DAY + WEEK + dt.timedelta(days=1))


def test_what_was_taken_meanwhile_refuses_the_whole_series_by_day(rolled_back: Office, reception: Clinic) -> None:
    wished = wish(rolled_back)
    plan = series.plan_series(reception, wished)
    agenda.book(reception, booking(rolled_back, patient=rolled_back.sample.patients["bento"]))
    command = BookSeries(new_id(), new_id(), wished, booking(rolled_back), taken(plan))
    error = refused(lambda: series.book(reception, command), SeriesConflicts)
    ((day, why),) = error.conflicts
    assert day == DAY
    assert (why.resource_name, why.holder) == ("Dra. Helena Prado", "Bento d'Ávila")
    assert len(agenda.of_patient(reception, rolled_back.sample.patients["ana"])) == 0


def test_a_day_the_rule_does_not_give_is_refused(rolled_back: Office, reception: Clinic) -> None:
    wished = wish(rolled_back)
    strange = ((DAY + dt.timedelta(days=1), wished.first),)
    refused(
        lambda: series.book(reception, BookSeries(new_id(), new_id(), wished, booking(rolled_back), strange)),
        InvalidField,
    )


CARNIVAL = dt.date(2035, 2, 6)  # Tuesday; the clinic's own holiday in these tests


@pytest.mark.parametrize(
    ("wanted", "second"),
    [
        (OnHoliday.SKIP, None),
        (OnHoliday.NEXT, CARNIVAL + dt.timedelta(days=1)),
        (OnHoliday.PREVIOUS, CARNIVAL - dt.timedelta(days=1)),
        (OnHoliday.KEEP, CARNIVAL),
    ],
)
def test_a_holiday_is_skipped_moved_or_kept(
    rolled_back: Office, reception: Clinic, wanted: OnHoliday, second: dt.date | None
) -> None:

    owner = rolled_back.desk("otavio")
    with owner.transaction() as tx:
        tx.exec_driver_sql(
            "INSERT INTO clinicdesk.holiday (id, clinic_id, day, name) VALUES (gen_random_uuid(), %s, %s, 'Folia')",
            (owner.id, CARNIVAL),
        )
    first = CARNIVAL - WEEK
    rule = replace(TUESDAYS, count=3)
    slot = Slot.lasting(at(9, day=first), 30)
    plan = series.plan_series(owner, replace(wish(rolled_back, rule, slot=slot), on_holiday=wanted))
    one = plan.planned[1]
    assert (one.day, one.holiday) == (CARNIVAL, "Folia")
    if second is None:
        assert one.skipped and isinstance(one.refusal, SlotClosed) and one.alternatives
    else:
        assert not one.skipped and one.refusal is None
        assert one.place.slot.starts_at == at(9, day=second)


# --- changing --------------------------------------------------------------------------------------------------------


def test_all_go_to_another_hour_but_the_one_that_was_moved_alone(rolled_back: Office, reception: Clinic) -> None:
    booked = book(rolled_back, reception, wish(rolled_back))
    moved = agenda.move(reception, moving(booked.after[2], at(15, day=DAY + WEEK * 2)))
    change = editing(booked.after[0], Scope.ALL, slot=Slot.lasting(at(10), 30))
    series_edit.edit(reception, change, NOON_BEFORE)
    now = members(reception, booked)
    assert starts(now) == [at(10), at(10, day=DAY + WEEK), moved.starts_at, at(10, day=DAY + WEEK * 3)]


def test_this_and_the_following_part_the_series(rolled_back: Office, reception: Clinic) -> None:
    booked = book(rolled_back, reception, wish(rolled_back))
    caio = rolled_back.sample.professionals["caio"]
    change = editing(booked.after[2], Scope.FOLLOWING, professional_id=caio)
    edited = series_edit.edit(reception, change, NOON_BEFORE)
    first, second = (series.on_show(reception, one) for one in (booked.after[0].series_id, edited.after[0].series_id))  # type: ignore[arg-type]
    assert [one.professional_name for one in first.members] == ["Dra. Helena Prado"] * 2
    assert [one.professional_name for one in second.members] == ["Dr. Caio Menezes"] * 2
    assert (len(first.series.days), len(second.series.days)) == (2, 2)
    assert second.series.first_day == DAY + WEEK * 2


def test_another_weekday_for_all(rolled_back: Office, reception: Clinic) -> None:
    booked = book(rolled_back, reception, wish(rolled_back))
    thursday = DAY + dt.timedelta(days=2)
    change = editing(booked.after[0], Scope.ALL, slot=Slot.lasting(at(9, day=thursday), 30))
    edited = series_edit.edit(reception, change, NOON_BEFORE)
    assert starts(edited.after) == weekly(4, first=thursday)
    assert [one.series_day for one in edited.after] == [thursday + WEEK * number for number in range(4)]
    assert members(reception, edited)[0].series_day == thursday


def test_what_is_past_given_up_or_under_way_stays(rolled_back: Office, reception: Clinic) -> None:
    booked = book(rolled_back, reception, wish(rolled_back))
    step = ChangeStatus(new_id(), booked.after[1].id, 1, Status.CANCELLED, cancelled_by=CancelledBy.PATIENT)
    agenda.change_status(reception, step)
    change = editing(booked.after[3], Scope.ALL, slot=Slot.lasting(at(11, day=DAY + WEEK * 3), 30))
    series_edit.edit(reception, change, at(12))  # the first has taken place
    now = members(reception, booked)
    assert starts(now) == [at(9), at(9, day=DAY + WEEK), at(11, day=DAY + WEEK * 2), at(11, day=DAY + WEEK * 3)]


def test_conflicts_are_listed_before_and_refused_when_undecided(rolled_back: Office, reception: Clinic) -> None:
    booked = book(rolled_back, reception, wish(rolled_back))
    bento = rolled_back.sample.patients["bento"]
    agenda.book(reception, booking(rolled_back, patient=bento, slot=Slot.lasting(at(10, day=DAY + WEEK), 30)))
    change = editing(booked.after[0], Scope.ALL, slot=Slot.lasting(at(10), 30))
    plan = series_edit.plan_edit(reception, change, NOON_BEFORE)
    (conflict,) = plan.conflicts
    assert conflict.before == booked.after[1] and len(conflict.alternatives) == 3
    refused(lambda: series_edit.edit(reception, change, NOON_BEFORE), SeriesConflicts)
    decided = replace(change, operation_id=new_id(), seen=plan.seen, places=((booked.after[1].id, None),))
    series_edit.edit(reception, decided, NOON_BEFORE)
    assert starts(members(reception, booked)) == [
        at(10),
        at(9, day=DAY + WEEK),
        at(10, day=DAY + WEEK * 2),
        at(10, day=DAY + WEEK * 3),
    ]


def test_every_day_half_an_hour_later_is_not_in_its_own_way(rolled_back: Office, reception: Clinic) -> None:
    rule = Rule(Frequency.DAILY, count=3)
    booked = book(rolled_back, reception, wish(rolled_back, rule))
    tomorrow = Slot.lasting(at(9, day=DAY + dt.timedelta(days=1)), 30)
    edited = series_edit.edit(reception, editing(booked.after[0], Scope.ALL, slot=tomorrow), NOON_BEFORE)
    assert starts(edited.after) == [at(9, day=DAY + dt.timedelta(days=number)) for number in (1, 2, 3)]


def test_a_note_alone_asks_for_no_time(rolled_back: Office, reception: Clinic) -> None:
    """A professional who left keeps what was booked, and what is said of it can still be changed."""
    booked = book(rolled_back, reception, wish(rolled_back))
    owner = rolled_back.desk("otavio")
    with owner.transaction() as tx:
        tx.exec_driver_sql(
            "DELETE FROM clinicdesk.working_hours WHERE professional_id = %s",
            (rolled_back.sample.professionals["helena"],),
        )
    series_edit.edit(reception, editing(booked.after[0], Scope.ALL, note="traz exames"), NOON_BEFORE)
    assert {one.note for one in members(reception, booked)} == {"traz exames"}
    assert starts(members(reception, booked)) == weekly(4)


def test_two_desks_that_change_one_series(rolled_back: Office, reception: Clinic) -> None:
    booked = book(rolled_back, reception, wish(rolled_back))
    plan = series_edit.plan_edit(reception, editing(booked.after[0], Scope.ALL, note="a"), NOON_BEFORE)
    other = rolled_back.desk("renata", desk="mesa 2")
    del other
    series_edit.edit(reception, editing(booked.after[3], Scope.ALL, note="b"), NOON_BEFORE)
    late = replace(editing(booked.after[0], Scope.ALL, note="a"), seen=plan.seen)
    error = refused(lambda: series_edit.edit(reception, late, NOON_BEFORE), ChangedElsewhere)
    assert (error.kind, error.changed_by) == ("series", "Renata Souza")


# --- giving up, going on, taking back --------------------------------------------------------------------------------


def giving_up(named: Appointment, scope: Scope) -> CancelSeries:
    return CancelSeries(new_id(), named.id, scope, CancelledBy.PATIENT, "viaja")


def test_ending_early_and_going_on_again_are_exact(rolled_back: Office, reception: Clinic) -> None:
    booked = book(rolled_back, reception, wish(rolled_back))
    step = ChangeStatus(new_id(), booked.after[2].id, 1, Status.CANCELLED, cancelled_by=CancelledBy.PATIENT)
    agenda.change_status(reception, step)
    series.cancel(reception, giving_up(booked.after[1], Scope.FOLLOWING), NOON_BEFORE)
    shown = series.on_show(reception, booked.after[0].series_id)  # type: ignore[arg-type]
    assert len(shown.series.days) == 1
    assert [(one.series_day, one.status) for one in shown.members] == [
        (DAY, Status.PENDING),
        (DAY + WEEK * 2, Status.CANCELLED),
    ]
    longer = replace(shown.series.rule, count=5)
    plan = series.plan_extension(reception, shown.series.id, longer)
    assert [one.day for one in plan.planned] == [DAY + WEEK * number for number in (1, 3, 4)]
    extended = series.extend(
        reception, ExtendSeries(new_id(), shown.series.id, shown.series.version, longer, taken(plan))
    )
    assert starts(extended.after) == [at(9, day=DAY + WEEK * number) for number in (1, 3, 4)]


def test_where_nothing_is_left_to_give_up(rolled_back: Office, reception: Clinic) -> None:
    made = book(rolled_back, reception, wish(rolled_back)).after
    series.cancel(reception, giving_up(made[0], Scope.ALL))
    left = agenda.appointments(reception, [one.id for one in made])
    named = next(one for one in left if one.series_id is not None)
    error = refused(lambda: series.cancel(reception, giving_up(named, Scope.ALL)), StatusRefused)
    assert error.current is Status.CANCELLED


def state(clinic: Clinic, office: Office) -> list[tuple[object, ...]]:
    """All that is to be seen of Ana's visits, versions apart."""
    found = agenda.of_patient(clinic, office.sample.patients["ana"])
    keys = ("id", "starts_at", "ends_at", "professional_id", "room_id", "service_id", "status", "note", "series_id")
    keys += ("series_day", "reschedule_count", "cancelled_by", "cancel_reason")
    return sorted(tuple(getattr(one, key) for key in keys) for one in found)


CHANGES: dict[str, Callable[[Clinic, Together], Together]] = {
    "all later": lambda clinic, of: series_edit.edit(
        clinic, editing(of.after[0], Scope.ALL, slot=Slot.lasting(at(9, 30), 30)), NOON_BEFORE
    ),
    "following to another day": lambda clinic, of: series_edit.edit(
        clinic,
        editing(of.after[1], Scope.FOLLOWING, slot=Slot.lasting(at(9, day=DAY + WEEK + dt.timedelta(days=1)), 30)),
        NOON_BEFORE,
    ),
    "given up": lambda clinic, of: series.cancel(clinic, giving_up(of.after[1], Scope.FOLLOWING), NOON_BEFORE),
    "all given up": lambda clinic, of: series.cancel(clinic, giving_up(of.after[1], Scope.ALL), NOON_BEFORE),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_taken_back_in_one_step_and_done_again(rolled_back: Office, reception: Clinic, change: str) -> None:
    booked = book(rolled_back, reception, wish(rolled_back))
    series_id = booked.after[0].series_id
    assert series_id is not None
    before, rule = state(reception, rolled_back), series.on_show(reception, series_id).series.rule
    done = CHANGES[change](reception, booked)
    after = state(reception, rolled_back)
    assert after != before
    undone = together.put_back(reception, taking_back(done, new_id(), "engano"))
    assert state(reception, rolled_back) == before
    assert series.on_show(reception, series_id).series.rule == rule
    together.put_back(reception, taking_back(undone, new_id(), "engano"))
    assert state(reception, rolled_back) == after


def test_a_series_booked_by_mistake_is_given_up_whole_and_comes_back(rolled_back: Office, reception: Clinic) -> None:
    booked = book(rolled_back, reception, wish(rolled_back))
    undone = together.put_back(reception, taking_back(booked, new_id(), "engano"))
    assert {one.status for one in members(reception, booked)} == {Status.CANCELLED}
    again = together.put_back(reception, taking_back(undone, new_id(), "engano"))
    assert {one.status for one in again.after} == {Status.PENDING}


def test_taking_back_into_taken_time_is_refused_by_name(rolled_back: Office, reception: Clinic) -> None:
    booked = book(rolled_back, reception, wish(rolled_back))
    done = CHANGES["all later"](reception, booked)
    agenda.book(
        reception, booking(rolled_back, patient=rolled_back.sample.patients["bento"], slot=Slot(at(8, 30), at(9, 15)))
    )
    error = refused(lambda: together.put_back(reception, taking_back(done, new_id(), "")), SlotTaken)
    assert (error.resource_name, error.holder) == ("Dra. Helena Prado", "Bento d'Ávila")
    assert starts(members(reception, booked))[0] == at(9, 30)


def test_a_service_made_shorter_shortens_nothing_that_is_booked(rolled_back: Office, reception: Clinic) -> None:
    booked = book(rolled_back, reception, wish(rolled_back))
    with rolled_back.desk("otavio").transaction() as tx:
        tx.exec_driver_sql(
            "UPDATE clinicdesk.service SET duration_minutes = 10 WHERE id = %s", (rolled_back.sample.services["visit"],)
        )
    change = editing(booked.after[1], Scope.FOLLOWING, slot=Slot.lasting(at(10, day=DAY + WEEK), 30))
    series_edit.edit(reception, change, NOON_BEFORE)
    found = agenda.of_patient(reception, rolled_back.sample.patients["ana"])
    assert {one.slot.minutes for one in found} == {30}


@pytest.mark.commits
def test_two_desks_at_once_change_one_series_once(office: Office) -> None:
    """The second waits for the first and is told who it was; nobody dies in a deadlock."""
    first, second = office.desk("renata"), office.desk("claudia", "ipe", "mesa 2")
    booked = book(office, first, wish(office))
    hour = lambda number: Slot.lasting(at(number), 30)  # noqa: E731
    plans = {
        clinic: series_edit.plan_edit(clinic, editing(booked.after[0], Scope.ALL, slot=hour(number)), NOON_BEFORE)
        for clinic, number in ((first, 10), (second, 11))
    }
    told: list[object] = []

    def change(clinic: Clinic, number: int) -> None:
        command = replace(editing(booked.after[0], Scope.ALL, slot=hour(number)), seen=plans[clinic].seen)
        try:
            told.append(series_edit.edit(clinic, command, NOON_BEFORE))
        except ClinicError as error:
            told.append(error)

    threads = [threading.Thread(target=change, args=each) for each in ((first, 10), (second, 11))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (won,) = [one for one in told if isinstance(one, Together)]
    (lost,) = [one for one in told if isinstance(one, ChangedElsewhere)]
    assert lost.kind == "series" and lost.changed_by in ("Renata Souza", "Cláudia Meireles")
    assert starts(members(first, booked)) == starts(won.after)
