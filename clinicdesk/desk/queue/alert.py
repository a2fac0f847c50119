"""The alert that somebody is needed: one quiet pill in every page's header, gone when the trouble is."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.queue.page import TOLD
from clinicdesk.desk.queue.words import alert_words
from clinicdesk.desk.widgets.header import Header
from clinicdesk.domain.queue import QueueLook, Trouble, troubles
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import queue
from clinicdesk.usecases.clinic import Change, Clinic

_SOON = 2_000  # milliseconds: what comes in a burst is one look, and what is put right at once is no alarm
_BEAT = 30_000  # that nobody sends any more, nobody tells
_GRAVE = (Trouble.NOBODY_SENDS, Trouble.CHANNEL_PAUSED)


class QueueAlert(QObject):
    """Looks at the queue quietly for whoever messages concern; `clicked` asks for the queue’s page."""

    clicked = Signal()

    def __init__(
        self, clinic: Clinic, background: Background, clock: DeskClock, headers: Sequence[Header], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._clinic, self._background, self._clock, self._headers = clinic, background, clock, headers
        self.look: QueueLook | None = None
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self.refresh)
        self._beat = QTimer(self, interval=_BEAT)
        self._beat.timeout.connect(self.refresh)
        for header in headers:
            header.alert_clicked.connect(self.clicked)
        if queue.may_look(clinic):
            self._beat.start()
            self.refresh()

    def apply_changes(self, changes: Sequence[Change]) -> None:
        """Take in what happened at any desk, or what the sending did."""
        if self._beat.isActive() and any(change.kind in TOLD for change in changes) and not self._soon.isActive():
            self._soon.start()

    def refresh(self) -> None:
        """Look again. While the server is out of reach the banner says so, and this says nothing new."""
        now, zone = self._clock.now(), self._clock.zone
        self._background.run(
            self, lambda: queue.look(self._clinic, now, zone), self._came, self._unseen, replaces="look"
        )

    def _came(self, look: QueueLook) -> None:
        self.look = look
        words, tip = alert_words(look)
        grave = any(one in troubles(look) for one in _GRAVE)
        for header in self._headers:
            header.show_alert(words, tip, "danger" if grave else "warn")

    def _unseen(self, _error: ClinicError) -> None:
        """Whatever stands in the way of looking is said where people work."""
