"""A patient's form as far as it was typed, as a value that is kept and comes back: no widgets."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from clinicdesk.desk.drafts import Typed
from clinicdesk.domain.custom_fields import Value
from clinicdesk.domain.drafts import NEW
from clinicdesk.domain.patients import PatientForm, PatientMatch
from clinicdesk.domain.plain import from_plain, to_plain

_KINDS: dict[str, type] = {kind.__name__: kind for kind in (str, bool, Decimal, dt.date)}


@dataclass(frozen=True)
class PatientTyped:
    """What the form holds. `names` are the fields that somebody typed into, over what was read at `seen_version`."""

    patient_id: UUID | None
    seen_version: int
    form: PatientForm
    names: tuple[str, ...]
    guardian: PatientMatch | None = None
    referrer: PatientMatch | None = None
    consented: str = ""

    def as_draft(self) -> Typed:
        """What is kept of it, with the name a person knows it by."""
        own = {str(key): _told(value) for key, value in self.form.custom.items()}
        values = [to_plain(replace(self, form=replace(self.form, custom={}))), own]
        about = self.form.social_name or self.form.full_name
        return Typed(str(self.patient_id) if self.patient_id else NEW, about, values)


def patient_typed(values: Any) -> PatientTyped:
    """What was kept. Raises ValueError for what another release kept otherwise."""
    try:
        plain, own = values
        custom: Mapping[UUID, Value | None] = {UUID(key): _heard(value) for key, value in own.items()}
    except (TypeError, AttributeError, KeyError) as error:
        raise ValueError(type(error).__name__) from error
    typed = from_plain(PatientTyped, plain)
    return replace(typed, form=replace(typed.form, custom=custom))


def _told(value: Value | None) -> Any:
    """With its kind: a text may look like a date."""
    return None if value is None else [type(value).__name__, to_plain(value)]


def _heard(told: Any) -> Value | None:
    if told is None:
        return None
    kind, plain = told
    found: Value = from_plain(_KINDS[kind], plain)
    return found
