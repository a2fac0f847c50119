"""What whoever sends does with the outbox: claim a message, and note what became of it.

Every step is a transaction of its own, so that a process may die between any two of them: what was handed over is
written down before, and nothing is handed over twice.
"""

import datetime as dt
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.message_rules import (
    FAILURES,
    Road,
    Wait,
    Why,
    choose_road,
    road_blocked,
    why_not,
)
from clinicdesk.domain.messages import MessageKind, MessageState, Provider
from clinicdesk.domain.outbox import (
    EARLY_FOR,
    MOST_TRIES,
    PAUSED_FOR,
    STUCK_AFTER,
    Claim,
    Claimed,
    Dropped,
    InFlight,
    Later,
    Noted,
    SealedFile,
    backoff,
    counts,
)
from clinicdesk.domain.parcels import Refusal, Sent, Verdict
from clinicdesk.domain.provider_codes import meaning_of
from clinicdesk.domain.received import Outcome
from clinicdesk.domain.reply_answers import answer_to
from clinicdesk.domain.told import StatusTold
from clinicdesk.storage import letters as letter_rows
from clinicdesk.storage import outbox as rows
from clinicdesk.storage import pacing
from clinicdesk.storage import replies as reply_rows
from clinicdesk.storage.check_in import pass_of
from clinicdesk.storage.engine import Transaction, server_now
from clinicdesk.storage.letters import Row
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.letters import (
    channel_order,
    compose,
    cost_by,
    of_one_channel,
    own_road,
    read_letter,
    read_road,
    sending_channel,
)

_ASKED = ("confirm", "cancel")
_OFFERED = ("accept", "refuse")
_OPEN = (MessageState.PLANNED, MessageState.CLAIMED)
_SETTLED = "settled"  # the fault of a try of which a person said that it did not go out
_ARRIVED = (MessageState.DELIVERED, MessageState.READ)


# --- claiming --------------------------------------------------------------------------------------------------------


def claim(clinic: Clinic, message_id: UUID, now: dt.datetime | None = None) -> Claim:
    """Look again whether a message may go, and if so take it: from then on it is the caller's to hand over, once.

    `now` is the server's clock unless given, because several computers may send and their clocks differ.
    """
    with clinic.transaction() as tx:
        letter = letter_rows.lock_letter(tx, message_id)
        if letter is None:
            return Dropped(message_id)
        state = MessageState(letter["state"])
        if state is MessageState.SENDING:
            return _in_flight(tx, message_id)
        if state not in _OPEN:
            return Dropped(message_id)
        moment = now or server_now(tx)
        against = why_not(read_letter(letter), moment)
        if against is not None:
            return _held_back(tx, letter, against)
        return _take(tx, letter, moment)


def _in_flight(tx: Transaction, message_id: UUID) -> InFlight | Dropped:
    found = rows.under_way(tx, message_id)
    return InFlight(message_id, *found) if found else Dropped(message_id)


def _held_back(tx: Transaction, letter: Row, against: Why | Wait) -> Later | Dropped:
    if isinstance(against, Why):
        rows.drop(tx, letter["id"], MessageState.FAILED if against in FAILURES else MessageState.CANCELLED, against)
        return Dropped(letter["id"], against)
    if against.why is Why.NOT_DUE:
        return Later(letter["id"], against.until, against.why)
    return _again(tx, letter["id"], against.until, letter["expires_at"], against.why)


def _again(
    tx: Transaction, message_id: UUID, at: dt.datetime, expires_at: dt.datetime, why: Why, detail: str = ""
) -> Later | Dropped:
    """Plan it again, unless it is too old by then, or the same is said then already."""
    refusal = Why.TOO_OLD if at >= expires_at else None
    if refusal is None and not rows.plan_again(tx, message_id, at, why, detail):
        refusal = Why.TOGETHER
    if refusal is None:
        return Later(message_id, at, why)
    rows.drop(tx, message_id, MessageState.CANCELLED, refusal)
    return Dropped(message_id, refusal)


