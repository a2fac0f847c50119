"""Appointments as rows: read for a stretch of time, written one by one, with their history."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, text, update

from clinicdesk.domain.agenda import (
    Appointment,
    BookAppointment,
    CancelledBy,
    Channel,
    MoveAppointment,
    Slot,
    Status,
)
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.slots import Holding
from clinicdesk.storage import tables as t

_A = t.appointment

# In the order of the fields of Appointment. Written out: a statement made of expressions took the desk longer to put
# together, at every booking, than the server took to answer it.
_CARD = """
    SELECT a.id, a.clinic_id, a.version, a.status, a.status_at, a.status_channel, a.starts_at, a.ends_at, a.patient_id,
           coalesce(nullif(p.social_name, ''), p.full_name), p.phone, p.birth_date, a.professional_id, f.name,
           a.service_id, s.name, coalesce(c.icon, 'stethoscope'), s.category_id, coalesce(c.hue, 200),
           a.room_id, coalesce(r.name, ''), a.equipment_id, coalesce(e.name, ''), a.buffer_before, a.buffer_after,
           a.price, a.note, a.overbooking_reason, a.reschedule_count, a.cancelled_by, a.cancel_reason,
           coalesce(nullif(g.social_name, ''), g.full_name, ''),
           NOT EXISTS (SELECT 1 FROM clinicdesk.appointment earlier
                        WHERE earlier.patient_id = a.patient_id AND earlier.starts_at < a.starts_at
                          AND earlier.status NOT IN ('cancelled', 'no_show')),
           coalesce((SELECT gravest.text FROM clinicdesk.patient_alert gravest
                      WHERE gravest.patient_id = a.patient_id AND gravest.active
                        AND gravest.severity IN ('severe', 'warning')
                      ORDER BY gravest.severity = 'severe' DESC, gravest.created_at LIMIT 1), ''),
           a.cancelled_late, a.visit_id, a.series_id, a.series_day, p.priority, p.priority_until
      FROM clinicdesk.appointment a
      JOIN clinicdesk.patient p ON p.id = a.patient_id
      JOIN clinicdesk.professional f ON f.id = a.professional_id
      JOIN clinicdesk.service s ON s.id = a.service_id
      LEFT JOIN clinicdesk.service_category c ON c.id = s.category_id
      LEFT JOIN clinicdesk.room r ON r.id = a.room_id
      LEFT JOIN clinicdesk.equipment e ON e.id = a.equipment_id
      LEFT JOIN clinicdesk.patient g ON g.id = a.guardian_id
"""
_ONE = text(f"{_CARD} WHERE a.id = :id")
_SOME = text(f"{_CARD} WHERE a.id = ANY (:ids)")
_OF_PATIENT = text(f"{_CARD} WHERE a.patient_id = :patient ORDER BY a.starts_at DESC, a.id DESC LIMIT :most")
_OF_PATIENT_BEFORE = text(
    f"{_CARD} WHERE a.patient_id = :patient AND (a.starts_at, a.id) < (:at, :id)"
    " ORDER BY a.starts_at DESC, a.id DESC LIMIT :most"
)
_BETWEEN = f"{_CARD} WHERE a.clinic_id = :clinic AND a.starts_at >= :first AND a.starts_at < :last"
_OF_ALL = text(f"{_BETWEEN} ORDER BY a.starts_at, a.id")
_OF_PEOPLE = text(f"{_BETWEEN} AND a.professional_id = ANY (:people) ORDER BY a.starts_at, a.id")
# The states as the index has them.
_ENDED = f"""
    {_CARD} WHERE a.clinic_id = :clinic AND a.ends_at > :first AND a.ends_at <= :last
              AND a.status IN ('pending', 'confirmed', 'checked_in', 'in_progress')
