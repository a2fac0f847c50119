"""The words of messages: by which road they go, what occasions them, and what becomes of them.

The steps between states are the database's too (`clinicdesk.message_step_allowed`); a test holds the two together.
"""

from enum import StrEnum


class ChannelKind(StrEnum):
    """A road to a patient."""

    WHATSAPP = "whatsapp"
    SMS = "sms"
    EMAIL = "email"


class Provider(StrEnum):
    """Who carries it there."""

    META = "meta"
    TWILIO = "twilio"
    ZAPI = "zapi"
    BOTCONVERSA = "botconversa"
    SMTP = "smtp"
    SENDGRID = "sendgrid"


# Which provider carries which kind; the first is the one that is proposed.
CARRIERS: dict[ChannelKind, tuple[Provider, ...]] = {
    ChannelKind.WHATSAPP: (Provider.META, Provider.TWILIO, Provider.ZAPI, Provider.BOTCONVERSA),
    ChannelKind.SMS: (Provider.TWILIO,),
    ChannelKind.EMAIL: (Provider.SMTP, Provider.SENDGRID),
}


class Purpose(StrEnum):
    """What a consent is for: the visits somebody has, or what the clinic would like to sell."""

    CARE = "care"
    MARKETING = "marketing"


class Event(StrEnum):
    """What makes a rule speak."""

    BOOKED = "booked"
    REMINDER = "reminder"
    MOVED = "moved"
    CANCELLED = "cancelled"
    FOLLOW_UP = "follow_up"
    BIRTHDAY = "birthday"
    OFFER = "offer"
    CHECK_IN = "check_in"


class MessageKind(StrEnum):
    """What a message is: one of a rule's events, the answer to a reply, what a person typed, or a test."""

    BOOKED = "booked"
    REMINDER = "reminder"
    MOVED = "moved"
    CANCELLED = "cancelled"
    FOLLOW_UP = "follow_up"
    BIRTHDAY = "birthday"
    OFFER = "offer"
    CHECK_IN = "check_in"
    ANSWER = "answer"
    PERSON = "person"
    TEST = "test"


class MessageState(StrEnum):
    """Where a message stands. `UNKNOWN`: it was handed over and nobody knows whether it went out."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


_P, _C, _S = MessageState.PLANNED, MessageState.CLAIMED, MessageState.SENDING
_ARRIVED = frozenset({MessageState.SENT, MessageState.DELIVERED, MessageState.READ})
MESSAGE_STEPS: dict[MessageState, frozenset[MessageState]] = {
    # A try that came back, or that a person took for lost, may turn out to have gone out while the next one waits.
    _P: frozenset({_C, _S, MessageState.CANCELLED, MessageState.FAILED}) | _ARRIVED,
    _C: frozenset({_P, _S, MessageState.CANCELLED, MessageState.FAILED}),
    _S: frozenset({_P, MessageState.FAILED, MessageState.UNKNOWN}) | _ARRIVED,
    MessageState.UNKNOWN: frozenset({_P, MessageState.FAILED, MessageState.CANCELLED}) | _ARRIVED,
    # A provider that took it may say later that it did not arrive; then another channel is tried. And whoever said of
    # an unknown one that it went out, or that it did not, may take that back.
    MessageState.SENT: frozenset(
        {MessageState.DELIVERED, MessageState.READ, MessageState.FAILED, MessageState.UNKNOWN, _P}
    ),
    MessageState.DELIVERED: frozenset({MessageState.READ}),
    MessageState.READ: frozenset(),
    MessageState.FAILED: frozenset({_P, MessageState.CANCELLED, MessageState.UNKNOWN}) | _ARRIVED,
    MessageState.CANCELLED: frozenset({_P, MessageState.FAILED}),
}
