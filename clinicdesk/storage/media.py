"""Files of conversations as rows: their keys, what is known of them, their sealed content."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, text, update

from clinicdesk.domain.media import Media, MediaKind
from clinicdesk.domain.messages import ChannelKind, Provider
from clinicdesk.domain.outbox import SendingChannel
from clinicdesk.storage import message_tables as t

# Its content may lie there for a while after its time, until somebody who sends comes by and empties it.
_IN_TIME = "sealed IS NOT NULL AND (kept_at IS NOT NULL OR expires_at > clock_timestamp())"
# In the order of the fields of Media.
_MEDIA = f"""
    SELECT m.id, m.clinic_id, m.conversation_id, m.kind, m.mime, m.file_name, m.size, m.seconds, m.key_version,
           {_IN_TIME}, m.fault, m.expires_at, m.kept_at, m.created_at
      FROM clinicdesk.media m
"""
_ONE = text(f"{_MEDIA} WHERE m.id = :id AND m.clinic_id = :clinic")
_OF_CONVERSATION = text(f"{_MEDIA} WHERE m.clinic_id = :clinic AND m.conversation_id = :conversation")
_SEALED = text(f"SELECT sealed FROM clinicdesk.media WHERE id = :id AND clinic_id = :clinic AND {_IN_TIME}")
_KEY = text(
    """
    SELECT key_version, public_key FROM clinicdesk.media_key
     WHERE clinic_id = :clinic ORDER BY key_version DESC LIMIT 1
    """
)
_HAVE_KEYS = text("SELECT clinic_id FROM clinicdesk.media_key WHERE key_version = :version")
_ADD_KEY = text(
    """
    INSERT INTO clinicdesk.media_key (clinic_id, key_version, public_key) VALUES (:clinic, :version, :public_key)
        ON CONFLICT DO NOTHING
    """
)
_SYNC_KEY = text(
    "SELECT id, public_key FROM clinicdesk.sync_key WHERE retired_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 1"
)
_EXPIRY = text(
    """
    SELECT clock_timestamp() + make_interval(days => coalesce(
        (SELECT media_days FROM clinicdesk.messaging_policy WHERE clinic_id = :clinic), 90))
    """
)
_KEEP = text(
    f"""
    UPDATE clinicdesk.media SET kept_at = CASE WHEN :kept THEN coalesce(kept_at, clock_timestamp()) END
     WHERE id = :id AND clinic_id = :clinic AND {_IN_TIME}
    """
)
_TO_FETCH = text(
    """
    SELECT m.id, m.clinic_id, m.fetch_from, m.file_name, m.created_at < clock_timestamp() - interval '1 hour',
           c.id, c.clinic_id, c.kind, c.provider, c.name, c.address, c.settings, c.per_minute
      FROM clinicdesk.media m
      JOIN clinicdesk.conversation t ON t.clinic_id = m.clinic_id AND t.id = m.conversation_id
      JOIN clinicdesk.message_channel c ON c.clinic_id = t.clinic_id AND c.id = t.channel_id
     WHERE m.id = :id AND m.fetch_from <> '' AND m.sealed IS NULL AND m.fault = ''
       AND m.expires_at > clock_timestamp()
    """
)


@dataclass(frozen=True, slots=True)
class ToFetch:
    """A file that lies at the provider."""

    id: UUID
    clinic_id: UUID
    fetch_from: str
    file_name: str
    long_ago: bool  # whether it was told more than an hour ago
    channel: SendingChannel


def _media(row: Sequence[Any]) -> Media:
    values = list(row)
    values[3] = MediaKind(values[3])
    return Media(*values)


def media(connection: Connection, clinic_id: UUID, media_id: UUID) -> Media | None:
    """One file; None when it is not there or another clinic's."""
    row = connection.execute(_ONE, {"id": media_id, "clinic": clinic_id}).one_or_none()
    return None if row is None else _media(row)


def of_conversation(connection: Connection, clinic_id: UUID, conversation_id: UUID) -> list[Media]:
    """All files of a conversation."""
    asked = {"clinic": clinic_id, "conversation": conversation_id}
    return [_media(row) for row in connection.execute(_OF_CONVERSATION, asked)]


def sealed(connection: Connection, clinic_id: UUID, media_id: UUID) -> bytes | None:
    """The sealed content; None where there is none."""
    found = connection.execute(_SEALED, {"id": media_id, "clinic": clinic_id}).scalar_one_or_none()
    return None if found is None else bytes(found)


def public_key(connection: Connection, clinic_id: UUID) -> tuple[int, bytes] | None:
    """Which version of the clinic's key files are sealed to now, and the key; None before anybody signed in."""
    row = connection.execute(_KEY, {"clinic": clinic_id}).one_or_none()
    return None if row is None else (row[0], bytes(row[1]))


def clinics_with_key(connection: Connection, version: int) -> set[UUID]:
    """The clinics whose files can be sealed."""
    return set(connection.execute(_HAVE_KEYS, {"version": version}).scalars())


def add_keys(connection: Connection, version: int, keys: Iterable[tuple[UUID, bytes]]) -> None:
    """Show the public keys of clinics; one that stands stays."""
    for clinic_id, key in keys:
        connection.execute(_ADD_KEY, {"clinic": clinic_id, "version": version, "public_key": key})


def sync_key(connection: Connection) -> tuple[UUID, bytes] | None:
    """The key that the process which sends can open; None before it ran for the first time."""
    row = connection.execute(_SYNC_KEY).one_or_none()
    return None if row is None else (row[0], bytes(row[1]))


def add(connection: Connection, clinic_id: UUID, values: dict[str, object]) -> None:
    """Write a file; it goes when the clinic's days are over."""
    expires = connection.execute(_EXPIRY, {"clinic": clinic_id}).scalar_one()
    connection.execute(insert(t.media), {"clinic_id": clinic_id, "expires_at": expires, **values})


def keep(connection: Connection, clinic_id: UUID, media_id: UUID, kept: bool) -> bool:
    """Keep a file beyond its days, or no longer; False when there is no content any more."""
    asked = {"id": media_id, "clinic": clinic_id, "kept": kept}
    return connection.execute(_KEEP, asked).rowcount == 1


def to_fetch(connection: Connection, media_id: UUID) -> ToFetch | None:
    """A file that still has to be fetched; None when there is nothing to do."""
    row = connection.execute(_TO_FETCH, {"id": media_id}).one_or_none()
    if row is None:
        return None
    kind, provider = ChannelKind(row[7]), Provider(row[8])
    channel = SendingChannel(row[5], row[6], kind, provider, row[9], row[10], row[11], row[12])
    return ToFetch(row[0], row[1], row[2], row[3], row[4], channel)


def change(connection: Connection, media_id: UUID, values: dict[str, object]) -> None:
    """Write what became of a file."""
    connection.execute(update(t.media).where(t.media.c.id == media_id), values)
