"""Whether a message may go out now, by which road, and if not, why not: looked at again in the moment it is sent.

Nothing here asks a database or a clock; the plan itself is the database's (`clinicdesk.plan_messages`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.messages import ChannelKind, MessageKind, Provider

_BEFORE_QUIET = dt.timedelta(minutes=30)  # a message moved to the evening before leaves room for a queue
_EVENING = dt.time(20)
_MOST_STEPS = 6  # whoever is quiet all day long is written to at the time that was planned


class Why(StrEnum):
    """Why a message was not sent, or not yet."""

    # It says what is not so any more.
    CANCELLED = "cancelled"
    MOVED = "moved"
    MOVED_BACK = "moved_back"
    STANDS_AGAIN = "stands_again"
    ALREADY_CONFIRMED = "already_confirmed"
    HAPPENED_ALREADY = "happened_already"
    NOT_COMPLETED = "not_completed"
    TOO_OLD = "too_old"
    TOGETHER = "together"  # another message says the same
    OFFER_OVER = "offer_over"
    TAKEN_BACK = "taken_back"  # what a person had read in a reply
    TAKEN_OVER = "taken_over"  # the robot's answer, where a person speaks now
    # The clinic or the patient does not want it.
    MESSAGES_OFF = "messages_off"
    RULE_INACTIVE = "rule_inactive"
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    DISCARDED = "discarded"
    # It has no road.
    NO_CHANNEL = "no_channel"
    NO_ADDRESS = "no_address"
    LANDLINE = "landline"
    UNREACHABLE = "nowhere_reached"
    OUTSIDE_WINDOW = "outside_window"
    NO_ANSWER = "no_answer"
    # Not yet.
    NOT_DUE = "not_due"
    QUIET_HOURS = "quiet_hours"
    CHANNEL_PAUSED = "channel_paused"
    CHANNEL_BUSY = "channel_busy"  # as many go by it in a minute as may
    RETRYING = "retrying"


# What a person has to look at; all else is dropped and only told.
FAILURES = frozenset({Why.UNREACHABLE, Why.OUTSIDE_WINDOW})
# Said at once, at whatever hour: somebody waits for it, or is standing there.
_AT_ANY_HOUR = frozenset({MessageKind.ANSWER, MessageKind.PERSON, MessageKind.TEST, MessageKind.CHECK_IN})
_OF_RULES = frozenset(
    {
        MessageKind.BOOKED,
        MessageKind.REMINDER,
        MessageKind.MOVED,
        MessageKind.CANCELLED,
        MessageKind.FOLLOW_UP,
        MessageKind.BIRTHDAY,
    }
)
_OF_A_STANDING_VISIT = frozenset({MessageKind.BOOKED, MessageKind.REMINDER, MessageKind.MOVED, MessageKind.CHECK_IN})
# Where a conversation goes on, nobody is asked again whether the clinic may write.
_IN_CONVERSATION = frozenset({MessageKind.ANSWER, MessageKind.PERSON, MessageKind.TEST})
WINDOWED = frozenset({Provider.META, Provider.TWILIO})  # free text only within a day of what the patient wrote


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When a clinic writes to nobody: by night, and on Sundays unless it likes to."""

    zone: ZoneInfo
    quiet_from: dt.time = dt.time(21)
    quiet_to: dt.time = dt.time(8)
    on_sundays: bool = False

    def allows(self, moment: dt.datetime) -> bool:
        """Whether somebody may be written to now."""
        local = moment.astimezone(self.zone)
        return not self._rest(local.date()) and not self._quiet(local.time())

    def next_allowed(self, moment: dt.datetime) -> dt.datetime:
        """This moment, or the first after it in which somebody may be written to."""
        for _step in range(_MOST_STEPS):
            if self.allows(moment):
                break
            local = moment.astimezone(self.zone)
            if self._rest(local.date()):
                moment = self._at(local.date() + dt.timedelta(days=1), dt.time(0))
            elif self._overnight and local.time() >= self.quiet_from:
                moment = self._at(local.date() + dt.timedelta(days=1), self.quiet_to)
            else:
                moment = self._at(local.date(), self.quiet_to)
        return moment

    def last_allowed(self, moment: dt.datetime) -> dt.datetime:
        """This moment, or one of the evening before it: what is said before a visit is not said too late."""
        for _step in range(_MOST_STEPS):
            if self.allows(moment):
                break
            local = moment.astimezone(self.zone)
            day, eve = local.date(), local.date() - dt.timedelta(days=1)
            if self._rest(day) or (self._overnight and local.time() < self.quiet_to):
                moment = self._evening(eve)
            elif self._overnight:
                moment = self._evening(day)
            else:
                before = self._before_quiet()
                moment = self._at(day, before) if before else self._evening(eve)
        return moment

    @property
    def _overnight(self) -> bool:
        return self.quiet_from > self.quiet_to

    def _rest(self, day: dt.date) -> bool:
        return day.isoweekday() == 7 and not self.on_sundays

    def _quiet(self, time: dt.time) -> bool:
        if self._overnight:
            return time >= self.quiet_from or time < self.quiet_to
        return self.quiet_from <= time < self.quiet_to

    def _before_quiet(self) -> dt.time | None:
        """Half an hour before it becomes quiet; None where that is no more of the same day."""
        start = dt.datetime.combine(dt.date(2000, 1, 2), self.quiet_from)
        before = start - _BEFORE_QUIET
        return before.time() if before.date() == start.date() else None

    def _evening(self, day: dt.date) -> dt.datetime:
        if self._overnight:
            return self._at(day, max(self._before_quiet() or self.quiet_to, self.quiet_to))
        return self._at(day, (self._before_quiet() or _EVENING) if self._quiet(_EVENING) else _EVENING)

    def _at(self, day: dt.date, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, time, self.zone).astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class VisitNow:
    """The visit a message speaks of, as it stands now."""

    status: Status
    starts_at: dt.datetime
    version: int = 1


