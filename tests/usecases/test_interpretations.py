"""Replies that a person reads: all that is needed to decide, four decisions, and the way back."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from clinicdesk.domain.agenda import CancelledBy, Channel, Status
from clinicdesk.domain.interpretations import Decision, Interpret, TakeBackInterpretation, UnclearReply, suggested
from clinicdesk.domain.message_rules import Why
from clinicdesk.domain.outbox import Claimed, Dropped, Later
from clinicdesk.domain.replies import Answer, Proposal
from clinicdesk.domain.told import WrittenKind
from clinicdesk.errors import ChangedElsewhere, NotAllowed, NotFound, StatusRefused
from clinicdesk.usecases import agenda, interpretations, outbox
from clinicdesk.usecases.clinic import Clinic
from tests.incoming import EVE, Chat
from tests.office import Office, value
from tests.outgoing import Grounds


@pytest.fixture
def grounds(rolled_back: Office) -> Iterator[Grounds]:
    opened = Grounds(rolled_back)
    yield opened
    opened.close()


@pytest.fixture
def chat(grounds: Grounds) -> Chat:
    return Chat(grounds.ground(), grounds.acting("sync"))


@pytest.fixture
def renata(grounds: Grounds, chat: Chat) -> Clinic:
    del chat
    return grounds.acting("renata")


def wish(reply: UnclearReply, decision: Decision, **changes: object) -> Interpret:
    version = reply.appointment.version if reply.appointment else None
    made = Interpret(uuid4(), reply.id, reply.version, decision, version)
    return replace(made, **changes)  # type: ignore[arg-type]


def waiting_one(renata: Clinic) -> UnclearReply:
    (reply,) = interpretations.waiting(renata)
    return reply


def test_a_reply_comes_with_all_that_is_needed(chat: Chat, renata: Clinic) -> None:
    question = chat.ask()
    chat.write("acho que dá, mas posso chegar 10h?")
    reply = waiting_one(renata)
    assert (reply.name, reply.body, reply.question_id) == (
        "Ana Conceição Álvares",
        "acho que dá, mas posso chegar 10h?",
        question,
    )
    assert reply.appointment is not None
    assert reply.appointment.id == chat.visit(question)
    assert set(reply.decisions) == set(Decision)


@pytest.mark.parametrize(
    ("decision", "status"), [(Decision.CONFIRM, Status.CONFIRMED), (Decision.CANCEL, Status.CANCELLED)]
)
def test_a_person_reads_it_and_takes_it_back(chat: Chat, renata: Clinic, decision: Decision, status: Status) -> None:
    question = chat.ask()
    chat.write("então tá né")
    done = interpretations.interpret(renata, wish(waiting_one(renata), decision))
    (visit,) = agenda.appointments(renata, [chat.visit(question)])
    assert (visit.status, visit.status_channel) == (status, Channel.WHATSAPP)
    assert visit.cancelled_by is (CancelledBy.PATIENT if status is Status.CANCELLED else None)
    assert (done.next, interpretations.waiting(renata)) == (None, ())
    assert chat.ground.one("question", question, "closed_reason") == "read"

    (again,) = interpretations.take_back(renata, TakeBackInterpretation(uuid4(), done))
    (visit,) = agenda.appointments(renata, [chat.visit(question)])
    assert (visit.status, again.id) == (Status.PENDING, done.message_id)
    assert chat.ground.one("question", question, "closed_at") is None


def planned_answer(chat: Chat) -> UUID:
    found: UUID = value(chat.admin, "SELECT id FROM clinicdesk.outgoing_message WHERE kind = 'answer' AND state ="
                        " 'planned' AND planned_for > clock_timestamp() + interval '2 minutes'")  # fmt: skip
    return found


def said(chat: Chat, message: UUID) -> str:
    due = chat.ground.one("outgoing_message", message, "planned_for")
    found = outbox.claim(chat.robot, message, due)
    assert isinstance(found, Claimed), found
    return found.parcel.body


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (Decision.CONFIRM, "Presença confirmada: terça-feira, 6 de março, às 09:00. Até lá, Ana!"),
        (
            Decision.CANCEL,
            "Tudo bem, o horário de terça-feira, 6 de março, às 09:00 foi cancelado. Se quiser marcar outro, é só"
            " escrever aqui.",
        ),
    ],
)
def test_what_a_person_reads_the_robot_answers_in_its_own_words(
    chat: Chat, renata: Clinic, decision: Decision, words: str
) -> None:
    question = chat.ask()
    chat.write("então tá né", name="wamid.unclear")
    interpretations.interpret(renata, wish(waiting_one(renata), decision))
    message = planned_answer(chat)
    assert chat.answers() == [""]
    assert chat.ground.one("outgoing_message", message, "person_id") is None
    assert chat.ground.one("outgoing_message", message, "question_id") == question
    assert chat.ground.one("outgoing_message", message, "quoted_id") == "wamid.unclear"
    assert isinstance(outbox.claim(chat.robot, message), Later)
    assert said(chat, message) == words


def test_the_same_operation_twice_is_answered_once(chat: Chat, renata: Clinic) -> None:
    chat.ask()
    chat.write("quem é?")
    command = wish(waiting_one(renata), Decision.CONFIRM)
    for _time in range(2):
        interpretations.interpret(renata, command)
    assert len(chat.answers()) == 1


def test_taken_back_its_answer_does_not_go_and_read_again_another_does(chat: Chat, renata: Clinic) -> None:
    chat.ask()
    chat.write("então tá né")
    done = interpretations.interpret(renata, wish(waiting_one(renata), Decision.CANCEL))
    message = planned_answer(chat)
    interpretations.take_back(renata, TakeBackInterpretation(uuid4(), done))
    assert chat.ground.state(message) == ("cancelled", Why.TAKEN_BACK)
    interpretations.interpret(renata, wish(waiting_one(renata), Decision.CONFIRM))
    assert said(chat, planned_answer(chat)).startswith("Presença confirmada")
    assert chat.ground.state(message) == ("cancelled", Why.TAKEN_BACK)


def test_an_edited_reply_quotes_what_the_provider_knows(chat: Chat, renata: Clinic) -> None:
    chat.ask()
    chat.write("sim", name="wamid.first")
    chat.write("sim?", name="wamid.first", kind=WrittenKind.EDITED)
    interpretations.interpret(renata, wish(waiting_one(renata), Decision.CANCEL))
    message = planned_answer(chat)
    assert chat.ground.one("outgoing_message", message, "quoted_id") == "wamid.first"
    assert "foi cancelado" in said(chat, message)


@pytest.mark.parametrize("decision", [Decision.LEAVE, Decision.OTHER_TIME])
def test_what_is_no_answer_is_not_answered(chat: Chat, renata: Clinic, decision: Decision) -> None:
    chat.ask()
    chat.write("posso remarcar?")
    interpretations.interpret(renata, wish(waiting_one(renata), decision))
    assert chat.answers() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE clinicdesk.conversation SET owner = 'person', person_id = '{renata}'",
        "UPDATE clinicdesk.conversation SET opted_out_at = clock_timestamp()",
        "UPDATE clinicdesk.message_channel SET active = false",
        "UPDATE clinicdesk.message_channel SET provider = 'meta'; UPDATE clinicdesk.conversation SET window_until ="
        " clock_timestamp() + interval '2 minutes'",
    ],
    ids=["a_person_speaks", "no_more_messages", "channel_off", "window_shut"],
)
def test_where_the_robot_may_not_speak_it_does_not(chat: Chat, renata: Clinic, change: str) -> None:
    chat.ask()
    chat.write("então tá né")
    chat.admin.execute(change.format(renata=renata.person.id).encode())
    interpretations.interpret(renata, wish(waiting_one(renata), Decision.CONFIRM))
    assert chat.answers() == []


@pytest.mark.parametrize(
    ("decision", "meanwhile", "why"),
    [
        (Decision.CONFIRM, "status = 'cancelled', cancelled_by = 'clinic'", Why.CANCELLED),
        (Decision.CONFIRM, "status = 'pending'", Why.TAKEN_BACK),
        (Decision.CONFIRM, "starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour'",
         Why.MOVED),
        (Decision.CANCEL, "status = 'pending', cancelled_by = NULL", Why.STANDS_AGAIN),
    ],
)  # fmt: skip
def test_what_is_not_so_any_more_is_not_answered(
    chat: Chat, renata: Clinic, decision: Decision, meanwhile: str, why: Why
) -> None:
    chat.ask()
    chat.write("então tá né")
    interpretations.interpret(renata, wish(waiting_one(renata), decision))
    message = planned_answer(chat)
    chat.admin.execute(f"UPDATE clinicdesk.appointment SET {meanwhile}".encode())
    dropped = outbox.claim(chat.robot, message, EVE)
    assert isinstance(dropped, Dropped)
    assert dropped.why is why


@pytest.mark.parametrize("decision", [Decision.LEAVE, Decision.OTHER_TIME])
def test_what_is_no_answer_changes_no_visit(chat: Chat, renata: Clinic, decision: Decision) -> None:
    question = chat.ask()
    chat.write("posso remarcar?")
    interpretations.interpret(renata, wish(waiting_one(renata), decision))
    assert (chat.status(question), interpretations.waiting(renata)) == ("pending", ())
    assert value(chat.admin, "SELECT handled_by FROM clinicdesk.incoming_message") == renata.person.id


def test_the_oldest_is_read_first_and_the_next_comes_along(chat: Chat, renata: Clinic) -> None:
    chat.ask()
    for body in ("quem é?", "como assim?"):
        chat.write(body)
    first, second = interpretations.waiting(renata)
    assert first.body == "quem é?"
    following = interpretations.interpret(renata, wish(first, Decision.LEAVE)).next
    assert following is not None
    assert following.id == second.id


def test_whoever_is_second_is_told(chat: Chat, renata: Clinic, grounds: Grounds) -> None:
    chat.ask()
    chat.write("quem é?")
    reply = waiting_one(renata)
    interpretations.interpret(grounds.acting("otavio"), wish(reply, Decision.LEAVE))
    with pytest.raises(ChangedElsewhere):
        interpretations.interpret(renata, wish(reply, Decision.CONFIRM))


def test_a_visit_that_changed_meanwhile_is_not_cancelled(chat: Chat, renata: Clinic) -> None:
    question = chat.ask()
    chat.write("quem é?")
    reply = waiting_one(renata)
    chat.admin.execute("UPDATE clinicdesk.appointment SET note = 'jejum'")
    with pytest.raises(ChangedElsewhere):
        interpretations.interpret(renata, wish(reply, Decision.CANCEL))
    assert chat.status(question) == "pending"


def test_the_same_operation_twice_is_one(chat: Chat, renata: Clinic) -> None:
    question = chat.ask()
    chat.write("quem é?")
    command = wish(waiting_one(renata), Decision.CONFIRM)
    for _time in range(2):
        interpretations.interpret(renata, command)
    assert chat.ground.one("appointment", chat.visit(question), "version") == 2


def test_a_visit_that_has_begun_is_not_cancelled(chat: Chat, renata: Clinic) -> None:
    question = chat.ask()
    chat.write("quem é?")
    chat.admin.execute("UPDATE clinicdesk.appointment SET status = 'checked_in'")
    chat.admin.execute("UPDATE clinicdesk.appointment SET status = 'in_progress'")
    with pytest.raises(StatusRefused):
        interpretations.interpret(renata, wish(waiting_one(renata), Decision.CANCEL))
    assert chat.status(question) == "in_progress"


def test_a_message_that_is_gone(renata: Clinic) -> None:
    with pytest.raises(NotFound):
        interpretations.interpret(renata, Interpret(uuid4(), UUID(int=7), 1, Decision.LEAVE))


def test_another_clinic_sees_none_of_it(chat: Chat, grounds: Grounds) -> None:
    chat.ask()
    chat.write("quem é?")
    assert interpretations.waiting(grounds.acting("bruno", "jacaranda")) == ()


def test_other_times_are_of_several_days_and_of_the_same_professional(chat: Chat, renata: Clinic) -> None:
    chat.ask()
    chat.write("posso remarcar?")
    reply = waiting_one(renata)
    assert reply.appointment is not None
    times = interpretations.other_times(renata, reply.appointment)
    assert len({one.starts_at.date() for one in times}) == 3


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("posso remarcar?", Decision.OTHER_TIME),
        ("tem outro horário essa semana?", Decision.OTHER_TIME),
        ("sim, mas vou atrasar", Decision.CONFIRM),
        ("não vou conseguir, já é a segunda vez", Decision.CANCEL),
        ("sim, não, sei lá", None),
        ("quem é?", None),
        ("", None),
    ],
)
def test_a_hint_for_whoever_reads(body: str, hint: Decision | None) -> None:
    assert suggested(body) is hint


def test_a_proposal_is_shown_and_does_nothing(chat: Chat, renata: Clinic) -> None:
    question = chat.ask()
    chat.write("então tá né")
    proposal = Proposal(Answer.CANCEL, 0.7, because="sounds resigned", reader="someone 1")
    assert interpretations.note_proposal(chat.robot, waiting_one(renata).id, proposal)
    reply = waiting_one(renata)
    assert (reply.proposal, reply.suggestion, chat.status(question)) == (proposal, Decision.CANCEL, "pending")
    with pytest.raises(NotAllowed):
        interpretations.note_proposal(renata, reply.id, proposal)
    interpretations.interpret(renata, wish(reply, Decision.LEAVE))
    assert not interpretations.note_proposal(chat.robot, reply.id, proposal)
