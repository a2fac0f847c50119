"""What managers keep of their clinic, each as a form: how a form is read, what is wrong with it, who has it now.

A form holds what a person can change and nothing else. What stands in the database is a `Kept` form: with its id, its
version, and who changed it last.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from clinicdesk.domain.clinics import Promotion, SchedulingPolicy, clean_cnpj, clean_state, clean_zone
from clinicdesk.domain.custom_fields import Entity, Kind
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.hours import HoursException, Span
from clinicdesk.domain.message_settings import (
    ChannelForm,
    MessagingForm,
    RuleForm,
    TemplateForm,
    clean_channel,
    clean_messaging,
    clean_rule,
    clean_template,
    secret_fields,
)
from clinicdesk.domain.patients import clean_email, clean_name, clean_phone
from clinicdesk.domain.pictures import clean_picture
from clinicdesk.domain.team import PersonForm, ProfileForm, clean_login
from clinicdesk.domain.week import clean_spans
from clinicdesk.errors import InvalidField, InvalidForm

LONGEST_TEXT = 2000
CONSULTATION, SERVICE_TABLE = "consultation", "service_table"
DANGER_HUES = range(10, 41)


@dataclass(frozen=True, slots=True)
class ClinicForm:
    """The unit itself: how it is called, found, reached and drawn on paper."""

    name: str = ""
    cnpj: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    city: str = ""
    state: str = "SP"
    zone: str = "America/Sao_Paulo"
    logo: bytes | None = None
    business_template: str = CONSULTATION


@dataclass(frozen=True, slots=True)
class RoomForm:
    """A place that holds one visit at a time."""

    name: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class EquipmentForm:
    """A machine that serves one visit at a time."""

    name: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class ProfessionalForm:
    """Somebody whose time is booked; `clinic_ids` are the units of the organisation they work in."""

    name: str = ""
    specialty: str = ""
    council: str = ""
    council_number: str = ""
    council_state: str = ""
    hue: int = 200
    default_duration: int = 30
    bio: str = ""
    clinic_ids: tuple[UUID, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class CategoryForm:
    """A heading of the catalogue, with the icon and the colour its visits carry."""

    name: str = ""
    icon: str = "stethoscope"
    hue: int = 200


@dataclass(frozen=True, slots=True)
class ServiceForm:
    """What is booked and for how much. Empty lists mean anybody, no room, no machine."""

    name: str = ""
    category_id: UUID | None = None
    duration_minutes: int = 30
    buffer_before: int = 0
    buffer_after: int = 0
    price: Decimal = Decimal("0.00")
    professional_ids: tuple[UUID, ...] = ()
    room_ids: tuple[UUID, ...] = ()
    equipment_ids: tuple[UUID, ...] = ()
    description: str = ""
    promotions: tuple[Promotion, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)  # the clinic's own fields, by their ids
    active: bool = True


@dataclass(frozen=True, slots=True)
class HoursForm:
    """When the clinic is open or a professional works: seven weekdays from Monday on, and the days that differ."""

    days: tuple[tuple[Span, ...], ...] = ((),) * 7
    exceptions: tuple[HoursException, ...] = ()


@dataclass(frozen=True, slots=True)
class HolidayForm:
    """A day that is not worked, or a public holiday that is worked here."""

    day: dt.date = dt.date(2000, 1, 1)
    name: str = ""
    works: bool = False


@dataclass(frozen=True, slots=True)
class FieldForm:
    """A field of the clinic's own: whose it is and what it holds are said once, when it is made."""

    entity: Entity = Entity.PATIENT
    name: str = ""
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    active: bool = True


Form = TypeVar("Form")


@dataclass(frozen=True, slots=True)
class Kept(Generic[Form]):
    """A form as it stands in the database. `version` 0: nobody wrote it yet and these are the defaults."""

    id: UUID
    version: int
    form: Form
    changed_by: str = ""
    changed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class SaveForm(Generic[Form]):
    """Write a form. Without an id it is a new one."""

    operation_id: UUID
    form: Form
    id: UUID | None = None
    seen_version: int = 0


@dataclass(frozen=True, slots=True)
class PutInOrder:
    """Give the things of one kind this order."""

    operation_id: UUID
    kind: type[Any]  # the form's
    ids: tuple[UUID, ...]


def changed_fields(before: object, after: object) -> tuple[str, ...]:
    """The names of the fields in which two forms of one kind differ, in the form's order."""
    names = (field.name for field in fields(before))  # type: ignore[arg-type]
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


# --- what is wrong with a form ---------------------------------------------------------------------------------------

Check = Callable[[Any], Any]


def _name(value: str) -> str:
    return clean_name(value, "name")


def _words(field: str, longest: int = 200) -> Check:
    def check(value: str) -> str:
        written = clean_text(value, field).strip()
        if len(written) > longest:
            raise InvalidField(field, "too_long", str(longest))
        return written

    return check


def _between(field: str, low: int, high: int) -> Check:
    def check(value: int) -> int:
        if not low <= value <= high:
            raise InvalidField(field, "out_of_range", f"{low}-{high}")
        return value

    return check


def _hue(value: int) -> int:
    if value in DANGER_HUES:
        raise InvalidField("hue", "reserved_hue")
    return _between("hue", 0, 359)(value)  # type: ignore[no-any-return]


def clean_price(value: Decimal, field: str = "price") -> Decimal:
    """An amount in whole cents, not below zero. Raises InvalidField."""
    if value < 0 or value > Decimal("999999.99"):
        raise InvalidField(field, "out_of_range", "0-999999")
    return value.quantize(Decimal("0.01"))


