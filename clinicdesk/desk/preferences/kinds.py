"""Every kind of setting that is a form: its fields, its line in the list, and what a new one begins as."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from clinicdesk.desk.hues import next_hue
from clinicdesk.desk.preferences.bound import (
    AreaBound,
    Bound,
    ChoiceBound,
    HueBound,
    LineBound,
    MinutesBound,
    PicksBound,
    PictureBound,
    SwitchBound,
    number_bound,
)
from clinicdesk.desk.preferences.editor import Line
from clinicdesk.desk.preferences.labels import label
from clinicdesk.desk.preferences.listing import Row
from clinicdesk.desk.preferences.world import World
from clinicdesk.desk.widgets.masks import mask_phone
from clinicdesk.domain.clinics import STATES, SchedulingPolicy, show_cnpj
from clinicdesk.domain.patients import show_phone
from clinicdesk.domain.preferences import (
    CONSULTATION,
    SERVICE_TABLE,
    ClinicForm,
    EquipmentForm,
    Kept,
    ProfessionalForm,
    RoomForm,
    field_check,
)
from clinicdesk.formats import place_of_zone
from clinicdesk.words import _

ZONES = (
    "America/Sao_Paulo",
    "America/Bahia",
    "America/Fortaleza",
    "America/Recife",
    "America/Belem",
    "America/Manaus",
    "America/Cuiaba",
    "America/Campo_Grande",
    "America/Porto_Velho",
    "America/Boa_Vista",
    "America/Rio_Branco",
    "America/Noronha",
)
DURATIONS = (10, 15, 20, 30, 40, 45, 50, 60, 75, 90, 120, 180, 240)
COUNCILS = ("", "CRM", "CRO", "CREFITO", "CRN", "CRP", "CRBM", "CRFa", "COREN", "CRF", "CRESS", "CREF")


@dataclass(frozen=True)
class Kind:
    """One kind of setting. Without `rows` there is one form and no list; without `new` none can be added."""

    form: type[Any]
    lines: Callable[[World], Sequence[Line]]
    tables: frozenset[str]  # whose changes make what is shown stale
    rows: Callable[[Sequence[Kept[Any]], World], list[Row]] | None = None
    new: Callable[[World, Sequence[Kept[Any]]], Any] | None = None
    new_word: str = ""
    empty: tuple[str, str] = ("", "")
    orderable: bool = False
    two_lines: bool = False
    removable: bool = False
    wide: bool = False  # the lines of the list are sentences
    title: Callable[[Kept[Any], World], str] = field(default=lambda kept, _world: str(kept.form.name))


def checked(kind: type[Any], name: str) -> Callable[[Any], Any] | None:
    """The check of a field that stands by itself."""
    return field_check(kind, name)


def line(kind: type[Any], name: str, **choices: Any) -> LineBound:
    """A line of text for a field of a form."""
    return LineBound(name, label(kind, name), checked(kind, name), **choices)


# --- the clinic ------------------------------------------------------------------------------------------------------


def _clinic_lines(_world: World) -> list[Line]:
    kind = ClinicForm
    templates = [(CONSULTATION, _("By consultation")), (SERVICE_TABLE, _("By a table of services"))]
    sells = ChoiceBound("business_template", label(kind, "business_template"), templates)
    sells.set_hint(_("What a new service begins with"))
    states = ChoiceBound("state", label(kind, "state"), [(one, one) for one in STATES])
    zones = ChoiceBound("zone", label(kind, "zone"), [(one, place_of_zone(one)) for one in ZONES])
    return [
        [line(kind, "name")],
        [line(kind, "cnpj", optional=True, write=lambda value: show_cnpj(str(value)), numbers=True),
         line(kind, "phone", optional=True, mask=mask_phone, write=lambda value: show_phone(str(value)))],
        [line(kind, "email", optional=True)],
        "",
        [line(kind, "address", optional=True)],
        [line(kind, "city", optional=True), states, zones],
        "",
        [sells],
        [PictureBound("logo", label(kind, "logo"), checked(kind, "logo"))],
    ]  # fmt: skip


def _policy_lines(_world: World) -> list[Line]:
    kind = SchedulingPolicy
    no_limit = _("0: no limit")

    def number(name: str, hint: str) -> LineBound:
        return number_bound(name, label(kind, name), checked(kind, name), hint)

    grid = MinutesBound("slot_duration_minutes", label(kind, "slot_duration_minutes"), (5, 10, 15, 20, 30, 45, 60))
    return [
        _("When patients may be booked"),
        [grid, number("min_advance_hours", _("For the doors patients use by themselves"))],
        [number("max_advance_days", no_limit), number("max_daily_appointments", no_limit)],
        "",
        _("Exceptions"),
        [
            number("max_daily_overbookings", _("0: none allowed")),
            number("late_cancellation_hours", _("Less notice than that is marked as late")),
        ],
    ]


# --- rooms and machines ----------------------------------------------------------------------------------------------


def _thing_lines(kind: type[Any]) -> Callable[[World], list[Line]]:
    def lines(_world: World) -> list[Line]:
        detail = _("Out of use it is offered to no booking; past visits keep it")
        use = SwitchBound("active", label(kind, "active"), detail, _("in use"), _("out of use"))
        return [[line(kind, "name")], [use]]

    return lines


def _thing_rows(icon: str) -> Callable[[Sequence[Kept[Any]], World], list[Row]]:
    def rows(things: Sequence[Kept[Any]], _world: World) -> list[Row]:
        used = [one for one in things if one.form.active]
        unused = [one for one in things if not one.form.active]
        found = [Row(one.id, one.form.name, icon=icon, group="used") for one in used]
        if unused:
            found.append(Row(None, _("Out of use"), right=str(len(unused))))
            found += [Row(one.id, one.form.name, icon=icon, muted=True, group="unused") for one in unused]
        return found

    return rows


# --- professionals ---------------------------------------------------------------------------------------------------


def _professional_lines(world: World) -> list[Line]:
    kind = ProfessionalForm
    state_words = [("", "–"), *((one, one) for one in STATES)]
    rows: list[Line] = [
        [line(kind, "name"), line(kind, "specialty", optional=True)],
        [
            ChoiceBound("council", label(kind, "council"), [(one, one or "–") for one in COUNCILS]),
            line(kind, "council_number", optional=True, numbers=True),
            ChoiceBound("council_state", label(kind, "council_state"), state_words),
        ],
        [
            MinutesBound("default_duration", label(kind, "default_duration"), DURATIONS),
            HueBound("hue", label(kind, "hue"), checked(kind, "hue")),
        ],
        [AreaBound("bio", label(kind, "bio"), checked(kind, "bio"))],
        "",
    ]
    if len(world.units) > 1:
        nowhere = _("Choose at least one")
        works = PicksBound("clinic_ids", label(kind, "clinic_ids"), world.units, nowhere)
        rows.append([works])
    detail = _("Who left receives none; their past visits stay theirs")
    rows.append([SwitchBound("active", label(kind, "active"), detail, _("receives visits"), _("receives none"))])
    return rows


def _professional_rows(people: Sequence[Kept[ProfessionalForm]], world: World) -> list[Row]:
    def row(one: Kept[ProfessionalForm], group: str, muted: bool) -> Row:
        council = " ".join(filter(None, (one.form.council, one.form.council_number)))
        detail = " · ".join(filter(None, (one.form.specialty, council)))
        minutes = _("{minutes} min").format(minutes=one.form.default_duration)
        return Row(one.id, one.form.name, detail, minutes, hue=one.form.hue, avatar=True, muted=muted, group=group)

    here = [one for one in people if one.form.active and world.clinic_id in one.form.clinic_ids]
    elsewhere = [one for one in people if one.form.active and world.clinic_id not in one.form.clinic_ids]
    gone = [one for one in people if not one.form.active]
    found = [row(one, "here", False) for one in here]
    for words, group, listed in ((_("Other units"), "elsewhere", elsewhere), (_("No longer here"), "gone", gone)):
        if listed:
            found.append(Row(None, words, right=str(len(listed))))
            found += [row(one, group, True) for one in listed]
    return found


def _new_professional(world: World, people: Sequence[Kept[ProfessionalForm]]) -> ProfessionalForm:
    return ProfessionalForm(hue=next_hue([one.form.hue for one in people]), clinic_ids=(world.clinic_id,))


def kind_of_clinic() -> Kind:
    """The unit itself."""
    return Kind(ClinicForm, _clinic_lines, frozenset({"clinic"}))


def kind_of_policy() -> Kind:
    """The rules of booking."""
    return Kind(
        SchedulingPolicy,
        _policy_lines,
        frozenset({"scheduling_policy"}),
        title=lambda _kept, _world: _("Booking rules"),
    )


def kind_of_rooms() -> Kind:
    """The clinic's rooms."""
    return Kind(
        RoomForm,
        _thing_lines(RoomForm),
        frozenset({"room"}),
        _thing_rows("door-open"),
        lambda _world, _kept: RoomForm(),
        _("New room"),
        (_("No rooms yet"), _("A visit can do without one; a room that is here is never booked twice.")),
        orderable=True,
    )


def kind_of_equipment() -> Kind:
    """The clinic's machines."""
    return Kind(
        EquipmentForm,
        _thing_lines(EquipmentForm),
        frozenset({"equipment"}),
        _thing_rows("monitor"),
        lambda _world, _kept: EquipmentForm(),
        _("New equipment"),
        (_("No equipment yet"), _("What only one visit can use at a time belongs here.")),
        orderable=True,
    )


def kind_of_professionals() -> Kind:
    """Those whose time is booked."""
    return Kind(
        ProfessionalForm,
        _professional_lines,
        frozenset({"professional", "professional_clinic"}),
        _professional_rows,
        _new_professional,
        _("New professional"),
        (_("Nobody receives visits yet"), _("Add the first professional, then their hours.")),
        orderable=True,
        two_lines=True,
    )


def all_bounds(lines: Sequence[Line]) -> list[Bound]:
    """The fields of a form's lines."""
    return [
        part
        for each in lines
        if not isinstance(each, str) and isinstance(each, Sequence)
        for part in each
        if isinstance(part, Bound)
    ]
