"""The nearest time that would do when nothing was found as it was asked for."""

import datetime as dt
from uuid import UUID

from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.finder import Nearby, relaxed
from clinicdesk.domain.slots import SlotRequest
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic


def nearest(
    clinic: Clinic,
    catalogue: Catalogue,
    request: SlotRequest,
    now: dt.datetime | None = None,
    own_hold: UUID | None = None,
) -> tuple[Nearby, ...]:
    """The first time that is free when the hours, the person or the day is given up, one at a time."""
    able = request.service.professional_ids
    everybody = [one.id for one in catalogue.professionals if not able or one.id in able]
    found = []
    for relaxation, wish in relaxed(request, everybody):
        slots = agenda.search_slots(clinic, wish, now, own_hold).slots
        if slots:
            found.append(Nearby(relaxation, slots[0]))
    return tuple(found)