def _take(tx: Transaction, letter: Row, now: dt.datetime) -> Claim:
    """Find the road and write down that the message goes by it."""
    found = _road(tx, letter, now)
    if found is Why.CHANNEL_PAUSED:
        return _again(tx, letter["id"], now + PAUSED_FOR, letter["expires_at"], found)
    if isinstance(found, Why):
        return _held_back(tx, letter, found)
    channel, road = found
    if wait := pacing.wait(tx, channel["id"], channel["per_minute"]):
        return _again(tx, letter["id"], now + wait, letter["expires_at"], Why.CHANNEL_BUSY)
    if letter["kind"] == MessageKind.CHECK_IN and letter["appointment_id"] is not None:
        letter = {**letter, "code": pass_of(tx, letter["clinic_id"], letter["appointment_id"])}
    if letter["read_as"] is not None:
        letter = {**letter, "body": _said_to(tx, letter)}
    attempt_id = new_id()
    question_id, allowed = _question(tx, letter, road)
    parcel = compose(letter, road, attempt_id, question_id, allowed)
    message = {
        "message": letter["id"],
        "clinic": letter["clinic_id"],
        "channel": channel["id"],
        # With whom it is said is written down with what came of it: here it would be a lock in another order.
        "conversation": letter["conversation_id"] if of_one_channel(letter) else None,
        "question": question_id,
        "subject": parcel.subject,
        "body": parcel.body,
        "price": cost_by(road, parcel.body),
    }
    rows.begin_try(tx, attempt_id, message, road.address)
    return Claimed(letter["id"], sending_channel(channel), parcel, _file(tx, letter), _is_watched(letter))


def _road(tx: Transaction, letter: Row, now: dt.datetime) -> tuple[Row, Road] | Why:
    kind = MessageKind(letter["kind"])
    fixed = letter["conversation_channel_id"] or letter["channel_id"] if of_one_channel(letter) else None
    if fixed is None:
        known = [(each, read_road(each, letter, now)) for each in letter_rows.roads(tx, letter)]
        chosen = choose_road(kind, channel_order(letter), [road for _row, road in known])
        if isinstance(chosen, Why):
            return chosen
        return next((row, road) for row, road in known if road.channel_id == chosen.channel_id)
    row = letter_rows.channel(tx, fixed)
    if row is None:
        return Why.NO_CHANNEL
    road = own_road(row, letter, now)
    return road_blocked(kind, road) or (row, road)


def _said_to(tx: Transaction, letter: Row) -> str:
    """The robot's words for what a person read in a reply: those it says when it reads one by itself."""
    (question,) = reply_rows.locked(tx, [letter["question_id"]])
    return answer_to(Outcome(letter["read_as"]), question, ZoneInfo(letter["zone"]))


def _question(tx: Transaction, letter: Row, road: Road) -> tuple[UUID | None, tuple[str, ...]]:
    """What is asked, where an answer can arrive: of a visit once, however many messages repeat it."""
    if not road.receives:
        return letter["question_id"], ()
    if letter["question_id"] is not None:
        return letter["question_id"], tuple(letter["question_allowed"]) if letter["question_closed_at"] is None else ()
    if letter["offer_id"] is not None:
        return rows.ask_offer(tx, new_id(), letter, _OFFERED), _OFFERED
    if not letter["asks"] or letter["status"] not in (Status.PENDING, Status.CONFIRMED):
        return None, ()
    return rows.ask(tx, new_id(), letter, _ASKED), _ASKED


def _file(tx: Transaction, letter: Row) -> SealedFile | None:
    row = letter_rows.file(tx, letter["media_id"]) if letter["media_id"] else None
    if row is None or row["sealed_for_sync"] is None:
        return None
    return SealedFile(
        row["id"],
        row["clinic_id"],
        row["kind"],
        row["mime"],
        row["file_name"],
        bytes(row["sealed_for_sync"]),
        row["sync_key_id"],
    )


# --- what became of it -----------------------------------------------------------------------------------------------


def note_sent(clinic: Clinic, attempt_id: UUID, sent: Sent, now: dt.datetime | None = None) -> None:
    """The provider took it. Learns what it calls the recipient; what was told of the message meanwhile stands."""
    with clinic.transaction() as tx:
        seen = rows.attempt(tx, attempt_id)
        if seen is None:
            return
        if sent.provider_message_id:
            rows.take_turn(tx, seen["channel_id"], sent.provider_message_id)
        talk = _conversation(tx, seen, sent.identity)
        tried = rows.attempt(tx, attempt_id, locked=True)
        assert tried is not None
        if _state(tried) in (MessageState.SENDING, MessageState.UNKNOWN):
            rows.end_try(tx, attempt_id, MessageState.SENT, provider_message_id=sent.provider_message_id)
        elif sent.provider_message_id:
            rows.name_try(tx, attempt_id, sent.provider_message_id)
        if _message_state(tried) in (MessageState.SENDING, MessageState.UNKNOWN):
            rows.set_state(tx, tried["message_id"], MessageState.SENT, conversation_id=talk)
        elif talk is not None:
            rows.set_conversation(tx, tried["message_id"], talk)
        if tried["media_id"] is not None:
            rows.forget_file(tx, tried["media_id"])
        if _is_watched(tried):
            rows.open_again(tx, tried["channel_id"])
        for told in rows.take_early(tx, tried["channel_id"], sent.provider_message_id):
            _status(tx, attempt_id, told, talk, now)


