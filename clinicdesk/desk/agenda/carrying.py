"""Cards on their way to another day: over the small month, at the edge, by the pinboard."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, QPoint, QTimer, Signal

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.linked import LinkedVisits
from clinicdesk.desk.agenda.pinboard import Pinboard
from clinicdesk.desk.agenda.view import AgendaView
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.undo import Deed, TakeBack, Undo
from clinicdesk.desk.widgets.month_calendar import MonthCalendar
from clinicdesk.desk.widgets.side_panel import SidePanel
from clinicdesk.domain.agenda import Appointment, Slot
from clinicdesk.domain.hours import instant
from clinicdesk.domain.visits import place_of
from clinicdesk.errors import ClinicError, SlotClosed, SlotTaken
from clinicdesk.usecases import pinboard
from clinicdesk.usecases.clinic import Change, Clinic
from clinicdesk.words import _

_LINGER_MILLISECONDS = 600  # over a day of the month, until it opens under the card


class AgendaCarrying(QObject):
    """Wires the picture, the month and the pinboard of one page. `day_wanted` asks to open a day."""

    day_wanted = Signal(object)  # dt.date
    refused = Signal(object, object)  # appointment id or None, ClinicError

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        undo: Undo,
        linked: LinkedVisits,
        view: AgendaView,
        month: MonthCalendar,
        board: Pinboard,
        panel: SidePanel,
        clock: DeskClock,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._clinic, self._background, self._undo, self._linked = clinic, background, undo, linked
        self._view, self._month, self._board, self._panel, self._clock = view, month, board, panel, clock
        self._cards: list[Appointment] = []
        self._over: dt.date | None = None
        self._dropped: tuple[Appointment, dt.date] | None = None  # on a day of the month; the server has the word
        self._lingering = QTimer(self, singleShot=True, interval=_LINGER_MILLISECONDS)
        self._lingering.timeout.connect(self._open_day_under)
        view.carried_over.connect(self._carried_over)
        view.let_go_beside.connect(self._let_go)
        board.taken.connect(view.take_in_hand)
        board.taken.connect(lambda _card: view.setFocus())
        board.carried.connect(view.carry)
        board.carried_on.connect(view.carry_on)
        board.put_down.connect(view.carry_down)
        board.taken_off.connect(self.unpin)

    # --- the pinboard ---

    @property
    def cards(self) -> list[Appointment]:
        """What lies on the pinboard."""
        return list(self._cards)

    def reload(self) -> None:
        """Read the pinboard."""
        self._background.run(
            self, lambda: pinboard.cards(self._clinic), self._show, lambda _error: None, replaces="pinboard"
        )

    def hear(self, changes: Sequence[Change]) -> None:
        """Something changed at some desk: read the pinboard again if it may be about it."""
        known = {one.id for one in self._cards}
        if any(change.kind == "pinned_card" or change.id in known for change in changes):
            self.reload()

    def pin(self, appointment: Appointment) -> None:
        """Put a visit aside; it keeps its time."""
        words = _("{patient} is on the pinboard").format(patient=privacy.shown_name(appointment.patient_name))
        self._write(
            appointment,
            lambda: pinboard.pin(self._clinic, appointment.id),
            lambda: self._undo.did(Deed(words, self._back(appointment, words, pinned=True)), "pin"),
        )

    def unpin(self, appointment: Appointment) -> None:
        """Take a visit off the pinboard; it stays where it is on the agenda."""
        words = _("{patient} is off the pinboard").format(patient=privacy.shown_name(appointment.patient_name))
        self._write(
            appointment,
            lambda: pinboard.unpin(self._clinic, appointment.id),
            lambda: self._undo.did(Deed(words, self._back(appointment, words, pinned=False)), "pin"),
        )

    def paste(self) -> None:
        """Take the card put aside last in hand, or the next one when that is in hand already."""
        lift = self._view.scene.lift
        if not self._cards:
            return
        held = lift.appointment.id if lift is not None else None
        places = [number for number, one in enumerate(self._cards) if one.id == held]
        self._view.take_in_hand(self._cards[places[0] - 1] if places else self._cards[-1])
        self._view.setFocus()

    def held(self, appointment_id: UUID) -> Appointment | None:
        """A visit that was let go of on another day than its own."""
        carried = self._view.carried
        return carried if carried is not None and carried.id == appointment_id else None

    def take_refusal(self, appointment_id: UUID | None, error: ClinicError) -> bool:
        """A day of the month had no room at that time: the card waits on the pinboard, and the day opens."""
        dropped, self._dropped = self._dropped, None
        if dropped is None or dropped[0].id != appointment_id or not isinstance(error, SlotTaken | SlotClosed):
            return False
        self.pin(dropped[0])
        self.day_wanted.emit(dropped[1])
        return True

    def _show(self, cards: list[Appointment]) -> None:
        self._cards = cards
        self._board.show_cards(cards)
        self._view.set_pinned(frozenset(one.id for one in cards))

    def _write(self, appointment: Appointment, work: Callable[[], list[Appointment]], done: Callable[[], None]) -> None:
        def written(cards: list[Appointment]) -> None:
            self._show(cards)
            done()

        self._background.run(self, work, written, lambda error: self.refused.emit(appointment.id, error), lane="writes")

    def _back(self, appointment: Appointment, words: str, *, pinned: bool) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            back = pinboard.unpin if pinned else pinboard.pin
            again = Deed(words, self._back(appointment, words, pinned=not pinned))
            self._write(appointment, lambda: back(self._clinic, appointment.id), lambda: tell(again))

        return take_back

    # --- a card in the hand ---

    def _carried_over(self, where: QPoint | None) -> None:
        carrying = where is not None
        self._panel.lay_aside(carrying)
        self._board.expect(carrying)
        over = self._month.day_under(where) if where is not None else None
        self._month.show_target(over)
        if where is not None:
            self._board.is_under(where)
        if over != self._over:
            self._over = over
            self._lingering.stop()
            if over is not None:
                self._lingering.start()

    def _open_day_under(self) -> None:
        if self._over is not None:
            self.day_wanted.emit(self._over)

    def _let_go(self, appointment: Appointment, where: QPoint) -> None:
        day = self._month.day_under(where)
        if day is not None:
            self._move_to(appointment, day)
        elif self._board.is_under(where):
            self.pin(appointment)
        self._carried_over(None)

    def _move_to(self, appointment: Appointment, day: dt.date) -> None:
        """The same wall-clock time on another day, with the same people and things."""
        zone = self._clock.zone
        local = appointment.starts_at.astimezone(zone)
        if local.date() == day:
            return
        start = instant(day, local.time(), zone)
        slot = Slot(start, start + (appointment.ends_at - appointment.starts_at))
        self._dropped = appointment, day
        self._linked.move(appointment, replace(place_of(appointment), slot=slot))
