"""When a clinic and its people work: weekly hours, exceptions, holidays, time off, and the closed rest of a day.

Hours are local wall-clock times; what leaves this module are instants in UTC. A wall-clock time that a change to summer
time skips stands for the first instant after the gap (in Brazil, before 2019, that was midnight itself).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

import holidays as _holidays

from clinicdesk.domain.agenda import Slot

Span = tuple[dt.time, dt.time]  # an end of 00:00 is the midnight that closes the day


class ClosureKind(StrEnum):
    """Why nobody is booked in a stretch of the day."""

    CLOSED = "closed"
    BREAK = "break"
    HOLIDAY = "holiday"
    TIME_OFF = "time_off"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Closure:
    """A stretch that is not worked, and the clinic's own word for it (may be empty)."""

    slot: Slot
    kind: ClosureKind
    label: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Time a person kept free on purpose; `id` is None and the reason empty when another unit did."""

    id: UUID | None
    resource_id: UUID
    slot: Slot
    kind: ClosureKind
    reason: str
    version: int = 1


@dataclass(frozen=True, slots=True)
class HoursException:
    """The hours of one date, instead of the weekly ones; no spans means closed."""

    day: dt.date
    spans: tuple[Span, ...]
    label: str = ""


@dataclass(frozen=True)
class Calendar:
    """Everything that says when work is done, for a stretch of days. The key None stands for the clinic itself."""

    zone: ZoneInfo
    weekly: Mapping[UUID | None, Mapping[int, tuple[Span, ...]]]  # ISO weekday 1–7 -> spans in order
    exceptions: Mapping[tuple[UUID | None, dt.date], HoursException] = field(default_factory=dict)
    holidays: Mapping[dt.date, str] = field(default_factory=dict)
    blocks: Mapping[UUID, tuple[Block, ...]] = field(default_factory=dict)

    def local_day(self, moment: dt.datetime) -> dt.date:
        """The date on the clinic's wall at `moment`."""
        return moment.astimezone(self.zone).date()

    def day_slot(self, day: dt.date) -> Slot:
        """The whole of a local day: 23, 24 or 25 hours."""
        return Slot(instant(day, dt.time(0), self.zone), instant(day + dt.timedelta(days=1), dt.time(0), self.zone))

    def open_slots(self, professional_id: UUID, day: dt.date) -> tuple[Slot, ...]:
        """When the professional may be booked on a local day, blocks and time off taken out."""
        spans = self._spans(professional_id, day)
        slots = [slot for slot in (self._slot(day, span) for span in spans) if slot]
        return tuple(without(slots, (block.slot for block in self.blocks.get(professional_id, ()))))

    def closures(self, professional_id: UUID, day: dt.date) -> tuple[Closure, ...]:
        """The rest of the day, in order, each stretch with its reason."""
        whole = self.day_slot(day)
        blocks = [block for block in self.blocks.get(professional_id, ()) if block.slot.overlaps(whole)]
        found = [Closure(block.slot.within(whole), block.kind, block.reason) for block in blocks]
        worked = [slot for slot in (self._slot(day, span) for span in self._spans(professional_id, day)) if slot]
        for gap in without(without([whole], worked), (block.slot for block in blocks)):
            found.append(self._named(gap, professional_id, day, worked))
        return tuple(sorted(found, key=lambda closure: closure.slot))

    def is_worked(self, professional_id: UUID, slot: Slot) -> bool:
        """Whether the whole of `slot` lies inside one stretch of worked time. Across midnight it never does."""
        day = self.local_day(slot.starts_at)
        return any(
            opened.starts_at <= slot.starts_at and slot.ends_at <= opened.ends_at
            for opened in self.open_slots(professional_id, day)
        )

    def closure_at(self, professional_id: UUID, slot: Slot) -> Closure | None:
        """The first closed stretch that `slot` touches, None when it is all worked time."""
        return next(self.closures_at(professional_id, slot), None)

    def closures_at(self, professional_id: UUID, slot: Slot) -> Iterator[Closure]:
        """Every closed stretch that `slot` touches, in order."""
        day = self.local_day(slot.starts_at)
        last = self.local_day(slot.ends_at - dt.timedelta(microseconds=1))
        for each in (day,) if last == day else (day, last):
            for closure in self.closures(professional_id, each):
                if closure.slot.overlaps(slot):
                    yield closure

    def _spans(self, professional_id: UUID, day: dt.date) -> tuple[Span, ...]:
        own = self.exceptions.get((professional_id, day))
        if own is not None:
            return own.spans
        clinic = self.exceptions.get((None, day))
        if clinic is None and day in self.holidays:
            return ()
        weekday = day.isoweekday()
        clinic_spans = clinic.spans if clinic else self.weekly.get(None, {}).get(weekday, ())
        return tuple(_common(clinic_spans, self.weekly.get(professional_id, {}).get(weekday, ())))

    def _slot(self, day: dt.date, span: Span) -> Slot | None:
        starts, ends = span
        first = instant(day, starts, self.zone)
        last = (
            instant(day, ends, self.zone, latest=True)
            if ends != dt.time(0)
            else instant(day + dt.timedelta(days=1), dt.time(0), self.zone)
        )
        return Slot(first, last) if first < last else None

    def _named(self, gap: Slot, professional_id: UUID, day: dt.date, worked: list[Slot]) -> Closure:
        own = self.exceptions.get((professional_id, day)) or self.exceptions.get((None, day))
        if not worked and day in self.holidays:
            return Closure(gap, ClosureKind.HOLIDAY, self.holidays[day])
        if not worked and own:
            return Closure(gap, ClosureKind.TIME_OFF if own.label else ClosureKind.CLOSED, own.label)
        inside = worked and worked[0].starts_at < gap.starts_at and gap.ends_at < worked[-1].ends_at
        return Closure(gap, ClosureKind.BREAK if inside else ClosureKind.CLOSED)


