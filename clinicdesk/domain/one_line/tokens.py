"""A line as words with their places, the note after “//” apart."""

import re
from dataclasses import dataclass

from clinicdesk.domain.patients import fold

MOST_WORDS = 40  # what follows is not read any more: nobody dictates that

_NOTE = re.compile(r"(?:^|(?<=\s))//|(?<!:)//(?=\s|$)")
_WORD = re.compile(r'"[^"]*"?|[^\s,;"]+')
_GLUED = re.compile(r"((?:[cp]/)|@|(?:[^\W\d_]{3,}|as|às|sl?)(?=\d))(.+)", re.DOTALL | re.IGNORECASE)
_EDGE = ".,;:!?()[]{}…"


@dataclass(frozen=True, slots=True)
class Word:
    """One word: where it stands, as typed, and folded with and without punctuation at its edges."""

    start: int
    end: int
    text: str
    folded: str
    plain: str
    quoted: bool = False


def split(line: str) -> tuple[list[Word], str, int]:
    """The words, the note, and where the note begins (the line's end when there is none)."""
    mark = _NOTE.search(line)
    head, note, begins = (line[: mark.start()], line[mark.end() :], mark.start()) if mark else (line, "", len(line))
    words: list[Word] = []
    for found in _WORD.finditer(head):
        words.extend(_parts(found.group(), found.start()))
    return words, " ".join(note.split()), begins


def _parts(text: str, start: int) -> list[Word]:
    """A word, cut where people leave out the space: `c/carla`, `qui15h`, `sala2`."""
    if text.startswith('"'):
        inner = " ".join(text.strip('"').split())
        return [Word(start, start + len(text), inner, fold(inner), fold(inner), True)] if inner else []
    glued = _GLUED.fullmatch(text)
    if glued is None:
        return [_word(text, start)]
    return [_word(glued.group(1), start), *_parts(glued.group(2), start + glued.start(2))]


def _word(text: str, start: int) -> Word:
    folded = fold(text)
    return Word(start, start + len(text), text, folded, folded.strip(_EDGE))
