"""Taking over another system's patients from a file: read line by line, written in one transaction, undone again."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.domain.delimited import decoded, find_table, records
from clinicdesk.domain.patient_import import (
    CleanLine,
    Columns,
    Same,
    clean_line,
    decide_columns,
    similar_names,
)
from clinicdesk.domain.patients import PatientForm, fold
from clinicdesk.errors import InvalidField, UnreadableFile
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import patient_import as rows
from clinicdesk.storage.engine import Transaction, server_now
from clinicdesk.usecases.clinic import Clinic, new_id

LARGEST_FILE = 100 * 1024 * 1024  # bytes
_TELL_EVERY = 500  # lines between two words of progress

Progress = Callable[[int, int], None]  # lines done, lines in all


class Outcome(StrEnum):
    """What became of a line."""

    TAKEN = "taken"
    MERGED = "merged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One line of the report: `why` of a merged one says by what, `problems` what could not be accepted."""

    line: int
    outcome: Outcome
    name: str
    why: Same | None = None
    problems: tuple[InvalidField, ...] = ()
    patient_id: UUID | None = None


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do when it is a dry run. Without `batch_id` nothing was written."""

    lines: tuple[ImportLine, ...]
    columns: Columns
    encoding: str
    separator: str
    batch_id: UUID | None = None
    cancelled: bool = False

    def count(self, outcome: Outcome) -> int:
        """How many lines came out so."""
        return sum(1 for one in self.lines if one.outcome is outcome)

    @property
    def taken(self) -> int:
        """How many people are new on the register."""
        return self.count(Outcome.TAKEN)

    @property
    def merged(self) -> int:
        """How many lines spoke of somebody who was there."""
        return self.count(Outcome.MERGED)

    @property
    def refused(self) -> int:
        """How many lines were not taken."""
        return self.count(Outcome.REFUSED)


@dataclass(frozen=True)
class UndoReport:
    """What taking an import back did: `kept` are those who were touched since, by name."""

    removed: int
    emptied: int  # people whose filled-in fields are empty again
    kept: tuple[tuple[UUID, str], ...]


class _Cancelled(Exception):
    """The person gave up; the transaction is rolled back."""


def import_patients(
    clinic: Clinic,
    source: Path | bytes,
    dry_run: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Take a CSV file's patients over: all of what is acceptable in one transaction, or nothing.

    Duplicates, in the file or on the register, are merged by filling only what is empty. Raises UnreadableFile,
    NotAllowed, or PatientAlreadyRegistered when another desk registered one of them meanwhile.
    """
    with clinic.transaction() as tx:
        facts = next(one for one in clinic_rows.clinics(tx) if one.id == clinic.id)
        today = server_now(tx).astimezone(ZoneInfo(facts.zone)).date()
    run = _Run(clinic, progress or (lambda _done, _all: None), cancelled or (lambda: False))
    report = run.read(source, today, facts.phone[3:5] or "11")
    try:
        if not report.cancelled:
            with clinic.transaction() as tx:
                rows.allow_minutes(tx)
                return run.write(tx, report, _file_name(source), dry_run)
    except _Cancelled:
        pass
    return replace(report, lines=tuple(run.refused), cancelled=True)


def undo_import(clinic: Clinic, batch_id: UUID) -> UndoReport:
    """Take an import of patients back as far as nobody has touched it. Raises NotFound when it is undone already."""
    with clinic.transaction() as tx:
        rows.allow_minutes(tx)
        fills = rows.fills(tx, batch_id)
        removed = rows.undo(tx, batch_id)
        emptied = [
            patient_id
            for patient_id, before in fills
            if rows.empty_again(tx, patient_id, before["version"], before["filled"])
        ]
        touched = rows.names_of(tx, [patient_id for patient_id, _before in fills if patient_id not in emptied])
        kept = rows.made_by(tx, batch_id) | touched
        return UndoReport(removed, len(emptied), tuple(kept.items()))


@dataclass(frozen=True)
class Batch:
    """An import that took place."""

    id: UUID
    file_name: str
    at: dt.datetime
    undone: bool


def imports(clinic: Clinic) -> list[Batch]:
    """The imports of patients of this clinic, newest first."""
    with clinic.transaction() as tx:
        return [Batch(*row) for row in rows.batches(tx, clinic.id, "patients")]


# --- reading ---------------------------------------------------------------------------------------------------------


def _file_name(source: Path | bytes) -> str:
    return source.name if isinstance(source, Path) else ""


