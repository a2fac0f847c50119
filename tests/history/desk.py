"""One desk of a random day, as a process: does what people do, and writes down each deed before and after it is done.

Told by JSON on stdin; its diary is a file of JSON lines. A deed that has a beginning and no end was cut off.
"""

import datetime as dt
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

from clinicdesk.domain.agenda import (
    Appointment,
    BlockTime,
    BookAppointment,
    CancelledBy,
    ChangeStatus,
    EditAppointment,
    MoveAppointment,
    Slot,
    Status,
)
from clinicdesk.domain.holds import HoldSlot
from clinicdesk.domain.series import Frequency, Rule
from clinicdesk.domain.series_booking import BookSeries, SeriesWish
from clinicdesk.domain.series_edit import CancelSeries, Scope
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.staff import Person, Role
from clinicdesk.domain.waiting import AddToWaitingList, BookFromList, WaitingWish
from clinicdesk.errors import ClinicError, ClinicUnreachable, SlotTaken
from clinicdesk.storage.engine import make_engine
from clinicdesk.usecases import agenda, holds, series, waiting
from clinicdesk.usecases.clinic import Clinic, new_id

_PATIENCE, _MOST_PATIENCE = 0.1, 30.0  # seconds until one asks again, and until one gives up
_AGAIN = 0.08  # how often a deed is repeated with its operation id, as after a lost answer


