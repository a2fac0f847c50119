"""Check-in passes as rows: made when they are first asked for, found by what was scanned."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, text

_MAKE = text(
    """
    INSERT INTO clinicdesk.check_in_pass (appointment_id, clinic_id) VALUES (:appointment, :clinic)
    ON CONFLICT (appointment_id) DO NOTHING
    """
)
_CODE = text("SELECT code FROM clinicdesk.check_in_pass WHERE appointment_id = :appointment")
_FIND = text(
    """
    SELECT p.appointment_id, c.id, c.name, c.zone
      FROM clinicdesk.check_in_pass p JOIN clinicdesk.clinic c ON c.id = p.clinic_id
     WHERE p.code = ANY (:codes) ORDER BY array_position(:codes, p.code) LIMIT 1
    """
)


def pass_of(connection: Connection, clinic_id: UUID, appointment_id: UUID) -> str:
    """The code of an appointment's pass, made by the database when there is none yet."""
    asked = {"appointment": appointment_id}
    code: str | None = connection.execute(_CODE, asked).scalar_one_or_none()
    if code is None:
        connection.execute(_MAKE, asked | {"clinic": clinic_id})
        code = connection.execute(_CODE, asked).scalar_one()
    return code


def find(connection: Connection, codes: Sequence[str]) -> tuple[UUID, UUID, str, str] | None:
    """The appointment of the first code that this person may see, with the clinic's id, name and zone."""
    row = connection.execute(_FIND, {"codes": list(codes)}).one_or_none()
    return (row[0], row[1], row[2], row[3]) if row else None
