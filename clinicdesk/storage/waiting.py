"""The waiting list as rows: read with the names a row needs, written of the version that was seen."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from clinicdesk.domain.waiting import AddToWaitingList, Urgency, WaitingEntry, WaitingState, WaitingWish

_ENTRY = """
    SELECT w.id, w.clinic_id, w.version, w.patient_id, coalesce(nullif(p.social_name, ''), p.full_name), p.phone,
           s.name, coalesce(f.name, ''), w.service_id, w.first_day, w.professional_id, w.weekdays, w.from_time,
           w.to_time, w.last_day, w.urgency, w.note, w.state, w.appointment_id, w.created_at, coalesce(o.name, '')
      FROM clinicdesk.waiting_entry w
      JOIN clinicdesk.patient p ON p.id = w.patient_id
      JOIN clinicdesk.service s ON s.id = w.service_id
      LEFT JOIN clinicdesk.professional f ON f.id = w.professional_id
      LEFT JOIN clinicdesk.person o ON o.id = w.updated_by
"""
_ORDER = "ORDER BY w.urgency DESC, w.created_at, w.id"
_OPEN = text(f"{_ENTRY} WHERE w.clinic_id = :clinic AND w.state = 'open' {_ORDER}")
_OF_STATE = text(
    f"{_ENTRY} WHERE w.clinic_id = :clinic AND w.state = ANY (:states) ORDER BY w.updated_at DESC, w.id LIMIT :most"
)
_OF_PATIENT = text(f"{_ENTRY} WHERE w.patient_id = :patient {_ORDER}")
_OF_VISIT = text(f"{_ENTRY} WHERE w.appointment_id = :appointment")
_ONE = text(f"{_ENTRY} WHERE w.id = :id")
_LOCKED = text(f"{_ENTRY} WHERE w.id = :id FOR UPDATE OF w")
_COUNTS = text(
    """
    SELECT count(*) FILTER (WHERE state = 'open' AND (last_day IS NULL OR last_day >= :today)),
           count(*) FILTER (WHERE state = 'open' AND last_day < :today),
           count(*) FILTER (WHERE state = 'booked'), count(*) FILTER (WHERE state = 'given_up')
      FROM clinicdesk.waiting_entry WHERE clinic_id = :clinic
    """
)
_INSERT = text(
    """
    INSERT INTO clinicdesk.waiting_entry (id, clinic_id, patient_id, service_id, professional_id, weekdays, from_time,
        to_time, first_day, last_day, urgency, note)
    VALUES (:id, :clinic, :patient, :service, :professional, :weekdays, :from_time, :to_time, :first_day, :last_day,
        :urgency, :note)
    """
)
_CHANGE = text(
    """
    UPDATE clinicdesk.waiting_entry SET service_id = :service, professional_id = :professional, weekdays = :weekdays,
           from_time = :from_time, to_time = :to_time, first_day = :first_day, last_day = :last_day, urgency = :urgency,
           note = :note
     WHERE id = :id AND version = :version AND state = 'open'
    """
)
_SET_STATE = text(
    """
    UPDATE clinicdesk.waiting_entry SET state = :state, appointment_id = :appointment
     WHERE id = :id AND version = :version
    """
)


def open_entries(connection: Connection, clinic_id: UUID) -> list[WaitingEntry]:
    """Everybody who waits, the first to be served first; those whose last day has passed among them."""
    return [_entry(row) for row in connection.execute(_OPEN, {"clinic": clinic_id}).all()]


def closed_entries(
    connection: Connection, clinic_id: UUID, states: Sequence[WaitingState], most: int
) -> list[WaitingEntry]:
    """Those who are off the list, the last to leave it first."""
    asked = {"clinic": clinic_id, "states": [str(one) for one in states], "most": most}
    return [_entry(row) for row in connection.execute(_OF_STATE, asked).all()]


def of_patient(connection: Connection, patient_id: UUID) -> list[WaitingEntry]:
    """What one patient waits or waited for, in the clinics this person sees."""
    return [_entry(row) for row in connection.execute(_OF_PATIENT, {"patient": patient_id}).all()]


def of_visit(connection: Connection, appointment_id: UUID) -> WaitingEntry | None:
    """The entry that a visit was booked from; None when it was not."""
    row = connection.execute(_OF_VISIT, {"appointment": appointment_id}).first()
    return _entry(row) if row else None


def entry(connection: Connection, entry_id: UUID, *, locked: bool = False) -> WaitingEntry | None:
    """One entry; `locked` keeps it as it is until the transaction ends."""
    row = connection.execute(_LOCKED if locked else _ONE, {"id": entry_id}).one_or_none()
    return _entry(row) if row else None


def counts(connection: Connection, clinic_id: UUID, today: dt.date) -> tuple[int, int, int, int]:
    """How many wait, waited in vain, were booked, and gave up."""
    row = connection.execute(_COUNTS, {"clinic": clinic_id, "today": today}).one()
    return (row[0], row[1], row[2], row[3])


def insert(connection: Connection, clinic_id: UUID, entry_id: UUID, command: AddToWaitingList) -> None:
    """Put somebody on the list."""
    values = {"id": entry_id, "clinic": clinic_id, "patient": command.patient_id}
    connection.execute(_INSERT, values | _written(command.wish))


def change(connection: Connection, entry_id: UUID, seen_version: int, wish: WaitingWish) -> bool:
    """Write another wish of the version that was seen; False when somebody was first, or it is off the list."""
    values = {"id": entry_id, "version": seen_version}
    return connection.execute(_CHANGE, values | _written(wish)).rowcount == 1


def set_state(
    connection: Connection, entry_id: UUID, seen_version: int, state: WaitingState, appointment_id: UUID | None = None
) -> bool:
    """Take an entry off the list or put it back, of the version that was seen; False when somebody was first."""
    values = {"id": entry_id, "version": seen_version, "state": str(state), "appointment": appointment_id}
    return connection.execute(_SET_STATE, values).rowcount == 1


def _written(wish: WaitingWish) -> dict[str, object]:
    return {
        "service": wish.service_id,
        "professional": wish.professional_id,
        "weekdays": list(wish.weekdays),
        "from_time": wish.from_time,
        "to_time": wish.to_time,
        "first_day": wish.first_day,
        "last_day": wish.last_day,
        "urgency": int(wish.urgency),
        "note": wish.note,
    }


def _entry(row: Sequence[Any]) -> WaitingEntry:
    wish = WaitingWish(
        service_id=row[8],
        first_day=row[9],
        professional_id=row[10],
        weekdays=tuple(row[11]),
        from_time=row[12],
        to_time=row[13],
        last_day=row[14],
        urgency=Urgency(row[15]),
        note=row[16],
    )
    return WaitingEntry(
        id=row[0],
        clinic_id=row[1],
        version=row[2],
        patient_id=row[3],
        patient_name=row[4],
        patient_phone=row[5],
        service_name=row[6],
        professional_name=row[7],
        wish=wish,
        state=WaitingState(row[17]),
        appointment_id=row[18],
        since=row[19].astimezone(dt.UTC),
        changed_by=row[20],
    )
