"""How much may come in: so many deliveries a second for each channel, and so many guesses at addresses."""

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_KNOWN = 2_000


class Buckets:
    """A bucket for each name, filled at a steady rate; whoever finds theirs empty has to come again."""

    def __init__(self, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = per_second, burst, clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> bool:
        """Take one; False when there is none left."""
        now = self._clock()
        level, then = self._levels.pop(name, (self._burst, now))
        level = min(self._burst, level + (now - then) * self._rate)
        allowed = level >= 1
        self._levels[name] = (level - 1 if allowed else level, now)
        if len(self._levels) > MOST_KNOWN:
            self._levels.popitem(last=False)
        return allowed
