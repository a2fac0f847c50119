"""What waits to be sent, as rows: read for whoever looks after it, decided by the database's own functions."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from clinicdesk.domain.messages import ChannelKind, MessageKind, MessageState
from clinicdesk.domain.queue import (
    SOON,
    ChannelStanding,
    Decision,
    QueuedMessage,
    QueueLook,
    QueueView,
)
from clinicdesk.storage import sync_account

_NAME = "coalesce(nullif({0}.social_name, ''), {0}.full_name)"
_MESSAGE = f"""
    SELECT m.id, m.version, m.kind, m.state, m.reason, coalesce(nullif(m.detail, ''), d.detail, ''), m.planned_for,
           m.expires_at, m.state_at, m.attempts, m.body, coalesce(m.patient_id, t.patient_id),
           coalesce({_NAME.format("p")}, {_NAME.format("q")}, nullif(t.display_name, ''), ''),
           coalesce(nullif(p.phone, ''), nullif(t.phone, ''), ''), m.appointment_id, a.starts_at, coalesce(s.name, ''),
           coalesce(f.name, ''), coalesce(c.name, ''), c.kind, coalesce(nullif(m.recipient, ''), d.recipient, ''),
           d.started_at, coalesce(d.provider_message_id, ''), coalesce(o.name, ''), coalesce(d.fault, ''),
           m.conversation_id
      FROM clinicdesk.outgoing_message m
      LEFT JOIN clinicdesk.patient p ON p.id = m.patient_id
      LEFT JOIN clinicdesk.conversation t ON t.id = m.conversation_id
      LEFT JOIN clinicdesk.patient q ON q.id = t.patient_id
      LEFT JOIN clinicdesk.appointment a ON a.id = m.appointment_id
      LEFT JOIN clinicdesk.service s ON s.id = a.service_id
      LEFT JOIN clinicdesk.professional f ON f.id = a.professional_id
      LEFT JOIN clinicdesk.person o ON o.id = m.decided_by
      LEFT JOIN LATERAL (
          SELECT e.channel_id, e.recipient, e.started_at, e.provider_message_id, e.fault, e.detail
            FROM clinicdesk.delivery e WHERE e.message_id = m.id ORDER BY e.started_at DESC LIMIT 1) d ON true
      LEFT JOIN clinicdesk.message_channel c ON c.id = coalesce(d.channel_id, m.channel_id)
"""
# A failure is somebody's to deal with while the visit is ahead; of what speaks of no visit, for a day.
_MATTERS = """
    (m.state = 'unknown' OR m.state = 'failed' AND CASE WHEN m.appointment_id IS NULL
        THEN m.state_at > CAST(:now AS timestamptz) - interval '1 day'
        ELSE EXISTS (SELECT 1 FROM clinicdesk.appointment v WHERE v.id = m.appointment_id AND v.starts_at > :now
                        AND v.status NOT IN ('cancelled', 'no_show')) END)
"""
_WHICH = {
    QueueView.ATTENTION: f"{_MATTERS} ORDER BY m.state DESC, m.state_at DESC",
    QueueView.AHEAD: "m.state IN ('planned', 'claimed', 'sending') AND m.planned_for < :until ORDER BY m.planned_for",
    QueueView.SENT: "m.state IN ('sent', 'delivered', 'read') AND m.state_at >= :since ORDER BY m.state_at DESC",
    QueueView.NOT_SENT: "m.state = 'cancelled' AND m.state_at >= :since ORDER BY m.state_at DESC",
}
_LISTED = {
    view: text(f"{_MESSAGE} WHERE m.clinic_id = :clinic AND {which}, m.id LIMIT :most")
    for view, which in _WHICH.items()
}
_ONE = text(f"{_MESSAGE} WHERE m.clinic_id = :clinic AND m.id = :id")
_COUNTS = text(
    f"""
    SELECT count(*) FILTER (WHERE m.state IN ('planned', 'claimed') AND m.planned_for <= :now),
           min(m.planned_for) FILTER (WHERE m.state IN ('planned', 'claimed') AND m.planned_for <= :now),
           count(*) FILTER (WHERE m.state = 'sending'),
           count(*) FILTER (WHERE m.state = 'planned' AND m.planned_for > :now AND m.planned_for < :until),
           count(*) FILTER (WHERE m.state = 'failed' AND {_MATTERS}),
           count(*) FILTER (WHERE m.state = 'unknown'),
           (SELECT count(*) FROM clinicdesk.outgoing_message g WHERE g.clinic_id = :clinic
               AND g.state IN ('sent', 'delivered', 'read') AND g.state_at >= :since),
           coalesce((SELECT active FROM clinicdesk.messaging_policy WHERE clinic_id = :clinic), false)
      FROM clinicdesk.outgoing_message m
     WHERE m.clinic_id = :clinic AND m.state IN ('planned', 'claimed', 'sending', 'failed', 'unknown')
    """
)
_CHANNEL = """
    SELECT id, version, name, kind, active, paused_at, paused_reason,
           (SELECT count(*) FROM clinicdesk.webhook_receipt r
             WHERE r.channel_id = message_channel.id AND r.received_at > clock_timestamp() - interval '7 days'
               AND (r.fault <> '' OR r.read_at IS NULL AND r.received_at < clock_timestamp() - interval '5 minutes'))
      FROM clinicdesk.message_channel
