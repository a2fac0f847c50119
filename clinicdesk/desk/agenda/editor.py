"""The booking editor: who, what, with whom and when, on one surface that keeps what was typed."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.agenda.booking import Booking
from clinicdesk.desk.agenda.booking_choices import ChoicesSection
from clinicdesk.desk.agenda.booking_patient import PatientSection
from clinicdesk.desk.agenda.deeds import AgendaDeeds
from clinicdesk.desk.agenda.slot_picker import SlotPicker
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.switch import Switch
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import Appointment, Slot
from clinicdesk.domain.clinics import Catalogue, Service
from clinicdesk.domain.patients import NewPatient, PatientMatch
from clinicdesk.domain.slots import FreeSlot, SlotSearch
from clinicdesk.errors import ClinicError, SlotTaken
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _


class BookingEditor(Popover):
    """Closing keeps the draft; booking or a fresh `begin` clears it. `ghost_moved` carries the chosen FreeSlot."""

    booked = Signal(object)  # Appointment
    ghost_moved = Signal(object)

    def __init__(
        self,
        owner: QWidget,
        clinic: Clinic,
        background: Background,
        deeds: AgendaDeeds,
        clock: DeskClock,
        catalogue: Catalogue,
    ) -> None:
        super().__init__(owner, veiled=True, radius=16, light=False)
        self._clinic, self._background, self._deeds, self._clock = clinic, background, deeds, clock
        self.booking = Booking(catalogue)
        self._first_day = clock.today()
        self._attempt: tuple[Booking, UUID] | None = None
        self._fixed: Slot | None = None
        self._saving = False
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
        self.slots = SlotPicker(clock, self._slot_detail)
        self.submit = Button(_("Book"), "primary", key="Ctrl Enter", size="key")
        self.set_content(self._body(owner), self.picker)
        self._connect()
        self.what.offer(self.booking)

    # --- opening ---

    def begin(
        self,
        slot: Slot | None = None,
        professional_id: UUID | None = None,
        patient: PatientMatch | None = None,
        day: dt.date | None = None,
    ) -> None:
        """Start a booking, at a place that was pointed at or for a person already chosen.

        What was begun and put aside comes back, at the new place if there is one; another person starts afresh.
        """
        draft = self.has_draft and patient is None
        if not draft:
            self._forget()
        if slot or not draft:
            self._place(slot, professional_id, day)
        self.draft.setVisible(draft)
        self.trouble.hide()
        self.what.offer(self.booking)
        if patient:
            self.who.take(patient)
        self._look_for_slots()
        self.open_centred()

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

    def set_catalogue(self, catalogue: Catalogue) -> None:
        """Offer what the clinic offers now."""
        service = self.booking.service
        known = next((one for one in catalogue.services if service and one.id == service.id), None)
        self.booking = replace(self.booking, catalogue=catalogue, service=known)

    @property
    def has_draft(self) -> bool:
        """Whether somebody or something was put in that would be lost."""
        typed = self.who.typed or self.note.text().strip()
        return self.booking.patient is not None or bool(typed)

    def _forget(self) -> None:
        self._attempt = self._fixed = None
        for edit in (self.note, self.reason):
            edit.clear()
        self.confirmed.setChecked(False)
        self.who.clear()
        self.booking = Booking(self.booking.catalogue)
        for part in (self._reason_field, self.draft, self.trouble):
            part.hide()

    def _start_over(self) -> None:
        self._forget()
        self._place(None, None, None)
        self.what.offer(self.booking)
        self._look_for_slots()
        self.picker.setFocus()

    def _place(self, slot: Slot | None, professional_id: UUID | None, day: dt.date | None) -> None:
        booking = replace(self.booking, professional_id=professional_id, free=None)
        self._fixed = slot
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
        self.booking = replace(self.booking, free=free, overbooking_reason="")
        self._reason_field.hide()
        self.trouble.hide()
        self._changed()

    # --- free time ---

    def _look_for_slots(self) -> None:
        request = self.booking.request(self._first_day)
        self._changed()
        if request is not None:
            self._background.run(
                self,
                lambda: agenda.search_slots(self._clinic, request, self._clock.now()),
                self._slots_came,
                self._failed,
                replaces="slots",
            )

    def _slots_came(self, search: SlotSearch) -> None:
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
        elif search.slots and (free is None or free not in search.slots):
            self.booking = replace(self.booking, free=None)
        self.slots.show_search(search, self.booking.free)
        if self.booking.free is None:
            first = self.slots.first()
            if first:
                self.booking = replace(self.booking, free=first)
                self.slots.mark(first)
        self._changed()

    def _more_days(self) -> None:
        self._first_day += dt.timedelta(days=10)
        self._fixed = None
        self.booking = replace(self.booking, free=None)
        self._look_for_slots()

    def _slot_detail(self, free: FreeSlot) -> str:
        catalogue = self.booking.catalogue
        room = next((one.name for one in catalogue.rooms if one.id == free.room_id), "")
        if self.booking.professional_id:
            return room
        who = next((one.name for one in catalogue.professionals if one.id == free.professional_id), "")
        return f"{who} · {room}" if room else who

    # --- saving ---

    def _submit(self) -> None:
        if self._saving:
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
        if self._attempt is None or self._attempt[0] != booking:
            self._attempt = booking, new_id()
        self._saving = True
        self.submit.set_busy(True)
        self._deeds.book(booking.command(self._attempt[1]), self._booked, self._refused)

    def _booked(self, appointment: Appointment) -> None:
        self._saving = False
        self.submit.set_busy(False)
        self._forget()
        self.ghost_moved.emit(None)
        self.dismiss()
        self.booked.emit(appointment)

    def _refused(self, error: ClinicError) -> None:
        self._saving = False
        self.submit.set_busy(False)
        if self.isHidden():  # closed meanwhile: what is said in it would not be read
            self._deeds.refused.emit(None, error)
        self.trouble.show()
        can_overbook = isinstance(error, SlotTaken) and error.resource_kind == "professional"
        self.trouble.say(
            "danger", sentence(error, self._clock.zone), _("Overbook") if can_overbook else "", icon="calendar-x"
        )

    def _failed(self, error: ClinicError) -> None:
        self.trouble.say("danger", sentence(error, self._clock.zone))
        self.trouble.show()

    def _overbook(self) -> None:
        self.trouble.hide()
        self._reason_field.show()
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
        self.trouble.acted.connect(self._overbook)
        self.draft.acted.connect(self._start_over)
        self.what.service_chosen.connect(self._service_chosen)
        self.what.professional_chosen.connect(self._professional_chosen)
        self.what.length_chosen.connect(self._length_chosen)
        self.what.room_chosen.connect(self._room_chosen)
        self.slots.chosen.connect(self._slot_chosen)
        self.slots.more_wanted.connect(self._more_days)
        self.submit.clicked.connect(self._submit)
        self.closed.connect(lambda: self.ghost_moved.emit(None))

    def _body(self, owner: QWidget) -> QWidget:
        body = QWidget()
        body.setFixedSize(980, min(680, max(560, owner.window().height() - 72)))
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
        middle.addWidget(_scrolled(self._form()), 1)
        middle.addWidget(separator(vertical=True))
        right = QWidget()
        stand_on(right, "bg")
        inner = QVBoxLayout(right)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.slots)
        right.setFixedWidth(420)
        middle.addWidget(right)
        column.addLayout(middle, 1)
        column.addWidget(separator())
        foot = QHBoxLayout()
        foot.setContentsMargins(28, 14, 24, 14)
        foot.addWidget(self.confirmed)
        foot.addStretch(1)
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
        self._reason_field = Field(_("Reason for overbooking"), self.reason)
        column.addWidget(self._reason_field)
        column.addSpacing(8)
        column.addWidget(self.trouble)
        column.addStretch(1)
        return form


def _scrolled(form: QWidget) -> QScrollArea:
    """The form, scrolling when the window is too low for it."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(form)
    scroll.viewport().setAutoFillBackground(False)
    form.setAutoFillBackground(False)
    return scroll
