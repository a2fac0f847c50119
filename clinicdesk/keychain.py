"""Secrets of this machine in the operating system's keyring, and the keys that open protected fields.

Fields are sealed with AES-256-GCM for one place only. The clinic's data key is never stored in the open: it is wrapped
under each person's password, under a one-time code for somebody new, and under the recovery key the owner has printed.
Everything that cannot be opened raises KeyUnavailable, without saying why.
"""

import contextlib
import enum
import hmac
import json
import os
import secrets
import struct
import tempfile
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar
from uuid import UUID

from clinicdesk.errors import KeyUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from keyring.backend import KeyringBackend

_Answer = TypeVar("_Answer")

KEYRING_NAME = "ClinicDesk"
SECRETS_FILE = "secrets.json"
KEY_BYTES = 32

# argon2id, RFC 9106's second choice with fewer lanes: a desk computer has to do it while somebody waits.
ARGON_MEMORY_KIB = 64 * 1024
ARGON_PASSES = 3
ARGON_LANES = 1

_NONCE_BYTES = 12
_TAG_BYTES = 16
_SALT_BYTES = 16
_WRAPPED_FORMAT = 1
_WRAPPED_HEAD = struct.Struct(f">BBIHB{_SALT_BYTES}s")  # format, kind, argon2's memory, passes and lanes, salt
_SEALED_FORMAT = 1
_SEALED_HEAD = 5  # the format's byte and four of the key's version
# Crockford's base 32: no I, L, O or U, so that a code survives paper and telephone.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_GROUP = 4
_ONE_TIME_LETTERS = 20  # 100 bits
_RECOVERY_LETTERS = 32  # 160 bits
_DESK_LETTERS = 16  # four name a login, the others are its password: 60 bits, for minutes

Where = Literal["keyring", "file"]


