"""What a person does with replies that the rules do not read: confirm, cancel, offer another time, or leave them be."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from clinicdesk.domain.agenda import (
    STEPS,
    Appointment,
    CancelledBy,
    ChangeStatus,
    Channel,
    Slot,
    Status,
    reversed_status,
)
from clinicdesk.domain.interpretations import (
    Decision,
    Interpret,
    Interpreted,
    TakeBackInterpretation,
    UnclearReply,
    decision_of,
    suggested,
)
from clinicdesk.domain.received import Outcome
from clinicdesk.domain.replies import Answer, Proposal, QuestionKind
from clinicdesk.domain.slots import SlotRequest
from clinicdesk.domain.told import WrittenKind
from clinicdesk.errors import ChangedElsewhere, NotFound
from clinicdesk.storage import agenda as visit_rows
from clinicdesk.storage import interpretations as rows
from clinicdesk.storage import ledger
from clinicdesk.storage import replies as reply_rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.agenda import catalogue, search_slots, step_within
from clinicdesk.usecases.clinic import Clinic, new_id

MOST = 200
DAYS_AHEAD = 30
_STEPS = {Decision.CONFIRM: Status.CONFIRMED, Decision.CANCEL: Status.CANCELLED}
_OUTCOMES = {
    Decision.CONFIRM: Outcome.CONFIRMED,
    Decision.CANCEL: Outcome.CANCELLED,
    Decision.OTHER_TIME: Outcome.CONVERSATION,
    Decision.LEAVE: Outcome.CONVERSATION,
}


def waiting(clinic: Clinic) -> tuple[UnclearReply, ...]:
    """The replies that wait for a person, the oldest first. Raises NotAllowed."""
    with clinic.transaction() as tx:
        return _with_visits(tx, rows.waiting(tx, clinic.id, MOST))


def interpret(clinic: Clinic, command: Interpret) -> Interpreted:
    """Do what a person reads in a reply; all services of the coming take the step.

    Raises ChangedElsewhere when somebody was first or the visit changed, StatusRefused, NotFound or NotAllowed.
    """
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "interpret", command.message_id):
            return Interpreted(command.message_id, command.seen_version + 1, command.decision, next=_next(tx, clinic))
        reply = _seen(tx, clinic, command)
        before: tuple[Appointment, ...] = ()
        after: tuple[Appointment, ...] = ()
        if command.decision in _STEPS:
            before, after = _step(tx, reply, command)
            reply_rows.insert_event(
                tx, new_id(), clinic.id, reply.conversation_id, _OUTCOMES[command.decision], reply.appointment_id
            )
        if command.decision in _STEPS and reply.question_id:
            rows.settle_question(tx, reply.question_id, command.decision)
        version = rows.set_handled(tx, command.message_id, _OUTCOMES[command.decision], clinic.person.id)
        return Interpreted(command.message_id, version, command.decision, before, after, _next(tx, clinic))


def take_back(clinic: Clinic, command: TakeBackInterpretation) -> tuple[UnclearReply, ...]:
    """Undo an interpretation; the replies that wait then.

    Raises ChangedElsewhere, SlotTaken, StatusRefused, NotFound or NotAllowed.
    """
    done = command.done
    with clinic.transaction() as tx:
        if not ledger.claim(tx, command.operation_id, "take_back_interpretation", done.message_id):
            found = rows.locked(tx, done.message_id)
            if found is None:
                raise NotFound("message")
            if found[0] != done.version:
                raise ChangedElsewhere("message", done.message_id, done.version, found[0])
            for before, after in zip(done.before, done.after, strict=True):
                step_within(tx, reversed_status(before, after, command.operation_id))
            rows.set_handled(tx, done.message_id, Outcome.UNCLEAR, None)
            if found[1] is not None:
                rows.reopen_question(tx, found[1])
        return _with_visits(tx, rows.waiting(tx, clinic.id, MOST))


def note_proposal(clinic: Clinic, message_id: UUID, proposal: Proposal) -> bool:
    """Leave what an interpreter proposes beside a reply that waits; it changes nothing else.

    False when somebody has read the reply meanwhile. Raises NotAllowed for anybody but sync.
    """
    kept: dict[str, object] = {
        "answer": str(proposal.answer) if proposal.answer else "",
        "confidence": proposal.confidence,
        "other_time": proposal.other_time,
        "because": proposal.because[:200],
        "reader": proposal.reader[:60],
    }
    with clinic.transaction() as tx:
        return rows.keep_proposal(tx, clinic.id, message_id, kept)


def other_times(clinic: Clinic, appointment: Appointment, count: int = 3) -> tuple[Slot, ...]:
    """The next free times for a visit with the same professional, on different days as far as there are such."""
    service = next((one for one in catalogue(clinic).services if one.id == appointment.service_id), None)
    if service is None:
        return ()
    first = appointment.starts_at.date()
    found = search_slots(clinic, SlotRequest(service, (appointment.professional_id,), first, DAYS_AHEAD)).slots
    by_day: dict[dt.date, Slot] = {}
    for one in found:
        by_day.setdefault(one.slot.starts_at.date(), one.slot)
    spread = [*by_day.values(), *(one.slot for one in found if one.slot not in by_day.values())]
    return tuple(sorted(spread[:count]))


def _seen(tx: Transaction, clinic: Clinic, command: Interpret) -> rows.WaitingRow:
    """The reply, as it was seen, while it waits."""
    locked = rows.locked(tx, command.message_id)
    if locked is None:
        raise NotFound("message")
    reply = rows.one_waiting(tx, clinic.id, command.message_id)
    if reply is None or locked[0] != command.seen_version:
        raise ChangedElsewhere("message", command.message_id, command.seen_version, locked[0])
    if command.decision in _STEPS and reply.appointment_id is None:
        raise NotFound("appointment")
    return reply


def _step(
    tx: Transaction, reply: rows.WaitingRow, command: Interpret
) -> tuple[tuple[Appointment, ...], tuple[Appointment, ...]]:
    assert reply.appointment_id is not None
    named = visit_rows.appointment(tx, reply.appointment_id)
    if named is None:
        raise NotFound("appointment")
    together = visit_rows.of_visit(tx, named.visit_id) if named.visit_id else [named]
    visit_rows.lock_rows(tx, [one.id for one in together])
    wanted = _STEPS[command.decision]
    before = [named] if named.status is not wanted else []
    before += [one for one in together if one.id != named.id and wanted in STEPS[one.status]]
    seen = {named.id: command.seen_visit_version or named.version}
    after = [_stepped(tx, one, seen.get(one.id, one.version), wanted, reply, command) for one in before]
    return tuple(before), tuple(after)


def _stepped(
    tx: Transaction, one: Appointment, seen_version: int, wanted: Status, reply: rows.WaitingRow, command: Interpret
) -> Appointment:
    by = CancelledBy.PATIENT if wanted is Status.CANCELLED else None
    step = ChangeStatus(command.operation_id, one.id, seen_version, wanted, Channel(reply.channel), cancelled_by=by)
    return step_within(tx, step)


def _next(tx: Transaction, clinic: Clinic) -> UnclearReply | None:
    return next(iter(_with_visits(tx, rows.waiting(tx, clinic.id, 1))), None)


def _with_visits(tx: Transaction, found: Sequence[rows.WaitingRow]) -> tuple[UnclearReply, ...]:
    visits = {one.id: one for one in visit_rows.by_ids(tx, rows.ids_of(found))}
    return tuple(_reply(one, visits.get(one.appointment_id) if one.appointment_id else None) for one in found)


def _reply(row: rows.WaitingRow, appointment: Appointment | None) -> UnclearReply:
    proposal = _proposal(row.proposal)
    return UnclearReply(
        row.id,
        row.version,
        row.conversation_id,
        row.at,
        WrittenKind(row.kind),
        row.body,
        row.name,
        row.phone,
        row.patient_id,
        row.question_id,
        QuestionKind(row.question_kind) if row.question_kind else None,
        row.asked_at,
        appointment,
        decision_of(proposal) or suggested(row.body),
        proposal,
    )


def _proposal(kept: dict[str, object] | None) -> Proposal | None:
    """What an interpreter left; None for what cannot be read, for a person decides anyway."""
    if not kept:
        return None
    try:
        return Proposal(
            answer=Answer(str(kept["answer"])) if kept.get("answer") else None,
            confidence=float(str(kept.get("confidence", 0))),
            other_time=kept.get("other_time") is True,
            because=str(kept.get("because", "")),
            reader=str(kept.get("reader", "")),
        )
    except (KeyError, ValueError):
        return None