@dataclass(frozen=True, slots=True)
class Letter:
    """All that decides whether one message may go out, as it is now."""

    kind: MessageKind
    planned_for: dt.datetime
    expires_at: dt.datetime
    quiet: QuietHours
    visit: VisitNow | None = None
    visit_at: dt.datetime | None = None  # when the visit was when this was planned
    asks: bool = False
    rule_active: bool = True
    messages_on: bool = True
    led_by_another: bool = False  # another service of the same coming says it for both
    taken_over: bool = False
    offer_open: bool = True
    read_as: str | None = None  # what a person read in the reply this answers; None when nobody did


@dataclass(frozen=True, slots=True)
class Road:
    """One channel of the clinic, and how far it leads to this recipient."""

    channel_id: UUID
    kind: ChannelKind
    provider: Provider
    address: str  # what the recipient is reached by there; empty: nothing is known
    consent: bool = True
    opted_out: bool = False
    tried: bool = False  # this message came back from there
    paused: bool = False
    window_open: bool = False
    approved: bool = False  # the message has a text that the provider approved
    receives: bool = True
    identity: str = ""  # what the provider calls the recipient, where learned
    price: Decimal = Decimal(0)  # the channel's, of one message outside a conversation


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: again at this time."""

    until: dt.datetime
    why: Why


def why_not(letter: Letter, now: dt.datetime) -> Why | Wait | None:
    """What stands against sending this now, whatever the road; None when nothing does."""
    if letter.planned_for > now:
        return Wait(letter.planned_for, Why.NOT_DUE)
    refusal = _not_wanted(letter) or _not_so_any_more(letter, now)
    if refusal is not None:
        return refusal
    if now >= letter.expires_at:
        return Why.TOO_OLD
    if letter.kind not in _AT_ANY_HOUR and not letter.quiet.allows(now):
        until = letter.quiet.next_allowed(now)
        return Wait(until, Why.QUIET_HOURS) if until < letter.expires_at else Why.TOO_OLD
    return None


def _not_wanted(letter: Letter) -> Why | None:
    if letter.kind in _OF_RULES and not letter.messages_on:
        return Why.MESSAGES_OFF
    if not letter.rule_active:
        return Why.RULE_INACTIVE
    if letter.kind is MessageKind.ANSWER and letter.taken_over:
        return Why.TAKEN_OVER
    if letter.kind is MessageKind.OFFER and not letter.offer_open:
        return Why.OFFER_OVER
    return Why.TOGETHER if letter.led_by_another else None


def _not_so_any_more(letter: Letter, now: dt.datetime) -> Why | None:
    visit = letter.visit
    if visit is None:
        return None
    if letter.kind is MessageKind.ANSWER:
        return _read_otherwise(letter, visit, now)
    if letter.kind in _OF_A_STANDING_VISIT:
        return _visit_gone(letter, visit, now)
    if letter.kind is MessageKind.CANCELLED and visit.status is not Status.CANCELLED:
        return Why.STANDS_AGAIN
    if letter.kind is MessageKind.CANCELLED and visit.starts_at <= now:
        return Why.HAPPENED_ALREADY
    if letter.kind is MessageKind.FOLLOW_UP and visit.status is not Status.COMPLETED:
        return Why.NOT_COMPLETED
    return None


def _read_otherwise(letter: Letter, visit: VisitNow, now: dt.datetime) -> Why | None:
    """What a person read in a reply is answered while it stands: by them, and in the agenda."""
    if letter.read_as == "cancelled":
        return None if visit.status is Status.CANCELLED else Why.STANDS_AGAIN
    if letter.read_as != "confirmed" or visit.status is Status.PENDING:
        return Why.TAKEN_BACK
    return _visit_gone(letter, visit, now)


def _visit_gone(letter: Letter, visit: VisitNow, now: dt.datetime) -> Why | None:
    if visit.status is Status.CANCELLED:
        return Why.CANCELLED
    if visit.status not in (Status.PENDING, Status.CONFIRMED) or visit.starts_at <= now:
        return Why.HAPPENED_ALREADY
    if letter.visit_at is not None and letter.visit_at != visit.starts_at:
        return Why.MOVED
    asked = letter.kind is MessageKind.REMINDER and letter.asks
    return Why.ALREADY_CONFIRMED if asked and visit.status is Status.CONFIRMED else None


# --- which way -------------------------------------------------------------------------------------------------------

# Of several reasons the one that tells most.
_TELLING = (
    Why.CHANNEL_PAUSED,
    Why.OPTED_OUT,
    Why.UNREACHABLE,
    Why.OUTSIDE_WINDOW,
    Why.NO_CONSENT,
    Why.LANDLINE,
    Why.NO_ADDRESS,
    Why.NO_CHANNEL,
)


def choose_road(kind: MessageKind, order: Sequence[ChannelKind], roads: Sequence[Road]) -> Road | Why:
    """The first road that may be taken, by the rule's order and then as they were given; else what stands against."""
    met = {Why.NO_CHANNEL}
    for channel_kind in order:
        for road in roads:
            if road.kind is channel_kind:
                blocked = road_blocked(kind, road)
                if blocked is None:
                    return road
                met.add(blocked)
    return next(why for why in _TELLING if why in met)


