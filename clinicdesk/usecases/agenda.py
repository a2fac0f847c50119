"""What a person can do with the agenda: see it, book, move, step the status, block time, find free time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from clinicdesk.domain.agenda import (
    Appointment,
    BlockTime,
    BookAppointment,
    CancelledBy,
    ChangeStatus,
    EditAppointment,
    MoveAppointment,
    Slot,
    Status,
    require_step,
)
from clinicdesk.domain.clinics import Catalogue, SchedulingPolicy, Service
from clinicdesk.domain.closing import ENDS, require_time
from clinicdesk.domain.finder import Found, Ground
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.history import HistoryEvent, events
from clinicdesk.domain.holds import HoldSlot
from clinicdesk.domain.hours import Calendar
from clinicdesk.domain.patients import NewPatient
from clinicdesk.domain.slots import (
    Busy,
    Holding,
    Placement,
    SlotRequest,
    SlotSearch,
    check_offered,
    check_policy,
    explain,
    find_slots,
)
from clinicdesk.domain.snapshot import ClinicDays
from clinicdesk.errors import ChangedElsewhere, ClinicError, DaysNotKept, InvalidField, NotAllowed, NotFound, SlotTaken
from clinicdesk.storage import agenda as rows
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import history as history_rows
from clinicdesk.storage import holds as hold_rows
from clinicdesk.storage import hours as hour_rows
from clinicdesk.storage import ledger
from clinicdesk.storage.engine import Transaction, server_now
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.consents import give_within
from clinicdesk.usecases.patients import insert_new


@dataclass(frozen=True)
class AgendaPage:
    """A stretch of days as the agenda shows it: visits, hours, and what else holds people, rooms and machines."""

    appointments: tuple[Appointment, ...]
    calendar: Calendar
    policy: SchedulingPolicy
    busy: tuple[Holding, ...]
    now: dt.datetime  # the server's clock


# --- reading ---------------------------------------------------------------------------------------------------------


def catalogue(clinic: Clinic) -> Catalogue:
    """Everything a booking in this clinic chooses from."""
    if (kept := clinic.kept) is not None:
        return kept.catalogue
    with clinic.transaction() as tx:
        return clinic_rows.catalogue(tx, clinic.id)


def days(
    clinic: Clinic,
    first_day: dt.date,
    last_day: dt.date,
    professional_ids: Sequence[UUID],
    other_resource_ids: Sequence[UUID] = (),
) -> AgendaPage:
    """The agenda of some professionals from `first_day` to `last_day`, local dates, inclusive.

    Without the server it is what was kept at this desk. Raises DaysNotKept for other days then.
    """
    if (kept := clinic.kept) is not None:
        return _kept_days(clinic, kept, first_day, last_day, professional_ids)
    with clinic.transaction() as tx:
        rules = hour_rows.rules(tx, clinic.id, first_day, last_day, professional_ids, other_resource_ids)
        whole = Slot(rules.calendar.day_slot(first_day).starts_at, rules.calendar.day_slot(last_day).ends_at)
        return AgendaPage(
            appointments=tuple(rows.between(tx, clinic.id, whole, professional_ids)),
            calendar=rules.calendar,
            policy=rules.policy,
            busy=tuple(rows.busy(tx, [*professional_ids, *other_resource_ids], whole)),
            now=rules.now,
        )


def _kept_days(
    clinic: Clinic, kept: ClinicDays, first_day: dt.date, last_day: dt.date, professional_ids: Sequence[UUID]
) -> AgendaPage:
    if not kept.holds(first_day, last_day):
        raise DaysNotKept(kept.first_day, kept.last_day)
    visits = tuple(kept.visits(first_day, last_day, professional_ids))
    return AgendaPage(visits, kept.calendar, kept.policy, kept.busy, kept_now(clinic))


def kept_now(clinic: Clinic) -> dt.datetime:
    """The server's clock while the server is out of reach: this desk's, corrected as far as it was off then."""
    ahead = clinic.snapshot.ahead_seconds if clinic.snapshot is not None else 0
    return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=ahead)


def appointments(clinic: Clinic, ids: Sequence[UUID]) -> list[Appointment]:
    """Those of the appointments that this person may see: how a desk answers an echo."""
    with clinic.transaction() as tx:
        return rows.by_ids(tx, ids)


def of_patient(clinic: Clinic, patient_id: UUID) -> list[Appointment]:
    """A patient's visits, newest first; without the server those of the days that were kept."""
    if (kept := clinic.kept) is not None:
        return kept.of_patient(patient_id)
    with clinic.transaction() as tx:
        return rows.of_patient(tx, patient_id)


