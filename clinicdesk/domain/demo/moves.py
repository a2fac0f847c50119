"""Visits that were somewhere else before: by script on the day one looks at first, by luck on all others."""

import datetime as dt
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.demo.catalogue import PAULISTA
from clinicdesk.domain.demo.keys import ZONE, House
from clinicdesk.domain.demo.people import DemoPatient
from clinicdesk.domain.demo.visits import DemoVisit
from clinicdesk.domain.hours import instant

_DAY = dt.timedelta(days=1)
_WEEK = dt.timedelta(days=7)
_ONE_IN = 16  # visits is put on another day once
_SHORTEST_NOTICE = dt.timedelta(hours=2)

# patient | days from this one and hour at which it was before | room before | days ago and hour at which it was moved
_MOVED = """
    Maria do Socorro Lima|0 16:30||0 09:12
    Wellington Sampaio|0 17:00||0 08:41
    Rita de Cássia Toledo|0 17:00||1 16:05
    Kenji Watanabe|1 17:15||0 09:38
    Zilda Abdalla|0 15:45|Sala 3|0 09:05
    Sílvia Mascarenhas|0 14:30||1 17:20
    Tomás Figueiredo|0 13:30||0 08:17
"""
_CANCELLED = {"Noemi Peixoto": "09:31"}  # whose time Kenji Watanabe was given seven minutes later
# Visits of the days after that stood on this day: position of the professional, the hour then, and when they left.
_LEFT = ((0, "17:00", "08:29"), (2, "17:15", "09:47"), (3, "17:15", "10:11"))


def on_the_day(
    visits: Iterable[DemoVisit], people: Sequence[DemoPatient], house: House, day: dt.date
) -> list[DemoVisit]:
    """The scripted visits of the day with where some of them were before."""
    names = {one.id: one.full_name for one in people}
    script = {line.split("|")[0]: line.split("|")[1:] for line in (row.strip() for row in _MOVED.strip().splitlines())}
    found = []
    for visit in visits:
        name = names[visit.patient_id]
        if name in _CANCELLED:
            visit = visit._replace(closed_at=_at(day, _CANCELLED[name]))
        if name in script:
            before, room, moved = script[name]
            visit = _moved(visit, _at(day, before), _ago(day, moved))
            visit = visit._replace(was_room_id=house.units[PAULISTA].rooms[room].id if room else visit.was_room_id)
        found.append(visit)
    return found


def off_the_day(future: Sequence[DemoVisit], house: House, day: dt.date) -> list[DemoVisit]:
    """The visits of the days after; the first of some professionals stood on `day` until this morning."""
    wanted = {house.professionals[position].id: (hour, left) for position, hour, left in _LEFT}
    found = []
    for visit in future:
        open_still = visit.status in (Status.PENDING, Status.CONFIRMED) and not visit.overbooking_reason
        if visit.professional_id in wanted and open_still and visit.clinic_id == house.units[PAULISTA].clinic.id:
            hour, left = wanted.pop(visit.professional_id)
            visit = _moved(visit, _at(day, hour), _at(day, left))
        found.append(visit)
    return found


def by_luck(visits: Iterable[DemoVisit], moment: dt.datetime) -> list[DemoVisit]:
    """The same visits; one in sixteen was a week earlier or later at first, and was moved before anything else."""
    return [_lucky(visit, moment) for visit in visits]


def _lucky(visit: DemoVisit, moment: dt.datetime) -> DemoVisit:
    luck = visit.id.int % (_ONE_IN * 1000)
    latest = min(filter(None, (visit.confirmed_at, visit.arrived_at, visit.closed_at, visit.starts_at, moment)))
    if luck >= 1000 or visit.moved_at is not None or latest - visit.booked_at < _SHORTEST_NOTICE:
        return visit
    before = visit.starts_at + (_WEEK if luck % 2 else -_WEEK)
    moved_at = visit.booked_at + (latest - visit.booked_at) * (0.1 + 0.8 * luck / 1000)
    if before <= moved_at:
        return visit
    return _moved(visit, before, moved_at.replace(microsecond=0))


def _moved(visit: DemoVisit, was_at: dt.datetime, moved_at: dt.datetime) -> DemoVisit:
    """The visit with where it was until `moved_at`; booked, if need be, a day before that."""
    booked_at = visit.booked_at if visit.booked_at < moved_at else moved_at - _DAY
    return visit._replace(
        booked_at=booked_at,
        moved_at=moved_at,
        was_starts_at=was_at,
        was_ends_at=was_at + (visit.ends_at - visit.starts_at),
        was_professional_id=visit.professional_id,
        was_room_id=visit.room_id,
    )


def _at(day: dt.date, words: str) -> dt.datetime:
    """`HH:MM` of the day, or of so many days later when these stand before it."""
    days, _space, hour = words.rpartition(" ")
    return instant(day + int(days or 0) * _DAY, dt.time.fromisoformat(hour), ZoneInfo(ZONE))


def _ago(day: dt.date, words: str) -> dt.datetime:
    days, _space, hour = words.rpartition(" ")
    return _at(day - int(days) * _DAY, hour)
