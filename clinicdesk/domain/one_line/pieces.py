"""Every piece that a line may hold, where it may stand, and how surely."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from clinicdesk.domain.one_line import times
from clinicdesk.domain.one_line.days import corrected, day_words
from clinicdesk.domain.one_line.phrases import word_set
from clinicdesk.domain.one_line.tokens import Word
from clinicdesk.domain.one_line.values import Choice, Kind, Value
from clinicdesk.domain.one_line.vocabulary import Vocabulary, found_by, likeness, typed_parts

LONGEST = 8  # words of one piece

_FILLERS = word_set(
    "a o as os ao na no nas nos em de da do das dos e y com con with c/ p/ para pra pro por for at on in the "
    "el la los las - – — & + @ c um uma favor pf pfv pfvr please porfa agendar agenda agende marcar marca "
    "marque reservar reserva reserve book schedule nova novo cita turno consultorio horario hora "
    "horas hs h vaga paciente pac cliente patient sr sra srta dona dia dr dra quer gostaria pode ser oi ola "
    "hi hello to del al = | . > an quero seu que q vem agendamento appointment fazer encaixa"
)
_WEAK_MARKS = word_set("com c/ c con with @")
_TITLES = word_set("dr dra doutor doutora prof profa doctor doctora")
_ARTICLES = word_set("a o la el")
_WOMEN = word_set("dra doutora profa doctora")
_SQUEEZED = re.compile(
    r"(?:de |um |como |so |por )?(?:encaixe|encaixar|encaixa|encaixo|enc|squeeze in|squeeze|overbook|overbooking|"
    r"sobreturno|sobrecupo)(?= |$)"
)
_RETURNING = re.compile(r"(?:de |p/ |para |pra )?(?:retorno|ret|follow[- ]?up|followup|control)(?= |$)")
_MOVING = re.compile(
    r"(?:remarcar|remarca|remarque|reagendar|reagenda|mover|mova|mudar|muda|mude|passar|passa|passe|adiar|adia|antecipar|"
    r"transferir|reschedule|move|postpone|reprogramar|reprograma|cambiar|posponer)(?= |$)"
)
_PHONE = re.compile(
    r"(?:(?:tel|fone|cel|celular|telefone|whats|whatsapp|zap|phone|telefono)[:.]? )?"
    r"((?:\+?55 ?)?\(?0?\d{2}\)? ?9? ?\d{4}[- .]?\d{4}|9 ?\d{4}[- .]?\d{4})(?= |$|[,;.])"
)
_EQUIPMENT_MARKS = word_set("aparelho maquina equipamento equip machine equipo")
_ROOM_MARKS = word_set("sala room gabinete consultorio")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words `first` to `end` may be a piece of this kind; `score` weighs it against the other ways to read them."""

    first: int
    end: int
    kind: Kind
    value: Value
    score: float