def history(clinic: Clinic, appointment_id: UUID) -> list[HistoryEvent]:
    """What happened to an appointment, oldest first."""
    with clinic.transaction() as tx:
        versions = history_rows.versions(tx, [appointment_id])
        return events(versions, history_rows.names(tx, versions))


def search_slots(
    clinic: Clinic, request: SlotRequest, now: dt.datetime | None = None, own_hold: UUID | None = None
) -> SlotSearch:
    """Free time for a service, on the policy's grid, or why there is none; from `now` on, else from the server's."""
    return look_for_slots(clinic, request, now, own_hold).search


def look_for_slots(
    clinic: Clinic, request: SlotRequest, now: dt.datetime | None = None, own_hold: UUID | None = None
) -> Found:
    """Free time, with all that it was decided over. What is held under `own_hold` is free to whoever holds it.

    Without the server it is what looked free in the days that were kept. Raises DaysNotKept for others then.
    """
    if (kept := clinic.kept) is not None:
        return _kept_slots(kept, request, now or kept_now(clinic))
    service = request.service
    resources = [*request.professional_ids, *service.room_ids, *service.equipment_ids]
    last_day = request.first_day + dt.timedelta(days=request.days - 1)
    with clinic.transaction() as tx:
        rules = hour_rows.rules(tx, clinic.id, request.first_day, last_day, request.professional_ids, resources)
        whole = Slot(rules.calendar.day_slot(request.first_day).starts_at, rules.calendar.day_slot(last_day).ends_at)
        held = whole.widened(service.buffer_before, service.buffer_after)
        taken = [one for one in rows.busy(tx, resources, held) if own_hold is None or one.hold_id != own_hold]
    busy = with_blocks(taken, rules.calendar, request.professional_ids)
    ground = Ground(rules.calendar, rules.policy, busy, now or rules.now)
    return Found(request, find_slots(request, ground.calendar, ground.policy, busy, ground.now), ground)


def _kept_slots(kept: ClinicDays, request: SlotRequest, now: dt.datetime) -> Found:
    first = max(request.first_day, kept.first_day)
    if first > kept.last_day:
        raise DaysNotKept(kept.first_day, kept.last_day)
    request = replace(request, first_day=first, days=(kept.last_day - first).days + 1)
    busy = with_blocks(kept.busy, kept.calendar, request.professional_ids)
    ground = Ground(kept.calendar, kept.policy, busy, now)
    return Found(request, find_slots(request, ground.calendar, ground.policy, busy, ground.now), ground)


def ground(
    tx: Transaction,
    clinic_id: UUID,
    people: Sequence[UUID],
    things: Sequence[UUID],
    first_day: dt.date,
    last_day: dt.date,
    now: dt.datetime,
) -> Ground:
    """What is open and taken of people and things on local days, inclusive, to search in without asking again."""
    margin = dt.timedelta(hours=4)  # the longest buffers
    rules = hour_rows.rules(tx, clinic_id, first_day, last_day, people, things)
    whole = Slot(rules.calendar.day_slot(first_day).starts_at, rules.calendar.day_slot(last_day).ends_at)
    taken = rows.busy(tx, [*people, *things], Slot(whole.starts_at - margin, whole.ends_at + margin))
    return Ground(rules.calendar, rules.policy, with_blocks(taken, rules.calendar, people), now)


# --- writing ---------------------------------------------------------------------------------------------------------


def book(clinic: Clinic, command: BookAppointment) -> Appointment:
    """Book a visit; the patient may be registered in the same step. The same operation done twice is one booking.

    Raises SlotTaken, SlotClosed, OutsidePolicy, NotOffered, NotFound, NotAllowed or InvalidField.
    """
    appointment_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "book", appointment_id)
        if done:
            return _found(rows.appointment(tx, done), done)
        return book_within(tx, clinic, appointment_id, command)


