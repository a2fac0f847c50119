"""What a person can do with segments: keep a search, change it, take it away, and see who is in it."""

import datetime as dt
from uuid import UUID

from clinicdesk.domain.patients import PatientMatch, search_words
from clinicdesk.domain.segments import (
    AddSegment,
    Definition,
    SaveSegment,
    Segment,
    clean_segment,
    write_definition,
)
from clinicdesk.errors import ChangedElsewhere, ClinicError, NotAllowed, NotFound
from clinicdesk.storage import ledger
from clinicdesk.storage import segments as rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.storage.segments import Here
from clinicdesk.usecases.clinic import Clinic, new_id


def segments(clinic: Clinic) -> list[Segment]:
    """Every segment, by name; one whose definition cannot be read has none."""
    with clinic.transaction() as tx:
        return rows.segments(tx)


def find(
    clinic: Clinic,
    definition: Definition,
    text: str,
    now: dt.datetime,
    zone: dt.tzinfo,
    limit: int = 50,
    offset: int = 0,
) -> list[PatientMatch]:
    """The patients a definition and what was typed find together, by name; `zone` is the clinic's wall clock."""
    with clinic.transaction() as tx:
        return rows.find(tx, definition, Here(clinic.id, now, zone), search_words(text)[0], limit, offset)


def count(clinic: Clinic, definition: Definition, now: dt.datetime, zone: dt.tzinfo, text: str = "") -> int:
    """How many patients that are."""
    with clinic.transaction() as tx:
        return rows.count(tx, definition, Here(clinic.id, now, zone), search_words(text)[0])


def add(clinic: Clinic, command: AddSegment) -> Segment:
    """Keep a search under a name. Raises InvalidField or NotAllowed."""
    name, definition = clean_segment(command.name, command.definition)
    segment_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "add_segment", segment_id)
        if not done:
            rows.insert_segment(tx, segment_id, name, write_definition(definition))
        return _found(tx, done or segment_id)


def save(clinic: Clinic, command: SaveSegment) -> Segment:
    """Change a segment. Raises as `add` does, NotFound, and ChangedElsewhere when another desk was first."""
    name, definition = clean_segment(command.name, command.definition)
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "save_segment", command.segment_id):
            return _found(tx, command.segment_id)
        if not rows.update_segment(tx, command.segment_id, command.seen_version, name, definition):
            raise _changed_elsewhere(tx, command.segment_id, command.seen_version)
        return _found(tx, command.segment_id)


def remove(clinic: Clinic, segment_id: UUID, seen_version: int) -> Segment:
    """Take a segment away; what comes back brings it back by `restore`. Raises as `save` does."""
    with clinic.transaction() as tx:
        removed = _found(tx, segment_id)
        if not rows.delete_segment(tx, segment_id, seen_version):
            raise _changed_elsewhere(tx, segment_id, seen_version)
        return removed


def restore(clinic: Clinic, removed: Segment) -> Segment:
    """Bring back a segment that was taken away, as it was. Raises InvalidField when its name is taken."""
    with clinic.transaction() as tx:
        rows.insert_segment(tx, removed.id, removed.name, removed.stored)
        return _found(tx, removed.id)


def _found(tx: Transaction, segment_id: UUID) -> Segment:
    segment = rows.segment(tx, segment_id)
    if segment is None:
        raise NotFound("segment", str(segment_id))
    return segment


def _changed_elsewhere(tx: Transaction, segment_id: UUID, seen_version: int) -> ClinicError:
    change = rows.last_change(tx, segment_id)
    if change is None:
        return NotFound("segment", str(segment_id))
    version, name, at = change
    if version == seen_version:
        return NotAllowed("segment")
    return ChangedElsewhere("segment", segment_id, seen_version, version, name, at)
