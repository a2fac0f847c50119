"""The embedded server: shared, safe against killed processes, clear when it cannot run."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from clinicdesk.errors import BinariesMissing, ClinicError, DataFolderUnusable, ServerNotStarting
from clinicdesk.storage import server_account
from clinicdesk.storage.binaries import find_binaries
from clinicdesk.storage.cluster import Cluster

ROOT = Path(__file__).parents[2]

# Another ClinicDesk process: opens the cluster, says so, and obeys one word per line.
OTHER_PROCESS = """
import sys
from pathlib import Path
from clinicdesk.storage.cluster import Cluster
cluster = Cluster.open(Path(sys.argv[1]))
print("open", cluster.server_pid, flush=True)
for line in sys.stdin:
    if line.strip() == "close":
        cluster.close()
        print("closed", flush=True)
"""

Other = subprocess.Popen[str]


@pytest.fixture
def other(data_dir: Path) -> Iterator[Callable[[], Other]]:
    """Starts other processes that hold the cluster of `data_dir`; whatever still runs is ended."""
    started: list[Other] = []

    def start() -> Other:
        process = subprocess.Popen(
            [sys.executable, "-c", OTHER_PROCESS, str(data_dir)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    if data_dir.is_dir():
        with Cluster.open(data_dir):
            pass  # the last one out stops the server


def copy_programs(target: Path) -> Path:
    """The wheel's programs and their libraries under `target`, laid out as the wheel has them."""
    package = find_binaries().folder.parents[1]
    shutil.copytree(package / "pginstall", target / package.name / "pginstall")
    shutil.copytree(package.with_name(f"{package.name}.libs"), target / f"{package.name}.libs")
    return target / package.name / "pginstall"


def said(process: Other) -> list[str]:
    assert process.stdout is not None
    return process.stdout.readline().split()


def tell(process: Other, word: str) -> None:
    assert process.stdin is not None
    process.stdin.write(word + "\n")
    process.stdin.flush()


def connect(cluster: Cluster) -> psycopg.Connection:
    return psycopg.connect(**cluster.admin_conninfo(), autocommit=True)


def value(cluster: Cluster, query: str) -> object:
    with connect(cluster) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


class TestTheServerWeRun:
    @pytest.mark.parametrize(
        ("setting", "expected"),
        [
            ("data_checksums", "on"),
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("full_page_writes", "on"),
            ("jit", "off"),
            ("server_encoding", "UTF8"),
            ("password_encryption", "scram-sha-256"),
            ("timezone", "UTC"),
            ("listen_addresses", ""),
            ("log_error_verbosity", "terse"),
            ("log_parameter_max_length_on_error", "0"),
        ],
    )
    def test_runs_with_the_safe_setting(
        self, cluster: Cluster, setting: str, expected: str, pytestconfig: pytest.Config
    ) -> None:
        if pytestconfig.getoption("--careless-server") and setting in (
            "fsync",
            "synchronous_commit",
            "full_page_writes",
        ):
            expected = "off"
        assert value(cluster, f"SHOW {setting}") == expected

    def test_sorts_and_classifies_without_the_operating_system(self, cluster: Cluster) -> None:
        query = "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = current_database()"
        assert value(cluster, query) == "b C.UTF-8"
        assert value(cluster, "SELECT upper('ação')") == "AÇÃO"

    def test_offers_the_extensions_the_clinic_needs(self, cluster: Cluster) -> None:
        query = "SELECT count(*) FROM pg_available_extensions WHERE name IN ('btree_gist', 'pg_trgm', 'unaccent')"
        assert value(cluster, query) == 3

    def test_refuses_a_wrong_password(self, cluster: Cluster) -> None:
        wrong = {**cluster.admin_conninfo(), "password": "wrong"}
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**wrong)

    def test_keeps_values_out_of_its_log(self, cluster: Cluster) -> None:
        with connect(cluster) as connection:
            connection.execute("CREATE TEMP TABLE people (cpf text PRIMARY KEY)")
            connection.execute("INSERT INTO people VALUES (%s)", ["52998224725"])
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO people VALUES (%s)", ["52998224725"])
        log = cluster.log_path.read_text(encoding="utf-8")
        assert "people_pkey" in log
        assert "52998224725" not in log

    def test_says_which_version_it_is(self, cluster: Cluster) -> None:
        assert str(value(cluster, "SHOW server_version")).startswith(cluster.server_version)

    def test_listens_on_127_0_0_1_where_there_are_no_sockets(self, data_dir: Path) -> None:
        with Cluster.open(data_dir, use_sockets=False) as opened:
            assert opened.admin_conninfo()["host"] == "127.0.0.1"
            assert value(opened, "SELECT host(inet_server_addr())") == "127.0.0.1"

    def test_keeps_the_folder_closed_to_others(self, data_dir: Path) -> None:
        with Cluster.open(data_dir):
            for private in ("postgres", "postgres/data", "postgres/run", "postgres-admin", "holders"):
                assert (data_dir / private).stat().st_mode & 0o077 == 0, private