def _conversation(tx: Transaction, tried: Row, identity: str) -> UUID | None:
    """The conversation the message was said in; begun with whoever was written to for the first time."""
    if tried["kind"] == MessageKind.TEST:
        return None
    phone = tried["recipient"] if tried["recipient"].startswith("+") else ""
    name = identity or tried["recipient"].removeprefix("+")
    talk: UUID | None = tried["conversation_id"] or rows.talk_with(tx, tried["channel_id"], name, phone)
    if talk is None:
        begun = {"id": new_id(), "clinic": tried["clinic_id"], "channel": tried["channel_id"], "identity": name}
        talk = rows.speak_to(tx, begun | {"phone": phone, "name": "", "patient": tried["patient_id"]})
    elif identity:
        rows.learn_identity(tx, talk, identity)
    rows.said(tx, talk, tried["body"])
    return talk


def note_refused(clinic: Clinic, attempt_id: UUID, refusal: Refusal, now: dt.datetime | None = None) -> Later | Dropped:
    """The provider did not take it, or nobody knows: what follows is the refusal's verdict."""
    with clinic.transaction() as tx:
        tried = rows.attempt(tx, attempt_id, locked=True)
        if tried is None or MessageState(tried["state"]) not in (MessageState.SENDING, MessageState.UNKNOWN):
            return Dropped(tried["message_id"] if tried else attempt_id)
        if refusal.verdict is Verdict.UNKNOWN:
            rows.end_try(tx, attempt_id, MessageState.UNKNOWN, refusal=refusal)
            if MessageState(tried["message_state"]) in _ARRIVED:
                return Dropped(tried["message_id"])
            why = refusal.fault or Why.NO_ANSWER
            rows.set_state(tx, tried["message_id"], MessageState.UNKNOWN, why, refusal.detail)
            return Dropped(tried["message_id"], Why.NO_ANSWER)
        refusal = _sharpened(tried, refusal)
        rows.end_try(tx, attempt_id, MessageState.FAILED, refusal=refusal)
        return _after_refusal(tx, tried, refusal, now or server_now(tx))


def _sharpened(tried: Row, refusal: Refusal) -> Refusal:
    """What a verdict comes to for this message: what was tried often enough is not tried the same way again."""
    verdict = refusal.verdict
    if verdict is Verdict.RETRY and tried["attempts"] >= MOST_TRIES:
        verdict = Verdict.NEXT_CHANNEL
    if verdict is Verdict.NEEDS_TEMPLATE and (tried["window_until"] is None or not tried["template_id"]):
        # It went as the approved text already, or there is none.
        verdict = Verdict.NEXT_CHANNEL
    return Refusal(verdict, refusal.fault, refusal.code, refusal.detail, refusal.after)


def _after_refusal(tx: Transaction, tried: Row, refusal: Refusal, now: dt.datetime) -> Later | Dropped:
    message_id, detail = tried["message_id"], f"{refusal.code} {refusal.detail}".strip()
    if refusal.verdict is Verdict.PAUSE_CHANNEL:
        rows.pause(tx, tried["channel_id"], refusal.fault)
        if tried["kind"] == MessageKind.TEST:
            # A pause does not hold a test back: it would ask the same again at once, and somebody waits to hear.
            return _failed(tx, message_id, refusal.fault, detail)
    if MessageState(tried["message_state"]) in _ARRIVED:
        return Dropped(message_id)  # by a try before this one, of which nothing good was told until now
    if refusal.verdict is Verdict.OUR_FAULT or _is_watched(tried):
        return _failed(tx, message_id, refusal.fault, detail)
    if refusal.verdict is Verdict.NEEDS_TEMPLATE and tried["talk_id"] is not None:
        rows.shut_window(tx, tried["talk_id"])
    if refusal.verdict is Verdict.RETRY:
        return _again(
            tx, message_id, now + backoff(tried["attempts"], refusal.after), tried["expires_at"], Why.RETRYING, detail
        )
    if of_one_channel(tried) and refusal.verdict is Verdict.NEXT_CHANNEL:
        return _failed(tx, message_id, refusal.fault, detail)
    return _again(tx, message_id, now, tried["expires_at"], Why.RETRYING, detail)


def _is_watched(row: Row) -> bool:
    """Whether it is a test in free words, before which somebody stands and waits for what is wrong."""
    return row["kind"] == MessageKind.TEST and row["template_id"] is None


