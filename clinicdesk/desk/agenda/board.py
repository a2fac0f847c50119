"""What the agenda shows, as values: which days, whose columns, and what stands where. No Qt and no I/O."""

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from clinicdesk.desk.agenda.column_use import ColumnUse
from clinicdesk.desk.agenda.columns import ColumnSpec, FreeTime, Grouping, HeldStretch, SeenHold
from clinicdesk.desk.agenda.columns import Placement as Pointed
from clinicdesk.desk.agenda.month_days import MonthDay, month_of
from clinicdesk.domain.agenda import Appointment, Slot
from clinicdesk.domain.clinics import Catalogue, Equipment, Room, Service
from clinicdesk.domain.day_use import DayUse, shortest_service
from clinicdesk.domain.fitting import held_by
from clinicdesk.domain.hours import Calendar, Closure
from clinicdesk.domain.offers import Offer
from clinicdesk.domain.saved_views import ColumnsBy, Mode, Sieve, ViewSettings
from clinicdesk.domain.slots import Busy, FreeSlot, Holding, Placement, explain
from clinicdesk.domain.visits import moves_together
from clinicdesk.errors import ClinicError, SlotTaken
from clinicdesk.formats import clock, short_weekday
from clinicdesk.usecases.agenda import AgendaPage
from clinicdesk.words import _

DAY, WEEK, MONTH, LIST = Mode.DAY, Mode.WEEK, Mode.MONTH, Mode.LIST
_WORKING_DAYS = 6  # Monday to Saturday
_DAYS_OF_WEEK = 7
_GROUPINGS = {
    ColumnsBy.PROFESSIONAL: Grouping.PROFESSIONAL,
    ColumnsBy.ROOM: Grouping.ROOM,
    ColumnsBy.EQUIPMENT: Grouping.EQUIPMENT,
}
_USUAL_HOURS = (8, 19)  # shown when nobody works
Closures = dict[Hashable, Sequence[Closure]]