class TestSharing:
    def test_two_processes_share_one_server_and_the_last_stops_it(
        self, data_dir: Path, other: Callable[[], Other]
    ) -> None:
        with Cluster.open(data_dir) as mine:
            theirs = other()
            pid = mine.server_pid
            assert said(theirs) == ["open", str(pid)]
            assert mine.holders() == sorted([os.getpid(), theirs.pid])
        assert pid is not None
        assert psutil.pid_exists(pid)
        tell(theirs, "close")
        assert said(theirs) == ["closed"]
        assert not (data_dir / "postgres/data/postmaster.pid").exists()

    def test_two_handles_of_one_process_count_twice(self, data_dir: Path) -> None:
        first, second = Cluster.open(data_dir), Cluster.open(data_dir)
        first.close()
        assert value(second, "SELECT 1") == 1
        second.close()
        second.close()
        assert second.server_pid is None

    def test_two_names_of_one_folder_are_one_server(self, data_dir: Path) -> None:
        with Cluster.open(data_dir) as mine:
            data_dir.with_name("alias").symlink_to(data_dir)
            with Cluster.open(data_dir.with_name("alias")) as theirs:
                assert theirs.server_pid == mine.server_pid
                assert len(mine.holders()) == 2

    def test_a_closed_handle_gives_no_address(self, data_dir: Path) -> None:
        cluster = Cluster.open(data_dir)
        cluster.close()
        with pytest.raises(ServerNotStarting) as caught:
            cluster.admin_conninfo()
        assert caught.value.reason == "closed"

    def test_two_first_starts_at_once_make_one_cluster(self, data_dir: Path, other: Callable[[], Other]) -> None:
        starters = [other() for _ in range(3)]
        answers = [said(starter) for starter in starters]
        assert answers[0] == answers[1] == answers[2]
        with Cluster.open(data_dir) as cluster:
            assert value(cluster, "SELECT 1") == 1
            assert len(cluster.holders()) == 4

    def test_a_killed_holder_no_longer_counts_even_as_a_zombie(
        self, data_dir: Path, other: Callable[[], Other]
    ) -> None:
        mine = Cluster.open(data_dir)
        theirs = other()
        said(theirs)
        theirs.kill()
        os.waitid(os.P_PID, theirs.pid, os.WEXITED | os.WNOWAIT)  # dead, and not yet collected: a zombie
        assert psutil.Process(theirs.pid).status() == psutil.STATUS_ZOMBIE
        assert mine.holders() == [os.getpid()]
        mine.close()
        assert mine.server_pid is None

    def test_a_server_left_without_holders_is_joined(self, data_dir: Path, other: Callable[[], Other]) -> None:
        theirs = other()
        _, pid = said(theirs)
        theirs.kill()
        theirs.wait()
        with Cluster.open(data_dir) as mine:
            assert mine.server_pid == int(pid)
            assert mine.holders() == [os.getpid()]


