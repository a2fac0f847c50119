"""What every test may ask for: one embedded server per run, folders its account can enter, Qt without a screen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from clinicdesk import words
from clinicdesk.storage.cluster import Cluster
from tests import office as offices
from tests.office import Office, Sample

PREFIX = "clinicdesk-tests-"
MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 4 * 1024**3
RUN_FOLDER = "CLINICDESK_TESTS_RUN_FOLDER"  # pytest-xdist's workers inherit it and so share one server


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--careless-server",
        action="store_true",
        help="the shared server does not wait for the disk; for runs where durability is not under test",
    )
    parser.addoption(
        "--next-schema",
        action="store_true",
        help="every database is one release ahead of the code, by the step in tests/migrations",
    )


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    _clear_abandoned_runs()
    # Not pytest's own temporary folder: that is closed to the account which runs the server under root.
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_quickest_room()))
    folder.chmod(0o711)
    (folder / "pid").write_text(str(os.getpid()), encoding="ascii")
    os.environ[RUN_FOLDER] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(RUN_FOLDER), ignore_errors=True)


@pytest.fixture(autouse=True)
def source_language() -> Iterator[None]:
    """Every test begins in the source language, whatever the one before it spoke."""
    words.use_language("en")
    yield
    words.use_language("en")


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """The folder of this test run, shared by its workers and gone afterwards."""
    return Path(os.environ[RUN_FOLDER])


@pytest.fixture(scope="session")
def cluster(run_folder: Path, pytestconfig: pytest.Config) -> Iterator[Cluster]:
    """The run's one embedded server; roles and databases made in it are to be removed or named apart."""
    careless = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    settings = careless if pytestconfig.getoption("--careless-server") else {}
    with Cluster.open(run_folder / "shared", extra_settings=settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def office_sample(cluster: Cluster, run_folder: Path, pytestconfig: pytest.Config) -> Sample:
    """The template's content: two clinics, their people, rooms, machines, services and patients."""
    return offices.template(cluster, run_folder, pytestconfig.getoption("--next-schema"))


@pytest.fixture
def office(cluster: Cluster, office_sample: Sample, request: pytest.FixtureRequest) -> Iterator[Office]:
    """A database of the test's own, in which everything commits."""
    with offices.copied(cluster, office_sample, request.node.nodeid) as database:
        opened = Office(cluster, database, office_sample)
        yield opened
        opened.close()


def _shared_unless_a_guard_is_off(fixture_name: str, config: pytest.Config) -> str:
    return "function" if offices.GUARDS_OFF in os.environ else "session"


@pytest.fixture(scope=_shared_unless_a_guard_is_off)
def shared_database(cluster: Cluster, office_sample: Sample, request: pytest.FixtureRequest) -> Iterator[str]:
    """One database for all tests of a worker that roll back."""
    with offices.copied(cluster, office_sample, request.node.nodeid) as database:
        yield database


@pytest.fixture
def rolled_back(cluster: Cluster, office_sample: Sample, shared_database: str) -> Iterator[Office]:
    """The organisation for tests that read, or write what nobody else has to see: nothing of it stays."""
    opened = Office(cluster, shared_database, office_sample, commits=False)
    yield opened
    opened.close()


@pytest.fixture
def data_dir(run_folder: Path) -> Iterator[Path]:
    """A place for a data folder of a test's own that the server's account can reach; not made yet."""
    folder = Path(tempfile.mkdtemp(dir=run_folder))
    folder.chmod(0o711)
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


def _quickest_room() -> str | None:
    """Memory that is written to like a disk, where there is enough: a database is copied there in 0.03 s, not 0.6.

    The servers still wait for their disk as in a clinic; this one answers at once.
    """
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return None
    found = os.statvfs(MEMORY)
    programs_run = not found.f_flag & os.ST_NOEXEC
    return str(MEMORY) if programs_run and found.f_bavail * found.f_frsize > ENOUGH_MEMORY else None


def _clear_abandoned_runs() -> None:
    """Stop the servers of test runs that were killed before they could."""
    left = [one for room in (Path(tempfile.gettempdir()), MEMORY) if room.is_dir() for one in room.glob(f"{PREFIX}*")]
    for folder in left:
        pid_file = folder / "pid"
        if not pid_file.is_file() or psutil.pid_exists(int(pid_file.read_text(encoding="ascii"))):
            continue
        for process in psutil.process_iter(["cmdline"]):
            if any(part.startswith(f"{folder}/") for part in process.info["cmdline"] or []):
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)
