"""What a clinic prints: the agenda of a day."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from clinicdesk.documents.day_agenda import DayAgenda, day_agenda_pdf
from clinicdesk.errors import NotFound
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic


def day_agenda(
    clinic: Clinic, day: dt.date, professional_ids: Sequence[UUID] | None = None, *, with_phones: bool = True
) -> bytes:
    """The PDF of a day, for some professionals or (None) for everybody of the clinic.

    Raises NotFound for a professional who does not work here.
    """
    things = agenda.catalogue(clinic)
    known = {one.id: one for one in things.professionals}
    wanted = tuple(known) if professional_ids is None else tuple(professional_ids)
    for one in wanted:
        if one not in known:
            raise NotFound("professional", str(one))
    page = agenda.days(clinic, day, day, wanted)
    return day_agenda_pdf(
        DayAgenda(
            clinic=things.clinic,
            day=day,
            professionals=tuple(known[one] for one in wanted),
            appointments=page.appointments,
            printed_at=page.now,
            printed_by=clinic.person.name,
            with_phones=with_phones,
        )
    )
