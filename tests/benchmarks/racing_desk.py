"""One desk of a race, as a process: told by JSON what to want, tells what it got and how long each wish took."""

import datetime as dt
import json
import random
import sys
from time import perf_counter
from typing import Any
from uuid import UUID

from clinicdesk.domain.agenda import BookAppointment, Slot
from clinicdesk.domain.staff import Person, Role
from clinicdesk.errors import SlotTaken
from clinicdesk.storage.engine import make_engine
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.benchmarks.ground import NOTE


def main() -> None:
    """Wait for each start, book, and tell."""
    told = json.loads(sys.stdin.readline())
    choice, clinic_id = random.Random(told["seed"]), UUID(told["clinic"])
    person = Person(clinic_id, "renata", "Renata", Role.RECEPTION, 200, (clinic_id,))
    desk = Clinic(make_engine(told["conninfo"], f"race {told['seed']}"), {}, person, clinic_id, "race", None)
    agenda.days(desk, dt.date(2030, 1, 1), dt.date(2030, 1, 1), [])
    _say("ready")
    booked, times = 0, []
    same = told["work"] == "same"
    if not same:
        sys.stdin.readline()
    began = perf_counter()
    for number in range(told["count"]):
        wish = _wish(told, told["openings"][number] if same else choice.choice(told["openings"]), choice)
        if same:
            sys.stdin.readline()
        started = perf_counter()
        try:
            agenda.book(desk, wish)
            booked += 1
        except SlotTaken:
            pass
        times.append((perf_counter() - started) * 1000)
        if same:
            _say(str(number))
    seconds = perf_counter() - began
    desk.close()
    json.dump({"booked": booked, "refused": told["count"] - booked, "times": times, "seconds": seconds}, sys.stdout)


def _wish(told: dict[str, Any], place: dict[str, Any], choice: random.Random) -> BookAppointment:
    slot = Slot(dt.datetime.fromisoformat(place["starts_at"]), dt.datetime.fromisoformat(place["ends_at"]))
    patient, room = UUID(choice.choice(told["patients"])), UUID(choice.choice(place["rooms"]))
    professional, service = UUID(place["professional"]), UUID(place["service"])
    return BookAppointment(new_id(), patient, professional, service, slot, room, note=NOTE)


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
