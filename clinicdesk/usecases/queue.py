"""What a person can do with what waits to be sent: see it, decide what became of a message, pause a channel."""

import datetime as dt
from zoneinfo import ZoneInfo

from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.queue import (
    OF_A_PERSON,
    ChannelStanding,
    DecideMessage,
    PauseChannel,
    QueuedMessage,
    QueueLook,
    QueueView,
    decisions,
)
from clinicdesk.domain.staff import Role
from clinicdesk.errors import ChangedElsewhere, InvalidField, MessageMoved, NotAllowed, NotFound
from clinicdesk.storage import ledger
from clinicdesk.storage import queue as rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.clinic import Clinic

MOST_LISTED = 300
LONGEST_REASON = 120


def may_look(clinic: Clinic) -> bool:
    """Whether what is sent concerns this person: professionals are told by the desk."""
    return clinic.person.role is not Role.PROFESSIONAL


def look(clinic: Clinic, now: dt.datetime, zone: ZoneInfo) -> QueueLook:
    """The queue in numbers, with who sends and by what channels. Raises NotAllowed."""
    _require(clinic)
    with clinic.transaction() as tx:
        return rows.look(tx, clinic.id, now, _day_began(now, zone))


def listed(clinic: Clinic, view: QueueView, now: dt.datetime, zone: ZoneInfo) -> tuple[QueuedMessage, ...]:
    """The messages of a view, those first that somebody has to look at first. Raises NotAllowed."""
    _require(clinic)
    with clinic.transaction() as tx:
        return tuple(rows.listed(tx, clinic.id, view, now, _day_began(now, zone), MOST_LISTED))


def decide(clinic: Clinic, command: DecideMessage) -> QueuedMessage:
    """Send again, discard, say whether it went out, or take that back.

    Raises MessageMoved when another desk or the sending itself was first, NotFound, NotAllowed.
    """
    _require(clinic)
    try:
        with clinic.transaction() as tx:
            if ledger.claim(tx, command.operation_id, "message", command.message_id):
                return _found(tx, clinic, command)
            found = _found(tx, clinic, command)
            if command.decision not in decisions(found):
                raise MessageMoved(found.state, command.decision)
            rows.decide(tx, command.message_id, command.decision)
            return _found(tx, clinic, command)
    except NotFound as gone:
        # It was there when it was read: between that and the decision it went on its way.
        raise MessageMoved("sending", command.decision) if gone.kind == "row" else gone from None


def pause(clinic: Clinic, command: PauseChannel) -> ChannelStanding:
    """Pause a channel with a reason, or let it go on. Raises InvalidField, ChangedElsewhere, NotFound, NotAllowed."""
    _require(clinic)
    words = clean_text(command.reason, "reason").strip()
    if len(words) > LONGEST_REASON:
        raise InvalidField("reason", "too_long", str(LONGEST_REASON))
    reason = f"{OF_A_PERSON}{words}" if command.pause else ""
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "channel", command.channel_id)
        written = done or rows.pause(tx, clinic.id, command.channel_id, command.seen_version, reason)
        found = rows.channel(tx, clinic.id, command.channel_id)
        if found is None:
            raise NotFound("channel", str(command.channel_id))
        if not written and found.paused is not command.pause:
            raise ChangedElsewhere("channel", found.id, command.seen_version, found.version)
        return found


def _require(clinic: Clinic) -> None:
    if not may_look(clinic):
        raise NotAllowed("messages")


def _found(tx: Transaction, clinic: Clinic, command: DecideMessage) -> QueuedMessage:
    found = rows.message(tx, clinic.id, command.message_id)
    if found is None:
        raise NotFound("message", str(command.message_id))
    return found


def _day_began(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(now.astimezone(zone).date(), dt.time(0), zone)
