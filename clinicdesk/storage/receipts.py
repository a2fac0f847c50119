"""What providers delivered, as rows: who may knock, what lies unread, what was read."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from clinicdesk.domain.hooks import HookChannel, PolledChannel, Receipt, Receives, SealedSecret, TakenIn
from clinicdesk.domain.messages import ChannelKind, Provider
from clinicdesk.domain.outbox import SendingChannel

_CHANNEL = """
    c.id, c.clinic_id, c.kind, c.provider, c.hook_key, c.receives, coalesce(p.public_address, ''), c.settings
"""
_BY_KEY = text(
    f"""
    SELECT {_CHANNEL}
      FROM clinicdesk.message_channel c LEFT JOIN clinicdesk.messaging_policy p ON p.clinic_id = c.clinic_id
     WHERE c.hook_key = :key
    """
)
_BY_ID = text(
    f"""
    SELECT {_CHANNEL}
      FROM clinicdesk.message_channel c LEFT JOIN clinicdesk.messaging_policy p ON p.clinic_id = c.clinic_id
     WHERE c.id = :id
    """
)
# A day before the last thing that was heard, because lists are of whole days; a week at most, and never from before the
# channel stood here.
_POLLED = text(
    f"""
    SELECT {_CHANNEL}, c.name, c.address, c.per_minute,
           (greatest(c.created_at, clock_timestamp() - interval '7 days',
                     (SELECT max(r.received_at) FROM clinicdesk.webhook_receipt r WHERE r.channel_id = c.id)
                         - interval '1 day') AT TIME ZONE 'UTC')::date
      FROM clinicdesk.message_channel c LEFT JOIN clinicdesk.messaging_policy p ON p.clinic_id = c.clinic_id
     WHERE c.active AND c.receives = 'poll' ORDER BY c.id
    """
)
_SECRETS = text("SELECT name, sync_key_id, sealed FROM clinicdesk.channel_secret WHERE channel_id = :channel")
_TAKE_IN = text(
    """
    INSERT INTO clinicdesk.webhook_receipt (id, clinic_id, channel_id, digest, body, content_type)
    VALUES (:id, :clinic, :channel, :digest, :body, :content_type)
        ON CONFLICT (channel_id, digest) DO NOTHING
    """
)
_UNREAD = text(
    f"""
    SELECT r.id, r.body, r.content_type, r.received_at, {_CHANNEL}
      FROM clinicdesk.webhook_receipt r
      JOIN clinicdesk.message_channel c ON c.id = r.channel_id
      LEFT JOIN clinicdesk.messaging_policy p ON p.clinic_id = c.clinic_id
     WHERE r.id = :id AND r.read_at IS NULL
    """
)
_MARK_READ = text(
    """
    UPDATE clinicdesk.webhook_receipt SET read_at = clock_timestamp(), fault = :fault
     WHERE id = :id AND read_at IS NULL
    """
)
_CLEAR = text("DELETE FROM clinicdesk.webhook_receipt WHERE read_at < clock_timestamp() - :older_than")


def _channel(row: Sequence[Any], secrets: dict[str, SealedSecret]) -> HookChannel:
    return HookChannel(
        row[0], row[1], ChannelKind(row[2]), Provider(row[3]), row[4], Receives(row[5]), row[6], row[7], secrets
    )


def _secrets(connection: Connection, channel_id: UUID) -> dict[str, SealedSecret]:
    rows = connection.execute(_SECRETS, {"channel": channel_id})
    return {name: SealedSecret(key_id, bytes(sealed)) for name, key_id, sealed in rows}


def channel_by_key(connection: Connection, hook_key: str) -> HookChannel | None:
    """The channel whose events arrive at this key, with its credentials as they lie there; None for no such key."""
    row = connection.execute(_BY_KEY, {"key": hook_key}).one_or_none()
    return None if row is None else _channel(row, _secrets(connection, row[0]))


def channel_by_id(connection: Connection, channel_id: UUID) -> HookChannel | None:
    """One channel, with its credentials as they lie there; None where it was removed."""
    row = connection.execute(_BY_ID, {"id": channel_id}).one_or_none()
    return None if row is None else _channel(row, _secrets(connection, row[0]))


def polled_channels(connection: Connection) -> list[PolledChannel]:
    """The channels whose provider has to be asked for what patients wrote, and since when."""
    found = []
    for row in connection.execute(_POLLED):
        hook = _channel(row, {})
        sending = SendingChannel(
            hook.id, hook.clinic_id, hook.kind, hook.provider, row[8], row[9], hook.settings, row[10]
        )
        found.append(PolledChannel(hook, sending, row[11]))
    return found


def take_in(connection: Connection, receipt_id: UUID, channel: HookChannel, taken: TakenIn) -> bool:
    """Keep a delivery; False when the same was kept before."""
    written = connection.execute(
        _TAKE_IN,
        {
            "id": receipt_id,
            "clinic": channel.clinic_id,
            "channel": channel.id,
            "digest": taken.digest,
            "body": taken.body,
            "content_type": taken.content_type,
        },
    )
    return written.rowcount == 1


def unread(connection: Connection, receipt_id: UUID) -> Receipt | None:
    """A delivery that nobody has read to its end; None when there is none, or none any more."""
    row = connection.execute(_UNREAD, {"id": receipt_id}).one_or_none()
    return None if row is None else Receipt(row[0], _channel(row[4:], {}), bytes(row[1]), row[2], row[3])


def mark_read(connection: Connection, receipt_id: UUID, fault: str) -> bool:
    """Note that a delivery was read, and what of it could not be."""
    return connection.execute(_MARK_READ, {"id": receipt_id, "fault": fault}).rowcount == 1


def clear_read(connection: Connection, older_than: dt.timedelta) -> int:
    """Throw away what was read so long ago; how many."""
    return connection.execute(_CLEAR, {"older_than": older_than}).rowcount


def requeue(connection: Connection) -> int:
    """Make jobs for deliveries and files that lost theirs; how many."""
    found: int = connection.execute(text("SELECT clinicdesk.requeue_receipts()")).scalar_one()
    return found
