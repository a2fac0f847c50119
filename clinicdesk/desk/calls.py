"""Calls to the waiting room's screen: made at this desk, heard from all."""

import datetime as dt
from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.calls import Call, CallPatient
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import calls
from clinicdesk.usecases.clinic import Change, Clinic, new_id
from clinicdesk.words import _


class Calls(QObject):
    """`came` carries the last call of each visit, newest first, whenever one was made anywhere."""

    came = Signal(object)  # tuple[Call, ...]

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        toasts: ToastArea,
        clock: DeskClock,
        refuse_offline: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self._background = background
        self._toasts = toasts
        self._clock = clock
        self._refuse_offline = refuse_offline
        self._under_way: set[UUID] = set()
        self.latest: tuple[Call, ...] = ()

    def call(self, appointment: Appointment) -> None:
        """Call a patient, or call them again; a second press while the first is on its way is none."""
        if appointment.id in self._under_way or self._refuse_offline():
            return
        command = CallPatient(new_id(), appointment.id)

        def called(_call_id: UUID) -> None:
            self._under_way.discard(appointment.id)
            self._toasts.show_toast(_called_words(appointment), icon="megaphone")
            self.reload()

        def refused(error: ClinicError) -> None:
            self._under_way.discard(appointment.id)
            self._toasts.show_toast(sentence(error, self._clock.zone), icon="circle-alert")

        self._under_way.add(appointment.id)
        self._background.run(self, lambda: calls.call(self._clinic, command), called, refused, lane="writes")

    def apply_changes(self, changes: Sequence[Change]) -> None:
        """Take in what was called at any desk."""
        if any(change.kind == "patient_call" for change in changes):
            self.reload()

    def reload(self) -> None:
        """Read the calls again; what is shown stays until the answer is there."""
        now = self._clock.now()
        self._background.run(
            self, lambda: calls.board(self._clinic, now), self._came, lambda _error: None, replaces="calls"
        )

    def times(self) -> dict[UUID, dt.datetime]:
        """When each visit's patient was called last."""
        return {one.appointment_id: one.called_at for one in self.latest}

    def _came(self, found: tuple[Call, ...]) -> None:
        self.latest = found
        self.came.emit(found)


def _called_words(appointment: Appointment) -> str:
    name = privacy.shown_name(appointment.patient_name)
    if appointment.room_name:
        return _("{patient} called to {place}").format(patient=name, place=appointment.room_name)
    return _("{patient} called").format(patient=name)
