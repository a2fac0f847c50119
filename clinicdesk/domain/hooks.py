"""By which way a channel hears of its patients, and where its provider knocks."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.messages import ChannelKind, Provider
from clinicdesk.domain.outbox import SendingChannel

LARGEST_BODY = 3_145_728  # what the largest of the providers ever sends
DEEPEST = 20  # levels of a body; what is deeper is no provider's


class Receives(StrEnum):
    """How what patients write comes in."""

    WEBHOOK = "webhook"
    POLL = "poll"
    NOTHING = "nothing"


# The ways a provider has; the first is the one that is proposed. What SendGrid tells is what became of our own mail.
WAYS_IN: dict[Provider, tuple[Receives, ...]] = {
    Provider.META: (Receives.WEBHOOK,),
    Provider.TWILIO: (Receives.WEBHOOK, Receives.POLL),
    Provider.ZAPI: (Receives.WEBHOOK,),
    Provider.BOTCONVERSA: (Receives.WEBHOOK,),
    Provider.SENDGRID: (Receives.WEBHOOK,),
    Provider.SMTP: (),
}
_TELLS_NO_REPLIES = frozenset({Provider.SENDGRID, Provider.SMTP})


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A credential as the desk sealed it, and for which key of sync's."""

    sync_key_id: UUID
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HookChannel:
    """A channel as far as whoever knocks for it has to be known."""

    id: UUID
    clinic_id: UUID
    kind: ChannelKind
    provider: Provider
    hook_key: str = field(repr=False)
    receives: Receives = Receives.NOTHING
    public_address: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, SealedSecret] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What somebody delivered, word for word; `digest` is the same for the same delivery."""

    digest: bytes
    body: bytes = field(repr=False)
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What arrived for a channel and was kept until somebody reads it."""

    id: UUID
    channel: HookChannel
    body: bytes = field(repr=False)
    content_type: str
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PolledChannel:
    """A channel whose provider has to be asked for what was written since a day."""

    hook: HookChannel
    sending: SendingChannel
    since: dt.date


def can_receive(provider: Provider, receives: Receives, public_address: str) -> bool:
    """Whether a patient's reply can come back by this channel; where it cannot, words do not ask for one."""
    if provider in _TELLS_NO_REPLIES or receives not in WAYS_IN[provider]:
        return False
    return receives is Receives.POLL or public_address != ""


def proposed_way_in(provider: Provider, public_address: str) -> Receives:
    """How a new channel best hears: where providers reach the clinic they knock, else it asks where it can."""
    for way in WAYS_IN[provider]:
        if way is Receives.POLL or public_address:
            return way
    return Receives.NOTHING


def hook_address(public_address: str, hook_key: str) -> str:
    """What the clinic types into the provider's panel; empty where providers do not reach it."""
    return f"{public_address.rstrip('/')}/hooks/{hook_key}" if public_address else ""
