"""Rules over folded words: a pattern that ends at a word's end, and what it says."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Said = TypeVar("Said")

_UNITS = {
    "um": 1, "uma": 1, "one": 1, "un": 1, "una": 1, "an": 1, "dois": 2, "duas": 2, "two": 2, "dos": 2,
    "tres": 3, "three": 3, "quatro": 4, "four": 4, "cuatro": 4, "cinco": 5, "five": 5, "seis": 6, "six": 6,
    "sete": 7, "seven": 7, "siete": 7, "oito": 8, "eight": 8, "ocho": 8, "nove": 9, "nine": 9, "nueve": 9,
    "dez": 10, "ten": 10, "diez": 10, "onze": 11, "eleven": 11, "once": 11, "doze": 12, "twelve": 12, "doce": 12,
    "quinze": 15, "fifteen": 15, "quince": 15, "vinte": 20, "twenty": 20, "veinte": 20, "trinta": 30, "thirty": 30,
    "treinta": 30, "quarenta": 40, "forty": 40, "cuarenta": 40, "quarenta e cinco": 45, "quarter": 15, "cuarto": 15,
    "meia": 30, "media": 30, "half": 30,
}  # fmt: skip
NUMBER = r"(?:\d{1,3}|" + "|".join(sorted(_UNITS, key=len, reverse=True)) + ")"


@dataclass(frozen=True)
class Phrase(Generic[Said]):
    """One rule: `says` turns the match into a value, or into None when the figures make no sense."""

    pattern: re.Pattern[str]
    says: Callable[[re.Match[str]], Said | None]
    score: float


def phrase(pattern: str, says: Callable[[re.Match[str]], Said | None], score: float) -> Phrase[Said]:
    """A rule; the pattern is anchored at the start and has to end where a word ends."""
    return Phrase(re.compile(rf"(?:{pattern})(?= |$)"), says, score)


def matches(rules: list[Phrase[Said]], words: str) -> Iterator[tuple[int, Said, float]]:
    """How many words each fitting rule takes from the start of `words`, what it says, and how surely."""
    for rule in rules:
        found = rule.pattern.match(words)
        if found is None:
            continue
        said = rule.says(found)
        if said is not None:
            taken = found.group().count(" ") + 1
            yield taken, said, rule.score + 0.4 * (taken - 1)


def word_set(text: str) -> frozenset[str]:
    """The words of a text; a column of ninety of them would hide what they are."""
    return frozenset(text.split())


def number(text: str) -> int:
    """A number in figures or in words."""
    return int(text) if text.isdigit() else _UNITS[text]


def near(typed: str, meant: str) -> bool:
    """Whether one slip of the hand lies between: a letter too many, too few, another one, or two swapped."""
    if abs(len(typed) - len(meant)) > 1 or typed == meant:
        return False
    first = next((at for at, (one, other) in enumerate(zip(typed, meant, strict=False)) if one != other), None)
    if first is None:
        return True
    if len(typed) == len(meant):
        swapped = typed[first : first + 2] == meant[first : first + 2][::-1]
        return typed[first + 1 :] == meant[first + 1 :] or (swapped and typed[first + 2 :] == meant[first + 2 :])
    longer, shorter = (typed, meant) if len(typed) > len(meant) else (meant, typed)
    return longer[first + 1 :] == shorter[first:]
