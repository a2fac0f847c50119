"""Messages leave once: through the real carrier, to a Meta on loopback that fails in every way there is."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clinicdesk.domain.pacing import AWAY, FAILURES
from clinicdesk.errors import MessageMoved
from clinicdesk.usecases import upkeep
from clinicdesk.usecases.local import Local
from clinicdesk.usecases.sync_account import sign_in_here
from sync.carriers import carrier_for
from sync.outbox.breaker import Breaker
from sync.outbox.roads import Roads
from sync.outbox.sending import Sender
from tests.faults.senders import Senders
from tests.office import Office, value
from tests.sync.fakes.meta import FakeMeta
from tests.sync.fakes.server import LOST_REPLY, Fault, status
from tests.sync.process.working import PHONE, Sending, at_work, sending


@pytest.fixture
def clinic(office: Office, tmp_path: Path) -> Iterator[Sending]:
    with sending(office, tmp_path) as opened:
        yield opened


@pytest.fixture
def meta() -> Iterator[FakeMeta]:
    with FakeMeta.open() as opened:
        yield opened


@pytest.fixture
def sender(clinic: Sending) -> Iterator[Sender]:
    import threading

    roads = Roads(clinic.account, carrier_for)
    yield Sender(clinic.account, roads, Breaker(roads), threading.Event())
    roads.close()


def soon() -> dict[str, dt.datetime]:
    """When something is due that goes now."""
    now = dt.datetime.now(dt.UTC)
    return {"planned_for": now - dt.timedelta(minutes=1), "expires_at": now + dt.timedelta(hours=1)}


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what another process writes."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "not in time"
        time.sleep(0.02)


def test_a_message_is_posted_within_half_a_second_of_its_commit(clinic: Sending, meta: FakeMeta) -> None:
    channel = clinic.meta(meta)
    with at_work(clinic.account):
        clinic.say(channel, "warm")
        meta.wait_for(1)
        waited = []
        for turn in range(8):
            begun = time.time()
            clinic.say(channel, f"{turn}")
            meta.wait_for(turn + 2)
            waited.append(time.time() - begun)
        until(lambda: clinic.states() == {"sent": 9})
    assert sorted(waited)[-2] < 0.5, waited
    until(lambda: clinic.jobs() == 0)


def test_two_processes_post_each_message_once(clinic: Sending, meta: FakeMeta, office: Office, tmp_path: Path) -> None:
    channel = clinic.meta(meta)
    clinic.say_many(channel, 60)
    with (
        sign_in_here(Local(tmp_path, office.cluster, office.database)) as second,
        at_work(clinic.account),
        at_work(second),
    ):
        meta.wait_for(60, 30)
        until(lambda: clinic.states() == {"sent": 60})
    attempts = [one.attempt for one in meta.sent]
    assert len(attempts) == len(set(attempts)) == 60


def test_a_test_asks_the_provider_and_says_at_once_what_is_wrong(
    clinic: Sending, meta: FakeMeta, sender: Sender
) -> None:
    channel = clinic.meta(meta)
    right = clinic.say(channel)
    clinic.admin.execute("UPDATE clinicdesk.outgoing_message SET recipient = 'check' WHERE id = %s", [right])
    sender.send(right)
    assert clinic.laid.state(right) == ("sent", "") and meta.sent == []
    clinic.seal(channel, {"token": "wrong"})
    sender.roads.close()
    for recipient in ("check", "+5511987654321"):
        wrong = clinic.say(channel)
        clinic.admin.execute("UPDATE clinicdesk.outgoing_message SET recipient = %s WHERE id = %s", [recipient, wrong])
        sender.send(wrong)
        assert clinic.laid.state(wrong) == ("failed", "wrong_token")
    assert clinic.laid.one("message_channel", channel, "paused_reason") == "wrong_token"


def test_a_lost_answer_is_for_a_person_and_never_sent_again(clinic: Sending, meta: FakeMeta, sender: Sender) -> None:
    channel = clinic.meta(meta)
    message = clinic.say(channel)
    meta.fail_next(LOST_REPLY)
    for _run in range(3):
        sender.send(message)
    assert len(meta.sent) == 1
    assert clinic.laid.state(message)[0] == "unknown"


def test_what_died_while_sending_is_left_alone_and_then_asked_about(
    clinic: Sending, meta: FakeMeta, sender: Sender
) -> None:
    from clinicdesk.usecases import outbox

    message = clinic.say(clinic.meta(meta))
    outbox.claim(clinic.account.line, message)
    sender.send(message)
    assert meta.sent == []
    assert clinic.laid.state(message)[0] == "sending"
    clinic.admin.execute("UPDATE clinicdesk.delivery SET started_at = started_at - interval '11 minutes'")
    clinic.admin.execute("ALTER TABLE clinicdesk.outgoing_message DISABLE TRIGGER b_guard")
    clinic.admin.execute("UPDATE clinicdesk.outgoing_message SET state_at = state_at - interval '11 minutes'")
    assert outbox.settle_stuck(clinic.account.at(clinic.laid.clinic_id)) == 1
    assert clinic.laid.state(message)[0] == "unknown"


def test_no_more_go_in_a_minute_than_may(clinic: Sending, meta: FakeMeta, sender: Sender) -> None:
    channel = clinic.meta(meta, per_minute=3)
    messages = [clinic.say(channel, f"{turn}") for turn in range(6)]
    for message in messages:
        sender.send(message)
    assert len(meta.sent) == 3
    assert clinic.states() == {"sent": 3, "planned": 3}
    assert {clinic.laid.state(message) for message in messages[3:]} == {("planned", "channel_busy")}
    waits = [clinic.laid.one("outgoing_message", message, "planned_for - created_at") for message in messages[3:]]
    assert all(50 < wait.total_seconds() < 180 for wait in waits), waits
    clinic.admin.execute("UPDATE clinicdesk.delivery SET started_at = started_at - interval '61 seconds'")
    clinic.admin.execute("UPDATE clinicdesk.outgoing_message SET planned_for = now() WHERE state = 'planned'")
    sender.send(messages[3])
    assert len(meta.sent) == 4


def test_a_provider_that_is_away_is_left_alone_until_it_answers(
    clinic: Sending, meta: FakeMeta, sender: Sender
) -> None:
    channel = clinic.meta(meta)
    messages = [clinic.say(channel, f"{turn}") for turn in range(FAILURES)]
    meta.fail_always(lambda _request: status(503))
    for message in messages:
        sender.send(message)
    here = clinic.account.at(clinic.laid.clinic_id)
    assert clinic.laid.one("message_channel", channel, "paused_reason") == AWAY
    breaker = sender.breaker
    assert breaker.look(here) == 0  # it has not rested long enough to be asked
    asked = len(meta.requests)
    clinic.admin.execute("UPDATE clinicdesk.message_channel SET paused_at = paused_at - interval '2 minutes'")
    assert breaker.look(here) == 0
    assert len(meta.requests) > asked
    assert breaker.look(here) == 0  # it rests longer now
    meta.fail_always(lambda _request: None)
    clinic.admin.execute("UPDATE clinicdesk.message_channel SET paused_at = paused_at - interval '30 minutes'")
    assert breaker.look(here) == 1
    assert clinic.laid.one("message_channel", channel, "paused_reason") == ""
    meta.fail_always(lambda _request: status(503))
    sender.send(clinic.say(channel, "one more"))
    assert clinic.laid.one("message_channel", channel, "paused_reason") == AWAY


def test_what_a_person_paused_stays_paused(clinic: Sending, meta: FakeMeta, sender: Sender) -> None:
    channel = clinic.meta(meta)
    here = clinic.account.at(clinic.laid.clinic_id)
    clinic.admin.execute("UPDATE clinicdesk.message_channel SET paused_at = now(), paused_reason = 'person'")
    assert sender.breaker.look(here) == 0
    assert not upkeep.pause_channel(here, channel)
    assert not upkeep.resume_channel(here, channel)


def test_a_credential_that_is_typed_anew_is_used_and_a_wrong_one_pauses(
    clinic: Sending, meta: FakeMeta, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.outbox.roads.FRESH_SECONDS", 0.0)
    channel = clinic.meta(meta)
    clinic.seal(channel, {"token": "EAAG-another"})
    sender.send(clinic.say(channel))
    assert meta.sent == []
    assert clinic.laid.one("message_channel", channel, "paused_reason") not in ("", AWAY)
    clinic.seal(channel, meta.secrets)
    clinic.admin.execute("UPDATE clinicdesk.message_channel SET paused_at = NULL, paused_reason = ''")
    sender.send(clinic.say(channel))
    assert len(meta.sent) == 1


def test_a_credential_sealed_for_another_computer_pauses_the_channel(
    clinic: Sending, meta: FakeMeta, sender: Sender
) -> None:
    channel = clinic.meta(meta)
    clinic.admin.execute("UPDATE clinicdesk.channel_secret SET sealed = '\\x0102' WHERE name = 'token'")
    sender.send(clinic.say(channel))
    assert clinic.laid.one("message_channel", channel, "paused_reason") == "secret_missing"


def test_a_database_that_is_away_when_it_is_to_be_noted_is_waited_for(
    clinic: Sending, meta: FakeMeta, office: Office
) -> None:
    channel = clinic.meta(meta)
    login = clinic.account.conninfo["user"]
    with at_work(clinic.account):
        clinic.say(channel, "warm")
        meta.wait_for(1)
        until(lambda: clinic.states() == {"sent": 1})
        admin = office.admin()
        admin.execute(f'ALTER ROLE "{login}" NOLOGIN')
        clinic.say_many(channel, 5)
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [login])
        time.sleep(0.5)
        admin.execute(f'ALTER ROLE "{login}" LOGIN')
        until(lambda: clinic.states() == {"sent": 6}, 40)
    assert len({one.attempt for one in meta.sent}) == len(meta.sent) == 6
    assert value(clinic.admin, "SELECT count(*) FROM clinicdesk.delivery") == 6


def test_what_the_database_will_not_write_down_is_not_asked_for_ever(sender: Sender) -> None:
    asked: list[int] = []

    def note() -> None:
        asked.append(1)
        if len(asked) < 3:
            raise MessageMoved("delivered", "planned")

    sender._note(note)
    assert len(asked) == 1


def test_what_a_killed_program_was_sending_is_not_sent_again(
    clinic: Sending, meta: FakeMeta, office: Office, tmp_path: Path, run_folder: Path
) -> None:
    channel = clinic.meta(meta)
    meta.fail_always(lambda _request: Fault(takes=True, waits=0.3))
    senders = Senders(run_folder / "shared", tmp_path, office.database)
    senders.start()
    clinic.say_many(channel, 20)
    until(lambda: clinic.states().get("sent", 0) > 0)
    senders.kill()
    taken = len(meta.sent)
    meta.fail_always(lambda _request: None)
    clinic.admin.execute("UPDATE queue.procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    with at_work(clinic.account):
        until(lambda: not clinic.states().get("planned") and not clinic.jobs(), 40)
    states = clinic.states()
    assert states.keys() == {"sent", "sending"}
    in_doubt = states["sending"]
    assert 1 <= in_doubt <= 8
    assert len(meta.sent) >= taken
    message = dict(clinic.admin.execute("SELECT id::text, message_id FROM clinicdesk.delivery").fetchall())
    took = [message[one.attempt] for one in meta.sent]
    assert len(took) == len(set(took))
    assert len(set(message.values())) == 20
    logged = (tmp_path / "logs/clinicdesk-sync.log").read_text("utf-8")
    assert "message_sent" in logged
    assert PHONE not in logged and PHONE[3:] not in logged and "Olá" not in logged


def test_a_test_names_a_credential_that_no_message_needs(clinic: Sending, meta: FakeMeta, sender: Sender) -> None:
    """The app secret is asked for when answers come in: a message alone would go out and say nothing."""
    channel = clinic.meta(meta)
    clinic.seal(channel, {"app_secret": "another"})
    message = clinic.laid.message(kind="test", channel_id=channel, recipient="+5531987654321", body="Teste",
                                  patient_id=None, template_id=None, **soon())  # fmt: skip
    sender.send(message)
    assert clinic.laid.state(message) == ("failed", "wrong_app_secret") and meta.sent == []
