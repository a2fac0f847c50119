"""Conversations at the desk: who speaks in them, what was said, until when free words may be sent, and what one wishes.

Times are aware datetimes in UTC.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.media import Media
from clinicdesk.domain.messages import ChannelKind, MessageKind, MessageState, Provider
from clinicdesk.domain.metrics import PatientMetrics
from clinicdesk.domain.patients import Patient
from clinicdesk.domain.told import WrittenKind
from clinicdesk.errors import InvalidField

LONGEST_WORDS = 4096  # of one message; more than any provider takes in one
LONGEST_NOTE = 2000
LONGEST_REPLY = 1024
LIFE = dt.timedelta(hours=12)  # what a person typed is not sent when it is older than this
_STANDING = (Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN, Status.IN_PROGRESS)
_SHORTCUT = re.compile(r"[a-z0-9-]{1,30}")


class Owner(StrEnum):
    """Who speaks in a conversation."""

    BOT = "bot"
    PERSON = "person"


class Tab(StrEnum):
    """Which conversations are looked at."""

    MINE = "mine"
    UNCLEAR = "unclear"
    BOT = "bot"
    ALL = "all"


class Side(StrEnum):
    """From where a message came."""

    IN = "in"
    OUT = "out"


class EventKind(StrEnum):
    """What happened in a conversation besides messages."""

    NOTE = "note"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    HANDED_BACK = "handed_back"
    LINKED = "linked"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_REFUSED = "offer_refused"


class Speech(StrEnum):
    """What may be sent now: anything, anything until the window closes, or approved templates alone."""

    FREE = "free"
    OPEN = "open"
    TEMPLATES = "templates"


@dataclass(frozen=True, slots=True)
class Last:
    """The message a conversation ended with."""

    side: Side
    kind: str
    words: str
    state: str = ""
    reason: str = ""
    person_id: UUID | None = None
    media_kind: str = ""
    file_name: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation as the list shows it."""

    id: UUID
    version: int
    channel_id: UUID
    channel: ChannelKind
    provider: Provider
    identity: str
    phone: str
    display_name: str
    patient_id: UUID | None
    patient_name: str
    owner: Owner
    person_id: UUID | None
    person_name: str
    window_until: dt.datetime | None
    unread: int
    last_at: dt.datetime
    opted_out_at: dt.datetime | None
    unclear: int
    last: Last | None

    @property
    def name(self) -> str:
        """The patient's name, what they call themselves, or how they are reached."""
        return self.patient_name or self.display_name or self.phone or self.identity

    @property
    def place(self) -> tuple[dt.datetime, UUID]:
        """Where it stands in the list, the latest first."""
        return self.last_at, self.id


@dataclass(frozen=True, slots=True)
class Counts:
    """How many conversations there are, and how many messages wait for somebody here."""

    mine: int = 0
    unclear: int = 0  # messages to interpret
    bot: int = 0
    all: int = 0
    unread: int = 0  # in one's own and in the robot's


@dataclass(frozen=True, slots=True)
class Incoming:
    """What somebody wrote to the clinic."""

    id: UUID
    at: dt.datetime
    version: int
    kind: WrittenKind
    body: str
    outcome: str = ""
    handled: bool = False
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What the clinic wrote; `template` names where its words come from while it has none yet."""

    id: UUID
    at: dt.datetime
    version: int
    kind: MessageKind
    state: MessageState
    body: str
    reason: str = ""
    detail: str = ""
    person_id: UUID | None = None
    person_name: str = ""
    template: str = ""
    price: Decimal = Decimal(0)
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened besides messages; a note is among them."""

    id: UUID
    at: dt.datetime
    kind: EventKind
    person_id: UUID | None = None
    person_name: str = ""
    words: str = ""
    appointment_id: UUID | None = None


Line = Incoming | Outgoing | Happened
Place = tuple[dt.datetime, UUID]


