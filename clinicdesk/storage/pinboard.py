"""Cards that a person put aside, as rows; who asks sees their own."""

from uuid import UUID

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from clinicdesk.domain.agenda import Appointment
from clinicdesk.storage import agenda as rows
from clinicdesk.storage import tables as t

_PINNED = t.pinned_card


def cards(connection: Connection, clinic_id: UUID) -> list[Appointment]:
    """The visits on this person's pinboard in a clinic, in the order they were put there."""
    query = select(_PINNED.c.appointment_id).where(_PINNED.c.clinic_id == clinic_id).order_by(_PINNED.c.pinned_at)
    order = {row[0]: place for place, row in enumerate(connection.execute(query))}
    return sorted(rows.by_ids(connection, list(order)), key=lambda one: order[one.id]) if order else []


def pin(connection: Connection, clinic_id: UUID, person_id: UUID, appointment_id: UUID) -> None:
    """Put a visit on a person's pinboard; one that is there already stays where it is."""
    values = {"clinic_id": clinic_id, "person_id": person_id, "appointment_id": appointment_id}
    connection.execute(insert(_PINNED).values(**values).on_conflict_do_nothing())


def unpin(connection: Connection, appointment_id: UUID) -> None:
    """Take a visit off this person's pinboard."""
    connection.execute(delete(_PINNED).where(_PINNED.c.appointment_id == appointment_id))
