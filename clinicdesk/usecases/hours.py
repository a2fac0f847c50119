"""What managers do with hours: of the clinic and of each professional; and the holidays offered for a state."""

from uuid import UUID

from clinicdesk.domain import effects as rules
from clinicdesk.domain.effects import Effect
from clinicdesk.domain.preferences import HoursForm, Kept, ProfessionalForm, SaveForm, clean
from clinicdesk.errors import ChangedElsewhere, NotAllowed
from clinicdesk.storage import engagements, ledger, week
from clinicdesk.storage import hours as hour_rows
from clinicdesk.storage import preferences as forms
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.clinic import Clinic


def kept(clinic: Clinic) -> list[Kept[HoursForm]]:
    """The clinic's own hours, then those of its professionals in the clinic's order."""
    with clinic.transaction() as tx:
        today = hour_rows.today(tx, clinic.id)
        people = [
            one.id
            for one in forms.kept(tx, ProfessionalForm, clinic.id)
            if one.form.active and clinic.id in one.form.clinic_ids
        ]
        return [week.hours(tx, clinic.id, each, today) for each in (None, *people)]


def one(clinic: Clinic, subject: UUID) -> Kept[HoursForm]:
    """The hours of the clinic, under its own id, or of a professional."""
    with clinic.transaction() as tx:
        return _read(tx, clinic, subject)


def save(clinic: Clinic, command: SaveForm[HoursForm]) -> Kept[HoursForm]:
    """Keep hours; visits that lie outside them stay where they are.

    Raises InvalidForm, ChangedElsewhere when they were not what was seen, or NotAllowed.
    """
    form = clean(command.form)
    subject = command.id or clinic.id
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "hours", subject):
            return _read(tx, clinic, subject)
        week.lock(tx, subject)
        before = _read(tx, clinic, subject)
        if before.version != command.seen_version:
            raise ChangedElsewhere(
                "hours", subject, command.seen_version, before.version, before.changed_by, before.changed_at
            )
        week.write(tx, clinic.id, _person(clinic, subject), before.form, form)
        after = _read(tx, clinic, subject)
        if after.form != form:
            # Row security takes a DELETE away without a word.
            raise NotAllowed("settings")
        return after


def effects(clinic: Clinic, before: Kept[HoursForm], after: HoursForm) -> list[Effect]:
    """The visits to come that would lie outside the new hours."""
    person = _person(clinic, before.id)
    with clinic.transaction() as tx:
        column = "professional_id" if person else ""
        visits = engagements.visits(tx, clinic.id, column, person)
        if not visits:
            return []
        today = hour_rows.today(tx, clinic.id)
        people = list({one.professional_id for one in visits})
        found = hour_rows.rules(tx, clinic.id, today, visits[-1].starts_at.date(), people)
    now = rules.with_hours(found.calendar, person, before.form)
    return rules.of_hours(now, rules.with_hours(found.calendar, person, after), visits)


def _read(tx: Transaction, clinic: Clinic, subject: UUID) -> Kept[HoursForm]:
    return week.hours(tx, clinic.id, _person(clinic, subject), hour_rows.today(tx, clinic.id))


def _person(clinic: Clinic, subject: UUID) -> UUID | None:
    """Whose hours they are; None for the clinic's own."""
    return None if subject == clinic.id else subject
