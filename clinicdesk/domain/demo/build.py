"""The whole demo from one seed: catalogue, register and agenda, as values ready to be loaded."""

import datetime as dt
from collections.abc import Callable, Container
from dataclasses import dataclass
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk.domain.demo import moves
from clinicdesk.domain.demo.catalogue import PAULISTA, PROFESSIONALS, catalogue
from clinicdesk.domain.demo.diary import Diary, Held
from clinicdesk.domain.demo.front_desk import DemoFrontDesk, make_front_desk
from clinicdesk.domain.demo.keys import STATE, ZONE, House, build_house
from clinicdesk.domain.demo.links import DemoSeries, Linked, linked
from clinicdesk.domain.demo.people import DemoAlert, DemoPatient, make_alerts, make_patients
from clinicdesk.domain.demo.register import DemoRegister, furnish_register
from clinicdesk.domain.demo.rhythm import (
    DAY,
    Off,
    clinic_holidays,
    closed_days,
    days_between,
    fullness,
    last_future_day,
    times_off,
    working_day,
)
from clinicdesk.domain.demo.talks import DemoTalk, make_talks
from clinicdesk.domain.demo.today import (
    POSITIONS,
    alerts_of_the_day,
    people_of_the_day,
    regulars_of_the_day,
    scripted_visits,
)
from clinicdesk.domain.demo.visits import DemoVisit
from clinicdesk.domain.demo.waiting import DemoWaiting, waiting_list
from clinicdesk.domain.hours import instant

SEED = 20261124
MONTHS = 18
YEAR = dt.timedelta(days=365)
STANDS_AT = dt.time(10, 18)  # half a day is done at the moment the demo shows
_BIG = 60_000  # visits; more than twelve people see in some years
_BIG_PROFESSIONALS = 40
_A_DAY = 7.0  # visits of one professional, about


@dataclass(frozen=True)
class DemoData:
    """Everything to load. `moment` is the one at which the last working day stands half done, in UTC."""

    house: House
    patients: list[DemoPatient]
    register: DemoRegister
    alerts: list[DemoAlert]
    visits: list[DemoVisit]
    series: list[DemoSeries]
    front_desk: DemoFrontDesk
    waiting: list[DemoWaiting]
    talks: list[DemoTalk]
    times_off: list[Off]
    holidays: dict[dt.date, str]
    moment: dt.datetime
    first_day: dt.date


def demo_moment(now: dt.datetime) -> dt.datetime:
    """10:18 of the last working day on or before `now` in São Paulo, as UTC."""
    zone = ZoneInfo(ZONE)
    return instant(working_day(now.astimezone(zone).date(), STATE), STANDS_AT, zone)


def local_date(moment: dt.datetime) -> dt.date:
    """The date on the clinic's wall."""
    return moment.astimezone(ZoneInfo(ZONE)).date()


def build_demo(now: dt.datetime, patients: int = 3000, appointments: int | None = None, seed: int = SEED) -> DemoData:
    """The demo as it stands at `now`. With `appointments` given, exactly so many, over as many years as they need."""
    random = Random(seed)
    moment = demo_moment(now)
    today = local_date(moment)
    many = _BIG_PROFESSIONALS if (appointments or 0) > _BIG else len(PROFESSIONALS)
    first = _first_day(today, many, appointments)
    dawn = dt.datetime.combine(first, dt.time(9), ZoneInfo(ZONE))
    house = build_house(random, catalogue(random, many), dawn)
    named = people_of_the_day(random, dawn)
    others = make_patients(random, max(0, patients - len(named)), today, dawn)
    off = times_off(random, house.plan.professionals, first, today)
    expected = appointments or int(many * _A_DAY * MONTHS * 21)
    share = min(0.3, max(0.06, 1.2 * patients / expected))
    diary = Diary(random, house, others, off, moment, share, regulars_of_the_day(named))
    visits = _all_days(random, diary, house, named, moment, first, appointments)
    links = Linked(visits, [])
    if appointments is None:
        links = linked(random, visits, named, today, moment, _away(house, off, closed_days(STATE, first, today + YEAR)))
    visits = links.visits
    everybody = _registered_before_their_visits(random, [*named, *others], visits, dawn, moment)
    register = furnish_register(everybody, len(named), today, dawn)
    return DemoData(
        house=house,
        patients=register.patients,
        register=register,
        alerts=[*alerts_of_the_day(random, named, dawn), *make_alerts(random, others, dawn)],
        visits=visits,
        series=links.series,
        front_desk=_front_desk(house, visits, moment, today),
        # A seed of its own: what came before stays as it was whoever is put on the list.
        talks=make_talks(register.patients, visits, house.units[PAULISTA].clinic.id, moment),
        waiting=waiting_list(Random(seed), register.patients, moment, today),
        times_off=off,
        holidays={
            day: name
            for year in range(first.year, last_future_day(today).year + 1)
            for day, name in clinic_holidays(STATE, year).items()
        },
        moment=moment,
        first_day=first,
    )


