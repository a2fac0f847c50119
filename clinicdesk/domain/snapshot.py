"""The agenda of today and tomorrow as one person saw it last: what a desk can still read when the server is gone."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.clinics import Catalogue, Clinic, SchedulingPolicy
from clinicdesk.domain.hours import Calendar
from clinicdesk.domain.patients import Alert, PatientMatch, fold, search_words
from clinicdesk.domain.slots import Holding
from clinicdesk.domain.staff import Person

DAYS = 2
KEPT = dt.timedelta(days=3)  # then it goes: an old list of patients helps nobody and can still be stolen


@dataclass(frozen=True)
class ClinicDays:
    """Some days of one clinic: who comes, how they are reached, what is to be known of them, and when work is done."""

    catalogue: Catalogue
    first_day: dt.date
    last_day: dt.date
    appointments: tuple[Appointment, ...]
    calendar: Calendar
    policy: SchedulingPolicy
    busy: tuple[Holding, ...]
    alerts: Mapping[UUID, tuple[Alert, ...]] = field(default_factory=dict)

    def holds(self, first_day: dt.date, last_day: dt.date) -> bool:
        """Whether every one of these local days was kept."""
        return self.first_day <= first_day and last_day <= self.last_day

    def visits(self, first_day: dt.date, last_day: dt.date, professional_ids: Sequence[UUID]) -> list[Appointment]:
        """The visits of some professionals on local days, in order of time."""
        whose = set(professional_ids)
        return [
            one
            for one in self.appointments
            if one.professional_id in whose and first_day <= self.calendar.local_day(one.starts_at) <= last_day
        ]

    def with_visits(
        self, first_day: dt.date, last_day: dt.date, professional_ids: Sequence[UUID], known: Sequence[Appointment]
    ) -> "ClinicDays":
        """The same with what is known later of some professionals on some days."""
        older = {one.id for one in self.visits(first_day, last_day, professional_ids)} | {one.id for one in known}
        inside = [one for one in known if self.holds(*2 * (self.calendar.local_day(one.starts_at),))]
        kept = [one for one in self.appointments if one.id not in older]
        return replace(self, appointments=tuple(sorted((*kept, *inside), key=lambda one: (one.starts_at, one.id))))

    def of_patient(self, patient_id: UUID) -> list[Appointment]:
        """A patient's visits on the days that were kept, newest first."""
        found = [one for one in self.appointments if one.patient_id == patient_id]
        return sorted(found, key=lambda one: one.starts_at, reverse=True)

    def search(self, text: str, now: dt.datetime, limit: int, offset: int = 0) -> list[PatientMatch]:
        """Those who come on these days, by any part of their names or any run of phone digits, by name."""
        words, _cpf = search_words(text)
        found = [one for one in self.patients(now) if _answers(one, words)]
        return sorted(found, key=lambda one: (fold(one.name), one.id))[offset : offset + limit]

    def patients(self, now: dt.datetime) -> list[PatientMatch]:
        """Everybody who comes on these days, as a search shows them; of who gave up nothing true could be said."""
        seen: dict[UUID, list[Appointment]] = {}
        for one in self.appointments:
            if one.status.holds_the_slot:
                seen.setdefault(one.patient_id, []).append(one)
        return [_match(visits, now) for visits in seen.values()]


@dataclass(frozen=True)
class Snapshot:
    """What one person may see, of every clinic of theirs. `ahead_seconds` is the server's clock over this desk's."""

    taken_at: dt.datetime
    ahead_seconds: float
    person: Person
    clinics: tuple[Clinic, ...]
    days: Mapping[UUID, ClinicDays]

    def too_old(self, now: dt.datetime) -> bool:
        """Whether it is to be removed."""
        return now - self.taken_at > KEPT

    def with_days(self, clinic_id: UUID, days: ClinicDays) -> "Snapshot":
        """The same with what is known later of one clinic."""
        return replace(self, days={**self.days, clinic_id: days})


def _match(visits: Sequence[Appointment], now: dt.datetime) -> PatientMatch:
    one = visits[0]
    standing = [visit.starts_at for visit in visits]
    return PatientMatch(
        one.patient_id,
        one.patient_name,
        one.patient_phone,
        one.patient_birth_date,
        one.guardian_name,
        vip=False,
        next_visit=min((at for at in standing if at >= now), default=None),
        last_visit=max((at for at in standing if at < now), default=None),
        alert=next((visit.alert for visit in visits if visit.alert), ""),
    )


def _answers(match: PatientMatch, words: Sequence[str]) -> bool:
    name = fold(match.name)
    starts = name.split()
    return all(
        word in name
        if len(word) > 2 and not word.isdigit()
        else (word in match.phone if word.isdigit() else any(start.startswith(word) for start in starts))
        for word in words
    )
