"""What patients write, as rows: the conversation it belongs to, the questions it may answer, and what it did.

Rows are locked in the order that all who send and receive keep: conversation, visit, question.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.messages import ChannelKind
from clinicdesk.domain.received import Outcome, Question
from clinicdesk.domain.replies import Answer, QuestionKind
from clinicdesk.domain.told import Written

_CHANNEL = text(
    """
    SELECT c.clinic_id, c.kind, c.provider, i.zone FROM clinicdesk.message_channel c
      JOIN clinicdesk.clinic i ON i.id = c.clinic_id WHERE c.id = :channel
    """
)
_TOLD_BEFORE = text(
    """
    SELECT id, conversation_id, outcome, kind, question_id FROM clinicdesk.incoming_message
     WHERE channel_id = :channel AND provider_message_id = :message
    """
)
_TALK = "SELECT id, identity, phone, patient_id, owner, opted_out_at FROM clinicdesk.conversation"
_BY_IDENTITY = text(f"{_TALK} WHERE channel_id = :channel AND identity = :identity FOR NO KEY UPDATE")
_BY_PHONE = text(
    f"{_TALK} WHERE channel_id = :channel AND phone = ANY (:phones) ORDER BY last_at DESC, id LIMIT 1 FOR NO KEY UPDATE"
)
_BEGIN = text(
    """
    INSERT INTO clinicdesk.conversation (id, clinic_id, channel_id, identity, phone, display_name, patient_id)
    VALUES (:id, :clinic, :channel, :identity, :phone, :name, :patient)
    ON CONFLICT (channel_id, identity) DO UPDATE SET identity = EXCLUDED.identity
    RETURNING id, identity, phone, patient_id, owner, opted_out_at
    """
)
_HEARD = text(
    """
    UPDATE clinicdesk.conversation
       SET identity = :identity, phone = coalesce(nullif(:phone, ''), phone),
           display_name = coalesce(nullif(:name, ''), display_name), patient_id = coalesce(patient_id, :patient),
           window_until = greatest(window_until, :until), unread = unread + :counts, last_at = clock_timestamp(),
           last_words = CASE WHEN :counts > 0 THEN :words ELSE last_words END, closed_at = NULL
     WHERE id = :id
    """
)
_PEOPLE = text(
    """
    WITH own AS (
        SELECT p.id FROM clinicdesk.patient p
         WHERE p.merged_into IS NULL AND (p.phone = ANY (:phones)
               -- A number may be somebody else's by now: who has another one in the register does not write from it.
               OR p.id = :linked AND (p.phone = '' OR CAST(:phones AS text[]) = '{}')))
    SELECT p.id, coalesce(nullif(p.social_name, ''), p.full_name), p.id IN (SELECT id FROM own)
      FROM clinicdesk.patient p
     WHERE p.merged_into IS NULL AND (p.id IN (SELECT id FROM own)
           OR p.guardian_id IN (SELECT id FROM own) AND (p.phone = '' OR p.phone = ANY (:phones)))
     ORDER BY 3 DESC, p.id
    """
)
_INSERT = text(
    """
    INSERT INTO clinicdesk.incoming_message (id, clinic_id, channel_id, conversation_id, provider_message_id, kind,
        body, payload, quoted_id, sent_at, media_id)
    VALUES (:id, :clinic, :channel, :conversation, :message, :kind, :body, :payload, :quoted, :sent_at, :media)
    """
)
_OUTCOME = text(
    """
    UPDATE clinicdesk.incoming_message SET outcome = :outcome, question_id = :question, choices = :choices
     WHERE id = :id
    """
)
# The visit as it is and as it was asked about; for an offer, the time that is offered.
_QUESTION = """
    SELECT q.id, q.kind, q.patient_id, coalesce(nullif(p.social_name, ''), p.full_name), q.allowed, q.asked_at,
           q.expires_at, q.answer, q.closed_at, q.appointment_id, coalesce(a.version, 0), a.status,
           coalesce(a.starts_at, o.starts_at), v.starts_at, a.professional_id, v.professional_id, coalesce(f.name, ''),
           a.visit_id, q.offer_id,
           coalesce((SELECT t.provider_language FROM clinicdesk.outgoing_message m
                       JOIN clinicdesk.message_template t ON t.id = m.template_id
                      WHERE m.question_id = q.id ORDER BY m.created_at DESC LIMIT 1), 'pt_BR')
      FROM clinicdesk.question q
      JOIN clinicdesk.patient p ON p.id = q.patient_id
      LEFT JOIN clinicdesk.appointment a ON a.id = q.appointment_id
      LEFT JOIN clinicdesk.appointment_version v
             ON v.appointment_id = q.appointment_id AND v.version = q.appointment_version
      LEFT JOIN clinicdesk.waiting_offer o ON o.id = q.offer_id
      LEFT JOIN clinicdesk.professional f ON f.id = coalesce(a.professional_id, o.professional_id)