@dataclass(frozen=True, slots=True)
class Spot:
    """Who, where and with what; None for what is not known or not needed."""

    professional_id: UUID | None
    room_id: UUID | None = None
    equipment_id: UUID | None = None


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
        self.columns_by = ColumnsBy.PROFESSIONAL
        self.sieve = Sieve()
        self.grid_minutes = 0
        self.pixels_per_hour = 0  # zero: as the density has it
        self.shown: tuple[UUID, ...] = ()  # the professionals of a day, a month and a list
        self.professional_id = professional_id  # whose week it is
        self.catalogue: Catalogue | None = None
        self.content: AgendaPage | None = None
        self._appointments = appointments
        self._taken: Busy | None = None
        self._column_use = ColumnUse()
        self.held: Sequence[SeenHold] = ()  # by others, while they talk
        self.offered: Mapping[UUID, Offer] = {}  # what is on offer to the waiting list, by its hold

    # --- what is chosen ---

    def take_catalogue(self, catalogue: Catalogue) -> None:
        """Know the clinic's people and rooms; whoever is gone is not shown any more, and somebody always is."""
        self.catalogue = catalogue
        known = tuple(one.id for one in catalogue.professionals)
        self.shown = tuple(one for one in self.shown if one in known) or known
        if self.professional_id not in known:
            self.professional_id = known[0] if known else None

    @property
    def settings(self) -> ViewSettings:
        """How the agenda is looked at now; everybody is nobody in particular, whoever joins later included."""
        known = {one.id for one in self.catalogue.professionals} if self.catalogue else set()
        return ViewSettings(
            self.mode,
            self.columns_by,
            () if set(self.shown) >= known else self.shown,
            self.professional_id if self.mode is WEEK else None,
            self.grid_minutes,
            self.pixels_per_hour,
            self.sieve,
        )

    def apply(self, settings: ViewSettings) -> None:
        """Look at the agenda like this; who has left the clinic since is passed over."""
        people = [one.id for one in self.catalogue.professionals] if self.catalogue else []
        self.mode, self.columns_by = settings.mode, settings.columns_by
        self.shown = tuple(one for one in people if one in settings.professionals) or tuple(people)
        if settings.whose in people:
            self.professional_id = settings.whose
        self.grid_minutes, self.pixels_per_hour = settings.grid_minutes, settings.pixels_per_hour
        self.sieve = settings.sieve

    @property
    def grouping(self) -> Grouping:
        """What the columns of the picture hold."""
        return Grouping.DAY if self.mode is WEEK else _GROUPINGS[self.columns_by]

    @property
    def by_thing(self) -> bool:
        """Whether the columns are rooms or machines, whoever works there."""
        return self.mode is DAY and self.columns_by is not ColumnsBy.PROFESSIONAL

    def days(self) -> tuple[dt.date, dt.date]:
        """The first and the last local day on show."""
        if self.mode is MONTH:
            return month_days(self.day)
        if self.mode is not WEEK:
            return self.day, self.day
        monday = self.day - dt.timedelta(days=self.day.weekday())
        return monday, monday + dt.timedelta(days=_WORKING_DAYS - 1)

    def stepped(self, steps: int) -> dt.date:
        """The day to open so many days, weeks or months on."""
        if self.mode is MONTH:
            index = self.day.year * 12 + self.day.month - 1 + steps
            year, month = index // 12, index % 12 + 1
            return dt.date(year, month, min(self.day.day, calendar.monthrange(year, month)[1]))
        return self.day + dt.timedelta(days=steps * (_DAYS_OF_WEEK if self.mode is WEEK else 1))

    def people(self) -> tuple[UUID, ...]:
        """Whose visits are read."""
        if self.mode is WEEK:
            return (self.professional_id,) if self.professional_id else ()
        if self.by_thing and self.catalogue:
            return tuple(one.id for one in self.catalogue.professionals)
        return self.shown

    def things(self) -> list[UUID]:
        """The rooms and machines whose holdings are read; none where nothing can be moved."""
        if self.catalogue is None or self.mode not in (DAY, WEEK):
            return []
        return [room.id for room in self.catalogue.rooms] + [one.id for one in self.catalogue.equipment]

    def belongs(self, appointment: Appointment, days: tuple[dt.date, dt.date], zone: dt.tzinfo) -> bool:
        """Whether a visit is one of those on show."""
        if appointment.clinic_id != self.clinic_id:
            return False
        if not self.by_thing and appointment.professional_id not in self.people():
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
        self._column_use.begin(self.content.calendar, self.catalogue, self.columns_by, self.mode)
        if self.mode is WEEK:
            return self._week_columns(self.content)
        return self._thing_columns(self.content) if self.by_thing else self._people_columns(self.content)

    def month(self) -> list[MonthDay]:
        """The cells of the month."""
        if self.content is None:
            return []
        calendar, people = self.content.calendar, self.people()
        self._column_use.begin(calendar, self.catalogue, self.columns_by, self.mode)

        def opened(day: dt.date) -> int:
            slots = (slot for one in people for slot in calendar.open_slots(one, day))
            return self._column_use.once("opened", (day, people), lambda: sum(slot.minutes for slot in slots))

        return month_of(self.day, self.days(), self._appointments(), self.sieve, calendar, opened)

    def hours(self) -> tuple[int, int]:
        """The hours that anybody on show works, an hour of air after them."""
        if self.content is None or self.catalogue is None:
            return _USUAL_HOURS
        calendar = self.content.calendar
        self._column_use.begin(calendar, self.catalogue, self.columns_by, self.mode)
        return self._column_use.once("hours", (self.days(), self.people()), lambda: self._hours(calendar))

    def _hours(self, calendar: Calendar) -> tuple[int, int]:
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
        if self.mode is WEEK:
            column: Hashable = day
            visible = free.professional_id == self.professional_id
        else:
            things = {ColumnsBy.ROOM: free.room_id, ColumnsBy.EQUIPMENT: free.equipment_id}
            column = things.get(self.columns_by, free.professional_id)
            visible = day == self.day
        return [FreeTime(column, free.slot.starts_at, free.slot.ends_at)] if visible else []

    def held_stretches(self, zone: dt.tzinfo) -> list[HeldStretch]:
        """What others hold, in the columns that are on show."""
        found = []
        for one in self.held:
            day = one.hold.slot.starts_at.astimezone(zone).date()
            keys: Sequence[Hashable] = one.hold.resource_ids
            if self.mode is WEEK:
                keys = [day] if self.professional_id in one.hold.resource_ids else []
            elif day != self.day:
                continue
            words, short = self._held_words(one, zone)
            slot = one.hold.slot
            found += [HeldStretch(key, slot.starts_at, slot.ends_at, words, short) for key in keys]
        return found

    def _held_words(self, one: SeenHold, zone: dt.tzinfo) -> tuple[str, str]:
        """Who holds a stretch, or to whom of the waiting list it is offered, and until when; whole and short."""
        offer = self.offered.get(one.hold.id)
        if offer is not None:
            until = clock(offer.expires_at, zone)
            return _("Offered to the waiting list · until {time}").format(time=until), _("Offered · {time}").format(
                time=until
            )
        who, until = one.hold.holder.split()[0] if one.hold.holder else _("somebody"), clock(one.until, zone)
        return _("Held by {who} · until {time}").format(who=who, time=until), f"{who} · {until}"

    def _people_columns(self, content: AgendaPage) -> tuple[list[ColumnSpec], Closures]:
        assert self.catalogue is not None
        people, counts = [one for one in self.catalogue.professionals if one.id in self.shown], self._counts()
        specs = [
            ColumnSpec(
                one.id, self.day, one.name, one.specialty, counts[one.id], one.hue, use=self._use(one.id, self.day)
            )
            for one in people
        ]
        return specs, {one.id: self._column_use.closures(content.calendar, one.id, self.day) for one in people}

    def _thing_columns(self, content: AgendaPage) -> tuple[list[ColumnSpec], Closures]:
        assert self.catalogue is not None
        by_room = self.columns_by is ColumnsBy.ROOM
        things: Sequence[Room | Equipment] = self.catalogue.rooms if by_room else self.catalogue.equipment
        icon = "door-open" if by_room else "monitor"
        calendar, counts = _open_like_the_clinic(content.calendar, [one.id for one in things]), self._counts()
        specs = [
            ColumnSpec(one.id, self.day, one.name, count=counts[one.id], icon=icon, use=self._use(one.id, self.day))
            for one in things
        ]
        return specs, {one.id: self._column_use.closures(calendar, one.id, self.day) for one in things}

    def _week_columns(self, content: AgendaPage) -> tuple[list[ColumnSpec], Closures]:
        professional = self.professional_id
        if professional is None:
            return [], {}
        calendar = content.calendar
        first, last = self.days()
        days = [first + dt.timedelta(days=offset) for offset in range((last - first).days + 1)]
        specs = []
        for day in days:
            standing = [one for one in self._standing() if calendar.local_day(one.starts_at) == day]
            use = self._use(professional, day)
            specs.append(
                ColumnSpec(day, day, short_weekday(day), count=len(standing), occupancy=use.occupancy, use=use)
            )
        return specs, {day: self._column_use.closures(calendar, professional, day) for day in days}

    def _standing(self) -> list[Appointment]:
        return [one for one in self._appointments() if one.status.holds_the_slot]

    def _counts(self) -> Counter[UUID | None]:
        """How many visits stand with each professional, in each room and with each machine."""
        standing = self._standing()
        return Counter(key for one in standing for key in (one.professional_id, one.room_id, one.equipment_id))

    def _use(self, resource_id: UUID, day: dt.date) -> DayUse:
        """How the open time of a column's day is used."""
        assert self.content is not None and self.catalogue is not None
        plain, by = self.content.calendar, ColumnsBy.PROFESSIONAL if self.mode is WEEK else self.columns_by
        calendar = plain if by is ColumnsBy.PROFESSIONAL else _open_like_the_clinic(plain, [resource_id])
        taken = [one.slot for one in self.taken().within(resource_id, calendar.day_slot(day))]
        services = self.catalogue.services
        shortest = self._column_use.once("shortest", resource_id, lambda: shortest_service(services, resource_id, by))
        return self._column_use.use(calendar, resource_id, day, taken, shortest)

    # --- what stands where ---

    def place(self, appointment: Appointment, column: object, slot: Slot) -> Spot:
        """The professional, room and machine that a column means for a visit at that time."""
        if self.by_thing and isinstance(column, UUID):
            by_room = self.columns_by is ColumnsBy.ROOM
            room_id = column if by_room else self._room_for(appointment, slot)
            return Spot(appointment.professional_id, room_id, appointment.equipment_id if by_room else column)
        professional_id = column if self.mode is DAY and isinstance(column, UUID) else appointment.professional_id
        return Spot(professional_id, self._room_for(appointment, slot), appointment.equipment_id)

    def pointed(self, column: object) -> Spot:
        """Whose time, which room or which machine an empty place of a column is; None for what it does not say."""
        if self.mode is WEEK:
            return Spot(self.professional_id)
        if not isinstance(column, UUID):
            return Spot(None)
        by = self.columns_by
        return Spot(
            column if by is ColumnsBy.PROFESSIONAL else None,
            column if by is ColumnsBy.ROOM else None,
            column if by is ColumnsBy.EQUIPMENT else None,
        )

    def explained(self, asked: Pointed) -> ClinicError | None:
        """What stands against a place, from what is on show; the database decides when the card is let go."""
        held = asked.appointment
        if self.content is None or held is None:
            return None
        slot = Slot(asked.starts_at, asked.ends_at)
        place = self.place(held, asked.column_key, slot)
        placement = Placement(
            place.professional_id or held.professional_id,
            slot,
            place.room_id,
            place.equipment_id,
            held.buffer_before,
            held.buffer_after,
            held.overbooked,
            held.id,
        )
        along = moves_together(held, self._appointments())
        delta = slot.starts_at - held.starts_at
        if asked.alone or len(along) == 1 or not delta:
            return self._against(placement, self.content.calendar, self.taken())
        going = {one.id for one in along}
        busy = Busy(one for one in self._holdings() if one.appointment_id not in going)
        others = [_laid(one, delta) for one in along[1:]]
        refusals = (self._against(each, self.content.calendar, busy) for each in (placement, *others))
        return next((one for one in refusals if one is not None), None)

    def _against(self, placement: Placement, calendar: Calendar, busy: Busy) -> ClinicError | None:
        refusal = explain(placement, calendar, busy)
        return self.named(refusal, placement.professional_id) if refusal else None

    def named(self, refusal: ClinicError, professional_id: UUID) -> ClinicError:
        """A refusal with the name of the professional it speaks of."""
        if isinstance(refusal, SlotTaken) and refusal.resource_kind == "professional":
            return replace(refusal, resource_name=self.name_of(professional_id))
        return refusal

    def taken(self) -> Busy:
        """What is held: by the visits on show as they are now, by all others as they were read."""
        if self._taken is None:
            self._taken = Busy(self._holdings())
        return self._taken

    def _holdings(self) -> list[Holding]:
        shown = {one.id for one in self._appointments()}
        read = self.content.busy if self.content else ()
        holdings = [one for one in read if one.hold_id is None and one.appointment_id not in shown]
        for one in self._standing():
            holdings += held_by(one)
        for seen in self.held:
            holder, left = seen.hold.holder, seen.hold.minutes_left
            holdings += [
                Holding(each, seen.hold.slot, None, holder, seen.hold.id, left) for each in seen.hold.resource_ids
            ]
        return holdings

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
        going = {one.id for one in moves_together(appointment, self._appointments())}
        for room_id in (appointment.room_id, *service.room_ids):
            if all(one.appointment_id in going for one in self.taken().within(room_id, held)):
                return room_id
        return appointment.room_id


def month_days(day: dt.date) -> tuple[dt.date, dt.date]:
    """The days a picture of the month shows: whole weeks from Sunday on."""
    first = day.replace(day=1)
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return first - dt.timedelta(days=first.isoweekday() % 7), last + dt.timedelta(days=6 - last.isoweekday() % 7)


def _open_like_the_clinic(calendar: Calendar, things: Sequence[UUID]) -> Calendar:
    """Rooms and machines have no hours of their own: they are open while the clinic is."""
    weekly = dict(calendar.weekly)
    return replace(calendar, weekly=weekly | {one: weekly.get(None, {}) for one in things})


def _laid(one: Appointment, delta: dt.timedelta) -> Placement:
    """A visit so much later, with the same people and things."""
    return Placement(
        one.professional_id,
        Slot(one.starts_at + delta, one.ends_at + delta),
        one.room_id,
        one.equipment_id,
        one.buffer_before,
        one.buffer_after,
        one.overbooked,
        one.id,
    )
