"""The clinic's own certificate authority: who signs the server and its desks, what is refused, what was taken back.

Keys are of P-256 and signatures of SHA-256. Certificates begin a week before they are made, because a desk whose clock
is days behind has to get in as well. Nothing here knows the database; times are given.
"""

import datetime as dt
import ipaddress
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_YEARS = 10
DESK_LIFE = dt.timedelta(days=365)
SERVER_LIFE = dt.timedelta(days=365)
LIST_LIFE = dt.timedelta(days=365)  # a list that ran out would shut every desk out
BACKDATED = dt.timedelta(days=7)
WARNED_AHEAD = dt.timedelta(days=30)
LONGEST_REQUEST = 8000
KEY_FILE, CERTIFICATE_FILE = "ca.key", "ca.crt"

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_STRONG = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


class RequestRefused(Exception):
    """A signing request that is not signed; `reason`: too_long, unreadable, wrong_key or wrong_signature."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Authority:
    """The key that signs, and its certificate, which every desk pins."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """The certificate as text."""
        return _pem(self.certificate)


@dataclass(frozen=True)
class SignedDesk:
    """A desk's certificate, its serial number in decimal as PostgreSQL tells it, and its last moment."""

    certificate: str
    serial: str
    ends_at: dt.datetime


@dataclass(frozen=True)
class CertificateFacts:
    """What a certificate says of itself."""

    subject: str
    serial: str
    begins_at: dt.datetime
    ends_at: dt.datetime
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    fingerprint: str  # of SHA-256, in hexadecimal


def make_authority(name: str, now: dt.datetime) -> Authority:
    """A new authority that signs for ten years."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(f"ClinicDesk {name}")
    ends = now + dt.timedelta(days=round(365.25 * AUTHORITY_YEARS))
    certificate = (
        _bare(subject, subject, key.public_key(), now - BACKDATED, ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, certificate)


def keep_authority(authority: Authority, folder: Path) -> None:
    """Write key and certificate into `folder`, which is closed to every other account. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    key = authority.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_whole(folder / KEY_FILE, key, 0o600)
    write_whole(folder / CERTIFICATE_FILE, authority.pem.encode(), 0o644)


def load_authority(folder: Path) -> Authority:
    """The authority kept in `folder`. Raises OSError, or ValueError where the two do not belong together."""
    key = serialization.load_pem_private_key((folder / KEY_FILE).read_bytes(), password=None)
    certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE_FILE).read_bytes())
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise ValueError("the key is not the certificate's")
    return Authority(key, certificate)


def sign_server(
    authority: Authority, public_key: bytes, names: Sequence[str], addresses: Sequence[str], now: dt.datetime
) -> str:
    """The server's certificate for its public key (PEM), good for these names and addresses alone.

    Raises ValueError for a key that is not of P-256, a name that is none, or no name at all.
    """
    key = serialization.load_pem_public_key(public_key)
    if not _is_p256(key):
        raise ValueError("not a key of P-256")
    if not (names or addresses) or any(not _HOST.fullmatch(name) for name in names):
        raise ValueError("a server has names")
    known: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    known += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
    subject = _subject((*names, *addresses)[0])
    return _leaf(authority, subject, key, now, SERVER_LIFE, ExtendedKeyUsageOID.SERVER_AUTH, known)


def sign_desk(authority: Authority, request: str, desk_id: UUID, now: dt.datetime) -> SignedDesk:
    """A desk's certificate: for its key alone and by our name for it; nothing else the request asks for is heeded.

    Raises RequestRefused.
    """
    key = _key_of(request)
    pem = _leaf(authority, _subject(str(desk_id)), key, now, DESK_LIFE, ExtendedKeyUsageOID.CLIENT_AUTH, [])
    facts = facts_of(pem)
    return SignedDesk(pem, facts.serial, facts.ends_at)


