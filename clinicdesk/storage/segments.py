"""Segments as rows, and the patients a definition finds: each condition is a clause about one patient."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Numeric,
    and_,
    case,
    cast,
    delete,
    exists,
    extract,
    false,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from clinicdesk.domain.hours import instant
from clinicdesk.domain.patients import PatientMatch
from clinicdesk.domain.segments import (
    AgeBetween,
    AverageDays,
    Birthday,
    Condition,
    Definition,
    HasTags,
    How,
    LastVisit,
    LateCancellations,
    NextVisit,
    NoShows,
    OwnDate,
    OwnNumber,
    OwnText,
    OwnYesNo,
    Segment,
    Source,
    Span,
    Vip,
    Visits,
    birthdays_on,
    born_by,
    read_definition,
    write_definition,
)
from clinicdesk.storage import patients as patient_rows
from clinicdesk.storage import tables as t

_S, _P, _M = t.segment, t.patient, t.patient_metrics
_SEGMENT = select(_S.c.id, _S.c.name, _S.c.definition, _S.c.version).order_by(func.lower(_S.c.name))
Clause = ColumnElement[bool]


@dataclass(frozen=True)
class Here:
    """In which clinic and at which moment is asked; `zone` is that clinic's wall clock."""

    clinic_id: UUID
    now: dt.datetime
    zone: dt.tzinfo

    @property
    def today(self) -> dt.date:
        """The date on the wall."""
        return self.now.astimezone(self.zone).date()

    def midnight(self, days_ago: int) -> dt.datetime:
        """When the day began that lies so many days back."""
        return instant(self.today - dt.timedelta(days=days_ago), dt.time(), self.zone)


# --- kept searches ---------------------------------------------------------------------------------------------------


def segments(connection: Connection) -> list[Segment]:
    """Every segment, by name; one whose definition cannot be read has none."""
    return [_segment(row) for row in connection.execute(_SEGMENT)]


def segment(connection: Connection, segment_id: UUID) -> Segment | None:
    """One segment."""
    row = connection.execute(_SEGMENT.where(_S.c.id == segment_id)).one_or_none()
    return _segment(row) if row else None


def insert_segment(connection: Connection, segment_id: UUID, name: str, stored: object) -> None:
    """Keep a search under a name; `stored` is what `write_definition` gave."""
    connection.execute(insert(_S).values(id=segment_id, name=name, definition=stored))


def update_segment(
    connection: Connection, segment_id: UUID, seen_version: int, name: str, definition: Definition
) -> bool:
    """Write a segment of the version that was seen; False when another desk changed it first."""
    values = {"name": name, "definition": write_definition(definition)}
    query = update(_S).where(_S.c.id == segment_id, _S.c.version == seen_version).values(**values)
    return connection.execute(query).rowcount == 1


def delete_segment(connection: Connection, segment_id: UUID, seen_version: int) -> bool:
    """Take a segment away; False when another desk changed it first."""
    return connection.execute(delete(_S).where(_S.c.id == segment_id, _S.c.version == seen_version)).rowcount == 1


