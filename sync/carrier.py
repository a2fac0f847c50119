"""What every provider is asked, and what it may answer: the one door through which a message leaves.

A carrier does not know the database. It gets a parcel, and either says what the provider calls it or raises why not.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from clinicdesk.domain.parcels import (
    ApprovedTemplate,
    Attachment,
    Button,
    Parcel,
    Recipient,
    Refusal,
    Sent,
    Verdict,
)

__all__ = [
    "ApprovedTemplate",
    "Attachment",
    "Button",
    "Carrier",
    "FetchedMedia",
    "Parcel",
    "Recipient",
    "Refusal",
    "Refused",
    "Sent",
    "Verdict",
]


class Refused(Exception):
    """The provider did not take it, or nobody knows. `fault` is a word of ours, `code` the provider's."""

    def __init__(
        self, verdict: Verdict, fault: str, code: str = "", detail: str = "", after: dt.timedelta | None = None
    ) -> None:
        super().__init__(f"{verdict.value}: {fault} {code}".strip())
        self.verdict, self.fault, self.code, self.detail, self.after = verdict, fault, code, detail, after

    @property
    def refusal(self) -> Refusal:
        """The same as a value, as the outbox takes it."""
        return Refusal(self.verdict, self.fault, self.code, self.detail, self.after)


@dataclass(frozen=True, slots=True)
class FetchedMedia:
    """A file as the provider had it."""

    mime: str
    content: bytes
    file_name: str = ""


class Carrier(Protocol):
    """One configured channel. Every call is safe from several threads and answers or raises within 15 seconds."""

    def send(self, parcel: Parcel) -> Sent:
        """Hand it over. Raises Refused."""

    def check(self) -> str:
        """Try the credentials without sending anything: what the account calls itself. Raises Refused."""

    def fetch(self, media_id: str) -> FetchedMedia:
        """A file somebody sent. Raises Refused."""

    def close(self) -> None:
        """Give the connections back."""
