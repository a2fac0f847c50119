"""The clinic's own PostgreSQL on this computer: made on first use, shared by every process, stopped by the last.

Whoever owns the data folder owns the clinic: the administrator's password lies in it, readable by that account alone.
Roles inside the database protect people's data from each other only when the server is somewhere else.
"""

import contextlib
import errno
import hashlib
import os
import secrets
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

from filelock import FileLock, Timeout

from clinicdesk.errors import DataFolderUnusable, ServerNotStarting
from clinicdesk.settings import make_data_dir
from clinicdesk.storage.binaries import find_binaries
from clinicdesk.storage.server_account import ROOT_FOLDER, ServerAccount, readable_binaries, server_account
from clinicdesk.storage.server_process import ADMIN, Endpoint, ServerProcess

LOCK_SECONDS = 240  # longer than one start may take

_REASONS = {
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
    errno.EROFS: "read_only",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.ENOTDIR: "not_a_folder",
    errno.EEXIST: "not_a_folder",
    errno.ENAMETOOLONG: "path_too_long",
}


class Cluster:
    """One process's hold on the server over a data folder; the server lives while anybody holds it."""

    def __init__(self, data_dir: Path, server: ServerProcess, password: str) -> None:
        """Use `open`; this only takes its parts."""
        self._data_dir = data_dir
        self._server = server
        self._password = password
        self._holder: FileLock | None = None
        self._endpoint: Endpoint | None = None

    @classmethod
    def open(
        cls,
        data_dir: Path,
        binaries: Path | None = None,
        *,
        extra_settings: Mapping[str, str] | None = None,
        use_sockets: bool = os.name != "nt",
    ) -> "Cluster":
        """Hold the server over `data_dir`, making the folder and the cluster and starting the server as needed.

        `extra_settings` reach the server only if this call is the one that starts it. Raises DataFolderUnusable,
        BinariesMissing or ServerNotStarting.
        """
        data_dir = data_dir.resolve()  # two names of one folder are one clinic
        account = server_account()
        found = readable_binaries(find_binaries(binaries), account)
        with _told_as_facts(data_dir):
            make_data_dir(data_dir)
            with _only_one(data_dir):
                home = _home(data_dir, account)
                server = ServerProcess(home, found, account, use_sockets, dict(extra_settings or {}))
                cluster = cls(data_dir, server, _admin_password(data_dir))
                cluster._join()
        return cluster

    @property
    def server_version(self) -> str:
        """The version of the server's programs, such as 18.6."""
        return self._server.binaries.version

    @property
    def binaries_folder(self) -> Path:
        """The folder of the programs in use, pg_dump among them."""
        return self._server.binaries.folder

    @property
    def log_path(self) -> Path:
        """The server's log written last."""
        return self._server.log_path

    @property
    def server_pid(self) -> int | None:
        """The process id of the running server."""
        return self._server.pid()

    def conninfo(self, dbname: str, user: str, password: str) -> dict[str, str]:
        """How `user` reaches `dbname` on this server, for libpq."""
        if self._endpoint is None:
            raise ServerNotStarting(log=str(self.log_path), reason="closed")
        return {
            "host": self._endpoint.host,
            "port": str(self._endpoint.port),
            "dbname": dbname,
            "user": user,
            "password": password,
        }

    def admin_conninfo(self, dbname: str = "postgres") -> dict[str, str]:
        """How the owner of the data folder reaches `dbname` as the cluster's administrator."""
        return self.conninfo(dbname, ADMIN, self._password)

    def ensure_running(self) -> bool:
        """Start the server again if it was killed; True when it had to be. The connections of before are gone then."""
        with _told_as_facts(self._data_dir), _only_one(self._data_dir):
            before = self._endpoint
            started = self._run_server()
            return started or before != self._endpoint

    def holders(self) -> list[int]:
        """The process ids of those who hold the server, this one included."""
        with _only_one(self._data_dir):
            return sorted(_living_holders(self._data_dir))

    def close(self) -> None:
        """Let go of the server; the last holder stops it. A second call does nothing."""
        if self._holder is None:
            return
        with _only_one(self._data_dir):
            self._holder.release()
            Path(self._holder.lock_file).unlink(missing_ok=True)
            self._holder = None
            self._endpoint = None
            if not _living_holders(self._data_dir):
                self._server.stop()

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _join(self) -> None:
        self._server.create(self._password)
        self._run_server()
        folder = self._data_dir / "holders"
        folder.mkdir(mode=0o700, exist_ok=True)
        # The operating system lets go of the lock when the process ends, however it ends: killed, or a zombie.
        holder = _lock(folder / f"{os.getpid()}-{uuid.uuid4().hex}.lock")
        holder.acquire(blocking=False)
        self._holder = holder

    def _run_server(self) -> bool:
        started = False
        if not self._server.wait_ready():
            self._server.start()
            started = True
        self._endpoint = self._server.endpoint()
        return started


def _lock(path: Path) -> FileLock:
    # Not bound to a thread: a cluster may be opened on one and closed on another.
    return FileLock(path, mode=0o600, thread_local=False, fallback_to_soft=False, preserve_lock_file=True)


@contextlib.contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    """Hold the folder's lock: making, starting and stopping happen one at a time."""
    try:
        with _lock(data_dir / "server.lock").acquire(timeout=LOCK_SECONDS):
            yield
    except Timeout:
        raise ServerNotStarting(log="", reason="timeout") from None


@contextlib.contextmanager
def _told_as_facts(data_dir: Path) -> Iterator[None]:
    """Turn what the file system refuses into DataFolderUnusable."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0)
        if reason is None:
            raise
        raise DataFolderUnusable(folder=str(data_dir), reason=reason) from error


def _home(data_dir: Path, account: ServerAccount) -> Path:
    """The server's folder: in the data folder, or under ROOT_FOLDER where the account cannot reach that."""
    inside = data_dir / "postgres"
    if inside.exists() or account.uid is None or account.can_enter(data_dir):
        return inside
    clusters = ROOT_FOLDER / "clusters"
    clusters.mkdir(mode=0o711, parents=True, exist_ok=True)
    home = clusters / hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    (data_dir / "postgres-is-elsewhere.txt").write_text(f"{home}\n", encoding="utf-8")
    return home


def _admin_password(data_dir: Path) -> str:
    path = data_dir / "postgres-admin"
    with contextlib.suppress(FileNotFoundError):
        if password := path.read_text(encoding="utf-8").strip():
            return password
    password = secrets.token_urlsafe(32)
    aside = path.with_name("postgres-admin.new")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(password + "\n")
        file.flush()
        os.fsync(descriptor)
    aside.rename(path)
    return password


def _living_holders(data_dir: Path) -> list[int]:
    """The process ids of the holders; the marks of dead ones are cleared away."""
    living = []
    for path in (data_dir / "holders").glob("*.lock"):
        probe = _lock(path)
        try:
            probe.acquire(blocking=False)
        except Timeout:
            living.append(int(path.name.split("-")[0]))
            continue
        probe.release()
        path.unlink(missing_ok=True)
    return living
