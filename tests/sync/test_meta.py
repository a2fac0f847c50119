"""WhatsApp by Meta, over real HTTP: what is posted, what a refusal means, and what is never in doubt."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest

from clinicdesk.domain.messages import ChannelKind, Provider
from sync.carrier import ApprovedTemplate, Attachment, Button, Carrier, Parcel, Recipient, Refused, Verdict
from sync.carriers import carrier_for
from sync.channel import ChannelSettings
from sync.deadline import within
from tests.sync.fakes import meta_events as events
from tests.sync.fakes.meta import Approved, FakeMeta, graph_error
from tests.sync.fakes.server import LOST_REPLY, LOST_REQUEST, Fault, Reply, dripping, status

ATTEMPT = UUID(int=42)
ANA = Recipient(phone="+5531987654321", name="Ana")
ANSWERS = (Button("visit:7:confirm", "Confirmar", "1"), Button("visit:7:cancel", "Cancelar", "0"))
TEMPLATE = ApprovedTemplate("confirmacao_consulta", "pt_BR", ("Ana", "01/12 às 14:30"))


@pytest.fixture
def meta() -> Iterator[FakeMeta]:
    with FakeMeta.open() as fake:
        yield fake


@pytest.fixture
def carrier(meta: FakeMeta) -> Iterator[Carrier]:
    with carrier_to(meta) as made:
        yield made


@contextmanager
def carrier_to(meta: FakeMeta, **changed: str) -> Iterator[Carrier]:
    settings, secrets = dict(meta.settings), dict(meta.secrets)
    for name, text in changed.items():
        (secrets if name in secrets else settings)[name] = text
    channel = ChannelSettings(ChannelKind.WHATSAPP, Provider.META, meta.address, settings)
    made = carrier_for(channel, secrets)
    try:
        yield made
    finally:
        made.close()


def parcel(body: str = "Olá, Ana", *, recipient: Recipient = ANA, in_window: bool = True, **more: object) -> Parcel:
    return Parcel(ATTEMPT, ChannelKind.WHATSAPP, recipient, body, in_window=in_window, **more)  # type: ignore[arg-type]


def refusal(carrier: Carrier, sent: Parcel) -> Refused:
    with pytest.raises(Refused) as caught:
        carrier.send(sent)
    return caught.value


def test_a_text_in_the_window_goes_out_as_it_was_written(meta: FakeMeta, carrier: Carrier) -> None:
    sent = carrier.send(parcel("Até amanhã!\nTraga um documento.", quoted_id="wamid.IN1"))
    (taken,) = meta.sent
    assert sent.provider_message_id == taken.id
    assert taken.message["to"] == "5531987654321" and sent.identity == "553187654321"
    assert taken.words == "Até amanhã!\nTraga um documento."
    assert taken.message["context"] == {"message_id": "wamid.IN1"}
    assert taken.attempt == str(ATTEMPT)


def test_outside_the_window_the_approved_text_goes_out_with_its_buttons(meta: FakeMeta, carrier: Carrier) -> None:
    meta.templates = {"confirmacao_consulta": Approved(values=2, buttons=2)}
    carrier.send(parcel(in_window=False, template=TEMPLATE, buttons=ANSWERS))
    (taken,) = meta.sent
    assert taken.words == "Ana · 01/12 às 14:30"
    assert [payload for payload, _ in taken.buttons] == ["visit:7:confirm", "visit:7:cancel"]


def test_inside_the_window_buttons_go_under_the_text(meta: FakeMeta, carrier: Carrier) -> None:
    carrier.send(parcel("Confirma?", buttons=ANSWERS, template=TEMPLATE))
    assert meta.sent[0].buttons == [("visit:7:confirm", "Confirmar"), ("visit:7:cancel", "Cancelar")]


def test_without_an_approved_text_nothing_is_sent_outside_the_window(meta: FakeMeta, carrier: Carrier) -> None:
    assert refusal(carrier, parcel(in_window=False)).verdict is Verdict.NEEDS_TEMPLATE
    assert meta.requests == []


def test_a_template_of_another_provider_is_not_even_asked_for(meta: FakeMeta, carrier: Carrier) -> None:
    for name in ("HX" + "0" * 32, "7479821 ", "Confirmação"):
        refused = refusal(carrier, parcel(in_window=False, template=ApprovedTemplate(name, "pt_BR")))
        assert (refused.verdict, refused.fault) == (Verdict.NEXT_CHANNEL, "template_unknown")
    assert meta.requests == []


def test_a_user_id_goes_as_recipient_and_a_learned_number_as_it_was_learned(meta: FakeMeta, carrier: Carrier) -> None:
    sent = carrier.send(parcel(recipient=Recipient(identity="BR.13491208655302741918")))
    assert "to" not in meta.sent[0].message and meta.sent[0].message["recipient"] == "BR.13491208655302741918"
    assert sent.identity == "BR.13491208655302741918"
    carrier.send(parcel(recipient=Recipient(identity="553187654321", phone="+5531987654321")))
    assert meta.sent[1].message["to"] == "553187654321"


def test_what_cannot_go_to_a_user_id_goes_to_the_phone(meta: FakeMeta, carrier: Carrier) -> None:
    no_user_ids = graph_error(400, 131062, "BSUID recipient not supported")
    meta.fail_next(Fault(no_user_ids))
    carrier.send(parcel(recipient=Recipient(identity="BR.1", phone="+5531987654321")))
    assert [sent.message["to"] for sent in meta.sent] == ["5531987654321"]
    meta.fail_next(Fault(no_user_ids))
    refused = refusal(carrier, parcel(recipient=Recipient(identity="BR.1")))
    assert (refused.verdict, refused.fault) == (Verdict.NEXT_CHANNEL, "needs_phone")


@pytest.mark.parametrize(
    ("phone", "fault"),
    [("", "no_phone"), ("+551132345678", "landline"), ("+558007770001", "toll_free"), ("+5511", "not_a_phone")],
)
def test_who_cannot_be_reached_is_known_before_anything_is_sent(
    meta: FakeMeta, carrier: Carrier, phone: str, fault: str
) -> None:
    refused = refusal(carrier, parcel(recipient=Recipient(phone=phone)))
    assert (refused.verdict, refused.fault) == (Verdict.NEXT_CHANNEL, fault)
    assert meta.requests == []


def test_a_file_is_put_there_first_and_comes_back_as_it_was(meta: FakeMeta, carrier: Carrier) -> None:
    picture = Attachment("image", "image/png", "../mapa?.png", b"\x89PNG\r\n\x1a\n\0--x")
    carrier.send(parcel("O caminho", attachment=picture))
    (taken,) = meta.sent
    assert taken.message["type"] == "image" and taken.words == "O caminho"
    fetched = carrier.fetch(taken.message["image"]["id"])
    assert (fetched.mime, fetched.content) == ("image/png", picture.content)


def test_a_file_that_is_gone_is_said_to_be(meta: FakeMeta, carrier: Carrier) -> None:
    with pytest.raises(Refused) as caught:
        carrier.fetch("999")
    assert caught.value.fault == "media_gone"


def test_the_token_is_shown_to_no_other_host(meta: FakeMeta, carrier: Carrier) -> None:
    for address in ("http://evil.example/x", "https://evil.example/x", "https://fbsbx.com.evil.example/x"):
        meta.fail_next(Fault(Reply.of({"url": address, "mime_type": "image/png"})))
        with pytest.raises(Refused) as caught:
            carrier.fetch("1")
        assert caught.value.fault == "address_unsafe"


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (130429, Verdict.RETRY),
        (131016, Verdict.RETRY),
        (131031, Verdict.PAUSE_CHANNEL),
        (131042, Verdict.PAUSE_CHANNEL),
        (200, Verdict.PAUSE_CHANNEL),
        (131026, Verdict.NEXT_CHANNEL),
        (131050, Verdict.NEXT_CHANNEL),
        (131008, Verdict.OUR_FAULT),
        (132001, Verdict.OUR_FAULT),
        (131047, Verdict.NEEDS_TEMPLATE),
    ],
)
def test_what_follows_from_a_code_of_graph(meta: FakeMeta, carrier: Carrier, code: int, verdict: Verdict) -> None:
    meta.fail_next(Fault(graph_error(400, code, "No")))
    refused = refusal(carrier, parcel())
    assert (refused.verdict, refused.code) == (verdict, str(code))


def test_too_much_to_one_person_waits_longer_each_time(meta: FakeMeta, carrier: Carrier) -> None:
    for tries, seconds in ((0, 4), (1, 16), (2, 64), (9, 4096)):
        meta.fail_next(Fault(graph_error(400, 131056, "Pair rate limit hit")))
        after = refusal(carrier, parcel(tries=tries)).after
        assert after is not None and after.total_seconds() == seconds


def test_an_unknown_status_is_read_by_its_number(meta: FakeMeta, carrier: Carrier) -> None:
    cases = ((500, Verdict.RETRY), (503, Verdict.RETRY), (504, Verdict.UNKNOWN), (418, Verdict.OUR_FAULT))
    for code, verdict in cases:
        meta.fail_next(status(code))
        assert refusal(carrier, parcel()).verdict is verdict
    meta.fail_next(status(429, Retry_After="7"))
    refused = refusal(carrier, parcel())
    assert refused.verdict is Verdict.RETRY and refused.after is not None and refused.after.total_seconds() == 7


@pytest.mark.parametrize("fault", [LOST_REPLY, LOST_REQUEST])
def test_without_an_answer_nobody_knows(meta: FakeMeta, carrier: Carrier, fault: Fault) -> None:
    meta.fail_next(fault)
    refused = refusal(carrier, parcel())
    assert (refused.verdict, refused.fault) == (Verdict.UNKNOWN, "no_answer")


def test_a_yes_without_a_name_is_unknown(meta: FakeMeta, carrier: Carrier) -> None:
    for body in ({}, {"messages": []}, {"messages": [{"id": 7}]}, {"messages": "x"}, []):
        meta.fail_next(Fault(Reply.of(body)))
        assert refusal(carrier, parcel()).verdict is Verdict.UNKNOWN


def test_nobody_there_is_tried_again() -> None:
    with FakeMeta.open() as gone:
        pass
    with carrier_to(gone) as carrier:
        refused = refusal(carrier, parcel())
    assert (refused.verdict, refused.fault) == (Verdict.RETRY, "unreachable")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"token": "wrong"}, "wrong_token"),
        ({"app_secret": "wrong"}, "wrong_app_secret"),
        ({"phone_number_id": "1"}, "wrong_account"),
    ],
)
def test_the_test_of_a_channel_says_what_is_wrong(meta: FakeMeta, changed: dict[str, str], fault: str) -> None:
    with carrier_to(meta, **changed) as carrier, pytest.raises(Refused) as caught:
        carrier.check()
    assert (caught.value.verdict, caught.value.fault) == (Verdict.PAUSE_CHANNEL, fault)


def test_a_channel_that_works_says_its_name(carrier: Carrier) -> None:
    assert carrier.check() == "Clínica Aurora · +55 11 4000-4000"


def test_the_fake_posts_what_it_signed(meta: FakeMeta) -> None:
    with FakeMeta.open(token="") as gateway:  # any server will do: it keeps what was posted
        meta.connect(f"{gateway.address}/hooks/x")
        meta.write("553187654321", "1", quoted="wamid.1")
        (request,) = gateway.requests
    assert request.headers["x-hub-signature-256"] == events.signature_of(meta.app_secret, request.body)
    assert request.json["entry"][0]["changes"][0]["value"]["messages"][0]["text"] == {"body": "1"}


def test_an_answer_that_drips_ends_with_the_time_there_is(meta: FakeMeta, carrier: Carrier) -> None:
    meta.fail_next(dripping(0.05))
    began = time.monotonic()
    with within(0.4):
        assert refusal(carrier, parcel()).verdict is Verdict.UNKNOWN
    assert time.monotonic() - began < 2
