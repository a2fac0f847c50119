"""Definitions of segments: what is written is read back, whatever is kept never breaks, and nonsense is refused."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.patients import age
from clinicdesk.domain.segments import (
    FORM,
    KINDS,
    MOST,
    AgeBetween,
    Birthday,
    Condition,
    Definition,
    HasTags,
    How,
    OwnDate,
    OwnNumber,
    OwnText,
    OwnYesNo,
    Source,
    Span,
    Vip,
    Visits,
    birthdays_on,
    born_by,
    clean_definition,
    clean_segment,
    read_definition,
    write_definition,
)
from clinicdesk.errors import InvalidField

BOUND = st.none() | st.integers(0, MOST)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "tags": st.lists(st.uuids(), max_size=3).map(tuple),
    "how": st.sampled_from(How),
    "least": BOUND,
    "most": BOUND,
    "span": st.sampled_from(Span),
    "month": st.integers(1, 12),
    "wanted": st.booleans(),
    "text": TEXT,
    "field": st.uuids(),
    "texts": st.lists(TEXT, max_size=3).map(tuple),
    "lowest": st.none() | st.decimals(allow_nan=False, allow_infinity=False),
    "highest": st.none() | st.decimals(allow_nan=False, allow_infinity=False),
    "first": st.none() | st.dates(),
    "last": st.none() | st.dates(),
}


def made(kind: type[Condition]) -> st.SearchStrategy[Condition]:
    return st.builds(kind, **{name: FIELDS[name] for name in kind.__dataclass_fields__})


DEFINITIONS: st.SearchStrategy[Definition] = st.lists(
    st.one_of([made(kind) for kind in KINDS.values()]), min_size=1, max_size=6
).map(tuple)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(sorted(KINDS)),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*FIELDS, "kind", "form", "conditions"]), inner),
    max_leaves=12,
)


@given(DEFINITIONS)
def test_what_is_written_is_read_back(definition: Definition) -> None:
    assert read_definition(write_definition(definition)) == definition


@given(JSON)
def test_what_was_kept_never_breaks(stored: object) -> None:
    found = read_definition(stored)
    assert found is None or read_definition(write_definition(found)) == found


@given(DEFINITIONS, st.data())
def test_a_definition_somebody_spoiled_is_read_as_none_or_as_another(
    definition: Definition, data: st.DataObject
) -> None:
    stored: Any = write_definition(definition)
    condition = data.draw(st.sampled_from(stored["conditions"]))
    condition[data.draw(st.sampled_from(sorted(condition)))] = data.draw(JSON)
    found = read_definition(stored)
    assert found is None or read_definition(write_definition(found)) == found


def test_a_newer_form_is_not_guessed_at() -> None:
    stored = write_definition((Vip(),))
    assert read_definition(stored | {"form": FORM + 1}) is None
    assert read_definition(stored | {"conditions": []}) is None


@pytest.mark.parametrize(
    ("definition", "reason"),
    [
        ((), "missing"),
        ((Vip(), HasTags(())), "missing"),
        ((AgeBetween(),), "missing"),
        ((Source("  "),), "missing"),
        ((OwnText(uuid4(), ("",)),), "missing"),
        ((OwnNumber(uuid4()),), "missing"),
        ((AgeBetween(30, 20),), "impossible"),
        ((Visits(MOST + 1),), "impossible"),
        ((OwnDate(uuid4(), dt.date(2026, 2, 1), dt.date(2026, 1, 1)),), "impossible"),
        ((OwnNumber(uuid4(), Decimal(2), Decimal(1)),), "impossible"),
    ],
)
def test_what_finds_nobody_is_refused(definition: Definition, reason: str) -> None:
    with pytest.raises(InvalidField) as caught:
        clean_definition(definition)
    assert (caught.value.field, caught.value.reason) == ("conditions", reason)


def test_a_name_is_asked_for() -> None:
    definition: Definition = (Vip(), Birthday(), OwnYesNo(uuid4(), False))
    assert clean_segment("  Meus  VIPs ", definition) == ("Meus VIPs", definition)
    for name in ("  ", "x" * 61):
        with pytest.raises(InvalidField):
            clean_segment(name, definition)


@given(st.dates(dt.date(1890, 1, 1), dt.date(2026, 12, 31)), st.dates(dt.date(2026, 1, 1)), st.integers(0, 130))
def test_a_birth_date_bounds_an_age(born: dt.date, today: dt.date, years: int) -> None:
    if born <= today:
        last = born_by(today, years)
        assert (age(born, today) >= years) == (last is not None and born <= last)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2020, 12, 31)), st.integers(2021, 2100))
def test_everybody_has_one_birthday_a_year_and_is_older_from_then_on(born: dt.date, year: int) -> None:
    days = [dt.date(year, 1, 1) + dt.timedelta(days=number) for number in range(366)]
    kept = [day for day in days if day.year == year and (born.month, born.day) in birthdays_on(day)]
    assert len(kept) == 1
    assert age(born, kept[0]) == age(born, kept[0] - dt.timedelta(days=1)) + 1