def road_blocked(kind: MessageKind, road: Road) -> Why | None:
    """Why this message may not go this way; None when it may."""
    if road.tried:
        return Why.UNREACHABLE
    if kind is MessageKind.OFFER and not road.receives:
        return Why.NO_CHANNEL  # whoever cannot answer is offered nothing
    if not road.address:
        return Why.NO_ADDRESS
    if road.kind is not ChannelKind.EMAIL and road.address.startswith("+") and not may_be_mobile(road.address):
        return Why.LANDLINE
    if kind is MessageKind.PERSON and road.opted_out and not road.window_open:
        return Why.OPTED_OUT  # whoever writes again after that is answered; nobody else begins
    if kind not in _IN_CONVERSATION:
        if road.opted_out:
            return Why.OPTED_OUT
        if not road.consent:
            return Why.NO_CONSENT
    if _needs_approval(road) and not road.approved and kind is not MessageKind.TEST:
        return Why.OUTSIDE_WINDOW
    return Why.CHANNEL_PAUSED if road.paused and kind is not MessageKind.TEST else None


def _needs_approval(road: Road) -> bool:
    return road.kind is ChannelKind.WHATSAPP and road.provider in WINDOWED and not road.window_open


def may_be_mobile(phone: str) -> bool:
    """Whether a message may arrive at this number (E.164): no landline and no service number, as far as known here.

    Other countries' numbers are let through; what cannot be reached there the provider says.
    """
    if not phone.startswith("+55"):
        return True
    local = phone[5:]
    return phone[3:4] != "0" and len(local) in (8, 9) and local[0] in "6789"


# --- the plan of a day -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlannedFor:
    """One message of a day: for whom, about which visit, when and by which road; or why not."""

    message_id: UUID
    patient_id: UUID | None
    patient_name: str
    visit: dt.datetime | None  # when the visit is that it speaks of
    rule: MessageKind
    when: dt.datetime
    channel: ChannelKind | None
    why_not: str | None = None  # a word of the program, as Why has them
    body: str = ""  # as it would read
    sent: bool = False
    cost: Decimal = Decimal(0)  # what it takes by that road, in R$


@dataclass(frozen=True)
class DayPlan:
    """Who gets what on a day, and why not; whoever has a visit to be reminded of and no message at all is told too."""

    day: dt.date
    messages: tuple[PlannedFor, ...] = field(default=())

    @property
    def going_out(self) -> tuple[PlannedFor, ...]:
        """What is to be sent, or was."""
        return tuple(one for one in self.messages if one.why_not is None)

    @property
    def cost(self) -> Decimal:
        """What all that goes out takes, in R$."""
        return sum((one.cost for one in self.going_out), Decimal(0))

    @property
    def held_back(self) -> tuple[PlannedFor, ...]:
        """What is not, with the reason."""
        return tuple(one for one in self.messages if one.why_not is not None)
