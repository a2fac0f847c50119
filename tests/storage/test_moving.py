"""A clinic from one server to another: everything, with the triggers asleep and awake again, or nothing."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from clinicdesk.errors import MoveCancelled, MoveRefused
from clinicdesk.storage import moving, setup
from clinicdesk.storage import staff as staff_rows
from clinicdesk.storage.base import metadata
from clinicdesk.storage.cluster import Cluster
from clinicdesk.storage.engine import make_engine
from clinicdesk.storage.moving import MoveProgress, move, moved_tables
from clinicdesk.usecases import staff
from tests.office import PASSWORD, PEOPLE, Office, at, put, value
from tests.storage.rows import fill

PART, SECRET = "K7M4", "Q2XT9WPD3HRA"


@pytest.fixture(scope="session")
def other_cluster(run_folder: Any) -> Iterator[Cluster]:
    """A server of its own, as a clinic's would be."""
    with Cluster.open(run_folder / "other") as opened:
        yield opened


class Elsewhere:
    """An empty database on the other server, and a founder's way into it."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster, self.database = cluster, f"clinic{uuid4().hex[:8]}"
        setup.make_database(cluster.admin_conninfo(), self.database)
        engine = make_engine(cluster.admin_conninfo(self.database))
        login = f"{self.database}_+{PART}"
        with engine.begin() as tx:
            verifier = staff_rows.verifier(tx, login, SECRET)
            tx.exec_driver_sql("SELECT clinicdesk.invite_founder(%s::uuid, %s, %s, 15)", (str(uuid4()), PART, verifier))
        engine.dispose()
        self.founder = cluster.conninfo(self.database, login, SECRET)

    @property
    def admin(self) -> dict[str, str]:
        return self.cluster.admin_conninfo(self.database)

    @property
    def address(self) -> dict[str, str]:
        return {name: value for name, value in self.admin.items() if name not in ("user", "password")}


@pytest.fixture
def elsewhere(other_cluster: Cluster) -> Iterator[Elsewhere]:
    made = Elsewhere(other_cluster)
    yield made
    setup.remove_database(other_cluster.admin_conninfo(), made.database)


@pytest.fixture
def source(office: Office) -> dict[str, str]:
    """The administrator's way to an organisation with a row in every table."""
    admin = office.admin()
    fill(office, admin)
    admin.execute("ALTER ROLE " + f"{office.database}_bruno" + " NOLOGIN")
    admin.execute("UPDATE clinicdesk.person SET locked_at = now() WHERE login = 'bruno'")
    return office.cluster.admin_conninfo(office.database)


def _all(conninfo: dict[str, str]) -> dict[str, list[Any]]:
    found = {}
    with psycopg.connect(**dict[str, Any](conninfo)) as connection:
        for name in moved_tables():
            found[name] = sorted(map(str, connection.execute(f"SELECT * FROM clinicdesk.{name}".encode())))
    return found


def test_everything_arrives_and_works(source: dict[str, str], elsewhere: Elsewhere, office: Office) -> None:
    with psycopg.connect(**dict[str, Any](elsewhere.admin)) as server:  # as the server does when a desk comes to it
        put(server, "desk", id=uuid4(), name="Recepção", serial="99", expires_at=at(20))
    told: list[MoveProgress] = []
    done = move(source, elsewhere.founder, told.append)
    before, after = _all(source), _all(elsewhere.admin)
    brought, followed = after["audit"][: len(before["audit"])], after["audit"][len(before["audit"]) :]
    assert len(brought) == len(before["audit"]) and len(followed) == 1 and "Recepção" in str(after["audit"])
    assert {name: rows for name, rows in after.items() if name != "audit"} == {
        name: rows for name, rows in before.items() if name != "audit"
    }
    assert done.rows == {name: len(rows) for name, rows in before.items()}
    assert done.people == len(PEOPLE) and told[-1].rows == told[-1].rows_in_all == sum(done.rows.values())
    _everybody_signs_in(elsewhere)
    _its_guards_are_awake(elsewhere, office)


