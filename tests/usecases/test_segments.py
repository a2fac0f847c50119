"""Segments end to end: kept, changed, brought back; and whom they find is whom their words say, by a plain model."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.patients import age, fold
from clinicdesk.domain.segments import (
    AddSegment,
    AgeBetween,
    AverageDays,
    Birthday,
    Condition,
    Definition,
    HasTags,
    How,
    LastVisit,
    LateCancellations,
    NextVisit,
    NoShows,
    OwnDate,
    OwnNumber,
    OwnText,
    OwnYesNo,
    SaveSegment,
    Source,
    Span,
    Vip,
    Visits,
    birthdays_on,
)
from clinicdesk.errors import ChangedElsewhere, InvalidField, NotAllowed, NotFound
from clinicdesk.usecases import segments
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.builders import uuid_for
from tests.office import ZONE, Office, at, put

NOW = at(10)
TODAY = NOW.astimezone(ZONE).date()
TAGS = [uuid_for(name) for name in ("Gestante", "Convênio", "Pacote")]
NOTE, WEIGHT, SINCE, SMOKES = (uuid_for(name) for name in ("nota", "peso", "desde", "fuma"))
GIVEN, FAMILY = ["Ana", "Bia", "Caio", "Nina"], ["Sá", "Sousa", "Ávila"]
SOURCES = ["", "Instagram", "instagram", "Indicação"]


@dataclass
class Someone:
    """A patient as the model knows them."""

    id: UUID
    name: str
    born: dt.date | None
    vip: bool
    source: str
    tags: set[UUID]
    custom: dict[str, object]
    visits: list[tuple[dt.datetime, Status, bool]] = field(default_factory=list)

    def days(self, status: Status) -> list[dt.date]:
        return sorted(at.astimezone(ZONE).date() for at, one, _late in self.visits if one is status)


@pytest.fixture(scope="module")
def people() -> list[Someone]:
    random = Random(8)
    found = []
    for number in range(60):
        custom: dict[str, object] = {}
        if random.random() < 0.6:
            custom[str(NOTE)] = random.choice(["Canhoto", "usa 100% lente", "x_y", ""])
        if random.random() < 0.6:
            custom[str(WEIGHT)] = random.choice(["70.5", "100", "-3", "muito", True, "1e9"])
        if random.random() < 0.6:
            custom[str(SINCE)] = random.choice(["2026-01-31", "2030-12-01", "ontem", 5])
        if random.random() < 0.6:
            custom[str(SMOKES)] = random.choice([True, False, "yes"])
        born = TODAY - dt.timedelta(days=random.randrange(0, 36_000)) if random.random() < 0.9 else None
        if number < 6:
            born = [dt.date(2004, 2, 29), TODAY.replace(year=1980), TODAY, dt.date(1999, 3, 1), None, TODAY][number]
        found.append(
            Someone(
                uuid_for(f"patient {number}"),
                f"{random.choice(GIVEN)} {random.choice(FAMILY)} {number:02}",
                born,
                random.random() < 0.3,
                random.choice(SOURCES),
                {tag for tag in TAGS if random.random() < 0.3},
                custom,
            )
        )
    return found


def _visits(random: Random, person: Someone, number: int) -> None:
    # Each patient has an hour of their own, so that nobody is in anybody's way.
    for _ in range(random.choice([0, 0, 1, 2, 4])):
        day = random.randrange(-400, 30)
        hour = NOW.replace(hour=0) + dt.timedelta(days=day, minutes=number * 20)
        if any(hour == other for other, _status, _late in person.visits):
            continue
        past = [Status.COMPLETED, Status.COMPLETED, Status.NO_SHOW, Status.CANCELLED]
        status = random.choice(past if hour < NOW else [Status.PENDING, Status.CONFIRMED, Status.CANCELLED])
        person.visits.append((hour, status, False))


@pytest.fixture
def desk(rolled_back: Office, people: list[Someone]) -> Clinic:
    """Reception, in whose transaction the model's people live."""
    clinic, random = rolled_back.desk("renata"), Random(9)
    ipe, sample = rolled_back.sample.clinics["ipe"], rolled_back.sample
    with clinic.transaction() as tx:
        connection: Any = tx.connection.dbapi_connection
        for tag in TAGS:
            put(connection, "tag", id=tag, name=str(tag))
        for number, one in enumerate(people):
            one.visits.clear()
            _visits(random, one, number)
            row = {"full_name": one.name, "birth_date": one.born, "vip": one.vip, "source": one.source}
            put(connection, "patient", id=one.id, custom=json.dumps(one.custom), **row)
            for tag in one.tags:
                put(connection, "patient_tag", patient_id=one.id, tag_id=tag)
            for starts_at, status, _late in one.visits:
                visit = uuid4()
                put(
                    connection,
                    "appointment",
                    id=visit,
                    clinic_id=ipe,
                    patient_id=one.id,
                    professional_id=sample.professionals["helena"],
                    service_id=sample.services["visit"],
                    starts_at=starts_at,
                    ends_at=starts_at + dt.timedelta(minutes=20),
                    status="pending" if status is Status.CANCELLED else status,
                )
                if status is Status.CANCELLED:
                    cancel = "UPDATE clinicdesk.appointment SET status = %s, cancelled_by = 'patient' WHERE id = %s"
                    connection.execute(cancel, [status, visit])
    return clinic


