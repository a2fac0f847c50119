"""What somebody had typed and not saved: of which form, about whom, and the values as the form keeps them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

KEPT = dt.timedelta(days=30)
NEW = "new"  # the key of what is no row yet


@dataclass(frozen=True, slots=True)
class Draft:
    """One form's. `key` is the id of the row that is edited, or NEW; `values` is JSON only the form understands."""

    kind: str
    key: str
    clinic_id: UUID
    about: str  # the name and the time a person knows it by
    kept_at: dt.datetime
    values: Any

    @property
    def place(self) -> tuple[str, str]:
        """What one form has one draft of."""
        return self.kind, self.key

    def too_old(self, now: dt.datetime) -> bool:
        """Whether nobody will want it any more."""
        return now - self.kept_at > KEPT
