"""The queue of messages in the database: jobs made by triggers alone, steps nobody skips, and what people decide."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from clinicdesk.storage.engine import login_of
from tests.office import Office, at, put, refusal, value
from tests.storage.rows import fill

DECIDING = {
    "retry_message": ("retry_message(%s)", "failed"),
    "discard_message": ("discard_message(%s)", "failed"),
    "settle_message": ("settle_message(%s, true)", "unknown"),
    "reopen_message": ("reopen_message(%s)", "cancelled"),
}
VERSIONED = ("conversation", "outgoing_message", "incoming_message")
TOLD = ("conversation", "conversation_event", "incoming_message", "media", "outgoing_message")
SOON = at(15)


class Ground:
    """A clinic with a channel and a conversation; nothing of it stays."""

    def __init__(self, office: Office) -> None:
        self.office, self.admin = office, office.admin()
        self.own = {"clinic_id": office.sample.clinics["ipe"]}
        self.channel, self.talk = uuid4(), uuid4()
        put(self.admin, "message_channel", id=self.channel, kind="whatsapp", provider="meta", name="W", **self.own)
        put(self.admin, "conversation", id=self.talk, channel_id=self.channel, identity="5511", **self.own)

    @contextlib.contextmanager
    def acting(self, login: str) -> Iterator[psycopg.Connection[Any]]:
        """The same connection under another login, with its rights."""
        self.admin.execute(f'SET SESSION AUTHORIZATION "{login_of(self.office.database, login)}"'.encode())
        try:
            yield self.admin
        finally:
            self.admin.execute("RESET SESSION AUTHORIZATION")

    def message(self, state: str = "planned", **changes: object) -> UUID:
        row: dict[str, object] = {
            "id": uuid4(), "kind": "reminder", "planned_for": SOON, "patient_id": self.office.sample.patients["ana"],
            "expires_at": at(20), "state": state, "reason": "" if state in ("planned", "sent", "read") else "x",
            **self.own, **changes,
        }  # fmt: skip
        put(self.admin, "outgoing_message", **row)
        return UUID(str(row["id"]))

    def jobs(self, message_id: UUID) -> list[tuple[Any, ...]]:
        return self.admin.execute(
            "SELECT id, scheduled_at, lock, args, queue_name, task_name FROM queue.procrastinate_jobs"
            " WHERE queueing_lock = %s AND status = 'todo' ORDER BY id",
            [f"send_message:{message_id}"],
        ).fetchall()

    def set(self, message_id: UUID, assignments: str) -> None:
        self.admin.execute(f"UPDATE clinicdesk.outgoing_message SET {assignments} WHERE id = %s".encode(), [message_id])

    def row(self, message_id: UUID, columns: str) -> Any:
        found = self.admin.execute(
            f"SELECT {columns} FROM clinicdesk.outgoing_message WHERE id = %s".encode(), [message_id]
        ).fetchone()
        assert found is not None
        return found if len(found) > 1 else found[0]

    def decide(self, login: str, function: str, message_id: UUID) -> psycopg.Error | None:
        with self.acting(login) as connection:
            try:
                with connection.transaction():
                    connection.execute(f"SELECT clinicdesk.{DECIDING[function][0]}".encode(), [message_id])
            except psycopg.Error as error:
                return error
        return None


@pytest.fixture
def ground(rolled_back: Office) -> Ground:
    return Ground(rolled_back)


# --- jobs ---


def test_a_message_is_queued_for_its_time_and_holds_nobody_up(ground: Ground) -> None:
    message_id = ground.message()
    (job,) = ground.jobs(message_id)
    assert job[1:] == (SOON, None, {"row_id": str(message_id)}, "messages", "send_message")


def test_what_is_said_in_a_conversation_keeps_its_order(ground: Ground) -> None:
    due = at(8, day=dt.date(2020, 1, 2))
    (job,) = ground.jobs(ground.message(planned_for=due, conversation_id=ground.talk))
    assert job[1:3] == (None, f"conversation:{ground.talk}")


def test_planned_anew_a_message_has_one_job(ground: Ground) -> None:
    message_id = ground.message()
    ground.set(message_id, "planned_for = planned_for + interval '1 hour'")
    (job,) = ground.jobs(message_id)
    assert job[1] == SOON + dt.timedelta(hours=1)
    ground.set(message_id, "state = 'claimed'")
    ground.set(message_id, "state = 'planned'")
    assert ground.jobs(message_id) == [job]


def test_jobs_that_were_lost_are_made_again_and_no_others(ground: Ground) -> None:
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    lost, kept = ground.message(planned_for=soon), ground.message(planned_for=soon, kind="moved")
    over, later = ground.message("cancelled", planned_for=soon, kind="booked"), ground.message()
    for message_id in (lost, later, over):
        ground.admin.execute("SET search_path = queue, public")  # its own triggers name no schema
        lost_job = "UPDATE procrastinate_jobs SET status = 'cancelled' WHERE queueing_lock = %s"
        ground.admin.execute(lost_job, [f"send_message:{message_id}"])
        ground.admin.execute("RESET search_path")
    (before,) = ground.jobs(kept)
    with ground.acting("sync") as sync:
        assert value(sync, "SELECT clinicdesk.requeue_messages()") == 1
    assert [len(ground.jobs(one)) for one in (lost, over, later)] == [1, 0, 0]
    assert ground.jobs(kept) == [before]


# --- steps ---


def test_nobody_skips_a_step_of_a_message(ground: Ground) -> None:
    read = ground.message("read")
    error = refusal(ground.admin, "UPDATE clinicdesk.outgoing_message SET state = 'planned' WHERE id = %s", [read])
    assert (error.sqlstate, error.diag.message_detail) == ("CD030", "read>planned")


def test_the_time_of_a_step_is_the_databases(ground: Ground) -> None:
    message_id = ground.message(state_at=at(1, day=dt.date(2001, 1, 1)))
    assert ground.row(message_id, "state_at").year > 2001
    ground.set(message_id, "state = 'claimed', state_at = '2001-01-01'")
    assert ground.row(message_id, "state_at").year > 2001


def test_what_was_decided_stands_until_something_happens(ground: Ground) -> None:
    message_id = ground.message("failed")
    assert ground.decide("renata", "discard_message", message_id) is None
    assert ground.row(message_id, "state, reason, decided_by") == (
        "cancelled", "x", ground.office.sample.people["renata"],
    )  # fmt: skip
    ground.set(message_id, "state = 'planned'")
    assert ground.row(message_id, "decided_by") is None


# --- who speaks ---


def speak(ground: Ground, login: str, kind: str, **changes: object) -> UUID:
    message_id = uuid4()
    row = {
        "id": message_id,
        "kind": kind,
        "conversation_id": ground.talk,
        "expires_at": at(20),
        **ground.own,
        **changes,
    }
    with ground.acting(login) as connection, connection.transaction():
        put(connection, "outgoing_message", **row)
    return message_id


def taken(ground: Ground, login: str) -> None:
    ground.admin.execute(
        "UPDATE clinicdesk.conversation SET owner = 'person', person_id = %s", [ground.office.sample.people[login]]
    )


def test_whoever_writes_signs(ground: Ground) -> None:
    taken(ground, "renata")
    renata, otavio = ground.office.sample.people["renata"], ground.office.sample.people["otavio"]
    assert ground.row(speak(ground, "renata", "person", body="oi", person_id=otavio), "person_id") == renata
    event = uuid4()
    with ground.acting("renata") as connection:
        put(connection, "conversation_event", id=event, conversation_id=ground.talk, kind="note", person_id=otavio,
            **ground.own)  # fmt: skip
    assert value(ground.admin, "SELECT person_id FROM clinicdesk.conversation_event WHERE id = %s", [event]) == renata


def test_the_robot_is_silent_where_a_person_speaks(ground: Ground) -> None:
    assert speak(ground, "sync", "answer", body="oi")
    taken(ground, "renata")
    with pytest.raises(psycopg.Error) as refused:
        speak(ground, "sync", "answer", body="oi")
    assert refused.value.sqlstate == "CD031"


@pytest.mark.parametrize("owner", ["bot", "otavio"])
def test_a_person_speaks_in_what_they_took_over(owner: str, ground: Ground) -> None:
    if owner != "bot":
        taken(ground, owner)
    with pytest.raises(psycopg.Error) as refused:
        speak(ground, "renata", "person", body="oi")
    assert refused.value.sqlstate == "CD031"


@pytest.mark.parametrize("kind", ["reminder", "answer"])
def test_what_rules_send_no_person_sends(kind: str, ground: Ground) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
        speak(ground, "renata", kind, patient_id=ground.office.sample.patients["ana"], body="oi")
    assert refused.value.diag.message_detail == "kind"


# --- what people decide ---


def decidable(ground: Ground, function: str) -> UUID:
    message_id = ground.message(DECIDING[function][1])
    if function == "reopen_message":
        renata = ground.office.sample.people["renata"]
        ground.admin.execute(
            "UPDATE clinicdesk.outgoing_message SET decided_by = %s WHERE id = %s", [renata, message_id]
        )
    return message_id


@pytest.mark.parametrize("function", DECIDING)
def test_a_decision_is_of_the_clinics_own_messages(function: str, ground: Ground) -> None:
    message_id = decidable(ground, function)
    error = ground.decide("bruno", function, message_id)
    assert error is not None and error.sqlstate == "CD004"
    assert ground.decide("renata", function, message_id) is None


@pytest.mark.parametrize("function", DECIDING)
def test_a_decision_asks_for_the_profile(function: str, ground: Ground) -> None:
    profile = uuid4()
    put(ground.admin, "profile", id=profile, name="Só agenda", role="reception", denied=["send_messages"])
    people = ground.office.sample.people
    ground.admin.execute("UPDATE clinicdesk.person SET profile_id = %s WHERE id = %s", [profile, people["renata"]])
    error = ground.decide("renata", function, decidable(ground, function))
    assert error is not None and error.diag.message_detail == "profile.send_messages"


@pytest.mark.parametrize(
    ("function", "state"),
    [
        ("retry_message", "unknown"),
        ("discard_message", "unknown"),
        ("settle_message", "sending"),
        ("reopen_message", "cancelled"),
    ],
)
def test_only_what_needs_it_is_decided(function: str, state: str, ground: Ground) -> None:
    message_id = ground.message(state)
    error = ground.decide("renata", function, message_id)
    assert error is not None and error.sqlstate == "CD004"
    assert ground.row(message_id, "state") == state


def test_sent_again_every_channel_is_worth_a_try(ground: Ground) -> None:
    message_id = ground.message("failed", attempts=8)
    put(ground.admin, "delivery", id=uuid4(), message_id=message_id, channel_id=ground.channel, recipient="5511",
        state="failed", verdict="next_channel", **ground.own)  # fmt: skip
    assert ground.decide("renata", "retry_message", message_id) is None
    assert value(ground.admin, "SELECT verdict FROM clinicdesk.delivery") == ""
    assert ground.row(message_id, "state, attempts") == ("planned", 0)


def test_settled_its_try_has_an_end_and_taken_back_it_has_none(ground: Ground) -> None:
    message_id = ground.message("unknown")
    put(ground.admin, "delivery", id=uuid4(), message_id=message_id, channel_id=ground.channel, recipient="5511",
        state="unknown", **ground.own)  # fmt: skip
    tried = "SELECT state || (ended_at IS NOT NULL) FROM clinicdesk.delivery"
    assert ground.decide("renata", "settle_message", message_id) is None
    assert value(ground.admin, tried) == "senttrue"
    assert ground.decide("renata", "reopen_message", message_id) is None
    assert value(ground.admin, tried) == "unknownfalse"
    assert ground.row(message_id, "state") == "unknown"


# --- versions and voices ---


@pytest.mark.parametrize("table", VERSIONED)
def test_a_row_counts_its_own_versions(table: str, rolled_back: Office) -> None:
    admin = rolled_back.admin()
    fill(rolled_back, admin)
    before = value(admin, f"SELECT version FROM clinicdesk.{table}")
    admin.execute(f"UPDATE clinicdesk.{table} SET version = 99".encode())
    assert value(admin, f"SELECT version FROM clinicdesk.{table}") == before + 1


@pytest.mark.parametrize("table", TOLD)
def test_what_happens_in_the_inbox_is_told(table: str, office: Office) -> None:
    admin, desk = office.admin(), office.connect("renata")
    fill(office, admin)
    desk.execute("LISTEN clinicdesk")
    admin.execute(f"UPDATE clinicdesk.{table} SET clinic_id = clinic_id".encode())
    desk.execute("SELECT 1")
    row_id = value(admin, f"SELECT id FROM clinicdesk.{table}")
    told = [note.payload for note in desk.notifies(timeout=5, stop_after=1)]
    assert len(told) == 1 and str(row_id) in told[0] and f'"{table}"' in told[0]
