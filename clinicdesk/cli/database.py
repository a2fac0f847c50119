"""`clinicdesk db`: which schema revision the database has, and bringing it to this release."""

from argparse import Namespace

from clinicdesk.cli.access import opened
from clinicdesk.desk.wording_places import upgrade_step
from clinicdesk.usecases import schema
from clinicdesk.usecases.schema import SchemaStatus, UpgradeStep
from clinicdesk.words import _


def show_status(given: Namespace) -> int:
    """Print how the schema stands; 0 when this program works on it."""
    with opened(given) as local:
        found = schema.status(local)
    _print(found)
    return 0 if found.state in ("current", "serves") else 1


def upgrade(given: Namespace) -> int:
    """Bring the schema to this program's revision and print how it stands."""
    with opened(given) as local:
        _print(schema.upgrade(local, _tell))
    return 0


def _tell(step: UpgradeStep) -> None:
    print(upgrade_step(step), flush=True)


def _print(found: SchemaStatus) -> None:
    said = {
        "current": _("The database is of this release."),
        "serves": _("The database is of a newer release, and this one works on it."),
        "older": _("The database is of an older release. Upgrade it with: clinicdesk db upgrade"),
        "newer": _("The database is of a newer release. Update ClinicDesk on this computer."),
    }[found.state]
    print(said)
    print(_("Revision found: {revision}").format(revision=found.found or "-"))
    print(_("Revision expected: {revision}").format(revision=found.expected))
