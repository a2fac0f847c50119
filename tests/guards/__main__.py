"""`python -m tests.guards [WORD…]` switches every guard off in turn and shows which test notices.

Each test runs in a copy of the organisation whose guard was switched off by name. Exits 1 when nobody notices, or when
a test is red with its guard on. Words choose the guards whose names hold them all.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from tests.guards.catalogue import guards
from tests.guards.guard import Guard
from tests.guards.outcomes import OUTCOMES
from tests.office import GUARDS_OFF


def _run(off: dict[str, str], tests: list[str]) -> dict[str, str]:
    """Run the tests, each with its own guard off; what became of them."""
    with tempfile.TemporaryDirectory() as folder:
        told, heard, chosen = (Path(folder) / name for name in ("off.json", "outcomes.json", "tests.txt"))
        told.write_text(json.dumps(off), encoding="utf-8")
        chosen.write_text("\n".join(tests), encoding="utf-8")
        processes = ["-n", str(os.cpu_count() or 1)] if len(tests) > 4 else []
        options = ["-q", "--no-header", "--no-summary", "--tb=no", "-p", "tests.guards.outcomes", *processes]
        subprocess.run(
            [sys.executable, "-m", "pytest", *options, f"@{chosen}"],
            env={**os.environ, GUARDS_OFF: str(told), OUTCOMES: str(heard)},
            stdout=subprocess.DEVNULL,
            check=False,
        )
        found: dict[str, str] = json.loads(heard.read_text("utf-8")) if heard.is_file() else {}
    return found


def _rounds(chosen: list[Guard]) -> list[list[Guard]]:
    """A test has one guard off at a time, so those that watch several run several times."""
    by_test: dict[str, list[Guard]] = defaultdict(list)
    for guard in chosen:
        by_test[guard.test].append(guard)
    depth = max(map(len, by_test.values()), default=0)
    return [[found[number] for found in by_test.values() if number < len(found)] for number in range(depth)]


def main(words: list[str]) -> int:
    """Run, print the table, and say by the exit status whether every guard is watched."""
    began = time.monotonic()
    chosen = [guard for guard in guards() if all(word in guard.name for word in words)]
    if not chosen:
        sys.stderr.write("no guard of that name\n")
        return 2
    green = _run({}, sorted({guard.test for guard in chosen}))
    unnoticed = [guard for guard in chosen if green.get(guard.test) != "passed"]
    lines = [f"not green with its guard on: {guard.test} ({green.get(guard.test, 'not run')})" for guard in unnoticed]
    for around in _rounds([guard for guard in chosen if guard not in unnoticed]):
        found = _run({guard.test: guard.off for guard in around}, [guard.test for guard in around])
        for guard in around:
            outcome = found.get(guard.test, "not run")
            if outcome != "failed":
                unnoticed.append(guard)
            test = guard.test.removeprefix("tests/")
            lines.append(f"{'red' if outcome == 'failed' else 'UNNOTICED: ' + outcome:10} {guard.name}  <-  {test}")
    sys.stdout.write("\n".join(sorted(lines)) + "\n")
    noticed = len(chosen) - len(unnoticed)
    sys.stdout.write(f"{noticed} of {len(chosen)} guards are watched; {time.monotonic() - began:.0f} s\n")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
