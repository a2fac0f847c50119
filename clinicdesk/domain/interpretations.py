"""Replies that a person has to read: what was asked, what was written, and the four things that can be made of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.replies import Answer, Proposal, QuestionKind
from clinicdesk.domain.reply_grammar import Sentence, spelled
from clinicdesk.domain.reply_tokens import words_of
from clinicdesk.domain.reply_words import Part
from clinicdesk.domain.told import WrittenKind


class Decision(StrEnum):
    """What a person makes of a reply."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    OTHER_TIME = "other_time"
    LEAVE = "leave"  # it is a conversation and no answer


@dataclass(frozen=True, slots=True)
class UnclearReply:
    """One reply that waits for somebody, with all that is needed to decide."""

    id: UUID
    version: int
    conversation_id: UUID
    at: dt.datetime
    kind: WrittenKind
    body: str
    name: str  # the patient's, or what whoever wrote calls themselves
    phone: str
    patient_id: UUID | None
    question_id: UUID | None
    question_kind: QuestionKind | None
    asked_at: dt.datetime | None
    appointment: Appointment | None
    suggestion: Decision | None = None  # what the words look like; never done by itself
    proposal: Proposal | None = None  # what an interpreter made of it

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What can be made of it: of a reply that is about no visit, only a conversation."""
        if self.appointment is None or self.question_kind is not QuestionKind.CONFIRM:
            return (Decision.LEAVE,)
        return tuple(Decision)


@dataclass(frozen=True, slots=True)
class Interpret:
    """Say what a reply means. Confirming and cancelling concern the visit as it was seen."""

    operation_id: UUID
    message_id: UUID
    seen_version: int
    decision: Decision
    seen_visit_version: int | None = None


@dataclass(frozen=True, slots=True)
class Interpreted:
    """What came of it: the visits before and after, and the reply that waits next."""

    message_id: UUID
    version: int
    decision: Decision
    before: tuple[Appointment, ...] = ()
    after: tuple[Appointment, ...] = ()
    next: UnclearReply | None = None


@dataclass(frozen=True, slots=True)
class TakeBackInterpretation:
    """Let the reply wait again, and the visits be as they were."""

    operation_id: UUID
    done: Interpreted


# By how a word begins that asks for another time.
_OTHER_TIME = ("remarc", "reagend", "adia", "antecip", "transfer", "mudar", "muda", "trocar", "troca", "encaix")
_OTHER = frozenset({"outro", "outra", "outros", "outras"})
_TIMES = frozenset({"dia", "data", "horario", "hora", "semana", "mes"})
_YES = frozenset({Part.YES, Part.ONE, Part.GOING, Part.CONFIRM})
_NO = frozenset({Part.NO, Part.ZERO, Part.NOT_GOING, Part.CANCEL, Part.WISH})


def suggested(body: str) -> Decision | None:
    """What the words of an unclear reply look like, as a hint for a person; None when they look like nothing."""
    words = spelled(words_of(body[:400]))
    if any(word.startswith(_OTHER_TIME) for word in words) or _names_another_time(words):
        return Decision.OTHER_TIME
    parts = _parts(words)
    if parts & _NO:
        return None if parts & _YES else Decision.CANCEL
    return Decision.CONFIRM if parts & _YES else None


def _names_another_time(words: Sequence[str]) -> bool:
    return any(one in _OTHER and other in _TIMES for one, other in pairwise(words))


def _parts(words: Sequence[str]) -> set[Part]:
    """The parts of the longest phrases, one after the other; words that are none are passed over."""
    sentence, start, found = Sentence(words), 0, set[Part]()
    while start < len(words):
        end, part = max(sentence.phrases(start), default=(start + 1, None))
        if part is not None:
            found.add(part)
        start = end
    return found


def decision_of(proposal: Proposal | None) -> Decision | None:
    """What an interpreter proposes, as one of the four."""
    if proposal is None:
        return None
    if proposal.other_time:
        return Decision.OTHER_TIME
    return {Answer.CONFIRM: Decision.CONFIRM, Answer.CANCEL: Decision.CANCEL}.get(proposal.answer or Answer.ACCEPT)
