"""What a new clinic begins with: its hours, who attends first, its services; and what can be guessed for its owner."""

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

from clinicdesk.domain.clinics import Clinic
from clinicdesk.domain.hours import Span
from clinicdesk.domain.patients import fold
from clinicdesk.domain.preferences import HoursForm, ProfessionalForm, clean
from clinicdesk.domain.staff import AddPerson
from clinicdesk.domain.starter_services import StarterService

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


def zone_of(state: str, city: str = "") -> str:
    """The time zone that is kept in a Brazilian state, or in one of the few cities that keep another."""
    place = (state, fold(city).strip())
    return _ZONE_OF_CITY.get(place) or _ZONE_OF_STATE.get(state, "America/Sao_Paulo")


def suggested_login(name: str) -> str:
    """A login made of a first name, titles left out; empty when nothing of the name can stand in one."""
    words = [word for word in fold(name).split() if not word.endswith(".")]
    first = "".join(letter for letter in (words[0] if words else "") if letter.isascii() and letter.isalnum())
    return first[:LONGEST_LOGIN] if len(first) > 1 and first[0].isalpha() else ""