def _everybody_signs_in(elsewhere: Elsewhere) -> None:
    for login in PEOPLE:
        conninfo: dict[str, Any] = {**elsewhere.address, "user": f"{elsewhere.database}_{login}", "password": PASSWORD}
        if login == "bruno":
            with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
                psycopg.connect(**conninfo)
            continue
        with psycopg.connect(**conninfo) as connection:
            assert connection.execute("SELECT clinicdesk.my_person() IS NOT NULL").fetchone() == (True,)
    signed_in = staff.sign_in(elsewhere.address, "renata", PASSWORD, "desk")
    assert signed_in.clinic.keys.register_key
    signed_in.clinic.close()


def _its_guards_are_awake(elsewhere: Elsewhere, office: Office) -> None:
    with psycopg.connect(**dict[str, Any](elsewhere.admin), autocommit=True) as admin:
        loose = "SELECT count(*) FROM pg_class WHERE relnamespace = 'clinicdesk'::regnamespace AND relkind = 'r'"
        assert value(admin, f"{loose} AND relname <> 'alembic_version' AND NOT relforcerowsecurity") == 0
        woken = "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O' AND NOT tgisinternal AND tgname <> 'y_founded'"
        assert value(admin, woken) == 0
        visit = office.visit(starts_at=at(17), ends_at=at(17, 30))
        highest = value(admin, "SELECT max(id) FROM clinicdesk.audit")
        with psycopg.connect(
            **{**elsewhere.address, "user": f"{elsewhere.database}_renata", "password": PASSWORD}, autocommit=True
        ) as renata:
            put(renata, "appointment", **visit)
        assert value(admin, "SELECT max(id) FROM clinicdesk.audit") > highest
        assert value(admin, "SELECT count(*) FROM clinicdesk.resource_hold WHERE appointment_id = %s", [visit["id"]])
        twice = office.visit(starts_at=at(17), ends_at=at(17, 30))
        with pytest.raises(errors.ExclusionViolation):
            put(admin, "appointment", **twice)


def test_a_founder_is_one_no_more(source: dict[str, str], elsewhere: Elsewhere) -> None:
    move(source, elsewhere.founder)
    with pytest.raises(MoveRefused) as refused:
        move(source, elsewhere.founder)
    assert refused.value.reason in ("not_empty", "no_founder")


def test_every_founder_ends_with_the_first_person(source: dict[str, str], elsewhere: Elsewhere) -> None:
    """Also the one whose code was not used, and before anything else looks after it: a founder owns every table."""
    with psycopg.connect(**dict[str, Any](elsewhere.founder), autocommit=True) as other:
        other.execute("SET ROLE cd_schema")
        move(source, elsewhere.founder)
        with pytest.raises(psycopg.OperationalError):
            other.execute("SELECT FROM clinicdesk.patient")
    with psycopg.connect(**dict[str, Any](elsewhere.founder), autocommit=True) as late:
        for statement in ("SET ROLE cd_schema", "SET session_replication_role = replica"):
            with pytest.raises(errors.InsufficientPrivilege):
                late.execute(statement)


def test_what_is_stopped_leaves_nothing(source: dict[str, str], elsewhere: Elsewhere) -> None:
    cancelled = threading.Event()

    def told(progress: MoveProgress) -> None:
        if progress.table == "patient":
            cancelled.set()

    with pytest.raises(MoveCancelled):
        move(source, elsewhere.founder, told, cancelled)
    _is_empty(elsewhere)
    assert move(source, elsewhere.founder).people == len(PEOPLE)


