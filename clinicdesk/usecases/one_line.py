"""What a person can do with one line: have it read against the register and the agenda, step by step to a booking."""

import contextlib
import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import TypeVar, cast
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, Slot, Status
from clinicdesk.domain.clinics import SchedulingPolicy, Service
from clinicdesk.domain.hours import Calendar
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
_STRETCH = 5  # days that are looked at together
_MOMENT = 3.0  # seconds
_MOST_KEPT = 12

Known = TypeVar("Known")


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


class Memory:
    """What was read a moment ago, so that the next key need not ask again. A booking is decided over fresh reads."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[float, object]] = {}

    def kept(self, key: Hashable, read_now: Callable[[], Known]) -> Known:
        """What is known under `key`, read now when that is not a moment ago."""
        found = self._kept.get(key)
        if found is not None and monotonic() - found[0] < _MOMENT:
            return cast(Known, found[1])
        value = read_now()
        others = list(self._kept.items())[-_MOST_KEPT:]
        self._kept = {**dict(others), key: (monotonic(), value)}
        return value

    def forget(self) -> None:
        """Something changed: ask again."""
        self._kept = {}


@dataclass
class _Asked:
    """One question with what it is asked against."""

    tx: Transaction
    clinic: Clinic
    vocabulary: Vocabulary
    now: dt.datetime
    zone: dt.tzinfo
    memory: Memory
    decided: Decided

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
    memory: Memory | None = None,
) -> Answer:
    """Read a line: whom it finds, and the booking it tells with whether its time is free. Nothing is written.

    `memory` spares the next key of the same line what this one read.
    """
    with clinic.transaction() as tx:
        asked = _Asked(tx, clinic, vocabulary, now, zone, memory or Memory(), decided or Decided())
        readings = read(line, vocabulary, asked.today)
        people = _with_visits(asked, _found(asked, line, MOST_PEOPLE)) if line.strip() else ()
        bookings = [one for one in readings if one.is_booking]
        draft = _draft(asked, bookings) if bookings else None
    return Answer(line, readings, people, draft)


# --- who -------------------------------------------------------------------------------------------------------------


def _draft(asked: _Asked, readings: Sequence[Reading]) -> Draft:
    """The first reading whose name somebody bears; the likeliest one when nobody bears any."""
    reading, people = readings[0], tuple[PatientMatch, ...]()
    for one in readings:
        found = _people(asked, one)
        if found:
            reading, people = one, found
            break
    more = len(people) > MOST_PEOPLE
    shown = _with_visits(asked, _called_so(people, reading)[:MOST_PEOPLE])
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
        otherwise=_otherwise(asked, reading, readings),
    )
    if reading.moving:
        return _moving(asked, draft)
    return _with_offer(asked, draft) if service else draft


# --- a visit that goes elsewhere -------------------------------------------------------------------------------------


def _moving(asked: _Asked, draft: Draft) -> Draft:
    """Which visit of the patient's is meant, and whether it can go where the line says."""
    if not isinstance(draft.patient, PatientMatch):
        return replace(draft, patient=None)
    reading, picked = draft.reading, asked.decided.visit_id
    ahead = [one for one in rows.of_patient(asked.tx, draft.patient.id) if _may_move(one, asked)]
    meant = [one for one in ahead if one.service_id in reading.service_ids] or ahead
    visits = tuple(sorted(meant, key=lambda one: one.starts_at))
    visit = next((one for one in visits if one.id == picked), visits[0] if len(visits) == 1 else None)
    wanted = _elsewhere(asked, reading, visit) if visit else None
    offer = _offer(asked, wanted) if wanted else None
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


