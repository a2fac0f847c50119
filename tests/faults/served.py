"""A clinic's server inside a namespace, listening for desks that are somewhere else, set as a clinic's server is."""

import contextlib
import ctypes
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg

from clinicdesk.storage.cluster import Cluster
from tests import office as offices
from tests.faults.wires import SERVER_ADDRESS, Wires
from tests.office import Office, Sample

PORT = "5432"
SETTINGS = {
    "listen_addresses": SERVER_ADDRESS,
    "port": PORT,
    "tcp_user_timeout": "8s",
    "max_connections": "120",
}
_NETWORK = 0x40000000  # CLONE_NEWNET


@contextlib.contextmanager
def inside(namespace: str) -> Iterator[None]:
    """Let this thread, and what it starts, be in a namespace for a while."""
    library = ctypes.CDLL(None, use_errno=True)
    with Path("/proc/self/ns/net").open("rb") as home, Path(f"/run/netns/{namespace}").open("rb") as there:
        _enter(library, there.fileno())
        try:
            yield
        finally:
            _enter(library, home.fileno())


def _enter(library: ctypes.CDLL, descriptor: int) -> None:
    if library.setns(descriptor, _NETWORK) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class Served:
    """The server of a run: its offices are reached over the wire by `remote`, from here by its socket."""

    def __init__(self, cluster: Cluster, wires: Wires, sample: Sample) -> None:
        self.cluster, self.wires, self.sample = cluster, wires, sample

    @contextlib.contextmanager
    def office(self) -> Iterator[Office]:
        """A clinic of its own for one desk's run."""
        with offices.copied(self.cluster, self.sample, "faults") as database:
            office = Office(self.cluster, database, self.sample)
            try:
                yield office
            finally:
                office.close()

    def start_again(self) -> None:
        """Start the server where it was, if it was killed."""
        with inside(self.wires.server):
            self.cluster.ensure_running()


@contextlib.contextmanager
def served(wires: Wires, settings: Mapping[str, str] | None = None) -> Iterator[Served]:
    """The server of these wires."""
    folder = Path(tempfile.mkdtemp(prefix="clinicdesk-faults-"))
    folder.chmod(0o711)
    try:
        with (
            inside(wires.server),
            Cluster.open(folder / "data", extra_settings={**SETTINGS, **(settings or {})}) as cluster,
        ):
            _admit(cluster)
            sample = offices.template(cluster, folder)
            yield Served(cluster, wires, sample)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remote(office: Office, login: str = "") -> dict[str, str]:
    """How an office is reached over the wire: by nobody in particular, or by one of its people."""
    found = office.conninfo(login) if login else office.address
    return {**found, "host": SERVER_ADDRESS, "port": PORT}


def _admit(cluster: Cluster) -> None:
    """Let everybody in from the wires, by their password."""
    with psycopg.connect(**cluster.admin_conninfo(), autocommit=True) as admin:  # type: ignore[arg-type]
        found = admin.execute("SHOW hba_file").fetchone()
        assert found is not None
        rules = Path(found[0])
        line = "host all all 10.211.0.0/16 scram-sha-256\n"
        if line not in rules.read_text():
            with os.fdopen(os.open(rules, os.O_WRONLY | os.O_APPEND), "a") as file:
                file.write(line)
            admin.execute("SELECT pg_reload_conf()")
