"""Keeping a big register in order: who looks alike, and one change made to 5,000 patients and taken back."""

from time import perf_counter

from clinicdesk.domain.bulk_update import SetSource, UndoMany, UpdateMany
from clinicdesk.usecases import bulk_update, merging
from clinicdesk.usecases.clinic import new_id
from tests.benchmarks.figures import Figure, milliseconds
from tests.benchmarks.ground import Ground

_MANY = 5_000
_MOST = 3_000  # milliseconds


def duplicates(ground: Ground) -> Figure:
    """Who may stand in the register twice, among everybody; read on a lane while the page is used."""
    desk = ground.desk()
    times = sorted(milliseconds(lambda: merging.likely_duplicates(desk)) for _ in range(5))
    found = len(merging.likely_duplicates(desk))
    return Figure(
        work="who may stand in the register twice, among all",
        must=f"≤ {_MOST // 1000} s",
        met=times[2] <= _MOST,
        p50=times[2],
        p95=times[-1],
        found=f"{found} pairs",
    )


def bulk(ground: Ground) -> Figure:
    """One change to 5,000 patients: previewed, made with its triggers, and taken back."""
    desk, change = ground.desk(), SetSource("benchmark")
    read = ground.admin().execute("SELECT id FROM clinicdesk.patient ORDER BY sort_name, id LIMIT %s", [_MANY])
    ids = [row[0] for row in read]
    looks, updates, undos = [], [], []
    for _ in range(3):
        started = perf_counter()
        preview = bulk_update.look(desk, change, ids)
        looked = perf_counter()
        done = bulk_update.update(desk, UpdateMany(new_id(), change, preview.lines))
        updated = perf_counter()
        bulk_update.take_back(desk, UndoMany(new_id(), change, done.lines))
        undos.append((perf_counter() - updated) * 1000)
        updates.append((updated - looked) * 1000)
        looks.append((looked - started) * 1000)
    middle = sorted(updates)[1]
    return Figure(
        work="one change to 5,000 patients",
        must=f"≤ {_MOST // 1000} s",
        met=middle <= _MOST,
        p50=middle,
        p95=max(updates),
        found=f"previewed in {sorted(looks)[1]:.0f} ms, taken back in {sorted(undos)[1]:.0f} ms",
    )
