"""The unit beside a clinic's server at work: desks signed and shut out, codes taken back, guessed accounts locked."""

import datetime as dt
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from psycopg import sql

from clinicdesk import authority as certificates
from clinicdesk.errors import AccountLocked
from clinicdesk.storage.engine import login_of
from clinicdesk.storage.server_log import Position
from clinicdesk.storage.server_unit import UnitLink
from clinicdesk.usecases import server_unit, staff
from clinicdesk.usecases.server_place import ServerPlace
from clinicdesk.usecases.server_unit import ServerUnit
from tests.office import PASSWORD, Office, refusal, value
from tests.test_authority import request as signing_request

pytestmark = pytest.mark.commits

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def place(tmp_path: Path, office: Office) -> ServerPlace:
    """A server's folders, with its authority made."""
    settings, home, logs = (tmp_path / name for name in ("settings", "home", "logs"))
    for folder in (settings, home, logs):
        folder.mkdir()
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    made = ServerPlace(
        names=("servidor",), database=office.database, settings=settings, home=home, log_folder=logs, backups=tmp_path
    )
    made.public_key.write_bytes(pem)
    assert server_unit.prepare_authority(made, NOW) == ["authority", "server_certificate", "revocation_list"]
    assert server_unit.prepare_authority(made, NOW) == []
    return made


@pytest.fixture
def connect(office: Office) -> Iterator[Callable[[], UnitLink]]:
    """Connections that are the unit's in everything the database checks."""
    arguments: dict[str, Any] = dict(office.cluster.admin_conninfo(office.database))
    made: list[psycopg.Connection[Any]] = []
    with psycopg.connect(**arguments, autocommit=True) as admin:
        admin.execute("GRANT EXECUTE ON FUNCTION pg_reload_conf() TO cd_guard")

    def link() -> UnitLink:
        connection = psycopg.connect(**arguments, autocommit=True)
        connection.execute("SET SESSION AUTHORIZATION cd_guard")
        made.append(connection)
        return UnitLink(connection)

    yield link
    for connection in made:
        connection.close()


@pytest.fixture
def unit(place: ServerPlace, connect: Callable[[], UnitLink]) -> ServerUnit:
    return ServerUnit(place, connect())


class Newcomer:
    """A computer with a code."""

    def __init__(self, office: Office, code: str) -> None:
        letters = code.replace("-", "")
        self.account = f"{office.database}_+{letters[:4]}"
        arguments: dict[str, Any] = {**office.address, "user": self.account, "password": letters[4:]}
        self.connection = psycopg.connect(**arguments, autocommit=True)

    def ask(self, request: str, name: str = "Recepção 2") -> tuple[UUID, str | None, str | None, str | None]:
        """Ask to be signed, or for the answer."""
        row = self.connection.execute("SELECT * FROM clinicdesk.enrol_desk(%s, %s)", [request, name]).fetchone()
        assert row is not None
        return row


@pytest.fixture
def newcomer(office: Office, unit: ServerUnit) -> Iterator[Newcomer]:
    """Somebody with a code made on the server."""
    made = Newcomer(office, server_unit.make_code(unit.link))
    yield made
    made.connection.close()


def exists(office: Office, account: str) -> bool:
    return bool(value(office.admin(), "SELECT count(*) FROM pg_roles WHERE rolname = %s", [account]))


# --- desks -----------------------------------------------------------------------------------------------------------


def test_a_code_becomes_a_certificate(office: Office, unit: ServerUnit, newcomer: Newcomer) -> None:
    request = signing_request()
    assert newcomer.ask(request)[1:] == (None, None, None)
    assert unit.answer_requests() == 1
    desk_id, certificate, authority, refused = newcomer.ask(request)
    assert certificate is not None and authority is not None and refused is None
    assert certificates.signed_by(certificate, authority)
    facts = certificates.facts_of(certificate)
    assert facts.subject == str(desk_id)
    found = office.admin().execute("SELECT id, name, serial, expires_at FROM clinicdesk.desk").fetchone()
    assert found == (desk_id, "Recepção 2", facts.serial, facts.ends_at)
    assert unit.answer_requests() == 0, "each request is answered once"


def test_a_code_is_of_one_desk(unit: ServerUnit, newcomer: Newcomer) -> None:
    newcomer.ask(signing_request())
    refused = refusal(newcomer.connection, "SELECT * FROM clinicdesk.enrol_desk(%s, 'x')", [signing_request()])
    assert isinstance(refused, psycopg.errors.InsufficientPrivilege)


