"""Garbage in cycles is collected on the UI thread alone, because what lies in it may be Qt's."""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MILLISECONDS = 1_000


class Collector(QObject):
    """Takes the place of the interpreter's own collections from when it is made until `close`.

    Those run on whatever thread happens to allocate: a worker's would destroy widgets and end timers that belong to the
    UI thread, and Qt then crashes later, somewhere else.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(_EVERY_MILLISECONDS)

    def collect(self) -> None:
        """Collect the oldest generation that is due, as the interpreter would have."""
        due = [have > limit for have, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        oldest = max((generation for generation, is_due in enumerate(due) if is_due), default=None)
        if oldest is not None:
            gc.collect(oldest)

    def close(self) -> None:
        """Let the interpreter collect by itself again."""
        self._timer.stop()
        gc.enable()
