"""Clinics and what they are made of, as rows read and written."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, Table, select, text

from clinicdesk.domain.clinics import (
    Catalogue,
    Clinic,
    Equipment,
    Professional,
    Promotion,
    Room,
    SchedulingPolicy,
    Service,
)
from clinicdesk.errors import NotFound
from clinicdesk.storage import tables as t

_POLICY = t.scheduling_policy
_POLICY_COLUMNS = (
    _POLICY.c.slot_duration_minutes,
    _POLICY.c.min_advance_hours,
    _POLICY.c.max_advance_days,
    _POLICY.c.max_daily_appointments,
    _POLICY.c.max_daily_overbookings,
    _POLICY.c.late_cancellation_hours,
)
_CLINICS = (
    select(
        t.clinic.c.id,
        t.clinic.c.name,
        t.clinic.c.cnpj,
        t.clinic.c.zone,
        t.clinic.c.state,
        t.clinic.c.city,
        t.clinic.c.address,
        t.clinic.c.phone,
        t.clinic.c.email,
        *_POLICY_COLUMNS,
    )
    .outerjoin(_POLICY, _POLICY.c.clinic_id == t.clinic.c.id)
    .order_by(t.clinic.c.position, t.clinic.c.name)
)
_SERVICE = text(
    """
    SELECT s.name, s.duration_minutes, s.buffer_before, s.buffer_after, s.price,
           ARRAY (SELECT professional_id FROM clinicdesk.service_professional WHERE service_id = s.id),
           ARRAY (SELECT room_id FROM clinicdesk.service_room WHERE service_id = s.id),
           ARRAY (SELECT equipment_id FROM clinicdesk.service_equipment WHERE service_id = s.id),
           (SELECT json_agg(json_build_array(p.name, p.first_day, p.last_day, p.price::text, p.percent_off))
              FROM clinicdesk.service_promotion p WHERE p.clinic_id = s.clinic_id AND p.service_id = s.id),
           (SELECT c.zone FROM clinicdesk.clinic c WHERE c.id = s.clinic_id),
           clinicdesk.lock_resources(:locked)
      FROM clinicdesk.service s WHERE s.clinic_id = :clinic AND s.id = :service
    """
)


def clinics(connection: Connection) -> list[Clinic]:
    """Every clinic of the organisation, in its own order; the policy only of those this person works in."""
    return [
        Clinic(*row[:9], policy=SchedulingPolicy(*row[9:]) if row[9] is not None else SchedulingPolicy())
        for row in connection.execute(_CLINICS)
    ]


def zone(connection: Connection, clinic_id: UUID) -> ZoneInfo:
    """The time zone on a clinic's wall. Raises NotFound."""
    name = connection.execute(select(t.clinic.c.zone).where(t.clinic.c.id == clinic_id)).scalar_one_or_none()
    if name is None:
        raise NotFound("clinic", str(clinic_id))
    return ZoneInfo(name)


def active_professionals(connection: Connection, clinic_id: UUID) -> list[Professional]:
    """Who sees patients in a clinic, in its own order."""
    return _professionals(connection, clinic_id)


def catalogue(connection: Connection, clinic_id: UUID) -> Catalogue:
    """All that a booking in this clinic chooses from. Raises NotFound for a clinic that is not there."""
    clinic = next((one for one in clinics(connection) if one.id == clinic_id), None)
    if clinic is None:
        raise NotFound("clinic", str(clinic_id))
    return Catalogue(
        clinic=clinic,
        professionals=tuple(_professionals(connection, clinic_id)),
        rooms=tuple(Room(*row) for row in connection.execute(_placed(t.room, clinic_id))),
        equipment=tuple(Equipment(*row) for row in connection.execute(_placed(t.equipment, clinic_id))),
        services=tuple(_services(connection, clinic_id, clinic.zone)),
    )


def _placed(table: Table, clinic_id: UUID) -> Select[Any]:
    return (
        select(table.c.id, table.c.name)
        .where(table.c.clinic_id == clinic_id, table.c.active)
        .order_by(table.c.position, table.c.name)
    )