"""
_QUESTIONS = text(
    f"""
    {_QUESTION}
     WHERE q.clinic_id = :clinic
       AND (q.closed_at IS NULL OR q.closed_at > clock_timestamp() - CAST(:within AS interval))
       AND (q.patient_id = ANY (:people)
            OR EXISTS (SELECT 1 FROM clinicdesk.outgoing_message m
                        WHERE m.question_id = q.id AND m.conversation_id = :conversation))
     ORDER BY q.asked_at DESC, q.id
    """
)
_SOME = text(f"{_QUESTION} WHERE q.id = ANY (:ids) ORDER BY q.id FOR NO KEY UPDATE OF q")
_SPOKEN_OF = text(
    """
    SELECT m.question_id, m.visit_at
      FROM clinicdesk.delivery d JOIN clinicdesk.outgoing_message m ON m.id = d.message_id
     WHERE d.channel_id = :channel AND d.provider_message_id = :message
    """
)
_LISTED = text(
    """
    SELECT body, choices, outcome, received_at > clock_timestamp() - CAST(:within AS interval)
      FROM clinicdesk.incoming_message
     WHERE conversation_id = :conversation AND id <> :but AND kind IN ('text', 'button')
     ORDER BY received_at DESC, id DESC LIMIT 1
    """
)
_PERSON_SPOKE = text(
    """
    SELECT EXISTS (SELECT 1 FROM clinicdesk.outgoing_message
                    WHERE conversation_id = :conversation AND kind = 'person' AND created_at > :since)
    """
)
_ANSWERED_LATELY = text(
    """
    SELECT count(*) FROM clinicdesk.outgoing_message
     WHERE conversation_id = :conversation AND kind = 'answer' AND created_at > clock_timestamp() - interval '1 hour'
    """
)
_CLOSE = text(
    """
    UPDATE clinicdesk.question SET answer = :answer, closed_at = clock_timestamp(), closed_reason = :reason
     WHERE id = :id
    """
)
_ASK_ANEW = text(
    """
    UPDATE clinicdesk.question SET appointment_version = :version, asked_at = clock_timestamp(), expires_at = :expires
     WHERE id = :id AND closed_at IS NULL
    """
)
_EVENT = text(
    """
    INSERT INTO clinicdesk.conversation_event (id, clinic_id, conversation_id, kind, appointment_id, words)
    VALUES (:id, :clinic, :conversation, :kind, :appointment, :words)
    """
)
_ANSWER = text(
    """
    INSERT INTO clinicdesk.outgoing_message (id, clinic_id, kind, patient_id, appointment_id, conversation_id,
        question_id, channel_id, body, quoted_id, planned_for, expires_at)
    VALUES (:id, :clinic, 'answer', :patient, NULL, :conversation, :question, :channel, :body, :quoted,
            clock_timestamp(), clock_timestamp() + interval '12 hours')
    """
)
_OPT = text(
    """
    UPDATE clinicdesk.conversation SET opted_out_at = CASE WHEN :out THEN coalesce(opted_out_at, clock_timestamp()) END
     WHERE id = :id
    """
)


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """The channel something was written on, and the clinic's zone."""

    clinic_id: UUID
    kind: ChannelKind
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation whose row is locked."""

    id: UUID
    identity: str
    phone: str
    patient_id: UUID | None
    owner: str
    opted_out_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a message may speak of; `own` for whose phone it is, not for whoever depends on them."""

    id: UUID
    name: str
    own: bool


