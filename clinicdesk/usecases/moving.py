"""From this computer to a clinic server: all of it in one go; what is here is closed, kept and no longer written to.

Before the server's last word the clinic here is closed and a mark says where it went, so that there are never two
clinics that people write to. Whoever loses that last word finds out by signing in there, or takes the mark back.
"""

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clinicdesk import settings as desk_settings
from clinicdesk.domain.desks import ServerAddress
from clinicdesk.errors import MoveRefused, MoveUndecided, NoClinicHere
from clinicdesk.settings import Settings
from clinicdesk.storage import closing_down, moving
from clinicdesk.storage.moving import Moved, MoveProgress
from clinicdesk.usecases.desks import Enrolled
from clinicdesk.usecases.local import MOVED_FILE, Local, moved_to
from clinicdesk.usecases.place import joined

__all__ = ["MoveProgress", "Moved", "Readiness", "move", "ready", "take_back"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What would be moved: people, patients and visits, the size on disk, and how many desks are at work right now."""

    people: int
    patients: int
    visits: int
    bytes_here: int
    at_work: int


def ready(local: Local) -> Readiness:
    """What there is to move. Raises NoClinicHere, MoveRefused or ClinicMoved."""
    _require_movable(local)
    found = closing_down.count(local.admin, local.database)
    return Readiness(found.people, found.patients, found.visits, found.bytes_used, found.at_work)


def move(
    local: Local,
    enrolled: Enrolled,
    settings: Settings,
    told: Callable[[MoveProgress], None] = lambda _progress: None,
    cancelled: threading.Event | None = None,
) -> tuple[Moved, Settings]:
    """Move everything to the server this desk was let into by a founder's code, and work there from now on.

    The settings that come back are saved already. Raises what `storage.moving.move` does, ClinicMoved or NoClinicHere;
    until the last step nothing has changed, here or there.
    """
    _require_movable(local)
    if enrolled.founder is None:
        raise MoveRefused("no_founder")
    there = joined(settings, enrolled.address)

    def close_here() -> None:
        _mark(local.data_dir, enrolled.address, sure=False)
        closing_down.close(local.admin, local.database)
        desk_settings.save(local.data_dir, there)

    source = {**local.admin, "dbname": local.database}
    try:
        done = moving.move(source, enrolled.founder, told, cancelled, close_here)
    except MoveUndecided:
        raise
    except BaseException:
        take_back(local, settings)
        raise
    _mark(local.data_dir, enrolled.address, sure=True)
    return done, there


def take_back(local: Local, settings: Settings) -> Settings:
    """Let the clinic of this computer be worked in again, because it did not arrive; the settings are saved already.

    Raises ClinicMoved when it is known to have arrived.
    """
    mark = moved_to(local.data_dir)
    if mark is not None and mark.sure:
        raise mark
    closing_down.open_again(local.admin, local.database)
    here = joined(settings, None)
    desk_settings.save(local.data_dir, here)
    (local.data_dir / MOVED_FILE).unlink(missing_ok=True)
    return here


def _require_movable(local: Local) -> None:
    if local.is_demo:
        raise MoveRefused("demo")
    if not local.has_clinic():
        raise NoClinicHere(folder=str(local.data_dir))
    mark = moved_to(local.data_dir)
    if mark is not None:
        raise mark


def _mark(data_dir: Path, address: ServerAddress, *, sure: bool) -> None:
    aside = data_dir / f"{MOVED_FILE}.new"
    with aside.open("w", encoding="utf-8") as file:
        json.dump({"host": str(address), "sure": sure}, file)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(data_dir / MOVED_FILE)
