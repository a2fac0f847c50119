"""Patients: who they are, how they are found, and what of a form cannot be accepted.

Phones are kept in E.164 and shown the Brazilian way; CPF is eleven digits. Both are checked by libraries that follow
the numbering plan (Anatel, through libphonenumber) and the Receita Federal's check digits (python-stdnum).
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

import phonenumbers
from stdnum.br import cpf as _cpf

from clinicdesk.domain.custom_fields import Value
from clinicdesk.domain.free_text import clean_text, without_unwritable
from clinicdesk.errors import InvalidField

LONGEST_NAME = 200
NOBODY = UUID(int=0)  # stands for a patient whose id is not told
COUNTRY = "BR"


class Severity(StrEnum):
    """How grave an alert for the desk is."""

    INFO = "info"
    WARNING = "warning"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True)
class Alert:
    """A short sentence a professional wrote for the desk: never clinical text."""

    id: UUID
    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class NewPatient:
    """The least that a booking by telephone asks of somebody who never came."""

    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class PatientForm:
    """What the register and edit form holds; `cpf` None means unchanged, an empty text means removed.

    `custom` holds what was typed into the clinic's own fields, None for nothing; fields it does not name stay
    as they are, so that a choice which is no longer offered is not refused to whoever had it.
    """

    full_name: str
    social_name: str = ""
    phone: str = ""
    email: str = ""
    birth_date: dt.date | None = None
    cpf: str | None = None
    guardian_id: UUID | None = None
    guardian_kinship: str = ""
    address: str = ""
    source: str = ""
    vip: bool = False
    note: str = ""
    referred_by: UUID | None = None
    custom: Mapping[UUID, Value | None] = field(default_factory=dict)
    priority: str = ""  # why the law lets them go first, their age apart
    priority_until: dt.date | None = None  # its last day; None for good


@dataclass(frozen=True, slots=True)
class Patient:
    """One person of the register. `cpf_masked` shows five digits, as on a shared screen."""

    id: UUID
    version: int
    full_name: str
    social_name: str
    phone: str  # E.164, or empty
    email: str
    birth_date: dt.date | None
    has_cpf: bool
    guardian_id: UUID | None
    guardian_name: str
    guardian_kinship: str
    address: str
    source: str
    vip: bool
    note: str
    created_at: dt.datetime
    referred_by: UUID | None = None
    referred_by_name: str = ""
    custom: Mapping[str, object] = field(default_factory=dict)  # as kept, by the field's id
    priority: str = ""
    priority_until: dt.date | None = None
    alerts: tuple[Alert, ...] = ()

    @property
    def name(self) -> str:
        """The name to call the person by: the social name comes first (Decreto 8.727/2016)."""
        return self.social_name or self.full_name


@dataclass(frozen=True, slots=True)
class PatientMatch:
    """One line of a search: enough to tell two Anas apart."""

    id: UUID
    name: str
    phone: str
    birth_date: dt.date | None
    guardian_name: str
    vip: bool
    next_visit: dt.datetime | None
    last_visit: dt.datetime | None
    alert: str


@dataclass(frozen=True, slots=True)
class RegisterPatient:
    """Put a person on the register."""

    operation_id: UUID
    form: PatientForm
    consented: str = ""  # the words they said yes to: messages about their visits


@dataclass(frozen=True, slots=True)
class UpdatePatient:
    """Save the form of a patient who was read at `seen_version`."""

    operation_id: UUID
    patient_id: UUID
    seen_version: int
    form: PatientForm


def fold(text: str) -> str:
    """`text` in lower case, without accents and apostrophes, one space between words: what is searched and sorted."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS_WITHOUT_DECOMPOSITION))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.translate(_LETTERS_WITHOUT_DECOMPOSITION).split())


# As PostgreSQL's unaccent has them, so that what is typed is found.
_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "q", "ı": "i", "ŀ": "l"}
    | {"æ": "ae", "œ": "oe", "'": "", "’": "", "`": "", "ʼ": ""}
)


def search_words(text: str) -> tuple[list[str], str]:
    """What a person typed, as folded words (digits joined over their punctuation) and the CPF it may be."""
    written = without_unwritable(text).replace("(", " ").replace("+55", "")
    joined = re.sub(r"(?<=\d)[\s().\-/]+(?=\d)", "", written)
    words = [re.sub(r"\D", "", word) if re.fullmatch(r"[\d()\-./]+", word) else word for word in fold(joined).split()]
    words = [word for word in words if word]
    digits = words[0] if len(words) == 1 and len(words[0]) == 11 and words[0].isdigit() else ""
    try:
        return words, clean_cpf(digits)
    except InvalidField:
        return words, ""