def test_a_code_opens_nothing_else(office: Office, newcomer: Newcomer) -> None:
    for statement in (
        "SELECT * FROM clinicdesk.person",
        "SELECT * FROM clinicdesk.desk_request",
        "SELECT * FROM clinicdesk.waiting_requests()",
        "SELECT clinicdesk.count_refusal('x', NULL)",
        "SELECT clinicdesk.my_clinics()",
        "SET ROLE cd_schema",
        "CREATE TABLE public.x (y int)",
    ):
        assert isinstance(refusal(newcomer.connection, statement), psycopg.errors.InsufficientPrivilege), statement


def test_a_wrong_request_is_told_why(office: Office, unit: ServerUnit, newcomer: Newcomer) -> None:
    newcomer.ask("no request")
    assert unit.answer_requests() == 1
    assert newcomer.ask("no request")[1:] == (None, None, "unreadable")
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.desk") == 0


def test_a_desk_without_a_name_is_called_by_its_number(office: Office, unit: ServerUnit, newcomer: Newcomer) -> None:
    desk_id = newcomer.ask(signing_request(), "")[0]
    assert unit.answer_requests() == 1
    assert value(office.admin(), "SELECT name FROM clinicdesk.desk") == str(desk_id)[:8]


def test_a_request_that_came_too_late_is_not_answered(office: Office, unit: ServerUnit, newcomer: Newcomer) -> None:
    newcomer.ask(signing_request())
    _age(office, "expires_at = created_at + interval '1 microsecond'")
    assert unit.answer_requests() == 0


def test_the_first_answer_stands(office: Office, unit: ServerUnit, newcomer: Newcomer) -> None:
    request = signing_request()
    newcomer.ask(request)
    waiting = unit.link.waiting_requests()[0]
    unit.answer_requests()
    first = newcomer.ask(request)
    unit.link.refuse(waiting, "unreadable")
    signed = certificates.sign_desk(certificates.load_authority(unit.place.authority), request, waiting.desk_id, NOW)
    unit.link.sign(waiting, signed, "x")
    assert newcomer.ask(request) == first


@pytest.mark.parametrize(
    ("change", "removed"),
    [
        ("expires_at = created_at + interval '1 microsecond'", True),
        ("fetched_at = now() - interval '1 minute'", True),
        ("fetched_at = now()", False),
        ("fetched_at = now() - interval '1 minute', founder = true", True),
        ("desk_name = 'Recepção 2'", False),
    ],
)
def test_a_used_code_is_taken_back(
    office: Office, unit: ServerUnit, newcomer: Newcomer, change: str, removed: bool
) -> None:
    _age(office, change)
    assert unit.link.remove_code_logins() == int(removed)
    assert exists(office, newcomer.account) is not removed
    if removed:
        with pytest.raises(psycopg.OperationalError):
            newcomer.ask("x")


def test_a_founders_code_lasts_until_there_is_somebody(office: Office, unit: ServerUnit) -> None:
    admin = office.admin()
    admin.execute("SET session_replication_role = replica")
    admin.execute("CREATE TEMP TABLE kept AS SELECT * FROM clinicdesk.person LIMIT 1")
    admin.execute("TRUNCATE clinicdesk.person CASCADE")
    founder = Newcomer(office, server_unit.make_code(unit.link))
    admin.execute("UPDATE clinicdesk.desk_request SET fetched_at = now() - interval '1 minute'")
    assert value(admin, "SELECT pg_has_role(%s, 'cd_founder', 'MEMBER')", [founder.account])
    assert unit.link.remove_code_logins() == 0, "it has a clinic to make yet"
    admin.execute("INSERT INTO clinicdesk.person SELECT * FROM kept")
    assert unit.link.remove_code_logins() == 1
    founder.connection.close()


def test_where_there_are_people_a_code_founds_nothing(office: Office, newcomer: Newcomer) -> None:
    assert not value(office.admin(), "SELECT pg_has_role(%s, 'cd_founder', 'MEMBER')", [newcomer.account])


