"""Desks of a clinic server: where the server is, the code that lets a desk in, and what is known of each desk."""

import datetime as dt
import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.free_text import clean_text
from clinicdesk.errors import InvalidField

PORT = 5432
DATABASE = "clinicdesk"
LONGEST_NAME = 60
WARN_BEFORE = dt.timedelta(days=30)
CODE_MINUTES = 15
CODE_LETTERS = 16
CODE_GROUP = 4

_ALPHABET = frozenset("0123456789ABCDEFGHJKMNPQRSTVWXYZ")  # Crockford's base 32, as the keychain draws it
_MISREAD = str.maketrans("OIL", "011")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_DATABASE_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")


# --- where the server is ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """How a clinic server is reached: by a name, or by an address of version 4 or 6."""

    host: str
    port: int = PORT
    database: str = DATABASE

    def __str__(self) -> str:
        """As a person may type it; what goes without saying is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORT else f":{self.port}"
        return host + port + ("" if self.database == DATABASE else f"/{self.database}")


def read_address(typed: str) -> ServerAddress:
    """What a person types, such as `servidor.local:5432`, `[fe80::1]:5433` or `192.168.0.10/clinica`.

    Raises InvalidField of `server_address`: missing, not_a_host, not_a_port or not_a_database.
    """
    text = unicodedata.normalize("NFKC", typed).strip().lower()
    place, slash, database = text.partition("/")
    host, port = _host_and_port(place.strip())
    if not host:
        raise InvalidField("server_address", "missing")
    if slash and not _DATABASE_NAME.fullmatch(database.strip()):
        raise InvalidField("server_address", "not_a_database", database.strip()[:40])
    return ServerAddress(_checked_host(host), _checked_port(port), database.strip() if slash else DATABASE)


def _host_and_port(place: str) -> tuple[str, str]:
    if place.startswith("["):
        host, _bracket, rest = place[1:].partition("]")
        return host.strip(), rest.strip().removeprefix(":").strip() if rest.strip() else str(PORT)
    if place.count(":") > 1:  # an address of version 6 without brackets: none of it is a port
        return place, str(PORT)
    host, colon, port = place.partition(":")
    return host.strip(), port.strip() if colon else str(PORT)


def _checked_host(host: str) -> str:
    if ":" in host or re.fullmatch(r"[0-9.]+", host):
        try:
            return str(ipaddress.ip_address(host))
        except ValueError:
            raise InvalidField("server_address", "not_a_host", host[:60]) from None
    name = host.removesuffix(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise InvalidField("server_address", "not_a_host", host[:60])
    return name


def _checked_port(port: str) -> int:
    # isdecimal() also takes the digits of other scripts, which int() reads.
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        raise InvalidField("server_address", "not_a_port", port[:20])
    return int(port)


@dataclass(frozen=True, slots=True)
class ServerLook:
    """How a server answered. `certificate_ends_at` is None where no authority was known to check it by."""

    milliseconds: float  # from the question to the answer, without making the connection
    certificate_ends_at: dt.datetime | None = None

    def ends_soon(self, now: dt.datetime) -> bool:
        """Whether the server's certificate is to be renewed."""
        return self.certificate_ends_at is not None and self.certificate_ends_at - now < WARN_BEFORE


# --- the code that lets a desk in ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeskCode:
    """Sixteen letters: four name the login of one use, twelve are its password (60 bits)."""

    part: str
    secret: str

    def __repr__(self) -> str:
        """Without the password, which is to reach no log."""
        return f"DeskCode({self.part!r})"

    def __str__(self) -> str:
        """In groups of four, as it is shown and read aloud."""
        letters = self.part + self.secret
        return "-".join(letters[start : start + CODE_GROUP] for start in range(0, CODE_LETTERS, CODE_GROUP))

    def login(self, database: str) -> str:
        """The name of its login. A plus sign stands in no person's."""
        return f"{database}_+{self.part}"


def code_letters(typed: str) -> str:
    """The letters of a code as typed, however it is spaced; O, I and L stand for 0 and 1."""
    upper = unicodedata.normalize("NFKC", typed).upper().translate(_MISREAD)
    return "".join(letter for letter in upper if letter.isalnum())


def read_code(typed: str) -> DeskCode:
    """The code a person typed. Raises InvalidField of `desk_code`, missing_letters with how many in its detail.

    The other reasons are missing, extra_letters and not_in_codes; a form can wait at the first two while one types.
    """
    letters = code_letters(typed)
    if not letters:
        raise InvalidField("desk_code", "missing")
    strange = next((letter for letter in letters if letter not in _ALPHABET), "")
    if strange:
        raise InvalidField("desk_code", "not_in_codes", strange)
    if len(letters) < CODE_LETTERS:
        raise InvalidField("desk_code", "missing_letters", str(CODE_LETTERS - len(letters)))
    if len(letters) > CODE_LETTERS:
        raise InvalidField("desk_code", "extra_letters")
    return DeskCode(letters[:CODE_GROUP], letters[CODE_GROUP:])


# --- desks -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Desk:
    """A computer that joined. `last_seen_at` is of whoever signed in there last; None for nobody yet."""

    id: UUID
    name: str
    expires_at: dt.datetime
    enrolled_at: dt.datetime
    enrolled_by: str  # a name; empty for the first desk, whose code was made on the server
    last_seen_at: dt.datetime | None = None
    last_person: str = ""
    revoked_at: dt.datetime | None = None
    revoked_by: str = ""
    here: bool = False  # the one that asks


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code for one desk, and until when it opens."""

    code: DeskCode
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class DeskCertificate:
    """What a desk's certificate says: what the authority calls the desk, and the time in which it counts."""

    subject: str
    serial: str  # in decimal
    begins_at: dt.datetime
    ends_at: dt.datetime

    def ends_soon(self, now: dt.datetime) -> bool:
        """Whether it is time for the next one."""
        return self.ends_at - now < WARN_BEFORE


def clean_desk_name(typed: str) -> str:
    """A desk's name as it is kept. Raises InvalidField of `desk_name`."""
    clean_text(typed, "desk_name")
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not name:
        raise InvalidField("desk_name", "missing")
    if len(name) > LONGEST_NAME:
        raise InvalidField("desk_name", "too_long", str(LONGEST_NAME))
    return name