def book_within(
    tx: Transaction, clinic: Clinic, appointment_id: UUID, command: BookAppointment, import_id: UUID | None = None
) -> Appointment:
    """Book inside another use case's transaction. Raises as `book` does, before anything is written."""
    clean_text(command.note, "note")
    clean_text(command.source_uid, "event")
    wanted = (command.professional_id, command.room_id, command.equipment_id)
    service = service_of(tx, clinic.id, command.service_id, locked=wanted)
    placement = _placement(command, service)
    check_offered(placement, service)
    if command.hold_id:
        hold_rows.release(tx, command.hold_id)
    _decide(tx, clinic.id, placement, before=None)
    patient_id = command.patient
    if isinstance(patient_id, NewPatient):
        patient_id = insert_new(tx, patient_id)
    if command.consented:
        give_within(tx, patient_id, command.consented)
    rows.insert_appointment(tx, clinic.id, appointment_id, patient_id, command, service, import_id)
    return _found(rows.appointment(tx, appointment_id), appointment_id)


def move(clinic: Clinic, command: MoveAppointment) -> Appointment:
    """Put a visit somewhere else. Counts as a rescheduling when its start changes, unless it is an undo.

    Raises as `book` does, and ChangedElsewhere when another desk was first.
    """
    clean_text(command.overbooking_reason, "overbooking_reason")
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "move", command.appointment_id):
            return _found(rows.appointment(tx, command.appointment_id), command.appointment_id)
        return move_within(tx, command)


def move_within(tx: Transaction, command: MoveAppointment) -> Appointment:
    """Put a visit somewhere else inside another use case's transaction. Raises as `move` does."""
    before = _seen(tx, command.appointment_id, command.seen_version)
    placement = Placement(
        professional_id=command.professional_id,
        slot=command.slot,
        room_id=command.room_id,
        equipment_id=command.equipment_id,
        buffer_before=before.buffer_before,
        buffer_after=before.buffer_after,
        overbooking=bool(command.overbooking_reason),
        appointment_id=before.id,
    )
    holds = before.status.holds_the_slot
    locked = placement.resources if holds else ()
    service = service_of(tx, before.clinic_id, before.service_id, locked=locked)
    check_offered(placement, service, place_of(before))
    if command.hold_id:
        hold_rows.release(tx, command.hold_id)
    if holds:
        _decide(tx, before.clinic_id, placement, before=before)
    rescheduled = command.slot.starts_at != before.starts_at
    count = (-1 if command.undo else 1) if rescheduled else 0
    if not rows.move(tx, command, max(count, -before.reschedule_count)):
        raise changed_elsewhere(tx, command.appointment_id, command.seen_version)
    return _found(rows.appointment(tx, before.id), before.id)


def change_status(clinic: Clinic, command: ChangeStatus, now: dt.datetime | None = None) -> Appointment:
    """Take a step of the status machine; giving a slot back to a cancelled visit needs the slot to be free.

    What waits for a visit's time goes by `now`, else by the server's clock. Raises StatusRefused, TooEarly,
    ChangedElsewhere, SlotTaken, SlotClosed, NotFound, NotAllowed or InvalidField.
    """
    with clinic.transaction() as tx:
        return change_status_within(tx, command, now)


def change_status_within(tx: Transaction, command: ChangeStatus, now: dt.datetime | None) -> Appointment:
    """Take a step once inside another use case's transaction, however often the operation comes. Raises like it."""
    clean_text(command.reason, "reason")
    if ledger.claim(tx, command.operation_id, "status", command.appointment_id):
        return _found(rows.appointment(tx, command.appointment_id), command.appointment_id)
    return step_within(tx, command, now)


def step_within(tx: Transaction, command: ChangeStatus, now: dt.datetime | None = None) -> Appointment:
    """Take a step inside another use case's transaction. Raises as `change_status` does."""
    before = _seen(tx, command.appointment_id, command.seen_version)
    require_step(before.status, command.status)
    if command.status in ENDS:
        require_time(before, command.status, now or server_now(tx))
    if command.status.holds_the_slot and not before.status.holds_the_slot:
        _require_free(tx, before)
    cancelled = command.status is Status.CANCELLED
    if not rows.set_status(
        tx,
        command.appointment_id,
        command.seen_version,
        command.status,
        command.channel,
        (command.cancelled_by or CancelledBy.CLINIC) if cancelled else None,
        command.reason if cancelled else "",
    ):
        raise changed_elsewhere(tx, command.appointment_id, command.seen_version)
    return _found(rows.appointment(tx, before.id), before.id)