def _professionals(connection: Connection, clinic_id: UUID) -> list[Professional]:
    p = t.professional
    query = (
        select(
            p.c.id,
            p.c.name,
            p.c.council,
            p.c.council_number,
            p.c.council_state,
            p.c.specialty,
            p.c.hue,
            p.c.default_duration,
            p.c.bio,
        )
        .join(t.professional_clinic, t.professional_clinic.c.professional_id == p.c.id)
        .where(t.professional_clinic.c.clinic_id == clinic_id, p.c.active)
        .order_by(p.c.position, p.c.name)
    )
    return [Professional(*row) for row in connection.execute(query)]


def _services(connection: Connection, clinic_id: UUID, zone: str) -> list[Service]:
    s, category = t.service, t.service_category
    query = (
        select(
            s.c.id,
            s.c.name,
            s.c.category_id,
            category.c.name,
            category.c.icon,
            category.c.hue,
            s.c.duration_minutes,
            s.c.buffer_before,
            s.c.buffer_after,
            s.c.price,
        )
        .outerjoin(category, category.c.id == s.c.category_id)
        .where(s.c.clinic_id == clinic_id, s.c.active)
        .order_by(category.c.position, s.c.position, s.c.name)
    )
    people = _choices(connection, t.service_professional, "professional_id", clinic_id)
    rooms = _choices(connection, t.service_room, "room_id", clinic_id)
    machines = _choices(connection, t.service_equipment, "equipment_id", clinic_id)
    promotions = _all_promotions(connection, clinic_id)
    return [
        Service(
            row[0],
            row[1],
            row[2],
            row[3] or "",
            row[4] or "stethoscope",
            row[5] if row[5] is not None else 200,
            row[6],
            row[7],
            row[8],
            row[9],
            tuple(people[row[0]]),
            tuple(rooms[row[0]]),
            tuple(machines[row[0]]),
            tuple(promotions[row[0]]),
            zone,
        )
        for row in connection.execute(query)
    ]


def service(
    connection: Connection, clinic_id: UUID, service_id: UUID, locked: Iterable[UUID | None] = ()
) -> Service | None:
    """What a booking copies from its service, and who, where and with what it may be done; the category is not read.

    On the same way the rows of the resources in `locked` are taken, as `agenda.lock` does.
    """
    asked = {"clinic": clinic_id, "service": service_id, "locked": [one for one in locked if one]}
    row = connection.execute(_SERVICE, asked).one_or_none()
    if row is None:
        return None
    return Service(
        id=service_id,
        name=row[0],
        duration_minutes=row[1],
        buffer_before=row[2],
        buffer_after=row[3],
        price=row[4],
        professional_ids=tuple(row[5]),
        room_ids=tuple(row[6]),
        equipment_ids=tuple(row[7]),
        promotions=_promotions(row[8] or ()),
        zone=row[9],
    )


def _promotions(written: Iterable[list[Any]]) -> tuple[Promotion, ...]:
    """Promotions out of JSON."""
    return tuple(
        Promotion(
            name,
            dt.date.fromisoformat(first_day),
            dt.date.fromisoformat(last_day),
            Decimal(price) if price is not None else None,
            percent_off,
        )
        for name, first_day, last_day, price, percent_off in written
    )


def _all_promotions(connection: Connection, clinic_id: UUID) -> dict[UUID, list[Promotion]]:
    p = t.service_promotion
    found: dict[UUID, list[Promotion]] = defaultdict(list)
    query = (
        select(p.c.service_id, p.c.name, p.c.first_day, p.c.last_day, p.c.price, p.c.percent_off)
        .where(p.c.clinic_id == clinic_id)
        .order_by(p.c.first_day, p.c.name)
    )
    for service_id, *values in connection.execute(query):
        found[service_id].append(Promotion(*values))
    return found


def resource_name(connection: Connection, kind: str, resource_id: UUID) -> str:
    """What a professional, room or machine is called; empty when it is not this person's to see."""
    table = {"professional": t.professional, "room": t.room, "equipment": t.equipment}[kind]
    return connection.execute(select(table.c.name).where(table.c.id == resource_id)).scalar_one_or_none() or ""


def _choices(connection: Connection, table: Table, column: str, clinic_id: UUID) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    query = select(table.c.service_id, table.c[column]).where(table.c.clinic_id == clinic_id).order_by(table.c[column])
    for service_id, other_id in connection.execute(query):
        found[service_id].append(other_id)
    return found
