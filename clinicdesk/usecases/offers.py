"""Offering a free time to those who wait: one after the other, held meanwhile, booked in the moment of the answer.

Offers end by themselves; whoever sends looks every minute (`expire_offers`), offers the time to the next, and offers
what was given up meanwhile where the clinic wants that. The entry is locked first, then the offer, then people and
things.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, BookAppointment, Channel, Status
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.finder import free_around
from clinicdesk.domain.offers import (
    LEAD,
    LOOKED_BACK,
    SHORTEST,
    EndOffer,
    FreedSlot,
    MakeOffer,
    Offer,
    OfferState,
    next_in_line,
    timing,
)
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.staff import Role
from clinicdesk.domain.templates import OFFER_BODY
from clinicdesk.domain.waiting import Fit, WaitingEntry, WaitingState, who_fits
from clinicdesk.errors import (
    NotFound,
    OfferOver,
    OfferRefused,
    ServerBusy,
    SlotClosed,
    SlotTaken,
    WaitingEntryTaken,
)
from clinicdesk.storage import agenda as agenda_rows
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import ledger
from clinicdesk.storage import offers as rows
from clinicdesk.storage import waiting as waiting_rows
from clinicdesk.storage.engine import Transaction, server_now
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.waiting import ground_of


@dataclass(frozen=True)
class Answered:
    """What an answer did: the offer as it stands, and the visit it became."""

    offer: Offer
    visit: Appointment | None = None


# --- reading ---------------------------------------------------------------------------------------------------------


def standing(clinic: Clinic) -> tuple[Offer, ...]:
    """What is on offer now, what is over soonest first."""
    with clinic.transaction() as tx:
        told = clinic.person.role is not Role.PROFESSIONAL
        return tuple(rows.standing(tx, clinic.id, with_messages=told))


def by_ids(clinic: Clinic, ids: tuple[UUID, ...]) -> tuple[Offer, ...]:
    """Those of the offers, however they stand: how a desk answers an echo."""
    with clinic.transaction() as tx:
        return tuple(rows.by_ids(tx, clinic.id, ids, with_messages=clinic.person.role is not Role.PROFESSIONAL))


def askable(clinic: Clinic, patients: tuple[UUID, ...]) -> frozenset[UUID]:
    """Those of the patients who can be asked by message, and answer."""
    with clinic.transaction() as tx:
        return rows.reachable(tx, patients, rows.policy(tx, clinic.id).channels)


# --- offering --------------------------------------------------------------------------------------------------------


def offer(clinic: Clinic, command: MakeOffer, now: dt.datetime | None = None) -> Offer:
    """Offer somebody of the list a time by message, and hold it for them.

    Raises OfferRefused, WaitingEntryTaken, and as a booking there would: SlotTaken, SlotClosed.
    """
    offer_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "offer", offer_id)
        if done:
            return _found(tx, clinic, done)
        entry = waiting_rows.entry(tx, command.entry_id, locked=True)
        if entry is None or entry.clinic_id != clinic.id:
            raise NotFound("waiting_entry", str(command.entry_id))
        if entry.state is not WaitingState.OPEN or entry.version != command.seen_version:
            raise WaitingEntryTaken(entry.patient_name, str(entry.state), entry.changed_by)
        _offer(tx, clinic, offer_id, entry, command.place, command.freed_by, now or server_now(tx))
        return _found(tx, clinic, offer_id)


def _offer(
    tx: Transaction,
    clinic: Clinic,
    offer_id: UUID,
    entry: WaitingEntry,
    place: FreeSlot,
    freed_by: UUID | None,
    now: dt.datetime,
) -> None:
    """Offer a time inside a transaction in which the entry is locked."""
    policy = rows.policy(tx, clinic.id)
    if entry.patient_id not in rows.reachable(tx, [entry.patient_id], policy.channels):
        raise OfferRefused("not_reached", entry.patient_name)
    when = timing(now, place.slot.starts_at, policy.minutes, policy.quiet)
    if any(one.entry_id == entry.id for one in rows.standing(tx, clinic.id, with_messages=True)):
        raise OfferRefused("offered_already", entry.patient_name)
    rows.insert(tx, clinic.id, offer_id, entry.id, place, when, freed_by)
    made = _found(tx, clinic, offer_id)
    body = "" if policy.template_id else OFFER_BODY
    rows.send(tx, clinic.id, new_id(), made, when, policy.template_id, body)


# --- what becomes of it ----------------------------------------------------------------------------------------------


def accept_within(
    tx: Transaction,
    clinic: Clinic,
    offer_id: UUID,
    channel: Channel = Channel.WHATSAPP,
    now: dt.datetime | None = None,
) -> Appointment:
    """Book the time for whoever was offered it, inside another use case’s transaction; the entry is off the list.

    Raises OfferOver when it is not on offer any more, and then has written nothing; NotFound.
    """
    with rows.attempt(tx):
        held = _standing(tx, clinic, offer_id, now or server_now(tx))
        entry = waiting_rows.entry(tx, held.entry_id)
        assert entry is not None
        appointment_id = new_id()
        rows.end(tx, held.id, OfferState.ACCEPTED, appointment_id, ask_no_more=True)
        place = held.place
        booking = BookAppointment(
            operation_id=appointment_id,
            patient=held.patient_id,
            professional_id=place.professional_id,
            service_id=held.service_id,
            slot=place.slot,
            room_id=place.room_id,
            equipment_id=place.equipment_id,
            status=Status.CONFIRMED,
            channel=channel,
            note=entry.wish.note,
        )
        booked = agenda.book_within(tx, clinic, appointment_id, booking)
        waiting_rows.set_state(tx, entry.id, entry.version, WaitingState.BOOKED, appointment_id)
        return booked


def refuse_within(tx: Transaction, clinic: Clinic, offer_id: UUID, now: dt.datetime | None = None) -> Offer:
    """Note that whoever was offered the time does not want it; they stay on the list. Raises OfferOver, NotFound."""
    held = _standing(tx, clinic, offer_id, now or server_now(tx))
    rows.end(tx, held.id, OfferState.REFUSED, ask_no_more=True)
    return held


def end(clinic: Clinic, command: EndOffer, now: dt.datetime | None = None) -> Answered:
    """Withdraw an offer, or note the answer that somebody gave at the desk. Raises OfferOver, NotFound."""
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "offer_end", command.offer_id):
            return _answered(tx, clinic, command.offer_id)
        moment = now or server_now(tx)
        if command.state is OfferState.ACCEPTED:
            accept_within(tx, clinic, command.offer_id, Channel.DESK, moment)
        elif command.state is OfferState.REFUSED:
            refuse_within(tx, clinic, command.offer_id, moment)
        else:
            held = _standing(tx, clinic, command.offer_id, None)
            rows.end(tx, held.id, OfferState.WITHDRAWN, ask_no_more=True)
        return _answered(tx, clinic, command.offer_id)


# --- by itself -------------------------------------------------------------------------------------------------------


def expire_offers(clinic: Clinic, now: dt.datetime | None = None) -> int:
    """End what is over, and offer times by themselves where the clinic wants that; how many offers ended or began."""
    with clinic.transaction() as tx:
        moment = now or server_now(tx)
        over = rows.over(tx, clinic.id, moment)
    done = 0
    for offer_id, state in over:
        done += _each(clinic, partial(_expire, clinic, offer_id, state, moment))
    return done + offer_freed(clinic, moment)


def offer_freed(clinic: Clinic, now: dt.datetime | None = None) -> int:
    """Offer the times that are free since a short while to the next who wait for one; to how many."""
    with clinic.transaction() as tx:
        moment = now or server_now(tx)
        policy = rows.policy(tx, clinic.id)
        if not policy.by_itself or not policy.quiet.allows(moment):
            return 0
        soonest = moment + LEAD + SHORTEST
        free = [
            *rows.freed(tx, clinic.id, moment - LOOKED_BACK, moment - policy.grace, soonest),
            *rows.untaken(tx, clinic.id, moment - LOOKED_BACK, soonest),
        ]
        catalogue = clinic_rows.catalogue(tx, clinic.id)
    return sum(_each(clinic, partial(_offer_next, clinic, catalogue, one, moment)) for one in free)


def _offer_next(clinic: Clinic, catalogue: Catalogue, freed: FreedSlot, now: dt.datetime, tx: Transaction) -> bool:
    """Offer a time to the first who fits, can be asked and was not asked yet; False when there is nobody."""
    fit = _next(tx, clinic, catalogue, freed, now)
    entry = waiting_rows.entry(tx, fit.entry.id, locked=True) if fit else None
    if fit is None or entry is None or entry.version != fit.entry.version:
        return False  # changed at this moment: the next look finds them as they are
    _offer(tx, clinic, new_id(), entry, fit.free, freed.appointment_id, now)
    return True


def _next(tx: Transaction, clinic: Clinic, catalogue: Catalogue, freed: FreedSlot, now: dt.datetime) -> Fit | None:
    entries = waiting_rows.open_entries(tx, clinic.id)
    day = freed.slot.starts_at.date()
    around = day - dt.timedelta(days=1), day + dt.timedelta(days=1)
    ground = ground_of(tx, clinic, catalogue, entries, [freed.professional_id], *around, now)
    gap = free_around(ground.calendar, ground.busy, freed.professional_id, freed.slot.starts_at)
    if gap is None:
        return None
    today = ground.calendar.local_day(now)
    waiting = [one for one in entries if not one.expired(today)]
    fits = who_fits(waiting, catalogue, ground, freed.professional_id, gap, freed.slot.starts_at)
    channels = rows.policy(tx, clinic.id).channels
    reachable = rows.reachable(tx, [one.entry.patient_id for one in fits], channels)
    passed_over = rows.passed_over(tx, clinic.id, freed.professional_id, freed.slot, freed.freed_at)
    return next_in_line(fits, reachable, passed_over)


def _expire(clinic: Clinic, offer_id: UUID, state: OfferState, now: dt.datetime, tx: Transaction) -> bool:
    held = rows.offer(tx, clinic.id, offer_id, locked=True)
    if held is None or held.state is not OfferState.OFFERED or (state is OfferState.EXPIRED and held.stands(now)):
        return False
    rows.end(tx, offer_id, state, ask_no_more=True)
    return True


def _each(clinic: Clinic, work: Callable[[Transaction], bool]) -> int:
    """One step in a transaction of its own; what stands against it concerns this one alone."""
    try:
        with clinic.transaction() as tx:
            return int(work(tx))
    except (OfferRefused, OfferOver, NotFound, SlotTaken, SlotClosed, ServerBusy):
        return 0


# --- within ----------------------------------------------------------------------------------------------------------


def _standing(tx: Transaction, clinic: Clinic, offer_id: UUID, now: dt.datetime | None) -> Offer:
    """An offer that stands, locked with its entry. Without a moment its minutes are not looked at."""
    held = rows.offer(tx, clinic.id, offer_id, locked=True)
    if held is None:
        raise NotFound("offer", str(offer_id))
    if held.state is not OfferState.OFFERED:
        raise OfferOver(str(held.state))
    if now is not None and not held.stands(now):
        raise OfferOver(str(OfferState.EXPIRED))
    return held


def _found(tx: Transaction, clinic: Clinic, offer_id: UUID) -> Offer:
    held = rows.offer(tx, clinic.id, offer_id)
    if held is None:
        raise NotFound("offer", str(offer_id))
    return held


def _answered(tx: Transaction, clinic: Clinic, offer_id: UUID) -> Answered:
    held = _found(tx, clinic, offer_id)
    visit = agenda_rows.appointment(tx, held.appointment_id) if held.appointment_id else None
    return Answered(held, visit)
