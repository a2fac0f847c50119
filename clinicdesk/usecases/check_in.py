"""Checking in: the pass a patient shows, and the arrival it registers."""

from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.domain.agenda import ChangeStatus, Status
from clinicdesk.domain.check_in import Answer, Arrival, Arrive, answer, require_readings
from clinicdesk.errors import NotFound, PassUnknown
from clinicdesk.storage import agenda as agenda_rows
from clinicdesk.storage import check_in as rows
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
