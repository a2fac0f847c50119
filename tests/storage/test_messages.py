"""The steps of a message are the same here and in the database."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from psycopg import errors

from clinicdesk.domain.messages import CARRIERS, MESSAGE_STEPS, ChannelKind, Event, MessageKind, MessageState, Provider
from tests.office import Office, put, refusal, value
from tests.outgoing import NOON, Outgoing

DUE = NOON - dt.timedelta(hours=1)


@pytest.mark.parametrize("present", list(MessageState))
def test_the_steps_in_sql_are_those_of_the_domain(present: MessageState, rolled_back: Office) -> None:
    admin = rolled_back.admin()
    allowed = {
        wanted
        for wanted in MessageState
        if value(admin, "SELECT clinicdesk.message_step_allowed(%s, %s)", [present, wanted])
    }
    assert allowed == MESSAGE_STEPS[present]


def test_every_provider_carries_something_and_every_event_is_a_kind() -> None:
    assert set(CARRIERS) == set(ChannelKind)
    assert {one for carriers in CARRIERS.values() for one in carriers} == set(Provider)
    assert {one.value for one in Event} < {one.value for one in MessageKind}


@pytest.fixture
def ground(office: Office) -> Outgoing:
    return Outgoing(office)


def talk(ground: Outgoing, owner: str = "") -> UUID:
    """A conversation of the robot's, or of a person's."""
    row: dict[str, object] = {"id": uuid4(), "clinic_id": ground.clinic_id, "channel_id": ground.channel()}
    row |= {"identity": uuid4().hex, "patient_id": ground.ana}
    if owner:
        row |= {"owner": "person", "person_id": ground.office.sample.people[owner]}
    put(ground.admin, "conversation", **row)
    return UUID(str(row["id"]))


def said(
    ground: Outgoing, kind: str, conversation: UUID | None = None, **changes: object
) -> tuple[str, dict[str, object]]:
    """A statement that writes a message, with its values."""
    row: dict[str, object] = {"id": uuid4(), "clinic_id": ground.clinic_id, "kind": kind, "body": "Olá"}
    row |= {"conversation_id": conversation, "patient_id": ground.ana, "expires_at": NOON} | changes
    columns = ", ".join(row)
    places = ", ".join(f"%({each})s" for each in row)
    return f"INSERT INTO clinicdesk.outgoing_message ({columns}) VALUES ({places})", row


@pytest.mark.parametrize("kind", ["booked", "reminder", "moved", "cancelled", "follow_up", "birthday", "answer"])
def test_nobody_writes_in_a_rules_name(ground: Outgoing, kind: str) -> None:
    renata = ground.office.connect("renata")
    assert refusal(renata, *said(ground, kind, talk(ground))).sqlstate == "42501"


def test_the_robot_answers_only_where_it_owns_the_conversation(ground: Outgoing) -> None:
    robot = ground.office.connect("sync")
    robot.execute(*said(ground, "answer", talk(ground)))
    assert refusal(robot, *said(ground, "answer", talk(ground, "renata"))).sqlstate == "CD031"


def test_a_person_speaks_in_what_they_took_over_and_as_themselves(ground: Outgoing) -> None:
    renata, sample = ground.office.connect("renata"), ground.office.sample
    for owner in ("", "otavio"):
        assert refusal(renata, *said(ground, "person", talk(ground, owner))).sqlstate == "CD031"
    statement, row = said(ground, "person", talk(ground, "renata"), person_id=sample.people["otavio"])
    renata.execute(statement.encode(), row)
    assert ground.one("outgoing_message", row["id"], "person_id") == sample.people["renata"]


def test_a_message_takes_the_steps_it_may_take(ground: Outgoing) -> None:
    message = ground.message()
    robot = ground.office.connect("sync")
    step = "UPDATE clinicdesk.outgoing_message SET state = %s, reason = 'x' WHERE id = %s"
    robot.execute(step, ["sending", message])
    robot.execute(step, ["unknown", message])
    assert refusal(robot, step, ["claimed", message]).sqlstate == "CD030"


def test_of_one_message_one_try_at_a_time_is_without_an_end(ground: Outgoing) -> None:
    message, channel = ground.message(), ground.channel()
    robot = ground.office.connect("sync")
    row = {"clinic_id": ground.clinic_id, "message_id": message, "channel_id": channel, "recipient": "+5511900000142"}
    put(robot, "delivery", id=uuid4(), **row)
    with pytest.raises(errors.UniqueViolation):
        put(robot, "delivery", id=uuid4(), **row)
    robot.execute("UPDATE clinicdesk.delivery SET state = 'failed'")
    put(robot, "delivery", id=uuid4(), **row)


def test_a_consent_is_revoked_once_and_by_the_servers_clock(ground: Outgoing) -> None:
    ground.consent()
    renata = ground.office.connect("renata")
    revoke = "UPDATE clinicdesk.consent SET revoked_at = '2001-01-01', revoked_source = 'desk'"
    renata.execute(revoke)
    assert value(ground.admin, "SELECT revoked_at > now() - interval '1 minute' FROM clinicdesk.consent")
    assert refusal(renata, revoke).sqlstate == "CD032"


def test_nobody_notes_in_anothers_name(ground: Outgoing) -> None:
    conversation, sample = talk(ground), ground.office.sample
    put(ground.office.connect("renata"), "conversation_event", id=uuid4(), clinic_id=ground.clinic_id, kind="note",
        conversation_id=conversation, person_id=sample.people["otavio"], words="x")  # fmt: skip
    assert value(ground.admin, "SELECT person_id FROM clinicdesk.conversation_event") == sample.people["renata"]


def test_what_waits_for_its_time_has_no_lock_and_what_goes_at_once_keeps_the_conversations_order(
    ground: Outgoing,
) -> None:
    later = ground.message(planned_for=NOON, expires_at=NOON + dt.timedelta(hours=1))
    conversation = talk(ground)
    statement, now = said(ground, "answer", conversation)
    ground.office.connect("sync").execute(statement.encode(), now)
    jobs = {
        row[0]: row[1:]
        for row in ground.admin.execute(
            "SELECT args ->> 'row_id', lock, scheduled_at FROM queue.procrastinate_jobs WHERE status = 'todo'"
        )
    }
    assert jobs == {str(later): (None, NOON), str(now["id"]): (f"conversation:{conversation}", None)}
    ground.admin.execute("UPDATE clinicdesk.outgoing_message SET planned_for = %s WHERE id = %s", [DUE, now["id"]])
    ground.admin.execute("UPDATE clinicdesk.outgoing_message SET state = 'planned' WHERE id = %s", [later])
    assert value(ground.admin, "SELECT count(*) FROM queue.procrastinate_jobs WHERE status = 'todo'") == 2
    ground.admin.execute("SET search_path = queue, pg_catalog")
    ground.admin.execute("UPDATE queue.procrastinate_jobs SET status = 'cancelled'")
    # It is due in years; one that is due within a day is put back.
    soon = "UPDATE clinicdesk.outgoing_message SET planned_for = clock_timestamp() + interval '1 hour' WHERE id = %s"
    ground.admin.execute(soon, [later])
    ground.admin.execute("UPDATE queue.procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo'")
    assert value(ground.office.connect("sync"), "SELECT clinicdesk.requeue_messages()") == 1
    assert value(ground.office.connect("sync"), "SELECT clinicdesk.requeue_messages()") == 0
