"""Conversations: read by tab and stretch, answered by whoever has them, handed over, linked and noted."""

import datetime as dt
from uuid import UUID, uuid4

import pytest

from clinicdesk.domain.inbox import (
    Assign,
    EventKind,
    Happened,
    Incoming,
    LinkPatient,
    Outgoing,
    Owner,
    SaveQuickReply,
    SendTemplate,
    SendWords,
    Tab,
    Talk,
    WriteNote,
)
from clinicdesk.domain.messages import MessageState
from clinicdesk.errors import AnotherSpeaks, ChangedElsewhere, InvalidField, NotAllowed, NotFound, WindowClosed
from clinicdesk.usecases import inbox, interpretations
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import Office, value
from tests.talks import HOUR, NOW, Wire


@pytest.fixture
def committed(office: Office) -> Wire:
    return Wire(office)


@pytest.fixture
def reception(committed: Wire) -> Clinic:
    return committed.office.desk("renata")


def found(clinic: Clinic, talk_id: UUID) -> Talk:
    return inbox.talk(clinic, talk_id)


def test_who_wrote_stands_first_with_what_is_unread(committed: Wire, reception: Clinic) -> None:
    one, two = committed.talk(), committed.talk("+5521988887777", None)
    committed.came(one, "Bom dia", NOW - HOUR)
    committed.came(two, "Queria marcar", NOW - 2 * HOUR)
    talks, counts = inbox.talks(reception, Tab.ALL)
    assert [talk.id for talk in talks] == [one, two]
    assert [talk.name for talk in talks] == ["Ana Conceição Álvares", "Ana"]
    assert talks[0].last is not None and talks[0].last.words == "Bom dia"
    assert (counts.all, counts.bot, counts.mine, counts.unread, counts.unclear) == (2, 2, 0, 2, 0)
    rest, _counts = inbox.talks(reception, Tab.ALL, before=talks[0].place)
    assert [talk.id for talk in rest] == [two]
    inbox.mark_read(reception, one, talks[0].version)
    assert found(reception, one).unread == 0
    inbox.mark_read(reception, two, talks[1].version - 1)  # something came after it was read
    assert found(reception, two).unread == 1


def test_it_is_found_by_name_number_and_words(committed: Wire, reception: Clinic) -> None:
    one, two = committed.talk(), committed.talk("+5521988887777", None)
    committed.came(one, "Posso levar o exame?")
    committed.came(two, "100% certo")
    committed.came(one, "Amanhã não dá, só\nna QUINTA-FEIRA d’Ávila")

    def hits(words: str) -> set[UUID]:
        return {talk.id for talk in inbox.talks(reception, Tab.ALL, words)[0]}

    assert hits("88887777") == {two} and hits("(21) 98888-7777") == {two}
    assert hits("levar o EXAME") == {one}
    assert hits("amanha nao da") == hits("AMANHÃ NÃO DÁ, so na quinta-feira d'avila") == {one}
    assert hits("100%") == {two} and hits("%") == {two} and hits("nada disso") == set()


def test_what_a_person_says_takes_the_conversation_from_the_robot(committed: Wire, reception: Clinic) -> None:
    talk_id = committed.talk()
    command = SendWords(new_id(), talk_id, "  Bom dia, Ana!  ")
    sent = inbox.send_words(reception, command)
    assert inbox.send_words(reception, command) == sent  # a click that was repeated
    after = found(reception, talk_id)
    assert (after.owner, after.person_id) == (Owner.PERSON, reception.person.id)
    read = inbox.thread(reception, talk_id)
    kinds = [type(line) for line in read.lines]
    assert sorted(kind.__name__ for kind in kinds) == ["Happened", "Outgoing"]
    (said,) = [line for line in read.lines if isinstance(line, Outgoing)]
    assert (said.body, said.state, said.person_id) == ("Bom dia, Ana!", MessageState.PLANNED, reception.person.id)
    admin = committed.office.admin()
    assert value(admin, "SELECT count(*) FROM queue.procrastinate_jobs WHERE args ->> 'row_id' = %s", [str(sent)]) == 1
    inbox.take_back(reception, sent)
    assert found(reception, talk_id).last is None  # what was taken back is not what it ended with
    with pytest.raises(NotFound):
        inbox.take_back(reception, sent)


def test_an_answer_brings_its_conversation_to_the_top(committed: Wire, reception: Clinic) -> None:
    one, two = committed.talk(), committed.talk("+5521988887777", None)
    committed.came(one, "Oi", NOW - HOUR)
    committed.came(two, "Oi", NOW - 2 * HOUR)
    assert [talk.id for talk in inbox.talks(reception, Tab.ALL)[0]] == [one, two]
    inbox.send_words(reception, SendWords(new_id(), two, "Bom dia"))
    assert [talk.id for talk in inbox.talks(reception, Tab.ALL)[0]] == [two, one]


