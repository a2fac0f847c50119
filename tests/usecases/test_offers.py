"""Offers from the waiting list: who is asked first, what an answer does, and that a time is promised to one alone."""

import datetime as dt
import threading
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from clinicdesk.domain.agenda import BookAppointment, CancelledBy, ChangeStatus, Slot, Status
from clinicdesk.domain.offers import EndOffer, MakeOffer, Offer, OfferState
from clinicdesk.domain.outbox import Claimed
from clinicdesk.domain.parcels import Sent
from clinicdesk.domain.received import Outcome
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.told import Written, WrittenKind
from clinicdesk.domain.waiting import AddToWaitingList, CloseWaiting, Urgency, WaitingEntry, WaitingState, WaitingWish
from clinicdesk.errors import ClinicError, NotFound, OfferOver, OfferRefused, SlotTaken, WaitingEntryTaken
from clinicdesk.usecases import agenda, offers, outbox, replies, waiting
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at, put, value

NOW = at(9, day=DAY - dt.timedelta(days=1))
MINUTE = dt.timedelta(minutes=1)


class Scene:
    """A clinic that can ask by message, and two who wait: Bento urgently, Ana since longer."""

    def __init__(self, office: Office, *, by_itself: bool = False) -> None:
        self.office, self.admin = office, office.admin()
        self.desk, self.robot = office.desk("renata"), office.robot()
        self.ids = office.sample
        own = {"clinic_id": self.ids.clinics["ipe"]}
        put(self.admin, "message_channel", id=uuid4(), kind="whatsapp", provider="meta", name="WhatsApp",
            receives="webhook", **own)  # fmt: skip
        template = uuid4()
        put(self.admin, "message_template", id=template, name="Oferta", body="Olá, {first_name}",
            provider_name="oferta", **own)  # fmt: skip
        put(self.admin, "message_rule", id=uuid4(), event="offer", template_id=template, active=by_itself, **own)
        put(
            self.admin,
            "messaging_policy",
            active=True,
            on_sundays=True,
            public_address="https://clinica.example",
            **own,
        )
        for name in ("ana", "bento"):
            self.allow(name)
        self.ana = self.wait("ana")
        self.bento = self.wait("bento", urgency=Urgency.URGENT)

    def allow(self, name: str) -> None:
        put(self.admin, "consent", id=uuid4(), patient_id=self.ids.patients[name], purpose="care", channel="whatsapp",
            words="Sim.")  # fmt: skip

    def wait(self, name: str, **wish: Any) -> WaitingEntry:
        wanted = WaitingWish(self.ids.services["visit"], DAY - dt.timedelta(days=7), **wish)
        return waiting.add(self.desk, AddToWaitingList(new_id(), self.ids.patients[name], wanted))

    def place(self, hour: int = 9) -> FreeSlot:
        return FreeSlot(self.ids.professionals["helena"], Slot(at(hour), at(hour, 30)), self.ids.rooms["room 1"], None)

    def offer(self, entry: WaitingEntry, hour: int = 9, by: Clinic | None = None) -> Offer:
        return offers.offer(by or self.desk, MakeOffer(new_id(), entry.id, entry.version, self.place(hour)), NOW)

    def end(self, held: Offer, state: OfferState, now: dt.datetime = NOW) -> offers.Answered:
        return offers.end(self.desk, EndOffer(new_id(), held.id, state), now)

    def book(self, hour: int = 9, by: Clinic | None = None) -> UUID:
        place = self.place(hour)
        wish = BookAppointment(
            new_id(), self.ids.patients["nina"], place.professional_id, self.ids.services["visit"], place.slot,
            place.room_id,
        )  # fmt: skip
        return agenda.book(by or self.desk, wish).id

    def give_up(self, appointment_id: UUID) -> None:
        (visit,) = agenda.appointments(self.desk, [appointment_id])
        step = ChangeStatus(new_id(), visit.id, visit.version, Status.CANCELLED, cancelled_by=CancelledBy.PATIENT)
        agenda.change_status(self.desk, step)

    def count(self, query: str) -> int:
        return int(value(self.admin, f"SELECT count(*) FROM clinicdesk.{query}"))


