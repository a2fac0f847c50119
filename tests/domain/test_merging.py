"""What two entries become: nothing that only one of them has is lost, and a choice is what it says."""

import datetime as dt
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.merging import CHOSEN, OWN, Entry, differing, fields_of, joined_custom, kept_first, proposed

values = st.sampled_from(["", "a", "b"])
customs = st.dictionaries(st.sampled_from([str(UUID(int=number)) for number in range(3)]), values, max_size=3)


def _entry(number: int, held: dict[str, str], custom: dict[str, object], visits: int) -> Entry:
    made = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return Entry(UUID(int=number), 1, "Dulce", made, dict(held), custom, visits=visits)


def entries(number: int) -> st.SearchStrategy[Entry]:
    held = st.fixed_dictionaries(dict.fromkeys(CHOSEN, values))
    return st.builds(_entry, st.just(number), held, customs, st.integers(0, 3))


@given(entries(1), entries(2))
def test_what_one_of_them_lacks_is_taken_from_the_other(kept: Entry, merged: Entry) -> None:
    taken = proposed(kept, merged)
    assert taken <= set(differing(kept, merged)) <= set(fields_of(kept, merged))
    for name in fields_of(kept, merged):
        assert (merged if name in taken else kept).value(name)


@given(entries(1), entries(2), st.data())
def test_own_fields_are_chosen_like_the_others(kept: Entry, merged: Entry, data: st.DataObject) -> None:
    own = [name for name in fields_of(kept, merged) if name.startswith(OWN)]
    taken = frozenset(data.draw(st.sets(st.sampled_from(own)))) if own else frozenset()
    joined = joined_custom(kept, merged, taken)
    for name in own:
        key = name.removeprefix(OWN)
        if name in taken and key in merged.custom:
            assert joined[key] == merged.custom[key]
        elif key in kept.custom and name not in taken:
            assert joined[key] == kept.custom[key]
    assert joined.keys() == kept.custom.keys() | merged.custom.keys()


@given(entries(1), entries(2))
def test_it_does_not_matter_which_is_named_first(one: Entry, other: Entry) -> None:
    first, second = kept_first(one, other), kept_first(other, one)
    assert {first[0].id, first[1].id} == {one.id, other.id}
    assert first[0].visits >= first[1].visits and second[0].visits == first[0].visits