def _failed(tx: Transaction, message_id: UUID, fault: str, detail: str) -> Dropped:
    """A person has to look; the reason is what the carrier found."""
    rows.set_state(tx, message_id, MessageState.FAILED, fault or Why.UNREACHABLE, detail)
    return Dropped(message_id, Why.UNREACHABLE)


def note_status(clinic: Clinic, channel_id: UUID, told: StatusTold, now: dt.datetime | None = None) -> Noted:
    """What a provider tells of a message. It never goes back; of a message not known yet it is kept until it is."""
    with clinic.transaction() as tx:
        if told.provider_message_id:
            rows.take_turn(tx, channel_id, told.provider_message_id)
        attempt_id = rows.attempt_of(tx, channel_id, told)
        seen = rows.attempt(tx, attempt_id) if attempt_id else None
        if attempt_id is None or seen is None:
            if told.provider_message_id:
                rows.keep_early(tx, channel_id, told)
            return Noted.KEPT
        return _status(tx, attempt_id, told, _conversation_told(tx, seen, told), now)


def _status(tx: Transaction, attempt_id: UUID, told: StatusTold, talk: UUID | None, now: dt.datetime | None) -> Noted:
    tried = rows.attempt(tx, attempt_id, locked=True)
    assert tried is not None
    if not counts(_state(tried), told.state):
        return Noted.OLD_NEWS
    if told.state is MessageState.FAILED:
        return _told_failed(tx, tried, told, now or server_now(tx))
    rows.end_try(tx, attempt_id, told.state, provider_message_id=told.provider_message_id, at=told.at)
    if counts(_message_state(tried), told.state):
        rows.set_state(tx, tried["message_id"], told.state, conversation_id=talk)
    return Noted.DONE


def _state(tried: Row) -> MessageState:
    """How far a try came, as far as it is known: that a person took it for lost is no knowledge."""
    return MessageState.UNKNOWN if tried["fault"] == _SETTLED else MessageState(tried["state"])


def _message_state(tried: Row) -> MessageState:
    """How far its message came, in the same way: planned again upon that, it may have gone out already."""
    state = MessageState(tried["message_state"])
    taken_for_lost = tried["fault"] == _SETTLED and state in (MessageState.PLANNED, MessageState.FAILED)
    return MessageState.UNKNOWN if taken_for_lost else state


def _conversation_told(tx: Transaction, seen: Row, told: StatusTold) -> UUID | None:
    """A status proves that the message went out, so that it stands in a conversation even if nobody noted that."""
    if told.state is MessageState.FAILED or seen["conversation_id"] is not None or seen["kind"] == MessageKind.TEST:
        return cast("UUID | None", seen["conversation_id"])
    return _conversation(tx, seen, told.identity)


def _told_failed(tx: Transaction, tried: Row, told: StatusTold, now: dt.datetime) -> Noted:
    """Taken and not brought: what follows is what the code means, else that this road does not reach them."""
    meaning = meaning_of(Provider(tried["provider"]), told.code, told.detail)
    verdict, fault = meaning or (Verdict.NEXT_CHANNEL, CarrierFault.NOT_REACHED)
    if verdict is Verdict.UNKNOWN:
        verdict = Verdict.OUR_FAULT  # even the provider does not know: somebody has to look
    refusal = _sharpened(tried, Refusal(verdict, fault, told.code, told.detail))
    rows.end_try(tx, tried["id"], MessageState.FAILED, provider_message_id=told.provider_message_id, refusal=refusal)
    if counts(MessageState(tried["message_state"]), MessageState.FAILED):
        _after_refusal(tx, tried, refusal, now)
    return Noted.DONE


def settle_stuck(clinic: Clinic, now: dt.datetime | None = None) -> int:
    """What was handed over and never heard of becomes unknown, for a person to look at; how many."""
    with clinic.transaction() as tx:
        moment = now or server_now(tx)
        found = rows.stuck(tx, moment - STUCK_AFTER)
        for message_id, attempt_id in found:
            if attempt_id is not None:
                refusal = Refusal(Verdict.UNKNOWN, Why.NO_ANSWER)
                rows.end_try(tx, attempt_id, MessageState.UNKNOWN, refusal=refusal)
            rows.set_state(tx, message_id, MessageState.UNKNOWN, Why.NO_ANSWER)
        rows.forget_early(tx, moment - EARLY_FOR)
        return len(found)


def requeue(clinic: Clinic) -> int:
    """Put back the jobs of planned messages that were lost with their queue; how many."""
    with clinic.transaction() as tx:
        return rows.requeue(tx)
