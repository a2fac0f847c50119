"""The hours of a clinic or of a professional as rows: read whole, written as the difference, one person at a time."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID
from zlib import crc32

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, insert, select, text
from uuid_utils.compat import uuid7

from clinicdesk.domain.hours import HoursException, Span
from clinicdesk.domain.preferences import HoursForm, Kept
from clinicdesk.storage import tables as t

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('clinicdesk.hours.' || :subject, 0))")


def lock(connection: Connection, subject: UUID) -> None:
    """Decide alone about the hours of a clinic or a professional until the transaction ends."""
    connection.execute(_LOCK, {"subject": str(subject)})


def hours(connection: Connection, clinic_id: UUID, professional_id: UUID | None, today: dt.date) -> Kept[HoursForm]:
    """The hours as they stand, with the days from `today` on that differ.

    No row stands for all of them, so the version is drawn from what they say: the same words, the same number.
    """
    w, e = t.working_hours, t.hours_exception
    days: list[list[Span]] = [[] for _weekday in range(7)]
    for weekday, starts, ends in connection.execute(
        select(w.c.weekday, w.c.starts, w.c.ends).where(_of(w, clinic_id, professional_id)).order_by(w.c.starts)
    ):
        days[weekday - 1].append((starts, ends))
    found: dict[dt.date, HoursException] = {}
    query = (
        select(e.c.day, e.c.starts, e.c.ends, e.c.label)
        .where(_of(e, clinic_id, professional_id), e.c.day >= today)
        .order_by(e.c.day, e.c.starts)
    )
    for day, starts, ends, label in connection.execute(query):
        spans = found[day].spans if day in found else ()
        found[day] = HoursException(day, spans if starts is None else (*spans, (starts, ends)), label)
    form = HoursForm(tuple(map(tuple, days)), tuple(found.values()))
    person, at = _last_change(connection, clinic_id, professional_id)
    return Kept(professional_id or clinic_id, crc32(repr(form).encode()) % 2_000_000_000 + 1, form, person, at)


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


def _last_change(
    connection: Connection, clinic_id: UUID, professional_id: UUID | None
) -> tuple[str, dt.datetime | None]:
    """Who wrote the newest of the rows, and when; what was only taken away leaves no trace here."""
    newest: tuple[str, dt.datetime | None] = ("", None)
    for table in (t.working_hours, t.hours_exception):
        row: Any = connection.execute(
            select(func.coalesce(t.person.c.name, ""), table.c.updated_at)
            .outerjoin(t.person, t.person.c.id == table.c.updated_by)
            .where(_of(table, clinic_id, professional_id))
            .order_by(table.c.updated_at.desc())
            .limit(1)
        ).one_or_none()
        if row and (newest[1] is None or row[1] > newest[1]):
            newest = (row[0], row[1].astimezone(dt.UTC))
    return newest
