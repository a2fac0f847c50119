"""A message with all that decides about it, as one row, and how far the clinic's channels lead to whom it is for."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, text

Row = Mapping[str, Any]  # by the names of the columns

_VISIT_LOCKED = text(
    """
    SELECT 1 FROM clinicdesk.appointment
     WHERE id = (SELECT m.appointment_id FROM clinicdesk.outgoing_message m WHERE m.id = :message) FOR SHARE
    """
)
# Whom it is for: the patient; their guardian where the rule says so, or where the patient has no address of their own.
_LETTER = """
    SELECT m.id, m.clinic_id, m.kind, m.rule_id, m.template_id, m.patient_id, m.appointment_id, m.conversation_id,
           m.question_id, m.media_id, m.channel_id, m.recipient, m.subject, m.body, m.quoted_id, m.visit_at,
           m.planned_for, m.expires_at, m.state, m.reason, m.attempts, m.price,
           a.status, coalesce(a.starts_at, o.starts_at) AS starts_at, a.version AS visit_version,
           f.name AS professional, m.offer_id, o.expires_at AS offer_until,
           r.asks, r.active AS rule_active, r.channels, t.active AS template_active, t.purpose,
           t.subject AS template_subject, t.body AS template_body, t.provider_name, t.provider_language,
           t.provider_variables,
           coalesce(s.active, false) AS messages_on, coalesce(s.quiet_from, '21:00') AS quiet_from,
           coalesce(s.quiet_to, '08:00') AS quiet_to, coalesce(s.on_sundays, false) AS on_sundays,
           c.name AS clinic, c.zone, c.address, c.phone AS clinic_phone,
           coalesce(nullif(p.social_name, ''), p.full_name, '') AS patient_name, p.merged_into,
           to_them.id AS addressee_id, coalesce(to_them.phone, '') AS phone, coalesce(to_them.email, '') AS email,
           coalesce(nullif(to_them.social_name, ''), to_them.full_name, '') AS addressee_name,
           v.identity, v.phone AS conversation_phone, v.owner, v.window_until,
           v.opted_out_at IS NOT NULL AS talk_stopped,
           v.channel_id AS conversation_channel_id,
           o.state AS offer_state, k.code, said.read_as,
           q.allowed AS question_allowed, q.closed_at AS question_closed_at,
           EXISTS (SELECT 1 FROM clinicdesk.outgoing_message other
                     JOIN clinicdesk.appointment beside ON beside.id = other.appointment_id
                    WHERE beside.visit_id = a.visit_id AND beside.id <> a.id AND other.kind = m.kind
                      AND (beside.starts_at, beside.id) < (a.starts_at, a.id)
                      AND other.state NOT IN ('cancelled', 'failed')
                      AND CASE WHEN m.kind IN ('reminder', 'check_in') THEN
                              other.rule_id = m.rule_id AND (beside.starts_at AT TIME ZONE c.zone)::date
                                                            = (a.starts_at AT TIME ZONE c.zone)::date
                          ELSE other.created_at = m.created_at END) AS led_by_another
      FROM clinicdesk.outgoing_message m
      JOIN clinicdesk.clinic c ON c.id = m.clinic_id
      LEFT JOIN clinicdesk.messaging_policy s ON s.clinic_id = m.clinic_id
      LEFT JOIN clinicdesk.appointment a ON a.id = m.appointment_id
      LEFT JOIN clinicdesk.waiting_offer o ON o.id = m.offer_id
      LEFT JOIN clinicdesk.professional f ON f.id = coalesce(a.professional_id, o.professional_id)
      LEFT JOIN clinicdesk.check_in_pass k ON k.appointment_id = a.id
      LEFT JOIN clinicdesk.message_rule r ON r.id = m.rule_id
      LEFT JOIN clinicdesk.message_template t ON t.id = m.template_id
      LEFT JOIN clinicdesk.patient p ON p.id = m.patient_id
      LEFT JOIN clinicdesk.patient to_them ON to_them.id = CASE
           WHEN p.guardian_id IS NOT NULL AND (r.recipient = 'guardian' OR p.phone = '' AND p.email = '')
           THEN p.guardian_id ELSE p.id END
      LEFT JOIN clinicdesk.conversation v ON v.id = m.conversation_id
      LEFT JOIN clinicdesk.question q ON q.id = m.question_id
      LEFT JOIN LATERAL (
           SELECT w.outcome AS read_as FROM clinicdesk.incoming_message w
            WHERE m.kind = 'answer' AND m.appointment_id IS NOT NULL
              AND w.conversation_id = m.conversation_id AND w.question_id = m.question_id AND w.handled_by IS NOT NULL
            ORDER BY w.handled_at DESC LIMIT 1) said ON true
