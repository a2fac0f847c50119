"""What was measured in a run, beside what was promised."""

import time
from collections.abc import Callable
from typing import TypeVar

_Answer = TypeVar("_Answer")


class Figures:
    """What was measured, and whether it is within what was promised."""

    def __init__(self) -> None:
        self.good = True

    def say(self, what: str, seconds: float, limit: float | None = None) -> None:
        """Print one figure."""
        within = limit is None or seconds <= limit
        self.good &= within
        promised = f" (promised: {limit:g} s)" if limit is not None else ""
        print(f"{'ok ' if within else 'NOT OK '} {what}: {seconds:.2f} s{promised}", flush=True)

    def check(self, what: str, holds: bool) -> None:
        """Print whether something holds."""
        self.good &= holds
        print(f"{'ok ' if holds else 'NOT OK '} {what}", flush=True)

    def timed(self, what: str, act: Callable[[], _Answer], limit: float | None = None) -> _Answer:
        """Do something and print how long it took."""
        began = time.monotonic()
        answer = act()
        self.say(what, time.monotonic() - began, limit)
        return answer
