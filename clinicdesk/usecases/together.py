"""Several appointments judged and written in one transaction, as visits and series have it, and the way back."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, Slot, require_step
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.fitting import (
    DAYS_AHEAD,
    Move,
    Surroundings,
    held_by,
    in_safe_order,
    placement,
    would_hold,
)
from clinicdesk.domain.series import Series
from clinicdesk.domain.series_booking import on_days_of, with_alternatives
from clinicdesk.domain.series_edit import Planned
from clinicdesk.domain.slots import Busy, FreeSlot
from clinicdesk.domain.together import PutBack, Together
from clinicdesk.errors import ChangedElsewhere, ClinicError, NotAllowed, NotFound, SeriesConflicts, SlotTaken
from clinicdesk.storage import agenda as rows
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import hours as hour_rows
from clinicdesk.storage import ledger
from clinicdesk.storage import series as series_rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.agenda import changed_elsewhere, with_blocks
from clinicdesk.usecases.clinic import Clinic

_LONGEST_BUFFER = dt.timedelta(minutes=240)
_KINDS = ("professional", "room", "equipment")


def put_back(clinic: Clinic, command: PutBack) -> Together:
    """Take a deed over several visits back, or do it again: all of it or nothing. Hours do not matter any more.

    Raises ChangedElsewhere, SlotTaken, SlotClosed, StatusRefused, NotFound or NotAllowed.
    """
    seen = dict(command.seen)
    wanted = {one.id: one for one in command.appointments}
    rows_of_it = [*wanted, *(one.id for one in command.series)]
    if not rows_of_it:
        return Together((), ())
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "put_back", rows_of_it[0]):
            return Together((), tuple(rows.by_ids(tx, list(wanted))))
        series_before = tuple(locked_series(tx, one.id, seen) for one in command.series)
        rows.lock(tx, _resources(wanted.values()))
        before = seen_appointments(tx, {key: seen[key] for key in wanted})
        moves = [Move(one, wanted[one.id]) for one in before]
        for move in moves:
            if move.before.status is not move.after.status:
                require_step(move.before.status, move.after.status)
        _require_free(tx, moves)
        for one in command.series:
            rewrite_series(tx, one, seen[one.id])
        after = write_all(tx, moves)
        return Together(tuple(before), after, series_before, _read_series(tx, command.series))


def seen_appointments(tx: Transaction, seen: Mapping[UUID, int]) -> list[Appointment]:
    """These appointments with their rows taken, if each still is in the version that was seen; in the order given."""
    rows.lock_rows(tx, seen)
    found = {one.id: one for one in rows.by_ids(tx, list(seen))}
    for key, version in seen.items():
        if key not in found:
            raise NotFound("appointment", str(key))
        if found[key].version != version:
            raise changed_elsewhere(tx, key, version)
    return [found[key] for key in seen]


def write_all(tx: Transaction, moves: Sequence[Move]) -> tuple[Appointment, ...]:
    """Write every visit as it is to be, in an order in which none is in another's way; as they are afterwards."""
    changed = [one for one in moves if one.before != one.after]
    failed = rows.rewrite(tx, [(one.after, one.before.version) for one in in_safe_order(changed)])
    if failed is not None:
        raise changed_elsewhere(tx, failed, next(one.before.version for one in changed if one.before.id == failed))
    written = {one.id: one for one in rows.by_ids(tx, [one.before.id for one in changed])}
    return tuple(written.get(one.before.id, one.before) for one in moves)


# --- series rows -----------------------------------------------------------------------------------------------------


def locked_series(tx: Transaction, series_id: UUID, seen: Mapping[UUID, int]) -> Series:
    """A series with its row taken, if it still is in the version that was seen (when one was)."""
    found = series_rows.series(tx, series_id, locked=True)
    if found is None:
        raise NotFound("series", str(series_id))
    if seen.get(series_id, found.version) != found.version:
        raise _series_changed(tx, series_id, seen[series_id])
    return found


