"""The cable pulled at twelve points of a booking, for real: `python -m tests.faults.unplugged --help`, as root.

Server and desks live in network namespaces; what is sent over a cut wire is dropped in silence. The desk is the real
window, driven as a person would. Counted are the seconds until it says that nobody answers, the longest time the thread
that paints was away, whether all that was typed is there, and that there is one visit in the end, the same for desk and
database.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.served import Served, remote, served
from tests.faults.wires import TO_DESK, Wires, laid
from tests.office import Office

POINTS = {
    "opening": "opening the form",
    "name": "typing the patient",
    "list": "the list of patients open",
    "service": "choosing the service",
    "times": "free times asked for",
    "hold": "the time being held",
    "enter": "all filled in, before Enter",
    "insert": "the visit written, its answer lost",
    "commit": "COMMIT lost on its way",
    "reply": "COMMIT done, its reply lost",
    "echo": "after the reply, before the echo",
    "undo": "booked, then taken back",
}
MOST_BANNER, MOST_STALL = 8.0, 200.0  # seconds, milliseconds
_STANDING = (
    "SELECT count(*) FROM clinicdesk.appointment a JOIN clinicdesk.patient p ON p.id = a.patient_id"
    " WHERE p.full_name LIKE 'Ana %%' AND a.status NOT IN ('cancelled', 'no_show')"
)


@dataclass(frozen=True)
class Pulled:
    """What one pull came to."""

    point: str
    seconds: float
    seen: dict[str, Any]
    visits: int
    agrees: bool

    @property
    def banner(self) -> float | None:
        """Seconds from the pull to the banner; none where it was over before anybody had to be told."""
        return self.seen["lasted"].get("banner")

    @property
    def wrong(self) -> list[str]:
        """What is not as it must be."""
        found = [f"trouble: {self.seen['trouble']}"] if "trouble" in self.seen else []
        if self.seen["bugs"]:
            found.append(f"bugs: {self.seen['bugs']}")
        if (self.banner is None and self.seconds > MOST_BANNER) or (self.banner or 0) > MOST_BANNER:
            found.append("banner late")
        if self.seen["stall"] > MOST_STALL:
            found.append("stalled")
        if not self.seen.get("kept"):
            found.append("typed text lost")
        if self.visits != (0 if self.point == "undo" else 1):
            found.append(f"{self.visits} visits")
        if not self.agrees:
            found.append("desk and database differ")
        return found


def main() -> int:
    """Pull the cable at each point that was asked for; 0 when the desk came through all of them."""
    given = _arguments()
    pulls = [(point, seconds) for seconds in given.seconds for point in given.points]
    with laid(given.together) as wires, served(wires) as server, ThreadPoolExecutor(given.together) as pool:
        free = list(range(1, given.together + 1))
        pulled = list(pool.map(lambda one: _pull(server, wires, free, *one), pulls))
    print(_table(pulled))
    for one in pulled:
        if one.wrong:
            print(f"{one.point}, {one.seconds:g} s: {'; '.join(one.wrong)}")
        for words in one.seen["said"] if given.words else []:
            print(f"{one.point}, {one.seconds:g} s said “{words}”")
    return 1 if any(one.wrong for one in pulled) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.unplugged", description=__doc__)
    parser.add_argument(
        "--points", nargs="+", choices=POINTS, default=list(POINTS), metavar="POINT", help=", ".join(POINTS)
    )
    parser.add_argument("--seconds", nargs="+", type=float, default=[5.0, 60.0], help="how long it is out, in turn")
    parser.add_argument("--together", type=int, default=3, help="so many desks at once, each in its own namespace")
    parser.add_argument("--words", action="store_true", help="print what the desk said")
    return parser.parse_args()


def _pull(server: Served, wires: Wires, free: list[int], point: str, seconds: float) -> Pulled:
    number = free.pop()
    try:
        with server.office() as office, tempfile.TemporaryDirectory(prefix="clinicdesk-unplugged-") as folder:
            seen = _driven(wires, number, office, point, seconds, Path(folder))
            pulled = _judged(office, point, seconds, seen)
    finally:
        wires.mend(number)
        free.append(number)
    print(f"{point}, {seconds:g} s: {'; '.join(pulled.wrong) or 'ok'}", file=sys.stderr)
    return pulled


def _driven(wires: Wires, number: int, office: Office, point: str, seconds: float, folder: Path) -> dict[str, Any]:
    """Let a desk in its namespace book, and hear what it saw."""
    told = {
        "address": remote(office),
        "folder": str(folder),
        "point": point,
        "seconds": seconds,
        "cut": wires.cut_commands(number),
        "cut replies": wires.cut_commands(number, (TO_DESK,)),
        "mend": wires.mend_commands(number),
    }
    command = wires.within(wires.desk(number), sys.executable, "-m", "tests.faults.unplugged_desk")
    done = subprocess.run(
        command, input=json.dumps(told) + "\n", stdout=subprocess.PIPE, text=True, timeout=seconds + 240, check=False
    )
    picture = folder / "trouble.png"
    if picture.exists():
        picture.rename(Path(tempfile.gettempdir()) / f"unplugged-{point}.png")
    if not done.stdout.strip():
        return {"lasted": {}, "stall": 0.0, "visits": [], "said": [], "bugs": [f"ended with {done.returncode}"]}
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _judged(office: Office, point: str, seconds: float, seen: dict[str, Any]) -> Pulled:
    admin = office.admin()
    standing = admin.execute(_STANDING).fetchone()
    rows = admin.execute("SELECT id::text, version, status FROM clinicdesk.appointment").fetchall()
    assert standing is not None
    there = {(row[0], row[1], row[2]) for row in rows}
    here = {(one[0], one[1], one[2]) for one in seen["visits"]}
    return Pulled(point, seconds, seen, int(standing[0]), here <= there and len(here) >= int(standing[0]))


def _table(pulled: Sequence[Pulled]) -> str:
    lines = [
        "| point | out | banner | recovery | longest stall | calm before | typed is there | visits | |",
        "|---|--:|--:|--:|--:|--:|---|--:|---|",
    ]
    for one in pulled:
        recovery = one.seen["lasted"].get("recovery")
        cells = [
            POINTS[one.point],
            f"{one.seconds:g} s",
            f"{one.banner:.1f} s" if one.banner is not None else "none needed",
            f"{recovery:.1f} s" if recovery is not None else "",
            f"{one.seen['stall']:.0f} ms",
            f"{one.seen.get('stall before', 0):.0f} ms",
            "yes" if one.seen.get("kept") else "**no**",
            str(one.visits),
            "**miss**" if one.wrong else "ok",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
