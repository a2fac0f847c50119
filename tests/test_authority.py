"""The clinic's own authority: whom it signs, what TLS then lets through, and every request it turns away."""

import datetime as dt
import ssl
import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clinicdesk import authority as certificates
from clinicdesk.authority import Authority, RequestRefused

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
DESK = UUID("01926f3a-0000-7000-8000-000000000001")
CLINIC = certificates.make_authority("servidor", NOW)
REASONS = {"too_long", "unreadable", "wrong_key", "wrong_signature"}


def request(key: object | None = None, strength: object | None = hashes.SHA256(), **more: object) -> str:
    """A signing request for a key of P-256 unless told otherwise."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(more.get("name", "x")))])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    for extension in more.get("extensions", ()):  # type: ignore[attr-defined]
        builder = builder.add_extension(extension, critical=True)
    signed = builder.sign(key, strength)  # type: ignore[arg-type]
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def server_key() -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key()
    return key, public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def test_a_desk_gets_a_certificate_of_our_making() -> None:
    wishes = [
        x509.BasicConstraints(ca=True, path_length=3),
        x509.SubjectAlternativeName([x509.DNSName("servidor")]),
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
    ]
    signed = certificates.sign_desk(CLINIC, request(name="clinicdesk_claudia", extensions=wishes), DESK, NOW)
    made = x509.load_pem_x509_certificate(signed.certificate.encode())
    facts = certificates.facts_of(signed.certificate)
    assert (facts.subject, facts.names, facts.addresses) == (str(DESK), (), ())
    assert (signed.serial, signed.ends_at) == (str(made.serial_number), NOW + certificates.DESK_LIFE)
    assert facts.begins_at == NOW - certificates.BACKDATED, "a desk whose clock is behind gets in"
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    uses = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(uses) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert certificates.signed_by(signed.certificate, CLINIC.pem)
    assert len(signed.serial) <= 50, "as the column holds it"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda: request(rsa.generate_private_key(65537, 1024)), "wrong_key"),
        (lambda: request(rsa.generate_private_key(65537, 2048)), "wrong_key"),
        (lambda: request(ec.generate_private_key(ec.SECP384R1())), "wrong_key"),
        (lambda: request(ec.generate_private_key(ec.SECP256K1())), "wrong_key"),
        (lambda: request(ed25519.Ed25519PrivateKey.generate(), None), "wrong_key"),
        (lambda: request(strength=hashes.SHA224()), "wrong_signature"),
        (lambda: _of_another_key(), "wrong_signature"),
        (lambda: "", "unreadable"),
        (lambda: CLINIC.pem, "unreadable"),
        (lambda: "ção", "unreadable"),
        (lambda: request() + "x" * 8000, "too_long"),
        (lambda: request(name="x" * 40, extensions=[_large()]), "too_long"),
    ],
)
def test_a_wrong_request_is_refused(made: object, reason: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        certificates.sign_desk(CLINIC, made(), DESK, NOW)  # type: ignore[operator]
    assert refused.value.reason == reason


def _large() -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.DNSName(f"{'a' * 60}.{number}.example") for number in range(120)])


def _of_another_key() -> str:
    """A request whose signature does not fit its words."""
    whole = x509.load_pem_x509_csr(request().encode()).public_bytes(serialization.Encoding.DER)
    return _pem(whole[:-1] + bytes([whole[-1] ^ 1]))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_is_sent_is_signed_as_ours_or_refused(data: st.DataObject) -> None:
    good = x509.load_pem_x509_csr(REQUEST.encode()).public_bytes(serialization.Encoding.DER)
    place = data.draw(st.integers(0, len(good) - 1))
    length = data.draw(st.integers(0, 8))
    other = data.draw(st.binary(max_size=8))
    spoilt = good[:place] + other + good[place + length :]
    _signed_or_refused(_pem(spoilt))


@given(st.text(max_size=400) | st.binary(max_size=400).map(lambda raw: _pem(raw)))
@example("-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n")
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_the_authority(text: str) -> None:
    _signed_or_refused(text)


REQUEST = request()


def _pem(raw: bytes) -> str:
    return ssl.DER_cert_to_PEM_cert(raw).replace("CERTIFICATE", "CERTIFICATE REQUEST")


def _signed_or_refused(text: str) -> None:
    try:
        signed = certificates.sign_desk(CLINIC, text, DESK, NOW)
    except RequestRefused as refused:
        assert refused.reason in REASONS
        return
    assert certificates.facts_of(signed.certificate).subject == str(DESK)


# --- what TLS makes of it --------------------------------------------------------------------------------------------


class _Ends:
    """A server and a desk with files of certificates, and a handshake between them in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key, public = server_key()
        self.server = certificates.sign_server(CLINIC, public, ["servidor"], ["10.0.0.5"], NOW)
        self.desk_key = ec.generate_private_key(ec.SECP256R1())
        self.desk = certificates.sign_desk(CLINIC, request(self.desk_key), DESK, NOW)
        self.revoked: list[tuple[str, dt.datetime]] = []
        self.pinned = CLINIC.pem

    def shake_hands(self, host: str = "servidor", *, show: bool = True) -> None:
        """Raises ssl.SSLError when one refuses the other."""
        at_server, at_desk = (ssl.SSLContext(one) for one in (ssl.PROTOCOL_TLS_SERVER, ssl.PROTOCOL_TLS_CLIENT))
        self._load(at_server, "server", self.server, self.key)
        listed = certificates.revocation_list(CLINIC, self.revoked, NOW)
        at_server.load_verify_locations(cadata=CLINIC.pem)
        at_server.load_verify_locations(self._file("revoked.crl", listed))
        at_server.verify_mode = ssl.CERT_REQUIRED
        at_server.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
        at_desk.load_verify_locations(cadata=self.pinned)
        if show:
            self._load(at_desk, "desk", self.desk.certificate, self.desk_key)
        to_server, to_desk = ssl.MemoryBIO(), ssl.MemoryBIO()
        ends = [
            at_server.wrap_bio(to_server, to_desk, server_side=True),
            at_desk.wrap_bio(to_desk, to_server, server_hostname=host),
        ]
        for _step in range(6):
            for end in ends:
                try:
                    end.do_handshake()
                except ssl.SSLWantReadError:
                    continue

    def _load(self, context: ssl.SSLContext, name: str, pem: str, key: ec.EllipticCurvePrivateKey) -> None:
        plain = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        context.load_cert_chain(self._file(f"{name}.crt", pem), self._file(f"{name}.key", plain.decode()))

    def _file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="ascii")
        return str(self.folder / name)


