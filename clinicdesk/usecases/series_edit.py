"""Changing visits of a series in one step: planned visit by visit first, then written, or refused, as a whole."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, Slot
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.fitting import Move, Surroundings, judged, placement, would_hold
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.series import margin, occurrences
from clinicdesk.domain.series_booking import on_days_of
from clinicdesk.domain.series_edit import Edit, EditSeries, Parting, Plan, Planned, Scope, parted, rehomed, touched
from clinicdesk.domain.slots import FreeSlot, check_offered
from clinicdesk.domain.together import Together
from clinicdesk.domain.visits import place_of, things_at
from clinicdesk.errors import ClinicError
from clinicdesk.storage import agenda as rows
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import holds as hold_rows
from clinicdesk.storage import ledger
from clinicdesk.storage import series as series_rows
from clinicdesk.storage.engine import Transaction, server_now
from clinicdesk.usecases.agenda import changed_elsewhere, service_of
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.together import (
    explained,
    locked_series,
    named_visit,
    read_series,
    require_none_against,
    rewrite_series,
    surroundings,
    take,
    with_names,
    write_all,
)


def plan_edit(clinic: Clinic, command: EditSeries, now: dt.datetime | None = None) -> Plan:
    """What a change would make of each visit it is for, with what stands against it. Writes nothing."""
    with clinic.transaction() as tx:
        return _Editing(tx, command, now, locked=False).plan(with_ways_out=True)


def edit(clinic: Clinic, command: EditSeries, now: dt.datetime | None = None) -> Together:
    """Change visits of a series, by the rule of `domain/series_edit.py`; all that is decided, or nothing.

    Raises SeriesConflicts while something stands against a visit that nothing was decided for, and ChangedElsewhere,
    NotOffered, NotFound, NotAllowed or InvalidField.
    """
    clean_text(command.change.note or "", "note")
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "edit_series", command.appointment_id):
            series_id = named_visit(tx, command.appointment_id).series_id
            return Together((), tuple(rows.of_series(tx, series_id)) if series_id else ())
        return _Editing(tx, command, now, locked=True).write()


class _Editing:
    """One change of a series under way in a transaction: read first, then planned, then perhaps written."""

    def __init__(self, tx: Transaction, command: EditSeries, now: dt.datetime | None, *, locked: bool) -> None:
        self._tx, self._command = tx, command
        self._now = now or server_now(tx)
        seen = dict(command.seen)
        named = named_visit(tx, command.appointment_id)
        assert named.series_id is not None
        self._clinic_id = named.clinic_id
        self._series = locked_series(tx, named.series_id, seen) if locked else read_series(tx, named.series_id)
        self._services: dict[UUID, Service] = {}
        self._read_members(named.id)
        if locked:
            # Places before rows, as everywhere: who books waits for the first and never holds the second meanwhile.
            self._work_out()
            rows.lock(tx, [each for one in self._places.values() for each in things_at(one)])
            rows.lock_rows(tx, [one.id for one in self._members])
            self._read_members(named.id)
            for one in self._members:
                if seen.get(one.id, one.version) != one.version:
                    raise changed_elsewhere(tx, one.id, seen[one.id])
        self._work_out()

    def _read_members(self, named_id: UUID) -> None:
        self._members = rows.of_series(self._tx, self._series.id)
        self._named = next(one for one in self._members if one.id == named_id)

    def _work_out(self) -> None:
        """Whom the change is for, what becomes of the rule, and where each is to be."""
        tx, change, named = self._tx, self._command.change, self._named
        now, zone = self._now, clinic_rows.zone(tx, self._clinic_id)
        self._touched = touched(self._members, named, self._command.scope, now)
        local = named.starts_at.astimezone(zone)
        wanted = (change.slot or named.slot).starts_at.astimezone(zone)
        first = min(one.series_day for one in self._touched if one.series_day)
        moved = wanted != local
        starts = wanted.time().replace(tzinfo=None) if moved else self._series.starts
        shift = (wanted.date() - local.date()).days
        if self._command.scope is Scope.THIS:
            self._parting = Parting(self._series, None, {})
        else:
            self._parting = parted(self._series, first, self._command.scope, shift, starts, new_id())
        self._first = first
        slots = [one.slot for one in self._touched] + [change.slot or named.slot]
        away = dt.timedelta(days=abs(shift)) + margin() + dt.timedelta(days=31 if shift else 0)
        wide = [Slot(min(slots).starts_at - away, max(slots).ends_at + away)]
        people = {one.professional_id for one in self._touched} | ({change.professional_id} - {None})
        hours = surroundings(tx, self._clinic_id, wide[:1], [each for each in people if each], ())
        days = sorted({one.series_day for one in self._touched if one.series_day} & set(self._series.days))
        turns = occurrences(self._series, named.slot.minutes, hours.calendar, named.professional_id, days)
        self._edit = Edit(
            self._series, named, change, self._parting, hours.calendar, {each.day: each for each in turns}
        )
        decided = dict(self._command.places)
        self._places = {
            one.id: (decided[one.id] or place_of(one)) if one.id in decided else self._edit.wanted(one)
            for one in self._touched
        }

    def plan(self, *, with_ways_out: bool) -> Plan:
        """Each visit with its place, judged where that is a new one; what was decided is judged as it is."""
        tx = self._tx
        leaving = [one.id for one in self._touched]
        if self._command.hold_id:
            leaving.append(self._command.hold_id)
        people = [one.professional_id for one in self._places.values()]
        services = [self._service(self._edit.service_of(one)) for one in self._touched]
        things: list[UUID | None] = [each for place in self._places.values() for each in things_at(place)[1:]]
        things += [each for service in services for each in (*service.room_ids, *service.equipment_ids)]
        slots = [place.slot for place in self._places.values()]
        around = on_days_of(self._parting.current, surroundings(tx, self._clinic_id, slots, people, things, leaving))
        standing = [one for one in self._touched if not self._changes_place(one)]
        take(around, standing)
        found = [self._judged(one, around) for one in self._touched]
        if with_ways_out:
            everybody = [one.id for one in clinic_rows.active_professionals(tx, self._clinic_id)]
            series = self._parting.current
            found = list(
                explained(tx, self._clinic_id, series, found, self._service_for, around, everybody, things, leaving)
            )
        else:
            found = list(with_names(tx, found, self._service_for, around))
        self._around = around
        kept = tuple(one for one in self._members if one.id not in set(leaving))
        return Plan(self._series, tuple(found), kept)

    def write(self) -> Together:
        """Write what was planned."""
        tx, parting = self._tx, self._parting
        if self._command.hold_id:
            hold_rows.release(tx, self._command.hold_id)
        plan = self.plan(with_ways_out=False)
        require_none_against(plan.planned, self._around)
        homes = {} if self._command.scope is Scope.THIS else rehomed(self._members, parting, self._first)
        places = {one.before.id: one.place for one in plan.planned if one.before}
        moves = []
        for one in self._members:
            after = one
            if one.id in places:
                service = self._service(self._edit.service_of(one)) if self._command.change.service_id else None
                after = self._edit.after(one, places[one.id], service)
            if one.id in homes:
                series_id, day = homes[one.id]
                after = replace(after, series_id=series_id, series_day=day)
            if after != one:
                moves.append(Move(one, after))
        if parting.after is not None:
            series_rows.insert_series(tx, parting.after)
        if self._command.scope is not Scope.THIS:
            rewrite_series(tx, parting.before, self._series.version)
        after_all = write_all(tx, moves)
        before = tuple(one.before for one in moves)
        return Together(before, after_all, (self._series,), (read_series(tx, self._series.id),))

    def _judged(self, one: Appointment, around: Surroundings) -> Planned:
        place, service = self._places[one.id], self._service(self._edit.service_of(one))
        day = one.series_day or self._first
        if not self._changes_place(one):
            return Planned(day, place, one)
        decided = one.id in dict(self._command.places)
        free_choice = replace(service, room_ids=(), equipment_ids=()) if decided else service
        stays = around.calendar.local_day(one.starts_at) == around.calendar.local_day(place.slot.starts_at)
        alike = one.professional_id == place.professional_id
        refusal: ClinicError | None
        try:
            if self._is_offered_anew(one, place):
                check_offered(placement(place, service), service)
            place, refusal = judged(place, free_choice, around, one.id, new_to_the_day=not (stays and alike))
        except ClinicError as error:
            refusal = error
        if refusal is None:
            around.busy.add(would_hold(place, service, one.id, one.patient_name))
        return Planned(day, place, one, refusal=refusal)

    def _changes_place(self, one: Appointment) -> bool:
        return self._places[one.id] != place_of(one) or self._edit.service_of(one) != one.service_id

    def _is_offered_anew(self, one: Appointment, place: FreeSlot) -> bool:
        return self._edit.service_of(one) != one.service_id or things_at(place) != things_at(place_of(one))

    def _service(self, service_id: UUID) -> Service:
        if service_id not in self._services:
            self._services[service_id] = service_of(self._tx, self._clinic_id, service_id, locked=())
        return self._services[service_id]

    def _service_for(self, one: Planned) -> Service:
        assert one.before is not None
        return self._service(self._edit.service_of(one.before))
