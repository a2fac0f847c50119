"""Desks that race, each a process: told by JSON on stdin what to do, tell by JSON how often each heard what."""

import datetime as dt
import json
import multiprocessing
import random
import sys
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID

from clinicdesk.domain.agenda import Appointment, BookAppointment, ChangeStatus, MoveAppointment, Slot, Status
from clinicdesk.domain.holds import HoldSlot
from clinicdesk.domain.staff import Person, Role
from clinicdesk.domain.waiting import BookFromList
from clinicdesk.errors import ClinicError
from clinicdesk.storage.engine import make_engine
from clinicdesk.usecases import agenda, holds, waiting
from clinicdesk.usecases.clinic import Clinic, new_id


def _slot(day: dt.datetime, choice: random.Random) -> Slot:
    start = day + dt.timedelta(hours=8, minutes=15 * choice.randrange(12))
    return Slot.lasting(start, choice.choice((15, 30, 45)))


def _act(desk: Clinic, told: dict[str, Any], choice: random.Random, mine: list[Appointment]) -> None:
    """One random wish: mostly bookings, and moves and steps of visits this desk has seen."""
    day = dt.datetime.fromisoformat(told["day"])
    professional, room = UUID(choice.choice(told["professionals"])), UUID(choice.choice(told["rooms"]))
    slot, deed = _slot(day, choice), choice.random()
    if mine and deed < 0.5:
        seen = choice.choice(mine)
        mine.remove(seen)
        if deed < 0.3:
            mine.append(agenda.move(desk, MoveAppointment(new_id(), seen.id, seen.version, professional, slot, room)))
        else:
            status = Status.CONFIRMED if deed < 0.4 else Status.CANCELLED
            mine.append(agenda.change_status(desk, ChangeStatus(new_id(), seen.id, seen.version, status)))
        return
    # All desks see all visits, so that they get into each other's way.
    local = day.astimezone(dt.UTC).date()
    everybody = [UUID(one) for one in told["professionals"]]
    mine[:] = agenda.days(desk, local, local, everybody).appointments
    wish = BookAppointment(new_id(), UUID(told["patient"]), professional, UUID(told["service"]), slot, room)
    mine.append(agenda.book(desk, wish))


def _want_the_same(desk: Clinic, told: dict[str, Any], number: int, *, hold: bool = False) -> None:
    start = dt.datetime.fromisoformat(told["day"]) + dt.timedelta(days=7 * (number // 16), hours=8)
    slot = Slot.lasting(start + dt.timedelta(minutes=15 * (number % 16)), 15)
    people = (UUID(told["patient"]), UUID(told["professionals"][0]), UUID(told["service"]))
    wish = BookAppointment(new_id(), *people, slot, UUID(told["rooms"][0]))
    if hold:
        # Whoever holds it talks a little, and then books; the others are refused by the hold or by the booking.
        wish = replace(wish, hold_id=new_id())
        assert wish.hold_id is not None
        holds.hold(desk, HoldSlot(wish.hold_id, wish.service_id, wish.professional_id, slot, wish.room_id))
    agenda.book(desk, wish)


def _want_the_same_person(desk: Clinic, told: dict[str, Any], seed: int, number: int) -> None:
    """Each desk has a time of its own, so that only the entry is in the way."""
    entry_id, version = told["entries"][number]
    start = dt.datetime.fromisoformat(told["day"]) + dt.timedelta(hours=8 + number, minutes=7 * seed)
    people = (UUID(told["patient"]), UUID(told["professionals"][0]), UUID(told["service"]))
    wish = BookAppointment(new_id(), *people, Slot.lasting(start, 7))
    waiting.book(desk, BookFromList(UUID(entry_id), version, wish))


def _desk(told: dict[str, Any], seed: int, start: Any, answers: Any) -> None:
    """One desk: signed in, waiting for the start, acting, telling."""
    choice, clinic_id = random.Random(seed), UUID(told["clinic"])
    person = Person(clinic_id, "renata", "Renata", Role.RECEPTION, 200, (clinic_id,))
    desk = Clinic(make_engine(told["conninfo"], f"mesa {seed}"), {}, person, clinic_id, "race", None)
    agenda.catalogue(desk)
    start.wait(60)
    heard: Counter[str] = Counter()
    mine: list[Appointment] = []
    for number in range(len(told["entries"]) if told["work"] == "waiting" else told["count"]):
        try:
            if told["work"] in ("same", "held"):
                _want_the_same(desk, told, number, hold=told["work"] == "held")
            elif told["work"] == "waiting":
                _want_the_same_person(desk, told, seed, number)
            else:
                _act(desk, told, choice, mine)
            heard["done"] += 1
        except ClinicError as fact:
            heard[type(fact).__name__] += 1
    desk.close()
    answers.put(dict(heard))


def main() -> None:
    """Fork the desks, so that the program is read once, and print what they were told."""
    told = json.load(sys.stdin)
    context = multiprocessing.get_context("fork")
    start, answers = context.Barrier(told["processes"]), context.SimpleQueue()
    desks = [context.Process(target=_desk, args=(told, seed, start, answers)) for seed in range(told["processes"])]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    if any(desk.exitcode for desk in desks):
        sys.exit(1)
    json.dump([answers.get() for _ in desks], sys.stdout)


if __name__ == "__main__":
    main()
