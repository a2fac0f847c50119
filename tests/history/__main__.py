"""`python -m tests.history [SECONDS] [PROCESSES]`: a random day of many desks, and whether its history holds together.

Eight processes book, move, step, edit, block, hold, wait and repeat over two professionals and two days for three
minutes; two of them are killed in the middle of what they do and begin again. Then everything that was written is read
and compared with what each desk was told. Exits 1 when anything is found.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

from clinicdesk.storage.cluster import Cluster
from clinicdesk.usecases.clinic import Change
from tests import office as offices
from tests.history import checks
from tests.office import DAY, Office

SECONDS, PROCESSES = 180.0, 8


def main(arguments: list[str]) -> int:
    """Run, check, and print what was done and what was found."""
    seconds = float(arguments[0]) if arguments else SECONDS
    processes = int(arguments[1]) if len(arguments) > 1 else PROCESSES
    folder = Path(tempfile.mkdtemp(prefix="clinicdesk-history-"))
    folder.chmod(0o711)
    try:
        with Cluster.open(folder / "data") as cluster:
            sample = offices.template(cluster, folder)
            with offices.copied(cluster, sample, "history") as database:
                office = Office(cluster, database, sample)
                try:
                    return _run(office, folder, seconds, processes)
                finally:
                    office.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(office: Office, folder: Path, seconds: float, processes: int) -> int:
    heard: Counter[UUID] = Counter()

    def listen(change: Change) -> None:
        if change.kind == "appointment" and change.id is not None:
            heard[change.id] = max(heard[change.id], change.version or 0)

    watch = office.desk("otavio").watch(listen, lambda _link: None)
    until = time.time() + seconds
    desks = [begin(office, folder, seed, until) for seed in range(processes)]
    for victim in range(min(2, processes)):
        time.sleep(seconds / 4)
        desks[victim].kill()
        desks[victim].wait()
        desks.append(begin(office, folder, processes + victim, until))
    failed = [desk.wait() for number, desk in enumerate(desks) if number >= min(2, processes)]
    time.sleep(1)  # what was committed last is on its way to the listener
    watch.close()
    deeds = checks.deeds_of(diaries(folder))
    missed = checks.unheard(heard, office.admin())
    found = [*anomalies(office, deeds), *missed, *(f"a desk failed: {code}" for code in failed if code)]
    report(deeds, found, seconds)
    return 1 if found else 0


def begin(office: Office, folder: Path, seed: int, until: float) -> subprocess.Popen[str]:
    """One desk at work until a moment of the wall clock, with its diary in the folder."""
    sample = office.sample
    told: dict[str, Any] = {
        "seed": seed,
        "until": until,
        "diary": str(folder / f"diary-{seed}.jsonl"),
        "conninfo": office.conninfo("renata"),
        "clinic": sample.clinics["ipe"],
        "person": sample.people["renata"],
        "days": [str(DAY), str(DAY.replace(day=DAY.day + 1))],
        "professionals": [sample.professionals["helena"], sample.professionals["caio"]],
        "rooms": [sample.rooms["room 1"], sample.rooms["room 2"]],
        "machine": sample.machines["laser"],
        "visit": sample.services["visit"],
        "laser": sample.services["laser"],
        "patients": list(sample.patients.values()),
    }
    desk = subprocess.Popen(
        [sys.executable, "-m", "tests.history.desk"], stdin=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert desk.stdin is not None
    desk.stdin.write(json.dumps(told, default=str) + "\n")
    desk.stdin.close()
    return desk


def diaries(folder: Path) -> list[dict[str, Any]]:
    """What all desks wrote down."""
    lines = []
    for path in sorted(folder.glob("diary-*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            if line.endswith("}"):  # the last line of a killed desk may be half of one
                lines.append(json.loads(line))
    return lines


def anomalies(office: Office, deeds: list[checks.Deed]) -> list[str]:
    """Everything that may not be found in what was written."""
    admin = office.admin()
    history = checks.versions_of(admin)
    return [
        *checks.double_bookings(history),
        *checks.broken_chains(history),
        *checks.lost_or_doubled(history, deeds),
        *checks.told_otherwise(history, deeds),
        *checks.refused_for_nothing(history, deeds),
        *checks.held_and_booked(history, deeds),
        *checks.taken_twice(admin, deeds),
        *checks.sums_that_differ(admin),
    ]


def report(deeds: list[checks.Deed], found: list[str], seconds: float) -> None:
    """Print what was done and what was found."""
    done: Counter[str] = Counter()
    for deed in deeds:
        outcome = {True: "done", None: "cut off"}.get(deed.ok, str(deed.given.get("refused")))
        done[f"{deed.kind:14} {outcome}"] += 1
    lines = [f"{count:7} {words}" for words, count in sorted(done.items())]
    lines.append(f"{len(deeds)} deeds in {seconds:.0f} s; {len(found)} anomalies")
    sys.stdout.write("\n".join([*lines, *found[:40]]) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
