"""E-mail by SMTP, against aiosmtpd, and by SendGrid, over real HTTP."""

import base64
import email
import email.policy
import ssl
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from sendgrid.helpers.eventwebhook import EventWebhook

from clinicdesk.domain.messages import Provider
from sync.carrier import Attachment, Carrier, Recipient, Refused, Verdict
from sync.deadline import within
from tests.sync.carrying import ANSWERS, ATTEMPT, EMAIL, carrying, fault_of_check, parcel, refusal
from tests.sync.fakes.sendgrid import FakeSendGrid
from tests.sync.fakes.server import LOST_REPLY, FakeProvider, Posted, Reply, status

MAIL = {"from_address": "agenda@clinica.example", "from_name": "Clínica Aurora", "reply_to": "ola@clinica.example"}


class Post:
    """A server's behaviour: what it answers to each step, and what it took."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.taken: list[Envelope] = []
        self.names: set[str | None] = set()  # by which clients called themselves

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        self.names.add(session.host_name)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.get("DATA", "250 queued")
        if answer.startswith(("2", "-")):
            self.taken.append(envelope)
        if answer == "-":
            cast(Any, server.transport).abort()
        return answer

    @property
    def letters(self) -> list[EmailMessage]:
        contents = [cast(bytes, envelope.content) for envelope in self.taken]
        return [cast(EmailMessage, email.message_from_bytes(each, policy=email.policy.default)) for each in contents]


class AnyPort(Controller):
    """A controller that takes the port it is given."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def at_the_post(post: Post, **more: Any) -> Iterator[int]:
    """A real SMTP server on loopback; its port."""
    controller = AnyPort(post, hostname="127.0.0.1", port=0, ready_timeout=10, **more)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def over_smtp(number: int, password: str = "", **settings: str) -> AbstractContextManager[Carrier]:
    told = MAIL | {"host": "127.0.0.1", "port": str(number), "security": "none"} | settings
    return carrying(EMAIL, Provider.SMTP, "", told, {"password": password} if password else {})


@pytest.fixture
def post() -> Post:
    return Post()


def test_a_letter_arrives_as_it_was_written(post: Post) -> None:
    words = ".Amanhã às 14:30\n.\n..\nTraga um documento — até lá! 😀"
    letter = Attachment("document", "application/pdf", "preparo.pdf", b"%PDF\r\n.\r\n\x00\xff")
    to = Recipient(email="Ana.Lima@Example.com", name='Ana "Aninha" <Lima>, ção')
    asked = parcel(EMAIL, words, recipient=to, subject="Sua consulta\nBcc: x@y.z", buttons=ANSWERS, attachment=letter)
    with at_the_post(post) as port, over_smtp(port) as carrier:
        sent = carrier.send(asked)
    (envelope,), (got,) = post.taken, post.letters
    assert post.names == {"clinica.example"}  # and not the name of this computer
    assert (envelope.mail_from, envelope.rcpt_tos) == ("agenda@clinica.example", ["Ana.Lima@Example.com"])
    assert sent.provider_message_id == got["Message-ID"] == f"<{ATTEMPT}@clinica.example>"
    assert sent.identity == "ana.lima@example.com"
    assert got["Subject"] == "Sua consulta Bcc: x@y.z" and got["Bcc"] is None
    assert got["To"].addresses[0].display_name == to.name and got["From"].addresses[0].display_name == "Clínica Aurora"
    assert got["Reply-To"] == "ola@clinica.example"
    assert got["List-Unsubscribe"] == "<mailto:ola@clinica.example?subject=SAIR>"
    body = got.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == f"{words}\n\n1 – Confirmar\n0 – Cancelar\n"
    (file,) = got.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("preparo.pdf", letter.content)


