"""People who sign in: their roles and what a password has to be."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.patients import fold
from clinicdesk.errors import WeakPassword

SHORTEST_PASSWORD = 12


class Role(StrEnum):
    """What a person is in the clinic; the database grants by it."""

    OWNER = "owner"
    MANAGER = "manager"
    RECEPTION = "reception"
    PROFESSIONAL = "professional"


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


def check_password(password: str, *, login: str = "", name: str = "") -> None:
    """Refuse a weak password by WeakPassword: short, letter, digit, common or name.

    Raises InvalidField for a NUL, at which the server's library would take the password for over.
    """
    clean_text(password, "password")
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword("short")
    if not any(letter.isalpha() for letter in password):
        raise WeakPassword("letter")
    if not any(letter.isdigit() for letter in password):
        raise WeakPassword("digit")
    plain = fold(password)
    if plain in _COMMON or len(set(plain)) < 5:
        raise WeakPassword("common")
    if any(len(word) > 3 and word in plain for word in (fold(login), *fold(name).split())):
        raise WeakPassword("name")
