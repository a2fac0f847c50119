"""The fields that a clinic added to its register, as rows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Connection, Uuid, bindparam, func, insert, select, text, update

from clinicdesk.domain.custom_fields import CustomField, Entity, Kind
from clinicdesk.storage import tables as t

_F = t.custom_field
_FIELD = select(
    _F.c.id, _F.c.entity, _F.c.name, _F.c.kind, _F.c.choices, _F.c.position, _F.c.active, _F.c.version
).order_by(_F.c.position, _F.c.name)
_ARRANGE = text(
    "UPDATE clinicdesk.custom_field f SET position = wanted.place - 1"
    " FROM unnest(:ids) WITH ORDINALITY AS wanted (id, place)"
    " WHERE f.id = wanted.id AND f.position <> wanted.place - 1"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))


def fields(connection: Connection, entity: Entity, *, inactive: bool = False) -> list[CustomField]:
    """The fields of patients or services in their order; with `inactive` also those that are no longer asked."""
    query = _FIELD.where(_F.c.entity == entity)
    return [_field(row) for row in connection.execute(query if inactive else query.where(_F.c.active))]


def field(connection: Connection, field_id: UUID) -> CustomField | None:
    """One field."""
    row = connection.execute(_FIELD.where(_F.c.id == field_id)).one_or_none()
    return _field(row) if row else None


def insert_field(
    connection: Connection, field_id: UUID, entity: Entity, name: str, kind: Kind, choices: Sequence[str]
) -> None:
    """Add a field after the others of its kind of row."""
    last = select(func.coalesce(func.max(_F.c.position) + 1, 0)).where(_F.c.entity == entity).scalar_subquery()
    connection.execute(
        insert(_F).values(id=field_id, entity=entity, name=name, kind=kind, choices=list(choices), position=last)
    )


def update_field(
    connection: Connection,
    field_id: UUID,
    seen_version: int,
    *,
    name: str,
    choices: Sequence[str],
    position: int,
    active: bool,
) -> bool:
    """Write a field of the version that was seen; False when another desk changed it first."""
    query = (
        update(_F)
        .where(_F.c.id == field_id, _F.c.version == seen_version)
        .values(name=name, choices=list(choices), position=position, active=active)
    )
    return connection.execute(query).rowcount == 1


def arrange(connection: Connection, ids: Sequence[UUID]) -> None:
    """Put the fields into this order; those that stand right already are not written."""
    connection.execute(_ARRANGE, {"ids": list(ids)})


def last_change(connection: Connection, field_id: UUID) -> tuple[int, str, Any] | None:
    """The current version of a field's row, who made it and when."""
    row = connection.execute(
        select(_F.c.version, func.coalesce(t.person.c.name, ""), _F.c.updated_at)
        .outerjoin(t.person, t.person.c.id == _F.c.updated_by)
        .where(_F.c.id == field_id)
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def _field(row: Sequence[Any]) -> CustomField:
    return CustomField(row[0], Entity(row[1]), row[2], Kind(row[3]), tuple(row[4]), row[5], row[6], row[7])
