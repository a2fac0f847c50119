"""The kept versions of appointments, as rows: of one visit, or of everything that ever lay in a stretch of days."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.history import Named, Names, VisitVersion

# In the order of the fields of VisitVersion.
_VERSIONS = text(
    """
    SELECT v.appointment_id, v.version, v.recorded_at, coalesce(k.name, ''), v.desk, v.status, v.status_at,
           v.status_channel, v.starts_at, v.ends_at, v.patient_id, v.guardian_id, v.professional_id, v.room_id,
           v.equipment_id, v.service_id, v.buffer_before, v.buffer_after, v.price, v.note, v.overbooking_reason,
           v.reschedule_count, v.cancelled_by, v.cancel_reason, v.cancelled_late, v.visit_id, v.series_id, v.series_day
      FROM clinicdesk.appointment_version v
      LEFT JOIN clinicdesk.person k ON k.id = v.recorded_by
     WHERE v.appointment_id = ANY (:ids)
     ORDER BY v.appointment_id, v.version
    """
)
_LIVED = """
    SELECT DISTINCT v.appointment_id FROM clinicdesk.appointment_version v
     WHERE v.clinic_id = :clinic AND v.starts_at >= :first AND v.starts_at < :last
"""
_LIVED_OF_ALL = text(_LIVED)
_LIVED_OF_PEOPLE = text(f"{_LIVED} AND v.professional_id = ANY (:people)")
_NAMES = text(
    """
    SELECT p.id, coalesce(nullif(p.social_name, ''), p.full_name), '', CAST(NULL AS uuid), 200
      FROM clinicdesk.patient p WHERE p.id = ANY (:patients)
    UNION ALL
    SELECT f.id, f.name, '', NULL, 200 FROM clinicdesk.professional f WHERE f.id = ANY (:things)
    UNION ALL
    SELECT r.id, r.name, '', NULL, 200 FROM clinicdesk.room r WHERE r.id = ANY (:things)
    UNION ALL
    SELECT e.id, e.name, '', NULL, 200 FROM clinicdesk.equipment e WHERE e.id = ANY (:things)
    UNION ALL
    SELECT s.id, s.name, coalesce(c.icon, 'stethoscope'), s.category_id, coalesce(c.hue, 200)
      FROM clinicdesk.service s LEFT JOIN clinicdesk.service_category c ON c.id = s.category_id
     WHERE s.id = ANY (:things)
    """
)
_PRESENT = text("SELECT zone, clock_timestamp() FROM clinicdesk.clinic WHERE id = :clinic")


def present(connection: Connection, clinic_id: UUID) -> tuple[ZoneInfo, dt.datetime]:
    """The clinic's zone and the server's clock."""
    zone, now = connection.execute(_PRESENT, {"clinic": clinic_id}).one()
    return ZoneInfo(zone), now.astimezone(dt.UTC)


def versions(connection: Connection, appointment_ids: Sequence[UUID]) -> list[VisitVersion]:
    """Every kept version of the appointments, in order of id and version."""
    rows = connection.execute(_VERSIONS, {"ids": list(appointment_ids)})
    return [VisitVersion._make(row) for row in rows]


def lived_in(
    connection: Connection, clinic_id: UUID, span: Slot, professional_ids: Sequence[UUID] | None = None
) -> list[UUID]:
    """The appointments that have a version which starts in `span`, of some professionals when these are given."""
    asked: dict[str, object] = {"clinic": clinic_id, "first": span.starts_at, "last": span.ends_at}
    if professional_ids is None:
        return list(connection.execute(_LIVED_OF_ALL, asked).scalars())
    return list(connection.execute(_LIVED_OF_PEOPLE, asked | {"people": list(professional_ids)}).scalars())


def names(connection: Connection, lived: Iterable[VisitVersion]) -> Names:
    """What everything is called that the versions speak of."""
    patients: set[UUID | None] = set()
    things: set[UUID | None] = set()
    for one in lived:
        patients |= {one.patient_id, one.guardian_id}
        things |= {one.professional_id, one.room_id, one.equipment_id, one.service_id}
    asked = {"patients": list(patients - {None}), "things": list(things - {None})}
    return {row[0]: Named(*row[1:]) for row in connection.execute(_NAMES, asked)}
