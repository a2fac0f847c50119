"""How the agenda is looked at: what is kept comes back the same, and what makes no sense gives the usual."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.saved_views import (
    GRIDS,
    LOWEST_HOUR,
    TALLEST_HOUR,
    ColumnsBy,
    Mode,
    SavedView,
    Sieve,
    ViewSettings,
    clean_view_name,
    free_position,
)
from clinicdesk.errors import InvalidField
from tests.builders import appointment

settings = st.builds(
    ViewSettings,
    st.sampled_from(Mode),
    st.sampled_from(ColumnsBy),
    st.lists(st.uuids(), max_size=4).map(tuple),
    st.none() | st.uuids(),
    st.sampled_from((0, *GRIDS)),
    st.just(0) | st.integers(LOWEST_HOUR, TALLEST_HOUR),
    st.builds(
        Sieve, st.frozensets(st.none() | st.uuids(), max_size=3), st.frozensets(st.sampled_from(Status)), st.booleans()
    ),
)
scalars = (
    st.none() | st.booleans() | st.integers(-9, 99) | st.sampled_from(["", "day", "pending", "5.0"]) | st.just(5.0)
)
junk = scalars | st.lists(scalars, max_size=3) | st.just([{}]) | st.just({"a": []})


@given(settings)
def test_what_is_kept_comes_back_the_same(chosen: ViewSettings) -> None:
    assert ViewSettings.from_json(chosen.as_json()) == chosen


@given(st.dictionaries(st.sampled_from(sorted(ViewSettings().as_json())), junk))
def test_whatever_was_kept_some_settings_come_out(kept: dict[str, object]) -> None:
    found = ViewSettings.from_json(kept)
    assert ViewSettings.from_json(found.as_json()) == found


def test_a_sieve_keeps_back_what_it_is_told_to() -> None:
    category = UUID(int=5)
    plain = appointment(category_id=category)
    gone = appointment(status=Status.CANCELLED)
    assert Sieve().lets_through(plain) and not Sieve().lets_through(gone)
    assert Sieve(cancelled=True).lets_through(gone)
    pending = Sieve(statuses=frozenset({Status.PENDING}), cancelled=True)
    assert not pending.lets_through(plain) and pending.lets_through(gone)
    without = Sieve(categories=frozenset({None}))
    assert not without.lets_through(plain) and without.lets_through(appointment(category_id=None))
    assert without.hides_standing and not Sieve(cancelled=True).hides_standing


@pytest.mark.parametrize(
    ("typed", "reason"), [("  ", "missing"), ("x" * 41, "too_long"), ("a\0b", "control_characters")]
)
def test_a_name_that_cannot_be_kept_is_refused(typed: str, reason: str) -> None:
    with pytest.raises(InvalidField) as refused:
        clean_view_name(typed)
    assert (refused.value.field, refused.value.reason) == ("name", reason)


def test_a_name_is_one_line() -> None:
    assert clean_view_name("  Manhã\n da  clínica ") == "Manhã da clínica"


def test_the_lowest_free_key_is_given_and_none_when_all_are_taken() -> None:
    def kept(*positions: int) -> tuple[SavedView, ...]:
        return tuple(SavedView(UUID(int=one), one, "x", ViewSettings()) for one in positions)

    assert free_position(()) == 1
    assert free_position(kept(1, 2, 4)) == 3
    assert free_position(kept(*range(1, 9))) is None
