"""Segments: searches of the register that are kept under a name, as conditions that all have to hold.

A definition is kept as JSON with the version of its form. What cannot be read (written by a newer release, or by hand)
is nobody's conditions: it is shown as unreadable and searches nothing.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.free_text import clean_text
from clinicdesk.errors import InvalidField

FORM = 1  # the version of what is written
LONGEST_NAME = 60
MOST = 100_000  # years, days or visits; more is a slip
MOST_CONDITIONS = 20


class How(StrEnum):
    """Which of several tags somebody has."""

    ANY = "any"
    ALL = "all"
    NONE = "none"


class Span(StrEnum):
    """When a birthday is."""

    TODAY = "today"
    THIS_MONTH = "this_month"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class HasTags:
    """Somebody has any, all or none of some tags."""

    tags: tuple[UUID, ...]
    how: How = How.ANY


@dataclass(frozen=True, slots=True)
class AgeBetween:
    """Completed years; who has no birth date is of no age."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Birthday:
    """The birthday is today, in this month, or in the month `month`."""

    span: Span = Span.TODAY
    month: int = 1


@dataclass(frozen=True, slots=True)
class LastVisit:
    """So many days have gone by since the last visit that took place in this clinic."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Visits:
    """So many visits took place in this clinic; `most` 0 finds who never came."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class NoShows:
    """So many visits in this clinic to which the patient did not come."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class LateCancellations:
    """So many visits in this clinic that the patient gave up late."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class AverageDays:
    """So many days between visits to this clinic on average; who came once has none."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class NextVisit:
    """A visit to this clinic stands ahead, or none does."""

    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Vip:
    """Marked as VIP, or not."""

    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """How the patient found the clinic, in these words, capitals aside."""

    text: str


@dataclass(frozen=True, slots=True)
class OwnText:
    """A field of the clinic's own holds these letters somewhere, capitals aside; one with choices, any of them."""

    field: UUID
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A field of the clinic's own holds a number in these bounds."""

    field: UUID
    lowest: Decimal | None = None
    highest: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OwnDate:
    """A field of the clinic's own holds a day in these bounds."""

    field: UUID
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True, slots=True)
class OwnYesNo:
    """A field of the clinic's own says yes, or no."""

    field: UUID
    wanted: bool = True


Condition = (
    HasTags
    | AgeBetween
    | Birthday
    | LastVisit
    | Visits
    | NoShows
    | LateCancellations
    | AverageDays
    | NextVisit
    | Vip
    | Source
    | OwnText
    | OwnNumber
    | OwnDate
    | OwnYesNo
)
Definition = tuple[Condition, ...]

