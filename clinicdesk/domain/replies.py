"""What a reply says to an open question: only a plain answer counts, and whatever says more goes to a person.

A sentence is understood when it can be read to its end as phrases of the grammar (`reply_words.py`) that may stand
beside each other. There is no guessing: one word that the grammar does not know, a question mark, a time or an
answer that takes another back, and the reading is *unclear*.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from clinicdesk.domain.reply_grammar import Sentence, spelled
from clinicdesk.domain.reply_times import Named
from clinicdesk.domain.reply_tokens import BREAK, QUESTION, squeezed, words_of
from clinicdesk.domain.reply_words import ALL, BOTH, NUMBERS, Part

LONGEST_REPLY = 400  # letters; who writes more says more than an answer
MOST_WORDS = 60


class QuestionKind(StrEnum):
    """What is asked: whether a visit takes place, or whether a time that was offered is wanted."""

    CONFIRM = "confirm"
    OFFER = "offer"


class Answer(StrEnum):
    """What may be answered."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    ACCEPT = "accept"
    REFUSE = "refuse"


class Heard(StrEnum):
    """What a reply is."""

    ANSWER = "answer"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    UNCLEAR = "unclear"


# The answers of each question: the first says yes, the second no.
ANSWERS: dict[QuestionKind, tuple[Answer, Answer]] = {
    QuestionKind.CONFIRM: (Answer.CONFIRM, Answer.CANCEL),
    QuestionKind.OFFER: (Answer.ACCEPT, Answer.REFUSE),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was heard, and of what is unclear why: a word of ours."""

    heard: Heard
    answer: Answer | None = None
    why: str = ""


def read_reply(
    body: str, kind: QuestionKind, allowed: Sequence[Answer], named: Sequence[str] = (), times: Named = ()
) -> Reading:
    """What a reply says to a question of this kind.

    `named` are names that may be said beside the answer, `times` the words that truly name when the visit is.
    """
    words = _words(body, named)
    if isinstance(words, Reading):
        return words
    clauses = _clauses(words)
    if (wish := _wish_for_messages(clauses)) is not None:
        return Reading(wish)
    said = _said(Sentence(words, times), kind)
    if not said:
        return _unclear("question" if QUESTION in words else "other_words")
    answers = said - {None}
    if len(answers) != 1:
        return _unclear("contradiction" if answers else "no_answer")
    (yes,) = answers
    if not yes and _left_as_it_is(words):
        return _unclear("contradiction")
    answer = ANSWERS[kind][0 if yes else 1]
    return Reading(Heard.ANSWER, answer) if answer in allowed else _unclear("not_allowed")


def read_choice(body: str, choices: int) -> tuple[int, ...]:
    """Which of the numbered visits are meant, counted from 0; nothing when that is not plain."""
    words = _words(body, ())
    if isinstance(words, Reading):
        return ()
    chosen = _chosen(Sentence(words), choices)
    return chosen.pop() if len(chosen) == 1 else ()


def _words(body: str, named: Sequence[str]) -> list[str] | Reading:
    if len(body) > LONGEST_REPLY:
        return _unclear("too_long")
    names = [squeezed(word) for name in named for word in words_of(name)]
    words = spelled(words_of(body), names)
    if len(words) > MOST_WORDS:
        return _unclear("too_long")
    return words if any(word != BREAK for word in words) else _unclear("nothing")


def _left_as_it_is(words: Sequence[str]) -> bool:
    """Whether somebody says to leave it be: after a “no” that may be the change, or the visit."""
    following = zip(words, words[1:], (*words[2:], ""), strict=False)
    return any(one == "pode" and two == "deixar" and three != "cancelado" for one, two, three in following)


def _unclear(why: str) -> Reading:
    return Reading(Heard.UNCLEAR, why=why)


# --- opting out and in -----------------------------------------------------------------------------------------------


def _clauses(words: Sequence[str]) -> list[list[str]]:
    """The words between breaks."""
    clauses: list[list[str]] = [[]]
    for word in words:
        if word in (BREAK, QUESTION):
            clauses.append([])
        else:
            clauses[-1].append(word)
    return [clause for clause in clauses if clause]


def _wish_for_messages(clauses: Sequence[Sequence[str]]) -> Heard | None:
    """Whether messages are wanted no more, or again. One word counts alone; a whole sentence in any company."""
    for part, heard in ((Part.STOP, Heard.OPT_OUT), (Part.BACK, Heard.OPT_IN)):
        found = [clause for clause in clauses if _is(clause, part)]
        alone = all(_is(clause, part) or _is(clause, None) for clause in clauses)
        if found and (alone or (part is Part.STOP and any(len(clause) > 2 for clause in found))):
            return heard
    return None


def _is(clause: Sequence[str], part: Part | None) -> bool:
    """Whether it is one phrase of this kind among courtesies; for None, whether it is courtesy alone."""
    sentence = Sentence(clause)
    places = {(0, False)}
    reached = set(places)
    while places:
        start, found = places.pop()
        for end, each in sentence.phrases(start):
            if each in (Part.COURTESY, Part.PLEASE) or (each is part and not found):
                place = (end, found or each is part)
                if place not in reached:
                    reached.add(place)
                    places.add(place)
    return (len(clause), part is not None) in reached


# --- answers ---------------------------------------------------------------------------------------------------------

_SAYS_YES = {Part.YES: True, Part.ONE: True, Part.GOING: True, Part.CONFIRM: True}
_SAYS_NO = {Part.NO: False, Part.ZERO: False, Part.NOT_GOING: False, Part.REASON: False}
_SAYS: dict[QuestionKind, dict[Part, bool]] = {
    QuestionKind.CONFIRM: {**_SAYS_YES, **_SAYS_NO, Part.CANCEL: False, Part.WISH: False},
    QuestionKind.OFFER: {**_SAYS_YES, **_SAYS_NO, Part.WANT: True, Part.NOT_WANT: False},
}

# What may not follow what without a break: “I will” + “confirm”, “not” + “cancel” mean something else together, and
# who confirms “until later” has not confirmed.
_APART = frozenset(
    {(before, Part.CONFIRM) for before in (Part.GOING, Part.CONFIRM)}
    | {(before, Part.CANCEL) for before in (Part.NO, Part.NOT_GOING, Part.CANCEL, Part.WISH)}
    | {(Part.NO, Part.WISH), (Part.NO, Part.REASON), (Part.NO, Part.NOT_WANT), (Part.NO, Part.WANT)}
    | {(Part.CANCEL, Part.NOT_GOING), (Part.WISH, Part.NOT_GOING), (Part.ZERO, Part.REASON)}
    | {(Part.NOTED, Part.NO), (Part.NO, Part.PLEASE)}
    | {(before, after) for before in (Part.GOING, Part.CONFIRM) for after in (Part.FAREWELL, Part.DAY)}
)
# What may not follow what at all: “cancel not”, and a number said twice is another number.
_NEVER = frozenset(
    {(before, Part.NO) for before in (Part.CANCEL, Part.WISH, Part.REASON, Part.PLEASE)}
    | {(Part.ONE, Part.ONE), (Part.ZERO, Part.ZERO)}
    | {(day, Part.NO) for day in (Part.DAY, Part.ON_DAY)}
    | {(Part.NO, day) for day in (Part.DAY, Part.ON_DAY)}
)
# What a “not” just before it would turn round, whatever that “not” belongs to.
_NEGATED = frozenset({Part.GOING, Part.CONFIRM, Part.CANCEL, Part.WISH, Part.REASON, Part.WANT, Part.ONE})


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a sentence was read, and what it said so far. A reason says why not, and is no answer by itself."""

    end: int = 0
    yes: bool | None = None
    answered: bool = False
    last: Part | None = None
    apart: bool = True  # whether a break came since


def _said(sentence: Sentence, kind: QuestionKind) -> set[bool | None]:
    """What the sentence can be read to say: yes, no, None for courtesies alone; empty when it cannot be read."""
    todo, reached = [_Place()], {_Place()}
    while todo:
        place = todo.pop()
        for end, part in sentence.phrases(place.end):
            if part in _NEGATED and sentence.words[place.end - 1 : place.end] == ("nao",):
                continue
            following = _after(place, end, part, _SAYS[kind])
            if following is not None and following not in reached:
                reached.add(following)
                todo.append(following)
    return {place.yes if place.answered else None for place in reached if place.end == len(sentence.words)}


def _noted(place: _Place, end: int) -> _Place | None:
    """That a message arrived is said before the answer, or after a yes."""
    if place.last is None:
        return _Place(end, last=Part.NOTED, apart=False)
    return _Place(end, place.yes, place.answered, place.last, place.apart) if place.yes else None


def _after(place: _Place, end: int, part: Part, says: dict[Part, bool]) -> _Place | None:
    if part is Part.BREAK:
        return _Place(end, place.yes, place.answered, place.last, apart=True)
    if part is Part.NOTED:
        return _noted(place, end)
    pair = (place.last, part)
    if pair in _NEVER or (pair in _APART and not place.apart):
        return None
    if part is Part.PLEASE:
        return _Place(end, place.yes, place.answered, part, apart=False)
    if part in (Part.FAREWELL, Part.DAY, Part.ON_DAY):
        return _Place(end, place.yes, place.answered, place.last or part, place.apart)
    if part in (Part.COURTESY, Part.JOIN) or (part is Part.GREETING and place.last is None):
        return _Place(end, place.yes, place.answered, place.last, place.apart)
    if part not in says or place.yes not in (None, says[part]):
        return None
    return _Place(end, says[part], place.answered or part is not Part.REASON, part, apart=False)


def _chosen(sentence: Sentence, choices: int) -> set[tuple[int, ...]]:
    """Every way to read the sentence as numbers among courtesies."""
    todo: list[tuple[int, frozenset[int]]] = [(0, frozenset())]
    reached = set(todo)
    while todo:
        start, chosen = todo.pop()
        for end, number in _numbers(sentence, start):
            place = (end, chosen | _meant(number, choices))
            if place not in reached:
                reached.add(place)
                todo.append(place)
    whole = {tuple(sorted(chosen)) for end, chosen in reached if end == len(sentence.words)}
    return {chosen for chosen in whole if chosen and chosen[0] >= 0 and chosen[-1] < choices}


def _meant(number: int, choices: int) -> frozenset[int]:
    if number == ALL or (number == BOTH and choices == 2):
        return frozenset(range(choices))
    return frozenset({number - 1} - {-1})


def _numbers(sentence: Sentence, start: int) -> Iterator[tuple[int, int]]:
    """Where what stands here ends, and the number it says; 0 for a courtesy."""
    for end in (start + 1, start + 2):
        number = NUMBERS.get(" ".join(sentence.words[start:end]))
        if number is not None and end <= len(sentence.words):
            yield end, number
    for end, part in sentence.phrases(start):
        if part in (Part.COURTESY, Part.PLEASE, Part.BREAK, Part.JOIN, Part.YES):
            yield end, 0


# --- who else may read -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Passage:
    """What an interpreter gets of a reply that the rules did not understand: no names and no numbers of anybody."""

    body: str
    kind: QuestionKind
    allowed: tuple[Answer, ...]
    asked_at: dt.datetime
    visit_at: dt.datetime | None  # when the visit or the time offered begins, in the clinic's zone
    before: tuple[str, ...] = ()  # what was said last, oldest first


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody else than the rules reads in a reply. A person decides; a proposal changes nothing."""

    answer: Answer | None  # None: it is no answer
    confidence: float  # 0 to 1
    other_time: bool = False  # whether another time is asked for
    because: str = ""  # in a few words, for the person who decides
    reader: str = ""  # which interpreter, and which release of it


class Interpreter(Protocol):
    """Somebody who reads what the rules do not. It is asked outside any transaction and may fail or take its time."""

    def propose(self, passage: Passage) -> Proposal | None:
        """What the reply may mean; None when it has no idea."""