def rewrite_series(tx: Transaction, wanted: Series, seen_version: int) -> None:
    """Write a series that `locked_series` took."""
    if not series_rows.rewrite(tx, wanted, seen_version):
        raise _series_changed(tx, wanted.id, seen_version)


def _series_changed(tx: Transaction, series_id: UUID, seen_version: int) -> ClinicError:
    change = series_rows.last_change(tx, series_id)
    if change is None:
        return NotFound("series", str(series_id))
    version, name, at = change
    if version == seen_version:
        return NotAllowed("appointment")
    return ChangedElsewhere("series", series_id, seen_version, version, name, at)


def _read_series(tx: Transaction, series: Iterable[Series]) -> tuple[Series, ...]:
    return tuple(read_series(tx, one.id) for one in series)


# --- judging ---------------------------------------------------------------------------------------------------------


def surroundings(
    tx: Transaction,
    clinic_id: UUID,
    slots: Sequence[Slot],
    people: Iterable[UUID],
    things: Iterable[UUID | None],
    leaving: Iterable[UUID] = (),
) -> Surroundings:
    """Hours and what is taken on the days of `slots`; what the visits and holds in `leaving` take is not counted."""
    everybody = list(dict.fromkeys(people))
    others = [one for one in dict.fromkeys(things) if one]
    day = dt.timedelta(days=1)
    first = min(one.starts_at for one in slots).date() - day
    last = max(one.ends_at for one in slots).date() + day
    rules = hour_rows.rules(tx, clinic_id, first, last, everybody, others)
    whole = {rules.calendar.local_day(moment) for one in slots for moment in (one.starts_at, one.ends_at)}
    stretches = _merged(rules.calendar.day_slot(each) for each in sorted(whole))
    gone = set(leaving)
    taken = [
        one
        for one in rows.busy_in(tx, [*everybody, *others], stretches)
        if one.appointment_id not in gone and one.hold_id not in gone
    ]
    return Surroundings(rules.calendar, rules.policy, with_blocks(taken, rules.calendar, everybody), rules.now)


def _merged(days: Iterable[Slot]) -> list[Slot]:
    """The days with their buffers, those that touch as one stretch."""
    found: list[Slot] = []
    for day in days:
        slot = Slot(day.starts_at - _LONGEST_BUFFER, day.ends_at + _LONGEST_BUFFER)
        if found and slot.starts_at <= found[-1].ends_at:
            found[-1] = Slot(found[-1].starts_at, slot.ends_at)
        else:
            found.append(slot)
    return found


def with_names(
    tx: Transaction, plan: Sequence[Planned], service_of: Callable[[Planned], Service], around: Surroundings
) -> tuple[Planned, ...]:
    """The plan with the names a person needs: what is taken, and by whom if that is this clinic's business."""
    taken = [one for one in plan if isinstance(one.refusal, SlotTaken)]
    holders = {id(one): _holder_ids(one, service_of(one), around.busy) for one in taken}
    names = {
        one.id: one.patient_name for one in rows.by_ids(tx, list({key for ids in holders.values() for key in ids}))
    }
    things: dict[UUID, str] = {}

    def named(one: Planned) -> Planned:
        refusal = one.refusal
        if not isinstance(refusal, SlotTaken):
            return one
        thing = _resource(one.place, refusal.resource_kind)
        if thing is not None and thing not in things:
            things[thing] = clinic_rows.resource_name(tx, refusal.resource_kind, thing)
        holder = next((names[key] for key in holders[id(one)] if key in names), refusal.holder)
        return replace(
            one, refusal=replace(refusal, resource_name=things.get(thing, "") if thing else "", holder=holder)
        )

    return tuple(named(one) for one in plan)


def _holder_ids(one: Planned, service: Service, busy: Busy) -> list[UUID]:
    assert isinstance(one.refusal, SlotTaken)
    thing = _resource(one.place, one.refusal.resource_kind)
    if thing is None:
        return []
    own = one.before.id if one.before else None
    held = placement(one.place, service).held
    return [each.appointment_id for each in busy.within(thing, held) if each.appointment_id not in (None, own)]


