"""Tags and who has them, as rows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_new

from clinicdesk.domain.tags import Tag
from clinicdesk.storage import tables as t

_T, _HAS = t.tag, t.patient_tag
_TAG = select(_T.c.id, _T.c.name, _T.c.hue, _T.c.version).order_by(func.lower(_T.c.name))


def tags(connection: Connection) -> list[Tag]:
    """Every tag, by name."""
    return [Tag(*row) for row in connection.execute(_TAG)]


def tag(connection: Connection, tag_id: UUID) -> Tag | None:
    """One tag."""
    row = connection.execute(_TAG.where(_T.c.id == tag_id)).one_or_none()
    return Tag(*row) if row else None


def of_patient(connection: Connection, patient_id: UUID) -> tuple[Tag, ...]:
    """The tags of a patient, by name."""
    query = _TAG.join(_HAS, _HAS.c.tag_id == _T.c.id).where(_HAS.c.patient_id == patient_id)
    return tuple(Tag(*row) for row in connection.execute(query))


def counts(connection: Connection) -> dict[UUID, int]:
    """How many patients have each tag; a tag that nobody has is not in it."""
    query = (
        select(_HAS.c.tag_id, func.count())
        .join(t.patient, t.patient.c.id == _HAS.c.patient_id)
        .where(t.patient.c.merged_into.is_(None))
        .group_by(_HAS.c.tag_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def patients_with(connection: Connection, tag_id: UUID) -> tuple[UUID, ...]:
    """Who has a tag."""
    found = connection.execute(select(_HAS.c.patient_id).where(_HAS.c.tag_id == tag_id).order_by(_HAS.c.patient_id))
    return tuple(found.scalars())


def insert_tag(connection: Connection, tag_id: UUID, name: str, hue: int) -> None:
    """Make a tag."""
    connection.execute(insert(_T).values(id=tag_id, name=name, hue=hue))


def update_tag(connection: Connection, tag_id: UUID, seen_version: int, name: str, hue: int) -> bool:
    """Write a tag of the version that was seen; False when another desk changed it first."""
    query = update(_T).where(_T.c.id == tag_id, _T.c.version == seen_version).values(name=name, hue=hue)
    return connection.execute(query).rowcount == 1


def delete_tag(connection: Connection, tag_id: UUID, seen_version: int) -> bool:
    """Take a tag away, from everybody who has it; False when another desk changed it first."""
    return connection.execute(delete(_T).where(_T.c.id == tag_id, _T.c.version == seen_version)).rowcount == 1


def put_on(connection: Connection, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """Put tags on patients, as (patient, tag); who has one already keeps it."""
    if pairs:
        rows = [{"patient_id": patient, "tag_id": one} for patient, one in pairs]
        connection.execute(insert_new(_HAS).on_conflict_do_nothing(), rows)


def take_off(connection: Connection, patient_id: UUID, tag_ids: Sequence[UUID]) -> None:
    """Take tags off a patient."""
    if tag_ids:
        connection.execute(delete(_HAS).where(_HAS.c.patient_id == patient_id, _HAS.c.tag_id.in_(tag_ids)))


def last_change(connection: Connection, tag_id: UUID) -> tuple[int, str, Any] | None:
    """The current version of a tag's row, who made it and when."""
    row = connection.execute(
        select(_T.c.version, func.coalesce(t.person.c.name, ""), _T.c.updated_at)
        .outerjoin(t.person, t.person.c.id == _T.c.updated_by)
        .where(_T.c.id == tag_id)
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None
