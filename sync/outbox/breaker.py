"""A channel whose provider does not answer is left alone: after some failures in a row, and then ever longer.

While it rests nothing is handed to it, so that nobody has to find out whether it went. It is asked now and then whether
it would take the credentials, which sends nothing, and opened when it does; the next failure pauses it again.
"""

import datetime as dt
import threading
from dataclasses import dataclass, field
from uuid import UUID

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.pacing import FAILURES, rest
from clinicdesk.logs import log
from clinicdesk.usecases import upkeep
from clinicdesk.usecases.clinic import Clinic
from sync.carrier import Refusal, Refused, Verdict
from sync.outbox.roads import Roads

# What says that nobody is there, whatever the message was.
_NOBODY_THERE = frozenset(
    {
        CarrierFault.HOST_NOT_FOUND,
        CarrierFault.UNREACHABLE,
        CarrierFault.NO_ANSWER,
        CarrierFault.ANSWER_UNREADABLE,
        CarrierFault.PROVIDER_BUSY,
    }
)


@dataclass
class _State:
    failures: int = 0
    rests: int = 0


@dataclass
class Breaker:
    """Counts, for one process; what it decides stands in the channel's row, for all of them. Safe from any thread."""

    roads: Roads
    _states: dict[UUID, _State] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, channel_id: UUID) -> None:
        """Its provider took something, or refused it in words."""
        with self._lock:
            self._states.pop(channel_id, None)

    def refused(self, clinic: Clinic, channel_id: UUID, refusal: Refusal) -> None:
        """Count a failure that is the provider's; the last of them pauses the channel."""
        if refusal.verdict not in (Verdict.RETRY, Verdict.UNKNOWN) or refusal.fault not in _NOBODY_THERE:
            if refusal.fault != CarrierFault.TOO_FAST:
                self.answered(channel_id)
            return
        with self._lock:
            state = self._states.setdefault(channel_id, _State())
            state.failures += 1
            if state.failures < FAILURES:
                return
            state.failures, state.rests = 0, state.rests + 1
        if upkeep.pause_channel(clinic, channel_id):
            log(__name__).warning("channel_paused", channel_id=channel_id, rests=state.rests)

    def look(self, clinic: Clinic) -> int:
        """Open the channels of a clinic that answer again, of those that rested long enough; how many."""
        opened = 0
        for channel, since in upkeep.channels_away(clinic):
            with self._lock:
                state = self._states.setdefault(channel.id, _State(rests=1))
                due = since >= sum((rest(turn) for turn in range(1, state.rests + 1)), start=_NOTHING)
            if not due:
                continue
            try:
                with self.roads.carrier(channel) as carrier:
                    carrier.check()
            except Refused:
                with self._lock:
                    state.rests += 1
                continue
            with self._lock:
                state.failures = FAILURES - 1  # one more and it rests again
            if upkeep.resume_channel(clinic, channel.id):
                log(__name__).info("channel_resumed", channel_id=channel.id)
                opened += 1
        return opened


_NOTHING = dt.timedelta(0)
