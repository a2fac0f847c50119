"""What belongs to channels and is no field of their forms, as rows: sealed secrets, pauses, who sends, and tests."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, text

from clinicdesk.domain.message_settings import ChannelState, Sender, TestState
from clinicdesk.domain.messages import ChannelKind, MessageState
from clinicdesk.domain.parcels import CHECK
from clinicdesk.domain.queue import OF_A_PERSON
from clinicdesk.domain.templates import TemplateFacts

_CHANNELS = text(
    """
    SELECT c.id, c.hook_key, c.paused_at, c.paused_reason,
           coalesce(jsonb_object_agg(s.name, s.set_at) FILTER (WHERE s.name IS NOT NULL), '{}'),
           coalesce(bool_and(k.retired_at IS NULL) FILTER (WHERE s.name IS NOT NULL), true)
      FROM clinicdesk.message_channel c
      LEFT JOIN clinicdesk.channel_secret s ON s.channel_id = c.id
      LEFT JOIN clinicdesk.sync_key k ON k.id = s.sync_key_id
     WHERE c.clinic_id = :clinic GROUP BY c.id
    """
)
_OPEN_CHANNELS = text(
    "SELECT id, hook_key, paused_at, paused_reason FROM clinicdesk.message_channel WHERE clinic_id = :clinic"
)
_SEALED_NAMES = text("SELECT name FROM clinicdesk.channel_secret WHERE channel_id = :channel")
# What was sealed before is not read by whoever seals, so the new value is named and not the excluded row's.
_SEAL = text(
    """
    INSERT INTO clinicdesk.channel_secret (channel_id, name, clinic_id, sync_key_id, sealed)
    VALUES (:channel, :name, :clinic, :key, :sealed)
    ON CONFLICT (channel_id, name) DO UPDATE SET sync_key_id = :key, sealed = :sealed, set_at = clock_timestamp()
    """
)
_SENDER = text(
    """
    SELECT k.id, k.public_key, k.host,
           (SELECT max(p.seen_at) FROM clinicdesk.sync_process p WHERE p.stopped_at IS NULL)
      FROM clinicdesk.sync_key k WHERE k.retired_at IS NULL ORDER BY k.created_at DESC LIMIT 1
    """
)
_SWITCH_ON = text(
    """
    INSERT INTO clinicdesk.messaging_policy (clinic_id, active) VALUES (:clinic, true)
    ON CONFLICT (clinic_id) DO UPDATE SET active = true
    """
)
_WAKE = text(
    """
    UPDATE clinicdesk.message_channel SET paused_at = NULL, paused_reason = ''
     WHERE id = :channel AND paused_at IS NOT NULL AND paused_reason NOT LIKE :person
    """
)
_KIND = text("SELECT kind FROM clinicdesk.message_channel WHERE id = :channel AND clinic_id = :clinic")
_TEST = text(
    """
    INSERT INTO clinicdesk.outgoing_message (id, clinic_id, kind, channel_id, recipient, subject, body, expires_at)
    VALUES (:id, :clinic, 'test', :channel, :recipient, :subject, :body, clock_timestamp() + interval '15 minutes')
    ON CONFLICT (id) DO NOTHING
    """
)
_TEST_STATE = text(
    """
    SELECT m.id, m.state, m.reason, coalesce(d.fault, ''), coalesce(nullif(d.detail, ''), m.detail), m.recipient
      FROM clinicdesk.outgoing_message m
      LEFT JOIN LATERAL (SELECT fault, detail FROM clinicdesk.delivery WHERE message_id = m.id
                          ORDER BY started_at DESC LIMIT 1) d ON true
     WHERE m.id = :id
    """
)
_SAMPLE = text(
    """
    SELECT coalesce(nullif(p.social_name, ''), p.full_name), a.starts_at, f.name, c.name,
           c.address, c.phone
      FROM clinicdesk.appointment a
      JOIN clinicdesk.patient p ON p.id = a.patient_id
      JOIN clinicdesk.professional f ON f.id = a.professional_id
      JOIN clinicdesk.clinic c ON c.id = a.clinic_id
     WHERE a.clinic_id = :clinic AND a.starts_at >= :since AND a.status IN ('pending', 'confirmed')
     ORDER BY a.starts_at, a.id LIMIT 1
    """
)
_CLINIC = text("SELECT name, address, phone FROM clinicdesk.clinic WHERE id = :clinic")
_CATALOGUE = text(
    """
    SELECT name FROM clinicdesk.service WHERE clinic_id = :clinic
     UNION SELECT name FROM clinicdesk.service_category WHERE clinic_id = :clinic
     UNION SELECT f.specialty FROM clinicdesk.professional f
            JOIN clinicdesk.professional_clinic w ON w.professional_id = f.id AND w.clinic_id = :clinic
            WHERE f.specialty <> ''
    """
)


def channel_states(connection: Connection, clinic_id: UUID, *, with_secrets: bool) -> dict[UUID, ChannelState]:
    """What is known of each channel besides its form; when something was sealed only for who may know."""
    if not with_secrets:
        return {
            row[0]: ChannelState(row[0], row[1], row[2], row[3])
            for row in connection.execute(_OPEN_CHANNELS, {"clinic": clinic_id})
        }
    return {
        row[0]: ChannelState(
            row[0],
            row[1],
            row[2],
            row[3],
            {name: dt.datetime.fromisoformat(at).astimezone(dt.UTC) for name, at in row[4].items()},
            row[5],
        )
        for row in connection.execute(_CHANNELS, {"clinic": clinic_id})
    }


def sealed_names(connection: Connection, channel_id: UUID) -> set[str]:
    """Which secrets of a channel are there."""
    return set(connection.execute(_SEALED_NAMES, {"channel": channel_id}).scalars())


def seal(connection: Connection, clinic_id: UUID, channel_id: UUID, key_id: UUID, sealed: Mapping[str, bytes]) -> None:
    """Write what was sealed for one key, over what was there."""
    for name, value in sealed.items():
        values = {"channel": channel_id, "name": name, "clinic": clinic_id, "key": key_id, "sealed": value}
        connection.execute(_SEAL, values)


def sender(connection: Connection) -> Sender:
    """The newest key of the process that sends, and the last sign of life of any of them."""
    row = connection.execute(_SENDER).one_or_none()
    return Sender(row[0], bytes(row[1]), row[2], row[3]) if row else Sender()


def wake(connection: Connection, channel_id: UUID) -> bool:
    """Let a channel go on that the program itself paused; whether it had."""
    return connection.execute(_WAKE, {"channel": channel_id, "person": f"{OF_A_PERSON}%"}).rowcount == 1


def switch_on(connection: Connection, clinic_id: UUID, looked_at: dt.datetime) -> None:
    """Let rules speak; what they plan until two days after a moment follows by trigger."""
    connection.execute(text("SELECT set_config('clinicdesk.looked_at', :at, true)"), {"at": looked_at.isoformat()})
    connection.execute(_SWITCH_ON, {"clinic": clinic_id})


def channel_kind(connection: Connection, clinic_id: UUID, channel_id: UUID) -> ChannelKind | None:
    """What kind of road a channel is."""
    found = connection.execute(_KIND, {"clinic": clinic_id, "channel": channel_id}).scalar_one_or_none()
    return ChannelKind(found) if found else None


def insert_test(connection: Connection, clinic_id: UUID, message_id: UUID, values: Mapping[str, object]) -> None:
    """Write a message whose only purpose is to see whether it arrives."""
    connection.execute(_TEST, {"id": message_id, "clinic": clinic_id, **values})


def test_state(connection: Connection, message_id: UUID) -> TestState | None:
    """How far a test came."""
    row = connection.execute(_TEST_STATE, {"id": message_id}).one_or_none()
    return TestState(row[0], MessageState(row[1]), row[2], row[3], row[4], row[5] == CHECK) if row else None


def sample(connection: Connection, clinic_id: UUID, since: dt.datetime, zone: dt.tzinfo) -> TemplateFacts:
    """The first visit from a moment on, as a text would speak of it; without one, the clinic alone."""
    row = connection.execute(_SAMPLE, {"clinic": clinic_id, "since": since}).one_or_none()
    if row is not None:
        return TemplateFacts(row[0], row[1], zone, row[2], row[3], row[4], row[5])
    clinic = connection.execute(_CLINIC, {"clinic": clinic_id}).one()
    return TemplateFacts("", None, zone, "", clinic[0], clinic[1], clinic[2])


def catalogue_names(connection: Connection, clinic_id: UUID) -> list[str]:
    """Services, headings and specialties: what no message says."""
    return list(connection.execute(_CATALOGUE, {"clinic": clinic_id}).scalars())
