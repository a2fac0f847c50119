"""Which schema revision a data folder has, and bringing it to the one this program needs."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from clinicdesk.errors import ClinicError, NoClinicHere, NoRoomForUpdate, SchemaBeingUpdated, SchemaNewer, SchemaOlder
from clinicdesk.storage import dumps, health, migrate
from clinicdesk.storage.binaries import find_binaries
from clinicdesk.storage.engine import check_schema_in
from clinicdesk.storage.migrate import UpgradeStep
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.local import Local

__all__ = ["DUMPS_FOLDER", "SPARE", "SchemaStatus", "UpgradeStep", "bring_up", "check_here", "status", "upgrade"]

DUMPS_FOLDER = "dumps"
SPARE = 300 * 1024**2  # what changing the schema may need beside the copy


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """The revision found, the one expected, and how the two stand; `serves` is a newer one this program works on."""

    found: str
    expected: str
    state: Literal["current", "older", "serves", "newer"]


def status(local: Local) -> SchemaStatus:
    """How the database's schema stands to this program. Raises NoClinicHere."""
    if not local.has_clinic():
        raise NoClinicHere(folder=str(local.data_dir))
    found, error = health.schema_of(local.admin, local.database)
    return SchemaStatus(found, migrate.expected_revision(), _state(found, error))


def upgrade(
    local: Local,
    told: Callable[[UpgradeStep], None] = lambda _step: None,
    *,
    spare: int = SPARE,
    revisions: Path | None = None,
) -> SchemaStatus:
    """Bring the schema to this program's revision: a copy of everything first, then revision by revision.

    Whoever comes second waits and finds it done. `spare` bytes have to be free beside the copy. `revisions` is a folder
    of other revisions than this program's own. Raises NoClinicHere, SchemaNewer, SchemaBeingUpdated, NoRoomForUpdate,
    CopyNotMade or ServerBusy; nothing is changed then.
    """
    before = status(local)
    if before.state == "newer":
        raise SchemaNewer(found=before.found, expected=before.expected)
    if before.state == "older" or revisions is not None:
        admin = {**local.admin, "dbname": local.database}
        migrate.bring_up(admin, lambda found: _keep(local, found, spare), told, revisions)
    return status(local)


def bring_up(local: Local, told: Callable[[UpgradeStep], None]) -> None:
    """What a desk does at its start: nothing to a database it works on, and to an older one what `upgrade` does."""
    if status(local).state == "older":
        upgrade(local, told)


def check_here(clinic: Clinic) -> None:
    """Refuse a database that has come to need a newer desk than this one, now and from now on. Raises SchemaNewer."""
    try:
        with clinic.transaction() as tx:
            check_schema_in(tx)
    except SchemaNewer as error:
        clinic.outgrown(error)
        raise


def _state(found: str, error: ClinicError | None) -> Literal["current", "older", "serves", "newer"]:
    if isinstance(error, SchemaOlder | SchemaBeingUpdated):
        return "older"
    if error is not None:
        return "newer"
    return "current" if found == migrate.expected_revision() else "serves"


def _keep(local: Local, found: str, spare: int) -> None:
    """Copy what is there, in the data folder; refuse where the disk cannot hold the copy and the change."""
    if not found:
        return
    folder = local.data_dir / DUMPS_FOLDER
    # The copy is compressed; counting it in full leaves the database the rest.
    needed = health.size_of(local.admin, local.database) + spare
    free = shutil.disk_usage(local.data_dir).free
    if free < needed:
        raise NoRoomForUpdate(str(folder), needed, free)
    programs = find_binaries(local.cluster.binaries_folder)
    dumps.dump(programs, {**local.admin, "dbname": local.database}, folder, found)
