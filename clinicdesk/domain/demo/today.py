"""The day one looks at first: five professionals of the first unit, hour by hour, as it stands at 10:18."""

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.demo.catalogue import PAULISTA
from clinicdesk.domain.demo.diary import Held
from clinicdesk.domain.demo.keys import ZONE, House
from clinicdesk.domain.demo.people import DemoAlert, DemoPatient, cpf_of, new_key, phone_of
from clinicdesk.domain.demo.visits import DemoVisit, Place, make_visit
from clinicdesk.domain.hours import instant

_STATUS = {
    "done": Status.COMPLETED,
    "missed": Status.NO_SHOW,
    "now": Status.IN_PROGRESS,
    "here": Status.CHECKED_IN,
    "yes": Status.CONFIRMED,
    "ask": Status.PENDING,
    "off": Status.CANCELLED,
}

# position of the professional | from–to | patient | service | room | status | minutes waited or note
_DAY = """
    0|08:00-08:30|Beatriz Nóbrega|Retorno dermatológico|Sala 2|done|
    0|08:30-09:15|João Vitor Araújo|Consulta dermatológica|Sala 2|done|
    0|09:45-10:30|Sônia Galvão Pires|Toxina botulínica|Sala 2|now|
    0|10:30-11:00|Matheus Brandão|Avaliação de pinta|Sala 2|here|12
    0|11:15-12:00|Conceição Álvares|Consulta dermatológica|Sala 2|yes|
    0|14:00-15:00|Rafael Guimarães|Laser fracionado|Laser|yes|Sessão 3 de 6
    0|15:00-15:15|Iara Tupinambá|Curativo|Sala 2|yes|
    0|15:30-16:15|Maria do Socorro Lima|Toxina botulínica|Sala 2|ask|
    0|16:30-17:00|Heloísa Bittencourt|Retorno dermatológico|Sala 2|ask|
    1|08:30-09:00|Antônio Siqueira|Pós-operatório|Sala 4|missed|
    1|09:00-09:45|Patrícia Lemos|Consulta ortopédica|Sala 4|done|
    1|10:00-10:30|Igor Valença|Infiltração|Sala 4|now|
    1|10:45-11:30|Dulce Maria Fontoura de Albuquerque|Consulta ortopédica|Sala 4|yes|
    1|13:30-14:00|Éverton Lins|Retorno ortopédico|Sala 4|yes|
    1|14:15-15:00|Gabriela Monteiro|Avaliação de joelho|Sala 4|ask|
    1|15:15-16:00|Wellington Sampaio|Consulta ortopédica|Sala 4|yes|
    1|16:15-16:45|Noemi Peixoto|Retorno ortopédico|Sala 4|off|
    1|16:15-17:00|Kenji Watanabe|Consulta ortopédica|Sala 4|ask|
    2|09:00-10:00|Luísa Cavalcanti|Primeira consulta nutricional|Sala 1|done|
    2|10:15-11:00|Otávio Reis|Bioimpedância|Sala 1|here|20
    2|11:00-11:45|Natália Peçanha|Retorno nutricional|Sala 1|yes|
    2|14:30-15:30|Tomás Figueiredo|Primeira consulta nutricional|Sala 1|yes|
    2|15:45-16:30|Zilda Abdalla|Retorno nutricional|Sala 1|ask|
    2|16:30-17:15|Heitor Magalhães|Reeducação alimentar infantil|Sala 1|yes|
    3|08:00-09:30|Fernanda Quintela|Canal|Cadeira 1|done|
    3|10:00-11:00|Bruno Sarmento|Restauração|Cadeira 1|now|
    3|11:15-11:45|Alícia Rezende|Limpeza|Cadeira 1|ask|
    3|13:30-14:30|Ronaldo Pádua|Prova de prótese|Cadeira 1|yes|
    3|15:00-16:00|Sílvia Mascarenhas|Clareamento|Cadeira 1|yes|
    3|16:15-16:45|Davi Khoury|Limpeza|Cadeira 1|yes|
    4|08:00-08:50|Cecília Barreto|Pilates clínico|Studio|done|
    4|09:00-09:50|Jorge Assunção|RPG|Sala 5|done|Sessão 4 de 10
    4|10:00-10:50|Vera Magalhães|Drenagem linfática|Sala 5|here|24
    4|11:00-11:50|Davi Penteado|Pilates clínico|Studio|yes|
    4|14:00-14:50|Iolanda Freire|RPG|Sala 5|yes|Sessão 1 de 10
    4|15:00-15:50|Heloísa Bittencourt|Drenagem linfática|Sala 5|ask|
    4|16:00-16:50|Rita de Cássia Toledo|RPG|Sala 5|yes|Sessão 7 de 10
"""
_FIRST_TIMERS = frozenset(
    {"Matheus Brandão", "Gabriela Monteiro", "Tomás Figueiredo", "Luísa Cavalcanti", "Heitor Magalhães"}
)
_ALERTS = {
    "Dulce Maria Fontoura de Albuquerque": ("severe", "Alergia grave: dipirona"),
    "Conceição Álvares": ("severe", "Alergia grave: penicilina"),
}
_GUARDIANS = {"Heitor Magalhães": ("Vera Magalhães", "avó")}
_BORN = {
    "Dulce Maria Fontoura de Albuquerque": dt.date(1972, 3, 14),
    "Maria do Socorro Lima": dt.date(1948, 7, 2),
    "Heitor Magalhães": dt.date(2018, 9, 21),
    "Matheus Brandão": dt.date(1997, 1, 30),
    "Otávio Reis": dt.date(1943, 5, 9),
    "Vera Magalhães": dt.date(1957, 8, 30),
}
_PRIORITIES = {"Natália Peçanha": "pregnant", "Davi Khoury": "autistic", "Alícia Rezende": "disabled"}
_NOTES = {"Dulce Maria Fontoura de Albuquerque": "Usa bengala: preferir a Sala 4, no térreo. Traz a ressonância."}
POSITIONS = frozenset(range(5))


