"""The queue as a person looks after it: what is listed, what may be decided, and how that is taken back."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.queue import (
    DecideMessage,
    Decision,
    PauseChannel,
    QueuedMessage,
    QueueView,
    Trouble,
    decisions,
    troubles,
)
from clinicdesk.errors import ChangedElsewhere, ClinicError, InvalidField, MessageMoved, NotAllowed, NotFound
from clinicdesk.usecases import queue
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, ZONE, Office, at, put, refusal, value

NOW = at(9)


def channel(admin: psycopg.Connection[Any], office: Office, **changes: object) -> UUID:
    """A WhatsApp channel of the clinic."""
    row: dict[str, object] = {
        "id": uuid4(), "clinic_id": office.sample.clinics["ipe"], "kind": "whatsapp", "provider": "meta",
        "name": "WhatsApp", **changes,
    }  # fmt: skip
    put(admin, "message_channel", **row)
    return UUID(str(row["id"]))


def message(admin: psycopg.Connection[Any], office: Office, state: str = "planned", **changes: object) -> UUID:
    """A reminder for Ana in a state."""
    row: dict[str, object] = {
        "id": uuid4(), "clinic_id": office.sample.clinics["ipe"], "kind": "reminder", "planned_for": at(8),
        "patient_id": office.sample.patients["ana"], "expires_at": at(20), "state": state,
        "reason": {"failed": "not_reached", "unknown": "no_answer", "cancelled": "opted_out"}.get(state, ""),
        **changes,
    }  # fmt: skip
    put(admin, "outgoing_message", **row)
    return UUID(str(row["id"]))


def tried(admin: psycopg.Connection[Any], office: Office, of: UUID, by: UUID, state: str = "unknown") -> UUID:
    """A try to hand it over."""
    row = {"id": uuid4(), "clinic_id": office.sample.clinics["ipe"], "message_id": of, "channel_id": by}
    put(admin, "delivery", recipient="5511900000142", state=state, **row)
    return UUID(str(row["id"]))


@pytest.fixture
def admin(office: Office) -> psycopg.Connection[Any]:
    return office.admin()


@pytest.fixture
def renata(office: Office) -> Clinic:
    return office.desk("renata")


def decided(desk: Clinic, message_id: UUID, decision: Decision) -> QueuedMessage:
    return queue.decide(desk, DecideMessage(new_id(), message_id, decision))


def listed(desk: Clinic, view: QueueView, now: dt.datetime = NOW) -> list[UUID]:
    return [one.id for one in queue.listed(desk, view, now, ZONE)]


def test_what_needs_somebody_is_told_while_something_can_be_done(
    office: Office, admin: psycopg.Connection[Any], renata: Clinic
) -> None:
    ahead, over = office.book_row(admin, starts_at=at(15), ends_at=at(16)), office.book_row(admin)
    unknown = message(admin, office, "unknown")
    failed = message(admin, office, "failed", appointment_id=ahead)
    message(admin, office, "failed", appointment_id=over)
    now = at(12)
    assert listed(renata, QueueView.ATTENTION, now) == [unknown, failed]
    look = queue.look(renata, now, ZONE)
    assert troubles(look) == {Trouble.UNKNOWN: 1, Trouble.FAILED: 1}
    admin.execute(
        "UPDATE clinicdesk.appointment SET status = 'cancelled', cancelled_by = 'clinic' WHERE id = %s", [ahead]
    )
    assert queue.look(renata, now, ZONE).failed == 0


def test_without_a_visit_a_failure_matters_for_a_day(
    office: Office, admin: psycopg.Connection[Any], renata: Clinic
) -> None:
    failed = message(admin, office, "failed")
    now = dt.datetime.now(dt.UTC)
    assert listed(renata, QueueView.ATTENTION, now) == [failed]
    assert listed(renata, QueueView.ATTENTION, now + dt.timedelta(hours=25)) == []


def test_the_queue_in_numbers(office: Office, admin: psycopg.Connection[Any], renata: Clinic) -> None:
    message(admin, office, planned_for=at(8, 30))
    message(admin, office, planned_for=at(8, 40), kind="moved")
    soon = message(admin, office, planned_for=at(15))
    message(
        admin,
        office,
        planned_for=at(10, day=DAY + dt.timedelta(days=2)),
        expires_at=at(20, day=DAY + dt.timedelta(days=9)),
    )
    look = queue.look(renata, NOW, ZONE)
    assert (look.due, look.oldest, look.ahead, look.going, look.active) == (2, at(8, 30), 1, 0, False)
    assert listed(renata, QueueView.AHEAD)[-1] == soon and len(listed(renata, QueueView.AHEAD)) == 3


def test_nobody_sends_is_told_when_something_is_to_be_sent(
    office: Office, admin: psycopg.Connection[Any], renata: Clinic
) -> None:
    message(admin, office, planned_for=at(15))
    assert not queue.look(renata, NOW, ZONE).waits_in_vain  # the clinic has no channel
    channel(admin, office)
    assert troubles(queue.look(renata, NOW, ZONE)) == {Trouble.NOBODY_SENDS: 1}
    put(admin, "sync_process", id=uuid4(), host="servidor", seen_at=NOW - dt.timedelta(seconds=61))
    assert queue.look(renata, NOW, ZONE).last_seen == NOW - dt.timedelta(seconds=61)
    assert queue.look(renata, NOW, ZONE).waits_in_vain
    put(admin, "sync_process", id=uuid4(), host="servidor", seen_at=NOW - dt.timedelta(seconds=59))
    assert troubles(queue.look(renata, NOW, ZONE)) == {}
    admin.execute("UPDATE clinicdesk.sync_process SET stopped_at = seen_at")
    assert queue.look(renata, NOW, ZONE).waits_in_vain


def test_a_failed_message_is_sent_again_or_discarded_and_that_taken_back(
    office: Office, admin: psycopg.Connection[Any], renata: Clinic
) -> None:
    failed = message(admin, office, "failed")
    dropped = decided(renata, failed, Decision.DISCARD)
    assert (dropped.state, dropped.reason, dropped.decided_by) == (
        MessageState.CANCELLED,
        "not_reached",
        "Renata Souza",
    )
    back = decided(renata, failed, Decision.TAKE_BACK)
    assert (back.state, back.reason, back.decided_by) == (MessageState.FAILED, "not_reached", "")
    again = decided(renata, failed, Decision.RETRY)
    assert (again.state, again.reason, decisions(again)) == (MessageState.PLANNED, "", (Decision.DISCARD,))
    assert decided(renata, failed, Decision.DISCARD).reason == "discarded"
    assert decided(renata, failed, Decision.TAKE_BACK).state is MessageState.PLANNED


@pytest.mark.parametrize("went_out", [True, False])
def test_an_unknown_one_is_settled_and_that_taken_back(
    went_out: bool, office: Office, admin: psycopg.Connection[Any], renata: Clinic
) -> None:
    unknown = message(admin, office, "unknown")
    tried(admin, office, unknown, channel(admin, office))
    decision = Decision.WENT_OUT if went_out else Decision.DID_NOT
    settled = decided(renata, unknown, decision)
    assert settled.state is (MessageState.SENT if went_out else MessageState.FAILED)
    assert (settled.channel_name, settled.recipient, settled.decided_by) == (
        "WhatsApp",
        "5511900000142",
        "Renata Souza",
    )
    back = decided(renata, unknown, Decision.TAKE_BACK)
    assert (back.state, back.reason, back.decided_by) == (MessageState.UNKNOWN, "no_answer", "")
    assert decided(renata, unknown, decision).state is settled.state


def test_whoever_comes_second_is_told(office: Office, admin: psycopg.Connection[Any], renata: Clinic) -> None:
    failed = message(admin, office, "failed")
    decided(renata, failed, Decision.RETRY)
    with pytest.raises(MessageMoved) as told:
        decided(office.desk("otavio"), failed, Decision.RETRY)
    assert told.value.present == "planned"
    with pytest.raises(NotFound):
        decided(renata, uuid4(), Decision.RETRY)


def test_a_repeated_decision_has_one_effect(office: Office, admin: psycopg.Connection[Any], renata: Clinic) -> None:
    failed = message(admin, office, "failed")
    command = DecideMessage(new_id(), failed, Decision.DISCARD)
    assert queue.decide(renata, command) == queue.decide(renata, command)


def test_another_clinics_message_is_not_there(office: Office, admin: psycopg.Connection[Any]) -> None:
    failed = message(admin, office, "failed")
    with pytest.raises(NotFound):
        decided(office.desk("bruno"), failed, Decision.RETRY)
    assert listed(office.desk("bruno"), QueueView.ATTENTION) == []


def test_professionals_see_no_messages(office: Office) -> None:
    helena = office.desk("helena")
    calls: list[Any] = [
        lambda: queue.look(helena, NOW, ZONE),
        lambda: queue.listed(helena, QueueView.SENT, NOW, ZONE),
        lambda: decided(helena, uuid4(), Decision.RETRY),
        lambda: queue.pause(helena, PauseChannel(new_id(), uuid4(), 1)),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()


def test_a_channel_is_paused_with_a_reason_and_goes_on(
    office: Office, admin: psycopg.Connection[Any], renata: Clinic
) -> None:
    paused_id = channel(admin, office)
    first = queue.pause(renata, PauseChannel(new_id(), paused_id, 1, "chip na assistência"))
    assert first.paused and not first.paused_by_itself and first.paused_reason == "person:chip na assistência"
    assert troubles(queue.look(renata, NOW, ZONE)) == {}
    with pytest.raises(ChangedElsewhere):
        queue.pause(renata, PauseChannel(new_id(), paused_id, 1, pause=False))
    assert not queue.pause(renata, PauseChannel(new_id(), paused_id, first.version, pause=False)).paused
    refused: list[tuple[PauseChannel, type[ClinicError]]] = [
        (PauseChannel(new_id(), paused_id, 3, "x" * 121), InvalidField),
        (PauseChannel(new_id(), uuid4(), 1, "x"), NotFound),
    ]
    for command, kind in refused:
        with pytest.raises(kind):
            queue.pause(renata, command)
    admin.execute("UPDATE clinicdesk.message_channel SET paused_at = now(), paused_reason = 'wrong_token'")
    assert troubles(queue.look(renata, NOW, ZONE)) == {Trouble.CHANNEL_PAUSED: 1}


def test_a_desk_is_told_that_something_was_not_read_and_not_what(
    office: Office, admin: psycopg.Connection[Any]
) -> None:
    by, renata = channel(admin, office), office.desk("renata")
    own = {"clinic_id": office.sample.clinics["ipe"], "channel_id": by, "body": b"{}"}
    put(admin, "webhook_receipt", id=uuid4(), digest=b"1", **own)

    def unread() -> list[int]:
        return [one.unread for one in queue.look(renata, value(admin, "SELECT clock_timestamp()"), ZONE).channels]

    assert unread() == [0]
    admin.execute("UPDATE clinicdesk.webhook_receipt SET received_at = received_at - interval '6 minutes'")
    assert unread() == [1]
    admin.execute("UPDATE clinicdesk.webhook_receipt SET read_at = clock_timestamp()")
    assert unread() == [0]
    admin.execute("UPDATE clinicdesk.webhook_receipt SET fault = '17:broken_entry'")
    assert unread() == [1]
    refused = refusal(office.connect("renata"), "SELECT body FROM clinicdesk.webhook_receipt")
    assert isinstance(refused, errors.InsufficientPrivilege)
