"""What happens to a delivery between the wire and the database: whose it is, whether it is theirs, and that it is kept.

Runs in a thread and waits for the database; answers are numbers of HTTP.
"""

import datetime as dt
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from clinicdesk.domain.hooks import HookChannel, SealedSecret, TakenIn
from clinicdesk.domain.messages import Provider
from clinicdesk.errors import ClinicError, KeyUnavailable, NotFound
from clinicdesk.keychain import FieldPlace
from clinicdesk.logs import log
from clinicdesk.usecases import receipts
from clinicdesk.usecases.clinic import Clinic
from sync.gateway.figures import Figures
from sync.gateway.keeping import Keeping
from sync.gateway.limits import Buckets
from sync.gateway.signatures import Credentials, Knock, NotTheirs, UnreadableBody, challenge_answer, check
from sync.inbound.bodies import read_json

OpenSecret = Callable[[HookChannel, str, SealedSecret], str]

_KEY = re.compile(r"[0-9a-f]{64}")
_REMEMBERED_SECONDS = 30.0
_FRESH_SECONDS = 1.0
_MOST_REMEMBERED = 500
TAKEN, REPEATED, WRONG_BODY, REFUSED, UNKNOWN, TOO_MANY, AWAY = 200, 200, 400, 403, 404, 429, 503


class _TooManyGuesses(Exception):
    """Whether the address is one of ours is not looked up now."""


@dataclass(frozen=True, slots=True)
class _Remembered:
    told: Credentials
    at: float


@dataclass
class Door:
    """Who lets deliveries in. Safe from several threads."""

    sync: Clinic
    open_secret: OpenSecret = field(repr=False)
    figures: Figures
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    deliveries: Buckets = field(default_factory=lambda: Buckets(per_second=400, burst=1200))
    guesses: Buckets = field(default_factory=lambda: Buckets(per_second=10, burst=100))
    _keeping: Keeping = field(init=False, repr=False)
    _known: "OrderedDict[str, _Remembered]" = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self._keeping = Keeping(self.sync)

    def deliver(self, hook_key: str, knock: Knock) -> int:
        """Keep a delivery when it is the provider's: the status of the answer."""
        try:
            return self._deliver(hook_key, knock)
        except _TooManyGuesses:
            return TOO_MANY  # a provider that knocks among those who guess comes again
        except NotFound:
            with self._lock:
                self._known.pop(hook_key, None)
            return UNKNOWN
        except ClinicError as error:
            # Nothing is lost: a provider that is told so comes again.
            log(__name__).warning("receipt_not_kept", error=type(error).__name__)
            return AWAY

    def challenge(self, hook_key: str, query: Mapping[str, str]) -> str | None:
        """What the provider's panel wants to hear back; None when nothing is there."""
        try:
            remembered = self._find(hook_key)
        except _TooManyGuesses:
            return None
        return None if remembered is None else challenge_answer(query, remembered.told)

    def admits(self, hook_key: str) -> bool:
        """Whether a delivery may come in now; asked before its body is read."""
        with self._lock:
            return self.deliveries.take(hook_key if _KEY.fullmatch(hook_key) else "")

    def _deliver(self, hook_key: str, knock: Knock) -> int:
        remembered = self._find(hook_key)
        if remembered is None:
            return UNKNOWN
        channel = remembered.told.channel
        try:
            told = self._checked(hook_key, knock, remembered)
        except NotTheirs as refused:
            self.figures.refused(channel.id, refused.reason)
            log(__name__).warning("receipt_refused", channel_id=channel.id, reason=refused.reason)
            return REFUSED
        except UnreadableBody as unreadable:
            self.figures.refused(channel.id, unreadable.reason)
            return WRONG_BODY
        kept = self._keep(told.channel, knock)
        self.figures.received(channel.id, repeated=not kept)
        return TAKEN if kept else REPEATED

    def _checked(self, hook_key: str, knock: Knock, remembered: _Remembered) -> Credentials:
        """The credentials under which it is theirs; a new credential counts from the next delivery on."""
        try:
            check(knock, remembered.told, self.now())
        except NotTheirs:
            if time.monotonic() - remembered.at < _FRESH_SECONDS:
                raise
            fresh = self._load(hook_key)
            if fresh is None:
                raise
            check(knock, fresh.told, self.now())
            return fresh.told
        return remembered.told

    def _keep(self, channel: HookChannel, knock: Knock) -> bool:
        body = knock.body
        if channel.provider is Provider.TWILIO and knock.query:
            body += b"&" + knock.query.encode()  # which message of ours a step belongs to stands in the address alone
        taken = TakenIn(_digest(channel, knock, self.now()), body, knock.headers.get("content-type", "")[:200])
        return self._keeping.keep(channel, taken)

    def _find(self, hook_key: str) -> _Remembered | None:
        if not _KEY.fullmatch(hook_key):
            return None
        with self._lock:
            known = self._known.get(hook_key)
            if known is not None and time.monotonic() - known.at < _REMEMBERED_SECONDS:
                return known
            # Whoever guesses addresses is answered without the database being asked.
            if known is None and not self.guesses.take(""):
                raise _TooManyGuesses
        return self._load(hook_key)

    def _load(self, hook_key: str) -> _Remembered | None:
        channel = receipts.channel_by_key(self.sync, hook_key)
        with self._lock:
            self._known.pop(hook_key, None)
            if channel is None:
                return None
            found = _Remembered(Credentials(channel, self._opened(channel)), time.monotonic())
            self._known[hook_key] = found
            if len(self._known) > _MOST_REMEMBERED:
                self._known.popitem(last=False)
        return found

    def _opened(self, channel: HookChannel) -> dict[str, str]:
        opened = {}
        for name, sealed in channel.secrets.items():
            try:
                opened[name] = self.open_secret(channel, name, sealed)
            except KeyUnavailable:
                # Sealed for a key this process has no other half of: typed before sync was set up anew.
                log(__name__).warning("secret_does_not_open", channel_id=channel.id)
        return opened


def _digest(channel: HookChannel, knock: Knock, now: dt.datetime) -> bytes:
    """The same for the same delivery. Without an id of its own, two alike within a minute are one."""
    if channel.provider is Provider.BOTCONVERSA and not _names_itself(knock.body):
        return sha256(int(now.timestamp() // 60).to_bytes(8, "big") + knock.body).digest()
    return sha256(knock.query.encode() + b"\0" + knock.body).digest()


def _names_itself(body: bytes) -> bool:
    value = read_json(body)
    return isinstance(value, dict) and any(value.get(name) for name in ("event_id", "message_id", "occurred_at"))


def opener(open_sealed: Callable[[FieldPlace, bytes], bytes]) -> OpenSecret:
    """Opens what desks sealed for this process. The result raises KeyUnavailable."""

    def open_secret(channel: HookChannel, name: str, secret: SealedSecret) -> str:
        place = FieldPlace(channel.clinic_id, "channel_secret", channel.id, name)
        return open_sealed(place, secret.sealed).decode("utf-8", "replace")

    return open_secret
