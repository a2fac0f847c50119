"""Why a time is not offered: at every start of the grid the reason and the search agree."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.clinics import SchedulingPolicy, Service
from clinicdesk.domain.finder import FURTHER_DAYS, Found, Ground, Relaxation, refusals, relaxed, why_not_at
from clinicdesk.domain.hours import Block, Calendar, ClosureKind
from clinicdesk.domain.slots import Busy, Holding, SlotRequest, WhyNot, find_slots
from tests.builders import TUESDAY, ZONE, local, uuid_for
from tests.domain.test_hours import calendars
from tests.domain.test_slots import HELENA, LASER, MINUTE, PLAIN, ROOM, _holdings, held, policies, services

CAIO = uuid_for("caio")
VISIT = Service(uuid_for("s"), "Consulta")
NIGHT_BEFORE = local(20, day=TUESDAY - dt.timedelta(days=1))


@settings(max_examples=150, deadline=None)
@given(
    calendars(),
    services,
    policies,
    held,
    st.integers(-48, 20),
    st.sampled_from([(), (2,), (1, 2, 3), (6, 7)]),
    st.sampled_from([(dt.time(0), dt.time(23, 59)), (dt.time(13), dt.time(17, 30))]),
)
def test_every_start_is_offered_or_has_a_reason(
    sample: tuple[Calendar, dt.date],
    service: Service,
    policy: SchedulingPolicy,
    spans: list[tuple[object, int, int]],
    hours: int,
    weekdays: tuple[int, ...],
    window: tuple[dt.time, dt.time],
) -> None:
    calendar, day = sample
    whole = calendar.day_slot(day)
    ground = Ground(calendar, policy, Busy(_holdings(whole.starts_at, spans)), whole.starts_at + hours * 60 * MINUTE)  # type: ignore[arg-type]
    request = SlotRequest(service, (HELENA,), day, 1, earliest=window[0], latest=window[1], weekdays=weekdays)
    search = find_slots(request, calendar, policy, ground.busy, ground.now)
    offered = {one.slot.starts_at for one in search.slots}
    step = policy.slot_duration_minutes
    for number in range(0, whole.minutes, step):
        start = whole.starts_at + number * MINUTE
        assert (why_not_at(request, ground, HELENA, start) is None) == (start in offered)
    refused = list(refusals(request, ground, HELENA, day))
    covered = {one.slot.starts_at + number * MINUTE for one in refused for number in range(0, one.slot.minutes, step)}
    assert not covered & offered
    assert len(covered) + len(offered) == len(range(0, whole.minutes, step))
    assert all(one.slot.ends_at <= other.slot.starts_at for one, other in itertools.pairwise(refused))
    assert [one for one, _why in search.days_without] == ([] if offered or not request.asks_for(day) else [day])


def _ground(**changes: object) -> Ground:
    values = {"calendar": PLAIN, "policy": SchedulingPolicy(), "busy": Busy([]), "now": NIGHT_BEFORE, **changes}
    return Ground(**values)  # type: ignore[arg-type]


def _taken(key: object, start: dt.datetime, end: dt.datetime, **more: object) -> Busy:
    return Busy([Holding(key, Slot(start, end), **(more or {"appointment_id": uuid_for("a")}))])  # type: ignore[arg-type]


MEETING = Block(uuid_for("b"), HELENA, Slot(local(9), local(10)), ClosureKind.BLOCK, "reunião")
ROOMED, LASERED = replace(VISIT, room_ids=(ROOM,)), replace(VISIT, equipment_ids=(LASER,))


@pytest.mark.parametrize(
    ("request_changes", "ground", "start", "reason"),
    [
        ({}, _ground(), local(9), None),
        ({}, _ground(), local(7), WhyNot.CLOSED),
        ({}, _ground(), local(12), WhyNot.BREAK),
        ({}, _ground(), local(11, 45), WhyNot.TOO_SHORT),
        ({}, _ground(), local(9, 5), WhyNot.OFF_GRID),
        ({}, _ground(calendar=replace(PLAIN, holidays={TUESDAY: "Festa"})), local(9), WhyNot.HOLIDAY),
        ({}, _ground(calendar=replace(PLAIN, blocks={HELENA: (MEETING,)})), local(9), WhyNot.BLOCKED),
        ({}, _ground(busy=_taken(HELENA, local(9), local(10))), local(9, 15), WhyNot.FULL),
        ({}, _ground(busy=_taken(HELENA, local(9), local(10))), local(8, 45), WhyNot.TOO_SHORT),
        ({}, _ground(busy=_taken(HELENA, local(9), local(10), hold_id=uuid_for("h"))), local(9), WhyNot.HELD),
        ({"service": ROOMED}, _ground(busy=_taken(ROOM, local(9), local(10))), local(9), WhyNot.ROOM_IN_USE),
        ({"service": LASERED}, _ground(busy=_taken(LASER, local(9), local(10))), local(9), WhyNot.EQUIPMENT_IN_USE),
        ({}, _ground(policy=SchedulingPolicy(min_advance_hours=24)), local(9), WhyNot.TOO_SOON),
        ({}, _ground(now=local(9, day=dt.date(2026, 11, 1)), policy=SchedulingPolicy(max_advance_days=7)), local(9),
         WhyNot.TOO_FAR),
        ({}, _ground(busy=_taken(HELENA, local(9), local(10)), policy=SchedulingPolicy(max_daily_appointments=1)),
         local(14), WhyNot.DAY_FULL),
        ({"earliest": dt.time(13)}, _ground(), local(9), WhyNot.OUTSIDE_HOURS_ASKED),
        ({"weekdays": (1, 3)}, _ground(), local(9), WhyNot.OTHER_DAYS_ASKED),
        ({"professional_ids": (CAIO,)}, _ground(), local(9), WhyNot.NOBODY),
    ],
)  # fmt: skip
def test_each_start_says_what_is_in_its_way(
    request_changes: dict[str, object], ground: Ground, start: dt.datetime, reason: WhyNot | None
) -> None:
    request = replace(SlotRequest(VISIT, (HELENA,), TUESDAY, 1), **request_changes)  # type: ignore[arg-type]
    assert why_not_at(request, ground, HELENA, start) is reason


def test_a_day_that_is_only_held_says_so() -> None:
    busy = _taken(HELENA, local(8), local(18), hold_id=uuid_for("h"))
    search = find_slots(SlotRequest(VISIT, (HELENA,), TUESDAY, 1), PLAIN, SchedulingPolicy(), busy, NIGHT_BEFORE)
    assert search.days_without == ((TUESDAY, WhyNot.HELD),)


def test_days_without_time_are_named_with_what_is_mostly_in_the_way() -> None:
    """That Helena is taken says more than that Caio does not work."""
    request = SlotRequest(VISIT, (HELENA, CAIO), TUESDAY, 3)
    busy = _taken(HELENA, local(8), local(18))
    search = find_slots(request, PLAIN, SchedulingPolicy(), busy, NIGHT_BEFORE)
    following = [TUESDAY + dt.timedelta(days=number) for number in (1, 2)]
    assert search.days_without == ((TUESDAY, WhyNot.FULL), *((day, WhyNot.CLOSED) for day in following))
    assert search.main_reason is WhyNot.FULL


def test_weekdays_that_were_not_asked_for_are_not_looked_at() -> None:
    request = SlotRequest(VISIT, (HELENA,), TUESDAY, 14, weekdays=(3,))
    search = find_slots(request, PLAIN, SchedulingPolicy(), Busy([]), NIGHT_BEFORE)
    assert [day.isoweekday() for day, _why in search.days_without] == [3, 3]


def test_a_service_that_nobody_offers_says_so() -> None:
    search = find_slots(SlotRequest(VISIT, (), TUESDAY, 3), PLAIN, SchedulingPolicy(), Busy([]), NIGHT_BEFORE)
    assert search.main_reason is WhyNot.NOBODY


def test_what_was_found_explains_the_rest_of_the_day() -> None:
    request = SlotRequest(VISIT, (HELENA,), TUESDAY, 1)
    ground = _ground(busy=_taken(HELENA, local(9), local(10)))
    found = Found(request, find_slots(request, PLAIN, ground.policy, ground.busy, ground.now), ground)
    assert found.why_not(HELENA, local(8)) is None
    told = [(one.slot.starts_at.astimezone(ZONE).hour, one.reason) for one in found.refusals(TUESDAY)[HELENA]]
    assert told == [
        (0, WhyNot.CLOSED),
        (8, WhyNot.TOO_SHORT),
        (9, WhyNot.FULL),
        (11, WhyNot.TOO_SHORT),
        (12, WhyNot.BREAK),
        (17, WhyNot.TOO_SHORT),
        (18, WhyNot.CLOSED),
    ]


def test_one_thing_at_a_time_is_given_up() -> None:
    narrow = SlotRequest(VISIT, (HELENA,), TUESDAY, 10, earliest=dt.time(13), weekdays=(2,))
    told = dict(relaxed(narrow, (HELENA, CAIO)))
    assert list(told) == [Relaxation.HOURS, Relaxation.PEOPLE, Relaxation.LATER]
    assert (told[Relaxation.HOURS].earliest, told[Relaxation.HOURS].weekdays) == (dt.time(0), ())
    assert told[Relaxation.PEOPLE].professional_ids == (HELENA, CAIO)
    assert (told[Relaxation.LATER].first_day, told[Relaxation.LATER].days) == (
        TUESDAY + dt.timedelta(days=10),
        FURTHER_DAYS,
    )
    assert [one for one, _request in relaxed(SlotRequest(VISIT, (), TUESDAY, 10), (CAIO,))] == [Relaxation.PEOPLE]