def _otherwise(asked: _Asked, reading: Reading, readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The other readings that are about somebody: another name, or the same with another professional."""
    told = (reading.patient, reading.professional_ids)
    others = [one for one in readings if (one.patient, one.professional_ids) != told]
    return tuple(one for one in others if _found(asked, _name_words(one), 1))


def _name_words(reading: Reading) -> str:
    return f"{reading.patient} {reading.phone}".strip()


def _found(asked: _Asked, words: str, most: int) -> tuple[PatientMatch, ...]:
    """Who is found by these words."""
    look = lambda: tuple(patients.search_within(asked.tx, asked.clinic, words, most))  # noqa: E731
    return asked.memory.kept(("people", words.strip(), most), look)


def _people(asked: _Asked, reading: Reading) -> tuple[PatientMatch, ...]:
    """Whom the name may mean; with a phone, who bears both, else who has the phone, else who bears the name."""
    for words in dict.fromkeys((_name_words(reading), reading.phone, reading.patient)):
        if words and (found := _found(asked, words, MOST_PEOPLE + 1)):
            return found
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


def _with_visits(asked: _Asked, found: Sequence[PatientMatch]) -> tuple[PatientMatch, ...]:
    if not found:
        return ()
    ids = tuple(one.id for one in found)
    visits = asked.memory.kept(("visits", ids), lambda: patient_rows.visits_around(asked.tx, ids, asked.now))
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


def _with_offer(asked: _Asked, draft: Draft) -> Draft:
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
    return replace(draft, wanted=wanted, offer=_offer(asked, wanted))


def _first(ids: Sequence[UUID]) -> UUID | None:
    return ids[0] if ids else None


def _offer(asked: _Asked, wanted: Wanted) -> Offer:
    refusal: ClinicError | None = _not_offered(wanted, asked.now)
    if refusal is not None:
        return Offer(refusal=refusal)
    if wanted.hours.start is None or wanted.days is None or not wanted.days.is_one:
        return _in_stretch(asked, wanted)
    starts_at = dt.datetime.combine(wanted.days.first, wanted.hours.start, asked.zone).astimezone(dt.UTC)
    free, refusal = _just_there(asked, wanted, Slot.lasting(starts_at, wanted.length))
    if free is not None:
        return Offer(free=free)
    later = wanted.request(asked.today, within=False)
    others, why_not = _few(asked, later, lambda found: nearest(found, starts_at, asked.zone))
    return Offer(refusal=refusal, others=others, why_not=why_not)


def _not_offered(wanted: Wanted, now: dt.datetime) -> NotOffered | None:
    """Whether the service's lists leave out whom or what was named; the time does not matter."""
    for who in wanted.professional_ids[:1]:
        try:
            check_offered(Placement(who, Slot.lasting(now, 1), wanted.room_id, wanted.equipment_id), wanted.service)
        except NotOffered as refusal:
            return refusal
    return None


def _in_stretch(asked: _Asked, wanted: Wanted) -> Offer:
    """No exact day and hour: the first free times of the stretch that was told, or later ones when it has none."""
    zone, start = asked.zone, wanted.hours.start

    def few(found: Sequence[FreeSlot]) -> tuple[FreeSlot, ...]:
        fitting = [one for one in found if start in (None, one.slot.starts_at.astimezone(zone).time())]
        return spread(fitting, zone)

    within, why_not = _few(asked, wanted.request(asked.today), few)
    if within:
        return Offer(others=within)
    later, _why = _few(asked, wanted.request(asked.today, within=False), lambda found: spread(found, zone))
    return Offer(others=later, why_not=why_not)


def _few(
    asked: _Asked, request: SlotRequest, chosen: Callable[[Sequence[FreeSlot]], tuple[FreeSlot, ...]]
) -> tuple[tuple[FreeSlot, ...], WhyNot | None]:
    """A handful of free times, some days at a time: it is asked at every key, and mostly the first days have them."""
    found: list[FreeSlot] = []
    few: tuple[FreeSlot, ...] = ()
    why_not: WhyNot | None = None
    first, left = request.first_day, request.days
    while left > 0 and len(few) < MOST_OFFERED:
        calendar, policy, busy = _ground(asked, request, first)
        part = replace(request, first_day=first, days=min(_STRETCH, left))
        search = find_slots(part, calendar, policy, busy, asked.now)
        found.extend(search.slots)
        few, why_not = chosen(found), why_not or search.main_reason
        first, left = first + dt.timedelta(days=_STRETCH), left - _STRETCH
    return few, why_not


def _ground(asked: _Asked, request: SlotRequest, first: dt.date) -> tuple[Calendar, SchedulingPolicy, Busy]:
    """Hours, policy and what is taken over some days from `first` on."""
    service = request.service
    resources = (*request.professional_ids, *service.room_ids, *service.equipment_ids)

    def look() -> tuple[Calendar, SchedulingPolicy, Busy]:
        last = first + dt.timedelta(days=_STRETCH - 1)
        rules = hour_rows.rules(asked.tx, asked.clinic.id, first, last, request.professional_ids, resources)
        whole = Slot(rules.calendar.day_slot(first).starts_at, rules.calendar.day_slot(last).ends_at)
        held = whole.widened(service.buffer_before, service.buffer_after)
        busy = with_blocks(rows.busy(asked.tx, resources, held), rules.calendar, request.professional_ids)
        return rules.calendar, rules.policy, busy

    return asked.memory.kept(("ground", resources, service.id, first), look)


def _just_there(asked: _Asked, wanted: Wanted, slot: Slot) -> tuple[FreeSlot | None, ClinicError | None]:
    """The first person, room and machine free at an exact time; else why the first person is not."""
    assert wanted.days is not None
    calendar, _policy, busy = _ground(asked, wanted.request(wanted.days.first), wanted.days.first)
    held = slot.widened(wanted.service.buffer_before, wanted.service.buffer_after)
    room_id, equipment_id = (
        _free_one(ids, held, busy, wanted.appointment_id) for ids in (wanted.room_ids, wanted.equipment_ids)
    )
    first: tuple[Placement, ClinicError] | None = None
    for who in wanted.professional_ids:
        placement = _placed(wanted, who, slot, room_id, equipment_id)
        refusal = explain(placement, calendar, busy)
        if refusal is None:
            return FreeSlot(who, slot, room_id, equipment_id), None
        first = first or (placement, refusal)
    return None, named(asked.tx, first[1], first[0], busy) if first else None


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
