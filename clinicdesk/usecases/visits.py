"""Several services in one coming: booked, moved and stepped together, all or none."""

from collections.abc import Sequence
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, BookAppointment, require_step
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.fitting import Move, Surroundings, judged, placement, would_hold
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.patients import NewPatient
from clinicdesk.domain.series_edit import Planned
from clinicdesk.domain.slots import FreeSlot, check_offered
from clinicdesk.domain.together import Together
from clinicdesk.domain.visits import BookVisit, MoveVisit, StepVisit, place_of, put_at, shifted, stepped, things_at
from clinicdesk.errors import InvalidField
from clinicdesk.storage import agenda as rows
from clinicdesk.storage import holds as hold_rows
from clinicdesk.storage import ledger
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.agenda import service_of
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.patients import insert_new
from clinicdesk.usecases.together import named_visit, seen_appointments, surroundings, take, with_names, write_all


def services_of(clinic: Clinic, visit_id: UUID) -> list[Appointment]:
    """Every service of one coming, in order of time, given up or not."""
    with clinic.transaction() as tx:
        return rows.of_visit(tx, visit_id)


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
        (told,) = with_names(
            tx, [Planned(local_day(place.slot.starts_at), place, before, refusal=refusal)], lambda _one: service, around
        )
        assert told.refusal is not None
        raise told.refusal
    around.busy.add(would_hold(place, service, key or new_id()))
