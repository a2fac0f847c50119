"""Everything the agenda shows at one moment: the values given from outside, and where the layout has put them."""

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.desk.agenda.columns import ColumnSpec, FreeTime, Grouping, HeldStretch, column_key_of
from clinicdesk.desk.agenda.layout import Box, Entry, GridLayout, PlacedCard, Placing, Target
from clinicdesk.desk.agenda.lift import Deed, Lift, stands_against
from clinicdesk.desk.agenda.timescale import SNAP_MINUTES, TimeScale
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.hours import Closure
from clinicdesk.domain.saved_views import GRIDS, Sieve

_USUAL_LINES = 30  # minutes
_CLOSEST_LINES = 6.0  # pixels
_NO_COLUMNS = GridLayout(TimeScale(ZoneInfo("UTC")), (), 0.0)


@dataclass
class Scene:
    """Values in, places out; no Qt. `arrange` is called after any of the values above it has changed."""

    zone: ZoneInfo
    now: dt.datetime
    grouping: Grouping = Grouping.PROFESSIONAL
    specs: tuple[ColumnSpec, ...] = ()
    closures: Mapping[Hashable, Sequence[Closure]] = field(default_factory=dict)
    free: tuple[FreeTime, ...] = ()
    held: tuple[HeldStretch, ...] = ()
    hues: Mapping[UUID, int] = field(default_factory=dict)
    first_hour: int = 8
    last_hour: int = 19
    pixels_per_hour: float = 80.0
    grid_minutes: int = 0  # zero: lines each half hour, snapping finer
    sieve: Sieve = field(default_factory=Sieve)
    pinned: frozenset[UUID] = frozenset()  # put aside by this person, to be placed anew
    pending: dict[UUID, tuple[Target, int]] = field(default_factory=dict)  # where dropped, and the version then

    layout: GridLayout = _NO_COLUMNS
    placing: Placing = field(default_factory=Placing)
    shown: dict[UUID, Appointment] = field(default_factory=dict)
    cards: dict[UUID, PlacedCard] = field(default_factory=dict)

    selected: UUID | None = None
    hovered: UUID | None = None
    lift: Lift | None = None
    stroke: Target | None = None  # time being marked for something new

    def arrange(self, appointments: Iterable[Appointment], width: float, height: float, most_columns: int) -> None:
        """Lay everything out anew. A day shorter than the `height` to be seen is filled up with later hours."""
        self.shown = {
            appointment.id: appointment for appointment in appointments if self.sieve.lets_through(appointment)
        }
        entries = [self.entry(appointment) for appointment in self.shown.values()]
        self.layout = GridLayout(
            self._scale(entries, height), tuple(spec.column for spec in self.specs), width, most_columns
        )
        self.placing = self.layout.place(entries)
        self.cards = {card.id: card for card in self.placing.cards}

    def entry(self, appointment: Appointment) -> Entry:
        """An appointment as the layout knows it: where it was dropped while that is not settled, else where it is."""
        dropped = self.pending.get(appointment.id)
        if dropped is not None:
            target = dropped[0]
            beside = self._beside(appointment)
            return Entry(appointment.id, target.column_key, target.starts_at, target.ends_at, beside)
        return self.settled_entry(appointment)

    def as_dropped(self, appointment: Appointment) -> Appointment:
        """An appointment with the time its card shows: the one it was dropped on while that is not settled."""
        dropped = self.pending.get(appointment.id)
        if dropped is None:
            return appointment
        return replace(appointment, starts_at=dropped[0].starts_at, ends_at=dropped[0].ends_at)

    def settled_entry(self, appointment: Appointment) -> Entry:
        """An appointment where its value says, whatever is pending."""
        key = column_key_of(appointment, self.grouping, self.zone)
        return Entry(appointment.id, key, appointment.starts_at, appointment.ends_at, self._beside(appointment))

    def _beside(self, appointment: Appointment) -> bool:
        """Whether a card never takes its column's width: an overbooking; in a room it is alone like any other."""
        return appointment.overbooked and self.grouping in (Grouping.PROFESSIONAL, Grouping.DAY)

    def hue(self, appointment: Appointment) -> int:
        """The colour of a card: the professional's; in a week of one professional the category's."""
        if self.grouping is Grouping.DAY:
            return appointment.category_hue
        known = self.hues.get(appointment.professional_id)
        if known is not None:
            return known
        number = self.layout.index_of(appointment.professional_id)
        return self.specs[number].hue if number is not None else appointment.category_hue

    def place_of(self, appointment_id: UUID) -> Box | None:
        """Where a visit is to be seen: its card, or the “+2” that hides it."""
        card = self.cards.get(appointment_id)
        if card is not None:
            return card.box
        return next((more.box for more in self.placing.more if appointment_id in more.ids), None)

    def place_of_selected(self) -> Box | None:
        """Where the chosen visit is to be seen."""
        return None if self.selected is None else self.place_of(self.selected)

    def columns_of_visits(self) -> list[list[Appointment]]:
        """The visits of every column that are to be seen, from morning to evening."""
        rows: list[list[Appointment]] = [[] for _ in self.specs]
        hidden = {one for more in self.placing.more for one in more.ids}
        for appointment in self.shown.values():
            number = self.layout.index_of(self.entry(appointment).column_key)
            if number is not None and (appointment.id in self.cards or appointment.id in hidden):
                rows[number].append(appointment)
        for row in rows:
            row.sort(key=lambda one: (self.entry(one).starts_at, str(one.id)))
        return rows

    def reading_order(self) -> list[UUID]:
        """The visits as they are read aloud: column after column."""
        return [one.id for row in self.columns_of_visits() for one in row]

    @property
    def snap_minutes(self) -> int:
        """What a card in hand snaps to."""
        return self.grid_minutes or SNAP_MINUTES

    @property
    def line_minutes(self) -> int:
        """The step of the lines; a coarser one where the grid's own would lie too close."""
        wanted = self.grid_minutes or _USUAL_LINES
        fitting = (one for one in GRIDS if one >= wanted and one * self.pixels_per_hour / 60 >= _CLOSEST_LINES)
        return next(fitting, _USUAL_LINES)

    @property
    def new_minutes(self) -> int:
        """How long a visit is that is begun by a double click."""
        return self.grid_minutes or _USUAL_LINES

    def is_today(self, spec: ColumnSpec) -> bool:
        """Whether a column shows the local day of the present moment."""
        return spec.day == self.now.astimezone(self.zone).date()

    def in_the_way(self, appointment: Appointment) -> bool:
        """Whether the card in hand cannot be dropped because of this one."""
        if self.lift is None or self.lift.deed is Deed.GLIDE or self.lift.error is None:
            return False
        same = column_key_of(appointment, self.grouping, self.zone) == self.lift.target.column_key
        return stands_against(self.lift, appointment, same)

    def _scale(self, entries: Sequence[Entry], height: float) -> TimeScale:
        """The hours to show: those asked for, those that hold a visit, and as many more as fill the height."""
        first, last = self.first_hour, self.last_hour
        days = {spec.key: spec.day for spec in self.specs}
        plain = TimeScale(self.zone, self.pixels_per_hour)
        for entry in entries:
            day = days.get(entry.column_key)
            if day is not None:
                first = min(first, max(int(plain.minutes_of(day, entry.starts_at) // 60), 0))
                last = max(last, min(-int(-plain.minutes_of(day, entry.ends_at) // 60), 24))
        while last < 24 and TimeScale(self.zone, self.pixels_per_hour, first, last).height < height:
            last += 1
        return TimeScale(self.zone, self.pixels_per_hour, first, last)
