"""What belongs together in the demo: the treatments of the day as series, and two services in one coming."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.demo.keys import ZONE
from clinicdesk.domain.demo.people import DemoPatient, new_key
from clinicdesk.domain.demo.visits import DemoVisit, Place, make_visit, status_at
from clinicdesk.domain.hours import instant
from clinicdesk.domain.series import Frequency, Rule

_SESSION = re.compile(r"Sessão (\d+) de (\d+)")
_WEEK = dt.timedelta(days=7)
_PAUSE = dt.timedelta(minutes=45)  # at most, between two services of one coming
_GIVEN_UP = (Status.CANCELLED, Status.NO_SHOW)


class DemoSeries(NamedTuple):
    """The row of a series."""

    id: UUID
    clinic_id: UUID
    rule: str
    first_day: dt.date
    starts: dt.time


class Linked(NamedTuple):
    """The agenda with its links: visits that made room for a series are not in it any more."""

    visits: list[DemoVisit]
    series: list[DemoSeries]


def linked(
    random: Random,
    visits: Sequence[DemoVisit],
    people: Sequence[DemoPatient],
    today: dt.date,
    moment: dt.datetime,
    away: Callable[[UUID, dt.date], bool],
) -> Linked:
    """Today's treatments become series with their weeks before and after; `away` says when somebody does not work."""
    by_id = {one.id: one for one in people}
    standing = {one.id: one for one in visits}
    found: list[DemoSeries] = []
    for visit in [one for one in visits if _local(one.starts_at).date() == today and not one.equipment_id]:
        session = _SESSION.match(visit.note)
        patient = by_id.get(visit.patient_id)
        if session is None or patient is None:
            continue
        made, rows = _series(random, visit, patient, int(session[1]), int(session[2]), moment, away)
        for row in rows:
            others = [] if row.id == visit.id else list(standing.values())
            for other in [one for one in others if _in_the_way(one, row)]:
                del standing[other.id]
            standing[row.id] = row
        found.append(made)
    return Linked(_one_coming(random, list(standing.values()), today), found)


def _series(
    random: Random,
    visit: DemoVisit,
    patient: DemoPatient,
    number: int,
    count: int,
    moment: dt.datetime,
    away: Callable[[UUID, dt.date], bool],
) -> tuple[DemoSeries, list[DemoVisit]]:
    local = _local(visit.starts_at)
    first_day = local.date() - _WEEK * (number - 1)
    rule = Rule(Frequency.WEEKLY, weekdays=(local.isoweekday(),), count=count)
    made = DemoSeries(new_key(random, visit.booked_at), visit.clinic_id, rule.text, first_day, local.time())
    rows = []
    for turn, day in enumerate(rule.days(first_day), 1):
        if turn == number:
            rows.append(visit._replace(series_id=made.id, series_day=day))
        elif not away(visit.professional_id, day):
            starts_at = instant(day, local.time(), ZoneInfo(ZONE))
            place = Place(
                visit.clinic_id,
                visit.professional_id,
                visit.room_id,
                None,
                visit.service_id,
                starts_at,
                starts_at + (visit.ends_at - visit.starts_at),
            )
            status = status_at(random, place, moment)
            note = f"Sessão {turn} de {count}"
            row = make_visit(random, place, patient, status, moment, note=note)
            rows.append(row._replace(series_id=made.id, series_day=day))
    return made, rows


def _in_the_way(other: DemoVisit, row: DemoVisit) -> bool:
    """Whether another visit stands where one of a series does now; buffers are half an hour at most."""
    if other.id == row.id or row.status in _GIVEN_UP or other.status in _GIVEN_UP:
        return False
    apart = dt.timedelta(minutes=30)
    near = other.starts_at < row.ends_at + apart and row.starts_at < other.ends_at + apart
    touching = other.starts_at < row.ends_at and row.starts_at < other.ends_at
    return (touching and other.professional_id == row.professional_id) or (near and other.room_id == row.room_id)


def _one_coming(random: Random, visits: list[DemoVisit], today: dt.date) -> list[DemoVisit]:
    """Services of one patient that follow each other, on the day that is shown, are one visit."""
    mine = [one for one in visits if _local(one.starts_at).date() == today and one.status not in _GIVEN_UP]
    shared: dict[UUID, UUID] = {}
    for one in mine:
        theirs = (two for two in mine if two.patient_id == one.patient_id)
        after = next((two for two in theirs if dt.timedelta(0) <= two.starts_at - one.ends_at <= _PAUSE), None)
        if after is not None:
            key = shared.get(one.id) or new_key(random, one.booked_at)
            shared[one.id] = shared[after.id] = key
    return [one._replace(visit_id=shared.get(one.id)) for one in visits]


def _local(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
