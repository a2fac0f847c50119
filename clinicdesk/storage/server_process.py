"""One PostgreSQL server process over one folder: made, started, found running, stopped.

Nothing here decides who may start or stop it; that is `cluster.py`, under its lock.
"""

import hashlib
import os
import platform
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import psutil

from clinicdesk.errors import BinariesMissing, DataFolderUnusable, ServerNotStarting
from clinicdesk.storage.binaries import Binaries, clean_environment
from clinicdesk.storage.server_account import ServerAccount
from clinicdesk.storage.server_settings import SERVER_SETTINGS

ADMIN = "clinicdesk_admin"
SOCKET_PORT = 5432  # only part of the socket's name: every cluster has a socket folder of its own
START_SECONDS = 120  # recovery after a power cut reads the log of up to max_wal_size
STOP_SECONDS = 60
LONGEST_SOCKET_PATH = 103  # macOS allows 103 bytes, Linux 107
LONGEST_FOLDER = 900  # PostgreSQL keeps paths in 1,024 bytes and appends to them
ROOM_FOR_CLUSTER = 200 * 1024 * 1024
ROOM_FOR_START = 17 * 1024 * 1024  # one more file of the write-ahead log


@dataclass(frozen=True)
class Endpoint:
    """Where a running server listens: a socket's folder or 127.0.0.1, and the port."""

    host: str
    port: int


