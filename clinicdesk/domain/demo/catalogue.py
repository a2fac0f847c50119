"""What the demo clinic is made of: two units, twelve professionals, rooms, machines, forty services, hours.

Everything is a plan by name; `build.py` gives the names their keys.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import cycle
from random import Random

from clinicdesk.domain.demo.names import family_of, full_names

PAULISTA, VILA_MARIANA = 0, 1
Minutes = tuple[int, int]  # of the day, from and to


def _at(wall: str) -> int:
    hours, _colon, minutes = wall.partition(":")
    return int(hours) * 60 + int(minutes or 0)


def spans(written: str) -> tuple[Minutes, ...]:
    """`8-12 13:30-18` as minutes of the day."""
    return tuple((_at(first), _at(last)) for first, last in (part.split("-") for part in written.split()))


@dataclass(frozen=True, slots=True)
class ClinicPlan:
    """One unit. The CNPJs are the made-up ones of examples, with check digits that hold."""

    name: str
    cnpj: str
    address: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class CategoryPlan:
    """A group of services, its icon and its hue."""

    name: str
    icon: str
    hue: int


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """A service; `role` says when the agenda chooses it, `weight` how often."""

    name: str
    category: str
    minutes: int
    price: Decimal
    rooms: tuple[str, ...]
    machine: str = ""
    buffer_after: int = 0
    role: str = "visit"  # "first" | "return" | "visit" | "session"
    weight: int = 4


@dataclass(frozen=True, slots=True)
class ProfessionalPlan:
    """Somebody whose time is booked: in which unit on which ISO weekdays, between which hours, in which room."""

    name: str
    council: str
    number: str
    specialty: str
    category: str
    hue: int
    minutes: int
    days: tuple[tuple[int, str], ...]  # unit, ISO weekdays
    hours: tuple[Minutes, ...]
    room: str
    saturdays: bool = False
    login: str = ""
    bio: str = ""

    def unit_on(self, weekday: int) -> int | None:
        """The unit where this person works on an ISO weekday, None for a day off."""
        return next((unit for unit, days in self.days if str(weekday) in days), None)


CLINICS = (
    ClinicPlan(
        "Bem Viver Paulista",
        "11222333000181",
        "Alameda dos Ipês, 1000, 4º andar – Bela Vista",
        "+551130000100",
        "paulista@example.com",
    ),
    ClinicPlan(
        "Bem Viver Vila Mariana",
        "11222333000262",
        "Rua das Paineiras, 215 – Vila Mariana",
        "+551130000200",
        "vilamariana@example.com",
    ),
)
ORGANISATION = "Clínica Bem Viver"
CLINIC_HOURS = {**dict.fromkeys(range(1, 6), spans("8-19")), 6: spans("8-13")}
SATURDAY = spans("8-12")

ROOMS = (
    *(f"Sala {number}" for number in range(1, 7)),
    "Laser",
    "Studio",
    "Cadeira 1",
    "Cadeira 2",
)
MACHINES = ("Laser CO₂", "Ultrassom", "Bioimpedância", "Raio X odontológico")

CATEGORIES = (
    CategoryPlan("Dermatologia", "sparkles", 200),
    CategoryPlan("Ortopedia", "activity", 265),
    CategoryPlan("Nutrição", "utensils", 155),
    CategoryPlan("Odontologia", "smile", 310),
    CategoryPlan("Fisioterapia", "heart-pulse", 65),
    CategoryPlan("Psicologia", "message-circle", 340),
    CategoryPlan("Estética", "sun", 110),
)

_CONSULTING = tuple(f"Sala {number}" for number in range(1, 7))
_CHAIRS = ("Cadeira 1", "Cadeira 2")
_ANY = (*_CONSULTING, "Studio")


def _service(line: str, category: str, rooms: tuple[str, ...]) -> ServicePlan:
    name, minutes, price, role, weight, *more = (part.strip() for part in line.split("|"))
    extras = dict(part.split("=") for part in more)
    return ServicePlan(
        name,
        category,
        int(minutes),
        Decimal(price),
        tuple(extras["rooms"].split(",")) if "rooms" in extras else rooms,
        extras.get("machine", ""),
        int(extras.get("after", 0)),
        role,
        int(weight),
    )


# name | minutes | price | role | weight | rooms=, machine=, after= minutes kept for cleaning
_SERVICES = {
    ("Dermatologia", _CONSULTING): """
        Primeira consulta dermatológica|45|420.00|first|4
        Consulta dermatológica|45|380.00|visit|6
        Retorno dermatológico|30|0.00|return|5
        Avaliação de pinta|30|280.00|first|3
        Curativo|15|80.00|visit|2
        Biópsia de pele|45|520.00|visit|1|after=10""",
    ("Ortopedia", _CONSULTING): """
        Primeira consulta ortopédica|45|360.00|first|5
        Consulta ortopédica|45|320.00|visit|6
        Retorno ortopédico|30|0.00|return|5
        Avaliação de joelho|45|320.00|first|2
        Pós-operatório|30|180.00|return|2
        Infiltração|30|450.00|visit|2""",
    ("Nutrição", _CONSULTING): """
        Primeira consulta nutricional|60|290.00|first|5
        Retorno nutricional|45|190.00|return|6
        Bioimpedância|45|150.00|visit|3|machine=Bioimpedância
        Plano alimentar esportivo|60|320.00|visit|2
        Reeducação alimentar infantil|45|240.00|visit|2""",
    ("Odontologia", _CHAIRS): """
        Avaliação odontológica|30|120.00|first|5
        Limpeza|30|180.00|visit|6
        Restauração|60|280.00|visit|5
        Canal|90|950.00|visit|2|after=10
        Clareamento|60|690.00|visit|2
        Prova de prótese|60|350.00|visit|2
        Extração|45|320.00|visit|1|machine=Raio X odontológico""",
    ("Fisioterapia", _ANY): """
        Avaliação fisioterapêutica|50|220.00|first|5
        Fisioterapia|50|150.00|session|8
        RPG|50|170.00|session|5
        Pilates clínico|50|140.00|session|6
        Drenagem linfática|50|160.00|session|3
        Ultrassom terapêutico|30|90.00|session|2|machine=Ultrassom""",
    ("Psicologia", _CONSULTING): """
        Primeira entrevista|50|240.00|first|4
        Psicoterapia|50|220.00|session|9
        Psicoterapia de casal|80|340.00|session|2
        Orientação de pais|50|240.00|visit|2""",
    ("Estética", _CONSULTING): """
        Avaliação estética|30|150.00|first|5
        Toxina botulínica|45|1200.00|visit|4
        Preenchimento|60|1600.00|visit|2
        Peeling químico|45|480.00|visit|3|after=10
        Laser fracionado|60|850.00|session|3|rooms=Laser|machine=Laser CO₂
        Limpeza de pele|60|260.00|visit|5""",
}
SERVICES = tuple(
    _service(line, category, rooms)
    for (category, rooms), lines in _SERVICES.items()
    for line in lines.strip().splitlines()
)

_ALL_WEEK = ((PAULISTA, "12345"),)
_ALL_WEEK_SOUTH = ((VILA_MARIANA, "12345"),)

PROFESSIONALS = (
    ProfessionalPlan(
        "Dra. Helena Prado", "CRM", "148230", "Dermatologia", "Dermatologia", 200, 45, _ALL_WEEK,
        spans("8-12 13:15-18"), "Sala 2", login="helena", bio="Dermatologia clínica e cirúrgica.",
    ),
    ProfessionalPlan(
        "Dr. Caio Menezes", "CRM", "152077", "Ortopedia", "Ortopedia", 265, 45, _ALL_WEEK,
        spans("8:30-12 13:30-18"), "Sala 4", login="caio", bio="Joelho e medicina esportiva.",
    ),
    ProfessionalPlan(
        "Dra. Lívia Tanaka", "CRN", "40512", "Nutrição", "Nutrição", 155, 45, _ALL_WEEK,
        spans("9-12 13:30-18"), "Sala 1",
    ),
    ProfessionalPlan(
        "Dr. André Falcão", "CRO", "91344", "Odontologia", "Odontologia", 310, 60, _ALL_WEEK,
        spans("8-12 13:30-18:30"), "Cadeira 1",
    ),
    ProfessionalPlan(
        "Dra. Marina Couto", "CREFITO", "205618", "Fisioterapia", "Fisioterapia", 65, 50, _ALL_WEEK,
        spans("8-12 14-18:30"), "Sala 5",
    ),
    ProfessionalPlan(
        "Beatriz Nogueira", "CRP", "118402", "Psicologia", "Psicologia", 340, 50,
        ((PAULISTA, "124"), (VILA_MARIANA, "35")), spans("9-12 13-19"), "Sala 6", saturdays=True,
    ),
    ProfessionalPlan(
        "Dr. Tiago Sampaio", "CRBM", "33815", "Estética", "Estética", 235, 45,
        ((PAULISTA, "235"), (VILA_MARIANA, "14")), spans("9-12:30 13:30-18"), "Sala 3", saturdays=True,
    ),
    ProfessionalPlan(
        "Dra. Yasmin Haddad", "CRM", "171905", "Dermatologia", "Dermatologia", 200, 30, _ALL_WEEK_SOUTH,
        spans("8-12 13-17"), "Sala 1",
    ),
    ProfessionalPlan(
        "Dr. Otávio Brandt", "CRM", "139560", "Ortopedia", "Ortopedia", 110, 45, _ALL_WEEK_SOUTH,
        spans("8-12 13:30-18"), "Sala 2", saturdays=True,
    ),
    ProfessionalPlan(
        "Dr. Paulo Kowalski", "CRO", "87221", "Odontologia", "Odontologia", 310, 60, _ALL_WEEK_SOUTH,
        spans("8-12 14-18"), "Cadeira 1",
    ),
    ProfessionalPlan(
        "Dra. Juliana Arruda", "CREFITO", "198877", "Fisioterapia", "Fisioterapia", 65, 50, _ALL_WEEK_SOUTH,
        spans("8-12 13-18"), "Studio", saturdays=True,
    ),
    ProfessionalPlan(
        "Samuel Ferraz", "CRP", "126038", "Psicologia", "Psicologia", 340, 50, _ALL_WEEK_SOUTH,
        spans("10-13 14-19"), "Sala 4",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The plan of one demo: more professionals and rooms than the twelve when a big clinic is asked for."""

    professionals: tuple[ProfessionalPlan, ...]
    rooms: tuple[str, ...]
    services: tuple[ServicePlan, ...]


def catalogue(random: Random, professionals: int = len(PROFESSIONALS)) -> Catalogue:
    """The catalogue for so many professionals; those after the twelve have the same trades and rooms of their own."""
    extra = professionals - len(PROFESSIONALS)
    if extra <= 0:
        return Catalogue(PROFESSIONALS, ROOMS, SERVICES)
    people = list(PROFESSIONALS)
    rooms = tuple(f"Sala {number}" for number in range(7, 7 + extra))
    for name, room, model in zip(full_names(random, extra), rooms, cycle(PROFESSIONALS), strict=False):
        people.append(
            replace(
                model,
                name=f"{name.split()[0]} {family_of(name)}",
                number=str(random.randrange(20_000, 250_000)),
                room=room,
                login="",
                bio="",
            )
        )
    services = tuple(replace(one, rooms=(*one.rooms, *rooms)) if "Laser" not in one.rooms else one for one in SERVICES)
    return Catalogue(tuple(people), (*ROOMS, *rooms), services)
