"""Taking over the attendances of another system's table, again and again: what is new there, changed, or cancelled."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.domain.agenda import STEPS, Appointment, BookAppointment, ChangeStatus, Channel, MoveAppointment, Status
from clinicdesk.domain.agenda_import import find_professional, guess_service
from clinicdesk.domain.attendances import Attendance, Source, UnreadableAttendance, read_row
from clinicdesk.domain.clinics import Catalogue, Professional, Service
from clinicdesk.domain.patient_import import similar_names
from clinicdesk.domain.patients import fold
from clinicdesk.errors import ClinicError, InvalidField, KeyUnavailable
from clinicdesk.storage import agenda as visit_rows
from clinicdesk.storage import attendances as rows
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import offers as offer_rows
from clinicdesk.storage import patient_import as import_rows
from clinicdesk.storage import patients as patient_rows
from clinicdesk.storage.engine import Transaction, server_now
from clinicdesk.usecases.agenda import book_within, move_within, step_within
from clinicdesk.usecases.clinic import Clinic, new_id

MOST = 5_000  # rows of one run; the next one goes on from there


class AttendanceOutcome(StrEnum):
    """What became of a row."""

    NEW = "new"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    KNOWN = "known"  # as it was taken before
    KEPT = "kept"  # changed there and here: what was decided here stays
    PAST = "past"
    CONFLICT = "conflict"  # `error` says who holds the time, or why it is closed
    REFUSED = "refused"


_KEPT_AS = {
    AttendanceOutcome.NEW: "taken",
    AttendanceOutcome.CHANGED: "merged",
    AttendanceOutcome.CANCELLED: "merged",
    AttendanceOutcome.KNOWN: "merged",
}


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """One row of the report."""

    uid: str
    patient_name: str
    outcome: AttendanceOutcome
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    professional: str = ""
    service_name: str = ""
    error: ClinicError | None = None
    row_id: UUID | None = None


@dataclass(frozen=True)
class AttendanceReport:
    """What an import of attendances did, or would do when it is a dry run: then `batch_id` is None."""

    source: str
    address: str
    lines: tuple[AttendanceLine, ...]
    more: bool = False  # whether rows were left for the next run
    batch_id: UUID | None = None

    def count(self, outcome: AttendanceOutcome) -> int:
        """How many rows came out so."""
        return Counter(one.outcome for one in self.lines)[outcome]


class _DryRun(Exception):
    """Everything was tried; the transaction is rolled back."""


def import_attendances(
    clinic: Clinic, source: Source, password: str = "", dry_run: bool = False, now: dt.datetime | None = None
) -> AttendanceReport:
    """Take over what changed in the source since the last run, in one transaction; rows that cannot be are listed.

    A dry run tries everything and takes it back. Raises SourceWrong or NotAllowed.
    """
    with clinic.transaction() as tx:
        since = rows.watermark(tx, clinic.id, source.name)
    found = rows.rows_of(source, password, since, MOST + 1)
    report: AttendanceReport | None = None
    try:
        with clinic.transaction() as tx:
            import_rows.allow_minutes(tx)
            run = _Run(tx, clinic, source, now or server_now(tx))
            report = run.take(found[:MOST], more=len(found) > MOST)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    if report is None:
        raise AssertionError("an import ends with a report")
    return replace(report, batch_id=None) if dry_run else report


class _Run:
    """One import within its transaction."""

    def __init__(self, tx: Transaction, clinic: Clinic, source: Source, now: dt.datetime) -> None:
        self._tx, self._clinic, self._source, self._now = tx, clinic, source, now
        self._things: Catalogue = clinic_rows.catalogue(tx, clinic.id)
        self._zone = ZoneInfo(self._things.clinic.zone)
        self._batch_id = new_id()
        self._met: dict[tuple[str, str], UUID] = {}

    def take(self, found: Sequence[Mapping[str, object]], *, more: bool) -> AttendanceReport:
        read = [read_row(self._source, row, self._zone) for row in found]
        import_rows.insert_batch(self._tx, self._batch_id, self._clinic.id, "agenda", self._source.name)
        known = visit_rows.known_uids(self._tx, self._clinic.id, [self._uid(one) for one in read])
        told = rows.last_told(self._tx, list(known.values()))
        lines: dict[int, AttendanceLine] = {}
        # What frees time comes first, then what is new in the order of time.
        for place in sorted(range(len(read)), key=lambda at: self._turn(read[at], known)):
            one = read[place]
            lines[place] = self._line(one, known, told)
            if (made := lines[place].row_id) is not None:
                known[self._uid(one)] = made
        ordered = [lines[place] for place in range(len(read))]
        kept = [self._kept(at, one, line) for at, (one, line) in enumerate(zip(read, ordered, strict=True), 1)]
        import_rows.insert_lines(self._tx, kept)
        self._keep_mark(read, ordered)
        address = rows.address_shown(self._source)
        return AttendanceReport(self._source.name, address, tuple(ordered), more, self._batch_id)

    def _uid(self, one: Attendance | UnreadableAttendance) -> str:
        return f"{self._source.name}:{one.uid}"

    def _turn(self, one: Attendance | UnreadableAttendance, known: Mapping[str, UUID]) -> tuple[int, dt.datetime]:
        if isinstance(one, UnreadableAttendance):
            return 3, self._now
        turn = 2 if self._uid(one) not in known else 0 if one.status is Status.CANCELLED else 1
        return turn, one.slot.starts_at

    def _line(
        self,
        one: Attendance | UnreadableAttendance,
        known: Mapping[str, UUID],
        told: Mapping[UUID, Mapping[str, str]],
    ) -> AttendanceLine:
        if isinstance(one, UnreadableAttendance):
            return AttendanceLine(one.uid, one.patient_name, AttendanceOutcome.REFUSED, error=one.problem)
        line = AttendanceLine(
            one.uid, one.patient_name, AttendanceOutcome.PAST, one.slot.starts_at, one.slot.ends_at, one.professional
        )
        over = one.slot.starts_at <= self._now or one.status in (Status.COMPLETED, Status.NO_SHOW)
        appointment_id = known.get(self._uid(one))
        if over or (appointment_id is None and one.status is Status.CANCELLED):
            return replace(line, row_id=appointment_id)
        try:
            with offer_rows.attempt(self._tx):
                if appointment_id is None:
                    return self._book(line, one)
                return self._follow(line, one, appointment_id, told.get(appointment_id, {}))
        except InvalidField as error:
            return replace(line, outcome=AttendanceOutcome.REFUSED, error=error)
        except ClinicError as error:
            return replace(line, outcome=AttendanceOutcome.CONFLICT, error=error, row_id=appointment_id)

    # --- new ---------------------------------------------------------------------------------------------------------

    def _book(self, line: AttendanceLine, one: Attendance) -> AttendanceLine:
        professional = self._professional(one)
        service = self._service(one, professional)
        patient_id = self._patient(one) or self._register(one)
        command = BookAppointment(
            operation_id=new_id(),
            patient=patient_id,
            professional_id=professional.id,
            service_id=service.id,
            slot=one.slot,
            status=one.status,
            channel=Channel.IMPORT,
            note=one.note,
            source_uid=self._uid(one),
        )
        made = book_within(self._tx, self._clinic, new_id(), command, self._batch_id)
        self._met[fold(one.patient_name), one.phone] = patient_id
        return replace(
            line,
            outcome=AttendanceOutcome.NEW,
            row_id=made.id,
            patient_name=made.patient_name,
            professional=made.professional_name,
            service_name=made.service_name,
        )

    def _professional(self, one: Attendance) -> Professional:
        name = self._source.professionals.get(fold(one.professional), one.professional)
        found = find_professional(name, self._things.professionals)
        if found is None:
            raise InvalidField("professional", "unknown", one.professional[:100])
        return found

    def _service(self, one: Attendance, professional: Professional) -> Service:
        wanted = self._source.services.get(fold(one.service), one.service)
        by_name = {fold(each.name): each for each in self._things.services}
        found = by_name.get(fold(wanted)) or by_name.get(fold(self._source.service))
        if found is None and wanted:
            found = guess_service(wanted, self._things.services, professional)
        if found is None:
            raise InvalidField("service", "unknown", one.service[:100])
        return found

    def _patient(self, one: Attendance) -> UUID | None:
        """Somebody of the register by CPF, by phone and name, or by name and birth date; None for somebody new."""
        met = self._met.get((fold(one.patient_name), one.phone))
        found = met or self._by_cpf(one.cpf)
        if found is not None:
            return found
        if one.phone:
            for each in patient_rows.lookalikes(self._tx, phone=one.phone, sort_name="", birth_date=None):
                if similar_names(fold(one.patient_name), fold(each.name)):
                    return each.id
        name = fold(one.patient_name)
        namesakes = patient_rows.lookalikes(self._tx, phone="", sort_name=name, birth_date=one.birth_date)
        if len(namesakes) > 1 and not one.phone and one.birth_date is None:
            raise InvalidField("patient", "ambiguous", one.patient_name)
        born = [each for each in namesakes if one.birth_date and each.birth_date == one.birth_date]
        if len(born) == 1:
            return born[0].id
        if len(namesakes) == 1 and (not one.phone or not namesakes[0].phone) and not born:
            return namesakes[0].id
        return None

    def _register(self, one: Attendance) -> UUID:
        """Put on the register whom the other system knows, with what it knows of them."""
        patient_id = new_id()
        values: dict[str, object] = {
            "full_name": one.patient_name,
            "phone": one.phone,
            "birth_date": one.birth_date,
            "source": self._source.name,
            "import_id": self._batch_id,
        }
        with suppress(KeyUnavailable):  # without the keys the CPF is left out
            if one.cpf:
                keys = self._clinic.keys
                values |= {"cpf_ciphertext": keys.seal_cpf(patient_id, one.cpf), "cpf_index": keys.cpf_index(one.cpf)}
                values |= {"cpf_key_version": keys.key_version}
        patient_rows.insert_patient(self._tx, patient_id, values)
        return patient_id

    def _by_cpf(self, digits: str) -> UUID | None:
        if not digits:
            return None
        try:
            found = patient_rows.by_cpf(self._tx, self._clinic.keys.cpf_index(digits))
        except KeyUnavailable:
            return None
        return found.id if found else None

    # --- known -------------------------------------------------------------------------------------------------------

    def _follow(
        self, line: AttendanceLine, one: Attendance, appointment_id: UUID, told: Mapping[str, str]
    ) -> AttendanceLine:
        """What changed there since the last run is done here, unless it was changed here meanwhile."""
        visit = visit_rows.appointment(self._tx, appointment_id)
        if visit is None:
            raise InvalidField("event", "unknown", one.uid)
        line = replace(line, row_id=visit.id, patient_name=visit.patient_name, service_name=visit.service_name)
        news = {name for name, value in _told(one).items() if told.get(name, value) != value}
        outcome = AttendanceOutcome.KNOWN
        if "status" in news or (not told and one.status is not visit.status):
            outcome = self._step(one, visit, told)
        if news & {"starts_at", "ends_at", "professional"} and visit.status.holds_the_slot:
            moved = self._move(one, visit_rows.appointment(self._tx, appointment_id) or visit, told)
            outcome = moved if outcome is AttendanceOutcome.KNOWN else outcome
        return replace(line, outcome=outcome)

    def _step(self, one: Attendance, visit: Appointment, told: Mapping[str, str]) -> AttendanceOutcome:
        if one.status is visit.status:
            return AttendanceOutcome.KNOWN
        changed_here = bool(told) and told.get("status") != visit.status
        if one.status not in STEPS[visit.status] or (changed_here and one.status is not Status.CANCELLED):
            return AttendanceOutcome.KEPT
        if not visit.status.holds_the_slot:
            return AttendanceOutcome.KEPT
        step_within(self._tx, ChangeStatus(new_id(), visit.id, visit.version, one.status, Channel.IMPORT), self._now)
        return AttendanceOutcome.CANCELLED if one.status is Status.CANCELLED else AttendanceOutcome.CHANGED

    def _move(self, one: Attendance, visit: Appointment, told: Mapping[str, str]) -> AttendanceOutcome:
        if not visit.status.holds_the_slot:
            return AttendanceOutcome.KNOWN
        if told and told.get("starts_at") != visit.starts_at.astimezone(dt.UTC).isoformat():
            return AttendanceOutcome.KEPT
        professional = self._professional(one)
        stays = professional.id == visit.professional_id
        move_within(
            self._tx,
            MoveAppointment(
                operation_id=new_id(),
                appointment_id=visit.id,
                seen_version=visit.version,
                professional_id=professional.id,
                slot=one.slot,
                room_id=visit.room_id if stays else None,
                equipment_id=visit.equipment_id,
            ),
        )
        return AttendanceOutcome.CHANGED

    # --- what is kept ------------------------------------------------------------------------------------------------

    def _kept(self, number: int, read: Attendance | UnreadableAttendance, line: AttendanceLine) -> dict[str, object]:
        done = line.outcome in _KEPT_AS and isinstance(read, Attendance)
        return {
            "import_id": self._batch_id,
            "line": number,
            "outcome": _KEPT_AS.get(line.outcome, "refused"),
            "reason": type(line.error).__name__ if line.error else str(line.outcome),
            "row_id": line.row_id,
            "before": _told(read) if done and isinstance(read, Attendance) else None,
        }

    def _keep_mark(self, read: Sequence[Attendance | UnreadableAttendance], lines: Sequence[AttendanceLine]) -> None:
        """Go on behind the last row; what found no time is tried again, because the time may become free."""
        marks = [one.mark for one in read]
        stuck = [mark for mark, line in zip(marks, lines, strict=True) if line.outcome is AttendanceOutcome.CONFLICT]
        mark = stuck[0] if stuck else marks[-1] if marks else ""
        if mark:
            rows.keep_watermark(self._tx, new_id(), self._clinic.id, self._source.name, mark)


def _told(one: Attendance) -> dict[str, str]:
    """What the other system says of a visit, to know the next time what changed there."""
    return {
        "starts_at": one.slot.starts_at.astimezone(dt.UTC).isoformat(),
        "ends_at": one.slot.ends_at.astimezone(dt.UTC).isoformat(),
        "professional": fold(one.professional),
        "status": str(one.status),
    }
