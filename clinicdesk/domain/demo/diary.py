"""Years of agenda: day after day, professional by professional, visits that keep clear of each other.

Minutes of the local day are counted here; a room or a machine has one holder at a time, as the database will ask.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.demo.catalogue import Minutes
from clinicdesk.domain.demo.keys import ZONE, House, Unit, offers
from clinicdesk.domain.demo.people import DemoPatient
from clinicdesk.domain.demo.rhythm import Off, spans_of
from clinicdesk.domain.demo.visits import OVERBOOKING_REASONS, DemoVisit, Place, make_visit, status_at
from clinicdesk.domain.hours import instant

_GRID = 15
_NOON = 12 * 60


class _Offer(NamedTuple):
    service: Service
    session: bool


class _Menu:
    """What one professional gives in one unit: first visits, and the rest by weight."""

    def __init__(self, house: House, unit: Unit, position: int) -> None:
        plan = house.plan.professionals[position]
        self.home = unit.rooms[plan.room].id
        mine = [one for one in house.plan.services if offers(plan, one)]
        self._first = [_Offer(unit.services[one.name], False) for one in mine if one.role == "first"]
        later = [one for one in mine if one.role != "first"]
        self._later = [_Offer(unit.services[one.name], one.role == "session") for one in later]
        self._sums = list(accumulate(one.weight for one in later))

    def draw(self, random: Random, first_visit: bool) -> _Offer:
        if first_visit:
            return random.choice(self._first)
        return random.choices(self._later, cum_weights=self._sums)[0]


class _Series:
    """A patient who comes every week at the same hour until the package is used up."""

    __slots__ = ("count", "done", "offer", "patient")

    def __init__(self, patient: DemoPatient, offer: _Offer, count: int) -> None:
        self.patient, self.offer, self.count, self.done = patient, offer, count, 1


class Held:
    """What rooms and machines are taken on one day, in minutes."""

    def __init__(self) -> None:
        self._spans: dict[UUID, list[Minutes]] = defaultdict(list)

    def is_free(self, resource_id: UUID, start: int, end: int) -> bool:
        return all(end <= first or last <= start for first, last in self._spans[resource_id])

    def take(self, resource_id: UUID | None, start: int, end: int) -> None:
        if resource_id is not None:
            self._spans[resource_id].append((start, end))


class Diary:
    """Writes the days of a house in order.

    `new_share` is how many of the visits are somebody's first; `regulars` are known from the first day on.
    """

    def __init__(
        self,
        random: Random,
        house: House,
        patients: Sequence[DemoPatient],
        times_off: Sequence[Off],
        moment: dt.datetime,
        new_share: float,
        regulars: Mapping[int, Sequence[DemoPatient]],
    ) -> None:
        self._random, self._house, self._patients, self._moment = random, house, patients, moment
        self._new_share = new_share
        self._zone = ZoneInfo(ZONE)
        self._unseen = 0
        self._known: dict[int, list[DemoPatient]] = defaultdict(list)
        for position, people in regulars.items():
            self._known[position].extend(people)
        self._series: dict[tuple[int, int, int], _Series] = {}
        self._menus: dict[tuple[int, int], _Menu] = {}
        self._off: dict[int, list[Off]] = defaultdict(list)
        for off in times_off:
            self._off[off.professional].append(off)

    def day(
        self, day: dt.date, full: float, skipped: frozenset[int] = frozenset(), held: Sequence[Held] = ()
    ) -> Iterator[DemoVisit]:
        """The visits of one day; `skipped` professionals have none, `held` is what is taken already in each unit."""
        taken = held or (Held(), Held())
        midnight = instant(day, dt.time(0), self._zone)
        for position, plan in enumerate(self._house.plan.professionals):
            worked = None if position in skipped else spans_of(plan, day)
            if worked is None:
                continue
            unit, spans = worked
            weekday = day.isoweekday()
            for start, end in self._without_time_off(position, day, spans):
                yield from self._stretch(position, unit, (start, end), weekday, midnight, full, taken[unit])

    def _without_time_off(self, position: int, day: dt.date, spans: Sequence[Minutes]) -> Iterator[Minutes]:
        today = [off for off in self._off[position] if off.first <= day <= off.last]
        if any(off.minutes is None for off in today):
            return
        for start, end in spans:
            for off in today:
                first, last = off.minutes or (0, 0)
                if first < end and start < last:
                    if start < first:
                        yield start, first
                    start = last
            if start < end:
                yield start, end

    def _stretch(
        self, position: int, unit: int, span: Minutes, weekday: int, midnight: dt.datetime, full: float, held: Held
    ) -> Iterator[DemoVisit]:
        """The visits of one professional between two breaks."""
        random, (start, end) = self._random, span
        if (position, unit) not in self._menus:
            self._menus[position, unit] = _Menu(self._house, self._house.units[unit], position)
        menu = self._menus[position, unit]
        while start < end:
            patient, offer, note = self._who(position, menu, (position, weekday, start), full)
            if patient is None or offer is None:
                start += 2 * _GRID
                continue
            last = start + offer.service.duration_minutes
            place = self._place(position, unit, offer.service, menu.home, (start, last), midnight, held)
            if last > end or place is None:
                start += _GRID
                continue
            visit = make_visit(random, place, patient, status_at(random, place, self._moment), self._moment, note=note)
            yield visit
            if visit.status == Status.CANCELLED and random.random() < 0.45:
                continue  # somebody else may get the time
            if visit.status not in (Status.CANCELLED, Status.NO_SHOW):
                self._hold(held, place, start, last + offer.service.buffer_after)
            if random.random() < 0.011:
                yield from self._squeezed_in(position, unit, menu, (start + _GRID, end), midnight, held)
            start = -(-(last + offer.service.buffer_after) // _GRID) * _GRID

    def _who(
        self, position: int, menu: _Menu, hour: tuple[int, int, int], full: float
    ) -> tuple[DemoPatient | None, _Offer | None, str]:
        """Who comes at this hour and for what: a running series first, else somebody new or known, or nobody."""
        random = self._random
        series = self._series.get(hour)
        if series is not None and random.random() < 0.92 and full > 0.05:
            series.done += 1
            if series.done >= series.count:
                del self._series[hour]
            return series.patient, series.offer, f"Sessão {series.done} de {series.count}"
        if random.random() > full * (1.06 if hour[2] < _NOON else 0.9):
            return None, None, ""
        known = self._known[position]
        first_visit = len(known) < 4 or random.random() < self._new_share
        patient = self._newcomer() if first_visit else self._regular(known)
        if first_visit:
            known.append(patient)
        offer = menu.draw(random, first_visit)
        if offer.session and series is None and random.random() < 0.5:
            self._series[hour] = _Series(patient, offer, random.choice((4, 6, 8, 10, 10)))
            return patient, offer, f"Sessão 1 de {self._series[hour].count}"
        return patient, offer, ""

    def _newcomer(self) -> DemoPatient:
        self._unseen += 1
        if self._unseen < len(self._patients):
            return self._patients[self._unseen]
        return self._random.choice(self._patients)

    def _regular(self, known: list[DemoPatient]) -> DemoPatient:
        if self._random.random() < 0.2:
            return self._random.choice(known)
        return known[-1 - int(self._random.expovariate(1 / 50)) % len(known)]

    def _place(
        self,
        position: int,
        unit: int,
        service: Service,
        home: UUID,
        span: Minutes,
        midnight: dt.datetime,
        held: Held,
    ) -> Place | None:
        """The service laid at these minutes with a free room and machine, the professional's own room first."""
        start, last = span
        until = last + service.buffer_after
        rooms = (home, *service.room_ids) if home in service.room_ids else service.room_ids
        room = next((one for one in rooms if held.is_free(one, start, until)), None)
        machine = service.equipment_ids[0] if service.equipment_ids else None
        if room is None or (machine is not None and not held.is_free(machine, start, until)):
            return None
        return Place(
            self._house.units[unit].clinic.id,
            self._house.professionals[position].id,
            room,
            machine,
            service.id,
            midnight + dt.timedelta(minutes=start),
            midnight + dt.timedelta(minutes=last),
        )

    @staticmethod
    def _hold(held: Held, place: Place, start: int, until: int) -> None:
        held.take(place.room_id, start, until)
        held.take(place.equipment_id, start, until)

    def _squeezed_in(
        self, position: int, unit: int, menu: _Menu, span: Minutes, midnight: dt.datetime, held: Held
    ) -> Iterator[DemoVisit]:
        """An overbooking beside the visit before it, in another room."""
        random, (start, end) = self._random, span
        service = menu.draw(random, False).service
        last = start + min(30, service.duration_minutes)
        place = self._place(position, unit, service, menu.home, (start, last), midnight, held)
        if place is None or last > end:
            return
        patient = self._regular(self._known[position])
        reason = random.choice(OVERBOOKING_REASONS)
        status = status_at(random, place, self._moment)
        if status not in (Status.CANCELLED, Status.NO_SHOW):
            self._hold(held, place, start, last + service.buffer_after)
        yield make_visit(random, place, patient, status, self._moment, overbooking_reason=reason)
