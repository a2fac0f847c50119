"""What a clinic prints: the agenda of a day, and the kit to go on with by hand."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from clinicdesk.documents.day_agenda import DayAgenda, day_agenda_pdf
from clinicdesk.documents.invitation_slip import InvitationSlip, invitation_slip_pdf
from clinicdesk.documents.paper_kit import PaperKit, paper_kit_pdf
from clinicdesk.domain.snapshot import DAYS
from clinicdesk.errors import NotFound
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.staff import Invitation


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


def paper_kit(clinic: Clinic, today: dt.date, as_of: dt.datetime) -> bytes:
    """The PDF to go on with by hand: today and tomorrow with room to write, as they stood at `as_of`, and blank slips.

    Without the server it is made of what was kept at this desk. Raises ServerAway when nothing was.
    """
    things = agenda.catalogue(clinic)
    kept = clinic.kept
    first, last = (kept.first_day, kept.last_day) if kept else (today, today + dt.timedelta(days=DAYS - 1))
    page = agenda.days(clinic, first, last, [one.id for one in things.professionals])
    days = (first + dt.timedelta(days=number) for number in range((last - first).days + 1))
    return paper_kit_pdf(
        PaperKit(
            clinic=things.clinic,
            days=tuple(day for day in days if day >= min(today, last)),
            professionals=things.professionals,
            appointments=page.appointments,
            calendar=page.calendar,
            as_of=as_of,
            printed_by=clinic.person.name,
        )
    )


def invitation_slip(clinic: Clinic, invitation: Invitation, until: str) -> bytes:
    """The PDF that is handed to somebody who is to sign in for the first time; `until` is worded already."""
    facts = agenda.catalogue(clinic).clinic
    person = invitation.person
    return invitation_slip_pdf(InvitationSlip(facts.name, person.name, person.login, invitation.code, until))
