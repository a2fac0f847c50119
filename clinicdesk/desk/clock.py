"""The time the desk shows: the server's, as far as known, in the clinic's zone. Data is dated by the server alone."""

import datetime as dt
import time
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, Signal

_TICK_MILLISECONDS = 10_000
_OFF = dt.timedelta(minutes=2)  # from here on a clock is wrong and not only unpunctual


class DeskClock(QObject):
    """`minute_passed` moves the now-line. A pinned clock stands still: it is for pictures.

    `found_off` carries this computer's time and the server's, once for each person at work, when they are far apart.
    """

    minute_passed = Signal()
    found_off = Signal(object, object)

    def __init__(self, pinned: dt.datetime | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pinned = pinned
        self._of_the_demo = False
        self._told = False
        self._zone = ZoneInfo("America/Sao_Paulo")
        self._ahead = time.time() - time.monotonic()
        self._shown = self.now().replace(second=0, microsecond=0)
        timer = QTimer(self)
        timer.timeout.connect(self._tick)
        timer.start(_TICK_MILLISECONDS)

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's zone."""
        return self._zone

    def set_zone(self, zone: ZoneInfo) -> None:
        """Work in the zone of another clinic."""
        self._zone = zone
        self._told = False

    def begin_at(self, moment: dt.datetime) -> None:
        """Live from `moment` on, whatever the server says: the demo's day is always a working day, half done."""
        self._ahead = moment.timestamp() - time.monotonic()
        self._of_the_demo = True

    def pin(self, moment: dt.datetime) -> None:
        """Stand still at `moment`, for pictures."""
        self._pinned = moment

    def align(self, server_now: dt.datetime) -> None:
        """Take the server's clock over the desk's, which may be days off."""
        if self._of_the_demo:
            return
        self._ahead = server_now.timestamp() - time.monotonic()
        here = dt.datetime.fromtimestamp(time.time(), dt.UTC)
        if not self._told and self._pinned is None and abs(here - server_now) >= _OFF:
            self._told = True
            self.found_off.emit(here, server_now)

    def now(self) -> dt.datetime:
        """The present, in UTC."""
        if self._pinned is not None:
            return self._pinned.astimezone(dt.UTC)
        return dt.datetime.fromtimestamp(time.monotonic() + self._ahead, dt.UTC)

    def today(self) -> dt.date:
        """The date on the clinic's wall."""
        return self.now().astimezone(self._zone).date()

    def _tick(self) -> None:
        minute = self.now().replace(second=0, microsecond=0)
        if minute != self._shown:
            self._shown = minute
            self.minute_passed.emit()
