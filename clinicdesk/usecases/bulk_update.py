"""What a person can do to many patients at once: see what a change would do, make it, and take it back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from clinicdesk.domain.bulk_update import (
    BulkChange,
    BulkPreview,
    PutTag,
    SetOwnField,
    SetSource,
    TakeTag,
    UndoMany,
    UpdatedMany,
    UpdateMany,
    held,
    preview,
    split,
    wanted,
)
from clinicdesk.domain.custom_fields import Entity, from_stored, name_in_form, stored_changes
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.patients import search_words
from clinicdesk.domain.segments import Definition
from clinicdesk.errors import InvalidField, InvalidForm, NotFound
from clinicdesk.storage import bulk_update as rows
from clinicdesk.storage import custom_fields as field_rows
from clinicdesk.storage import ledger
from clinicdesk.storage import segments as segment_rows
from clinicdesk.storage import tags as tag_rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.storage.segments import Here
from clinicdesk.usecases import patients
from clinicdesk.usecases.clinic import Clinic

MOST = 100_000  # patients that one change may be made to


def everybody_found(
    clinic: Clinic, text: str, definition: Definition | None, now: dt.datetime, zone: dt.tzinfo
) -> list[UUID]:
    """The ids of all that a search, a segment or both find, and not only of those that are shown."""
    with clinic.transaction() as tx:
        if definition is None:
            found = patients.search_within(tx, clinic, text, MOST)
        else:
            found = segment_rows.find(tx, definition, Here(clinic.id, now, zone), search_words(text)[0], MOST, 0)
    return [one.id for one in found]


def look(clinic: Clinic, change: BulkChange, ids: Sequence[UUID]) -> BulkPreview:
    """What a change would do to these patients. Raises InvalidField, InvalidForm or NotFound."""
    with clinic.transaction() as tx:
        clean = _clean(tx, change)
        return preview(clean, rows.chosen(tx, ids), len(set(ids)))


def update(clinic: Clinic, command: UpdateMany) -> UpdatedMany:
    """Make the change to everybody who is still as the preview saw them, all in one go; others are left out.

    A repeated operation finds who has the change by now. Raises as `look` does.
    """
    with clinic.transaction() as tx:
        change = _clean(tx, command.change)
        if ledger.claim(tx, command.operation_id, "bulk_update", command.operation_id):
            now = rows.chosen(tx, [one.patient_id for one in command.lines])
            return split(command.lines, frozenset(one.id for one in now if held(change, one) == wanted(change)))
        return split(command.lines, rows.write(tx, change, command.lines, wanted(change)))


def take_back(clinic: Clinic, command: UndoMany) -> UpdatedMany:
    """Give everybody what they had before, but for those whom somebody changed in this since."""
    with clinic.transaction() as tx:
        change = command.change
        if ledger.claim(tx, command.operation_id, "bulk_undo", command.operation_id):
            now = {one.id: held(change, one) for one in rows.chosen(tx, [one.patient_id for one in command.lines])}
            back = (one.patient_id for one in command.lines if one.patient_id in now)
            before = {one.patient_id: one.before for one in command.lines}
            return split(command.lines, frozenset(key for key in back if now[key] == before[key]))
        return split(command.lines, rows.put_back(tx, change, command.lines, wanted(change)))


def _clean(tx: Transaction, change: BulkChange) -> BulkChange:
    """The change as it will be kept."""
    match change:
        case PutTag(tag_id) | TakeTag(tag_id):
            if tag_rows.tag(tx, tag_id) is None:
                raise NotFound("tag", str(tag_id))
        case SetSource(text):
            return SetSource(clean_text(text, "source").strip())
        case SetOwnField(field_id, value):
            fields = [one for one in field_rows.fields(tx, Entity.PATIENT) if one.id == field_id]
            if not fields:
                raise NotFound("custom_field", str(field_id))
            read = from_stored(fields[0], value)
            if read is None and value not in (None, ""):
                raise InvalidForm((InvalidField(name_in_form(field_id), "not_a_choice"),))
            written, _emptied = stored_changes(fields, {field_id: read})
            return replace(change, value=written.get(str(field_id)))
    return change
