"""Replies that wait for a person, as rows."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from clinicdesk.domain.received import Outcome

_WAITING = """
    SELECT m.id, m.version, m.conversation_id, m.received_at, m.kind, m.body,
           coalesce(nullif(p.social_name, ''), p.full_name, nullif(c.display_name, ''), nullif(c.phone, ''),
                    c.identity), c.phone, p.id, q.id, q.kind, q.asked_at, q.appointment_id, m.proposal, h.kind
      FROM clinicdesk.incoming_message m
      JOIN clinicdesk.conversation c ON c.id = m.conversation_id
      JOIN clinicdesk.message_channel h ON h.id = m.channel_id
      LEFT JOIN clinicdesk.question q ON q.id = m.question_id
      LEFT JOIN clinicdesk.patient p ON p.id = coalesce(q.patient_id, c.patient_id)
     WHERE m.clinic_id = :clinic AND m.outcome = 'unclear' AND m.handled_at IS NULL
"""
_ALL = text(f"{_WAITING} ORDER BY m.received_at, m.id LIMIT :most")
_ONE = text(f"{_WAITING} AND m.id = :id")
# Whoever writes at this moment holds the conversation first, and the visit after it.
_TALK_LOCKED = text(
    """
    SELECT 1 FROM clinicdesk.conversation
     WHERE id = (SELECT conversation_id FROM clinicdesk.incoming_message WHERE id = :id) FOR NO KEY UPDATE
    """
)
_LOCKED = text("SELECT version, question_id FROM clinicdesk.incoming_message WHERE id = :id FOR NO KEY UPDATE")
_HANDLED = text(
    """
    UPDATE clinicdesk.incoming_message
       SET outcome = :outcome, handled_by = :person, handled_at = CASE WHEN :waits THEN NULL ELSE clock_timestamp() END
     WHERE id = :id RETURNING version
    """
)
_SETTLE = text(
    """
    UPDATE clinicdesk.question SET answer = :answer, closed_at = clock_timestamp(), closed_reason = 'read'
     WHERE id = :id AND closed_at IS NULL
    """
)
_REOPEN = text(
    """
    UPDATE clinicdesk.question SET answer = '', closed_at = NULL, closed_reason = ''
     WHERE id = :id AND closed_reason = 'read'
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.question other
                        WHERE other.appointment_id = question.appointment_id AND other.closed_at IS NULL)
    """
)
_PROPOSE = text(
    """
    UPDATE clinicdesk.incoming_message SET proposal = CAST(:proposal AS jsonb)
     WHERE id = :id AND clinic_id = :clinic AND outcome = 'unclear' AND handled_at IS NULL
    """
)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One reply that waits, before its visit is read."""

    id: UUID
    version: int
    conversation_id: UUID
    at: dt.datetime
    kind: str
    body: str
    name: str
    phone: str
    patient_id: UUID | None
    question_id: UUID | None
    question_kind: str | None
    asked_at: dt.datetime | None
    appointment_id: UUID | None
    proposal: dict[str, Any] | None
    channel: str


def waiting(connection: Connection, clinic_id: UUID, limit: int) -> list[WaitingRow]:
    """The replies that wait, the oldest first."""
    return [WaitingRow(*row) for row in connection.execute(_ALL, {"clinic": clinic_id, "most": limit})]


def one_waiting(connection: Connection, clinic_id: UUID, message_id: UUID) -> WaitingRow | None:
    """A reply, if it waits still."""
    row = connection.execute(_ONE, {"clinic": clinic_id, "id": message_id}).one_or_none()
    return WaitingRow(*row) if row else None


def locked(connection: Connection, message_id: UUID) -> tuple[int, UUID | None] | None:
    """The version of a reply and its question; nobody else decides about it until the transaction ends."""
    connection.execute(_TALK_LOCKED, {"id": message_id})
    row = connection.execute(_LOCKED, {"id": message_id}).one_or_none()
    return (row[0], row[1]) if row else None


def set_handled(connection: Connection, message_id: UUID, outcome: Outcome, person_id: UUID | None) -> int:
    """What somebody made of it, or that it waits again for whoever comes; its version."""
    values = {"id": message_id, "outcome": outcome, "person": person_id, "waits": person_id is None}
    found: int = connection.execute(_HANDLED, values).scalar_one()
    return found


def keep_proposal(connection: Connection, clinic_id: UUID, message_id: UUID, proposal: dict[str, object]) -> bool:
    """Leave what an interpreter made of a reply beside it; False when nobody waits for it any more."""
    values = {"id": message_id, "clinic": clinic_id, "proposal": json.dumps(proposal)}
    return connection.execute(_PROPOSE, values).rowcount == 1


def settle_question(connection: Connection, question_id: UUID, answer: str) -> None:
    """Wait for no answer any more: somebody read it."""
    connection.execute(_SETTLE, {"id": question_id, "answer": answer})


def reopen_question(connection: Connection, question_id: UUID) -> None:
    """Wait for an answer again, unless the visit was asked about anew."""
    connection.execute(_REOPEN, {"id": question_id})


def ids_of(rows: Sequence[WaitingRow]) -> list[UUID]:
    """The visits the replies are about."""
    return [one.appointment_id for one in rows if one.appointment_id is not None]
