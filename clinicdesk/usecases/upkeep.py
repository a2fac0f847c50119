"""What the process that sends looks after besides sending: its signs of life, lost jobs, channels at rest, old files.

Every function may be called by several processes at the same time; what one does, another finds done.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from clinicdesk.domain.hooks import HookChannel
from clinicdesk.domain.outbox import SendingChannel
from clinicdesk.domain.pacing import AWAY
from clinicdesk.domain.sync_process import SyncProcess
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import letters as letter_rows
from clinicdesk.storage import pacing
from clinicdesk.storage import receipts as receipt_rows
from clinicdesk.storage import sync_account as rows
from clinicdesk.storage.engine import server_now
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.letters import sending_channel
from clinicdesk.usecases.message_plan import plan_birthdays

ENDED_JOBS = dt.timedelta(days=14)


def begin_process(clinic: Clinic, process_id: UUID, host: str, release: str) -> None:
    """Stand on the list of processes from now on."""
    with clinic.transaction() as tx:
        rows.begin_process(tx, process_id, host[:100], release)


def beat(clinic: Clinic, process_id: UUID, status: Mapping[str, Any]) -> bool:
    """Give a sign of life, with what was done and what comes next; False for a process that was forgotten."""
    with clinic.transaction() as tx:
        return rows.beat(tx, process_id, status)


def end_process(clinic: Clinic, process_id: UUID) -> None:
    """Say that it stopped by itself."""
    with clinic.transaction() as tx:
        rows.end_process(tx, process_id)


def processes(clinic: Clinic) -> tuple[tuple[SyncProcess, ...], dt.datetime]:
    """The processes seen within a week, and the server's clock by which they are alive or not."""
    with clinic.transaction() as tx:
        return tuple(rows.processes(tx)), server_now(tx)


def revive_jobs(clinic: Clinic) -> int:
    """Put back the jobs of workers that died; how many."""
    with clinic.transaction() as tx:
        return rows.revive_jobs(tx)


def tidy_queue(clinic: Clinic) -> int:
    """Remove jobs that ended two weeks ago; how many."""
    with clinic.transaction() as tx:
        return rows.remove_old_jobs(tx, ENDED_JOBS)


def empty_expired_media(clinic: Clinic) -> int:
    """Take the content from files whose time is over and that nobody kept; how many."""
    with clinic.transaction() as tx:
        return rows.empty_expired_media(tx, clinic.id)


def pause_channel(clinic: Clinic, channel_id: UUID, reason: str = AWAY) -> bool:
    """Send nothing over a channel until it is opened; False where it was paused already."""
    with clinic.transaction() as tx:
        return pacing.pause(tx, clinic.id, channel_id, reason)


def resume_channel(clinic: Clinic, channel_id: UUID) -> bool:
    """Open a channel that the program itself paused; one that was paused for another reason stays."""
    with clinic.transaction() as tx:
        return pacing.resume(tx, clinic.id, channel_id, AWAY)


def channels_away(clinic: Clinic) -> tuple[tuple[SendingChannel, dt.timedelta], ...]:
    """The channels that the program itself paused, and for how long they have been."""
    with clinic.transaction() as tx:
        found = pacing.resting(tx, clinic.id, AWAY)
        return tuple((sending_channel(row), since) for key, since in found if (row := letter_rows.channel(tx, key)))


def hook_channel(sync: Clinic, channel_id: UUID) -> HookChannel | None:
    """A channel with its credentials as they lie there; None for one that was removed."""
    with sync.transaction() as tx:
        return receipt_rows.channel_by_id(tx, channel_id)


def wish_birthdays(clinic: Clinic) -> int:
    """Plan the wishes of today, by the clinic's wall; how many are new."""
    with clinic.transaction() as tx:
        today = server_now(tx).astimezone(clinic_rows.zone(tx, clinic.id)).date()
    return plan_birthdays(clinic, today)
