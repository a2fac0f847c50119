"""Appointments as rows: read for a stretch of time, written one by one, with their history."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, insert, literal, select, text, update

from clinicdesk.domain.agenda import (
    Appointment,
    BookAppointment,
    CancelledBy,
    Channel,
    EventKind,
    HistoryEvent,
    MoveAppointment,
    Slot,
    Status,
)
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.slots import Holding
from clinicdesk.storage import tables as t

_A = t.appointment
_GUARDIAN = t.patient.alias("guardian")
_EARLIER = t.appointment.alias("earlier")
_NAME = func.coalesce(func.nullif(t.patient.c.social_name, ""), t.patient.c.full_name)
_GRAVEST_ALERT = (
    select(t.patient_alert.c.text)
    .where(t.patient_alert.c.patient_id == _A.c.patient_id, t.patient_alert.c.active)
    .where(t.patient_alert.c.severity.in_(("severe", "warning")))
    .order_by((t.patient_alert.c.severity == "severe").desc(), t.patient_alert.c.created_at)
    .limit(1)
    .scalar_subquery()
)
_FIRST_VISIT = ~exists().where(
    and_(
        _EARLIER.c.patient_id == _A.c.patient_id,
        _EARLIER.c.starts_at < _A.c.starts_at,
        _EARLIER.c.status.not_in(("cancelled", "no_show")),
    )
)

# In the order of the fields of Appointment.
_CARD = (
    select(
        _A.c.id,
        _A.c.clinic_id,
        _A.c.version,
        _A.c.status,
        _A.c.status_at,
        _A.c.status_channel,
        _A.c.starts_at,
        _A.c.ends_at,
        _A.c.patient_id,
        _NAME,
        t.patient.c.phone,
        t.patient.c.birth_date,
        _A.c.professional_id,
        t.professional.c.name,
        _A.c.service_id,
        t.service.c.name,
        func.coalesce(t.service_category.c.icon, "stethoscope"),
        t.service.c.category_id,
        func.coalesce(t.service_category.c.hue, 200),
        _A.c.room_id,
        func.coalesce(t.room.c.name, ""),
        _A.c.equipment_id,
        func.coalesce(t.equipment.c.name, ""),
        _A.c.buffer_before,
        _A.c.buffer_after,
        _A.c.price,
        _A.c.note,
        _A.c.overbooking_reason,
        _A.c.reschedule_count,
        _A.c.cancelled_by,
        _A.c.cancel_reason,
        func.coalesce(func.nullif(_GUARDIAN.c.social_name, ""), _GUARDIAN.c.full_name, ""),
        _FIRST_VISIT,
        func.coalesce(_GRAVEST_ALERT, ""),
    )
    .join(t.patient, t.patient.c.id == _A.c.patient_id)
    .join(t.professional, t.professional.c.id == _A.c.professional_id)
    .join(t.service, t.service.c.id == _A.c.service_id)
    .outerjoin(t.service_category, t.service_category.c.id == t.service.c.category_id)
    .outerjoin(t.room, t.room.c.id == _A.c.room_id)
    .outerjoin(t.equipment, t.equipment.c.id == _A.c.equipment_id)
    .outerjoin(_GUARDIAN, _GUARDIAN.c.id == _A.c.guardian_id)
)
_BUSY = text("SELECT resource_id, starts_at, ends_at, appointment_id FROM clinicdesk.busy(:ids, :from_time, :to_time)")
_LOCK = text("SELECT clinicdesk.lock_resources(:ids)")


def _card(row: Sequence[Any]) -> Appointment:
    values = list(row)
    values[3] = Status(values[3])
    values[5] = Channel(values[5])
    values[29] = CancelledBy(values[29]) if values[29] else None
    return Appointment(*values)


def appointment(connection: Connection, appointment_id: UUID) -> Appointment | None:
    """One appointment as its card shows it; None when it is not there or not this person's to see."""
    row = connection.execute(_CARD.where(_A.c.id == appointment_id)).one_or_none()
    return _card(row) if row else None