@pytest.fixture
def scene(office: Office) -> Scene:
    return Scene(office)


def test_an_offer_holds_its_time_and_sends_its_message(scene: Scene) -> None:
    held = scene.offer(scene.ana)
    assert held.state is OfferState.OFFERED and held.expires_at == NOW + 60 * MINUTE
    assert (held.patient_name, held.professional_name, held.offered_by) == (
        "Ana Conceição Álvares", "Dra. Helena Prado", "Renata Souza",
    )  # fmt: skip
    assert scene.count(f"slot_hold WHERE id = '{held.hold_id}'") == 1
    assert held.message_state == "planned" and offers.standing(scene.desk) == (held,)
    with pytest.raises(SlotTaken):
        scene.book()
    assert [one.message_state for one in offers.standing(scene.office.desk("helena"))] == [""]


def test_accepted_it_is_a_visit_and_the_entry_is_off_the_list(scene: Scene) -> None:
    held = scene.offer(scene.ana)
    with scene.robot.transaction() as tx:
        visit = offers.accept_within(tx, scene.robot, held.id, now=NOW)
    assert (visit.status, visit.starts_at, visit.patient_id) == (Status.CONFIRMED, at(9), scene.ana.patient_id)
    assert waiting.entry(scene.desk, scene.ana.id).state is WaitingState.BOOKED
    assert scene.count("slot_hold") == 0 and offers.standing(scene.desk) == ()
    assert value(scene.admin, "SELECT appointment_id FROM clinicdesk.waiting_offer") == visit.id


def test_refused_the_time_is_free_and_they_wait_on(scene: Scene) -> None:
    held = scene.offer(scene.ana)
    assert scene.end(held, OfferState.REFUSED).offer.state is OfferState.REFUSED
    assert waiting.entry(scene.desk, scene.ana.id).state is WaitingState.OPEN
    assert scene.book() is not None


@pytest.mark.parametrize("state", [OfferState.ACCEPTED, OfferState.REFUSED])
def test_an_answer_that_comes_too_late_changes_nothing(state: OfferState, scene: Scene) -> None:
    held = scene.offer(scene.ana)
    with pytest.raises(OfferOver) as told:
        scene.end(held, state, NOW + 60 * MINUTE)
    assert told.value.state == "expired"
    scene.end(held, OfferState.WITHDRAWN)
    with pytest.raises(OfferOver) as told:
        scene.end(held, state)
    assert told.value.state == "withdrawn"
    assert waiting.entry(scene.desk, scene.ana.id).state is WaitingState.OPEN and scene.count("appointment") == 0


def test_at_the_desk_an_offer_is_accepted_too(scene: Scene) -> None:
    held = scene.offer(scene.ana)
    command = EndOffer(new_id(), held.id, OfferState.ACCEPTED)
    answered = offers.end(scene.desk, command, NOW)
    assert answered.visit is not None and answered.offer.state is OfferState.ACCEPTED
    assert offers.end(scene.desk, command, NOW) == answered  # the same once more is the same


