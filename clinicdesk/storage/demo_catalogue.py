"""What the demo clinic is made of, as rows: people, rooms, machines, services, hours, holidays and time off."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, update
from uuid_utils.compat import uuid7

from clinicdesk.domain.demo import offers
from clinicdesk.domain.demo.build import DemoData, local_date
from clinicdesk.domain.demo.catalogue import CLINIC_HOURS, SATURDAY, Minutes
from clinicdesk.domain.demo.keys import ZONE, Unit
from clinicdesk.storage import tables as t
from clinicdesk.storage.bulk import insert_rows


def load_catalogue(connection: Connection, data: DemoData, ids: Mapping[str, UUID]) -> None:
    """Write people, rooms, machines, services, hours, holidays and time off of both units."""
    house = data.house
    insert_rows(
        connection,
        t.resource,
        [{"id": one.id, "kind": "professional", "clinic_id": None} for one in house.professionals],
    )
    insert_rows(
        connection,
        t.professional,
        [
            {
                "id": one.id,
                "person_id": ids.get(plan.login),
                "name": one.name,
                "council": one.council,
                "council_number": one.council_number,
                "council_state": one.council_state,
                "specialty": one.specialty,
                "bio": one.bio,
                "default_duration": one.default_duration,
                "hue": one.hue,
                "position": position,
            }
            for position, (one, plan) in enumerate(zip(house.professionals, house.plan.professionals, strict=True))
        ],
    )
    for position in range(len(house.units)):
        _load_unit(connection, data, position)
    _load_fields(connection, data)
    for unit in house.units:
        _load_offers(connection, data, unit)


def _load_unit(connection: Connection, data: DemoData, position: int) -> None:
    unit, house = data.house.units[position], data.house
    clinic_id = unit.clinic.id
    here = [
        (one.id, plan)
        for one, plan in zip(house.professionals, house.plan.professionals, strict=True)
        if any(where == position for where, _days in plan.days)
    ]
    insert_rows(
        connection,
        t.professional_clinic,
        [{"clinic_id": clinic_id, "professional_id": person_id} for person_id, _plan in here],
    )
    _load_things(connection, unit)
    _load_services(connection, data, position)
    insert_rows(connection, t.working_hours, _hours(clinic_id, None, CLINIC_HOURS))
    for person_id, plan in here:
        weekdays = "".join(days for where, days in plan.days if where == position)
        weekly = {int(day): plan.hours for day in weekdays}
        if plan.saturdays and plan.days[0][0] == position:
            weekly[6] = SATURDAY
        insert_rows(connection, t.working_hours, _hours(clinic_id, person_id, weekly))
    insert_rows(
        connection,
        t.holiday,
        [{"id": uuid7(), "clinic_id": clinic_id, "day": day, "name": name} for day, name in data.holidays.items()],
    )
    _load_time_off(connection, data, clinic_id, {person_id for person_id, _plan in here})


def _load_fields(connection: Connection, data: DemoData) -> None:
    """The organisation's own fields of services, and what they hold."""
    rows = [
        {
            "id": uuid7(),
            "entity": offers.OF_FIELDS,
            "name": name,
            "kind": kind,
            "choices": list(choices),
            "position": at,
        }
        for at, (name, kind, choices) in enumerate(offers.FIELDS)
    ]
    insert_rows(connection, t.custom_field, rows)
    preparing = str(rows[0]["id"])
    for unit in data.house.units:
        for name, prepared in offers.PREPARED.items():
            if name in unit.services:
                connection.execute(
                    update(t.service)
                    .where(t.service.c.id == unit.services[name].id)
                    .values(custom={preparing: prepared}, description=offers.DESCRIPTIONS.get(name, ""))
                )


