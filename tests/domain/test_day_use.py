"""Booked, free and idle time: whatever is taken, the parts make up the whole."""

import datetime as dt
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.day_use import DayUse, shortest_service, use_of
from clinicdesk.domain.saved_views import ColumnsBy

MIDNIGHT = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
MORNING_AND_AFTERNOON = [(8 * 60, 12 * 60), (13 * 60, 18 * 60)]


def span(first: int, last: int) -> Slot:
    return Slot(MIDNIGHT + dt.timedelta(minutes=first), MIDNIGHT + dt.timedelta(minutes=last))


spans = st.lists(
    st.tuples(st.integers(0, 1400), st.integers(1, 180)).map(lambda one: (one[0], one[0] + one[1])), max_size=25
)


def minutes_of(found: list[tuple[int, int]]) -> set[int]:
    return {minute for first, last in found for minute in range(first, last)}


@given(taken=spans, shortest=st.integers(0, 90))
def test_the_parts_make_up_the_open_time_and_agree_with_counting_minutes(
    taken: list[tuple[int, int]], shortest: int
) -> None:
    use = use_of([span(*one) for one in MORNING_AND_AFTERNOON], [span(*one) for one in taken], shortest)
    opened, held = minutes_of(MORNING_AND_AFTERNOON), minutes_of(taken)
    assert use.booked == len(opened & held)
    assert use.free + use.idle == len(opened - held)
    assert use.outside == len(held - opened)
    assert use.open == len(opened)
    assert use.idle == sum(len(gap) for gap in gaps(opened - held) if len(gap) < shortest)


def gaps(minutes: set[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for minute in sorted(minutes):
        if found and found[-1][-1] == minute - 1:
            found[-1].append(minute)
        else:
            found.append([minute])
    return found


@given(taken=spans, shortest=st.integers(0, 60))
def test_a_longer_shortest_service_turns_free_time_idle_and_never_back(
    taken: list[tuple[int, int]], shortest: int
) -> None:
    opened, held = [span(*one) for one in MORNING_AND_AFTERNOON], [span(*one) for one in taken]
    now, longer = use_of(opened, held, shortest), use_of(opened, held, shortest + 10)
    assert longer.idle >= now.idle and longer.booked == now.booked


def test_days_add_up_and_an_empty_one_is_not_occupied() -> None:
    assert DayUse().occupancy == 0.0
    assert DayUse(60, 30, 10, 5) + DayUse(1, 2, 3, 4) == DayUse(61, 32, 13, 9)
    assert DayUse(45, 45, 10).occupancy == 0.45


def test_the_shortest_service_counts_its_buffers_and_asks_who_offers_it() -> None:
    helena, caio, laser = (UUID(int=number) for number in (1, 2, 3))
    services = [
        Service(UUID(int=9), "Consulta", duration_minutes=30, buffer_after=10, professional_ids=(helena,)),
        Service(UUID(int=8), "Laser", duration_minutes=45, equipment_ids=(laser,), professional_ids=(caio,)),
        Service(UUID(int=7), "Triagem", duration_minutes=50),
    ]
    assert shortest_service(services, helena, ColumnsBy.PROFESSIONAL) == 40
    assert shortest_service(services, caio, ColumnsBy.PROFESSIONAL) == 45
    assert shortest_service(services, laser, ColumnsBy.EQUIPMENT) == 45
    assert shortest_service(services, laser, ColumnsBy.ROOM) == 0
