"""What other desks hold at this moment: read when they say so, gone when its minutes are over."""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from clinicdesk.desk.agenda.columns import SeenHold
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.domain.holds import SlotHold
from clinicdesk.usecases import holds
from clinicdesk.usecases.clinic import Change, Clinic

_LONGEST_WAIT = 3600.0  # seconds; a timer counts no years


class AgendaHolds(QObject):
    """`changed` after what is held, by others than this form, has changed."""

    changed = Signal()

    def __init__(self, clinic: Clinic, background: Background, clock: DeskClock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clinic, self._background, self._clock = clinic, background, clock
        self._seen: dict[UUID, tuple[SeenHold, float]] = {}
        self.mine: Callable[[], UUID | None] = lambda: None  # drawn by the form that holds it
        self._expiry = QTimer(self, singleShot=True)
        self._expiry.timeout.connect(self._pass_by)

    @property
    def standing(self) -> list[SeenHold]:
        """What others hold now."""
        now, mine = time.monotonic(), self.mine()
        return [seen for seen, ends in self._seen.values() if ends > now and seen.hold.id != mine]

    def apply(self, changes: Sequence[Change]) -> None:
        """Read again when somebody took or gave back a time; one's own steps are known here already."""
        mine = self.mine()
        if any(one.kind == "slot_hold" and one.id != mine for one in changes):
            self.load()

    def load(self) -> None:
        """Read what is held."""
        # Nobody is told when this fails: the agenda's own reading of the days says that nobody answers.
        self._background.run(
            self, lambda: holds.standing(self._clinic), self._came, lambda _error: None, replaces="holds"
        )

    def _came(self, found: Sequence[SlotHold]) -> None:
        now, wall = time.monotonic(), self._clock.now()
        # To the minute in which it ends: the minutes are those that were promised.
        self._seen = {
            one.id: (SeenHold(one, wall + dt.timedelta(minutes=one.minutes_left)), now + one.left.total_seconds())
            for one in found
        }
        self._wait()
        self.changed.emit()

    def _wait(self) -> None:
        ends = [end for _seen, end in self._seen.values()]
        if ends:
            left = max(0.0, min(ends) - time.monotonic())
            self._expiry.start(round(min(left, _LONGEST_WAIT) * 1000) + 50)

    def _pass_by(self) -> None:
        now = time.monotonic()
        self._seen = {key: kept for key, kept in self._seen.items() if kept[1] > now}
        self._wait()
        self.changed.emit()
