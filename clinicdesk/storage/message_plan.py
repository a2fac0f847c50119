"""What rules plan besides visits, as rows: birthdays, and all visits looked over again."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from clinicdesk.domain.message_rules import QuietHours
from clinicdesk.storage.clinics import zone

# Patients of this clinic who allowed it; of some services or professionals, those whose last visit was one of theirs.
# Whoever was born on a 29 February has their day on the 28th in other years.
_BIRTHDAYS = text(
    """
    SELECT r.id AS rule_id, r.template_id, r.offset_minutes, r.late_minutes, p.id AS patient_id
      FROM clinicdesk.message_rule r
      JOIN clinicdesk.message_template t ON t.id = r.template_id AND t.active
      JOIN clinicdesk.messaging_policy s ON s.clinic_id = r.clinic_id AND s.active
      JOIN clinicdesk.patient_metrics m ON m.clinic_id = r.clinic_id
      JOIN clinicdesk.patient p ON p.id = m.patient_id AND p.merged_into IS NULL
     WHERE r.clinic_id = :clinic AND r.event = 'birthday' AND r.active
       AND to_char(p.birth_date, 'MM-DD') = ANY (:days)
       AND EXISTS (SELECT 1 FROM clinicdesk.consent y
                    WHERE y.patient_id = p.id AND y.purpose = t.purpose AND y.revoked_at IS NULL)
       AND ((r.service_ids, r.professional_ids, r.excluded_service_ids) = ('{}', '{}', '{}')
            OR EXISTS (SELECT 1 FROM (SELECT a.service_id, a.professional_id FROM clinicdesk.appointment a
                                       WHERE a.patient_id = p.id AND a.clinic_id = r.clinic_id
                                         AND a.status = 'completed'
                                       ORDER BY a.starts_at DESC LIMIT 1) last
                        WHERE (r.service_ids = '{}' OR last.service_id = ANY (r.service_ids))
                          AND (r.professional_ids = '{}' OR last.professional_id = ANY (r.professional_ids))
                          AND NOT last.service_id = ANY (r.excluded_service_ids)))
     ORDER BY r.id, p.id
    """
)
_WISH = text(
    """
    INSERT INTO clinicdesk.outgoing_message (id, clinic_id, kind, rule_id, template_id, patient_id, planned_for,
        expires_at)
    VALUES (:id, :clinic, 'birthday', :rule, :template, :patient, :due, :expires)
    ON CONFLICT (id) DO NOTHING
    """
)
_QUIET = text(
    """
    SELECT quiet_from, quiet_to, on_sundays FROM clinicdesk.messaging_policy WHERE clinic_id = :clinic
    """
)


def birthdays(connection: Connection, clinic_id: UUID, day: dt.date) -> Sequence[Row[Any]]:
    """Who has a birthday on a day and is written to, by which rule."""
    days = [f"{day:%m-%d}"]
    if days == ["02-28"] and (day + dt.timedelta(days=1)).month == 3:
        days.append("02-29")
    return connection.execute(_BIRTHDAYS, {"clinic": clinic_id, "days": days}).all()


def wish(connection: Connection, values: dict[str, object]) -> bool:
    """Plan one wish; False when it is planned already."""
    return connection.execute(_WISH, values).rowcount == 1


def quiet_hours(connection: Connection, clinic_id: UUID) -> QuietHours:
    """When the clinic writes to nobody."""
    row = connection.execute(_QUIET, {"clinic": clinic_id}).first()
    wall = zone(connection, clinic_id)
    return QuietHours(wall, *row) if row else QuietHours(wall)


def replan(connection: Connection, clinic_id: UUID, since: dt.datetime, until: dt.datetime) -> int:
    """Look over the plans of the visits of a stretch of time; how many there are."""
    statement = text("SELECT clinicdesk.replan_clinic(:clinic, :since, :until)")
    found: int = connection.execute(statement, {"clinic": clinic_id, "since": since, "until": until}).scalar_one()
    return found


def days_ahead(connection: Connection, clinic_id: UUID) -> list[dt.datetime]:
    """The beginnings of the days to come on which there are visits."""
    statement = text(
        """
        SELECT DISTINCT date_trunc('day', starts_at, 'UTC') AS day FROM clinicdesk.appointment
         WHERE clinic_id = :clinic AND starts_at > clock_timestamp() ORDER BY day
        """
    )
    return [row[0] for row in connection.execute(statement, {"clinic": clinic_id}).all()]
