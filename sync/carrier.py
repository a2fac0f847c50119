"""What every provider is asked, and what it may answer: the one door through which a message leaves.

A carrier does not know the database. It gets a parcel, and either says what the provider calls it or raises why not.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from clinicdesk.domain.messages import ChannelKind


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


class Refused(Exception):
    """The provider did not take it, or nobody knows. `fault` is a word of ours, `code` the provider's."""

    def __init__(
        self, verdict: Verdict, fault: str, code: str = "", detail: str = "", after: dt.timedelta | None = None
    ) -> None:
        super().__init__(f"{verdict.value}: {fault} {code}".strip())
        self.verdict, self.fault, self.code, self.detail, self.after = verdict, fault, code, detail, after


@dataclass(frozen=True, slots=True)
class FetchedMedia:
    """A file as the provider had it."""

    mime: str
    content: bytes
    file_name: str = ""


class Carrier(Protocol):
    """One configured channel. Every call is safe from several threads and answers or raises within 15 seconds."""

    def send(self, parcel: Parcel) -> Sent:
        """Hand it over. Raises Refused."""

    def check(self) -> str:
        """Try the credentials without sending anything: what the account calls itself. Raises Refused."""

    def fetch(self, media_id: str) -> FetchedMedia:
        """A file somebody sent. Raises Refused."""

    def close(self) -> None:
        """Give the connections back."""
