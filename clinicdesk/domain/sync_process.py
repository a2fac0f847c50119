"""The process that sends, as it shows itself: which one, since when, and when it last gave a sign of life."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

BEAT = dt.timedelta(seconds=15)
SILENT = dt.timedelta(seconds=60)  # without a sign for so long, it is not at work
FORGOTTEN = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SyncProcess:
    """One process, running or not. `status` tells by the name of a task when it ran, how that went, and when next."""

    id: UUID
    host: str
    release: str
    started_at: dt.datetime
    seen_at: dt.datetime
    stopped_at: dt.datetime | None = None
    status: Mapping[str, Any] = field(default_factory=dict)

    def alive(self, now: dt.datetime) -> bool:
        """Whether it is at work, by a sign it gave less than a minute ago."""
        return self.stopped_at is None and now - self.seen_at < SILENT


def alive(processes: Iterable[SyncProcess], now: dt.datetime) -> list[SyncProcess]:
    """Those at work now."""
    return [one for one in processes if one.alive(now)]
