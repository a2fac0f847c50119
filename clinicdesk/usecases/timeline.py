"""A patient's timeline, page by page, out of every room that has something to tell."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.staff import Role
from clinicdesk.domain.timeline import Moment, Registered, TimelinePage, newest
from clinicdesk.storage import agenda, alerts, merging, recall, waiting
from clinicdesk.storage import patients as patient_rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.clinic import Clinic

PAGE = 60


@dataclass(frozen=True)
class Asked:
    """Whose moments, as seen by which role, older than which moment (None for the newest), and how many at most."""

    patient_id: UUID
    role: Role
    before: Moment | None
    most: int

    def among(self, moments: Iterable[Moment]) -> list[Moment]:
        """Those of a source that has few at all: ordered, and cut to what is asked."""
        ordered = sorted(moments, key=lambda one: one.place, reverse=True)
        older = ordered if self.before is None else [one for one in ordered if one.place < self.before.place]
        return older[: self.most]


Source = Callable[[Transaction, Asked], Iterable[Moment]]


def _visits(tx: Transaction, asked: Asked) -> Iterable[Moment]:
    before = asked.before.place if asked.before else None
    visits = agenda.of_patient(tx, asked.patient_id, asked.most, before)
    return [Moment(one.starts_at, one.id, one) for one in visits]


def _alerts(tx: Transaction, asked: Asked) -> Iterable[Moment]:
    return asked.among(Moment(one.at, one.alert.id, one) for one in alerts.written(tx, asked.patient_id))


def _merges(tx: Transaction, asked: Asked) -> Iterable[Moment]:
    if asked.role is Role.PROFESSIONAL:
        return []  # whose records were one is the desk's business
    return asked.among(Moment(one.at, one.id, one) for one in merging.merges(tx, asked.patient_id))


def _registration(tx: Transaction, asked: Asked) -> Iterable[Moment]:
    found = patient_rows.registration(tx, asked.patient_id)
    if found is None:
        return []
    at, by, source = found
    return asked.among([Moment(at, asked.patient_id, Registered(asked.patient_id, by, source))])


def _waiting(tx: Transaction, asked: Asked) -> Iterable[Moment]:
    return asked.among(Moment(one.since, one.id, one) for one in waiting.of_patient(tx, asked.patient_id))


def _attempts(tx: Transaction, asked: Asked) -> Iterable[Moment]:
    return asked.among(Moment(one.at, one.id, one) for one in recall.attempts_at_patient(tx, asked.patient_id))


SOURCES: tuple[Source, ...] = (_visits, _alerts, _merges, _waiting, _attempts, _registration)


def page(clinic: Clinic, patient_id: UUID, before: Moment | None = None, most: int = PAGE) -> TimelinePage:
    """The newest moments of a patient, or those older than `before`."""
    with clinic.transaction() as tx:
        return read(tx, clinic, patient_id, before, most)


def read(
    tx: Transaction, clinic: Clinic, patient_id: UUID, before: Moment | None = None, most: int = PAGE
) -> TimelinePage:
    """The same inside another use case's transaction."""
    asked = Asked(patient_id, clinic.person.role, before, most + 1)
    return newest([source(tx, asked) for source in SOURCES], most)