def test_what_differs_is_not_kept(source: dict[str, str], elsewhere: Elsewhere) -> None:
    with psycopg.connect(**dict[str, Any](elsewhere.admin)) as server:
        server.execute(
            "CREATE FUNCTION clinicdesk.spoil() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.note := 'spoilt'; RETURN NEW; END $$"
        )
        server.execute(
            "CREATE TRIGGER spoil BEFORE INSERT ON clinicdesk.patient FOR EACH ROW EXECUTE FUNCTION clinicdesk.spoil()"
        )
        server.execute("ALTER TABLE clinicdesk.patient ENABLE ALWAYS TRIGGER spoil")
    with pytest.raises(MoveRefused) as refused:
        move(source, elsewhere.founder)
    assert refused.value == MoveRefused("differs", "patient")
    _is_empty(elsewhere)


def test_nobody_writes_while_it_is_read(source: dict[str, str], elsewhere: Elsewhere, office: Office) -> None:
    renata = office.connect("renata")
    refused: list[BaseException] = []

    def told(progress: MoveProgress) -> None:
        if progress.table != "patient" or refused:
            return
        with pytest.raises(psycopg.OperationalError):
            renata.execute("SELECT 1")  # what was open is ended
        with psycopg.connect(**dict[str, Any](office.conninfo("renata")), autocommit=True) as again:
            assert value(again, "SELECT count(*) FROM clinicdesk.patient") > 0
            with pytest.raises(errors.LockNotAvailable) as caught:
                again.execute("SET lock_timeout = '50ms'")
                put(again, "patient", id=uuid4(), full_name="Atrasada")
            refused.append(caught.value)

    move(source, elsewhere.founder, told)
    assert refused


def test_another_revision_is_refused(source: dict[str, str], elsewhere: Elsewhere) -> None:
    with psycopg.connect(**dict[str, Any](elsewhere.admin)) as server:
        server.execute("UPDATE clinicdesk.alembic_version SET version_num = '29990101_0000'")
    with pytest.raises(MoveRefused) as refused:
        move(source, elsewhere.founder)
    assert refused.value.reason == "versions"


def test_an_ordinary_code_brings_no_clinic(source: dict[str, str], elsewhere: Elsewhere) -> None:
    with psycopg.connect(**dict[str, Any](elsewhere.cluster.admin_conninfo()), autocommit=True) as server:
        server.execute(f'REVOKE cd_founder FROM "{elsewhere.database}_+{PART}" GRANTED BY cd_logins'.encode())
    with pytest.raises(MoveRefused) as refused:
        move(source, elsewhere.founder)
    assert refused.value.reason == "no_founder"


def _is_empty(elsewhere: Elsewhere) -> None:
    assert not any(rows for name, rows in _all(elsewhere.admin).items() if name != "audit")
    with psycopg.connect(**dict[str, Any](elsewhere.admin)) as server:
        assert value(server, "SELECT count(*) FROM pg_roles WHERE rolname = %s", [f"{elsewhere.database}_renata"]) == 0


def test_every_table_is_moved_or_left_behind_on_purpose() -> None:
    assert set(moved_tables()) | moving.LEFT_BEHIND == {table.name for table in metadata.tables.values()}
    assert not set(moved_tables()) & moving.LEFT_BEHIND


def test_a_founder_at_work_is_not_cut_off_when_the_codes_minutes_are_over(elsewhere: Elsewhere) -> None:
    with (
        psycopg.connect(**dict[str, Any](elsewhere.admin), autocommit=True) as server,
        psycopg.connect(**dict[str, Any](elsewhere.founder), autocommit=True) as founder,
    ):
        server.execute(
            "UPDATE clinicdesk.desk_request SET created_at = now() - interval '1 hour',"
            " expires_at = now() - interval '1 minute'"
        )
        assert value(server, "SELECT clinicdesk.remove_code_logins()") == 0
        assert value(founder, "SELECT 1") == 1
        founder.close()
        _until_gone(server, f"{elsewhere.database}_+{PART}")
        assert value(server, "SELECT clinicdesk.remove_code_logins()") == 1


def _until_gone(server: psycopg.Connection[Any], login: str) -> None:
    """A connection ends a moment after it was closed."""
    while value(server, "SELECT count(*) FROM pg_stat_activity WHERE usename = %s", [login]):
        server.execute("SELECT pg_sleep(0.02)")
