"""What a person can do with one line: have it read against the register and the agenda, step by step to a booking."""

import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, Slot, Status
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.one_line import Days, Hours, Reading, Vocabulary, Wanted, read
from clinicdesk.domain.one_line.wanted import MOST_OFFERED, nearest, spread
from clinicdesk.domain.patients import (
    NewPatient,
    PatientMatch,
    clean_name,
    clean_phone,
    fold,
    search_words,
    written_name,
)
from clinicdesk.domain.slots import (
    Busy,
    FreeSlot,
    Placement,
    SlotRequest,
    SlotSearch,
    WhyNot,
    check_offered,
    explain,
    find_slots,
)
from clinicdesk.errors import ClinicError, InvalidField, NotOffered
from clinicdesk.storage import agenda as rows
from clinicdesk.storage import hours as hour_rows
from clinicdesk.storage import patients as patient_rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases import patients
from clinicdesk.usecases.agenda import named, with_blocks
from clinicdesk.usecases.clinic import Clinic

MOST_PEOPLE = 6


@dataclass(frozen=True)
class Decided:
    """What a person has already picked for the words of a line; what is None is still read from them."""

    patient: PatientMatch | NewPatient | None = None
    words: str = ""  # the name and phone for which the patient was picked; for others the pick does not hold
    service_id: UUID | None = None
    professional_id: UUID | None = None
    visit_id: UUID | None = None


@dataclass(frozen=True)
class Offer:
    """When it can be: just as asked (`free`), or why not and what comes nearest."""

    free: FreeSlot | None = None
    refusal: ClinicError | None = None
    others: tuple[FreeSlot, ...] = ()
    why_not: WhyNot | None = None


@dataclass(frozen=True)
class Draft:
    """A booking as far as the line and the picks tell it. `patient` or `service` None: one of several, or nobody."""

    reading: Reading
    people: tuple[PatientMatch, ...]
    patient: PatientMatch | NewPatient | None
    services: tuple[Service, ...]  # what may be meant, when it is not clear
    service: Service | None
    professional_ids: tuple[UUID, ...]
    wanted: Wanted | None = None
    offer: Offer | None = None
    more_people: bool = False  # whether the register has more of that name than `people` shows
    may_be_new: NewPatient | None = None  # whom the words would register
    visits: tuple[Appointment, ...] = ()  # of those ahead, the ones that may be moved
    visit: Appointment | None = None  # the one that is
    otherwise: tuple[Reading, ...] = ()  # the line read for somebody else whom the register has

    @property
    def name_words(self) -> str:
        """The words by which the patient is meant: as long as they stay, so does the pick."""
        return _name_words(self.reading)


@dataclass(frozen=True)
class Answer:
    """What one line leads to: people whom all of it finds, and the booking it may be."""

    line: str
    readings: tuple[Reading, ...]
    people: tuple[PatientMatch, ...]
    draft: Draft | None


@dataclass
class _Asked:
    """One question with what it is asked against."""

    clinic: Clinic
    vocabulary: Vocabulary
    now: dt.datetime
    zone: dt.tzinfo
    decided: Decided = field(default_factory=Decided)

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()


def answer(
    clinic: Clinic,
    vocabulary: Vocabulary,
    line: str,
    now: dt.datetime,
    zone: dt.tzinfo,
    decided: Decided | None = None,
) -> Answer:
    """Read a line: whom it finds, and the booking it tells with whether its time is free. Nothing is written."""
    asked = _Asked(clinic, vocabulary, now, zone, decided or Decided())
    readings = read(line, vocabulary, asked.today)
    with clinic.transaction() as tx:
        people = _with_visits(tx, patients.search_within(tx, clinic, line, MOST_PEOPLE), now) if line.strip() else ()
        bookings = [one for one in readings if one.is_booking]
        draft = _draft(tx, asked, bookings) if bookings else None
    return Answer(line, readings, people, draft)


def offer(clinic: Clinic, wanted: Wanted, now: dt.datetime, zone: dt.tzinfo) -> Offer:
    """Whether what is wanted is free; if not, why, and the nearest times that are."""
    with clinic.transaction() as tx:
        return _offer(tx, clinic, wanted, now, zone)


# --- who -------------------------------------------------------------------------------------------------------------


