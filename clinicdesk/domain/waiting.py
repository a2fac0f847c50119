"""The waiting list: who wants an earlier time, when they can come, and who fits a time that is free.

Days and hours are those of the clinic's wall clock; an hour of 00:00 at the end is the midnight that closes the day.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from uuid import UUID

from clinicdesk.domain.agenda import BookAppointment, Slot
from clinicdesk.domain.clinics import Catalogue, Service
from clinicdesk.domain.finder import Ground
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.slots import FreeSlot, SlotRequest, find_slots
from clinicdesk.errors import InvalidField

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
MIDNIGHT = dt.time(0)
_LAST_MINUTE = dt.time(23, 59)


class Urgency(IntEnum):
    """How soon somebody ought to come; the higher is served first."""

    CAN_WAIT = 0
    SOON = 1
    URGENT = 2


class WaitingState(StrEnum):
    """What became of a wish. One whose last day has passed stays open and is no longer offered anything."""

    OPEN = "open"
    BOOKED = "booked"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class WaitingWish:
    """What somebody waits for: a service, with whom, and when they can come."""

    service_id: UUID
    first_day: dt.date
    professional_id: UUID | None = None  # None: whoever does it
    weekdays: tuple[int, ...] = EVERY_DAY
    from_time: dt.time = MIDNIGHT
    to_time: dt.time = MIDNIGHT
    last_day: dt.date | None = None
    urgency: Urgency = Urgency.SOON
    note: str = ""

    def admits(self, day: dt.date, starts: dt.time, ends: dt.time) -> bool:
        """Whether they can come on this day, from one wall-clock time to another."""
        if day < self.first_day or (self.last_day is not None and day > self.last_day):
            return False
        if day.isoweekday() not in self.weekdays or starts < self.from_time:
            return False
        return self.to_time == MIDNIGHT or (ends != MIDNIGHT and ends <= self.to_time)


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """One person on the list, with the names a row needs."""

    id: UUID
    clinic_id: UUID
    version: int
    patient_id: UUID
    patient_name: str
    patient_phone: str
    service_name: str
    professional_name: str  # empty: whoever does it
    wish: WaitingWish
    state: WaitingState
    appointment_id: UUID | None
    since: dt.datetime
    changed_by: str = ""

    def expired(self, today: dt.date) -> bool:
        """Whether the last day they could come has passed."""
        return self.state is WaitingState.OPEN and self.wish.last_day is not None and self.wish.last_day < today

    def waiting_days(self, now: dt.datetime) -> int:
        """Whole days since they were put on the list."""
        return max(0, (now - self.since).days)


def in_order(entries: Iterable[WaitingEntry]) -> list[WaitingEntry]:
    """Who is served first: the more urgent, then whoever waits longest."""
    return sorted(entries, key=lambda one: (-one.wish.urgency, one.since, str(one.id)))


# --- wishes of a person ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddToWaitingList:
    """Put somebody on the list."""

    operation_id: UUID
    patient_id: UUID
    wish: WaitingWish


@dataclass(frozen=True, slots=True)
class ChangeWaiting:
    """Change what somebody waits for."""

    operation_id: UUID
    entry_id: UUID
    seen_version: int
    wish: WaitingWish


@dataclass(frozen=True, slots=True)
class CloseWaiting:
    """Take somebody off the list, or put them back on it."""

    operation_id: UUID
    entry_id: UUID
    seen_version: int
    state: WaitingState  # GIVEN_UP, or OPEN again


@dataclass(frozen=True, slots=True)
class BookFromList:
    """Book the time that was offered, and take the entry off the list in the same step."""

    entry_id: UUID
    seen_version: int
    booking: BookAppointment


def check_wish(wish: WaitingWish) -> None:
    """Refuse, by InvalidField, a wish that nothing could ever fit."""
    clean_text(wish.note, "note")
    if not wish.weekdays or not set(wish.weekdays) <= set(EVERY_DAY):
        raise InvalidField("weekdays", "missing")
    if wish.to_time != MIDNIGHT and wish.to_time <= wish.from_time:
        raise InvalidField("to_time", "before_start")
    if wish.last_day is not None and wish.last_day < wish.first_day:
        raise InvalidField("last_day", "before_start")


# --- who fits --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fit:
    """Somebody of the list for whom a free time would do, and that time: with whom, when, and in which room."""

    entry: WaitingEntry
    free: FreeSlot


def who_fits(
    entries: Iterable[WaitingEntry],
    catalogue: Catalogue,
    ground: Ground,
    professional_id: UUID,
    gap: Slot,
    pointed: dt.datetime | None = None,
) -> list[Fit]:
    """Those for whom there is a time inside `gap`, the first to be served first; at `pointed` itself if that does."""
    services = {one.id: one for one in catalogue.services}
    found = []
    for entry in in_order(entries):
        service = services.get(entry.wish.service_id)
        if service is not None and _may_be_seen_by(entry.wish, service, professional_id):
            free = _first_time(entry.wish, service, ground, professional_id, gap, pointed)
            if free is not None:
                found.append(Fit(entry, free))
    return found


def times_for(
    entry: WaitingEntry, catalogue: Catalogue, ground: Ground, people: Sequence[UUID], days: Sequence[dt.date]
) -> list[FreeSlot]:
    """Every time at which an entry could be booked with these people on these days."""
    service = next((one for one in catalogue.services if one.id == entry.wish.service_id), None)
    if service is None:
        return []
    able = tuple(one for one in people if _may_be_seen_by(entry.wish, service, one))
    return [
        free
        for day in days
        for free in _search(entry.wish, service, ground, able, day)
        if _admits(entry.wish, ground, free.slot)
    ]


def _may_be_seen_by(wish: WaitingWish, service: Service, professional_id: UUID) -> bool:
    asked = wish.professional_id is None or wish.professional_id == professional_id
    return asked and (not service.professional_ids or professional_id in service.professional_ids)


def _search(
    wish: WaitingWish, service: Service, ground: Ground, people: tuple[UUID, ...], day: dt.date
) -> tuple[FreeSlot, ...]:
    request = SlotRequest(service, people, day, 1, 0, wish.from_time, _LAST_MINUTE, wish.weekdays)
    return find_slots(request, ground.calendar, ground.policy, ground.busy, ground.now).slots if people else ()


def _first_time(
    wish: WaitingWish,
    service: Service,
    ground: Ground,
    professional_id: UUID,
    gap: Slot,
    pointed: dt.datetime | None,
) -> FreeSlot | None:
    inside = [
        free
        for free in _search(wish, service, ground, (professional_id,), ground.calendar.local_day(gap.starts_at))
        if gap.starts_at <= free.slot.starts_at
        and free.slot.ends_at <= gap.ends_at
        and _admits(wish, ground, free.slot)
    ]
    later = [free for free in inside if pointed is None or free.slot.starts_at >= pointed]
    return next(iter(later or inside), None)


def _admits(wish: WaitingWish, ground: Ground, slot: Slot) -> bool:
    zone = ground.calendar.zone
    starts, ends = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
    return wish.admits(starts.date(), starts.time(), ends.time())
