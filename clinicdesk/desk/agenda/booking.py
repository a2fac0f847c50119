"""What a booking is being made of, before it is one: plain values, no widgets."""

import datetime as dt
from dataclasses import dataclass, field, replace
from uuid import UUID

from clinicdesk.domain.agenda import BookAppointment, Slot, Status
from clinicdesk.domain.clinics import Catalogue, Service
from clinicdesk.domain.finder import Ground
from clinicdesk.domain.patients import NewPatient, PatientMatch
from clinicdesk.domain.slots import FreeSlot, SlotRequest

DAYS_SEARCHED = 10
DAY_LONG = (dt.time(0), dt.time(23, 59))


@dataclass(frozen=True)
class SlotWish:
    """When the patient can come, and to whom of several: what narrows a search."""

    earliest: dt.time = DAY_LONG[0]
    latest: dt.time = DAY_LONG[1]
    weekdays: tuple[int, ...] = ()  # ISO; none stands for every day
    people: tuple[UUID, ...] = ()  # none stands for everybody


_ANYTIME = SlotWish()


@dataclass(frozen=True)
class Booking:
    """A booking under way. What is missing is None; `missing` names it in the order of the form."""

    catalogue: Catalogue
    patient: PatientMatch | None = None
    new_patient: NewPatient | None = None
    service: Service | None = None
    professional_id: UUID | None = None  # None: whoever is free
    minutes: int = 0
    free: FreeSlot | None = None
    note: str = ""
    confirmed: bool = False
    overbooking_reason: str = ""
    room_id: UUID | None = None  # the room or the machine a person pointed at, whoever works there
    equipment_id: UUID | None = None
    for_whom: UUID | None = field(default=None)  # a dependant, when `patient` books for somebody else

    @property
    def missing(self) -> str:
        """The first thing a booking cannot do without: patient, service, slot, or nothing."""
        if self.patient is None and self.new_patient is None:
            return "patient"
        if self.service is None:
            return "service"
        return "" if self.free else "slot"

    def services(self) -> tuple[Service, ...]:
        """What the chosen professional does, where a person pointed; everything when nobody is chosen, and nowhere."""
        able = tuple(one for one in self.catalogue.services if _does(one, self.professional_id))
        return tuple(one for one in able if self._takes_place_there(one)) or able

    def professional_ids(self) -> tuple[UUID, ...]:
        """Whose time is searched: the chosen professional, else everybody who does the service."""
        if self.professional_id:
            return (self.professional_id,)
        everybody = tuple(one.id for one in self.catalogue.professionals)
        able = self.service.professional_ids if self.service else ()
        return tuple(one for one in everybody if not able or one in able)

    def with_service(self, service: Service) -> "Booking":
        """Another service: its own length, and nobody who does not do it."""
        kept = self.professional_id if _does(service, self.professional_id) else None
        return replace(self, service=service, minutes=service.duration_minutes, professional_id=kept, free=None)

    def request(self, first_day: dt.date, wish: SlotWish = _ANYTIME) -> SlotRequest | None:
        """The search for free time as it is wished for, from a local day on."""
        if self.service is None:
            return None
        people = self.professional_ids()
        if self.professional_id is None and wish.people:
            people = tuple(one for one in people if one in wish.people)
        window = (wish.earliest, wish.latest, wish.weekdays)
        return SlotRequest(self._there(self.service), people, first_day, DAYS_SEARCHED, self.minutes, *window)

    def _takes_place_there(self, service: Service) -> bool:
        by_room = self.room_id is None or self.room_id in service.room_ids
        return by_room and (self.equipment_id is None or self.equipment_id in service.equipment_ids)

    def _there(self, service: Service) -> Service:
        """The service with no room or machine but the one that was pointed at, as far as it may be there."""
        if self.room_id in service.room_ids:
            service = replace(service, room_ids=(self.room_id,))
        if self.equipment_id in service.equipment_ids:
            service = replace(service, equipment_ids=(self.equipment_id,))
        return service

    def free_room(self, ground: Ground) -> UUID | None:
        """A room of the service that is free at the chosen time, the one that is chosen first; None when none is."""
        if self.free is None or self.service is None:
            return None
        held = self.free.slot.widened(self.service.buffer_before, self.service.buffer_after)
        rooms = sorted(self.service.room_ids, key=lambda one: one != self.free.room_id)  # type: ignore[union-attr]
        return next((one for one in rooms if ground.busy.is_free(one, held)), None)

    def at(self, slot: Slot, professional_id: UUID) -> "Booking":
        """The booking at a place a person pointed at; the room is the service's first until the search says better."""
        service = self._there(self.service) if self.service else None
        room = service.room_ids[0] if service and service.room_ids else None
        machine = service.equipment_ids[0] if service and service.equipment_ids else None
        free = FreeSlot(professional_id, slot, room, machine)
        return replace(self, professional_id=professional_id, minutes=slot.minutes, free=free)

    def command(self, operation_id: UUID) -> BookAppointment:
        """The wish itself; nothing may be missing."""
        assert self.free is not None and self.service is not None
        who: UUID | NewPatient | None = self.for_whom or (self.patient.id if self.patient else self.new_patient)
        assert who is not None
        return BookAppointment(
            operation_id=operation_id,
            patient=who,
            professional_id=self.free.professional_id,
            service_id=self.service.id,
            slot=self.free.slot,
            room_id=self.free.room_id,
            equipment_id=self.free.equipment_id,
            guardian_id=self.patient.id if self.for_whom and self.patient else None,
            status=Status.CONFIRMED if self.confirmed else Status.PENDING,
            note=self.note,
            overbooking_reason=self.overbooking_reason,
        )


def _does(service: Service, professional_id: UUID | None) -> bool:
    return professional_id is None or not service.professional_ids or professional_id in service.professional_ids
