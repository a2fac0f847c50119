"""The organisation, its clinics, and what they are made of: rooms, equipment, services and the scheduling policy."""

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import holidays as _holidays
from stdnum.br import cnpj as _cnpj

from clinicdesk.errors import InvalidField


@dataclass(frozen=True, slots=True)
class SchedulingPolicy:
    """What the clinic asks of every booking. Zero means no limit, except for `slot_duration_minutes`."""

    slot_duration_minutes: int = 15
    min_advance_hours: int = 0
    max_advance_days: int = 0
    max_daily_appointments: int = 0  # of one professional
    max_daily_overbookings: int = 3  # of one professional; zero forbids them
    late_cancellation_hours: int = 24


@dataclass(frozen=True, slots=True)
class Clinic:
    """One unit of the organisation. `zone` is an IANA name; `state` the two letters that holidays go by."""

    id: UUID
    name: str
    cnpj: str = ""
    zone: str = "America/Sao_Paulo"
    state: str = "SP"
    city: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    policy: SchedulingPolicy = field(default_factory=SchedulingPolicy)


@dataclass(frozen=True, slots=True)
class Professional:
    """Somebody whose time is booked. `hue` (0–359) is the colour of the agenda's column."""

    id: UUID
    name: str  # with the title: “Dra. Helena Prado”
    council: str = ""  # CRM, CRO, CREFITO …
    council_number: str = ""
    council_state: str = ""
    specialty: str = ""
    hue: int = 200
    default_duration: int = 30
    bio: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A place that holds one visit at a time."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Equipment:
    """A machine that serves one visit at a time."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a service costs from one day to another, both inclusive: a price, or so many percent off it."""

    name: str
    first_day: dt.date
    last_day: dt.date
    price: Decimal | None = None
    percent_off: int | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether it is in force on a local day."""
        return self.first_day <= day <= self.last_day

    def of(self, price: Decimal) -> Decimal:
        """What the service costs under it."""
        if self.price is not None:
            return self.price
        return (price * (100 - (self.percent_off or 0)) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Service:
    """What is booked. Empty tuples of people, rooms or equipment mean: any professional, no room, no machine needed."""

    id: UUID
    name: str
    category_id: UUID | None = None
    category_name: str = ""
    category_icon: str = "stethoscope"
    category_hue: int = 200
    duration_minutes: int = 30
    buffer_before: int = 0
    buffer_after: int = 0
    price: Decimal = Decimal("0.00")
    professional_ids: tuple[UUID, ...] = ()
    room_ids: tuple[UUID, ...] = ()
    equipment_ids: tuple[UUID, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    zone: str = "America/Sao_Paulo"  # the clinic's: a promotion goes by the day on its wall

    def price_on(self, day: dt.date) -> Decimal:
        """The price in force on a local day: the cheapest promotion of that day, else the service's own."""
        return min([one.of(self.price) for one in self.promotions if one.holds_on(day)] + [self.price])

    def price_at(self, moment: dt.datetime) -> Decimal:
        """The price in force when a visit begins."""
        return self.price_on(moment.astimezone(ZoneInfo(self.zone)).date()) if self.promotions else self.price


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything of one clinic that a booking chooses from, in the order the clinic gave it."""

    clinic: Clinic
    professionals: tuple[Professional, ...]
    rooms: tuple[Room, ...]
    equipment: tuple[Equipment, ...]
    services: tuple[Service, ...]


# A capital with holidays of its own is listed among them; a state has two letters.
STATES = tuple(one for one in _holidays.country_holidays("BR").subdivisions if len(one) == 2)


def clean_state(text: str, field: str = "state") -> str:
    """The two letters of a Brazilian state, in capitals. Raises InvalidField."""
    letters = text.strip().upper()
    if letters not in STATES:
        raise InvalidField(field, "not_a_state")
    return letters


def clean_zone(text: str, field: str = "zone") -> str:
    """The IANA name of a time zone. Raises InvalidField."""
    name = text.strip()
    if name not in available_timezones():
        raise InvalidField(field, "not_a_zone")
    return name


def clean_cnpj(text: str, field: str = "cnpj") -> str:
    """The fourteen characters of a CNPJ, letters included; empty stays empty. Raises InvalidField.

    Since July 2026 the first twelve may be letters (Receita Federal, IN RFB 2.229/2024).
    """
    characters = re.sub(r"[\s./-]", "", text).upper()
    if not characters:
        return ""
    if len(characters) != 14:
        raise InvalidField(field, "missing_digits" if len(characters) < 14 else "extra_digits")
    if not _cnpj.is_valid(characters):
        raise InvalidField(field, "check_digits")
    return characters


def show_cnpj(characters: str) -> str:
    """A CNPJ as printed: `00.000.000/0000-00`."""
    c = characters
    return f"{c[:2]}.{c[2:5]}.{c[5:8]}/{c[8:12]}-{c[12:]}" if len(c) == 14 else c
