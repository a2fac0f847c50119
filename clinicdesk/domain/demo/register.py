"""What the demo clinic adds to its register: fields of its own and what they hold, tags, segments, who sent whom."""

import datetime as dt
import json
from random import Random
from typing import NamedTuple
from uuid import UUID

from clinicdesk.domain.custom_fields import CustomField, Entity, Kind
from clinicdesk.domain.demo.people import DemoPatient, new_key
from clinicdesk.domain.segments import (
    AgeBetween,
    Birthday,
    Condition,
    HasTags,
    LastVisit,
    NextVisit,
    NoShows,
    OwnText,
    Segment,
    Span,
    Visits,
)
from clinicdesk.domain.tags import Tag

_SEED = 7
_PLANS = ("Particular", "Unimed", "Bradesco Saúde", "SulAmérica", "Amil")
_TRADES = ("Professora", "Engenheiro", "Aposentada", "Estudante", "Advogada", "Motorista", "Designer", "Enfermeira")
# name, hue, and how many of a thousand patients have it
_TAGS = (
    ("Prefere WhatsApp", 155, 90),
    ("Indica amigos", 65, 50),
    ("Gestante", 340, 15),
    ("Pós-operatório", 265, 25),
    ("Pacote de sessões", 200, 60),
    ("Cobrar retorno", 310, 30),
)
_KEPT_TAGS = ("Prefere WhatsApp", "Pacote de sessões")  # of whom the first screen shows
_REFERRED = "Indicação"
_TWICE = 9  # so many people stand in the register twice


class DemoRegister(NamedTuple):
    """What is loaded after the patients; the patients come with what their own fields hold."""

    patients: list[DemoPatient]
    fields: tuple[CustomField, ...]
    tags: tuple[Tag, ...]
    tagged: tuple[tuple[UUID, UUID], ...]  # patient and tag
    segments: tuple[Segment, ...]


def furnish_register(patients: list[DemoPatient], named: int, today: dt.date, dawn: dt.datetime) -> DemoRegister:
    """Fields, tags and segments for these patients; the first `named` are seen first and have a little of all.

    It draws from a seed of its own, so that the rest of the demo stays as it was.
    """
    random = Random(_SEED)
    patients = _registered_twice(random, patients, named)
    fields = _fields(random, dawn)
    tags = tuple(Tag(new_key(random, dawn), name, hue) for name, hue, _often in _TAGS)
    tagged: list[tuple[UUID, UUID]] = []
    filled: list[DemoPatient] = []
    for place, one in enumerate(patients):
        first = place < named
        for tag, (name, _hue, often) in zip(tags, _TAGS, strict=True):
            if random.random() * 1000 < often or (first and name in _KEPT_TAGS and random.random() < 0.4):
                tagged.append((one.id, tag.id))
        held = json.dumps(_held(random, fields, today, first), ensure_ascii=False)
        filled.append(one._replace(custom=held, referred_by=_sent_by(random, one, filled)))
    return DemoRegister(filled, fields, tags, tuple(tagged), _segments(random, dawn, fields, tags))


def _registered_twice(random: Random, patients: list[DemoPatient], named: int) -> list[DemoPatient]:
    """A few of the last ones stand for somebody else of the register, in other words: a second desk did not search."""
    guardians = {one.guardian_id for one in patients}
    adults = [
        one for one in patients if one.guardian_id is None and one.phone and one.birth_date and not one.social_name
    ]
    spare = [one for one in patients[named:] if one.guardian_id is None and one.id not in guardians][-_TWICE:]
    if len(spare) < _TWICE or len(adults) < 4 * _TWICE:
        return patients
    dulce = [one for one in patients[:named] if one.full_name.startswith("Dulce")]
    twice = [*dulce, *random.sample([one for one in adults[named:-_TWICE] if one not in spare], _TWICE)]
    seconds = {gone.id: _again(random, one, gone) for gone, one in zip(spare, twice, strict=False)}
    return [seconds.get(one.id, one) for one in patients]


def _again(random: Random, one: DemoPatient, gone: DemoPatient) -> DemoPatient:
    words = one.full_name.split()
    short = " ".join(word if place in (0, len(words) - 1) else f"{word[0]}." for place, word in enumerate(words))
    name = random.choice((one.full_name, short if len(words) > 2 else one.full_name.replace("ss", "s")))
    if one.full_name.startswith("Dulce"):
        name = "Dulce Fontoura de Albuquerque"
    same_phone = name != one.full_name or random.random() < 0.5
    return gone._replace(
        full_name=name,
        phone=one.phone if same_phone else gone.phone,
        birth_date=None if same_phone and random.random() < 0.5 else one.birth_date,
        cpf="",
        social_name="",
    )


def _fields(random: Random, dawn: dt.datetime) -> tuple[CustomField, ...]:
    plan = (
        ("Convênio", Kind.CHOICE, _PLANS),
        ("Carteirinha válida até", Kind.DATE, ()),
        ("Profissão", Kind.TEXT, ()),
        ("Autoriza uso de imagem", Kind.YES_NO, ()),
        ("Distância (km)", Kind.NUMBER, ()),
    )
    return tuple(
        CustomField(new_key(random, dawn), Entity.PATIENT, name, kind, choices, place)
        for place, (name, kind, choices) in enumerate(plan)
    )


def _held(random: Random, fields: tuple[CustomField, ...], today: dt.date, first: bool) -> dict[str, object]:
    plan, card, trade, picture, far = (str(one.id) for one in fields)
    held: dict[str, object] = {}
    if first or random.random() < 0.7:
        held[plan] = random.choice(_PLANS)
        if held[plan] != _PLANS[0]:
            held[card] = (today + dt.timedelta(days=random.randrange(-40, 700))).isoformat()
    if first or random.random() < 0.4:
        held[trade] = random.choice(_TRADES)
    if random.random() < 0.5:
        held[picture] = random.random() < 0.6
    if random.random() < 0.3:
        held[far] = f"{random.randrange(5, 300) / 10:.1f}"
    return held


def _sent_by(random: Random, one: DemoPatient, earlier: list[DemoPatient]) -> UUID | None:
    wanted = one.source == _REFERRED and random.random() < 0.6
    friend = random.choice(earlier) if earlier and wanted else None
    return friend.id if friend is not None and friend.id != one.guardian_id else None


def _segments(
    random: Random, dawn: dt.datetime, fields: tuple[CustomField, ...], tags: tuple[Tag, ...]
) -> tuple[Segment, ...]:
    plan: tuple[tuple[str, tuple[Condition, ...]], ...] = (
        ("Sumidos há seis meses", (LastVisit(180), NextVisit(False))),
        ("Faltaram duas vezes ou mais", (NoShows(2),)),
        ("Aniversariantes do mês", (Birthday(Span.THIS_MONTH),)),
        ("Gestantes", (HasTags((tags[2].id,)),)),
        ("Unimed sem retorno marcado", (OwnText(fields[0].id, ("Unimed",)), NextVisit(False), Visits(1))),
        ("60 anos ou mais", (AgeBetween(60),)),
    )
    return tuple(Segment(new_key(random, dawn), name, definition) for name, definition in plan)
