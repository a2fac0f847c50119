"""The best ways to read a line: every word belongs to one piece, and no kind of piece is said twice."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from clinicdesk.domain.one_line.phrases import word_set
from clinicdesk.domain.one_line.pieces import Piece, Pieces
from clinicdesk.domain.one_line.tokens import MOST_WORDS, Word, split
from clinicdesk.domain.one_line.values import Choice, Days, Hours, Kind, Reading, Token
from clinicdesk.domain.one_line.vocabulary import Vocabulary, best

_BEAM = 24
_MOST_READINGS = 3
_MARGIN = 1.6  # how much less sure another reading may be and still be worth offering
_CLOSE = 1.3  # what it costs when a professional's bare name and a patient's touch
_LONG_NAME = 6  # words; more of them are no surer a name
_EARLY = 0.3  # … and when it stands before any patient's, because people say the patient first
_MARKED = 2.4
_CERTAIN = 3.6
_FOR = word_set("para pra p/ for paciente pac cliente sra sr srta seu dona patient")
_PARTICLES = word_set("de da do das dos e di del d")
_GRAMMAR = frozenset({Kind.DAY, Kind.TIME, Kind.HOURS, Kind.LENGTH, Kind.ROOM, Kind.OVERBOOKING, Kind.MOVE, Kind.PHONE})
_THINGS = frozenset({Kind.SERVICE, Kind.ROOM, Kind.EQUIPMENT})
_REPEATED = frozenset({Kind.PERSON, Kind.FILLER, Kind.UNREAD})


@dataclass(frozen=True, slots=True)
class _Path:
    """A way to read the words up to some point."""

    score: float
    pieces: tuple[Piece, ...]
    kinds: frozenset[Kind]

    def after(self, piece: Piece, score: float) -> "_Path":
        return _Path(self.score + score, (*self.pieces, piece), self.kinds | {piece.kind})


def read(line: str, vocabulary: Vocabulary, today: dt.date) -> tuple[Reading, ...]:
    """The readings of a line, the likeliest first; at least one, for any text. `today` is the clinic's local day."""
    words, note, note_begins = split(line)
    kept = words[:MOST_WORDS]
    paths = _paths(kept, Pieces(kept, vocabulary, today))
    readings: list[Reading] = []
    least = _whole(paths[0]) - _MARGIN
    for path in paths:
        if len(readings) == _MOST_READINGS or _whole(path) < least:
            break
        found = _reading(path, line, words, vocabulary, note, note_begins)
        if found not in readings:
            readings.append(found)
    return tuple(readings)


def _paths(words: Sequence[Word], pieces: Pieces) -> list[_Path]:
    reached: list[list[_Path]] = [[] for _word in range(len(words) + 1)]
    reached[0] = [_Path(0.0, (), frozenset())]
    for at in range(len(words)):
        beam = sorted(reached[at], key=lambda path: -path.score)[:_BEAM]
        begins = pieces.at(at)
        strong = any(one.score >= (1.5 if one.kind in _GRAMMAR else _CERTAIN) for one in begins)
        named = any(one.kind in _THINGS and one.score >= 0.8 for one in begins)
        for path in beam:
            for piece in begins:
                if piece.kind not in path.kinds and not _said_already(piece, path):
                    reached[piece.end].append(path.after(piece, piece.score - _beside_name(piece, path)))
            for piece in _alone(words, at, pieces, path, strong, named):
                reached[at + 1].append(path.after(piece, piece.score))
    return sorted(reached[-1], key=lambda path: -_whole(path))


def _said_already(piece: Piece, path: _Path) -> bool:
    """An exact time leaves no part of the day to choose, unless it is only that: `15h à tarde` is one time."""
    return piece.kind is Kind.LENGTH and any(
        isinstance(one.value, Hours) and one.value.minutes for one in path.pieces if one.kind is Kind.TIME
    )


