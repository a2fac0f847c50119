"""What a page writes, on the writes lane, and how it hears what became of it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from clinicdesk.desk.background import Background
from clinicdesk.desk.undo import Undo
from clinicdesk.errors import ClinicError
from clinicdesk.usecases.clinic import Clinic


class WrittenDeeds(QObject):
    """`changed` tells that something was written, `failed` why it was not."""

    changed = Signal()
    failed = Signal(object)  # ClinicError

    def __init__(self, clinic: Clinic, background: Background, undo: Undo, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clinic, self._background, self._undo = clinic, background, undo

    def run(
        self,
        work: Callable[[], object],
        done: Callable[..., None],
        refused: Callable[[ClinicError], None] | None = None,
    ) -> None:
        """Write; `refused` hears a refusal instead of whoever listens to `failed`."""

        def written(found: object) -> None:
            self.changed.emit()
            done(found)

        self._background.run(self, work, written, refused or self.failed.emit, lane="writes")
