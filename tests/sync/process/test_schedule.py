"""When to look: everything once at the start, nothing dropped for being late, and days by the wall of each clinic."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from clinicdesk.domain.clinics import Clinic as ClinicFacts
from clinicdesk.errors import ClinicUnreachable
from clinicdesk.usecases import upkeep
from clinicdesk.usecases.clinic import Clinic
from sync.outbox.breaker import Breaker
from sync.schedule import Schedule, Task
from sync.tasks import usual_tasks
from tests.office import Office, put, value
from tests.outgoing import Outgoing

HOUR = dt.timedelta(hours=1)


@dataclass
class _Places:
    """The organisation of a test as the schedule sees it."""

    office: Office
    away: bool = False

    def clinics(self) -> tuple[ClinicFacts, ...]:
        if self.away:
            raise ClinicUnreachable
        zones = dict(zip(self.office.sample.clinics, ("America/Sao_Paulo", "America/Manaus"), strict=True))
        return tuple(ClinicFacts(key, name, zone=zones[name]) for name, key in self.office.sample.clinics.items())

    def at(self, clinic_id: UUID) -> Clinic:
        return self.office.robot(next(name for name, key in self.office.sample.clinics.items() if key == clinic_id))


@dataclass
class _Work:
    clinics: list[UUID] = field(default_factory=list)
    failing: bool = False
    came: threading.Event = field(default_factory=threading.Event)

    def __call__(self, clinic: Clinic) -> int:
        self.clinics.append(clinic.id)
        self.came.set()
        if self.failing:
            raise RuntimeError("not today")
        return 2


@pytest.fixture
def going(rolled_back: Office) -> Iterator[Callable[..., Schedule]]:
    begun: list[Schedule] = []

    def go(*tasks: Task, start: bool = False) -> Schedule:
        begun.append(Schedule(_Places(rolled_back), tasks))
        if start:
            begun[-1].start()
        return begun[-1]

    yield go
    for one in begun:
        one.close()


def test_a_task_is_done_in_every_clinic_or_once(going: Callable[..., Schedule], rolled_back: Office) -> None:
    everywhere, once = _Work(), _Work()
    schedule = going()
    schedule.run(Task("everywhere", everywhere, every=HOUR))
    schedule.run(Task("once", once, every=HOUR, once_for_all=True))
    assert set(everywhere.clinics) == set(rolled_back.sample.clinics.values())
    assert len(once.clinics) == 1
    assert (schedule.status()["everywhere"]["done"], schedule.status()["once"]["done"]) == (4, 2)


def test_what_fails_is_told_and_stops_nothing(going: Callable[..., Schedule]) -> None:
    schedule = going()
    schedule.run(Task("fails", _Work(failing=True), every=HOUR))
    assert schedule.status()["fails"]["fault"] == "RuntimeError"
    schedule.places.away = True  # type: ignore[attr-defined]
    schedule.run(Task("away", _Work(), every=HOUR))
    assert schedule.status()["away"]["fault"] == "unreachable"


def test_everything_is_done_at_the_start_and_comes_round(going: Callable[..., Schedule]) -> None:
    often, daily = _Work(), _Work()
    at = dt.time(3, 30)
    schedule = going(Task("often", often, every=HOUR, once_for_all=True), Task("daily", daily, at=at), start=True)
    assert often.came.wait(10) and daily.came.wait(10)
    for _turn in range(100):
        noted = "at" in schedule.status().get("often", {})
        if noted and len(schedule._scheduler.get_jobs()) == 4:  # type: ignore[union-attr]
            break
        time.sleep(0.02)
    due = {job.id: job.next_run_time for job in schedule._scheduler.get_jobs()}  # type: ignore[union-attr]
    assert due["often"] - dt.datetime.now(dt.UTC) > dt.timedelta(minutes=59)
    walls = sorted(
        moment.astimezone(ZoneInfo(zone)).time()
        for zone in ("America/Sao_Paulo", "America/Manaus")
        for name, moment in due.items()
        if name.startswith("daily:") and moment.astimezone(ZoneInfo(zone)).time() == at
    )
    assert walls == [at, at], "each by its own wall, an hour apart"
    assert all(job.misfire_grace_time is None for job in schedule._scheduler.get_jobs())  # type: ignore[union-attr]
    assert schedule.status()["often"]["next"] > schedule.status()["often"]["at"]


def test_the_usual_tasks_are_named_once_and_come_round() -> None:
    tasks = usual_tasks(Breaker(None), None)  # type: ignore[arg-type]
    names = [task.name for task in tasks]
    assert len(names) == len(set(names))
    assert {"revive_jobs", "settle_stuck", "requeue_messages", "expire_media", "wish_birthdays"} <= set(names)
    assert all((task.every is None) != (task.at is None) for task in tasks)


def test_files_lose_their_content_when_their_time_is_over(office: Office) -> None:
    laid = Outgoing(office)
    channel = laid.channel()
    admin, talk = laid.admin, UUID(int=1)
    put(admin, "conversation", id=talk, clinic_id=laid.clinic_id, channel_id=channel, identity="x")
    past, future = "now() - interval '1 minute'", "now() + interval '1 day'"
    kinds = {"over": (past, "NULL"), "kept": (past, "now()"), "young": (future, "NULL")}
    for number, (expires, kept) in enumerate(kinds.values()):
        admin.execute(
            "INSERT INTO clinicdesk.media (id, clinic_id, conversation_id, kind, sealed, expires_at, kept_at)"
            f" VALUES (%s, %s, %s, 'image', 'x', {expires}, {kept})".encode(),
            [UUID(int=number), laid.clinic_id, talk],
        )
    assert upkeep.empty_expired_media(office.robot()) == 1
    left = "SELECT array_agg(id ORDER BY id) FROM clinicdesk.media WHERE sealed IS NOT NULL"
    assert value(admin, left) == [UUID(int=1), UUID(int=2)]
    assert upkeep.empty_expired_media(office.robot("jacaranda")) == 0
