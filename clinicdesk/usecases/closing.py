"""What a person can do about visits that are over: see those nobody closed, and close one or many at once."""

import datetime as dt
from collections.abc import Sequence

from clinicdesk.domain.agenda import Appointment, ChangeStatus
from clinicdesk.domain.closing import GRACE, LOOKED_BACK
from clinicdesk.domain.staff import Role
from clinicdesk.storage import agenda as rows
from clinicdesk.storage.engine import server_now
from clinicdesk.usecases.agenda import change_status_within
from clinicdesk.usecases.clinic import Clinic

MOST = 500


def unclosed(clinic: Clinic, now: dt.datetime | None = None) -> list[Appointment]:
    """Visits that should have been closed by `now`, else by the server's clock; a professional's own alone."""
    own = clinic.person.professional_id if clinic.person.role is Role.PROFESSIONAL else None
    with clinic.transaction() as tx:
        moment = now or server_now(tx)
        return rows.open_that_ended(tx, clinic.id, moment - LOOKED_BACK, moment - GRACE, own, MOST)


def change_statuses(
    clinic: Clinic, commands: Sequence[ChangeStatus], now: dt.datetime | None = None
) -> list[Appointment]:
    """Take a step with each of several visits, all of them or none. Raises as `change_status` does."""
    ordered = sorted(commands, key=lambda one: one.appointment_id)  # one order for all desks: nobody waits in a ring
    with clinic.transaction() as tx:
        return [change_status_within(tx, one, now) for one in ordered]
