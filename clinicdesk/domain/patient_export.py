"""A line of the register as a file for other programs holds it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PatientLine:
    """A patient with what their visits in the clinic add up to. `sealed_cpf` is the CPF as it is kept, or None."""

    id: UUID
    full_name: str
    social_name: str
    phone: str
    email: str
    birth_date: dt.date | None
    guardian_name: str
    guardian_kinship: str
    address: str
    source: str
    referred_by_name: str
    vip: bool
    note: str
    custom: Mapping[str, object]
    sealed_cpf: bytes | None
    created_at: dt.datetime
    tags: str
    completed: int
    no_show: int
    cancelled: int
    first_visit_at: dt.datetime | None
    last_visit_at: dt.datetime | None
