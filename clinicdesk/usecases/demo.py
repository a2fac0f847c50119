"""The demo clinic: made on first use in a data folder, opened again afterwards, with its people ready to sign in."""

import contextlib
import datetime as dt
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from filelock import FileLock

from clinicdesk.domain.demo.build import DemoData, build_demo
from clinicdesk.domain.demo.catalogue import CLINIC_HOURS, ORGANISATION, SATURDAY, Minutes
from clinicdesk.domain.demo.keys import ZONE
from clinicdesk.domain.staff import AddPerson, Role
from clinicdesk.storage import bulk
from clinicdesk.storage import setup as rows
from clinicdesk.storage import tables as t
from clinicdesk.storage.cluster import Cluster
from clinicdesk.storage.engine import Transaction, transaction
from clinicdesk.usecases import staff
from clinicdesk.usecases.clinic import FieldKeys, new_id
from clinicdesk.usecases.setup import make_clinic
from clinicdesk.words import marked

DATABASE = "demo"
PEOPLE_FILE = "demo.json"  # the passwords of people who do not exist, readable by this account alone

_PASSWORD_WORDS = (
    "abacate",
    "andorinha",
    "arara",
    "bambu",
    "barco",
    "brisa",
    "cacau",
    "caju",
    "canoa",
    "cerrado",
    "coral",
    "farol",
    "figo",
    "garoa",
    "goiaba",
    "jasmim",
    "lagoa",
    "luar",
    "manga",
    "mirante",
    "neblina",
    "orvalho",
    "pitanga",
    "ponte",
    "quintal",
    "riacho",
    "serra",
    "tucano",
    "varanda",
    "vento",
)

# login, name, role, words for the role, hue, units
_PEOPLE = (
    ("renata", "Renata Souza", Role.RECEPTION, marked("Reception"), 65, (0,)),
    ("paula", "Paula Reis", Role.MANAGER, marked("Management"), 340, (0, 1)),
    ("helena", "Dra. Helena Prado", Role.PROFESSIONAL, marked("Dermatology"), 200, (0,)),
    ("caio", "Dr. Caio Menezes", Role.PROFESSIONAL, marked("Orthopaedics"), 265, (0,)),
    ("claudia", "Cláudia Meireles", Role.OWNER, marked("Owner"), 155, (0, 1)),
)
_OWNER = _PEOPLE[-1]


@dataclass(frozen=True)
class DemoPerson:
    """Somebody the demo's sign-in offers; `role_label` is English source text, to be translated where it is shown."""

    login: str
    name: str
    role_label: str
    hue: int
    password: str


@dataclass(frozen=True)
class DemoClinic:
    """How the demo is reached, who may sign in, and the moment at which its last working day stands half done."""

    address: Mapping[str, str]
    people: tuple[DemoPerson, ...]
    moment: dt.datetime
    made_now: bool = False


def open_demo(
    cluster: Cluster,
    data_dir: Path,
    now: dt.datetime | None = None,
    reset: bool = False,
    patients: int = 3000,
    appointments: int | None = None,
) -> DemoClinic:
    """Open the demo clinic of a data folder, making it when it is not there, is unfinished, or `reset` asks for it.

    With `appointments` given it is exactly that big. What a person changed in the demo stays until it is reset.
    """
    with FileLock(data_dir / "demo.lock", mode=0o600):
        kept = None if reset else _kept(cluster, data_dir)
        if kept is not None:
            return kept
        (data_dir / PEOPLE_FILE).unlink(missing_ok=True)
        rows.remove_database(cluster.admin_conninfo(), DATABASE)
        data = build_demo(now or dt.datetime.now(dt.UTC), patients, appointments)
        people = _make(cluster, data)
        _keep(data_dir, people, data.moment)
        return DemoClinic(_address(cluster), people, data.moment, made_now=True)


def _address(cluster: Cluster) -> dict[str, str]:
    reached = cluster.conninfo(DATABASE, "", "")
    return {name: value for name, value in reached.items() if name not in ("user", "password")}


def _kept(cluster: Cluster, data_dir: Path) -> DemoClinic | None:
    """The demo made before; None when there is none, or when making it was cut short."""
    try:
        kept = json.loads((data_dir / PEOPLE_FILE).read_text(encoding="utf-8"))
        people = tuple(DemoPerson(**one) for one in kept["people"])
        moment = dt.datetime.fromisoformat(kept["moment"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    if not rows.has_database(cluster.admin_conninfo(), DATABASE):
        return None
    return DemoClinic(_address(cluster), people, moment)


def _keep(data_dir: Path, people: tuple[DemoPerson, ...], moment: dt.datetime) -> None:
    aside = data_dir / f"{PEOPLE_FILE}.new"
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"moment": moment.isoformat(), "people": [asdict(one) for one in people]}, file, ensure_ascii=False)
        file.flush()
        os.fsync(descriptor)
    aside.replace(data_dir / PEOPLE_FILE)


def _new_password() -> str:
    words = "-".join(secrets.choice(_PASSWORD_WORDS) for _ in range(4))
    return f"{words}-{secrets.randbelow(9000) + 1000}"


# --- making it -------------------------------------------------------------------------------------------------------


def _make(cluster: Cluster, data: DemoData) -> tuple[DemoPerson, ...]:
    """Make the database with its people and load it; on any failure nothing stays behind."""
    people = tuple(
        DemoPerson(login, name, label, hue, _new_password()) for login, name, _role, label, hue, _units in _PEOPLE
    )
    admin = cluster.admin_conninfo()
    clinics = [unit.clinic for unit in data.house.units]
    made = make_clinic(admin, DATABASE, ORGANISATION, clinics, _as_new_person(data, people, _OWNER[0]))
    try:
        ids = _add_people(cluster, data, people)
        _load(admin, data, made.keys, ids)
    except BaseException:
        with contextlib.suppress(Exception):
            rows.remove_database(admin, DATABASE)
        raise
    return people


