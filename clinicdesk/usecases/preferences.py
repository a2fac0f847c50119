"""What managers do with the clinic's own settings: read a kind of form, save one, put them in order, take one away."""

from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from clinicdesk.domain.clinics import SchedulingPolicy
from clinicdesk.domain.message_settings import MessagingForm
from clinicdesk.domain.preferences import CategoryForm, Kept, ProfessionalForm, PutInOrder, SaveForm, clean
from clinicdesk.errors import ChangedElsewhere, ClinicError, NotAllowed, NotFound, StillUsed
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import engagements, ledger
from clinicdesk.storage import preferences as rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.clinic import Clinic, new_id

Form = TypeVar("Form")


def kept(clinic: Clinic, kind: type[Form]) -> list[Kept[Form]]:
    """The forms of one kind, in the clinic's order. A policy nobody wrote yet is the default one, of version 0."""
    with clinic.transaction() as tx:
        found = rows.kept(tx, kind, clinic.id)
    if not found and kind in (SchedulingPolicy, MessagingForm):
        return [Kept(clinic.id, 0, kind())]
    return found


def units(clinic: Clinic) -> list[tuple[UUID, str]]:
    """The clinics of the organisation in which this person works, by id and name."""
    with clinic.transaction() as tx:
        return [(each.id, each.name) for each in clinic_rows.clinics(tx) if each.id in clinic.person.clinic_ids]


def one(clinic: Clinic, kind: type[Form], row_id: UUID) -> Kept[Form]:
    """One form as it stands now. Raises NotFound."""
    with clinic.transaction() as tx:
        return _found(rows.kept(tx, kind, clinic.id, row_id), kind, row_id)


def save(clinic: Clinic, command: SaveForm[Form]) -> Kept[Form]:
    """Keep a form; the same operation done twice has one effect.

    Raises InvalidForm, ChangedElsewhere, StillUsed for what visits to come hold on to, NotAllowed or NotFound.
    """
    form: Form = clean(command.form)
    with clinic.transaction() as tx:
        return save_within(tx, clinic, replace(command, form=form))


def save_within(tx: Transaction, clinic: Clinic, command: SaveForm[Form]) -> Kept[Form]:
    """Keep a form that is clean inside another use case's transaction. Raises as `save` does."""
    form = command.form
    kind = type(form)
    row_id = command.id or new_id()
    done = ledger.claim(tx, command.operation_id, "settings", row_id)
    if done:
        return _found(rows.kept(tx, kind, clinic.id, done), kind, done)
    if command.id is None:
        rows.add(tx, clinic.id, row_id, form)
    elif command.seen_version == 0 and isinstance(form, SchedulingPolicy | MessagingForm):
        rows.write_policy(tx, clinic.id, form)
    else:
        _require_free(tx, clinic, row_id, form)
        if not rows.change(tx, clinic.id, row_id, command.seen_version, form):
            raise changed_elsewhere(tx, kind, row_id, command.seen_version)
    return _found(rows.kept(tx, kind, clinic.id, row_id), kind, row_id)


def put_in_order(clinic: Clinic, command: PutInOrder) -> None:
    """Give the things of one kind this order. Raises NotAllowed."""
    with clinic.transaction() as tx:
        if not ledger.claim(tx, command.operation_id, "order", clinic.id):
            rows.put_in_order(tx, command.kind, command.ids)


def remove(clinic: Clinic, kind: type[Any], row_id: UUID, seen_version: int, operation_id: UUID) -> None:
    """Take a row away for good. Raises ChangedElsewhere, StillUsed, NotAllowed or NotFound."""
    with clinic.transaction() as tx:
        if ledger.claim(tx, operation_id, "remove", row_id):
            return
        if kind is CategoryForm:
            services = engagements.services_of(tx, clinic.id, row_id)
            if services:
                raise StillUsed("service_category", row_id, services)
        if not rows.remove(tx, kind, row_id, seen_version):
            raise changed_elsewhere(tx, kind, row_id, seen_version)


def _require_free(tx: Transaction, clinic: Clinic, row_id: UUID, form: object) -> None:
    """Refuse to put out of use what visits to come hold: they would stand with nobody, or nowhere.

    The rows are locked first, so that no booking slips in between the count and the change.
    """
    kind = rows.table_name(type(form))
    if kind not in engagements.RESOURCES:
        return
    if isinstance(form, ProfessionalForm):
        left = engagements.ever_in(tx, row_id, form.clinic_ids)
        if left:
            raise StillUsed("professional_clinic", row_id, left)
    if not getattr(form, "active", True):
        # A professional may be booked where this person sees nothing; the database tells the time alone.
        anywhere = kind == "professional"
        count = engagements.held_anywhere(tx, row_id) if anywhere else engagements.count(tx, kind, row_id)
        if count:
            raise StillUsed(kind, row_id, count)


def changed_elsewhere(tx: Transaction, kind: type[Any], row_id: UUID, seen_version: int) -> ClinicError:
    """Why a row could not be written: another desk was first, or this role may not, or it is gone."""
    name = rows.table_name(kind)
    change = rows.last_change(tx, kind, row_id)
    if change is None:
        return NotFound(name, str(row_id))
    version, person, at = change
    if version == seen_version:
        return NotAllowed("settings")
    return ChangedElsewhere(name, row_id, seen_version, version, person, at)


def _found(found: list[Kept[Form]], kind: type[Form], row_id: UUID) -> Kept[Form]:
    if not found:
        raise NotFound(rows.table_name(kind), str(row_id))
    return found[0]
