"""The booking editor: who, what, with whom and when, on one surface that keeps what was typed."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk import allowed, dates, theme
from clinicdesk.desk.agenda.board import Spot
from clinicdesk.desk.agenda.booking import DAY_LONG, DAYS_SEARCHED, Booking
from clinicdesk.desk.agenda.booking_choices import ChoicesSection
from clinicdesk.desk.agenda.booking_draft import BookingTyped
from clinicdesk.desk.agenda.booking_group import GroupBooking
from clinicdesk.desk.agenda.booking_patient import PatientSection
from clinicdesk.desk.agenda.deeds import AgendaDeeds
from clinicdesk.desk.agenda.group_deeds import GroupDeeds
from clinicdesk.desk.agenda.held_time import HeldTime
from clinicdesk.desk.agenda.hold_note import HoldNote
from clinicdesk.desk.agenda.slot_picker import SlotPicker
from clinicdesk.desk.agenda.waiting.form import Beginning
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.scrolled import scrolled
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.desk.widgets.switch import Switch
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import Appointment, BookAppointment, Slot
from clinicdesk.domain.clinics import Catalogue, Service
from clinicdesk.domain.finder import Found
from clinicdesk.domain.patients import NewPatient, PatientMatch
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.staff import Capability
from clinicdesk.domain.waiting import MIDNIGHT
from clinicdesk.errors import ClinicError, ServerAway, SlotTaken
from clinicdesk.usecases import agenda, finder
from clinicdesk.usecases.clinic import Change, Clinic, new_id
from clinicdesk.words import _

_LOOK_AGAIN = 400  # milliseconds: what other desks do comes in bursts
_DISTURBING = frozenset({"appointment", "slot_hold", "time_block"})


class BookingEditor(Popover):
    """Closing keeps the draft; booking or a fresh `begin` clears it. `ghost_moved` carries the chosen FreeSlot."""

    booked = Signal(object)  # Appointment
    ghost_moved = Signal(object)
    waiting_wanted = Signal(object)  # what the waiting list's form begins with

    def __init__(
        self,
        owner: QWidget,
        clinic: Clinic,
        background: Background,
        deeds: AgendaDeeds,
        clock: DeskClock,
        catalogue: Catalogue,
        group: GroupDeeds,
    ) -> None:
        super().__init__(owner, veiled=True, radius=16, light=False)
        self._clinic, self._background, self._deeds, self._clock = clinic, background, deeds, clock
        self.booking = Booking(catalogue)
        self._first_day = clock.today()
        self._attempt: tuple[BookingTyped, UUID] | None = None
        self._advice: Callable[[], None] = self._overbook
        self._fixed: Slot | None = None
        self._picked = False  # by a person; what is only the first on the list is not held for nobody
        self._found: Found | None = None
        self._saving = False
        self._offline = ""
        self.held = HeldTime(clinic, background, self)
        self._look_again = QTimer(self, singleShot=True, interval=_LOOK_AGAIN)
        self.who = PatientSection(clinic, background, clock)
        self.picker, self.name, self.phone = self.who.picker, self.who.name, self.who.phone
        self.what = ChoicesSection()
        self.service, self.professional = self.what.service, self.what.professional
        self.length, self.room = self.what.length, self.what.room
        self.note = LineEdit()
        self.reason = LineEdit(_("Why it cannot wait"))
        self.draft = Banner("info", _("What you typed is still here"), _("Start over"))
        self.trouble = Banner("danger", "")
        self.confirmed = Switch(_("Already confirmed"))
        self.slots = SlotPicker(clock)
        self.slots.waiting.setVisible(True)
        self.hold_note = HoldNote(self.held)
        self.together = GroupBooking(clinic, background, group, clock, self)
        self.submit = Button(_("Book"), "primary", key="Ctrl Enter", size="key")
        self.set_content(self._body(owner), self.picker)
        # Free times come next by Tab: what makes a booking larger is rarer.
        QWidget.setTabOrder(self.note, self.slots)
        self._connect()
        self.what.offer(self.booking)

    # --- opening ---

    def begin(
        self,
        slot: Slot | None = None,
        professional_id: UUID | None = None,
        patient: PatientMatch | None = None,
        day: dt.date | None = None,
        spot: Spot | None = None,
    ) -> None:
        """Start a booking, at a place that was pointed at or for a person already chosen.

        What was begun and put aside comes back, at the new place if there is one; another person starts afresh.
        """
        draft = self.has_draft and patient is None
        if not draft:
            self._forget()
        if slot or not draft:
            self._place(slot, professional_id, day, spot)
        self.draft.setVisible(draft)
        self._hush()
        self.what.offer(self.booking)
        if patient:
            self.who.take(patient)
        self._look_for_slots()
        self.open_centred()
        self._hold()

    def begin_with(self, draft: Booking, day: dt.date | None = None) -> None:
        """Start with what is known already, told by another road; what was begun before gives way to it."""
        self._forget()
        self._place(draft.free.slot if draft.free else None, draft.professional_id, day)
        if draft.service:
            self.booking = self.booking.with_service(draft.service)
        self.booking = replace(
            self.booking,
            professional_id=draft.professional_id,
            minutes=draft.minutes or self.booking.minutes,
            free=draft.free,
        )
        self.note.setText(draft.note)
        self.what.offer(self.booking)
        if draft.patient:
            self.who.take(draft.patient)
        elif draft.new_patient:
            self.who.begin_new(draft.new_patient)
        self._look_for_slots()
        self.open_centred()

    def typed(self) -> BookingTyped:
        """What the form holds, to be kept as a draft."""
        booking, attempt = self.booking, self._attempt
        typed = BookingTyped(
            booking.patient,
            booking.new_patient,
            booking.service.id if booking.service else None,
            booking.professional_id,
            booking.minutes,
            booking.free,
            self.note.text().strip(),
            self.reason.text().strip() if not self._reason_field.isHidden() else "",
            self.confirmed.isChecked(),
            booking.for_whom,
            consented=self.who.consented,
        )
        return replace(typed, operation_id=attempt[1]) if attempt and attempt[0] == typed else typed

    def resume(self, typed: BookingTyped) -> None:
        """Go on with what was kept; a time that was taken since is refused like any other."""
        self.begin_with(typed.booking(self.booking.catalogue))
        self.booking = replace(self.booking, for_whom=typed.for_whom)
        self.confirmed.setChecked(typed.confirmed)
        self.who.resume_consent(typed.consented)
        if typed.reason:
            self._reason_field.show()
            self.reason.setText(typed.reason)
        self._picked = typed.free is not None
        self._attempt = (typed.wish, typed.operation_id) if typed.operation_id else None
        self.draft.setVisible(True)

    def set_catalogue(self, catalogue: Catalogue) -> None:
        """Offer what the clinic offers now."""
        service = self.booking.service
        known = next((one for one in catalogue.services if service and one.id == service.id), None)
        self.booking = replace(self.booking, catalogue=catalogue, service=known)

    def set_offline(self, words: str) -> None:
        """Why nothing can be booked now; what is typed stays, and free time is looked for again when it can."""
        before, self._offline = self._offline, words
        if words and self.isVisible():
            self._say_offline()
        if before and not words:
            self._hush()
            if self.isVisible():
                self._look_for_slots()

    def heard(self, changes: Sequence[Change]) -> None:
        """Somebody booked or held something: what is on offer may not be free any more."""
        others = (one for one in changes if one.kind in _DISTURBING and one.id != self.held.id)
        if self.isVisible() and any(others):
            self._look_again.start()

    @property
    def has_draft(self) -> bool:
        """Whether somebody or something was put in that would be lost."""
        typed = self.who.typed or self.note.text().strip()
        return self.booking.patient is not None or bool(typed)

    def _forget(self) -> None:
        self._attempt = self._fixed = None
        self._picked = False
        self.slots.forget()
        for edit in (self.note, self.reason):
            edit.clear()
        self.confirmed.setChecked(False)
        self.who.clear()
        self.together.clear()
        self.booking = Booking(self.booking.catalogue)
        for part in (self._reason_field, self.draft, self.trouble):
            part.hide()

    def _start_over(self) -> None:
        self._forget()
        self._place(None, None, None)
        self.what.offer(self.booking)
        self._look_for_slots()
        self.picker.setFocus()

    def _place(
        self, slot: Slot | None, professional_id: UUID | None, day: dt.date | None, spot: Spot | None = None
    ) -> None:
        spot = spot or Spot(professional_id)
        booking = replace(self.booking, professional_id=professional_id, free=None)
        booking = replace(booking, room_id=spot.room_id, equipment_id=spot.equipment_id)
        self._fixed = slot
        self._picked = slot is not None
        self._first_day = max(day or self._clock.today(), self._clock.today())
        if slot:
            self._first_day = slot.starts_at.astimezone(self._clock.zone).date()
        services = booking.services()
        if services and booking.service not in services:
            booking = replace(booking.with_service(services[0]), professional_id=professional_id)
        if slot:
            booking = replace(booking, minutes=slot.minutes)
        if slot and professional_id:
            booking = booking.at(slot, professional_id)
        self.booking = booking

    # --- what a person does ---

    def _whom_changed(self, patient: PatientMatch | None, new_patient: NewPatient | None) -> None:
        self.booking = replace(self.booking, patient=patient, new_patient=new_patient)
        self._changed()

    def _dependant_chosen(self, whom: UUID | None) -> None:
        self.booking = replace(self.booking, for_whom=whom)

    def _service_chosen(self, chosen: Service) -> None:
        professional = self.booking.professional_id
        self.booking = self.booking.with_service(chosen)
        if self._fixed and professional:
            self.booking = self.booking.at(Slot.lasting(self._fixed.starts_at, chosen.duration_minutes), professional)
        self.what.offer(self.booking)
        self._look_for_slots()

    def _professional_chosen(self, chosen: UUID | None) -> None:
        self._fixed = None
        self._picked = False
        self.booking = replace(self.booking, professional_id=chosen, free=None)
        self.what.offer(self.booking)
        self._look_for_slots()

    def _length_chosen(self, minutes: int) -> None:
        self.booking = replace(self.booking, minutes=minutes)
        if self.booking.free:
            longer = Slot.lasting(self.booking.free.slot.starts_at, minutes)
            self.booking = replace(self.booking, free=replace(self.booking.free, slot=longer))
        self._changed()
        self._look_for_slots()

    def _room_chosen(self, chosen: UUID | None) -> None:
        if self.booking.free:
            self.booking = replace(self.booking, free=replace(self.booking.free, room_id=chosen))
            self._changed()

    def _slot_chosen(self, free: FreeSlot) -> None:
        self._fixed = None
        self._picked = True
        self.booking = replace(self.booking, free=free, overbooking_reason="")
        self._reason_field.hide()
        self._hush()
        self._changed()

    # --- free time ---

    def _look_for_slots(self) -> None:
        catalogue = self.booking.catalogue
        self.slots.named = self.booking.professional_id is None
        self.slots.set_catalogue(catalogue)
        able = Booking(catalogue, service=self.booking.service).professional_ids()
        offered = [one for one in catalogue.professionals if one.id in able] if self.slots.named else []
        self.slots.filters.set_people(offered)
        request = self.booking.request(self._first_day, self.slots.wish)
        self._changed()
        if request is not None:
            own = self.held.id
            self._background.run(
                self,
                lambda: agenda.look_for_slots(self._clinic, request, self._clock.now(), own),
                self._slots_came,
                self._failed,
                replaces="slots",
            )

    def _slots_came(self, found: Found) -> None:
        self._found, search = found, found.search
        free = self.booking.free
        if free is None and self._fixed:
            there = (one for one in search.slots if one.slot.starts_at == self._fixed.starts_at)
            self.booking = replace(self.booking, free=next(there, None))
        elif free and self._fixed:
            # Where a person pointed, the room and the machine come from the search if it knows the place.
            same = (one for one in search.slots if one.slot.starts_at == free.slot.starts_at)
            known = next((one for one in same if one.professional_id == free.professional_id), None)
            if known:
                self.booking = replace(self.booking, free=replace(known, slot=free.slot))
        elif search.slots and (free is None or not self._offered(free)):
            self._picked = False
            self.booking = replace(self.booking, free=None)
        self.slots.show_found(found, self.booking.free)
        if self.booking.free is None:
            first = self.slots.first()
            if first:
                self.booking = replace(self.booking, free=first)
                self.slots.mark(first)
        self._changed()
        if not search.slots:
            self._look_nearby(found)

    def _offered(self, free: FreeSlot) -> bool:
        """Whether a time is still there, in whichever room; one beyond the days that were read is left alone."""
        assert self._found is not None
        request = self._found.request
        day = free.slot.starts_at.astimezone(self._clock.zone).date()
        if not 0 <= (day - request.first_day).days < request.days:
            return self._picked
        return self._found.why_not(free.professional_id, free.slot.starts_at) is None

    def _look_nearby(self, found: Found) -> None:
        catalogue, request, own = self.booking.catalogue, found.request, self.held.id
        self._background.run(
            self,
            lambda: finder.nearest(self._clinic, catalogue, request, self._clock.now(), own),
            self.slots.show_nearby,
            self._failed,
            replaces="nearby",
        )

    def _page(self, step: int) -> None:
        self._look_from(self._first_day + dt.timedelta(days=step * DAYS_SEARCHED))

    def _look_from(self, day: dt.date) -> None:
        self._first_day = max(day, self._clock.today())
        self._fixed = None
        if not self._picked:
            self.booking = replace(self.booking, free=None)
        self._look_for_slots()

    def _wait_instead(self) -> None:
        """Nothing does: put the patient on the waiting list with what was asked for here."""
        booking, wish = self.booking, self.slots.wish
        until = MIDNIGHT if wish.latest == DAY_LONG[1] else dt.time((wish.latest.hour + 1) % 24)
        service_id = booking.service.id if booking.service else None
        beginning = Beginning(booking.patient, service_id, booking.professional_id, wish.weekdays, wish.earliest, until)
        self.dismiss()
        self.waiting_wanted.emit(beginning)

    # --- holding ---

    def _hold(self) -> None:
        """Hold the chosen time while one talks: as soon as somebody chose it, or it is known for whom it would be."""
        booking = self.booking
        somebody = booking.patient is not None or booking.new_patient is not None
        if self._offline:
            return
        if not self.isVisible() or booking.free is None or booking.service is None or self._reason_field.isVisible():
            self.held.give_back()
        elif self._picked or somebody:
            self.held.want(booking.free, booking.service)

    def _hold_refused(self, error: ClinicError) -> None:
        if self.isVisible() and not self._saving:
            self._say_refused(error)
            self._look_again.start()

    # --- saving ---

    def _submit(self) -> None:
        if self._saving:
            return
        if self._offline:
            self._say_offline()
            return
        if self.who.registers and not self.who.validate():
            return
        if self._reason_field.isVisible() and not self.reason.text().strip():
            self._reason_field.set_error(_("Say why, in a word or two"))
            self.reason.setFocus()
            return
        missing = self.booking.missing
        if missing:
            target = {"patient": self.picker, "service": self.service, "slot": self.slots}[missing]
            target.setFocus()
            if missing == "patient":
                self.trouble.say("danger", _("Choose the patient, or register a new one."))
                self.trouble.show()
            return
        booking = replace(
            self.booking,
            note=self.note.text().strip(),
            confirmed=self.confirmed.isChecked(),
            overbooking_reason=self.reason.text().strip() if self._reason_field.isVisible() else "",
        )
        # The same wish keeps its operation: a second press, or a retry after a lost answer, books once.
        wish = self.typed().wish
        if self._attempt is None or self._attempt[0] != wish:
            self._attempt = wish, new_id()
        command = replace(booking.command(self._attempt[1]), consented=self.who.consented)
        if self.held.wanted:
            command = replace(command, hold_id=self.held.id)
        if self.together.active:
            self._submit_together(command)
            return
        self._saving = True
        self.submit.set_busy(True)
        self._deeds.book(command, self._booked, self._refused)

    def _submit_together(self, command: BookAppointment) -> None:
        missing = self.together.submit(command, lambda done: self._booked(done.after[0]), self._refused)
        self._saving = not missing
        self.submit.set_busy(not missing)
        self.trouble.setVisible(bool(missing))
        if missing:
            self.trouble.say("danger", missing)

    def _booked(self, appointment: Appointment) -> None:
        self._saving = False
        self.submit.set_busy(False)
        self.held.forget()
        self._forget()
        self.ghost_moved.emit(None)
        self.dismiss()
        self.booked.emit(appointment)

    def _refused(self, error: ClinicError) -> None:
        self._saving = False
        self.submit.set_busy(False)
        if self.isHidden():  # closed meanwhile: what is said in it would not be read
            self._deeds.refused.emit(None, error)
        self._say_refused(error)

    def _say_refused(self, error: ClinicError) -> None:
        """Say why the time cannot be had, with the one thing to do about it: squeeze it in, or take another room."""
        action, self._advice = "", self._overbook
        held = isinstance(error, SlotTaken) and error.held_for_minutes is not None
        if isinstance(error, SlotTaken) and error.resource_kind == "professional" and not held:
            action = _("Overbook") if allowed.may(Capability.OVERBOOK) else ""
        elif isinstance(error, SlotTaken) and error.resource_kind == "room":
            room_id = self.booking.free_room(self._found.ground) if self._found else None
            name = next((one.name for one in self.booking.catalogue.rooms if one.id == room_id), "")
            if name:
                action = _("Use {room}").format(room=name)
                self._advice = lambda: self._take_room(room_id)
        self.trouble.say("danger", sentence(error, self._clock.zone), action, icon="calendar-x")
        self.trouble.show()

    def _take_room(self, room_id: UUID | None) -> None:
        self._hush()
        self._room_chosen(room_id)

    def _hush(self) -> None:
        """Nothing is wrong any more, but for a server out of reach: that is said before anybody presses."""
        if self._offline:
            self._say_offline()
        else:
            self.trouble.hide()

    def _say_offline(self) -> None:
        self.trouble.say("warn", self._offline, detail=_("What you typed stays here as a draft."), icon="wifi-off")
        self.trouble.show()

    def _failed(self, error: ClinicError) -> None:
        if self._offline and isinstance(error, ServerAway):
            self._say_offline()
            return
        self.trouble.say("danger", sentence(error, self._clock.zone))
        self.trouble.show()

    def _overbook(self) -> None:
        """Beside another visit of the professional; a room holds one visit, so a free one is taken at once."""
        self._hush()
        free = self.booking.free
        room_id = self.booking.free_room(self._found.ground) if self._found and free else None
        if free is not None and room_id is not None:
            self.booking = replace(self.booking, free=replace(free, room_id=room_id))
        self._reason_field.show()
        self._changed()
        self.reason.setFocus()

    # --- showing ---

    def _changed(self) -> None:
        free = self.booking.free
        if free is None:
            self.submit.setText(_("Book"))
        else:
            local = free.slot.starts_at.astimezone(self._clock.zone)
            near = (local.date() - self._clock.today()).days in (0, 1)
            day = dates.relative_day(local.date(), self._clock.today()) if near else dates.short_day(local.date())
            self.submit.setText(_("Book {day}, {time}").format(day=day, time=f"{local:%H:%M}"))
            self.what.show_room(free.room_id)
        self._when.setText(self._when_words())
        self.ghost_moved.emit(free)
        self._hold()
        self.together.begin(self.booking, self.held.id if self.held.wanted else None)
        self._say_together()

    def _say_together(self) -> None:
        if self.together.active and self.booking.free is not None:
            self.submit.setText(self.together.submit_words())

    def _show_pane(self, repeats: bool) -> None:
        """At the right: free times, or the visits of the series with the times behind a word."""
        self._above.setVisible(repeats)
        self._panes.set_current("visits" if repeats else "times")
        self._turn("visits" if repeats else "times")
        self._changed()

    def _show_section(self) -> None:
        """Scroll to what was just added to the form."""
        form = self._scroll.widget()
        layout = form.layout() if form is not None else None
        if form is not None and layout is not None:
            layout.activate()
            form.adjustSize()
        self._scroll.ensureWidgetVisible(self.together.section, 0, 16)

    def _turn(self, pane: str) -> None:
        self.slots.setVisible(pane == "times")
        self.together.pane.setVisible(pane == "visits")

    def _when_words(self) -> str:
        free = self.booking.free
        if free is None:
            return ""
        local = free.slot.starts_at.astimezone(self._clock.zone)
        who = next((one.name for one in self.booking.catalogue.professionals if one.id == free.professional_id), "")
        return f"{dates.day_title(local.date())}, {local:%H:%M} · {who}"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._submit()
        else:
            super().keyPressEvent(event)

    # --- arranging ---

    def _connect(self) -> None:
        self.who.changed.connect(self._whom_changed)
        self.who.whom_chosen.connect(self._dependant_chosen)
        self.who.failed.connect(self._failed)
        self.trouble.acted.connect(lambda: self._advice())
        self.draft.acted.connect(self._start_over)
        self.what.service_chosen.connect(self._service_chosen)
        self.what.professional_chosen.connect(self._professional_chosen)
        self.what.length_chosen.connect(self._length_chosen)
        self.what.room_chosen.connect(self._room_chosen)
        self.slots.chosen.connect(self._slot_chosen)
        self.slots.wish_changed.connect(self._look_for_slots)
        self.slots.paged.connect(self._page)
        self.slots.day_wanted.connect(self._look_from)
        self.slots.waiting_wanted.connect(self._wait_instead)
        self.held.refused.connect(self._hold_refused)
        self.together.changed.connect(self._say_together)
        self.together.repeating_changed.connect(self._show_pane)
        self.together.grown.connect(self._show_section)
        self._panes.chosen.connect(self._turn)
        self._look_again.timeout.connect(self._look_for_slots)
        self.submit.clicked.connect(self._submit)
        self.closed.connect(self._put_aside)

    def _put_aside(self) -> None:
        self._look_again.stop()
        self.held.give_back()
        self.ghost_moved.emit(None)

    def _body(self, owner: QWidget) -> QWidget:
        body = QWidget()
        scale, window = (1 + theme.current().text_scale) / 2, owner.window().size()
        wide = min(round(980 * scale), max(980, window.width() - 96))
        body.setFixedSize(wide, min(680, max(560, window.height() - 72)))
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(28, 20, 20, 12)
        head.addWidget(Label(_("New appointment"), "title"))
        head.addSpacing(12)
        self._when = Label("", "body", "muted")
        head.addWidget(self._when)
        head.addStretch(1)
        close = icon_button("x", _("Close; the draft stays"), key="Esc")
        close.clicked.connect(self.dismiss)
        head.addWidget(close)
        column.addLayout(head)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        self._scroll = _scrolled(self._form())
        middle.addWidget(self._scroll, 1)
        middle.addWidget(separator(vertical=True))
        right = QWidget()
        stand_on(right, "bg")
        inner = QVBoxLayout(right)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        self._panes = Segmented([("visits", _("Visits")), ("times", _("Free times"))], _("What is at the right"))
        self._above = QWidget()
        above = QHBoxLayout(self._above)
        above.setContentsMargins(24, 16, 16, 0)
        above.addWidget(self._panes)
        above.addStretch(1)
        inner.addWidget(self._above)
        inner.addWidget(self.slots, 1)
        inner.addWidget(self.together.pane, 1)
        self._above.hide()
        self.together.pane.hide()
        right.setFixedWidth(round(420 * (1 + theme.current().text_scale) / 2))
        middle.addWidget(right)
        column.addLayout(middle, 1)
        column.addWidget(separator())
        foot = QHBoxLayout()
        foot.setContentsMargins(28, 14, 24, 14)
        foot.addWidget(self.confirmed)
        foot.addStretch(1)
        foot.addWidget(self.hold_note)
        foot.addSpacing(8)
        back = Button(_("Close"), "flat", key="Esc")
        back.clicked.connect(self.dismiss)
        foot.addWidget(back)
        foot.addSpacing(8)
        foot.addWidget(self.submit)
        column.addLayout(foot)
        return body

    def _form(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(28, 4, 28, 16)
        column.setSpacing(4)
        column.addWidget(self.draft)
        self.draft.hide()
        column.addSpacing(8)
        column.addWidget(self.who)
        column.addSpacing(12)
        column.addWidget(self.what)
        column.addSpacing(12)
        column.addWidget(Field(_("Note"), self.note, optional=True, reserve=False))
        column.addSpacing(4)
        column.addWidget(self.together.section)
        self._reason_field = Field(_("Reason for overbooking"), self.reason)
        column.addWidget(self._reason_field)
        column.addSpacing(8)
        column.addWidget(self.trouble)
        column.addStretch(1)
        return form


def _scrolled(form: QWidget) -> QScrollArea:
    """The form, scrolling when the window is too low for it."""
    scroll = scrolled(form)
    scroll.viewport().setAutoFillBackground(False)
    form.setAutoFillBackground(False)
    return scroll
