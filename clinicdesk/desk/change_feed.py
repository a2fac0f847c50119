"""Changes made anywhere, as Qt signals: gathered for a moment, so that a burst is one reload."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from clinicdesk.usecases.clinic import Change, Clinic, Link, Listening

GATHER_MILLISECONDS = 100


class ChangeFeed(QObject):
    """`changed` carries a list of Change, `link_changed` a Link, `came_back` asks everything open to reload."""

    changed = Signal(list)
    link_changed = Signal(object)
    came_back = Signal()
    _heard = Signal(object)
    _link_heard = Signal(object)

    def __init__(self, clinic: Clinic, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.link: Link | None = None
        self._gathered: list[Change] = []
        self._timer = QTimer(self, singleShot=True, interval=GATHER_MILLISECONDS)
        self._timer.timeout.connect(self._tell)
        self._heard.connect(self._gather, Qt.ConnectionType.QueuedConnection)
        self._link_heard.connect(self._link_moved, Qt.ConnectionType.QueuedConnection)
        self._listening: Listening | None = clinic.watch(self._heard.emit, self._link_heard.emit)

    def close(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        self._timer.stop()

    def try_now(self) -> None:
        """Look for the server at once instead of at the next turn."""
        if self._listening is not None:
            self._listening.try_now()

    def _gather(self, change: Change) -> None:
        self._gathered.append(change)
        if not self._timer.isActive():
            self._timer.start()

    def _tell(self) -> None:
        gathered, self._gathered = self._gathered, []
        self.changed.emit(gathered)

    def _link_moved(self, link: Link) -> None:
        back = self.link is not None and link is Link.CONNECTED
        self.link = link
        self.link_changed.emit(link)
        if back:
            self.came_back.emit()
