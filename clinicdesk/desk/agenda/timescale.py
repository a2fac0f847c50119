"""Wall-clock time against height: one vertical axis that all columns of the agenda share.

The axis shows the hours on the clinic's wall, so that a week with a change to or from summer time keeps one gutter.
On a day of 23 hours the skipped stretch stays as height nothing can start in; on a day of 25 the repeated hour is drawn
once and a height means the first of the two.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinicdesk.domain.hours import instant

MINUTES_OF_DAY = 24 * 60
SNAP_MINUTES = 5
SHORTEST_MINUTES = 5


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Local hours `first_hour` to `last_hour` (24 is the closing midnight), `top` pixels below the edge."""

    zone: ZoneInfo
    pixels_per_hour: float = 80.0
    first_hour: int = 8
    last_hour: int = 19
    top: float = 8.0

    @property
    def height(self) -> float:
        """The whole height in pixels, with the same margin above and below."""
        return 2 * self.top + (self.last_hour - self.first_hour) * self.pixels_per_hour

    @property
    def hours(self) -> range:
        """The hours that have a line, the closing one included."""
        return range(self.first_hour, self.last_hour + 1)

    def minutes_of(self, day: dt.date, moment: dt.datetime) -> float:
        """Minutes on the wall clock since the midnight that opens `day`; beyond a day for later moments."""
        local = moment.astimezone(self.zone)
        days = (local.date() - day).days
        return days * MINUTES_OF_DAY + local.hour * 60 + local.minute + local.second / 60

    def y_of_minutes(self, minutes: float) -> float:
        """The height at which a wall-clock minute of the day stands."""
        return self.top + (minutes - self.first_hour * 60) * self.pixels_per_hour / 60

    def y(self, day: dt.date, moment: dt.datetime) -> float:
        """The height at which `moment` stands in a column of `day`; may lie outside the picture."""
        return self.y_of_minutes(self.minutes_of(day, moment))

    def minutes_at(self, y: float) -> float:
        """The wall-clock minute at a height, kept inside the hours shown."""
        minutes = self.first_hour * 60 + (y - self.top) * 60 / self.pixels_per_hour
        return min(max(minutes, self.first_hour * 60), self.last_hour * 60)

    def moment(self, day: dt.date, minutes: float) -> dt.datetime:
        """The instant of a wall-clock minute of `day`, in UTC; a skipped one gives the first after the gap."""
        whole = min(max(round(minutes), 0), MINUTES_OF_DAY)
        if whole == MINUTES_OF_DAY:
            return instant(day + dt.timedelta(days=1), dt.time(0), self.zone)
        return instant(day, dt.time(whole // 60, whole % 60), self.zone)


def snapped(minutes: float, step: int) -> int:
    """The multiple of `step` nearest to `minutes`."""
    return int((minutes + step / 2) // step) * step
