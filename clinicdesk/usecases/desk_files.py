"""What a desk keeps to be known by the clinic's server: its key, its certificate, and the authority that signed it.

The key is made here and never leaves: it lies encrypted in the data folder, its passphrase in the keychain.
"""

import errno
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clinicdesk.domain.desks import DeskCertificate
from clinicdesk.errors import DeskNotEnrolled, EnrolmentRefused
from clinicdesk.keychain import Keychain

# What makes keys takes a while to import, and a desk on one computer has none.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

FOLDER = "server"
FULL = (errno.ENOSPC, errno.EDQUOT)
KEY_SECRET = "desk key"  # under this name the keychain holds the passphrase

_PASSPHRASE_BYTES = 32
_OWN = 0o600


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
    public: bytes

    def __repr__(self) -> str:
        """Nothing of it is for a log."""
        return "NewKey(…)"


def files_of(data_dir: Path) -> DeskFiles:
    """The files of the desk over this data folder."""
    return DeskFiles(data_dir / FOLDER)


# --- a new desk ------------------------------------------------------------------------------------------------------


def new_key(desk_name: str) -> NewKey:
    """A P-256 key for this desk, and the signing request that carries its name."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    passphrase = secrets.token_urlsafe(_PASSPHRASE_BYTES)
    encrypted = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
    return NewKey(encrypted, passphrase, _request(key, desk_name), _public(key))


def checked(key: NewKey, certificate: str, authority: str) -> DeskCertificate:
    """What a certificate says that was signed for `key`. Raises EnrolmentRefused for another key or another signer."""
    return _checked(key.public, certificate.encode(), authority.encode())


def write(files: DeskFiles, key: NewKey, certificate: str, authority: str) -> None:
    """Write the three files, each whole, the certificate last. Raises OSError."""
    from clinicdesk.authority import write_whole

    files.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(files.authority, authority.encode(), _OWN)
    write_whole(files.key, key.encrypted, _OWN)
    write_whole(files.certificate, certificate.encode(), _OWN)


def keep(data_dir: Path, key: NewKey, certificate: str, authority: str) -> None:
    """Keep them in the data folder, and what opens the key in the keychain. Raises OSError."""
    write(files_of(data_dir), key, certificate, authority)
    Keychain(data_dir).keep_secret(KEY_SECRET, key.passphrase)


# --- a desk that joined ----------------------------------------------------------------------------------------------


def passphrase(data_dir: Path) -> str:
    """What opens the key. Raises DeskNotEnrolled when a file is gone or the keychain does not open the key."""
    return _opened(data_dir)[0]


def certificate_of(data_dir: Path) -> DeskCertificate:
    """What the desk's certificate says. Raises DeskNotEnrolled."""
    from clinicdesk.authority import facts_of

    try:
        found = facts_of(files_of(data_dir).certificate.read_bytes())
    except FileNotFoundError:
        raise DeskNotEnrolled("no_files") from None
    except ValueError:
        raise DeskNotEnrolled("damaged") from None
    return DeskCertificate(found.subject, found.serial, found.begins_at, found.ends_at)


def request_of(data_dir: Path) -> str:
    """A signing request for the key that is kept here. Raises DeskNotEnrolled."""
    return _request(_opened(data_dir)[1], certificate_of(data_dir).subject)


def replace_certificate(data_dir: Path, certificate: str) -> None:
    """Put the next certificate of the same key in place. Raises EnrolmentRefused for any other, OSError."""
    from clinicdesk.authority import public_key_of, write_whole

    files = files_of(data_dir)
    _checked(public_key_of(files.certificate.read_bytes()), certificate.encode(), files.authority.read_bytes())
    write_whole(files.certificate, certificate.encode(), _OWN)


def _opened(data_dir: Path) -> "tuple[str, EllipticCurvePrivateKey]":
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from clinicdesk.authority import public_key_of

    files = files_of(data_dir)
    if not all(path.is_file() for path in (files.authority, files.certificate, files.key)):
        raise DeskNotEnrolled("no_files")
    files.key.chmod(_OWN)  # a copy that came from elsewhere may be open to others, and libpq refuses that
    kept = Keychain(data_dir).secret(KEY_SECRET)
    if kept is None:
        raise DeskNotEnrolled("no_key")
    try:
        key = load_pem_private_key(files.key.read_bytes(), kept.encode())
    except (ValueError, TypeError):  # another passphrase, or no key at all
        raise DeskNotEnrolled("no_key") from None
    try:
        fits = isinstance(key, EllipticCurvePrivateKey) and _public(key) == public_key_of(
            files.certificate.read_bytes()
        )
    except ValueError:
        fits = False
    if not fits:
        raise DeskNotEnrolled("damaged")
    assert isinstance(key, EllipticCurvePrivateKey)
    return kept, key


def _checked(public: bytes, certificate: bytes, authority: bytes) -> DeskCertificate:
    from clinicdesk.authority import facts_of, public_key_of, signed_by

    try:
        fits = signed_by(certificate, authority) and public_key_of(certificate) == public
        found = facts_of(certificate)
    except ValueError:
        fits = False
    if not fits:
        raise EnrolmentRefused("certificate")
    return DeskCertificate(found.subject, found.serial, found.begins_at, found.ends_at)


def _request(key: "EllipticCurvePrivateKey", name: str) -> str:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.oid import NameOID

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def _public(key: "EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives import serialization

    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)
