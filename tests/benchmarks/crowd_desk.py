"""Some desks of a crowd, as one process: told by JSON who they are; tells how long each act took and what failed."""

import datetime as dt
import json
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from clinicdesk.desk.patients.reading import read_profile
from clinicdesk.domain.agenda import Appointment, BookAppointment, ChangeStatus, MoveAppointment, Slot, Status
from clinicdesk.domain.slots import SlotRequest
from clinicdesk.domain.staff import Person, Role
from clinicdesk.errors import ChangedElsewhere, ClinicError, SlotTaken
from clinicdesk.storage.engine import make_engine
from clinicdesk.usecases import agenda, patients
from clinicdesk.usecases.clinic import Change, Clinic, Link, new_id
from tests.benchmarks.ground import NOTE
from tests.benchmarks.reading import FRAGMENTS

_GATHER = 0.1  # seconds, as a desk gathers what it hears
_SHORTEST = 0.25
_MEANT = (SlotTaken, ChangedElsewhere)  # what a person is told in a race; nothing failed


class Desk:
    """A receptionist of a busy day: acts, pauses, and reads what others did on a second thread."""

    def __init__(self, told: dict[str, Any], number: int, account: str) -> None:
        self._told, self._choice = told, random.Random(number)
        self._clinic_id = UUID(told["clinic"])
        conninfo = {**told["conninfo"], "user": account}
        person = Person(self._clinic_id, account, account, Role.RECEPTION, 200, (self._clinic_id,))
        engine = make_engine(conninfo, f"mesa {number}")
        self._desk = Clinic(engine, conninfo, person, self._clinic_id, f"mesa {number}", None)
        self._today = dt.date.fromisoformat(told["today"])
        # What stands on its screen while nothing else is looked at: for half of the desks the day that is busiest.
        self._on_show = dt.date.fromisoformat(self._choice.choice(told["days"][:1] * len(told["days"]) + told["days"]))
        self._busiest = [one for one in told["openings"] if one["starts_at"].startswith(told["days"][0])]
        self._professionals = [UUID(one) for one in told["professionals"]]
        self._mine: list[Appointment] = []
        self._own: dict[UUID, int] = {}
        self._heard: set[UUID] = set()
        self._hearing, self._listening, self.over = threading.Condition(), threading.Event(), threading.Event()
        self.times: dict[str, list[float]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()

    def open(self) -> None:
        """Sign in as far as the server feels it: two connections at work and one that listens."""
        self._catalogue = agenda.catalogue(self._desk)
        with ThreadPoolExecutor(2) as pool:
            both = threading.Barrier(2)

            def read() -> None:
                with self._desk.transaction():
                    both.wait()

            list(pool.map(lambda _each: read(), range(2)))
        self._desk.watch(self._hear, lambda link: self._listening.set() if link is Link.CONNECTED else None)
        if not self._listening.wait(30):
            raise RuntimeError("does not listen")

    def work(self, until: float) -> None:
        """Act until a moment of the monotonic clock."""
        acts: list[tuple[int, str, Callable[[], object]]] = [
            (25, "day", self._day),
            (10, "week", self._week),
            (22, "search", self._search),
            (12, "patient", self._patient),
            (8, "free", self._free),
            (9, "book", self._book),
            (5, "move", self._move),
            (9, "confirm", self._confirm),
        ]
        weights = [one[0] for one in acts]
        self._rest(self._choice.uniform(0, self._told["pause"]))
        while time.monotonic() < until:
            _weight, kind, act = self._choice.choices(acts, weights)[0]
            self._timed(kind, act)
            self._rest(max(_SHORTEST, self._choice.expovariate(1 / self._told["pause"])))

    def listen(self) -> None:
        """Read anew what other desks changed, gathered, until this one is over."""
        while not self.over.is_set():
            with self._hearing:
                self._hearing.wait_for(lambda: bool(self._heard) or self.over.is_set())
            self.over.wait(_GATHER)
            with self._hearing:
                ids, self._heard = sorted(self._heard), set()
            if ids and not self.over.is_set():
                self._timed("echo", lambda: agenda.appointments(self._desk, ids))  # noqa: B023

    def close(self) -> None:
        """Wake the second thread and give the connections back."""
        self.over.set()
        with self._hearing:
            self._hearing.notify_all()

    def leave(self) -> None:
        """Give the connections back."""
        self._desk.close()

    # --- what is timed ---

    def _timed(self, kind: str, act: Callable[[], object]) -> None:
        began = time.perf_counter()
        try:
            if act() is None:
                return
        except _MEANT as fact:
            self.refused[type(fact).__name__] += 1
        except ClinicError as fact:
            self.errors[f"{kind}: {type(fact).__name__}"] += 1
        except Exception as bug:
            self.errors[f"{kind}: {type(bug).__name__}"] += 1
        self.times[kind].append((time.perf_counter() - began) * 1000)

    def _rest(self, seconds: float) -> None:
        self.over.wait(seconds)

    def _hear(self, change: Change) -> None:
        if change.kind != "appointment" or change.id is None or self._own.get(change.id, 0) >= (change.version or 0):
            return
        if change.at is not None and change.at.date() != self._on_show:  # as the agenda passes it over
            return
        with self._hearing:
            self._heard.add(change.id)
            self._hearing.notify_all()

    # --- acts; None is an act that there was no occasion for ---

    def _day(self) -> object:
        day = self._today + dt.timedelta(days=self._choice.randrange(-20, 20))
        return agenda.days(self._desk, day, day, self._professionals)

    def _week(self) -> object:
        first = self._today - dt.timedelta(days=self._today.weekday() + 7 * self._choice.randrange(-2, 3))
        return agenda.days(self._desk, first, first + dt.timedelta(days=5), [self._choice.choice(self._professionals)])

    def _search(self) -> object:
        return patients.search(self._desk, self._choice.choice(FRAGMENTS))

    def _patient(self) -> object:
        return read_profile(self._desk, UUID(self._choice.choice(self._told["patients"])))

    def _free(self) -> object:
        service = self._choice.choice([one for one in self._catalogue.services if one.professional_ids])
        first = dt.date.fromisoformat(self._told["first_free_day"])
        return agenda.look_for_slots(self._desk, SlotRequest(service, service.professional_ids[:3], first, 14))

    def _book(self) -> object:
        place = self._choice.choice(self._busiest if self._choice.random() < 0.5 else self._told["openings"])
        patient = UUID(self._choice.choice(self._told["patients"]))
        slot, room = _slot(place), UUID(self._choice.choice(place["rooms"]))
        people = UUID(place["professional"]), UUID(place["service"])
        made = agenda.book(self._desk, BookAppointment(new_id(), patient, *people, slot, room, note=NOTE))
        return self._kept(made)

    def _move(self) -> object:
        if not self._mine:
            return None
        one = self._mine.pop(self._choice.randrange(len(self._mine)))
        there = [each for each in self._told["openings"] if each["professional"] == str(one.professional_id)]
        place = self._choice.choice(there)
        slot = Slot.lasting(_slot(place).starts_at, one.slot.minutes)
        room = UUID(self._choice.choice(place["rooms"]))
        wish = MoveAppointment(new_id(), one.id, one.version, one.professional_id, slot, room, one.equipment_id)
        return self._kept(agenda.move(self._desk, wish))

    def _confirm(self) -> object:
        if not self._mine:
            return None
        one = self._mine.pop(self._choice.randrange(len(self._mine)))
        wanted = Status.CONFIRMED if one.status is Status.PENDING else Status.PENDING
        return self._kept(agenda.change_status(self._desk, ChangeStatus(new_id(), one.id, one.version, wanted)))

    def _kept(self, one: Appointment) -> Appointment:
        self._own[one.id] = one.version
        self._mine.append(one)
        return one


def _slot(place: dict[str, Any]) -> Slot:
    return Slot(dt.datetime.fromisoformat(place["starts_at"]), dt.datetime.fromisoformat(place["ends_at"]))


def main() -> None:
    """Bring the desks up, let them work together, and tell."""
    told = json.loads(sys.stdin.readline())
    desks = [Desk(told, int(number), account) for number, account in told["people"].items()]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(Desk.open, desks))
    _say("ready")
    sys.stdin.readline()
    until = time.monotonic() + told["seconds"]
    workers = [threading.Thread(target=one.work, args=(until,)) for one in desks]
    ears = [threading.Thread(target=one.listen) for one in desks]
    for thread in [*workers, *ears]:
        thread.start()
    for thread in workers:
        thread.join()
    for one in desks:
        one.close()
    for thread in ears:
        thread.join()
    times: dict[str, list[float]] = defaultdict(list)
    for one in desks:
        for kind, found in one.times.items():
            times[kind].extend(found)
    refused = sum((one.refused for one in desks), Counter[str]())
    _say(json.dumps({"times": times, "refused": refused, "errors": sum((one.errors for one in desks), Counter[str]())}))
    sys.stdin.read()  # the connections are counted until then
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(Desk.leave, desks))


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
