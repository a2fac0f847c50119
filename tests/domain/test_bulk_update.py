"""What a change in bulk would do: everybody is counted once, and whoever changes ends with what is wanted."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.bulk_update import (
    BulkChange,
    BulkPatient,
    PutTag,
    SetOwnField,
    SetSource,
    SetVip,
    TakeTag,
    held,
    preview,
    split,
    wanted,
)

KEYS = [UUID(int=number) for number in range(6)]
keys = st.sampled_from(KEYS)
stored = st.one_of(st.none(), st.booleans(), st.sampled_from(["", "Unimed", "Amil"]))
changes: st.SearchStrategy[BulkChange] = st.one_of(
    st.builds(PutTag, keys),
    st.builds(TakeTag, keys),
    st.builds(SetSource, st.sampled_from(["", "Google", "Site"])),
    st.builds(SetVip, st.booleans()),
    st.builds(SetOwnField, keys, stored),
)
patients = st.builds(
    BulkPatient,
    keys,
    st.just("Ana"),
    st.integers(1, 9),
    st.sampled_from(["", "Google", "Site"]),
    st.booleans(),
    st.dictionaries(keys.map(str), stored, max_size=3),
    st.frozensets(keys, max_size=3),
)


@given(changes, st.lists(patients, unique_by=lambda one: one.id), st.integers(0, 3))
def test_everybody_changes_has_it_already_or_is_gone(change: BulkChange, there: list[BulkPatient], gone: int) -> None:
    found = preview(change, there, len(there) + gone)
    assert len(found.lines) + found.already == len(there) and found.gone == gone
    by_id = {one.id: one for one in there}
    for line in found.lines:
        assert (line.version, line.before) == (by_id[line.patient_id].version, held(change, by_id[line.patient_id]))
        assert line.before != wanted(change)


@given(changes, st.lists(patients, unique_by=lambda one: one.id), st.frozensets(keys))
def test_who_was_not_done_is_left_out(change: BulkChange, there: list[BulkPatient], done: frozenset[UUID]) -> None:
    lines = preview(change, there, len(there)).lines
    result = split(lines, done)
    assert sorted((*result.lines, *result.left_out), key=lines.index) == list(lines)
    assert {one.patient_id for one in result.lines} <= done
    assert done.isdisjoint(one.patient_id for one in result.left_out)
