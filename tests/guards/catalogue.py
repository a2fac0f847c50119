"""Every promise the database keeps, how to break it on purpose, and the test that has to notice."""

from tests.guards import (
    constraints,
    desks,
    functions,
    merging,
    messages,
    people,
    planning,
    policies,
    privileges,
    records,
    slots,
    triggers,
    visits,
)
from tests.guards.guard import Guard

_ROOMS = (
    constraints, triggers, policies, privileges, functions, visits, slots, merging, records, desks, people, planning,
    messages,
)  # fmt: skip


def guards() -> list[Guard]:
    """All of them."""
    found = [guard for room in _ROOMS for guard in room.guards()]
    assert len({guard.name for guard in found}) == len(found)
    return found