def _beside_name(piece: Piece, path: _Path) -> float:
    """A professional's name right after a patient's, with nothing between, may well be the patient's own."""
    if piece.kind is not Kind.PROFESSIONAL or piece.score >= _MARKED:
        return 0.0
    touches = bool(path.pieces) and path.pieces[-1].kind is Kind.PERSON
    return _CLOSE if touches else 0.0 if Kind.PERSON in path.kinds else _EARLY


def _is_short(path: _Path) -> bool:
    last = path.pieces[-_LONG_NAME:]
    return len(last) < _LONG_NAME or any(one.kind is not Kind.PERSON for one in last)


def _cuts_a_name(path: _Path, at: int, pieces: Pieces) -> bool:
    """Whether the professional read last may be called by this word too: “com Helena Prado” names nobody beside her."""
    last = path.pieces[-1] if path.pieces else None
    return (
        last is not None
        and last.kind is Kind.PROFESSIONAL
        and any(one.kind is Kind.PROFESSIONAL and one.end > at for one in pieces.at(last.first))
    )


def _is_bare_name(path: _Path) -> bool:
    """Whether what was read last is a professional's name without a mark."""
    last = path.pieces[-1] if path.pieces else None
    return last is not None and last.kind is Kind.PROFESSIONAL and last.score < _MARKED


def _alone(words: Sequence[Word], at: int, pieces: Pieces, path: _Path, strong: bool, named: bool) -> list[Piece]:
    """What a word may be by itself: part of the name, nothing at all, or not understood."""
    word = words[at]
    goes_on = bool(path.pieces) and path.pieces[-1].kind is Kind.PERSON and not words[path.pieces[-1].first].quoted
    filler = pieces.is_filler(at)
    options = [Piece(at, at + 1, Kind.UNREAD, None, -1.7)]
    if filler:
        options = [Piece(at, at + 1, Kind.FILLER, None, 0.0)]
    if word.quoted:
        return [Piece(at, at + 1, Kind.PERSON, None, 3.0)]
    if any(letter.isdigit() for letter in word.plain) or not any(letter.isalpha() for letter in word.plain):
        return options
    if strong and not goes_on:
        return options  # a day or an hour is part of a name only inside one: “Rosa Quinta”
    against = 1.3 if strong else 0.5 if named and not goes_on else 0.0
    against += 1.0 if _cuts_a_name(path, at, pieces) else 0.0
    name = Piece(at, at + 1, Kind.PERSON, None, _name_score(words, path, goes_on, filler) - against)
    if filler:
        return [name] if goes_on and word.plain in _PARTICLES else options
    return [*options, name]


def _name_score(words: Sequence[Word], path: _Path, goes_on: bool, particle: bool) -> float:
    if goes_on:
        return 0.05 if particle else 0.3 if _is_short(path) else 0.0
    if Kind.PERSON in path.kinds:
        whole = any(one.kind is Kind.PERSON and words[one.first].quoted for one in path.pieces)
        return -2.5 if whole else -0.5
    last = path.pieces[-1] if path.pieces else None
    if last is not None and last.kind is Kind.FILLER and words[last.first].plain in _FOR:
        return 1.6
    opens = all(one.kind in (Kind.FILLER, Kind.MOVE) for one in path.pieces)
    return 1.4 if opens else 1.0 - (_CLOSE if _is_bare_name(path) else 0.0)


def _whole(path: _Path) -> float:
    """Somebody has to be there for a booking; a line without anybody is read so only if nothing else fits."""
    return path.score - (0.0 if path.kinds & {Kind.PERSON, Kind.PHONE} else 0.4)


# --- from pieces to a reading ---