def test_a_code_lasts_an_hour_at_most(office: Office, unit: ServerUnit) -> None:
    assert unit.link.invite("AAAA", "B" * 12, minutes=9000)
    assert not unit.link.invite("AAAA", "B" * 12), "that name is in use"
    left = "SELECT expires_at < clock_timestamp() + interval '61 minutes' FROM clinicdesk.desk_request"
    assert value(office.admin(), left)
    until = "SELECT rolvaliduntil < clock_timestamp() + interval '61 minutes' FROM pg_roles WHERE rolname LIKE %s"
    assert value(office.admin(), until, [f"{office.database}\\_+AAAA"])
    unit.link.remove_code_logins()


def _age(office: Office, change: str) -> None:
    office.admin().execute(sql.SQL("UPDATE clinicdesk.desk_request SET {}").format(sql.SQL(change)))  # type: ignore[arg-type]


# --- revoked desks ---------------------------------------------------------------------------------------------------


def test_a_revoked_desk_is_on_the_list_at_once(office: Office, unit: ServerUnit, newcomer: Newcomer) -> None:
    request = signing_request()
    newcomer.ask(request)
    unit.answer_requests()
    desk_id, certificate, _authority, _refused = newcomer.ask(request)
    assert certificate is not None
    serial = certificates.facts_of(certificate).serial
    assert not unit.keep_revocations(), "nothing has changed yet"
    office.connect("claudia").execute("SELECT clinicdesk.revoke_desk(%s)", [desk_id])
    assert unit.keep_revocations()
    assert certificates.listed_serials(unit.place.revoked.read_bytes())[0] == {serial}
    assert not unit.keep_revocations()


@pytest.mark.parametrize("spoil", ["missing", "damaged", "old"])
def test_a_list_that_is_not_good_is_written_anew(unit: ServerUnit, spoil: str) -> None:
    if spoil == "missing":
        unit.place.revoked.unlink()
    elif spoil == "damaged":
        unit.place.revoked.write_bytes(b"x")
    else:
        unit.now = lambda: NOW + dt.timedelta(days=8)
    assert unit.keep_revocations()
    assert certificates.listed_serials(unit.place.revoked.read_bytes())[0] == frozenset()


def test_ending_revoked_connections_is_the_units_and_owners(office: Office, unit: ServerUnit) -> None:
    assert unit.link.end_revoked() == 0
    statement = "SELECT clinicdesk.end_revoked_connections()"
    assert isinstance(refusal(office.connect("otavio"), statement), psycopg.errors.InsufficientPrivilege)
    admin = office.admin()
    admin.execute("SET session_replication_role = replica")
    admin.execute("UPDATE clinicdesk.person SET active = false WHERE login = 'claudia'")
    closed = refusal(office.connect("claudia"), statement)
    assert isinstance(closed, psycopg.errors.InsufficientPrivilege), "an owner whose account was closed is none"


# --- guessed passwords -----------------------------------------------------------------------------------------------


class ServersLog:
    """The log of PostgreSQL, as it writes it."""

    def __init__(self, place: ServerPlace, office: Office) -> None:
        self._path = place.log_folder / "postgresql.json"
        self._database = office.database
        self._path.touch()

    def tells(self, login: str, *, refused: bool, times: int = 1, **changes: str) -> None:
        """Somebody gave a password."""
        line = {"user": f"{self._database}_{login}", "ps": "authentication", "backend_type": "client backend"}
        line |= {"remote_host": "10.0.0.7"}
        line |= {"error_severity": "FATAL", "state_code": "28P01"} if refused else {"error_severity": "LOG"}
        line["message"] = "password authentication failed" if refused else "connection authorized: user=x"
        with self._path.open("a", encoding="utf-8") as file:
            file.write((json.dumps(line | changes) + "\n") * times)


@pytest.fixture
def log(place: ServerPlace, office: Office, unit: ServerUnit) -> ServersLog:
    made = ServersLog(place, office)
    unit.follow_log()  # what was written before the unit first came is let go
    return made


def tries(office: Office, login: str = "renata") -> int:
    row = office.admin().execute("SELECT tries FROM clinicdesk.refused_sign_in WHERE login = %s", [login]).fetchone()
    return int(row[0]) if row else 0


def test_the_tenth_wrong_password_locks(office: Office, unit: ServerUnit, log: ServersLog) -> None:
    log.tells("renata", refused=True, times=9)
    assert unit.follow_log() == 9
    office.connect("renata")
    log.tells("renata", refused=True)
    unit.follow_log()
    with pytest.raises(AccountLocked):
        staff.sign_in(office.address, "renata", PASSWORD, "mesa 2")
    assert value(office.admin(), "SELECT locked_at IS NOT NULL FROM clinicdesk.person WHERE login = 'renata'")
    office.connect("otavio")
    office.connect("claudia").execute("SELECT clinicdesk.unlock_person(%s)", [office.sample.people["renata"]])
    office.connect("renata")
    assert tries(office) == 0


