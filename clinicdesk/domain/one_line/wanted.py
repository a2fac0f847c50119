"""What of the agenda a line asks for once its words are clear: the search for it, and the choice among answers."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from clinicdesk.domain.clinics import Service
from clinicdesk.domain.one_line.values import Days, Hours
from clinicdesk.domain.slots import FreeSlot, SlotRequest

DAYS_SEARCHED = 10
MOST_OFFERED = 5
_APART = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Wanted:
    """A service with one of these people, on these days within these hours; a room or a machine if one was named."""

    service: Service
    professional_ids: tuple[UUID, ...]
    days: Days | None
    hours: Hours
    minutes: int = 0  # zero: the service's own
    room_id: UUID | None = None
    equipment_id: UUID | None = None
    overbooking: bool = False
    appointment_id: UUID | None = None  # the visit that goes there, so that it is not in its own way

    @property
    def length(self) -> int:
        """How long the visit is to last."""
        return self.minutes or self.service.duration_minutes

    @property
    def room_ids(self) -> tuple[UUID, ...]:
        """The rooms that will do: the one that was named, else the service's."""
        return (self.room_id,) if self.room_id else self.service.room_ids

    @property
    def equipment_ids(self) -> tuple[UUID, ...]:
        """The machines that will do."""
        return (self.equipment_id,) if self.equipment_id else self.service.equipment_ids

    def request(self, today: dt.date, *, within: bool = True) -> SlotRequest:
        """The search: on the days and hours that were told, or (`within` off) from then on at any hour."""
        first = max(self.days.first, today) if self.days else today
        days = DAYS_SEARCHED
        if within and self.days:
            days = min(max((self.days.last - first).days + 1, 1), 62)
        service = replace(self.service, room_ids=self.room_ids, equipment_ids=self.equipment_ids)
        hours = self.hours if within else Hours()
        return SlotRequest(service, self.professional_ids, first, days, self.length, hours.earliest, hours.latest)


def spread(slots: Sequence[FreeSlot], zone: dt.tzinfo) -> tuple[FreeSlot, ...]:
    """A few that are a choice: half an hour apart, two of a day at most while there are other days."""
    kept: list[FreeSlot] = []
    of_day: dict[dt.date, int] = {}
    rest: list[FreeSlot] = []
    for one in slots:
        day = one.slot.starts_at.astimezone(zone).date()
        if any(abs(one.slot.starts_at - other.slot.starts_at) < _APART for other in kept[-2:]):
            continue
        if of_day.get(day, 0) >= 2:
            rest.append(one)
            continue
        of_day[day] = of_day.get(day, 0) + 1
        kept.append(one)
    chosen = [*kept, *rest][:MOST_OFFERED]
    return tuple(sorted(chosen, key=lambda one: one.slot.starts_at))


def nearest(slots: Sequence[FreeSlot], wished: dt.datetime, zone: dt.tzinfo) -> tuple[FreeSlot, ...]:
    """The free times nearest to a wish that cannot be: of that day the closest, then the same hour of later days."""
    wall = wished.astimezone(zone)

    def distance(one: FreeSlot) -> tuple[int, float]:
        local = one.slot.starts_at.astimezone(zone)
        minutes = (local.hour - wall.hour) * 60 + local.minute - wall.minute
        return (local.date() - wall.date()).days, abs(minutes) + (0.5 if minutes < 0 else 0.0)

    of_day: dict[int, int] = {}
    chosen: list[FreeSlot] = []
    for one in sorted(slots, key=distance):
        day = distance(one)[0]
        same = any(abs(one.slot.starts_at - other.slot.starts_at) < _APART for other in chosen)
        if not same and of_day.get(day, 0) < (3 if day == 0 else 1) and len(chosen) < MOST_OFFERED:
            of_day[day] = of_day.get(day, 0) + 1
            chosen.append(one)
    return tuple(sorted(chosen, key=lambda one: one.slot.starts_at))
