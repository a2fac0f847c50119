"""The axis of a day's life: every change has its place, and long stretches in which nothing happened are short.

A visit is booked weeks before, and the day itself brings a change a minute. On a straight axis all of them would lie in
the last pixels; here a stretch is as wide as the logarithm of its minutes, and never nothing. Knows no Qt and no clock.
"""

import datetime as dt
import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

_EVEN_MINUTES = 5.0  # up to about here a stretch is as wide as it is long
_LEAST = 0.2  # so that changes of one second can be told apart
_MINUTE = dt.timedelta(minutes=1)


class LifeScale:
    """From the minute before the first change to the present; a `share` runs from 0 at the left to 1 at the right."""

    def __init__(self, moments: Sequence[dt.datetime], now: dt.datetime) -> None:
        self.moments = tuple(sorted(set(moments)))
        self.first = (self.moments[0] if self.moments else now) - _MINUTE
        self.last = max((now, *self.moments[-1:]))
        self._knots = [self.first, *self.moments]
        if self.last > self._knots[-1]:
            self._knots.append(self.last)
        widths = [_width(after - before) for before, after in zip(self._knots, self._knots[1:], strict=False)]
        whole = sum(widths) or 1.0
        self._shares = [0.0]
        for width in widths:
            self._shares.append(self._shares[-1] + width / whole)

    def share_of(self, at: dt.datetime) -> float:
        """Where an instant lies; one outside lies at the end it is beyond."""
        if at <= self.first:
            return 0.0
        if at >= self.last:
            return 1.0
        place = bisect_right(self._knots, at) - 1
        before, after = self._knots[place], self._knots[place + 1]
        low, high = self._shares[place], self._shares[place + 1]
        return low + (high - low) * ((at - before) / (after - before))

    def moment_at(self, share: float) -> dt.datetime:
        """The instant at a place of the axis, to the second."""
        if share >= self._shares[-1]:  # shares are added up, and may come to a little less than one
            return self.last
        place = max(bisect_right(self._shares, max(share, 0.0)) - 1, 0)
        before, after = self._knots[place], self._knots[place + 1]
        low, high = self._shares[place], self._shares[place + 1]
        inside = (after - before) * ((max(share, low) - low) / (high - low)) if high > low else dt.timedelta()
        return before + dt.timedelta(seconds=math.floor(inside.total_seconds()))

    def nearest(self, share: float, within: float) -> dt.datetime | None:
        """The change that lies nearest to a place, if it lies within so much of the axis."""
        found = min(self.moments, key=lambda one: abs(self.share_of(one) - share), default=None)
        return found if found is not None and abs(self.share_of(found) - share) <= within else None

    def after(self, at: dt.datetime) -> dt.datetime:
        """The next change after an instant; the present when there is none."""
        place = bisect_right(self.moments, at)
        return self.moments[place] if place < len(self.moments) else self.last

    def before(self, at: dt.datetime) -> dt.datetime:
        """The change before an instant; where the axis begins when there is none."""
        place = bisect_left(self.moments, at)
        return self.moments[place - 1] if place else self.first

    def latest(self, at: dt.datetime) -> dt.datetime | None:
        """The newest change that had happened at an instant."""
        place = bisect_right(self.moments, at)
        return self.moments[place - 1] if place else None

    def within(self, at: dt.datetime) -> dt.datetime:
        """The instant itself, or the end of the axis it is beyond."""
        return min(max(at, self.first), self.last)

    def day_marks(self, zone: dt.tzinfo) -> list[tuple[float, dt.date]]:
        """Where each local day begins on which something happened, and where the present's does."""
        found: dict[dt.date, float] = {}
        for at in (*self.moments, self.last):
            found.setdefault(at.astimezone(zone).date(), self.share_of(at))
        return [(share, day) for day, share in found.items()]


def _width(stretch: dt.timedelta) -> float:
    return _LEAST + math.log1p(stretch / _MINUTE / _EVEN_MINUTES)
