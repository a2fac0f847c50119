"""The time a booking under way holds: taken when it is chosen, renewed while one is busy, given back on leaving."""

import math
import time
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from clinicdesk.desk.background import Background
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.holds import HOLD_MINUTES, RENEW_BELOW, HoldSlot, SlotHold
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import holds
from clinicdesk.usecases.clinic import Clinic, new_id

_LOOK_EVERY = 1000  # milliseconds; the minutes left are shown
_RENEW_BELOW_SECONDS = HOLD_MINUTES * 60 / 2


class HeldTime(QObject):
    """One hold at a time. `changed`: it was taken, renewed, ran out or was given back, or its minutes went on.

    Its minutes are counted by this machine's own clock from the moment the answer came, so that a desk whose clock is
    wrong counts them rightly.
    """

    changed = Signal()
    refused = Signal(object)  # ClinicError

    def __init__(self, clinic: Clinic, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clinic, self._background = clinic, background
        self._id = new_id()
        self._wanted: HoldSlot | None = None
        self._asked: HoldSlot | None = None  # what the answer under way is about
        self._held: HoldSlot | None = None
        self._ends = 0.0
        self._ran_out = False
        self._timer = QTimer(self, interval=_LOOK_EVERY)
        self._timer.timeout.connect(self._look)

    @property
    def id(self) -> UUID:
        """Under which the time is held, for the booking that takes its place and for the search that offers it."""
        return self._id

    @property
    def wanted(self) -> bool:
        """Whether a time is held, or being asked for."""
        return self._wanted is not None

    @property
    def minutes_left(self) -> int:
        """Whole minutes yet, rounded up; zero while nothing is held."""
        return max(0, math.ceil((self._ends - time.monotonic()) / 60)) if self._held else 0

    @property
    def running_out(self) -> bool:
        """Whether the last minute has begun."""
        return self._held is not None and self._ends - time.monotonic() < RENEW_BELOW.total_seconds()

    @property
    def ran_out(self) -> bool:
        """Whether what was held is not any more, because nobody renewed it."""
        return self._ran_out

    def want(self, free: FreeSlot, service: Service) -> None:
        """Hold this place instead of any other; the one that is held already is renewed when half its time is over."""
        wanted = HoldSlot(self._id, service.id, free.professional_id, free.slot, free.room_id, free.equipment_id)
        if wanted == self._wanted and (self._asked is not None or not self._half_over()):
            return
        self._wanted = wanted
        self._ask()

    def renew(self) -> None:
        """Hold the same place for some minutes more, also when it has run out."""
        if self._wanted is not None:
            self._ask()

    def give_back(self) -> None:
        """Nobody talks about it any more."""
        if self._wanted is None:
            return
        given = self._id
        self.forget()
        # A hold that cannot be given back because nobody answers runs out by itself.
        self._background.run(
            self, lambda: holds.release(self._clinic, given), lambda _gone: None, lambda _error: None, lane="writes"
        )

    def forget(self) -> None:
        """What was held has become a visit."""
        self._wanted = self._held = None
        self._ran_out = False
        self._id = new_id()
        self._timer.stop()
        self.changed.emit()

    # --- within ---

    def _half_over(self) -> bool:
        return self._held is None or self._ends - time.monotonic() < _RENEW_BELOW_SECONDS

    def _ask(self) -> None:
        """One question at a time: of several places chosen quickly, the last is held."""
        if self._asked is not None or self._wanted is None:
            return
        asked = self._asked = self._wanted
        self._background.run(
            self,
            lambda: holds.hold(self._clinic, asked),
            lambda held: self._answered(asked, held),
            lambda error: self._refused(asked, error),
            lane="writes",
        )

    def _answered(self, asked: HoldSlot, held: SlotHold) -> None:
        self._asked = None
        if self._wanted is not None and asked.hold_id == self._id:
            self._held, self._ran_out = asked, False
            self._ends = time.monotonic() + held.left.total_seconds()
            self._timer.start()
            self.changed.emit()
        if self._wanted != asked:
            self._ask()

    def _refused(self, asked: HoldSlot, error: ClinicError) -> None:
        self._asked = None
        if self._wanted == asked:
            self._wanted = self._held  # what was held before stands as it was
            self.refused.emit(error)
            self.changed.emit()
        else:
            self._ask()

    def _look(self) -> None:
        if self._held is not None and time.monotonic() >= self._ends:
            self._held, self._ran_out = None, True
            self._timer.stop()
        self.changed.emit()
