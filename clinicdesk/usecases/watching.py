"""How sync stands, for those who watch over it."""

from clinicdesk.domain.watching import Standing
from clinicdesk.storage import watching as rows
from clinicdesk.usecases.clinic import Clinic


def standing(sync: Clinic) -> Standing:
    """Processes, jobs, messages and deliveries as they stand now in every clinic. Raises ClinicUnreachable."""
    with sync.transaction() as tx:
        return rows.standing(tx)
