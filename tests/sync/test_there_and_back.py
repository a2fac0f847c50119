"""A message out by a carrier and its answer in by the gateway: ids, people and buttons come back as they went."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from clinicdesk.domain.hooks import HookChannel, Receipt, Receives, hook_address
from clinicdesk.domain.messages import ChannelKind, MessageState, Provider
from clinicdesk.domain.phone_variants import variants
from clinicdesk.domain.told import StatusTold, Told, Written
from sync.carrier import Recipient, Sent
from sync.gateway.signatures import Credentials, Knock, NotTheirs, check
from sync.inbound.reading import told_by
from tests.sync.carrying import ANA, ANSWERS, ATTEMPT, EMAIL, SMS, WHATSAPP, carrying, parcel
from tests.sync.fakes.botconversa import FakeBotconversa
from tests.sync.fakes.meta import FakeMeta
from tests.sync.fakes.sendgrid import FakeSendGrid
from tests.sync.fakes.server import FakeProvider, Posted, Reply
from tests.sync.fakes.twilio import FakeTwilio
from tests.sync.fakes.zapi import FakeZapi

PUBLIC, KEY = "https://clinica.example", "0" * 64


@dataclass
class Gateway(FakeProvider):
    """Takes what a fake posts, as the real one does: believed first, read afterwards."""

    kind: ChannelKind = WHATSAPP
    provider: Provider = Provider.META
    settings: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        FakeProvider.__init__(self)

    @property
    def hook(self) -> str:
        return f"{self.address}/hooks/{KEY}"

    def answer(self, request: Posted) -> Reply:
        channel = HookChannel(
            ATTEMPT, ATTEMPT, self.kind, self.provider, KEY, Receives.WEBHOOK, PUBLIC, dict(self.settings)
        )
        now = dt.datetime.now(dt.UTC)
        try:
            check(Knock(request.body, request.headers), Credentials(channel, self.secrets), now)
        except NotTheirs as wrong:
            self.refused.append(wrong.reason)
            return Reply(403)
        self.told += told_by(Receipt(ATTEMPT, channel, request.body, request.headers["content-type"], now))
        return Reply()

    @property
    def words(self) -> Written:
        """The last thing that somebody wrote."""
        return [each for each in self.told if isinstance(each, Written)][-1]

    @property
    def states(self) -> list[StatusTold]:
        return [each for each in self.told if isinstance(each, StatusTold)]


def gateway_for(fake: Any, provider: Provider, kind: ChannelKind = WHATSAPP) -> Any:
    return Gateway.open(kind, provider, getattr(fake, "settings", {}), fake.secrets)


def send(fake: Any, provider: Provider, kind: ChannelKind = WHATSAPP, recipient: Recipient = ANA) -> Sent:
    with carrying(kind, provider, fake.address, getattr(fake, "settings", {}), fake.secrets) as carrier:
        return carrier.send(parcel(kind, "Confirma?", buttons=ANSWERS, recipient=recipient))


def test_meta() -> None:
    with FakeMeta.open(automatic=("sent", "delivered")) as meta, gateway_for(meta, Provider.META) as gateway:
        meta.connect(gateway.hook)
        sent = send(meta, Provider.META)
        gateway.wait_until(lambda: len(gateway.states) == 2)
        meta.tell(meta.sent[0], "read")
        assert {(each.provider_message_id, each.attempt_id) for each in gateway.states} == {
            (sent.provider_message_id, ATTEMPT)
        }
        assert [each.state for each in gateway.states] == [MessageState.SENT, MessageState.DELIVERED, MessageState.READ]
        meta.press(meta.sent[0], 1)
        assert (gateway.words.payload, gateway.words.quoted_id) == (ANSWERS[1].payload, sent.provider_message_id)
        assert f"+{gateway.words.phone}" in variants(ANA.phone)
        # Whom the provider named is whom it may be written to again.
        again = send(meta, Provider.META, recipient=Recipient(identity=gateway.words.identity))
        assert again.identity == gateway.words.identity and meta.sent[-1].message["recipient"] == again.identity
        gateway.wait_until(lambda: len(gateway.states) == 5)
        meta.app_secret = "another"
        meta.write(meta.sent[0].wa_id, "1")
        assert gateway.refused == ["signature"]


@pytest.mark.parametrize("kind", [WHATSAPP, SMS])
def test_twilio(kind: ChannelKind) -> None:
    with FakeTwilio.open() as twilio, gateway_for(twilio, Provider.TWILIO, kind) as gateway:
        twilio.connect(gateway.hook, hook_address(PUBLIC, KEY))
        sent = send(twilio, Provider.TWILIO, kind)
        twilio.tell(twilio.sent[0], "sent", "delivered")
        twilio.tell(twilio.sent[0], "undelivered", code=30006)
        assert {each.provider_message_id for each in gateway.states} == {sent.provider_message_id}
        assert [each.state for each in gateway.states][-1] is MessageState.FAILED and gateway.states[-1].code == "30006"
        twilio.write(ANA.phone, "não vou", whatsapp=kind is WHATSAPP)
        assert (gateway.words.body, f"+{gateway.words.phone}") == ("não vou", ANA.phone)
        send(twilio, Provider.TWILIO, kind, Recipient(phone=ANA.phone, identity=gateway.words.identity))
        assert twilio.sent[-1].form["To"].removeprefix("whatsapp:") == ANA.phone
        twilio.auth_token = "another"
        twilio.write(ANA.phone, "1")
        assert gateway.refused == ["signature"]


def test_z_api() -> None:
    with FakeZapi.open() as zapi, gateway_for(zapi, Provider.ZAPI) as gateway:
        zapi.connect(gateway.hook)
        with carrying(
            WHATSAPP, Provider.ZAPI, zapi.address, zapi.settings | {"buttons": "yes"}, zapi.secrets
        ) as carrier:
            sent = carrier.send(parcel(WHATSAPP, "Confirma?", buttons=ANSWERS))
        zapi.tell(zapi.sent[0], "SENT", "RECEIVED", "READ")
        assert [each.state for each in gateway.states] == [MessageState.SENT, MessageState.DELIVERED, MessageState.READ]
        assert {each.provider_message_id for each in gateway.states} == {sent.provider_message_id}
        zapi.press("553187654321", zapi.sent[0], 0)
        assert (gateway.words.payload, gateway.words.quoted_id) == (ANSWERS[0].payload, sent.provider_message_id)
        send(zapi, Provider.ZAPI, recipient=Recipient(identity=gateway.words.identity))
        assert zapi.sent[-1].body["phone"] == gateway.words.identity
        zapi.tell_not_sent(zapi.sent[0], "Phone number does not exist")
        assert gateway.states[-1].state is MessageState.FAILED
        zapi.instance_id = "another"
        zapi.write("553187654321", "1")
        assert gateway.refused == ["instance"]


def test_botconversa() -> None:
    with FakeBotconversa.open() as botconversa, gateway_for(botconversa, Provider.BOTCONVERSA) as gateway:
        botconversa.connect(gateway.hook)
        sent = send(botconversa, Provider.BOTCONVERSA)
        (ana,) = botconversa.subscribers
        botconversa.relay("5531987654321", "confirmo", subscriber_id=str(ana.id))
        assert (gateway.words.body, gateway.words.identity) == ("confirmo", sent.identity)
        send(botconversa, Provider.BOTCONVERSA, recipient=Recipient(identity=gateway.words.identity))
        botconversa.relay("5531987654321", "1")
        send(botconversa, Provider.BOTCONVERSA, recipient=Recipient(identity=gateway.words.identity))
        assert len(ana.got) == 3
        botconversa.relay_secret = "another"
        botconversa.relay("5531987654321", "1")
        assert gateway.refused == ["signature"]


def test_sendgrid() -> None:
    with FakeSendGrid.open() as sendgrid, gateway_for(sendgrid, Provider.SENDGRID, EMAIL) as gateway:
        sendgrid.connect(gateway.hook)
        sent = send(sendgrid, Provider.SENDGRID, EMAIL)
        sendgrid.tell(sendgrid.sent[0], "processed", "delivered")
        sendgrid.tell(sendgrid.sent[0], "bounce", reason="550 no such user")
        assert {(each.attempt_id, each.identity) for each in gateway.states} == {(ATTEMPT, sent.identity)}
        assert {each.provider_message_id for each in gateway.states} == {sent.provider_message_id}
        assert [each.state for each in gateway.states][-1] is MessageState.FAILED
        sendgrid.post([], signature="AAAA")
        assert gateway.refused == ["signature"]