class Desk:
    """A signed-in receptionist who never rests. What a deed gave is ids with the versions it left behind."""

    def __init__(self, told: dict[str, Any], diary: TextIO) -> None:
        self._told, self._diary = told, diary
        self._choice = random.Random(told["seed"])
        self._clinic_id = UUID(told["clinic"])
        person = Person(UUID(told["person"]), "renata", "Renata", Role.RECEPTION, 200, (self._clinic_id,))
        engine = make_engine(told["conninfo"], f"mesa {told['seed']}")
        self._desk = Clinic(engine, told["conninfo"], person, self._clinic_id, "history", None)
        self._cards: list[Appointment] = []
        self._held: list[HoldSlot] = []

    def work(self, until: float) -> None:
        """Do one thing after the other until a moment of the wall clock."""
        deeds: list[tuple[int, Callable[[], None]]] = [
            (24, self._book),
            (18, self._move),
            (18, self._step),
            (6, self._edit),
            (5, self._block),
            (10, self._hold),
            (5, self._release),
            (5, self._wait),
            (6, self._book_from_list),
            (4, self._book_series),
            (3, self._cancel_series),
        ]
        weights, doers = [each[0] for each in deeds], [each[1] for each in deeds]
        while time.time() < until:
            try:
                if self._choice.random() < 0.3 or not self._cards:
                    self._look()
                self._choice.choices(doers, weights)[0]()
            except ClinicUnreachable:  # while it only looked
                time.sleep(_PATIENCE)
        self._desk.close()

    # --- writing down ---

    def _deed(self, kind: str, wish: dict[str, object], done: Callable[[], dict[str, object]]) -> bool:
        number = f"{self._told['seed']}-{time.time_ns()}"
        self._tell({"deed": number, "kind": kind, "began": time.time(), **wish})
        try:
            found: dict[str, object] = {"ok": True, **self._answered(done)}
        except SlotTaken as fact:
            found = {"ok": False, "refused": "SlotTaken", "what": fact.resource_kind}
        except ClinicError as fact:
            found = {"ok": False, "refused": type(fact).__name__}
        self._tell({"deed": number, "ended": time.time(), **found})
        return bool(found["ok"])

    def _answered(self, done: Callable[[], dict[str, object]]) -> dict[str, object]:
        """Whoever gets no answer asks again for the same deed until there is one."""
        while True:
            try:
                return done()
            except ClinicUnreachable:
                if time.time() > self._told["until"] + _MOST_PATIENCE:
                    raise
                time.sleep(_PATIENCE)

    def _twice(self, first: Callable[[], Any]) -> Any:
        """Sometimes the answer is lost and the same deed is done again: it has to be the same one."""
        given = first()
        if self._choice.random() < _AGAIN:
            again = first()
            if _ids(again) != _ids(given):
                raise AssertionError("a repeated deed was another one")
        return given

    def _tell(self, line: dict[str, object]) -> None:
        self._diary.write(json.dumps(line, default=str) + "\n")
        self._diary.flush()

    # --- what there is ---

    def _look(self) -> None:
        day = self._day()
        people = [UUID(one) for one in self._told["professionals"]]
        self._cards = list(agenda.days(self._desk, day, day, people).appointments)

    def _day(self) -> dt.date:
        return dt.date.fromisoformat(self._choice.choice(self._told["days"]))

    def _place(self) -> tuple[UUID, UUID, Slot, UUID | None, UUID | None]:
        """Professional, service, time, room and machine: few, so that desks get in each other's way."""
        choice, laser = self._choice, self._choice.random() < 0.25
        service = UUID(self._told["laser" if laser else "visit"])
        day = self._day()
        start = dt.datetime.combine(day, dt.time(11), dt.UTC) + dt.timedelta(minutes=15 * choice.randrange(32))
        slot = Slot.lasting(start, 60 if laser else choice.choice((15, 30, 45)))
        room = UUID(choice.choice(self._told["rooms"])) if laser or choice.random() < 0.8 else None
        machine = UUID(self._told["machine"]) if laser else None
        people = self._told["professionals"][:1] if laser else self._told["professionals"]
        return UUID(choice.choice(people)), service, slot, room, machine

    def _some_card(self) -> Appointment | None:
        return self._choice.choice(self._cards) if self._cards else None

    # --- deeds ---

    def _book(self) -> None:
        professional, service, slot, room, machine = self._place()
        patient = UUID(self._choice.choice(self._told["patients"]))
        hold_id, reason = None, "pediu muito" if self._choice.random() < 0.06 else ""
        if self._held and self._choice.random() < 0.5:
            held = self._held.pop()
            hold_id, professional, service = held.hold_id, held.professional_id, held.service_id
            slot, room, machine = held.slot, held.room_id, held.equipment_id
        command = BookAppointment(
            new_id(),
            patient,
            professional,
            service,
            slot,
            room,
            machine,
            overbooking_reason=reason,
            hold_id=hold_id,
        )
        wish = _wanted(professional, slot, room, machine) | {"operation": command.operation_id, "hold": hold_id}
        self._deed("book", wish, lambda: _left(self._twice(lambda: agenda.book(self._desk, command))))

    def _move(self) -> None:
        card = self._some_card()
        if card is None:
            return
        professional, _service, slot, room, machine = self._place()
        room = room if card.room_id else None
        machine = machine or UUID(self._told["machine"]) if card.equipment_id else None
        command = MoveAppointment(
            new_id(),
            card.id,
            card.version,
            professional,
            Slot.lasting(slot.starts_at, card.slot.minutes),
            room,
            machine,
        )
        wish = _wanted(professional, command.slot, room, machine) | _seen(card, command.operation_id)
        self._deed("move", wish, lambda: _left(self._twice(lambda: agenda.move(self._desk, command))))

    def _step(self) -> None:
        card = self._some_card()
        if card is None:
            return
        status = self._choice.choice(list(Status))
        by = CancelledBy.PATIENT if status is Status.CANCELLED else None
        command = ChangeStatus(new_id(), card.id, card.version, status, cancelled_by=by)
        wish = _seen(card, command.operation_id) | {"status": status}
        self._deed("step", wish, lambda: _left(self._twice(lambda: agenda.change_status(self._desk, command))))

    def _edit(self) -> None:
        card = self._some_card()
        if card is None:
            return
        command = EditAppointment(new_id(), card.id, card.version, card.service_id, f"nota {self._choice.random()}")
        wish = _seen(card, command.operation_id) | {"note": command.note}
        self._deed("edit", wish, lambda: _left(self._twice(lambda: agenda.edit(self._desk, command))))

    def _block(self) -> None:
        professional, _service, slot, _room, _machine = self._place()
        command = BlockTime(new_id(), professional, slot, "reunião")
        wish = {"resources": {"professional": professional}, **_span(slot), "operation": command.operation_id}
        self._deed("block", wish, lambda: {"block": self._twice(lambda: agenda.block_time(self._desk, command))})

    def _hold(self) -> None:
        professional, service, slot, room, machine = self._place()
        command = HoldSlot(new_id(), service, professional, slot, room, machine)

        def held() -> dict[str, object]:
            found = holds.hold(self._desk, command)
            self._held.append(command)
            return {"minutes": command.minutes, "held": _span(found.slot)}

        self._deed("hold", _wanted(professional, slot, room, machine) | {"hold": command.hold_id}, held)

    def _release(self) -> None:
        if self._held:
            held = self._held.pop(0)
            self._deed("release", {"hold": held.hold_id}, lambda: {"released": holds.release(self._desk, held.hold_id)})

    def _wait(self) -> None:
        wish = WaitingWish(UUID(self._told["visit"]), dt.date.fromisoformat(self._told["days"][0]))
        command = AddToWaitingList(new_id(), UUID(self._choice.choice(self._told["patients"])), wish)
        self._deed("wait", {"operation": command.operation_id}, lambda: {"entry": self._entry_of(command)})

    def _entry_of(self, command: AddToWaitingList) -> UUID:
        return UUID(str(self._twice(lambda: waiting.add(self._desk, command).id)))

    def _book_from_list(self) -> None:
        found = waiting.waiting_list(self._desk, dt.date.fromisoformat(self._told["days"][0])).entries
        if not found:
            return
        entry = self._choice.choice(found[:3])  # the desks want the same few
        professional, _service, slot, room, _machine = self._place()
        booking = BookAppointment(new_id(), entry.patient_id, professional, UUID(self._told["visit"]), slot, room)
        command = BookFromList(entry.id, entry.version, booking)
        wish = _wanted(professional, slot, room, None) | {"operation": booking.operation_id, "entry": entry.id}
        self._deed("take", wish, lambda: _left(self._twice(lambda: waiting.book(self._desk, command))))

    def _book_series(self) -> None:
        professional, service, slot, room, machine = self._place()
        first = FreeSlot(professional, slot, room, machine)
        weekday = slot.starts_at.astimezone(dt.UTC).isoweekday()
        wish = SeriesWish(first, service, Rule(Frequency.WEEKLY, weekdays=(weekday,), count=3))
        plan = series.plan_series(self._desk, wish)
        places = tuple((one.day, one.place) for one in plan.planned if one.refusal is None and not one.skipped)
        if not places:
            return
        patient = UUID(self._choice.choice(self._told["patients"]))
        booking = BookAppointment(new_id(), patient, professional, service, slot, room, machine)
        command = BookSeries(booking.operation_id, new_id(), wish, booking, places)
        told: dict[str, object] = {"operation": command.operation_id, "series": command.series_id, "count": len(places)}

        def booked() -> dict[str, object]:
            together = self._twice(lambda: series.book(self._desk, command))
            return {"left": [[one.id, one.version] for one in together.after]}

        self._deed("book_series", told, booked)

    def _cancel_series(self) -> None:
        card = next((one for one in self._cards if one.series_id is not None), None)
        if card is None:
            return
        seen = ((card.id, card.version),)
        command = CancelSeries(new_id(), card.id, Scope.FOLLOWING, CancelledBy.CLINIC, "parou", seen)

        def cancelled() -> dict[str, object]:
            together = series.cancel(self._desk, command)
            return {"left": [[one.id, one.version] for one in together.after]}

        self._deed("cancel_series", {"operation": command.operation_id, "series": card.series_id}, cancelled)


def _ids(given: Any) -> object:
    if isinstance(given, Appointment):
        return given.id
    return tuple(one.id for one in given.after) if hasattr(given, "after") else given


def _left(appointment: Appointment) -> dict[str, object]:
    return {"left": [[appointment.id, appointment.version]]}


def _span(slot: Slot) -> dict[str, object]:
    return {"from": slot.starts_at.timestamp(), "to": slot.ends_at.timestamp()}


def _wanted(professional: UUID, slot: Slot, room: UUID | None, machine: UUID | None) -> dict[str, object]:
    return {"resources": {"professional": professional, "room": room, "equipment": machine}, **_span(slot)}


def _seen(card: Appointment, operation_id: UUID) -> dict[str, object]:
    return {"visit": card.id, "seen": card.version, "operation": operation_id}


def main() -> None:
    """Work until told."""
    told = json.loads(sys.stdin.readline())
    with Path(told["diary"]).open("a", encoding="utf-8") as diary:
        Desk(told, diary).work(told["until"])


if __name__ == "__main__":
    main()
