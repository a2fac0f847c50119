"""What a person keeps at one desk, in files that open with their password alone: drafts, and the agenda of the day.

The key is random, one for each person and desk, and lies wrapped under the password beside the files. Whoever forgets
the password loses them: there is no second way in, and the next sign-in begins with a new key.
"""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from clinicdesk import keychain
from clinicdesk.errors import KeyUnavailable
from clinicdesk.keychain import WrappedUnder

_FOLDER, _KEY, _ENDING = "people", "key", ".sealed"
_LOGIN = re.compile(r"[a-z][a-z0-9_.]{1,30}")
_KIND = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True)
class OwnFiles:
    """One person's files at this desk, opened. `lost` says that older ones could not be: the password was reset."""

    folder: Path
    login: str
    key: bytes = field(repr=False)
    lost: bool = False

    def keep(self, kind: str, content: bytes) -> None:
        """Keep `content` in place of what was kept under this kind, all of it or nothing. Raises OSError."""
        _write_whole(self._path(kind), keychain.seal_file(self.key, self.login, kind, content))

    def read(self, kind: str) -> bytes | None:
        """What is kept under a kind; None for nothing, and for what is damaged."""
        with contextlib.suppress(OSError, KeyUnavailable):
            return keychain.open_file(self.key, self.login, kind, self._path(kind).read_bytes())
        return None

    def forget(self, kind: str) -> None:
        """Keep nothing under a kind any more."""
        with contextlib.suppress(OSError):
            self._path(kind).unlink(missing_ok=True)

    def kinds(self, beginning: str = "") -> list[str]:
        """Every kind that something is kept under, the latest written first."""
        return [path.name.removesuffix(_ENDING) for path in _newest(self.folder) if path.name.startswith(beginning)]

    def proof(self) -> bytes:
        """The wrapped key: whoever opens it knows the password."""
        return (self.folder / _KEY).read_bytes()

    def _path(self, kind: str) -> Path:
        if not _KIND.fullmatch(kind):
            raise ValueError(kind)
        return self.folder / f"{kind}{_ENDING}"


def open_own_key(data_dir: Path, login: str, password: str) -> OwnFiles | None:
    """A person's files at this desk, None when they have none here yet. Raises KeyUnavailable for a wrong password."""
    folder = _folder_of(data_dir, login)
    if folder is None:
        return None
    try:
        wrapped = (folder / _KEY).read_bytes()
    except OSError:
        return None
    return OwnFiles(folder, login, keychain.unwrap_key(wrapped, WrappedUnder.PASSWORD, password))


def own_files(data_dir: Path, login: str, password: str) -> OwnFiles:
    """The same for somebody whose password the database has accepted: what it does not open is lost, and begun anew.

    Raises OSError when this desk's disk takes nothing.
    """
    lost = False
    try:
        found = open_own_key(data_dir, login, password)
    except KeyUnavailable:
        found, lost = None, True
        forget_own_files(data_dir, login)
    return found or _begun(data_dir, login, password, lost)


def rewrap_own_key(data_dir: Path, login: str, password: str, new_password: str) -> None:
    """Let the new password open what the old one opened. Raises KeyUnavailable for a wrong old one, and OSError."""
    found = open_own_key(data_dir, login, password)
    if found is not None:
        _write_whole(found.folder / _KEY, keychain.wrap_key(found.key, WrappedUnder.PASSWORD, new_password))


def forget_own_files(data_dir: Path, login: str) -> None:
    """Remove all that a person keeps at this desk, the key first: what is left of a crash opens no more."""
    folder = _folder_of(data_dir, login)
    if folder is not None:
        (folder / _KEY).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def folders(data_dir: Path) -> Iterator[Path]:
    """The folder of everybody who keeps something at this desk."""
    with contextlib.suppress(OSError):
        yield from sorted(path for path in (data_dir / _FOLDER).iterdir() if (path / _KEY).is_file())


def sealed_path(folder: Path, kind: str) -> Path:
    """Where a kind lies, for whoever has no key and may only remove it."""
    return folder / f"{kind}{_ENDING}"


def _begun(data_dir: Path, login: str, password: str, lost: bool) -> OwnFiles:
    folder = _folder_of(data_dir, login)
    if folder is None:
        raise ValueError(login)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    key = keychain.new_data_key()
    _write_whole(folder / _KEY, keychain.wrap_key(key, WrappedUnder.PASSWORD, password))
    return OwnFiles(folder, login, key, lost)


def _folder_of(data_dir: Path, login: str) -> Path | None:
    """None for what no login can be: it is typed by anybody, and names a folder here."""
    return data_dir / _FOLDER / login if _LOGIN.fullmatch(login) else None


def _newest(folder: Path) -> list[Path]:
    dated: list[tuple[float, Path]] = []
    for path in folder.glob(f"*{_ENDING}"):
        with contextlib.suppress(OSError):
            dated.append((path.stat().st_mtime, path))
    return [path for _when, path in sorted(dated, reverse=True)]


def _write_whole(path: Path, content: bytes) -> None:
    """Write aside, to the disk, then rename: whoever reads finds the old file or the new one."""
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        Path(aside).replace(path)
    finally:
        Path(aside).unlink(missing_ok=True)
