"""Hand visits to come from one to another, one by one: each is moved whole or refused with its reason."""

from uuid import UUID

from clinicdesk.domain import handover as rules
from clinicdesk.domain.agenda import Appointment, Slot
from clinicdesk.domain.handover import Heir
from clinicdesk.storage import agenda as agenda_rows
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import engagements
from clinicdesk.storage import hours as hour_rows
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic, new_id


def heirs(clinic: Clinic, kind: str, resource_id: UUID) -> list[Heir]:
    """The visits to come that hold a professional, room or machine, each with who is free to take it."""
    with clinic.transaction() as tx:
        visits = engagements.visits(tx, clinic.id, engagements.RESOURCES[kind], resource_id)
        if not visits:
            return []
        things = clinic_rows.catalogue(tx, clinic.id)
        every = {
            "professional": [one.id for one in things.professionals],
            "room": [one.id for one in things.rooms],
            "equipment": [one.id for one in things.equipment],
        }[kind]
        candidates = [one for one in every if one != resource_id]
        widest = max(max(one.buffer_before, one.buffer_after) for one in visits)
        whole = Slot(visits[0].starts_at, max(one.ends_at for one in visits)).widened(widest, widest)
        people = candidates if kind == "professional" else []
        days = whole.starts_at.date(), whole.ends_at.date()
        found = hour_rows.rules(tx, clinic.id, *days, people, [] if people else candidates)
        busy = agenda.with_blocks(agenda_rows.busy(tx, candidates, whole), found.calendar, people)
    services = {one.id: one for one in things.services}
    return rules.heirs(kind, visits, candidates, services, found.calendar, busy)


def hand_over(clinic: Clinic, kind: str, visit: Appointment, to: UUID) -> Appointment:
    """Give one visit to another. Raises as `agenda.move` does, and leaves it where it was."""
    return agenda.move(clinic, rules.handed_to(kind, visit, to, new_id()))


def hand_back(clinic: Clinic, before: Appointment, after: Appointment) -> Appointment:
    """Give one visit back. Raises as `agenda.move` does."""
    return agenda.move(clinic, rules.handed_back(before, after, new_id()))
