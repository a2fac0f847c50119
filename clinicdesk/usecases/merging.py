"""What a person can do about entries of the register that are one person: find them, make them one, part them again."""

import json
from uuid import UUID

from clinicdesk.domain.merging import (
    CHOSEN,
    Entry,
    LikelyPair,
    Merge,
    MergePatients,
    UndoneMerge,
    joined_custom,
    joined_notes,
)
from clinicdesk.domain.patients import mask_cpf
from clinicdesk.errors import ChangedElsewhere, MergeRefused, NotFound
from clinicdesk.storage import ledger
from clinicdesk.storage import merging as rows
from clinicdesk.storage import patients as patient_rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.storage.merging import StoredEntry
from clinicdesk.usecases.clinic import Clinic, new_id

MOST_PAIRS = 200
# The columns behind each field that is chosen; a CPF is sealed for its own row and is not one of them.
_COLUMNS = {name: (name,) for name in CHOSEN if name != "cpf"} | {
    "guardian": ("guardian_id", "guardian_kinship"),
    "priority": ("priority", "priority_until"),
}


def likely_duplicates(clinic: Clinic, most: int = MOST_PAIRS) -> list[LikelyPair]:
    """Pairs of entries that look like one person, likeliest first; those said to be two people are left out."""
    with clinic.transaction() as tx:
        pairs = rows.likely_pairs(tx, most)
        found = rows.entries(tx, [each for pair in pairs for each in pair[:2]])
    entries = {key: rows.as_entry(row, _shown_cpf(clinic, row)) for key, row in found.items()}
    return [
        LikelyPair(entries[first], entries[second], likeness, same_phone, same_birth)
        for first, second, likeness, same_phone, same_birth in pairs
        if first in entries and second in entries
    ]


def side_by_side(clinic: Clinic, one: UUID, other: UUID) -> tuple[Entry, Entry]:
    """Two entries, to be compared. Raises NotFound."""
    with clinic.transaction() as tx:
        found = rows.entries(tx, [one, other])
    return _as_entry(clinic, found, one), _as_entry(clinic, found, other)


def standing(clinic: Clinic, patient_id: UUID) -> UUID:
    """Who stands for a patient now: the entry that theirs was joined with, else the patient."""
    with clinic.transaction() as tx:
        return rows.standing(tx, patient_id)


def merge(clinic: Clinic, command: MergePatients) -> UUID:
    """Make one entry of two; the id of the merge, by which it is undone.

    Everything that spoke of the entry given up speaks of the other from then on. Raises NotFound, ChangedElsewhere,
    MergeRefused or NotAllowed.
    """
    if command.kept_id == command.merged_id:
        raise MergeRefused("same")
    merge_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "merge", merge_id)
        if done:
            return done
        found = rows.entries(tx, [command.kept_id, command.merged_id])
        kept = _seen(tx, found, command.kept_id, command.kept_version)
        merged = _seen(tx, found, command.merged_id, command.merged_version)
        chosen = json.dumps(_chosen(clinic, command, kept, merged), default=str)
        rows.merge(tx, merge_id, (kept.id, kept.version), (merged.id, merged.version), chosen)
        return merge_id


def undo_merge(clinic: Clinic, merge_id: UUID) -> UndoneMerge:
    """Part two entries again: what the merge moved goes back, what was booked since stays with the one that was kept.

    Raises NotFound when it was undone already, MergeRefused when the kept entry was itself given up since, or
    PatientAlreadyRegistered when its CPF is another's by now.
    """
    with clinic.transaction() as tx:
        return rows.undo(tx, merge_id)


def merges(clinic: Clinic, patient_id: UUID) -> list[Merge]:
    """The merges a patient had part in, newest first."""
    with clinic.transaction() as tx:
        return rows.merges(tx, patient_id)


def set_distinct(clinic: Clinic, one: UUID, other: UUID, *, distinct: bool = True) -> None:
    """Say that two entries are two people, so that they are not brought up again, or take that back."""
    with clinic.transaction() as tx:
        rows.set_distinct(tx, one, other, distinct=distinct)


def _chosen(clinic: Clinic, command: MergePatients, kept: StoredEntry, merged: StoredEntry) -> dict[str, object]:
    taken = [column for name in command.from_merged if name in _COLUMNS for column in _COLUMNS[name]]
    values: dict[str, object] = {column: getattr(merged, column) for column in taken}
    if "cpf" in command.from_merged and merged.cpf_ciphertext is not None:
        digits = clinic.keys.open_cpf(merged.id, bytes(merged.cpf_ciphertext))
        values["cpf_ciphertext"] = "\\x" + clinic.keys.seal_cpf(kept.id, digits).hex()
        values["cpf_index"] = "\\x" + clinic.keys.cpf_index(digits).hex()
        values["cpf_key_version"] = clinic.keys.key_version
    if command.both_notes:
        values["note"] = joined_notes(kept.note, merged.note)
    values["vip"] = kept.vip or merged.vip
    values["custom"] = joined_custom(rows.as_entry(kept, ""), rows.as_entry(merged, ""), command.from_merged)
    return values


def _seen(tx: Transaction, found: dict[UUID, StoredEntry], key: UUID, seen_version: int) -> StoredEntry:
    entry = found.get(key)
    if entry is None:
        raise NotFound("patient", str(key))
    if entry.merged_into is not None:
        raise MergeRefused("merged", entry.name)
    if entry.version != seen_version:
        _version, name, at = patient_rows.last_change(tx, key) or (0, "", entry.created_at)
        raise ChangedElsewhere("patient", key, seen_version, entry.version, name, at)
    return entry


def _as_entry(clinic: Clinic, found: dict[UUID, StoredEntry], key: UUID) -> Entry:
    if key not in found:
        raise NotFound("patient", str(key))
    return rows.as_entry(found[key], _shown_cpf(clinic, found[key]))


def _shown_cpf(clinic: Clinic, row: StoredEntry) -> str:
    if row.cpf_ciphertext is None:
        return ""
    return mask_cpf(clinic.keys.open_cpf(row.id, bytes(row.cpf_ciphertext)))
