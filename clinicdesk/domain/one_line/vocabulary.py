"""The clinic's own names as they are typed: beginnings, abbreviations, other words for the same, words left out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.one_line.phrases import near, word_set
from clinicdesk.domain.one_line.values import Choice
from clinicdesk.domain.patients import fold

_PARTICLES = word_set("de da do das dos e em com para a o as os the of and y la el las los up")
_TITLES = word_set("dr dra prof profa doutor doutora")

# What a counter says for what a price list writes; the right side is a word of the name, or begins one.
_OTHER_WORDS = {
    "botox": "toxina", "dysport": "toxina", "tox": "toxina", "preench": "preenchimento", "filler": "preenchimento",
    "hialuronico": "preenchimento", "acido": "preenchimento", "fisio": "fisioterapia", "physio": "fisioterapia",
    "psico": "psicoterapia", "terapia": "psicoterapia", "therapy": "psicoterapia", "derma": "dermatologica",
    "dermato": "dermatologica", "orto": "ortopedica", "nutri": "nutricional", "odonto": "odontologica",
    "dentista": "odontologica", "dentist": "odontologica", "dental": "odontologica", "gineco": "ginecologica",
    "cardio": "cardiologica", "1a": "primeira", "1o": "primeira", "first": "primeira", "primera": "primeira",
    "cons": "consulta", "cta": "consulta", "consultation": "consulta", "visit": "consulta", "visita": "consulta",
    "ret": "retorno", "follow": "retorno", "followup": "retorno", "revisao": "retorno", "revision": "retorno",
    "control": "retorno",
    "aval": "avaliacao", "assessment": "avaliacao", "evaluacion": "avaliacao", "rx": "raio", "raiox": "raio",
    "us": "ultrassom", "usg": "ultrassom", "ultra": "ultrassom", "ultrasound": "ultrassom", "bio": "bioimpedancia",
    "profilaxia": "limpeza", "limp": "limpeza", "cleaning": "limpeza", "limpieza": "limpeza", "skin": "pele",
    "piel": "pele", "clarear": "clareamento", "whitening": "clareamento", "blanqueamiento": "clareamento",
    "obturacao": "restauracao", "filling": "restauracao", "dente": "extracao", "arrancar": "extracao",
    "extraction": "extracao", "extraccion": "extracao", "knee": "joelho", "rodilla": "joelho", "sinal": "pinta",
    "mole": "pinta", "lunar": "pinta", "pos": "pos", "postop": "pos", "posop": "pos", "op": "operatorio",
    "curat": "curativo", "biop": "biopsia", "rot": "rotina", "protese": "protese", "couple": "casal",
    "pareja": "casal", "dreno": "drenagem", "linf": "linfatica", "plano": "plano", "infil": "infiltracao",
    "dermatology": "dermatologica", "depil": "depilacao", "micro": "microagulhamento", "massagem": "massagem",
}  # fmt: skip
_OTHERS = tuple(_OTHER_WORDS.items())
_ROOM_WORDS = word_set("sala sl s consultorio gabinete room rm sl.")


@dataclass(frozen=True)
class Named:
    """One thing of the clinic's with the words of its name, particles and titles left out."""

    id: UUID
    name: str
    words: tuple[str, ...]
    title: str = ""


def _named(key: UUID, name: str) -> Named:
    words = re.findall(r"[0-9a-z]+", fold(name))
    title = next((word for word in words[:1] if word in _TITLES), "")
    return Named(key, name, tuple(word for word in words if word not in _PARTICLES | _TITLES), title)


