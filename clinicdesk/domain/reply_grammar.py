"""Where the phrases of the grammar stand in a row of words, and which misspelled words are taken for one of its."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from clinicdesk.domain.reply_phrases import NAMES, PHRASES
from clinicdesk.domain.reply_tokens import BREAK, OTHER, QUESTION, SMILE, squeezed
from clinicdesk.domain.reply_words import SPELLINGS, UNLIKE, Part

_BEFORE_TIMES = frozenset({"para", "de", "da", "do", "no", "na", "as", "dia", "nesta", "nesse", "neste"})
_SHORTEST_FORGIVEN = 6  # in a shorter word one letter makes another word of it

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Item:
    """One place in a line: words, names of other lines or a group, one of which stands there."""

    choices: "tuple[Words | str | _Line, ...]"
    optional: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    items: tuple[_Item, ...]


class Sentence:
    """A row of words, and the phrases in it."""

    def __init__(self, words: Sequence[str], times: Sequence[Words] = ()) -> None:
        self.words = tuple(words)
        self._times = tuple(tuple(map(_first, each)) for each in times)
        self._known: dict[tuple[str, int], frozenset[int]] = {}
        self._begun: dict[int, tuple[tuple[int, Part], ...]] = {}

    def phrases(self, start: int) -> tuple[tuple[int, Part], ...]:
        """The phrases that begin at a word: where each ends, and what it does."""
        if start not in self._begun:
            self._begun[start] = tuple(self._phrases(start))
        return self._begun[start]

    def _phrases(self, start: int) -> Iterator[tuple[int, Part]]:
        word = self.words[start] if start < len(self.words) else ""
        found = {(end, part) for part, line in _beginning_with().get(word, ()) for end in self._line(line, start)}
        kind = max((end for end, part in found if part is Part.COURTESY), default=start)
        # “One” in “one kind regard” is no answer.
        yield from sorted(one for one in found if one[0] >= kind or one[1] not in (Part.ONE, Part.ZERO))
        yield from self._named_times(start)

    def _named_times(self, start: int) -> Iterator[tuple[int, Part]]:
        """Where the time of the visit is named, with a small word before it or without."""
        for place, part in ((start, Part.DAY), (start + 1, Part.ON_DAY)):
            if part is Part.ON_DAY and not _BEFORE_TIMES.issuperset(self.words[start : start + 1]):
                continue
            for each in self._times:
                if self.words[place : place + len(each)] == each:
                    yield place + len(each), Part.ON_DAY if each[0] == "as" else part

    def _line(self, line: _Line, start: int) -> set[int]:
        places = {start}
        for item in line.items:
            after = {end for place in places for choice in item.choices for end in self._choice(choice, place)}
            places = after | places if item.optional else after
            if not places:
                break
        return places - {start}

    def _choice(self, choice: "Words | str | _Line", start: int) -> frozenset[int] | set[int]:
        if isinstance(choice, tuple):
            end = start + len(choice)
            return {end} if self.words[start:end] == choice else set()
        if isinstance(choice, _Line):
            return self._line(choice, start)
        if (choice, start) not in self._known:
            ends = {end for line in _names()[choice] for end in self._line(line, start)}
            self._known[choice, start] = frozenset(ends)
        return self._known[choice, start]


def spelled(words: Sequence[str], named: Sequence[str] = ()) -> list[str]:
    """The words in the spelling of the grammar; a name that may be said is a courtesy."""
    row: list[str] = []
    for word in words:
        if word in named and word not in _vocabulary():
            row.append(SMILE)
        else:
            row.extend(_spellings().get(word) or (_forgiven(word),))
    return row


@cache
def _forgiven(word: str) -> str:
    """The long word that this is but for a letter inside; its beginning and its ending, which tells who, are right."""
    if len(word) < _SHORTEST_FORGIVEN or word in _vocabulary() or word in UNLIKE:
        return word
    near = {
        known
        for known in _vocabulary()
        if len(known) >= _SHORTEST_FORGIVEN
        and known[0] == word[0]
        and known[-2:] == word[-2:]
        and _one_off(word, known)
    }
    found = {_canonical(known)[0] for known in near}
    return found.pop() if len(found) == 1 else word


def _one_off(one: str, other: str) -> bool:
    """Whether one letter more, less or changed, or two changed over, make one word the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, others = one[start:], other[start:]
    swapped = rest[:2] == others[:2][::-1] and rest[2:] == others[2:]
    return swapped or rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]


# --- the grammar, read once ------------------------------------------------------------------------------------------


@cache
def _phrases() -> Mapping[Part, tuple[_Line, ...]]:
    return {part: _lines(written) for part, written in PHRASES.items()}


@cache
def _beginning_with() -> Mapping[str, Sequence[tuple[Part, _Line]]]:
    """The lines that can begin with a word."""
    found: dict[str, list[tuple[Part, _Line]]] = {}
    for part, lines in _phrases().items():
        for line in lines:
            for word in _first_words(line):
                found.setdefault(word, []).append((part, line))
    return found


@cache
def _first_words(line: _Line) -> frozenset[str]:
    words: set[str] = set()
    for item in line.items:
        for choice in item.choices:
            if isinstance(choice, tuple):
                words.add(choice[0])
            else:
                lines = (choice,) if isinstance(choice, _Line) else _names()[choice]
                words.update(*map(_first_words, lines))
        if not item.optional:
            break
    return frozenset(words)


@cache
def _names() -> Mapping[str, tuple[_Line, ...]]:
    return {name: _lines(written) for name, written in NAMES.items()}


def _lines(written: str) -> tuple[_Line, ...]:
    return tuple(_parsed(line) for line in written.splitlines() if line.strip())


def _parsed(line: str) -> _Line:
    items: list[_Item] = []
    for piece in re.findall(r"\[[^\]]*\]|\S+", line):
        if piece.startswith("["):
            items.append(_Item((_parsed(piece[1:-1]),), optional=True))
        else:
            items.append(_Item(tuple(_choice(each) for each in piece.split("|"))))
    return _Line(tuple(items))


def _choice(written: str) -> Words | str:
    if written.startswith("<"):
        return written[1:-1]
    return tuple(each for word in written.split("_") for each in _canonical(squeezed(word)))


def _first(word: str) -> str:
    return _canonical(word)[0]


def _canonical(word: str) -> Words:
    return _spellings().get(word) or (word,)


@cache
def _spellings() -> Mapping[str, Words]:
    return {
        squeezed(variant): tuple(map(squeezed, right.split("_")))
        for right, variants in SPELLINGS.items()
        for variant in variants.split()
    }


@cache
def _vocabulary() -> frozenset[str]:
    """Every word that the grammar knows."""
    written = [*PHRASES.values(), *NAMES.values()]
    words = {each for text in written for each in re.split(r"[\s|\[\]_]+", text) if each.isalpha()}
    known = {squeezed(word) for word in words} | set(_spellings())
    return frozenset(known - {BREAK, OTHER, QUESTION})
