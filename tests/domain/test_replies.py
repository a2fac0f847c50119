"""Replies: a plain answer is heard, and whatever says more than one never answers."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.replies import ANSWERS, Answer, Heard, QuestionKind, Reading, read_choice, read_reply
from clinicdesk.domain.reply_times import names_of
from tests.replies_report import CORPORA, replies, resolved, results

CONFIRMATIONS = ("1", "sim", "Sim, confirmo", "confirmado", "👍", "pode confirmar", "estarei lá", "ok", "vou sim", "1️⃣")
CANCELLATIONS = ("0", "cancela", "não vou poder ir", "desmarca por favor", "não", "quero cancelar", "👎")
# What takes a plain answer back, doubts it or asks for more.
TAILS = (
    *(" ?", " se der", " se for de manhã", " mas só depois das 15h", " talvez", " ou não", " quanto custa?", " né"),
    *(" que horas mesmo", " acho", " mais tarde", " depois", " não sei", " porém atraso", " amanhã", " às 10", " 10h"),
    *(" a do meu marido", " caso não chova", " dependendo do trânsito", " quando puder", " remarca", " mas com outro"),
)


def read(body: str) -> Reading:
    return read_reply(body, QuestionKind.CONFIRM, ANSWERS[QuestionKind.CONFIRM])


@pytest.mark.parametrize("body", CONFIRMATIONS)
def test_plain_confirmation(body: str) -> None:
    assert read(body) == Reading(Heard.ANSWER, Answer.CONFIRM)


@pytest.mark.parametrize("body", CANCELLATIONS)
def test_plain_cancellation(body: str) -> None:
    assert read(body) == Reading(Heard.ANSWER, Answer.CANCEL)


@given(st.sampled_from(CONFIRMATIONS + CANCELLATIONS), st.sampled_from(TAILS))
def test_whatever_is_added_to_an_answer_takes_it_back(body: str, tail: str) -> None:
    assert read(body + tail).heard is Heard.UNCLEAR


_NOT = st.sampled_from(("não", "nao", "n", "ñ", "num", "NÃO"))
_CANCEL = ("cancela", "cancelar", "pode cancelar", "quero cancelar", "desmarca", "vou cancelar", "preciso desmarcar")
_VERBS = st.sampled_from(
    (*_CANCEL, "cancela a consulta", "favor cancelar", "vou ter que desmarcar", "cancele por favor")
)
_POLITE = st.sampled_from(("", "bom dia, ", "oi ", "moça ", "por favor ", "então ", "infelizmente "))


@given(_NOT, _VERBS, _POLITE, st.sampled_from(("{0} {1}", "{1} {0}", "{0} {1} {0}", "{1} {0} obrigada")))
def test_a_not_beside_a_cancellation_never_cancels(no: str, verb: str, polite: str, order: str) -> None:
    assert read(polite + order.format(no, verb)).heard is Heard.UNCLEAR


@given(_NOT, st.sampled_from(("confirmo", "pode confirmar", "1", "👍", "confirmado", "sim", "confirmo minha presença")))
def test_a_not_beside_a_confirmation_never_confirms(no: str, yes: str) -> None:
    for body in (f"{no} {yes}", f"{yes} {no}", f"{yes}, {no}", f"{no}, {yes}"):
        assert read(body).answer is not Answer.CONFIRM, body


@given(
    st.text(alphabet="01", min_size=1, max_size=2),
    st.text(alphabet="0123456789hmxsoa:/.,%$-ºª", min_size=1, max_size=4).filter(
        lambda tail: tail.strip(".,-:/") != ""
    ),
)
def test_no_digit_inside_a_larger_word_answers(digit: str, tail: str) -> None:
    for body in (digit + tail, tail + digit):
        # “0.1” and its like say a number of their own, “- 1” and “1.” say one.
        assert read(body).heard is Heard.UNCLEAR or body.strip(".,-:/ ") in ("0", "1"), body


@given(st.text(max_size=60))
def test_any_text_can_be_read(body: str) -> None:
    read(body)
    read_choice(body, 3)


@given(
    st.text(alphabet="bcdfghjklmnpqrtvwxyz", min_size=5, max_size=9).filter(lambda word: len(set(word)) > 4),
    st.sampled_from(CONFIRMATIONS),
)
def test_a_word_nobody_knows_sends_a_confirmation_to_a_person(word: str, body: str) -> None:
    assert read(f"{body} {word}").heard is Heard.UNCLEAR
    assert read(f"{word} {body}").heard is Heard.UNCLEAR


@pytest.mark.parametrize(
    "body",
    [
        *(
            "SAIR",
            "sair.",
            "Parar",
            "STOP",
            "descadastrar",
            "não quero receber mensagens",
            "para de me mandar mensagem",
        ),
        *("não quero mais receber mensagens! já pedi isso mil vezes", "me tira dessa lista por favor"),
    ],
)
def test_opting_out_is_heard_in_any_company(body: str) -> None:
    assert read(body).heard is Heard.OPT_OUT


@pytest.mark.parametrize("body", ["vou sair mais cedo", "não consigo parar", "posso sair?", "sair de casa"])
def test_a_word_of_opting_out_in_another_sentence_is_none(body: str) -> None:
    assert read(body).heard is Heard.UNCLEAR


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "nothing"),
        ("bom dia", "no_answer"),
        ("obrigada 🙏", "no_answer"),
        ("sim, não", "other_words"),
        ("quem é?", "question"),
        ("a" * 4000, "too_long"),
        ("vou ver e te falo", "other_words"),
    ],
)
def test_unclear_says_why(body: str, why: str) -> None:
    assert read(body) == Reading(Heard.UNCLEAR, why=why)


@pytest.mark.parametrize("body", ["não, pode deixar", "Não, pode deixar assim", "tira meu nome"])
def test_a_no_that_may_be_meant_of_something_else_cancels_nothing(body: str) -> None:
    assert read(body).answer is None


def test_an_answer_that_is_not_offered_is_unclear() -> None:
    assert read_reply("0", QuestionKind.CONFIRM, (Answer.CONFIRM,)).why == "not_allowed"


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        *(
            ("quero", Answer.ACCEPT),
            ("1", Answer.ACCEPT),
            ("pode marcar", Answer.ACCEPT),
            ("aceito sim", Answer.ACCEPT),
        ),
        *(("não quero", Answer.REFUSE), ("0", Answer.REFUSE), ("não posso", Answer.REFUSE), ("pode cancelar", None)),
    ],
)
def test_offer(body: str, answer: Answer | None) -> None:
    assert read_reply(body, QuestionKind.OFFER, ANSWERS[QuestionKind.OFFER]).answer is answer


def test_a_name_beside_the_answer_is_a_courtesy() -> None:
    named = ("Maria das Graças", "Dra. Helena Prado")
    kind = QuestionKind.CONFIRM
    assert read_reply("Confirmo. Maria", kind, ANSWERS[kind], named).answer is Answer.CONFIRM
    assert read("Confirmo. Maria").heard is Heard.UNCLEAR


@pytest.mark.parametrize(
    ("body", "chosen"),
    [
        *(
            ("2", (1,)),
            ("a segunda", ()),
            ("2️⃣ por favor", (1,)),
            ("as duas", (0, 1)),
            ("1 e 2", (0, 1)),
            ("ambas", (0, 1)),
        ),
        *(("3", ()), ("a de quinta", ()), ("", ()), ("12", ()), ("às 2", ()), ("2?", ())),
    ],
)
def test_choice(body: str, chosen: tuple[int, ...]) -> None:
    assert read_choice(body, 2) == chosen


EVE = dt.datetime(2035, 3, 5, 15, tzinfo=dt.UTC)  # a Monday; the visit is on Tuesday the 6th at 14:30


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        *(("Confirmo para amanhã", Answer.CONFIRM), ("amanhã estarei lá", Answer.CONFIRM)),
        *(("Sim, amanhã às 14h30", Answer.CONFIRM), ("confirmo dia 6", None), ("Sim, dia 6 às 14:30", Answer.CONFIRM)),
        *(("não vou poder ir amanhã", Answer.CANCEL), ("amanhã não posso", Answer.CANCEL), ("amanhã não", None)),
        *(("Sim, na terça-feira", Answer.CONFIRM), ("Sim, terça às 2 e 30", Answer.CONFIRM)),
        *(("Confirmo para hoje", None), ("sim, quarta", None), ("Sim, amanhã às 15h", None), ("sim, dia 7", None)),
        *(
            ("confirmo amanhã", None),
            ("amanhã confirmo se der", None),
            ("não posso ir hoje", None),
            ("não, amanhã", None),
        ),
    ],
)
def test_who_names_the_time_of_the_visit_answers_and_who_names_another_does_not(
    body: str, answer: Answer | None
) -> None:
    kind, times = QuestionKind.CONFIRM, names_of(dt.datetime(2035, 3, 6, 14, 30, tzinfo=dt.UTC), EVE)
    assert read_reply(body, kind, ANSWERS[kind], (), times).answer is answer


@pytest.mark.parametrize("path", CORPORA, ids=lambda path: path.stem)
def test_nothing_is_done_that_a_patient_did_not_mean(path: Path) -> None:
    found = results(replies(path))
    assert [one for one in found if one.wrong] == []
    assert resolved(found) >= 0.85


def test_the_replies_are_many_and_a_third_of_them_is_plain_in_no_way() -> None:
    found = [one for path in CORPORA for one in replies(path)]
    assert len({body for _meaning, body in found}) == len(found) > 1500
    assert sum(meaning == "unclear" for meaning, _body in found) > len(found) / 3
