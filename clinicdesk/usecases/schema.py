"""Which schema revision a data folder has, and bringing it to the one this program needs."""

from dataclasses import dataclass
from typing import Literal

from clinicdesk.errors import NoClinicHere, SchemaNewer, SchemaOlder
from clinicdesk.storage import migrate
from clinicdesk.storage.health import revision_of
from clinicdesk.usecases.local import Local


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """The revision found, the one expected, and how the two stand."""

    found: str
    expected: str
    state: Literal["current", "older", "newer"]


def status(local: Local) -> SchemaStatus:
    """How the database's schema stands to this program. Raises NoClinicHere."""
    if not local.has_clinic():
        raise NoClinicHere(folder=str(local.data_dir))
    found, expected = revision_of(local.admin, local.database), migrate.expected_revision()
    try:
        migrate.check_revision(found)
    except SchemaOlder:
        return SchemaStatus(found, expected, "older")
    except SchemaNewer:
        return SchemaStatus(found, expected, "newer")
    return SchemaStatus(found, expected, "current")


def upgrade(local: Local) -> SchemaStatus:
    """Bring the schema to this program's revision, all steps or none. Raises NoClinicHere or SchemaNewer."""
    before = status(local)
    if before.state == "newer":
        raise SchemaNewer(found=before.found, expected=before.expected)
    if before.state == "older":
        migrate.upgrade({**local.admin, "dbname": local.database})
    return status(local)
