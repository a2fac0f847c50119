"""What a patient wrote: kept once, bound to a question, and done where it is plain; the rest a person reads."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from clinicdesk.domain.agenda import STEPS, CancelledBy, ChangeStatus, Channel, Status
from clinicdesk.domain.consents import ConsentSource
from clinicdesk.domain.free_text import without_unwritable
from clinicdesk.domain.messages import ChannelKind, Purpose
from clinicdesk.domain.outbox import read_payload
from clinicdesk.domain.phone_variants import canonical, variants
from clinicdesk.domain.received import (
    ANSWERS_AN_HOUR,
    LIST_GOES_FOR,
    REMEMBERED,
    SHOWN,
    WINDOW,
    Outcome,
    Question,
    Received,
    asked_about,
    asked_before,
    outcome_of,
)
from clinicdesk.domain.replies import Answer, Heard, QuestionKind, read_choice, read_reply
from clinicdesk.domain.reply_answers import answer_to, which
from clinicdesk.domain.reply_kin import speaks_of_another
from clinicdesk.domain.reply_times import Named, names_of
from clinicdesk.domain.reply_tokens import says_yes
from clinicdesk.domain.told import LONGEST_BODY, Written, WrittenKind
from clinicdesk.errors import NotFound, OfferOver, SlotClosed, SlotTaken
from clinicdesk.storage import agenda as visit_rows
from clinicdesk.storage import replies as rows
from clinicdesk.storage.engine import Transaction, server_now
from clinicdesk.usecases import consents, media, offers
from clinicdesk.usecases.agenda import step_within
from clinicdesk.usecases.clinic import Clinic, new_id

_CHANNELS = {
    ChannelKind.WHATSAPP: Channel.WHATSAPP,
    ChannelKind.SMS: Channel.SMS,
    ChannelKind.EMAIL: Channel.EMAIL,
}
_STEPS = {Outcome.CONFIRMED: Status.CONFIRMED, Outcome.CANCELLED: Status.CANCELLED}


@dataclass(frozen=True)
class _Desk:
    """All that one message is read over."""

    tx: Transaction
    clinic: Clinic
    channel_id: UUID
    facts: rows.ChannelFacts
    talk: rows.Talk
    people: tuple[rows.Person, ...]
    message_id: UUID
    written: Written
    now: dt.datetime


@dataclass(frozen=True)
class _Effect:
    """What a message did: to which questions, and what the robot says to it."""

    outcome: Outcome
    questions: tuple[Question, ...] = ()
    says: str = ""
    choices: tuple[UUID, ...] = ()


def keep(clinic: Clinic, channel_id: UUID, written: Written) -> Received:
    """Take in what somebody wrote for a person to read, where `receive` fails over it. Raises NotFound."""
    return receive(clinic, channel_id, written, understood=False)


def receive(
    clinic: Clinic, channel_id: UUID, written: Written, now: dt.datetime | None = None, *, understood: bool = True
) -> Received:
    """Take in what somebody wrote, once however often it is told. `now` is for tests; else the server's clock.

    Raises NotFound for a channel that is gone, and what the agenda refuses: then nothing is kept, and it can be told
    again.
    """
    written = _clean(written)
    with clinic.transaction() as tx:
        facts = rows.channel(tx, channel_id)
        if facts is None:
            raise NotFound("channel")
        phones = sorted(variants(written.phone or _phone_in(written.identity, facts.kind)))
        talk = rows.conversation(tx, new_id(), facts.clinic_id, channel_id, written, phones)
        told_as = _told_as(tx, channel_id, written)
        if (before := rows.told_before(tx, channel_id, told_as)) is not None:
            return Received(before[0], before[1], Outcome(before[2]), repeated=True)
        people = tuple(rows.people(tx, phones, talk.patient_id))
        desk = _Desk(
            tx,
            clinic.in_clinic(facts.clinic_id),
            channel_id,
            facts,
            talk,
            people,
            new_id(),
            written,
            now or server_now(tx),
        )
        _note(desk, told_as, phones)
        effect = _effect(desk) if understood else _Effect(Outcome.UNCLEAR)
        first = effect.questions[0] if effect.questions else None
        rows.set_outcome(tx, desk.message_id, effect.outcome, first.id if first else None, effect.choices)
        _answer(desk, effect.says, first, always=effect.outcome in (Outcome.OPTED_OUT, Outcome.OPTED_IN))
        return Received(desk.message_id, talk.id, effect.outcome, False, tuple(one.id for one in effect.questions))


def _clean(written: Written) -> Written:
    return replace(
        written,
        body=without_unwritable(written.body)[:LONGEST_BODY],
        display_name=without_unwritable(written.display_name),
        payload=without_unwritable(written.payload),
        quoted_id=without_unwritable(written.quoted_id),
    )


def _phone_in(identity: str, kind: ChannelKind) -> str:
    """The phone that a name at the provider is: digits alone. `BR.1349…` and an e-mail address are none."""
    return canonical(identity) if kind is not ChannelKind.EMAIL and identity.lstrip("+").isdecimal() else ""


def _told_as(tx: Transaction, channel_id: UUID, written: Written) -> str:
    """The name under which it is kept. Some providers tell what was edited or deleted under its first name again."""
    told_as = written.provider_message_id
    if written.kind in (WrittenKind.EDITED, WrittenKind.DELETED):
        before = rows.told_before(tx, channel_id, told_as)
        if before is not None and before[3] != written.kind:
            return f"{told_as}#{written.kind}"
    return told_as


def _note(desk: _Desk, told_as: str, phones: Sequence[str]) -> None:
    """Keep the message, and note in its conversation that they wrote."""
    written = desk.written
    own = [one.id for one in desk.people if one.own]
    speaks = written.kind not in (WrittenKind.REACTION, WrittenKind.DELETED)
    until = min(written.sent_at, desk.now) + WINDOW if desk.facts.kind is ChannelKind.WHATSAPP and speaks else None
    clinic_id = desk.facts.clinic_id
    file = media.note_told(desk.tx, clinic_id, desk.talk.id, written)
    rows.insert_message(desk.tx, desk.message_id, clinic_id, desk.channel_id, desk.talk, told_as, written, file)
    phone = canonical(phones[0]) if phones else ""
    rows.heard(desk.tx, desk.talk, written, phone, own[0] if len(own) == 1 else None, until, counts=speaks)


# --- what it means ---------------------------------------------------------------------------------------------------


def _effect(desk: _Desk) -> _Effect:
    written, kind = desk.written, desk.written.kind
    known = rows.questions(desk.tx, desk.facts.clinic_id, [one.id for one in desk.people], desk.talk.id, REMEMBERED)
    if kind is WrittenKind.REACTION:
        return _reaction(desk, known)
    if kind in (WrittenKind.EDITED, WrittenKind.DELETED):
        return _second_thought(desk, known)
    heard = read_reply(written.body, QuestionKind.CONFIRM, ()).heard
    if heard in (Heard.OPT_OUT, Heard.OPT_IN) and kind not in SHOWN:
        return _opt(desk, out=heard is Heard.OPT_OUT)
    if pressed := _pressed(written, known):
        return _do(desk, *pressed)
    asked = _asked(desk, known)
    waiting = any(one.open_at(desk.now) for one in asked)
    if asked and not desk.written.quoted_id:
        of_before = tuple(one for one in asked if asked_before(one, desk.written.sent_at))
        if not of_before:
            return _Effect(Outcome.UNCLEAR, asked[:1]) if waiting else _Effect(Outcome.CONVERSATION)
        asked = of_before
    if not asked or (kind in SHOWN and not waiting):
        return _Effect(Outcome.CONVERSATION)
    if kind in SHOWN:
        return _Effect(Outcome.UNCLEAR, asked[:1])
    return _listed(desk, known) or _plain(desk, asked, waiting)


def _pressed(written: Written, known: Sequence[Question]) -> tuple[Question, Answer] | None:
    """The question whose button was pressed, if these people were asked it."""
    button = read_payload(written.payload)
    if button is None or button[1] not in set(Answer):
        return None
    found = next((one for one in known if one.id == button[0]), None)
    return (found, Answer(button[1])) if found and button[1] in found.allowed else None


def _asked(desk: _Desk, known: Sequence[Question]) -> tuple[Question, ...]:
    """What words of theirs may answer: what they quote, else what waits for an answer.

    Words that follow a person's answer that person, unless they quote a question.
    """
    if desk.written.quoted_id:
        quoted, _told_at = rows.question_of(desk.tx, desk.channel_id, desk.written.quoted_id)
        if quoted is not None:
            return tuple(one for one in known if one.id == quoted)
    asked = asked_about(known, desk.now)
    if asked and rows.person_spoke(desk.tx, desk.talk.id, max(one.asked_at for one in asked)):
        return ()
    return asked


def _plain(desk: _Desk, asked: Sequence[Question], waiting: bool) -> _Effect:
    """What plain words do; of several visits they cannot be about, none."""
    read = [(one, _read(desk, desk.written.body, one)) for one in asked]
    plain = [(one, answer) for one, answer in read if answer is not None]
    if not plain:
        return _Effect(Outcome.UNCLEAR if waiting else Outcome.CONVERSATION, tuple(asked[:1]))
    if len(plain) > 1:
        listed = tuple(one for one, _answer_ in plain)
        return _Effect(Outcome.ASKED_WHICH, (), which(listed, desk.facts.zone), tuple(one.id for one in listed))
    return _do(desk, *plain[0])


def _read(desk: _Desk, body: str, question: Question) -> Answer | None:
    """What words say to a question. Who is named in them is the patient it is about, or it is no answer to it."""
    own = {one.id: one.own for one in desk.people}
    dependents = sum(not each for each in own.values())
    asked_is_dependent = not own.get(question.patient_id, True)
    if speaks_of_another(body, patients=len(own), dependents=dependents, asked_is_dependent=asked_is_dependent):
        return None
    named = (question.patient_name, question.professional_name)
    return read_reply(body, question.kind, question.allowed, named, _times(desk, question)).answer


def _times(desk: _Desk, question: Question) -> Named:
    if question.starts_at is None:
        return ()
    return names_of(question.starts_at.astimezone(desk.facts.zone), desk.now.astimezone(desk.facts.zone))


def _listed(desk: _Desk, known: Sequence[Question]) -> _Effect | None:
    """What the number of a visit does that was listed last: what they had said before."""
    before = rows.list_before(desk.tx, desk.talk.id, desk.message_id, LIST_GOES_FOR)
    if before is None:
        return None
    body, ids = before
    by_id = {one.id: one for one in known}
    chosen = [by_id.get(ids[number]) for number in read_choice(desk.written.body, len(ids))]
    effects: list[_Effect] = []
    for one in chosen:
        answer = _read(desk, body, one) if one else None
        if one is None or answer is None:
            return None
        effects.append(_do(desk, one, answer))
    if not effects:
        return None
    questions = tuple(one for effect in effects for one in effect.questions)
    return _Effect(effects[0].outcome, questions, "\n\n".join(effect.says for effect in effects if effect.says))


def _reaction(desk: _Desk, known: Sequence[Question]) -> _Effect:
    """A thumb under a question is an answer. One that was taken back takes nothing back."""
    quoted, _told_at = rows.question_of(desk.tx, desk.channel_id, desk.written.quoted_id)
    question = next((one for one in known if one.id == quoted), None)
    if question is None or not desk.written.body.strip() or not question.open_at(desk.now):
        return _Effect(Outcome.CONVERSATION)
    if not says_yes(desk.written.body):
        return _Effect(Outcome.UNCLEAR, (question,))
    return _do(desk, question, question.allowed[0])


def _second_thought(desk: _Desk, known: Sequence[Question]) -> _Effect:
    """What answered and was changed or deleted afterwards: nobody knows what is meant now, so a person asks."""
    first = desk.written.quoted_id or desk.written.provider_message_id
    before = rows.told_before(desk.tx, desk.channel_id, first)
    question = next((one for one in known if before is not None and one.id == before[4]), None)
    return _Effect(Outcome.UNCLEAR, (question,)) if question is not None else _Effect(Outcome.CONVERSATION)


# --- what it does ----------------------------------------------------------------------------------------------------


def _do(desk: _Desk, question: Question, answer: Answer) -> _Effect:
    """Do what was answered, as far as the visit still allows it."""
    if question.offer_id is not None:
        return _do_offer(desk, question, question.offer_id, answer)
    if question.appointment_id is None:
        return _Effect(Outcome.UNCLEAR, (question,))
    coming = _coming(desk, question)
    visit_rows.lock_rows(desk.tx, coming)
    (question,) = rows.locked(desk.tx, [question.id])
    question = _as_quoted(desk, question)
    outcome = outcome_of(question, answer, desk.now)
    if outcome in _STEPS:
        _step(desk, coming, outcome)
        rows.insert_event(desk.tx, new_id(), desk.facts.clinic_id, desk.talk.id, outcome, question.appointment_id)
    if outcome is Outcome.AFTER_MOVE:
        rows.ask_anew(desk.tx, question)
    elif question.closed_at is None or outcome in _STEPS:
        reason = "expired" if outcome is Outcome.LATE else "answered"
        rows.close_question(desk.tx, question.id, answer, reason)
    says = answer_to(outcome, question, desk.facts.zone, answer, question.allowed)
    if outcome is Outcome.ALREADY and question.closed_at is not None:
        says = ""  # they were told before: whoever thanks for that is not told again
    return _Effect(outcome, (question,), says)


def _as_quoted(desk: _Desk, question: Question) -> Question:
    """The question as the message asked it that is quoted: it may have told another time than the last one did."""
    if not desk.written.quoted_id:
        return question
    quoted, told_at = rows.question_of(desk.tx, desk.channel_id, desk.written.quoted_id)
    return replace(question, asked_starts_at=told_at) if quoted == question.id and told_at is not None else question


def _do_offer(desk: _Desk, question: Question, offer_id: UUID, answer: Answer) -> _Effect:
    """A time of the waiting list: booked in this transaction, or free for the next; what is over is said to be."""
    wanted = answer is Answer.ACCEPT
    try:
        if wanted:
            channel = _CHANNELS[desk.facts.kind]
            visit = offers.accept_within(desk.tx, desk.clinic, offer_id, channel, desk.now).id
        else:
            offers.refuse_within(desk.tx, desk.clinic, offer_id, desk.now)
        outcome = Outcome.OFFER_ACCEPTED if wanted else Outcome.OFFER_REFUSED
    except (OfferOver, SlotTaken, SlotClosed, NotFound):
        outcome = Outcome.OFFER_OVER
    if outcome is not Outcome.OFFER_OVER:
        about = visit if wanted else None
        rows.insert_event(desk.tx, new_id(), desk.facts.clinic_id, desk.talk.id, outcome, about)
    rows.close_question(desk.tx, question.id, answer, "answered")
    return _Effect(outcome, (question,), answer_to(outcome, question, desk.facts.zone, answer))


def _coming(desk: _Desk, question: Question) -> list[UUID]:
    """The visit asked about, and the other services of the same coming."""
    if question.visit_id is None:
        return [question.appointment_id] if question.appointment_id else []
    return [one.id for one in visit_rows.of_visit(desk.tx, question.visit_id)]


def _step(desk: _Desk, coming: Sequence[UUID], outcome: Outcome) -> None:
    wanted = _STEPS[outcome]
    for one in visit_rows.by_ids(desk.tx, coming):
        if wanted in STEPS[one.status] and one.starts_at > desk.now:
            step_within(
                desk.tx,
                ChangeStatus(
                    operation_id=desk.message_id,
                    appointment_id=one.id,
                    seen_version=one.version,
                    status=wanted,
                    channel=_CHANNELS[desk.facts.kind],
                    cancelled_by=CancelledBy.PATIENT if wanted is Status.CANCELLED else None,
                ),
                desk.now,
            )


def _opt(desk: _Desk, *, out: bool) -> _Effect:
    """Write to them no more, or again: in this conversation, and by consent for whoever's phone it is."""
    rows.opt(desk.tx, desk.talk.id, out=out)
    for one in desk.people:
        if out:
            for purpose in Purpose:
                # They are told that no more comes, and so nothing comes by another road either.
                consents.revoke_within(desk.tx, one.id, purpose, tuple(ChannelKind), ConsentSource.MESSAGE)
        elif one.own:
            consents.give_within(
                desk.tx,
                one.id,
                desk.written.body[:1000],
                [desk.facts.kind],
                source=ConsentSource.MESSAGE,
                proof=desk.written.provider_message_id[:200],
            )
    outcome = Outcome.OPTED_OUT if out else Outcome.OPTED_IN
    rows.insert_event(desk.tx, new_id(), desk.facts.clinic_id, desk.talk.id, outcome)
    return _Effect(outcome, (), answer_to(outcome, None, desk.facts.zone))


def _answer(desk: _Desk, says: str, question: Question | None, *, always: bool) -> None:
    """Let the robot answer, where it speaks and is still wanted."""
    if not says or desk.talk.owner != "bot" or (desk.talk.opted_out_at is not None and not always):
        return
    if rows.answered_lately(desk.tx, desk.talk.id) >= ANSWERS_AN_HOUR:
        return
    quoted = desk.written.provider_message_id if desk.written.kind is not WrittenKind.REACTION else ""
    rows.insert_answer(desk.tx, new_id(), desk.facts.clinic_id, desk.channel_id, desk.talk, question, says, quoted)
