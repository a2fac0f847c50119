"""What a patient allows the clinic to send them: for which purpose, by which channel, and in which words they said so.

A consent is never changed: it is given, it may be revoked once, and what is given after that is another one.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.messages import ChannelKind, Purpose
from clinicdesk.errors import InvalidField

LONGEST_WORDS = 1000
LONGEST_PROOF = 200


class ConsentSource(StrEnum):
    """Where a consent came from, or its end."""

    DESK = "desk"
    FORM = "form"
    MESSAGE = "message"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent with its whole life. `words` are those the patient was shown."""

    id: UUID
    patient_id: UUID
    purpose: Purpose
    channel: ChannelKind
    words: str
    source: ConsentSource
    proof: str
    given_at: dt.datetime
    given_by: str
    revoked_at: dt.datetime | None = None
    revoked_source: ConsentSource | None = None
    revoked_by: str = ""

    @property
    def stands(self) -> bool:
        """Whether it counts now."""
        return self.revoked_at is None


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """Write down that a patient said yes to these words, for some channels. Where one stands already it goes on."""

    operation_id: UUID
    patient_id: UUID
    purpose: Purpose
    channels: tuple[ChannelKind, ...]
    words: str
    source: ConsentSource = ConsentSource.DESK
    proof: str = ""


@dataclass(frozen=True, slots=True)
class RevokeConsent:
    """Write down that a patient takes consents back, for some channels. Where none stands nothing happens."""

    operation_id: UUID
    patient_id: UUID
    purpose: Purpose
    channels: tuple[ChannelKind, ...]
    source: ConsentSource = ConsentSource.DESK


def clean_words(words: str) -> str:
    """The words somebody agreed to. Raises InvalidField."""
    written = clean_text(words, "words").strip()
    if not written:
        raise InvalidField("words", "missing")
    if len(written) > LONGEST_WORDS:
        raise InvalidField("words", "too_long", str(LONGEST_WORDS))
    return written


def clean_proof(proof: str) -> str:
    """What shows that it was said: a signed sheet, a call, a message. Raises InvalidField."""
    written = clean_text(proof, "proof").strip()
    if len(written) > LONGEST_PROOF:
        raise InvalidField("proof", "too_long", str(LONGEST_PROOF))
    return written


def standing(consents: Iterable[Consent], purpose: Purpose) -> frozenset[ChannelKind]:
    """The channels by which a patient may be written to for a purpose.

    What was said last counts: two entries of one person that were joined may each hold something.
    """
    last: dict[ChannelKind, Consent] = {}
    for one in consents:
        if one.purpose is purpose and (one.channel not in last or said_at(one) > said_at(last[one.channel])):
            last[one.channel] = one
    return frozenset(channel for channel, one in last.items() if one.stands)


def said_at(consent: Consent) -> dt.datetime:
    """When the last word about it was said."""
    return consent.revoked_at or consent.given_at


def was_asked(consents: Iterable[Consent], purpose: Purpose) -> bool:
    """Whether a patient ever said yes or no: who took it back is not asked again at every booking."""
    return any(one.purpose is purpose for one in consents)
