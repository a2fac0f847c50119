"""Calls to the screen as rows: written one by one, read as the last one of each visit."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

_INSERT = text(
    """
    INSERT INTO clinicdesk.patient_call (id, clinic_id, appointment_id, place)
    VALUES (:id, :clinic, :appointment, :place)
    """
)
_CALLED = text(
    """
    SELECT last.id, last.appointment_id, a.patient_id, coalesce(nullif(p.social_name, ''), p.full_name), a.starts_at,
           last.place, last.called_at, last.times
      FROM (SELECT DISTINCT ON (appointment_id) id, appointment_id, place, called_at,
                   count(*) OVER (PARTITION BY appointment_id) AS times
              FROM clinicdesk.patient_call WHERE clinic_id = :clinic AND called_at >= :since
             ORDER BY appointment_id, called_at DESC, id DESC) last
      JOIN clinicdesk.appointment a ON a.id = last.appointment_id
      JOIN clinicdesk.patient p ON p.id = a.patient_id
     ORDER BY last.called_at DESC, last.id DESC
    """
)
_PRESENT = text(
    """
    SELECT a.patient_id, coalesce(nullif(p.social_name, ''), p.full_name), a.starts_at
      FROM clinicdesk.appointment a JOIN clinicdesk.patient p ON p.id = a.patient_id
     WHERE a.clinic_id = :clinic AND a.starts_at >= :since AND a.starts_at < :until
       AND a.status IN ('checked_in', 'in_progress')
    """
)
_ZONE = text("SELECT zone FROM clinicdesk.clinic WHERE id = :clinic")


def insert(connection: Connection, call_id: UUID, clinic_id: UUID, appointment_id: UUID, place: str) -> None:
    """Write a call; every desk is told by trigger."""
    connection.execute(_INSERT, {"id": call_id, "clinic": clinic_id, "appointment": appointment_id, "place": place})


def called(connection: Connection, clinic_id: UUID, since: dt.datetime) -> list[Sequence[Any]]:
    """The last call of each visit since then, newest first: id, visit, patient, name, start, place, when, how often."""
    return list(connection.execute(_CALLED, {"clinic": clinic_id, "since": since}))


def present(
    connection: Connection, clinic_id: UUID, since: dt.datetime, until: dt.datetime
) -> list[tuple[UUID, str, dt.datetime]]:
    """Who is in the clinic, of the visits that begin in that time: patient, name, start."""
    rows = connection.execute(_PRESENT, {"clinic": clinic_id, "since": since, "until": until})
    return [(row[0], row[1], row[2]) for row in rows]


def zone(connection: Connection, clinic_id: UUID) -> str:
    """The clinic's time zone."""
    found: str = connection.execute(_ZONE, {"clinic": clinic_id}).scalar_one()
    return found
