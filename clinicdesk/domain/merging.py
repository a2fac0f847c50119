"""Two entries of the register that are one person: how likely that is, and what of each the one entry keeps."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from clinicdesk.domain.patients import fold

# What is chosen from one entry or the other. Tags and a clinic's own fields are kept of both, and so is a star.
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
    """Make one entry of two. `from_merged` names the fields of CHOSEN whose value comes from the one given up."""

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


def proposed(kept: Entry, merged: Entry) -> frozenset[str]:
    """The fields to be taken from the entry given up, unless a person says otherwise: those the other one lacks."""
    return frozenset(name for name in CHOSEN if merged.values[name] and not kept.values[name])


def differing(kept: Entry, merged: Entry) -> tuple[str, ...]:
    """The fields in which two filled values stand against each other."""
    return tuple(
        name
        for name in CHOSEN
        if kept.values[name] and merged.values[name] and kept.values[name] != merged.values[name]
    )


def joined_custom(kept: Entry, merged: Entry) -> dict[str, object]:
    """A clinic's own fields of both; where both have a value, the one of the entry that is kept."""
    return merged.custom | kept.custom


def joined_notes(kept: str, merged: str) -> str:
    """Both notes, each on lines of its own; one that repeats the other is written once."""
    if merged.strip() in kept:
        return kept
    return merged if kept.strip() in merged else f"{kept.strip()}\n{merged.strip()}"
