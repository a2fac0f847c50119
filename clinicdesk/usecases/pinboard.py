"""What a person can do with the pinboard: put a card aside, see what lies there, take it off.

A visit on it keeps its time until it is placed anew; then, or when it will not take place, it leaves every pinboard by
itself. The pinboard is a person's own and lies in the database, so it is there at whichever desk they sit.
"""

from uuid import UUID

from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.errors import NotFound, StatusRefused
from clinicdesk.storage import agenda as rows
from clinicdesk.storage import pinboard
from clinicdesk.usecases.clinic import Clinic

_TO_PLACE = (Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN, Status.IN_PROGRESS)


def cards(clinic: Clinic) -> list[Appointment]:
    """The visits on one's pinboard, in the order they were put there."""
    with clinic.transaction() as tx:
        return pinboard.cards(tx, clinic.id)


def pin(clinic: Clinic, appointment_id: UUID) -> list[Appointment]:
    """Put a visit on one's pinboard; the pinboard as it is then.

    Raises NotFound, or StatusRefused for a visit that nobody places any more.
    """
    with clinic.transaction() as tx:
        found = rows.appointment(tx, appointment_id)
        if found is None:
            raise NotFound("appointment", str(appointment_id))
        if found.status not in _TO_PLACE:
            raise StatusRefused(found.status, found.status)
        pinboard.pin(tx, clinic.id, clinic.person.id, appointment_id)
        return pinboard.cards(tx, clinic.id)


def unpin(clinic: Clinic, appointment_id: UUID) -> list[Appointment]:
    """Take a visit off one's pinboard, where it need not be; the pinboard as it is then."""
    with clinic.transaction() as tx:
        pinboard.unpin(tx, appointment_id)
        return pinboard.cards(tx, clinic.id)
