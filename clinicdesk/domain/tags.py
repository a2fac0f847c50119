"""Tags: short words in a colour that the desk puts on patients, to see at once and to find again."""

import unicodedata
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.free_text import clean_text
from clinicdesk.errors import InvalidField

LONGEST_NAME = 40
RESERVED_HUES = range(10, 41)  # the arc of danger


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag; every clinic of the organisation shares it."""

    id: UUID
    name: str
    hue: int
    version: int = 1


@dataclass(frozen=True, slots=True)
class AddTag:
    """Make a tag."""

    operation_id: UUID
    name: str
    hue: int


@dataclass(frozen=True, slots=True)
class SaveTag:
    """Call a tag otherwise, or give it another colour."""

    operation_id: UUID
    tag_id: UUID
    seen_version: int
    name: str
    hue: int


@dataclass(frozen=True, slots=True)
class TagPatient:
    """Put tags on a patient and take others off. Done twice it has one effect, so it needs no number."""

    patient_id: UUID
    added: tuple[UUID, ...] = ()
    removed: tuple[UUID, ...] = ()

    @property
    def back(self) -> "TagPatient":
        """What takes it back."""
        return TagPatient(self.patient_id, self.removed, self.added)


@dataclass(frozen=True, slots=True)
class RemovedTag:
    """A tag that is no longer there and who had it: enough to bring it back."""

    tag: Tag
    patient_ids: tuple[UUID, ...]


def clean_tag(name: str, hue: int) -> tuple[str, int]:
    """Name and hue ready to be kept. Raises InvalidField."""
    words = " ".join(unicodedata.normalize("NFC", clean_text(name, "name")).split())
    if not words:
        raise InvalidField("name", "missing")
    if len(words) > LONGEST_NAME:
        raise InvalidField("name", "too_long", str(LONGEST_NAME))
    if hue not in range(360) or hue in RESERVED_HUES:
        raise InvalidField("hue", "not_a_choice")
    return words, hue
