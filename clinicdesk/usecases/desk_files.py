"""What a desk keeps to be known by the clinic's server: its key, its certificate, and the authority that signed it.

The key is made here and never leaves: it lies encrypted in the data folder, its passphrase in the keychain.
"""

import errno
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clinicdesk.domain.desks import DeskCertificate
from clinicdesk.errors import DeskNotEnrolled, EnrolmentRefused
from clinicdesk.keychain import Keychain

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

FOLDER = "server"
FULL = (errno.ENOSPC, errno.EDQUOT)
KEY_SECRET = "desk key"  # under this name the keychain holds the passphrase

_PASSPHRASE_BYTES = 32


@dataclass(frozen=True)
class DeskFiles:
    """Where they lie; none of them has to be there."""

    folder: Path

    @property
    def authority(self) -> Path:
        """The certificate of the clinic's own authority, the only one this desk believes."""
        return self.folder / "ca.crt"

    @property
    def certificate(self) -> Path:
        """The desk's own."""
        return self.folder / "desk.crt"

    @property
    def key(self) -> Path:
        """The key it belongs to, encrypted."""
        return self.folder / "desk.key"


@dataclass(frozen=True)
class NewKey:
    """A key just made, encrypted, and the request by which an authority is asked to sign it."""

    encrypted: bytes
    passphrase: str
    request: str

    def __repr__(self) -> str:
        """Nothing of it is for a log."""
        return "NewKey(…)"


def files_of(data_dir: Path) -> DeskFiles:
    """The files of the desk over this data folder."""
    return DeskFiles(data_dir / FOLDER)


def new_key(desk_name: str) -> NewKey:
    """A P-256 key for this desk, and the signing request that carries its name."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    passphrase = secrets.token_urlsafe(_PASSPHRASE_BYTES)
    encrypted = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, desk_name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return NewKey(encrypted, passphrase, request.public_bytes(serialization.Encoding.PEM).decode())


def checked(key: NewKey, certificate: str, authority: str) -> DeskCertificate:
    """What a certificate says that was signed for `key`. Raises EnrolmentRefused for another key or another signer."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature

    try:
        signed, signer = (x509.load_pem_x509_certificate(pem.encode()) for pem in (certificate, authority))
        signed.verify_directly_issued_by(signer)
    except (ValueError, TypeError, InvalidSignature):
        raise EnrolmentRefused("certificate") from None
    if signed.public_key() != x509.load_pem_x509_csr(key.request.encode()).public_key():
        raise EnrolmentRefused("certificate")
    return _facts(signed)


def write(files: DeskFiles, key: NewKey, certificate: str, authority: str) -> None:
    """Write the three files, each whole, the certificate last. Raises OSError."""
    files.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(files.authority, authority.encode())
    _write(files.key, key.encrypted)
    _write(files.certificate, certificate.encode())


def keep(data_dir: Path, key: NewKey, certificate: str, authority: str) -> None:
    """Keep them in the data folder, and what opens the key in the keychain. Raises OSError."""
    write(files_of(data_dir), key, certificate, authority)
    Keychain(data_dir).keep_secret(KEY_SECRET, key.passphrase)


def request_of(data_dir: Path) -> str:
    """A signing request for the key that is kept here. Raises DeskNotEnrolled."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    kept = passphrase(data_dir)
    key = serialization.load_pem_private_key(files_of(data_dir).key.read_bytes(), kept.encode())
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    subject = _certificate(files_of(data_dir).certificate).subject
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def replace_certificate(data_dir: Path, certificate: str) -> None:
    """Put the next certificate of the same key in place. Raises EnrolmentRefused for any other, OSError."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature

    files = files_of(data_dir)
    try:
        found = x509.load_pem_x509_certificate(certificate.encode())
        found.verify_directly_issued_by(_certificate(files.authority))
    except (ValueError, TypeError, InvalidSignature):
        raise EnrolmentRefused("certificate") from None
    if found.public_key() != _certificate(files.certificate).public_key():
        raise EnrolmentRefused("certificate")
    _write(files.certificate, certificate.encode())


def passphrase(data_dir: Path) -> str:
    """What opens the key. Raises DeskNotEnrolled when a file is gone or the keychain does not open the key."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    files = files_of(data_dir)
    if not all(path.is_file() for path in (files.authority, files.certificate, files.key)):
        raise DeskNotEnrolled("no_files")
    files.key.chmod(0o600)  # a copy that came from elsewhere may be open to others, and libpq refuses that
    kept = Keychain(data_dir).secret(KEY_SECRET)
    if kept is None:
        raise DeskNotEnrolled("no_key")
    try:
        key = load_pem_private_key(files.key.read_bytes(), kept.encode())
    except (ValueError, TypeError):  # another passphrase, or no key at all
        raise DeskNotEnrolled("no_key") from None
    if key.public_key() != _certificate(files.certificate).public_key():
        raise DeskNotEnrolled("damaged")
    return kept


def certificate_of(data_dir: Path) -> DeskCertificate:
    """What the desk's certificate says. Raises DeskNotEnrolled."""
    path = files_of(data_dir).certificate
    if not path.is_file():
        raise DeskNotEnrolled("no_files")
    return _facts(_certificate(path))


def _facts(certificate: "Certificate") -> DeskCertificate:
    from cryptography.x509.oid import NameOID

    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return DeskCertificate(
        subject=str(names[0].value) if names else "",
        serial=str(certificate.serial_number),
        begins_at=certificate.not_valid_before_utc,
        ends_at=certificate.not_valid_after_utc,
    )


def _certificate(path: Path) -> "Certificate":
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError:
        raise DeskNotEnrolled("damaged") from None


def _write(path: Path, content: bytes) -> None:
    """Write aside, for this account alone, to the disk, then rename: a reader sees the old file or the new one."""
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        Path(aside).replace(path)
    finally:
        Path(aside).unlink(missing_ok=True)
