"""What is handed to whoever carries a message, and what may come of it: words of outbox and carriers alike."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.messages import ChannelKind

CHECK = "check"  # stands where a test goes to when it goes to nobody


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom it is for. `identity` is the provider's own name for them, where learned; it goes before the phone."""

    phone: str = ""  # E.164 with the ninth digit
    identity: str = ""
    email: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """An answer to press: what comes back, and what is written on it."""

    payload: str
    label: str
    typed: str = ""  # what is written back where there is nothing to press


@dataclass(frozen=True, slots=True)
class ApprovedTemplate:
    """A text the provider approved, with the values of its variables in their order."""

    name: str
    language: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along."""

    kind: str  # image, audio, video, document
    mime: str
    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """One try to hand over one message. `attempt_id` goes with it wherever the provider gives it back."""

    attempt_id: UUID
    kind: ChannelKind
    recipient: Recipient
    body: str
    subject: str = ""
    template: ApprovedTemplate | None = None  # used where free text is not allowed now
    in_window: bool = False  # whether free text may be sent
    buttons: tuple[Button, ...] = ()
    quoted_id: str = ""
    attachment: Attachment | None = None
    tries: int = 0  # how often this message was tried before

    @property
    def only_checks(self) -> bool:
        """Whether nothing is handed over: the provider is only asked whether it takes the credentials."""
        return CHECK in (self.recipient.identity, self.recipient.email)


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took it."""

    provider_message_id: str
    identity: str = ""  # what the provider calls the recipient, if it says so


class Verdict(StrEnum):
    """What follows from a refusal."""

    RETRY = "retry"  # the same again, later
    PAUSE_CHANNEL = "pause_channel"  # nothing goes this way until somebody looks
    NEXT_CHANNEL = "next_channel"  # this person is not reached this way
    OUR_FAULT = "our_fault"  # the message itself is wrong; somebody has to look
    NEEDS_TEMPLATE = "needs_template"  # outside the window: the approved text, or nothing
    UNKNOWN = "unknown"  # handed over, and no answer: it may have gone out


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the provider did not take it. `fault` is a word of ours, `code` and `detail` are the provider's."""

    verdict: Verdict
    fault: str
    code: str = ""
    detail: str = ""
    after: dt.timedelta | None = None  # how long to wait before the same again, where the provider says so
