"""Holding time while one talks: take it, renew it, give it back, and see what others hold."""

from uuid import UUID

from clinicdesk.domain.holds import HoldSlot, SlotHold
from clinicdesk.storage import holds as rows
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic


def hold(clinic: Clinic, command: HoldSlot) -> SlotHold:
    """Hold a place for some minutes; the same hold again is moved there, or renewed.

    Raises SlotTaken with the name of whoever holds or has it, SlotClosed, OutsidePolicy, NotOffered, NotFound.
    """
    with clinic.transaction() as tx:
        service = agenda.placed(tx, clinic.id, command)
        left = rows.hold(tx, clinic.id, command, service)
    resources = tuple(filter(None, (command.professional_id, command.room_id, command.equipment_id)))
    slot = command.slot.widened(service.buffer_before, service.buffer_after)
    return SlotHold(command.hold_id, resources, slot, clinic.person.name, command.channel, left)


def release(clinic: Clinic, hold_id: UUID) -> bool:
    """Give a hold back; False when it had expired, or was not one's own."""
    with clinic.transaction() as tx:
        return rows.release(tx, hold_id)


def standing(clinic: Clinic) -> tuple[SlotHold, ...]:
    """What is held in this clinic at this moment, by whom and for how long yet."""
    with clinic.transaction() as tx:
        return tuple(rows.standing(tx, clinic.id))
