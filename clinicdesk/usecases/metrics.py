"""A patient in numbers, as the clinic at hand knows them."""

from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.metrics import PatientMetrics
from clinicdesk.storage import metrics as rows
from clinicdesk.usecases.clinic import Clinic


@dataclass(frozen=True)
class Numbers:
    """What the visits add up to, with the names of the services that are preferred, in the same order."""

    metrics: PatientMetrics
    services: tuple[str, ...] = ()


def of_patient(clinic: Clinic, patient_id: UUID) -> Numbers:
    """A patient's numbers in this clinic."""
    with clinic.transaction() as tx:
        metrics = rows.of_patient(tx, clinic.id, patient_id)
        return Numbers(metrics, rows.service_names(tx, metrics.preferred_services))