class TestAKilledServer:
    def kill(self, cluster: Cluster) -> None:
        assert cluster.server_pid is not None
        server = psutil.Process(cluster.server_pid)
        os.kill(server.pid, signal.SIGKILL)
        psutil.wait_procs([server], timeout=20)

    def test_starts_again_with_every_committed_row(self, data_dir: Path) -> None:
        with Cluster.open(data_dir) as cluster:
            with connect(cluster) as connection:
                connection.execute("CREATE TABLE kept (n int)")
                for number in range(200):
                    connection.execute("INSERT INTO kept VALUES (%s)", [number])
                self.kill(cluster)
                with pytest.raises(psycopg.OperationalError):
                    connection.execute("SELECT 1")
            assert cluster.ensure_running()
            assert value(cluster, "SELECT count(*) FROM kept") == 200

    def test_ensure_running_leaves_a_running_server_alone(self, data_dir: Path) -> None:
        with Cluster.open(data_dir) as cluster:
            before = cluster.server_pid
            assert not cluster.ensure_running()
            assert cluster.server_pid == before

    def test_starts_when_the_pid_now_belongs_to_another_program(self, data_dir: Path) -> None:
        with Cluster.open(data_dir) as cluster:
            self.kill(cluster)
            pid_file = data_dir / "postgres/data/postmaster.pid"
            lines = pid_file.read_text(encoding="utf-8").splitlines()
            pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n", encoding="utf-8")
            assert cluster.ensure_running()
            assert value(cluster, "SELECT 1") == 1

    def test_starts_beside_the_mark_of_a_server_that_is_a_zombie(self, data_dir: Path) -> None:
        with Cluster.open(data_dir) as cluster:
            lines = (data_dir / "postgres/data/postmaster.pid").read_text(encoding="utf-8").splitlines()
            mark = Path(lines[4]) / f".s.PGSQL.{lines[3]}.lock"
            told = mark.read_text(encoding="utf-8")
            self.kill(cluster)
            zombie = subprocess.Popen(["true"], **server_account.server_account().popen_options())
            mark.write_text(told.replace(lines[0], str(zombie.pid), 1), encoding="utf-8")
            assert cluster.ensure_running()
            assert value(cluster, "SELECT 1") == 1
            zombie.wait()

    def test_a_crash_in_initdb_leaves_no_half_cluster(self, data_dir: Path) -> None:
        half = data_dir / "postgres/data.new"
        half.mkdir(parents=True)
        data_dir.chmod(0o711)
        (half / "PG_VERSION").write_text("18\n", encoding="ascii")
        with Cluster.open(data_dir) as cluster:
            assert value(cluster, "SELECT 1") == 1
            assert not half.exists()