def read_file(source: Path | bytes) -> bytes:
    """The bytes of a file to import. Raises UnreadableFile: missing, no_access, too_big or empty."""
    if isinstance(source, bytes):
        data = source
    else:
        try:
            if source.stat().st_size > LARGEST_FILE:
                raise UnreadableFile(str(source), "too_big")
            data = source.read_bytes()
        except FileNotFoundError as error:
            raise UnreadableFile(str(source), "missing") from error
        except OSError as error:
            raise UnreadableFile(str(source), "no_access") from error
    if not data.strip():
        raise UnreadableFile(_file_name(source), "empty")
    return data


class _Run:
    """One import: the lines that were read, and then who they turn out to be."""

    def __init__(self, clinic: Clinic, progress: Progress, cancelled: Callable[[], bool]) -> None:
        self._clinic, self._progress, self._is_cancelled = clinic, progress, cancelled
        self._clean: list[tuple[int, CleanLine]] = []
        self.refused: list[ImportLine] = []
        self._all = 0

    def read(self, source: Path | bytes, today: dt.date, area: str) -> ImportReport:
        """Read and check every line, without the database; the lines come with `write`."""
        text, encoding = decoded(read_file(source))
        table = find_table(text, _score)
        if table is None:
            raise UnreadableFile(_file_name(source), "no_name_column")
        separator, head = table
        columns = decide_columns(head.cells)
        report = ImportReport((), columns, encoding, separator)
        found = [one for one in records(text, separator) if one.line > head.line]
        self._all = 2 * len(found)
        for record in found:
            if self._stop_here(len(self._clean) + len(self.refused)):
                return replace(report, cancelled=True)
            try:
                if record.broken:
                    raise InvalidField("line", record.broken)
                self._clean.append((record.line, clean_line(columns, record.cells, today, area)))
            except InvalidField as problem:
                shown = " ".join(record.cells)[:80].replace("\0", "")
                self.refused.append(ImportLine(record.line, Outcome.REFUSED, shown, problems=(problem,)))
        return report

    def _stop_here(self, done: int) -> bool:
        if done % _TELL_EVERY:
            return False
        self._progress(done, self._all)
        return self._is_cancelled()

    # --- deciding and writing ----------------------------------------------------------------------------------------

    def write(self, tx: Transaction, report: ImportReport, file_name: str, dry_run: bool) -> ImportReport:
        """Decide who is who against the register of this moment; write it unless it is a dry run."""
        register = _Register(self._clinic, rows.register(tx))
        lines = [*self.refused]
        for number, clean in self._clean:
            same, patient_id = register.take(clean.form)
            outcome = Outcome.MERGED if same else Outcome.TAKEN
            lines.append(ImportLine(number, outcome, clean.form.full_name, same, clean.problems, patient_id))
        lines.sort(key=lambda one: one.line)
        if dry_run:
            return replace(report, lines=tuple(lines))
        batch_id = new_id()
        rows.insert_batch(tx, batch_id, self._clinic.id, "patients", file_name)
        self._insert(tx, register, batch_id)
        before = self._fill(tx, register)
        kept = []
        for one in lines:
            undoing = before.pop(one.patient_id, None) if one.patient_id else None
            kept.append(_kept_line(batch_id, one, undoing))
        rows.insert_lines(tx, kept)
        if self._is_cancelled():
            raise _Cancelled
        self._progress(self._all, self._all)
        return replace(report, lines=tuple(lines), batch_id=batch_id)

    def _insert(self, tx: Transaction, register: "_Register", batch_id: UUID) -> None:
        new = list(register.new.items())
        for start in range(0, len(new), _TELL_EVERY):
            self._progress(self._all // 2 + start * (self._all // 2) // max(1, len(new)), self._all)
            if self._is_cancelled():
                raise _Cancelled
            part = new[start : start + _TELL_EVERY]
            rows.insert_patients(
                tx,
                [
                    {
                        "id": patient_id,
                        "full_name": form.full_name,
                        "import_id": batch_id,
                        **register.columns(patient_id, form),
                    }
                    for patient_id, form in part
                ],
            )

    def _fill(self, tx: Transaction, register: "_Register") -> dict[UUID, dict[str, object]]:
        """Fill what is empty of those who were there; what is needed to take it back, by patient."""
        before: dict[UUID, dict[str, object]] = {}
        present = rows.locked(tx, list(register.known))
        for patient_id, form in register.known.items():
            if patient_id not in present:
                continue
            version, values = present[patient_id]
            wanted = {
                name: value
                for name, value in register.columns(patient_id, form).items()
                if value not in (None, "") and values[name] in (None, "")
            }
            if wanted:
                rows.fill(tx, patient_id, wanted)
                before[patient_id] = {"version": version + 1, "filled": list(wanted)}
        return before


def _score(cells: tuple[str, ...]) -> int:
    columns = decide_columns(cells)
    return sum(map(len, columns.places.values())) if columns.understood else 0


def _kept_line(batch_id: UUID, one: ImportLine, before: dict[str, object] | None) -> dict[str, object]:
    why = [*([one.why.value] if one.why else []), *(f"{problem.field}:{problem.reason}" for problem in one.problems)]
    return {
        "import_id": batch_id,
        "line": one.line,
        "outcome": one.outcome.value,
        "reason": " ".join(why),
        "row_id": one.patient_id,
        "before": before,
    }


class _Register:
    """Who is who: the register as it was, and with every line taken as it will be."""

    def __init__(self, clinic: Clinic, known: Sequence[rows.Known]) -> None:
        self._keys = clinic.keys
        self.new: dict[UUID, PatientForm] = {}  # to be put on the register
        self.known: dict[UUID, PatientForm] = {}  # what the file says of those who are there
        self._by_cpf: dict[bytes, UUID] = {}
        self._by_phone: dict[str, list[tuple[UUID, str]]] = defaultdict(list)
        self._by_birth: dict[tuple[str, dt.date], UUID] = {}
        self._cpf_of: dict[UUID, bytes] = {}
        self._indexes: dict[str, bytes] = {}
        for one in known:
            self._remember(
                one.id, bytes(one.cpf_index) if one.cpf_index else None, one.phone, one.sort_name, one.birth_date
            )

    def take(self, form: PatientForm) -> tuple[Same | None, UUID]:
        """Who a form is: somebody known, and by what, or somebody new."""
        name = fold(form.social_name or form.full_name)
        index = self._cpf_index(form.cpf)
        same, patient_id = self._find(form, name, index)
        if patient_id is None:
            patient_id = new_id()
            self.new[patient_id] = form
        elif patient_id in self.new:
            self.new[patient_id] = _filled(self.new[patient_id], form)
        else:
            self.known[patient_id] = _filled(self.known[patient_id], form) if patient_id in self.known else form
        self._remember(patient_id, index, form.phone, name, form.birth_date)
        return same, patient_id

    def _find(self, form: PatientForm, name: str, index: bytes | None) -> tuple[Same | None, UUID | None]:
        if index is not None and index in self._by_cpf:
            return Same.CPF, self._by_cpf[index]
        if form.phone:
            for patient_id, other in self._by_phone[form.phone]:
                if similar_names(name, other) and self._may_be(patient_id, index):
                    return Same.PHONE_AND_NAME, patient_id
        if form.birth_date:
            found = self._by_birth.get((name, form.birth_date))
            if found is not None and self._may_be(found, index):
                return Same.NAME_AND_BIRTH, found
        return None, None

    def _may_be(self, patient_id: UUID, index: bytes | None) -> bool:
        """Two people with two CPFs are two people, whatever they share."""
        other = self._cpf_of.get(patient_id)
        return index is None or other is None or other == index

    def _remember(self, patient_id: UUID, index: bytes | None, phone: str, name: str, born: dt.date | None) -> None:
        if index is not None:
            self._by_cpf[index] = patient_id
            self._cpf_of.setdefault(patient_id, index)
        if phone:
            self._by_phone[phone].append((patient_id, name))
        if born:
            self._by_birth.setdefault((name, born), patient_id)

    def _cpf_index(self, digits: str | None) -> bytes | None:
        if not digits:
            return None
        if digits not in self._indexes:
            self._indexes[digits] = self._keys.cpf_index(digits)
        return self._indexes[digits]

    def columns(self, patient_id: UUID, form: PatientForm) -> dict[str, Any]:
        """A form as the columns an import may fill, its CPF sealed for that row."""
        return {
            "social_name": form.social_name,
            "phone": form.phone,
            "email": form.email,
            "birth_date": form.birth_date,
            "cpf_ciphertext": self._keys.seal_cpf(patient_id, form.cpf) if form.cpf else None,
            "cpf_index": self._cpf_index(form.cpf),
            "cpf_key_version": self._keys.key_version if form.cpf else None,
            "address": form.address,
            "source": form.source,
            "note": form.note,
        }


def _filled(form: PatientForm, other: PatientForm) -> PatientForm:
    """`form` with what it lacks and `other` has."""
    return replace(
        form,
        social_name=form.social_name or other.social_name,
        phone=form.phone or other.phone,
        email=form.email or other.email,
        birth_date=form.birth_date or other.birth_date,
        cpf=form.cpf or other.cpf,
        address=form.address or other.address,
        source=form.source or other.source,
        note=form.note or other.note,
    )
