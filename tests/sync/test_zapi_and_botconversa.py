"""WhatsApp by Z-API and by Botconversa, over real HTTP, against fakes that nobody else's parser has checked."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from clinicdesk.domain.messages import Provider
from sync.carrier import ApprovedTemplate, Attachment, Carrier, Recipient, Refused, Verdict
from tests.sync.carrying import ANA, ANSWERS, ATTEMPT, WHATSAPP, carrying, fault_of_check, parcel, refusal
from tests.sync.fakes.botconversa import CATCH, FakeBotconversa, Subscriber
from tests.sync.fakes.server import LOST_REPLY, status
from tests.sync.fakes.zapi import FakeZapi


@pytest.fixture
def zapi() -> Iterator[FakeZapi]:
    with FakeZapi.open() as fake:
        yield fake


@pytest.fixture
def botconversa() -> Iterator[FakeBotconversa]:
    with FakeBotconversa.open() as fake:
        yield fake


def over_zapi(zapi: FakeZapi, **changed: str) -> AbstractContextManager[Carrier]:
    settings, secrets = dict(zapi.settings), dict(zapi.secrets)
    for name, text in changed.items():
        (secrets if name in secrets else settings)[name] = text
    return carrying(WHATSAPP, Provider.ZAPI, zapi.address, settings, secrets)


def over_botconversa(botconversa: FakeBotconversa, **settings: str) -> AbstractContextManager[Carrier]:
    secrets = botconversa.secrets | {"api_key": settings.pop("api_key", botconversa.api_key)}
    return carrying(WHATSAPP, Provider.BOTCONVERSA, botconversa.address, settings, secrets)


# --- Z-API -----------------------------------------------------------------------------------------------------------


def test_the_words_say_what_to_answer_with_buttons_and_without(zapi: FakeZapi) -> None:
    asked = parcel(WHATSAPP, "Confirma?", buttons=ANSWERS, quoted_id="ABC")
    with over_zapi(zapi) as plain, over_zapi(zapi, buttons="yes") as pressed:
        sent = plain.send(asked)
        pressed.send(asked)
    text, listed = zapi.sent
    assert sent.provider_message_id == text.id and text.way == "send-text" and listed.way == "send-button-list"
    words = "Confirma?\n\n1 – Confirmar\n0 – Cancelar"
    assert text.body == {"phone": "5531987654321", "messageId": "ABC", "message": words}
    assert listed.body["message"] == words
    assert listed.body["buttonList"]["buttons"][0] == {"id": "visit:7:confirm", "label": "Confirmar"}


def test_refused_buttons_leave_the_words(zapi: FakeZapi) -> None:
    zapi.takes_buttons = False
    with over_zapi(zapi, buttons="yes") as carrier:
        carrier.send(parcel(WHATSAPP, "Confirma?", buttons=ANSWERS))
    assert [sent.way for sent in zapi.sent] == ["send-text"]


def test_somebody_without_a_phone_is_written_to_by_their_lid(zapi: FakeZapi) -> None:
    with over_zapi(zapi) as carrier:
        carrier.send(parcel(WHATSAPP, recipient=Recipient(identity="87654321012345@lid")))
        carrier.send(parcel(WHATSAPP, recipient=Recipient(identity="553187654321", phone="+5531987654321")))
    assert [sent.body["phone"] for sent in zapi.sent] == ["87654321012345@lid", "553187654321"]


def test_files_go_along_and_come_in_without_the_token(zapi: FakeZapi) -> None:
    letter = Attachment("document", "application/pdf", "../preparo: exame.PDF", b"%PDF")
    with over_zapi(zapi) as carrier:
        carrier.send(parcel(WHATSAPP, "O preparo", attachment=letter))
        assert carrier.fetch(zapi.add_file("audio/ogg", b"OggS")).content == b"OggS"
        for address in ("http://10.0.0.1/x", "https://127.0.0.1.example:8443/x", "file:///etc/passwd", "x"):
            with pytest.raises(Refused):
                carrier.fetch(address)
    (sent,) = zapi.sent
    assert sent.way == "send-document/pdf" and sent.body["caption"] == "O preparo"
    assert sent.body["document"] == "data:application/pdf;base64,JVBERg=="
    assert sent.body["fileName"] == ".._preparo_ exame.PDF"


def test_the_test_of_an_instance_says_what_is_wrong(zapi: FakeZapi) -> None:
    with over_zapi(zapi) as carrier:
        assert carrier.check() == ""
        zapi.connected = False
        assert fault_of_check(carrier) == "not_connected"
        assert refusal(carrier, parcel(WHATSAPP)).verdict is Verdict.PAUSE_CHANNEL
    for changed, fault in (
        ({"client_token": "wrong"}, "wrong_client_token"),
        ({"instance_token": "wrong"}, "wrong_account"),
        ({"instance_id": "wrong"}, "wrong_account"),
    ):
        with over_zapi(zapi, **changed) as carrier:
            assert fault_of_check(carrier) == fault


def test_a_lost_answer_of_z_api_leaves_a_doubt(zapi: FakeZapi) -> None:
    with over_zapi(zapi) as carrier:
        zapi.fail_next(LOST_REPLY, status(200, {}), status(200, {"error": "Timeout on send message"}), status(500))
        verdicts = [refusal(carrier, parcel(WHATSAPP)).verdict for _ in range(4)]
    assert verdicts == [Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.RETRY]


# --- Botconversa -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plus", [True, False])
@pytest.mark.parametrize("kept", ["5531987654321", "553187654321"])
def test_a_subscriber_is_found_however_the_number_is_kept(botconversa: FakeBotconversa, plus: bool, kept: str) -> None:
    botconversa.asks_with_plus = plus
    botconversa.subscribers.append(Subscriber(71, kept))
    with over_botconversa(botconversa) as carrier:
        sent = carrier.send(parcel(WHATSAPP, "Confirma?", buttons=ANSWERS))
        asked = len(botconversa.requests)
        carrier.send(parcel(WHATSAPP, "Obrigado!"))
    (ana,) = botconversa.subscribers
    assert ana.got[0] == {"type": "text", "value": "Confirma?\n\n1 – Confirmar\n0 – Cancelar"}
    assert (sent.provider_message_id, sent.identity) == (f"attempt:{ATTEMPT}", "subscriber:71")
    assert len(botconversa.requests) == asked + 1  # who was found is remembered


@pytest.mark.parametrize("tells", [True, False])
def test_somebody_new_becomes_a_subscriber_with_consent_tag_and_campaign(
    botconversa: FakeBotconversa, tells: bool
) -> None:
    botconversa.tells_created = tells
    with over_botconversa(botconversa, tag="7", campaign="9") as carrier:
        carrier.send(parcel(WHATSAPP))
        assert carrier.check() == ""
    (ana,) = botconversa.subscribers
    assert (ana.first_name, ana.last_name, ana.phone) == ("Ana", "Lima", "5531987654321")
    assert (ana.tags, ana.campaigns, len(ana.got)) == ({"7"}, {"9"}, 1)


def test_a_flow_gets_the_values_of_its_fields_first(botconversa: FakeBotconversa) -> None:
    flow = ApprovedTemplate("7479821", "pt_BR", ("Ana", "01/12 às 14:30"))
    with over_botconversa(botconversa, value_fields="31, 32") as carrier:
        carrier.send(parcel(WHATSAPP, template=flow))
        too_many = ApprovedTemplate("7479821", "pt_BR", ("a", "b", "c"))
        assert refusal(carrier, parcel(WHATSAPP, template=too_many)).fault == "template_values"
        carrier.send(parcel(WHATSAPP, "Olá", template=ApprovedTemplate("confirmacao_de_meta", "pt_BR", ("Ana",))))
    (ana,) = botconversa.subscribers
    assert ana.values == {"31": "Ana", "32": "01/12 às 14:30"}
    assert ana.got == [{"flow": 7479821}, {"type": "text", "value": "Olá"}]


def test_a_subscriber_who_is_gone_is_looked_for_again(botconversa: FakeBotconversa) -> None:
    with over_botconversa(botconversa) as carrier:
        carrier.send(parcel(WHATSAPP))
        botconversa.subscribers.clear()
        assert refusal(carrier, parcel(WHATSAPP)).verdict is Verdict.OUR_FAULT
        carrier.send(parcel(WHATSAPP))
    assert len(botconversa.subscribers[0].got) == 1


def test_the_test_of_an_account_says_what_is_wrong(botconversa: FakeBotconversa) -> None:
    with over_botconversa(botconversa, api_key="wrong") as carrier:
        assert fault_of_check(carrier) == "wrong_token"
    for setting in ({"tag": "8"}, {"campaign": "8"}):
        with over_botconversa(botconversa, **setting) as carrier, pytest.raises(Refused) as caught:
            carrier.check()
        assert (caught.value.fault, caught.value.detail) == ("setting_wrong", next(iter(setting)))


def test_only_the_sending_of_a_message_can_leave_a_doubt(botconversa: FakeBotconversa) -> None:
    botconversa.subscribers.append(Subscriber(71, "5531987654321"))
    with over_botconversa(botconversa) as carrier:
        botconversa.fail_next(LOST_REPLY)
        assert refusal(carrier, parcel(WHATSAPP)).verdict is Verdict.RETRY  # it was being looked for
        carrier.send(parcel(WHATSAPP))
        botconversa.fail_next(LOST_REPLY)
        assert refusal(carrier, parcel(WHATSAPP)).verdict is Verdict.UNKNOWN


def over_automation(address: str) -> AbstractContextManager[Carrier]:
    secrets = {"automation_address": address}
    return carrying(WHATSAPP, Provider.BOTCONVERSA, "", {"way": "automation"}, secrets)


def test_an_automation_gets_our_own_json(botconversa: FakeBotconversa) -> None:
    with over_automation(botconversa.automation_address) as carrier:
        sent = carrier.send(parcel(WHATSAPP, "Confirma?", buttons=ANSWERS))
        assert carrier.check() == ""
    (event,) = botconversa.caught
    assert sent.provider_message_id == f"attempt:{ATTEMPT}" and event["attempt_id"] == str(ATTEMPT)
    assert (event["phone"], event["name"]) == ("5531987654321", ANA.name)
    assert event["text"] == "Confirma?\n\n1 – Confirmar\n0 – Cancelar"
    assert event["buttons"][1] == {"id": "visit:7:cancel", "label": "Cancelar"}


@pytest.mark.parametrize("address", ["http://clinica.example" + CATCH, "https://x.example", "nonsense", ""])
def test_the_address_of_an_automation_has_to_be_safe_and_is_never_told(address: str) -> None:
    with pytest.raises(Refused) as caught, over_automation(address):
        raise AssertionError
    assert "fakeKey" not in repr(caught.value) + caught.value.detail