def _resource(place: FreeSlot, kind: str) -> UUID | None:
    return dict(zip(_KINDS, (place.professional_id, place.room_id, place.equipment_id), strict=True))[kind]


def _resources(appointments: Iterable[Appointment]) -> list[UUID]:
    return [
        each
        for one in appointments
        for each in (one.professional_id, one.room_id, one.equipment_id)
        if each is not None and one.status.holds_the_slot
    ]


def _require_free(tx: Transaction, moves: Sequence[Move]) -> None:
    """Refuse to put visits back into time that somebody else has meanwhile."""
    leaving = {one.before.id for one in moves}
    claims = [one.after for one in moves if one.after.status.holds_the_slot]
    if not claims:
        return
    held = [one.slot.widened(one.buffer_before, one.buffer_after) for one in claims]
    taken = Busy(one for one in rows.busy_in(tx, _resources(claims), held) if one.appointment_id not in leaving)
    for one in claims:
        for kind, wanted in zip(_KINDS, held_by_kind(one), strict=True):
            if wanted is None or (kind == "professional" and one.overbooked):
                continue
            found = taken.within(wanted, one.slot.widened(one.buffer_before, one.buffer_after))
            if found:
                raise _taken_by(tx, kind, wanted, found[0].appointment_id, found[0].slot.ends_at)


def held_by_kind(one: Appointment) -> tuple[UUID, UUID | None, UUID | None]:
    """The professional, room and machine of a visit."""
    return one.professional_id, one.room_id, one.equipment_id


def _taken_by(tx: Transaction, kind: str, resource_id: UUID, holder: UUID | None, until: dt.datetime) -> SlotTaken:
    name = clinic_rows.resource_name(tx, kind, resource_id)
    held_by_whom = rows.appointment(tx, holder) if holder else None
    who = held_by_whom.patient_name if held_by_whom else ""
    return SlotTaken(kind, name, who, until=until, elsewhere=holder is None)


def explained(
    tx: Transaction,
    clinic_id: UUID,
    series: Series,
    plan: Sequence[Planned],
    service: Callable[[Planned], Service],
    around: Surroundings,
    people: Sequence[UUID],
    things: Sequence[UUID | None],
    leaving: Sequence[UUID] = (),
) -> tuple[Planned, ...]:
    """The plan with names, and with alternatives for what cannot be; their days are read only when they are needed."""
    against = [one for one in plan if one.refusal]
    if not against:
        return tuple(plan)
    ahead = dt.timedelta(days=DAYS_AHEAD)
    slots = [Slot(one.place.slot.starts_at, one.place.slot.ends_at + ahead) for one in against]
    days = [
        Slot.lasting(one.starts_at + dt.timedelta(days=count), 1) for one in slots for count in range(DAYS_AHEAD + 1)
    ]
    wider = on_days_of(series, surroundings(tx, clinic_id, days, people, things, leaving))
    for one in plan:
        if one.refusal is None:
            wider.busy.add(would_hold(one.place, service(one), one.before.id if one.before else series.id))
    named = with_names(tx, plan, service, around)
    return with_alternatives(named, service, wider, people)


def require_none_against(plan: Sequence[Planned], around: Surroundings) -> None:
    against = tuple((around.calendar.local_day(one.place.slot.starts_at), one.refusal) for one in plan if one.refusal)
    if against:
        raise SeriesConflicts(against)


def named_visit(tx: Transaction, appointment_id: UUID) -> Appointment:
    found = rows.appointment(tx, appointment_id)
    if found is None:
        raise NotFound("appointment", str(appointment_id))
    return found


def read_series(tx: Transaction, series_id: UUID) -> Series:
    found = series_rows.series(tx, series_id)
    if found is None:
        raise NotFound("series", str(series_id))
    return found


def take(around: Surroundings, appointments: Iterable[Appointment]) -> None:
    """Count what these visits hold where they stand."""
    for one in appointments:
        around.busy.add(held_by(one))
