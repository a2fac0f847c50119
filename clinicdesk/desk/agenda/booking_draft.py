"""A booking as far as it was typed, as a value that is kept and comes back: no widgets."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from clinicdesk.desk.agenda.booking import Booking
from clinicdesk.desk.drafts import Typed
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.drafts import NEW
from clinicdesk.domain.patients import NewPatient, PatientMatch
from clinicdesk.domain.plain import from_plain, to_plain
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.formats import clock


@dataclass(frozen=True)
class BookingTyped:
    """What the booking form holds. `operation_id` is the wish that was sent and perhaps done, when one was."""

    patient: PatientMatch | None
    new_patient: NewPatient | None
    service_id: UUID | None
    professional_id: UUID | None
    minutes: int
    free: FreeSlot | None
    note: str
    reason: str
    confirmed: bool
    for_whom: UUID | None
    operation_id: UUID | None = None
    consented: str = ""

    @property
    def wish(self) -> "BookingTyped":
        """The same without what it was sent as: equal wishes are one operation."""
        return replace(self, operation_id=None)

    def booking(self, catalogue: Catalogue) -> Booking:
        """The booking in the clinic as it is now; what is not offered any more is left open."""
        service = next((one for one in catalogue.services if one.id == self.service_id), None)
        known = {one.id for one in catalogue.professionals}
        return Booking(
            catalogue,
            patient=self.patient,
            new_patient=self.new_patient,
            service=service,
            professional_id=self.professional_id if self.professional_id in known else None,
            minutes=self.minutes,
            free=self.free if self.free and self.free.professional_id in known else None,
            note=self.note,
            for_whom=self.for_whom,
        )

    def as_draft(self, zone: dt.tzinfo) -> Typed:
        """What is kept of it, with the name and the time a person knows it by."""
        who = self.patient.name if self.patient else self.new_patient.name if self.new_patient else ""
        time = clock(self.free.slot.starts_at, zone) if self.free else ""
        return Typed(NEW, ", ".join(part for part in (who.strip(), time) if part), to_plain(self))


def booking_typed(values: Any) -> BookingTyped:
    """What was kept. Raises ValueError for what another release kept otherwise."""
    return from_plain(BookingTyped, values)
