"""Offering a time to those who wait for one: to whom first, until when, and what becomes of it."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.message_rules import QuietHours
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.waiting import Fit
from clinicdesk.errors import OfferRefused

LEAD = dt.timedelta(hours=1)  # between the answer and the visit: whoever says yes has to come
SHORTEST = dt.timedelta(minutes=15)  # less time to answer is none
LOOKED_BACK = dt.timedelta(hours=2)  # how long after it was freed a time is still offered by itself


class OfferState(StrEnum):
    """What became of an offer. `UNANSWERABLE`: it did not reach them."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    UNANSWERABLE = "unanswerable"


@dataclass(frozen=True, slots=True)
class Offer:
    """A time offered to one person of the waiting list, with the names a row needs."""

    id: UUID
    version: int
    entry_id: UUID
    patient_id: UUID
    patient_name: str
    service_id: UUID
    place: FreeSlot
    professional_name: str
    state: OfferState
    offered_at: dt.datetime
    expires_at: dt.datetime
    freed_by: UUID | None
    hold_id: UUID | None
    appointment_id: UUID | None = None
    message_state: str = ""  # where its message stands
    offered_by: str = ""  # empty: by itself

    def stands(self, now: dt.datetime) -> bool:
        """Whether it may still be accepted."""
        return self.state is OfferState.OFFERED and now < self.expires_at

    def minutes_left(self, now: dt.datetime) -> int:
        """Whole minutes yet, rounded up; zero once it is over."""
        return max(0, -(-int((self.expires_at - now).total_seconds()) // 60))


@dataclass(frozen=True, slots=True)
class MakeOffer:
    """Offer a time to somebody of the list by message."""

    operation_id: UUID
    entry_id: UUID
    seen_version: int
    place: FreeSlot
    freed_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class EndOffer:
    """Withdraw an offer, or note the answer that was given by telephone."""

    operation_id: UUID
    offer_id: UUID
    state: OfferState = OfferState.WITHDRAWN  # or REFUSED, or ACCEPTED


@dataclass(frozen=True, slots=True)
class Timing:
    """When an offer is sent, and until when it may be answered."""

    sent_at: dt.datetime
    expires_at: dt.datetime


def timing(now: dt.datetime, starts_at: dt.datetime, minutes: int, quiet: QuietHours) -> Timing:
    """When a time that begins then may be offered now: not by night, and early enough that one can come.

    Raises OfferRefused when there is no such moment.
    """
    sent_at = quiet.next_allowed(now)
    expires_at = min(sent_at + dt.timedelta(minutes=minutes), starts_at - LEAD)
    if expires_at - sent_at < SHORTEST:
        raise OfferRefused("too_soon")
    return Timing(sent_at, expires_at)


def next_in_line(fits: Iterable[Fit], reachable: Collection[UUID], passed_over: Collection[UUID]) -> Fit | None:
    """Whom a time is offered first: of those it fits, in the list’s order, who can be asked and was not asked yet.

    `reachable` are patients; `passed_over` are entries that were offered this time, or are offered another now.
    """
    return next(
        (one for one in fits if one.entry.patient_id in reachable and one.entry.id not in passed_over),
        None,
    )


@dataclass(frozen=True, slots=True)
class FreedSlot:
    """A time that became free: the visit that gave it back, where there was one, and when that was."""

    appointment_id: UUID | None
    professional_id: UUID
    slot: Slot
    freed_at: dt.datetime