def last_change(connection: Connection, segment_id: UUID) -> tuple[int, str, Any] | None:
    """The current version of a segment's row, who made it and when."""
    row = connection.execute(
        select(_S.c.version, func.coalesce(t.person.c.name, ""), _S.c.updated_at)
        .outerjoin(t.person, t.person.c.id == _S.c.updated_by)
        .where(_S.c.id == segment_id)
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def _segment(row: Sequence[Any]) -> Segment:
    return Segment(row[0], row[1], read_definition(row[2]), row[3], row[2])


# --- who is in them --------------------------------------------------------------------------------------------------


def find(
    connection: Connection, definition: Definition, here: Here, words: Sequence[str], limit: int, offset: int
) -> list[PatientMatch]:
    """The patients whom every condition and every word finds, by name."""
    clauses = [*_clauses(definition, here), *patient_rows.holding(words)]
    return patient_rows.some(connection, clauses, limit, offset)


def count(connection: Connection, definition: Definition, here: Here, words: Sequence[str] = ()) -> int:
    """How many patients every condition and every word finds."""
    return patient_rows.how_many(connection, [*_clauses(definition, here), *patient_rows.holding(words)])


def _clauses(definition: Definition, here: Here) -> list[Clause]:
    return [_clause(one, here) for one in definition]


def _clause(one: Condition, here: Here) -> Clause:
    match one:
        case HasTags():
            return _tagged(one)
        case AgeBetween() | Birthday():
            return _born(one, here.today)
        case LastVisit() | Visits() | NoShows() | LateCancellations() | AverageDays():
            return _visited(one, here)
        case NextVisit():
            return _comes(here) if one.wanted else not_(_comes(here))
        case Vip():
            return _P.c.vip if one.wanted else not_(_P.c.vip)
        case Source():
            return _same_words(one.text)
        case OwnText() | OwnNumber() | OwnDate() | OwnYesNo():
            return _own(one)


def _same_words(text: str) -> Clause:
    same: Clause = func.lower(_P.c.source) == text.strip().lower()
    return same


def _tagged(one: HasTags) -> Clause:
    def has(*tags: UUID) -> Clause:
        return exists().where(t.patient_tag.c.patient_id == _P.c.id, t.patient_tag.c.tag_id.in_(tags))

    if one.how is How.ALL:
        return and_(*(has(tag) for tag in one.tags))
    return has(*one.tags) if one.how is How.ANY else not_(has(*one.tags))


def _born(one: AgeBetween | Birthday, today: dt.date) -> Clause:
    born = _P.c.birth_date
    if isinstance(one, AgeBetween):
        clauses: list[Clause] = [born.is_not(None)]
        if one.least is not None:
            last = born_by(today, one.least)
            clauses.append(false() if last is None else born <= last)
        if one.most is not None:
            older = born_by(today, one.most + 1)
            clauses.append(literal(True) if older is None else born > older)
        return and_(*clauses)
    if one.span is Span.TODAY:
        return tuple_(extract("month", born), extract("day", born)).in_(birthdays_on(today))
    return extract("month", born) == (today.month if one.span is Span.THIS_MONTH else one.month)


def _metrics(here: Here, *clauses: Clause) -> Clause:
    return exists().where(_M.c.patient_id == _P.c.id, _M.c.clinic_id == here.clinic_id, *clauses)


def _visited(one: LastVisit | Visits | NoShows | LateCancellations | AverageDays, here: Here) -> Clause:
    if isinstance(one, LastVisit):
        last = _M.c.last_visit_at
        clauses = [] if one.least is None else [last < here.midnight(one.least - 1)]
        return _metrics(
            here, last.is_not(None), *clauses, *([] if one.most is None else [last >= here.midnight(one.most)])
        )
    if isinstance(one, AverageDays):
        return _metrics(here, _M.c.average_days.is_not(None), *_within(_M.c.average_days, one.least, one.most))
    counted = {Visits: _M.c.completed, NoShows: _M.c.no_show, LateCancellations: _M.c.cancelled_late}[type(one)]
    # Who has no row here has come nought times.
    enough = [_metrics(here, counted >= one.least)] if one.least else []
    return and_(True, *enough, *([] if one.most is None else [not_(_metrics(here, counted > one.most))]))


def _within(value: ColumnElement[Any], lowest: object, highest: object) -> list[Clause]:
    return [
        *([] if lowest is None else [value >= lowest]),
        *([] if highest is None else [value <= highest]),
    ]


def _comes(here: Here) -> Clause:
    a = t.appointment.c
    return exists().where(
        a.patient_id == _P.c.id,
        a.clinic_id == here.clinic_id,
        a.starts_at >= here.now,
        a.status.not_in(("cancelled", "no_show")),
    )


def _own(one: OwnText | OwnNumber | OwnDate | OwnYesNo) -> Clause:
    held: Column[Any] = _P.c.custom
    value = held[str(one.field)].astext
    if isinstance(one, OwnText):
        texts = [text.strip().lower() for text in one.texts if text.strip()]
        return or_(*(func.lower(value).contains(text, autoescape=True) for text in texts))
    if isinstance(one, OwnYesNo):
        answered: Clause = value == ("true" if one.wanted else "false")
        return answered
    # What is no number or no day is not asked whether it is a greater one.
    if isinstance(one, OwnNumber):
        number = case((value.regexp_match(r"^-?[0-9]{1,20}(\.[0-9]{1,20})?$"), cast(value, Numeric)))
        return and_(number.is_not(None), *_within(number, one.lowest, one.highest))
    day = case((value.regexp_match(r"^[0-9]{4}-[01][0-9]-[0-3][0-9]$"), value))
    return and_(day.is_not(None), *_within(day, _iso(one.first), _iso(one.last)))


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