@pytest.mark.parametrize(
    ("said", "late", "outcome", "state"),
    [
        ("1", 0, Outcome.OFFER_ACCEPTED, "accepted"),
        ("quero sim", 0, Outcome.OFFER_ACCEPTED, "accepted"),
        ("0", 0, Outcome.OFFER_REFUSED, "refused"),
        ("1", 61, Outcome.OFFER_OVER, "offered"),
    ],
)
def test_the_message_asks_and_the_reply_answers(
    said: str, late: int, outcome: Outcome, state: str, scene: Scene
) -> None:
    held = scene.offer(scene.ana)
    message_id = value(scene.admin, "SELECT id FROM clinicdesk.outgoing_message")
    claimed = outbox.claim(scene.robot, message_id, NOW)
    assert isinstance(claimed, Claimed)
    assert claimed.parcel.body == "Olá, Ana\n\nResponda 1 para aceitar ou 0 para recusar."
    assert [one.label for one in claimed.parcel.buttons] == ["Aceitar", "Recusar"]
    outbox.note_sent(scene.robot, claimed.parcel.attempt_id, Sent("wamid.out", "5511900000142"))
    written = Written("wamid.in", "5511900000142", WrittenKind.TEXT, NOW, said, "+5511900000142", "Ana")
    received = replies.receive(scene.robot, claimed.channel.id, written, NOW + late * MINUTE)
    assert received.outcome is outcome
    assert value(scene.admin, "SELECT state FROM clinicdesk.waiting_offer") == state
    booked = scene.count("appointment")
    assert booked == (outcome is Outcome.OFFER_ACCEPTED)
    (answer,) = scene.admin.execute("SELECT body FROM clinicdesk.outgoing_message WHERE kind = 'answer'").fetchall()
    assert {"accepted": "Marcado: ", "refused": "Tudo bem", "offered": "Este horário já não"}[state] in answer[0]
    assert held.id is not None and scene.count("question WHERE closed_at IS NULL") == 0


def test_whoever_cannot_be_asked_is_not(scene: Scene) -> None:
    ids = (scene.ana.patient_id, scene.bento.patient_id)
    assert offers.askable(scene.desk, ids) == set(ids)
    revoke = "UPDATE clinicdesk.consent SET revoked_at = now(), revoked_source = 'desk' WHERE patient_id = %s"
    scene.admin.execute(revoke.encode(), [ids[0]])
    assert offers.askable(scene.desk, ids) == {ids[1]}
    with pytest.raises(OfferRefused) as told:
        scene.offer(scene.ana)
    assert (told.value.reason, told.value.patient_name) == ("not_reached", scene.ana.patient_name)
    scene.admin.execute("UPDATE clinicdesk.message_channel SET receives = 'nothing'")
    assert offers.askable(scene.desk, ids) == set()


def test_one_person_one_offer(scene: Scene) -> None:
    scene.offer(scene.ana)
    with pytest.raises(OfferRefused) as told:
        scene.offer(scene.ana, 10)
    assert told.value.reason == "offered_already"
    scene.offer(scene.bento, 10)
    scene.allow("nina")  # who has no phone: her mother is asked
    with pytest.raises(SlotTaken):
        scene.offer(scene.wait("nina"))


def test_an_offer_is_of_an_entry_as_it_was_seen(scene: Scene) -> None:
    with pytest.raises(NotFound):
        offers.offer(scene.desk, MakeOffer(new_id(), uuid4(), 1, scene.place()), NOW)
    with pytest.raises(NotFound):
        offers.end(scene.desk, EndOffer(new_id(), uuid4()), NOW)
    waiting.close(scene.desk, CloseWaiting(new_id(), scene.ana.id, scene.ana.version, WaitingState.GIVEN_UP))
    with pytest.raises(WaitingEntryTaken):
        scene.offer(scene.ana)


def test_whoever_gives_up_is_offered_nothing_any_more(scene: Scene) -> None:
    held = scene.offer(scene.ana)
    entry = waiting.entry(scene.desk, scene.ana.id)
    waiting.close(scene.desk, CloseWaiting(new_id(), entry.id, entry.version, WaitingState.GIVEN_UP))
    assert offers.standing(scene.desk) == () and scene.count("slot_hold") == 0
    with pytest.raises(OfferOver):
        scene.end(held, OfferState.ACCEPTED)


