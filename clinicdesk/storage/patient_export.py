"""The register as lines for other programs."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from clinicdesk.domain.patient_export import PatientLine

# In the order of the fields of PatientLine.
_LINES = text(
    """
    SELECT p.id, p.full_name, p.social_name, p.phone, p.email, p.birth_date,
           coalesce(nullif(g.social_name, ''), g.full_name, ''), p.guardian_kinship, p.address, p.source,
           coalesce(nullif(b.social_name, ''), b.full_name, ''), p.vip, p.note, p.custom,
           p.cpf_ciphertext, p.created_at,
           coalesce((SELECT string_agg(tag.name, ', ' ORDER BY tag.name) FROM clinicdesk.patient_tag worn
                       JOIN clinicdesk.tag ON tag.id = worn.tag_id WHERE worn.patient_id = p.id), ''),
           coalesce(m.completed, 0), coalesce(m.no_show, 0), coalesce(m.cancelled, 0), m.first_visit_at, m.last_visit_at
      FROM clinicdesk.patient p
      LEFT JOIN clinicdesk.patient g ON g.id = p.guardian_id
      LEFT JOIN clinicdesk.patient b ON b.id = p.referred_by
      LEFT JOIN clinicdesk.patient_metrics m ON m.patient_id = p.id AND m.clinic_id = :clinic
     WHERE p.merged_into IS NULL AND (CAST(:ids AS uuid[]) IS NULL OR p.id = ANY (:ids))
     ORDER BY p.sort_name, p.id
    """
)
_RECORD = text("SELECT clinicdesk.record_export(:kind, :lines)")


def lines(connection: Connection, clinic_id: UUID, ids: Sequence[UUID] | None) -> list[PatientLine]:
    """The entries in use, all or some, by name, with what their visits in a clinic add up to."""
    asked = {"clinic": clinic_id, "ids": None if ids is None else list(ids)}
    return [PatientLine(*row) for row in connection.execute(_LINES, asked)]


def record(connection: Connection, kind: str, count: int) -> None:
    """Write into the audit that so many lines left the clinic's database in a file."""
    connection.execute(_RECORD, {"kind": kind, "lines": count})