def channel(connection: Connection, channel_id: UUID) -> ChannelFacts | None:
    """The channel, if it is there."""
    row = connection.execute(_CHANNEL, {"channel": channel_id}).one_or_none()
    return ChannelFacts(row[0], ChannelKind(row[1]), ZoneInfo(row[3])) if row else None


def told_before(connection: Connection, channel_id: UUID, provider_message_id: str) -> Any | None:
    """The message that the provider told under this id: its id, conversation, outcome, kind and question."""
    asked = {"channel": channel_id, "message": provider_message_id}
    return connection.execute(_TOLD_BEFORE, asked).one_or_none()


def conversation(
    connection: Connection, new_id: UUID, clinic_id: UUID, channel_id: UUID, written: Written, phones: Sequence[str]
) -> Talk:
    """The conversation with whoever wrote, locked: by the provider's name for them, else by the phone."""
    asked = {"channel": channel_id, "identity": written.identity, "phones": list(phones)}
    row = connection.execute(_BY_IDENTITY, asked).one_or_none()
    if row is None and phones:
        row = connection.execute(_BY_PHONE, asked).one_or_none()
    if row is None:
        values = asked | {"id": new_id, "clinic": clinic_id, "phone": "", "name": "", "patient": None}
        row = connection.execute(_BEGIN, values).one()
    return Talk(*row)


def heard(
    connection: Connection,
    talk: Talk,
    written: Written,
    phone: str,
    patient_id: UUID | None,
    until: dt.datetime | None,
    counts: bool,
) -> None:
    """Note in the conversation that they wrote: under which name, what, and until when free text may be sent."""
    values = {
        "id": talk.id,
        "identity": written.identity,
        "phone": phone,
        "name": written.display_name[:200],
        "patient": patient_id,
        "until": until,
        "counts": int(counts),
        "words": written.body[:200],
    }
    connection.execute(_HEARD, values)


def people(connection: Connection, phones: Sequence[str], linked: UUID | None) -> list[Person]:
    """The patients of a phone and those who depend on them; and whom a person linked to the conversation."""
    found = connection.execute(_PEOPLE, {"phones": list(phones), "linked": linked})
    return [Person(*row) for row in found]


def insert_message(
    connection: Connection,
    message_id: UUID,
    clinic_id: UUID,
    channel_id: UUID,
    talk: Talk,
    told_as: str,
    told: Written,
    media_id: UUID | None = None,
) -> None:
    """Keep what was written, before anybody has looked at it."""
    values = {
        "id": message_id,
        "clinic": clinic_id,
        "channel": channel_id,
        "conversation": talk.id,
        "message": told_as,
        "kind": told.kind,
        "body": told.body,
        "payload": told.payload[:1000],
        "quoted": told.quoted_id,
        "sent_at": told.sent_at,
        "media": media_id,
    }
    connection.execute(_INSERT, values)


def set_outcome(
    connection: Connection,
    message_id: UUID,
    outcome: Outcome,
    question_id: UUID | None,
    choices: Sequence[UUID] = (),
) -> None:
    """What a message did, to which question; of a list that was sent, the questions on it."""
    values = {"id": message_id, "outcome": outcome, "question": question_id, "choices": list(choices)}
    connection.execute(_OUTCOME, values)


def questions(
    connection: Connection, clinic_id: UUID, people_ids: Sequence[UUID], conversation_id: UUID, within: dt.timedelta
) -> list[Question]:
    """What these people were asked, or somebody was in this conversation; of the closed ones, the last."""
    asked = {"clinic": clinic_id, "people": list(people_ids), "conversation": conversation_id, "within": within}
    return [_question(row) for row in connection.execute(_QUESTIONS, asked)]


