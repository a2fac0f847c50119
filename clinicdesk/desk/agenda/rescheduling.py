"""Another time for a visit: the free times of its service, the same professional first."""

import datetime as dt

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.agenda.booking import DAYS_SEARCHED
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
from clinicdesk.domain.slots import FreeSlot, SlotRequest, SlotSearch
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _


class ReschedulePopover(Popover):
    """`decided` carries the FreeSlot that was chosen."""

    decided = Signal(object)

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
        self.slots = SlotPicker(clock, self._detail)
        self.trouble = Banner("danger", "")
        self.trouble.hide()
        self.submit = Button(_("Reschedule"), "primary", icon="calendar-clock", key=_("Enter"))
        self.submit.setEnabled(False)
        self.set_content(self._body(), self.slots)
        self.slots.chosen.connect(self._take)
        self.slots.more_wanted.connect(self._more_days)
        self.submit.clicked.connect(self._decide)
        self.closed.connect(self.deleteLater)
        self._look()

    def _service(self) -> Service | None:
        return next((one for one in self._catalogue.services if one.id == self._appointment.service_id), None)

    def _look(self) -> None:
        service = self._service()
        if service is None:
            return
        request = SlotRequest(
            service,
            (self._appointment.professional_id,),
            self._first_day,
            DAYS_SEARCHED,
            self._appointment.slot.minutes,
        )
        self._background.run(
            self,
            lambda: agenda.search_slots(self._clinic, request, self._clock.now()),
            self._came,
            self._failed,
            replaces="slots",
        )

    def _came(self, search: SlotSearch) -> None:
        self.slots.show_search(search)
        self.slots.setFocus()

    def _failed(self, error: ClinicError) -> None:
        self.trouble.say("danger", sentence(error, self._clock.zone))
        self.trouble.show()

    def _more_days(self) -> None:
        self._first_day += dt.timedelta(days=DAYS_SEARCHED)
        self._look()

    def _take(self, free: FreeSlot) -> None:
        self._chosen = free
        local = free.slot.starts_at.astimezone(self._clock.zone)
        self.submit.setText(_("Move to {day}, {time}").format(day=dates.short_day(local.date()), time=f"{local:%H:%M}"))
        self.submit.setEnabled(True)
        self.submit.setFocus()

    def _decide(self) -> None:
        if self._chosen is not None:
            self.decided.emit(self._chosen)
            self.dismiss()

    def _detail(self, free: FreeSlot) -> str:
        return next((one.name for one in self._catalogue.rooms if one.id == free.room_id), "")

    def _body(self) -> QWidget:
        body = QWidget()
        body.setFixedSize(460, 600)
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
        foot.addStretch(1)
        back = Button(_("Close"), "flat", key="Esc")
        back.clicked.connect(self.dismiss)
        foot.addWidget(back)
        foot.addWidget(self.submit)
        column.addLayout(foot)
        return body
