"""The catalogue: services under their headings with prices and promotions, and the headings themselves."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinicdesk.desk.hues import next_hue
from clinicdesk.desk.preferences.bound import (
    AreaBound,
    ChoiceBound,
    HueBound,
    IconBound,
    MinutesBound,
    PicksBound,
    SwitchBound,
    money_bound,
)
from clinicdesk.desk.preferences.custom_bound import CustomBound
from clinicdesk.desk.preferences.editor import Line
from clinicdesk.desk.preferences.kinds import DURATIONS, Kind, checked, line
from clinicdesk.desk.preferences.labels import label
from clinicdesk.desk.preferences.listing import Row
from clinicdesk.desk.preferences.promotions_edit import PromotionsBound
from clinicdesk.desk.preferences.world import World, options
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.preferences import SERVICE_TABLE, CategoryForm, Kept, ServiceForm
from clinicdesk.formats import money
from clinicdesk.words import _

BUFFERS = (0, 5, 10, 15, 20, 30, 45, 60)


def kind_of_services(today: Callable[[], dt.date], pictures: Callable[[], QWidget]) -> Kind:
    """What is booked."""
    return Kind(
        ServiceForm,
        lambda world: _service_lines(world, today, pictures()),
        frozenset({"service", "service_professional", "service_room", "service_equipment", "service_promotion"})
        | frozenset({"professional", "room", "equipment", "service_category", "custom_field"}),
        lambda kept, world: _service_rows(kept, world, today()),
        _new_service,
        _("New service"),
        (_("No services yet"), _("Nothing can be booked before there is one.")),
        orderable=True,
    )


def kind_of_categories() -> Kind:
    """The headings of the catalogue."""
    return Kind(
        CategoryForm,
        _category_lines,
        frozenset({"service_category"}),
        lambda kept, _world: [Row(one.id, one.form.name, icon=one.form.icon, hue=one.form.hue) for one in kept],
        lambda _world, kept: CategoryForm(hue=next_hue([one.form.hue for one in kept])),
        _("New category"),
        (_("No categories yet"), _("They part the catalogue, and give visits their icon and colour.")),
        orderable=True,
        removable=True,
    )


def _service_lines(world: World, today: Callable[[], dt.date], pictures: QWidget) -> list[Line]:
    kind = ServiceForm
    headings: list[tuple[UUID | None, str]] = [(None, _("without a category")), *options(world.categories)]
    none = _("none")
    hues = {one.id: one.form.hue for one in world.here}
    lines: list[Line] = [
        [line(kind, "name"), ChoiceBound("category_id", label(kind, "category_id"), headings)],
        [
            MinutesBound("duration_minutes", label(kind, "duration_minutes"), DURATIONS),
            MinutesBound("buffer_before", label(kind, "buffer_before"), BUFFERS, none),
            MinutesBound("buffer_after", label(kind, "buffer_after"), BUFFERS, none),
            money_bound("price", label(kind, "price"), checked(kind, "price")),
        ],
        [PicksBound("professional_ids", label(kind, "professional_ids"), options(world.here), _("Anybody"), hues)],
        [PicksBound("room_ids", label(kind, "room_ids"), options(world.rooms), _("No room is needed"))],
        [PicksBound("equipment_ids", label(kind, "equipment_ids"), options(world.equipment), _("Nothing is needed"))],
        "",
        [PromotionsBound("promotions", label(kind, "promotions"), today)],
        "",
        [AreaBound("description", label(kind, "description"), checked(kind, "description"))],
        pictures,
    ]
    if world.fields:
        lines += ["", label(kind, "custom"), [CustomBound("custom", label(kind, "custom"), world.fields)]]
    detail = _("Booked visits still take place when it is not")
    lines += ["", [SwitchBound("active", label(kind, "active"), detail, _("offered"), _("not offered"))]]
    return lines


def _service_rows(services: Sequence[Kept[ServiceForm]], world: World, today: dt.date) -> list[Row]:
    found: list[Row] = []
    known = {one.id for one in world.categories}
    groups: list[tuple[UUID | None, str, int | None]] = [
        (one.id, one.form.name, one.form.hue) for one in world.categories
    ]
    groups.append((None, _("Without a category"), None))
    for key, name, hue in groups:
        mine = [
            one
            for one in services
            if one.form.active and (one.form.category_id if one.form.category_id in known else None) == key
        ]
        if mine:
            found.append(Row(None, name, right=str(len(mine)), hue=hue))
            found += [_service_row(one, today, str(key)) for one in mine]
    gone = [one for one in services if not one.form.active]
    if gone:
        found.append(Row(None, _("Not offered"), right=str(len(gone))))
        found += [_service_row(one, today, "gone") for one in gone]
    return found


def _service_row(one: Kept[ServiceForm], today: dt.date, group: str) -> Row:
    form = one.form
    price = Service(one.id, form.name, price=form.price, promotions=form.promotions).price_on(today)
    detail = _("{minutes} min").format(minutes=form.duration_minutes)
    if price != form.price:
        detail += " · " + _("in promotion")
    shown = money(price) if price else _("free of charge")
    return Row(one.id, form.name, detail, shown, muted=not form.active, group=group)


def _new_service(world: World, services: Sequence[Kept[Any]]) -> ServiceForm:
    """By a table of services one begins short, under the heading of the last; by consultation with half an hour."""
    last = services[-1].form.category_id if services else None
    if world.template == SERVICE_TABLE:
        return ServiceForm(category_id=last, duration_minutes=15)
    return ServiceForm(duration_minutes=30)


def _category_lines(_world: World) -> list[Line]:
    kind = CategoryForm
    return [
        [line(kind, "name")],
        [HueBound("hue", label(kind, "hue"), checked(kind, "hue"))],
        [IconBound("icon", label(kind, "icon"))],
    ]
