"""The register as a file for other programs: for whom the clinic trusts with it, and never without a trace."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar, overload
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.documents.spreadsheet import Cell, Sheet, csv_bytes, xlsx_bytes
from clinicdesk.domain.custom_fields import CustomField, Entity, read_values
from clinicdesk.domain.patient_export import PatientLine
from clinicdesk.domain.patients import mask_cpf, show_cpf, show_phone
from clinicdesk.domain.staff import Capability, Role
from clinicdesk.errors import NotAllowed, UnwritableFile
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import custom_fields as field_rows
from clinicdesk.storage import patient_export as rows
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _


class Format(StrEnum):
    """How the file is written; the value is its suffix."""

    CSV = "csv"
    XLSX = "xlsx"


class GivenUp(Exception):
    """Whoever asked for the file does not want it any more."""


Item = TypeVar("Item")
Told = Callable[[float], None]  # how much is done, from 0 to 1; may raise GivenUp

_READ, _OPENED = 0.15, 0.5  # of the whole: reading the rows, then opening and wording each of them
_STEP = 200


def may_export(clinic: Clinic) -> bool:
    """Whether this person may take the register out; the database says the same."""
    return clinic.person.rights.may(Capability.EXPORT_PATIENTS)


def export_patients(
    clinic: Clinic,
    file_format: Format,
    ids: Sequence[UUID] | None = None,
    *,
    with_cpf: bool = False,
    told: Told = lambda _part: None,
) -> bytes:
    """The register as a file: all of it, or the patients named. An import of ours reads the CSV back.

    Owners and managers may, and the database writes down that they did; the CPF is masked unless an owner asks for it
    whole. Raises NotAllowed, KeyUnavailable, or what `told` raises.
    """
    if not may_export(clinic) or (with_cpf and clinic.person.role is not Role.OWNER):
        raise NotAllowed("export")
    with clinic.transaction() as tx:
        zone = next(ZoneInfo(one.zone) for one in clinic_rows.clinics(tx) if one.id == clinic.id)
        fields = field_rows.fields(tx, Entity.PATIENT)
        found = rows.lines(tx, clinic.id, ids)
        told(_READ)
        rows.record(tx, f"patients.{file_format}", len(found))
    heads = [*_heads(), *(field.name for field in fields)]
    lines: list[Sequence[Cell]] = [
        [*_cells(clinic, line, zone, with_cpf=with_cpf), *_own(fields, line)]
        for line in _Counted(found, told, _READ, _OPENED)
    ]
    sheet = Sheet(_("Patients"), heads, _Counted(lines, told, _OPENED, 1.0))
    return csv_bytes(sheet) if file_format is Format.CSV else xlsx_bytes(sheet)


def save_patients(
    clinic: Clinic,
    path: Path,
    file_format: Format,
    ids: Sequence[UUID] | None = None,
    *,
    with_cpf: bool = False,
    told: Told = lambda _part: None,
) -> Path | None:
    """The register written to a file, whole or not at all; None, and no file, when `told` raised GivenUp.

    Raises as `export_patients` does, and UnwritableFile.
    """
    try:
        data = export_patients(clinic, file_format, ids, with_cpf=with_cpf, told=told)
    except GivenUp:
        return None
    aside = path.with_name(f".{path.name}.part")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise UnwritableFile(str(path)) from None
    return path


class _Counted(Sequence[Item]):
    """Rows that tell, each time they are gone through, how far that is."""

    def __init__(self, items: Sequence[Item], told: Told, first: float, last: float) -> None:
        self._items, self._told, self._first, self._last = items, told, first, last

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | Sequence[Item]:
        return self._items[place]

    def __iter__(self) -> Iterator[Item]:
        for number, item in enumerate(self._items):
            if number % _STEP == 0:
                self._told(self._first + (self._last - self._first) * number / len(self._items))
            yield item


def _heads() -> list[str]:
    return [
        _("Name"),
        _("Social name"),
        _("Phone"),
        _("E-mail"),
        _("Date of birth"),
        _("CPF"),
        _("Guardian"),
        _("Kinship"),
        _("Address"),
        _("Source"),
        _("Referred by"),
        _("VIP"),
        _("Tags"),
        _("Note"),
        _("Registered on"),
        _("First visit"),
        _("Last visit"),
        _("Visits that took place"),
        _("No-shows"),
        _("Cancellations"),
    ]


def _cells(clinic: Clinic, line: PatientLine, zone: ZoneInfo, *, with_cpf: bool) -> list[Cell]:
    cpf = clinic.keys.open_cpf(line.id, line.sealed_cpf) if line.sealed_cpf else ""
    moments = (line.created_at, line.first_visit_at, line.last_visit_at)
    days = [moment.astimezone(zone).date() if moment else None for moment in moments]
    return [
        line.full_name,
        line.social_name,
        show_phone(line.phone),
        line.email,
        line.birth_date,
        (show_cpf(cpf) if with_cpf else mask_cpf(cpf)) if cpf else "",
        line.guardian_name,
        line.guardian_kinship,
        line.address,
        line.source,
        line.referred_by_name,
        line.vip,
        line.tags,
        line.note,
        *days,
        line.completed,
        line.no_show,
        line.cancelled,
    ]


def _own(fields: Sequence[CustomField], line: PatientLine) -> list[Cell]:
    values = read_values(fields, line.custom)
    return [values.get(field.id) for field in fields]