def _council_state(value: str) -> str:
    return clean_state(value, "council_state") if value.strip() else ""


def _somewhere(value: tuple[UUID, ...]) -> tuple[UUID, ...]:
    if not value:
        raise InvalidField("clinic_ids", "missing")
    return tuple(sorted(value))


def _sorted(value: tuple[UUID, ...]) -> tuple[UUID, ...]:
    return tuple(sorted(value))


def _clean_exceptions(value: tuple[HoursException, ...]) -> tuple[HoursException, ...]:
    """In order of the days, each of which stands once."""
    if len({one.day for one in value}) < len(value):
        raise InvalidField("exceptions", "same_day_twice")
    label = _words("exceptions", 60)
    kept = (HoursException(one.day, clean_spans(one.spans, "exceptions"), label(one.label)) for one in value)
    return tuple(sorted(kept, key=lambda one: one.day))


def clean_promotion(one: Promotion) -> Promotion:
    """A promotion ready to be kept. Raises InvalidField."""
    name = clean_name(one.name, "promotions")
    if one.last_day < one.first_day:
        raise InvalidField("last_day", "before_start")
    if (one.price is None) == (one.percent_off is None):
        raise InvalidField("percent_off", "missing")
    if one.percent_off is not None:
        _between("percent_off", 1, 100)(one.percent_off)
    price = clean_price(one.price) if one.price is not None else None
    return replace(one, name=name, price=price)


def _clean_promotions(value: tuple[Promotion, ...]) -> tuple[Promotion, ...]:
    """In order of time; the same one twice is one."""
    return tuple(sorted({clean_promotion(one) for one in value}, key=lambda one: (one.first_day, one.name)))


def overlapping(promotions: tuple[Promotion, ...]) -> list[tuple[Promotion, Promotion]]:
    """The pairs of promotions that share a day; on such a day the cheaper one holds."""
    return [
        (one, other)
        for at, one in enumerate(promotions)
        for other in promotions[at + 1 :]
        if one.first_day <= other.last_day and other.first_day <= one.last_day
    ]


_CHECKS: dict[type[Any], Mapping[str, Check]] = {
    ClinicForm: {
        "name": _name,
        "cnpj": clean_cnpj,
        "phone": clean_phone,
        "email": clean_email,
        "address": _words("address"),
        "city": _words("city"),
        "state": clean_state,
        "zone": clean_zone,
        "logo": lambda value: clean_picture(value, "logo") if value is not None else None,
    },
    SchedulingPolicy: {
        "slot_duration_minutes": _between("slot_duration_minutes", 5, 240),
        "min_advance_hours": _between("min_advance_hours", 0, 8760),
        "max_advance_days": _between("max_advance_days", 0, 3650),
        "max_daily_appointments": _between("max_daily_appointments", 0, 500),
        "max_daily_overbookings": _between("max_daily_overbookings", 0, 500),
        "late_cancellation_hours": _between("late_cancellation_hours", 0, 720),
    },
    RoomForm: {"name": _name},
    EquipmentForm: {"name": _name},
    ProfessionalForm: {
        "name": _name,
        "specialty": _words("specialty"),
        "council": _words("council", 20),
        "council_number": _words("council_number", 20),
        "council_state": _council_state,
        "hue": _hue,
        "default_duration": _between("default_duration", 5, 720),
        "bio": _words("bio", LONGEST_TEXT),
        "clinic_ids": _somewhere,
    },
    CategoryForm: {"name": _name, "icon": _words("icon", 40), "hue": _hue},
    ServiceForm: {
        "name": _name,
        "duration_minutes": _between("duration_minutes", 5, 720),
        "buffer_before": _between("buffer_before", 0, 240),
        "buffer_after": _between("buffer_after", 0, 240),
        "price": clean_price,
        "professional_ids": _sorted,
        "room_ids": _sorted,
        "equipment_ids": _sorted,
        "description": _words("description", LONGEST_TEXT),
        "promotions": lambda value: _clean_promotions(value),
    },
    HoursForm: {
        "days": lambda value: tuple(clean_spans(spans) for spans in value),
        "exceptions": lambda value: _clean_exceptions(value),
    },
    HolidayForm: {"name": _name},
    FieldForm: {"name": _name},
    PersonForm: {"name": _name, "login": clean_login, "hue": _hue, "clinic_ids": _somewhere},
    ProfileForm: {"name": lambda value: _words("name", 60)(_name(value))},
}


# What is asked of a whole form, where one field decides about another.
_WHOLE: dict[type[Any], Check] = {
    MessagingForm: clean_messaging,
    TemplateForm: clean_template,
    RuleForm: clean_rule,
    # Which of its secrets are sealed already the form cannot know; whoever keeps it asks.
    ChannelForm: lambda form: clean_channel(form, {one.name for one in secret_fields(form.provider)}),
}


def clean(form: Form) -> Form:
    """The form ready to be kept. Raises InvalidForm with everything that is wrong, in the form's order."""
    if type(form) in _WHOLE:
        return _WHOLE[type(form)](form)  # type: ignore[no-any-return]
    kept: dict[str, Any] = {}
    problems: list[InvalidField] = []
    for name, check in _CHECKS[type(form)].items():
        try:
            kept[name] = check(getattr(form, name))
        except InvalidField as problem:
            problems.append(problem)
    if problems:
        raise InvalidForm(tuple(problems))
    cleaned: Form = replace(form, **kept)  # type: ignore[type-var]
    return cleaned


def field_check(kind: type[Any], name: str) -> Check | None:
    """What is asked of one field of a form; it raises InvalidField. None when anything will do."""
    return _CHECKS.get(kind, {}).get(name)
