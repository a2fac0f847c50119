"""Offers in any order: a time is promised to one alone, is held while it is, and every entry ends in one place."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinicdesk.domain.agenda import BookAppointment, CancelledBy, ChangeStatus, Slot, Status
from clinicdesk.domain.offers import EndOffer, MakeOffer, OfferState
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.waiting import AddToWaitingList, BookFromList, CloseWaiting, Urgency, WaitingState, WaitingWish
from clinicdesk.errors import (
    ClinicError,
    OfferOver,
    OfferRefused,
    SlotClosed,
    SlotTaken,
    StatusRefused,
    WaitingEntryTaken,
)
from clinicdesk.usecases import agenda, offers, waiting
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at, value
from tests.outgoing import Grounds, Outgoing

HOURS = (9, 10)
WHO = ("ana", "bento", "nina")
EVE = at(9, day=DAY - dt.timedelta(days=1))
# What may be told of a step, in words; anything else is a mistake of the program.
TOLD = (OfferOver, OfferRefused, SlotTaken, SlotClosed, WaitingEntryTaken, StatusRefused)
STEPS = st.tuples(
    st.sampled_from(
        ["offer", "accept", "refuse", "withdraw", "tick", "book", "book_waiting", "give_up", "wait", "cancel", "later"]
    ),
    st.integers(0, 2),
    st.integers(0, 1),
)


@dataclass
class Desk:
    """A clinic that offers by itself, two hours of Helena's, and three people who wait."""

    office: Office
    ground: Outgoing
    renata: Clinic
    robot: Clinic
    now: dt.datetime = EVE
    entries: list[UUID] = field(default_factory=list)
    made: list[UUID] = field(default_factory=list)
    booked: list[UUID] = field(default_factory=list)

    def place(self, number: int) -> FreeSlot:
        sample, hour = self.office.sample, HOURS[number]
        return FreeSlot(sample.professionals["helena"], Slot(at(hour), at(hour, 30)), sample.rooms["room 1"], None)

    def wish(self, number: int, patient: UUID) -> BookAppointment:
        place = self.place(number)
        service = self.office.sample.services["visit"]
        return BookAppointment(new_id(), patient, place.professional_id, service, place.slot, place.room_id)

    def do(self, step: str, which: int, number: int) -> None:
        entry_id = self.entries[which]
        entry = waiting.entry(self.renata, entry_id)
        latest = self.made[-1 - which % len(self.made)] if self.made else None
        if step == "offer":
            command = MakeOffer(new_id(), entry.id, entry.version, self.place(number))
            self.made.append(offers.offer(self.renata, command, self.now).id)
        elif step == "accept" and latest:
            with self.robot.transaction() as tx:
                self.booked.append(offers.accept_within(tx, self.robot, latest, now=self.now).id)
        elif step in ("refuse", "withdraw") and latest:
            end = OfferState.REFUSED if step == "refuse" else OfferState.WITHDRAWN
            offers.end(self.renata, EndOffer(new_id(), latest, end), self.now)
        elif step == "tick":
            offers.expire_offers(self.robot, self.now)
        elif step == "book":
            self.booked.append(agenda.book(self.renata, self.wish(number, entry.patient_id)).id)
        elif step == "book_waiting":
            booking = BookFromList(entry.id, entry.version, self.wish(number, entry.patient_id))
            self.booked.append(waiting.book(self.renata, booking).id)
        elif step in ("give_up", "wait"):
            state = WaitingState.GIVEN_UP if step == "give_up" else WaitingState.OPEN
            if entry.state is not WaitingState.BOOKED:
                waiting.close(self.renata, CloseWaiting(new_id(), entry.id, entry.version, state))
        elif step == "cancel" and self.booked:
            (visit,) = agenda.appointments(self.renata, [self.booked[-1]])
            by = CancelledBy.PATIENT
            agenda.change_status(
                self.renata, ChangeStatus(new_id(), visit.id, visit.version, Status.CANCELLED, cancelled_by=by)
            )
        elif step == "later":
            self.now += dt.timedelta(minutes=40)

    def count(self, query: str) -> int:
        return int(value(self.ground.admin, f"SELECT count(*) FROM clinicdesk.{query}"))

    def check(self) -> None:
        """What holds after every step, whatever it was."""
        assert not self.count(
            "appointment a JOIN clinicdesk.appointment b ON a.id < b.id AND a.professional_id = b.professional_id"
            " AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at AND 'cancelled' NOT IN (a.status, b.status)"
        ), "two visits at one time"
        assert not self.count(
            "waiting_offer o WHERE o.state = 'offered' AND NOT EXISTS (SELECT 1 FROM clinicdesk.slot_hold s"
            " JOIN clinicdesk.resource_hold h ON h.slot_hold_id = s.id AND h.resource_id = o.professional_id"
            " WHERE s.id = o.hold_id AND h.during @> tstzrange(o.starts_at, o.ends_at))"
        ), "an offer without its hold"
        assert self.count("slot_hold") == self.count("waiting_offer WHERE state = 'offered'"), "a hold of no offer"
        assert not self.count(
            "waiting_offer o JOIN clinicdesk.waiting_entry w ON w.id = o.entry_id"
            " LEFT JOIN clinicdesk.appointment a ON a.id = o.appointment_id WHERE o.state = 'accepted'"
            " AND (a.id IS NULL OR a.starts_at <> o.starts_at OR a.patient_id <> w.patient_id)"
        ), "accepted without a visit"
        assert not self.count(
            "waiting_offer o JOIN clinicdesk.waiting_entry w ON w.id = o.entry_id"
            " WHERE o.state = 'offered' AND w.state <> 'open'"
        ), "offered to somebody who does not wait"
        assert not self.count("waiting_entry WHERE (state = 'booked') <> (appointment_id IS NOT NULL)")


@pytest.fixture
def desk(rolled_back: Office) -> Iterator[Desk]:
    grounds = Grounds(rolled_back)
    ground = grounds.ground()
    ground.admin.execute("UPDATE clinicdesk.messaging_policy SET quiet_from = '00:00', quiet_to = '00:00'")
    ground.channel()
    ground.rule("offer")
    ground.consent("ana")
    ground.consent("bento")
    made = Desk(rolled_back, ground, grounds.acting("renata"), grounds.acting("sync"))
    for name, urgency in zip(WHO, (Urgency.SOON, Urgency.URGENT, Urgency.SOON), strict=True):
        wish = WaitingWish(rolled_back.sample.services["visit"], DAY - dt.timedelta(days=7), urgency=urgency)
        command = AddToWaitingList(new_id(), rolled_back.sample.patients[name], wish)
        made.entries.append(waiting.add(made.renata, command).id)
    yield made
    grounds.close()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
def test_whatever_happens_a_time_is_promised_to_one(steps: list[tuple[str, int, int]], desk: Desk) -> None:
    desk.now, desk.made, desk.booked = EVE, [], []
    with desk.ground.admin.transaction(force_rollback=True):
        for step in steps:
            try:
                desk.do(*step)
            except ClinicError as told:
                assert isinstance(told, TOLD), told
            desk.check()
