"""Providers that knock too often, wrongly, and at nobody: `python -m tests.faults.webhooks [rate|fuzz|shuffled|away]`.

The gateway is a program of its own, over a server of its own. At 200 deliveries a second each is answered, from when it
was due, within 50 ms at p95, and all are kept; of 10,000 that are damaged none is kept, none makes the gateway fail and
its memory stays; each delivery that comes sixteen times in any order has one effect; and while the database is gone
a provider is told to come again, and nothing is lost.
"""

import argparse
import contextlib
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import psutil
import psycopg

from clinicdesk.storage.cluster import Cluster
from clinicdesk.usecases import outbox, replies
from sync.inbound.reading import Reader
from tests import office as offices
from tests.benchmarks.figures import percentile
from tests.office import Office, put, value
from tests.sync.fakes import meta_events as events
from tests.sync.gateway.knocking import SECRET, as_json
from tests.sync.gateway.storm import Delivery, channels, fuzzed, signed, standing
from tests.sync.ground import Ground, LaidChannel, committed

PER_SECOND, FUZZED, TIMES = 200, 10_000, 16
MOST_P95, MOST_GROWTH = 50.0, 10.0
NUMBER = "106540352242922"


@dataclass
class Answered:
    """What came of many deliveries."""

    said: str
    met: bool


def rate(ground: Ground, seconds: int = 20) -> Answered:
    """Different deliveries at a steady rate."""
    channel = ground.channel("meta", secrets={"app_secret": SECRET}, phone_number_id=NUMBER)
    with standing(ground) as gateway:
        gateway.post_all([signed(channel, body) for body in _texts(50, "warm")])
        deliveries = [signed(channel, body) for body in _texts(PER_SECOND * seconds, "rate")]
        times, statuses = gateway.at_a_rate(deliveries, PER_SECOND)
    kept = value(ground.admin, "SELECT count(*) FROM clinicdesk.webhook_receipt") - 50
    p50, p95, slowest = percentile(times, 0.5), percentile(times, 0.95), max(times)
    said = f"{len(times)} at {PER_SECOND}/s: p50 {p50:.1f} ms, p95 {p95:.1f} ms, slowest {slowest:.0f} ms; {kept} kept"
    return Answered(said, p95 <= MOST_P95 and statuses == {200: len(times)} and kept == len(times))


