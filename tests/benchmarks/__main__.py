"""Measures the desk on a big clinic, beside bare SQL, and prints a table: `python -m tests.benchmarks --help`."""

import argparse
import datetime as dt
import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

from tests.benchmarks import (
    answering,
    desks,
    messages,
    open_day,
    races,
    reading,
    repeating,
    sending,
    signing_in,
    upkeep,
)
from tests.benchmarks.figures import Figure, table
from tests.benchmarks.ground import Ground

ROWS: dict[str, Callable[[Ground], Figure]] = {
    "book": reading.book,
    "messages": messages.book,
    "send": sending.promptness,
    "send-rate": sending.rate,
    "answer": answering.answer,
    "sign-in": signing_in.sign_in,
    "week": reading.week,
    "day": reading.day,
    "past": reading.past,
    "search": reading.search,
    "typing": desks.typing,
    "command": desks.commanding,
    "free": reading.free,
    "free-people": reading.free_of_people,
    "finder": reading.finder,
    "throughput": races.throughput,
    "race": races.same_slot,
    "series": repeating.create,
    "duplicates": upkeep.duplicates,
    "bulk": upkeep.bulk,
    "echo": desks.echo,
    "inbox": desks.inbox,
    "day-picture": desks.day_picture,
    "week-picture": desks.week_picture,
    "month-picture": desks.month_picture,
    "drag": desks.drag,
    "start": desks.start,
    "switch": desks.switch,
    "memory": desks.memory,
    "open-day": open_day.left_open,
}


def main() -> None:
    """Run the rows that were asked for and print what was found."""
    given = _arguments()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    given.data_dir.mkdir(parents=True, exist_ok=True)
    ground = Ground(given.data_dir, given.patients, given.appointments)
    try:
        ground.take_away()
        found = []
        for name in given.rows or ROWS:
            found.append(ROWS[name](ground))
            print(f"{name}: {found[-1]}", file=sys.stderr)
        print(_conditions(ground))
        print(table(found))
    finally:
        ground.close()
    sys.exit(0 if all(one.met for one in found) else 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"only these: {', '.join(ROWS)}")
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--appointments", type=int, default=500_000)
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=user_cache_path("clinicdesk-benchmarks", appauthor=False),
        help="where the clinic is kept between runs (%(default)s); one of another size needs another folder",
    )
    given = parser.parse_args()
    unknown = [name for name in given.rows if name not in ROWS]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}")
    return given


def _conditions(ground: Ground) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("psycopg", "sqlalchemy", "pyside6-essentials"))
    facts = ", ".join(f"{count:,} {name}" for name, count in ground.facts().items())
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), load {load} at the end, "
        f"Python {platform.python_version()}, PostgreSQL {ground.cluster.server_version}, {packages}\n{facts}\n"
    )


if __name__ == "__main__":
    main()
