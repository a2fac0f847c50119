"""What a person at the desk waits for: pictures, letters, another desk's change, and the start."""

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import psutil

from clinicdesk.domain.agenda import Appointment, ChangeStatus, Status
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import new_id
from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.ground import MANAGER, RECEPTION, Ground
from tests.benchmarks.reading import FRAGMENTS

_CHANGES = 60
_STARTS = 7
_TURNS = 12
_WISHED = "botox quinta 15h tiago sala 2 // traz exames"


def _figure(work: str, times: list[float], most: float, found: str = "", *, of_median: bool = False) -> Figure:
    p50, p95 = statistics.median(times), percentile(times, 0.95)
    share = "" if of_median else "p95 "
    return Figure(work, f"{share}≤ {most:g} ms", (p50 if of_median else p95) <= most, p50, p95, found=found)


def _asked(module: str, *arguments: str, **told: Any) -> Any:
    """What a process of its own answers: pictures, memory and start are not to be shared with anything else."""
    process = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments],
        input=json.dumps(told),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
    )
    return json.loads(process.stdout)


# --- pictures --------------------------------------------------------------------------------------------------------


def day_picture(_ground: Ground) -> Figure:
    """160 cards in eight columns, from the values to the picture."""
    return _figure("day of 160 cards, first picture", _asked("agenda_painting")["day"], 150, of_median=True)


def week_picture(_ground: Ground) -> Figure:
    """A thousand cards in seven columns, from the values to the picture."""
    return _figure("week of 1,000 cards, first picture", _asked("agenda_painting")["week"], 250, of_median=True)


def month_picture(_ground: Ground) -> Figure:
    """Five thousand visits of twenty professionals in a month, from the values to the picture."""
    return _figure("month of 5,000 cards, first picture", _asked("agenda_painting")["month"], 250, of_median=True)


def drag(_ground: Ground) -> Figure:
    """A card in hand over 160 others: move, check, paint."""
    return _figure("frame of a drag, day of 160 cards", _asked("agenda_painting")["drag"], 16)


# --- letters ---------------------------------------------------------------------------------------------------------


def typing(ground: Ground) -> Figure:
    """Names typed letter by letter into the real page; from each key to the list painted."""
    told = _asked("typing_desk", **_door(ground, RECEPTION), words=FRAGMENTS)
    return _figure("patient search, key press to list", told, 50, f"{len(told)} keys, visits read besides")


def commanding(ground: Ground) -> Figure:
    """Bookings typed letter by letter into the palette: at each key the line read, people and free time looked for."""
    names = [fragment for fragment in FRAGMENTS if fragment.isalpha()][:6]
    told = _asked("commanding_desk", **_door(ground, RECEPTION), lines=[f"{name} {_WISHED}" for name in names])
    return _figure("Ctrl+K, key press to list", told, 50, f"{len(told)} keys of {len(names)} bookings in one line")


# --- another desk ----------------------------------------------------------------------------------------------------


def echo(ground: Ground) -> Figure:
    """A step taken at one desk, until the other has painted it; the other gathers for 100 ms."""
    desk, choice = ground.desk(), random.Random(4)
    place = next(ground.places(10))
    visit = agenda.book(desk, ground.wish(place, ground.patients[0]))
    day = visit.starts_at.astimezone(agenda_zone(ground)).date()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.watching_desk"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(json.dumps({**_door(ground, MANAGER), "day": day.isoformat()}) + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "ready\n"
        times = []
        for _change in range(_CHANGES):
            time.sleep(0.05 + 0.2 * choice.random())  # people do not act in step with the other desk's clock
            started = time.monotonic()
            visit = _stepped(ground, visit)
            seen = json.loads(process.stdout.readline())
            times.append((seen["at"] - started) * 1000)
    finally:
        process.kill()
        process.wait()
    ground.take_away()
    return _figure("a change at one desk, seen at another", times, 300, "100 ms of it gathered on purpose")


def agenda_zone(ground: Ground) -> Any:
    """The zone of the clinic's wall."""
    return agenda.days(ground.desk(), ground.today, ground.today, ()).calendar.zone