"""
_ONE = text(f"{_LETTER} WHERE m.id = :message FOR NO KEY UPDATE OF m")
_OF_DAY = text(
    f"""
    {_LETTER} WHERE m.clinic_id = :clinic AND m.planned_for >= :since AND m.planned_for < :until
                AND m.kind NOT IN ('answer', 'person', 'test')
              ORDER BY m.planned_for, patient_name, m.id LIMIT :most
    """
)
# The channels of a clinic as they lead to one recipient. A conversation is found by the phone it is held with, and one
# without a phone by the patient it was linked to.
_ROADS = text(
    """
    SELECT c.id, c.clinic_id, c.kind, c.provider, c.name, c.address, c.settings, c.per_minute, c.price, c.receives,
           coalesce((SELECT p.public_address FROM clinicdesk.messaging_policy p WHERE p.clinic_id = c.clinic_id), '')
               AS public_address,
           c.paused_at, c.paused_reason, v.id AS conversation_id, coalesce(v.identity, '') AS identity, v.window_until,
           coalesce(stopped.stopped, false) AS opted_out,
           EXISTS (SELECT 1 FROM clinicdesk.consent y
                    WHERE y.patient_id = ANY (:people) AND y.purpose = :purpose AND y.channel = c.kind
                      AND y.revoked_at IS NULL) AS consent,
           EXISTS (SELECT 1 FROM clinicdesk.delivery d
                    WHERE d.message_id = :message AND d.channel_id = c.id AND d.state = 'failed'
                      AND d.verdict = 'next_channel') AS tried
      FROM clinicdesk.message_channel c
      LEFT JOIN LATERAL (
           SELECT o.id, o.identity, o.window_until FROM clinicdesk.conversation o
            WHERE o.channel_id = c.id
              AND (:phone <> '' AND o.phone = :phone OR o.identity = :email AND c.kind = 'email'
                   OR o.phone = '' AND c.kind <> 'email' AND o.patient_id = :addressee)
            ORDER BY (o.phone = :phone) DESC, o.last_at DESC LIMIT 1) v ON true
      LEFT JOIN LATERAL (
           SELECT bool_or(o.opted_out_at IS NOT NULL) AS stopped FROM clinicdesk.conversation o
            WHERE o.channel_id = c.id AND (o.id = v.id OR o.patient_id = :addressee)) stopped ON true
     WHERE c.clinic_id = :clinic AND c.active
     ORDER BY c.position, c.name, c.id
    """
)
_CHANNEL = text(
    """
    SELECT c.id, c.clinic_id, c.kind, c.provider, c.name, c.address, c.settings, c.per_minute, c.price, c.receives,
           coalesce((SELECT p.public_address FROM clinicdesk.messaging_policy p WHERE p.clinic_id = c.clinic_id), '')
               AS public_address,
           c.paused_at, c.paused_reason
      FROM clinicdesk.message_channel c WHERE c.id = :channel
    """
)
_FILE = text(
    "SELECT id, clinic_id, kind, mime, file_name, sealed_for_sync, sync_key_id FROM clinicdesk.media WHERE id = :media"
)


def lock_letter(connection: Connection, message_id: UUID) -> Row | None:
    """A message with all that decides about it, kept as it is until the transaction ends; its visit too."""
    connection.execute(_VISIT_LOCKED, {"message": message_id})
    return as_row(connection.execute(_ONE, {"message": message_id}).mappings().one_or_none())


def letters_of_day(
    connection: Connection, clinic_id: UUID, since: dt.datetime, until: dt.datetime, most: int
) -> Sequence[Row]:
    """What rules planned for a stretch of time, whatever became of it."""
    asked = {"clinic": clinic_id, "since": since, "until": until, "most": most}
    return [dict(each) for each in connection.execute(_OF_DAY, asked).mappings()]


def roads(connection: Connection, letter: Row) -> Sequence[Row]:
    """The clinic's channels in their order, with how far each leads to whom the letter is for."""
    people = [each for each in {letter["patient_id"], letter["addressee_id"]} if each is not None]
    asked = {
        "clinic": letter["clinic_id"],
        "message": letter["id"],
        "people": people,
        "purpose": letter["purpose"] or "care",
        "addressee": letter["addressee_id"],
        "phone": letter["phone"],
        "email": letter["email"].lower(),
    }
    return [dict(each) for each in connection.execute(_ROADS, asked).mappings()]


def channel(connection: Connection, channel_id: UUID) -> Row | None:
    """One channel; None when it is gone."""
    return as_row(connection.execute(_CHANNEL, {"channel": channel_id}).mappings().one_or_none())


def file(connection: Connection, media_id: UUID) -> Row | None:
    """A file that goes along."""
    return as_row(connection.execute(_FILE, {"media": media_id}).mappings().one_or_none())


def as_row(found: RowMapping | None) -> Row | None:
    """A row by the names of its columns."""
    return dict(found) if found is not None else None
