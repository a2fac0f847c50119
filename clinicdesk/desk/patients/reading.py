"""What the page reads: one patient with everything the release knows of them, in one go."""

from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.patients import Patient, PatientMatch
from clinicdesk.errors import KeyUnavailable
from clinicdesk.usecases import agenda, patients
from clinicdesk.usecases.clinic import Clinic


@dataclass(frozen=True)
class Profile:
    """One patient as the page shows them. `cpf_masked` is empty for none, and without the key only dots."""

    patient: Patient
    cpf_masked: str
    visits: tuple[Appointment, ...]
    dependants: tuple[PatientMatch, ...]


def read_profile(clinic: Clinic, patient_id: UUID) -> Profile:
    """Everything about one patient. Raises NotFound."""
    patient = patients.patient(clinic, patient_id)
    visits = agenda.of_patient(clinic, patient_id)
    dependants = patients.dependants(clinic, patient_id)
    return Profile(patient, _masked(clinic, patient), tuple(visits), tuple(dependants))


def _masked(clinic: Clinic, patient: Patient) -> str:
    if not patient.has_cpf:
        return ""
    try:
        return patients.masked_cpf(clinic, patient.id)
    except KeyUnavailable:
        return "•••.•••.•••-••"  # this sign-in has no key; that there is a CPF is still worth saying
