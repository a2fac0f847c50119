"""Who changed what: the history of one thing of the settings, for owners and managers."""

from typing import Any
from uuid import UUID

from clinicdesk.domain.audit import Alteration, alterations
from clinicdesk.domain.clinics import SchedulingPolicy
from clinicdesk.domain.message_settings import MessagingForm
from clinicdesk.storage import audit as rows
from clinicdesk.storage import preferences as places
from clinicdesk.usecases.clinic import Clinic

HOURS = {"working_hours": ("days", ""), "hours_exception": ("exceptions", "")}


def history(clinic: Clinic, kind: type[Any], row_id: UUID) -> list[Alteration]:
    """What was saved of a form, newest first. Raises NotAllowed for whoever may not read the audit."""
    links = places.links(kind)
    with clinic.transaction() as tx:
        if kind in (SchedulingPolicy, MessagingForm):
            found = rows.of_list(tx, [places.table_name(kind)], "clinic_id", row_id)
        else:
            found = rows.of_row(tx, row_id)
        own = {own for own, _other in links.values()}
        for column in own:
            found += rows.of_list(tx, [name for name, one in links.items() if one[0] == column], column, row_id)
    lists = {table: (places.link_names(kind)[table], other) for table, (_own, other) in links.items()}
    return alterations(found, places.table_name(kind), lists)


def person_history(clinic: Clinic, person_id: UUID) -> list[Alteration]:
    """What was decided about somebody, newest first. Raises NotAllowed for whoever may not read the audit."""
    with clinic.transaction() as tx:
        found = [*rows.of_row(tx, person_id), *rows.of_list(tx, ["person_clinic"], "person_id", person_id)]
    return alterations(found, "person", {"person_clinic": ("clinic_ids", "clinic_id")})


def profile_history(clinic: Clinic, profile_id: UUID) -> list[Alteration]:
    """What was saved of a profile, newest first. Raises NotAllowed for whoever may not read the audit."""
    with clinic.transaction() as tx:
        return alterations(rows.of_row(tx, profile_id), "profile", {})


def hours_history(clinic: Clinic, professional_id: UUID | None) -> list[Alteration]:
    """What was saved of the hours of a professional, or of the clinic, newest first. Raises NotAllowed."""
    with clinic.transaction() as tx:
        return alterations(rows.of_hours(tx, clinic.id, professional_id), "", HOURS)
