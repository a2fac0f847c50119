"""What a provider tells, in words that are no provider's: somebody wrote, or something became of what we sent."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.messages import MessageState

LONGEST_BODY = 8_000  # what is longer is cut; a patient's words are never that long


class WrittenKind(StrEnum):
    """What somebody sent."""

    TEXT = "text"
    BUTTON = "button"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    REACTION = "reaction"
    EDITED = "edited"
    DELETED = "deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MediaTold:
    """A file that can be fetched from the provider."""

    fetch_from: str  # the provider's id or address of it
    mime: str = ""
    file_name: str = ""
    size: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """Somebody wrote to the clinic."""

    provider_message_id: str
    identity: str  # the provider's id of the person: a wa_id, a user id without a phone, an e-mail address
    kind: WrittenKind
    sent_at: dt.datetime
    body: str = ""
    phone: str = ""  # digits as told, with the country; empty where there is none
    display_name: str = ""
    payload: str = ""  # of the button
    quoted_id: str = ""  # the message of ours it answers; of an edited or deleted one, that one
    media: MediaTold | None = None


@dataclass(frozen=True, slots=True)
class StatusTold:
    """What became of a message of ours. One of the two ids is there."""

    provider_message_id: str
    state: MessageState  # sent, delivered, read or failed
    at: dt.datetime
    attempt_id: UUID | None = None
    identity: str = ""
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One entry of a delivery that could not be read; the others count. `reason` is a word of ours."""

    reason: str


Told = Written | StatusTold | Unreadable
