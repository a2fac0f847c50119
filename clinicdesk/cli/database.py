"""`clinicdesk db`: which schema revision the database has, and bringing it to this release."""

from argparse import Namespace

from clinicdesk.cli.access import opened
from clinicdesk.usecases import schema
from clinicdesk.usecases.schema import SchemaStatus
from clinicdesk.words import _


def show_status(given: Namespace) -> int:
    """Print how the schema stands; 0 only when it is this program's."""
    with opened(given) as local:
        found = schema.status(local)
    _print(found)
    return 0 if found.state == "current" else 1


def upgrade(given: Namespace) -> int:
    """Bring the schema to this program's revision and print how it stands."""
    with opened(given) as local:
        _print(schema.upgrade(local))
    return 0


def _print(found: SchemaStatus) -> None:
    said = {
        "current": _("The database is of this release."),
        "older": _("The database is of an older release. Upgrade it with: clinicdesk db upgrade"),
        "newer": _("The database is of a newer release. Update ClinicDesk on this computer."),
    }[found.state]
    print(said)
    print(_("Revision found: {revision}").format(revision=found.found or "-"))
    print(_("Revision expected: {revision}").format(revision=found.expected))
