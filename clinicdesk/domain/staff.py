"""People who sign in: their roles, what a profile takes away from one, and what a password has to be."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.patients import fold
from clinicdesk.errors import InvalidField, WeakPassword

SHORTEST_PASSWORD = 12


class Role(StrEnum):
    """What a person is in the clinic; the database grants by it."""

    OWNER = "owner"
    MANAGER = "manager"
    RECEPTION = "reception"
    PROFESSIONAL = "professional"


class Capability(StrEnum):
    """What a profile can take away from a role; the database asks for each of them."""

    BOOK = "book"
    CHANGE_VISITS = "change_visits"
    OVERBOOK = "overbook"
    BLOCK_TIME = "block_time"
    WRITE_PATIENTS = "write_patients"
    MERGE_PATIENTS = "merge_patients"
    EXPORT_PATIENTS = "export_patients"
    IMPORT = "import"
    KEEP_WAITING_LIST = "keep_waiting_list"
    KEEP_RECALLS = "keep_recalls"
    SEND_MESSAGES = "send_messages"
    CHANGE_SETTINGS = "change_settings"
    READ_AUDIT = "read_audit"


_OF_MANAGERS = {Capability.EXPORT_PATIENTS, Capability.CHANGE_SETTINGS, Capability.READ_AUDIT}
_OF_THE_DESK = {Capability.MERGE_PATIENTS, Capability.IMPORT, Capability.SEND_MESSAGES}
# What each role holds before a profile narrows it: the privileges of the database, said once more for the screens.
CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.OWNER: frozenset(Capability),
    Role.MANAGER: frozenset(Capability),
    Role.RECEPTION: frozenset(set(Capability) - _OF_MANAGERS),
    Role.PROFESSIONAL: frozenset(set(Capability) - _OF_MANAGERS - _OF_THE_DESK),
}


class Missing(StrEnum):
    """Why somebody may not do a thing."""

    ROLE = "role"
    PROFILE = "profile"


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do: the role's, less what the profile takes away."""

    role: Role
    denied: frozenset[Capability] = frozenset()

    def may(self, capability: Capability) -> bool:
        """Whether both role and profile include it."""
        return self.missing(capability) is None

    def missing(self, capability: Capability) -> Missing | None:
        """What stands against it; None when nothing does."""
        if capability not in CAPABILITIES[self.role]:
            return Missing.ROLE
        return Missing.PROFILE if capability in self.denied else None


@dataclass(frozen=True, slots=True)
class Profile:
    """A role narrowed for a kind of work: what is `denied` stands in the role and not in the profile."""

    id: UUID
    name: str
    role: Role
    denied: frozenset[Capability]
    version: int = 1


class PersonState(StrEnum):
    """Where somebody stands between the invitation and the end."""

    INVITED = "invited"
    ACTIVE = "active"
    LOCKED = "locked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a login of their own. `clinic_ids` are the clinics whose agenda they may see."""

    id: UUID
    login: str
    name: str
    role: Role
    hue: int
    clinic_ids: tuple[UUID, ...]
    professional_id: UUID | None = None
    active: bool = True
    profile: Profile | None = None
    invited: bool = False  # has a code and no password yet
    invited_until: dt.datetime | None = None
    locked_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    version: int = 1

    @property
    def state(self) -> PersonState:
        """Where this person stands."""
        if not self.active:
            return PersonState.CLOSED
        if self.locked_at is not None:
            return PersonState.LOCKED
        return PersonState.INVITED if self.invited else PersonState.ACTIVE

    @property
    def rights(self) -> Rights:
        """What this person may do while at work."""
        return Rights(self.role, self.profile.denied if self.profile else frozenset())


@dataclass(frozen=True, slots=True)
class AddPerson:
    """Give somebody a login; the password is what they type at their first sign-in."""

    operation_id: UUID
    login: str
    name: str
    role: Role
    password: str
    clinic_ids: tuple[UUID, ...]
    professional_id: UUID | None = None
    hue: int = 200


@dataclass(frozen=True, slots=True)
class InvitePerson:
    """Give somebody a login that a one-time code opens; they choose the password."""

    operation_id: UUID
    login: str
    name: str
    role: Role
    clinic_ids: tuple[UUID, ...]
    profile_id: UUID | None = None
    hue: int = 200


@dataclass(frozen=True, slots=True)
class SetAccess:
    """What somebody is from now on: role, profile and clinics, all three, and how they are called."""

    operation_id: UUID
    person_id: UUID
    seen_version: int
    name: str
    hue: int
    role: Role
    profile_id: UUID | None
    clinic_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ChangePerson:
    """One thing done to somebody: a new code, the lock taken off, or the account closed."""

    operation_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class SaveProfile:
    """Keep a profile; without an `id` it is a new one. The role is the new one's for good."""

    operation_id: UUID
    id: UUID | None
    seen_version: int
    name: str
    role: Role
    denied: frozenset[Capability]


@dataclass(frozen=True, slots=True)
class RemoveProfile:
    """Take a profile away that nobody has."""

    operation_id: UUID
    id: UUID
    seen_version: int


# The ones that stand at the head of every list of leaked passwords and still reach twelve characters, and what people
# here make of the rule; a longer list would refuse more and protect little, because tries are counted.
_COMMON = [
    "123456789012",
    "password1234",
    "senha1234567",
    "qwertyuiop12",
    "1q2w3e4r5t6y",
    "abc123456789",
    "mudar1234567",
    "clinica12345",
    "brasil123456",
    "senhasenha12",
    "qwerty123456",
    "iloveyou1234",
    "admin1234567",
    "bemvindo1234",
    "1234567890ab",
]


_LOGIN = re.compile(r"[a-z][a-z0-9_.]{1,30}")


def check_login(login: str) -> None:
    """Refuse, by InvalidField, what cannot be a login name; the database asks the same."""
    if not login:
        raise InvalidField("login", "missing")
    if not _LOGIN.fullmatch(login):
        raise InvalidField("login", "letters_only")
    # The account that owns the server of this computer has this name already.
    if login == "admin":
        raise InvalidField("login", "taken")


PASSWORD_RULES = ("short", "letter", "digit", "common", "name")  # in the order in which a form lists them


def broken_rules(password: str, *, login: str = "", name: str = "") -> tuple[str, ...]:
    """Which of PASSWORD_RULES a password breaks, all of them at once, as a form shows while one types."""
    plain = fold(password)
    broken = {
        "short": len(password) < SHORTEST_PASSWORD,
        "letter": not any(letter.isalpha() for letter in password),
        "digit": not any(letter.isdigit() for letter in password),
        "common": plain in _COMMON or len(set(plain)) < 5,
        "name": any(len(word) > 3 and word in plain for word in (fold(login), *fold(name).split())),
    }
    return tuple(rule for rule in PASSWORD_RULES if broken[rule])


def check_password(password: str, *, login: str = "", name: str = "") -> None:
    """Refuse a weak password by WeakPassword: short, letter, digit, common or name.

    Raises InvalidField for a NUL, at which the server's library would take the password for over.
    """
    clean_text(password, "password")
    broken = broken_rules(password, login=login, name=name)
    if broken:
        raise WeakPassword(broken[0])
