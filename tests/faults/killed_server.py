"""The server killed again and again while eight desks work: `python -m tests.faults.killed_server [TIMES]`.

Every process of the server gets SIGKILL at once and is started again. The desks of the random day go on by themselves
and repeat what was not answered; at the end everything they were told is compared with what stands in the database.
"""

import contextlib
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg

from clinicdesk.storage.cluster import Cluster
from tests import office as offices
from tests.history import checks
from tests.history.__main__ import anomalies, begin, diaries, report
from tests.office import Office

TIMES, DESKS = 20, 8
_CALM = (2.0, 4.0)  # seconds of work between two kills
_kept: list[contextlib.AbstractContextManager[str]] = []


def main(arguments: list[str]) -> int:
    """Kill, look, and print; 0 when nothing that was told is missing or there twice."""
    times = int(arguments[0]) if arguments else TIMES
    folder = Path(tempfile.mkdtemp(prefix="clinicdesk-killed-"))
    folder.chmod(0o711)
    try:
        with Cluster.open(folder / "data") as cluster:
            sample = offices.template(cluster, folder)
            office = Office(cluster, _copy(cluster, sample), sample)
            try:
                # A copied sequence counts some numbers as logged that only its template's log has.
                office.admin().execute("CHECKPOINT")
                return _run(office, folder, times)
            finally:
                office.close()
                with contextlib.suppress(psycopg.OperationalError):
                    _kept[-1].__exit__(None, None, None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(cluster: Cluster, sample: offices.Sample) -> str:
    """A clinic of its own. It is not cleared away: what would do it dies with the server, and the folder goes whole."""
    _kept.append(offices.copied(cluster, sample, "killed"))
    try:
        return _kept[-1].__enter__()
    except psycopg.errors.ObjectInUse:  # who made the template is still leaving
        time.sleep(1)
        return _copy(cluster, sample)


def _run(office: Office, folder: Path, times: int) -> int:
    choice, began = random.Random(1), time.time()
    until = began + times * (sum(_CALM) / 2 + 2) + 5
    desks = [begin(office, folder, seed, until) for seed in range(DESKS)]
    back = []
    for _time in range(times):
        time.sleep(choice.uniform(*_CALM))
        back.append(_killed(office.cluster))
    failed = [desk.wait() for desk in desks]
    deeds = checks.deeds_of(diaries(folder))
    found = [*anomalies(office, deeds), *(f"a desk failed: {code}" for code in failed if code)]
    report(deeds, found, time.time() - began)
    told = sum(deed.ok is True for deed in deeds)
    print(f"killed {times} times; {told} deeds were acknowledged, {len(found)} of them are missing, doubled or other")
    print(f"back after {statistics.median(back):.2f} s (median), {max(back):.2f} s at most")
    return 1 if found else 0


def _killed(cluster: Cluster) -> float:
    """Kill every process of the server; seconds until it answers a question again."""
    assert cluster.server_pid is not None
    server = psutil.Process(cluster.server_pid)
    family = [server, *server.children(recursive=True)]
    began = time.monotonic()
    for process in family:
        process.kill()
    psutil.wait_procs(family, timeout=20)
    while True:
        cluster.ensure_running()
        try:
            with psycopg.connect(**cluster.admin_conninfo()) as connection:  # type: ignore[arg-type]
                connection.execute("SELECT 1")
            return time.monotonic() - began
        except psycopg.OperationalError:  # every desk comes back at once
            time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