@pytest.mark.parametrize(
    ("step", "answer", "verdict", "fault"),
    [
        ("RCPT", "451 try again later", Verdict.RETRY, "provider_busy"),
        ("RCPT", "550 no such user", Verdict.NEXT_CHANNEL, "mailbox_unknown"),
        ("RCPT", "552 mailbox full", Verdict.NEXT_CHANNEL, "not_reached"),
        ("RCPT", "550 5.7.1 relaying denied", Verdict.PAUSE_CHANNEL, "sender_refused"),
        ("MAIL", "553 sender not owned by user", Verdict.PAUSE_CHANNEL, "sender_refused"),
        ("MAIL", "421 too many connections", Verdict.RETRY, "provider_busy"),
        ("DATA", "452 no room", Verdict.RETRY, "provider_busy"),
        ("DATA", "554 looks like spam to ana@example.com", Verdict.OUR_FAULT, "message_refused"),
        ("DATA", "-", Verdict.UNKNOWN, "no_answer"),
    ],
)
def test_what_follows_from_an_answer_of_the_server(
    post: Post, step: str, answer: str, verdict: Verdict, fault: str
) -> None:
    post.answers[step] = answer
    with at_the_post(post) as port, over_smtp(port) as carrier:
        refused = refusal(carrier, parcel(EMAIL))
    assert (refused.verdict, refused.fault) == (verdict, fault)
    assert "ana@" not in refused.detail


def test_a_server_that_is_away_or_silent_is_tried_again(post: Post) -> None:
    with at_the_post(post) as port:
        pass
    with over_smtp(port) as carrier:
        assert refusal(carrier, parcel(EMAIL)).verdict is Verdict.RETRY