def fuzz(ground: Ground, count: int = FUZZED) -> Answered:
    """Bodies as nobody sends them."""
    laid = channels(ground)
    with standing(ground) as gateway:
        gateway.post_all(fuzzed(laid, count // 5, seed=2))
        before = gateway.megabytes
        statuses = gateway.post_all(fuzzed(laid, count))
        grown = gateway.megabytes - before
    kept = value(ground.admin, "SELECT count(*) FROM clinicdesk.webhook_receipt")
    failed = sum(number for status, number in statuses.items() if status >= 500)
    shown = ", ".join(f"{status}: {number}" for status, number in sorted(statuses.items()))
    said = f"{count} damaged bodies: {kept} kept, {failed} times 5xx ({shown}); {grown:+.1f} MB of {before:.0f}"
    return Answered(said, not kept and not failed and 200 not in statuses and grown < MOST_GROWTH)


def shuffled(ground: Ground, people: int = 30, messages: int = 20) -> Answered:
    """What people write and what becomes of ours, each sixteen times in any order, read by two at once."""
    channel = ground.channel("meta", secrets={"app_secret": SECRET}, phone_number_id=NUMBER)
    ours = [_sent(ground, channel, number) for number in range(messages)]
    bodies = [*_texts(people, "one"), *(_step(number, state) for number in range(messages) for state in _STEPS)]
    deliveries: list[Delivery] = [signed(channel, body) for body in bodies] * TIMES
    random.Random(1).shuffle(deliveries)
    with standing(ground) as gateway:
        statuses = gateway.post_all(deliveries)
    kept = [row[0] for row in ground.admin.execute("SELECT id FROM clinicdesk.webhook_receipt ORDER BY random()")]
    reader = Reader(ground.sync, replies.receive, outbox.note_status, replies.keep)
    with ThreadPoolExecutor(2) as pool:
        for _turn in range(2):
            list(pool.map(reader.read_receipt, kept))
    heard = value(ground.admin, "SELECT count(*) FROM clinicdesk.incoming_message")
    unread = value(ground.admin, "SELECT sum(unread) FROM clinicdesk.conversation")
    read = value(ground.admin, "SELECT count(*) FROM clinicdesk.outgoing_message WHERE state = 'read'")
    faults = value(ground.admin, "SELECT count(*) FROM clinicdesk.webhook_receipt WHERE fault <> '' OR read_at IS NULL")
    said = (
        f"{len(deliveries)} deliveries of {len(bodies)}: {len(kept)} kept, {heard} of {people} written once,"
        f" {unread} unread, {read} of {len(ours)} read in the end, {faults} with a fault"
    )
    met = (len(kept), heard, unread, read, faults) == (len(bodies), people, people, len(ours), 0)
    return Answered(said, met and statuses == {200: len(deliveries)})


def away(ground: Ground, seconds: float = 60.0, per_second: int = 20) -> Answered:
    """The database killed and gone for a minute, while a provider knocks and comes again for what was not taken."""
    channel = ground.channel("meta", secrets={"app_secret": SECRET}, phone_number_id=NUMBER)
    bodies = list(_texts(int(seconds * per_second), "away"))
    cluster = ground.office.cluster
    with standing(ground) as gateway:
        gateway.post_all([signed(channel, body) for body in _texts(20, "warm")])
        _kill(cluster)
        times, statuses = gateway.at_a_rate([signed(channel, body) for body in bodies], per_second)
        cluster.ensure_running()
        began, again = time.monotonic(), 0
        while gateway.post(signed(channel, bodies[0])) != 200 and time.monotonic() - began < 60:
            again += 1
        back = time.monotonic() - began
        repeated = gateway.post_all([signed(channel, body) for body in bodies])
    kept = value(ground.office.admin(), "SELECT count(*) FROM clinicdesk.webhook_receipt") - 20
    said = (
        f"{len(bodies)} knocked in {seconds:.0f} s without a database ({dict(statuses)}, slowest {max(times):.0f} ms),"
        f" taken in again {back:.1f} s after its start; {kept} kept when they came again"
    )
    return Answered(said, set(statuses) == {503} and repeated == {200: len(bodies)} and kept == len(bodies))


def _kill(cluster: Cluster) -> None:
    """Every process of the server, without a word."""
    assert cluster.server_pid is not None
    server = psutil.Process(cluster.server_pid)
    family = [server, *server.children(recursive=True)]
    for process in family:
        process.kill()
    psutil.wait_procs(family, timeout=20)


_STEPS = ("sent", "delivered", "read")


def _texts(count: int, name: str) -> Iterator[bytes]:
    for number in range(count):
        phone = f"5531{900_000_000 + number}"
        message = events.message(phone, f"wamid.{name}.{number}", events.text("bom dia"))
        contacts = [events.contact(phone, f"BR.{number}")]
        yield as_json(events.event([events.value(NUMBER, contacts=contacts, messages=[message])]))


def _step(number: int, state: str) -> bytes:
    status = events.status(f"wamid.OUT.{number}", state, "5531900000000")
    return as_json(events.event([events.value(NUMBER, statuses=[status])]))


def _sent(ground: Ground, channel: LaidChannel, number: int) -> UUID:
    """A message of ours that Meta took."""
    made = uuid4()
    own = {"clinic_id": channel.clinic_id, "channel_id": channel.id}
    later = value(ground.admin, "SELECT clock_timestamp() + interval '1 day'")
    put(ground.admin, "outgoing_message", id=made, kind="test", recipient="+5531900000000", expires_at=later, **own)
    for state in ("sending", "sent"):
        ground.admin.execute("UPDATE clinicdesk.outgoing_message SET state = %s WHERE id = %s", [state, made])
    put(ground.admin, "delivery", id=uuid4(), message_id=made, recipient="+5531900000000", state="sent",
        provider_message_id=f"wamid.OUT.{number}", **own)  # fmt: skip
    return made


ALL = {"rate": rate, "fuzz": fuzz, "shuffled": shuffled, "away": away}


@contextlib.contextmanager
def _ground() -> Iterator[Ground]:
    with tempfile.TemporaryDirectory(prefix="clinicdesk-webhooks-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with Cluster.open(folder / "data") as cluster:
            sample = offices.template(cluster, folder)
            # What would clear the copy away dies with a server that is killed; the folder goes whole.
            with contextlib.suppress(psycopg.OperationalError), offices.copied(cluster, sample, "webhooks") as database:
                office = Office(cluster, database, sample)
                yield committed(office)
                office.close()


def main() -> None:
    """Run what was asked for; 1 when something is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", choices=[*ALL, []], help="all of them, unless named")
    bad = 0
    for name in parser.parse_args().what or ALL:
        with _ground() as ground:
            found = ALL[name](ground)
        print(f"{name}: {found.said}: {'as it must be' if found.met else 'MISS'}")
        bad += not found.met
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
