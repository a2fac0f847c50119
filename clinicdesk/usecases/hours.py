"""What managers do with hours: of the clinic and of each professional; and the holidays offered for a state."""

import datetime as dt
from uuid import UUID, uuid5

from clinicdesk.domain import effects as rules
from clinicdesk.domain.effects import Effect
from clinicdesk.domain.hours import optional_holidays, public_holidays
from clinicdesk.domain.preferences import (
    ClinicForm,
    HolidayForm,
    HoursForm,
    Kept,
    ProfessionalForm,
    SaveForm,
    clean,
)
from clinicdesk.errors import ChangedElsewhere, NotAllowed, NotFound
from clinicdesk.storage import engagements, ledger, week
from clinicdesk.storage import hours as hour_rows
from clinicdesk.storage import preferences as forms
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases import preferences
from clinicdesk.usecases.clinic import Clinic, new_id

YEARS = 3


def kept(clinic: Clinic) -> list[Kept[HoursForm]]:
    """The clinic's own hours, then those of its professionals in the clinic's order."""
    with clinic.transaction() as tx:
        today = hour_rows.today(tx, clinic.id)
        people = [
            one.id
            for one in forms.kept(tx, ProfessionalForm, clinic.id)
            if one.form.active and clinic.id in one.form.clinic_ids
        ]
        return week.every(tx, clinic.id, [None, *people], today)


def one(clinic: Clinic, subject: UUID) -> Kept[HoursForm]:
    """The hours of the clinic, under its own id, or of a professional."""
    with clinic.transaction() as tx:
        return _read(tx, clinic, subject)


def holidays(clinic: Clinic) -> list[Kept[HolidayForm]]:
    """The holidays of this year and the next two: those of the state, and what the clinic says of its own.

    A state's day that the clinic said nothing of is not worked; it has version 0 and a key made of its date.
    """
    with clinic.transaction() as tx:
        written = forms.kept(tx, HolidayForm, clinic.id)
        today = hour_rows.today(tx, clinic.id)
        [unit] = forms.kept(tx, ClinicForm, clinic.id, clinic.id)
    known = {one.form.day for one in written}
    first = today.replace(month=1, day=1)
    plain = [
        Kept(_key_of(clinic.id, day), 0, HolidayForm(day, name))
        for year in range(today.year, today.year + YEARS)
        for day, name in public_holidays(unit.form.state, year).items()
        if day not in known
    ]
    return sorted((one for one in (*written, *plain) if one.form.day >= first), key=lambda one: one.form.day)


def holiday(clinic: Clinic, row_id: UUID) -> Kept[HolidayForm]:
    """One of them. Raises NotFound."""
    found = next((one for one in holidays(clinic) if one.id == row_id), None)
    if found is None:
        raise NotFound("settings", str(row_id))
    return found


def save_holiday(clinic: Clinic, command: SaveForm[HolidayForm]) -> Kept[HolidayForm]:
    """Keep a holiday. Raises as `preferences.save` does, and InvalidField for a day that stands there already."""
    return preferences.save(clinic, command)


def add_optional(clinic: Clinic, operation_id: UUID) -> list[Kept[HolidayForm]]:
    """Write down, all at once, the city's and the optional days that are not there yet; what was added.

    Raises NotAllowed.
    """
    with clinic.transaction() as tx:
        if ledger.claim(tx, operation_id, "holidays", clinic.id):
            return []
        known = {one.form.day for one in forms.kept(tx, HolidayForm, clinic.id)}
        today = hour_rows.today(tx, clinic.id)
        [unit] = forms.kept(tx, ClinicForm, clinic.id, clinic.id)
        made = []
        for year in range(today.year, today.year + YEARS):
            for day, name in optional_holidays(unit.form.state, unit.form.city, year).items():
                if day >= today and day not in known:
                    made.append(new_id())
                    forms.add(tx, clinic.id, made[-1], HolidayForm(day, name))
        return [one for one in forms.kept(tx, HolidayForm, clinic.id) if one.id in made]


def remove_all(clinic: Clinic, holidays_made: list[Kept[HolidayForm]]) -> None:
    """Take several back at once; one that was changed meanwhile stays. Raises NotAllowed."""
    with clinic.transaction() as tx:
        for one in holidays_made:
            forms.remove(tx, HolidayForm, one.id, one.version)


def _key_of(clinic_id: UUID, day: dt.date) -> UUID:
    return uuid5(clinic_id, day.isoformat())


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