def test_offers_end_by_themselves(scene: Scene) -> None:
    first, second = scene.offer(scene.ana), scene.offer(scene.bento, 10)
    assert offers.expire_offers(scene.robot, NOW + 59 * MINUTE) == 0
    failed = "UPDATE clinicdesk.outgoing_message SET state = 'failed', reason = 'unreachable' WHERE offer_id = %s"
    scene.admin.execute(failed.encode(), [second.id])
    assert offers.expire_offers(scene.robot, NOW + 59 * MINUTE) == 1
    assert offers.expire_offers(scene.robot, NOW + 60 * MINUTE) == 1
    ends = dict(scene.admin.execute("SELECT id, state FROM clinicdesk.waiting_offer").fetchall())
    assert ends == {first.id: "expired", second.id: "unanswerable"}


def test_a_time_given_up_goes_to_the_most_urgent_and_then_to_the_next(office: Office) -> None:
    scene = Scene(office, by_itself=True)
    visit = scene.book()
    scene.give_up(visit)
    scene.admin.execute("UPDATE clinicdesk.messaging_policy SET quiet_from = '00:00', quiet_to = '00:00'")
    now = dt.datetime.now(dt.UTC)
    assert offers.expire_offers(scene.robot, now) == 0  # it may still be undone
    assert offers.expire_offers(scene.robot, now + 4 * MINUTE) == 1
    (held,) = offers.standing(scene.desk)
    assert (held.entry_id, held.place.slot.starts_at, held.freed_by) == (scene.bento.id, at(9), visit)
    assert held.offered_by == ""
    assert offers.expire_offers(scene.robot, now + 5 * MINUTE) == 0
    scene.end(held, OfferState.REFUSED, now + 6 * MINUTE)
    assert offers.expire_offers(scene.robot, now + 7 * MINUTE) == 1
    (held,) = offers.standing(scene.desk)
    assert held.entry_id == scene.ana.id
    scene.end(held, OfferState.REFUSED, now + 8 * MINUTE)
    assert offers.expire_offers(scene.robot, now + 9 * MINUTE) == 0  # nobody is left


def test_where_it_is_not_wished_nothing_is_offered_by_itself(scene: Scene) -> None:
    scene.give_up(scene.book())
    assert offers.expire_offers(scene.robot, dt.datetime.now(dt.UTC) + 4 * MINUTE) == 0


@pytest.mark.parametrize("round_", range(3))
def test_an_acceptance_and_a_booking_meet_and_one_wins(round_: int, scene: Scene) -> None:
    held = scene.offer(scene.ana)
    # The hold has run out in the moment the answer comes: only then can a desk want the same time.
    scene.admin.execute("UPDATE clinicdesk.slot_hold SET expires_at = now() - interval '1 second'")
    other = scene.office.desk("otavio", desk="mesa 2")
    ready, told = threading.Barrier(2), list[object]()

    def accept() -> None:
        ready.wait()
        try:
            with scene.robot.transaction() as tx:
                told.append(offers.accept_within(tx, scene.robot, held.id, now=NOW).id)
        except ClinicError as error:
            told.append(error)

    def book() -> None:
        ready.wait()
        try:
            told.append(scene.book(by=other))
        except ClinicError as error:
            told.append(error)

    threads = [threading.Thread(target=work) for work in (accept, book)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    errors = [one for one in told if isinstance(one, ClinicError)]
    assert len(told) == 2 and len(errors) == 1 and isinstance(errors[0], SlotTaken | OfferOver)
    assert scene.count("appointment WHERE status <> 'cancelled'") == 1
    entry = waiting.entry(scene.desk, scene.ana.id)
    accepted = scene.count("waiting_offer WHERE state = 'accepted'") == 1
    assert (entry.state is WaitingState.BOOKED) is accepted


def test_an_offer_cannot_be_written_without_its_hold(scene: Scene) -> None:
    """What the desk's login itself may write: an offer that is over stays over."""
    held = scene.offer(scene.ana)
    scene.end(held, OfferState.REFUSED)
    renata = scene.office.connect("renata")
    with pytest.raises(psycopg.Error) as told:
        renata.execute("UPDATE clinicdesk.waiting_offer SET state = 'offered' WHERE id = %s", [held.id])
    assert told.value.sqlstate == "CD033"
