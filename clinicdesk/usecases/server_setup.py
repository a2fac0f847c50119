"""Making a clinic's server and bringing it to another release, as the account PostgreSQL itself runs under."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from clinicdesk.errors import SchemaOlder
from clinicdesk.storage import migrate, server_unit
from clinicdesk.usecases.server_place import ServerPlace

KEPT_DUMPS = 5


@dataclass(frozen=True)
class Upgraded:
    """From which revision to which, and the copy made before; none where nothing had to be done."""

    before: str
    after: str
    copy: Path | None


def prepare(place: ServerPlace) -> list[str]:
    """Make what is missing of roles, database, tables and the unit's login; names of what was made.

    Raises ClinicUnreachable.
    """
    return server_unit.prepare_server(place.admin, place.database)


def upgrade(place: ServerPlace, now: dt.datetime) -> Upgraded:
    """Copy the database, then bring it to this release. Raises SchemaNewer, ClinicUnreachable or OSError."""
    before = server_unit.revision_of(place.admin, place.database)
    if before == migrate.expected_revision():
        return Upgraded(before, before, None)
    with suppress(SchemaOlder):
        migrate.check_revision(before)
    copy = place.backups / f"{place.database}-{before}-{now:%Y%m%d-%H%M%S}.dump"
    server_unit.dump(place.admin, place.database, copy)
    migrate.upgrade({**place.admin, "dbname": place.database})
    for old in sorted(place.backups.glob(f"{place.database}-*.dump"))[:-KEPT_DUMPS]:
        old.unlink(missing_ok=True)
    return Upgraded(before, server_unit.revision_of(place.admin, place.database), copy)
