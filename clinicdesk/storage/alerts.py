"""Alerts for the desk, as rows: what was written stays, and stands or does not."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from clinicdesk.domain.alerts import WrittenAlert
from clinicdesk.domain.patients import Alert, Severity
from clinicdesk.storage import tables as t

_A = t.patient_alert
_WRITTEN = select(
    _A.c.id, _A.c.severity, _A.c.text, func.coalesce(t.person.c.name, ""), _A.c.created_at, _A.c.active
).outerjoin(t.person, t.person.c.id == _A.c.created_by)


def written(connection: Connection, patient_id: UUID) -> list[WrittenAlert]:
    """Every alert about a patient, newest first."""
    query = _WRITTEN.where(_A.c.patient_id == patient_id).order_by(_A.c.created_at.desc(), _A.c.id.desc())
    return [
        WrittenAlert(Alert(row[0], Severity(row[1]), row[2]), row[3], row[4], row[5])
        for row in connection.execute(query)
    ]


def standing(connection: Connection, patient_ids: Sequence[UUID]) -> dict[UUID, tuple[Alert, ...]]:
    """The alerts that stand for some patients, the gravest first."""
    query = (
        select(_A.c.patient_id, _A.c.id, _A.c.severity, _A.c.text)
        .where(_A.c.patient_id.in_(patient_ids), _A.c.active)
        .order_by((_A.c.severity == "severe").desc(), _A.c.created_at)
    )
    found: dict[UUID, tuple[Alert, ...]] = {}
    for patient_id, alert_id, severity, words in connection.execute(query):
        found[patient_id] = (*found.get(patient_id, ()), Alert(alert_id, Severity(severity), words))
    return found


def insert_alert(connection: Connection, alert_id: UUID, patient_id: UUID, severity: Severity, text: str) -> None:
    """Write an alert."""
    connection.execute(insert(_A).values(id=alert_id, patient_id=patient_id, severity=severity, text=text))


def set_standing(connection: Connection, alert_id: UUID, stands: bool) -> bool:
    """Let an alert stand, or not; False when it is not there."""
    return connection.execute(update(_A).where(_A.c.id == alert_id).values(active=stands)).rowcount == 1
