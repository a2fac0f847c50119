"""What a person can do with tags: make them, change them, take them away, and put them on patients."""

from collections.abc import Mapping
from uuid import UUID

from clinicdesk.domain.tags import AddTag, RemovedTag, SaveTag, Tag, TagPatient, clean_tag
from clinicdesk.errors import ChangedElsewhere, ClinicError, NotAllowed, NotFound
from clinicdesk.storage import ledger
from clinicdesk.storage import tags as rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.clinic import Clinic, new_id


def tags(clinic: Clinic) -> list[Tag]:
    """Every tag, by name."""
    with clinic.transaction() as tx:
        return rows.tags(tx)


def counts(clinic: Clinic) -> Mapping[UUID, int]:
    """How many patients have each tag; a tag that nobody has is not in it."""
    with clinic.transaction() as tx:
        return rows.counts(tx)


def of_patient(clinic: Clinic, patient_id: UUID) -> tuple[Tag, ...]:
    """The tags of a patient, by name."""
    with clinic.transaction() as tx:
        return rows.of_patient(tx, patient_id)


def add(clinic: Clinic, command: AddTag) -> Tag:
    """Make a tag. Raises InvalidField or NotAllowed."""
    name, hue = clean_tag(command.name, command.hue)
    tag_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "add_tag", tag_id)
        if not done:
            rows.insert_tag(tx, tag_id, name, hue)
        return _found(tx, done or tag_id)


def save(clinic: Clinic, command: SaveTag) -> Tag:
    """Change a tag. Raises as `add` does, NotFound, and ChangedElsewhere when another desk was first."""
    name, hue = clean_tag(command.name, command.hue)
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "save_tag", command.tag_id):
            return _found(tx, command.tag_id)
        if not rows.update_tag(tx, command.tag_id, command.seen_version, name, hue):
            raise _changed_elsewhere(tx, command.tag_id, command.seen_version)
        return _found(tx, command.tag_id)


def remove(clinic: Clinic, tag_id: UUID, seen_version: int) -> RemovedTag:
    """Take a tag away from everybody; what comes back brings it back. Raises as `save` does."""
    with clinic.transaction() as tx:
        removed = RemovedTag(_found(tx, tag_id), rows.patients_with(tx, tag_id))
        if not rows.delete_tag(tx, tag_id, seen_version):
            raise _changed_elsewhere(tx, tag_id, seen_version)
        return removed


def restore(clinic: Clinic, removed: RemovedTag) -> Tag:
    """Bring back a tag that was taken away, to everybody who had it. Raises InvalidField when its name is taken."""
    tag = removed.tag
    with clinic.transaction() as tx:
        rows.insert_tag(tx, tag.id, tag.name, tag.hue)
        rows.put_on(tx, [(patient, tag.id) for patient in removed.patient_ids])
        return _found(tx, tag.id)


def change(clinic: Clinic, command: TagPatient) -> tuple[Tag, ...]:
    """Put tags on a patient and take others off; the patient's tags then. Raises NotFound."""
    with clinic.transaction() as tx:
        rows.take_off(tx, command.patient_id, command.removed)
        rows.put_on(tx, [(command.patient_id, tag) for tag in command.added])
        return rows.of_patient(tx, command.patient_id)


def _found(tx: Transaction, tag_id: UUID) -> Tag:
    tag = rows.tag(tx, tag_id)
    if tag is None:
        raise NotFound("tag", str(tag_id))
    return tag


def _changed_elsewhere(tx: Transaction, tag_id: UUID, seen_version: int) -> ClinicError:
    change = rows.last_change(tx, tag_id)
    if change is None:
        return NotFound("tag", str(tag_id))
    version, name, at = change
    if version == seen_version:
        return NotAllowed("tag")
    return ChangedElsewhere("tag", tag_id, seen_version, version, name, at)
