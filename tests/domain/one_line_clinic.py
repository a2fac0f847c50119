"""The clinic that lines are read for: names that get into each other's way, as in life."""

import datetime as dt
from collections.abc import Sequence

from clinicdesk.domain.clinics import Catalogue, Clinic, Equipment, Professional, Room, Service
from tests.builders import uuid_for

TODAY = dt.date(2026, 11, 24)  # a Tuesday

_PEOPLE = {
    "Dra. Carla Mendes": "estética",
    "Dra. Ana Beatriz Rocha": "dermatologia",
    "Dra. Helena Prado": "dermatologia",
    "Dr. Caio Menezes": "ortopedia",
    "Dr. Paulo Kowalski": "odontologia",
    "Beatriz Nogueira": "psicologia",
    "Dr. João Paulo Reis": "fisioterapia",
    "Dra. Lívia Tanaka": "nutrição",
}
_SERVICES = {
    "dermatologia": "Primeira consulta dermatológica|Consulta dermatológica|Retorno dermatológico|Avaliação de pinta"
    "|Curativo|Biópsia de pele|Toxina botulínica",
    "ortopedia": "Primeira consulta ortopédica|Consulta ortopédica|Retorno ortopédico|Avaliação de joelho|Infiltração",
    "estética": "Avaliação estética|Toxina botulínica|Preenchimento|Peeling químico|Laser fracionado|Limpeza de pele",
    "odontologia": "Avaliação odontológica|Limpeza|Restauração|Canal|Clareamento|Extração",
    "psicologia": "Primeira entrevista|Psicoterapia|Psicoterapia de casal",
    "fisioterapia": "Avaliação fisioterapêutica|Fisioterapia|RPG|Pilates clínico|Drenagem linfática"
    "|Ultrassom terapêutico",
    "nutrição": "Primeira consulta nutricional|Retorno nutricional|Plano alimentar esportivo",
}


def _who_does(name: str) -> tuple[str, ...]:
    trades = [trade for trade, services in _SERVICES.items() if name in services.split("|")]
    return tuple(person for person, trade in _PEOPLE.items() if trade in trades)


def _catalogue(rooms: Sequence[str], machines: Sequence[str]) -> Catalogue:
    names = dict.fromkeys(name for services in _SERVICES.values() for name in services.split("|"))
    return Catalogue(
        Clinic(uuid_for("clinic"), "Clínica Ipê"),
        tuple(Professional(uuid_for(name), name) for name in _PEOPLE),
        tuple(Room(uuid_for(f"room {name}"), name) for name in rooms),
        tuple(Equipment(uuid_for(f"machine {name}"), name) for name in machines),
        tuple(
            Service(uuid_for(name), name, professional_ids=tuple(uuid_for(one) for one in _who_does(name)))
            for name in names
        ),
    )


CATALOGUE = _catalogue(
    (*(f"Sala {number}" for number in range(1, 7)), "Laser", "Studio", "Cadeira 1", "Cadeira 2"),
    ("Laser CO₂", "Ultrassom", "Bioimpedância"),
)
