"""Recalls: who ought to come again and when, what was tried to reach them, and in what order they are worked off."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.agenda import Channel
from clinicdesk.errors import InvalidField

LONGEST_MONTHS = 60


class RecallState(StrEnum):
    """Where a recall stands. A booking closes it and a cancellation opens it again: the database sees to that."""

    OPEN = "open"
    BOOKED = "booked"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


class Outcome(StrEnum):
    """What came of one attempt to reach somebody."""

    NO_ANSWER = "no_answer"
    LEFT_MESSAGE = "left_message"
    CALL_BACK = "call_back"
    REFUSED = "refused"
    BOOKED = "booked"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to reach the patient of a recall."""

    id: UUID
    outcome: Outcome
    channel: Channel
    note: str
    at: dt.datetime
    person_name: str


@dataclass(frozen=True, slots=True)
class Recall:
    """One line of the worklist, with what a telephone call needs to know."""

    id: UUID
    version: int
    patient_id: UUID
    patient_name: str
    patient_phone: str
    patient_birth_date: dt.date | None
    service_id: UUID | None
    service_name: str  # empty: whatever visit comes next
    professional_id: UUID | None
    professional_name: str
    due_month: dt.date  # its first day
    reason: str
    state: RecallState
    appointment_id: UUID | None
    booked_for: dt.datetime | None
    attempts: int
    last_outcome: Outcome | None
    last_attempt_at: dt.datetime | None
    last_visit_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class AddRecall:
    """Have somebody come again in a month."""

    operation_id: UUID
    patient_id: UUID
    due_month: dt.date
    service_id: UUID | None = None
    professional_id: UUID | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NoteAttempt:
    """Write down what came of a try; a refusal closes the recall."""

    operation_id: UUID
    recall_id: UUID
    outcome: Outcome
    note: str = ""
    channel: Channel = Channel.PHONE


@dataclass(frozen=True, slots=True)
class ChangeRecall:
    """Put a recall off to another month, give it up, or take it up again."""

    operation_id: UUID
    recall_id: UUID
    seen_version: int
    due_month: dt.date
    state: RecallState


def month_of(day: dt.date) -> dt.date:
    """The first day of its month."""
    return day.replace(day=1)


def months_later(day: dt.date, months: int) -> dt.date:
    """The month that lies so many months after that of `day`."""
    count = day.year * 12 + day.month - 1 + months
    return dt.date(count // 12, count % 12 + 1, 1)


def check_due_month(due: dt.date, today: dt.date) -> dt.date:
    """The month of `due`. Raises InvalidField for one that is over, or more than five years away."""
    month = month_of(due)
    if month < month_of(today):
        raise InvalidField("due_month", "in_the_past")
    if month > months_later(today, LONGEST_MONTHS):
        raise InvalidField("due_month", "too_far_ahead")
    return month


def is_overdue(recall: Recall, today: dt.date) -> bool:
    """Whether its month went by with nobody booked."""
    return recall.state is RecallState.OPEN and recall.due_month < month_of(today)


def worklist_order(recall: Recall) -> tuple[object, ...]:
    """The longest due first; of one month who was not tried yet, then who was tried longest ago."""
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    return (recall.due_month, recall.last_attempt_at or never, recall.patient_name, recall.id)