@dataclass
class ServerProcess:
    """The server over `home`: `data` is PostgreSQL's folder, `log` its logs, `run` its socket."""

    home: Path
    binaries: Binaries
    account: ServerAccount
    use_sockets: bool
    extra_settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.home / "data"

    @property
    def log_folder(self) -> Path:
        """Seven files of a day each, and what the programs that start the server said."""
        return self.home / "log"

    @property
    def log_path(self) -> Path:
        """The log written last, which says why a start failed."""
        named = ("start.log", *(path.name for path in self.log_folder.glob("postgresql-*.log")))
        logs = [path for name in named if (path := self.log_folder / name).is_file() and path.stat().st_size]
        return max(logs, key=lambda path: path.stat().st_mtime_ns, default=self.log_folder / "start.log")

    def create(self, password: str) -> None:
        """Make the cluster if there is none: aside, then renamed, so that a crash leaves all of it or nothing."""
        if len(os.fsencode(self.data)) > LONGEST_FOLDER:
            raise DataFolderUnusable(folder=str(self.home), reason="path_too_long")
        self._make_folders()
        if self.data.exists():
            self._check_version()
            return
        if shutil.disk_usage(self.home).free < ROOM_FOR_CLUSTER:
            raise DataFolderUnusable(folder=str(self.home), reason="full")
        aside = self.home / "data.new"
        shutil.rmtree(aside, ignore_errors=True)
        self._initdb(aside, password)
        with (aside / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\ninclude_if_exists = 'clinicdesk.conf'\n")
        aside.rename(self.data)

    def start(self) -> None:
        """Start the server and wait until it accepts connections. Raises ServerNotStarting with the log to read."""
        self._clear_stale_pid()
        self._write_settings()
        start_log = self.log_folder / "start.log"
        start_log.unlink(missing_ok=True)
        options = ["-w", "-t", str(START_SECONDS), "-s", "-D", str(self.data), "-l", str(start_log)]
        code = self._run("pg_ctl", "start", *options, seconds=START_SECONDS + 15)
        if code != 0 or self.endpoint() is None:
            if shutil.disk_usage(self.home).free < ROOM_FOR_START:
                raise DataFolderUnusable(folder=str(self.home), reason="full")
            raise ServerNotStarting(log=str(self.log_path), reason="failed")

    def stop(self) -> None:
        """Stop the server: sessions are ended, what was committed stays. Quiet when none runs."""
        if self.pid() is None:
            return
        self._run("pg_ctl", "stop", "-m", "fast", "-w", "-t", str(STOP_SECONDS), "-s", "-D", str(self.data))

    def pid(self) -> int | None:
        """The process id of the living server over this folder."""
        lines = self._pid_lines()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        return pid if self._is_our_server(pid) else None

    def endpoint(self) -> Endpoint | None:
        """Where the server listens, once it accepts connections; None while none does."""
        lines = self._pid_lines()
        if len(lines) < 8 or lines[7].strip() != "ready" or self.pid() is None:
            return None
        port, folder, address = int(lines[3]), lines[4].strip(), lines[5].strip()
        return Endpoint(host=folder or address, port=port)

    def wait_ready(self) -> bool:
        """Wait for a server that is starting or stopping; True when it accepts connections, False when it is gone."""
        deadline = time.monotonic() + START_SECONDS
        while self.pid() is not None:
            if self.endpoint() is not None:
                return True
            if time.monotonic() > deadline:
                raise ServerNotStarting(log=str(self.log_path), reason="timeout")
            time.sleep(0.05)
        return False

    def _make_folders(self) -> None:
        for folder in (self.home, self.log_folder):
            self.account.make_folder(folder)

    def _check_version(self) -> None:
        try:
            found = int((self.data / "PG_VERSION").read_text(encoding="utf-8").split(".")[0])
        except (FileNotFoundError, NotADirectoryError, ValueError):
            raise DataFolderUnusable(folder=str(self.data), reason="foreign") from None
        if found > self.binaries.major:
            raise DataFolderUnusable(folder=str(self.data), reason="newer_server")
        if found < self.binaries.major:
            raise DataFolderUnusable(folder=str(self.data), reason="older_server")

    def _initdb(self, target: Path, password: str) -> None:
        password_file = self.home / "first-password"
        try:
            with _fresh_file(password_file) as file:
                file.write(f"{password}\n".encode())
            self.account.own(password_file)
            options = [f"--username={ADMIN}", f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8"]
            code = self._run("initdb", *options, "--data-checksums", *self._locale(), "-D", str(target), seconds=180)
        finally:
            password_file.unlink(missing_ok=True)
        if code != 0:
            shutil.rmtree(target, ignore_errors=True)
            raise ServerNotStarting(log=str(self.log_folder / "initdb.log"), reason="initdb")

    def _locale(self) -> list[str]:
        # The C library's own C.UTF-8 classifies letters for pg_trgm; elsewhere than on Linux it does not exist.
        library = "C.UTF-8" if platform.system() == "Linux" else "C"
        if self.binaries.major < 17:
            return [f"--locale={library}"]
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={library}"]

    def _write_settings(self) -> None:
        own = {"log_directory": str(self.log_folder), **self._where_to_listen()}
        settings = {**SERVER_SETTINGS, **own, **self.extra_settings}
        lines = ["# Written by ClinicDesk at every start; changes belong into postgresql.conf below the include."]
        for name, value in settings.items():
            quoted = value.replace("'", "''")
            lines.append(f"{name} = '{quoted}'")
        with _fresh_file(self.data / "clinicdesk.conf") as file:
            file.write("\n".join([*lines, ""]).encode())
        self.account.own(self.data / "clinicdesk.conf")

    def _where_to_listen(self) -> dict[str, str]:
        if self.use_sockets:
            folder = self._socket_folder()
            return {
                "listen_addresses": "",
                "port": str(SOCKET_PORT),
                "unix_socket_directories": str(folder),
                "unix_socket_permissions": "0700",
            }
        return {"listen_addresses": "127.0.0.1", "port": str(_free_port()), "unix_socket_directories": ""}

    def _socket_folder(self) -> Path:
        folder = self.home / "run"
        if _socket_fits(folder) and "," not in str(folder):
            self.account.make_folder(folder)
            return folder
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        for base in (os.environ.get("XDG_RUNTIME_DIR", ""), "/run", tempfile.gettempdir(), "/tmp"):
            short = Path(base or "/nonexistent") / f"clinicdesk-{digest}"
            if _socket_fits(short) and self.account.can_enter(short.parent) and self._claim(short):
                return short
        raise DataFolderUnusable(folder=str(self.home), reason="path_too_long")

    def _claim(self, folder: Path) -> bool:
        """Make `folder` ours alone; False when it cannot be made or, as in /tmp, somebody else made it first."""
        owner = self.account.uid if self.account.uid is not None else os.geteuid()
        try:
            if not folder.is_symlink() and not folder.exists():
                self.account.make_folder(folder)
            status = folder.lstat()
        except OSError:
            return False
        return status.st_uid == owner and status.st_mode & 0o177777 == 0o040700

    def _run(self, program: str, *arguments: str, seconds: int = 90) -> int:
        """Run one program as the server's account, its words in a file: a server it starts would keep a pipe open."""
        with _fresh_file(self.log_folder / f"{program}.log") as output:
            try:
                return subprocess.run(
                    [self.binaries.program(program), *arguments],
                    cwd=self.home,
                    env=clean_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    timeout=seconds,
                    check=False,
                    **self.account.popen_options(),
                ).returncode
            except subprocess.TimeoutExpired:
                raise ServerNotStarting(log=str(self.log_path), reason="timeout") from None
            except OSError as error:
                raise BinariesMissing(folder=str(self.binaries.folder)) from error

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []

    def _is_our_server(self, pid: int) -> bool:
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            return str(self.data) in process.cmdline() or Path(process.cwd()) == self.data
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:
            return True

    def _clear_stale_pid(self) -> None:
        """Remove the marks of a server that was killed, whose number would still look alive to PostgreSQL.

        PostgreSQL takes a zombie, or another program that got the number since, for a running server. The marks also
        protect from backends that outlive their server, so those are waited for first.
        """
        lines = self._pid_lines()
        if not lines or not lines[0].strip().isdigit():
            return
        deadline = time.monotonic() + 30
        while self._has_orphans():
            if time.monotonic() > deadline:
                raise ServerNotStarting(log=str(self.log_path), reason="orphans")
            time.sleep(0.05)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        if len(lines) > 4 and lines[4].strip():  # the socket has a mark of its own
            (Path(lines[4].strip()) / f".s.PGSQL.{lines[3].strip()}.lock").unlink(missing_ok=True)

    def _has_orphans(self) -> bool:
        for process in psutil.process_iter():
            try:
                if process.name().startswith("postgres") and Path(process.cwd()) == self.data:
                    return True
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return False


def _fresh_file(path: Path) -> BinaryIO:
    """A new file for this account alone, never one that a link leads to: root writes where another account may."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _socket_fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{SOCKET_PORT}")) <= LONGEST_SOCKET_PATH


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
