"""People and profiles as owners keep them: forms of the settings, beside the rules of `staff`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.patients import fold
from clinicdesk.domain.staff import CAPABILITIES, Capability, Role
from clinicdesk.errors import InvalidField

LONGEST_LOGIN = 31
_LOGIN = re.compile(rf"[a-z][a-z0-9_.]{{1,{LONGEST_LOGIN - 1}}}")
_TITLES = {"dr", "dra", "sr", "sra", "prof", "profa"}


@dataclass(frozen=True, slots=True)
class PersonForm:
    """Somebody with a login. `active` is false once the account was closed."""

    name: str = ""
    login: str = ""
    role: Role = Role.RECEPTION
    profile_id: UUID | None = None
    clinic_ids: tuple[UUID, ...] = ()
    hue: int = 200
    active: bool = True


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """A role narrowed: each field is a capability, by its name, and true while the profile includes it."""

    name: str = ""
    role: Role = Role.RECEPTION
    book: bool = True
    change_visits: bool = True
    overbook: bool = True
    block_time: bool = True
    keep_waiting_list: bool = True
    keep_recalls: bool = True
    send_messages: bool = True
    write_patients: bool = True
    merge_patients: bool = True
    export_patients: bool = True
    import_: bool = True
    change_settings: bool = True
    read_audit: bool = True


# What each capability is called on the form; `import` is a word of Python.
FORM_FIELDS: dict[Capability, str] = {one: "import_" if one is Capability.IMPORT else one.value for one in Capability}


def included(form: ProfileForm) -> frozenset[Capability]:
    """What the role holds and the profile leaves it."""
    return frozenset(one for one in CAPABILITIES[form.role] if getattr(form, FORM_FIELDS[one]))


def denied_by(form: ProfileForm) -> frozenset[Capability]:
    """What the profile takes away from its role."""
    return CAPABILITIES[form.role] - included(form)


def clean_login(text: str) -> str:
    """A login name ready to be kept. Raises InvalidField."""
    login = text.strip()
    if not login:
        raise InvalidField("login", "missing")
    if len(login) > LONGEST_LOGIN:
        raise InvalidField("login", "too_long", str(LONGEST_LOGIN))
    if not _LOGIN.fullmatch(login):
        raise InvalidField("login", "letters_only")
    return login


def suggested_login(name: str, taken: Iterable[str]) -> str:
    """A login name for somebody called so, that nobody has yet: the first name, with the last one when it has to be."""
    words = [re.sub(r"[^a-z0-9]", "", word) for word in fold(name).split()]
    words = [word for word in words if word and word not in _TITLES]
    if not words or not words[0][0].isalpha():
        return ""
    others = set(taken)
    first = words[0][:LONGEST_LOGIN]
    wishes = [first, f"{first}.{words[-1]}"] if len(words) > 1 else [first]
    wishes += [f"{first}{number}" for number in range(2, 100)]
    fitting = (wish for wish in wishes if _LOGIN.fullmatch(wish) and wish not in others)
    return next(fitting, "")
