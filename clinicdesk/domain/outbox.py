"""What becomes of a message on its way out: claimed for one try, held back, dropped, and what the try came to."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.message_rules import Why
from clinicdesk.domain.messages import ChannelKind, MessageState, Provider
from clinicdesk.domain.parcels import Parcel

STUCK_AFTER = dt.timedelta(minutes=10)  # by then whoever sends has told, or will not
EARLY_FOR = dt.timedelta(days=1)  # what is told of a message that is not ours is kept so long
LONGEST_BACKOFF = dt.timedelta(minutes=30)
MOST_TRIES = 8
PAUSED_FOR = dt.timedelta(minutes=5)  # a message without another road looks again so often while its channel rests


@dataclass(frozen=True, slots=True)
class SendingChannel:
    """The channel a parcel goes by, as its carrier is made from. What is secret of it lies elsewhere."""

    id: UUID
    clinic_id: UUID
    kind: ChannelKind
    provider: Provider
    name: str
    address: str  # the provider's base address; empty: the one that is known of it
    settings: Mapping[str, object] = field(default_factory=dict)
    per_minute: int = 60


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file that goes along, sealed for whoever sends at `FieldPlace(clinic, "media", id, "sealed_for_sync")`."""

    media_id: UUID
    clinic_id: UUID
    kind: str
    mime: str
    file_name: str
    sealed: bytes = field(repr=False)
    sync_key_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """This message is one's own to hand over, now and once; the attempt is written down already."""

    message_id: UUID
    channel: SendingChannel
    parcel: Parcel
    file: SealedFile | None = None  # to be opened and put into the parcel
    test: bool = False  # the account is looked at first, so that what is wrong is named


@dataclass(frozen=True, slots=True)
class Dropped:
    """It does not go out, for this reason; or it went, and `why` is None."""

    message_id: UUID
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Not now; it is planned again, and its job with it."""

    message_id: UUID
    at: dt.datetime
    why: Why


@dataclass(frozen=True, slots=True)
class InFlight:
    """Somebody handed it over, or died trying: nobody sends it again before that is known."""

    message_id: UUID
    attempt_id: UUID
    since: dt.datetime


Claim = Claimed | Dropped | Later | InFlight


class Noted(StrEnum):
    """What a status did."""

    DONE = "done"
    OLD_NEWS = "old_news"  # it was known, or what is known is more
    KEPT = "kept"  # of a message that nobody here knows, or not yet: it counts once it is known


# How far a message got; what comes late never takes it back.
_RANK = {
    MessageState.PLANNED: 1,  # for another try: that the one before arrived is news, that it went out is not
    MessageState.SENDING: 0,
    MessageState.UNKNOWN: 0,
    MessageState.SENT: 1,
    MessageState.DELIVERED: 2,
    MessageState.READ: 3,
}


def counts(present: MessageState, told: MessageState) -> bool:
    """Whether a status says more than is known. That it did not arrive counts until it is known that it did."""
    if told is MessageState.FAILED:
        return present in (MessageState.SENDING, MessageState.UNKNOWN, MessageState.SENT)
    if present is MessageState.FAILED:
        return told in (MessageState.DELIVERED, MessageState.READ)
    return _RANK.get(told, 0) > _RANK.get(present, 9)


def backoff(tries: int, after: dt.timedelta | None = None) -> dt.timedelta:
    """How long to wait after so many tries: half a minute, then four times as long each time."""
    waited = dt.timedelta(seconds=30 * 4 ** min(max(tries - 1, 0), 6))
    return max(min(waited, LONGEST_BACKOFF), after or dt.timedelta(0))


def button_payload(question_id: UUID, answer: str) -> str:
    """What a pressed button brings back."""
    return f"{answer}:{question_id}"


def read_payload(payload: str) -> tuple[UUID, str] | None:
    """The question and the answer of a button of ours; None for anybody else's."""
    answer, _colon, asked = payload.partition(":")
    try:
        return (UUID(asked), answer) if answer.isalpha() and len(asked) == 36 else None
    except ValueError:
        return None
