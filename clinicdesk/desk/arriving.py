"""Signed in while the server was gone: it is looked for until it answers, and the sign-in becomes a real one."""

from PySide6.QtCore import QObject, QTimer, Signal

from clinicdesk.desk.background import Background
from clinicdesk.errors import ClinicError, ClinicUnreachable, DataFolderUnusable, ServerNotStarting
from clinicdesk.usecases.staff import SignedIn

_EVERY = 3000  # milliseconds between two tries
_GONE = (ClinicUnreachable, ServerNotStarting, DataFolderUnusable)


class Arriving(QObject):
    """`arrived` carries the real SignedIn; `refused` why this person is not let in any more. Either ends it."""

    arrived = Signal(object)
    refused = Signal(object)  # ClinicError

    def __init__(self, away: SignedIn, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._again, self._background = away.again, background
        self._asking = False
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.try_now)
        self._timer.start()

    def try_now(self) -> None:
        """Ask the server at once; nothing while it is being asked."""
        if self._asking or self._again is None:
            return
        self._asking = True
        self._background.run(self, self._again, self._came, self._failed)

    def _came(self, signed_in: SignedIn) -> None:
        self._end()
        self.arrived.emit(signed_in)

    def _failed(self, error: ClinicError) -> None:
        self._asking = False
        if not isinstance(error, _GONE):
            self._end()
            self.refused.emit(error)

    def _end(self) -> None:
        # For good: a password that is no longer right would be counted as another wrong one.
        self._timer.stop()
        self._again = None