def test_templates_read_as_they_would_go_out(committed: Wire, reception: Clinic) -> None:
    talk_id = committed.talk(window=-HOUR)
    plain = committed.template("Olá, {first_name}! Aqui é da {clinic}.")
    timed = committed.template("Até {day}, às {time}, com {professional}.", "horario")
    committed.template("Sem aprovação", "")
    offers, _price = inbox.templates(reception, talk_id)
    assert [(one.id, one.body, one.lacks) for one in offers] == [
        (timed, "Até , às , com .", ("day", "time", "professional")),
        (plain, "Olá, Ana! Aqui é da Clínica Ipê.", ()),
    ]
    with pytest.raises(InvalidField):
        inbox.send_template(reception, SendTemplate(new_id(), talk_id, timed))
    with pytest.raises(NotFound):
        inbox.send_template(reception, SendTemplate(new_id(), talk_id, uuid4()))
    command = SendTemplate(new_id(), talk_id, plain)
    sent = inbox.send_template(reception, command)
    assert inbox.send_template(reception, command) == sent
    assert found(reception, talk_id).person_id == reception.person.id
    free = committed.talk("+5521988887777", None)
    assert found(reception, free).window_until is not None
    visit = committed.office.book_row(committed.office.admin())
    offers, _price = inbox.templates(reception, talk_id)
    assert offers[0].lacks == () and offers[0].body.startswith("Até 6 de março, às 09:00")
    inbox.send_template(reception, SendTemplate(new_id(), talk_id, timed))
    about = "SELECT count(*) FROM clinicdesk.outgoing_message WHERE appointment_id = %s AND kind = 'person'"
    assert value(committed.office.admin(), about, [visit]) == 1


def test_nobody_speaks_where_a_colleague_does(committed: Wire, reception: Clinic) -> None:
    talk_id, other = committed.talk(), committed.office.desk("otavio")
    inbox.send_words(other, SendWords(new_id(), talk_id, "Eu respondo"))
    with pytest.raises(AnotherSpeaks) as caught:
        inbox.send_words(reception, SendWords(new_id(), talk_id, "Eu também"))
    assert caught.value.name == "Otávio Lins"
    assert len(inbox.thread(reception, talk_id).lines) == 2  # nothing of it stayed
    with pytest.raises(AnotherSpeaks):  # somebody else took it than was seen
        inbox.assign(reception, Assign(new_id(), talk_id, None, reception.person.id))
    seen = found(reception, talk_id)
    mine = inbox.assign(reception, Assign(new_id(), talk_id, seen.person_id, reception.person.id))
    assert mine.person_id == reception.person.id
    given = inbox.assign(reception, Assign(new_id(), talk_id, mine.person_id, other.person.id))
    assert given.person_name == "Otávio Lins"
    free = inbox.assign(other, Assign(new_id(), talk_id, given.person_id, None))
    assert free.owner is Owner.BOT
    events = [line for line in inbox.thread(reception, talk_id).lines if isinstance(line, Happened)]
    told = [(one.kind, one.person_name, one.words) for one in events]
    assert told == [
        (EventKind.TAKEN, "Otávio Lins", ""),
        (EventKind.TAKEN, "Renata Souza", ""),
        (EventKind.ASSIGNED, "Renata Souza", "Otávio Lins"),
        (EventKind.HANDED_BACK, "Otávio Lins", ""),
    ]


def test_the_database_refuses_who_does_not_have_it(committed: Wire, reception: Clinic) -> None:
    talk_id = committed.talk()
    with pytest.raises(AnotherSpeaks), reception.transaction() as tx:
        tx.exec_driver_sql(
            "INSERT INTO clinicdesk.outgoing_message (id, clinic_id, kind, conversation_id, expires_at)"
            " VALUES (%s, %s, 'person', %s, %s)",
            (uuid4(), committed.clinic, talk_id, NOW + HOUR),
        )


def test_free_words_need_an_open_window_where_there_is_one(committed: Wire, reception: Clinic) -> None:
    talk_id = committed.talk()
    with pytest.raises(WindowClosed):
        inbox.send_words(reception, SendWords(new_id(), talk_id, "Olá"), NOW + 21 * HOUR)
    assert found(reception, talk_id).owner is Owner.BOT
    sent = inbox.send_words(reception, SendWords(new_id(), talk_id, "Olá"), NOW + 19 * HOUR)
    left = value(
        committed.office.admin(),
        "SELECT expires_at - planned_for FROM clinicdesk.outgoing_message WHERE id = %s",
        [sent],
    )
    assert dt.timedelta(minutes=50) < left <= HOUR
    for words in ("", "   ", "x" * 4097, "a\0b"):
        with pytest.raises(InvalidField):
            inbox.send_words(reception, SendWords(new_id(), talk_id, words))