def _as_new_person(data: DemoData, people: tuple[DemoPerson, ...], login: str) -> AddPerson:
    role, units = next((row[2], row[5]) for row in _PEOPLE if row[0] == login)
    one = next(person for person in people if person.login == login)
    clinic_ids = tuple(data.house.units[unit].clinic.id for unit in units)
    return AddPerson(new_id(), login, one.name, role, one.password, clinic_ids, hue=one.hue)


def _add_people(cluster: Cluster, data: DemoData, people: tuple[DemoPerson, ...]) -> dict[str, UUID]:
    """Give everybody but the owner a login, as the owner would; the ids of all by login."""
    password = next(one.password for one in people if one.login == _OWNER[0])
    owner = staff.sign_in(_address(cluster), _OWNER[0], password, "setup").clinic
    try:
        for one in people:
            if one.login != _OWNER[0]:
                staff.add_person(owner, _as_new_person(data, people, one.login))
        return {one.login: one.id for one in staff.people(owner)}
    finally:
        owner.close()


def _load(admin: Mapping[str, str], data: DemoData, keys: FieldKeys, ids: Mapping[str, UUID]) -> None:
    engine = rows.admin_engine(admin, DATABASE)
    try:
        with transaction(engine) as tx:
            rows.act_as_table_owner(tx)
            _load_catalogue(tx, data, ids)
            bulk.load_register(
                tx,
                data.patients,
                data.alerts,
                lambda row_id, digits: (keys.seal_cpf(row_id, digits), keys.cpf_index(digits)),
                keys.key_version,
                ids["renata"],
            )
            bulk.load_agenda(tx, data.visits, ids["renata"])
        with transaction(engine) as tx:
            bulk.analyze(tx)
    finally:
        engine.dispose()


def _load_catalogue(tx: Transaction, data: DemoData, ids: Mapping[str, UUID]) -> None:
    """People, rooms, machines, services, hours, holidays and time off of both units."""
    house = data.house
    bulk.insert_rows(
        tx, t.resource, [{"id": one.id, "kind": "professional", "clinic_id": None} for one in house.professionals]
    )
    bulk.insert_rows(
        tx,
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
        _load_unit(tx, data, position)


def _load_unit(tx: Transaction, data: DemoData, position: int) -> None:
    unit, house = data.house.units[position], data.house
    clinic_id = unit.clinic.id
    here = [
        (one.id, plan)
        for one, plan in zip(house.professionals, house.plan.professionals, strict=True)
        if any(where == position for where, _days in plan.days)
    ]
    bulk.insert_rows(
        tx, t.professional_clinic, [{"clinic_id": clinic_id, "professional_id": person_id} for person_id, _plan in here]
    )
    for kind, table, things in (("room", t.room, unit.rooms), ("equipment", t.equipment, unit.machines)):
        listed = [(one.id, one.name) for one in things.values()]
        bulk.insert_rows(tx, t.resource, [{"id": key, "kind": kind, "clinic_id": clinic_id} for key, _name in listed])
        bulk.insert_rows(
            tx,
            table,
            [
                {"id": key, "clinic_id": clinic_id, "name": name, "position": place}
                for place, (key, name) in enumerate(listed)
            ],
        )
    _load_services(tx, data, position)
    bulk.insert_rows(tx, t.working_hours, _hours(clinic_id, None, CLINIC_HOURS))
    for person_id, plan in here:
        weekdays = "".join(days for where, days in plan.days if where == position)
        weekly = {int(day): plan.hours for day in weekdays}
        if plan.saturdays and plan.days[0][0] == position:
            weekly[6] = SATURDAY
        bulk.insert_rows(tx, t.working_hours, _hours(clinic_id, person_id, weekly))
    bulk.insert_rows(
        tx,
        t.holiday,
        [{"id": new_id(), "clinic_id": clinic_id, "day": day, "name": name} for day, name in data.holidays.items()],
    )
    _load_time_off(tx, data, clinic_id, {person_id for person_id, _plan in here})


def _hours(
    clinic_id: UUID, person_id: UUID | None, weekly: Mapping[int, tuple[Minutes, ...]]
) -> list[dict[str, object]]:
    return [
        {
            "id": new_id(),
            "clinic_id": clinic_id,
            "professional_id": person_id,
            "weekday": weekday,
            "starts": dt.time(start // 60, start % 60),
            "ends": dt.time(end // 60, end % 60),
        }
        for weekday, spans in weekly.items()
        for start, end in spans
    ]


def _load_services(tx: Transaction, data: DemoData, position: int) -> None:
    unit = data.house.units[position]
    clinic_id, services = unit.clinic.id, list(unit.services.values())
    categories = {one.category_id: one for one in services}
    bulk.insert_rows(
        tx,
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
    bulk.insert_rows(
        tx,
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
        bulk.insert_rows(tx, table, [{"clinic_id": clinic_id, "service_id": one, column: key} for one, key in pairs])


def _load_time_off(tx: Transaction, data: DemoData, clinic_id: UUID, here: set[UUID]) -> None:
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
                "id": new_id(),
                "clinic_id": clinic_id,
                "resource_id": person_id,
                "starts_at": midnight + dt.timedelta(minutes=start),
                "ends_at": last + dt.timedelta(minutes=end),
                "kind": "block" if off.minutes else "time_off",
                "reason": off.reason,
            }
        )
    bulk.insert_rows(tx, t.time_block, found)
