"""Preparing a server twice over, letting its unit in, and bringing its database to another release after a copy."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from clinicdesk.errors import NoRoomForUpdate, NotFound
from clinicdesk.storage.cluster import Cluster
from clinicdesk.storage.migrate import REVISION
from clinicdesk.storage.server_unit import prepare_server
from clinicdesk.usecases import server_setup
from clinicdesk.usecases.server_place import ServerPlace
from tests.office import Office
from tests.storage.upgrading import revisions


@dataclass(frozen=True)
class _Embedded(ServerPlace):
    """A place whose server is the embedded one."""

    cluster: Any = None

    @property
    def admin(self) -> dict[str, str]:
        """Its administrator comes with a password."""
        found: dict[str, str] = self.cluster.admin_conninfo()
        return found


@pytest.fixture(scope="module")
def place(run_folder: Path) -> Iterator[_Embedded]:
    """A server of its own, because the unit's login is one for all of a server's databases."""
    folder = run_folder / "prepared"
    folder.mkdir(mode=0o711)
    with Cluster.open(folder / "data") as cluster:
        backups = folder / "backups"
        backups.mkdir()
        yield _Embedded(backups=backups, programs=cluster.binaries_folder, cluster=cluster)


def test_a_second_preparation_makes_nothing(place: _Embedded) -> None:
    assert server_setup.prepare(place) == ["database", "unit_login", "unit_rights", "schema", "sync_login"]
    assert server_setup.prepare(place) == []
    assert prepare_server(place.admin, "another") == ["database", "unit_rights", "schema", "sync_login"]
    admin: dict[str, Any] = {**place.admin, "dbname": place.database}
    with psycopg.connect(**admin, autocommit=True) as connection:
        connection.execute("SET SESSION AUTHORIZATION cd_guard")
        assert connection.execute("SELECT pg_reload_conf()").fetchone() == (True,)
        assert connection.execute("SELECT count(*) FROM clinicdesk.waiting_requests()").fetchone() == (0,)
        assert connection.execute("SHOW shared_preload_libraries").fetchone() is not None, "check reads every setting"
        found = connection.execute("SELECT rolpassword FROM pg_roles WHERE rolname = 'cd_guard'").fetchone()
        assert found is not None
        connection.execute("RESET SESSION AUTHORIZATION")
        password = "SELECT rolpassword FROM pg_authid WHERE rolname = 'clinicdesk_sync' AND rolcanlogin"
        assert connection.execute(password).fetchone() == (None,)
        connection.execute("SET SESSION AUTHORIZATION clinicdesk_sync")
        assert connection.execute("SELECT clinicdesk.is_sync()").fetchone() == (True,)


def test_an_upgrade_copies_first_and_happens_once(place: _Embedded, tmp_path: Path) -> None:
    server_setup.prepare(place)
    assert server_setup.upgrade(place) == server_setup.Upgraded(REVISION, None)
    folder = revisions(tmp_path, "20991001_0900_expand.py")
    done = server_setup.upgrade(place, revisions=folder)
    assert done.revision == "20991001_0900"
    assert done.copy is not None and done.copy.parent == place.backups
    assert done.copy.stat().st_size > 10_000 and done.copy.stat().st_mode & 0o077 == 0
    assert server_setup.upgrade(place, revisions=folder).copy is None


def test_without_room_for_the_copy_nothing_is_changed(
    place: _Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server_setup.prepare(place)
    monkeypatch.setattr(server_setup, "SPARE", 2**60)
    folder = revisions(tmp_path, "20991001_0900_expand.py", "20991002_0900_contract.py")
    with pytest.raises(NoRoomForUpdate):
        server_setup.upgrade(place, revisions=folder)
    assert list(place.backups.glob("*contract*")) == []


def test_who_is_locked_is_let_in_on_the_server(office: Office) -> None:
    place = _Embedded(database=office.database, cluster=office.cluster)
    admin = office.admin()
    account = f"{office.database}_renata"
    for _time in range(10):
        admin.execute("SELECT clinicdesk.count_refusal(%s, NULL)", [account])
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        office.connect("renata")
    server_setup.unlock(place, "renata")
    office.connect("renata")
    with pytest.raises(NotFound):
        server_setup.unlock(place, "nobody")