def _front_desk(house: House, visits: list[DemoVisit], moment: dt.datetime, today: dt.date) -> DemoFrontDesk:
    unit = house.units[PAULISTA]
    rooms = {room.id: name for name, room in unit.rooms.items()}
    return make_front_desk(visits, unit.clinic.id, rooms, moment, today)


def _away(house: House, off: list[Off], closed: Container[dt.date]) -> Callable[[UUID, dt.date], bool]:
    """Whether a professional does not work on a day."""
    positions = {one.id: position for position, one in enumerate(house.professionals)}

    def away(professional_id: UUID, day: dt.date) -> bool:
        position = positions[professional_id]
        return day in closed or any(one.professional == position and one.first <= day <= one.last for one in off)

    return away


def _first_day(today: dt.date, professionals: int, appointments: int | None) -> dt.date:
    days = MONTHS * 30.4 if appointments is None else appointments / (professionals * _A_DAY) * 7 / 5 * 1.25 + 21
    return today - dt.timedelta(days=int(days))


def _all_days(
    random: Random,
    diary: Diary,
    house: House,
    named: list[DemoPatient],
    moment: dt.datetime,
    first: dt.date,
    wanted: int | None,
) -> list[DemoVisit]:
    today = local_date(moment)
    closed = closed_days(STATE, first, last_future_day(today))
    past: list[DemoVisit] = []
    for day in days_between(first, today - DAY):
        if day not in closed:
            past.extend(diary.day(day, fullness(day, today, first)))
    held = Held()
    scripted = moves.on_the_day(scripted_visits(random, house, named, moment, today, held), named, house, today)
    present = scripted + moves.by_luck(diary.day(today, 0.88, POSITIONS, (held, Held())), moment)
    future: list[DemoVisit] = []
    for day in days_between(today + DAY, last_future_day(today)):
        if day not in closed:
            future.extend(diary.day(day, fullness(day, today, first)))
    past, future = moves.by_luck(past, moment), moves.by_luck(moves.off_the_day(future, house, today), moment)
    if wanted is None:
        return past + present + future
    del future[max(0, wanted // 8) :]
    room = wanted - len(present) - len(future)
    return past[len(past) - room :] + present + future if room > 0 else present[:wanted]


def _registered_before_their_visits(
    random: Random, people: list[DemoPatient], visits: list[DemoVisit], dawn: dt.datetime, moment: dt.datetime
) -> list[DemoPatient]:
    """The patients with the moment they were put on the register: when their first visit was booked."""
    booked: dict[object, dt.datetime] = {}
    for visit in visits:
        earliest = booked.get(visit.patient_id)
        if earliest is None or visit.booked_at < earliest:
            booked[visit.patient_id] = visit.booked_at
    whole = (moment - dawn).total_seconds()
    return [
        one._replace(created_at=booked.get(one.id) or dawn + dt.timedelta(seconds=random.random() * whole))
        for one in people
    ]