def by_ids(connection: Connection, ids: Sequence[UUID]) -> list[Appointment]:
    """Those of the appointments that are there."""
    return [_card(row) for row in connection.execute(_CARD.where(_A.c.id.in_(ids)))]


def between(
    connection: Connection, clinic_id: UUID, slot: Slot, professional_ids: Sequence[UUID] | None = None
) -> list[Appointment]:
    """A clinic's appointments that start in `slot`, in order of time; of some professionals when these are given."""
    return [_card(row) for row in connection.execute(_between(clinic_id, slot, professional_ids))]


def _between(clinic_id: UUID, slot: Slot, professional_ids: Sequence[UUID] | None) -> Select[Any]:
    query = _CARD.where(
        _A.c.clinic_id == clinic_id, _A.c.starts_at >= slot.starts_at, _A.c.starts_at < slot.ends_at
    ).order_by(_A.c.starts_at, _A.c.id)
    if professional_ids is not None:
        query = query.where(_A.c.professional_id == func.any(list(professional_ids)))
    return query


def of_patient(connection: Connection, patient_id: UUID, limit: int = 200) -> list[Appointment]:
    """A patient's appointments in the clinics this person sees, newest first."""
    query = _CARD.where(_A.c.patient_id == patient_id).order_by(_A.c.starts_at.desc()).limit(limit)
    return [_card(row) for row in connection.execute(query)]


def lock(connection: Connection, resource_ids: Iterable[UUID | None]) -> None:
    """Take the rows of what is to be held, in the one order; until the transaction ends nobody else decides on them."""
    connection.execute(_LOCK, {"ids": [one for one in resource_ids if one]})


def busy(connection: Connection, resource_ids: Iterable[UUID | None], slot: Slot) -> list[Holding]:
    """What is taken in `slot`, also by other units of the organisation (then without an appointment)."""
    rows = connection.execute(
        _BUSY,
        {"ids": [one for one in resource_ids if one], "from_time": slot.starts_at, "to_time": slot.ends_at},
    )
    return [Holding(row[0], Slot(row[1], row[2]), row[3]) for row in rows]


def insert_appointment(
    connection: Connection,
    clinic_id: UUID,
    appointment_id: UUID,
    patient_id: UUID,
    command: BookAppointment,
    service: Service,
    import_id: UUID | None = None,
) -> None:
    """Write a booking; what it holds, its first version and its audit follow by trigger."""
    connection.execute(
        insert(_A),
        {
            "id": appointment_id,
            "clinic_id": clinic_id,
            "patient_id": patient_id,
            "guardian_id": command.guardian_id,
            "professional_id": command.professional_id,
            "room_id": command.room_id,
            "equipment_id": command.equipment_id,
            "service_id": command.service_id,
            "starts_at": command.slot.starts_at,
            "ends_at": command.slot.ends_at,
            "buffer_before": service.buffer_before,
            "buffer_after": service.buffer_after,
            "status": command.status,
            "status_channel": command.channel,
            "overbooking_reason": command.overbooking_reason,
            "price": service.price,
            "note": command.note,
            "source_uid": command.source_uid or None,
            "import_id": import_id,
        },
    )


def move(connection: Connection, command: MoveAppointment, reschedules: int) -> bool:
    """Write a move of the version that was seen; False when another desk changed it first."""
    return _update(
        connection,
        command.appointment_id,
        command.seen_version,
        professional_id=command.professional_id,
        room_id=command.room_id,
        equipment_id=command.equipment_id,
        starts_at=command.slot.starts_at,
        ends_at=command.slot.ends_at,
        overbooking_reason=command.overbooking_reason,
        reschedule_count=_A.c.reschedule_count + reschedules,
    )


