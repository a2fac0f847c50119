"""The queue's workers: told at once, patient with what fails, and back by themselves when the database went away."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from clinicdesk.usecases import upkeep
from clinicdesk.usecases.local import Local
from clinicdesk.usecases.sync_account import SyncAccount, sign_in_here
from sync.outbox.queue import Line
from sync.process import Process
from tests.office import Office, value


@dataclass
class Doing:
    """What a line did, and what it is to do next."""

    done: list[UUID] = field(default_factory=list)
    failing: list[Exception] = field(default_factory=list)
    began: threading.Event = field(default_factory=threading.Event)
    hold: threading.Event | None = None
    heard: threading.Condition = field(default_factory=threading.Condition)

    def work(self, row_id: UUID) -> None:
        self.began.set()
        if self.hold is not None:
            self.hold.wait(20)
        with self.heard:
            if self.failing:
                raise self.failing.pop(0)
            self.done.append(row_id)
            self.heard.notify_all()

    def wait(self, count: int, seconds: float = 20) -> None:
        with self.heard:
            assert self.heard.wait_for(lambda: len(self.done) >= count, seconds), f"{len(self.done)} of {count}"


@pytest.fixture
def account(office: Office, tmp_path: Path) -> Iterator[SyncAccount]:
    with sign_in_here(Local(tmp_path, office.cluster, office.database)) as opened:
        yield opened


@contextlib.contextmanager
def running(account: SyncAccount, doing: Doing) -> Iterator[Callable[[], bool]]:
    """A process with one line at work in a thread; call what it gives to stop it."""
    stopping = threading.Event()
    process = Process(account, (Line("messages", "send_message", 2, doing.work),), (), stopping)
    told: list[bool] = []
    thread = threading.Thread(target=lambda: told.append(process.run()))
    thread.start()

    def stop() -> bool:
        stopping.set()
        thread.join(30)
        assert not thread.is_alive()
        return told[0]

    try:
        yield stop
    finally:
        stopping.set()
        thread.join(30)


def _defer(office: Office, row_id: UUID | None = None, lock: str | None = None) -> UUID:
    row_id = row_id or uuid4()
    office.admin().execute("SELECT clinicdesk.queue_job('messages', 'send_message', %s, NULL, %s)", [row_id, lock])
    return row_id


def _jobs(admin: "psycopg.Connection[object]") -> int:
    return int(value(admin, "SELECT count(*) FROM queue.procrastinate_jobs"))


def test_a_job_is_done_as_soon_as_it_is_committed_and_is_gone(office: Office, account: SyncAccount) -> None:
    doing = Doing()
    with running(account, doing) as stop:
        first = _defer(office)
        doing.wait(1)
        begun = time.monotonic()
        second = _defer(office)
        doing.wait(2)
        assert time.monotonic() - begun < 0.9  # told, and not found by looking once in a second
        assert doing.done == [first, second]
        assert stop()
    assert _jobs(office.admin()) == 0


def test_a_job_that_fails_is_tried_again(office: Office, account: SyncAccount) -> None:
    doing = Doing(failing=[RuntimeError("once")])
    with running(account, doing) as stop:
        row = _defer(office)
        doing.wait(1)
        assert stop()
    assert doing.done == [row]


def test_stopping_finishes_what_is_under_way(office: Office, account: SyncAccount) -> None:
    doing = Doing(hold=threading.Event())
    assert doing.hold is not None
    with running(account, doing) as stop:
        _defer(office)
        assert doing.began.wait(10)
        threading.Timer(0.3, doing.hold.set).start()
        assert stop()
    assert len(doing.done) == 1
    assert _jobs(office.admin()) == 0
    last = value(office.admin(), "SELECT stopped_at IS NOT NULL FROM clinicdesk.sync_process")
    assert last


def test_connections_that_are_cut_come_back(office: Office, account: SyncAccount) -> None:
    doing = Doing()
    with running(account, doing) as stop:
        _defer(office)
        doing.wait(1)
        office.admin().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [account.conninfo["user"]]
        )
        rows = [_defer(office) for _ in range(5)]
        doing.wait(6)
        assert set(rows) <= set(doing.done)
        assert stop()


def test_the_job_of_a_dead_worker_is_put_back_with_those_behind_it(office: Office, account: SyncAccount) -> None:
    admin = office.admin()
    dead, behind = _defer(office, lock="conversation:1"), _defer(office, lock="conversation:1")
    worker = value(
        admin,
        "INSERT INTO queue.procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id",
    )
    admin.execute("SET search_path = queue")
    assert value(admin, "SELECT args->>'row_id' FROM procrastinate_fetch_job_v2('{messages}', %s)", [worker]) == str(
        dead
    )
    assert value(admin, "SELECT id FROM procrastinate_fetch_job_v2('{messages}', %s)", [worker]) is None
    assert upkeep.revive_jobs(account.line) == 1
    assert upkeep.revive_jobs(account.line) == 0
    doing = Doing()
    with running(account, doing) as stop:
        doing.wait(2)
        assert stop()
    assert doing.done == [dead, behind]


def test_a_job_put_back_makes_way_for_another_of_its_row(office: Office, account: SyncAccount) -> None:
    admin, row = office.admin(), uuid4()
    _defer(office, row)
    admin.execute("SET search_path = queue")
    admin.execute("SELECT procrastinate_fetch_job_v2('{messages}', NULL)")
    _defer(office, row)
    assert upkeep.revive_jobs(account.line) == 1
    assert value(admin, "SELECT string_agg(status::text, ',') FROM procrastinate_jobs") == "todo"


def test_signs_of_life_are_given_and_taken_back(office: Office, account: SyncAccount) -> None:
    with running(account, Doing()) as stop:
        for _turn in range(200):
            found, now = upkeep.processes(office.desk("renata"))
            if found and "beat" in found[0].status:
                break
            time.sleep(0.05)
        assert [one.alive(now) for one in found] == [True]
        assert stop()
    found, now = upkeep.processes(office.desk("renata"))
    assert [one.alive(now) for one in found] == [False]


def test_old_jobs_and_dead_workers_go(office: Office, account: SyncAccount) -> None:
    admin = office.admin()
    _defer(office)
    admin.execute("SET search_path = queue")
    admin.execute("UPDATE procrastinate_jobs SET status = 'cancelled'")
    assert upkeep.tidy_queue(account.line) == 0
    admin.execute("UPDATE queue.procrastinate_events SET at = now() - interval '15 days'")
    assert upkeep.tidy_queue(account.line) == 1
