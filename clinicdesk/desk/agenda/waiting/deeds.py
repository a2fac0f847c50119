"""What a receptionist does with the waiting list, on the writes lane, with the way back."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinicdesk.desk import dates
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.waiting.words import ended_words
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.undo import Deed, TakeBack, Undo
from clinicdesk.domain.agenda import Appointment, BookAppointment, CancelledBy, ChangeStatus, Channel, Status
from clinicdesk.domain.offers import EndOffer, MakeOffer, Offer, OfferState
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.waiting import (
    AddToWaitingList,
    BookFromList,
    ChangeWaiting,
    CloseWaiting,
    WaitingEntry,
    WaitingState,
    WaitingWish,
)
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import offers, waiting
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _

Result = TypeVar("Result")


class WaitingDeeds(QObject):
    """`changed`: the list is another. `booked` carries the visit a booking or its undo gave."""

    changed = Signal()
    booked = Signal(object)  # Appointment
    refused = Signal(object)  # ClinicError
    said = Signal(str, str)  # words and icon of what has no way back

    def __init__(
        self, clinic: Clinic, background: Background, undo: Undo, clock: DeskClock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clinic, self._background, self._undo, self._clock = clinic, background, undo, clock
        self.ended_here: set[UUID] = set()  # offers about which this desk needs no telling

    def add(self, patient_id: UUID, wish: WaitingWish) -> None:
        """Put somebody on the list; the way back takes them off it."""
        command = AddToWaitingList(new_id(), patient_id, wish)

        def added(entry: WaitingEntry) -> None:
            words = _("{patient} is on the waiting list").format(patient=entry.patient_name)
            self._undo.did(Deed(words, self._to_state(entry, WaitingState.GIVEN_UP, words)), "list-plus")
            self.changed.emit()

        self._write(lambda: waiting.add(self._clinic, command), added)

    def change(self, entry: WaitingEntry, wish: WaitingWish) -> None:
        """Change what somebody waits for; the way back is what it was."""
        if wish == entry.wish:
            return

        def changed(after: WaitingEntry) -> None:
            words = _("The wish of {patient} is changed").format(patient=after.patient_name)
            self._undo.did(Deed(words, self._to_wish(after, entry.wish, words)), "check")
            self.changed.emit()

        command = ChangeWaiting(new_id(), entry.id, entry.version, wish)
        self._write(lambda: waiting.change(self._clinic, command), changed)

    def take_off(self, entry: WaitingEntry) -> None:
        """Somebody gives up; the way back puts them where they stood."""

        def closed(after: WaitingEntry) -> None:
            words = _("{patient} is off the waiting list").format(patient=after.patient_name)
            self._undo.did(Deed(words, self._to_state(after, WaitingState.OPEN, words)), "user-x")
            self.changed.emit()

        command = CloseWaiting(new_id(), entry.id, entry.version, WaitingState.GIVEN_UP)
        self._write(lambda: waiting.close(self._clinic, command), closed)

    def put_back(self, entry: WaitingEntry) -> None:
        """Somebody waits again, as after their visit was cancelled."""

        def back(after: WaitingEntry) -> None:
            words = _("{patient} is on the waiting list again").format(patient=after.patient_name)
            self._undo.did(Deed(words, self._to_state(after, WaitingState.GIVEN_UP, words)), "list-plus")
            self.changed.emit()

        command = CloseWaiting(new_id(), entry.id, entry.version, WaitingState.OPEN)
        self._write(lambda: waiting.close(self._clinic, command), back)

    def book(self, entry: WaitingEntry, free: FreeSlot) -> None:
        """Book somebody at a time that is free; the way back cancels the visit and lets them wait again."""
        wish = BookAppointment(
            operation_id=new_id(),
            patient=entry.patient_id,
            professional_id=free.professional_id,
            service_id=entry.wish.service_id,
            slot=free.slot,
            room_id=free.room_id,
            equipment_id=free.equipment_id,
            note=entry.wish.note,
        )
        command = BookFromList(entry.id, entry.version, wish)

        def booked(visit: Appointment) -> None:
            self.booked.emit(visit)
            words = self._booked_words(visit)
            self._undo.did(Deed(words, self._unbook(entry, free, visit, words)), "calendar-check")
            self.changed.emit()

        self._write(lambda: waiting.book(self._clinic, command), booked)

    def offer(self, entry: WaitingEntry, free: FreeSlot) -> None:
        """Offer somebody a time by message; the way back withdraws it."""
        command = MakeOffer(new_id(), entry.id, entry.version, free)

        def offered(made: Offer) -> None:
            words = self._ended_words(made)
            self._undo.did(Deed(words, self._withdrawing(made, free, words)), "message-circle")
            self.changed.emit()

        self._write(lambda: offers.offer(self._clinic, command, self._clock.now()), offered)

    def end_offer(self, offer: Offer, state: OfferState) -> None:
        """Withdraw an offer, or note the answer. A booking can be taken back; whoever was asked is not asked again."""
        self.ended_here.add(offer.id)
        command = EndOffer(new_id(), offer.id, state)

        def ended(answered: offers.Answered) -> None:
            words = self._ended_words(answered.offer)
            if answered.visit is not None:
                self.booked.emit(answered.visit)
            self.said.emit(words, "calendar-check" if answered.visit else "check")
            self.changed.emit()

        self._write(lambda: offers.end(self._clinic, command, self._clock.now()), ended)

    def _withdrawing(self, offer: Offer, free: FreeSlot, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            self.ended_here.add(offer.id)

            def again(tell_again: Callable[[Deed], None]) -> None:
                def work() -> Offer:
                    entry = waiting.entry(self._clinic, offer.entry_id)
                    command = MakeOffer(new_id(), entry.id, entry.version, free)
                    return offers.offer(self._clinic, command, self._clock.now())

                def made(found: Offer) -> None:
                    self.changed.emit()
                    tell_again(Deed(words, self._withdrawing(found, free, words)))

                self._write(work, made)

            def withdrawn(_answered: offers.Answered) -> None:
                self.changed.emit()
                tell(Deed(words, again))

            command = EndOffer(new_id(), offer.id)
            self._write(lambda: offers.end(self._clinic, command, self._clock.now()), withdrawn)

        return take_back

    def _ended_words(self, offer: Offer) -> str:
        name = privacy.shown_name(offer.patient_name)
        return ended_words(offer, self._clock.zone, self._clock.today(), name)

    # --- the ways back ---

    def _to_state(self, entry: WaitingEntry, state: WaitingState, words: str) -> TakeBack:
        other = WaitingState.OPEN if state is WaitingState.GIVEN_UP else WaitingState.GIVEN_UP

        def take_back(tell: Callable[[Deed], None]) -> None:
            def done(after: WaitingEntry) -> None:
                self.changed.emit()
                tell(Deed(words, self._to_state(after, other, words)))

            command = CloseWaiting(new_id(), entry.id, entry.version, state)
            self._write(lambda: waiting.close(self._clinic, command), done)

        return take_back

    def _to_wish(self, entry: WaitingEntry, wish: WaitingWish, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            def done(after: WaitingEntry) -> None:
                self.changed.emit()
                tell(Deed(words, self._to_wish(after, entry.wish, words)))

            command = ChangeWaiting(new_id(), entry.id, entry.version, wish)
            self._write(lambda: waiting.change(self._clinic, command), done)

        return take_back

    def _unbook(self, entry: WaitingEntry, free: FreeSlot, visit: Appointment, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            command = ChangeStatus(
                new_id(),
                visit.id,
                visit.version,
                Status.CANCELLED,
                Channel.DESK,
                _("Booked by mistake"),
                CancelledBy.CLINIC,
            )

            def done(cancelled: Appointment) -> None:
                self.booked.emit(cancelled)
                self.changed.emit()
                tell(Deed(words, self._book_again(entry, free, words)))

            self._write(lambda: waiting.unbook(self._clinic, command), done)

        return take_back

    def _book_again(self, entry: WaitingEntry, free: FreeSlot, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            wish = BookAppointment(
                new_id(), entry.patient_id, free.professional_id, entry.wish.service_id, free.slot, free.room_id
            )
            wish = replace(wish, equipment_id=free.equipment_id, note=entry.wish.note)

            def work() -> Appointment:
                standing = waiting.entry(self._clinic, entry.id)
                return waiting.book(self._clinic, BookFromList(standing.id, standing.version, wish))

            def done(visit: Appointment) -> None:
                self.booked.emit(visit)
                self.changed.emit()
                tell(Deed(words, self._unbook(entry, free, visit, words)))

            self._write(work, done)

        return take_back

    # --- within ---

    def _write(self, work: Callable[[], Result], done: Callable[[Result], None]) -> None:
        self._background.run(self, work, done, self._failed, lane="writes")

    def _failed(self, error: ClinicError) -> None:
        self.refused.emit(error)
        self.changed.emit()

    def _booked_words(self, visit: Appointment) -> str:
        local = visit.starts_at.astimezone(self._clock.zone)
        return _("{patient} booked from the list: {day}, {time}").format(
            patient=visit.patient_name,
            day=dates.relative_day(local.date(), self._clock.today()),
            time=f"{local:%H:%M}",
        )
