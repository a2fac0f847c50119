"""Who answers where a clinic's server should be: each kind of wrong answer is told for what it is."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from clinicdesk import authority as certificates
from clinicdesk.authority import Authority
from clinicdesk.domain.desks import ServerAddress
from clinicdesk.errors import ClinicError, NobodyAnswers, NoClinicServer, ServerNotTrusted
from clinicdesk.storage.server_look import look_at

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
CLINIC, STRANGER = (certificates.make_authority(name, NOW) for name in ("servidor", "outra"))
HOST = "127.0.0.1"


class Answering:
    """Something that listens, gives `answer` to whoever asks for TLS, and shows a certificate after an S."""

    def __init__(self, folder: Path, answer: bytes) -> None:
        self._folder, self._answer = folder, answer
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.show(CLINIC)
        self._listening = socket.create_server((HOST, 0))
        self.address = ServerAddress(HOST, self._listening.getsockname()[1], "clinicdesk")
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def show(self, signer: Authority, begun: dt.datetime = NOW, host: str = HOST) -> None:
        """Show a certificate for that host by that authority from now on."""
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        made = certificates.sign_server(signer, public, [], [host], begun)
        plain = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (self._folder / "server.crt").write_text(made, encoding="ascii")
        (self._folder / "server.key").write_bytes(plain)
        self._context.load_cert_chain(self._folder / "server.crt", self._folder / "server.key")

    def close(self) -> None:
        """Stop listening; returns when it has."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                desk, _address = self._listening.accept()
            except OSError:
                return
            with desk:
                desk.settimeout(5)
                self._talk(desk)

    def _talk(self, desk: socket.socket) -> None:
        try:
            desk.recv(8)
            desk.sendall(self._answer)
            if self._answer == b"S":
                with self._context.wrap_socket(desk, server_side=True) as talk:
                    talk.recv(1)
        except OSError:
            return  # the desk would not hear more


@pytest.fixture
def answering(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Answering]:
    made = Answering(tmp_path, getattr(request, "param", b"S"))
    yield made
    made.close()


@pytest.fixture
def pinned(tmp_path: Path) -> str:
    path = tmp_path / "ca.crt"
    path.write_text(CLINIC.pem, encoding="ascii")
    return str(path)


def refusal(address: ServerAddress, authority: str) -> ClinicError:
    with pytest.raises(ClinicError) as refused:
        look_at(address, authority)
    return refused.value


def test_the_clinics_server_tells_until_when_it_counts(answering: Answering, pinned: str) -> None:
    assert look_at(answering.address, pinned).certificate_ends_at == NOW + certificates.SERVER_LIFE


@pytest.mark.parametrize(
    ("signer", "begun", "host", "reason"),
    [
        (STRANGER, NOW, HOST, "other_authority"),
        (CLINIC, NOW - dt.timedelta(days=400), HOST, "expired"),
        (CLINIC, NOW + dt.timedelta(days=30), HOST, "not_yet_valid"),
        (CLINIC, NOW, "127.0.0.2", "other_name"),
    ],
)
def test_a_certificate_that_is_not_good_is_told_why(
    answering: Answering, pinned: str, signer: Authority, begun: dt.datetime, host: str, reason: str
) -> None:
    answering.show(signer, begun, host)
    refused = refusal(answering.address, pinned)
    assert isinstance(refused, ServerNotTrusted) and refused.reason == reason


def test_another_name_is_told_before_there_is_an_authority(answering: Answering) -> None:
    assert look_at(answering.address).certificate_ends_at is None
    answering.show(CLINIC, host="127.0.0.2")
    refused = refusal(answering.address, "")
    assert isinstance(refused, ServerNotTrusted) and refused.reason == "other_name"


@pytest.mark.parametrize(
    ("answering", "wanted"),
    [(b"N", ServerNotTrusted), (b"H", NoClinicServer), (b"", NoClinicServer)],
    indirect=["answering"],
)
def test_whoever_is_no_such_server_is_told(answering: Answering, pinned: str, wanted: type[ClinicError]) -> None:
    assert isinstance(refusal(answering.address, pinned), wanted)


def test_nobody_is_told(answering: Answering, pinned: str) -> None:
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    assert refusal(ServerAddress(HOST, port, "clinicdesk"), pinned) == NobodyAnswers(HOST, port)
