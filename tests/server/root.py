"""A Debian root that the set-up turns into a clinic's server, and its PostgreSQL and unit at work."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil
from filelock import FileLock

CHECKOUT = Path(__file__).parent.parent.parent
DEBIAN = Path(os.environ.get("CLINICDESK_DEBIAN_ROOT", "/var/tmp/clinicdesk-debian"))
KEPT = Path(os.environ.get("CLINICDESK_SERVER_ROOT", "/var/tmp/clinicdesk-root"))
SERVER, OTHER_ADDRESS = "10.77.0.1", "10.77.0.2"  # only the first one stands in the certificate
DATABASE = "clinicdesk"
_CODE = re.compile(r"^[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}$", re.MULTILINE)
_INSIDE = "/srv/clinicdesk"  # where the root sees this checkout
# How this machine reaches its registries; nothing else of its environment goes in.
_HANDED_ON = ("PIP_CERT", "PIP_INDEX_URL", "PIP_DEFAULT_TIMEOUT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "https_proxy")


class ServerRoot:
    """One Debian root. Use it as a context: at the end everything is stopped, unmounted and removed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = ""  # what the set-up said last
        self._space = ""
        self._unit: subprocess.Popen[bytes] | None = None

    @classmethod
    def at(cls, folder: Path) -> "ServerRoot":
        """A root in `folder`, which is removed at the end; what comes from the network is in it already."""
        _keep_root()
        return cls(folder)

    def __enter__(self) -> "ServerRoot":
        _remove(self.folder)
        upper, work = _beside(self.folder)
        for each in (self.folder, upper, work):
            each.mkdir(parents=True)
        options = f"lowerdir={KEPT},upperdir={upper},workdir={work}"
        try:
            _run("mount", "-t", "overlay", "overlay", "-o", options, str(self.folder))
        except subprocess.CalledProcessError:
            _run("cp", "-a", "--reflink=auto", f"{KEPT}/.", str(self.folder))
        _mount_inside(self.folder)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with suppress(subprocess.CalledProcessError, subprocess.TimeoutExpired):
            self.stop()
        _remove(self.folder)

    def enter(self, namespace: str) -> None:
        """Run what follows in this namespace."""
        self._space = namespace

    def set_up(self, namespace: str, *options: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run the set-up, in English unless the options say otherwise; `output` keeps what it said."""
        self._space = namespace
        given = options or ("--desks", "10", "--address", SERVER, "--language", "en")
        done = self.run([f"{_INSIDE}/packaging/server/setup", *given], check=check)
        self.output = done.stdout + done.stderr
        return done

    def run(
        self, arguments: Sequence[str], *, check: bool = True, **options: Any
    ) -> "subprocess.CompletedProcess[str]":
        """Run a program of the root, as root, in the server's namespace."""
        command = ["ip", "netns", "exec", self._space, *_inside(self.folder), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
        if check and done.returncode != 0:
            raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def psql(self, statement: str, database: str = DATABASE) -> str:
        """What a statement of PostgreSQL's own account answers."""
        command = ["runuser", "-u", "postgres", "--", "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database]
        return self.run([*command, "-c", statement]).stdout.strip()

    def code(self) -> str:
        """A code for one desk; the founder's while there is nobody."""
        return self.run(["clinicdesk-server", "--language", "en", "code"]).stdout.splitlines()[0]

    def printed_code(self) -> str:
        """The founder's code with which the set-up ended."""
        found = _CODE.search(self.output)
        assert found is not None, self.output
        return found.group()

    @contextmanager
    def running(self, namespace: str) -> Iterator[None]:
        """PostgreSQL and the unit at work in a namespace."""
        self.start(namespace)
        try:
            yield
        finally:
            self.stop()

    def start(self, namespace: str) -> None:
        """Start what is not running yet."""
        self._space = namespace
        if not self.is_online():
            self.run(["pg_ctlcluster", "17", "main", "start"])
        if self._unit is None:
            self.start_unit()

    def start_unit(self) -> None:
        """Start the unit and wait for its first beat."""
        beat = self.folder / "var/lib/clinicdesk-server/last-beat"
        beat.unlink(missing_ok=True)
        command = ["ip", "netns", "exec", self._space, *_inside(self.folder), "clinicdesk-server", "run"]
        self._unit = subprocess.Popen(command)
        deadline = time.monotonic() + 30
        while not beat.exists():
            if self._unit.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the unit did not start: {self.unit_log()}")
            time.sleep(0.05)

    def stop_unit(self, *, kill: bool = False) -> int:
        """End the unit, kindly or not; its exit status."""
        if self._unit is None:
            return 0
        (self._unit.kill if kill else self._unit.terminate)()
        status = self._unit.wait(20)
        self._unit = None
        return status

    def unit_is_at_work(self) -> bool:
        """Whether the unit runs."""
        return self._unit is not None and self._unit.poll() is None

    def is_online(self) -> bool:
        """Whether PostgreSQL accepts connections."""
        return self.run(["pg_lsclusters", "-h"]).stdout.split()[3] == "online"

    def restart_postgres(self, mode: str = "fast") -> None:
        """Stop PostgreSQL (`immediate` as a crash would) and start it again."""
        self.run(["pg_ctlcluster", "-m", mode, "17", "main", "stop"])
        self.run(["pg_ctlcluster", "17", "main", "start"])

    def stop(self) -> None:
        """Stop the unit and PostgreSQL."""
        self.stop_unit()
        if self._space and self.is_online():
            self.run(["pg_ctlcluster", "-m", "fast", "17", "main", "stop"], timeout=60)

    def unit_log(self) -> str:
        """What the unit logged."""
        path = self.folder / "var/lib/clinicdesk-server/logs/clinicdesk-server.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""


def _make_debian() -> None:
    """A fresh Debian 13 by debootstrap; half of one is never taken for whole."""
    if shutil.which("debootstrap") is None:
        raise SystemExit(f"There is no Debian 13 root at {DEBIAN}, and no debootstrap to make one with.")
    aside = DEBIAN.with_suffix(".new")
    _remove(aside)
    _run("debootstrap", "--variant=minbase", "--include=ca-certificates,python3,python3-venv", "trixie", str(aside))
    aside.rename(DEBIAN)


def _keep_root() -> None:
    """Fetch what comes from the network once, into a root that all others lie over."""
    if os.geteuid() != 0:
        raise SystemExit("This needs root: it mounts, and makes network namespaces.")
    wanted = hashlib.sha256((CHECKOUT / "packaging/server/requirements.txt").read_bytes()).hexdigest()
    stamp = KEPT / "srv/.packages"
    with FileLock(f"{KEPT}.lock"):
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        if not DEBIAN.is_dir():
            _make_debian()
        fresh = KEPT.with_suffix(".new")
        _remove(fresh)
        _run("cp", "-a", "--reflink=auto", str(DEBIAN), str(fresh))
        for path in (Path("/etc/resolv.conf"), Path(os.environ.get("SSL_CERT_FILE", "/nowhere"))):
            if path.is_file():
                target = fresh / path.relative_to("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.unlink(missing_ok=True)
                shutil.copyfile(path, target)
        _mount_inside(fresh)
        try:
            setup = [f"{_INSIDE}/packaging/server/setup", "--packages", "--language", "en"]
            subprocess.run([*_inside(fresh), *setup], check=True, stdout=sys.stderr)
        finally:
            _unmount(fresh)
        (fresh / "srv/.packages").write_text(wanted)
        _remove(KEPT)
        fresh.rename(KEPT)


def _inside(root: Path) -> list[str]:
    handed = [f"{name}={os.environ[name]}" for name in _HANDED_ON if name in os.environ]
    path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return ["chroot", str(root), "env", "-i", path, "HOME=/root", "LANG=C.UTF-8", *handed]


def _mount_inside(root: Path) -> None:
    for name in ("proc", "dev", _INSIDE[1:]):
        (root / name).mkdir(parents=True, exist_ok=True)
    _run("mount", "-t", "proc", "proc", f"{root}/proc")
    _run("mount", "--bind", "/dev", f"{root}/dev")
    _run("mount", "--make-private", f"{root}/dev")
    (root / "dev/shm").mkdir(exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", f"{root}/dev/shm")
    _run("mount", "--bind", "-o", "ro", str(CHECKOUT), f"{root}{_INSIDE}")


def _unmount(root: Path) -> None:
    for name in ("dev/shm", "dev", "proc", _INSIDE[1:]):
        subprocess.run(["umount", "-l", str(root / name)], check=False, capture_output=True)


def _remove(root: Path) -> None:
    """Unmount a root and remove it, with what a run that was killed left running in it; never through a mount."""
    _end_inside(root)
    _unmount(root)
    subprocess.run(["umount", str(root)], check=False, capture_output=True)
    mounted = Path("/proc/mounts").read_text(encoding="utf-8")
    if f" {root}/" in mounted or f" {root} " in mounted:
        raise RuntimeError(f"{root} is still mounted")
    for each in (root, *_beside(root)):
        if each.exists():
            shutil.rmtree(each)


def _end_inside(root: Path) -> None:
    inside = []
    for process in psutil.process_iter():
        with suppress(OSError):
            if Path(f"/proc/{process.pid}/root").readlink() == root:
                process.kill()
                inside.append(process)
    psutil.wait_procs(inside, timeout=10)


def _beside(root: Path) -> tuple[Path, Path]:
    return root.with_name(f"{root.name}.upper"), root.with_name(f"{root.name}.work")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
