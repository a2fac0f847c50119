"""A whole copy of a database in one file, made by pg_dump and read back before it counts; only the newest are kept."""

import datetime as dt
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from clinicdesk.errors import CopyNotMade
from clinicdesk.storage.binaries import Binaries, clean_environment

KEPT = 3  # the copies of one database
_LONGEST = 3600  # seconds


def dump(programs: Binaries, conninfo: Mapping[str, str], folder: Path, name: str) -> Path:
    """Write `<folder>/<conninfo's database>-<name>-<moment>.dump`, for this account alone; its path.

    What pg_restore could not read is no copy. Raises CopyNotMade with the file that says why.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob("*.dump.new"):
        left.unlink(missing_ok=True)
    moment = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    target = folder / f"{conninfo['dbname']}-{name}-{moment}.dump"
    aside = target.with_suffix(".dump.new")
    os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    where = ["--host", conninfo["host"], "--port", conninfo["port"], "--username", conninfo["user"]]
    secret = {"PGPASSWORD": conninfo.get("password", "")}
    # Compressed lightly: somebody is waiting.
    options = ["--format=custom", "--compress=1", "--no-password", "--lock-wait-timeout=60000"]
    _run(programs, folder, "pg_dump", [*options, *where, "--file", str(aside), conninfo["dbname"]], secret)
    _run(programs, folder, "pg_restore", ["--list", "--file", os.devnull, str(aside)], {})
    aside.rename(target)
    _sync(folder)
    for old in sorted(folder.glob(f"{conninfo['dbname']}-*.dump"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)
    return target


def _run(programs: Binaries, folder: Path, program: str, arguments: list[str], secret: Mapping[str, str]) -> None:
    log = folder / f"{program}.log"
    with log.open("wb") as output:
        try:
            done = subprocess.run(
                [programs.program(program), *arguments],
                env={**clean_environment(), **secret},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=_LONGEST,
                check=False,
            ).returncode
        except (OSError, subprocess.TimeoutExpired):
            raise CopyNotMade(log=str(log)) from None
    if done != 0:
        raise CopyNotMade(log=str(log))


def _sync(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