def _load_offers(connection: Connection, data: DemoData, unit: Unit) -> None:
    """Promotions, pictures, the logo and the days that differ, of one unit."""
    today = local_date(data.moment)
    home = {"clinic_id": unit.clinic.id}
    offered = [(unit.services[name].id, one) for name, one in offers.promotions(today) if name in unit.services]
    insert_rows(
        connection,
        t.service_promotion,
        [{"id": uuid7(), "service_id": service_id, **home, **asdict(one)} for service_id, one in offered],
    )
    for name, hues in offers.DRAWN.items():
        if name in unit.services:
            row = {"id": uuid7(), "service_id": unit.services[name].id, "image": offers.drawing(hues), **home}
            connection.execute(insert(t.service_image), row)
    connection.execute(update(t.clinic).where(t.clinic.c.id == unit.clinic.id).values(logo=offers.drawing((200, 155))))
    here = {one.id for one in data.house.professionals[:1]} if unit is data.house.units[0] else set()
    for one in offers.days_that_differ(today):
        person = data.house.professionals[one.professional].id if one.professional is not None else None
        if person is not None and person not in here:
            continue
        start, end = one.minutes or (None, None)
        row = {
            "id": uuid7(),
            **home,
            "professional_id": person,
            "day": one.day,
            "starts": _wall(start),
            "ends": _wall(end),
            "label": one.label,
        }
        connection.execute(insert(t.hours_exception), row)


def _wall(minutes: int | None) -> dt.time | None:
    return None if minutes is None else dt.time(minutes // 60, minutes % 60)


def _load_things(connection: Connection, unit: Unit) -> None:
    """Rooms and machines with the resources they are."""
    home = {"clinic_id": unit.clinic.id}
    for kind, table, things in (("room", t.room, unit.rooms), ("equipment", t.equipment, unit.machines)):
        listed = [(one.id, one.name) for one in things.values()]
        insert_rows(connection, t.resource, [{"id": key, "kind": kind, **home} for key, _name in listed])
        insert_rows(
            connection,
            table,
            [{"id": key, "name": name, "position": place, **home} for place, (key, name) in enumerate(listed)],
        )


def _hours(
    clinic_id: UUID, person_id: UUID | None, weekly: Mapping[int, tuple[Minutes, ...]]
) -> list[dict[str, object]]:
    return [
        {
            "id": uuid7(),
            "clinic_id": clinic_id,
            "professional_id": person_id,
            "weekday": weekday,
            "starts": dt.time(start // 60, start % 60),
            "ends": dt.time(end // 60, end % 60),
        }
        for weekday, spans in weekly.items()
        for start, end in spans
    ]


def _load_services(connection: Connection, data: DemoData, position: int) -> None:
    unit = data.house.units[position]
    clinic_id, services = unit.clinic.id, list(unit.services.values())
    categories = {one.category_id: one for one in services}
    insert_rows(
        connection,
        t.service_category,
        [
            {
                "id": key,
                "clinic_id": clinic_id,
                "name": one.category_name,
                "icon": one.category_icon,
                "hue": one.category_hue,
                "position": place,
            }
            for place, (key, one) in enumerate(categories.items())
        ],
    )
    insert_rows(
        connection,
        t.service,
        [
            {
                "id": one.id,
                "clinic_id": clinic_id,
                "category_id": one.category_id,
                "name": one.name,
                "duration_minutes": one.duration_minutes,
                "buffer_after": one.buffer_after,
                "price": one.price,
                "position": place,
            }
            for place, one in enumerate(services)
        ],
    )
    for table, column, chosen in (
        (t.service_professional, "professional_id", [one.professional_ids for one in services]),
        (t.service_room, "room_id", [one.room_ids for one in services]),
        (t.service_equipment, "equipment_id", [one.equipment_ids for one in services]),
    ):
        pairs = [(one.id, key) for one, keys in zip(services, chosen, strict=True) for key in keys]
        insert_rows(connection, table, [{"clinic_id": clinic_id, "service_id": one, column: key} for one, key in pairs])


def _load_time_off(connection: Connection, data: DemoData, clinic_id: UUID, here: set[UUID]) -> None:
    zone = ZoneInfo(ZONE)
    found = []
    for off in data.times_off:
        person_id = data.house.professionals[off.professional].id
        if person_id not in here:
            continue
        start, end = off.minutes or (0, 24 * 60)
        midnight = dt.datetime.combine(off.first, dt.time(0), zone)
        last = dt.datetime.combine(off.last, dt.time(0), zone)
        found.append(
            {
                "id": uuid7(),
                "clinic_id": clinic_id,
                "resource_id": person_id,
                "starts_at": midnight + dt.timedelta(minutes=start),
                "ends_at": last + dt.timedelta(minutes=end),
                "kind": "block" if off.minutes else "time_off",
                "reason": off.reason,
            }
        )
    insert_rows(connection, t.time_block, found)