def test_a_long_talk_is_read_in_stretches(committed: Wire, reception: Clinic) -> None:
    talk_id = committed.talk()
    for number in range(7):
        committed.came(talk_id, str(number), NOW - dt.timedelta(minutes=10 - number))
    inbox.write_note(reception, WriteNote(new_id(), talk_id, "Vip"))
    last = inbox.thread(reception, talk_id, 3)
    assert last.more and [_words(line) for line in last.lines] == ["5", "6", "Vip"]
    before = inbox.thread(reception, talk_id, 5, (last.lines[0].at, last.lines[0].id))
    assert not before.more and [_words(line) for line in before.lines] == ["0", "1", "2", "3", "4"]


def _words(line: object) -> str:
    return line.words if isinstance(line, Happened) else line.body if isinstance(line, Incoming | Outgoing) else ""


def test_whose_it_is_can_be_said_and_taken_back(committed: Wire, reception: Clinic) -> None:
    talk_id, ana = committed.talk(patient=None), committed.office.sample.patients["ana"]
    assert inbox.beside(reception, found(reception, talk_id)).patient is None
    linked = inbox.link(reception, LinkPatient(new_id(), talk_id, None, ana))
    beside = inbox.beside(reception, linked)
    assert linked.patient_id == ana and beside.patient is not None and beside.patient.id == ana
    with pytest.raises(ChangedElsewhere):
        inbox.link(reception, LinkPatient(new_id(), talk_id, None, committed.office.sample.patients["bento"]))
    with pytest.raises(NotFound):
        inbox.link(reception, LinkPatient(new_id(), talk_id, ana, uuid4()))
    assert inbox.link(reception, LinkPatient(new_id(), talk_id, ana, None)).patient_id is None


def test_what_is_unclear_waits_for_a_person(committed: Wire, reception: Clinic) -> None:
    talk_id = committed.talk()
    message_id = committed.came(talk_id, "depende", outcome="unclear")
    (one,) = interpretations.waiting(reception)
    assert (one.id, one.body, one.conversation_id) == (message_id, "depende", talk_id)
    talks, counts = inbox.talks(reception, Tab.UNCLEAR)
    assert [talk.unclear for talk in talks] == [1] and counts.unclear == 1


def test_a_conversation_begins_once_for_a_phone(committed: Wire, reception: Clinic) -> None:
    sample, admin = committed.office.sample, committed.office.admin()
    with pytest.raises(NotFound) as caught:
        inbox.begin(reception, sample.patients["ana"])
    assert caught.value.kind == "whatsapp"
    kept = committed.talk("+5521988887777", None)
    begun = inbox.begin(reception, sample.patients["ana"])
    assert begun != kept and inbox.begin(reception, sample.patients["ana"]) == begun
    talk = found(reception, begun)
    assert (talk.patient_id, talk.owner, talk.last) == (sample.patients["ana"], Owner.BOT, None)
    with pytest.raises(WindowClosed):  # nobody has written: an approved template comes first
        inbox.send_words(reception, SendWords(new_id(), begun, "Olá"))
    admin.execute(
        "UPDATE clinicdesk.patient SET phone = %s WHERE id = %s", ["+5521988887777", sample.patients["bento"]]
    )
    assert inbox.begin(reception, sample.patients["bento"]) == kept  # one phone, one conversation
    admin.execute("UPDATE clinicdesk.patient SET phone = '' WHERE id = %s", [sample.patients["nina"]])
    with pytest.raises(InvalidField):
        inbox.begin(reception, sample.patients["nina"])


def test_quick_replies_are_the_clinics(committed: Wire, reception: Clinic) -> None:
    kept = inbox.save_quick_reply(reception, SaveQuickReply(new_id(), None, 0, "/Sala4", " A Sala 4 fica no térreo. "))
    (reply,) = inbox.quick_replies(reception)
    assert (reply.id, reply.shortcut, reply.body) == (kept, "sala4", "A Sala 4 fica no térreo.")
    for shortcut, reason in (("sala4", "taken"), ("sala 4", "not_a_shortcut"), ("", "missing")):
        with pytest.raises(InvalidField) as caught:
            inbox.save_quick_reply(reception, SaveQuickReply(new_id(), None, 0, shortcut, "x"))
        assert caught.value.reason == reason
    inbox.save_quick_reply(reception, SaveQuickReply(new_id(), kept, reply.version, "sala-4", "Térreo"))
    with pytest.raises(ChangedElsewhere):
        inbox.save_quick_reply(reception, SaveQuickReply(new_id(), kept, reply.version, "sala-4", "Subsolo"))
    inbox.remove_quick_reply(reception, kept)
    with pytest.raises(NotFound):
        inbox.remove_quick_reply(reception, kept)


def test_professionals_and_other_clinics_read_no_conversation(committed: Wire) -> None:
    talk_id = committed.talk()
    with pytest.raises(NotAllowed):
        inbox.talks(committed.office.desk("helena"), Tab.ALL)
    assert inbox.talks(committed.office.desk("bruno"), Tab.ALL)[0] == []
    with pytest.raises(NotFound):
        inbox.talk(committed.office.desk("bruno"), talk_id)