class TestWhatCannotWork:
    def refusal(self, data_dir: Path, binaries: Path | None = None) -> ClinicError:
        with pytest.raises(ClinicError) as caught:
            Cluster.open(data_dir, binaries)
        return caught.value

    def test_a_file_where_the_folder_should_be(self, data_dir: Path) -> None:
        data_dir.write_text("", encoding="ascii")
        assert self.refusal(data_dir) == DataFolderUnusable(folder=str(data_dir), reason="not_a_folder")
        assert self.refusal(data_dir / "deeper") == DataFolderUnusable(str(data_dir / "deeper"), "not_a_folder")

    def test_a_folder_that_cannot_be_written(self, run_folder: Path) -> None:
        # A process without root's rights, because root may write anywhere. Before it gives them up it imports, and
        # has the programs where it may still read them: this checkout may lie in root's closed home.
        code = """
import os, sys
from pathlib import Path
from clinicdesk.errors import DataFolderUnusable
from clinicdesk.storage.binaries import find_binaries
from clinicdesk.storage.cluster import Cluster
from clinicdesk.storage.server_account import readable_binaries, server_account
programs = readable_binaries(find_binaries(None), server_account()).folder
if os.geteuid() == 0:
    os.chdir("/"); os.setgid(65534); os.setuid(65534)
try:
    Cluster.open(Path(sys.argv[1]), programs)
except DataFolderUnusable as refusal:
    print(refusal.reason)
"""
        closed = run_folder / "closed"
        closed.mkdir(mode=0o555)
        command = [sys.executable, "-c", code, str(closed)]
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
        assert answer.stdout.strip() == "read_only"

    def test_a_folder_of_a_newer_server(self, data_dir: Path) -> None:
        Cluster.open(data_dir).close()
        version = data_dir / "postgres/data/PG_VERSION"
        version.write_text("19\n", encoding="ascii")
        assert isinstance(refusal := self.refusal(data_dir), DataFolderUnusable)
        assert refusal.reason == "newer_server"
        version.write_text("17\n", encoding="ascii")
        assert isinstance(refusal := self.refusal(data_dir), DataFolderUnusable)
        assert refusal.reason == "older_server"

    def test_a_folder_with_something_else_in_it(self, data_dir: Path) -> None:
        (data_dir / "postgres/data/photos").mkdir(parents=True)
        data_dir.chmod(0o711)
        assert isinstance(refusal := self.refusal(data_dir), DataFolderUnusable)
        assert refusal.reason == "foreign"
        assert (data_dir / "postgres/data/photos").is_dir()

    def test_a_broken_configuration_names_the_log(self, data_dir: Path) -> None:
        with pytest.raises(ServerNotStarting) as caught:
            Cluster.open(data_dir, extra_settings={"shared_buffers": "nonsense"})
        assert "shared_buffers" in Path(caught.value.log).read_text(encoding="utf-8")
        with Cluster.open(data_dir) as cluster:
            assert value(cluster, "SELECT 1") == 1

    def test_a_folder_without_programs(self, data_dir: Path, tmp_path: Path) -> None:
        assert self.refusal(data_dir, tmp_path) == BinariesMissing(folder=str(tmp_path))

    def test_programs_of_a_version_that_is_too_old(self, data_dir: Path, tmp_path: Path) -> None:
        for name in ("initdb", "postgres", "pg_ctl", "pg_controldata", "pg_dump", "pg_restore"):
            program = tmp_path / name
            program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.9 (Debian 15.9-0)'\n", encoding="ascii")
            program.chmod(0o755)
        assert self.refusal(data_dir, tmp_path) == BinariesMissing(folder=str(tmp_path), found_version="15.9")


class TestPlaces:
    def test_programs_of_another_folder(self, data_dir: Path, run_folder: Path) -> None:
        elsewhere = copy_programs(run_folder / "PostgreSQL do João")
        with Cluster.open(data_dir, elsewhere) as cluster:
            assert cluster.binaries_folder == elsewhere / "bin"
            assert value(cluster, "SELECT 1") == 1
        shutil.rmtree(run_folder / "PostgreSQL do João")

    def test_programs_moved_away_from_their_libraries(self, data_dir: Path, run_folder: Path) -> None:
        moved = run_folder / "moved"
        shutil.copytree(find_binaries().folder, moved)
        with pytest.raises(BinariesMissing):
            Cluster.open(data_dir, moved)
        shutil.rmtree(moved)

    def test_a_long_path_with_spaces_accents_and_quotes(self, data_dir: Path) -> None:
        deep = data_dir / "Clínica d'Ávila" / ("recepção " * 9).strip() / "dados"
        deep.mkdir(parents=True)
        data_dir.chmod(0o711)
        with Cluster.open(deep) as cluster:
            socket_folder = Path(cluster.admin_conninfo()["host"])
            assert len(os.fsencode(socket_folder)) < 90
            assert socket_folder.stat().st_mode & 0o777 == 0o700
            assert value(cluster, "SELECT 1") == 1
        socket_folder.rmdir()

    def test_a_path_too_long_for_postgresql(self, data_dir: Path) -> None:
        deep = data_dir.joinpath(*(["x" * 100] * 9))
        with pytest.raises(DataFolderUnusable) as caught:
            Cluster.open(deep)
        assert caught.value.reason == "path_too_long"

    def test_the_server_is_never_root(self, cluster: Cluster) -> None:
        assert cluster.server_pid is not None
        server = psutil.Process(cluster.server_pid)
        assert server.uids().effective != 0
        assert not any(name.startswith(("LD_", "PYTHON", "QT_")) for name in server.environ())

    def test_root_follows_no_link_the_account_may_have_laid(self, data_dir: Path, tmp_path: Path) -> None:
        Cluster.open(data_dir).close()
        treasure = tmp_path / "treasure"
        treasure.write_text("precious", encoding="ascii")
        for name in ("data/clinicdesk.conf", "log/pg_ctl.log"):
            (data_dir / "postgres" / name).unlink()
            (data_dir / "postgres" / name).symlink_to(treasure)
        owner = treasure.stat().st_uid
        Cluster.open(data_dir).close()
        assert treasure.read_text(encoding="ascii") == "precious"
        assert (treasure.stat().st_uid, stat.S_ISREG(treasure.lstat().st_mode)) == (owner, True)


