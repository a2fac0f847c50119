"""Alerts: short sentences that a professional writes for the desk, never clinical text."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.patients import Alert, Severity
from clinicdesk.errors import InvalidField

LONGEST = 120


@dataclass(frozen=True, slots=True)
class WriteAlert:
    """Write an alert about a patient."""

    operation_id: UUID
    patient_id: UUID
    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class WrittenAlert:
    """An alert with its past: who wrote it and when, and whether it still stands."""

    alert: Alert
    by: str
    at: dt.datetime
    stands: bool


def clean_alert(text: str) -> str:
    """One line of at most 120 characters. Raises InvalidField."""
    words = " ".join(clean_text(text, "text").split())
    if not words:
        raise InvalidField("text", "missing")
    if len(words) > LONGEST:
        raise InvalidField("text", "too_long", str(LONGEST))
    return words
