"""The register as a file for other programs: for whom the clinic trusts with it, and never without a trace."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.documents.spreadsheet import Cell, Sheet, csv_bytes, xlsx_bytes
from clinicdesk.domain.custom_fields import CustomField, Entity, read_values
from clinicdesk.domain.patient_export import PatientLine
from clinicdesk.domain.patients import mask_cpf, show_cpf, show_phone
from clinicdesk.domain.staff import Role
from clinicdesk.errors import NotAllowed
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import custom_fields as field_rows
from clinicdesk.storage import patient_export as rows
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _


class Format(StrEnum):
    """How the file is written; the value is its suffix."""

    CSV = "csv"
    XLSX = "xlsx"


def export_patients(
    clinic: Clinic, file_format: Format, ids: Sequence[UUID] | None = None, *, with_cpf: bool = False
) -> bytes:
    """The register as a file: all of it, or the patients named. An import of ours reads the CSV back.

    Owners and managers may, and the database writes down that they did; the CPF is masked unless an owner asks for it
    whole. Raises NotAllowed or KeyUnavailable.
    """
    if clinic.person.role not in (Role.OWNER, Role.MANAGER) or (with_cpf and clinic.person.role is not Role.OWNER):
        raise NotAllowed("export")
    with clinic.transaction() as tx:
        zone = next(ZoneInfo(one.zone) for one in clinic_rows.clinics(tx) if one.id == clinic.id)
        fields = field_rows.fields(tx, Entity.PATIENT)
        found = rows.lines(tx, clinic.id, ids)
        rows.record(tx, f"patients.{file_format}", len(found))
    heads = [*_heads(), *(field.name for field in fields)]
    lines = [[*_cells(clinic, line, zone, with_cpf=with_cpf), *_own(fields, line)] for line in found]
    sheet = Sheet(_("Patients"), heads, lines)
    return csv_bytes(sheet) if file_format is Format.CSV else xlsx_bytes(sheet)


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
