"""A desk left open through eight hours of a busy clinic: what it grows by, and how long a change keeps it."""

import datetime as dt
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from clinicdesk.domain.agenda import (
    Appointment,
    CancelledBy,
    ChangeStatus,
    EditAppointment,
    MoveAppointment,
    Slot,
    Status,
)
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import new_id
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.ground import MANAGER, NOTE, Ground, Place

_VISITS = 160
_CHANGES = 800  # what a day of 160 visits brings, as their versions in this clinic show
_PACE = 0.14  # seconds from one change to the next: eight hours in two minutes
_MOST_MEGABYTES = 30
_FRAME = 16  # milliseconds
_ON = {
    Status.PENDING: Status.CONFIRMED,
    Status.CONFIRMED: Status.CHECKED_IN,
    Status.CHECKED_IN: Status.IN_PROGRESS,
    Status.IN_PROGRESS: Status.COMPLETED,
}


def left_open(ground: Ground) -> Figure:
    """Eight hours of another desk's work, heard by a desk that nobody touches."""
    day, visits = _full_day(ground)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.open_day_desk"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        door = {"address": dict(ground.demo.address), "login": MANAGER, "password": ground.password(MANAGER)}
        _tell(process, json.dumps({**door, "day": day.isoformat()}))
        cards = _answer(process)["ready"]
        before = _weight(process)
        _work(ground, visits)
        after = _weight(process)
        _tell(process, "end")
        found = _answer(process)
        process.wait(timeout=30)
    finally:
        process.kill()
        process.wait()
        ground.take_away()
    times, grown = found["times"], (after - before) / 2**20
    p50, p95 = statistics.median(times), percentile(times, 0.95)
    told = f"{found['changes']} changes of a day of {cards}; from {before / 2**20:.0f} MB, grown by {grown:.1f} MB"
    return Figure(
        "a desk left open for eight hours of changes: each on the thread that paints",
        f"p95 ≤ {_FRAME} ms, ≤ {_MOST_MEGABYTES} MB more",
        p95 <= _FRAME and grown <= _MOST_MEGABYTES,
        p50,
        p95,
        found=told,
    )


def _full_day(ground: Ground) -> tuple[dt.date, list[Appointment]]:
    """A day of its own, booked full; what is booked for the days after it comes during the work."""
    desk, choice = ground.desk(), random.Random(7)
    zone = agenda.days(desk, ground.today, ground.today, ()).calendar.zone
    days: dict[dt.date, list[Place]] = {}
    for place in ground.places(10):
        days.setdefault(place.slot.starts_at.astimezone(zone).date(), []).append(place)
    day = max(days, key=lambda one: len(days[one]))
    there = choice.sample(days[day], min(_VISITS, len(days[day])))
    return day, [agenda.book(desk, ground.wish(one, choice.choice(ground.patients))) for one in there]


def _work(ground: Ground, visits: list[Appointment]) -> None:
    """One change after the other, at the pace of a clinic whose hours are seconds."""
    steps = _steps(ground, visits)
    due = time.monotonic()
    for _change in range(_CHANGES):
        next(steps)
        due += _PACE
        time.sleep(max(0.0, due - time.monotonic()))


def _steps(ground: Ground, visits: list[Appointment]) -> Iterator[None]:
    """Mostly visits going on their way; now and then a note, a longer or cancelled visit, a booking for another day."""
    desk, choice = ground.desk(), random.Random(8)
    held = {one.id: one for one in visits}
    last = max(one.ends_at for one in visits)
    elsewhere = (one for one in ground.places(20) if one.slot.starts_at > last + dt.timedelta(hours=6))
    while True:
        one, luck = choice.choice(list(held.values())), choice.random()
        try:
            if luck < 0.15:
                agenda.book(desk, ground.wish(next(elsewhere), choice.choice(ground.patients)))
            elif luck < 0.22:
                note = EditAppointment(new_id(), one.id, one.version, one.service_id, NOTE)
                held[one.id] = agenda.edit(desk, note)
            elif luck < 0.28 and one.status in (Status.PENDING, Status.CONFIRMED):
                held[one.id] = agenda.move(desk, _longer(one))
            elif luck < 0.32 and one.status in (Status.PENDING, Status.CONFIRMED):
                held[one.id] = agenda.change_status(desk, _to(one, Status.CANCELLED))
            elif one.status in _ON:
                held[one.id] = agenda.change_status(desk, _to(one, _ON[one.status]))
            elif one.status is Status.CANCELLED or luck < 0.5:
                back = Status.PENDING if one.status is Status.CANCELLED else Status.IN_PROGRESS
                held[one.id] = agenda.change_status(desk, _to(one, back))
            else:
                continue
        except ClinicError:
            continue  # the time is taken, or the step is none: another one is done instead
        yield


def _to(one: Appointment, status: Status) -> ChangeStatus:
    by = CancelledBy.PATIENT if status is Status.CANCELLED else None
    return ChangeStatus(new_id(), one.id, one.version, status, cancelled_by=by)


def _longer(one: Appointment) -> MoveAppointment:
    """Five minutes longer, or shorter when that much longer than its service."""
    minutes = one.slot.minutes + (5 if one.version % 2 else -5)
    slot = Slot.lasting(one.starts_at, minutes)
    return MoveAppointment(new_id(), one.id, one.version, one.professional_id, slot, one.room_id, one.equipment_id)


def _weight(process: "subprocess.Popen[str]") -> int:
    time.sleep(1.5)  # what is under way at the desk comes to its end
    _tell(process, "weigh")
    return int(_answer(process)["memory"])


def _tell(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _answer(process: "subprocess.Popen[str]") -> Any:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("the desk ended")
    return json.loads(line)
