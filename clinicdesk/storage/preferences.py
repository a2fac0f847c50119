"""The forms managers keep, as rows: one way to read, add, change and order them, whatever their table.

A form's fields are columns of its table; what it lists (who does a service, where, with what) are rows of link tables.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Column, Connection, Table, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from uuid_utils.compat import uuid7

from clinicdesk.domain.clinics import Promotion, SchedulingPolicy
from clinicdesk.domain.message_settings import ChannelForm, MessagingForm, RuleForm, TemplateForm
from clinicdesk.domain.preferences import (
    CategoryForm,
    ClinicForm,
    EquipmentForm,
    FieldForm,
    HolidayForm,
    Kept,
    ProfessionalForm,
    RoomForm,
    ServiceForm,
)
from clinicdesk.storage import message_tables as m
from clinicdesk.storage import tables as t

Form = TypeVar("Form")


@dataclass(frozen=True)
class _Link:
    """A list inside a form: the table that holds it, the column of the form's row and the column of what is listed."""

    table: Table
    own: str
    other: str


@dataclass(frozen=True)
class _Detail:
    """Values inside a form that are rows of their own: their table, the column of the form's row, what they become."""

    table: Table
    own: str
    make: type[Any]


@dataclass(frozen=True)
class _Place:
    """Where the forms of one kind live."""

    table: Table
    links: Mapping[str, _Link]
    details: Mapping[str, _Detail] = field(default_factory=dict)
    resource: str = ""  # the kind of resource every row also is
    fixed: frozenset[str] = frozenset()  # said once, when the row is made


_PLACES: dict[type[Any], _Place] = {
    ClinicForm: _Place(t.clinic, {}),
    SchedulingPolicy: _Place(t.scheduling_policy, {}),
    RoomForm: _Place(t.room, {}, resource="room"),
    EquipmentForm: _Place(t.equipment, {}, resource="equipment"),
    ProfessionalForm: _Place(
        t.professional,
        {"clinic_ids": _Link(t.professional_clinic, "professional_id", "clinic_id")},
        resource="professional",
    ),
    CategoryForm: _Place(t.service_category, {}),
    ServiceForm: _Place(
        t.service,
        {
            "professional_ids": _Link(t.service_professional, "service_id", "professional_id"),
            "room_ids": _Link(t.service_room, "service_id", "room_id"),
            "equipment_ids": _Link(t.service_equipment, "service_id", "equipment_id"),
        },
        {"promotions": _Detail(t.service_promotion, "service_id", Promotion)},
    ),
    HolidayForm: _Place(t.holiday, {}),
    FieldForm: _Place(t.custom_field, {}),
    MessagingForm: _Place(m.messaging_policy, {}),
    TemplateForm: _Place(m.message_template, {}),
    RuleForm: _Place(m.message_rule, {}),
    ChannelForm: _Place(m.message_channel, {}, fixed=frozenset({"kind", "provider"})),
}


def table_name(kind: type[Any]) -> str:
    """The table a kind of form lives in, as changes are told and audited under."""
    return _PLACES[kind].table.name


def links(kind: type[Any]) -> dict[str, tuple[str, str]]:
    """The tables of a form's lists: the table's name -> the columns of the form's row and of what is listed."""
    place = _PLACES[kind]
    found = {link.table.name: (link.own, link.other) for link in place.links.values()}
    return found | {detail.table.name: (detail.own, "") for detail in place.details.values()}


def link_names(kind: type[Any]) -> dict[str, str]:
    """The tables of a form's lists: the table's name -> the form's field."""
    place = _PLACES[kind]
    found = {link.table.name: name for name, link in place.links.items()}
    return found | {detail.table.name: name for name, detail in place.details.items()}


