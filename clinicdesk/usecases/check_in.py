"""Checking in: the pass a patient shows, and the arrival it registers."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.documents.check_in_slip import CheckInSlip, check_in_png, check_in_slip_pdf
from clinicdesk.domain.agenda import ChangeStatus, Status
from clinicdesk.domain.check_in import Answer, Arrival, Arrive, answer, require_readings
from clinicdesk.errors import NotFound, PassUnknown
from clinicdesk.storage import agenda as agenda_rows
from clinicdesk.storage import check_in as rows
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import ledger
from clinicdesk.usecases.agenda import step_within
from clinicdesk.usecases.clinic import Clinic


def pass_of(clinic: Clinic, appointment_id: UUID) -> str:
    """The code that the patient of a visit shows; the same one whenever it is asked for. Raises NotFound."""
    with clinic.transaction() as tx:
        found = agenda_rows.appointment(tx, appointment_id)
        if found is None:
            raise NotFound("appointment", str(appointment_id))
        return rows.pass_of(tx, found.clinic_id, appointment_id)


@dataclass(frozen=True)
class Slip:
    """A visit's pass in the forms it is given away: on paper, and as a picture."""

    code: str
    pdf: bytes
    png: bytes


def slip(clinic: Clinic, appointment_id: UUID) -> Slip:
    """The slip of a visit, with its code made when there was none. Raises NotFound."""
    with clinic.transaction() as tx:
        found = agenda_rows.appointment(tx, appointment_id)
        if found is None:
            raise NotFound("appointment", str(appointment_id))
        code = rows.pass_of(tx, found.clinic_id, appointment_id)
        facts = next(one for one in clinic_rows.clinics(tx) if one.id == found.clinic_id)
    return Slip(code, check_in_slip_pdf(CheckInSlip(facts, found, code)), check_in_png(code))


def arrive(clinic: Clinic, command: Arrive) -> Arrival:
    """Register the arrival of whoever holds a code, or say how the visit stands instead.

    Raises InvalidField for what is no code, PassUnknown for one that is not of this clinic, and as `change_status`.
    """
    codes = require_readings(command.code)
    with clinic.transaction() as tx:
        found = rows.find(tx, codes)
        if found is None:
            raise PassUnknown
        appointment_id, clinic_id, clinic_name, zone = found
        if clinic_id != clinic.id:
            raise PassUnknown(clinic_name)
        before = agenda_rows.appointment(tx, appointment_id)
        if before is None:
            raise PassUnknown
        said = answer(before, command.today, ZoneInfo(zone))
        # A repeated operation finds its own arrival; the second time it is no news.
        if said is not Answer.ARRIVED or ledger.claim(tx, command.operation_id, "status", appointment_id):
            return Arrival(said, before)
        step = ChangeStatus(command.operation_id, appointment_id, before.version, Status.CHECKED_IN)
        return Arrival(said, step_within(tx, step), before)
