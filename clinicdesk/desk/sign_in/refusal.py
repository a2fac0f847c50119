"""Why nobody was let in, and how many seconds remain until one may try again."""

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.wording import sentence
from clinicdesk.errors import AccountLocked, ClinicError, SignInRefused
from clinicdesk.words import _

_SECOND = 1000


class Refusal(Banner):
    """`barred` tells whether a try would be refused before it is made; it ends by itself with the wait."""

    barred = Signal(bool)

    def __init__(self, parent: QWidget | None = None, steady: Callable[[], float] = time.monotonic) -> None:
        super().__init__("danger", "", parent=parent)
        self._steady = steady
        self._until = 0.0
        self._tick = QTimer(self, interval=_SECOND)
        self._tick.timeout.connect(self._count)
        self.hide()

    @property
    def waiting(self) -> bool:
        """Whether the seconds are running."""
        return self._tick.isActive()

    def tell(self, error: ClinicError) -> None:
        """Say what stood against it."""
        self.clear()
        wait = error.wait_seconds if isinstance(error, SignInRefused) else 0
        if isinstance(error, AccountLocked):
            self.say("danger", sentence(error), detail=_("An owner signs in at this desk and lets you in again."))
        else:
            self.say("danger", sentence(error))
        self.show()
        if wait:
            self._until = self._steady() + wait
            self._tick.start()
            self.barred.emit(True)

    def say_plainly(self, words: str, tone: str = "danger") -> None:
        """Say something else in the same place."""
        self.clear()
        self.say(tone, words)
        self.show()

    def clear(self) -> None:
        """Nothing to say; a wait is over too."""
        self.hide()
        if self.waiting:
            self._tick.stop()
            self.barred.emit(False)

    def _count(self) -> None:
        left = round(self._until - self._steady())
        if left > 0:
            self.say("danger", sentence(SignInRefused(wait_seconds=left)))
            return
        self.clear()
        self.say("info", _("You can try again now."))
        self.show()