def within(value: Any, least: Any, most: Any) -> bool:
    return value is not None and (least is None or value >= least) and (most is None or value <= most)


def holds(one: Condition, person: Someone) -> bool:
    """What a condition's words say."""
    return _MODEL[type(one)](one, person)


def _tagged(one: HasTags, person: Someone) -> bool:
    hits = [tag in person.tags for tag in one.tags]
    return {How.ANY: any(hits), How.ALL: all(hits), How.NONE: not any(hits)}[one.how]


def _birthday(one: Birthday, person: Someone) -> bool:
    if person.born is None:
        return False
    if one.span is Span.TODAY:
        return (person.born.month, person.born.day) in birthdays_on(TODAY)
    return person.born.month == (TODAY.month if one.span is Span.THIS_MONTH else one.month)


def _average(one: AverageDays, person: Someone) -> bool:
    days = sorted(set(person.days(Status.COMPLETED)))
    pause = round((days[-1] - days[0]).days / (len(days) - 1), 1) if len(days) > 1 else None
    return within(pause, one.least, one.most)


def _number(one: OwnNumber, person: Someone) -> bool:
    held = {"70.5": Decimal("70.5"), "100": Decimal(100), "-3": Decimal(-3)}.get(str(person.custom.get(str(one.field))))
    return within(held, one.lowest, one.highest)


def _date(one: OwnDate, person: Someone) -> bool:
    held = person.custom.get(str(one.field))
    day = dt.date.fromisoformat(held) if isinstance(held, str) and held[:1] == "2" else None
    return within(day, one.first, one.last)


_MODEL: dict[type[Condition], Callable[[Any, Someone], bool]] = {
    HasTags: _tagged,
    AgeBetween: lambda one, person: person.born is not None and within(age(person.born, TODAY), one.least, one.most),
    Birthday: _birthday,
    LastVisit: lambda one, person: (
        bool(person.days(Status.COMPLETED))
        and within((TODAY - person.days(Status.COMPLETED)[-1]).days, one.least, one.most)
    ),
    Visits: lambda one, person: within(len(person.days(Status.COMPLETED)), one.least, one.most),
    NoShows: lambda one, person: within(len(person.days(Status.NO_SHOW)), one.least, one.most),
    LateCancellations: lambda one, person: within(0, one.least, one.most),
    AverageDays: _average,
    NextVisit: lambda one, person: (
        one.wanted == any(hour >= NOW and status.holds_the_slot for hour, status, _late in person.visits)
    ),
    Vip: lambda one, person: person.vip == one.wanted,
    Source: lambda one, person: person.source.lower() == one.text.strip().lower(),
    OwnText: lambda one, person: any(
        text.lower() in str(person.custom.get(str(one.field), "")).lower() for text in one.texts
    ),
    OwnNumber: _number,
    OwnDate: _date,
    OwnYesNo: lambda one, person: person.custom.get(str(one.field)) is one.wanted,
}
COUNT = st.none() | st.integers(0, 4)
DAYS = st.none() | st.integers(0, 400)
CONDITIONS: st.SearchStrategy[Condition] = st.one_of(
    st.builds(HasTags, st.lists(st.sampled_from(TAGS), min_size=1, unique=True).map(tuple), st.sampled_from(How)),
    st.builds(AgeBetween, st.none() | st.integers(0, 100), st.none() | st.integers(0, 100)),
    st.builds(Birthday, st.sampled_from(Span), st.integers(1, 12)),
    st.builds(LastVisit, DAYS, DAYS),
    st.builds(Visits, COUNT, COUNT),
    st.builds(NoShows, COUNT, COUNT),
    st.builds(LateCancellations, COUNT, COUNT),
    st.builds(AverageDays, DAYS, DAYS),
    st.builds(NextVisit, st.booleans()),
    st.builds(Vip, st.booleans()),
    st.builds(Source, st.sampled_from(["Instagram", " INSTAGRAM", "Google"])),
    st.builds(OwnText, st.just(NOTE), st.lists(st.sampled_from(["canh", "%", "_", "LENTE"]), min_size=1).map(tuple)),
    st.builds(OwnNumber, st.just(WEIGHT), st.none() | st.decimals(-5, 120, places=1), st.none() | st.decimals(0, 99)),
    st.builds(OwnDate, st.just(SINCE), st.none() | st.dates(), st.none() | st.dates()),
    st.builds(OwnYesNo, st.just(SMOKES), st.booleans()),
)


