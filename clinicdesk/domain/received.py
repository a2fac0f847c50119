"""What follows from a message of a patient: which question it answers, and what the visit's state makes of the answer.

Times are aware datetimes in UTC.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.replies import Answer, QuestionKind
from clinicdesk.domain.told import WrittenKind

WINDOW = dt.timedelta(hours=24)  # after a message of theirs free text may be sent for so long
LIST_GOES_FOR = dt.timedelta(hours=24)  # so long a number answers the list of visits
STILL_MEANT = dt.timedelta(hours=12)  # so long after a visit words may still be about it
REMEMBERED = dt.timedelta(days=30)  # so long a question that was closed can still be spoken of
CLOCKS_DIFFER = dt.timedelta(minutes=15)  # by so much a provider's clock may be behind the clinic's
ANSWERS_AN_HOUR = 6  # another robot at the other end is not talked to for ever


class Outcome(StrEnum):
    """What a message did."""

    NOT_LOOKED_AT = ""
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    ALREADY = "already"
    ASKED_WHICH = "asked_which"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    LATE = "late"
    AFTER_CANCELLATION = "after_cancellation"
    AFTER_MOVE = "after_move"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_REFUSED = "offer_refused"
    OFFER_OVER = "offer_over"
    UNCLEAR = "unclear"  # a person has to read it
    CONVERSATION = "conversation"


# What words are in; of a reaction they are the sign.
WORDED = frozenset({WrittenKind.TEXT, WrittenKind.BUTTON})
# What is looked at and not listened to.
SHOWN = frozenset(WrittenKind) - WORDED - {WrittenKind.REACTION, WrittenKind.EDITED, WrittenKind.DELETED}


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the visit it asks about as that stands now, and as it stood when it was asked."""

    id: UUID
    kind: QuestionKind
    patient_id: UUID
    patient_name: str
    allowed: tuple[Answer, ...]
    asked_at: dt.datetime
    expires_at: dt.datetime
    answer: str = ""
    closed_at: dt.datetime | None = None
    appointment_id: UUID | None = None
    version: int = 0
    status: Status | None = None
    starts_at: dt.datetime | None = None  # of the visit, or of the time that is offered
    asked_starts_at: dt.datetime | None = None
    professional_id: UUID | None = None
    asked_professional_id: UUID | None = None
    professional_name: str = ""
    visit_id: UUID | None = None  # shared by the services of one coming
    offer_id: UUID | None = None
    language: str = "pt_BR"

    @property
    def moved(self) -> bool:
        """Whether the visit is no longer the one that was asked about."""
        if self.asked_starts_at is None:
            return False
        return (self.starts_at, self.professional_id) != (self.asked_starts_at, self.asked_professional_id)

    def open_at(self, now: dt.datetime) -> bool:
        """Whether an answer is waited for."""
        return self.closed_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Received:
    """What a message did. One that was told before does nothing again and gives the same."""

    message_id: UUID
    conversation_id: UUID
    outcome: Outcome
    repeated: bool = False
    question_ids: tuple[UUID, ...] = ()


def outcome_of(question: Question, answer: Answer, now: dt.datetime) -> Outcome:
    """What an answer to the question about a visit does, as the visit stands now."""
    if question.status is Status.CANCELLED:
        # Whoever cancels what is cancelled has what they want.
        return Outcome.ALREADY if answer is Answer.CANCEL else Outcome.AFTER_CANCELLATION
    if question.starts_at is None or question.starts_at <= now:
        return Outcome.LATE
    if question.status not in (Status.PENDING, Status.CONFIRMED):
        return Outcome.LATE
    if question.moved:
        return Outcome.AFTER_MOVE
    if answer is Answer.CANCEL:
        return Outcome.CANCELLED
    return Outcome.ALREADY if question.status is Status.CONFIRMED else Outcome.CONFIRMED


def asked_before(question: Question, sent_at: dt.datetime) -> bool:
    """Whether it had been asked when something was written. What is told late may answer what was asked before it."""
    return question.asked_at <= sent_at + CLOCKS_DIFFER


def asked_about(questions: Sequence[Question], now: dt.datetime) -> tuple[Question, ...]:
    """The questions that words without a quotation can answer, the earliest visit first.

    Those that are open; where none is, the newest that was, so that somebody may change their mind, or is told that
    it is too late. The services of one coming are one question.
    """
    waiting = [one for one in questions if one.open_at(now)]
    if not waiting:
        recent = [one for one in questions if now < (one.starts_at or one.expires_at) + STILL_MEANT]
        waiting = sorted(recent, key=lambda one: (one.asked_at, one.id))[-1:]
    of_coming: dict[UUID, Question] = {}
    for one in sorted(waiting, key=lambda one: (one.starts_at or one.expires_at, one.id)):
        of_coming.setdefault(one.visit_id or one.id, one)
    return tuple(of_coming.values())