def test_a_right_password_begins_the_count_anew(office: Office, unit: ServerUnit, log: ServersLog) -> None:
    log.tells("renata", refused=True, times=9)
    log.tells("renata", refused=False)
    log.tells("renata", refused=True, times=9)
    unit.follow_log()
    assert tries(office) == 9
    office.connect("renata")


def test_a_right_password_does_not_unlock(office: Office, unit: ServerUnit, log: ServersLog) -> None:
    log.tells("renata", refused=True, times=10)
    log.tells("renata", refused=False)
    unit.follow_log()
    assert tries(office) == 10
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        office.connect("renata")


def test_names_that_nobody_has_count_and_lock_nobody(office: Office, unit: ServerUnit, log: ServersLog) -> None:
    log.tells("x" * 200, refused=True, times=12)
    unit.follow_log()
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.refused_sign_in WHERE tries = 12") == 1
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.person WHERE locked_at IS NOT NULL") == 0


def test_a_name_of_no_database_is_nobodys(office: Office, unit: ServerUnit, log: ServersLog) -> None:
    log.tells("", refused=True, times=10, user="renata")
    unit.follow_log()
    assert tries(office) == 0
    office.connect("renata")


def test_a_line_nobody_foresaw_keeps_no_other_from_being_counted(
    office: Office, unit: ServerUnit, log: ServersLog
) -> None:
    """Over IPv6 a desk may come by an address of one network alone, and anybody may send a name that is no text."""
    odd = {"remote_host": "fe80::9%eth0"}, {"user": "\ud800"}, {"user": "a\0"}, {"remote_host": "nowhere"}
    for one in odd:
        log.tells("renata", refused=True, **one)
    log.tells("renata", refused=True)
    unit.follow_log()
    assert tries(office) == 3


def test_names_out_of_the_air_do_not_fill_the_disk(office: Office, unit: ServerUnit, log: ServersLog) -> None:
    for number in range(1_100):
        log.tells(f"nobody{number}", refused=True)
    log.tells("renata", refused=True, times=10)
    unit.follow_log()
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.refused_sign_in") <= 1_001
    assert tries(office) == 10, "a person's are counted all the same"


def test_a_restart_neither_forgets_nor_counts_twice(
    office: Office, unit: ServerUnit, log: ServersLog, connect: Callable[[], UnitLink]
) -> None:
    log.tells("renata", refused=True, times=3)
    unit.follow_log()
    unit.link.close()
    log.tells("renata", refused=True, times=2)
    again = ServerUnit(unit.place, connect())
    assert again.follow_log() == 2
    assert tries(office) == 5


class _Cut(Exception):
    """The unit was killed here."""


class _KilledAtCommit(ServerUnit):
    """Killed after the position was kept: before COMMIT, or before it heard of it."""

    def _keep_position(self, done: Position, pending: tuple[Position, str] | None = None) -> None:
        super()._keep_position(done, pending)
        if pending:
            raise _Cut


class _KilledAfterCommit(ServerUnit):
    def _keep_position(self, done: Position, pending: tuple[Position, str] | None = None) -> None:
        if not pending:
            raise _Cut
        super()._keep_position(done, pending)


@pytest.mark.parametrize("killed", [_KilledAtCommit, _KilledAfterCommit])
def test_a_kill_around_the_commit_counts_once(
    office: Office, unit: ServerUnit, log: ServersLog, connect: Callable[[], UnitLink], killed: type[ServerUnit]
) -> None:
    log.tells("renata", refused=True, times=4)
    with pytest.raises(_Cut):
        killed(unit.place, connect()).follow_log()
    assert tries(office) == (4 if killed is _KilledAfterCommit else 0)
    for _start in range(2):
        ServerUnit(unit.place, connect()).follow_log()
        assert tries(office) == 4


def test_a_position_of_another_life_of_the_database_counts_nothing(unit: ServerUnit, log: ServersLog) -> None:
    assert unit.link.was_committed(str(2**60)), "restored to before that transaction"


