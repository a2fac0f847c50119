"""The demo clinic: made on first use in a data folder, opened again afterwards, with its people ready to sign in."""

import contextlib
import datetime as dt
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from filelock import FileLock

from clinicdesk import sealing
from clinicdesk.domain.agenda import Status
from clinicdesk.domain.demo.build import DemoData, build_demo
from clinicdesk.domain.demo.catalogue import ORGANISATION
from clinicdesk.domain.messages import Purpose
from clinicdesk.domain.saved_views import ColumnsBy, Mode, SavedView, Sieve, ViewSettings
from clinicdesk.domain.staff import AddPerson, Capability, InvitePerson, Role, SaveProfile, SetAccess
from clinicdesk.keychain import FieldPlace
from clinicdesk.storage import bulk
from clinicdesk.storage import setup as rows
from clinicdesk.storage.cluster import Cluster
from clinicdesk.storage.demo_catalogue import load_catalogue
from clinicdesk.storage.demo_consents import load_consents
from clinicdesk.storage.demo_desks import load_desks
from clinicdesk.storage.demo_messages import load_messages
from clinicdesk.storage.demo_queue import load_offer, load_queue
from clinicdesk.storage.demo_register import load_fields
from clinicdesk.storage.demo_roads import load_roads
from clinicdesk.storage.engine import transaction
from clinicdesk.storage.migrate import fingerprint
from clinicdesk.terms import asked_words
from clinicdesk.usecases import access, profiles, saved_views, staff
from clinicdesk.usecases.clinic import Clinic, FieldKeys, new_id
from clinicdesk.usecases.setup import make_clinic
from clinicdesk.words import _, marked

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
_TRAINEE = ("lucas", "Lucas Antunes", Role.RECEPTION, 110)
_INVITED = ("beatriz", "Beatriz Nogueira", Role.RECEPTION, 310)
_TRAINING = frozenset({Capability.OVERBOOK, Capability.MERGE_PATIENTS, Capability.IMPORT, Capability.KEEP_RECALLS})
_VIEWS = (
    (marked("Everybody today"), ViewSettings()),
    (marked("To confirm"), ViewSettings(mode=Mode.LIST, sieve=Sieve(statuses=frozenset({Status.PENDING})))),
    (marked("Rooms"), ViewSettings(columns_by=ColumnsBy.ROOM)),
)


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
        made_by = kept["schema"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    # A demo of another release is invented anew; there is nothing in it to migrate.
    if made_by != fingerprint() or not rows.has_database(cluster.admin_conninfo(), DATABASE):
        return None
    return DemoClinic(_address(cluster), people, moment)


def _keep(data_dir: Path, people: tuple[DemoPerson, ...], moment: dt.datetime) -> None:
    aside = data_dir / f"{PEOPLE_FILE}.new"
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        kept = {"moment": moment.isoformat(), "schema": fingerprint(), "people": [asdict(one) for one in people]}
        json.dump(kept, file, ensure_ascii=False)
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
        _keep_views(cluster, people)
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
        _add_who_has_no_tile(owner, data.house.units[0].clinic.id)
        return {one.login: one.id for one in staff.people(owner)}
    finally:
        owner.close()


def _add_who_has_no_tile(owner: Clinic, clinic_id: UUID) -> None:
    """Somebody whose profile narrows their role, and somebody who was invited and did not come yet."""
    profile = profiles.save_profile(owner, SaveProfile(new_id(), None, 0, _("Training"), Role.RECEPTION, _TRAINING))
    login, name, role, hue = _TRAINEE
    trainee = staff.add_person(owner, AddPerson(new_id(), login, name, role, _new_password(), (clinic_id,), hue=hue))
    access.set_access(
        owner, SetAccess(new_id(), trainee.id, trainee.version, name, hue, role, profile.id, (clinic_id,))
    )
    login, name, role, hue = _INVITED
    staff.invite_person(owner, InvitePerson(new_id(), login, name, role, (clinic_id,), hue=hue))


def _load(admin: Mapping[str, str], data: DemoData, keys: FieldKeys, ids: Mapping[str, UUID]) -> None:
    engine = rows.admin_engine(admin, DATABASE)
    try:
        with transaction(engine) as tx:
            rows.act_as_table_owner(tx)
            load_catalogue(tx, data, ids)
            load_desks(tx, data.moment, ids)
            bulk.load_register(
                tx,
                data.patients,
                data.alerts,
                lambda row_id, digits: (keys.seal_cpf(row_id, digits), keys.cpf_index(digits)),
                keys.key_version,
                ids["renata"],
                ids["helena"],
            )
            load_fields(tx, data.register)
            asked = {str(purpose): asked_words(purpose) for purpose in Purpose}
            load_consents(tx, ids["renata"], _("kept in the reception's folder"), asked)
            bulk.load_agenda(tx, data.visits, data.series, ids["renata"], ids["paula"])
            bulk.load_front_desk(tx, data.front_desk, ids["renata"])
            bulk.load_waiting(tx, data.house.units[0].clinic.id, data.waiting, ids["renata"])
            load_roads(tx, data.house.units[0].clinic.id, data.moment)
            load_queue(tx, data.house.units[0].clinic.id, data.moment)
            load_messages(
                tx, data.house.units[0].clinic.id, data.talks, ids, _professional_names(data), _sealing(data, keys)
            )
            load_offer(tx, data.house.units[0].clinic.id, data.moment)
        with transaction(engine) as tx:
            bulk.analyze(tx)
    finally:
        engine.dispose()


def _sealing(data: DemoData, keys: FieldKeys) -> Callable[[UUID, bytes], bytes]:
    """What seals a file of a conversation to the first unit's own key, as sync does with what arrives."""
    clinic_id = data.house.units[0].clinic.id
    private = sealing.private_key_from(keys.clinic_keys[clinic_id], "media")
    public = sealing.public_key_of(private)

    def seal(media_id: UUID, content: bytes) -> bytes:
        place = FieldPlace(clinic_id, "media", media_id, "sealed", keys.key_version)
        return sealing.seal_to(public, place, content)

    return seal


def _professional_names(data: DemoData) -> dict[UUID, str]:
    return {one.id: one.name for one in data.house.professionals}


def _keep_views(cluster: Cluster, people: tuple[DemoPerson, ...]) -> None:
    """Give the receptionist views of the agenda to begin with, as they would keep them."""
    one = next(person for person in people if person.login == _PEOPLE[0][0])
    clinic = staff.sign_in(_address(cluster), one.login, one.password, "setup").clinic
    try:
        for position, (name, settings) in enumerate(_VIEWS, start=1):
            saved_views.keep(clinic, SavedView(new_id(), position, _(name), settings))
    finally:
        clinic.close()