"""
_OPEN_OF_ALL = text(f"{_ENDED} ORDER BY a.starts_at, a.id LIMIT :most")
_OPEN_OF_ONE = text(f"{_ENDED} AND a.professional_id = :whose ORDER BY a.starts_at, a.id LIMIT :most")
_OVERLAPPING = text(
    f"""
    {_CARD} WHERE a.starts_at < :last AND a.ends_at > :first AND a.status NOT IN ('cancelled', 'no_show')
              AND :resource IN (a.professional_id, a.room_id, a.equipment_id)
            ORDER BY a.starts_at
    """
)
_INSERT = text(
    """
    INSERT INTO clinicdesk.appointment (id, clinic_id, patient_id, guardian_id, professional_id, room_id, equipment_id,
        service_id, starts_at, ends_at, buffer_before, buffer_after, status, status_channel, overbooking_reason, price,
        note, source_uid, import_id, visit_id, series_id, series_day)
    VALUES (:id, :clinic_id, :patient_id, :guardian_id, :professional_id, :room_id, :equipment_id, :service_id,
        :starts_at, :ends_at, :buffer_before, :buffer_after, :status, :status_channel, :overbooking_reason, :price,
        :note, :source_uid, :import_id, :visit_id, :series_id, :series_day)
    """
)
_BUSY = text(
    "SELECT resource_id, starts_at, ends_at, appointment_id, hold_id FROM clinicdesk.busy(:ids, :from_time, :to_time)"
)
_OF_SERIES = text(f"{_CARD} WHERE a.series_id = :series ORDER BY a.series_day")
_OF_VISIT = text(f"{_CARD} WHERE a.visit_id = :visit ORDER BY a.starts_at, a.id")
_REWRITE = text(
    """
    UPDATE clinicdesk.appointment
       SET professional_id = :professional_id, room_id = :room_id, equipment_id = :equipment_id,
           service_id = :service_id, starts_at = :starts_at, ends_at = :ends_at, buffer_before = :buffer_before,
           buffer_after = :buffer_after, status = :status, status_channel = :status_channel,
           overbooking_reason = :overbooking_reason, reschedule_count = :reschedule_count,
           cancelled_by = :cancelled_by, cancel_reason = :cancel_reason, price = :price, note = :note,
           visit_id = :visit_id, series_id = :series_id, series_day = :series_day
     WHERE id = :id AND version = :seen_version
    """
)
_VERSIONS = text("SELECT id, version FROM clinicdesk.appointment WHERE id = ANY (:ids)")
_LOCK_ROWS = text("SELECT id FROM clinicdesk.appointment WHERE id = ANY (:ids) ORDER BY id FOR NO KEY UPDATE")
_BUSY_IN = text(
    """
    SELECT DISTINCT b.resource_id, b.starts_at, b.ends_at, b.appointment_id, b.hold_id
      FROM unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[])) AS asked (from_time, to_time)
     CROSS JOIN LATERAL clinicdesk.busy(:ids, asked.from_time, asked.to_time) AS b
    """
)
_LOCK = text("SELECT clinicdesk.lock_resources(:ids)")
# The fields of an Appointment that its row holds and a person may change.
_REWRITTEN = (
    *("id", "professional_id", "room_id", "equipment_id", "service_id", "starts_at", "ends_at", "buffer_before"),
    *("buffer_after", "status", "status_channel", "overbooking_reason", "reschedule_count", "cancelled_by"),
    *("cancel_reason", "price", "note", "visit_id", "series_id", "series_day"),
)


def _card(row: Sequence[Any]) -> Appointment:
    values = list(row)
    values[3] = Status(values[3])
    values[5] = Channel(values[5])
    values[29] = CancelledBy(values[29]) if values[29] else None
    return Appointment(*values)


def appointment(connection: Connection, appointment_id: UUID) -> Appointment | None:
    """One appointment as its card shows it; None when it is not there or not this person's to see."""
    row = connection.execute(_ONE, {"id": appointment_id}).one_or_none()
    return _card(row) if row else None


def by_ids(connection: Connection, ids: Sequence[UUID]) -> list[Appointment]:
    """Those of the appointments that are there."""
    return [_card(row) for row in connection.execute(_SOME, {"ids": list(ids)})]


def between(
    connection: Connection, clinic_id: UUID, slot: Slot, professional_ids: Sequence[UUID] | None = None
) -> list[Appointment]:
    """A clinic's appointments that start in `slot`, in order of time; of some professionals when these are given."""
    asked: dict[str, object] = {"clinic": clinic_id, "first": slot.starts_at, "last": slot.ends_at}
    if professional_ids is None:
        return [_card(row) for row in connection.execute(_OF_ALL, asked).all()]
    rows = connection.execute(_OF_PEOPLE, asked | {"people": list(professional_ids)}).all()
    return [_card(row) for row in rows]


def open_that_ended(
    connection: Connection,
    clinic_id: UUID,
    after: dt.datetime,
    until: dt.datetime,
    professional_id: UUID | None,
    limit: int,
) -> list[Appointment]:
    """Appointments that ended in a stretch of time and that nobody closed, oldest first."""
    asked: dict[str, object] = {"clinic": clinic_id, "first": after, "last": until}
    if professional_id is None:
        return [_card(row) for row in connection.execute(_OPEN_OF_ALL, asked | {"most": limit}).all()]
    asked |= {"most": limit, "whose": professional_id}
    return [_card(row) for row in connection.execute(_OPEN_OF_ONE, asked).all()]


def of_patient(
    connection: Connection, patient_id: UUID, limit: int = 200, before: tuple[dt.datetime, UUID] | None = None
) -> list[Appointment]:
    """A patient's appointments in the clinics this person sees, newest first; those before a time and id."""
    asked: dict[str, object] = {"patient": patient_id, "most": limit}
    if before is None:
        rows = connection.execute(_OF_PATIENT, asked)
    else:
        rows = connection.execute(_OF_PATIENT_BEFORE, asked | {"at": before[0], "id": before[1]})
    return [_card(row) for row in rows]