@dataclass(frozen=True, slots=True)
class Thread:
    """A stretch of a conversation, oldest first; `more` says whether something came before it."""

    talk: Talk
    lines: tuple[Line, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """What one wants to know of whom one speaks with; `patient` is None while nobody knows who it is."""

    patient: Patient | None = None
    visit: Appointment | None = None  # the next one, or the one that takes place now
    metrics: PatientMetrics = field(default_factory=PatientMetrics)
    reminders: tuple[int, ...] = ()  # minutes before a visit, of the rules that are active
    consents: bool = False  # to messages about their visits on this channel


@dataclass(frozen=True, slots=True)
class TemplateOffer:
    """A template as it would go out in a conversation. `lacks` are the variables nobody has a value for."""

    id: UUID
    name: str
    body: str
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuickReply:
    """Words that are kept ready, reached by `/shortcut`."""

    id: UUID
    version: int
    shortcut: str
    body: str
    position: int = 0


# --- wishes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SendWords:
    """Say something in a conversation; it is taken over for that unless somebody else has it."""

    operation_id: UUID
    conversation_id: UUID
    body: str
    media_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SendTemplate:
    """Send a template in a conversation, as when the window has closed."""

    operation_id: UUID
    conversation_id: UUID
    template_id: UUID


@dataclass(frozen=True, slots=True)
class Assign:
    """Say who speaks in a conversation, None for the robot.

    `seen_person_id` is who did when it was looked at: its version moves with every message and would say nothing.
    """

    operation_id: UUID
    conversation_id: UUID
    seen_person_id: UUID | None
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class LinkPatient:
    """Say whose conversation it is; None for nobody known. `seen_patient_id` is what was known when one looked."""

    operation_id: UUID
    conversation_id: UUID
    seen_patient_id: UUID | None
    patient_id: UUID | None


@dataclass(frozen=True, slots=True)
class WriteNote:
    """Leave a note for colleagues; the patient never sees it."""

    operation_id: UUID
    conversation_id: UUID
    words: str


@dataclass(frozen=True, slots=True)
class SaveQuickReply:
    """Keep a quick reply, a new one when `reply_id` is None."""

    operation_id: UUID
    reply_id: UUID | None
    seen_version: int
    shortcut: str
    body: str


# --- rules -----------------------------------------------------------------------------------------------------------


def speech(talk: Talk, now: dt.datetime) -> Speech:
    """What may be sent in a conversation now. Only the official WhatsApp roads know windows and templates."""
    if talk.channel is not ChannelKind.WHATSAPP or talk.provider not in (Provider.META, Provider.TWILIO):
        return Speech.FREE
    return Speech.OPEN if talk.window_until is not None and talk.window_until > now else Speech.TEMPLATES


def life(talk: Talk, now: dt.datetime) -> dt.timedelta:
    """For how long free words that are typed now may still go out."""
    if speech(talk, now) is Speech.OPEN and talk.window_until is not None:
        return min(LIFE, talk.window_until - now)
    return LIFE


def clean_words(body: str, longest: int = LONGEST_WORDS, field_name: str = "body") -> str:
    """What was typed, without the space around it. Raises InvalidField when it is nothing or too long."""
    words = clean_text(body, field_name).strip()
    if not words:
        raise InvalidField(field_name, "missing")
    if len(words) > longest:
        raise InvalidField(field_name, "too_long", str(longest))
    return words


def clean_shortcut(text: str) -> str:
    """A quick reply's shortcut without its slash. Raises InvalidField for what cannot be typed as one word."""
    shortcut = text.strip().lstrip("/").lower()
    if not shortcut:
        raise InvalidField("shortcut", "missing")
    if not _SHORTCUT.fullmatch(shortcut):
        raise InvalidField("shortcut", "not_a_shortcut")
    return shortcut


def visit_beside(visits: Iterable[Appointment], clinic_id: UUID, now: dt.datetime) -> Appointment | None:
    """The visit a conversation is most likely about: the first of this clinic that is not over."""
    ahead = [one for one in visits if one.clinic_id == clinic_id and one.ends_at > now and one.status in _STANDING]
    return min(ahead, key=lambda one: one.starts_at, default=None)


def place_of(line: Line) -> Place:
    """Where a line stands in its conversation."""
    return line.at, line.id


def merged(sources: Sequence[Iterable[Line]], most: int) -> tuple[tuple[Line, ...], bool]:
    """The latest `most` of several sources, oldest first, and whether there were more."""
    everything = sorted((line for source in sources for line in source), key=place_of)
    return tuple(everything[-most:]), len(everything) > most


def suggested(replies: Sequence[QuickReply], typed: str) -> list[QuickReply]:
    """The quick replies that `/text` may stand for, those whose shortcut begins so first; none without a slash."""
    if not typed.startswith("/") or "\n" in typed:
        return []
    word = typed[1:].strip().lower()
    begin = [one for one in replies if one.shortcut.startswith(word)]
    within = [one for one in replies if one not in begin and (word in one.shortcut or word in one.body.lower())]
    return [*begin, *within]
