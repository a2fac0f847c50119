"""What visits to come hold on to: the people, rooms and machines they need, the services and their headings."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, func, select, text

from clinicdesk.domain.agenda import Appointment
from clinicdesk.storage import agenda
from clinicdesk.storage import tables as t

RESOURCES = {"room": "room_id", "equipment": "equipment_id", "professional": "professional_id"}
_STANDING = "starts_at > clock_timestamp() AND status NOT IN ('cancelled', 'no_show', 'completed')"


def count(connection: Connection, kind: str, resource_id: UUID) -> int:
    """How many visits to come hold a room or a machine, under its lock."""
    agenda.lock(connection, [resource_id])
    query = f"SELECT count(*) FROM clinicdesk.appointment WHERE {RESOURCES[kind]} = :id AND {_STANDING}"
    found: int = connection.execute(text(query), {"id": resource_id}).scalar_one()
    return found


def ever_in(connection: Connection, professional_id: UUID, but_clinics: Iterable[UUID]) -> int:
    """How many visits, whenever, a professional had in clinics of this person other than these."""
    query = (
        "SELECT count(*) FROM clinicdesk.appointment WHERE professional_id = :id AND NOT clinic_id = ANY (:clinics)"
        " AND clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[])"
    )
    asked = {"id": professional_id, "clinics": list(but_clinics)}
    found: int = connection.execute(text(query), asked).scalar_one()
    return found


def held_anywhere(connection: Connection, professional_id: UUID) -> int:
    """How many stretches to come a professional is held for, in any clinic of the organisation; under their lock."""
    agenda.lock(connection, [professional_id])
    query = "SELECT count(*) FROM clinicdesk.busy(ARRAY[CAST(:id AS uuid)], clock_timestamp(), 'infinity')"
    found: int = connection.execute(text(query), {"id": professional_id}).scalar_one()
    return found


def visits(connection: Connection, clinic_id: UUID, column: str = "", value: UUID | None = None) -> list[Appointment]:
    """The visits to come of a clinic, in order of time; only those of one person, thing or service when it is given."""
    wanted = f"AND {column} = :value" if column else ""
    query = (
        f"SELECT id FROM clinicdesk.appointment WHERE clinic_id = :clinic {wanted} AND {_STANDING} ORDER BY starts_at"
    )
    ids = connection.execute(text(query), {"clinic": clinic_id, "value": value}).scalars().all()
    found = {one.id: one for one in agenda.by_ids(connection, ids)}
    return [found[each] for each in ids if each in found]


def services_of(connection: Connection, clinic_id: UUID, category_id: UUID) -> int:
    """How many services stand under a heading."""
    query = (
        select(func.count())
        .select_from(t.service)
        .where(t.service.c.clinic_id == clinic_id, t.service.c.category_id == category_id)
    )
    return connection.execute(query).scalar_one()