def test_an_answer_that_drips_ends_in_time() -> None:
    import socket
    import threading

    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = threading.Event()

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                while not ended.wait(0.05):
                    try:
                        connection.sendall(b"220-wait\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        with over_smtp(listening.getsockname()[1]) as carrier, within(0.4):
            assert refusal(carrier, parcel(EMAIL)).verdict is Verdict.RETRY
        assert time.monotonic() - began < 3
        ended.set()
        thread.join()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key."""
    import datetime as dt
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = (
        made.serial_number(7).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    )
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
    signed = made.add_extension(x509.BasicConstraints(True, 0), True).sign(key, hashes.SHA256())
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    return folder / "cert.pem", folder / "key.pem"


def server_context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*map(str, certificate))
    return context


def only_ana(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"ana", b"senha-certa"), handled=False)


def test_the_password_is_shown_over_encryption_alone(
    post: Post, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {"tls_context": server_context(certificate), "authenticator": only_ana, "require_starttls": True}
    signing_in = {"security": "starttls", "user": "ana", "password": "senha-certa"}
    with at_the_post(post, **more, auth_required=True) as port:
        with over_smtp(port, **signing_in) as stranger:
            assert fault_of_check(stranger) == "not_trusted"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        with over_smtp(port, **signing_in) as carrier:
            assert carrier.check() == "agenda@clinica.example"
            carrier.send(parcel(EMAIL))
        with over_smtp(port, **signing_in | {"password": "senha-errada"}) as wrong:
            assert fault_of_check(wrong) == "wrong_password"
            assert refusal(wrong, parcel(EMAIL)).verdict is Verdict.PAUSE_CHANNEL
    assert len(post.letters) == 1


def test_encryption_from_the_first_byte(
    post: Post, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with at_the_post(post, ssl_context=server_context(certificate)) as port, over_smtp(port, security="tls") as carrier:
        carrier.send(parcel(EMAIL))
    assert len(post.letters) == 1


def test_a_server_without_encryption_gets_no_letter(post: Post) -> None:
    with at_the_post(post) as port, over_smtp(port, security="starttls") as carrier:
        assert fault_of_check(carrier) == "no_encryption"
    with pytest.raises(Refused) as caught, over_smtp(25, host="mail.example"):
        raise AssertionError
    assert caught.value.fault == "no_encryption"


@pytest.mark.parametrize(
    "setting",
    [
        {"from_address": "agenda"},
        {"from_address": "a@b\r\nBcc: x@y.z"},
        {"reply_to": "x y@z"},
        {"unsubscribe": "javascript:alert(1)"},
        {"port": "70000"},
        {"host": "a b"},
        {"security": "yes"},
    ],
)
def test_a_wrong_setting_is_named(setting: dict[str, str]) -> None:
    with pytest.raises(Refused) as caught, over_smtp(25, **setting):
        raise AssertionError
    assert (caught.value.fault, caught.value.detail) == ("setting_wrong", next(iter(setting)))


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("", "no_email"),
        ("ana", "not_an_email"),
        ("a@b", "not_an_email"),
        ("ana@x.y\r\nRCPT TO:<z@x.y>", "not_an_email"),
    ],
)
def test_who_has_no_address_is_known_before(post: Post, address: str, fault: str) -> None:
    with at_the_post(post) as port, over_smtp(port) as carrier:
        refused = refusal(carrier, parcel(EMAIL, recipient=Recipient(email=address)))
    assert (refused.verdict, refused.fault) == (Verdict.NEXT_CHANNEL, fault)


# --- SendGrid --------------------------------------------------------------------------------------------------------


@pytest.fixture
def sendgrid() -> Iterator[FakeSendGrid]:
    with FakeSendGrid.open() as fake:
        yield fake


def over_sendgrid(sendgrid: FakeSendGrid, **changed: str) -> AbstractContextManager[Carrier]:
    settings, secrets = dict(sendgrid.settings), dict(sendgrid.secrets)
    for name, text in changed.items():
        (secrets if name in secrets else settings)[name] = text
    return carrying(EMAIL, Provider.SENDGRID, sendgrid.address, settings, secrets)


def test_sendgrid_takes_a_letter_and_is_told_the_attempt(sendgrid: FakeSendGrid) -> None:
    letter = Attachment("document", "application/pdf", "preparo.pdf", b"%PDF")
    with over_sendgrid(sendgrid) as carrier:
        sent = carrier.send(parcel(EMAIL, "Até amanhã", subject="Sua consulta", attachment=letter))
        assert carrier.check() == "agenda@clinica.example"
    (taken,) = sendgrid.sent
    assert (sent.provider_message_id, taken.attempt, taken.to) == (taken.id, str(ATTEMPT), "ana@example.com")
    assert taken.mail["content"] == [{"type": "text/plain", "value": "Até amanhã"}]
    assert taken.mail["tracking_settings"]["open_tracking"] == {"enable": False}
    assert base64.b64decode(taken.mail["attachments"][0]["content"]) == b"%PDF"
    assert taken.mail["headers"]["List-Unsubscribe"] == "<mailto:agenda@clinica.example?subject=SAIR>"


def test_what_follows_from_an_answer_of_sendgrid(sendgrid: FakeSendGrid) -> None:
    with over_sendgrid(sendgrid) as carrier:
        sendgrid.fail_next(LOST_REPLY, status(202), status(429, Retry_After="3"), status(500), status(413))
        refused = [refusal(carrier, parcel(EMAIL)) for _ in range(5)]
    assert [each.verdict.value for each in refused] == ["unknown", "unknown", "retry", "retry", "our_fault"]


def test_the_test_of_sendgrid_says_what_is_wrong(sendgrid: FakeSendGrid) -> None:
    with over_sendgrid(sendgrid, api_key="SG.wrong") as carrier:
        assert fault_of_check(carrier) == "wrong_token"
    with over_sendgrid(sendgrid, from_address="other@clinica.example") as carrier:
        assert refusal(carrier, parcel(EMAIL)).fault == "sender_refused"
    sendgrid.scopes.clear()
    with over_sendgrid(sendgrid) as carrier:
        assert fault_of_check(carrier) == "no_permission"


def test_sendgrids_own_check_believes_the_fake(sendgrid: FakeSendGrid) -> None:
    class Gateway(FakeProvider):
        def answer(self, request: Posted) -> Reply:
            return Reply()

    with over_sendgrid(sendgrid) as carrier, Gateway.open() as gateway:
        carrier.send(parcel(EMAIL))
        sendgrid.connect(f"{gateway.address}/hooks/x")
        sendgrid.tell(sendgrid.sent[0], "processed", "delivered")
        (request,) = gateway.requests
    webhook = EventWebhook()
    key = webhook.convert_public_key_to_ecdsa(sendgrid.public_key)
    signature, stamp = (request.headers[f"x-twilio-email-event-webhook-{name}"] for name in ("signature", "timestamp"))
    assert webhook.verify_signature(request.body.decode(), signature, stamp, key)
    assert not webhook.verify_signature(request.body.decode() + " ", signature, stamp, key)
    assert [event["event"] for event in request.json] == ["processed", "delivered"]
