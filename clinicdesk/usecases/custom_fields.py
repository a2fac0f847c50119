"""What a person can do with the clinic's own fields: see them, add one, change one, put them in order."""

from collections.abc import Sequence
from uuid import UUID

from clinicdesk.domain.custom_fields import AddCustomField, CustomField, Entity, SaveCustomField, clean_definition
from clinicdesk.errors import ChangedElsewhere, ClinicError, NotAllowed, NotFound
from clinicdesk.storage import custom_fields as rows
from clinicdesk.storage import ledger
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.clinic import Clinic, new_id


def fields(clinic: Clinic, entity: Entity, *, inactive: bool = False) -> list[CustomField]:
    """The fields of patients or services in their order; with `inactive` also those that are no longer asked."""
    with clinic.transaction() as tx:
        return rows.fields(tx, entity, inactive=inactive)


def add(clinic: Clinic, command: AddCustomField) -> CustomField:
    """Add a field. Raises InvalidForm, InvalidField("name", "taken") or NotAllowed."""
    name, choices = clean_definition(command.name, command.kind, command.choices)
    field_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "add_field", field_id)
        if not done:
            rows.insert_field(tx, field_id, command.entity, name, command.kind, choices)
        return _found(tx, done or field_id)


def save(clinic: Clinic, command: SaveCustomField) -> CustomField:
    """Change a field. Raises as `add` does, NotFound, and ChangedElsewhere when another desk was first."""
    with clinic.transaction() as tx:
        present = _found(tx, command.field_id)
        if ledger.claim(tx, command.operation_id, "save_field", command.field_id):
            return present
        name, choices = clean_definition(command.name, present.kind, command.choices)
        written = rows.update_field(
            tx,
            command.field_id,
            command.seen_version,
            name=name,
            choices=choices,
            position=command.position,
            active=command.active,
        )
        if not written:
            raise _changed_elsewhere(tx, command.field_id, command.seen_version)
        return _found(tx, command.field_id)


def arrange(clinic: Clinic, entity: Entity, ids: Sequence[UUID]) -> list[CustomField]:
    """Put the fields into this order, and give them all as they stand then. Raises NotAllowed."""
    with clinic.transaction() as tx:
        rows.arrange(tx, ids)
        return rows.fields(tx, entity, inactive=True)


def _found(tx: Transaction, field_id: UUID) -> CustomField:
    field = rows.field(tx, field_id)
    if field is None:
        raise NotFound("custom_field", str(field_id))
    return field


def _changed_elsewhere(tx: Transaction, field_id: UUID, seen_version: int) -> ClinicError:
    change = rows.last_change(tx, field_id)
    if change is None:
        return NotFound("custom_field", str(field_id))
    version, name, at = change
    if version == seen_version:
        return NotAllowed("custom_field")
    return ChangedElsewhere("custom_field", field_id, seen_version, version, name, at)
