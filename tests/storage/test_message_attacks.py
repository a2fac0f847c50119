"""What crosses the internet, attacked by those who have a login: whatever psql lets them do, they may do."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from clinicdesk.storage.engine import login_of
from tests.office import Office, at, put, value


class Wire:
    """A clinic with a channel, its secret, and somebody who wrote; nothing of it stays."""

    def __init__(self, office: Office) -> None:
        self.office, self.admin = office, office.admin()
        self.own = {"clinic_id": office.sample.clinics["ipe"]}
        self.channel, self.talk, self.told = uuid4(), uuid4(), uuid4()
        self.key = uuid4()
        put(self.admin, "sync_key", id=self.key, public_key=bytes(32))
        self.add("message_channel", id=self.channel, kind="email", provider="smtp", name="E-mail",
                 settings='{"host": "smtp.clinica-ipe.example", "from_name": "Ipê"}')  # fmt: skip
        self.add("channel_secret", channel_id=self.channel, name="password", sync_key_id=self.key, sealed=b"x")
        self.add("conversation", id=self.talk, channel_id=self.channel, identity="ana@example.com")
        self.add("incoming_message", id=self.told, channel_id=self.channel, conversation_id=self.talk, kind="text",
                 provider_message_id="1", body="quem é?", sent_at=at(9), outcome="unclear")  # fmt: skip

    def add(self, table: str, **row: object) -> None:
        put(self.admin, table, **row, **self.own)

    def told_by(self, login: str, statement: str, values: Any = ()) -> str:
        """The state of a statement under another login: empty where it did something."""
        self.admin.execute(f'SET SESSION AUTHORIZATION "{login_of(self.office.database, login)}"'.encode())
        try:
            with self.admin.transaction():
                return "" if self.admin.execute(statement.encode(), values).rowcount else "nothing"
        except psycopg.Error as error:
            return error.sqlstate or "?"
        finally:
            self.admin.execute("RESET SESSION AUTHORIZATION")


@pytest.fixture
def wire(rolled_back: Office) -> Iterator[Wire]:
    yield Wire(rolled_back)


ELSEWHERE = {
    "address": "address = 'https://otavio.example'",
    "host": 'settings = settings || \'{"host": "otavio.example"}\'',
    "port": 'settings = settings || \'{"port": "2525"}\'',
    "security": 'settings = settings || \'{"security": "none"}\'',
}


@pytest.mark.parametrize("change", list(ELSEWHERE))
def test_a_credential_goes_to_nobody_it_was_not_typed_for(change: str, wire: Wire) -> None:
    """Whoever may set a channel up may not have what another typed sent to a server of their own."""
    assert wire.told_by("otavio", f"UPDATE clinicdesk.message_channel SET {ELSEWHERE[change]}") == ""
    assert value(wire.admin, "SELECT count(*) FROM clinicdesk.channel_secret") == 0


def test_a_credential_stays_where_a_channel_goes_where_it_went(wire: Wire) -> None:
    same = "name = 'Correio', per_minute = 9, settings = settings || '{\"from_name\": \"Clínica\"}'"
    assert wire.told_by("otavio", f"UPDATE clinicdesk.message_channel SET {same}") == ""
    assert value(wire.admin, "SELECT count(*) FROM clinicdesk.channel_secret") == 1


def test_nobody_decides_about_a_reply_in_anothers_name(wire: Wire) -> None:
    people = wire.office.sample.people
    handle = "UPDATE clinicdesk.incoming_message SET outcome = 'conversation', handled_by = %s, handled_at = now()"
    assert wire.told_by("renata", handle, [people["otavio"]]) == ""
    assert value(wire.admin, "SELECT handled_by FROM clinicdesk.incoming_message") == people["renata"]


def test_nobody_shows_a_key_of_their_own_for_files(wire: Wire) -> None:
    """The newest is what files are sealed to: one that no key of the clinic stands behind opens for its maker alone."""
    show = "INSERT INTO clinicdesk.media_key (clinic_id, key_version, public_key) VALUES (%s, %s, %s)"
    for login in ("renata", "otavio", "claudia"):
        assert wire.told_by(login, show, [wire.own["clinic_id"], 99, bytes(32)]) == "42501"
    put(wire.admin, "data_key", id=uuid4(), key_version=2, **wire.own)
    assert wire.told_by("renata", show, [wire.own["clinic_id"], 2, bytes(32)]) == ""


SENDERS_ALONE = (
    "SELECT sealed FROM clinicdesk.channel_secret",
    "SELECT body FROM clinicdesk.webhook_receipt",
    "INSERT INTO clinicdesk.sync_key (id, public_key, host) VALUES (gen_random_uuid(), decode(repeat('00', 32),"
    " 'hex'), 'x')",
    "UPDATE clinicdesk.sync_key SET retired_at = now()",
    "UPDATE clinicdesk.outgoing_message SET state = 'sent'",
    "UPDATE clinicdesk.delivery SET state = 'sent'",
    "UPDATE clinicdesk.incoming_message SET body = '0'",
    "UPDATE clinicdesk.conversation SET opted_out_at = NULL",
    "UPDATE clinicdesk.conversation SET identity = 'x'",
    "INSERT INTO clinicdesk.incoming_message (id) VALUES (gen_random_uuid())",
    "INSERT INTO clinicdesk.delivery (id) VALUES (gen_random_uuid())",
    "INSERT INTO clinicdesk.question (id) VALUES (gen_random_uuid())",
    "SELECT * FROM queue.procrastinate_jobs",
    "DELETE FROM queue.procrastinate_jobs",
    "SELECT clinicdesk.requeue_messages()",
    "SELECT clinicdesk.revive_jobs()",
    "SELECT clinicdesk.replan_clinic(gen_random_uuid(), now(), now())",
    "SELECT clinicdesk.queue_job('messages', 'send_message', gen_random_uuid(), NULL, NULL)",
    "SELECT clinicdesk.unplan(gen_random_uuid(), '{reminder}', 'x')",
    "UPDATE clinicdesk.early_status SET state = 'read'",
)
NOT_THE_SENDERS = (
    "SELECT cpf_ciphertext FROM clinicdesk.patient",
    "UPDATE clinicdesk.patient SET phone = '+5511999999999'",
    "UPDATE clinicdesk.message_channel SET address = 'https://x.example'",
    "INSERT INTO clinicdesk.channel_secret (channel_id, name) SELECT id, 'x' FROM clinicdesk.message_channel",
    "UPDATE clinicdesk.message_rule SET active = true",
    "UPDATE clinicdesk.messaging_policy SET active = true",
    "INSERT INTO clinicdesk.media_key (clinic_id, key_version, public_key) VALUES (gen_random_uuid(), 9, 'x')",
    "SELECT wrapped FROM clinicdesk.wrapped_key",
    "SELECT * FROM clinicdesk.audit",
    "DELETE FROM clinicdesk.conversation",
    "DELETE FROM clinicdesk.outgoing_message",
    "DELETE FROM clinicdesk.consent",
    "SELECT clinicdesk.settle_message(gen_random_uuid(), true)",
)


@pytest.mark.parametrize("login", ["claudia", "otavio", "renata", "helena", "bruno"])
def test_what_only_whoever_sends_may_do(login: str, wire: Wire) -> None:
    assert [each for each in SENDERS_ALONE if wire.told_by(login, each) != "42501"] == []


def test_what_whoever_sends_has_no_business_with(wire: Wire) -> None:
    assert [each for each in NOT_THE_SENDERS if wire.told_by("sync", each) != "42501"] == []


def test_another_clinics_conversations_are_nobodys_business(wire: Wire) -> None:
    for table in ("conversation", "incoming_message", "message_channel"):
        look = f"SELECT * FROM clinicdesk.{table} WHERE clinic_id = %s"
        assert wire.told_by("marta", look, [wire.own["clinic_id"]]) == "nothing"


def test_a_message_goes_into_no_other_clinics_conversation(wire: Wire) -> None:
    row: dict[str, object] = {"id": uuid4(), "kind": "person", "conversation_id": wire.talk, "body": "oi"}
    clinic: UUID = wire.office.sample.clinics["jacaranda"]
    row |= {"clinic_id": clinic, "expires_at": at(20)}
    say = f"INSERT INTO clinicdesk.outgoing_message ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})"
    assert wire.told_by("marta", say, list(row.values())) in ("CD031", "23503")
