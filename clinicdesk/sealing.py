"""Sealing to a public key: whoever seals cannot open again, and only the holder of the private half can.

Hybrid public key encryption (RFC 9180) with X25519, HKDF-SHA256 and AES-256-GCM. What is sealed is bound to its place,
so that it opens in no other row.
"""

import hmac
from typing import TYPE_CHECKING

from clinicdesk.errors import KeyUnavailable
from clinicdesk.keychain import FieldPlace

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.hpke import Suite

KEY_BYTES = 32
_FORMAT = b"\x01"


def new_private_key() -> bytes:
    """A random private key, as its 32 bytes."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.generate().private_bytes_raw()


def private_key_from(secret: bytes, purpose: str) -> bytes:
    """The private key that a clinic's data key (32 bytes) stands for, one for each purpose."""
    if len(secret) != KEY_BYTES:
        raise KeyUnavailable
    return hmac.digest(secret, b"clinicdesk private key 1 " + purpose.encode(), "sha256")


def public_key_of(private_key: bytes) -> bytes:
    """The public half, 32 bytes that anybody may know."""
    return _private(private_key).public_key().public_bytes_raw()


def seal_to(public_key: bytes, place: FieldPlace, content: bytes) -> bytes:
    """`content` sealed for the holder of the private key, at one place; never twice the same."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    key = X25519PublicKey.from_public_bytes(public_key)
    return _FORMAT + bytes(_suite().encrypt(content, key, place.associated_data()))


def open_sealed(private_key: bytes, place: FieldPlace, sealed: bytes) -> bytes:
    """What was sealed for this key and place. Raises KeyUnavailable for another key, place or a changed byte."""
    from cryptography.exceptions import InvalidTag

    if sealed[:1] != _FORMAT:
        raise KeyUnavailable
    try:
        return bytes(_suite().decrypt(sealed[1:], _private(private_key), place.associated_data()))
    except (InvalidTag, ValueError):
        raise KeyUnavailable from None


def _private(private_key: bytes) -> "X25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    if len(private_key) != KEY_BYTES:
        raise KeyUnavailable
    return X25519PrivateKey.from_private_bytes(private_key)


def _suite() -> "Suite":
    from cryptography.hazmat.primitives import hpke

    return hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