def _draft(tx: Transaction, asked: _Asked, readings: Sequence[Reading]) -> Draft:
    """The first reading whose name somebody bears; the likeliest one when nobody bears any."""
    reading, people = readings[0], tuple[PatientMatch, ...]()
    for one in readings:
        found = _people(tx, asked.clinic, one)
        if found:
            reading, people = one, found
            break
    more = len(people) > MOST_PEOPLE
    shown = _with_visits(tx, _called_so(people, reading)[:MOST_PEOPLE], asked.now)
    new = _may_be_new(reading)
    picked = asked.decided.patient if asked.decided.words == _name_words(reading) else None
    patient = picked or (None if more else _only(shown, reading)) or (new if new and new.phone and not people else None)
    services, professional_ids = _what(asked, reading)
    service = services[0] if len(services) == 1 else None
    draft = Draft(
        reading=reading,
        people=shown,
        patient=patient,
        services=() if service else services,
        service=service,
        professional_ids=professional_ids,
        more_people=more,
        may_be_new=new,
        otherwise=_otherwise(tx, asked, reading, readings),
    )
    if reading.moving:
        return _moving(tx, asked, draft)
    return _with_offer(tx, asked, draft) if service else draft


# --- a visit that goes elsewhere -------------------------------------------------------------------------------------


def _moving(tx: Transaction, asked: _Asked, draft: Draft) -> Draft:
    """Which visit of the patient's is meant, and whether it can go where the line says."""
    if not isinstance(draft.patient, PatientMatch):
        return replace(draft, patient=None)
    reading, picked = draft.reading, asked.decided.visit_id
    ahead = [one for one in rows.of_patient(tx, draft.patient.id) if _may_move(one, asked)]
    meant = [one for one in ahead if one.service_id in reading.service_ids] or ahead
    visits = tuple(sorted(meant, key=lambda one: one.starts_at))
    visit = next((one for one in visits if one.id == picked), visits[0] if len(visits) == 1 else None)
    wanted = _elsewhere(asked, reading, visit) if visit else None
    offer = _offer(tx, asked.clinic, wanted, asked.now, asked.zone) if wanted else None
    return replace(draft, visits=visits, visit=visit, wanted=wanted, offer=offer)


def _may_move(visit: Appointment, asked: _Asked) -> bool:
    stands = visit.status in (Status.PENDING, Status.CONFIRMED)
    return stands and visit.clinic_id == asked.clinic.id and visit.starts_at >= asked.now - dt.timedelta(hours=12)


def _elsewhere(asked: _Asked, reading: Reading, visit: Appointment) -> Wanted | None:
    """Where the visit is to go: what the line leaves out stays as it is. None: nothing was said, or not offered now."""
    service = next((one for one in asked.vocabulary.catalogue.services if one.id == visit.service_id), None)
    said = reading.days or reading.hours != Hours() or reading.professional_ids or reading.room_ids
    if service is None or not said:
        return None
    local = visit.starts_at.astimezone(asked.zone)
    first_room = (visit.room_id,) if visit.room_id else ()
    rooms = (*first_room, *(one for one in service.room_ids if one not in first_room))
    return Wanted(
        service=replace(service, room_ids=rooms),
        professional_ids=reading.professional_ids or (visit.professional_id,),
        days=reading.days or Days(local.date(), local.date()),
        hours=Hours(local.time()) if reading.hours == Hours() else reading.hours,
        minutes=reading.minutes or visit.slot.minutes,
        room_id=_first(reading.room_ids),
        equipment_id=_first(reading.equipment_ids) or visit.equipment_id,
        overbooking=reading.overbooking or visit.overbooked,
        appointment_id=visit.id,
    )