@given(st.lists(CONDITIONS, min_size=1, max_size=3).map(tuple), st.sampled_from(["", "ana", "sá n", "avila"]))
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
def test_whom_a_segment_finds(desk: Clinic, people: list[Someone], definition: Definition, text: str) -> None:
    named = [one for one in people if all(f" {word}" in f" {fold(one.name)}" for word in fold(text).split())]
    expected = {one.id for one in named if all(holds(condition, one) for condition in definition)}
    theirs = {one.id for one in people}
    found = [one.id for one in segments.find(desk, definition, text, NOW, ZONE, limit=500)]
    assert set(found) & theirs == expected
    assert len(found) == segments.count(desk, definition, NOW, ZONE, text)


def test_a_long_segment_comes_page_by_page_in_order(desk: Clinic) -> None:
    definition: Definition = (Vip(False),)
    whole = segments.find(desk, definition, "", NOW, ZONE, limit=500)
    pages = [one for skip in range(0, 100, 10) for one in segments.find(desk, definition, "", NOW, ZONE, 10, skip)]
    assert pages == whole
    assert [fold(one.name) for one in whole] == sorted(fold(one.name) for one in whole)


def test_a_segment_is_kept_changed_and_brought_back(rolled_back: Office) -> None:
    desk = rolled_back.desk("renata")
    command = AddSegment(new_id(), "Sumidos", (LastVisit(180), NextVisit(False)))
    segment = segments.add(desk, command)
    assert segments.add(desk, command) == segment
    assert segment.definition == command.definition
    with pytest.raises(InvalidField):
        segments.add(desk, AddSegment(new_id(), "Sumidos", (Vip(),)))
    saved = segments.save(desk, SaveSegment(new_id(), segment.id, 1, "VIPs", (Vip(),)))
    assert [one.name for one in segments.segments(desk)] == ["VIPs"]
    with pytest.raises(ChangedElsewhere):
        segments.save(desk, SaveSegment(new_id(), segment.id, 1, "Outros", (Vip(),)))
    removed = segments.remove(desk, saved.id, saved.version)
    assert segments.segments(desk) == []
    with pytest.raises(NotFound):
        segments.remove(desk, saved.id, saved.version)
    assert segments.restore(desk, removed).definition == (Vip(),)


def test_a_definition_nobody_can_read_is_listed_and_not_lost(office: Office) -> None:
    key = uuid4()
    put(office.connect("renata"), "segment", id=key, name="Do futuro", definition='{"form": 9, "conditions": "?"}')
    desk = office.desk("renata")
    (segment,) = segments.segments(desk)
    assert (segment.name, segment.definition) == ("Do futuro", None)
    removed = segments.remove(desk, key, segment.version)
    assert segments.restore(desk, removed).stored == {"form": 9, "conditions": "?"}


def test_a_professional_keeps_no_segment(rolled_back: Office) -> None:
    with pytest.raises(NotAllowed):
        segments.add(rolled_back.desk("helena"), AddSegment(new_id(), "Meus", (Vip(),)))
