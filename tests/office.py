"""A small organisation on real PostgreSQL: made once for a run, copied in a blink for every test that commits."""

import contextlib
import datetime as dt
import json
import os
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg
from filelock import FileLock
from psycopg import sql
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from clinicdesk.domain.clinics import Clinic as ClinicFacts
from clinicdesk.domain.patients import NOBODY
from clinicdesk.domain.staff import AddPerson, Person, Role
from clinicdesk.storage import migrate
from clinicdesk.storage import staff as staff_rows
from clinicdesk.storage.cluster import Cluster
from clinicdesk.storage.engine import login_of, make_engine
from clinicdesk.storage.roles import create_database, drop_database
from clinicdesk.usecases import setup, staff
from clinicdesk.usecases.clinic import Clinic, FieldKeys, new_id
from tests.storage.upgrading import revisions

PASSWORD = "janela 47 aberta"
ZONE = ZoneInfo("America/Sao_Paulo")
DAY = dt.date(2035, 3, 6)  # a Tuesday without holidays, in everybody's future
GUARDS_OFF = "CLINICDESK_GUARDS_OFF"  # a JSON file {test id: SQL that switches its guard off}
TEMPLATE = "officetemplate"

PEOPLE: dict[str, tuple[str, Role, tuple[str, ...]]] = {
    "claudia": ("Cláudia Meireles", Role.OWNER, ("ipe", "jacaranda")),
    "otavio": ("Otávio Lins", Role.MANAGER, ("ipe",)),
    "renata": ("Renata Souza", Role.RECEPTION, ("ipe",)),
    "helena": ("Helena Prado", Role.PROFESSIONAL, ("ipe",)),
    "caio": ("Caio Menezes", Role.PROFESSIONAL, ("ipe", "jacaranda")),
    "bruno": ("Bruno Teles", Role.RECEPTION, ("jacaranda",)),
    "marta": ("Marta Nunes", Role.MANAGER, ("jacaranda",)),
}
GROUP_OF = {login: f"cd_{role}" for login, (_name, role, _clinics) in PEOPLE.items()}


@dataclass(frozen=True)
class Sample:
    """The ids of what the template holds, by name."""

    organisation_id: UUID
    recovery_key: str
    keys: FieldKeys
    people: dict[str, UUID]
    verifiers: dict[str, str]
    clinics: dict[str, UUID]
    professionals: dict[str, UUID] = field(default_factory=lambda: _ids("helena", "caio", "davi"))
    rooms: dict[str, UUID] = field(default_factory=lambda: _ids("room 1", "room 2", "room b"))
    machines: dict[str, UUID] = field(default_factory=lambda: _ids("laser", "laser b"))
    categories: dict[str, UUID] = field(default_factory=lambda: _ids("ipe", "jacaranda"))
    services: dict[str, UUID] = field(default_factory=lambda: _ids("visit", "laser", "visit b"))
    patients: dict[str, UUID] = field(default_factory=lambda: _ids("ana", "bento", "nina"))


def _ids(*names: str) -> dict[str, UUID]:
    return {name: new_id() for name in names}


def at(hour: int, minute: int = 0, day: dt.date = DAY, zone: ZoneInfo = ZONE) -> dt.datetime:
    """A wall-clock time of the sample's day as an instant in UTC."""
    return dt.datetime.combine(day, dt.time(hour, minute), zone).astimezone(dt.UTC)


def put(connection: psycopg.Connection[Any], table: str, **values: object) -> None:
    """INSERT one row."""
    statement = sql.SQL("INSERT INTO clinicdesk.{} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join([sql.Placeholder()] * len(values)),
    )
    connection.execute(statement, list(values.values()))