KINDS: dict[str, type[Condition]] = {
    "tags": HasTags,
    "age": AgeBetween,
    "birthday": Birthday,
    "last_visit": LastVisit,
    "visits": Visits,
    "no_shows": NoShows,
    "late_cancellations": LateCancellations,
    "average_days": AverageDays,
    "next_visit": NextVisit,
    "vip": Vip,
    "source": Source,
    "own_text": OwnText,
    "own_number": OwnNumber,
    "own_date": OwnDate,
    "own_yes_no": OwnYesNo,
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One kept search. `definition` is None for what could not be read."""

    id: UUID
    name: str
    definition: Definition | None
    version: int = 1
    stored: object = None  # as it was found: what cannot be read is not lost when the name changes


@dataclass(frozen=True, slots=True)
class AddSegment:
    """Keep a search under a name."""

    operation_id: UUID
    name: str
    definition: Definition


@dataclass(frozen=True, slots=True)
class SaveSegment:
    """Call a segment otherwise, or search for something else under its name."""

    operation_id: UUID
    segment_id: UUID
    seen_version: int
    name: str
    definition: Definition


def clean_segment(name: str, definition: Definition) -> tuple[str, Definition]:
    """Name and definition ready to be kept. Raises InvalidField for what says nothing or could never be."""
    words = " ".join(clean_text(name, "name").split())
    if not words:
        raise InvalidField("name", "missing")
    if len(words) > LONGEST_NAME:
        raise InvalidField("name", "too_long", str(LONGEST_NAME))
    return words, clean_definition(definition)


def clean_definition(definition: Definition) -> Definition:
    """The definition itself. Raises InvalidField: missing for none or an empty one, impossible for crossed bounds."""
    if not definition or not all(map(_says_something, definition)):
        raise InvalidField("conditions", "missing")
    if read_definition(write_definition(definition)) != definition or not all(map(_can_be, definition)):
        raise InvalidField("conditions", "impossible")
    return definition


def _says_something(one: Condition) -> bool:
    match one:
        case HasTags():
            return bool(one.tags)
        case Source():
            return bool(one.text.strip())
        case OwnText():
            return any(text.strip() for text in one.texts)
        case Birthday() | NextVisit() | Vip() | OwnYesNo():
            return True
    return any(bound is not None for bound in _bounds(one))


def _can_be(one: Condition) -> bool:
    least, most = _bounds(one)
    return least is None or most is None or bool(least <= most)


def _bounds(one: Condition) -> tuple[Decimal | None, Decimal | None]:
    match one:
        case OwnNumber():
            return one.lowest, one.highest
        case OwnDate():
            return _as_number(one.first), _as_number(one.last)
        case HasTags() | Birthday() | NextVisit() | Vip() | Source() | OwnText() | OwnYesNo():
            return None, None
    return (
        None if one.least is None else Decimal(one.least),
        None if one.most is None else Decimal(one.most),
    )


def _as_number(day: dt.date | None) -> Decimal | None:
    return None if day is None else Decimal(day.toordinal())


# --- as it is kept ---------------------------------------------------------------------------------------------------


def write_definition(definition: Definition) -> dict[str, object]:
    """The definition as it is kept; `read_definition` gives it back."""
    names = {kind: name for name, kind in KINDS.items()}
    return {
        "form": FORM,
        "conditions": [
            {"kind": names[type(one)]} | {field.name: _written(getattr(one, field.name)) for field in fields(one)}
            for one in definition
        ],
    }


def _written(value: object) -> object:
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value


def read_definition(stored: object) -> Definition | None:
    """A kept definition; None for anything that this release did not write so."""
    try:
        found = _mapping(stored)
        conditions = found["conditions"]
        if found["form"] != FORM or not isinstance(conditions, list) or not 0 < len(conditions) <= MOST_CONDITIONS:
            return None
        return tuple(_condition(_mapping(one)) for one in conditions)
    except (KeyError, TypeError, ValueError, InvalidOperation, AttributeError):
        return None


def _mapping(stored: object) -> Mapping[str, object]:
    if not isinstance(stored, dict):
        raise TypeError
    return stored


def _condition(stored: Mapping[str, object]) -> Condition:
    kind = KINDS[str(stored["kind"])]
    values = {field.name: _READ[field.name](stored[field.name]) for field in fields(kind)}
    return kind(**values)  # type: ignore[arg-type]


def _bound(value: object) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= MOST:
        raise ValueError
    return value


def _month(value: object) -> int:
    if type(value) is not int or not 1 <= value <= 12:
        raise ValueError
    return value


def _yes_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise TypeError
    return value


def _many(read: Callable[[str], object]) -> Callable[[object], object]:
    def read_all(value: object) -> object:
        if not isinstance(value, list):
            raise TypeError
        return tuple(read(_text(one)) for one in value)

    return read_all


def _number(value: object) -> Decimal | None:
    number = None if value is None else Decimal(_text(value))
    if number is not None and not number.is_finite():
        raise ValueError
    return number


def _day(value: object) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(_text(value))


_READ: dict[str, Callable[[object], object]] = {
    "tags": _many(UUID),
    "how": lambda value: How(_text(value)),
    "least": _bound,
    "most": _bound,
    "span": lambda value: Span(_text(value)),
    "month": _month,
    "wanted": _yes_no,
    "text": _text,
    "field": lambda value: UUID(_text(value)),
    "texts": _many(str),
    "lowest": _number,
    "highest": _number,
    "first": _day,
    "last": _day,
}


# --- what a condition asks of a day ----------------------------------------------------------------------------------


def birthdays_on(day: dt.date) -> tuple[tuple[int, int], ...]:
    """The birthdays, as month and day, that are kept on `day`: 29 February on 1 March of common years, as ages go."""
    common = day.year % 4 != 0 or (day.year % 100 == 0 and day.year % 400 != 0)
    if (day.month, day.day) == (3, 1) and common:
        return ((3, 1), (2, 29))
    return ((day.month, day.day),)


def born_by(today: dt.date, years: int) -> dt.date | None:
    """The last birth date of those who have completed so many years on `today`; None when no date is so early."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return dt.date(today.year - years, 2, 28) if today.year > years else None
