"""The clinic's own fields: what is accepted is kept and comes back, what is not is said, and nothing kept breaks."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.custom_fields import (
    LONGEST_TEXT,
    CustomField,
    Entity,
    Kind,
    Value,
    clean_definition,
    clean_value,
    from_stored,
    name_in_form,
    read_number,
    read_values,
    stored_changes,
    to_stored,
)
from clinicdesk.errors import InvalidField, InvalidForm

CHOICES = ("Particular", "Unimed", "Bradesco")
FIELDS = {
    kind: CustomField(uuid4(), Entity.PATIENT, kind.value, kind, CHOICES if kind is Kind.CHOICE else ())
    for kind in Kind
}
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=LONGEST_TEXT)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: TEXTS.filter(str.strip),
    Kind.NUMBER: st.decimals(-(10**9), 10**9, places=3),
    Kind.DATE: st.dates(),
    Kind.YES_NO: st.booleans(),
    Kind.CHOICE: st.sampled_from(CHOICES),
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
OTHER = [Decimal("NaN"), Decimal("1e20"), Decimal(3), dt.date(2026, 1, 1), True, "Amil", "x" * (LONGEST_TEXT + 1)]


@pytest.mark.parametrize("kind", Kind)
@given(st.data())
def test_what_is_accepted_is_kept_and_comes_back(kind: Kind, data: st.DataObject) -> None:
    field = FIELDS[kind]
    accepted = clean_value(field, data.draw(VALUES[kind]))
    assert accepted is not None
    assert from_stored(field, to_stored(accepted)) == accepted


@pytest.mark.parametrize("kind", Kind)
@given(ANYTHING)
def test_what_was_kept_never_breaks(kind: Kind, stored: object) -> None:
    found = from_stored(FIELDS[kind], stored)
    assert found is None or from_stored(FIELDS[kind], to_stored(found)) == found


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("value", OTHER, ids=repr)
def test_a_value_of_another_kind_is_refused(kind: Kind, value: Value) -> None:
    right: dict[Kind, list[Value]] = {
        Kind.NUMBER: [Decimal(3)],
        Kind.DATE: [dt.date(2026, 1, 1)],
        Kind.YES_NO: [True],
        Kind.TEXT: ["Amil"],
    }
    if any(type(value) is type(one) and value == one for one in right.get(kind, [])):
        assert clean_value(FIELDS[kind], value) == value
        return
    with pytest.raises(InvalidField) as caught:
        clean_value(FIELDS[kind], value)
    assert caught.value.field == name_in_form(FIELDS[kind].id)


@pytest.mark.parametrize("nothing", [None, "", "   "])
def test_nothing_is_nothing_in_every_kind(nothing: Value | None) -> None:
    assert {clean_value(field, nothing) for field in FIELDS.values()} == {None}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", None),
        ("12", 12),
        ("1.234", 1234),
        ("1.234,5", Decimal("1234.5")),
        ("1234.5", Decimal("1234.5")),
        ("0,5", Decimal("0.5")),
        ("−3", -3),
        ("1 000", 1000),
        ("0.125", 125),
    ],
)
def test_numbers_are_read_as_written_here(typed: str, number: object) -> None:
    assert read_number(typed) == number


@pytest.mark.parametrize("typed", ["x", "1,2,3", "--1", "1e5", "٣", "NaN", "1.", ","])
def test_what_is_no_number_is_said(typed: str) -> None:
    if typed == "1.":
        assert read_number(typed) == 1
        return
    with pytest.raises(InvalidField):
        read_number(typed)


def test_a_definition_is_cleaned_and_everything_wrong_is_said_at_once() -> None:
    assert clean_definition("  Convênio  médico ", Kind.CHOICE, ["Unimed ", "", " Amil"]) == (
        "Convênio médico",
        ("Unimed", "Amil"),
    )
    assert clean_definition("Peso", Kind.NUMBER, ["x"]) == ("Peso", ())
    with pytest.raises(InvalidForm) as caught:
        clean_definition("x" * 61, Kind.CHOICE, [" "])
    assert [(one.field, one.reason) for one in caught.value.problems] == [("name", "too_long"), ("choices", "missing")]
    with pytest.raises(InvalidForm):
        clean_definition("Convênio", Kind.CHOICE, ["Unimed", "UNIMED"])


def test_only_the_named_fields_change() -> None:
    text, number, yes_no = FIELDS[Kind.TEXT], FIELDS[Kind.NUMBER], FIELDS[Kind.YES_NO]
    fields = list(FIELDS.values())
    written, emptied = stored_changes(fields, {text.id: " canhoto ", number.id: None, uuid4(): "nobody's"})
    assert (written, emptied) == ({str(text.id): "canhoto"}, [str(number.id)])
    kept = {str(text.id): "canhoto", str(yes_no.id): True, str(number.id): "abc", "strange": 5}
    assert read_values(fields, kept) == {text.id: "canhoto", yes_no.id: True}
    with pytest.raises(InvalidForm) as caught:
        stored_changes(fields, {number.id: Decimal("Infinity"), FIELDS[Kind.CHOICE].id: "Amil"})
    assert [one.reason for one in caught.value.problems] == ["not_a_number", "not_a_choice"]
