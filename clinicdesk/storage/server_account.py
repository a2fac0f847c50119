"""The operating system's account that runs the embedded server: this person's own, or a service account under root.

PostgreSQL refuses to run as root. There, and only there, the server runs as the account `clinicdesk`, made once; what
it has to read must then lie where that account can go.
"""

import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clinicdesk.errors import ServerNotStarting
from clinicdesk.storage.binaries import Binaries, clean_environment

ACCOUNT_NAME = "clinicdesk"
ROOT_FOLDER = Path("/var/lib/clinicdesk")  # root's clinics, and whatever cannot stay under a closed home


@dataclass(frozen=True)
class ServerAccount:
    """Who the server runs as. `uid` and `gid` are None when that is simply the account of this process."""

    uid: int | None = None
    gid: int | None = None

    def popen_options(self) -> dict[str, Any]:
        """What `subprocess` needs to start a program as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give `path` to the account."""
        if self.uid is not None and self.gid is not None:
            # A link put there by the account must not make root give away what it points to.
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def make_folder(self, path: Path) -> None:
        """Make `path` a folder only this account (and root) can enter; one that is there stays."""
        path.mkdir(mode=0o700, exist_ok=True)
        self.own(path)

    def can_reach(self, file: Path) -> bool:
        """Whether the account can walk to `file` and read it, by the permission bits."""
        return self.can_enter(file.resolve().parent) and self._allowed(file.resolve(), stat.S_IROTH)

    def can_enter(self, folder: Path) -> bool:
        """Whether the account can walk to `folder` and what is in it, by the permission bits."""
        resolved = folder.resolve()
        return all(self._allowed(each, stat.S_IXOTH) for each in (resolved, *resolved.parents))

    def _allowed(self, path: Path, bits_of_others: int) -> bool:
        if self.uid is None:
            return True
        try:
            status = path.stat()
        except OSError:
            return False
        if status.st_uid == self.uid:
            return status.st_mode & (bits_of_others << 6) == bits_of_others << 6
        if status.st_gid == self.gid:
            return status.st_mode & (bits_of_others << 3) == bits_of_others << 3
        return status.st_mode & bits_of_others == bits_of_others


def runs_as_root() -> bool:
    """Whether this process is root, so that the server needs another account."""
    return os.name == "posix" and os.geteuid() == 0


def server_account() -> ServerAccount:
    """The account for the server; under root it is made if missing. Raises ServerNotStarting(reason="no_account")."""
    if not runs_as_root():
        return ServerAccount()
    import pwd

    try:
        entry = pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        _add_account()
        try:
            entry = pwd.getpwnam(ACCOUNT_NAME)
        except KeyError:
            raise ServerNotStarting(log="", reason="no_account") from None
    return ServerAccount(entry.pw_uid, entry.pw_gid)


def readable_binaries(binaries: Binaries, account: ServerAccount) -> Binaries:
    """The same programs, copied once to a readable place when the account cannot reach where they are."""
    if account.can_reach(binaries.program("postgres")):
        return binaries
    prefix = binaries.folder.parent
    place = ROOT_FOLDER / "programs" / f"postgresql-{binaries.version}"
    copied = Binaries(place / prefix.parent.name / prefix.name / binaries.folder.name, binaries.version)
    if not copied.folder.is_dir():
        _copy_programs(prefix, place)
    return copied


def _copy_programs(prefix: Path, place: Path) -> None:
    place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    aside = place.with_name(f"{place.name}.new-{os.getpid()}")
    shutil.copytree(prefix, aside / prefix.parent.name / prefix.name)
    # The wheel's programs look for their libraries in a folder beside the package, so it has to come along.
    libraries = prefix.parent.parent / f"{prefix.parent.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, aside / libraries.name)
    for path in (aside, *aside.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        aside.rename(place)
    except OSError:  # another process was quicker
        shutil.rmtree(aside)


def _add_account() -> None:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        # Two first starts may race here; the loser fails and then finds the winner's account.
        subprocess.run(
            [*command, "--shell", "/usr/sbin/nologin", ACCOUNT_NAME],
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ServerNotStarting(log="", reason="no_account") from error