class _Line(NamedTuple):
    professional: int
    start: int
    end: int
    patient: str
    service: str
    room: str
    status: Status
    more: str


def _minutes(wall: str) -> int:
    return int(wall[:2]) * 60 + int(wall[3:])


def _lines() -> list[_Line]:
    found = []
    for line in _DAY.strip().splitlines():
        position, hours, patient, service, room, status, more = line.strip().split("|")
        start, end = hours.split("-")
        found.append(
            _Line(int(position), _minutes(start), _minutes(end), patient, service, room, _STATUS[status], more)
        )
    return found


def people_of_the_day(random: Random, first: dt.datetime) -> list[DemoPatient]:
    """The patients of the scripted day; Dulce's telephone is (11) 90000-0142."""
    names = list(dict.fromkeys(line.patient for line in _lines()))
    keys = {name: new_key(random, first) for name in names}
    return [
        DemoPatient(
            id=keys[name],
            full_name=name,
            phone="" if name in _GUARDIANS else phone_of(142 if name.startswith("Dulce") else 200 + position),
            birth_date=_BORN.get(name, dt.date(1950, 1, 1) + dt.timedelta(days=random.randrange(50 * 365))),
            cpf=cpf_of(100_000_000 - 100 + position),
            guardian_id=keys[_GUARDIANS[name][0]] if name in _GUARDIANS else None,
            guardian_kinship=_GUARDIANS[name][1] if name in _GUARDIANS else "",
            source="Indicação" if position % 3 else "Convênio",
            note=_NOTES.get(name, ""),
            priority=_PRIORITIES.get(name, ""),
        )
        for position, name in enumerate(names)
    ]


def regulars_of_the_day(people: Sequence[DemoPatient]) -> dict[int, list[DemoPatient]]:
    """Those who have been here before, by the position of their professional."""
    by_name = {one.full_name: one for one in people if one.full_name not in _FIRST_TIMERS}
    found: dict[int, list[DemoPatient]] = {}
    for line in _lines():
        if line.patient in by_name:
            found.setdefault(line.professional, []).append(by_name[line.patient])
    return found


def alerts_of_the_day(random: Random, people: Sequence[DemoPatient], first: dt.datetime) -> list[DemoAlert]:
    """What the desk has to know about them."""
    return [
        DemoAlert(new_key(random, first), one.id, *_ALERTS[one.full_name]) for one in people if one.full_name in _ALERTS
    ]


def scripted_visits(
    random: Random, house: House, people: Sequence[DemoPatient], moment: dt.datetime, day: dt.date, held: Held
) -> list[DemoVisit]:
    """The visits of the day's first five columns; what they hold is put into `held`."""
    by_name = {one.full_name: one for one in people}
    unit = house.units[PAULISTA]
    midnight = instant(day, dt.time(0), ZoneInfo(ZONE))
    found = []
    for line in _lines():
        service = unit.services[line.service]
        room_id = unit.rooms[line.room].id
        place = Place(
            unit.clinic.id,
            house.professionals[line.professional].id,
            room_id,
            service.equipment_ids[0] if service.equipment_ids else None,
            service.id,
            midnight + dt.timedelta(minutes=line.start),
            midnight + dt.timedelta(minutes=line.end),
        )
        if line.status.holds_the_slot:
            held.take(place.room_id, line.start, line.end + service.buffer_after)
            held.take(place.equipment_id, line.start, line.end + service.buffer_after)
        waited = int(line.more) if line.more.isdigit() else 0
        note = line.more if line.more and not waited else ""
        found.append(make_visit(random, place, by_name[line.patient], line.status, moment, note=note, waited=waited))
    return found