class Pieces:
    """What every word of one line may begin."""

    def __init__(self, words: Sequence[Word], vocabulary: Vocabulary, today: dt.date) -> None:
        self._words = words
        self._vocabulary = vocabulary
        self._days = day_words(today)
        self._plain = [one.plain or one.folded for one in words]

    def at(self, first: int) -> list[Piece]:
        """Every piece that begins at a word; a quoted word is a name and nothing else."""
        if self._words[first].quoted:
            return []
        found = [
            *self._when(first),
            *self._flags(first),
            *self._phone(first),
            *self._service(first),
            *self._professional(first),
            *self._room(first),
            *self._equipment(first),
        ]
        return [one for one in found if not any(word.quoted for word in self._words[one.first : one.end])]

    def is_filler(self, at: int) -> bool:
        """Whether a word alone says nothing."""
        word = self._words[at]
        return not word.quoted and (word.plain in _FILLERS or not word.plain)

    # --- when ---

    def _when(self, first: int) -> Iterator[Piece]:
        words = self._joined(first)
        for taken, days, score in self._days.found(words):
            yield Piece(first, first + taken, Kind.DAY, days, score)
        slipped = self._slipped_at(first)
        if slipped != words:
            for taken, days, score in self._days.found(slipped):
                yield Piece(first, first + taken, Kind.DAY, days, score - 1.0)
        for taken, hours, score in times.exact(words):
            yield Piece(first, first + taken, Kind.TIME, hours, score)
        for taken, hours, score in times.stretches(words):
            yield Piece(first, first + taken, Kind.HOURS, hours, score)
        for taken, minutes, score in times.lengths(words):
            yield Piece(first, first + taken, Kind.LENGTH, minutes, score)

    def _joined(self, first: int) -> str:
        return " ".join(self._plain[first : first + LONGEST])

    @cached_property
    def _slipped(self) -> list[str]:
        return [corrected(word) for word in self._plain]

    def _slipped_at(self, first: int) -> str:
        # The first word has to be the slip, or a mark before it: otherwise the piece begins further on.
        near = self._slipped[first : first + 3]
        return (
            " ".join(self._slipped[first : first + LONGEST])
            if near != self._plain[first : first + 3]
            else (self._joined(first))
        )

    # --- flags and phone ---

    def _flags(self, first: int) -> Iterator[Piece]:
        words = self._joined(first)
        squeezed = _SQUEEZED.match(words)
        if squeezed:
            yield Piece(first, first + squeezed.group().count(" ") + 1, Kind.OVERBOOKING, None, 2.5)
        if _MOVING.match(words):
            yield Piece(first, first + 1, Kind.MOVE, None, 2.0)
        returning = _RETURNING.match(words)
        if returning:
            yield Piece(first, first + returning.group().count(" ") + 1, Kind.FOLLOW_UP, None, 1.2)

    def _phone(self, first: int) -> Iterator[Piece]:
        words = " ".join(one.folded for one in self._words[first : first + LONGEST])
        found = _PHONE.match(words)
        if found:
            digits = re.sub(r"\D", "", found[1])
            yield Piece(first, first + found.group().count(" ") + 1, Kind.PHONE, digits, 7.0)

    # --- the clinic's names ---

    def _service(self, first: int) -> Iterator[Piece]:
        parts = typed_parts(self._plain[first : first + 1])
        if not parts or self.is_filler(first):
            return
        for end in self._ends(first, 5):
            words = self._plain[first:end]
            found = found_by(words, self._vocabulary.services)
            if not found:
                # A particle at the end is no reason to stop; a word that fits no name is.
                if not typed_parts(words[-1:]):
                    continue
                return
            if typed_parts(words[-1:]):
                yield Piece(first, end, Kind.SERVICE, found, self._service_score(words, found))

    def _service_score(self, words: Sequence[str], found: Sequence[Choice]) -> float:
        parts = typed_parts(words)
        fit = found[0].fit
        head = any(likeness(parts[0], one.words[0]) for one in self._vocabulary.services if one.words)
        return 1.5 * fit + 0.5 * (len(parts) - 1) - (0.0 if head else 0.9) - (0.4 if len(parts[0]) < 4 else 0.0)

    def _professional(self, first: int) -> Iterator[Piece]:
        at, mark, title = self._marks(first)
        everybody = self._vocabulary.professionals
        titled = [one for one in everybody if one.title and title and (one.title in _WOMEN) == (title in _WOMEN)]
        known = False
        for end in self._ends(at, 4):
            words = self._plain[at:end]
            if self.is_filler(at) or not typed_parts(words[:1]) or not typed_parts(words[-1:]):
                continue
            found = found_by(words, titled) or found_by(words, everybody)
            if found:
                known = True
                yield Piece(first, end, Kind.PROFESSIONAL, found, _person_score(mark, found, len(typed_parts(words))))
        if title and not known and at < len(self._plain) and self._plain[at].isalpha():
            yield Piece(first, at + 1, Kind.PROFESSIONAL, (), 1.6)

    def _marks(self, first: int) -> tuple[int, float, str]:
        """Past the marks of a professional (`com a dra`): where the name begins, how strong they are, the title."""
        at, strength, title = first, 0.0, ""
        if at < len(self._plain) and self._plain[at] in _WEAK_MARKS:
            at, strength = at + 1, 1.1
            if at < len(self._plain) and self._plain[at] in _ARTICLES:
                at += 1
        if at < len(self._plain) and self._plain[at] in _TITLES:
            title, at, strength = self._plain[at], at + 1, 1.6
        return at, strength, title

    def _room(self, first: int) -> Iterator[Piece]:
        at = first + (self._plain[first] in ("na", "no", "em", "in"))
        words = self._plain[at:]
        lead = at - first
        if len(words) > 1:
            numbered = self._vocabulary.numbered_rooms(words[0], words[1])
            if numbered is not None:
                yield Piece(first, at + 2, Kind.ROOM, numbered, 3.0 + 0.1 * lead)
            if words[0] in _ROOM_MARKS:
                skip = 2 if words[1] in ("do", "da", "de") else 1
                for end in (skip + 1, skip + 2):
                    called = self._vocabulary.named_rooms(words[skip:end])
                    if called and end <= len(words):
                        yield Piece(first, at + end, Kind.ROOM, called, 3.0)
        if words and (called := self._vocabulary.named_rooms(words[:1])):
            yield Piece(first, at + 1, Kind.ROOM, called, 1.9 if lead else 0.8)
        if len(words) > 1 and (called := self._vocabulary.named_rooms(words[:2])):
            yield Piece(first, at + 2, Kind.ROOM, called, 2.9)

    def _equipment(self, first: int) -> Iterator[Piece]:
        marked = self._plain[first] in _EQUIPMENT_MARKS
        at = first + marked
        for end in self._ends(at, 3):
            words = self._plain[at:end]
            if typed_parts(words[:1]) and typed_parts(words[-1:]):
                found = found_by(words, self._vocabulary.equipment)
                if found:
                    sure = (4.0 if marked else 0.9) * min(1.0, found[0].fit)
                    yield Piece(first, end, Kind.EQUIPMENT, found, sure + 0.6 * (len(typed_parts(words)) - 1))

    def _ends(self, first: int, most: int) -> range:
        return range(first + 1, min(first + most, len(self._plain)) + 1)


def _person_score(mark: float, found: Sequence[Choice], parts: int) -> float:
    """Of a name alone, half of it typed is a weak hint; a mark before it, or more of the name, a strong one."""
    whole = min(1.0, (found[0].fit - 0.4) / parts)
    return mark + (1.4 if whole > 0.7 else 0.8) + 0.8 * (parts - 1)