# --- secrets of this machine -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Keychain:
    """The secrets of one data folder. Without a keyring they lie in a file that only this account can read."""

    data_dir: Path

    def where(self) -> Where:
        """Whether a keyring keeps new secrets or, honestly, a file without any lock of its own."""
        try:
            _ask_keyring(lambda backend: backend.get_password(KEYRING_NAME, self._entry("probe")))
        except _NoKeyring:
            return "file"
        return "keyring"

    def secret(self, name: str) -> str | None:
        """The secret kept under `name`, or None."""
        with contextlib.suppress(_NoKeyring):
            kept = _ask_keyring(lambda backend: backend.get_password(KEYRING_NAME, self._entry(name)))
            if kept is not None:
                return kept
        return self._read().get(name)

    def keep_secret(self, name: str, value: str) -> Where:
        """Keep `value` under `name`, in place of an earlier one; says where it went. Raises OSError."""
        try:
            _ask_keyring(lambda backend: backend.set_password(KEYRING_NAME, self._entry(name), value))
        except _NoKeyring:
            self._write({**self._read(), name: value})
            return "file"
        self._drop_from_file(name)
        return "keyring"

    def forget_secret(self, name: str) -> None:
        """Remove what is kept under `name`, wherever it is."""
        with contextlib.suppress(_NoKeyring):  # also when there is none to remove
            _ask_keyring(lambda backend: backend.delete_password(KEYRING_NAME, self._entry(name)))
        self._drop_from_file(name)

    def _entry(self, name: str) -> str:
        # Two data folders on one machine are two clinics.
        return f"{name} @ {self.data_dir.absolute()}"

    def _drop_from_file(self, name: str) -> None:
        kept = self._read()
        if kept.pop(name, None) is not None:
            self._write(kept)

    def _read(self) -> dict[str, str]:
        try:
            kept = json.loads((self.data_dir / SECRETS_FILE).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def _write(self, kept: dict[str, str]) -> None:
        descriptor, aside = tempfile.mkstemp(dir=self.data_dir, prefix=f"{SECRETS_FILE}.")  # mkstemp makes it 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(kept, file)
                file.flush()
                os.fsync(descriptor)
            Path(aside).replace(self.data_dir / SECRETS_FILE)
        finally:
            Path(aside).unlink(missing_ok=True)


class _NoKeyring(Exception):
    """No keyring answers, or none that may be trusted with a secret."""


def _ask_keyring(question: "Callable[[KeyringBackend], _Answer]") -> "_Answer":
    import keyring
    import keyring.errors

    backend = keyring.get_keyring()
    for member in getattr(backend, "backends", [backend]):
        # keyrings.alt writes plain text and calls itself a keyring; the null backend forgets what it is given.
        if type(member).__module__.startswith(("keyrings.", "keyring.backends.null")):
            raise _NoKeyring
    try:
        return question(backend)
    except keyring.errors.KeyringError as error:
        raise _NoKeyring from error


# --- protected fields ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FieldPlace:
    """Where a protected value lives. A value sealed for one place opens in no other."""

    scope: UUID  # the clinic, or the organisation for what its clinics share
    table: str
    row_id: UUID
    column: str
    key_version: int = 1

    def associated_data(self) -> bytes:
        """The place as bytes, each part with its length, so that no two places look alike."""
        parts = (
            self.scope.bytes,
            self.table.encode(),
            self.row_id.bytes,
            self.column.encode(),
            self.key_version.to_bytes(4, "big"),
        )
        return b"clinicdesk field 1" + b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def new_data_key() -> bytes:
    """A random key for a clinic's protected fields."""
    return secrets.token_bytes(KEY_BYTES)


def encrypt_field(key: bytes, place: FieldPlace, text: str) -> bytes:
    """`text` sealed for `place`: format, key version, random nonce, AES-256-GCM; never twice the same."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = _field_cipher(key).encrypt(nonce, text.encode(), place.associated_data())
    return bytes([_SEALED_FORMAT]) + place.key_version.to_bytes(4, "big") + nonce + sealed


def decrypt_field(key: bytes, place: FieldPlace, sealed: bytes) -> str:
    """The text sealed for `place`. Raises KeyUnavailable for another key, another place or a changed byte."""
    from cryptography.exceptions import InvalidTag

    if key_version_of(sealed) != place.key_version:
        raise KeyUnavailable
    nonce, rest = sealed[_SEALED_HEAD : _SEALED_HEAD + _NONCE_BYTES], sealed[_SEALED_HEAD + _NONCE_BYTES :]
    try:
        return _field_cipher(key).decrypt(nonce, rest, place.associated_data()).decode()
    except InvalidTag:
        raise KeyUnavailable from None


def key_version_of(sealed: bytes) -> int:
    """Which version of the data key sealed a value, so that rotation needs no downtime."""
    if len(sealed) < _SEALED_HEAD + _NONCE_BYTES + _TAG_BYTES or sealed[0] != _SEALED_FORMAT:
        raise KeyUnavailable
    return int.from_bytes(sealed[1:_SEALED_HEAD], "big")


def blind_index(key: bytes, scope: UUID, digits: str) -> bytes:
    """What finds a CPF by all its digits without opening it: HMAC-SHA-256 under a key of its own, from `key`."""
    kept = "".join(character for character in digits if character in "0123456789")
    return hmac.digest(_derived(key, b"clinicdesk cpf index 1"), scope.bytes + kept.encode(), "sha256")


def _field_cipher(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(_derived(key, b"clinicdesk fields 1"))


def _derived(key: bytes, purpose: bytes) -> bytes:
    """A key for one purpose: what the index gives away says nothing about the fields."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    if len(key) != KEY_BYTES:
        raise KeyUnavailable
    return HKDFExpand(algorithm=SHA256(), length=KEY_BYTES, info=purpose).derive(key)


# --- files of one person at one desk ---------------------------------------------------------------------------------


def seal_file(key: bytes, login: str, kind: str, content: bytes) -> bytes:
    """`content` sealed as one person's file of one kind: random nonce, AES-256-GCM; never twice the same."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return bytes([_SEALED_FORMAT]) + nonce + _file_cipher(key).encrypt(nonce, content, _file_place(login, kind))


def open_file(key: bytes, login: str, kind: str, sealed: bytes) -> bytes:
    """What `seal_file` sealed. Raises KeyUnavailable for another key, person or kind, or a changed byte."""
    from cryptography.exceptions import InvalidTag

    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if len(rest) < _TAG_BYTES or sealed[0] != _SEALED_FORMAT:
        raise KeyUnavailable
    try:
        return _file_cipher(key).decrypt(nonce, rest, _file_place(login, kind))
    except InvalidTag:
        raise KeyUnavailable from None


def _file_cipher(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(_derived(key, b"clinicdesk own files 1"))


def _file_place(login: str, kind: str) -> bytes:
    parts = (login.encode(), kind.encode())
    return b"clinicdesk own file 1" + b"".join(len(part).to_bytes(2, "big") + part for part in parts)


# --- the data key under a secret a person knows ----------------------------------------------------------------------


class WrappedUnder(enum.Enum):
    """What opens a wrapped key. A wrap made for one kind does not open as another."""

    PASSWORD = 1
    ONE_TIME_CODE = 2
    RECOVERY_KEY = 3


def wrap_key(data_key: bytes, under: WrappedUnder, secret: str) -> bytes:
    """`data_key` (32 bytes) sealed under what `secret` gives through argon2id; about 0.2 s and 64 MiB.

    The parameters and the salt stand in the result, so that they can be raised later.
    """
    return wrap_keys([data_key], under, secret)[0]


def wrap_keys(data_keys: "Sequence[bytes]", under: WrappedUnder, secret: str) -> list[bytes]:
    """All the keys of one person under one secret, stretched once: they share a salt, and no two share a nonce."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if any(len(key) != KEY_BYTES for key in data_keys):
        raise KeyUnavailable
    salt = secrets.token_bytes(_SALT_BYTES)
    head = _WRAPPED_HEAD.pack(_WRAPPED_FORMAT, under.value, ARGON_MEMORY_KIB, ARGON_PASSES, ARGON_LANES, salt)
    cipher = AESGCM(_stretched(under, secret, head))
    nonces = [secrets.token_bytes(_NONCE_BYTES) for _key in data_keys]
    return [head + nonce + cipher.encrypt(nonce, key, head) for nonce, key in zip(nonces, data_keys, strict=True)]


def unwrap_key(wrapped: bytes, under: WrappedUnder, secret: str) -> bytes:
    """The data key sealed under `secret`. Raises KeyUnavailable for a wrong secret or a changed byte."""
    return unwrap_keys([wrapped], under, secret)[0]


def unwrap_keys(wrapped: "Sequence[bytes]", under: WrappedUnder, secret: str) -> list[bytes]:
    """Several keys sealed under one secret: stretched once for each salt, side by side. Raises KeyUnavailable."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if any(len(blob) != _WRAPPED_HEAD.size + _NONCE_BYTES + KEY_BYTES + _TAG_BYTES for blob in wrapped):
        raise KeyUnavailable
    heads = list(dict.fromkeys(blob[: _WRAPPED_HEAD.size] for blob in wrapped))
    # Stretching takes its time on purpose and frees the interpreter meanwhile.
    with ThreadPoolExecutor() as pool:
        ciphers = dict(zip(heads, pool.map(lambda head: AESGCM(_stretched(under, secret, head)), heads), strict=True))
    opened = []
    for blob in wrapped:
        head, rest = blob[: _WRAPPED_HEAD.size], blob[_WRAPPED_HEAD.size :]
        try:
            opened.append(ciphers[head].decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], head))
        except InvalidTag:
            raise KeyUnavailable from None
    return opened


def needs_rewrapping(wrapped: bytes) -> bool:
    """Whether a wrap was made with weaker parameters than today's, to be renewed at the next sign-in."""
    if len(wrapped) < _WRAPPED_HEAD.size:
        raise KeyUnavailable
    _format, _kind, memory, passes, _lanes, _salt = _WRAPPED_HEAD.unpack(wrapped[: _WRAPPED_HEAD.size])
    return bool(memory < ARGON_MEMORY_KIB or passes < ARGON_PASSES)


def new_one_time_code() -> str:
    """A code for a person's first sign-in: 100 bits in groups of four, such as 7K2M-…"""
    return _code(_ONE_TIME_LETTERS)


def new_desk_code() -> str:
    """A code by which one computer joins a clinic server, such as K7M4-Q2XT-9WPD-3HRA."""
    return _code(_DESK_LETTERS)


def new_recovery_key() -> str:
    """The key an owner prints and keeps: 160 bits in groups of four."""
    return _code(_RECOVERY_LETTERS)


def same_code(typed: str, expected: str) -> bool:
    """Whether a code was typed back right, however it was spaced and whatever stood in for 0 and 1."""
    return hmac.compare_digest(_code_letters(typed), _code_letters(expected))


def one_time_code_of(typed: str) -> str:
    """A one-time code as it was given, however it was typed; empty when this can be none."""
    letters = _code_letters(typed)
    return _grouped(letters) if len(letters) == _ONE_TIME_LETTERS else ""


def _code(letters: int) -> str:
    drawn = "".join(secrets.choice(CODE_ALPHABET) for _ in range(letters))
    return _grouped(drawn)


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + _CODE_GROUP] for start in range(0, len(letters), _CODE_GROUP))


def _code_letters(typed: str) -> str:
    upper = unicodedata.normalize("NFKC", typed).upper().translate(str.maketrans("OIL", "011"))
    return "".join(letter for letter in upper if letter in CODE_ALPHABET)


def _stretched(under: WrappedUnder, secret: str, head: bytes) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    version, kind, memory, passes, lanes, salt = _WRAPPED_HEAD.unpack(head)
    if (version, kind) != (_WRAPPED_FORMAT, under.value):
        raise KeyUnavailable
    # What the database holds must not make a desk use all its memory.
    if not (8 * lanes <= memory <= 1024 * 1024 and 1 <= passes <= 16 and 1 <= lanes <= 16):
        raise KeyUnavailable
    # The same password typed on two systems may come composed or decomposed.
    known = unicodedata.normalize("NFC", secret) if under is WrappedUnder.PASSWORD else _code_letters(secret)
    return hash_secret_raw(known.encode(), salt, passes, memory, lanes, KEY_BYTES, Type.ID)