"""
_CHANNELS = text(f"{_CHANNEL} WHERE clinic_id = :clinic ORDER BY kind = 'email', kind = 'sms', position, name")
_ONE_CHANNEL = text(f"{_CHANNEL} WHERE clinic_id = :clinic AND id = :id")
_PAUSE = text(
    """
    UPDATE clinicdesk.message_channel
       SET paused_at = CASE WHEN :reason = '' THEN NULL ELSE clock_timestamp() END, paused_reason = :reason
     WHERE clinic_id = :clinic AND id = :id AND version = :version
    """
)
_DECIDE = {
    Decision.RETRY: text("SELECT clinicdesk.retry_message(:id)"),
    Decision.DISCARD: text("SELECT clinicdesk.discard_message(:id)"),
    Decision.WENT_OUT: text("SELECT clinicdesk.settle_message(:id, true)"),
    Decision.DID_NOT: text("SELECT clinicdesk.settle_message(:id, false)"),
    Decision.TAKE_BACK: text("SELECT clinicdesk.reopen_message(:id)"),
}


def listed(
    connection: Connection, clinic_id: UUID, view: QueueView, now: dt.datetime, since: dt.datetime, most: int
) -> list[QueuedMessage]:
    """The messages of a view; `since` is when the local day began."""
    asked = {"clinic": clinic_id, "now": now, "until": now + SOON, "since": since, "most": most}
    return [_message(row) for row in connection.execute(_LISTED[view], asked)]


def message(connection: Connection, clinic_id: UUID, message_id: UUID) -> QueuedMessage | None:
    """One message; None when it is not there or not this person's to see."""
    row = connection.execute(_ONE, {"clinic": clinic_id, "id": message_id}).one_or_none()
    return _message(row) if row else None


def look(connection: Connection, clinic_id: UUID, now: dt.datetime, since: dt.datetime) -> QueueLook:
    """The whole queue in numbers, who sends, and by what."""
    asked = {"clinic": clinic_id, "now": now, "until": now + SOON, "since": since}
    row = connection.execute(_COUNTS, asked).one()
    return QueueLook(
        at=now,
        due=row[0],
        oldest=row[1],
        going=row[2],
        ahead=row[3],
        failed=row[4],
        unknown=row[5],
        sent=row[6],
        active=row[7],
        workers=tuple(sync_account.processes(connection)),
        channels=tuple(_channel(one) for one in connection.execute(_CHANNELS, {"clinic": clinic_id})),
    )


def decide(connection: Connection, message_id: UUID, decision: Decision) -> None:
    """Write what somebody decided. Raises NotFound when the message does not stand so that it could be decided."""
    connection.execute(_DECIDE[decision], {"id": message_id})


def channel(connection: Connection, clinic_id: UUID, channel_id: UUID) -> ChannelStanding | None:
    """How one channel stands; None when it is not there."""
    row = connection.execute(_ONE_CHANNEL, {"clinic": clinic_id, "id": channel_id}).one_or_none()
    return _channel(row) if row else None


def pause(connection: Connection, clinic_id: UUID, channel_id: UUID, seen_version: int, reason: str) -> bool:
    """Pause a channel, or let it go on when there is no reason; False when somebody was first."""
    asked = {"clinic": clinic_id, "id": channel_id, "version": seen_version, "reason": reason}
    return connection.execute(_PAUSE, asked).rowcount == 1


def _message(row: Sequence[Any]) -> QueuedMessage:
    values = list(row)
    values[2], values[3] = MessageKind(values[2]), MessageState(values[3])
    values[19] = ChannelKind(values[19]) if values[19] else None
    return QueuedMessage(*values)


def _channel(row: Sequence[Any]) -> ChannelStanding:
    return ChannelStanding(row[0], row[1], row[2], ChannelKind(row[3]), *row[4:])
