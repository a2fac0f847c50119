"""Why nobody was let in, and how many seconds remain until one may try again."""

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.wording import sentence
from clinicdesk.errors import AccountLocked, ClinicError, SignInRefused
from clinicdesk.words import _, marked

_SECOND = 1000
_LOCKED = marked("An owner signs in at this desk and lets you in again.")
_OF_CODES = marked("A code works once and for seven days. When its days are over, an owner makes another one.")


class Refusal(Banner):
    """`barred` tells whether a try would be refused before it is made; it ends by itself with the wait."""

    barred = Signal(bool)

    def __init__(self, parent: QWidget | None = None, steady: Callable[[], float] = time.monotonic) -> None:
        super().__init__("danger", "", parent=parent)
        self._steady = steady
        self._until = 0.0
        self._detail = ""
        self._tick = QTimer(self, interval=_SECOND)
        self._tick.timeout.connect(self._count)
        self.hide()

    @property
    def waiting(self) -> bool:
        """Whether the seconds are running."""
        return self._tick.isActive()

    def tell(self, error: ClinicError, code: bool = False) -> None:
        """Say what stood against it; with `code`, what was typed looked like a one-time code."""
        self.clear()
        self._detail = _OF_CODES if code and isinstance(error, SignInRefused) else ""
        wait = error.wait_seconds if isinstance(error, SignInRefused) else 0
        if isinstance(error, AccountLocked):
            self._detail = _LOCKED
        self.say("danger", sentence(error), detail=_(self._detail) if self._detail else "")
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
            words = sentence(SignInRefused(wait_seconds=left))
            self.say("danger", words, detail=_(self._detail) if self._detail else "")
            return
        self.clear()
        self.say("info", _("You can try again now."))
        self.show()