def revocation_list(authority: Authority, revoked: Iterable[tuple[str, dt.datetime]], now: dt.datetime) -> str:
    """The list of certificates taken back, by serial number in decimal."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now - BACKDATED)
        .next_update(now + LIST_LIFE)
        .add_extension(_identifier_of(authority), critical=False)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
    )
    for serial, when in sorted(revoked):
        one = x509.RevokedCertificateBuilder().serial_number(int(serial)).revocation_date(min(when, now))
        builder = builder.add_revoked_certificate(one.build())
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def listed_serials(pem: bytes) -> tuple[frozenset[str], dt.datetime]:
    """The serial numbers on a list, and when the list ends. Raises ValueError."""
    found = x509.load_pem_x509_crl(pem)
    ends = found.next_update_utc
    assert ends is not None
    return frozenset(str(one.serial_number) for one in found), ends


def facts_of(pem: str | bytes) -> CertificateFacts:
    """What a certificate says of itself. Raises ValueError for what is none."""
    found = x509.load_pem_x509_certificate(pem.encode() if isinstance(pem, str) else pem)
    try:
        known = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = tuple(known.get_values_for_type(x509.DNSName))
        addresses = tuple(str(one) for one in known.get_values_for_type(x509.IPAddress))
    except x509.ExtensionNotFound:
        names, addresses = (), ()
    common = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return CertificateFacts(
        subject=str(common[0].value) if common else "",
        serial=str(found.serial_number),
        begins_at=found.not_valid_before_utc,
        ends_at=found.not_valid_after_utc,
        names=names,
        addresses=addresses,
        fingerprint=found.fingerprint(hashes.SHA256()).hex(),
    )


def signed_by(certificate: str | bytes, authority: str | bytes) -> bool:
    """Whether the authority signed the certificate; both as PEM. Raises ValueError for what is none."""
    pems = [one.encode() if isinstance(one, str) else one for one in (certificate, authority)]
    signed, signer = (x509.load_pem_x509_certificate(pem) for pem in pems)
    try:
        signed.verify_directly_issued_by(signer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def public_key_of(certificate: bytes) -> bytes:
    """The public key in a certificate, as PEM."""
    return (
        x509.load_pem_x509_certificate(certificate)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def is_host_name(text: str) -> bool:
    """Whether it can stand as a server's name in a certificate."""
    return _HOST.fullmatch(text) is not None


def write_whole(path: Path, content: bytes, mode: int) -> None:
    """Write aside, to the disk, then rename: a reader sees the old bytes or the new ones. Raises OSError."""
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        Path(aside).replace(path)
    finally:
        Path(aside).unlink(missing_ok=True)


# --- how one is made -------------------------------------------------------------------------------------------------


def _key_of(request: str) -> ec.EllipticCurvePublicKey:
    if len(request) > LONGEST_REQUEST:
        raise RequestRefused("too_long")
    try:
        asked = x509.load_pem_x509_csr(request.encode("ascii"))
        key, strength = asked.public_key(), asked.signature_hash_algorithm
        signed = asked.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise RequestRefused("unreadable") from None
    if not _is_p256(key):
        raise RequestRefused("wrong_key")
    if not signed or not isinstance(strength, _STRONG):
        raise RequestRefused("wrong_signature")
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def _is_p256(key: object) -> bool:
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)


def _leaf(
    authority: Authority,
    subject: x509.Name,
    key: PublicKeyTypes,
    now: dt.datetime,
    life: dt.timedelta,
    purpose: x509.ObjectIdentifier,
    known: Sequence[x509.GeneralName],
) -> str:
    assert isinstance(key, ec.EllipticCurvePublicKey)
    ends = min(now + life, authority.certificate.not_valid_after_utc)
    builder = (
        _bare(subject, authority.certificate.subject, key, now - BACKDATED, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(_identifier_of(authority), critical=False)
    )
    if known:
        builder = builder.add_extension(x509.SubjectAlternativeName(known), critical=False)
    return _pem(builder.sign(authority.key, hashes.SHA256()))


def _bare(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begins: dt.datetime, ends: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _identifier_of(authority: Authority) -> x509.AuthorityKeyIdentifier:
    own = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
