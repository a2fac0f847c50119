"""What the agenda shows, as values: which days, whose columns, and what stands where. No Qt and no I/O."""

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from uuid import UUID

from clinicdesk.desk.agenda.columns import ColumnSpec, FreeTime, Grouping
from clinicdesk.desk.agenda.columns import Placement as Pointed
from clinicdesk.domain.agenda import Appointment, Slot
from clinicdesk.domain.clinics import Catalogue, Service
from clinicdesk.domain.hours import Closure
from clinicdesk.domain.slots import Busy, FreeSlot, Holding, Placement, explain
from clinicdesk.errors import ClinicError, SlotTaken
from clinicdesk.formats import short_weekday
from clinicdesk.usecases.agenda import AgendaPage

DAY, WEEK = "day", "week"
_WORKING_DAYS = 6  # Monday to Saturday
_USUAL_HOURS = (8, 19)  # shown when nobody works
Closures = dict[Hashable, Sequence[Closure]]


class Board:
    """The choices that make a picture of the agenda, and the answers the picture needs.

    `appointments` gives the visits on show; what they hold is worked out once and forgotten by `forget_taken`.
    """

    def __init__(
        self,
        clinic_id: UUID,
        day: dt.date,
        professional_id: UUID | None,
        appointments: Callable[[], Sequence[Appointment]],
    ) -> None:
        self.clinic_id = clinic_id
        self.day = day
        self.mode = DAY
        self.grouping = Grouping.PROFESSIONAL
        self.shown: tuple[UUID, ...] = ()  # the professionals of a day
        self.professional_id = professional_id  # whose week it is
        self.catalogue: Catalogue | None = None
        self.content: AgendaPage | None = None
        self._appointments = appointments
        self._taken: Busy | None = None

    # --- what is chosen ---

    def take_catalogue(self, catalogue: Catalogue) -> None:
        """Know the clinic's people and rooms; whoever is gone is not shown any more, and somebody always is."""
        self.catalogue = catalogue
        known = tuple(one.id for one in catalogue.professionals)
        self.shown = tuple(one for one in self.shown if one in known) or known
        if self.professional_id not in known:
            self.professional_id = known[0] if known else None

    @property
    def by_room(self) -> bool:
        """Whether the columns are rooms."""
        return self.mode == DAY and self.grouping is Grouping.ROOM

    def days(self) -> tuple[dt.date, dt.date]:
        """The first and the last local day on show."""
        if self.mode == DAY:
            return self.day, self.day
        monday = self.day - dt.timedelta(days=self.day.weekday())
        return monday, monday + dt.timedelta(days=_WORKING_DAYS - 1)

    def people(self) -> tuple[UUID, ...]:
        """Whose visits are read."""
        if self.mode == WEEK:
            return (self.professional_id,) if self.professional_id else ()
        if self.by_room and self.catalogue:
            return tuple(one.id for one in self.catalogue.professionals)
        return self.shown

    def things(self) -> list[UUID]:
        """The rooms and machines whose holdings are read."""
        if self.catalogue is None:
            return []
        return [room.id for room in self.catalogue.rooms] + [one.id for one in self.catalogue.equipment]

    def belongs(self, appointment: Appointment, days: tuple[dt.date, dt.date], zone: dt.tzinfo) -> bool:
        """Whether a visit is one of those on show."""
        if appointment.clinic_id != self.clinic_id:
            return False
        if not self.by_room and appointment.professional_id not in self.people():
            return False
        return days[0] <= appointment.starts_at.astimezone(zone).date() <= days[1]

    def name_of(self, professional_id: UUID) -> str:
        """The name a column carries."""
        people = self.catalogue.professionals if self.catalogue else ()
        return next((one.name for one in people if one.id == professional_id), "")

    # --- the picture ---

    def columns(self) -> tuple[list[ColumnSpec], Closures]:
        """The columns from left to right, and the closed time of each."""
        if self.content is None or self.catalogue is None:
            return [], {}
        if self.mode == WEEK:
            return self._week_columns(self.content)
        return self._room_columns(self.content, self.catalogue) if self.by_room else self._people_columns(self.content)

    def hours(self) -> tuple[int, int]:
        """The hours that anybody on show works, an hour of air after them."""
        if self.content is None:
            return _USUAL_HOURS
        calendar = self.content.calendar
        first, last = self.days()
        opened = [
            slot
            for offset in range((last - first).days + 1)
            for person in self.people()
            for slot in calendar.open_slots(person, first + dt.timedelta(days=offset))
        ]
        if not opened:
            return _USUAL_HOURS
        starts = [slot.starts_at.astimezone(calendar.zone).hour for slot in opened]
        ends = [(slot.ends_at - dt.timedelta(minutes=1)).astimezone(calendar.zone).hour for slot in opened]
        return min(starts), min(24, max(ends) + 1)

    def ghost(self, free: FreeSlot | None, zone: dt.tzinfo) -> list[FreeTime]:
        """Where a booking under way would lie, when that is on show."""
        if free is None:
            return []
        day = free.slot.starts_at.astimezone(zone).date()
        if self.mode == WEEK:
            column: Hashable = day
            visible = free.professional_id == self.professional_id
        else:
            column = free.room_id if self.by_room else free.professional_id
            visible = day == self.day
        return [FreeTime(column, free.slot.starts_at, free.slot.ends_at)] if visible else []

    def _people_columns(self, content: AgendaPage) -> tuple[list[ColumnSpec], Closures]:
        assert self.catalogue is not None
        people = [one for one in self.catalogue.professionals if one.id in self.shown]
        specs = [ColumnSpec(one.id, self.day, one.name, one.specialty, self._count(one.id), one.hue) for one in people]
        return specs, {one.id: content.calendar.closures(one.id, self.day) for one in people}

    def _room_columns(self, content: AgendaPage, catalogue: Catalogue) -> tuple[list[ColumnSpec], Closures]:
        # A room has no hours of its own: it is open while the clinic is.
        weekly = dict(content.calendar.weekly)
        weekly |= {room.id: weekly.get(None, {}) for room in catalogue.rooms}
        calendar = replace(content.calendar, weekly=weekly)
        specs = [
            ColumnSpec(room.id, self.day, room.name, count=self._count(room.id), icon="door-open")
            for room in catalogue.rooms
        ]
        return specs, {room.id: calendar.closures(room.id, self.day) for room in catalogue.rooms}

    def _week_columns(self, content: AgendaPage) -> tuple[list[ColumnSpec], Closures]:
        professional = self.professional_id
        if professional is None:
            return [], {}
        calendar = content.calendar
        first, last = self.days()
        days = [first + dt.timedelta(days=offset) for offset in range((last - first).days + 1)]
        specs = []
        for day in days:
            opened = sum(slot.minutes for slot in calendar.open_slots(professional, day))
            standing = [one for one in self._standing() if calendar.local_day(one.starts_at) == day]
            taken = sum(one.slot.minutes for one in standing)
            occupancy = min(1.0, taken / opened) if opened else 0.0
            specs.append(ColumnSpec(day, day, short_weekday(day), count=len(standing), occupancy=occupancy))
        return specs, {day: calendar.closures(professional, day) for day in days}

    def _standing(self) -> list[Appointment]:
        return [one for one in self._appointments() if one.status.holds_the_slot]

    def _count(self, column: UUID) -> int:
        return sum(column in (one.professional_id, one.room_id) for one in self._standing())

    # --- what stands where ---

    def place(self, appointment: Appointment, column: object, slot: Slot) -> tuple[UUID, UUID | None]:
        """The professional and the room that a column means for a visit at that time."""
        if self.by_room and isinstance(column, UUID):
            return appointment.professional_id, column
        professional_id = column if self.mode == DAY and isinstance(column, UUID) else appointment.professional_id
        return professional_id, self._room_for(appointment, slot)

    def professional_of(self, column: object) -> UUID | None:
        """Whose time a column is, when it is somebody's."""
        if self.mode == WEEK:
            return self.professional_id
        return column if isinstance(column, UUID) and not self.by_room else None

    def explained(self, asked: Pointed) -> ClinicError | None:
        """What stands against a place, from what is on show; the database decides when the card is let go."""
        held = asked.appointment
        if self.content is None or held is None:
            return None
        slot = Slot(asked.starts_at, asked.ends_at)
        professional_id, room_id = self.place(held, asked.column_key, slot)
        placement = Placement(
            professional_id,
            slot,
            room_id,
            held.equipment_id,
            held.buffer_before,
            held.buffer_after,
            held.overbooked,
            held.id,
        )
        refusal = explain(placement, self.content.calendar, self.taken())
        if isinstance(refusal, SlotTaken) and refusal.resource_kind == "professional":
            return replace(refusal, resource_name=self.name_of(professional_id))
        return refusal

    def taken(self) -> Busy:
        """What is held: by the visits on show as they are now, by all others as they were read."""
        if self._taken is None:
            shown = {one.id for one in self._appointments()}
            read = self.content.busy if self.content else ()
            holdings = [one for one in read if one.appointment_id not in shown]
            for one in self._standing():
                held = one.slot.widened(one.buffer_before, one.buffer_after)
                resources = filter(None, (one.professional_id, one.room_id, one.equipment_id))
                holdings += [Holding(each, held, one.id, one.patient_name) for each in resources]
            self._taken = Busy(holdings)
        return self._taken

    def forget_taken(self) -> None:
        """The visits on show have changed."""
        self._taken = None

    def services_on_show(self) -> list[Service]:
        """The services of the visits on show, one for each visit."""
        services = {one.id: one for one in self.catalogue.services} if self.catalogue else {}
        return [services[one.service_id] for one in self._appointments() if one.service_id in services]

    def _room_for(self, appointment: Appointment, slot: Slot) -> UUID | None:
        """The room it has, if that is free then; else another one of its service that is."""
        services = self.catalogue.services if self.catalogue else ()
        service = next((one for one in services if one.id == appointment.service_id), None)
        if appointment.room_id is None or service is None:
            return appointment.room_id
        held = slot.widened(appointment.buffer_before, appointment.buffer_after)
        for room_id in (appointment.room_id, *service.room_ids):
            if all(one.appointment_id == appointment.id for one in self.taken().within(room_id, held)):
                return room_id
        return appointment.room_id
