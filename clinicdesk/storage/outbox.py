"""Messages on their way out, as rows: one try after the other, and what each came to.

Rows are locked in one order by everybody who writes them: conversation, visit, message, delivery, question.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from clinicdesk.domain.message_rules import Why
from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.parcels import Refusal
from clinicdesk.domain.queue import OF_A_PERSON
from clinicdesk.domain.told import StatusTold
from clinicdesk.storage.letters import Row, as_row

_TAKEN = text(
    """
    UPDATE clinicdesk.outgoing_message
       SET state = 'sending', channel_id = :channel, conversation_id = :conversation, question_id = :question,
           subject = :subject, body = :body, price = :price, reason = '', detail = '', attempts = attempts + 1
     WHERE id = :message
    """
)
_ATTEMPT = text(
    """
    INSERT INTO clinicdesk.delivery (id, clinic_id, message_id, channel_id, recipient)
    VALUES (:attempt, :clinic, :message, :channel, :recipient)
    """
)
_ASKED = text(
    """
    INSERT INTO clinicdesk.question (id, clinic_id, kind, patient_id, appointment_id, appointment_version, allowed,
        expires_at)
    VALUES (:id, :clinic, 'confirm', :patient, :appointment, :version, :allowed, :expires)
    ON CONFLICT (appointment_id, kind) WHERE closed_at IS NULL AND kind = 'confirm'
    DO UPDATE SET appointment_version = EXCLUDED.appointment_version, asked_at = clock_timestamp(),
                  expires_at = EXCLUDED.expires_at
    RETURNING id
    """
)
_ASKED_OFFER = text(
    """
    INSERT INTO clinicdesk.question (id, clinic_id, kind, patient_id, offer_id, allowed, expires_at)
    VALUES (:id, :clinic, 'offer', :patient, :offer, :allowed, :expires) RETURNING id
    """
)
_UNDER_WAY = text(
    """
    SELECT id, started_at FROM clinicdesk.delivery
     WHERE message_id = :message AND state IN ('sending', 'unknown') ORDER BY started_at DESC LIMIT 1
    """
)
_DROPPED = text("UPDATE clinicdesk.outgoing_message SET state = :state, reason = :reason WHERE id = :message")
_PLANNED = text(
    """
    UPDATE clinicdesk.outgoing_message SET state = 'planned', planned_for = :at, reason = :reason, detail = :detail
     WHERE id = :message
    """
)
_TWIN = text(
    """
    SELECT EXISTS (SELECT 1 FROM clinicdesk.outgoing_message m JOIN clinicdesk.outgoing_message twin
                          ON twin.appointment_id = m.appointment_id AND twin.kind = m.kind AND twin.id <> m.id
                    WHERE m.id = :message AND twin.planned_for = :at)
    """
)
# --- what the try came to ---
_TRY = """
    SELECT d.id, d.state, d.verdict, d.fault, d.provider_message_id, d.recipient, d.channel_id, d.message_id,
           d.clinic_id,
           m.state AS message_state, m.kind, m.patient_id, m.conversation_id, m.body, m.template_id, m.attempts,
           m.expires_at, m.media_id, c.kind AS channel_kind, c.provider,
           v.id AS talk_id, v.window_until
      FROM clinicdesk.delivery d
      JOIN clinicdesk.outgoing_message m ON m.id = d.message_id
      JOIN clinicdesk.message_channel c ON c.id = d.channel_id
      LEFT JOIN LATERAL (
           SELECT o.id, o.window_until FROM clinicdesk.conversation o
            WHERE o.channel_id = d.channel_id
              AND (o.id = m.conversation_id OR o.phone = d.recipient OR o.identity = ltrim(d.recipient, '+'))
            ORDER BY (o.id = m.conversation_id) DESC NULLS LAST, o.last_at DESC LIMIT 1) v ON true
