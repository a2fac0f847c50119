"""Taking over a professional's calendar from an .ics file: booked, blocked, or listed with the reason, all at once."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.domain.agenda import BlockTime, BookAppointment, Channel, Slot, Status
from clinicdesk.domain.agenda_import import (
    CalendarEvent,
    find_professional,
    guess_service,
    patient_words,
    read_calendar,
)
from clinicdesk.domain.clinics import Catalogue, Professional
from clinicdesk.domain.delimited import decoded
from clinicdesk.domain.patient_import import similar_names
from clinicdesk.domain.patients import NewPatient, clean_name, fold
from clinicdesk.errors import ClinicError, InvalidField, NotFound, UnreadableFile
from clinicdesk.storage import agenda as rows
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import patient_import as import_rows
from clinicdesk.storage import patients as patient_rows
from clinicdesk.storage.engine import Transaction, server_now
from clinicdesk.usecases.agenda import block_within, book_within
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.patient_import import read_file

HORIZON_DAYS = 365


class EventOutcome(StrEnum):
    """What became of an event of the file."""

    BOOKED = "booked"
    BLOCKED = "blocked"
    KNOWN = "known"  # it was taken over before
    CONFLICT = "conflict"  # `error` says who holds the time, or why it is closed
    REFUSED = "refused"


_KEPT_AS = {
    EventOutcome.BOOKED: "taken",
    EventOutcome.BLOCKED: "taken",
    EventOutcome.KNOWN: "merged",
    EventOutcome.CONFLICT: "refused",
    EventOutcome.REFUSED: "refused",
}


@dataclass(frozen=True, slots=True)
class AgendaImportLine:
    """One event of the report, in order of time; those without a time could not be read."""

    uid: str
    summary: str
    outcome: EventOutcome
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    patient_name: str = ""
    patient_is_new: bool = False
    service_name: str = ""
    error: ClinicError | None = None
    row_id: UUID | None = None


@dataclass(frozen=True)
class AgendaImportReport:
    """What an import of an agenda did, or would do when it is a dry run: then `batch_id` is None."""

    professional: Professional
    lines: tuple[AgendaImportLine, ...]
    batch_id: UUID | None = None

    def count(self, outcome: EventOutcome) -> int:
        """How many events came out so."""
        return Counter(one.outcome for one in self.lines)[outcome]


class _DryRun(Exception):
    """Everything was tried; the transaction is rolled back."""


def import_agenda(
    clinic: Clinic,
    source: Path | bytes,
    professional_name: str,
    dry_run: bool = False,
    horizon_days: int = HORIZON_DAYS,
    now: dt.datetime | None = None,
) -> AgendaImportReport:
    """Take over the events of a calendar file from today on, for one professional, in one transaction.

    An event that cannot be booked is listed and left out; a second import of the same file books nothing twice. A dry
    run tries everything and takes it back. Raises UnreadableFile, NotFound for an unknown professional, or NotAllowed.
    """
    data = read_file(source)
    report: AgendaImportReport | None = None
    try:
        with clinic.transaction() as tx:
            import_rows.allow_minutes(tx)
            things = clinic_rows.catalogue(tx, clinic.id)
            professional = find_professional(professional_name, things.professionals)
            if professional is None:
                raise NotFound("professional", professional_name)
            first_day = (now or server_now(tx)).astimezone(ZoneInfo(things.clinic.zone)).date()
            run = _Run(tx, clinic, things, professional, source.name if isinstance(source, Path) else "")
            report = run.take(data, first_day, first_day + dt.timedelta(days=horizon_days))
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    if report is None:
        raise AssertionError("an import ends with a report")
    return replace(report, batch_id=None) if dry_run else report


class _Run:
    """One import within its transaction."""

    def __init__(
        self, tx: Transaction, clinic: Clinic, things: Catalogue, professional: Professional, file_name: str
    ) -> None:
        self._tx, self._clinic, self._things, self._professional = tx, clinic, things, professional
        self._file_name = file_name
        self._batch_id = new_id()
        self._met: dict[tuple[str, str], UUID] = {}  # patients of this file, by folded name and phone

    def take(self, data: bytes, first_day: dt.date, last_day: dt.date) -> AgendaImportReport:
        text, _encoding = decoded(data)
        try:
            events, bad = read_calendar(text, first_day, last_day, ZoneInfo(self._things.clinic.zone))
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableFile(self._file_name, "not_a_calendar") from error
        lines = [
            AgendaImportLine(one.uid, one.summary, EventOutcome.REFUSED, error=InvalidField("event", one.reason))
            for one in bad
        ]
        import_rows.insert_batch(self._tx, self._batch_id, self._clinic.id, "agenda", self._file_name)
        known = rows.known_uids(self._tx, self._clinic.id, [one.uid for one in events])
        for event in events:
            if event.uid in known:
                lines.append(self._line(event, EventOutcome.KNOWN, row_id=known[event.uid]))
            else:
                lines.append(self._event(event))
                known |= {event.uid: lines[-1].row_id} if lines[-1].row_id else {}
        import_rows.insert_lines(self._tx, [self._kept(number, one) for number, one in enumerate(lines, start=1)])
        return AgendaImportReport(self._professional, tuple(lines), self._batch_id)

    def _event(self, event: CalendarEvent) -> AgendaImportLine:
        try:
            return self._block(event) if event.own_time else self._book(event)
        except InvalidField as error:
            return self._line(event, EventOutcome.REFUSED, error=error)
        except ClinicError as error:
            return self._line(event, EventOutcome.CONFLICT, error=error)

    def _block(self, event: CalendarEvent) -> AgendaImportLine:
        slot = Slot(event.starts_at, event.ends_at)
        person_id = self._professional.id
        if import_rows.blocks_like(self._tx, self._clinic.id, person_id, slot.starts_at, slot.ends_at):
            return self._line(event, EventOutcome.KNOWN)
        block_id = new_id()
        block_within(self._tx, self._clinic, block_id, BlockTime(new_id(), person_id, slot, event.summary))
        return self._line(event, EventOutcome.BLOCKED, row_id=block_id)

    def _book(self, event: CalendarEvent) -> AgendaImportLine:
        service = guess_service(event.summary, self._things.services, self._professional)
        if service is None:
            raise InvalidField("service", "missing")
        slot = (
            Slot(event.starts_at, event.ends_at)
            if event.ends_at != event.starts_at
            else Slot.lasting(event.starts_at, self._professional.default_duration)
        )
        patient = self._patient(event, *patient_words(event, service, self._professional))
        command = BookAppointment(
            operation_id=new_id(),
            patient=patient,
            professional_id=self._professional.id,
            service_id=service.id,
            slot=slot,
            status=Status.CONFIRMED if any(one.accepted for one in event.attendees) else Status.PENDING,
            channel=Channel.IMPORT,
            note=event.description,
            source_uid=event.uid,
        )
        made = book_within(self._tx, self._clinic, new_id(), command, self._batch_id)
        if isinstance(patient, NewPatient):
            self._met[fold(patient.name), patient.phone] = made.patient_id
        return self._line(
            event,
            EventOutcome.BOOKED,
            patient_name=made.patient_name,
            patient_is_new=isinstance(patient, NewPatient),
            service_name=made.service_name,
            row_id=made.id,
        )

    def _patient(self, event: CalendarEvent, written: str, phone: str) -> UUID | NewPatient:
        """Somebody of the register by address, by phone and name, or by a name that only one has; else somebody new."""
        for guest in event.attendees:
            found = import_rows.by_email(self._tx, guest.email) if guest.email else []
            if len(found) == 1:
                return found[0]
        name = clean_name(written)
        if (fold(name), phone) in self._met:
            return self._met[fold(name), phone]
        if phone:
            for one in patient_rows.lookalikes(self._tx, phone=phone, sort_name="", birth_date=None):
                if similar_names(fold(name), fold(one.name)):
                    return one.id
        namesakes = patient_rows.lookalikes(self._tx, phone="", sort_name=fold(name), birth_date=None)
        if len(namesakes) > 1 and not phone:
            raise InvalidField("patient", "ambiguous", name)
        if len(namesakes) == 1 and (not phone or not namesakes[0].phone):
            return namesakes[0].id
        return NewPatient(name, phone)

    def _line(
        self,
        event: CalendarEvent,
        outcome: EventOutcome,
        *,
        patient_name: str = "",
        patient_is_new: bool = False,
        service_name: str = "",
        error: ClinicError | None = None,
        row_id: UUID | None = None,
    ) -> AgendaImportLine:
        return AgendaImportLine(
            event.uid,
            event.summary,
            outcome,
            event.starts_at,
            event.ends_at,
            patient_name,
            patient_is_new,
            service_name,
            error,
            row_id,
        )

    def _kept(self, number: int, one: AgendaImportLine) -> dict[str, object]:
        reason = type(one.error).__name__ if one.error else one.outcome.value
        return {
            "import_id": self._batch_id,
            "line": number,
            "outcome": _KEPT_AS[one.outcome],
            "reason": reason,
            "row_id": one.row_id,
            "before": None,
        }
