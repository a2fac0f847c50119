"""Entries of the register that are one person: found in pairs, made one, and parted again."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from clinicdesk.domain.merging import Entry, Merge, UndoneMerge

_PAIRS = text("SELECT * FROM clinicdesk.likely_duplicates(:most)")
_ENTRIES = text(
    """
    SELECT p.id, p.version, coalesce(nullif(p.social_name, ''), p.full_name) AS name, p.created_at, p.full_name,
           p.social_name, p.birth_date, p.phone, p.email, p.address, p.guardian_id, p.guardian_kinship,
           coalesce(nullif(g.social_name, ''), g.full_name, '') AS guardian_name, p.source, p.referred_by,
           coalesce(nullif(b.social_name, ''), b.full_name, '') AS referred_by_name, p.priority, p.priority_until,
           p.note, p.vip, p.custom, p.cpf_ciphertext, p.cpf_index, p.cpf_key_version, p.merged_into,
           ARRAY (SELECT tag.name FROM clinicdesk.patient_tag worn JOIN clinicdesk.tag ON tag.id = worn.tag_id
                   WHERE worn.patient_id = p.id ORDER BY tag.name) AS tags,
           (SELECT count(*) FROM clinicdesk.appointment a WHERE a.patient_id = p.id) AS visits,
           (SELECT max(a.starts_at) FROM clinicdesk.appointment a
             WHERE a.patient_id = p.id AND a.status = 'completed') AS last_visit_at,
           (SELECT count(*) FROM clinicdesk.waiting_entry w
             WHERE w.patient_id = p.id AND w.state = 'open') AS waiting,
           (SELECT count(*) FROM clinicdesk.recall r WHERE r.patient_id = p.id AND r.state = 'open') AS recalls,
           (SELECT count(*) FROM clinicdesk.patient_alert b WHERE b.patient_id = p.id AND b.active) AS alerts,
           (SELECT count(*) FROM clinicdesk.patient d
             WHERE d.guardian_id = p.id AND d.merged_into IS NULL) AS dependants
      FROM clinicdesk.patient p
      LEFT JOIN clinicdesk.patient g ON g.id = p.guardian_id
      LEFT JOIN clinicdesk.patient b ON b.id = p.referred_by
     WHERE p.id = ANY (:ids)
    """
)
_MERGE = text(
    "SELECT clinicdesk.merge_patients(:merge, :kept, :kept_version, :merged, :merged_version, CAST(:chosen AS jsonb))"
)
_UNDO = text("SELECT visits_back, visits_kept FROM clinicdesk.undo_merge(:merge)")
_MERGES = text(
    """
    SELECT m.id, m.kept_id, m.merged_id, coalesce(nullif(k.social_name, ''), k.full_name),
           coalesce(nullif(g.social_name, ''), g.full_name), m.created_at, coalesce(w.name, ''),
           jsonb_array_length(m.moved -> 'appointment'), m.undone_at
      FROM clinicdesk.patient_merge m
      JOIN clinicdesk.patient k ON k.id = m.kept_id
      JOIN clinicdesk.patient g ON g.id = m.merged_id
      LEFT JOIN clinicdesk.person w ON w.id = m.created_by
     WHERE :patient IN (m.kept_id, m.merged_id)
     ORDER BY m.created_at DESC
    """
)
_DISTINCT = text(
    "INSERT INTO clinicdesk.patient_distinct (first_id, second_id) VALUES (least(:one, :other), greatest(:one, :other))"
    " ON CONFLICT DO NOTHING"
)
_NOT_DISTINCT = text(
    "DELETE FROM clinicdesk.patient_distinct"
    " WHERE first_id = least(:one, :other) AND second_id = greatest(:one, :other)"
)

_STANDING = text(
    """
    WITH RECURSIVE led AS (
        SELECT id, merged_into FROM clinicdesk.patient WHERE id = :patient
        UNION SELECT p.id, p.merged_into FROM clinicdesk.patient p JOIN led ON p.id = led.merged_into
    )
    SELECT id FROM led WHERE merged_into IS NULL
    """
)

StoredEntry = Row[Any]
LikelyRow = tuple[UUID, UUID, float, bool, bool | None]


def likely_pairs(connection: Connection, most: int) -> list[LikelyRow]:
    """Pairs that look like one person, likeliest first: both ids, likeness of names, same phone, same birth date."""
    return [(row[0], row[1], row[2], row[3], row[4]) for row in connection.execute(_PAIRS, {"most": most})]


def entries(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, StoredEntry]:
    """Entries of the register as they are stored, those given up among them."""
    return {row.id: row for row in connection.execute(_ENTRIES, {"ids": list(ids)})}


def as_entry(row: StoredEntry, cpf: str) -> Entry:
    """A stored entry as it is laid beside another; `cpf` as this person may see it."""
    guardian = " · ".join(filter(None, (row.guardian_name, row.guardian_kinship)))
    values = {name: getattr(row, name) for name in ("full_name", "social_name", "birth_date", "phone", "email")}
    values |= {name: getattr(row, name) for name in ("address", "source", "priority", "note")}
    values |= {"cpf": cpf, "guardian": guardian, "referred_by": row.referred_by_name}
    return Entry(
        id=row.id,
        version=row.version,
        name=row.name,
        created_at=row.created_at,
        values=values,
        custom=dict(row.custom),
        vip=row.vip,
        tags=tuple(row.tags),
        visits=row.visits,
        last_visit_at=row.last_visit_at,
        waiting=row.waiting,
        recalls=row.recalls,
        alerts=row.alerts,
        dependants=row.dependants,
    )


def merge(
    connection: Connection,
    merge_id: UUID,
    kept: tuple[UUID, int],
    merged: tuple[UUID, int],
    chosen: str,
) -> None:
    """Make one entry of two, each of the version that was seen; `chosen` is a JSON object of columns."""
    asked: Mapping[str, object] = {
        "merge": merge_id,
        "kept": kept[0],
        "kept_version": kept[1],
        "merged": merged[0],
        "merged_version": merged[1],
        "chosen": chosen,
    }
    connection.execute(_MERGE, asked)


def undo(connection: Connection, merge_id: UUID) -> UndoneMerge:
    """Part two entries again."""
    row = connection.execute(_UNDO, {"merge": merge_id}).one()
    return UndoneMerge(row[0], row[1])


def merges(connection: Connection, patient_id: UUID) -> list[Merge]:
    """The merges an entry had part in, newest first."""
    return [Merge(*row) for row in connection.execute(_MERGES, {"patient": patient_id})]


def standing(connection: Connection, patient_id: UUID) -> UUID:
    """The entry that stands for this one now; itself when it was joined with none, or is not there."""
    found: UUID | None = connection.execute(_STANDING, {"patient": patient_id}).scalar_one_or_none()
    return found or patient_id


def set_distinct(connection: Connection, one: UUID, other: UUID, *, distinct: bool) -> None:
    """Write down that two entries are two people, or take that back."""
    connection.execute(_DISTINCT if distinct else _NOT_DISTINCT, {"one": one, "other": other})