def set_status(
    connection: Connection,
    appointment_id: UUID,
    seen_version: int,
    status: Status,
    channel: Channel,
    cancelled_by: CancelledBy | None,
    reason: str,
) -> bool:
    """Write a status step of the version that was seen; False when another desk changed it first."""
    return _update(
        connection,
        appointment_id,
        seen_version,
        status=status,
        status_channel=channel,
        cancelled_by=cancelled_by,
        cancel_reason=reason,
    )


def edit(connection: Connection, appointment_id: UUID, seen_version: int, service: Service, note: str) -> bool:
    """Write another service or note of the version that was seen; False when another desk changed it first."""
    return _update(
        connection,
        appointment_id,
        seen_version,
        service_id=service.id,
        buffer_before=service.buffer_before,
        buffer_after=service.buffer_after,
        price=service.price,
        note=note,
    )


def _update(connection: Connection, appointment_id: UUID, seen_version: int, **values: object) -> bool:
    query = update(_A).where(_A.c.id == appointment_id, _A.c.version == seen_version).values(**values)
    return connection.execute(query).rowcount == 1


def last_change(connection: Connection, appointment_id: UUID) -> tuple[int, str, dt.datetime] | None:
    """The current version of an appointment, who made it and when."""
    row = connection.execute(
        select(_A.c.version, func.coalesce(t.person.c.name, ""), _A.c.updated_at)
        .outerjoin(t.person, t.person.c.id == _A.c.updated_by)
        .where(_A.c.id == appointment_id)
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def known_uids(connection: Connection, clinic_id: UUID, uids: Sequence[str]) -> dict[str, UUID]:
    """Which of the ids of another calendar are booked here already."""
    query = select(_A.c.source_uid, _A.c.id).where(_A.c.clinic_id == clinic_id, _A.c.source_uid.in_(uids))
    return {uid: found for uid, found in connection.execute(query) if uid}


def history(connection: Connection, appointment_id: UUID) -> list[HistoryEvent]:
    """What happened to an appointment, oldest first, read off its kept versions."""
    v = t.appointment_version
    rows = connection.execute(
        select(
            v.c.recorded_at,
            func.coalesce(t.person.c.name, ""),
            v.c.status,
            v.c.status_channel,
            v.c.starts_at,
            v.c.ends_at,
            v.c.professional_id,
            v.c.room_id,
            v.c.cancel_reason,
            literal(None),
        )
        .outerjoin(t.person, t.person.c.id == v.c.recorded_by)
        .where(v.c.appointment_id == appointment_id)
        .order_by(v.c.version)
    ).all()
    events: list[HistoryEvent] = []
    for index, row in enumerate(rows):
        before = rows[index - 1] if index else None
        events.append(_event(row, before))
    return events


def _event(row: Sequence[Any], before: Sequence[Any] | None) -> HistoryEvent:
    at, name, status, channel, starts_at = row[0], row[1], Status(row[2]), Channel(row[3]), row[4]
    if before is None:
        return HistoryEvent(at, EventKind.BOOKED, name, channel, status, after=starts_at)
    if row[2] != before[2]:
        return HistoryEvent(at, EventKind.STATUS, name, channel, status, reason=row[8])
    if row[4:8] != before[4:8]:
        return HistoryEvent(at, EventKind.MOVED, name, channel, status, before[4], starts_at)
    return HistoryEvent(at, EventKind.EDITED, name, channel, status)


def overlapping(connection: Connection, resource_id: UUID, slot: Slot) -> list[Appointment]:
    """The appointments that hold a resource at some time of `slot`."""
    condition: ColumnElement[bool] = and_(
        _A.c.starts_at < slot.ends_at, _A.c.ends_at > slot.starts_at, _A.c.status.not_in(("cancelled", "no_show"))
    )
    held = (_A.c.professional_id == resource_id) | (_A.c.room_id == resource_id) | (_A.c.equipment_id == resource_id)
    return [_card(row) for row in connection.execute(_CARD.where(condition, held).order_by(_A.c.starts_at))]