class Vocabulary:
    """A clinic's catalogue, ready to be found in lines. Make it once for a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.services = tuple(_named(one.id, one.name) for one in catalogue.services)
        self.professionals = tuple(_named(one.id, one.name) for one in catalogue.professionals)
        self.rooms = tuple(_named(one.id, one.name) for one in catalogue.rooms)
        self.equipment = tuple(_named(one.id, one.name) for one in catalogue.equipment)
        self._able = {one.id: frozenset(one.professional_ids) for one in catalogue.services}
        self._names = {one.id: one.name for one in (*self.services, *self.professionals, *self.rooms, *self.equipment)}

    def name(self, key: UUID) -> str:
        """What something of the catalogue is called."""
        return self._names[key]

    def does(self, professional_id: UUID, service_id: UUID) -> bool:
        """Whether a professional gives a service."""
        able = self._able[service_id]
        return not able or professional_id in able

    def fitting(self, services: Sequence[Choice], professionals: Sequence[Choice]) -> tuple[list[Choice], list[Choice]]:
        """Both, without what does not go with any of the other; left alone when nothing would be left."""
        if not services or not professionals:
            return list(services), list(professionals)
        kept = [one for one in services if any(self.does(who.id, one.id) for who in professionals)]
        who = [one for one in professionals if any(self.does(one.id, each.id) for each in services)]
        return (kept, who) if kept and who else (list(services), list(professionals))

    def numbered_rooms(self, word: str, number: str) -> tuple[Choice, ...] | None:
        """The rooms that `sala 2` may mean; None when the words do not speak of a room at all."""
        speaks = word in _ROOM_WORDS or any(
            len(word) > 2 and one.words and one.words[0].startswith(word) and one.words[-1].isdigit()
            for one in self.rooms
        )
        if not speaks or not number.isdigit():
            return None
        ending = [one for one in self.rooms if one.words and one.words[-1].lstrip("0") == number.lstrip("0")]
        same = [one for one in ending if one.words[0].startswith(word)]
        plain = [one for one in ending if word in _ROOM_WORDS and one.words[0] in _ROOM_WORDS]
        return tuple(Choice(one.id, 1.0) for one in same or plain)

    def named_rooms(self, words: Sequence[str]) -> tuple[Choice, ...]:
        """Rooms called exactly so: `laser`, `studio`."""
        wanted = tuple(words)
        return tuple(Choice(one.id, 1.0) for one in self.rooms if one.words == wanted)


def best(choices: Iterable[Choice]) -> tuple[UUID, ...]:
    """Those that fit as well as any."""
    ranked = list(choices)
    top = max((one.fit for one in ranked), default=0.0)
    return tuple(one.id for one in ranked if one.fit >= top - 0.02)


def typed_parts(words: Sequence[str]) -> list[str]:
    """The letters and figures of typed words, particles left out."""
    parts = [part for word in words for part in re.findall(r"[0-9a-z]+", word)]
    return [part for part in parts if part not in _PARTICLES]


def found_by(words: Sequence[str], names: Sequence[Named]) -> tuple[Choice, ...]:
    """What the typed words may name, best first: each word stands for another word of the name."""
    parts = typed_parts(words)
    if not parts or sum(len(part) for part in parts) < 2:
        return ()
    ranked = [(one, _fit(parts, one)) for one in names]
    found = [Choice(one.id, fit) for one, fit in ranked if fit > 0]
    return tuple(sorted(found, key=lambda choice: -choice.fit))


def _fit(parts: Sequence[str], named: Named) -> float:
    """How well the parts stand for words of one name; zero unless each of them does."""
    left = list(named.words)
    total, head = 0.0, False
    for part in parts:
        quality, word = max(((likeness(part, word), word) for word in left), default=(0.0, ""))
        if quality <= 0.5:
            return 0.0
        head = head or word == named.words[0]
        left.remove(word)
        total += quality
    return total + (0.25 if head else 0.0) + 0.3 * len(parts) / len(named.words)


@lru_cache(maxsize=65_536)
def likeness(typed: str, word: str) -> float:
    """How surely a typed word stands for a word of a name, from 0 to 1."""
    if typed == word:
        return 1.0
    other = _OTHER_WORDS.get(typed)
    if other and other != typed and word.startswith(other):
        return 0.95
    if len(typed) > 2 and word.startswith(typed):
        return 0.6 + 0.3 * len(typed) / len(word)
    if len(typed) > 4 and not typed.isdigit() and near(typed, word):
        return 0.55
    if len(typed) > 3 and any(len(key) > 4 and word.startswith(meant) and near(typed, key) for key, meant in _OTHERS):
        return 0.55
    return 0.0
