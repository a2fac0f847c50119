"""The demo clinic's patients: ages, phones that nobody answers, CPFs that check, children with who answers for them."""

import datetime as dt
from random import Random
from typing import NamedTuple
from uuid import UUID

from clinicdesk.domain.demo.names import family_of, full_names, given_name
from clinicdesk.domain.patients import fold

EMAIL_DOMAIN = "example.com"  # RFC 2606: never anybody's


class DemoPatient(NamedTuple):
    """One line of the register. `cpf` is eleven digits or empty; the keys seal it later."""

    id: UUID
    full_name: str
    social_name: str = ""
    phone: str = ""
    email: str = ""
    birth_date: dt.date | None = None
    cpf: str = ""
    guardian_id: UUID | None = None
    guardian_kinship: str = ""
    address: str = ""
    source: str = ""
    vip: bool = False
    note: str = ""
    created_at: dt.datetime = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    referred_by: UUID | None = None
    custom: str = "{}"  # JSON, by the id of the field
    priority: str = ""


class DemoAlert(NamedTuple):
    """A sentence for the desk."""

    id: UUID
    patient_id: UUID
    severity: str
    text: str


_STREETS = (
    "Rua das Acácias",
    "Rua dos Jacarandás",
    "Alameda dos Ipês",
    "Rua das Paineiras",
    "Rua Quaresmeira",
    "Travessa do Sabiá",
    "Rua Pau-Ferro",
    "Avenida das Figueiras",
    "Rua do Manacá",
    "Rua Bem-te-vi",
)
_QUARTERS = (
    "Bela Vista",
    "Vila Mariana",
    "Paraíso",
    "Liberdade",
    "Aclimação",
    "Saúde",
    "Moema",
    "Jardins",
    "Consolação",
    "Cambuci",
    "Ipiranga",
)
_SOURCES = ("", "", "Indicação", "Indicação", "Instagram", "Google", "Convênio", "Site", "Passou em frente")
_NOTES = (
    "Prefere mensagem; não liga à tarde.",
    "Usa bengala: preferir a Sala 4.",
    "Prefere horários de manhã.",
    "Costuma chegar cedo.",
    "Pede nota fiscal em nome da empresa.",
    "Vem acompanhada da filha.",
)
ALERTS = (
    ("severe", "Alergia grave: dipirona"),
    ("severe", "Alergia grave: látex"),
    ("severe", "Alergia grave: penicilina"),
    ("severe", "Anticoagulante em uso"),
    ("warning", "Marca-passo: não usar ultrassom"),
    ("warning", "Gestante"),
    ("warning", "Baixa audição: falar de frente"),
    ("info", "Cadeira de rodas: entrada pela rampa"),
)


def new_key(random: Random, moment: dt.datetime) -> UUID:
    """A UUIDv7 (RFC 9562) of that moment, the same for the same seed."""
    bits = random.getrandbits(74)
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (7 << 76) | ((bits >> 62) << 64) | (2 << 62) | (bits & ((1 << 62) - 1)))


def cpf_of(number: int) -> str:
    """The CPF whose first nine digits are `number`, with its two check digits (Receita Federal)."""
    digits = [int(digit) for digit in f"{number:09d}"]
    for _round in range(2):
        rest = sum(digit * weight for digit, weight in zip(digits, range(len(digits) + 1, 1, -1), strict=True)) % 11
        digits.append(0 if rest < 2 else 11 - rest)
    return "".join(map(str, digits))


def phone_of(number: int) -> str:
    """A mobile number of São Paulo from the stretch that is used for examples: (11) 90000-0000 and on."""
    return f"+55119{number % 100_000_000:08d}"


def make_patients(random: Random, count: int, born_before: dt.date, first: dt.datetime) -> list[DemoPatient]:
    """So many patients, one in twelve a child of another one. Phones and CPFs are all different."""
    names = full_names(random, count)
    phones = random.sample(
        range(1_000, max(10_000, 1_000 + count + count // 10)), count
    )  # the first thousand have owners
    cpfs = random.sample(range(100_000_000, 999_999_999), count)
    found: list[DemoPatient] = []
    for name, phone, cpf in zip(names, phones, cpfs, strict=True):
        chance = random.random()
        if chance < 0.085 and found:
            guardian = found[random.randrange(max(0, len(found) - 400), len(found))]
            if (
                guardian.guardian_id is None
                and guardian.birth_date
                and guardian.birth_date.year < born_before.year - 24
            ):
                found.append(_child(random, guardian, cpf, born_before, first))
                continue
        found.append(_adult(random, name, phone, cpf, born_before, first))
    return found


def _adult(random: Random, name: str, phone: int, cpf: int, born_before: dt.date, first: dt.datetime) -> DemoPatient:
    chance = random.random
    years = min(94.0, max(14.0, random.gauss(44, 17)))
    words = fold(name).split()
    return DemoPatient(
        id=new_key(random, first),
        full_name=name,
        social_name=_social_name(random, name) if chance() < 0.004 else "",
        phone=phone_of(phone) if chance() < 0.97 else "",
        email=f"{words[0]}.{words[-1]}{phone % 1000}@{EMAIL_DOMAIN}" if chance() < 0.72 else "",
        # The phone spreads the birthdays of those whose age was held within its bounds.
        birth_date=born_before - dt.timedelta(days=int(years * 365.25) + phone % 363) if chance() < 0.95 else None,
        cpf=cpf_of(cpf) if chance() < 0.9 else "",
        address=_address(random) if chance() < 0.6 else "",
        source=random.choice(_SOURCES),
        vip=chance() < 0.03,
        note=random.choice(_NOTES) if chance() < 0.06 else "",
    )


def _child(random: Random, guardian: DemoPatient, cpf: int, born_before: dt.date, first: dt.datetime) -> DemoPatient:
    woman = random.random() < 0.5
    return DemoPatient(
        id=new_key(random, first),
        full_name=f"{given_name(random, woman)} {family_of(guardian.full_name)}",
        birth_date=born_before - dt.timedelta(days=random.randrange(400, 15 * 365)),
        cpf=cpf_of(cpf) if random.random() < 0.4 else "",
        guardian_id=guardian.id,
        guardian_kinship=random.choice(("mãe", "mãe", "pai", "avó", "responsável")),
        address=guardian.address,
    )


def _social_name(random: Random, name: str) -> str:
    return f"{given_name(random, random.random() < 0.6)} {family_of(name)}"


def _address(random: Random) -> str:
    return f"{random.choice(_STREETS)}, {random.randrange(10, 1990)} – {random.choice(_QUARTERS)}, São Paulo"


def make_alerts(random: Random, patients: list[DemoPatient], first: dt.datetime) -> list[DemoAlert]:
    """A sentence for the desk about one patient in thirty."""
    return [
        DemoAlert(new_key(random, first), patient.id, *random.choice(ALERTS))
        for patient in patients
        if random.random() < 0.033
    ]