"""
_TRY_SEEN = text(f"{_TRY} WHERE d.id = :attempt")
_TRY_LOCKED = text(f"{_TRY} WHERE d.id = :attempt FOR NO KEY UPDATE OF m, d")
_TRY_OF_STATUS = text(
    """
    SELECT id FROM clinicdesk.delivery
     WHERE channel_id = :channel AND (id = :attempt OR provider_message_id = :provider_message)
     ORDER BY (id = :attempt) DESC NULLS LAST LIMIT 1
    """
)
_SPOKEN_TO = text(
    """
    INSERT INTO clinicdesk.conversation (id, clinic_id, channel_id, identity, phone, display_name, patient_id)
    VALUES (:id, :clinic, :channel, :identity, :phone, :name, :patient)
    ON CONFLICT (channel_id, identity) DO UPDATE SET last_at = clock_timestamp(),
        patient_id = coalesce(conversation.patient_id, EXCLUDED.patient_id),
        phone = coalesce(nullif(conversation.phone, ''), EXCLUDED.phone)
    RETURNING id
    """
)
_TALK_WITH = text(
    """
    SELECT id FROM clinicdesk.conversation
     WHERE channel_id = :channel AND (identity = :identity OR :phone <> '' AND phone = :phone)
     ORDER BY (identity = :identity) DESC, last_at DESC LIMIT 1
    """
)
# Whoever names a message and whoever tells of it take turns, so that one of the two finds what the other left.
_IN_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:channel || ' ' || :provider_message, 0))")
_EARLY = text(
    """
    INSERT INTO clinicdesk.early_status (channel_id, provider_message_id, state, clinic_id, identity, code, detail, at)
    SELECT c.id, :provider_message, :state, c.clinic_id, :identity, :code, :detail, :at
      FROM clinicdesk.message_channel c WHERE c.id = :channel
    ON CONFLICT DO NOTHING
    """
)
_WAS_EARLY = text(
    """
    DELETE FROM clinicdesk.early_status WHERE channel_id = :channel AND provider_message_id = :provider_message
    RETURNING state, at, identity, code, detail
    """
)
_NEVER_OURS = text("DELETE FROM clinicdesk.early_status WHERE received_at < :before")
_LEARNED = text(
    """
    UPDATE clinicdesk.conversation c SET identity = :identity
     WHERE id = :conversation AND identity <> :identity
       AND NOT EXISTS (SELECT 1 FROM clinicdesk.conversation o
                        WHERE o.channel_id = c.channel_id AND o.identity = :identity)
    """
)
_LAST_SAID = text(
    "UPDATE clinicdesk.conversation SET last_at = clock_timestamp(), last_words = :words WHERE id = :conversation"
)
_TRY_ENDED = text(
    """
    UPDATE clinicdesk.delivery
       SET state = :state, provider_message_id = coalesce(:provider_message, provider_message_id), verdict = :verdict,
           fault = :fault, detail = :detail, ended_at = coalesce(ended_at, clock_timestamp()),
           delivered_at = CASE WHEN :state IN ('delivered', 'read') THEN coalesce(delivered_at, :at)
                               ELSE delivered_at END,
           read_at = CASE WHEN :state = 'read' THEN coalesce(read_at, :at) ELSE read_at END
     WHERE id = :attempt
    """
)
_NAMED = text("UPDATE clinicdesk.delivery SET provider_message_id = :provider_message WHERE id = :attempt")
_STATE = text(
    """
    UPDATE clinicdesk.outgoing_message SET state = :state, reason = :reason, detail = :detail,
           conversation_id = coalesce(:conversation, conversation_id)
     WHERE id = :message
    """
)
_TALK = text("UPDATE clinicdesk.outgoing_message SET conversation_id = :conversation WHERE id = :message")
# The message is locked by now. Who holds the conversation is somebody writing to the clinic: then the window is open.
_SHUT = text(
    """
    UPDATE clinicdesk.conversation SET window_until = NULL
     WHERE id = (SELECT o.id FROM clinicdesk.conversation o WHERE o.id = :conversation FOR NO KEY UPDATE SKIP LOCKED)
    """
)
_PAUSED = text(
    """
    UPDATE clinicdesk.message_channel SET paused_at = clock_timestamp(), paused_reason = :reason
     WHERE id = :channel AND paused_at IS NULL
    """
)
_OPEN_AGAIN = text(
    """
    UPDATE clinicdesk.message_channel SET paused_at = NULL, paused_reason = ''
     WHERE id = :channel AND paused_at IS NOT NULL AND NOT starts_with(paused_reason, :person)
    """
)
_FILE_GONE = text("UPDATE clinicdesk.media SET sealed_for_sync = NULL, sync_key_id = NULL WHERE id = :media")
_STUCK = text(
    """
    SELECT m.id, d.id AS attempt_id FROM clinicdesk.outgoing_message m
      LEFT JOIN clinicdesk.delivery d ON d.message_id = m.id AND d.state = 'sending'
     WHERE m.state = 'sending' AND m.state_at < :before
     ORDER BY m.id FOR NO KEY UPDATE OF m SKIP LOCKED
    """
)


def ask(connection: Connection, question_id: UUID, letter: Row, allowed: Sequence[str]) -> UUID:
    """The open question about the visit, as it is asked now; its id."""
    values = {
        "id": question_id,
        "clinic": letter["clinic_id"],
        "patient": letter["patient_id"],
        "appointment": letter["appointment_id"],
        "version": letter["visit_version"],
        "allowed": list(allowed),
        "expires": letter["starts_at"],
    }
    found: UUID = connection.execute(_ASKED, values).scalar_one()
    return found


def ask_offer(connection: Connection, question_id: UUID, letter: Row, allowed: Sequence[str]) -> UUID:
    """The question whether a time that is offered is wanted; its id."""
    values = {
        "id": question_id,
        "clinic": letter["clinic_id"],
        "patient": letter["patient_id"],
        "offer": letter["offer_id"],
        "allowed": list(allowed),
        "expires": letter["offer_until"],
    }
    found: UUID = connection.execute(_ASKED_OFFER, values).scalar_one()
    return found


def begin_try(connection: Connection, attempt_id: UUID, message: Mapping[str, object], recipient: str) -> None:
    """Write down, before the try, that it is made. `message` holds what is said, and where."""
    connection.execute(_ATTEMPT, {**message, "attempt": attempt_id, "recipient": recipient})
    connection.execute(_TAKEN, dict(message))


def under_way(connection: Connection, message_id: UUID) -> tuple[UUID, dt.datetime] | None:
    """The try of a message that has no end yet, and since when."""
    row = connection.execute(_UNDER_WAY, {"message": message_id}).first()
    return (row[0], row[1].astimezone(dt.UTC)) if row else None


def drop(connection: Connection, message_id: UUID, state: MessageState, why: Why) -> None:
    """Send it no more: cancelled, or failed where a person has to look."""
    connection.execute(_DROPPED, {"message": message_id, "state": str(state), "reason": str(why)})


def plan_again(connection: Connection, message_id: UUID, at: dt.datetime, why: str, detail: str = "") -> bool:
    """Send it later; False when the same is to be said to the same person then already."""
    if connection.execute(_TWIN, {"message": message_id, "at": at}).scalar_one():
        return False
    connection.execute(_PLANNED, {"message": message_id, "at": at, "reason": why, "detail": detail[:500]})
    return True


def attempt(connection: Connection, attempt_id: UUID, *, locked: bool = False) -> Row | None:
    """One try, with its message; `locked` keeps both as they are."""
    statement = _TRY_LOCKED if locked else _TRY_SEEN
    return as_row(connection.execute(statement, {"attempt": attempt_id}).mappings().one_or_none())


def attempt_of(connection: Connection, channel_id: UUID, told: StatusTold) -> UUID | None:
    """The try that a status speaks of."""
    asked = {
        "channel": channel_id,
        "attempt": told.attempt_id,
        "provider_message": told.provider_message_id or None,
    }
    found: UUID | None = connection.execute(_TRY_OF_STATUS, asked).scalar_one_or_none()
    return found


def speak_to(connection: Connection, values: Mapping[str, object]) -> UUID:
    """The conversation with somebody on a channel, begun when there is none; its id."""
    found: UUID = connection.execute(_SPOKEN_TO, dict(values)).scalar_one()
    return found


def talk_with(connection: Connection, channel_id: UUID, identity: str, phone: str) -> UUID | None:
    """The conversation that is held with somebody on a channel."""
    asked = {"channel": channel_id, "identity": identity, "phone": phone}
    found: UUID | None = connection.execute(_TALK_WITH, asked).scalar_one_or_none()
    return found


def take_turn(connection: Connection, channel_id: UUID, provider_message_id: str) -> None:
    """Be alone with what the provider calls a message, until the transaction ends; before any row is locked."""
    connection.execute(_IN_TURN, {"channel": str(channel_id), "provider_message": provider_message_id})


def keep_early(connection: Connection, channel_id: UUID, told: StatusTold) -> None:
    """Keep what is told of a message that nobody here knows, or not yet."""
    values = {"channel": channel_id, "provider_message": told.provider_message_id[:400], "state": str(told.state)}
    details = {"identity": told.identity, "code": told.code, "detail": told.detail[:500], "at": told.at}
    connection.execute(_EARLY, values | details)


def take_early(connection: Connection, channel_id: UUID, provider_message_id: str) -> list[StatusTold]:
    """What was told of a message before it was known here, once."""
    asked = {"channel": channel_id, "provider_message": provider_message_id}
    return [
        StatusTold(provider_message_id, MessageState(row[0]), row[1], identity=row[2], code=row[3], detail=row[4])
        for row in connection.execute(_WAS_EARLY, asked).all()
    ]


def forget_early(connection: Connection, before: dt.datetime) -> None:
    """Forget what was told of messages that were never ours."""
    connection.execute(_NEVER_OURS, {"before": before})


def learn_identity(connection: Connection, conversation_id: UUID, identity: str) -> None:
    """Keep what the provider calls somebody, unless another conversation is held under that name."""
    connection.execute(_LEARNED, {"conversation": conversation_id, "identity": identity})


def said(connection: Connection, conversation_id: UUID, words: str) -> None:
    """The last thing said in a conversation."""
    connection.execute(_LAST_SAID, {"conversation": conversation_id, "words": words[:200]})


def shut_window(connection: Connection, conversation_id: UUID) -> None:
    """Free text may not be sent there now, whatever was thought."""
    connection.execute(_SHUT, {"conversation": conversation_id})


def end_try(
    connection: Connection,
    attempt_id: UUID,
    state: MessageState,
    *,
    provider_message_id: str = "",
    at: dt.datetime | None = None,
    refusal: Refusal | None = None,
) -> None:
    """What a try came to."""
    values = {
        "attempt": attempt_id,
        "state": str(state),
        "provider_message": provider_message_id or None,
        "at": at,
        "verdict": str(refusal.verdict) if refusal else "",
        "fault": refusal.fault if refusal else "",
        "detail": f"{refusal.code} {refusal.detail}".strip()[:500] if refusal else "",
    }
    connection.execute(_TRY_ENDED, values)


def name_try(connection: Connection, attempt_id: UUID, provider_message_id: str) -> None:
    """What the provider calls a try whose end was told before its beginning was."""
    connection.execute(_NAMED, {"attempt": attempt_id, "provider_message": provider_message_id})


def set_state(
    connection: Connection,
    message_id: UUID,
    state: MessageState,
    why: str = "",
    detail: str = "",
    conversation_id: UUID | None = None,
) -> None:
    """Where a message stands now."""
    values = {"message": message_id, "state": str(state), "reason": why, "detail": detail[:500]}
    connection.execute(_STATE, values | {"conversation": conversation_id})


def set_conversation(connection: Connection, message_id: UUID, conversation_id: UUID) -> None:
    """In which conversation a message was said."""
    connection.execute(_TALK, {"message": message_id, "conversation": conversation_id})


def pause(connection: Connection, channel_id: UUID, reason: str) -> None:
    """Let nothing more go by a channel until somebody looked."""
    connection.execute(_PAUSED, {"channel": channel_id, "reason": reason or "refused"})


def open_again(connection: Connection, channel_id: UUID) -> None:
    """Let messages go by a channel again that was paused for what its provider said, and by nobody."""
    connection.execute(_OPEN_AGAIN, {"channel": channel_id, "person": OF_A_PERSON})


def forget_file(connection: Connection, media_id: UUID) -> None:
    """The copy made for sending is not needed any more."""
    connection.execute(_FILE_GONE, {"media": media_id})


def stuck(connection: Connection, before: dt.datetime) -> list[tuple[UUID, UUID | None]]:
    """Messages handed over before a moment of which nothing was heard, each with its try; locked."""
    return [(row[0], row[1]) for row in connection.execute(_STUCK, {"before": before}).all()]


def requeue(connection: Connection) -> int:
    """Put the jobs of planned messages back that were lost; how many."""
    found: int = connection.execute(text("SELECT clinicdesk.requeue_messages()")).scalar_one()
    return found
