"""What a new clinic begins with: its hours, who attends first, its services; and what can be guessed for its owner."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from clinicdesk.domain.clinics import Clinic, clean_cnpj, clean_state, clean_zone
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.hours import Span
from clinicdesk.domain.patients import clean_name, fold
from clinicdesk.domain.preferences import HoursForm, ProfessionalForm, clean
from clinicdesk.domain.staff import AddPerson
from clinicdesk.domain.starter_services import STARTER_SERVICES, ClinicKind, StarterService
from clinicdesk.domain.week import bars_of, clean_spans, spans_of

Days = tuple[tuple[Span, ...], ...]  # seven, from Monday on

_MORNING, _AFTERNOON = (dt.time(8), dt.time(12)), (dt.time(13), dt.time(18))
USUAL_DAYS: Days = ((_MORNING, _AFTERNOON),) * 5 + ((), ())

# What a form offers: the zones in which Brazil lives, from east to west. Any other can be set later.
ZONES = (
    "America/Noronha",
    "America/Belem",
    "America/Fortaleza",
    "America/Recife",
    "America/Araguaina",
    "America/Maceio",
    "America/Bahia",
    "America/Sao_Paulo",
    "America/Campo_Grande",
    "America/Cuiaba",
    "America/Santarem",
    "America/Porto_Velho",
    "America/Boa_Vista",
    "America/Manaus",
    "America/Eirunepe",
    "America/Rio_Branco",
)
_ZONE_OF_STATE = {
    "AC": "America/Rio_Branco",
    "AL": "America/Maceio",
    "AM": "America/Manaus",
    "AP": "America/Belem",
    "BA": "America/Bahia",
    "CE": "America/Fortaleza",
    "MA": "America/Fortaleza",
    "MS": "America/Campo_Grande",
    "MT": "America/Cuiaba",
    "PA": "America/Belem",
    "PB": "America/Fortaleza",
    "PE": "America/Recife",
    "PI": "America/Fortaleza",
    "RN": "America/Fortaleza",
    "RO": "America/Porto_Velho",
    "RR": "America/Boa_Vista",
    "SE": "America/Maceio",
    "TO": "America/Araguaina",
}
# Cities that keep another time than the rest of their state (Lei 12.876/2013, Lei 11.662/2008).
_ZONE_OF_CITY = {
    ("PE", "fernando de noronha"): "America/Noronha",
    ("AM", "atalaia do norte"): "America/Eirunepe",
    ("AM", "benjamin constant"): "America/Eirunepe",
    ("AM", "boca do acre"): "America/Eirunepe",
    ("AM", "eirunepe"): "America/Eirunepe",
    ("AM", "envira"): "America/Eirunepe",
    ("AM", "guajara"): "America/Eirunepe",
    ("AM", "ipixuna"): "America/Eirunepe",
    ("AM", "itamarati"): "America/Eirunepe",
    ("AM", "jutai"): "America/Eirunepe",
    ("AM", "labrea"): "America/Eirunepe",
    ("AM", "pauini"): "America/Eirunepe",
    ("AM", "sao paulo de olivenca"): "America/Eirunepe",
    ("AM", "tabatinga"): "America/Eirunepe",
}
LONGEST_LOGIN = 31


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a clinic holds on its first day. Without a professional nobody can be booked yet.

    `owner_attends` says that the professional is the clinic's owner, under whose login their visits stand first.
    """

    days: Days = USUAL_DAYS
    professional: ProfessionalForm | None = None
    professional_days: Days = USUAL_DAYS
    owner_attends: bool = False
    services: tuple[StarterService, ...] = ()

    def cleaned(self, clinic_id: UUID) -> "Beginning":
        """The same, ready to be kept for that clinic. Raises InvalidForm."""
        days = clean(HoursForm(self.days)).days
        theirs = clean(HoursForm(self.professional_days)).days
        professional = self.professional and clean(replace(self.professional, clinic_ids=(clinic_id,)))
        return Beginning(days, professional, theirs, self.owner_attends, self.services)


@dataclass(frozen=True, slots=True)
class FirstClinic:
    """The whole of a first run: the clinic, its owner, and what it begins with."""

    clinic: Clinic
    owner: AddPerson
    beginning: Beginning


class Place(StrEnum):
    """Where the clinic's data are to be."""

    HERE = "here"
    SERVER = "server"
    DEMO = "demo"


