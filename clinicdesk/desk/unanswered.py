"""Writes that were sent and not answered: done again by themselves when the server is back, each with its one effect.

A write carries the operation it is, so asking for it twice does it once: either it was done and is told now, or it was
not and is done now. Whoever waits for it hears one answer.
"""

from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from clinicdesk.errors import ClinicError, ClinicUnreachable, ServerAway

_SOON = 400  # milliseconds: a server that dropped one connection only, and is there
_MOST_TRIES = 4


class Asked(Protocol):
    """A piece of work that may be done again."""

    tries: int


class Unanswered(QObject):
    """`again` asks for one to be done once more. Nothing is kept back unless somebody watches the link (`watched`)."""

    changed = Signal()
    again = Signal(object)  # Asked

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.watched = False
        self._waiting: list[Asked] = []
        self._paused = False
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self._ask_again)

    @property
    def count(self) -> int:
        """How many wait for their answer."""
        return len(self._waiting)

    def take(self, asked: Asked, error: ClinicError) -> bool:
        """Whether the answer to this was lost and it is asked again later, instead of being told as failed."""
        lost = isinstance(error, ClinicUnreachable) and not isinstance(error, ServerAway)
        # Once on its way it stays so: that nobody answers now says nothing of what was done before.
        on_its_way = asked.tries > 0 and isinstance(error, ClinicUnreachable)
        if not self.watched or not (lost or on_its_way) or asked.tries >= _MOST_TRIES:
            return False
        self._waiting.append(asked)
        self.changed.emit()
        if not self._paused:
            self._soon.start()
        return True

    def pause(self) -> None:
        """The server is gone: nothing is asked before `resume`."""
        self._paused = True
        self._soon.stop()

    def resume(self) -> None:
        """The server is there."""
        self._paused = False
        if self._waiting:
            self._soon.start(0)

    def give_up(self) -> None:
        """Whoever waited is leaving."""
        self._waiting.clear()
        self._soon.stop()
        self._paused = self.watched = False

    def _ask_again(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            # What the link's own coming and going cost is no failure of the work.
            one.tries += 1
            self.again.emit(one)
        if waiting:
            self.changed.emit()
