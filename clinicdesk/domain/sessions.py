"""Who is at work at which desk, and since when."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

TOUCH_SECONDS = 30.0
SILENT_AFTER = dt.timedelta(minutes=2)  # a few missed signs: closed by force, asleep, or without its cable


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody at work at a desk. `address` is empty on the computer that holds the server."""

    id: UUID
    person_id: UUID
    person_name: str
    hue: int
    desk: str
    address: str
    started_at: dt.datetime
    last_seen_at: dt.datetime

    def silent(self, now: dt.datetime) -> bool:
        """Whether its desk has not been heard of for a while."""
        return now - self.last_seen_at > SILENT_AFTER
