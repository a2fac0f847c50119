"""Several services in one coming: booked, moved and stepped together, all or none."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, BookAppointment, Slot, require_step
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.fitting import Move, Surroundings, judged, placement, would_hold
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.patients import NewPatient
from clinicdesk.domain.series_edit import Planned
from clinicdesk.domain.slots import FreeSlot, check_offered
from clinicdesk.domain.together import Together
from clinicdesk.domain.visits import BookVisit, MoveVisit, StepVisit, place_of, put_at, shifted, stepped, things_at
from clinicdesk.errors import ClinicError, InvalidField
from clinicdesk.storage import agenda as rows
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import holds as hold_rows
from clinicdesk.storage import ledger
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.agenda import service_of
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.consents import give_within
from clinicdesk.usecases.patients import insert_new
from clinicdesk.usecases.together import named_visit, seen_appointments, surroundings, take, with_names, write_all


def services_of(clinic: Clinic, visit_id: UUID) -> list[Appointment]:
    """Every service of one coming, in order of time, given up or not."""
    with clinic.transaction() as tx:
        return rows.of_visit(tx, visit_id)


def lay(
    clinic: Clinic,
    first: FreeSlot,
    first_service_id: UUID,
    asked: Sequence[tuple[UUID, UUID | None, UUID | None]],
    now: dt.datetime | None = None,
) -> list[tuple[FreeSlot, ClinicError | None]]:
    """Where further services of a visit would lie, each right after the one before, and what stands against it.

    Asked is a service, a professional (None: the one before if they do it, else whoever is free) and a room (None: the
    one before if it fits, else one that is free).
    """
    with clinic.transaction() as tx:
        before = service_of(tx, clinic.id, first_service_id, locked=())
        services = [service_of(tx, clinic.id, service_id, locked=()) for service_id, _who, _where in asked]
        everybody = [one.id for one in clinic_rows.active_professionals(tx, clinic.id)]
        rooms = [one for service in services for one in (*service.room_ids, *service.equipment_ids)]
        things = [first.room_id, *(where for _service, _who, where in asked), *rooms]
        around = surroundings(tx, clinic.id, [first.slot], everybody, things)
        around = replace(around, now=now or around.now)
        around.busy.add(would_hold(first, before, new_id()))
        found: list[tuple[FreeSlot, ClinicError | None]] = []
        place = first
        for service, (_service_id, who, where) in zip(services, asked, strict=True):
            gap = before.buffer_after + service.buffer_before
            starts_at = place.slot.ends_at + dt.timedelta(minutes=gap)
            able = [one for one in everybody if not service.professional_ids or one in service.professional_ids]
            people = [who] if who else sorted(able, key=lambda one: one != place.professional_id)
            wishes = [_wish(service, starts_at, one, where, place) for one in people or everybody]
            choices = [(wish, *judged(wish, service, around)) for wish in wishes]
            _wished, place, refusal = next((one for one in choices if one[2] is None), choices[0])
            if refusal is not None:
                told = Planned(around.calendar.local_day(starts_at), place, refusal=refusal)
                refusal = _told(tx, told, service, around)
            around.busy.add(would_hold(place, service, new_id()))
            found.append((place, refusal))
            before = service
        return found


def _wish(
    service: Service, starts_at: dt.datetime, professional_id: UUID, room_id: UUID | None, before: FreeSlot
) -> FreeSlot:
    fits = before.room_id is not None and (not service.room_ids or before.room_id in service.room_ids)
    room = room_id or (before.room_id if fits else next(iter(service.room_ids), None))
    slot = Slot.lasting(starts_at, service.duration_minutes)
    return FreeSlot(professional_id, slot, room, next(iter(service.equipment_ids), None))


def book(clinic: Clinic, command: BookVisit) -> Together:
    """Book all services of a visit, or none; the patient may be registered in the same step.

    Raises SlotTaken, SlotClosed, OutsidePolicy, NotOffered, NotFound, NotAllowed or InvalidField.
    """
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "book_visit", command.visit_id):
            return Together((), tuple(rows.of_visit(tx, command.visit_id)))
        places = [FreeSlot(one.professional_id, one.slot, one.room_id, one.equipment_id) for one in command.parts]
        rows.lock(tx, [each for place in places for each in things_at(place)])
        for hold_id in {one.hold_id for one in command.parts if one.hold_id}:
            hold_rows.release(tx, hold_id)
        services = [_offered(tx, clinic.id, one, place) for one, place in zip(command.parts, places, strict=True)]
        around = _around(tx, clinic.id, places)
        for place, service in zip(places, services, strict=True):
            _require_fit(tx, place, service, around)
        patient_id = command.parts[0].patient
        if isinstance(patient_id, NewPatient):
            patient_id = insert_new(tx, patient_id)
        if command.parts[0].consented:
            give_within(tx, patient_id, command.parts[0].consented)
        wanted = [(new_id(), part, service) for part, service in zip(command.parts, services, strict=True)]
        rows.insert_appointments(tx, clinic.id, patient_id, wanted)
        made = {one.id: one for one in rows.by_ids(tx, [key for key, _part, _service in wanted])}
        return Together((), tuple(made[key] for key, _part, _service in wanted))


def move(clinic: Clinic, command: MoveVisit) -> Together:
    """Move a service of a visit, and those in `seen` by as much; a conflict of any of them refuses all.

    Raises as `book` does, and ChangedElsewhere.
    """
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "move_visit", command.appointment_id):
            return Together((), tuple(rows.by_ids(tx, [key for key, _version in command.seen])))
        seen = dict(command.seen)
        known = {one.id: one for one in rows.by_ids(tx, list(seen))}
        named = known.get(command.appointment_id) or named_visit(tx, command.appointment_id)
        delta = command.place.slot.starts_at - named.starts_at
        places = {key: command.place if key == named.id else shifted(one, delta) for key, one in known.items()}
        rows.lock(tx, [each for place in places.values() for each in things_at(place)])
        before = seen_appointments(tx, seen)
        if command.hold_id:
            hold_rows.release(tx, command.hold_id)
        around = _around(tx, named.clinic_id, list(places.values()), [one.id for one in before])
        take(around, [one for one in before if places[one.id] == place_of(one)])
        moves = [Move(one, put_at(one, _found_place(tx, one, places[one.id], around), 1)) for one in before]
        return Together(tuple(before), write_all(tx, moves))


def step(clinic: Clinic, command: StepVisit) -> Together:
    """Take one step of the status machine with each service named, or with none.

    Raises StatusRefused, ChangedElsewhere, NotFound, NotAllowed or InvalidField.
    """
    clean_text(command.reason, "reason")
    with clinic.transaction() as tx:
        seen = dict(command.seen)
        if ledger.claim(tx, command.operation_id, "step_visit", next(iter(seen))):
            return Together((), tuple(rows.by_ids(tx, list(seen))))
        before = seen_appointments(tx, seen)
        for one in before:
            require_step(one.status, command.status)
            if command.status.holds_the_slot and not one.status.holds_the_slot:
                raise InvalidField("service", "unknown")
        after = write_all(tx, [Move(one, stepped(one, command)) for one in before])
        return Together(tuple(before), after)


def _offered(tx: Transaction, clinic_id: UUID, part: BookAppointment, place: FreeSlot) -> Service:
    clean_text(part.note, "note")
    service = service_of(tx, clinic_id, part.service_id, locked=())
    check_offered(placement(place, service), service)
    return service


def _around(tx: Transaction, clinic_id: UUID, places: Sequence[FreeSlot], leaving: Sequence[UUID] = ()) -> Surroundings:
    people = [one.professional_id for one in places]
    things = [each for one in places for each in (one.room_id, one.equipment_id)]
    return surroundings(tx, clinic_id, [one.slot for one in places], people, things, leaving)


def _found_place(tx: Transaction, one: Appointment, place: FreeSlot, around: Surroundings) -> FreeSlot:
    """The place, if the visit may be put there; judged with the buffers it has, for its service may have others now."""
    if place == place_of(one):
        return place
    service = service_of(tx, one.clinic_id, one.service_id, locked=())
    had = Service(one.service_id, one.service_name, buffer_before=one.buffer_before, buffer_after=one.buffer_after)
    check_offered(placement(place, had), service, placement(place_of(one), had))
    _require_fit(tx, place, had, around, one)
    return place


def _require_fit(
    tx: Transaction, place: FreeSlot, service: Service, around: Surroundings, before: Appointment | None = None
) -> None:
    """Refuse, by what stands against it, a place for a service; what fits is counted as taken from then on."""
    local_day = around.calendar.local_day
    stays = before is not None and local_day(before.starts_at) == local_day(place.slot.starts_at)
    new = not (stays and before is not None and before.professional_id == place.professional_id)
    key = before.id if before else None
    _place, refusal = judged(place, service, around, key, new_to_the_day=new)
    if refusal is not None:
        against = Planned(local_day(place.slot.starts_at), place, before, refusal=refusal)
        raise _told(tx, against, service, around)
    around.busy.add(would_hold(place, service, key or new_id()))


def _told(tx: Transaction, against: Planned, service: Service, around: Surroundings) -> ClinicError:
    """What stands against a place, with its names."""
    (told,) = with_names(tx, [against], lambda _one: service, around)
    assert told.refusal is not None
    return told.refusal
