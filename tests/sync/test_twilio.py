"""WhatsApp and text messages by Twilio, over real HTTP."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from clinicdesk.domain.messages import ChannelKind, Provider
from sync.carrier import ApprovedTemplate, Attachment, Carrier, Recipient, Refused, Verdict
from tests.sync.carrying import ANSWERS, SMS, WHATSAPP, carrying, fault_of_check, parcel, refusal
from tests.sync.fakes.server import LOST_REPLY, FakeProvider, Posted, Reply, status
from tests.sync.fakes.twilio import CONTENT, SERVICE, FakeTwilio, signature_of


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio.open() as fake:
        yield fake


def over(twilio: FakeTwilio, kind: ChannelKind, callback: str = "", **changed: str) -> AbstractContextManager[Carrier]:
    settings, secrets = dict(twilio.settings), dict(twilio.secrets)
    for name, text in changed.items():
        (secrets if name in secrets else settings)[name] = text
    return carrying(kind, Provider.TWILIO, twilio.address, settings, secrets, callback)


def test_a_text_goes_to_whatsapp_or_to_the_telephone(twilio: FakeTwilio) -> None:
    with over(twilio, WHATSAPP, callback="https://clinica.example/hooks/x") as carrier:
        posted = parcel(WHATSAPP, "Até amanhã & traga um documento = RG")
        sent = carrier.send(posted)
    with over(twilio, SMS) as carrier:
        carrier.send(parcel(SMS, in_window=False))
    first, second = (message.form for message in twilio.sent)
    assert sent.provider_message_id == twilio.sent[0].sid
    assert first == {
        "From": "whatsapp:+5511400040001",
        "To": "whatsapp:+5531987654321",
        "Body": "Até amanhã & traga um documento = RG",
        "StatusCallback": f"https://clinica.example/hooks/x?attempt={posted.attempt_id}",
    }
    assert second == {"From": "+5511400040001", "To": "+5531987654321", "Body": "Olá, Ana"}


def test_outside_the_window_a_content_goes_with_its_variables(twilio: FakeTwilio) -> None:
    template = ApprovedTemplate(CONTENT, "pt_BR", ("Ana\n", "", 'às "14:30"'))
    with over(twilio, WHATSAPP, messaging_service=SERVICE) as carrier:
        carrier.send(parcel(WHATSAPP, in_window=False, template=template, buttons=ANSWERS))
        (sent,) = twilio.sent
        assert sent.form["ContentSid"] == CONTENT and sent.values == {"1": "Ana", "2": "-", "3": 'às "14:30"'}
        assert sent.form["MessagingServiceSid"] == SERVICE and "Body" not in sent.form and "From" not in sent.form
        assert refusal(carrier, parcel(WHATSAPP, in_window=False)).verdict is Verdict.NEEDS_TEMPLATE
        wrong = ApprovedTemplate("confirmacao", "pt_BR")
        refused = refusal(carrier, parcel(WHATSAPP, in_window=False, template=wrong))
        assert (refused.verdict, refused.fault) == (Verdict.NEXT_CHANNEL, "template_unknown")
    assert len(twilio.requests) == 1


def test_where_nothing_can_be_pressed_the_words_say_what_to_answer(twilio: FakeTwilio) -> None:
    with over(twilio, SMS) as carrier:
        carrier.send(parcel(SMS, "Confirma dia 01/12 às 10:00?", buttons=ANSWERS))
        carrier.send(parcel(SMS, "Responda 1 para confirmar ou 0 para cancelar.", buttons=ANSWERS))
    assert twilio.sent[0].form["Body"] == "Confirma dia 01/12 às 10:00?\n\n1 – Confirmar\n0 – Cancelar"
    assert twilio.sent[1].form["Body"] == "Responda 1 para confirmar ou 0 para cancelar."


@pytest.mark.parametrize(
    ("phone", "fault"),
    [
        ("", "no_phone"),
        ("+551132345678", "landline"),
        ("+558007770001", "toll_free"),
        ("+14155552671", "foreign_number"),
    ],
)
def test_who_gets_no_text_message_is_known_before(twilio: FakeTwilio, phone: str, fault: str) -> None:
    with over(twilio, SMS) as carrier:
        refused = refusal(carrier, parcel(SMS, recipient=Recipient(phone=phone)))
    assert (refused.verdict, refused.fault, twilio.requests) == (Verdict.NEXT_CHANNEL, fault, [])


def test_abroad_is_a_choice_for_telephones_and_none_for_whatsapp(twilio: FakeTwilio) -> None:
    abroad = Recipient(phone="+14155552671")
    with over(twilio, SMS, abroad="yes") as carrier:
        carrier.send(parcel(SMS, recipient=abroad))
    with over(twilio, WHATSAPP) as carrier:
        carrier.send(parcel(WHATSAPP, recipient=abroad))
    assert len(twilio.sent) == 2


@pytest.mark.parametrize(
    ("code", "verdict", "fault"),
    [
        (63016, Verdict.NEEDS_TEMPLATE, "outside_window"),
        (21610, Verdict.NEXT_CHANNEL, "opted_out"),
        (20429, Verdict.RETRY, "too_fast"),
        (21614, Verdict.NEXT_CHANNEL, "landline"),
        (30002, Verdict.PAUSE_CHANNEL, "account_blocked"),
        (99999, Verdict.OUR_FAULT, "message_refused"),
    ],
)
def test_what_follows_from_a_code(twilio: FakeTwilio, code: int, verdict: Verdict, fault: str) -> None:
    twilio.refused["whatsapp:+5531987654321"] = code
    with over(twilio, WHATSAPP) as carrier:
        refused = refusal(carrier, parcel(WHATSAPP))
    assert (refused.verdict, refused.fault, refused.code) == (verdict, fault, str(code))


def test_a_lost_answer_leaves_a_doubt(twilio: FakeTwilio) -> None:
    with over(twilio, WHATSAPP) as carrier:
        twilio.fail_next(LOST_REPLY, status(504), status(201, {}), status(503))
        verdicts = [refusal(carrier, parcel(WHATSAPP)).verdict for _ in range(4)]
    assert verdicts == [Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.RETRY]


def test_the_test_of_a_channel_says_what_is_wrong(twilio: FakeTwilio) -> None:
    with over(twilio, SMS) as carrier:
        assert carrier.check() == "Clínica Aurora"
        twilio.numbers.clear()
        assert fault_of_check(carrier) == "sender_refused"
        twilio.status = "suspended"
        assert fault_of_check(carrier) == "account_blocked"
    with over(twilio, SMS, auth_token="wrong") as carrier:
        assert fault_of_check(carrier) == "wrong_token"
    for setting in ({"account_sid": "AC1"}, {"sender": "x"}, {"sender": ""}, {"messaging_service": "MG1"}):
        with pytest.raises(Refused) as caught, over(twilio, SMS, **setting):
            raise AssertionError
        assert caught.value.detail == next(iter(setting)) and caught.value.verdict is Verdict.PAUSE_CHANNEL


def test_a_file_is_fetched_where_twilio_points_without_the_token(twilio: FakeTwilio) -> None:
    address = twilio.add_media("image/jpeg", b"\xff\xd8\xff")
    with over(twilio, WHATSAPP) as carrier:
        fetched = carrier.fetch(address)
        assert (fetched.mime, fetched.content) == ("image/jpeg", b"\xff\xd8\xff")
        with pytest.raises(Refused) as caught:
            carrier.fetch("http://127.0.0.1:1/2010-04-01/Accounts/x")
    assert caught.value.fault == "address_unsafe"


def test_a_file_cannot_go_along(twilio: FakeTwilio) -> None:
    picture = Attachment("image", "image/png", "mapa.png", b"x")
    with over(twilio, WHATSAPP) as carrier:
        assert refusal(carrier, parcel(WHATSAPP, attachment=picture)).fault == "attachment_refused"


def test_twilios_own_validator_believes_the_fake(twilio: FakeTwilio) -> None:
    class Gateway(FakeProvider):
        def answer(self, request: Posted) -> Reply:
            return Reply()

    public = "https://clinica.example/hooks/abc"
    with Gateway.open() as gateway:
        twilio.connect(f"{gateway.address}/hooks/abc", public)
        twilio.write("+5531987654321", "Não vou ção & =", ButtonPayload="visit:7:cancel")
        (request,) = gateway.requests
    validator = RequestValidator(twilio.auth_token)
    signature = request.headers["x-twilio-signature"]
    assert validator.validate(public, request.form, signature)
    assert not validator.validate(public.replace("https", "http"), request.form, signature)


def test_the_documented_vector_of_twilios_signature() -> None:
    fields: dict[str, Any] = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234"}
    fields |= {"From": "+14158675309", "To": "+18005551212"}
    assert (
        signature_of("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", fields) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    )


def test_nothing_takes_longer_than_it_may(twilio: FakeTwilio) -> None:
    from sync.deadline import within
    from tests.sync.fakes.server import SILENCE

    twilio.fail_next(SILENCE)
    began = time.monotonic()
    with over(twilio, WHATSAPP) as carrier, within(0.3):
        assert refusal(carrier, parcel(WHATSAPP)).verdict is Verdict.UNKNOWN
    assert time.monotonic() - began < 2