@pytest.fixture
def roots_folder(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stands for /var/lib/clinicdesk."""
    folder = run_folder / "root"
    monkeypatch.setattr("clinicdesk.storage.server_account.ROOT_FOLDER", folder)
    monkeypatch.setattr("clinicdesk.storage.cluster.ROOT_FOLDER", folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


if server_account.runs_as_root():  # nobody else needs another place, or can become somebody else

    class TestUnderRoot:
        def test_a_closed_folder_of_root_keeps_its_cluster_where_the_account_can_go(
            self, tmp_path: Path, roots_folder: Path
        ) -> None:
            home = tmp_path / "home"
            home.mkdir(mode=0o700)
            with Cluster.open(home / "clinic") as cluster:
                assert value(cluster, "SELECT 1") == 1
                place = Path((home / "clinic/postgres-is-elsewhere.txt").read_text(encoding="utf-8").strip())
                assert place.parent == roots_folder / "clusters"
            with Cluster.open(home / "clinic") as cluster:
                assert cluster.log_path.is_relative_to(place)

        def test_programs_under_a_closed_folder_are_copied_once(
            self, data_dir: Path, tmp_path: Path, roots_folder: Path
        ) -> None:
            home = tmp_path / "site-packages"
            home.mkdir(mode=0o700)
            with Cluster.open(data_dir, copy_programs(home)) as cluster:
                assert cluster.binaries_folder.is_relative_to(roots_folder / "programs")
                assert value(cluster, "SELECT 1") == 1
                dump = subprocess.run(
                    [cluster.binaries_folder / "pg_dump", "--version"], capture_output=True, check=True
                )
                assert cluster.server_version in dump.stdout.decode()

        def test_a_person_without_roots_rights_runs_the_server_alone(self, run_folder: Path) -> None:
            # The process imports everything, and has the programs where they can be read, before it becomes somebody
            # who may not read where Python lies.
            code = """
import os, sys, psutil
from pathlib import Path
from clinicdesk.storage.binaries import find_binaries
from clinicdesk.storage.cluster import Cluster
from clinicdesk.storage.server_account import readable_binaries, server_account
programs = readable_binaries(find_binaries(None), server_account()).folder
os.chdir("/"); os.setgroups([]); os.setgid(65534); os.setuid(65534)
with Cluster.open(Path(sys.argv[1]), programs) as cluster:
    print(psutil.Process(cluster.server_pid).uids().effective, len(cluster.holders()))
print(cluster.server_pid)
"""
            theirs = run_folder / "theirs"
            theirs.mkdir()
            os.chown(theirs, 65534, 65534)
            command = [sys.executable, "-c", code, str(theirs / "data")]
            answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
            assert answer.stdout.split() == ["65534", "1", "None"]
            assert (theirs / "data").stat().st_mode & 0o777 == 0o700
