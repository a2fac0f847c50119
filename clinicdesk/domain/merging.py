"""Two entries of the register that are one person: how likely that is, and what of each the one entry keeps."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from clinicdesk.domain.patients import fold

OWN = "custom."  # before the id of a field of the clinic's own, as `custom_fields.name_in_form` writes it
# What is chosen from one entry or the other, besides the clinic's own fields. Tags are kept of both, and so is a star.
CHOSEN = (
    "full_name",
    "social_name",
    "birth_date",
    "cpf",
    "phone",
    "email",
    "address",
    "guardian",
    "source",
    "referred_by",
    "priority",
    "note",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the register, laid beside another. `values` has every field of CHOSEN; None and "" are empty."""

    id: UUID
    version: int
    name: str
    created_at: dt.datetime
    values: dict[str, object]
    custom: dict[str, object] = field(default_factory=dict)
    vip: bool = False
    tags: tuple[str, ...] = ()
    visits: int = 0
    last_visit_at: dt.datetime | None = None
    waiting: int = 0  # entries of the waiting list that are open
    recalls: int = 0  # and reminders to come back
    alerts: int = 0
    dependants: int = 0

    def value(self, name: str) -> object:
        """What stands in a field of CHOSEN, or in one of the clinic's own as it is kept."""
        return self.custom.get(name.removeprefix(OWN)) if name.startswith(OWN) else self.values[name]


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two entries that may be one person, and why it seems so. `likeness` of the names is 0 to 1, by trigrams."""

    first: Entry
    second: Entry
    likeness: float
    same_phone: bool
    same_birth: bool | None  # None: one of them has no birth date

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for it, the strongest first: same_name, like_name, same_birth, same_phone."""
        found = ["same_name" if fold(self.first.name) == fold(self.second.name) else "like_name"]
        if self.same_birth:
            found.append("same_birth")
        if self.same_phone:
            found.append("same_phone")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class MergePatients:
    """Make one entry of two. `from_merged` names the fields whose value comes from the one given up."""

    operation_id: UUID
    kept_id: UUID
    kept_version: int
    merged_id: UUID
    merged_version: int
    from_merged: frozenset[str] = frozenset()
    both_notes: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that took place; `undone_at` when it was taken back."""

    id: UUID
    kept_id: UUID
    merged_id: UUID
    kept_name: str
    merged_name: str
    at: dt.datetime
    person_name: str
    visits: int
    undone_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class UndoneMerge:
    """What an undo gave back, and what stayed with the entry that was kept because it was booked since."""

    visits_back: int
    visits_kept: int


def kept_first(first: Entry, second: Entry) -> tuple[Entry, Entry]:
    """The two entries, the one to be kept first: with more visits, then with more filled in, then the older one."""

    def worth(entry: Entry) -> tuple[int, int, float]:
        filled = sum(bool(value) for value in entry.values.values())
        return entry.visits, filled, -entry.created_at.timestamp()

    return (first, second) if worth(first) >= worth(second) else (second, first)


def fields_of(kept: Entry, merged: Entry) -> tuple[str, ...]:
    """The fields in which at least one of the two holds something: those of CHOSEN, then the clinic's own."""
    own = sorted(OWN + key for key in kept.custom.keys() | merged.custom.keys())
    return tuple(name for name in (*CHOSEN, *own) if _filled(kept.value(name)) or _filled(merged.value(name)))


def proposed(kept: Entry, merged: Entry) -> frozenset[str]:
    """The fields to be taken from the entry given up, unless a person says otherwise: those the other one lacks."""
    return frozenset(name for name in fields_of(kept, merged) if not _filled(kept.value(name)))


def differing(kept: Entry, merged: Entry) -> tuple[str, ...]:
    """The fields in which the two are not the same, one of them empty or not."""
    return tuple(name for name in fields_of(kept, merged) if kept.value(name) != merged.value(name))


def joined_custom(kept: Entry, merged: Entry, from_merged: frozenset[str]) -> dict[str, object]:
    """A clinic's own fields of both; where both have a value, the one that was chosen, else that of the one kept."""
    chosen = {key: value for key, value in merged.custom.items() if OWN + key in from_merged}
    return merged.custom | kept.custom | chosen


def joined_notes(kept: str, merged: str) -> str:
    """Both notes, each on lines of its own; one that repeats the other is written once."""
    if merged.strip() in kept:
        return kept
    return merged if kept.strip() in merged else f"{kept.strip()}\n{merged.strip()}"


def _filled(value: object) -> bool:
    return value is not None and value != ""
