"""Processes that send, killed or left without a database: `python -m tests.faults.senders killed|away|both`.

A Meta on loopback keeps what it took. Whatever happens, it takes each message once, and what nobody knows of is told.
"""

import contextlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psutil
import psycopg

from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.told import StatusTold
from clinicdesk.storage.cluster import Cluster
from clinicdesk.storage.engine import server_now
from clinicdesk.usecases import outbox
from tests import office as offices
from tests.office import Office
from tests.sync.fakes.meta import FakeMeta
from tests.sync.fakes.server import Fault, Posted
from tests.sync.process.working import Sending, sending

MESSAGES, KILLS, PROCESSES, AWAY_SECONDS = 600, 40, 2, 60.0
_PATIENCE = 120.0


@dataclass
class Senders:
    """Programs over one clinic, and how to end them."""

    server: Path
    folder: Path
    database: str
    running: list["subprocess.Popen[str]"] = field(default_factory=list)

    def start(self, *options: str) -> None:
        """One more, which is at work when this returns."""
        places = (str(self.server), str(self.folder), self.database)
        command = [sys.executable, "-m", "tests.sync.process.program", *places, *options]
        started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert started.stdout is not None
        assert started.stdout.readline() == "ready\n"
        self.running.append(started)

    def kill(self) -> None:
        """The oldest of them, without a word."""
        oldest = self.running.pop(0)
        oldest.kill()
        oldest.communicate()

    def stop(self) -> list[int]:
        """All of them, cleanly; how they left."""
        for one in self.running:
            one.terminate()
        return [one.wait(30) for one in self.running]


@contextlib.contextmanager
def clinic_that_sends() -> Iterator[tuple[Sending, FakeMeta, UUID, Senders]]:
    """A server, a clinic with a channel, a provider, and nobody at work yet."""
    folder = Path(tempfile.mkdtemp(prefix="clinicdesk-senders-"))
    folder.chmod(0o711)
    (folder / "sync").mkdir()
    try:
        with Cluster.open(folder / "data") as cluster:
            sample = offices.template(cluster, folder)
            # What would clear the copy away dies with a server that is killed; the folder goes whole.
            with contextlib.suppress(psycopg.OperationalError), offices.copied(cluster, sample, "senders") as database:
                office = Office(cluster, database, sample)
                with FakeMeta.open() as meta, sending(office, folder / "sync") as clinic:
                    senders = Senders(folder / "data", folder / "sync", database)
                    try:
                        yield clinic, meta, clinic.meta(meta, receives="webhook"), senders
                    finally:
                        senders.stop()
                        office.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def killed(messages: int = MESSAGES, kills: int = KILLS) -> int:
    """Kill a process in the middle of its sending, again and again; 0 when nothing was doubled or forgotten."""
    choice = random.Random(1)
    with clinic_that_sends() as (clinic, meta, channel, senders):
        meta.fail_always(lambda request: _late(request, choice))
        for _one in range(PROCESSES):
            senders.start()
        began = time.monotonic()
        for turn in range(kills):
            clinic.remind_many(messages * (turn + 1) // kills - messages * turn // kills)
            seen = len(meta.requests)
            with contextlib.suppress(AssertionError):
                meta.wait_until(lambda seen=seen: len(meta.requests) > seen + 2, 5)  # type: ignore[misc]
            time.sleep(choice.uniform(0, 0.15))
            senders.kill()
            senders.start()
        _until_settled(clinic)
        took = time.monotonic() - began
        in_doubt = clinic.states().get("sending", 0)
        told = _reconcile(clinic, meta, channel)
        return _report(clinic, meta, f"{messages} messages, {kills} kills in {took:.0f} s", messages, in_doubt, told)


def away(messages: int = 200, seconds: float = AWAY_SECONDS) -> int:
    """The database killed while messages leave, and gone for a minute; 0 when everything goes on by itself."""
    with clinic_that_sends() as (clinic, meta, channel, senders):
        meta.fail_always(lambda _request: Fault(takes=True, waits=0.05))
        for _one in range(PROCESSES):
            senders.start()
        clinic.remind_many(messages)
        meta.wait_until(lambda: len(meta.sent) >= messages // 4, 30)
        _kill_server(clinic.office.cluster)
        taken = len(meta.sent)
        time.sleep(seconds)
        clinic.office.cluster.ensure_running()
        began = time.monotonic()
        clinic.renew()
        meta.wait_until(lambda: len(meta.sent) > taken, 60)
        back = time.monotonic() - began
        _until_settled(clinic)
        alive = [one.poll() is None for one in senders.running]
        told = _reconcile(clinic, meta, channel)
        print(f"both processes alive: {all(alive)}; first message {back:.1f} s after the database was back")
        return _report(clinic, meta, f"database gone for {seconds:.0f} s", messages, 0, told)


def _late(_request: Posted, choice: random.Random) -> Fault:
    return Fault(takes=True, waits=choice.uniform(0, 0.15))


def _until_settled(clinic: Sending) -> None:
    """Until nothing is left that goes by itself: jobs of the dead come back after half a minute."""
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        states = clinic.states()
        if not states.get("planned") and not states.get("claimed") and not clinic.jobs():
            return
        time.sleep(0.2)
    raise AssertionError(f"still waiting: {clinic.states()}, {clinic.jobs()} jobs")


def _reconcile(clinic: Sending, meta: FakeMeta, channel: UUID) -> int:
    """What the provider tells of each message it took; then, ten minutes on, what nobody told of is for a person."""
    robot = clinic.account.at(clinic.laid.clinic_id)
    with robot.transaction() as tx:
        now = server_now(tx)
    told = 0
    for one in meta.sent:
        status = StatusTold(one.id, MessageState.SENT, now, UUID(one.attempt))
        told += outbox.note_status(robot, channel, status, now) == "done"
    outbox.settle_stuck(robot, now + outbox.STUCK_AFTER * 2)
    return told


def _report(clinic: Sending, meta: FakeMeta, what: str, messages: int, in_doubt: int, told: int) -> int:
    attempts = dict(clinic.admin.execute("SELECT id::text, message_id FROM clinicdesk.delivery").fetchall())
    taken = Counter(attempts[one.attempt] for one in meta.sent)
    doubled = sum(count > 1 for count in taken.values())
    states = clinic.states()
    lost = messages - states.get("sent", 0) - states.get("unknown", 0)
    wrong = len(taken) - states.get("sent", 0)
    print(f"{what}: {len(meta.sent)} taken by the provider, {doubled} of them twice; {states}")
    print(
        f"in doubt when all was quiet: {in_doubt}; told by the provider afterwards: {told}; the rest shown to a person"
    )
    return 1 if doubled or lost or wrong else 0


def _kill_server(cluster: Cluster) -> None:
    assert cluster.server_pid is not None
    server = psutil.Process(cluster.server_pid)
    family = [server, *server.children(recursive=True)]
    for process in family:
        process.kill()
    psutil.wait_procs(family, timeout=20)


def main(arguments: list[str]) -> int:
    """Do what was asked for."""
    wanted = arguments[0] if arguments else "both"
    done = []
    if wanted in ("killed", "both"):
        done.append(killed())
    if wanted in ("away", "both"):
        done.append(away())
    return max(done)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