def lock(connection: Connection, resource_ids: Iterable[UUID | None]) -> None:
    """Take the rows of what is to be held, in the one order; until the transaction ends nobody else decides on them."""
    connection.execute(_LOCK, {"ids": [one for one in resource_ids if one]})


def busy(connection: Connection, resource_ids: Iterable[UUID | None], slot: Slot) -> list[Holding]:
    """What is taken in `slot`, also by other units of the organisation (then without an appointment)."""
    rows = connection.execute(
        _BUSY,
        {"ids": [one for one in resource_ids if one], "from_time": slot.starts_at, "to_time": slot.ends_at},
    ).all()
    return [Holding(row[0], Slot(row[1], row[2]), row[3], hold_id=row[4]) for row in rows]


def busy_in(connection: Connection, resource_ids: Iterable[UUID | None], slots: Sequence[Slot]) -> list[Holding]:
    """What is taken in any of the stretches, as `busy` tells it."""
    asked = {
        "ids": list({one for one in resource_ids if one}),
        "starts": [one.starts_at for one in slots],
        "ends": [one.ends_at for one in slots],
    }
    rows = connection.execute(_BUSY_IN, asked).all()
    return [Holding(row[0], Slot(row[1], row[2]), row[3], hold_id=row[4]) for row in rows]


def of_series(connection: Connection, series_id: UUID) -> list[Appointment]:
    """Every visit of a series, given up or not, in the order of its days."""
    return [_card(row) for row in connection.execute(_OF_SERIES, {"series": series_id})]


def of_visit(connection: Connection, visit_id: UUID) -> list[Appointment]:
    """Every service of one coming, in order of time."""
    return [_card(row) for row in connection.execute(_OF_VISIT, {"visit": visit_id})]


def lock_rows(connection: Connection, ids: Iterable[UUID]) -> None:
    """Take these appointments' rows, in the one order; after the locks of what they hold."""
    connection.execute(_LOCK_ROWS, {"ids": list(ids)})


def rewrite(connection: Connection, wanted: Sequence[tuple[Appointment, int]]) -> UUID | None:
    """Make each appointment what is given, from the version seen; the id of the first that had another one."""
    values = [{name: getattr(one, name) for name in _REWRITTEN} | {"seen_version": seen} for one, seen in wanted]
    if not values or connection.execute(_REWRITE, values).rowcount == len(values):
        return None
    present = {row[0]: row[1] for row in connection.execute(_VERSIONS, {"ids": [one.id for one, _seen in wanted]})}
    return next(one.id for one, seen in wanted if present.get(one.id) != seen + 1)


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
    connection.execute(_INSERT, _row_of(clinic_id, appointment_id, patient_id, command, service, import_id))


def insert_appointments(
    connection: Connection,
    clinic_id: UUID,
    patient_id: UUID,
    commands: Sequence[tuple[UUID, BookAppointment, Service]],
) -> None:
    """Write several bookings of a patient, in this order."""
    rows = [_row_of(clinic_id, key, patient_id, command, service, None) for key, command, service in commands]
    connection.execute(_INSERT, rows)


def _row_of(
    clinic_id: UUID,
    appointment_id: UUID,
    patient_id: UUID,
    command: BookAppointment,
    service: Service,
    import_id: UUID | None,
) -> dict[str, object]:
    return {
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
        "price": service.price_at(command.slot.starts_at),
        "note": command.note,
        "source_uid": command.source_uid or None,
        "import_id": import_id,
        "visit_id": command.visit_id,
        "series_id": command.series_id,
        "series_day": command.series_day,
    }


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


def edit(connection: Connection, before: Appointment, service: Service, note: str) -> bool:
    """Write another service or note of what was seen; False when another desk changed it first.

    While the service stays, so do the price and the buffers the visit was booked with.
    """
    values: dict[str, object] = {"note": note}
    if service.id != before.service_id:
        values |= {
            "service_id": service.id,
            "buffer_before": service.buffer_before,
            "buffer_after": service.buffer_after,
            "price": service.price_at(before.starts_at),
        }
    return _update(connection, before.id, before.version, **values)


def _update(connection: Connection, appointment_id: UUID, seen_version: int, **values: object) -> bool:
    query = update(_A).where(_A.c.id == appointment_id, _A.c.version == seen_version).values(**values)
    return connection.execute(query).rowcount == 1


def guardian_of(connection: Connection, appointment_id: UUID) -> UUID | None:
    """Who booked a visit for somebody who depends on them."""
    query = select(_A.c.guardian_id).where(_A.c.id == appointment_id)
    found: UUID | None = connection.execute(query).scalar_one_or_none()
    return found


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


def overlapping(connection: Connection, resource_id: UUID, slot: Slot) -> list[Appointment]:
    """The appointments that hold a resource at some time of `slot`."""
    asked = {"resource": resource_id, "first": slot.starts_at, "last": slot.ends_at}
    return [_card(row) for row in connection.execute(_OVERLAPPING, asked)]
