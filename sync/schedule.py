"""When to look: the tasks that come round, each for every clinic, and nothing about how they are done.

APScheduler keeps the time and stores nothing: every task finds out of the database what there is to do, so that one
that was missed, or done by another process as well, does no harm.
"""

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from clinicdesk.domain.clinics import Clinic as ClinicFacts
from clinicdesk.errors import ClinicUnreachable
from clinicdesk.logs import log
from clinicdesk.usecases.clinic import Clinic

LOOK_FOR_CLINICS = dt.timedelta(minutes=5)
_THREADS = 3


class Places(Protocol):
    """Where the tasks are done."""

    def clinics(self) -> tuple[ClinicFacts, ...]:
        """Every clinic there is."""

    def at(self, clinic_id: Any) -> Clinic:
        """At work in one of them."""


@dataclass(frozen=True)
class Task:
    """What to do, and when: every so often, or at an hour on the clinic's wall. `work` says how much it did."""

    name: str
    work: Callable[[Clinic], int]
    every: dt.timedelta | None = None
    at: dt.time | None = None
    once_for_all: bool = False  # not in each clinic: it concerns the queue, or this process


@dataclass
class Schedule:
    """The tasks of one process going round; `close` ends them. Safe from any thread."""

    places: Places
    tasks: Sequence[Task]
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    _status: dict[str, dict[str, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _scheduler: BackgroundScheduler | None = None
    _clinics: dict[str, ClinicFacts] = field(default_factory=dict)

    def start(self) -> None:
        """Go round from now on; everything is done once at the start, since what was missed is not known."""
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(_THREADS)},
            # Late is better than never: without this, whatever is a second late is dropped in silence.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=dt.UTC,
        )
        for task in self.tasks:
            if task.every is not None:
                trigger = IntervalTrigger(seconds=task.every.total_seconds(), timezone=dt.UTC)
                self._scheduler.add_job(self.run, trigger, [task], id=task.name, next_run_time=self.now())
        look = IntervalTrigger(seconds=LOOK_FOR_CLINICS.total_seconds(), timezone=dt.UTC)
        self._scheduler.add_job(self._look_for_clinics, look, id="clinics", next_run_time=self.now())
        self._scheduler.start()

    def run(self, task: Task, only: ClinicFacts | None = None) -> None:
        """Do one task now, in every clinic or in one; an error is logged and told in the status."""
        done, fault = 0, ""
        try:
            clinics = [only] if only else list(self.places.clinics())
            for clinic in clinics[:1] if task.once_for_all else clinics:
                done += task.work(self.places.at(clinic.id))
        except ClinicUnreachable:
            fault = "unreachable"
        except Exception as error:
            # One task that fails leaves the others going round, and itself the next time.
            log(__name__).error("task_failed", task=task.name, exc_info=error)
            fault = type(error).__name__
        if done:
            log(__name__).info("task_done", task=task.name, count=done)
        with self._lock:
            self._status[task.name] = {"at": self.now().isoformat(), "done": done, "fault": fault}

    def status(self) -> Mapping[str, Any]:
        """What was done last by the name of each task, and when it comes round again."""
        with self._lock:
            told = {name: dict(one) for name, one in self._status.items()}
        for job in self._scheduler.get_jobs() if self._scheduler else []:
            name = job.id.partition(":")[0]
            due = job.next_run_time.astimezone(dt.UTC).isoformat() if job.next_run_time else ""
            known = told.setdefault(name, {})
            known["next"] = min(filter(None, (known.get("next", ""), due)), default="")
        return told

    def close(self) -> None:
        """End; what is under way is let finish by its own thread."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    def _look_for_clinics(self) -> None:
        """Daily tasks go by the wall of each clinic, and a clinic may be added or moved to another zone."""
        try:
            found = {str(one.id): one for one in self.places.clinics()}
        except ClinicUnreachable:
            return
        for key, clinic in found.items():
            if key not in self._clinics or self._clinics[key].zone != clinic.zone:
                self._add_daily(clinic)
        self._clinics = found

    def _add_daily(self, clinic: ClinicFacts) -> None:
        scheduler = self._scheduler
        for task in self.tasks:
            if task.at is None or scheduler is None:
                continue
            trigger = CronTrigger(hour=task.at.hour, minute=task.at.minute, timezone=ZoneInfo(clinic.zone))
            scheduler.add_job(self.run, trigger, [task, clinic], id=f"{task.name}:{clinic.id}", replace_existing=True)
            scheduler.add_job(self.run, args=[task, clinic], id=f"{task.name}:{clinic.id}:now", replace_existing=True)