@pytest.fixture
def ends(tmp_path: Path) -> _Ends:
    return _Ends(tmp_path)


@pytest.mark.parametrize("host", ["servidor", "10.0.0.5"])
def test_a_desk_and_the_server_meet(ends: _Ends, host: str) -> None:
    ends.shake_hands(host)


def test_another_host_is_refused(ends: _Ends) -> None:
    for host in ("outro", "10.0.0.6"):
        with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
            ends.shake_hands(host)


def test_another_authority_is_refused(ends: _Ends) -> None:
    ends.pinned = certificates.make_authority("servidor", NOW).pem
    with pytest.raises(ssl.SSLCertVerificationError):
        ends.shake_hands()


def test_a_desk_without_a_certificate_is_refused(ends: _Ends) -> None:
    with pytest.raises(ssl.SSLError, match=r"did not return a certificate|handshake failure|certificate required"):
        ends.shake_hands(show=False)


def test_a_desk_cannot_stand_in_for_the_server(ends: _Ends) -> None:
    ends.server, ends.key = ends.desk.certificate, ends.desk_key
    with pytest.raises(ssl.SSLCertVerificationError):
        ends.shake_hands()


def test_a_revoked_desk_is_refused_and_no_other(ends: _Ends) -> None:
    ends.revoked = [("4711", NOW)]
    ends.shake_hands()
    ends.revoked = [("4711", NOW), (ends.desk.serial, NOW)]
    with pytest.raises(ssl.SSLError, match="revoked"):
        ends.shake_hands()


def test_what_ran_out_is_refused(ends: _Ends) -> None:
    _key, public = server_key()
    past = NOW - certificates.SERVER_LIFE - dt.timedelta(days=1)
    key, public = server_key()
    ends.key, ends.server = key, certificates.sign_server(CLINIC, public, ["servidor"], [], past)
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        ends.shake_hands()


# --- the rest --------------------------------------------------------------------------------------------------------


def test_the_list_of_revoked_desks_says_who_and_until_when() -> None:
    revoked = [("99", NOW), (str(2**159 - 1), NOW + dt.timedelta(days=1)), ("7", NOW - dt.timedelta(days=400))]
    listed, ends_at = certificates.listed_serials(certificates.revocation_list(CLINIC, revoked, NOW).encode())
    assert listed == {serial for serial, _when in revoked}
    assert ends_at == NOW + certificates.LIST_LIFE


def test_the_key_is_kept_for_its_account_alone(tmp_path: Path) -> None:
    folder = tmp_path / "authority"
    certificates.keep_authority(CLINIC, folder)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert modes == {"authority": 0o700, "ca.key": 0o600, "ca.crt": 0o644}
    assert certificates.load_authority(folder).certificate == CLINIC.certificate


def test_a_key_of_another_authority_is_noticed(tmp_path: Path) -> None:
    certificates.keep_authority(CLINIC, tmp_path / "a")
    other: Authority = certificates.make_authority("servidor", NOW)
    (tmp_path / "a/ca.crt").write_text(other.pem, encoding="ascii")
    with pytest.raises(ValueError, match="not the certificate's"):
        certificates.load_authority(tmp_path / "a")


def test_nothing_outlives_the_authority() -> None:
    late = CLINIC.certificate.not_valid_after_utc - dt.timedelta(days=3)
    signed = certificates.sign_desk(CLINIC, request(), uuid4(), late)
    assert signed.ends_at == CLINIC.certificate.not_valid_after_utc


@pytest.mark.parametrize("names", [[], ["x y"], ["-a"], ["a" * 64], ["a..b"], ["É"], ["*.clinica"]])
def test_a_server_has_names(names: list[str]) -> None:
    with pytest.raises(ValueError, match="names"):
        certificates.sign_server(CLINIC, server_key()[1], names, [], NOW)


def test_a_servers_key_is_of_our_kind() -> None:
    public = rsa.generate_private_key(65537, 2048).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(ValueError, match="P-256"):
        certificates.sign_server(CLINIC, pem, ["servidor"], [], NOW)


def test_renewing_keeps_the_key() -> None:
    _key, public = server_key()
    first = certificates.sign_server(CLINIC, public, ["servidor"], [], NOW)
    assert certificates.public_key_of(first.encode()) == public


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    certificates.write_whole(path, b"old", 0o600)
    with pytest.raises(TypeError):
        certificates.write_whole(path, "no bytes", 0o600)  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
