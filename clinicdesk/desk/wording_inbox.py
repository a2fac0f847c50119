"""Conversations in words: how far a message got, what happened besides, and why one may not speak. Knows no Qt."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from clinicdesk import errors
from clinicdesk.domain.inbox import EventKind
from clinicdesk.domain.messages import MessageKind, MessageState
from clinicdesk.words import _, marked


class Tick(NamedTuple):
    """How a state is shown: icon, tone and word."""

    icon: str
    tone: str
    word: str


TICKS: dict[MessageState, Tick] = {
    MessageState.PLANNED: Tick("clock", "muted", marked("In the queue")),
    MessageState.CLAIMED: Tick("clock", "muted", marked("In the queue")),
    MessageState.SENDING: Tick("clock", "muted", marked("Being sent")),
    MessageState.SENT: Tick("check", "muted", marked("Sent")),
    MessageState.DELIVERED: Tick("check-check", "muted", marked("Delivered")),
    MessageState.READ: Tick("check-check", "info", marked("Read")),
    MessageState.FAILED: Tick("circle-alert", "danger", marked("Not delivered")),
    MessageState.UNKNOWN: Tick("circle-question-mark", "warn", marked("Not known whether it went out")),
    MessageState.CANCELLED: Tick("ban", "muted", marked("Not sent")),
}
# What the robot wrote, as its head names it.
MESSAGE_KINDS: dict[MessageKind, str] = {
    MessageKind.BOOKED: marked("booking"),
    MessageKind.REMINDER: marked("reminder"),
    MessageKind.MOVED: marked("new time"),
    MessageKind.CANCELLED: marked("cancellation"),
    MessageKind.FOLLOW_UP: marked("follow-up"),
    MessageKind.BIRTHDAY: marked("birthday"),
    MessageKind.OFFER: marked("free time offered"),
    MessageKind.CHECK_IN: marked("check-in code"),
    MessageKind.ANSWER: marked("answer"),
    MessageKind.PERSON: marked("message"),
    MessageKind.TEST: marked("test"),
}
# With {person}, {words} and {time}; for what the robot did by itself see below.
EVENTS: dict[EventKind, str] = {
    EventKind.TAKEN: marked("{person} took the conversation at {time}"),
    EventKind.ASSIGNED: marked("{person} gave the conversation to {words} at {time}"),
    EventKind.HANDED_BACK: marked("{person} gave the conversation back to the robot at {time}"),
    EventKind.LINKED: marked("{person} said at {time} that this is {words}"),
    EventKind.CONFIRMED: marked("Visit confirmed by {person} at {time}"),
    EventKind.CANCELLED: marked("Visit cancelled by {person} at {time}"),
    EventKind.OPTED_OUT: marked("Asked for no more messages at {time}"),
    EventKind.OPTED_IN: marked("Takes messages again since {time}"),
    EventKind.OFFER_ACCEPTED: marked("Offered time accepted at {time}"),
    EventKind.OFFER_REFUSED: marked("Offered time refused at {time}"),
}
BY_THE_ROBOT: dict[EventKind, str] = {
    EventKind.CONFIRMED: marked("Visit confirmed by the robot at {time}"),
    EventKind.CANCELLED: marked("Visit cancelled by the robot at {time}"),
    EventKind.HANDED_BACK: marked("The conversation went back to the robot at {time}"),
    EventKind.TAKEN: marked("The robot called somebody into the conversation at {time}"),
}
# Why a file is not there.
FAULTS = {
    "too_large": marked("Too large to be kept"),
    "unknown_kind": marked("A kind of file that is not kept"),
    "dangerous": marked("Not kept: it could do harm"),
    "not_fetched": marked("Could not be fetched"),
    "no_key": marked("Nobody of the team has signed in yet to make its key"),
}
UNLINKED = marked("{person} said at {time} that this is not the patient")


def _another(error: errors.AnotherSpeaks, _zone: dt.tzinfo | None) -> str:
    if error.name:
        return _("{name} has this conversation now. Take it over first if it is yours to answer.").format(
            name=error.name
        )
    return _("This conversation is somebody else’s now. Look again, and take it over if it is yours to answer.")


SENTENCES: dict[type[errors.ClinicError], Callable[[Any, dt.tzinfo | None], str]] = {
    errors.AnotherSpeaks: _another,
    errors.WindowClosed: lambda _error, _zone: _(
        "The patient wrote more than 24 hours ago, so WhatsApp takes approved templates only. Choose one."
    ),
}
