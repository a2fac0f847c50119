"""What the page reads: one patient with everything the release knows of them, in one go."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.consents import Consent
from clinicdesk.domain.custom_fields import CustomField, Entity
from clinicdesk.domain.metrics import PatientMetrics
from clinicdesk.domain.patients import Patient, PatientMatch, Severity
from clinicdesk.domain.recall import Recall
from clinicdesk.domain.snapshot import ClinicDays
from clinicdesk.domain.tags import Tag
from clinicdesk.domain.timeline import TimelinePage
from clinicdesk.domain.waiting import WaitingEntry
from clinicdesk.errors import KeyUnavailable, ServerAway
from clinicdesk.usecases import (
    agenda,
    consents,
    custom_fields,
    merging,
    metrics,
    patients,
    recall,
    tags,
    timeline,
    waiting,
)
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.metrics import Numbers

_NO_NUMBERS = Numbers(PatientMetrics())
_NOTHING_YET = TimelinePage((), True)


@dataclass(frozen=True)
class Profile:
    """One patient as the page shows them. `cpf_masked` is empty for none, and without the key only dots."""

    patient: Patient
    cpf_masked: str
    visits: tuple[Appointment, ...]
    dependants: tuple[PatientMatch, ...]
    numbers: Numbers = _NO_NUMBERS
    tags: tuple[Tag, ...] = ()
    own: tuple[CustomField, ...] = ()
    timeline: TimelinePage = _NOTHING_YET
    waiting: tuple[WaitingEntry, ...] = ()
    recalls: tuple[Recall, ...] = ()
    consents: tuple[Consent, ...] = ()
    partial: bool = False  # read without the server: only what the days at hand tell


def read_profile(clinic: Clinic, patient_id: UUID, moments: int = 0) -> Profile:
    """Everything about one patient, and so much of the timeline at least; of whoever stands for them if they were
    joined with another entry. Without the server what was kept of the days at hand. Raises NotFound.
    """
    if (kept := clinic.kept) is not None:
        return _kept_profile(kept, patient_id)
    patient_id = merging.standing(clinic, patient_id)
    patient = patients.patient(clinic, patient_id)
    visits = agenda.of_patient(clinic, patient_id)
    dependants = patients.dependants(clinic, patient_id)
    return Profile(
        patient,
        _masked(clinic, patient),
        tuple(visits),
        tuple(dependants),
        metrics.of_patient(clinic, patient_id),
        tags.of_patient(clinic, patient_id),
        tuple(custom_fields.fields(clinic, Entity.PATIENT)),
        timeline.page(clinic, patient_id, most=max(moments, timeline.PAGE)),
        waiting.of_patient(clinic, patient_id),
        recall.of_patient(clinic, patient_id),
        consents.of_patient(clinic, patient_id),
    )


def _kept_profile(kept: ClinicDays, patient_id: UUID) -> Profile:
    """What a visit's card tells of a patient, with every alert; the rest is not at this desk."""
    visits = tuple(kept.of_patient(patient_id))
    if not visits:
        raise ServerAway
    one = visits[0]
    patient = Patient(
        id=patient_id,
        version=0,
        full_name=one.patient_name,
        social_name="",
        phone=one.patient_phone,
        email="",
        birth_date=one.patient_birth_date,
        has_cpf=False,
        guardian_id=None,
        guardian_name=one.guardian_name,
        guardian_kinship="",
        address="",
        source="",
        vip=False,
        note="",
        created_at=one.starts_at,
        priority=one.patient_priority,
        priority_until=one.patient_priority_until,
        alerts=kept.alerts.get(patient_id, ()),
    )
    return Profile(patient, "", visits, (), partial=True)


def match_of(profile: Profile, now: dt.datetime) -> PatientMatch:
    """The patient as a line of a search, for whoever takes them on from here."""
    one = profile.patient
    standing = [visit.starts_at for visit in profile.visits if visit.status.holds_the_slot]
    return PatientMatch(
        one.id,
        one.name,
        one.phone,
        one.birth_date,
        one.guardian_name,
        one.vip,
        min((at for at in standing if at >= now), default=None),
        max((at for at in standing if at < now), default=None),
        next((alert.text for alert in one.alerts if alert.severity is Severity.SEVERE), ""),
    )


def _masked(clinic: Clinic, patient: Patient) -> str:
    if not patient.has_cpf:
        return ""
    try:
        return patients.masked_cpf(clinic, patient.id)
    except KeyUnavailable:
        return "•••.•••.•••-••"  # this sign-in has no key; that there is a CPF is still worth saying
