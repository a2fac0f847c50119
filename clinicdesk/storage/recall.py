"""Recalls and the attempts at them as rows."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, text, update

from clinicdesk.domain.agenda import Channel
from clinicdesk.domain.recall import AddRecall, Attempt, NoteAttempt, Outcome, Recall, RecallState
from clinicdesk.storage import tables as t

# In the order of the fields of Recall.
_RECALL = """
    SELECT r.id, r.version, r.patient_id, coalesce(nullif(p.social_name, ''), p.full_name), p.phone, p.birth_date,
           r.service_id, coalesce(s.name, ''), r.professional_id, coalesce(f.name, ''), r.due_month, r.reason, r.state,
           r.appointment_id, a.starts_at, coalesce(tried.count, 0), tried.outcome, tried.at,
           (SELECT max(v.starts_at) FROM clinicdesk.appointment v
             WHERE v.patient_id = r.patient_id AND v.status = 'completed')
      FROM clinicdesk.recall r
      JOIN clinicdesk.patient p ON p.id = r.patient_id
      LEFT JOIN clinicdesk.service s ON s.id = r.service_id
      LEFT JOIN clinicdesk.professional f ON f.id = r.professional_id
      LEFT JOIN clinicdesk.appointment a ON a.id = r.appointment_id
      LEFT JOIN LATERAL (
          SELECT count(*) OVER () AS count, t.outcome, t.created_at AS at
            FROM clinicdesk.recall_attempt t WHERE t.recall_id = r.id
           ORDER BY t.created_at DESC, t.id DESC LIMIT 1) tried ON true
"""
_ONE = text(f"{_RECALL} WHERE r.id = :id")
_WORKLIST = text(
    f"""
    {_RECALL} WHERE r.clinic_id = :clinic AND r.state = :state AND r.due_month <= :until
              ORDER BY r.due_month, r.id LIMIT :most
    """
)
_OF_PATIENT = text(f"{_RECALL} WHERE r.patient_id = :patient ORDER BY r.due_month DESC, r.id DESC")
_ATTEMPTS_AT_PATIENT = text(
    """
    SELECT t.id, t.outcome, t.channel, t.note, t.created_at, coalesce(p.name, '')
      FROM clinicdesk.recall r
      JOIN clinicdesk.recall_attempt t ON t.clinic_id = r.clinic_id AND t.recall_id = r.id
      LEFT JOIN clinicdesk.person p ON p.id = t.created_by
     WHERE r.patient_id = :patient ORDER BY t.created_at DESC, t.id DESC
    """
)
_ATTEMPTS = text(
    """
    SELECT t.id, t.outcome, t.channel, t.note, t.created_at, coalesce(p.name, '')
      FROM clinicdesk.recall_attempt t LEFT JOIN clinicdesk.person p ON p.id = t.created_by
     WHERE t.recall_id = :recall ORDER BY t.created_at DESC, t.id DESC
    """
)
_LAST_CHANGE = text(
    """
    SELECT r.version, coalesce(p.name, ''), r.updated_at
      FROM clinicdesk.recall r LEFT JOIN clinicdesk.person p ON p.id = r.updated_by WHERE r.id = :id
    """
)


def _recall(row: Sequence[Any]) -> Recall:
    values = list(row)
    values[12] = RecallState(values[12])
    values[16] = Outcome(values[16]) if values[16] else None
    return Recall(*values)


def recall(connection: Connection, recall_id: UUID) -> Recall | None:
    """One recall; None when it is not there or not this person's to see."""
    row = connection.execute(_ONE, {"id": recall_id}).one_or_none()
    return _recall(row) if row else None


def worklist(
    connection: Connection, clinic_id: UUID, state: RecallState, until: dt.date, limit: int = 500
) -> list[Recall]:
    """A clinic's recalls in a state that are due by a month, the longest due first."""
    asked = {"clinic": clinic_id, "state": state, "until": until, "most": limit}
    return [_recall(row) for row in connection.execute(_WORKLIST, asked)]


def attempts(connection: Connection, recall_id: UUID) -> list[Attempt]:
    """What was tried, the latest first."""
    rows = connection.execute(_ATTEMPTS, {"recall": recall_id})
    return [Attempt(row[0], Outcome(row[1]), Channel(row[2]), row[3], row[4], row[5]) for row in rows]


def of_patient(connection: Connection, patient_id: UUID) -> list[Recall]:
    """What one patient ought or ought to have come again for, in the clinics this person sees; the latest due first."""
    return [_recall(row) for row in connection.execute(_OF_PATIENT, {"patient": patient_id})]


def attempts_at_patient(connection: Connection, patient_id: UUID) -> list[Attempt]:
    """What was tried to reach one patient, the latest first."""
    rows = connection.execute(_ATTEMPTS_AT_PATIENT, {"patient": patient_id})
    return [Attempt(row[0], Outcome(row[1]), Channel(row[2]), row[3], row[4], row[5]) for row in rows]


def insert_recall(
    connection: Connection, clinic_id: UUID, recall_id: UUID, command: AddRecall, month: dt.date, reason: str
) -> None:
    """Write a recall."""
    connection.execute(
        insert(t.recall),
        {
            "id": recall_id,
            "clinic_id": clinic_id,
            "patient_id": command.patient_id,
            "service_id": command.service_id,
            "professional_id": command.professional_id,
            "due_month": month,
            "reason": reason,
        },
    )


def insert_attempt(connection: Connection, clinic_id: UUID, attempt_id: UUID, command: NoteAttempt, note: str) -> None:
    """Write down an attempt."""
    connection.execute(
        insert(t.recall_attempt),
        {
            "id": attempt_id,
            "clinic_id": clinic_id,
            "recall_id": command.recall_id,
            "channel": command.channel,
            "outcome": command.outcome,
            "note": note,
        },
    )


def remove_attempt(connection: Connection, attempt_id: UUID) -> bool:
    """Take an attempt back; False when it is not there or somebody else's."""
    found = connection.execute(delete(t.recall_attempt).where(t.recall_attempt.c.id == attempt_id))
    return found.rowcount == 1


def change(connection: Connection, recall_id: UUID, seen_version: int, due_month: dt.date, state: RecallState) -> bool:
    """Write month and state of the version that was seen; False when another desk changed it first."""
    r = t.recall.c
    query = update(t.recall).where(r.id == recall_id, r.version == seen_version)
    kept = {} if state is RecallState.BOOKED else {"appointment_id": None}
    return connection.execute(query.values(due_month=due_month, state=state, **kept)).rowcount == 1


def last_change(connection: Connection, recall_id: UUID) -> tuple[int, str, dt.datetime] | None:
    """The current version of a recall, who made it and when."""
    row = connection.execute(_LAST_CHANGE, {"id": recall_id}).one_or_none()
    return (row[0], row[1], row[2]) if row else None