def edit(clinic: Clinic, command: EditAppointment) -> Appointment:
    """Change the service or the note of a visit.

    Raises ChangedElsewhere, SlotTaken, SlotClosed, NotOffered, NotFound, NotAllowed or InvalidField.
    """
    clean_text(command.note, "note")
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "edit", command.appointment_id):
            return _found(rows.appointment(tx, command.appointment_id), command.appointment_id)
        before = _seen(tx, command.appointment_id, command.seen_version)
        # Another service may need longer buffers: more time is claimed, so the locks come first here too.
        place = place_of(before)
        service = service_of(tx, before.clinic_id, command.service_id, locked=place.resources)
        if command.service_id != before.service_id:
            check_offered(place, service)
        if not rows.edit(tx, before, service, command.note):
            raise changed_elsewhere(tx, before.id, command.seen_version)
        return _found(rows.appointment(tx, before.id), before.id)


def block_time(clinic: Clinic, command: BlockTime) -> UUID:
    """Keep a professional, room or machine free; gives the block's id. Raises SlotTaken when a visit lies there."""
    block_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "block", block_id)
        if done:
            return done
        block_within(tx, clinic, block_id, command)
        return block_id


def block_within(tx: Transaction, clinic: Clinic, block_id: UUID, command: BlockTime) -> None:
    """Keep time free inside another use case's transaction. Raises as `block_time` does, before anything is written."""
    clean_text(command.reason, "reason")
    rows.lock(tx, [command.resource_id])
    booked = rows.overlapping(tx, command.resource_id, command.slot)
    if booked and command.kind == "block":
        first = booked[0]
        kind, name = next(
            (kind, name)
            for kind, name, key in (
                ("professional", first.professional_name, first.professional_id),
                ("room", first.room_name, first.room_id),
                ("equipment", first.equipment_name, first.equipment_id),
            )
            if key == command.resource_id
        )
        raise SlotTaken(kind, name, first.patient_name, until=first.ends_at)
    hour_rows.insert_block(tx, clinic.id, block_id, command)


def unblock_time(clinic: Clinic, block_id: UUID) -> None:
    """Give blocked time back. Raises NotFound when somebody already did, or may not."""
    with clinic.transaction() as tx:
        if not hour_rows.remove_block(tx, block_id):
            raise NotFound("block", str(block_id))


def placed(tx: Transaction, clinic_id: UUID, command: HoldSlot) -> Service:
    """Decide about a place as a booking would, its own hold apart; the service it is for. Raises as `book` does."""
    wanted = (command.professional_id, command.room_id, command.equipment_id)
    service = service_of(tx, clinic_id, command.service_id, locked=wanted)
    placement = Placement(
        command.professional_id,
        command.slot,
        command.room_id,
        command.equipment_id,
        service.buffer_before,
        service.buffer_after,
    )
    check_offered(placement, service)
    hold_rows.release(tx, command.hold_id)
    _decide(tx, clinic_id, placement, before=None)
    return service


# --- deciding --------------------------------------------------------------------------------------------------------


def _decide(tx: Transaction, clinic_id: UUID, placement: Placement, *, before: Appointment | None) -> None:
    """Ask the domain, under the locks; what it refuses is raised with the holder's name.

    The policy counts a visit that is new to the professional's day; `before` is where a moved one comes from.
    """
    resources = placement.resources
    # The local date is not known before the zone is, so the rules are read for a day more on either side.
    day = placement.slot.starts_at.date()
    margin = dt.timedelta(days=1)
    others = [one for one in resources[1:] if one]
    rules = hour_rows.rules(tx, clinic_id, day - margin, day + margin, [placement.professional_id], others)
    local_day = rules.calendar.local_day(placement.slot.starts_at)
    whole = rules.calendar.day_slot(local_day)
    busy = with_blocks(
        rows.busy(
            tx,
            resources,
            Slot(min(whole.starts_at, placement.held.starts_at), max(whole.ends_at, placement.held.ends_at)),
        ),
        rules.calendar,
        [placement.professional_id],
    )
    refusal = explain(placement, rules.calendar, busy)
    if refusal:
        raise named(tx, refusal, placement, busy)
    stays = before is not None and before.professional_id == placement.professional_id
    if before is None or not stays or rules.calendar.local_day(before.starts_at) != local_day:
        visits = {
            one.appointment_id
            for one in busy.within(placement.professional_id, whole)
            if one.appointment_id and one.appointment_id != placement.appointment_id
        }
        check_policy(placement.slot.starts_at, rules.policy, rules.calendar, rules.now, len(visits))


