"""The waiting list beside the agenda: who waits, what is on offer to whom, and who would like a place that is free."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk import allowed
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.board import DAY, WEEK, Board
from clinicdesk.desk.agenda.columns import FreeTime
from clinicdesk.desk.agenda.waiting.deeds import WaitingDeeds
from clinicdesk.desk.agenda.waiting.form import Beginning, WaitingForm
from clinicdesk.desk.agenda.waiting.listing import WaitingListing
from clinicdesk.desk.agenda.waiting.offered import OfferPanel
from clinicdesk.desk.agenda.waiting.place import PlacePanel
from clinicdesk.desk.agenda.waiting.section import WaitingSection
from clinicdesk.desk.agenda.waiting.words import ended_words
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.side_panel import SidePanel
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.offers import Offer, OfferState
from clinicdesk.domain.patients import PatientMatch
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.staff import Capability
from clinicdesk.domain.waiting import Fit, WaitingEntry, WaitingState
from clinicdesk.errors import ClinicError, NotAllowed
from clinicdesk.formats import clock
from clinicdesk.usecases import offers, patients, waiting
from clinicdesk.usecases.clinic import Change, Clinic
from clinicdesk.words import _, ngettext

_LOOK_AGAIN = 300  # milliseconds: changes come in bursts
_OFFER_SECONDS = 20.0
_ABOVE_THE_TOAST = 60


class AgendaWaiting(QObject):
    """`free_changed` carries the times to draw dashed; `book_wanted` a free place to book somebody else at."""

    free_changed = Signal(object)  # list of FreeTime
    book_wanted = Signal(object, object)  # moment, professional id
    place_closed = Signal()
    place_opened = Signal(object)  # the day of a place that was freed
    offers_changed = Signal()
    told = Signal(str, str)  # words and icon
    failed = Signal(object)  # ClinicError

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        undo: Undo,
        board: Board,
        section: WaitingSection,
        panel: SidePanel,
        clock: DeskClock,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._clinic, self._background, self._board, self._clock = clinic, background, board, clock
        self._section, self._panel, self._page = section, panel, page
        self.deeds = WaitingDeeds(clinic, background, undo, clock, self)
        self.list = waiting.WaitingList((), (), 0, 0)
        self.offers: tuple[Offer, ...] = ()
        self._times: Mapping[UUID, Sequence[FreeSlot]] = {}
        self._offered: WaitingEntry | None = None
        self._offer: ToastArea | None = None
        self._again = QTimer(self, singleShot=True, interval=_LOOK_AGAIN)
        self._again.timeout.connect(self._look_for_times)
        section.offered.connect(self.offer)
        section.opened.connect(self._open)
        section.withdrawn.connect(self._withdraw)
        self.deeds.said.connect(self.told)
        section.add_wanted.connect(self.ask_new)
        section.list_wanted.connect(self.open_list)
        self.deeds.changed.connect(self.load)
        self.deeds.refused.connect(self.failed)

    # --- reading ---

    def load(self) -> None:
        """Read who waits."""
        today = self._clock.today()

        def read() -> tuple[waiting.WaitingList, tuple[Offer, ...]]:
            return waiting.waiting_list(self._clinic, today), offers.standing(self._clinic)

        self._background.run(self, read, self._came, self.failed.emit, replaces="waiting")

    def apply(self, changes: Sequence[Change]) -> None:
        """Read again when somebody put a person on the list or took one off it."""
        if any(one.kind in ("waiting_entry", "waiting_offer") for one in changes):
            self.load()

    def minute_passed(self) -> None:
        """What is on offer is so for a minute less."""
        if self.offers:
            self._show()

    def look_again(self) -> None:
        """What is free on show has changed."""
        self._again.start()

    def _came(self, read: tuple[waiting.WaitingList, tuple[Offer, ...]]) -> None:
        found, standing = read
        self.list = found
        self._take_offers(standing)
        if self._offered is not None and self._offered.id not in {one.id for one in found.entries}:
            self.stop_offering()
        self._show()
        self.look_again()

    def _look_for_times(self) -> None:
        catalogue = self._board.catalogue
        if catalogue is None or self._board.mode not in (DAY, WEEK) or not self.list.entries:
            self._times_came({})
            return
        people, days, now = self._board.people(), self._board.days(), self._clock.now()
        besides = self._offered.id if self._offered else None
        self._background.run(
            self,
            lambda: waiting.times(self._clinic, catalogue, people, days, now, besides),
            self._times_came,
            self.failed.emit,
            replaces="times",
        )

    def _times_came(self, times: Mapping[UUID, Sequence[FreeSlot]]) -> None:
        self._times = {key: _apart(found) for key, found in times.items()}
        self._show()
        if self._offered is not None:
            self._draw_offer()

    def _show(self) -> None:
        week = self._board.mode is WEEK
        chosen = self._offered.id if self._offered else None
        self._section.show_list(
            self.list.entries,
            self._times,
            self._board.catalogue,
            self._clock.now(),
            chosen,
            week=week,
            offers=self.offers,
            zone=self._clock.zone,
        )

    # --- offers by message ---

    def _take_offers(self, standing: tuple[Offer, ...]) -> None:
        """What is on offer now; of what is not any more, people hear what became of it."""
        before, self.offers = self.offers, standing
        self._board.offered = {one.hold_id: one for one in standing if one.hold_id is not None}
        gone = {one.id for one in before} - {one.id for one in standing} - self.deeds.ended_here
        if before != standing:
            self.offers_changed.emit()
        panel = self._panel.content
        if isinstance(panel, OfferPanel) and panel.offer.id not in {one.id for one in standing}:
            self._panel.clear()
        if gone:
            self._background.run(
                self, lambda: offers.by_ids(self._clinic, tuple(gone)), self._tell_ended, self.failed.emit
            )

    def _tell_ended(self, ended: Sequence[Offer]) -> None:
        for offer in ended:
            if offer.state not in (OfferState.WITHDRAWN, OfferState.OFFERED):
                name = privacy.shown_name(offer.patient_name)
                words = ended_words(offer, self._clock.zone, self._clock.today(), name)
                self.told.emit(words, "calendar-check" if offer.state is OfferState.ACCEPTED else "message-circle")

    def _ask(self, fit: Fit) -> None:
        self.close_place()
        self.deeds.offer(fit.entry, fit.free)

    def _withdraw(self, offer: Offer) -> None:
        self.deeds.end_offer(offer, OfferState.WITHDRAWN)

    def _open(self, entry: WaitingEntry) -> None:
        """Look at what somebody is offered; else at what they wait for."""
        offer = next((one for one in self.offers if one.entry_id == entry.id), None)
        if offer is None:
            self.edit(entry)
            return
        panel = OfferPanel(offer, entry, self._clock)
        panel.decided.connect(lambda state: self._decide(offer, state))
        panel.wish_wanted.connect(lambda: self.edit(entry))
        panel.closed.connect(self.close_place)
        self._panel.show_content(panel)
        panel.show()
        panel.setFocus()

    def _decide(self, offer: Offer, state: OfferState) -> None:
        self.close_place()
        self.deeds.end_offer(offer, state)

    # --- offering ---

    def offer(self, entry: WaitingEntry) -> None:
        """Show where somebody could come; the same again ends it."""
        if self._offered is not None and self._offered.id == entry.id:
            self.stop_offering()
        else:
            self._offered = entry
            self._draw_offer()
            if entry.id not in self._times:
                self.look_again()
        self._show()

    def stop_offering(self) -> None:
        """Nothing is on offer any more."""
        if self._offered is not None:
            self._offered = None
            self.free_changed.emit([])
            self._show()

    def take_offer(self, column: object, starts_at: dt.datetime) -> bool:
        """Book whoever is offered a time at the place that was clicked; False when nobody is."""
        entry = self._offered
        if entry is None:
            return False
        for free in self._times.get(entry.id, ()):
            drawn = next(iter(self._board.ghost(free, self._clock.zone)), None)
            if drawn is not None and (drawn.column_key, drawn.starts_at) == (column, starts_at):
                self.stop_offering()
                self.deeds.book(entry, free)
                return True
        return False

    def _draw_offer(self) -> None:
        times = self._times.get(self._offered.id, ()) if self._offered else ()
        drawn: list[FreeTime] = [one for free in times for one in self._board.ghost(free, self._clock.zone)]
        self.free_changed.emit(drawn)

    # --- a free place ---

    def point_at(self, professional_id: UUID, moment: dt.datetime, *, quiet: bool = False) -> None:
        """Somebody clicked an empty place: say what it is worth and who would like it. `quiet`: only if anybody."""
        catalogue = self._board.catalogue
        if catalogue is None:
            return
        now = self._clock.now()

        def read() -> tuple[waiting.FreePlace, frozenset[UUID]]:
            place = waiting.fits_at(self._clinic, catalogue, professional_id, moment, now)
            patients_ = tuple(one.entry.patient_id for one in place.fits)
            return place, offers.askable(self._clinic, patients_) if patients_ else frozenset()

        self._background.run(
            self,
            read,
            self._say_freed if quiet else self._open_place,
            self.failed.emit,
            replaces="freed" if quiet else "place",
        )

    def freed(self, before: Appointment, after: Appointment) -> None:
        """A visit left its time: offer it, quietly, to those who wait."""
        stays = (before.starts_at, before.professional_id) == (after.starts_at, after.professional_id)
        left = before.status.holds_the_slot and (not after.status.holds_the_slot or not stays)
        if left and before.starts_at > self._clock.now() and self.list.entries:
            self.point_at(before.professional_id, before.starts_at, quiet=True)

    def _open_place(self, read: tuple[waiting.FreePlace, frozenset[UUID]]) -> None:
        place, askable = read
        catalogue = self._board.catalogue
        if place.gap is None or catalogue is None:
            return
        offered = frozenset(one.entry_id for one in self.offers)
        may_ask = askable if allowed.may(Capability.SEND_MESSAGES) else frozenset()
        panel = PlacePanel(place, catalogue, self._clock, may_ask, offered)
        panel.asked.connect(self._ask)
        panel.booked.connect(self._book_fit)
        panel.book_wanted.connect(lambda: self.book_wanted.emit(place.moment, place.professional_id))
        panel.closed.connect(self.close_place)
        self._panel.show_content(panel)
        panel.show()  # at once: what is not on the screen cannot take the keyboard
        if place.fits:
            panel.setFocus()

    def close_place(self) -> None:
        """Put the place that was pointed at away."""
        if isinstance(self._panel.content, PlacePanel | OfferPanel):
            self._panel.clear()
            self.place_closed.emit()

    def _book_fit(self, fit: Fit) -> None:
        self.close_place()
        self.deeds.book(fit.entry, fit.free)

    def _say_freed(self, read: tuple[waiting.FreePlace, frozenset[UUID]]) -> None:
        place, _askable = read
        count = len(place.fits)
        if not count:
            return
        if self._offer is None:
            self._offer = ToastArea(self._page, _OFFER_SECONDS, _ABOVE_THE_TOAST)
        words = ngettext(
            "{count} of the waiting list fits at {time}", "{count} of the waiting list fit at {time}", count
        ).format(count=count, time=clock(place.moment, self._clock.zone))
        self._offer.show_toast(words, lambda: self._see_freed(read), "sparkles", _("See who"))

    def _see_freed(self, read: tuple[waiting.FreePlace, frozenset[UUID]]) -> None:
        self.place_opened.emit(read[0].moment.astimezone(self._clock.zone).date())
        self._open_place(read)

    # --- the form and the list ---

    def ask_new(self, beginning: Beginning | None = None) -> None:
        """Put somebody on the list, with what is known of them already."""
        if not allowed.may(Capability.KEEP_WAITING_LIST):
            self.failed.emit(NotAllowed("profile.keep_waiting_list"))
            return
        self._open_form(beginning or Beginning(), None, self.deeds.add)

    def edit(self, entry: WaitingEntry) -> None:
        """Look at what somebody waits for, and change it."""
        self._open_form(Beginning(), entry, lambda _patient, wish: self.deeds.change(entry, wish))

    def open_list(self) -> None:
        """Everybody who waits, waited in vain, was booked or gave up."""
        listing = WaitingListing(self._page, self.list, self._board.catalogue, self._clock)
        listing.offered.connect(self.offer)
        listing.opened.connect(self.edit)
        listing.put_back.connect(self.deeds.put_back)
        listing.state_wanted.connect(lambda state: self._read_closed(listing, state))
        listing.open_centred()

    def _read_closed(self, listing: WaitingListing, state: WaitingState) -> None:
        self._background.run(
            listing,
            lambda: waiting.closed(self._clinic, [state]),
            listing.show_closed,
            self.failed.emit,
            replaces="closed",
        )

    def _open_form(self, beginning: Beginning, entry: WaitingEntry | None, decided: Callable[..., None]) -> None:
        catalogue = self._board.catalogue
        if catalogue is None or not catalogue.services:
            return
        form = WaitingForm(self._page, self._search, self._clock, catalogue, beginning, entry)
        form.decided.connect(decided)
        if entry is not None:
            form.given_up.connect(lambda: self.deeds.take_off(entry))
        form.open_centred()

    def _search(self, text: str, done: Callable[[list[PatientMatch]], None]) -> None:
        now = self._clock.now()
        self._background.run(
            self,
            lambda: patients.with_visits(self._clinic, patients.search(self._clinic, text, limit=6), now),
            done,
            self._failed,
            replaces="patients",
        )

    def _failed(self, error: ClinicError) -> None:
        self.failed.emit(error)


def _apart(times: Sequence[FreeSlot]) -> tuple[FreeSlot, ...]:
    """Times that do not lie over each other with one professional, so that each can be seen and clicked."""
    kept: list[FreeSlot] = []
    ends: dict[UUID, dt.datetime] = {}
    for free in times:
        if free.professional_id not in ends or free.slot.starts_at >= ends[free.professional_id]:
            kept.append(free)
            ends[free.professional_id] = free.slot.ends_at
    return tuple(kept)
