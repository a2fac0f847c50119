"""Several processes that send, desks that move and cancel, and providers that tell, all at once: nobody sends twice."""

import datetime as dt
import random
import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from clinicdesk.domain.agenda import CancelledBy, ChangeStatus, MoveAppointment, Slot, Status
from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.outbox import Claimed
from clinicdesk.domain.parcels import Refusal, Sent, Verdict
from clinicdesk.domain.told import StatusTold, Written, WrittenKind
from clinicdesk.errors import ChangedElsewhere, SlotClosed, SlotTaken
from clinicdesk.storage import agenda as agenda_rows
from clinicdesk.usecases import agenda, outbox, replies
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import Office, at, value
from tests.outgoing import NOON, Outgoing

DUE = NOON - dt.timedelta(days=1)


@pytest.fixture
def ready(office: Office) -> Outgoing:
    ground = Outgoing(office)
    ground.channel(per_minute=6000)
    ground.consent()
    return ground


def at_once(*works: Callable[[], None]) -> None:
    """Run all of them in threads that begin together; raises what any of them raised."""
    start, raised = threading.Barrier(len(works)), []

    def begin(work: Callable[[], None]) -> None:
        start.wait()
        try:
            work()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=begin, args=(each,)) for each in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if raised:
        raise raised[0]


def test_of_many_that_claim_one_wins(office: Office, ready: Outgoing) -> None:
    rule = ready.rule(asks=True)
    visits = [
        office.book_row(ready.admin, starts_at=at(hour), ends_at=at(hour, 30), room_id=None) for hour in range(13, 17)
    ]
    messages = [ready.message(rule, appointment_id=one) for one in visits]
    claimed: list[UUID] = []

    def claim_all(robot: Clinic) -> None:
        for one in messages:
            if isinstance(outbox.claim(robot, one, DUE), Claimed):
                claimed.append(one)

    robots = [office.robot() for _each in range(4)]
    at_once(*[partial(claim_all, robot) for robot in robots])
    assert sorted(claimed) == sorted(messages)
    assert value(ready.admin, "SELECT count(*) FROM clinicdesk.delivery") == len(messages)


def test_everybody_at_once_ends_without_a_deadlock_and_nothing_is_sent_of_what_does_not_stand(
    office: Office, ready: Outgoing
) -> None:
    for event, offset in (("booked", 0), ("moved", 0), ("cancelled", 0), ("reminder", 60), ("reminder", 120)):
        ready.rule(event, offset_minutes=offset, asks=event == "reminder", late_minutes=1440)
    ready.admin.execute(
        "UPDATE clinicdesk.messaging_policy SET grace_minutes = 0, quiet_from = '00:00', quiet_to = '00:00',"
        " on_sundays = true"
    )
    visits = [
        office.book_row(ready.admin, starts_at=at(9 + place), ends_at=at(9 + place, 30), room_id=None)
        for place in range(4)
    ]
    channel = value(ready.admin, "SELECT id FROM clinicdesk.message_channel")
    before = value(ready.admin, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    sent: list[str] = []
    works = [partial(_work_at, office.desk("renata"), visits, seed) for seed in (1, 2)]
    works += [partial(_send, office.robot(), office.admin(), channel, sent, seed) for seed in (3, 4)]
    at_once(*works)
    ready.admin.execute("SELECT pg_stat_clear_snapshot()")
    after = value(ready.admin, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    assert after == before
    assert len(sent) > 4 and len(set(sent)) == len(sent)
    wrong = value(
        ready.admin,
        "SELECT count(*) FROM clinicdesk.outgoing_message m JOIN clinicdesk.appointment a ON a.id = m.appointment_id"
        " WHERE m.state = 'planned' AND m.kind IN ('booked', 'moved', 'reminder')"
        " AND (a.status NOT IN ('pending', 'confirmed') OR a.starts_at <> m.visit_at)",
    )
    assert wrong == 0


def _work_at(desk: Clinic, visits: list[UUID], seed: int) -> None:
    """Move, cancel and bring back at random; being second is no mistake."""
    choice = random.Random(seed)
    for _step in range(25):
        with desk.transaction() as tx:
            visit = agenda_rows.appointment(tx, choice.choice(visits))
        assert visit is not None
        try:
            if visit.status is Status.CANCELLED or choice.random() < 0.3:
                status = Status.PENDING if visit.status is Status.CANCELLED else Status.CANCELLED
                by = CancelledBy.CLINIC if status is Status.CANCELLED else None
                agenda.change_status(
                    desk, ChangeStatus(new_id(), visit.id, visit.version, status, reason="x", cancelled_by=by)
                )
            else:
                starts = at(9 + choice.randrange(8), 0, day=(at(9) + choice.randrange(3) * dt.timedelta(days=1)).date())
                slot = Slot.lasting(starts, 30)
                agenda.move(desk, MoveAppointment(new_id(), visit.id, visit.version, visit.professional_id, slot))
        except (ChangedElsewhere, SlotTaken, SlotClosed):
            continue


def _send(robot: Clinic, admin: psycopg.Connection[Any], channel: UUID, sent: list[str], seed: int) -> None:
    """Claim whatever is planned, whenever it is due, and tell of it: sent, refused or delivered; patients answer."""
    choice = random.Random(seed)
    for _step in range(60):
        row = admin.execute(
            "SELECT id, planned_for FROM clinicdesk.outgoing_message WHERE state = 'planned' ORDER BY random() LIMIT 1"
        ).fetchone()
        if row is None:
            continue
        found = outbox.claim(robot, row[0], row[1])
        if not isinstance(found, Claimed):
            continue
        attempt, name = found.parcel.attempt_id, f"wamid.{uuid4().hex}"
        if choice.random() < 0.2:
            outbox.note_refused(robot, attempt, Refusal(Verdict.RETRY, "busy"), row[1])
            continue
        sent.append(f"{row[0]} {row[1]}")
        outbox.note_sent(robot, attempt, Sent(name, identity="551190000142"))
        outbox.note_status(robot, channel, StatusTold(name, MessageState.DELIVERED, row[1]))
        answer = Written(
            uuid4().hex, "551190000142", WrittenKind.TEXT, dt.datetime.now(dt.UTC), choice.choice(["1", "0", "oi"]),
            phone="551190000142", quoted_id=name,
        )  # fmt: skip
        replies.receive(robot, channel, answer)
