"""What a person can do with the waiting list: put somebody on it, see who fits a free time, and book them there."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, ChangeStatus, Slot
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.finder import Ground, free_around
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.waiting import (
    AddToWaitingList,
    BookFromList,
    ChangeWaiting,
    CloseWaiting,
    Fit,
    WaitingEntry,
    WaitingState,
    check_wish,
    times_for,
    who_fits,
)
from clinicdesk.errors import ClinicError, NotFound, WaitingEntryTaken
from clinicdesk.storage import agenda as agenda_rows
from clinicdesk.storage import ledger
from clinicdesk.storage import waiting as rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic, new_id

MOST_LOOKED_AT = 40  # of a long list, as many as are ever offered something in a week
MOST_CLOSED = 200  # of those who are off the list, as many as a list of them shows


@dataclass(frozen=True)
class FreePlace:
    """A place on the agenda that somebody pointed at: the free time around it, and who would like to have it."""

    professional_id: UUID
    moment: dt.datetime
    gap: Slot | None  # None: it is not free
    fits: tuple[Fit, ...]


@dataclass(frozen=True)
class WaitingList:
    """Who waits, the first to be served first, and how many are not on it any more."""

    entries: tuple[WaitingEntry, ...]
    expired: tuple[WaitingEntry, ...]
    booked: int
    given_up: int


# --- reading ---------------------------------------------------------------------------------------------------------


def waiting_list(clinic: Clinic, today: dt.date) -> WaitingList:
    """Everybody who waits on a local day; whose last day has passed is told apart."""
    with clinic.transaction() as tx:
        found = rows.open_entries(tx, clinic.id)
        _open, _expired, booked, given_up = rows.counts(tx, clinic.id, today)
    waiting = tuple(one for one in found if not one.expired(today))
    return WaitingList(waiting, tuple(one for one in found if one.expired(today)), booked, given_up)


def closed(clinic: Clinic, states: Sequence[WaitingState]) -> tuple[WaitingEntry, ...]:
    """Those who were booked or gave up, the last first."""
    with clinic.transaction() as tx:
        return tuple(rows.closed_entries(tx, clinic.id, states, MOST_CLOSED))


def of_patient(clinic: Clinic, patient_id: UUID) -> tuple[WaitingEntry, ...]:
    """What a patient waits or waited for."""
    with clinic.transaction() as tx:
        return tuple(rows.of_patient(tx, patient_id))


def of_visit(clinic: Clinic, appointment_id: UUID) -> WaitingEntry | None:
    """The entry a visit was booked from; None when it was not."""
    with clinic.transaction() as tx:
        return rows.of_visit(tx, appointment_id)


def entry(clinic: Clinic, entry_id: UUID) -> WaitingEntry:
    """One entry as it stands. Raises NotFound."""
    with clinic.transaction() as tx:
        return _found(rows.entry(tx, entry_id), entry_id)


def fits_at(
    clinic: Clinic, catalogue: Catalogue, professional_id: UUID, moment: dt.datetime, now: dt.datetime
) -> FreePlace:
    """The free time of a professional around a moment, and who of the list fits it; none when it is not free."""
    with clinic.transaction() as tx:
        entries = rows.open_entries(tx, clinic.id)
        # The local day is not known before the zone is.
        around = moment.date() - dt.timedelta(days=1), moment.date() + dt.timedelta(days=1)
        ground = ground_of(tx, clinic, catalogue, entries, [professional_id], *around, now)
    gap = free_around(ground.calendar, ground.busy, professional_id, moment)
    if gap is None or gap.ends_at <= now:
        return FreePlace(professional_id, moment, None, ())
    today = ground.calendar.local_day(now)
    waiting = [one for one in entries if not one.expired(today)]
    return FreePlace(
        professional_id, moment, gap, tuple(who_fits(waiting, catalogue, ground, professional_id, gap, moment))
    )


def times(
    clinic: Clinic,
    catalogue: Catalogue,
    people: Sequence[UUID],
    days: tuple[dt.date, dt.date],
    now: dt.datetime,
    besides: UUID | None = None,
) -> dict[UUID, tuple[FreeSlot, ...]]:
    """For the first who wait, and one `besides`, the times with these people on these local days that would do."""
    with clinic.transaction() as tx:
        waiting = rows.open_entries(tx, clinic.id)
        entries = [one for place, one in enumerate(waiting) if place < MOST_LOOKED_AT or one.id == besides]
        ground = ground_of(tx, clinic, catalogue, entries, people, *days, now)
    each = [days[0] + dt.timedelta(days=number) for number in range((days[1] - days[0]).days + 1)]
    return {one.id: tuple(times_for(one, catalogue, ground, people, each)) for one in entries}


# --- writing ---------------------------------------------------------------------------------------------------------


def add(clinic: Clinic, command: AddToWaitingList) -> WaitingEntry:
    """Put somebody on the list. Raises InvalidField, NotFound, NotOffered or NotAllowed."""
    entry_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "wait", entry_id)
        if done:
            return _found(rows.entry(tx, done), done)
        check_wish(command.wish)
        rows.insert(tx, clinic.id, entry_id, command)
        return _found(rows.entry(tx, entry_id), entry_id)


def change(clinic: Clinic, command: ChangeWaiting) -> WaitingEntry:
    """Change what somebody waits for. Raises as `add` does, and WaitingEntryTaken when another desk was first."""
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "wait", command.entry_id):
            return _found(rows.entry(tx, command.entry_id), command.entry_id)
        check_wish(command.wish)
        if not rows.change(tx, command.entry_id, command.seen_version, command.wish):
            raise _taken(tx, command.entry_id)
        return _found(rows.entry(tx, command.entry_id), command.entry_id)


def close(clinic: Clinic, command: CloseWaiting) -> WaitingEntry:
    """Take somebody off the list or put them back on it. Raises WaitingEntryTaken when another desk was first."""
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "wait", command.entry_id):
            return _found(rows.entry(tx, command.entry_id), command.entry_id)
        if not rows.set_state(tx, command.entry_id, command.seen_version, command.state):
            raise _taken(tx, command.entry_id)
        return _found(rows.entry(tx, command.entry_id), command.entry_id)


def book(clinic: Clinic, command: BookFromList) -> Appointment:
    """Book somebody of the list; the entry becomes the visit's in the same transaction.

    Raises WaitingEntryTaken, with who booked them, when another desk was first; else as a booking does.
    """
    appointment_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.booking.operation_id, "book", appointment_id)
        if done:
            return _visit(tx, done)
        # The entry first: whoever wants the same person waits here, and is told by whom they were booked.
        entry = _found(rows.entry(tx, command.entry_id, locked=True), command.entry_id)
        if entry.state is not WaitingState.OPEN or entry.version != command.seen_version:
            raise _taken(tx, command.entry_id)
        if entry.clinic_id != clinic.id:
            raise NotFound("waiting_entry", str(entry.id))
        booking = replace(command.booking, patient=entry.patient_id)
        booked = agenda.book_within(tx, clinic, appointment_id, booking)
        rows.set_state(tx, entry.id, entry.version, WaitingState.BOOKED, appointment_id)
        return booked


def unbook(clinic: Clinic, command: ChangeStatus) -> Appointment:
    """Take a booking from the list back: the visit is cancelled and its entry waits again, in one transaction.

    Raises as a step of the status machine does.
    """
    with clinic.transaction() as tx:
        cancelled = agenda.change_status_within(tx, command, None)
        entry = rows.of_visit(tx, command.appointment_id)
        if entry is not None and entry.state is WaitingState.BOOKED:
            rows.set_state(tx, entry.id, entry.version, WaitingState.OPEN)
        return cancelled


# --- within ---


def ground_of(
    tx: Transaction,
    clinic: Clinic,
    catalogue: Catalogue,
    entries: Sequence[WaitingEntry],
    people: Sequence[UUID],
    first: dt.date,
    last: dt.date,
    now: dt.datetime,
) -> Ground:
    """What is free for those who wait. Who is called now may come now: the notice a booking page asks for is not."""
    wanted = {one.wish.service_id for one in entries}
    services = [one for one in catalogue.services if one.id in wanted]
    things = {each for one in services for each in (*one.room_ids, *one.equipment_ids)}
    found = agenda.ground(tx, clinic.id, people, tuple(things), first, last, now)
    return replace(found, policy=replace(found.policy, min_advance_hours=0))


def _visit(tx: Transaction, appointment_id: UUID) -> Appointment:
    found = agenda_rows.appointment(tx, appointment_id)
    if found is None:
        raise NotFound("appointment", str(appointment_id))
    return found


def _found(entry: WaitingEntry | None, entry_id: UUID) -> WaitingEntry:
    if entry is None:
        raise NotFound("waiting_entry", str(entry_id))
    return entry


def _taken(tx: Transaction, entry_id: UUID) -> ClinicError:
    """Somebody else was first: who, and what they did."""
    entry = _found(rows.entry(tx, entry_id), entry_id)
    return WaitingEntryTaken(entry.patient_name, str(entry.state), entry.changed_by)
