"""What those who watch over the process that sends are shown: numbers and ids, no name and no word of anybody's."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.sync_process import SyncProcess, alive


@dataclass(frozen=True, slots=True)
class Standing:
    """How everything stands at one moment."""

    now: dt.datetime
    processes: tuple[SyncProcess, ...] = ()
    jobs: Mapping[tuple[str, str], int] = field(default_factory=dict)  # by queue and by whether it is due or failed
    messages: Mapping[tuple[UUID | None, MessageState], int] = field(default_factory=dict)  # by channel, unfinished
    oldest_due: dt.timedelta = dt.timedelta()  # how late the message is that should have gone out first
    unread_receipts: int = 0
    oldest_unread: dt.timedelta = dt.timedelta()
    receipts_with_fault: int = 0  # within a day
    media_waiting: int = 0
    paused_channels: tuple[UUID, ...] = ()

    @property
    def at_work(self) -> int:
        """How many processes are alive."""
        return len(alive(self.processes, self.now))
