"""Past visits that nobody closed: how many there are, the list of them, and closing several at once with a way back."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.unclosed_list import UnclosedList
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.undo import Deed, TakeBack, Undo
from clinicdesk.domain.agenda import Appointment, ChangeStatus, Status, reversed_status
from clinicdesk.usecases import closing
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _, ngettext

_SOON = 400  # milliseconds: many changes at once are one question


class AgendaClosing(QObject):
    """`counted` carries how many wait; `changed` each value that was written; `visit_wanted` one to be looked at."""

    counted = Signal(int)
    changed = Signal(object)  # Appointment
    visit_wanted = Signal(object)  # Appointment
    failed = Signal(object)  # ClinicError

    def __init__(
        self, clinic: Clinic, background: Background, undo: Undo, clock: DeskClock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self._background = background
        self._undo = undo
        self._clock = clock
        self._found: list[Appointment] = []
        self._list: UnclosedList | None = None
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self.read)

    def read_soon(self) -> None:
        """Something may have changed: ask again, once for all that comes at the same time."""
        self._soon.start()

    def read(self) -> None:
        """Ask which visits wait."""
        now = self._clock.now()
        self._background.run(
            self, lambda: closing.unclosed(self._clinic, now), self._came, self.failed.emit, replaces="unclosed"
        )

    def open(self, page: QWidget) -> None:
        """Show the list of them."""
        self._list = UnclosedList(page, self._found, self._clock)
        self._list.closing_wanted.connect(self.close_visits)
        self._list.visit_wanted.connect(self.visit_wanted)
        self._list.closed.connect(self._forget)
        self._list.open_centred()
        self.read()

    def close_visits(self, visits: Sequence[Appointment], status: Status) -> None:
        """Take the same step with all these visits, with one way back."""
        self._take(list(visits), status)

    # --- within ---

    def _came(self, found: list[Appointment]) -> None:
        self._found = found
        self.counted.emit(len(found))
        if self._list is not None:
            self._list.show_visits(found)

    def _forget(self) -> None:
        self._list = None

    def _take(self, before: list[Appointment], status: Status) -> None:
        commands = [ChangeStatus(new_id(), one.id, one.version, status) for one in before]

        def done(after: list[Appointment]) -> None:
            words = closed_words(after)
            self._undo.did(Deed(words, self._way_back(_paired(before, after), words)), "check-check")

        self._write(commands, done)

    def _way_back(self, pairs: list[tuple[Appointment, Appointment]], words: str) -> TakeBack:
        """What takes each second of a pair back to its first."""

        def take_back(tell: Callable[[Deed], None]) -> None:
            commands = [reversed_status(before, after, new_id()) for before, after in pairs]
            stood = [after for _before, after in pairs]

            def done(restored: list[Appointment]) -> None:
                tell(Deed(words, self._way_back(_paired(stood, restored), words)))

            self._write(commands, done)

        return take_back

    def _write(self, commands: list[ChangeStatus], done: Callable[[list[Appointment]], None]) -> None:
        now = self._clock.now()

        def written(after: list[Appointment]) -> None:
            for one in after:
                self.changed.emit(one)
            done(after)
            self.read()

        self._background.run(
            self,
            lambda: closing.change_statuses(self._clinic, commands, now),
            written,
            self.failed.emit,
            lane="writes",
        )


def closed_words(visits: Sequence[Appointment]) -> str:
    """What was done to these visits, in a toast."""
    if len(visits) == 1:
        name = privacy.shown_name(visits[0].patient_name)
        one = {
            Status.NO_SHOW: _("{patient} did not come"),
            Status.COMPLETED: _("{patient}’s visit is over"),
            Status.CONFIRMED: _("{patient} confirmed"),
        }
        return one[visits[0].status].format(patient=name)
    count = len(visits)
    if visits[0].status is Status.CONFIRMED:
        return ngettext("{count} visit confirmed", "{count} visits confirmed", count).format(count=count)
    if visits[0].status is Status.NO_SHOW:
        return ngettext("{count} no-show", "{count} no-shows", count).format(count=count)
    return ngettext("{count} visit completed", "{count} visits completed", count).format(count=count)


def waiting_words(count: int) -> str:
    """How many visits wait to be closed, on the button that shows them."""
    return ngettext("{count} to close", "{count} to close", count).format(count=count)


def _paired(before: Sequence[Appointment], after: Sequence[Appointment]) -> list[tuple[Appointment, Appointment]]:
    found = {one.id: one for one in after}
    return [(one, found[one.id]) for one in before if one.id in found]
