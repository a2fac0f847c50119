"""Many desks on one server for a minute, each its own person: `python -m tests.benchmarks.crowd --help`.

Every desk browses (day, week, search, a patient's page, free times), books, moves and confirms with the pauses of a
busy reception, keeps two connections and one that listens, and reads anew what others changed in the day on its screen.
"""

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from platformdirs import user_cache_path

from clinicdesk.domain.staff import AddPerson, Role
from clinicdesk.storage import staff as staff_rows
from clinicdesk.storage.engine import login_of
from clinicdesk.usecases.clinic import new_id
from tests.benchmarks.figures import percentile
from tests.benchmarks.ground import Ground
from tests.benchmarks.races import spoken

OWNER, PASSWORD = "claudia", "janela 47 aberta"
PROCESSES = 4
MOST, WANTED = 200.0, 50  # milliseconds at p95, with so many desks
_DEADLOCKS = "SELECT deadlocks, xact_commit FROM pg_stat_database WHERE datname = current_database()"
_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE usename LIKE %s"


@dataclass(frozen=True)
class Round:
    """What one number of desks came to. `memory` is in bytes for each desk, on the server."""

    desks: int
    times: dict[str, list[float]]
    refused: Counter[str]
    errors: Counter[str]
    transactions: float
    deadlocks: int
    connections: int
    memory: float
    own_memory: float
    server_cores: float
    desk_cores: float
    seconds: float

    @property
    def acts(self) -> list[float]:
        """How long every act took that a person waited for."""
        return [each for kind, times in self.times.items() if kind != "echo" for each in times]

    @property
    def met(self) -> bool:
        """Whether nobody waited long and nothing failed."""
        return percentile(self.acts, 0.95) <= MOST and not self.errors and not self.deadlocks


