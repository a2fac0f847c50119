"""Where no provider reaches the clinic, one that can be asked is asked; what it lists is kept as if it had knocked."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, runtime_checkable
from urllib.parse import urlencode

from clinicdesk.domain.hooks import TakenIn
from clinicdesk.domain.outbox import SendingChannel
from clinicdesk.logs import log
from clinicdesk.usecases import receipts
from clinicdesk.usecases.clinic import Clinic
from sync.carrier import Carrier, Refused

EVERY = dt.timedelta(seconds=30)
_AT_ONCE = 200
Carriers = Callable[[SendingChannel], AbstractContextManager[Carrier]]


@runtime_checkable
class Lists(Protocol):
    """A carrier that can say what was written and what became of ours."""

    def told_since(self, day: dt.date) -> Iterable[Mapping[str, str]]:
        """The fields of each delivery there would have been, those of the last days. Raises Refused."""


@dataclass(frozen=True)
class Poller:
    """Asks. `carriers` lends whoever carries for a channel."""

    sync: Clinic
    carriers: Carriers

    def poll(self) -> int:
        """Ask for every channel that is set to it; how much was new."""
        new = 0
        for polled in receipts.polled_channels(self.sync):
            try:
                with self.carriers(polled.sending) as carrier:
                    told = list(carrier.told_since(polled.since)) if isinstance(carrier, Lists) else []
            except Refused as refused:
                # Sending meets the same and says it at the desk; here it is only asked again.
                log(__name__).warning("not_polled", channel_id=polled.hook.id, reason=refused.fault)
                continue
            taken = [TakenIn(_digest(fields), urlencode(fields).encode()) for fields in told]
            for start in range(0, len(taken), _AT_ONCE):
                new += sum(receipts.take_in(self.sync, [(polled.hook, one) for one in taken[start : start + _AT_ONCE]]))
        return new


def _digest(fields: Mapping[str, str]) -> bytes:
    """The same for the same step of the same message, however often it is listed."""
    state = fields.get("MessageStatus") or fields.get("SmsStatus", "")
    return sha256(f"polled {fields['MessageSid']} {state}".encode()).digest()
