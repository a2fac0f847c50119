"""What a person can do with recalls: see who is due, add one, note an attempt, put it off or give it up."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.recall import (
    AddRecall,
    Attempt,
    ChangeRecall,
    NoteAttempt,
    Outcome,
    Recall,
    RecallState,
    check_due_month,
    worklist_order,
)
from clinicdesk.errors import ChangedElsewhere, ClinicError, NotAllowed, NotFound
from clinicdesk.storage import ledger
from clinicdesk.storage import recall as rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.clinic import Clinic, new_id


def worklist(clinic: Clinic, state: RecallState, until: dt.date) -> Sequence[Recall]:
    """The clinic's recalls in a state that are due by the month of `until`, in the order they are worked off."""
    with clinic.transaction() as tx:
        return sorted(rows.worklist(tx, clinic.id, state, until), key=worklist_order)


def of_patient(clinic: Clinic, patient_id: UUID) -> tuple[Recall, ...]:
    """What a patient ought or ought to have come again for."""
    with clinic.transaction() as tx:
        return tuple(rows.of_patient(tx, patient_id))


def attempts(clinic: Clinic, recall_id: UUID) -> Sequence[Attempt]:
    """What was tried to reach the patient of a recall, the latest first."""
    with clinic.transaction() as tx:
        return rows.attempts(tx, recall_id)


def add(clinic: Clinic, command: AddRecall, today: dt.date) -> Recall:
    """Have somebody come again. Raises InvalidField for a month that is over or too far away, NotFound."""
    month = check_due_month(command.due_month, today)
    reason = clean_text(command.reason, "reason").strip()
    recall_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "recall", recall_id)
        if not done:
            rows.insert_recall(tx, clinic.id, recall_id, command, month, reason)
        return _found(tx, done or recall_id)


def note_attempt(clinic: Clinic, command: NoteAttempt) -> tuple[Recall, UUID]:
    """Note what came of a try; gives the recall, which a refusal closed, and the attempt's id. Raises NotFound."""
    note = clean_text(command.note, "note").strip()
    attempt_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "recall_attempt", attempt_id)
        found = _found(tx, command.recall_id)
        if done:
            return found, done
        rows.insert_attempt(tx, clinic.id, attempt_id, command, note)
        if command.outcome is Outcome.REFUSED and found.state is RecallState.OPEN:
            _write(tx, found.id, found.version, found.due_month, RecallState.REFUSED)
        return _found(tx, found.id), attempt_id


def take_attempt_back(clinic: Clinic, recall_id: UUID, attempt_id: UUID) -> Recall:
    """Take an attempt of one's own back; what a refusal closed is open again. Raises NotFound for somebody else's."""
    with clinic.transaction() as tx:
        tried = {one.id: one.outcome for one in rows.attempts(tx, recall_id)}
        if not rows.remove_attempt(tx, attempt_id):
            raise NotFound("attempt", str(attempt_id))
        found = _found(tx, recall_id)
        others = [outcome for key, outcome in tried.items() if key != attempt_id]
        refused = found.state is RecallState.REFUSED and tried.get(attempt_id) is Outcome.REFUSED
        if refused and Outcome.REFUSED not in others:
            _write(tx, recall_id, found.version, found.due_month, RecallState.OPEN)
        return _found(tx, recall_id)


def change(clinic: Clinic, command: ChangeRecall) -> Recall:
    """Put a recall off, give it up, or take it up again. Raises ChangedElsewhere, NotFound or NotAllowed."""
    with clinic.transaction() as tx:
        if not ledger.claim(tx, command.operation_id, "recall_change", command.recall_id):
            _write(tx, command.recall_id, command.seen_version, command.due_month, command.state)
        return _found(tx, command.recall_id)


def _write(tx: Transaction, recall_id: UUID, seen_version: int, due_month: dt.date, state: RecallState) -> None:
    if not rows.change(tx, recall_id, seen_version, due_month, state):
        raise _changed_elsewhere(tx, recall_id, seen_version)


def _found(tx: Transaction, recall_id: UUID) -> Recall:
    found = rows.recall(tx, recall_id)
    if found is None:
        raise NotFound("recall", str(recall_id))
    return found


def _changed_elsewhere(tx: Transaction, recall_id: UUID, seen_version: int) -> ClinicError:
    changed = rows.last_change(tx, recall_id)
    if changed is None:
        return NotFound("recall", str(recall_id))
    version, name, at = changed
    if version == seen_version:
        return NotAllowed("recall")
    return ChangedElsewhere("recall", recall_id, seen_version, version, name, at)
