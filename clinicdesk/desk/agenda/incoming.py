"""What happened at any desk: the values that count go into the model, older ones and others’ are dropped."""

import datetime as dt
from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinicdesk.desk.agenda.board import Board
from clinicdesk.desk.agenda.loading import AgendaLoading
from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.domain.agenda import Appointment
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Change, Clinic

# What else a change may be about, besides appointments, that alters the picture.
_GROUND = frozenset(
    {
        "time_block",
        "working_hours",
        "hours_exception",
        "holiday",
        "scheduling_policy",
        "patient",
        "patient_alert",
    }
)
_THINGS = frozenset({"professional", "professional_clinic", "room", "service", "service_category", "clinic"})


class AgendaIncoming(QObject):
    """`taken` carries the id of each visit whose value was taken in."""

    taken = Signal(object)  # appointment id
    failed = Signal(object)  # ClinicError

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        board: Board,
        model: AgendaModel,
        loading: AgendaLoading,
        clock: DeskClock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self._background = background
        self._board = board
        self._model = model
        self._loading = loading
        self._clock = clock

    def apply(self, changes: Sequence[Change]) -> None:
        """Ask for what these changes are about, as far as it is not held yet."""
        kinds = {change.kind for change in changes}
        if kinds & _THINGS:
            self._loading.load_catalogue()
        elif kinds & _GROUND:
            self._loading.load()
        ids = [
            change.id
            for change in changes
            if change.kind == "appointment" and change.id and self._concerns(change, change.id)
        ]
        if ids:
            self.ask(ids)

    def ask(self, ids: Sequence[UUID]) -> None:
        """Read these visits again."""
        self._background.run(
            self, lambda: agenda.appointments(self._clinic, ids), self._came_for(ids), self._failed_with
        )

    def take(self, appointment: Appointment) -> None:
        """A value as this desk's own deed or the echo of another desk's brought it; an older one is dropped."""
        held = self._model.appointment(appointment.id)
        if held is not None and held.version > appointment.version:
            return
        self._loading.note_news()
        days = self._loading.days
        if days and self._board.belongs(appointment, days, self._clock.zone):
            self._model.upsert(appointment)
        else:
            self._model.remove(appointment.id)
        self.taken.emit(appointment.id)

    def _concerns(self, change: Change, appointment_id: UUID) -> bool:
        """Whether it has to be asked for: it is held in an older version, or lies in the days on show."""
        held, days = self._model.appointment(appointment_id), self._loading.days
        if held is not None:
            return change.version is None or held.version < change.version
        if change.at is None or days is None or self._loading.under_way:
            return True
        first, last = days
        # A visit of the night before may reach into the first day.
        return first - dt.timedelta(days=1) <= change.at.astimezone(self._clock.zone).date() <= last

    def _came_for(self, ids: Sequence[UUID]) -> Callable[[list[Appointment]], None]:
        def came(found: list[Appointment]) -> None:
            for one in found:
                self.take(one)
            for gone in set(ids) - {one.id for one in found}:
                self._loading.note_news()
                self._model.remove(gone)

        return came

    def _failed_with(self, error: ClinicError) -> None:
        self.failed.emit(error)
