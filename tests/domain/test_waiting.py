"""Who fits a free time: against a model that tries every start, and in the order in which people are served."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.clinics import Catalogue, Professional, Room, SchedulingPolicy, Service
from clinicdesk.domain.clinics import Clinic as ClinicFacts
from clinicdesk.domain.finder import Ground, why_not_at
from clinicdesk.domain.hours import Calendar
from clinicdesk.domain.slots import Busy, SlotRequest
from clinicdesk.domain.waiting import (
    EVERY_DAY,
    Urgency,
    WaitingEntry,
    WaitingState,
    WaitingWish,
    check_wish,
    in_order,
    times_for,
    who_fits,
)
from clinicdesk.errors import InvalidField
from tests.builders import TUESDAY, local, uuid_for
from tests.domain.test_hours import calendars
from tests.domain.test_slots import HELENA, MINUTE, PLAIN, ROOM, _holdings, held

CAIO = uuid_for("caio")
VISIT = Service(uuid_for("visit"), "Consulta", duration_minutes=30)
LONG = Service(uuid_for("long"), "Laser", duration_minutes=60, professional_ids=(HELENA,), room_ids=(ROOM,))
CATALOGUE = Catalogue(
    ClinicFacts(uuid_for("Clínica Ipê"), "Clínica Ipê"),
    (Professional(HELENA, "Dra. Helena Prado"), Professional(CAIO, "Dr. Caio Menezes")),
    (Room(ROOM, "Sala 1"),),
    (),
    (VISIT, LONG),
)
SINCE = local(8, day=TUESDAY - dt.timedelta(days=10))


def entry(name: str, **changes: object) -> WaitingEntry:
    """Somebody who waits for a visit with anybody, any time from Tuesday on."""
    since = changes.pop("since", SINCE)
    wish = WaitingWish(**{"service_id": VISIT.id, "first_day": TUESDAY, **changes})  # type: ignore[arg-type]
    return WaitingEntry(
        uuid_for(name),
        uuid_for("Clínica Ipê"),
        1,
        uuid_for(name),
        name,
        "",
        "",
        "",
        wish,
        WaitingState.OPEN,
        None,
        since,  # type: ignore[arg-type]
    )


wishes = st.builds(
    WaitingWish,
    service_id=st.sampled_from([VISIT.id, LONG.id]),
    first_day=st.just(TUESDAY - dt.timedelta(days=400)),
    professional_id=st.sampled_from([None, HELENA, CAIO]),
    weekdays=st.sampled_from([EVERY_DAY, (1, 2, 3), (6, 7)]),
    from_time=st.sampled_from([dt.time(0), dt.time(9, 10), dt.time(13)]),
    to_time=st.sampled_from([dt.time(0), dt.time(16), dt.time(18)]),
)


@settings(max_examples=150, deadline=None)
@given(calendars(), wishes, held, st.integers(0, 250), st.integers(3, 60))
def test_who_fits_is_who_could_be_booked_at_some_start_inside(
    sample: tuple[Calendar, dt.date],
    wish: WaitingWish,
    spans: list[tuple[UUID, int, int]],
    start: int,
    length: int,
) -> None:
    calendar, day = sample
    wish = replace(wish, first_day=day)
    whole = calendar.day_slot(day)
    gap = Slot.lasting(whole.starts_at + 5 * start * MINUTE, 5 * length)
    if calendar.local_day(gap.ends_at - MINUTE) != day:
        return
    early = whole.starts_at - dt.timedelta(days=1)
    ground = Ground(calendar, SchedulingPolicy(slot_duration_minutes=5), Busy(_holdings(whole.starts_at, spans)), early)
    waiting = replace(entry("Ana"), wish=wish)
    fits = who_fits([waiting], CATALOGUE, ground, HELENA, gap)
    service = VISIT if wish.service_id == VISIT.id else LONG
    request = SlotRequest(service, (HELENA,), day, 1)
    possible = []
    for number in range(0, gap.minutes, 5):
        slot = Slot.lasting(gap.starts_at + number * MINUTE, service.duration_minutes)
        local_start, local_end = slot.starts_at.astimezone(calendar.zone), slot.ends_at.astimezone(calendar.zone)
        comes = wish.professional_id in (None, HELENA) and wish.admits(day, local_start.time(), local_end.time())
        if slot.ends_at <= gap.ends_at and comes and why_not_at(request, ground, HELENA, slot.starts_at) is None:
            possible.append(slot)
    assert [one.free.slot for one in fits] == possible[:1]


def test_the_more_urgent_is_served_first_and_then_whoever_waits_longest() -> None:
    late = SINCE + dt.timedelta(days=3)
    waiting = [
        entry("Ana", urgency=Urgency.CAN_WAIT),
        entry("Bento", since=late),
        entry("Caio"),
        entry("Dora", urgency=Urgency.URGENT, since=late),
    ]
    assert [one.patient_name for one in in_order(waiting)] == ["Dora", "Caio", "Bento", "Ana"]


def _ground(**changes: object) -> Ground:
    values = {"calendar": PLAIN, "policy": SchedulingPolicy(), "busy": Busy([]), "now": SINCE, **changes}
    return Ground(**values)  # type: ignore[arg-type]


AFTERNOON = Slot(local(13), local(18))


def test_the_time_that_was_pointed_at_comes_first_and_else_one_beside_it() -> None:
    (fit,) = who_fits([entry("Ana")], CATALOGUE, _ground(), HELENA, AFTERNOON, local(15))
    assert fit.free.slot == Slot(local(15), local(15, 30))
    (fit,) = who_fits([entry("Ana", to_time=dt.time(14))], CATALOGUE, _ground(), HELENA, AFTERNOON, local(15))
    assert fit.free.slot == Slot(local(13), local(13, 30))


@pytest.mark.parametrize(
    "changes",
    [
        {"weekdays": (1, 3)},
        {"professional_id": CAIO},
        {"first_day": TUESDAY + dt.timedelta(days=1)},
        {"last_day": TUESDAY - dt.timedelta(days=1), "first_day": TUESDAY - dt.timedelta(days=9)},
        {"to_time": dt.time(13)},
        {"from_time": dt.time(17, 45)},
        {"service_id": uuid_for("no longer offered")},
    ],
)
def test_whoever_cannot_come_then_is_not_named(changes: dict[str, object]) -> None:
    assert who_fits([entry("Ana", **changes)], CATALOGUE, _ground(), HELENA, AFTERNOON) == []


def test_a_visit_that_is_too_long_for_the_gap_does_not_fit() -> None:
    long = entry("Ana", service_id=LONG.id)
    assert who_fits([long], CATALOGUE, _ground(), HELENA, Slot(local(13), local(13, 45))) == []
    (fit,) = who_fits([long], CATALOGUE, _ground(), HELENA, AFTERNOON)
    assert fit.free.room_id == ROOM
    taken = Busy(_holdings(local(0), [(ROOM, 0, 288)]))
    assert who_fits([long], CATALOGUE, _ground(busy=taken), HELENA, AFTERNOON) == []


def test_an_entry_is_offered_every_time_of_the_days_it_asks_for() -> None:
    days = [TUESDAY + dt.timedelta(days=number) for number in range(7)]
    found = times_for(entry("Ana", from_time=dt.time(16), to_time=dt.time(17)), CATALOGUE, _ground(), [HELENA], days)
    assert [one.slot.starts_at for one in found] == [local(16), local(16, 15), local(16, 30)]
    assert times_for(entry("Ana", professional_id=CAIO), CATALOGUE, _ground(), [HELENA], days) == []


def test_an_entry_expires_with_the_last_day_they_could_come() -> None:
    waiting = entry("Ana", last_day=TUESDAY)
    assert not waiting.expired(TUESDAY)
    assert waiting.expired(TUESDAY + dt.timedelta(days=1))
    assert not replace(waiting, state=WaitingState.BOOKED).expired(TUESDAY + dt.timedelta(days=1))
    assert waiting.waiting_days(SINCE + dt.timedelta(days=4, hours=23)) == 4


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"weekdays": ()}, "weekdays", "missing"),
        ({"from_time": dt.time(14), "to_time": dt.time(14)}, "to_time", "before_start"),
        ({"last_day": TUESDAY - dt.timedelta(days=1)}, "last_day", "before_start"),
        ({"note": "a\x00"}, "note", "control_characters"),
    ],
)
def test_a_wish_that_nothing_can_fit_is_refused(changes: dict[str, object], field: str, reason: str) -> None:
    check_wish(WaitingWish(VISIT.id, TUESDAY))
    with pytest.raises(InvalidField) as caught:
        check_wish(replace(WaitingWish(VISIT.id, TUESDAY), **changes))  # type: ignore[arg-type]
    assert (caught.value.field, caught.value.reason) == (field, reason)


def test_midnight_closes_the_day() -> None:
    wish = WaitingWish(VISIT.id, TUESDAY)
    assert wish.admits(TUESDAY, dt.time(23), dt.time(0))
    assert not replace(wish, to_time=dt.time(23, 30)).admits(TUESDAY, dt.time(23), dt.time(0))
