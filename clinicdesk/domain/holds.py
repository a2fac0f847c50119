"""Time held while one talks: whose it is, and for how long, so that two people are not promised the same hour."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.agenda import Channel, Slot

HOLD_MINUTES = 5  # a telephone call's worth; whoever talks longer renews it
RENEW_BELOW = dt.timedelta(minutes=1)  # from here on the desk shows that the time runs out


@dataclass(frozen=True, slots=True)
class HoldSlot:
    """Hold a place for a service. The same `hold_id` again moves the hold there, or renews it."""

    hold_id: UUID
    service_id: UUID
    professional_id: UUID
    slot: Slot
    room_id: UUID | None = None
    equipment_id: UUID | None = None
    channel: Channel = Channel.DESK
    minutes: int = HOLD_MINUTES


@dataclass(frozen=True, slots=True)
class SlotHold:
    """A hold that stands. `left` is how long it does still, by the server's clock when it was read."""

    id: UUID
    resource_ids: tuple[UUID, ...]
    slot: Slot  # with the buffers
    holder: str  # the person's name; empty when nobody at a desk holds it
    channel: Channel
    left: dt.timedelta

    @property
    def minutes_left(self) -> int:
        """Whole minutes, rounded up: at least one while it stands."""
        return max(1, -(-int(self.left.total_seconds()) // 60))
