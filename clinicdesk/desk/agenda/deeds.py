"""What a receptionist does to a visit, on the writes lane, with the way back."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinicdesk.desk import dates
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.undo import Deed, TakeBack, Undo
from clinicdesk.domain.agenda import (
    Appointment,
    BlockTime,
    BookAppointment,
    CancelledBy,
    ChangeStatus,
    Channel,
    MoveAppointment,
    Slot,
    Status,
    reversed_move,
    reversed_status,
)
from clinicdesk.domain.check_in import Arrival, Arrive
from clinicdesk.errors import ClinicError
from clinicdesk.formats import clock
from clinicdesk.usecases import agenda, check_in
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _, marked

Done = Callable[[Appointment], None]
_Step = tuple[Status, Channel, str, CancelledBy | None]


class AgendaDeeds(QObject):
    """Every write of the agenda. `changed` carries the value the database gave back; `refused` what it said instead."""

    changed = Signal(object)  # Appointment
    refused = Signal(object, object)  # appointment id or None, ClinicError
    blocks_changed = Signal()

    def __init__(
        self, clinic: Clinic, background: Background, undo: Undo, clock: DeskClock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self._background = background
        self._undo = undo
        self._clock = clock
        self._under_way: dict[UUID, Status | None] = {}  # the step that is being taken, None for another write
        self._to_come: dict[UUID, _Step] = {}  # what was asked for meanwhile
        # Taking back gives a row a new version of what it was: an older deed is undone on that one.
        self._stands_as: dict[tuple[UUID, int], int] = {}

    def book(self, command: BookAppointment, done: Done, failed: Callable[[ClinicError], None]) -> None:
        """Book; the way back is a cancellation by the clinic."""

        def booked(appointment: Appointment) -> None:
            self.changed.emit(appointment)
            words = self._booked_words(appointment)
            self._undo.did(Deed(words, self._unbook(appointment, words)), "calendar-check")
            done(appointment)

        self._background.run(self, lambda: agenda.book(self._clinic, command), booked, failed, lane="writes")

    def move(
        self,
        before: Appointment,
        professional_id: UUID,
        slot: Slot,
        room_id: UUID | None,
        equipment_id: UUID | None = None,
        hold_id: UUID | None = None,
    ) -> None:
        """Put a visit somewhere else, into the time that is held for it when there is one."""
        command = MoveAppointment(
            operation_id=new_id(),
            appointment_id=before.id,
            seen_version=before.version,
            professional_id=professional_id,
            slot=slot,
            room_id=room_id,
            equipment_id=equipment_id or before.equipment_id,
            overbooking_reason=before.overbooking_reason,
            hold_id=hold_id,
        )

        def moved(after: Appointment) -> None:
            self.changed.emit(after)
            words = self._moved_words(before, after)
            self._undo.did(Deed(words, self._move_back(before, after, words)), "calendar-clock")

        self._write(before.id, lambda: agenda.move(self._clinic, command), moved)

    def step(
        self,
        before: Appointment,
        status: Status,
        channel: Channel = Channel.DESK,
        reason: str = "",
        cancelled_by: CancelledBy | None = None,
    ) -> None:
        """Take a step of the status machine, after the one of the same visit that is under way; the same one once."""
        if before.id in self._under_way:
            if self._under_way[before.id] is not status:
                self._to_come[before.id] = (status, channel, reason, cancelled_by)
            return
        command = ChangeStatus(new_id(), before.id, before.version, status, channel, reason, cancelled_by)
        now = self._clock.now()

        def stepped(after: Appointment) -> None:
            self.changed.emit(after)
            words = status_words(after)
            self._undo.did(Deed(words, self._step_back(before, after, words)))

        self._write(before.id, lambda: agenda.change_status(self._clinic, command, now), stepped, status)

    def arrive(self, code: str, answered: Callable[[Arrival], None], failed: Callable[[ClinicError], None]) -> None:
        """Register the arrival of whoever holds a code; `answered` hears how the visit stands."""
        command = Arrive(new_id(), code, self._clock.today())

        def came(arrival: Arrival) -> None:
            self.changed.emit(arrival.appointment)
            if arrival.before is not None:
                words = status_words(arrival.appointment)
                self._undo.did(Deed(words, self._step_back(arrival.before, arrival.appointment, words)), "armchair")
            answered(arrival)

        self._background.run(self, lambda: check_in.arrive(self._clinic, command), came, failed, lane="writes")

    def block(self, resource_id: UUID, slot: Slot, reason: str) -> None:
        """Keep time free; the way back gives it back."""
        command = BlockTime(new_id(), resource_id, slot, reason)

        def blocked(block_id: UUID) -> None:
            self.blocks_changed.emit()
            words = _("Blocked from {start} to {end}").format(
                start=clock(slot.starts_at, self._clock.zone), end=clock(slot.ends_at, self._clock.zone)
            )
            self._undo.did(Deed(words, self._unblock(block_id, command, words)), "calendar-off")

        self._background.run(
            self, lambda: agenda.block_time(self._clinic, command), blocked, self._refused(None), lane="writes"
        )

    # --- the ways back ---

    def _move_back(self, before: Appointment, after: Appointment, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            def back(restored: Appointment) -> None:
                self.changed.emit(restored)
                tell(Deed(words, self._move_back(after, restored, words)))

            operation_id = new_id()
            self._write(
                after.id,
                lambda: self._restored(
                    before, agenda.move(self._clinic, reversed_move(before, self._standing(after), operation_id))
                ),
                back,
            )

        return take_back

    def _step_back(self, before: Appointment, after: Appointment, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            def back(restored: Appointment) -> None:
                self.changed.emit(restored)
                tell(Deed(words, self._step_back(after, restored, words)))

            operation_id, now = new_id(), self._clock.now()
            self._write(
                after.id,
                lambda: self._restored(
                    before,
                    agenda.change_status(
                        self._clinic, reversed_status(before, self._standing(after), operation_id), now
                    ),
                ),
                back,
            )

        return take_back

    def _unbook(self, booked: Appointment, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            reason = _("Booked by mistake")
            operation_id = new_id()

            def cancel() -> Appointment:
                seen = self._standing(booked).version
                return agenda.change_status(
                    self._clinic,
                    ChangeStatus(
                        operation_id, booked.id, seen, Status.CANCELLED, Channel.DESK, reason, CancelledBy.CLINIC
                    ),
                )

            def back(cancelled: Appointment) -> None:
                self.changed.emit(cancelled)
                tell(Deed(words, self._step_back(booked, cancelled, words)))

            self._write(booked.id, cancel, back)

        return take_back

    def _unblock(self, block_id: UUID, command: BlockTime, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            def back(_nothing: None) -> None:
                self.blocks_changed.emit()
                tell(Deed(words, self._block_again(command, words)))

            self._background.run(
                self, lambda: agenda.unblock_time(self._clinic, block_id), back, self._refused(None), lane="writes"
            )

        return take_back

    def _block_again(self, command: BlockTime, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            again = replace(command, operation_id=new_id())

            def blocked(block_id: UUID) -> None:
                self.blocks_changed.emit()
                tell(Deed(words, self._unblock(block_id, again, words)))

            self._background.run(
                self, lambda: agenda.block_time(self._clinic, again), blocked, self._refused(None), lane="writes"
            )

        return take_back

    # On the writes lane, one at a time: a second Ctrl+Z sees what the first one gave.

    def stands_now(self, row_id: UUID, version: int) -> int:
        """The version under which what was seen stands again after deeds done later were taken back."""
        while (row_id, version) in self._stands_as:
            version = self._stands_as[row_id, version]
        return version

    def came_back(self, row_id: UUID, version: int, now: int) -> None:
        """Remember that a row is again what it was in a version, under another one."""
        self._stands_as[row_id, self.stands_now(row_id, version)] = now

    def _standing(self, seen: Appointment) -> Appointment:
        return replace(seen, version=self.stands_now(seen.id, seen.version))

    def _restored(self, before: Appointment, restored: Appointment) -> Appointment:
        self.came_back(before.id, before.version, restored.version)
        return restored

    # --- within ---

    def _write(
        self, appointment_id: UUID, work: Callable[[], Appointment], done: Done, status: Status | None = None
    ) -> None:
        def written(after: Appointment) -> None:
            self._under_way.pop(appointment_id, None)
            done(after)
            if appointment_id in self._to_come:
                self.step(after, *self._to_come.pop(appointment_id))

        def refused(error: ClinicError) -> None:
            self._under_way.pop(appointment_id, None)
            self._to_come.pop(appointment_id, None)
            self.refused.emit(appointment_id, error)

        self._under_way[appointment_id] = status
        self._background.run(self, work, written, refused, lane="writes")

    def _refused(self, appointment_id: UUID | None) -> Callable[[ClinicError], None]:
        return lambda error: self.refused.emit(appointment_id, error)

    def _moved_words(self, before: Appointment, appointment: Appointment) -> str:
        stays = (before.starts_at, before.professional_id) == (appointment.starts_at, appointment.professional_id)
        if stays and before.ends_at != appointment.ends_at:
            until = clock(appointment.ends_at, self._clock.zone)
            return _("{patient}: now until {time}").format(
                patient=privacy.shown_name(appointment.patient_name), time=until
            )
        if stays and appointment.room_name:
            return _("{patient} moved to {room}").format(
                patient=privacy.shown_name(appointment.patient_name), room=appointment.room_name
            )
        zone = self._clock.zone
        day = appointment.starts_at.astimezone(zone).date()
        if day != before.starts_at.astimezone(zone).date():
            return _("{patient} moved to {day}, {time}").format(
                patient=privacy.shown_name(appointment.patient_name),
                day=dates.relative_day(day, self._clock.today()),
                time=clock(appointment.starts_at, zone),
            )
        return _("{patient} moved to {time} with {professional}").format(
            patient=privacy.shown_name(appointment.patient_name),
            time=clock(appointment.starts_at, self._clock.zone),
            professional=appointment.professional_name,
        )

    def _booked_words(self, appointment: Appointment) -> str:
        local = appointment.starts_at.astimezone(self._clock.zone)
        return _("{patient} booked: {day}, {time}").format(
            patient=privacy.shown_name(appointment.patient_name),
            day=dates.relative_day(local.date(), self._clock.today()),
            time=f"{local:%H:%M}",
        )


_STATUS_WORDS = {
    Status.PENDING: marked("{patient} is to be confirmed"),
    Status.CONFIRMED: marked("{patient} confirmed"),
    Status.CHECKED_IN: marked("{patient} has arrived"),
    Status.IN_PROGRESS: marked("{patient} is in consultation"),
    Status.COMPLETED: marked("{patient}’s visit is over"),
    Status.NO_SHOW: marked("{patient} did not come"),
    Status.CANCELLED: marked("{patient}’s visit is cancelled"),
}


def status_words(appointment: Appointment) -> str:
    """What a step of the status means, said of the patient."""
    return _(_STATUS_WORDS[appointment.status]).format(patient=privacy.shown_name(appointment.patient_name))
