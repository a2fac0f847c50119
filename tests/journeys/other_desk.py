"""Another desk at work: the application in a process of its own, asked how it stands."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.office import Office

ROOT = Path(__file__).parents[2]


class OtherDesk:
    """The desk in the other process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, **wish: str) -> dict[str, Any]:
        """Wish for something; how that desk stands then."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(wish) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the other desk has gone"
        told: dict[str, Any] = json.loads(line)
        return told

    def until(self, ready: Callable[[dict[str, Any]], bool], seconds: float = 5.0) -> dict[str, Any]:
        """Ask until it stands so; how it stood at last."""
        ends = time.monotonic() + seconds
        while not ready(told := self.ask()):
            assert time.monotonic() < ends, told
        return told


@contextlib.contextmanager
def other_desk(office: Office, folder: Path) -> Iterator[OtherDesk]:
    """Cláudia at another desk."""
    arguments = [str(folder), json.dumps(office.address), "claudia"]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.second_desk", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    yield OtherDesk(process)
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()
