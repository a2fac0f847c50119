"""What a person can do with a series: see it before it is written, book it, change it, give it up, let it go on."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, BookAppointment, CancelledBy, Slot, Status
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.fitting import Move, Surroundings, judged, placement, would_hold
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.hours import instant
from clinicdesk.domain.patients import NewPatient
from clinicdesk.domain.series import Rule, Series, lengthened, margin
from clinicdesk.domain.series_booking import (
    BookSeries,
    ExtendSeries,
    SeriesWish,
    on_days_of,
    planned,
    series_of,
)
from clinicdesk.domain.series_edit import (
    CancelSeries,
    Plan,
    Planned,
    ended,
    touched,
)
from clinicdesk.domain.slots import FreeSlot, check_offered
from clinicdesk.domain.together import Together
from clinicdesk.domain.visits import place_of, things_at
from clinicdesk.errors import InvalidField, NotFound, StatusRefused
from clinicdesk.storage import agenda as rows
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import holds as hold_rows
from clinicdesk.storage import ledger
from clinicdesk.storage import series as series_rows
from clinicdesk.storage.engine import Transaction, server_now
from clinicdesk.usecases.agenda import changed_elsewhere, service_of
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.consents import give_within
from clinicdesk.usecases.patients import insert_new
from clinicdesk.usecases.together import (
    explained,
    locked_series,
    named_visit,
    read_series,
    require_none_against,
    rewrite_series,
    surroundings,
    with_names,
    write_all,
)

Services = Callable[[UUID], Service]


@dataclass(frozen=True)
class SeriesOnShow:
    """A series with its visits, in the order of their days."""

    series: Series
    members: tuple[Appointment, ...]


def on_show(clinic: Clinic, series_id: UUID) -> SeriesOnShow:
    """A series and all its visits, given up or not. Raises NotFound."""
    with clinic.transaction() as tx:
        found = series_rows.series(tx, series_id)
        if found is None:
            raise NotFound("series", str(series_id))
        return SeriesOnShow(found, tuple(rows.of_series(tx, series_id)))


# --- a new one -------------------------------------------------------------------------------------------------------


def plan_series(clinic: Clinic, wish: SeriesWish) -> Plan:
    """Every day of a series that is wished for, with what stands against it and what lies near. Writes nothing."""
    with clinic.transaction() as tx:
        series = series_of(wish, new_id(), clinic.id, clinic_rows.zone(tx, clinic.id))
        service = service_of(tx, clinic.id, wish.service_id, locked=())
        leaving = [wish.hold_id] if wish.hold_id else []
        return Plan(None, _planned_days(tx, clinic.id, series, wish.first, service, series.days, leaving))


def book(clinic: Clinic, command: BookSeries) -> Together:
    """Book a series as decided: every day that was taken, or none. The same operation done twice is one series.

    Raises SeriesConflicts, NotOffered, OutsidePolicy, NotFound, NotAllowed or InvalidField.
    """
    clean_text(command.booking.note, "note")
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "book_series", command.series_id):
            return Together((), tuple(rows.of_series(tx, command.series_id)))
        series = series_of(command.wish, command.series_id, clinic.id, clinic_rows.zone(tx, clinic.id))
        _require_days(series.days, command.places)
        if command.booking.hold_id:
            # Places before holds, as everywhere: who books there takes both, and in this order.
            rows.lock(tx, [each for _day, place in command.places for each in things_at(place)])
            hold_rows.release(tx, command.booking.hold_id)
        series_rows.insert_series(tx, series)
        made = _book_days(tx, clinic.id, series, command.booking, command.places)
        return Together((), made)


def plan_extension(clinic: Clinic, series_id: UUID, rule: Rule) -> Plan:
    """What the days would be that a later end adds to a series. Writes nothing."""
    with clinic.transaction() as tx:
        series = series_rows.series(tx, series_id)
        members = rows.of_series(tx, series_id)
        if series is None or not members:
            raise NotFound("series", str(series_id))
        pattern = _pattern(members)
        service = service_of(tx, clinic.id, pattern.service_id, locked=())
        longer = replace(series, rule=lengthened(series, rule.count, rule.until))
        new = _new_days(series, longer, members)
        return Plan(series, _planned_days(tx, clinic.id, longer, place_of(pattern), service, new))


def extend(clinic: Clinic, command: ExtendSeries) -> Together:
    """Let a series go on to a later end, as decided day by day. Raises as `book` does, and ChangedElsewhere."""
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "extend_series", command.series_id):
            return Together((), tuple(rows.of_series(tx, command.series_id)))
        series = locked_series(tx, command.series_id, {command.series_id: command.seen_version})
        members = rows.of_series(tx, series.id)
        longer = replace(series, rule=lengthened(series, command.rule.count, command.rule.until))
        _require_days(_new_days(series, longer, members), command.places)
        pattern = _pattern(members)
        rewrite_series(tx, longer, series.version)
        booking = BookAppointment(
            operation_id=command.operation_id,
            patient=pattern.patient_id,
            professional_id=pattern.professional_id,
            service_id=pattern.service_id,
            slot=pattern.slot,
            guardian_id=rows.guardian_of(tx, pattern.id),
            note=pattern.note,
        )
        made = _book_days(tx, clinic.id, longer, booking, command.places)
        return Together((), made, (series,), (read_series(tx, series.id),))


def _pattern(members: Sequence[Appointment]) -> Appointment:
    """The visit that new ones are made like: the last that was not given up."""
    standing = [one for one in members if one.status.holds_the_slot]
    return (standing or list(members))[-1]


def _new_days(series: Series, longer: Series, members: Sequence[Appointment]) -> list[dt.date]:
    known = {one.series_day for one in members} | set(series.days)
    return [day for day in longer.days if day not in known]


def _require_days(days: Sequence[dt.date], places: Sequence[tuple[dt.date, FreeSlot]]) -> None:
    wanted = [day for day, _place in places]
    if not wanted:
        raise InvalidField("date", "missing")
    if len(set(wanted)) < len(wanted) or not set(wanted) <= set(days):
        raise InvalidField("date", "unknown")


def _planned_days(
    tx: Transaction,
    clinic_id: UUID,
    series: Series,
    first: FreeSlot,
    service: Service,
    days: Sequence[dt.date],
    leaving: Sequence[UUID] = (),
) -> tuple[Planned, ...]:
    people = [one.id for one in clinic_rows.active_professionals(tx, clinic_id)]
    slots = _day_slots(tx, clinic_id, days, first)
    things = [first.room_id, first.equipment_id, *service.room_ids, *service.equipment_ids]
    around = _around_turns(tx, clinic_id, slots, [first.professional_id], things, leaving)
    plan = planned(series, first, service, around, days)
    return explained(tx, clinic_id, series, plan, lambda _one: service, around, people, things, leaving)


def _around_turns(
    tx: Transaction,
    clinic_id: UUID,
    slots: Sequence[Slot],
    people: Sequence[UUID],
    things: Sequence[UUID | None],
    leaving: Sequence[UUID],
) -> Surroundings:
    """The surroundings of days that may be put beside a holiday: hours far enough for that."""
    earliest, latest = slots[0], slots[-1]
    wide = [Slot(earliest.starts_at - margin(), earliest.ends_at), Slot(latest.starts_at, latest.ends_at + margin())]
    return surroundings(tx, clinic_id, [*wide, *slots], people, things, leaving)


def _day_slots(tx: Transaction, clinic_id: UUID, days: Sequence[dt.date], first: FreeSlot) -> list[Slot]:
    zone = clinic_rows.zone(tx, clinic_id)
    wall = first.slot.starts_at.astimezone(zone).time().replace(tzinfo=None)
    return [Slot.lasting(instant(day, wall, zone), first.slot.minutes) for day in days]


def _book_days(
    tx: Transaction,
    clinic_id: UUID,
    series: Series,
    booking: BookAppointment,
    places: Sequence[tuple[dt.date, FreeSlot]],
) -> tuple[Appointment, ...]:
    """Write the visits of these days, judged under the locks of everything they hold."""
    decided = [place for _day, place in places]
    things = {each for one in decided for each in (one.room_id, one.equipment_id)}
    people = {one.professional_id for one in decided}
    service = service_of(tx, clinic_id, booking.service_id, locked=[*people, *things])
    for place in {(one.professional_id, one.room_id, one.equipment_id): one for one in decided}.values():
        check_offered(placement(place, service), service)
    around = on_days_of(series, surroundings(tx, clinic_id, [one.slot for one in decided], people, list(things)))
    plan = []
    for day, place in places:
        _place, refusal = judged(place, replace(service, room_ids=(), equipment_ids=()), around)
        around.busy.add(would_hold(place, service, series.id))
        plan.append(Planned(day, place, refusal=refusal))
    require_none_against(with_names(tx, plan, lambda _one: service, around), around)
    patient_id = booking.patient
    if isinstance(patient_id, NewPatient):
        patient_id = insert_new(tx, patient_id)
    if booking.consented:
        give_within(tx, patient_id, booking.consented)
    wanted = [(new_id(), _booking_of(booking, series, day, place), service) for day, place in places]
    rows.insert_appointments(tx, clinic_id, patient_id, wanted)
    made = {one.id: one for one in rows.by_ids(tx, [key for key, _command, _service in wanted])}
    return tuple(made[key] for key, _command, _service in wanted)


def _booking_of(booking: BookAppointment, series: Series, day: dt.date, place: FreeSlot) -> BookAppointment:
    return replace(
        booking,
        professional_id=place.professional_id,
        slot=place.slot,
        room_id=place.room_id,
        equipment_id=place.equipment_id,
        series_id=series.id,
        series_day=day,
        overbooking_reason="",
        hold_id=None,
    )


# --- giving up ------------------------------------------------------------------------------------------------------


def cancel(clinic: Clinic, command: CancelSeries, now: dt.datetime | None = None) -> Together:
    """Give up this visit and what follows, or all that is still to come; the series ends before the first given up.

    Raises ChangedElsewhere, NotFound, NotAllowed, InvalidField, or StatusRefused when nothing is left to give up.
    """
    clean_text(command.reason, "reason")
    seen = dict(command.seen)
    with clinic.transaction() as tx:
        named = named_visit(tx, command.appointment_id)
        if ledger.claim(tx, command.operation_id, "cancel_series", named.id):
            return Together((), (named,))
        if named.series_id is None:
            raise NotFound("series")
        series = locked_series(tx, named.series_id, seen)
        rows.lock_rows(tx, [one.id for one in rows.of_series(tx, series.id)])
        members = rows.of_series(tx, series.id)
        for one in members:
            if seen.get(one.id, one.version) != one.version:
                raise changed_elsewhere(tx, one.id, seen[one.id])
        ahead = touched(members, named, command.scope, now or server_now(tx))
        given_up = [one for one in ahead if one.status is not Status.CANCELLED]
        if not given_up:
            raise StatusRefused(named.status, Status.CANCELLED)
        first = min(one.series_day for one in given_up if one.series_day)
        shorter = ended(series, first)
        moves = [Move(one, _given_up(one, command, detached=shorter is not None)) for one in given_up]
        rewrite_series(tx, shorter or series, series.version)
        after = write_all(tx, moves)
        return Together(tuple(given_up), after, (series,), (read_series(tx, series.id),))


def _given_up(one: Appointment, command: CancelSeries, *, detached: bool) -> Appointment:
    cancelled = replace(
        one,
        status=Status.CANCELLED,
        cancelled_by=CancelledBy(command.cancelled_by),
        cancel_reason=command.reason,
    )
    return replace(cancelled, series_id=None, series_day=None) if detached else cancelled