def _otherwise(tx: Transaction, asked: _Asked, reading: Reading, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The other readings that are about somebody: another name, or the same with another professional."""
    told = (reading.patient, reading.professional_ids)
    others = [one for one in readings if (one.patient, one.professional_ids) != told]
    return tuple(one for one in others if patients.search_within(tx, asked.clinic, _name_words(one), 1))


def _name_words(reading: Reading) -> str:
    return f"{reading.patient} {reading.phone}".strip()


def _people(tx: Transaction, clinic: Clinic, reading: Reading) -> tuple[PatientMatch, ...]:
    """Whom the name may mean; with a phone, who bears both, else who has the phone, else who bears the name."""
    for words in dict.fromkeys((_name_words(reading), reading.phone, reading.patient)):
        if words and (found := patients.search_within(tx, clinic, words, MOST_PEOPLE + 1)):
            return tuple(found)
    return ()


def _called_so(people: Sequence[PatientMatch], reading: Reading) -> tuple[PatientMatch, ...]:
    """Those in whose names the typed words begin words; everybody who was found when there are none."""
    words = search_words(reading.patient)[0]
    called = tuple(one for one in people if all(_begins(word, one.name) for word in words))
    return called or tuple(people)


def _begins(word: str, name: str) -> bool:
    return any(one.startswith(word) for one in fold(name).split())


def _only(people: Sequence[PatientMatch], reading: Reading) -> PatientMatch | None:
    """The one person who can be meant. An alert is shown before, and so is a name found inside another word."""
    if len(people) != 1 or people[0].alert:
        return None
    return people[0] if all(_begins(word, people[0].name) for word in search_words(reading.patient)[0]) else None


def _may_be_new(reading: Reading) -> NewPatient | None:
    """Who would be registered: a name that can be kept, and the phone if it is one."""
    name = reading.patient.lower() if reading.patient.isupper() else reading.patient
    phone = ""
    with contextlib.suppress(InvalidField):
        phone = clean_phone(reading.phone)
    try:
        return NewPatient(clean_name(written_name(name)), phone)
    except InvalidField:
        return None


def _with_visits(tx: Transaction, found: Sequence[PatientMatch], now: dt.datetime) -> tuple[PatientMatch, ...]:
    visits = patient_rows.visits_around(tx, [one.id for one in found], now) if found else {}
    return tuple(
        replace(one, last_visit=visits[one.id][0], next_visit=visits[one.id][1]) if one.id in visits else one
        for one in found
    )


# --- what and with whom ----------------------------------------------------------------------------------------------


def _what(asked: _Asked, reading: Reading) -> tuple[tuple[Service, ...], tuple[UUID, ...]]:
    """The services that may be meant, and who may give them: those named, oneself, or everybody who does."""
    vocabulary, decided = asked.vocabulary, asked.decided
    own = asked.clinic.person.professional_id
    people = (
        (decided.professional_id,) if decided.professional_id else reading.professional_ids or ((own,) if own else ())
    )
    wanted = (decided.service_id,) if decided.service_id else reading.service_ids
    offered = vocabulary.catalogue.services
    if wanted:
        services = tuple(one for one in offered if one.id in wanted)
    else:
        services = tuple(one for one in offered if not people or any(vocabulary.does(who, one.id) for who in people))
    everybody = tuple(one.id for one in vocabulary.catalogue.professionals)
    able = tuple(who for who in everybody if any(vocabulary.does(who, one.id) for one in services))
    return services, people or able


# --- when ------------------------------------------------------------------------------------------------------------


def _with_offer(tx: Transaction, asked: _Asked, draft: Draft) -> Draft:
    service, reading = draft.service, draft.reading
    assert service is not None
    does = tuple(who for who in draft.professional_ids if asked.vocabulary.does(who, service.id))
    wanted = Wanted(
        service=service,
        professional_ids=does or draft.professional_ids,
        days=reading.days,
        hours=reading.hours,
        minutes=reading.minutes,
        room_id=_first(reading.room_ids),
        equipment_id=_first(reading.equipment_ids),
        overbooking=reading.overbooking,
    )
    return replace(draft, wanted=wanted, offer=_offer(tx, asked.clinic, wanted, asked.now, asked.zone))


def _first(ids: Sequence[UUID]) -> UUID | None:
    return ids[0] if ids else None


def _offer(tx: Transaction, clinic: Clinic, wanted: Wanted, now: dt.datetime, zone: dt.tzinfo) -> Offer:
    today = now.astimezone(zone).date()
    refusal: ClinicError | None = _not_offered(wanted, now)
    if refusal is not None:
        return Offer(refusal=refusal)
    if wanted.hours.start is None or wanted.days is None or not wanted.days.is_one:
        return _in_stretch(tx, clinic, wanted, now, zone)
    starts_at = dt.datetime.combine(wanted.days.first, wanted.hours.start, zone).astimezone(dt.UTC)
    free, refusal = _just_there(tx, clinic, wanted, Slot.lasting(starts_at, wanted.length))
    if free is not None:
        return Offer(free=free)
    later = wanted.request(today, within=False)
    others, why_not = _few(tx, clinic, later, now, lambda found: nearest(found, starts_at, zone))
    return Offer(refusal=refusal, others=others, why_not=why_not)


def _not_offered(wanted: Wanted, now: dt.datetime) -> NotOffered | None:
    """Whether the service's lists leave out whom or what was named; the time does not matter."""
    for who in wanted.professional_ids[:1]:
        try:
            check_offered(Placement(who, Slot.lasting(now, 1), wanted.room_id, wanted.equipment_id), wanted.service)
        except NotOffered as refusal:
            return refusal
    return None


def _in_stretch(tx: Transaction, clinic: Clinic, wanted: Wanted, now: dt.datetime, zone: dt.tzinfo) -> Offer:
    """No exact day and hour: the first free times of the stretch that was told, or later ones when it has none."""
    today, start = now.astimezone(zone).date(), wanted.hours.start

    def few(found: Sequence[FreeSlot]) -> tuple[FreeSlot, ...]:
        fitting = [one for one in found if start in (None, one.slot.starts_at.astimezone(zone).time())]
        return spread(fitting, zone)

    within, why_not = _few(tx, clinic, wanted.request(today), now, few)
    if within:
        return Offer(others=within)
    later, _why = _few(tx, clinic, wanted.request(today, within=False), now, lambda found: spread(found, zone))
    return Offer(others=later, why_not=why_not)


def _few(
    tx: Transaction,
    clinic: Clinic,
    request: SlotRequest,
    now: dt.datetime,
    chosen: Callable[[Sequence[FreeSlot]], tuple[FreeSlot, ...]],
) -> tuple[tuple[FreeSlot, ...], WhyNot | None]:
    """A handful of free times, some days at a time: it is asked at every key, and mostly the first days have them."""
    found: list[FreeSlot] = []
    few: tuple[FreeSlot, ...] = ()
    why_not: WhyNot | None = None
    first, left = request.first_day, request.days
    for days in (2, 3, 5, 10, 42):
        if left <= 0 or len(few) >= MOST_OFFERED:
            break
        part = _search(tx, clinic, replace(request, first_day=first, days=min(days, left)), now)
        found.extend(part.slots)
        few, why_not = chosen(found), why_not or part.main_reason
        first, left = first + dt.timedelta(days=days), left - days
    return few, why_not


def _search(tx: Transaction, clinic: Clinic, request: SlotRequest, now: dt.datetime) -> SlotSearch:
    service = request.service
    resources = [*request.professional_ids, *service.room_ids, *service.equipment_ids]
    last = request.first_day + dt.timedelta(days=request.days - 1)
    rules = hour_rows.rules(tx, clinic.id, request.first_day, last, request.professional_ids, resources)
    whole = Slot(rules.calendar.day_slot(request.first_day).starts_at, rules.calendar.day_slot(last).ends_at)
    held = whole.widened(service.buffer_before, service.buffer_after)
    busy = with_blocks(rows.busy(tx, resources, held), rules.calendar, request.professional_ids)
    return find_slots(request, rules.calendar, rules.policy, busy, now)


def _just_there(
    tx: Transaction, clinic: Clinic, wanted: Wanted, slot: Slot
) -> tuple[FreeSlot | None, ClinicError | None]:
    """The first person, room and machine free at an exact time; else why the first person is not."""
    margin = dt.timedelta(days=1)
    day = slot.starts_at.date()
    resources = [*wanted.professional_ids, *wanted.room_ids, *wanted.equipment_ids]
    rules = hour_rows.rules(tx, clinic.id, day - margin, day + margin, wanted.professional_ids, resources)
    held = slot.widened(wanted.service.buffer_before, wanted.service.buffer_after)
    day_of = rules.calendar.day_slot(rules.calendar.local_day(slot.starts_at))
    stretch = Slot(min(day_of.starts_at, held.starts_at), max(day_of.ends_at, held.ends_at))
    busy = with_blocks(rows.busy(tx, resources, stretch), rules.calendar, wanted.professional_ids)
    room_id, equipment_id = (
        _free_one(ids, held, busy, wanted.appointment_id) for ids in (wanted.room_ids, wanted.equipment_ids)
    )
    first: tuple[Placement, ClinicError] | None = None
    for who in wanted.professional_ids:
        placement = _placed(wanted, who, slot, room_id, equipment_id)
        refusal = explain(placement, rules.calendar, busy)
        if refusal is None:
            return FreeSlot(who, slot, room_id, equipment_id), None
        first = first or (placement, refusal)
    return None, named(tx, first[1], first[0], busy) if first else None


def _free_one(ids: Sequence[UUID], held: Slot, busy: Busy, own: UUID | None) -> UUID | None:
    """The first that is free; when none is, the first, for which the refusal then speaks."""
    return next((one for one in ids if _is_free(one, held, busy, own)), ids[0] if ids else None)


def _is_free(resource_id: UUID, held: Slot, busy: Busy, own: UUID | None) -> bool:
    holdings = busy.within(resource_id, held)
    return all(own is not None and one.appointment_id == own for one in holdings)


def _placed(wanted: Wanted, who: UUID, slot: Slot, room_id: UUID | None, equipment_id: UUID | None) -> Placement:
    return Placement(
        professional_id=who,
        slot=slot,
        room_id=room_id,
        equipment_id=equipment_id,
        buffer_before=wanted.service.buffer_before,
        buffer_after=wanted.service.buffer_after,
        overbooking=wanted.overbooking,
        appointment_id=wanted.appointment_id,
    )
