"""Calling patients to the screen of the waiting room, and what that screen shows."""

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.domain.calls import HOURS_SHOWN, Call, CallPatient, Present, require_waiting, screen_names
from clinicdesk.domain.free_text import clean_text
from clinicdesk.errors import NotFound
from clinicdesk.storage import agenda as agenda_rows
from clinicdesk.storage import calls as rows
from clinicdesk.storage import ledger
from clinicdesk.usecases.clinic import Clinic, new_id


def call(clinic: Clinic, command: CallPatient) -> UUID:
    """Call the patient of a visit; gives the call's id. Every screen shows it by the echo.

    Raises NotWaiting for who is not there, NotFound or NotAllowed.
    """
    place = clean_text(command.place, "place").strip()
    call_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "call", call_id)
        if done:
            return done
        visit = agenda_rows.appointment(tx, command.appointment_id)
        if visit is None or visit.clinic_id != clinic.id:
            raise NotFound("appointment", str(command.appointment_id))
        require_waiting(visit)
        rows.insert(tx, call_id, clinic.id, visit.id, place or visit.room_name)
        return call_id


def board(clinic: Clinic, now: dt.datetime) -> tuple[Call, ...]:
    """The last call of each visit of these hours, the newest first, with what a screen may show of the names."""
    since = now - dt.timedelta(hours=HOURS_SHOWN)
    with clinic.transaction() as tx:
        called = rows.called(tx, clinic.id, since)
        others = rows.present(tx, clinic.id, since, now + dt.timedelta(hours=HOURS_SHOWN)) if called else []
        zone = ZoneInfo(rows.zone(tx, clinic.id))
    people = [Present(row[2], row[3], _wall(row[4], zone)) for row in called]
    people += [Present(patient, name, _wall(starts_at, zone)) for patient, name, starts_at in others]
    names = screen_names(people)[: len(called)]
    return tuple(Call(row[0], row[1], name, row[5], row[6], row[7]) for row, name in zip(called, names, strict=True))


def _wall(moment: dt.datetime, zone: dt.tzinfo) -> dt.time:
    return moment.astimezone(zone).time()
