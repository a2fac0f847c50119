"""From one release to the next with a clinic at work: alone, after a copy, and whole or not at all when killed."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from clinicdesk.errors import CopyNotMade, SchemaBeingUpdated, SchemaNewer, SchemaOlder, ServerBusy
from clinicdesk.storage import dumps, migrate
from clinicdesk.storage.binaries import find_binaries
from clinicdesk.storage.engine import check_server, make_engine, transaction
from clinicdesk.storage.migrate import UpgradeStep
from clinicdesk.storage.releases import check_schema, current_revision
from tests.office import Office, at, put, refusal, value
from tests.storage.upgrading import HALT, bring_up, halting, revisions

GROUND, FIRST, SECOND = migrate.expected_revision(), "20990101_0900", "20990103_0900"
EXPAND, CONTRACT = "20991001_0900", "20991002_0900"
_WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = 4711 AND objid = %s"


@dataclass
class Upgrade:
    """A database, revisions that halt, and programs that bring it up."""

    office: Office
    revisions: Path
    dumps: Path
    programs: str
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def conninfo(self) -> dict[str, str]:
        return self.office.cluster.admin_conninfo(self.office.database)

    def begin(self) -> subprocess.Popen[str]:
        """Another program, on its way."""
        given = {
            "conninfo": self.conninfo,
            "programs": self.programs,
            "revisions": str(self.revisions),
            "dumps": str(self.dumps),
        }
        command = [sys.executable, "-m", "tests.storage.upgrading", json.dumps(given)]
        self.running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return self.running[-1]

    def again(self) -> str:
        """The next try, in this process; the revision it ends at."""
        return bring_up(self.conninfo, self.programs, self.revisions, self.dumps)

    def copies(self) -> list[Path]:
        return sorted(self.dumps.glob("*.dump"))


@pytest.fixture
def upgrade(office: Office, tmp_path: Path) -> Iterator[Upgrade]:
    programs = str(office.cluster.binaries_folder)
    made = Upgrade(office, halting(tmp_path), tmp_path / "dumps", programs)
    yield made
    for process in made.running:
        end(process)


def end(process: subprocess.Popen[str]) -> None:
    """kill -9; nothing of it is left to wait for."""
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def until(found: Callable[[], object], admin: psycopg.Connection[Any], what: str) -> None:
    """Ask again, with a breath on the server between, until it is so."""
    latest = time.monotonic() + 30
    while not found():
        assert time.monotonic() < latest, what
        admin.execute("SELECT pg_sleep(0.02)")


def _revision_and_tables(admin: psycopg.Connection[Any]) -> tuple[str, list[str]]:
    there = "SELECT tablename FROM pg_tables WHERE schemaname = 'clinicdesk' AND tablename IN ('first', 'second')"
    return current_revision(admin), sorted(row[0] for row in admin.execute(there))


@pytest.mark.parametrize(
    ("halt", "revision", "tables"),
    [(1, GROUND, []), (2, GROUND, []), (3, FIRST, ["first"]), (4, FIRST, ["first"])],
    ids=["after the copy", "in the first revision", "between two revisions", "in the last revision"],
)
def test_a_kill_rolls_back_the_revision_and_the_next_try_goes_on(
    halt: int, revision: str, tables: list[str], upgrade: Upgrade
) -> None:
    admin = upgrade.office.admin()
    admin.execute("SELECT pg_advisory_lock(%s, %s)", [HALT, halt])
    process = upgrade.begin()
    until(lambda: value(admin, _WAITING, [halt]), admin, "the revision waits")
    assert len(upgrade.copies()) == 1
    end(process)
    until(lambda: not value(admin, _WAITING, [halt]), admin, "the killed program's statement ends")
    assert _revision_and_tables(admin) == (revision, tables)
    admin.execute("SELECT pg_advisory_unlock_all()")
    assert upgrade.again() == SECOND
    assert _revision_and_tables(admin) == (SECOND, ["first", "second"])
    assert len(upgrade.copies()) == 2
    told = admin.execute("SELECT revision, position FROM clinicdesk.schema_release ORDER BY position").fetchall()
    assert told == [(GROUND, 1), (FIRST, 2), (SECOND, 3)]


def test_a_kill_while_the_copy_is_made_leaves_no_copy_and_no_change(upgrade: Upgrade) -> None:
    admin, watching = upgrade.office.admin(), upgrade.office.admin()
    dumping = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND wait_event_type = 'Lock'"
    with admin.transaction():
        admin.execute("LOCK TABLE clinicdesk.patient IN ACCESS EXCLUSIVE MODE")
        process = upgrade.begin()
        until(lambda: value(watching, dumping), watching, "pg_dump waits")
        end(process)
    assert _revision_and_tables(admin) == (GROUND, [])
    assert upgrade.copies() == []
    assert upgrade.again() == SECOND
    assert len(upgrade.copies()) == 1
    assert list(upgrade.dumps.glob("*.new")) == []


def test_the_second_program_waits_and_finds_it_done(upgrade: Upgrade) -> None:
    admin = upgrade.office.admin()
    admin.execute("SELECT pg_advisory_lock(%s, 2)", [HALT])
    first, second = upgrade.begin(), upgrade.begin()
    until(lambda: value(admin, _WAITING, [2]), admin, "one of them is in a revision")
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = 0"
    until(lambda: value(admin, locks), admin, "the other one waits")
    with pytest.raises(SchemaBeingUpdated):
        check_schema(upgrade.office.connect("renata"), SECOND)
    admin.execute("SELECT pg_advisory_unlock_all()")
    said = sorted(process.communicate()[0].split("\n")[:-1] for process in (first, second))
    assert said == [["keeping 0", "changing 1", "changing 2", SECOND], ["waiting 0", SECOND]]
    assert len(upgrade.copies()) == 1


def test_a_revision_waits_for_a_clinic_at_work_and_gives_up_in_words(
    upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_TRIES", 1)
    admin = upgrade.office.admin()
    admin.execute("SELECT pg_advisory_lock(%s, 4)", [HALT])
    with pytest.raises(ServerBusy):
        upgrade.again()
    assert _revision_and_tables(admin) == (FIRST, ["first"])


def test_what_refuses_the_copy_refuses_the_change(office: Office, tmp_path: Path) -> None:
    def refuse(_found: str) -> None:
        raise CopyNotMade(log="x")

    folder = revisions(tmp_path, "20991001_0900_expand.py")
    with pytest.raises(CopyNotMade):
        migrate.bring_up(office.cluster.admin_conninfo(office.database), refuse, folder=folder)
    assert current_revision(office.admin()) == GROUND


def test_a_copy_can_be_read_back_and_only_the_newest_stay(office: Office, tmp_path: Path) -> None:
    programs, conninfo = find_binaries(office.cluster.binaries_folder), office.cluster.admin_conninfo(office.database)
    made = [dumps.dump(programs, conninfo, tmp_path / "dumps", f"r{number}") for number in range(dumps.KEPT + 1)]
    assert sorted((tmp_path / "dumps").glob("*.dump")) == sorted(made[1:])
    assert made[-1].stat().st_mode & 0o777 == 0o600
    listed = subprocess.run([programs.program("pg_restore"), "--list", made[-1]], capture_output=True, text=True)
    assert "TABLE DATA clinicdesk patient" in listed.stdout
    with pytest.raises(CopyNotMade) as refused:
        dumps.dump(programs, {**conninfo, "password": "wrong"}, tmp_path / "dumps", "r")
    assert "password" in Path(refused.value.log).read_text("utf-8")


# --- desks of one release on the schema of another -------------------------------------------------------------------


def _bring(office: Office, tmp_path: Path, *files: str) -> list[UpgradeStep]:
    told: list[UpgradeStep] = []
    folder = revisions(tmp_path, *files)
    migrate.bring_up(office.cluster.admin_conninfo(office.database), lambda _found: None, told.append, folder)
    return told


def test_a_desk_one_release_behind_works_and_an_older_one_is_told(office: Office, tmp_path: Path) -> None:
    told = _bring(office, tmp_path, "20991001_0900_expand.py")
    assert told == [UpgradeStep("keeping"), UpgradeStep("changing", 1, 1)]
    assert check_server(office.conninfo("renata"))
    renata = office.connect("renata")
    assert check_schema(renata, EXPAND) == EXPAND
    with pytest.raises(SchemaNewer) as refused:
        check_schema(renata, "20200101_0900")  # made before the ground was laid
    assert refused.value == SchemaNewer(EXPAND, "20200101_0900", "9.1.0", "0.1.0")


def test_a_desk_two_releases_behind_is_told_what_it_needs(office: Office, tmp_path: Path) -> None:
    _bring(office, tmp_path, "20991001_0900_expand.py", "20991002_0900_contract.py")
    with pytest.raises(SchemaNewer) as refused:
        check_server(office.conninfo("renata"))
    assert refused.value == SchemaNewer(CONTRACT, GROUND, "9.2.0", "9.1.0")
    renata = office.connect("renata")
    assert check_schema(renata, EXPAND) == CONTRACT


def test_a_desk_of_a_newer_release_says_that_the_database_is_older(office: Office) -> None:
    with pytest.raises(SchemaOlder) as refused:
        check_schema(office.connect("renata"), EXPAND, on_server=True)
    assert refused.value == SchemaOlder(GROUND, EXPAND, on_server=True)


def test_a_desk_at_work_is_told_at_its_next_call(office: Office, tmp_path: Path) -> None:
    engine = make_engine(office.conninfo("renata"))
    with transaction(engine) as tx:
        tx.exec_driver_sql("SELECT count(*) FROM clinicdesk.recall_attempt")
    listening = office.connect("renata")
    listening.execute("LISTEN clinicdesk")
    _bring(office, tmp_path, "20991001_0900_expand.py", "20991002_0900_contract.py")
    heard = [json.loads(note.payload)["kind"] for note in listening.notifies(timeout=5, stop_after=2)]
    assert heard == ["schema_release", "schema_release"]
    with pytest.raises(SchemaNewer), transaction(engine) as tx:
        tx.exec_driver_sql("SELECT count(*) FROM clinicdesk.recall_attempt")
    engine.dispose()


def test_what_is_missing_on_a_schema_that_serves_is_a_bug(office: Office) -> None:
    engine = make_engine(office.conninfo("renata"))
    with pytest.raises(psycopg.errors.UndefinedTable), transaction(engine) as tx:
        tx.exec_driver_sql("SELECT 1 FROM clinicdesk.nothing")
    engine.dispose()


def test_the_way_back_takes_the_release_back(office: Office, tmp_path: Path) -> None:
    _bring(office, tmp_path, "20991001_0900_expand.py")
    folder = tmp_path / "migrations"
    migrate.downgrade(office.cluster.admin_conninfo(office.database), GROUND, folder)
    told = office.admin().execute("SELECT revision, release, oldest_desk FROM clinicdesk.schema_release").fetchall()
    assert told == [(GROUND, "0.1.0", GROUND)]


def test_who_has_only_a_code_may_know_that_the_desk_is_too_old(office: Office) -> None:
    admin = office.admin()
    admin.execute("UPDATE clinicdesk.person SET password_set_at = NULL WHERE login = 'renata'")
    assert value(office.connect("renata"), "SELECT count(*) FROM clinicdesk.schema_release") == 1


def test_nobody_at_a_desk_writes_what_serves_whom(office: Office) -> None:
    wanted = "UPDATE clinicdesk.schema_release SET position = 9"
    assert isinstance(refusal(office.connect("claudia"), wanted), psycopg.errors.InsufficientPrivilege)


def test_the_trigger_of_the_next_release_follows_the_present_desk(office: Office, tmp_path: Path) -> None:
    _bring(office, tmp_path, "20991001_0900_expand.py")
    renata = office.connect("renata")
    visit = office.visit(starts_at=at(9), ends_at=at(9, 30))
    put(renata, "appointment", **visit)
    moods = "SELECT count(*) FROM clinicdesk.mood WHERE appointment_id = %s"
    assert value(office.admin(), moods, [visit["id"]]) == 1