def clean_name(text: str, field: str = "full_name") -> str:
    """A name ready to be kept: NFC, single spaces. Raises InvalidField when empty or over 200 characters."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise InvalidField(field, "missing")
    if len(name) > LONGEST_NAME:
        raise InvalidField(field, "too_long", str(LONGEST_NAME))
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in name):
        raise InvalidField(field, "control_characters")
    return name


def clean_phone(text: str, area: str = "11", field: str = "phone") -> str:
    """A phone as E.164 (`+5511…`); empty stays empty.

    `area` is the clinic's own area code, for numbers given without one. A mobile of before 2016 written without its
    ninth digit gets it (Anatel, Resolução 553/2010). Raises InvalidField: missing_digits, extra_digits or not_a_phone.
    """
    written = text.strip()
    if not written:
        return ""
    digits = re.sub(r"\D", "", written)
    if not digits:
        raise InvalidField(field, "not_a_phone")
    for candidate in _phone_candidates(written, digits, area):
        try:
            number = phonenumbers.parse(candidate, COUNTRY)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise InvalidField(field, _what_is_wrong_with_phone(digits))


def _phone_candidates(written: str, digits: str, area: str) -> list[str]:
    """The readings of a written number, the likeliest first."""
    if written.startswith("+"):
        return (
            [f"+{digits}", *_with_ninth_digit(digits.removeprefix("55"))] if digits.startswith("55") else [f"+{digits}"]
        )
    national = digits[1:] if digits.startswith("0") and not digits.startswith("00") else digits
    if national.startswith("55") and len(national) in (12, 13):
        national = national[2:]
    if len(national) in (8, 9):
        national = area + national
    return [national, *_with_ninth_digit(national)]


def _with_ninth_digit(national: str) -> list[str]:
    if len(national) == 10 and national[2] in "6789":
        return [f"{national[:2]}9{national[2:]}"]
    return []


def _what_is_wrong_with_phone(digits: str) -> str:
    if len(digits) < 10:
        return "missing_digits"
    return "extra_digits" if len(digits) > 13 else "not_a_phone"


def show_phone(e164: str) -> str:
    """A kept phone as people here write it: `(11) 90000-0142`; a foreign one with its country code."""
    if not e164:
        return ""
    try:
        number = phonenumbers.parse(e164, COUNTRY)
    except phonenumbers.NumberParseException:
        return e164
    style = phonenumbers.PhoneNumberFormat.NATIONAL
    if number.country_code != phonenumbers.country_code_for_region(COUNTRY):
        style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def clean_cpf(text: str, field: str = "cpf") -> str:
    """The eleven digits of a CPF; empty stays empty.

    Raises InvalidField: not_a_cpf, missing_digits, extra_digits or check_digits.
    """
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))
    if not digits:
        if text.strip():
            raise InvalidField(field, "not_a_cpf")
        return ""
    if len(digits) < 11:
        raise InvalidField(field, "missing_digits", str(11 - len(digits)))
    if len(digits) > 11:
        raise InvalidField(field, "extra_digits")
    if len(set(digits)) == 1 or not _cpf.is_valid(digits):
        raise InvalidField(field, "check_digits")
    return digits


def show_cpf(digits: str) -> str:
    """A CPF as printed on documents: `000.000.000-00`."""
    return f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"


def mask_cpf(digits: str) -> str:
    """A CPF fit for a shared screen: the first three and the last two digits hidden."""
    return f"•••.{digits[3:6]}.{digits[6:9]}-••"


_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def clean_email(text: str, field: str = "email") -> str:
    """An address that a mail server could accept, in lower case; empty stays empty. Raises InvalidField."""
    address = clean_text(text, field).strip().lower()
    if address and not (_EMAIL.fullmatch(address) and len(address) <= 254):
        raise InvalidField(field, "not_an_email")
    return address


def check_birth_date(born: dt.date | None, today: dt.date) -> dt.date | None:
    """`born` itself. Raises InvalidField for a birth in the future or more than 130 years ago."""
    if born is None:
        return None
    if born > today:
        raise InvalidField("birth_date", "in_the_future")
    if born.year < today.year - 130:
        raise InvalidField("birth_date", "too_long_ago")
    return born


def check_priority_until(until: dt.date | None, today: dt.date) -> dt.date | None:
    """`until` itself. Raises InvalidField when it is more than three years away: nothing that ends lasts longer."""
    if until is not None and until > today + dt.timedelta(days=3 * 366):
        raise InvalidField("priority_until", "too_far_ahead")
    return until


def age(born: dt.date, today: dt.date) -> int:
    """Completed years; who was born on 29 February completes them on 1 March of common years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


_PARTICLES = frozenset({"de", "da", "do", "das", "dos", "e", "del", "di", "du", "van", "von"})


def shorter_names(name: str) -> tuple[str, ...]:
    """The name and its shorter forms, longest first, none of them cut inside a word.

    Maria do Socorro Lima → Maria S. Lima → Maria Lima → Maria L.
    """
    words = name.split()
    if len(words) < 2:
        return (name,)
    middle = [word for word in words[1:-1] if word.lower() not in _PARTICLES]
    forms = [name]
    if middle:
        initials = " ".join(f"{word[0]}." for word in middle)
        forms.append(f"{words[0]} {initials} {words[-1]}")
    forms.append(f"{words[0]} {words[-1]}")
    forms.append(f"{words[0]} {words[-1][0]}.")
    # An initial and its point are longer than a name of one letter.
    return tuple(form for number, form in enumerate(forms) if all(len(form) < len(one) for one in forms[:number]))


def written_name(text: str) -> str:
    """A name typed all in small letters as one writes it, `maria da silva` → `Maria da Silva`; others as they are."""
    if text != text.lower():
        return text
    return " ".join(word if word in _PARTICLES else word[:1].upper() + word[1:] for word in text.split(" "))


def initials_between(name: str) -> tuple[str, ...]:
    """The first letters of the names between the first and the last one."""
    return tuple(word[0] for word in name.split()[1:-1] if word.lower() not in _PARTICLES)


def initials(name: str) -> str:
    """Two letters for an avatar: of the first and the last name, titles left out."""
    words = [word for word in name.split() if word.lower() not in _PARTICLES and not word.endswith(".")]
    if not words:
        return ""
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
