"""Free time against a model that looks at every minute."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.clinics import SchedulingPolicy, Service
from clinicdesk.domain.hours import Block, Calendar, ClosureKind
from clinicdesk.domain.slots import Busy, Holding, Placement, SlotRequest, WhyNot, check_policy, explain, find_slots
from clinicdesk.errors import InvalidField, OutsidePolicy, SlotClosed, SlotTaken
from tests.builders import TUESDAY, ZONE, local, uuid_for
from tests.domain.test_hours import calendars

HELENA, ROOM, OTHER_ROOM, LASER = (uuid_for(name) for name in ("helena", "room", "other room", "laser"))
MINUTE = dt.timedelta(minutes=1)
HOURS = {2: ((dt.time(8), dt.time(12)), (dt.time(13), dt.time(18)))}
PLAIN = Calendar(ZONE, {None: HOURS, HELENA: HOURS})
NIGHT_BEFORE = local(20, day=TUESDAY - dt.timedelta(days=1))


def _holdings(midnight: dt.datetime, spans: Iterable[tuple[UUID, int, int]]) -> list[Holding]:
    return [
        Holding(key, Slot.lasting(midnight + 5 * start * MINUTE, 5 * length), uuid_for(f"visit {number}"), "Ana")
        for number, (key, start, length) in enumerate(spans)
    ]


held = st.lists(
    st.tuples(st.sampled_from([HELENA, HELENA, ROOM, OTHER_ROOM, LASER]), st.integers(-30, 280), st.integers(1, 24)),
    max_size=8,
)
services = st.builds(
    Service,
    id=st.just(uuid_for("service")),
    name=st.just("Consulta"),
    duration_minutes=st.sampled_from([5, 15, 30, 60, 100]),
    buffer_before=st.sampled_from([0, 0, 10, 30]),
    buffer_after=st.sampled_from([0, 0, 15]),
    room_ids=st.sampled_from([(), (ROOM,), (ROOM, OTHER_ROOM)]),
    equipment_ids=st.sampled_from([(), (), (LASER,)]),
)
policies = st.builds(
    SchedulingPolicy,
    slot_duration_minutes=st.sampled_from([5, 15, 20, 45]),
    min_advance_hours=st.sampled_from([0, 0, 24]),
    max_advance_days=st.sampled_from([0, 0, 1]),
    max_daily_appointments=st.sampled_from([0, 0, 2]),
)


def _free_minutes(taken: Iterable[Holding], key: UUID, slot: Slot) -> bool:
    """Whether nothing holds the resource in any minute of the slot."""
    return not any(
        one.resource_id == key and one.slot.starts_at < slot.ends_at and slot.starts_at < one.slot.ends_at
        for one in taken
    )


def _model(
    calendar: Calendar, day: dt.date, policy: SchedulingPolicy, service: Service, taken: list[Holding], now: dt.datetime
) -> list[Slot]:
    """Every start of the grid, each tried by itself, minute by minute."""
    whole = calendar.day_slot(day)
    worked = {
        one.starts_at + number * MINUTE for one in calendar.open_slots(HELENA, day) for number in range(one.minutes)
    }
    visits = {one.appointment_id for one in taken if one.resource_id == HELENA and one.slot.overlaps(whole)}
    if policy.max_daily_appointments and len(visits) >= policy.max_daily_appointments:
        return []
    if policy.max_advance_days and (day - calendar.local_day(now)).days > policy.max_advance_days:
        return []
    found = []
    for number in range(0, whole.minutes, policy.slot_duration_minutes):
        slot = Slot.lasting(whole.starts_at + number * MINUTE, service.duration_minutes)
        around = slot.widened(service.buffer_before, service.buffer_after)
        if (
            slot.starts_at >= now + dt.timedelta(hours=policy.min_advance_hours)
            and all(slot.starts_at + each * MINUTE in worked for each in range(slot.minutes))
            and _free_minutes(taken, HELENA, around)
            and all(
                not keys or any(_free_minutes(taken, key, around) for key in keys)
                for keys in (service.room_ids, service.equipment_ids)
            )
        ):
            found.append(slot)
    return found


@settings(max_examples=150, deadline=None)
@given(calendars(), services, policies, held, st.integers(-48, 20))
def test_what_is_found_is_what_a_look_at_every_minute_finds(
    sample: tuple[Calendar, dt.date],
    service: Service,
    policy: SchedulingPolicy,
    spans: list[tuple[UUID, int, int]],
    hours: int,
) -> None:
    calendar, day = sample
    midnight = calendar.day_slot(day).starts_at
    taken, now = _holdings(midnight, spans), midnight + dt.timedelta(hours=hours)
    request = SlotRequest(service, (HELENA,), day, 1)
    found = find_slots(request, calendar, policy, Busy(taken), now)
    assert [one.slot for one in found.slots] == _model(calendar, day, policy, service, taken, now)
    assert bool(found.why_not) == (not found.slots)
    assert (found.main_reason is None) == bool(found.slots)
    for one in found.slots:
        placed = Placement(HELENA, one.slot, one.room_id, one.equipment_id, service.buffer_before, service.buffer_after)
        assert explain(placed, calendar, Busy(taken)) is None


@settings(max_examples=150, deadline=None)
@given(calendars(), services, held, st.integers(0, 280))
def test_what_can_be_explained_away_is_not_found(
    sample: tuple[Calendar, dt.date], service: Service, spans: list[tuple[UUID, int, int]], start: int
) -> None:
    """At any place of the grid the finder and the explanation agree."""
    calendar, day = sample
    service = replace(service, room_ids=service.room_ids[:1])
    whole = calendar.day_slot(day)
    slot = Slot.lasting(whole.starts_at + 5 * start * MINUTE, service.duration_minutes)
    busy = Busy(_holdings(whole.starts_at, spans))
    room = service.room_ids[0] if service.room_ids else None
    machine = service.equipment_ids[0] if service.equipment_ids else None
    placed = Placement(HELENA, slot, room, machine, service.buffer_before, service.buffer_after)
    policy = SchedulingPolicy(slot_duration_minutes=5)
    early = whole.starts_at - dt.timedelta(days=2)
    found = find_slots(SlotRequest(service, (HELENA,), day, 1), calendar, policy, busy, early)
    refusal = explain(placed, calendar, busy)
    assert (slot in [one.slot for one in found.slots]) == (refusal is None)
    if isinstance(refusal, SlotTaken) and refusal.next_free:
        later = replace(placed, slot=Slot.lasting(refusal.next_free, service.duration_minutes))
        assert refusal.next_free > slot.starts_at
        assert explain(later, calendar, busy) is None


def _why(**changes: object) -> WhyNot | None:
    values = {"service": Service(uuid_for("s"), "Consulta"), "calendar": PLAIN, "policy": SchedulingPolicy(),
              "busy": [], **changes}  # fmt: skip
    service, calendar, policy, taken = (values[name] for name in ("service", "calendar", "policy", "busy"))
    request = SlotRequest(service, (HELENA,), TUESDAY, 1, earliest=values.get("earliest", dt.time(0)))  # type: ignore
    return find_slots(request, calendar, policy, Busy(taken), NIGHT_BEFORE).main_reason  # type: ignore[arg-type]


def test_each_reason_is_told() -> None:
    full = [Holding(HELENA, Slot(local(7), local(19)), uuid_for("a"))]
    room = [Holding(ROOM, Slot(local(7), local(19)), uuid_for("a"))]
    service = Service(uuid_for("s"), "Consulta", room_ids=(ROOM,))
    machine = Service(uuid_for("s"), "Laser", equipment_ids=(ROOM,))
    off = Block(uuid_for("b"), HELENA, Slot(local(0), local(23)), ClosureKind.TIME_OFF, "férias")
    assert _why() is None
    assert _why(calendar=Calendar(ZONE, {})) is WhyNot.CLOSED
    assert _why(calendar=replace(PLAIN, holidays={TUESDAY: "Festa"})) is WhyNot.HOLIDAY
    assert _why(calendar=replace(PLAIN, blocks={HELENA: (off,)})) is WhyNot.TIME_OFF
    assert _why(busy=full) is WhyNot.FULL
    assert _why(service=Service(uuid_for("s"), "x", duration_minutes=400)) is WhyNot.TOO_SHORT
    assert _why(service=service, busy=room) is WhyNot.ROOM_IN_USE
    assert _why(service=machine, busy=room) is WhyNot.EQUIPMENT_IN_USE
    assert _why(policy=SchedulingPolicy(min_advance_hours=48)) is WhyNot.TOO_SOON
    assert _why(policy=SchedulingPolicy(max_daily_appointments=1), busy=full) is WhyNot.DAY_FULL
    assert _why(earliest=dt.time(19)) is WhyNot.OUTSIDE_HOURS_ASKED
    far = find_slots(SlotRequest(service, (HELENA,), TUESDAY, 1), PLAIN, SchedulingPolicy(max_advance_days=3), Busy([]),
                     local(8, day=TUESDAY - dt.timedelta(days=9)))  # fmt: skip
    assert far.main_reason is WhyNot.TOO_FAR


def test_an_overbooking_may_lie_in_a_break_and_nowhere_else_that_is_closed() -> None:
    lunch = Placement(HELENA, Slot(local(12), local(12, 30)), overbooking=True)
    assert explain(lunch, PLAIN, Busy([])) is None
    assert isinstance(explain(replace(lunch, overbooking=False), PLAIN, Busy([])), SlotClosed)
    assert isinstance(explain(replace(lunch, slot=Slot(local(18), local(19))), PLAIN, Busy([])), SlotClosed)
    block = Block(uuid_for("b"), HELENA, Slot(local(13), local(14)), ClosureKind.BLOCK, "reunião")
    blocked = replace(PLAIN, blocks={HELENA: (block,)})
    into_it = replace(lunch, slot=Slot(local(12, 30), local(13, 30)))
    refusal = explain(into_it, blocked, Busy([]))
    assert isinstance(refusal, SlotClosed)
    assert refusal.label == "reunião"


def test_an_overbooking_exempts_the_person_alone() -> None:
    taken = Busy(_holdings(local(9), [(HELENA, 0, 6), (ROOM, 0, 6)]))
    beside = Placement(HELENA, Slot(local(9), local(9, 30)), overbooking=True)
    assert explain(beside, PLAIN, taken) is None
    refusal = explain(replace(beside, room_id=ROOM), PLAIN, taken)
    assert isinstance(refusal, SlotTaken)
    assert refusal.resource_kind == "room"


def test_a_visit_across_midnight_says_so() -> None:
    late = Placement(HELENA, Slot(local(23, 30), local(0, 30, TUESDAY + dt.timedelta(days=1))))
    assert explain(late, PLAIN, Busy([])) == InvalidField("ends_at", "across_midnight")


def test_the_policy_at_the_desk() -> None:
    policy = SchedulingPolicy(min_advance_hours=24, max_advance_days=10, max_daily_appointments=2)
    now = local(8, day=TUESDAY - dt.timedelta(days=10))
    check_policy(local(9), policy, PLAIN, now, 1)
    for moment, visits in ((now - dt.timedelta(days=1), 0), (now, 2)):
        try:
            check_policy(local(9), policy, PLAIN, moment, visits)
        except OutsidePolicy as fact:
            assert fact.limit in (10, 2)
        else:
            raise AssertionError("not refused")