def main() -> None:
    """Run the rounds that were asked for and print a table."""
    given = _arguments()
    most = max(given.desks)
    given.data_dir.mkdir(parents=True, exist_ok=True)
    settings = {"max_connections": str(most * 3 + 40)}
    ground = Ground(given.data_dir, given.patients, given.appointments, settings)
    try:
        ground.take_away()
        _let_in(ground, most)
        rounds = []
        for desks in given.desks:
            rounds.append(_round(ground, desks, given.seconds, given.pause))
            print(_line(rounds[-1]), file=sys.stderr)
        print(_table(rounds))
        print(_acts(max(rounds, key=lambda one: (one.desks == WANTED, one.desks))))
    finally:
        ground.close()
    sys.exit(0 if all(one.met for one in rounds if one.desks <= WANTED) else 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.crowd", description=__doc__)
    parser.add_argument("desks", nargs="*", type=int, default=[10, 50, 100, 150, 200], help="how many at once, in turn")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two acts of a desk, on average")
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--appointments", type=int, default=500_000)
    parser.add_argument("--data-dir", type=Path, default=user_cache_path("clinicdesk-benchmarks", appauthor=False))
    return parser.parse_args()


def login(number: int) -> str:
    """The login of one of the crowd."""
    return f"crowd.{number:03}"


def _let_in(ground: Ground, count: int) -> None:
    """Give everybody a login of their own, in the first unit; who was let in by an earlier run is there already."""
    owner = ground.desk(OWNER)
    unit = ground.desk().id
    with owner.transaction() as tx:
        there = {one.login for one in staff_rows.people(tx)}
        for number in range(count):
            name = login(number)
            if name in there:
                continue
            person = AddPerson(new_id(), name, f"Recepção {number:03}", Role.RECEPTION, PASSWORD, (unit,))
            account = login_of(ground.demo.address["dbname"], name)
            staff_rows.add_person(tx, new_id(), person, staff_rows.verifier(tx, account, PASSWORD))


def _round(ground: Ground, desks: int, seconds: float, pause: float) -> Round:
    processes = [_begin(ground, desks, seconds, pause, share) for share in range(min(PROCESSES, desks))]
    try:
        for one in processes:
            assert one.stdout is not None and one.stdout.readline() == "ready\n", "a desk did not come up"
        before, used, client = _counted(ground), _cores(ground), _worked(processes)
        began = time.monotonic()
        _all_go(processes)
        time.sleep(seconds * 0.9)
        shares = [_pss(pid) for pid in _backends(ground)]
        answers = [json.loads(one.stdout.readline()) for one in processes if one.stdout is not None]
        took = time.monotonic() - began
        after, used_after, client_after = _counted(ground), _cores(ground), _worked(processes)
    finally:
        for one in processes:
            _let_go(one)
    ground.take_away()
    times: dict[str, list[float]] = {}
    for answer in answers:
        for kind, found in answer["times"].items():
            times.setdefault(kind, []).extend(found)
    return Round(
        desks,
        times,
        sum((Counter(one["refused"]) for one in answers), Counter()),
        sum((Counter(one["errors"]) for one in answers), Counter()),
        (after[1] - before[1]) / took,
        after[0] - before[0],
        len(shares),
        sum(one[0] for one in shares) / desks,
        sum(one[1] for one in shares) / desks,
        (used_after - used) / took,
        (client_after - client) / took,
        took,
    )


def _all_go(processes: list[subprocess.Popen[str]]) -> None:
    for one in processes:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()


def _let_go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()


def _begin(ground: Ground, desks: int, seconds: float, pause: float, share: int) -> subprocess.Popen[str]:
    """One process with its share of the desks; it says `ready` when all of them have their connections."""
    conninfo = {**ground.demo.address, "password": PASSWORD}
    database = ground.demo.address["dbname"]
    numbers = range(share, desks, min(PROCESSES, desks))
    told = {
        "conninfo": conninfo,
        "people": {number: login_of(database, login(number)) for number in numbers},
        "clinic": str(ground.desk().id),
        "seconds": seconds,
        "pause": pause,
        "today": ground.today.isoformat(),
        "first_free_day": ground.first_free_day.isoformat(),
        "patients": [str(one) for one in ground.patients],
        "openings": _openings(ground),
        "days": sorted({one["starts_at"][:10] for one in _openings(ground)}),
        "professionals": [str(one.id) for one in ground.catalogue.professionals],
    }
    command = [sys.executable, "-m", "tests.benchmarks.crowd_desk"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write(json.dumps(told) + "\n")
    process.stdin.flush()
    return process


_kept: list[dict[str, Any]] = []


def _openings(ground: Ground) -> list[dict[str, Any]]:
    """Times of the two weeks after all that is booked; read once."""
    if not _kept:
        _kept.extend(spoken(one) for one in ground.openings(14))
    return _kept


def _counted(ground: Ground) -> tuple[int, int]:
    admin = ground.admin()
    time.sleep(1.1)  # what a connection did reaches the counters a second later
    found = admin.execute(_DEADLOCKS).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


def _backends(ground: Ground) -> list[int]:
    account = login_of(ground.demo.address["dbname"], "crowd.%")
    return [row[0] for row in ground.admin().execute(_BACKENDS, [account])]


def _pss(pid: int) -> tuple[int, int]:
    """A process's fair share of memory, and what it has for itself alone; in bytes."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0, 0
    found = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines[1:]}
    return found["Pss"], found["Private_Clean"] + found["Private_Dirty"]


def _cores(ground: Ground) -> float:
    """The processor's seconds of the server and all its processes, those that ended included."""
    server = psutil.Process(ground.cluster.server_pid)
    living = sum(sum(one.cpu_times()[:2]) for one in [server, *server.children(recursive=True)] if one.is_running())
    return float(living + sum(server.cpu_times()[2:4]))


def _worked(processes: list[subprocess.Popen[str]]) -> float:
    return float(sum(sum(psutil.Process(one.pid).cpu_times()[:2]) for one in processes))


def _line(one: Round) -> str:
    acts = one.acts
    p50, p95, p99 = (percentile(acts, share) for share in (0.5, 0.95, 0.99))
    return (
        f"| {one.desks} | {len(acts) / one.seconds:.0f} | {one.transactions:.0f} | {p50:.1f} ms | {p95:.0f} ms "
        f"| {p99:.0f} ms | {max(acts):.0f} ms | {sum(one.errors.values())} | {sum(one.refused.values())} "
        f"| {one.connections} | {one.memory / 2**20:.1f} MB | {one.own_memory / 2**20:.1f} MB "
        f"| {one.server_cores:.2f} + {one.desk_cores:.2f} |"
    )


def _table(rounds: list[Round]) -> str:
    head = (
        "| desks | acts/s | transactions/s | p50 | p95 | p99 | slowest | errors | refused | connections "
        "| memory a desk | of it its own | cores: server + desks |"
    )
    load = f"{os.getloadavg()[0]:.1f}"
    facts = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {os.cpu_count()} cores, load {load} at the end"
    lines = [_line(one) for one in rounds]
    return "\n".join([facts, "", head, "|" + "--:|" * 13, *lines])


def _acts(one: Round) -> str:
    """What each kind of act took in one round, and what failed in it."""
    lines = [f"\n{one.desks} desks:"]
    for kind, times in sorted(one.times.items()):
        p50, p95 = percentile(times, 0.5), percentile(times, 0.95)
        lines.append(f"  {kind:9} {len(times):6} times, p50 {p50:6.1f} ms, p95 {p95:6.1f} ms")
    lines += [f"  refused: {name} × {count}" for name, count in one.refused.items()]
    lines += [f"  FAILED: {name} × {count}" for name, count in one.errors.items()]
    return "\n".join([*lines, f"  deadlocks: {one.deadlocks}"])


if __name__ == "__main__":
    main()
