"""The carriers in use: made of a channel and its opened credentials, kept while both stay as they are."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.hooks import HookChannel, hook_address
from clinicdesk.domain.outbox import SendingChannel
from clinicdesk.errors import KeyUnavailable
from clinicdesk.keychain import FieldPlace
from clinicdesk.usecases import upkeep
from clinicdesk.usecases.sync_account import SyncAccount
from sync.carrier import Carrier, Refused, Verdict

Making = Callable[[SendingChannel, Mapping[str, str], str], Carrier]

FRESH_SECONDS = 5.0  # so late a credential that was typed anew is used


@dataclass
class _Kept:
    carrier: Carrier
    made_of: tuple[SendingChannel, Mapping[str, bytes], str]
    looked_at: float
    used: int = 0
    replaced: bool = False


@dataclass
class Roads:
    """Gives out carriers. Safe from several threads: one that is in use is closed when the last has done with it."""

    account: SyncAccount
    make: Making
    _kept: dict[UUID, _Kept] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextlib.contextmanager
    def carrier(self, channel: SendingChannel) -> Iterator[Carrier]:
        """Whoever carries for this channel, while the block lasts. Raises Refused where it is not fit to be used."""
        kept = self._take(channel)
        try:
            yield kept.carrier
        finally:
            self._give_back(kept)

    def close(self) -> None:
        """Close every carrier."""
        with self._lock:
            kept, self._kept = list(self._kept.values()), {}
        for one in kept:
            one.carrier.close()

    def _take(self, channel: SendingChannel) -> _Kept:
        with self._lock:
            kept = self._kept.get(channel.id)
            fresh = kept is not None and time.monotonic() - kept.looked_at < FRESH_SECONDS
            if kept is not None and fresh and kept.made_of[0] == channel:
                kept.used += 1
                return kept
        found = upkeep.hook_channel(self.account.line, channel.id)
        if found is None:
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_MISSING)
        made_of = (channel, {name: one.sealed for name, one in found.secrets.items()}, _callback(found))
        with self._lock:
            kept = self._kept.get(channel.id)
            if kept is not None and kept.made_of == made_of:
                kept.looked_at = time.monotonic()
                kept.used += 1
                return kept
            if kept is not None:
                kept.replaced = True
                if not kept.used:
                    kept.carrier.close()
            made = _Kept(self.make(channel, self._opened(found), made_of[2]), made_of, time.monotonic(), used=1)
            self._kept[channel.id] = made
            return made

    def _give_back(self, kept: _Kept) -> None:
        with self._lock:
            kept.used -= 1
            over = kept.replaced and not kept.used
        if over:
            kept.carrier.close()

    def _opened(self, found: HookChannel) -> dict[str, str]:
        opened = {}
        for name, secret in found.secrets.items():
            place = FieldPlace(found.clinic_id, "channel_secret", found.id, name)
            try:
                opened[name] = self.account.open(place, secret.sealed).decode()
            except (KeyUnavailable, UnicodeDecodeError):
                # Typed while another computer was the one that sends: it has to be typed once more.
                raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SECRET_MISSING, detail=name) from None
        return opened


def _callback(found: HookChannel) -> str:
    return hook_address(found.public_address, found.hook_key)