def _stepped(ground: Ground, visit: Appointment) -> Appointment:
    wanted = Status.CONFIRMED if visit.status is Status.PENDING else Status.PENDING
    return agenda.change_status(ground.desk(), ChangeStatus(new_id(), visit.id, visit.version, wanted))


# --- the inbox ------------------------------------------------------------------------------------------------------


_TALKS = """
    INSERT INTO clinicdesk.conversation (id, clinic_id, channel_id, identity, phone, display_name, last_at)
    SELECT gen_random_uuid(), %(clinic)s, %(channel)s, '55118' || lpad(n::text, 8, '0'),
           '+55118' || lpad(n::text, 8, '0'), 'Pessoa ' || n, now() - n * interval '1 minute'
      FROM generate_series(1, 20000) n
"""
_CAME = """
    INSERT INTO clinicdesk.incoming_message (id, clinic_id, channel_id, conversation_id, provider_message_id, kind,
        body, sent_at, outcome)
    SELECT gen_random_uuid(), c.clinic_id, c.channel_id, c.id, gen_random_uuid()::text, 'text',
           repeat('Uma frase comum de conversa. ', 1 + k %% 4), c.last_at - k * interval '5 minutes', 'conversation'
      FROM clinicdesk.conversation c CROSS JOIN generate_series(0, 19) k WHERE c.channel_id = %(channel)s
"""
_TAKEN_AWAY = tuple(
    f"DELETE FROM clinicdesk.{table} WHERE {column} = %(channel)s"
    for table, column in (("incoming_message", "channel_id"), ("conversation", "channel_id"), ("message_channel", "id"))
)


def inbox(ground: Ground) -> Figure:
    """20,000 conversations of 20 messages: from one to the next, with the thread painted."""
    admin, named = ground.admin(), {"clinic": ground.desk().id, "channel": new_id()}
    admin.execute("SET session_replication_role = replica")
    admin.execute(
        "INSERT INTO clinicdesk.message_channel (id, clinic_id, kind, provider, name)"
        " VALUES (%(channel)s, %(clinic)s, 'whatsapp', 'meta', 'benchmark')",
        named,
    )
    try:
        for statement in (_TALKS, _CAME):
            admin.execute(statement, named)
        admin.execute("ANALYZE clinicdesk.conversation, clinicdesk.incoming_message")
        told = _asked("talking_desk", **_door(ground, RECEPTION))
    finally:
        for statement in _TAKEN_AWAY:
            admin.execute(statement, named)
        admin.execute("RESET session_replication_role")
    found = f"20,000 conversations; the page opens in {told['opened']:.0f} ms"
    return _figure("from one conversation to the next, painted", told["switched"], 150, found)


# --- the start -------------------------------------------------------------------------------------------------------


def start(ground: Ground) -> Figure:
    """The command, with the server running, until the demo's people can be clicked."""
    times = [_opening(ground, lambda told: told["usable"]) for _each in range(_STARTS)]
    return _figure("command to usable sign-in, warm database", times, 2000, "bytecode compiled", of_median=True)


def switch(ground: Ground) -> Figure:
    """Another person's turn at a shared desk: from their tile, with the password, to their agenda painted."""
    told = _asked("switching_desk", str(ground.data_dir), logins=[RECEPTION, MANAGER], turns=_TURNS)
    return _figure("fast switch, tile and Enter to agenda", told, 3000, f"{_TURNS} turns of two people")


def memory(ground: Ground) -> Figure:
    """What the desk's process holds after the day is on the screen."""
    found = _opening(ground, lambda told: told["memory"])
    return Figure("the desk's memory with a day open", "≤ 300 MB", found <= 300, found=f"{found:.0f} MB resident")


def _opening(ground: Ground, wanted: Callable[[dict[str, float]], float]) -> float:
    started = time.monotonic()
    told = _asked("opening_desk", str(ground.data_dir), login=RECEPTION, password=ground.password(RECEPTION))
    return wanted({"usable": (told["usable_at"] - started) * 1000, "memory": told["resident"] / 2**20})


def _door(ground: Ground, login: str) -> dict[str, Any]:
    return {"address": dict(ground.demo.address), "login": login, "password": ground.password(login)}


def resident() -> int:
    """The memory of this process, in bytes."""
    return int(psutil.Process(os.getpid()).memory_info().rss)