def refusal(
    connection: psycopg.Connection[Any], statement: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> psycopg.Error:
    """How the database refuses a statement; fails when it does not."""
    try:
        with connection.transaction():
            connection.execute(statement.encode(), parameters)
    except psycopg.Error as error:
        return error
    raise AssertionError(f"not refused: {statement}")


def value(connection: psycopg.Connection[Any], statement: str, parameters: Sequence[object] = ()) -> Any:
    """The first column of the first row."""
    row = connection.execute(statement.encode(), parameters).fetchone()
    assert row is not None
    return row[0]


class _Nested:
    """Stands where an engine stands: every transaction is a savepoint of one that is never committed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextlib.contextmanager
    def begin(self) -> Iterator[Connection]:
        with self._connection.begin_nested():
            yield self._connection
            self._connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")

    def dispose(self) -> None:
        """The connection is the office's to close."""


class Office:
    """One copy of the organisation and everybody's way into it; `close` ends the connections it gave."""

    def __init__(self, cluster: Cluster, database: str, sample: Sample, *, commits: bool = True) -> None:
        self.cluster = cluster
        self.database = database
        self.sample = sample
        self._commits = commits
        self._closing = contextlib.ExitStack()

    @property
    def address(self) -> dict[str, str]:
        """How the database is reached, without user and password."""
        conninfo = self.cluster.conninfo(self.database, "", "")
        return {key: value for key, value in conninfo.items() if key not in ("user", "password")}

    def conninfo(self, login: str, password: str = PASSWORD) -> dict[str, str]:
        """How a person reaches the database."""
        return {**self.address, "user": login_of(self.database, login), "password": password}

    def admin(self) -> psycopg.Connection[Any]:
        """A connection of the server's administrator, to whom row security does not apply."""
        return self._opened(self.cluster.admin_conninfo(self.database))

    def connect(self, login: str) -> psycopg.Connection[Any]:
        """A plain connection of one person, as psql would open it."""
        return self._opened(self.conninfo(login))

    def desk(self, login: str, clinic: str = "", desk: str = "mesa 1") -> Clinic:
        """The person signed in at a desk, without the time that stretching a password takes."""
        name, role, clinics = PEOPLE[login]
        own = self.sample.professionals.get(login)
        theirs = tuple(self.sample.clinics[each] for each in clinics)
        person = Person(self.sample.people[login], login, name, role, 200, theirs, own)
        engine: Any = make_engine(self.conninfo(login), desk)
        if self._commits:
            self._closing.callback(engine.dispose)
        else:
            engine = _Nested(self._uncommitted(login))
        opened = Clinic(
            engine, self.conninfo(login), person, self.sample.clinics[clinic or clinics[0]], desk, self.keys
        )
        self._closing.callback(opened.close)
        return opened

    def robot(self, clinic: str = "ipe") -> Clinic:
        """The process that sends, at work in a clinic."""
        theirs = tuple(self.sample.clinics.values())
        nobody = Person(NOBODY, "sync", "ClinicDesk", Role.RECEPTION, 200, theirs)
        engine: Any = make_engine(self.conninfo("sync"), "sync")
        if self._commits:
            self._closing.callback(engine.dispose)
        else:
            engine = _Nested(self._uncommitted("sync"))
        opened = Clinic(engine, self.conninfo("sync"), nobody, self.sample.clinics[clinic], "sync", None)
        self._closing.callback(opened.close)
        return opened

    @property
    def keys(self) -> FieldKeys:
        """The clinic's keys, unwrapped."""
        return self.sample.keys

    def visit(self, **changes: object) -> dict[str, object]:
        """The columns of an appointment: Ana with Helena in room 1, 9:00–9:30, unless told otherwise."""
        return {
            "id": uuid4(),
            "clinic_id": self.sample.clinics["ipe"],
            "patient_id": self.sample.patients["ana"],
            "professional_id": self.sample.professionals["helena"],
            "room_id": self.sample.rooms["room 1"],
            "service_id": self.sample.services["visit"],
            "starts_at": at(9),
            "ends_at": at(9, 30),
            **changes,
        }

    def book_row(self, connection: psycopg.Connection[Any], **changes: object) -> UUID:
        """Insert an appointment by SQL; its id."""
        row = self.visit(**changes)
        put(connection, "appointment", **row)
        return UUID(str(row["id"]))

    def close(self) -> None:
        """End every connection given out; what was not committed is rolled back."""
        self._closing.close()

    def _opened(self, conninfo: dict[str, str]) -> psycopg.Connection[Any]:
        opened = psycopg.connect(**dict[str, Any](conninfo), autocommit=self._commits)
        self._closing.callback(opened.close)
        if not self._commits:
            opened.execute("SELECT 1")  # from here on a block of its own is a savepoint and does not commit
        return opened

    def _uncommitted(self, login: str) -> Connection:
        arguments: dict[str, Any] = dict(self.conninfo(login))
        engine = create_engine(
            "postgresql+psycopg://", creator=lambda: psycopg.connect(**arguments), poolclass=NullPool
        )
        connection = engine.connect()
        self._closing.callback(engine.dispose)
        self._closing.callback(connection.close)
        return connection


# --- the template and its copies -------------------------------------------------------------------------------------


def template(cluster: Cluster, run_folder: Path, ahead: bool = False) -> Sample:
    """Make the template unless another worker of this run did; `ahead`, with the schema of a release to come."""
    kept = run_folder / "office.pickle"
    with FileLock(run_folder / "office.lock"):
        if not kept.is_file():
            made = _make(cluster)
            if ahead:
                folder = revisions(run_folder, "20991001_0900_expand.py")
                migrate.bring_up(cluster.admin_conninfo(TEMPLATE), lambda _found: None, folder=folder)
            kept.write_bytes(pickle.dumps(made))
        found: Sample = pickle.loads(kept.read_bytes())
    return found


@contextlib.contextmanager
def copied(cluster: Cluster, sample: Sample, test_id: str) -> Iterator[str]:
    """A database like the template, with the logins of its people; a guard is off in it if this run says so."""
    name = f"office{uuid4().hex[:12]}"
    admin: dict[str, Any] = dict(cluster.admin_conninfo())
    with psycopg.connect(**admin, autocommit=True) as server:
        create_database(server, name, TEMPLATE)
        try:
            with psycopg.connect(**{**admin, "dbname": name}, autocommit=True) as inside:
                for login, verifier in sample.verifiers.items():
                    inside.execute(
                        "SELECT clinicdesk.give_login(%s, %s, %s, NULL)",
                        [login_of(name, login), PEOPLE[login][1], verifier],
                    )
                # Sync has no person behind it; its login is made by who sets the clinic up.
                inside.execute("SELECT clinicdesk.give_sync_login(%s)", [sample.verifiers["claudia"]])
                inside.execute(_switched_off(test_id).encode())
            yield name
        finally:
            drop_database(server, name)


def _switched_off(test_id: str) -> str:
    path = os.environ.get(GUARDS_OFF)
    if not path:
        return ""
    guards: dict[str, str] = json.loads(Path(path).read_text("utf-8"))
    return guards.get(test_id, "")


def _make(cluster: Cluster) -> Sample:
    """The organisation: two clinics, five roles' worth of people, three professionals of whom one works in both."""
    admin = cluster.admin_conninfo()
    clinics = {"ipe": ClinicFacts(new_id(), "Clínica Ipê"), "jacaranda": ClinicFacts(new_id(), "Clínica Jacarandá")}
    made = setup.make_clinic(
        admin, TEMPLATE, "Bem Viver", list(clinics.values()), _person("claudia", clinics, PASSWORD)
    )
    address = {
        key: value for key, value in cluster.conninfo(TEMPLATE, "", "").items() if key not in ("user", "password")
    }
    engine = make_engine({**address, "user": login_of(TEMPLATE, "claudia"), "password": PASSWORD})
    owner = Person(made.owner_id, "claudia", "Cláudia Meireles", Role.OWNER, 200, made.clinic_ids)
    desk = Clinic(engine, address, owner, made.clinic_ids[0], "set-up", made.keys)
    people = {"claudia": made.owner_id}
    verifiers: dict[str, str] = {}
    try:
        # One person has the keys wrapped under a password as everybody in a real clinic has: that takes its time.
        people["renata"] = staff.add_person(desk, _person("renata", clinics, PASSWORD)).id
        with desk.transaction() as tx:
            for login in PEOPLE:
                verifiers[login] = staff_rows.verifier(tx, login, PASSWORD)
                if login not in people:
                    people[login] = new_id()
                    staff_rows.add_person(tx, people[login], _person(login, clinics, PASSWORD), verifiers[login])
    finally:
        engine.dispose()
    sample = Sample(
        made.organisation_id,
        made.recovery_key,
        made.keys,
        people,
        verifiers,
        {name: clinic.id for name, clinic in clinics.items()},
    )
    with psycopg.connect(**dict[str, Any]({**admin, "dbname": TEMPLATE})) as connection:
        connection.execute("SET LOCAL ROLE cd_schema")
        _furnish(connection, sample)
        _staff_the_agenda(connection, sample)
        _register_patients(connection, sample)
    return sample


def _person(login: str, clinics: dict[str, ClinicFacts], password: str) -> AddPerson:
    name, role, where = PEOPLE[login]
    return AddPerson(new_id(), login, name, role, password, tuple(clinics[each].id for each in where))


def _furnish(connection: psycopg.Connection[Any], sample: Sample) -> None:
    for table, kind, things in (("room", "room", sample.rooms), ("equipment", "equipment", sample.machines)):
        for name, key in things.items():
            clinic_id = sample.clinics["jacaranda" if name.endswith(" b") else "ipe"]
            put(connection, "resource", id=key, kind=kind, clinic_id=clinic_id)
            put(connection, table, id=key, clinic_id=clinic_id, name=name)
    for clinic, key in sample.categories.items():
        put(connection, "service_category", id=key, clinic_id=sample.clinics[clinic], name="Consultas")
    ipe, services = sample.clinics["ipe"], sample.services
    plain = {"category_id": sample.categories["ipe"], "duration_minutes": 30, "price": 250}
    put(connection, "service", id=services["visit"], clinic_id=ipe, name="Consulta", **plain)
    laser = {"duration_minutes": 60, "buffer_before": 10, "buffer_after": 15, "price": 900}
    put(connection, "service", id=services["laser"], clinic_id=ipe, name="Laser", **laser)
    put(connection, "service", id=services["visit b"], clinic_id=sample.clinics["jacaranda"], name="Consulta")
    for room in ("room 1", "room 2"):
        put(connection, "service_room", clinic_id=ipe, service_id=services["laser"], room_id=sample.rooms[room])
    machine = sample.machines["laser"]
    put(connection, "service_equipment", clinic_id=ipe, service_id=services["laser"], equipment_id=machine)


def _staff_the_agenda(connection: psycopg.Connection[Any], sample: Sample) -> None:
    names = {"helena": "Dra. Helena Prado", "caio": "Dr. Caio Menezes", "davi": "Dr. Davi Sá"}
    where = {"helena": ("ipe",), "caio": ("ipe", "jacaranda"), "davi": ("jacaranda",)}
    for login, key in sample.professionals.items():
        put(connection, "resource", id=key, kind="professional", clinic_id=None)
        put(connection, "professional", id=key, name=names[login], person_id=sample.people.get(login))
        for clinic in where[login]:
            put(connection, "professional_clinic", clinic_id=sample.clinics[clinic], professional_id=key)
    chosen = {"service_id": sample.services["laser"], "professional_id": sample.professionals["helena"]}
    put(connection, "service_professional", clinic_id=sample.clinics["ipe"], **chosen)
    for clinic, clinic_id in sample.clinics.items():
        for weekday in range(1, 6):
            spans = {"clinic_id": clinic_id, "weekday": weekday}
            put(connection, "working_hours", id=new_id(), starts=dt.time(8), ends=dt.time(19), **spans)
            for login, clinics in where.items():
                if clinic not in clinics:
                    continue
                for starts, ends in ((8, 12), (13, 18)):
                    own = {"professional_id": sample.professionals[login], "starts": dt.time(starts)}
                    put(connection, "working_hours", id=new_id(), ends=dt.time(ends), **own, **spans)


def _register_patients(connection: psycopg.Connection[Any], sample: Sample) -> None:
    ana, bento, nina = sample.patients.values()
    put(connection, "patient", id=ana, full_name="Ana Conceição Álvares", phone="+5511900000142")
    put(connection, "patient", id=bento, full_name="Bento d'Ávila", phone="+5511900000143")
    put(connection, "patient", id=nina, full_name="Nina Álvares", guardian_id=ana, guardian_kinship="mãe")
