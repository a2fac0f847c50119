"""What waits to be sent, as a person looks after it: what stands in the way, and what somebody may decide."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.messages import ChannelKind, MessageKind, MessageState
from clinicdesk.domain.sync_process import SyncProcess

SOON = dt.timedelta(hours=24)
OF_A_PERSON = "person:"  # how a pause begins that somebody asked for; else it is a word of the program


class QueueView(StrEnum):
    """Which messages a list shows."""

    ATTENTION = "attention"  # failed or unknown, while something can still be done about it
    AHEAD = "ahead"  # due now or within a day
    SENT = "sent"  # today
    NOT_SENT = "not_sent"  # dropped today, and why


class Decision(StrEnum):
    """What a person may say of a message that needs one."""

    RETRY = "retry"
    DISCARD = "discard"
    WENT_OUT = "went_out"
    DID_NOT = "did_not"
    TAKE_BACK = "take_back"


@dataclass(frozen=True, slots=True)
class DecideMessage:
    """Decide what becomes of a message."""

    operation_id: UUID
    message_id: UUID
    decision: Decision


@dataclass(frozen=True, slots=True)
class PauseChannel:
    """Let nothing go out by a channel, or let it go again when `reason` is empty."""

    operation_id: UUID
    channel_id: UUID
    seen_version: int
    reason: str = ""
    pause: bool = True


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """One message with what a person has to know about it."""

    id: UUID
    version: int
    kind: MessageKind
    state: MessageState
    reason: str  # a word of the program
    detail: str  # what the provider said
    planned_for: dt.datetime
    expires_at: dt.datetime
    state_at: dt.datetime
    attempts: int
    body: str
    patient_id: UUID | None
    patient_name: str
    patient_phone: str
    appointment_id: UUID | None
    visit_starts_at: dt.datetime | None
    service_name: str
    professional_name: str
    channel_name: str
    channel_kind: ChannelKind | None
    recipient: str
    tried_at: dt.datetime | None
    provider_message_id: str
    decided_by: str
    fault: str = ""  # what the last try came to; says more than the reason
    conversation_id: UUID | None = None

    @property
    def why(self) -> str:
        """The word that tells most of why it stands where it stands; empty when there is nothing to tell."""
        refused = self.state is MessageState.FAILED and self.reason != "settled"
        return (self.fault if refused else "") or self.reason


def decisions(message: QueuedMessage) -> tuple[Decision, ...]:
    """What may be decided about it as it stands, the likeliest first."""
    back = (Decision.TAKE_BACK,) if message.decided_by else ()
    return {
        MessageState.PLANNED: (Decision.DISCARD,),
        MessageState.FAILED: (Decision.RETRY, Decision.DISCARD, *back),
        MessageState.UNKNOWN: (Decision.WENT_OUT, Decision.DID_NOT),
        MessageState.CANCELLED: back,
        MessageState.SENT: back,
    }.get(message.state, ())


@dataclass(frozen=True, slots=True)
class ChannelStanding:
    """How a channel stands."""

    id: UUID
    version: int
    name: str
    kind: ChannelKind
    active: bool
    paused_at: dt.datetime | None
    paused_reason: str
    unread: int = 0  # what its provider delivered within a week and could not be read whole, or not yet

    @property
    def paused(self) -> bool:
        """Whether nothing goes out by it now."""
        return self.paused_at is not None

    @property
    def reason_typed(self) -> str:
        """Why a person paused it, in their words."""
        return self.paused_reason.removeprefix(OF_A_PERSON) if not self.paused_by_itself else ""

    @property
    def paused_by_itself(self) -> bool:
        """Whether the program paused it, because the provider refuses everything."""
        return self.paused and not self.paused_reason.startswith(OF_A_PERSON)


class Trouble(StrEnum):
    """Why somebody has to look after what is sent; the gravest first."""

    NOBODY_SENDS = "nobody_sends"
    CHANNEL_PAUSED = "channel_paused"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class QueueLook:
    """The whole queue at a moment, in numbers."""

    at: dt.datetime
    active: bool  # whether the clinic sends by itself at all
    due: int  # to go out now
    oldest: dt.datetime | None  # since when the first of them is due
    going: int  # being sent at this moment
    ahead: int  # within a day, those that are due besides
    sent: int  # today
    failed: int
    unknown: int
    workers: tuple[SyncProcess, ...]
    channels: tuple[ChannelStanding, ...]

    @property
    def alive(self) -> tuple[SyncProcess, ...]:
        """The processes that are at work."""
        return tuple(one for one in self.workers if one.alive(self.at))

    @property
    def last_seen(self) -> dt.datetime | None:
        """When a process that sends was last heard of; None: there never was one."""
        return max((one.seen_at for one in self.workers), default=None)

    @property
    def waits_in_vain(self) -> bool:
        """Whether something is to be sent and nobody is there to send it."""
        wanted = bool(self.due or self.going or self.ahead) and any(one.active for one in self.channels)
        return wanted and not self.alive


def troubles(look: QueueLook) -> dict[Trouble, int]:
    """What needs somebody, the gravest first, with how many of each."""
    paused = sum(one.active and one.paused_by_itself for one in look.channels)
    found = {
        Trouble.NOBODY_SENDS: int(look.waits_in_vain),
        Trouble.CHANNEL_PAUSED: paused,
        Trouble.UNKNOWN: look.unknown,
        Trouble.FAILED: look.failed,
    }
    return {trouble: count for trouble, count in found.items() if count}
