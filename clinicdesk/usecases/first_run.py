"""The first run of a desk: what this computer has to offer, what was typed so far, and the making of the clinic."""

import contextlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from clinicdesk import settings
from clinicdesk.domain import first_run as domain
from clinicdesk.domain.first_run import Answers, FirstClinic
from clinicdesk.domain.staff import AddPerson
from clinicdesk.errors import (
    ClinicAlreadyHere,
    ClinicError,
    DataFolderUnusable,
    EnrolmentRefused,
    SignInRefused,
)
from clinicdesk.storage.binaries import find_binaries
from clinicdesk.usecases import setup
from clinicdesk.usecases.door import Door
from clinicdesk.usecases.local import Local, open_folder
from clinicdesk.usecases.place import Place
from clinicdesk.usecases.staff import SignedIn, sign_in
from clinicdesk.usecases.tries import Tries

LEAST_ROOM = 1024**3  # bytes: the server keeps its log of changes beside the data
_FILE = "first-run.json"


@dataclass(frozen=True)
class Ground:
    """What stands for a clinic on this computer: the room on its disk in bytes, and the database that comes along."""

    folder: Path
    room: int
    version: str


def look_here(data_dir: Path, binaries: Path | None = None) -> Ground:
    """Whether this computer can hold a clinic. Raises DataFolderUnusable or BinariesMissing."""
    found = find_binaries(binaries)
    try:
        settings.make_data_dir(data_dir)
        probe = data_dir / f"probe-{os.getpid()}"
        probe.write_bytes(b"probe")
        probe.unlink()
    except (FileExistsError, NotADirectoryError):
        raise DataFolderUnusable(str(data_dir), "not_a_folder") from None
    except OSError:
        raise DataFolderUnusable(str(data_dir), "read_only") from None
    room = shutil.disk_usage(data_dir).free
    if room < LEAST_ROOM:
        raise DataFolderUnusable(str(data_dir), "full")
    return Ground(data_dir, room, found.version)


def has_clinic(local: Local) -> bool:
    """Whether a clinic of its own was made in a folder; the demo is none."""
    return setup.has_clinic(local.admin, setup.DATABASE)


def open_ready(data_dir: Path, binaries: Path | None = None) -> Local:
    """Start the server of this computer and make the empty database, ahead of the clinic that is to be in it."""
    local = open_folder(data_dir, binaries)
    try:
        setup.prepare(local.admin, setup.DATABASE)
    except BaseException:
        local.close()
        raise
    return local


def make_here(local: Local, wanted: FirstClinic, recovery_key: str, desk: str) -> tuple[Place, SignedIn]:
    """Make the clinic on this computer and sign its owner in. Raises as `setup.make_clinic` and `Door.enter` do."""
    name, owner = wanted.clinic.name, wanted.owner
    # Where the folder was opened as the demo's while it held no clinic, it is the clinic's own from now on.
    mine = replace(local, database=setup.DATABASE)
    opened = Place(local.data_dir, mine.address, local=mine)
    try:
        setup.make_clinic(local.admin, setup.DATABASE, name, [wanted.clinic], owner, wanted.beginning, recovery_key)
    except ClinicAlreadyHere as error:
        return opened, _as_its_owner(opened, owner, desk, error)
    return opened, _enter(opened, owner, desk)


def make_there(
    opened: Place, founder: Mapping[str, str], wanted: FirstClinic, recovery_key: str, desk: str
) -> tuple[Place, SignedIn]:
    """Make the first clinic of a server that this desk joined as `founder`, and sign its owner in.

    A making whose last reply was lost is not repeated: the owner who is there signs in. Raises as `setup.found` and
    `Door.enter` do.
    """
    name, owner = wanted.clinic.name, wanted.owner
    try:
        setup.found(founder, name, [wanted.clinic], owner, wanted.beginning, recovery_key)
    except ClinicAlreadyHere as error:
        return opened, _as_its_owner(opened, owner, desk, error)
    except SignInRefused:  # the code's login goes with the first person
        return opened, _as_its_owner(opened, owner, desk, EnrolmentRefused("used"))
    return opened, _enter(opened, owner, desk)


def _enter(opened: Place, owner: AddPerson, desk: str) -> SignedIn:
    """By the door of every other day, so that this person has from the first one on what is theirs at this desk."""
    door = Door(opened.data_dir, lambda: opened.address, desk, Tries(opened.data_dir))
    return door.enter(owner.login, owner.password)


def _as_its_owner(opened: Place, owner: AddPerson, desk: str, otherwise: ClinicError) -> SignedIn:
    """Sign in to a clinic that this run made before its reply was lost; somebody else's is told as it is."""
    try:
        return sign_in(opened.address, owner.login, owner.password, desk)
    except SignInRefused:
        raise otherwise from None


# --- what was typed so far -------------------------------------------------------------------------------------------


def keep_answers(data_dir: Path, answers: Answers) -> None:
    """Keep what was typed, for this account alone; a folder that cannot be written keeps nothing."""
    with contextlib.suppress(OSError):
        settings.make_data_dir(data_dir)
        aside = data_dir / f"{_FILE}.{os.getpid()}.new"
        aside.touch(mode=0o600)
        aside.write_text(json.dumps(domain.as_json(answers), ensure_ascii=False), encoding="utf-8")
        aside.replace(data_dir / _FILE)


def kept_answers(data_dir: Path) -> Answers:
    """What was typed before; the defaults when nothing was, or when it cannot be read."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, ClinicError):
        return domain.of_json(json.loads((data_dir / _FILE).read_text(encoding="utf-8")))
    return Answers()


def forget_answers(data_dir: Path) -> None:
    """The clinic stands: what was typed for it is needed no more."""
    with contextlib.suppress(OSError):
        (data_dir / _FILE).unlink(missing_ok=True)
