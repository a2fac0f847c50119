"""Making a clinic's server and bringing it to another release, as the account PostgreSQL itself runs under."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clinicdesk.errors import NoRoomForUpdate, NotFound
from clinicdesk.storage import dumps, health, migrate, server_unit
from clinicdesk.storage.binaries import find_binaries
from clinicdesk.storage.migrate import UpgradeStep
from clinicdesk.usecases.server_place import ServerPlace

SPARE = 300 * 1024**2  # what changing the schema may need beside the copy


@dataclass(frozen=True)
class Upgraded:
    """The revision there is now, and the copy made before; none where nothing had to be done."""

    revision: str
    copy: Path | None


def prepare(place: ServerPlace) -> list[str]:
    """Make what is missing of roles, database, tables and the unit's login; names of what was made.

    Raises ClinicUnreachable.
    """
    return server_unit.prepare_server(place.admin, place.database)


def unlock(place: ServerPlace, login: str) -> None:
    """Let somebody in again whom wrong passwords locked, where no owner is left to do it. Raises NotFound."""
    if not server_unit.unlock(place.admin, place.database, login):
        raise NotFound("person", login)


def upgrade(
    place: ServerPlace, told: Callable[[UpgradeStep], None] = lambda _step: None, revisions: Path | None = None
) -> Upgraded:
    """Copy the database, then bring it to this release, or to the newest of a folder of `revisions`.

    Raises SchemaNewer, SchemaBeingUpdated, NoRoomForUpdate, CopyNotMade, ServerBusy or ClinicUnreachable; nothing is
    changed then.
    """
    admin = {**place.admin, "dbname": place.database}
    copies: list[Path] = []

    def keep(found: str) -> None:
        needed = health.size_of(place.admin, place.database) + SPARE
        free = shutil.disk_usage(place.backups).free
        if free < needed:
            raise NoRoomForUpdate(str(place.backups), needed, free)
        copies.append(dumps.dump(find_binaries(place.programs), admin, place.backups, found))

    revision = migrate.bring_up(admin, keep, told, revisions)
    return Upgraded(revision, copies[0] if copies else None)
