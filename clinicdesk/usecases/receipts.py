"""What sync does with deliveries of providers: find whose they are, keep them durably, read them once, let them go."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from clinicdesk.domain.hooks import HookChannel, PolledChannel, Receipt, TakenIn
from clinicdesk.storage import receipts as rows
from clinicdesk.usecases.clinic import Clinic, new_id

# A provider repeats what it thinks undelivered for up to seven days; until then the digest knows it again.
KEPT_AFTER_READING = dt.timedelta(days=8)


def channel_by_key(sync: Clinic, hook_key: str) -> HookChannel | None:
    """The channel, of whichever clinic, whose events arrive at this key; None when nobody's do."""
    with sync.transaction() as tx:
        return rows.channel_by_key(tx, hook_key)


def polled_channels(sync: Clinic) -> Sequence[PolledChannel]:
    """The channels, of all clinics, whose provider has to be asked, and since when."""
    with sync.transaction() as tx:
        return rows.polled_channels(tx)


def take_in(sync: Clinic, deliveries: Sequence[tuple[HookChannel, TakenIn]]) -> list[bool]:
    """Keep deliveries so that they outlive this process, all or none; False for each one that is kept already."""
    with sync.transaction() as tx:
        return [rows.take_in(tx, new_id(), channel, taken) for channel, taken in deliveries]


def unread(sync: Clinic, receipt_id: UUID) -> Receipt | None:
    """A delivery to be read; None when it was read to its end."""
    with sync.transaction() as tx:
        return rows.unread(tx, receipt_id)


def mark_read(sync: Clinic, receipt_id: UUID, fault: str = "") -> None:
    """Note that everything in a delivery has had its effect, or which parts could not be read."""
    with sync.transaction() as tx:
        rows.mark_read(tx, receipt_id, fault)


def clear_read(sync: Clinic) -> int:
    """Throw deliveries away that no provider repeats any more; how many."""
    with sync.transaction() as tx:
        return rows.clear_read(tx, KEPT_AFTER_READING)


def requeue(sync: Clinic) -> int:
    """Make jobs for deliveries nobody read and files nobody fetched, where theirs were lost; how many."""
    with sync.transaction() as tx:
        return rows.requeue(tx)
