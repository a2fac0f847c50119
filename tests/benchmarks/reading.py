"""Booking, and reading the agenda, the register and free time: each beside the same work as bare SQL."""

import datetime as dt
import random
import statistics
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from clinicdesk.domain.agenda import Slot
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.patients import fold
from clinicdesk.domain.slots import SlotRequest
from clinicdesk.usecases import agenda, history, patients
from tests.benchmarks import floors
from tests.benchmarks.figures import Figure, beside, milliseconds
from tests.benchmarks.ground import Ground

FRAGMENTS = [
    *("silva", "oliv", "ana", "concei", "souz", "ferr", "mari", "gues", "tista", "joao", "alv", "zqx", "rodrig"),
    *("noronh", "cardo", "beatr"),
]


def book(ground: Ground) -> Figure:
    """A booking through the use case, with all that it decides, writes and tells."""
    desk, floor, choice = ground.desk(), floors.booker(ground), random.Random(2)
    places = ground.places(45)
    measured = beside(
        range(150),
        lambda _each: agenda.book(desk, ground.wish(next(places), choice.choice(ground.patients))),
        lambda _each: floor(next(places), choice.choice(ground.patients)),
    )
    ground.take_away()
    return measured.figure("book, all of it", 4)


def week(ground: Ground) -> Figure:
    """One professional's week as the agenda's page asks for it."""
    return _days(ground, "week of one professional", [one.id for one in ground.catalogue.professionals[:1]], 6)


def day(ground: Ground) -> Figure:
    """A clinic's day of about 160 visits as the agenda's page asks for it."""
    return _days(ground, "clinic day of 160", [one.id for one in ground.catalogue.professionals], 1, wanted=160)


def _days(ground: Ground, work: str, people: Sequence[UUID], length: int, wanted: int | None = None) -> Figure:
    desk, connection, choice = ground.desk(), ground.bare(), random.Random(3)
    things = [one.id for one in (*ground.catalogue.rooms, *ground.catalogue.equipment)]
    cases, counts = [], []
    while len(cases) < 30:
        first = ground.today - dt.timedelta(days=ground.today.weekday() + 7 * choice.randrange(4, 200))
        first += dt.timedelta(days=0 if length > 1 else choice.randrange(5))
        last = first + dt.timedelta(days=length - 1)
        page = agenda.days(desk, first, last, people)
        if wanted and not 0.9 * wanted <= len(page.appointments) <= 1.1 * wanted:
            continue
        whole = Slot(page.calendar.day_slot(first).starts_at, page.calendar.day_slot(last).ends_at)
        cases.append((first, last, whole))
        counts.append(len(page.appointments))
    measured = beside(
        cases,
        lambda case: agenda.days(desk, case[0], case[1], people, things),
        lambda case: floors.cards(connection, desk.id, case[2], people),
    )
    rows = round(sum(counts) / len(counts))
    return measured.figure(work, 3, f"{rows} visits; the floor reads these, the use case hours and holds besides")


def past(ground: Ground) -> Figure:
    """A clinic's day as it stood at some minute of its life, beside the same day as it stands now."""
    desk, choice = ground.desk(), random.Random(6)
    people = [one.id for one in ground.catalogue.professionals]
    things = [one.id for one in (*ground.catalogue.rooms, *ground.catalogue.equipment)]
    cases, versions, step = [], [], []
    while len(cases) < 30:
        day = ground.today - dt.timedelta(
            days=ground.today.weekday() + 7 * choice.randrange(4, 200) - choice.randrange(5)
        )
        if not 144 <= len(agenda.days(desk, day, day, people).appointments) <= 176:
            continue
        lived = history.life(desk, day, day, people)
        cases.append((day, choice.choice(lived.moments)))
        versions.append(len(lived.events))
        step += [milliseconds(lambda: lived.as_it_stood(choice.choice(lived.moments))) for _ in range(5)]  # noqa: B023
    measured = beside(
        cases,
        lambda case: history.life(desk, case[0], case[0], people).as_it_stood(case[1]),
        lambda case: agenda.days(desk, case[0], case[0], people, things),
    )
    told = f"the floor is that day now; {round(sum(versions) / len(versions))} changes a day"
    slider = f"each further minute of the slider {statistics.median(step):.1f} ms"
    return measured.figure("a clinic day at a past minute", 3, f"{told}, {slider}")


def search(ground: Ground) -> Figure:
    """Part of a name, typed without its accents."""
    desk, connection = ground.desk(), ground.admin()
    measured = beside(
        FRAGMENTS, lambda words: patients.search(desk, words), lambda words: floors.found(connection, fold(words))
    )
    return measured.figure("patient search, part of a name", 3, "floor without row security, so that it has the index")


def free(ground: Ground) -> Figure:
    """Thirty days of ten professionals, a free room included."""
    return _free(ground, "free slots, 30 days × 10 professionals", ground.service)


def free_of_people(ground: Ground) -> Figure:
    """The same without rooms, as the older floor counted it."""
    return _free(ground, "the same, no room asked for", replace(ground.service, room_ids=()))


def finder(ground: Ground) -> Figure:
    """Sixty days of twenty professionals, a free room and a free machine included."""
    machines = tuple(one.id for one in ground.catalogue.equipment)
    service = replace(ground.service, equipment_ids=machines)
    return _free(ground, "slot finder, 60 days × 20 professionals, room and machine", service, 20, 60)


def _free(ground: Ground, work: str, service: Service, people_count: int = 10, days: int = 30) -> Figure:
    desk, connection = ground.desk(), ground.admin()
    people = [one.id for one in ground.catalogue.professionals[:people_count]]
    first = ground.today + dt.timedelta(days=1)
    page = agenda.days(desk, first, first + dt.timedelta(days=days + 10), people)
    cases = [first + dt.timedelta(days=offset) for offset in range(8)]
    zone = page.calendar.zone
    # The floor knows weekly hours alone, so days that differ are counted by neither.
    differing = {day for _whose, day in page.calendar.exceptions}
    holidays = [*page.calendar.holidays, *differing]
    step = page.policy.slot_duration_minutes

    def ours(day: dt.date) -> list[tuple[UUID, dt.datetime]]:
        found = agenda.search_slots(desk, SlotRequest(service, tuple(people), day, days))
        starts = ((one.professional_id, one.slot.starts_at) for one in found.slots)
        return sorted(one for one in starts if one[1].astimezone(zone).date() not in differing)

    def floor(day: dt.date) -> list[tuple[UUID, dt.datetime]]:
        rows = floors.free(connection, ground, people, day, days, holidays, step, service)
        return sorted((row[0], row[1].astimezone(dt.UTC)) for row in rows)

    same = all(ours(day) == floor(day) for day in cases)
    measured = beside(cases, ours, floor, runs=3, warm=0)
    told = f"{len(ours(first))} starts, {'the same in both' if same else 'NOT THE SAME IN BOTH'}"
    return measured.figure(work, 3, told)
