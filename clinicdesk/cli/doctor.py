"""`clinicdesk doctor`: every check with ok, warning or failed, and what to do."""

import json
from argparse import Namespace

from clinicdesk import settings
from clinicdesk.cli.access import DESK, ask_password
from clinicdesk.desk.wording_doctor import as_text
from clinicdesk.settings import Settings
from clinicdesk.usecases import doctor
from clinicdesk.usecases.checks import Check
from clinicdesk.usecases.place import open_place
from clinicdesk.usecases.staff import sign_in


def examine(given: Namespace) -> int:
    """Print the checks; 1 when one of them failed."""
    checks = _checks(given, settings.load(given.data_dir))
    if given.json:
        print(json.dumps(doctor.as_json(checks), ensure_ascii=False, indent=2))
    else:
        print(as_text(checks))
    return int(doctor.worst(checks) is doctor.State.FAILED)


def _checks(given: Namespace, kept: Settings) -> list[Check]:
    """With --user somebody signs in, so that a clinic's server can be asked about itself."""
    if not given.user:
        return doctor.examine(given.data_dir, kept)
    with open_place(given.data_dir, kept) as place:
        signed_in = sign_in(place.address, given.user, ask_password(given, given.user, given.data_dir), DESK)
        try:
            return doctor.examine(given.data_dir, kept, signed_in.clinic)
        finally:
            signed_in.clinic.close()
