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
    open_for: dt.timedelta  # both by the server's clock, for a desk's own may be wrong
    silent_for: dt.timedelta

    @property
    def silent(self) -> bool:
        """Whether its desk has not been heard of for a while."""
        return self.silent_for > SILENT_AFTER