def kept(connection: Connection, kind: type[Form], clinic_id: UUID, only: UUID | None = None) -> list[Kept[Form]]:
    """The forms of one kind in a clinic, in its order; `only` one of them when an id is given."""
    place = _PLACES[kind]
    table, names = place.table, _column_names(kind)
    key = _key(table)
    query = (
        select(key, table.c.version, func.coalesce(t.person.c.name, ""), table.c.updated_at, *_columns(table, names))
        .outerjoin(t.person, t.person.c.id == table.c.updated_by)
        .where(*_of_clinic(kind, clinic_id))
        .order_by(*_order(table))
    )
    if only is not None:
        query = query.where(key == only)
    rows = connection.execute(query).all()
    ids = [row[0] for row in rows]
    lists: dict[str, Mapping[UUID, tuple[Any, ...]]] = {
        **{name: _listed(connection, link, ids) for name, link in place.links.items()},
        **{name: _detailed(connection, detail, ids) for name, detail in place.details.items()},
    }
    return [
        Kept(
            row[0],
            row[1],
            kind(**dict(zip(names, row[4:], strict=True)), **{name: found[row[0]] for name, found in lists.items()}),
            row[2],
            row[3].astimezone(dt.UTC),
        )
        for row in rows
    ]


def add(connection: Connection, clinic_id: UUID, row_id: UUID, form: object) -> None:
    """Write a new row, last in order, with its lists."""
    place = _PLACES[type(form)]
    table = place.table
    values: dict[str, object] = {"id": row_id, **_values(form)}
    if place.resource:
        home = None if place.resource == "professional" else clinic_id
        connection.execute(insert(t.resource), {"id": row_id, "kind": place.resource, "clinic_id": home})
    if "clinic_id" in table.c:
        values["clinic_id"] = clinic_id
    if "position" in table.c:
        last = select(func.coalesce(func.max(table.c.position) + 1, 0)).where(*_of_clinic(type(form), clinic_id))
        values["position"] = connection.execute(last).scalar_one()
    connection.execute(insert(table), values)
    _write_lists(connection, clinic_id, row_id, form)


def change(connection: Connection, clinic_id: UUID, row_id: UUID, seen_version: int, form: object) -> bool:
    """Write what changed of the version that was seen; False when another desk changed it first."""
    place = _PLACES[type(form)]
    table = place.table
    values = {name: value for name, value in _values(form).items() if name not in place.fixed}
    query = update(table).where(_key(table) == row_id, table.c.version == seen_version).values(**values)
    if connection.execute(query).rowcount != 1:
        return False
    _write_lists(connection, clinic_id, row_id, form)
    return True


def write_policy(connection: Connection, clinic_id: UUID, form: SchedulingPolicy | MessagingForm) -> None:
    """Write the policy of a clinic that had none."""
    values = {"clinic_id": clinic_id, **_values(form)}
    connection.execute(upsert(_PLACES[type(form)].table).values(**values).on_conflict_do_nothing())


def remove(connection: Connection, kind: type[Any], row_id: UUID, seen_version: int) -> bool:
    """Take a row away for good; False when it is another version, or not there."""
    table = _PLACES[kind].table
    query = delete(table).where(table.c.id == row_id, table.c.version == seen_version)
    return connection.execute(query).rowcount == 1


def put_in_order(connection: Connection, kind: type[Any], ids: Sequence[UUID]) -> None:
    """Number the rows in this order; a row that keeps its place is not touched."""
    table = _PLACES[kind].table
    for position, row_id in enumerate(ids):
        connection.execute(
            update(table).where(table.c.id == row_id, table.c.position != position).values(position=position)
        )


