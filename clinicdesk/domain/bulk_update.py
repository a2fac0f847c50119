"""One change made to many patients at once: what it would do to each, and what of it can be taken back.

Names, phones and whatever tells who somebody is are never changed in bulk.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from clinicdesk.domain.custom_fields import Stored


@dataclass(frozen=True, slots=True)
class PutTag:
    """Put a tag on everybody."""

    tag_id: UUID


@dataclass(frozen=True, slots=True)
class TakeTag:
    """Take a tag off everybody."""

    tag_id: UUID


@dataclass(frozen=True, slots=True)
class SetSource:
    """How they found the clinic; empty for nothing."""

    text: str


@dataclass(frozen=True, slots=True)
class SetVip:
    """VIP, or not."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class SetOwnField:
    """What a field of the clinic's own holds, as it is kept; None empties it."""

    field_id: UUID
    value: Stored | None


BulkChange = PutTag | TakeTag | SetSource | SetVip | SetOwnField
Held = Stored | None  # what a patient has where a change would be made


@dataclass(frozen=True, slots=True)
class BulkPatient:
    """A patient as far as a change in bulk looks at one."""

    id: UUID
    name: str
    version: int
    source: str
    vip: bool
    custom: Mapping[str, object] = field(default_factory=dict)
    tags: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class BulkLine:
    """One patient who changes, in the version that was seen, with what they have now."""

    patient_id: UUID
    name: str
    version: int
    before: Held


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """What a change would do: who changes, how many have it already, and how many are no longer there."""

    lines: tuple[BulkLine, ...]
    already: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class UpdateMany:
    """Do what a preview showed. Who changed since the preview is left out."""

    operation_id: UUID
    change: BulkChange
    lines: tuple[BulkLine, ...]


@dataclass(frozen=True, slots=True)
class UndoMany:
    """Take back what was done to these, where nobody changed it since."""

    operation_id: UUID
    change: BulkChange
    lines: tuple[BulkLine, ...]


@dataclass(frozen=True, slots=True)
class UpdatedMany:
    """What came of it: who has the change now, or no longer, and who was left out."""

    lines: tuple[BulkLine, ...]
    left_out: tuple[BulkLine, ...] = ()


def wanted(change: BulkChange) -> Held:
    """What everybody has after a change; for tags, whether they have the tag."""
    match change:
        case PutTag():
            return True
        case TakeTag():
            return False
        case SetSource(text):
            return text
        case SetVip(is_vip):
            return is_vip
        case SetOwnField(_field, value):
            return value


def held(change: BulkChange, patient: BulkPatient) -> Held:
    """What a patient has now where the change would be made."""
    match change:
        case PutTag(tag_id) | TakeTag(tag_id):
            return tag_id in patient.tags
        case SetSource():
            return patient.source
        case SetVip():
            return patient.vip
        case SetOwnField(field_id, _value):
            kept = patient.custom.get(str(field_id))
            return kept if isinstance(kept, str | bool) else None


def preview(change: BulkChange, patients: Iterable[BulkPatient], asked: int) -> BulkPreview:
    """What the change would do to these, of the `asked` many that were chosen."""
    found = list(patients)
    lines = tuple(
        BulkLine(one.id, one.name, one.version, held(change, one))
        for one in found
        if held(change, one) != wanted(change)
    )
    return BulkPreview(lines, len(found) - len(lines), asked - len(found))


def split(lines: Iterable[BulkLine], done: frozenset[UUID]) -> UpdatedMany:
    """The lines that were done, and those that were not."""
    kept = tuple(lines)
    return UpdatedMany(
        tuple(one for one in kept if one.patient_id in done), tuple(one for one in kept if one.patient_id not in done)
    )
