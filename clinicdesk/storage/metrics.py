"""What patients' visits add up to, as the database keeps it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, select, text

from clinicdesk.domain.metrics import PatientMetrics
from clinicdesk.storage import tables as t

_M = t.patient_metrics
_OF_PATIENT = select(
    _M.c.booked,
    _M.c.completed,
    _M.c.cancelled,
    _M.c.cancelled_late,
    _M.c.no_show,
    _M.c.rescheduled,
    _M.c.first_visit_at,
    _M.c.last_visit_at,
    _M.c.average_days,
    _M.c.preferred_services,
    _M.c.preferred_weekdays,
    _M.c.preferred_hours,
)
_RECOUNT = text("SELECT clinicdesk.recount_metrics()")


def of_patient(connection: Connection, clinic_id: UUID, patient_id: UUID) -> PatientMetrics:
    """A patient's metrics in one clinic; nothing but noughts for who has no visit there."""
    query = _OF_PATIENT.where(_M.c.patient_id == patient_id, _M.c.clinic_id == clinic_id)
    row = connection.execute(query).one_or_none()
    return PatientMetrics(*row[:9], *map(tuple, row[9:])) if row else PatientMetrics()


def service_names(connection: Connection, ids: Sequence[UUID]) -> tuple[str, ...]:
    """What these services are called, in this order."""
    if not ids:
        return ()
    s = t.service.c
    names = {row[0]: row[1] for row in connection.execute(select(s.id, s.name).where(s.id.in_(ids)))}
    return tuple(names[one] for one in ids if one in names)


def recount(connection: Connection) -> int:
    """Count everything again and put right what is not so, as the administrator; how many rows were wrong."""
    wrong: int = connection.execute(_RECOUNT).scalar_one()
    return wrong