class Attends(StrEnum):
    """Who is booked first."""

    OWNER = "owner"
    SOMEBODY = "somebody"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything typed so far, as it was typed, so that nothing is lost on the way. No secret is among it."""

    step: int = 0
    place: Place = Place.HERE
    server_address: str = ""
    desk_name: str = ""
    clinic_name: str = ""
    cnpj: str = ""
    state: str = "SP"
    city: str = ""
    zone: str = ""  # empty: that of the state and city
    days: Days = USUAL_DAYS
    owner_name: str = ""
    login: str = ""  # empty: the one suggested by the name
    attends: Attends = Attends.OWNER
    professional_name: str = ""  # empty: the owner's, when the owner attends
    specialty: str = ""
    council: str = ""
    council_number: str = ""
    council_state: str = ""
    weekdays: tuple[int, ...] | None = None  # ISO numbers; None: every day the clinic is open
    kind: ClinicKind | None = ClinicKind.MEDICAL
    left_out: tuple[str, ...] = ()  # services of the list that are not wanted, by name

    @property
    def zone_name(self) -> str:
        """The time zone that was chosen, or the place's."""
        return self.zone or zone_of(self.state, self.city)

    @property
    def login_name(self) -> str:
        """The login that was typed, or the one suggested."""
        return self.login or suggested_login(self.owner_name)

    @property
    def attending_name(self) -> str:
        """Whose column the agenda shows first."""
        return self.professional_name or (self.owner_name if self.attends is Attends.OWNER else "")

    def services(self) -> tuple[StarterService, ...]:
        """What the clinic begins with offering."""
        offered = STARTER_SERVICES[self.kind] if self.kind else ()
        return tuple(one for one in offered if one.name not in self.left_out)

    def worked(self) -> Days:
        """The clinic's hours on the days that the first professional works."""
        wanted = range(1, 8) if self.weekdays is None else self.weekdays
        return tuple(spans if weekday in wanted else () for weekday, spans in enumerate(self.days, 1))

    def clinic(self, clinic_id: UUID) -> Clinic:
        """The clinic that was described. Raises InvalidField."""
        return Clinic(
            clinic_id,
            clean_name(self.clinic_name, "clinic"),
            clean_cnpj(self.cnpj),
            clean_zone(self.zone_name),
            clean_state(self.state),
            clean_text(self.city, "city").strip(),
        )

    def beginning(self) -> Beginning:
        """What it begins with."""
        professional = None
        if self.attends is not Attends.LATER:
            professional = ProfessionalForm(
                self.attending_name,
                self.specialty,
                self.council,
                self.council_number,
                self.council_state or self.state if self.council else "",
            )
        owner_attends = self.attends is Attends.OWNER
        return Beginning(self.days, professional, self.worked(), owner_attends, self.services())


def as_json(answers: Answers) -> dict[str, Any]:
    """The answers as JSON has them."""
    return {**asdict(answers), "days": [bars_of(spans) for spans in answers.days]}


def of_json(stored: Mapping[str, Any]) -> Answers:
    """Answers out of JSON. Raises ValueError, TypeError or KeyError for what is none."""
    values = {one.name: stored[one.name] for one in fields(Answers) if one.name in stored}
    days = tuple(clean_spans(spans_of((int(a), int(b)) for a, b in bars)) for bars in stored["days"])
    if len(days) != len(USUAL_DAYS) or not all(isinstance(one, str | int | list | None) for one in values.values()):
        raise ValueError("not the answers of a first run")
    values |= {
        "days": days,
        "place": Place(stored["place"]),
        "attends": Attends(stored["attends"]),
        "kind": ClinicKind(stored["kind"]) if stored["kind"] else None,
        "weekdays": None if stored["weekdays"] is None else tuple(int(one) for one in stored["weekdays"]),
        "left_out": tuple(str(one) for one in stored["left_out"]),
    }
    return Answers(**values)


def zone_of(state: str, city: str = "") -> str:
    """The time zone that is kept in a Brazilian state, or in one of the few cities that keep another."""
    place = (state, fold(city).strip())
    return _ZONE_OF_CITY.get(place) or _ZONE_OF_STATE.get(state, "America/Sao_Paulo")


def suggested_login(name: str) -> str:
    """A login made of a first name, titles left out; empty when nothing of the name can stand in one."""
    words = [word for word in fold(name).split() if not word.endswith(".")]
    first = "".join(letter for letter in (words[0] if words else "") if letter.isascii() and letter.isalnum())
    return first[:LONGEST_LOGIN] if len(first) > 1 and first[0].isalpha() else ""
