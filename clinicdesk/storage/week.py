"""The hours of a clinic or of a professional as rows: read whole, written as the difference, one person at a time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID
from zlib import crc32

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, and_, delete, insert, or_, select, text
from uuid_utils.compat import uuid7

from clinicdesk.domain.hours import HoursException, Span
from clinicdesk.domain.preferences import HoursForm, Kept
from clinicdesk.storage import tables as t

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('clinicdesk.hours.' || :subject, 0))")


def lock(connection: Connection, subject: UUID) -> None:
    """Decide alone about the hours of a clinic or a professional until the transaction ends."""
    connection.execute(_LOCK, {"subject": str(subject)})


def hours(connection: Connection, clinic_id: UUID, professional_id: UUID | None, today: dt.date) -> Kept[HoursForm]:
    """The hours of the clinic (None) or of a professional as they stand, with the days from `today` on that differ."""
    return every(connection, clinic_id, [professional_id], today)[0]


def every(
    connection: Connection, clinic_id: UUID, people: Sequence[UUID | None], today: dt.date
) -> list[Kept[HoursForm]]:
    """The hours of several at once, in their order; None stands for the clinic itself.

    No row stands for all hours of somebody, so the version is drawn from what they say: the same words, the same
    number. What was only taken away leaves no trace of who did it here; the audit has it.
    """
    w, e = t.working_hours, t.hours_exception
    weekly: dict[UUID | None, list[list[Span]]] = defaultdict(lambda: [[] for _weekday in range(7)])
    differing: dict[UUID | None, dict[dt.date, HoursException]] = defaultdict(dict)
    newest: dict[UUID | None, tuple[str, dt.datetime]] = {}

    def stamped(person: UUID | None, name: str, at: dt.datetime) -> None:
        if person not in newest or at > newest[person][1]:
            newest[person] = (name, at.astimezone(dt.UTC))

    columns = (w.c.professional_id, t.person.c.name, w.c.updated_at, w.c.weekday, w.c.starts, w.c.ends)
    by_whom = select(*columns).outerjoin(t.person, t.person.c.id == w.c.updated_by)
    row: Any
    for row in connection.execute(by_whom.where(_of_some(w, clinic_id, people)).order_by(w.c.starts)):
        stamped(row[0], row[1] or "", row[2])
        weekly[row[0]][row[3] - 1].append((row[4], row[5]))
    differs: tuple[Column[Any], ...] = (
        e.c.professional_id,
        t.person.c.name,
        e.c.updated_at,
        e.c.day,
        e.c.starts,
        e.c.ends,
        e.c.label,
    )
    dated: Select[Any] = select(*differs).outerjoin(t.person, t.person.c.id == e.c.updated_by)
    wanted = and_(_of_some(e, clinic_id, people), e.c.day >= today)
    for row in connection.execute(dated.where(wanted).order_by(e.c.day, e.c.starts)):
        stamped(row[0], row[1] or "", row[2])
        mine, day = differing[row[0]], row[3]
        spans = mine[day].spans if day in mine else ()
        mine[day] = HoursException(day, spans if row[4] is None else (*spans, (row[4], row[5])), row[6])
    found = []
    for each in people:
        form = HoursForm(tuple(tuple(spans) for spans in weekly[each]), tuple(differing[each].values()))
        version = crc32(repr(form).encode()) % 2_000_000_000 + 1
        who = newest.get(each)
        found.append(Kept(each or clinic_id, version, form, who[0] if who else "", who[1] if who else None))
    return found


def write(
    connection: Connection, clinic_id: UUID, professional_id: UUID | None, before: HoursForm, after: HoursForm
) -> None:
    """Make the rows say `after`, touching only what differs from `before`: every row is audited."""
    own: dict[str, object] = {"clinic_id": clinic_id, "professional_id": professional_id}
    old, new = set(_weekly_rows(before)), set(_weekly_rows(after))
    w, e = t.working_hours, t.hours_exception
    for weekday, starts, ends in sorted(old - new):
        same = and_(w.c.weekday == weekday, w.c.starts == starts, w.c.ends == ends)
        connection.execute(delete(w).where(_of(w, clinic_id, professional_id), same))
    for weekday, starts, ends in sorted(new - old):
        connection.execute(insert(w), {"id": uuid7(), **own, "weekday": weekday, "starts": starts, "ends": ends})
    kept, wanted = set(before.exceptions), set(after.exceptions)
    for gone in kept - wanted:
        connection.execute(delete(e).where(_of(e, clinic_id, professional_id), e.c.day == gone.day))
    for one in sorted(wanted - kept, key=lambda each: each.day):
        for span in one.spans or ((None, None),):
            row = {"day": one.day, "starts": span[0], "ends": span[1], "label": one.label}
            connection.execute(insert(e), {"id": uuid7(), **own, **row})


def _weekly_rows(form: HoursForm) -> Iterable[tuple[int, dt.time, dt.time]]:
    for weekday, spans in enumerate(form.days, 1):
        for starts, ends in spans:
            yield weekday, starts, ends


def _of(table: Table, clinic_id: UUID, professional_id: UUID | None) -> ColumnElement[bool]:
    person = table.c.professional_id
    mine = person.is_(None) if professional_id is None else person == professional_id
    return and_(table.c.clinic_id == clinic_id, mine)


def _of_some(table: Table, clinic_id: UUID, people: Sequence[UUID | None]) -> ColumnElement[bool]:
    person = table.c.professional_id
    theirs = person.in_([one for one in people if one])
    return and_(table.c.clinic_id == clinic_id, or_(theirs, person.is_(None)) if None in people else theirs)