@lru_cache(maxsize=4096)
def instant(day: dt.date, wall: dt.time, zone: ZoneInfo, *, latest: bool = False) -> dt.datetime:
    """The UTC instant of a wall-clock time; of two, the earlier unless `latest`; in a gap, the one after the gap."""
    local = dt.datetime.combine(day, wall, tzinfo=zone).replace(fold=int(latest))
    moment = local.astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    return _after_gap(local)


def _after_gap(local: dt.datetime) -> dt.datetime:
    """The instant at which the clock jumped over `local`, found by halving; to the second."""
    low = local.replace(fold=1).astimezone(dt.UTC)
    high = local.replace(fold=0).astimezone(dt.UTC)
    zone = local.tzinfo
    before = low.astimezone(zone).utcoffset()
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def without(slots: Iterable[Slot], taken: Iterable[Slot]) -> Iterator[Slot]:
    """What is left of `slots` (in order, apart from each other) when `taken` (any order) is cut out."""
    cuts = sorted(taken)
    for slot in slots:
        start = slot.starts_at
        for cut in cuts:
            if cut.ends_at <= start:
                continue
            if cut.starts_at >= slot.ends_at:
                break
            if start < cut.starts_at:
                yield Slot(start, cut.starts_at)
            start = max(start, cut.ends_at)
        if start < slot.ends_at:
            yield Slot(start, slot.ends_at)


def _common(first: Iterable[Span], second: Iterable[Span]) -> Iterator[Span]:
    """The stretches that two lists of spans share."""
    others = tuple(second)
    for starts, ends in first:
        for other_starts, other_ends in others:
            start = max(starts, other_starts)
            end = min(ends, other_ends, key=_closing)
            if _closing(start) < _closing(end) or (start == dt.time(0) and _closing(end)):
                yield start, end


def _closing(wall: dt.time) -> int:
    """Minutes since midnight of a closing time, where 00:00 closes the day."""
    return (wall.hour * 60 + wall.minute) or 24 * 60


SAO_PAULO = "São Paulo Capital"  # the one city whose own days the package knows


@lru_cache(maxsize=64)
def optional_holidays(state: str, city: str, year: int, language: str = "pt_BR") -> Mapping[dt.date, str]:
    """The days that many here do not work though the law lets them: the city's own, and the optional ones."""
    capital = SAO_PAULO if city.strip() in ("São Paulo", "Sao Paulo") and state == "SP" else state
    found = _holidays.country_holidays(
        "BR", subdiv=capital or None, years=year, language=language, categories=("public", "optional")
    )
    return {day: name for day, name in found.items() if day not in public_holidays(state, year, language)}


@lru_cache(maxsize=256)
def public_holidays(state: str, year: int, language: str = "pt_BR") -> Mapping[dt.date, str]:
    """The national holidays and those of a Brazilian state in a year, by the `holidays` package."""
    return dict(_holidays.country_holidays("BR", subdiv=state or None, years=year, language=language))