# --- at work ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def at_work(place: ServerPlace, connect: Callable[[], UnitLink]) -> Iterator[threading.Event]:
    """The unit's own loop, in a thread; the event is set by each of its rounds."""
    stopping, beaten = threading.Event(), threading.Event()
    thread = threading.Thread(target=server_unit.run, args=(place, stopping, connect, beaten.set))
    thread.start()
    assert beaten.wait(10)
    yield beaten
    began = time.monotonic()
    stopping.set()
    thread.join(10)
    assert not thread.is_alive() and time.monotonic() - began < 3


def answered(newcomer: Newcomer, request: str, seconds: float = 5) -> float:
    began = time.monotonic()
    while newcomer.ask(request)[1] is None:
        assert time.monotonic() - began < seconds, "no answer"
        time.sleep(0.02)
    return time.monotonic() - began


def test_it_answers_when_called(office: Office, unit: ServerUnit, at_work: threading.Event, newcomer: Newcomer) -> None:
    assert answered(newcomer, signing_request()) < 2, "it does not wait for the next round"


def test_it_comes_back_to_a_server_that_went_away(
    office: Office, unit: ServerUnit, at_work: threading.Event, newcomer: Newcomer
) -> None:
    at_work.clear()
    ended = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename <> %s AND pid <> pg_backend_pid()"
    )
    assert value(office.admin(), ended, [newcomer.account]) >= 1
    assert at_work.wait(10)
    assert answered(newcomer, signing_request()) < 5


def test_what_nobody_foresaw_stops_it_for_a_moment(
    unit: ServerUnit, place: ServerPlace, at_work: threading.Event, newcomer: Newcomer
) -> None:
    kept = place.authority.rename(place.home / "gone")
    request = signing_request()
    newcomer.ask(request)
    kept.rename(place.authority)
    assert answered(newcomer, request, 10) < 10


def test_a_round_leaves_its_mark_and_renews_in_time(unit: ServerUnit, place: ServerPlace) -> None:
    first = place.server_certificate.read_bytes()
    unit.beat()
    assert place.server_certificate.read_bytes() == first
    assert dt.datetime.fromisoformat(place.beat_file.read_text()) > NOW
    unit.now = lambda: NOW + certificates.SERVER_LIFE - dt.timedelta(days=29)
    unit.beat()
    renewed = certificates.facts_of(place.server_certificate.read_bytes())
    assert renewed.ends_at > NOW + certificates.SERVER_LIFE
    assert certificates.public_key_of(place.server_certificate.read_bytes()) == place.public_key.read_bytes()


def test_one_command_renews(place: ServerPlace, connect: Callable[[], UnitLink]) -> None:
    first = place.server_certificate.read_bytes()
    assert server_unit.renew_now(place, connect, NOW + dt.timedelta(days=1)) > certificates.facts_of(first).ends_at
    assert place.server_certificate.read_bytes() != first


def test_the_unit_reads_no_table(office: Office) -> None:
    admin = office.admin()
    admin.execute("SET SESSION AUTHORIZATION cd_guard")
    for table in ("patient", "person", "desk", "desk_request", "appointment", "wrapped_key", "audit"):
        refused = refusal(admin, f"SELECT 1 FROM clinicdesk.{table}")
        assert isinstance(refused, psycopg.errors.InsufficientPrivilege), table
    for call in ("invite_desk(gen_random_uuid(), 'A', 'x', 1)", "unlock_person(gen_random_uuid())"):
        assert isinstance(refusal(admin, f"SELECT clinicdesk.{call}"), psycopg.errors.InsufficientPrivilege), call


def test_a_renewal_takes_the_desks_place(office: Office, unit: ServerUnit, newcomer: Newcomer) -> None:
    request = signing_request()
    newcomer.ask(request)
    unit.answer_requests()
    desk_id = newcomer.ask(request)[0]
    admin = office.admin()
    before = value(admin, "SELECT serial FROM clinicdesk.desk WHERE id = %s", [desk_id])
    admin.execute(
        "INSERT INTO clinicdesk.desk_request (id, login, desk_id, renewal, desk_name, csr, expires_at)"
        " VALUES (%s, %s, %s, true, 'Recepção 2', %s, now() + interval '1 minute')",
        [uuid4(), login_of(office.database, "renata"), desk_id, signing_request()],
    )
    assert unit.answer_requests() == 1
    assert value(admin, "SELECT count(*) FROM clinicdesk.desk") == 1
    assert value(admin, "SELECT serial FROM clinicdesk.desk WHERE id = %s", [desk_id]) != before
