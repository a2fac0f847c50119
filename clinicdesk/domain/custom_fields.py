"""Fields that a clinic adds to its register: what they are called, what they may hold, and what of it is accepted.

What they hold is kept as JSON under the field's id: words and choices as text, numbers in figures with a point, days
as ISO 8601 has them, yes and no as they are. A value that its field does not know counts as none and is never lost.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.free_text import clean_text
from clinicdesk.errors import InvalidField, InvalidForm

LONGEST_NAME = 60
LONGEST_TEXT = 500
LONGEST_CHOICE = 60
MOST_DIGITS = 15

Value = str | Decimal | dt.date | bool
Stored = str | bool


class Kind(StrEnum):
    """What a field holds; it never changes, because what is kept already would lose its meaning."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"


class Entity(StrEnum):
    """What a field is of."""

    PATIENT = "patient"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class CustomField:
    """One field. An inactive one is not asked any more; what it held stays."""

    id: UUID
    entity: Entity
    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    position: int = 0
    active: bool = True
    version: int = 1


@dataclass(frozen=True, slots=True)
class AddCustomField:
    """Add a field after those that are there."""

    operation_id: UUID
    entity: Entity
    name: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaveCustomField:
    """Change what a field is called, its choices, its place, or whether it is asked."""

    operation_id: UUID
    field_id: UUID
    seen_version: int
    name: str
    choices: tuple[str, ...] = ()
    position: int = 0
    active: bool = True


def clean_definition(name: str, kind: Kind, choices: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Name and choices ready to be kept. Raises InvalidForm with everything that is wrong."""
    problems: list[InvalidField] = []
    kept_name = ""
    kept_choices: tuple[str, ...] = ()
    try:
        kept_name = _line(name, "name", LONGEST_NAME)
    except InvalidField as problem:
        problems.append(problem)
    try:
        kept_choices = _choices(choices) if kind is Kind.CHOICE else ()
    except InvalidField as problem:
        problems.append(problem)
    if problems:
        raise InvalidForm(tuple(problems))
    return kept_name, kept_choices


def _line(text: str, field: str, longest: int) -> str:
    line = " ".join(unicodedata.normalize("NFC", clean_text(text, field)).split())
    if not line:
        raise InvalidField(field, "missing")
    if len(line) > longest:
        raise InvalidField(field, "too_long", str(longest))
    return line


def _choices(written: Sequence[str]) -> tuple[str, ...]:
    """The choices without empty lines. Raises InvalidField when there is none, or one twice."""
    lines = [_line(one, "choices", LONGEST_CHOICE) for one in written if one.strip()]
    if not lines:
        raise InvalidField("choices", "missing")
    if len({one.casefold() for one in lines}) < len(lines):
        raise InvalidField("choices", "twice")
    return tuple(lines)


def name_in_form(field_id: UUID) -> str:
    """What a form and its errors call a field of the clinic's own."""
    return f"custom.{field_id}"


def clean_value(field: CustomField, value: Value | None) -> Value | None:
    """`value` as its field accepts it, None for nothing. Raises InvalidField."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    match field.kind:
        case Kind.TEXT if isinstance(value, str):
            return _text(field, value)
        case Kind.NUMBER if isinstance(value, Decimal):
            return _number(field, value)
        case Kind.DATE if isinstance(value, dt.date):
            return value
        case Kind.YES_NO if isinstance(value, bool):
            return value
        case Kind.CHOICE if value in field.choices:
            return value
    raise InvalidField(name_in_form(field.id), _WRONG[field.kind])


_WRONG = {
    Kind.TEXT: "missing",
    Kind.NUMBER: "not_a_number",
    Kind.DATE: "not_a_date",
    Kind.YES_NO: "not_a_choice",
    Kind.CHOICE: "not_a_choice",
}


def _text(field: CustomField, value: str) -> str:
    text = clean_text(value, name_in_form(field.id)).strip()
    if len(text) > LONGEST_TEXT:
        raise InvalidField(name_in_form(field.id), "too_long", str(LONGEST_TEXT))
    return text


def _number(field: CustomField, value: Decimal) -> Decimal:
    if not value.is_finite() or len(f"{value:f}".replace("-", "").replace(".", "")) > MOST_DIGITS:
        raise InvalidField(name_in_form(field.id), "not_a_number")
    return value.normalize() + 0  # no minus before zero


def read_number(text: str) -> Decimal | None:
    """What somebody typed as a number, Brazilian or with a point: `1.234,5`, `1234.5`; None for nothing.

    A point before groups of three figures parts thousands, as it does on paper here. Raises InvalidField.
    """
    written = text.strip().replace("−", "-").replace(" ", "").replace("\u00a0", "")
    if not written:
        return None
    if "," in written or re.fullmatch(r"-?\d{1,3}(\.\d{3})+", written):
        written = written.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"-?(\d+\.?\d*|\.\d+)", written, re.ASCII):
        raise InvalidField("number", "not_a_number")
    return Decimal(written)


def to_stored(value: Value) -> Stored:
    """A value as it is kept."""
    if isinstance(value, bool | str):
        return value
    return f"{value:f}" if isinstance(value, Decimal) else value.isoformat()


def from_stored(field: CustomField, stored: object) -> Value | None:
    """What was kept, as the field understands it; None for what it does not."""
    match field.kind, stored:
        case Kind.YES_NO, bool():
            return stored
        case Kind.TEXT | Kind.CHOICE, str():
            return stored or None
        case Kind.NUMBER, str():
            return _kept_number(stored)
        case Kind.DATE, str():
            return _kept_date(stored)
    return None


def _kept_number(stored: str) -> Decimal | None:
    try:
        value = Decimal(stored)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _kept_date(stored: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(stored)
    except ValueError:
        return None


def read_values(fields: Sequence[CustomField], stored: Mapping[str, object]) -> dict[UUID, Value]:
    """What the fields hold out of one row; fields without a value are not in it."""
    found = {field.id: from_stored(field, stored.get(str(field.id))) for field in fields}
    return {field_id: value for field_id, value in found.items() if value is not None}


def stored_changes(
    fields: Sequence[CustomField], values: Mapping[UUID, Value | None]
) -> tuple[dict[str, Stored], list[str]]:
    """What is to be written into a row and which keys go, for the fields that `values` names.

    Raises InvalidForm with everything that is wrong; a field that is not known is left alone.
    """
    written: dict[str, Stored] = {}
    emptied: list[str] = []
    problems: list[InvalidField] = []
    for field in fields:
        if field.id not in values:
            continue
        try:
            value = clean_value(field, values[field.id])
        except InvalidField as problem:
            problems.append(problem)
            continue
        if value is None:
            emptied.append(str(field.id))
        else:
            written[str(field.id)] = to_stored(value)
    if problems:
        raise InvalidForm(tuple(problems))
    return written, emptied