def _reading(
    path: _Path, line: str, words: Sequence[Word], vocabulary: Vocabulary, note: str, note_begins: int
) -> Reading:
    said = {one.kind: one for one in path.pieces if one.kind not in _REPEATED}
    services, people = vocabulary.fitting(_choices(said, Kind.SERVICE), _choices(said, Kind.PROFESSIONAL))
    who = best(people)
    # Who is meant decides among services that are called alike, as it will when the line is written out.
    meant, _who = vocabulary.fitting(services, [one for one in people if one.id in who])
    days = said[Kind.DAY].value if Kind.DAY in said else None
    hours, minutes = _hours(said)
    phone = said[Kind.PHONE].value if Kind.PHONE in said else ""
    tokens = _tokens(path, line, words, {Kind.SERVICE: tuple(services), Kind.PROFESSIONAL: tuple(people)})
    if note_begins < len(line):
        tokens = (*tokens, Token(Kind.NOTE, note_begins, len(line), line[note_begins:], note))
    return Reading(
        patient=" ".join(one.text for one in tokens if one.kind is Kind.PERSON),
        phone=phone if isinstance(phone, str) else "",
        service_ids=best(meant),
        professional_ids=who,
        room_ids=best(_choices(said, Kind.ROOM)),
        equipment_ids=best(_choices(said, Kind.EQUIPMENT)),
        days=days if isinstance(days, Days) else None,
        hours=hours,
        minutes=minutes,
        overbooking=Kind.OVERBOOKING in said,
        follow_up=Kind.FOLLOW_UP in said,
        moving=Kind.MOVE in said,
        note=note,
        tokens=tokens,
        score=_whole(path),
    )


def _choices(said: dict[Kind, Piece], kind: Kind) -> tuple[Choice, ...]:
    value = said[kind].value if kind in said else ()
    return value if isinstance(value, tuple) else ()


def _hours(said: dict[Kind, Piece]) -> tuple[Hours, int]:
    """The time and the length that were said. A part of the day beside an exact time only says which half."""
    exact = said[Kind.TIME].value if Kind.TIME in said else None
    stretch = said[Kind.HOURS].value if Kind.HOURS in said else None
    length = said[Kind.LENGTH].value if Kind.LENGTH in said else 0
    minutes = length if isinstance(length, int) else 0
    if isinstance(exact, Hours) and exact.start is not None:
        return Hours(_in_part(exact.start, stretch)), exact.minutes or minutes
    return (stretch if isinstance(stretch, Hours) else Hours()), minutes


def _in_part(start: dt.time, stretch: object) -> dt.time:
    """`9h … à noite` is 21:00."""
    if isinstance(stretch, Hours) and start.hour < 12 <= stretch.earliest.hour and start.hour >= 7:
        return start.replace(hour=start.hour + 12)
    return start


def _tokens(
    path: _Path, line: str, words: Sequence[Word], fitting: dict[Kind, tuple[Choice, ...]]
) -> tuple[Token, ...]:
    """The pieces with their places; words of a name that stand together are one, and its loose ends say nothing."""
    found: list[Token] = []
    for piece in path.pieces:
        start, end = words[piece.first].start, words[piece.end - 1].end
        value = fitting.get(piece.kind, piece.value) if piece.value else piece.value
        quoted = piece.kind is Kind.PERSON and words[piece.first].quoted
        text = words[piece.first].text if quoted else line[start:end]
        if piece.kind is Kind.PERSON:
            text = text if quoted else words[piece.first].text.strip(".,;:!?()[]{}…")
            last = found[-1] if found else None
            if last and last.kind is Kind.PERSON and piece.first and words[piece.first - 1].end == last.end:
                found[-1] = Token(Kind.PERSON, last.start, end, f"{last.text} {text}")
                continue
        found.append(Token(piece.kind, start, end, text, value))
    rest = words[len(words[:MOST_WORDS]) :]
    found.extend(Token(Kind.UNREAD, one.start, one.end, one.text) for one in rest)
    return tuple(_without_loose_end(one, line) for one in found)


def _without_loose_end(token: Token, line: str) -> Token:
    """`ana de` is Ana: what follows the particle was something else."""
    if token.kind is not Kind.PERSON:
        return token
    words = token.text.split()
    while len(words) > 1 and words[-1].lower() in _PARTICLES and not line[token.start : token.end].endswith('"'):
        words.pop()
    return Token(Kind.PERSON, token.start, token.end, " ".join(words))
