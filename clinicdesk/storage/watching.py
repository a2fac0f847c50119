"""The numbers by which sync is watched over, out of its queue and of the tables it works on."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Connection, text

from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.watching import Standing
from clinicdesk.storage import sync_account
from clinicdesk.storage.engine import server_now

_JOBS = text(
    """
    SELECT queue_name,
           CASE WHEN status = 'todo' AND scheduled_at > clock_timestamp() THEN 'later'
                WHEN status = 'todo' THEN 'due' ELSE status::text END,
           count(*)
      FROM queue.procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2
    """
)
_MESSAGES = text(
    """
    SELECT channel_id, state, count(*) FROM clinicdesk.outgoing_message
     WHERE state IN ('planned', 'claimed', 'sending', 'failed', 'unknown') GROUP BY 1, 2
    """
)
_REST = text(
    """
    SELECT (SELECT coalesce(clock_timestamp() - min(planned_for), '0') FROM clinicdesk.outgoing_message
             WHERE state = 'planned' AND planned_for < clock_timestamp()),
           r.unread, r.oldest,
           (SELECT count(*) FROM clinicdesk.webhook_receipt
             WHERE fault <> '' AND read_at > clock_timestamp() - interval '1 day'),
           (SELECT count(*) FROM clinicdesk.media WHERE fetch_from <> '' AND sealed IS NULL AND fault = ''
               AND expires_at > clock_timestamp())
      FROM (SELECT count(*) AS unread, coalesce(clock_timestamp() - min(received_at), '0') AS oldest
              FROM clinicdesk.webhook_receipt WHERE read_at IS NULL) r
    """
)
_PAUSED = text("SELECT id FROM clinicdesk.message_channel WHERE paused_at IS NOT NULL ORDER BY id")


def standing(connection: Connection) -> Standing:
    """How everything stands now, in every clinic."""
    late, unread, oldest, faults, media = connection.execute(_REST).one()
    jobs: dict[tuple[str, str], int] = {(row[0], row[1]): row[2] for row in connection.execute(_JOBS)}
    messages: dict[tuple[UUID | None, MessageState], int] = {
        (row[0], MessageState(row[1])): row[2] for row in connection.execute(_MESSAGES)
    }
    return Standing(
        now=server_now(connection),
        processes=tuple(sync_account.processes(connection)),
        jobs=jobs,
        messages=messages,
        oldest_due=max(late, dt.timedelta()),
        unread_receipts=unread,
        oldest_unread=oldest,
        receipts_with_fault=faults,
        media_waiting=media,
        paused_channels=tuple(connection.execute(_PAUSED).scalars()),
    )
