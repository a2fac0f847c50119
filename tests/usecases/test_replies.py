"""Replies of patients: kept once, bound to the right question, done where they are plain, and left to a person else."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from clinicdesk.domain.agenda import CancelledBy, Channel, Status
from clinicdesk.domain.message_rules import Why
from clinicdesk.domain.outbox import Dropped, button_payload
from clinicdesk.domain.received import Outcome
from clinicdesk.domain.told import Written, WrittenKind
from clinicdesk.usecases import agenda, outbox, replies
from tests.incoming import ANA, EVE, Chat
from tests.office import Office, at, put, value
from tests.outgoing import Grounds, Outgoing


@pytest.fixture
def grounds(rolled_back: Office) -> Iterator[Grounds]:
    opened = Grounds(rolled_back)
    yield opened
    opened.close()


@pytest.fixture
def chat(grounds: Grounds) -> Chat:
    return Chat(grounds.ground(), grounds.acting("sync"))


def test_a_plain_answer_confirms_the_visit_and_is_answered(chat: Chat) -> None:
    question = chat.ask()
    received = chat.write("Sim, confirmo! 🙏", display_name="Ana")
    assert (received.outcome, received.question_ids) == (Outcome.CONFIRMED, (question,))
    (visit,) = agenda.appointments(chat.robot, [chat.visit(question)])
    assert (visit.status, visit.status_channel) == (Status.CONFIRMED, Channel.WHATSAPP)
    assert chat.ground.one("question", question, "answer") == "confirm"
    assert chat.answers() == ["Presença confirmada: terça-feira, 6 de março, às 09:00. Até lá, Ana!"]
    talk = chat.admin.execute(
        "SELECT phone, patient_id, unread, last_words, window_until, display_name FROM clinicdesk.conversation"
    ).fetchone()
    assert talk is not None
    assert talk[:4] == ("+5511900000142", chat.ground.ana, 1, "Sim, confirmo! 🙏")
    assert (talk[4], talk[5]) == (EVE + dt.timedelta(hours=24), "Ana")
    events = chat.admin.execute("SELECT kind, appointment_id FROM clinicdesk.conversation_event").fetchall()
    assert events == [("confirmed", chat.visit(question))]


@pytest.mark.parametrize("body", ["1", "0"])
def test_what_is_answered_by_a_reply_is_said_once(chat: Chat, body: str) -> None:
    for event in ("booked", "moved", "cancelled"):
        chat.ground.rule(event)
    for hours in (48, 12):
        chat.ground.rule(offset_minutes=hours * 60, asks=True)
    question = chat.ask()
    chat.admin.execute("UPDATE clinicdesk.outgoing_message SET state = 'sending' WHERE kind = 'booked'")
    chat.admin.execute("UPDATE clinicdesk.outgoing_message SET state = 'sent' WHERE kind = 'booked'")
    chat.write(body)
    rows = chat.admin.execute(
        "SELECT kind, state, count(*) FROM clinicdesk.outgoing_message GROUP BY 1, 2 ORDER BY 1"
    ).fetchall()
    reminders = "cancelled" if body == "0" else "planned"  # a confirmed visit's are dropped when their time comes
    assert rows == [("answer", "planned", 1), ("booked", "sent", 1), ("reminder", reminders, 2)]
    if body == "1":
        late = chat.admin.execute(
            "SELECT id, planned_for FROM clinicdesk.outgoing_message WHERE kind = 'reminder' ORDER BY planned_for"
        ).fetchall()
        for message, due in late:
            assert outbox.claim(chat.robot, message, due) == Dropped(message, Why.ALREADY_CONFIRMED)
    assert chat.status(question) == ("confirmed" if body == "1" else "cancelled")


def test_a_plain_cancellation_gives_the_slot_back(chat: Chat) -> None:
    question = chat.ask()
    assert chat.write("não vou poder ir").outcome is Outcome.CANCELLED
    (visit,) = agenda.appointments(chat.robot, [chat.visit(question)])
    assert (visit.status, visit.status_channel, visit.cancelled_by) == (
        Status.CANCELLED,
        Channel.WHATSAPP,
        CancelledBy.PATIENT,
    )
    assert not value(chat.admin, "SELECT count(*) FROM clinicdesk.resource_hold")


def test_told_sixteen_times_it_has_one_effect(chat: Chat) -> None:
    chat.ask()
    first = chat.write("1", name="wamid.same")
    again = [chat.write("1", name="wamid.same") for _time in range(15)]
    assert {(one.message_id, one.outcome, one.repeated) for one in again} == {(first.message_id, first.outcome, True)}
    assert value(chat.admin, "SELECT unread FROM clinicdesk.conversation") == 1
    assert len(chat.answers()) == 1


def test_somebody_changes_their_mind(chat: Chat) -> None:
    question = chat.ask()
    outcomes = [chat.write(body).outcome for body in ("1", "ok", "0", "0", "1")]
    assert outcomes == [
        Outcome.CONFIRMED,
        Outcome.ALREADY,
        Outcome.CANCELLED,
        Outcome.ALREADY,
        Outcome.AFTER_CANCELLATION,
    ]
    assert chat.status(question) == "cancelled"
    assert len(chat.answers()) == 3


@pytest.mark.parametrize("body", ["quem é?", "1 hora de atraso", "posso remarcar?", "x" * 4000, ""])
def test_what_is_not_plain_waits_for_a_person(chat: Chat, body: str) -> None:
    question = chat.ask()
    received = chat.write(body)
    assert (received.outcome, received.question_ids) == (Outcome.UNCLEAR, (question,))
    assert (chat.status(question), chat.answers()) == ("pending", [])


@pytest.mark.parametrize("kind", [WrittenKind.AUDIO, WrittenKind.STICKER, WrittenKind.IMAGE, WrittenKind.LOCATION])
def test_what_has_no_words_waits_for_a_person(chat: Chat, kind: WrittenKind) -> None:
    assert chat.write(kind=kind).outcome is Outcome.CONVERSATION
    question = chat.ask()
    assert chat.write("sim", kind=kind).outcome is Outcome.UNCLEAR
    assert chat.status(question) == "pending"


def test_nobody_was_asked_anything(chat: Chat) -> None:
    assert [chat.write(body).outcome for body in ("1", "oi, tudo bem?")] == [Outcome.CONVERSATION] * 2
    stranger = chat.write("quero marcar", identity="5511977776666", display_name="<b>Zé</b> =1+1")
    assert stranger.outcome is Outcome.CONVERSATION
    assert (
        value(chat.admin, "SELECT count(*) FROM clinicdesk.conversation WHERE patient_id IS NULL AND phone <> ''") == 1
    )


def test_a_button_answers_its_question_whatever_is_newer(chat: Chat) -> None:
    older, newer = chat.ask(hour=9), chat.ask(hour=11)
    received = chat.write("Confirmar", kind=WrittenKind.BUTTON, payload=button_payload(older, "confirm"))
    assert received.question_ids == (older,)
    assert (chat.status(older), chat.status(newer)) == ("confirmed", "pending")


def test_a_button_of_somebody_elses_question_does_nothing(chat: Chat) -> None:
    theirs = chat.ask("bento", hour=11)
    received = chat.write("Cancelar", kind=WrittenKind.BUTTON, payload=button_payload(theirs, "cancel"))
    assert (received.outcome, chat.status(theirs)) == (Outcome.CONVERSATION, "pending")


def test_a_quotation_answers_what_it_quotes(chat: Chat) -> None:
    older, newer = chat.ask(hour=9), chat.ask(hour=11)
    name = chat.sent(older)
    assert chat.write("0", quoted_id=name).outcome is Outcome.CANCELLED
    assert (chat.status(older), chat.status(newer)) == ("cancelled", "pending")


def test_of_several_visits_it_is_asked_which(chat: Chat) -> None:
    first, second = chat.ask(hour=9), chat.ask("nina", hour=11)
    asked = chat.write("sim")
    assert asked.outcome is Outcome.ASKED_WHICH
    assert chat.answers() == [
        "De qual horário você fala? Responda com o número:\n"
        "1) terça-feira, 6 de março, às 09:00, Ana, Dra. Helena Prado\n"
        "2) terça-feira, 6 de março, às 11:00, Nina, Dra. Helena Prado"
    ]
    assert chat.write("2").outcome is Outcome.CONFIRMED
    assert (chat.status(first), chat.status(second)) == ("pending", "confirmed")


def test_both_of_the_visits_that_were_listed(chat: Chat) -> None:
    first, second = chat.ask(hour=9), chat.ask("nina", hour=11)
    chat.write("não vou")
    assert set(chat.write("as duas").question_ids) == {first, second}
    assert (chat.status(first), chat.status(second)) == ("cancelled", "cancelled")


def test_the_services_of_one_coming_are_one_question(chat: Chat) -> None:
    coming = uuid4()
    first, second = chat.ask(hour=9, visit_id=coming), chat.ask(hour=11, visit_id=coming)
    assert chat.write("1").outcome is Outcome.CONFIRMED
    assert (chat.status(first), chat.status(second)) == ("confirmed", "confirmed")


def test_a_guardian_answers_for_a_child(chat: Chat) -> None:
    question = chat.ask("nina")
    assert chat.write("ela vai sim").outcome is Outcome.CONFIRMED
    assert chat.status(question) == "confirmed"


@pytest.mark.parametrize(
    ("asked", "body", "outcome"),
    [
        # On her mother's phone Nina is the only child.
        ("nina", "minha filha vai sim", Outcome.CONFIRMED),
        ("nina", "ela não vai poder ir", Outcome.CANCELLED),
        ("nina", "sim, Nina", Outcome.CONFIRMED),
        ("nina", "não vou poder ir", Outcome.CANCELLED),
        ("nina", "minha mãe vai sim", Outcome.UNCLEAR),
        ("nina", "sim, Ana", Outcome.UNCLEAR),
        # Ana was asked about, and somebody else is spoken of.
        ("ana", "minha filha não vai poder ir", Outcome.UNCLEAR),
        ("ana", "sim, Nina", Outcome.UNCLEAR),
        ("ana", "ela não vai, Nina", Outcome.UNCLEAR),
        ("ana", "cancela a consulta da minha mãe", Outcome.UNCLEAR),
        ("ana", "Ana confirma", Outcome.CONFIRMED),
        ("ana", "ela vai sim", Outcome.CONFIRMED),
    ],
)
def test_whom_words_name_on_a_phone_that_a_family_shares(chat: Chat, asked: str, body: str, outcome: Outcome) -> None:
    question = chat.ask(asked)
    assert chat.write(body).outcome is outcome
    assert chat.status(question) == (outcome if outcome is not Outcome.UNCLEAR else "pending")


@pytest.mark.parametrize(("body", "confirmed"), [("minha mãe vai sim", True), ("ele não vai poder ir", False)])
def test_on_a_phone_of_one_patient_whoever_is_spoken_of_is_that_patient(chat: Chat, body: str, confirmed: bool) -> None:
    chat.admin.execute("UPDATE clinicdesk.patient SET guardian_id = NULL")
    question = chat.ask()
    assert chat.write(body).outcome is (Outcome.CONFIRMED if confirmed else Outcome.CANCELLED)
    assert chat.status(question) == ("confirmed" if confirmed else "cancelled")


def test_of_several_visits_the_one_whose_patient_is_named(chat: Chat) -> None:
    ana, nina = chat.ask(hour=9), chat.ask("nina", hour=11)
    assert chat.write("ela não vai, Nina").outcome is Outcome.CANCELLED
    assert (chat.status(ana), chat.status(nina)) == ("pending", "cancelled")


def test_a_visit_that_moved_is_asked_about_anew(chat: Chat) -> None:
    question = chat.ask()
    chat.admin.execute(
        "UPDATE clinicdesk.appointment SET starts_at = %s, ends_at = %s WHERE id = %s",
        [at(14), at(14, 30), chat.visit(question)],
    )
    assert chat.write("1").outcome is Outcome.AFTER_MOVE
    assert chat.status(question) == "pending"
    assert "agora é terça-feira, 6 de março, às 14:00. Responda 1 para confirmar" in chat.answers()[0]
    assert chat.write("1").outcome is Outcome.CONFIRMED


def test_a_note_on_the_visit_is_no_move(chat: Chat) -> None:
    question = chat.ask()
    chat.admin.execute("UPDATE clinicdesk.appointment SET note = 'jejum' WHERE id = %s", [chat.visit(question)])
    assert chat.write("1").outcome is Outcome.CONFIRMED


def test_a_visit_that_was_cancelled_meanwhile(chat: Chat) -> None:
    question = chat.ask()
    chat.admin.execute(
        "UPDATE clinicdesk.appointment SET status = 'cancelled', cancelled_by = 'clinic' WHERE id = %s",
        [chat.visit(question)],
    )
    assert chat.write("1").outcome is Outcome.AFTER_CANCELLATION
    assert chat.status(question) == "cancelled"


def test_a_late_answer_changes_nothing(chat: Chat) -> None:
    question = chat.ask()
    assert chat.write("0", now=at(10)).outcome is Outcome.LATE
    assert chat.write("1", now=at(10)).outcome is Outcome.LATE
    assert chat.status(question) == "pending"
    assert chat.write("sim", now=at(23)).outcome is Outcome.CONVERSATION


@pytest.mark.parametrize(
    ("identity", "phone"),
    [
        ("551180000142", ""),
        ("BR.13491", "5511980000142"),
        ("5511980000142@c.us", "551180000142"),
        ("+5511980000142", ""),
    ],
)
def test_a_phone_is_known_however_it_is_written(chat: Chat, identity: str, phone: str) -> None:
    chat.admin.execute("UPDATE clinicdesk.patient SET phone = '+5511980000142' WHERE phone = '+5511900000142'")
    chat.ask()
    assert chat.write("1", identity, phone=phone).outcome is Outcome.CONFIRMED


def test_one_conversation_under_two_names_of_the_same_phone(chat: Chat) -> None:
    chat.admin.execute("UPDATE clinicdesk.patient SET phone = '+5511980000142' WHERE phone = '+5511900000142'")
    talks = {chat.write("oi", identity=name).conversation_id for name in ("5511980000142", "551180000142")}
    assert len(talks) == 1


def test_a_phone_of_two_patients_links_to_nobody(chat: Chat) -> None:
    chat.admin.execute("UPDATE clinicdesk.patient SET phone = '+5511900000142' WHERE full_name LIKE 'Bento%'")
    question = chat.ask("bento")
    assert chat.write("1").outcome is Outcome.CONFIRMED
    assert chat.status(question) == "confirmed"
    assert value(chat.admin, "SELECT patient_id FROM clinicdesk.conversation") is None


def test_opting_out_ends_the_consents_at_once_and_back_in_begins_new_ones(chat: Chat) -> None:
    chat.ground.consent("ana", "whatsapp", "sms")
    question = chat.ask()
    assert chat.write("SAIR").outcome is Outcome.OPTED_OUT
    standing = "SELECT channel FROM clinicdesk.consent WHERE revoked_at IS NULL"
    assert chat.admin.execute(standing.encode()).fetchall() == []  # “no more messages” is meant of every road
    assert value(chat.admin, "SELECT opted_out_at IS NOT NULL FROM clinicdesk.conversation")
    assert chat.status(question) == "pending"
    assert chat.write("0").outcome is Outcome.CANCELLED
    assert len(chat.answers()) == 1  # the farewell, and nothing after it
    assert chat.write("voltar").outcome is Outcome.OPTED_IN
    given = "SELECT source, proof FROM clinicdesk.consent WHERE revoked_at IS NULL AND channel = 'whatsapp'"
    assert [row[0] for row in chat.admin.execute(given.encode()).fetchall()] == ["message"]


def test_a_number_that_is_somebody_elses_now_answers_for_nobody(chat: Chat) -> None:
    """The conversation is still linked to whoever had the number before."""
    chat.write("bom dia")
    chat.admin.execute("UPDATE clinicdesk.patient SET phone = '+5511980000999' WHERE full_name LIKE 'Ana%'")
    chat.ground.consent("ana", "whatsapp")
    question = chat.ask()
    assert chat.write("0").outcome is Outcome.CONVERSATION
    assert chat.status(question) == "pending"
    assert chat.write("SAIR").outcome is Outcome.OPTED_OUT
    assert chat.write("VOLTAR").outcome is Outcome.OPTED_IN
    assert chat.admin.execute("SELECT source FROM clinicdesk.consent").fetchall() == [("desk",)]
    assert chat.write("0", "5511980000999").outcome is Outcome.CANCELLED


def test_somebody_without_a_phone_answers_what_was_asked_where_they_write(chat: Chat) -> None:
    talk = chat.write("oi", "BR.1").conversation_id
    chat.admin.execute("UPDATE clinicdesk.conversation SET patient_id = %s WHERE id = %s", [chat.ground.ana, talk])
    question = chat.ask()
    chat.sent(question)
    chat.admin.execute("UPDATE clinicdesk.outgoing_message SET conversation_id = %s", [talk])
    assert chat.write("1", "BR.1").outcome is Outcome.CONFIRMED
    assert chat.status(question) == "confirmed"


@pytest.mark.parametrize("body", ["1", "0"])
def test_what_was_written_before_it_was_asked_is_for_a_person(chat: Chat, body: str) -> None:
    """Told late, as after a night without a gateway: it answered something else."""
    question = chat.ask()
    asked_at = chat.ground.one("question", question, "asked_at")
    before = chat.write(body, now=EVE, sent_at=asked_at - dt.timedelta(hours=2))
    assert (before.outcome, before.question_ids) == (Outcome.UNCLEAR, (question,))
    assert chat.status(question) == "pending"
    assert chat.write("1", now=EVE, sent_at=asked_at - dt.timedelta(minutes=5)).outcome is Outcome.CONFIRMED


@pytest.mark.parametrize("how", ["quoted", "pressed", "thumb"])
def test_the_message_that_told_another_time_is_no_answer_to_this_one(chat: Chat, how: str) -> None:
    """The visit moved and was asked about again; they go back to what was said of it before."""
    question = chat.ask()
    name = chat.sent(question)
    visit = chat.visit(question)
    chat.admin.execute("UPDATE clinicdesk.outgoing_message SET visit_at = %s", [at(9)])
    chat.admin.execute(
        "UPDATE clinicdesk.appointment SET starts_at = %s, ends_at = %s WHERE id = %s", [at(14), at(14, 30), visit]
    )
    chat.admin.execute("UPDATE clinicdesk.question SET appointment_version = %s", [
        chat.ground.one("appointment", visit, "version")])  # fmt: skip
    said = {
        "quoted": {"body": "1"},
        "pressed": {"kind": WrittenKind.BUTTON, "payload": button_payload(question, "confirm"), "body": "Confirmar"},
        "thumb": {"kind": WrittenKind.REACTION, "body": "👍"},
    }[how]
    assert chat.write(quoted_id=name, **said).outcome is Outcome.AFTER_MOVE  # type: ignore[arg-type]
    assert chat.status(question) == "pending"
    assert chat.write("1").outcome is Outcome.CONFIRMED


def test_a_thumb_under_the_question_confirms_and_taking_it_back_does_nothing(chat: Chat) -> None:
    question = chat.ask()
    name = chat.sent(question)
    assert chat.write("❤️", kind=WrittenKind.REACTION, quoted_id=name).outcome is Outcome.UNCLEAR
    assert chat.write("👍", kind=WrittenKind.REACTION, quoted_id="wamid.other").outcome is Outcome.CONVERSATION
    assert chat.write("👍🏾", kind=WrittenKind.REACTION, quoted_id=name).outcome is Outcome.CONFIRMED
    assert chat.write("", kind=WrittenKind.REACTION, quoted_id=name).outcome is Outcome.CONVERSATION
    assert chat.status(question) == "confirmed"


@pytest.mark.parametrize("kind", [WrittenKind.EDITED, WrittenKind.DELETED])
@pytest.mark.parametrize("under", ["wamid.first", "wamid.second"])
def test_an_answer_that_was_edited_or_deleted_waits_for_a_person(chat: Chat, kind: WrittenKind, under: str) -> None:
    question = chat.ask()
    chat.write("1", name="wamid.first")
    again = chat.write("0", name=under, kind=kind, quoted_id="wamid.first")
    assert (again.outcome, again.question_ids) == (Outcome.UNCLEAR, (question,))
    assert chat.status(question) == "confirmed"
    assert chat.write("0", name=under, kind=kind, quoted_id="wamid.first").repeated


def test_words_after_a_persons_answer_that_person(chat: Chat) -> None:
    question = chat.ask()
    talk = chat.write("bom dia").conversation_id
    renata = chat.ground.office.sample.people["renata"]
    chat.admin.execute(
        "UPDATE clinicdesk.conversation SET owner = 'person', person_id = %s WHERE id = %s", [renata, talk]
    )
    put(chat.admin, "outgoing_message", id=uuid4(), clinic_id=chat.ground.clinic_id, kind="person",
        conversation_id=talk, body="A senhora tem convênio?", expires_at=at(20))  # fmt: skip
    assert chat.write("não").outcome is Outcome.CONVERSATION
    assert chat.status(question) == "pending"
    name = chat.sent(question)
    assert chat.write("1", quoted_id=name).outcome is Outcome.CONFIRMED
    assert chat.answers() == []  # the person speaks there


def test_another_robot_is_not_talked_to_for_ever(chat: Chat) -> None:
    for hour in (9, 11):
        chat.ask(hour=hour)
    for _turn in range(10):
        chat.write("sim")
    assert len(chat.answers()) == 6


def test_the_history_says_by_which_road(chat: Chat, grounds: Grounds) -> None:
    question = chat.ask()
    chat.write("1")
    (event,) = agenda.history(grounds.acting("renata"), chat.visit(question))[-1:]
    assert event.channel is Channel.WHATSAPP


def test_words_that_nothing_can_be_done_with_are_kept_for_a_person(chat: Chat) -> None:
    question = chat.ask()
    written = Written("wamid.in", ANA, WrittenKind.TEXT, EVE, "1")
    first = replies.keep(chat.robot, chat.channel, written)
    assert (first.outcome, chat.status(question), chat.answers()) == (Outcome.UNCLEAR, "pending", [])
    assert replies.receive(chat.robot, chat.channel, written, EVE).repeated


def test_sixteen_deliveries_at_once_have_one_effect(office: Office) -> None:
    chat = Chat(Outgoing(office), office.robot())
    question = chat.ask()
    told = [Written(f"wamid.{each % 2}", ANA, WrittenKind.TEXT, EVE, "1") for each in range(16)]
    with ThreadPoolExecutor(4) as pool:
        received = list(pool.map(lambda one: replies.receive(chat.robot, chat.channel, one, EVE), told))
    assert sorted(str(one.outcome) for one in received if not one.repeated) == ["already", "confirmed"]
    assert chat.ground.one("appointment", chat.visit(question), "version") == 2
    assert len(chat.answers()) == 1
