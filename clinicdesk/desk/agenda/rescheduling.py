"""Another time for a visit: the free times of its service, the same professional first."""

import datetime as dt

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import dates, theme
from clinicdesk.desk.agenda.booking import DAYS_SEARCHED
from clinicdesk.desk.agenda.held_time import HeldTime
from clinicdesk.desk.agenda.hold_note import HoldNote
from clinicdesk.desk.agenda.slot_picker import SlotPicker
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.clinics import Catalogue, Service
from clinicdesk.domain.finder import Found
from clinicdesk.domain.slots import FreeSlot, SlotRequest
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import agenda, finder
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _


class ReschedulePopover(Popover):
    """`decided` carries the FreeSlot that was chosen, and the id under which it is held."""

    decided = Signal(object, object)

    def __init__(
        self,
        owner: QWidget,
        clinic: Clinic,
        background: Background,
        clock: DeskClock,
        catalogue: Catalogue,
        appointment: Appointment,
    ) -> None:
        super().__init__(owner, veiled=True, radius=16)
        self._clinic, self._background, self._clock = clinic, background, clock
        self._catalogue, self._appointment = catalogue, appointment
        self._first_day = clock.today()
        self._chosen: FreeSlot | None = None
        self._first_answer = True
        self.held = HeldTime(clinic, background, self)
        self.slots = SlotPicker(clock, named=False)
        self.slots.set_catalogue(catalogue)
        self.trouble = Banner("danger", "")
        self.trouble.hide()
        self.submit = Button(_("Reschedule"), "primary", icon="calendar-clock", key=_("Enter"))
        self.submit.setEnabled(False)
        self.set_content(self._body(), self.slots)
        self.slots.chosen.connect(self._take)
        self.slots.paged.connect(self._page)
        self.slots.wish_changed.connect(self._look)
        self.slots.day_wanted.connect(self._look_from)
        self.held.refused.connect(self._hold_refused)
        self.submit.clicked.connect(self._decide)
        self.closed.connect(self.held.give_back)
        self.closed.connect(self.deleteLater)
        self._look()

    def _service(self) -> Service | None:
        return next((one for one in self._catalogue.services if one.id == self._appointment.service_id), None)

    def _look(self) -> None:
        service = self._service()
        if service is None:
            return
        wish = self.slots.wish
        request = SlotRequest(
            service,
            (self._appointment.professional_id,),
            self._first_day,
            DAYS_SEARCHED,
            self._appointment.slot.minutes,
            wish.earliest,
            wish.latest,
            wish.weekdays,
        )
        self._background.run(
            self,
            lambda: agenda.look_for_slots(self._clinic, request, self._clock.now(), self.held.id),
            self._came,
            self._failed,
            replaces="slots",
        )

    def _came(self, found: Found) -> None:
        self.slots.show_found(found, self._chosen)
        if self.focusWidget() is None or self._first_answer:
            self.slots.setFocus()
            self._first_answer = False
        if not found.search.slots:
            self._background.run(
                self,
                lambda: finder.nearest(self._clinic, self._catalogue, found.request, self._clock.now(), self.held.id),
                self.slots.show_nearby,
                self._failed,
                replaces="nearby",
            )

    def _failed(self, error: ClinicError) -> None:
        self.trouble.say("danger", sentence(error, self._clock.zone))
        self.trouble.show()

    def _hold_refused(self, error: ClinicError) -> None:
        self._failed(error)
        self._chosen = None
        self.submit.setEnabled(False)
        self._look()

    def _page(self, step: int) -> None:
        self._look_from(self._first_day + dt.timedelta(days=step * DAYS_SEARCHED))

    def _look_from(self, day: dt.date) -> None:
        self._first_day = max(day, self._clock.today())
        self._look()

    def _take(self, free: FreeSlot) -> None:
        self._chosen = free
        self.trouble.hide()
        service = self._service()
        if service is not None:
            self.held.want(free, service)
        local = free.slot.starts_at.astimezone(self._clock.zone)
        self.submit.setText(_("Move to {day}, {time}").format(day=dates.short_day(local.date()), time=f"{local:%H:%M}"))
        self.submit.setEnabled(True)
        self.submit.setFocus()

    def _decide(self) -> None:
        if self._chosen is not None:
            self.decided.emit(self._chosen, self.held.id)
            self.held.forget()
            self.dismiss()

    def _body(self) -> QWidget:
        body = QWidget()
        body.setFixedSize(round(460 * (1 + theme.current().text_scale) / 2), 600)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 20, 0, 16)
        column.setSpacing(4)
        head = QVBoxLayout()
        head.setContentsMargins(24, 0, 24, 4)
        head.addWidget(
            Label(_("Another time for {name}").format(name=self._appointment.patient_name), "title", wrap=True)
        )
        local = self._appointment.starts_at.astimezone(self._clock.zone)
        now = (
            f"{self._appointment.service_name} · {dates.relative_day(local.date(), self._clock.today())}, {local:%H:%M}"
        )
        head.addWidget(Label(now, "body", "muted"))
        column.addLayout(head)
        column.addWidget(self.trouble)
        column.addWidget(self.slots, 1)
        column.addWidget(separator())
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 12, 24, 0)
        foot.addWidget(HoldNote(self.held))
        foot.addStretch(1)
        back = Button(_("Close"), "flat", key="Esc")
        back.clicked.connect(self.dismiss)
        foot.addWidget(back)
        foot.addWidget(self.submit)
        column.addLayout(foot)
        return body