def last_change(connection: Connection, kind: type[Any], row_id: UUID) -> tuple[int, str, dt.datetime] | None:
    """The current version of a row, who made it and when."""
    table = _PLACES[kind].table
    row = connection.execute(
        select(table.c.version, func.coalesce(t.person.c.name, ""), table.c.updated_at)
        .outerjoin(t.person, t.person.c.id == table.c.updated_by)
        .where(_key(table) == row_id)
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


# --- rows and lists --------------------------------------------------------------------------------------------------


def _key(table: Table) -> Column[Any]:
    return table.c.id if "id" in table.c else table.c.clinic_id


def _column_names(kind: type[Any]) -> list[str]:
    place = _PLACES[kind]
    return [field.name for field in fields(kind) if field.name in place.table.c]


def _columns(table: Table, names: Iterable[str]) -> list[Column[Any]]:
    return [table.c[name] for name in names]


def _values(form: object) -> dict[str, object]:
    return {name: _written(getattr(form, name)) for name in _column_names(type(form))}


def _written(value: object) -> object:
    """A value as its column takes it: words of an enumeration in a list are words."""
    return [str(one) if isinstance(one, StrEnum) else one for one in value] if isinstance(value, tuple) else value


def _of_clinic(kind: type[Any], clinic_id: UUID) -> list[Any]:
    """What tells a clinic's rows from the others; a professional is the organisation's and works in some of them."""
    table = _PLACES[kind].table
    if kind is ClinicForm:
        return [table.c.id == clinic_id]
    if "clinic_id" in table.c:
        return [table.c.clinic_id == clinic_id]
    return []


def _order(table: Table) -> list[Column[Any]]:
    return [table.c[name] for name in ("position", "day", "name", "event", "offset_minutes") if name in table.c]


def _listed(connection: Connection, link: _Link, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    own, other = link.table.c[link.own], link.table.c[link.other]
    for row_id, other_id in connection.execute(select(own, other).where(own.in_(ids)).order_by(own, other)):
        found[row_id].append(other_id)
    return defaultdict(tuple, {row_id: tuple(others) for row_id, others in found.items()})


def _detailed(connection: Connection, detail: _Detail, ids: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    own, names = detail.table.c[detail.own], [field.name for field in fields(detail.make)]
    columns = [detail.table.c[name] for name in names]
    found: dict[UUID, list[Any]] = defaultdict(list)
    query = select(own, *columns).where(own.in_(ids)).order_by(own, detail.table.c.first_day, detail.table.c.name)
    for row_id, *values in connection.execute(query):
        found[row_id].append(detail.make(**dict(zip(names, values, strict=True))))
    return defaultdict(tuple, {row_id: tuple(values) for row_id, values in found.items()})


def _write_lists(connection: Connection, clinic_id: UUID, row_id: UUID, form: object) -> None:
    place = _PLACES[type(form)]
    for name, link in place.links.items():
        _relist(connection, clinic_id, row_id, link, getattr(form, name))
    for name, detail in place.details.items():
        _redetail(connection, clinic_id, row_id, detail, getattr(form, name))


def _redetail(connection: Connection, clinic_id: UUID, row_id: UUID, detail: _Detail, wanted: Iterable[Any]) -> None:
    """Make the rows what is wanted, touching only what differs."""
    names = [field.name for field in fields(detail.make)]
    own = detail.table.c[detail.own]
    query = select(detail.table.c.id, *(detail.table.c[name] for name in names)).where(own == row_id)
    kept = {detail.make(**dict(zip(names, row[1:], strict=True))): row[0] for row in connection.execute(query)}
    gone = [key for value, key in kept.items() if value not in set(wanted)]
    if gone:
        connection.execute(delete(detail.table).where(detail.table.c.id.in_(gone)))
    for value in wanted:
        if value not in kept:
            row = {"id": uuid7(), "clinic_id": clinic_id, detail.own: row_id}
            connection.execute(insert(detail.table), row | {name: getattr(value, name) for name in names})


def _relist(connection: Connection, clinic_id: UUID, row_id: UUID, link: _Link, wanted: Iterable[UUID]) -> None:
    """Make the list what is wanted, touching only what differs: every row of it is audited."""
    own, other = link.table.c[link.own], link.table.c[link.other]
    mine = set(connection.execute(select(other).where(own == row_id)).scalars())
    gone, new = mine - set(wanted), set(wanted) - mine
    if gone:
        if link.table is t.professional_clinic:
            _leave(connection, row_id, gone)
        connection.execute(delete(link.table).where(own == row_id, other.in_(gone)))
    for one in sorted(new):
        row: dict[str, object] = {link.own: row_id, link.other: one}
        connection.execute(insert(link.table), row if "clinic_id" in row else {**row, "clinic_id": clinic_id})


def _leave(connection: Connection, professional_id: UUID, clinics: Iterable[UUID]) -> None:
    """What a professional had in a clinic goes before they do: hours, days that differ, services."""
    for table in (t.working_hours, t.hours_exception, t.service_professional):
        mine = table.c.professional_id == professional_id
        connection.execute(delete(table).where(mine, table.c.clinic_id.in_(clinics)))