def _require_free(tx: Transaction, appointment: Appointment) -> None:
    """Refuse to bring a visit back into time that somebody else has meanwhile; hours do not matter any more.

    Whether the time was blocked meanwhile, or while the visit still stood there, only the database knows.
    """
    placement = place_of(appointment)
    resources = placement.resources
    rows.lock(tx, resources)
    for kind, resource_id in zip(("professional", "room", "equipment"), resources, strict=True):
        if resource_id is None or (kind == "professional" and placement.overbooking):
            continue
        for holding in rows.busy(tx, [resource_id], placement.held):
            unknown = holding.appointment_id is None and holding.hold_id is None
            taken = SlotTaken(kind, until=holding.slot.ends_at, elsewhere=unknown)
            raise named(tx, taken, placement, Busy([holding]))


def named(tx: Transaction, refusal: ClinicError, placement: Placement, busy: Busy) -> ClinicError:
    """A refusal with the names a person needs: what is taken, and by whom if that is this clinic's business."""
    if not isinstance(refusal, SlotTaken):
        return refusal
    resource_id = {
        "professional": placement.professional_id,
        "room": placement.room_id,
        "equipment": placement.equipment_id,
    }[refusal.resource_kind]
    name = clinic_rows.resource_name(tx, refusal.resource_kind, resource_id) if resource_id else ""
    holder = ""
    if resource_id:
        for holding in busy.within(resource_id, placement.held):
            held = hold_rows.one(tx, holding.hold_id) if holding.hold_id else None
            if held:
                minutes = held.minutes_left
                return replace(
                    refusal, resource_name=name, holder=held.holder, elsewhere=False, held_for_minutes=minutes
                )
            held_by = rows.appointment(tx, holding.appointment_id) if holding.appointment_id else None
            if held_by and held_by.id != placement.appointment_id:
                holder = held_by.patient_name
                break
    return replace(refusal, resource_name=name, holder=holder or refusal.holder)


def with_blocks(holdings: Sequence[Holding], calendar: Calendar, professional_ids: Sequence[UUID]) -> Busy:
    """What is taken, the blocks of rooms and machines included; those of people are in their hours already."""
    blocked = [
        Holding(resource_id, block.slot, None, block.reason or "block")
        for resource_id, blocks in calendar.blocks.items()
        if resource_id not in professional_ids
        for block in blocks
    ]
    return Busy([*holdings, *blocked])


def place_of(appointment: Appointment) -> Placement:
    """Where a visit lies."""
    return Placement(
        appointment.professional_id,
        appointment.slot,
        appointment.room_id,
        appointment.equipment_id,
        appointment.buffer_before,
        appointment.buffer_after,
        appointment.overbooked,
        appointment.id,
    )


def _placement(command: BookAppointment, service: Service) -> Placement:
    clean_text(command.overbooking_reason, "overbooking_reason")
    if bool(command.overbooking_reason) and not command.overbooking_reason.strip():
        raise InvalidField("overbooking_reason", "missing")
    return Placement(
        professional_id=command.professional_id,
        slot=command.slot,
        room_id=command.room_id,
        equipment_id=command.equipment_id,
        buffer_before=service.buffer_before,
        buffer_after=service.buffer_after,
        overbooking=bool(command.overbooking_reason),
    )


def service_of(tx: Transaction, clinic_id: UUID, service_id: UUID, locked: Sequence[UUID | None]) -> Service:
    """What is booked; the resources in `locked` are this transaction's from here on."""
    found = clinic_rows.service(tx, clinic_id, service_id, locked)
    if found is None:
        raise NotFound("service", str(service_id))
    return found


def _seen(tx: Transaction, appointment_id: UUID, seen_version: int) -> Appointment:
    """The appointment, if it still is what was seen."""
    found = _found(rows.appointment(tx, appointment_id), appointment_id)
    if found.version != seen_version:
        raise changed_elsewhere(tx, appointment_id, seen_version)
    return found


def _found(appointment: Appointment | None, appointment_id: UUID) -> Appointment:
    if appointment is None:
        raise NotFound("appointment", str(appointment_id))
    return appointment


def changed_elsewhere(tx: Transaction, appointment_id: UUID, seen_version: int) -> ClinicError:
    change = rows.last_change(tx, appointment_id)
    if change is None:
        return NotFound("appointment", str(appointment_id))
    version, name, at = change
    if version == seen_version:
        # The row is as it was seen and still could not be written: row security said no.
        return NotAllowed("appointment")
    return ChangedElsewhere("appointment", appointment_id, seen_version, version, name, at)