def locked(connection: Connection, question_ids: Sequence[UUID]) -> list[Question]:
    """The questions as they stand now, and nobody else's until the transaction ends; in the order given."""
    found = {row[0]: _question(row) for row in connection.execute(_SOME, {"ids": list(question_ids)})}
    return [found[one] for one in question_ids if one in found]


def _question(row: Any) -> Question:
    return Question(
        id=row[0],
        kind=QuestionKind(row[1]),
        patient_id=row[2],
        patient_name=row[3],
        allowed=tuple(Answer(one) for one in row[4] if one in set(Answer)),
        asked_at=row[5],
        expires_at=row[6],
        answer=row[7],
        closed_at=row[8],
        appointment_id=row[9],
        version=row[10],
        status=Status(row[11]) if row[11] else None,
        starts_at=row[12],
        asked_starts_at=row[13],
        professional_id=row[14],
        asked_professional_id=row[15],
        professional_name=row[16],
        visit_id=row[17],
        offer_id=row[18],
        language=row[19],
    )


def question_of(
    connection: Connection, channel_id: UUID, provider_message_id: str
) -> tuple[UUID | None, dt.datetime | None]:
    """The question that a message of ours asked, by its name at the provider, and when the visit was by its words."""
    asked = {"channel": channel_id, "message": provider_message_id}
    row = connection.execute(_SPOKEN_OF, asked).one_or_none()
    return (row[0], row[1]) if row else (None, None)


def list_before(
    connection: Connection, conversation_id: UUID, message_id: UUID, within: dt.timedelta
) -> tuple[str, tuple[UUID, ...]] | None:
    """The words after which visits were listed, and the questions in their order, if they wrote nothing since."""
    asked = {"conversation": conversation_id, "but": message_id, "within": within}
    row = connection.execute(_LISTED, asked).one_or_none()
    if row is None or row[2] != Outcome.ASKED_WHICH or not row[3]:
        return None
    return row[0], tuple(row[1])


def person_spoke(connection: Connection, conversation_id: UUID, since: dt.datetime) -> bool:
    """Whether somebody of the clinic wrote in the conversation since then."""
    asked = {"conversation": conversation_id, "since": since}
    return bool(connection.execute(_PERSON_SPOKE, asked).scalar_one())


def answered_lately(connection: Connection, conversation_id: UUID) -> int:
    """How often the robot answered there within an hour."""
    found: int = connection.execute(_ANSWERED_LATELY, {"conversation": conversation_id}).scalar_one()
    return found


def close_question(connection: Connection, question_id: UUID, answer: str, reason: str = "answered") -> None:
    """Wait for no answer any more."""
    connection.execute(_CLOSE, {"id": question_id, "answer": answer, "reason": reason})


def ask_anew(connection: Connection, question: Question) -> None:
    """Ask about the visit as it stands now."""
    values = {"id": question.id, "version": question.version, "expires": question.starts_at}
    connection.execute(_ASK_ANEW, values)


def insert_event(
    connection: Connection,
    event_id: UUID,
    clinic_id: UUID,
    conversation_id: UUID,
    kind: str,
    appointment_id: UUID | None = None,
) -> None:
    """What an answer did, among the messages."""
    values = {"id": event_id, "clinic": clinic_id, "conversation": conversation_id, "kind": kind, "words": ""}
    connection.execute(_EVENT, values | {"appointment": appointment_id})


def insert_answer(
    connection: Connection,
    answer_id: UUID,
    clinic_id: UUID,
    channel_id: UUID,
    talk: Talk,
    question: Question | None,
    body: str,
    quoted_id: str,
) -> None:
    """What the robot answers, to be sent at once."""
    values = {
        "id": answer_id,
        "clinic": clinic_id,
        "channel": channel_id,
        "conversation": talk.id,
        "patient": question.patient_id if question else talk.patient_id,
        "question": question.id if question else None,
        "body": body,
        "quoted": quoted_id,
    }
    connection.execute(_ANSWER, values)


def opt(connection: Connection, conversation_id: UUID, *, out: bool) -> None:
    """Write to them no more, or again."""
    connection.execute(_OPT, {"id": conversation_id, "out": out})
