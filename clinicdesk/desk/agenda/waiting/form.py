"""Putting somebody on the waiting list: who, for what, when they can come, and how soon they ought to."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import theme
from clinicdesk.desk.agenda.waiting.words import EVENING, NOON, urgency_word
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.dates import capitalised
from clinicdesk.desk.drafts import Typed
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.chip import FilterChip
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.patient_picker import PatientPicker
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.drafts import NEW
from clinicdesk.domain.patients import PatientMatch
from clinicdesk.domain.plain import to_plain
from clinicdesk.domain.waiting import EVERY_DAY, MIDNIGHT, Urgency, WaitingEntry, WaitingWish
from clinicdesk.formats import short_weekday
from clinicdesk.words import _

_MONDAY = dt.date(2026, 11, 23)
_ANYBODY = "anybody"
_PARTS = {
    "any": (MIDNIGHT, MIDNIGHT),
    "morning": (MIDNIGHT, NOON),
    "afternoon": (NOON, EVENING),
    "evening": (EVENING, MIDNIGHT),
}
_HOW_LONG = (7, 14, 30, 60, 90)
Search = Callable[[str, Callable[[list[PatientMatch]], None]], None]


@dataclass(frozen=True)
class Beginning:
    """What is known already when the form opens."""

    patient: PatientMatch | None = None
    service_id: UUID | None = None
    professional_id: UUID | None = None
    weekdays: tuple[int, ...] = ()
    from_time: dt.time = MIDNIGHT
    to_time: dt.time = MIDNIGHT


class WaitingForm(Popover):
    """`decided` carries the patient's id and the WaitingWish; `given_up` that an entry is to leave the list."""

    decided = Signal(object, object)
    given_up = Signal()

    def __init__(
        self,
        owner: QWidget,
        search: Search,
        clock: DeskClock,
        catalogue: Catalogue,
        beginning: Beginning,
        entry: WaitingEntry | None = None,
    ) -> None:
        super().__init__(owner, veiled=True, radius=16, light=False)
        self._clock, self._entry, self._beginning = clock, entry, beginning
        self.picker = PatientPicker(search, clock.now, lambda: clock.zone, may_be_new=False)
        self.service = Select([(one.id, one.name) for one in catalogue.services], icon="stethoscope")
        self.professional = Select(icon="user-round")
        self.days = {
            day: FilterChip(short_weekday(_MONDAY + dt.timedelta(days=day - 1)), checked=False) for day in EVERY_DAY
        }
        self.hours = Segmented(
            [
                ("any", _("Any hour")),
                ("morning", _("Mornings")),
                ("afternoon", _("Afternoons")),
                ("evening", _("Evenings")),
            ],
            _("Time of day"),
        )
        self.how_long = Select()
        self.urgency = Segmented([(str(int(one)), capitalised(urgency_word(one))) for one in Urgency], _("How soon"))
        self.note = LineEdit(_("Prefers a call; lives nearby…"))
        words = _("Put on the list") if entry is None else _("Save")
        self.submit = Button(words, "primary", icon="list-plus" if entry is None else "check", key="Ctrl Enter")
        self._catalogue = catalogue
        self._own_span: tuple[dt.time, dt.time] | None = None
        self._fill(entry, beginning)
        self.set_content(self._body(), self.picker if entry is None and beginning.patient is None else self.service)
        self.service.currentIndexChanged.connect(self._offer_people)
        self.submit.clicked.connect(self._decide)
        self.closed.connect(self.deleteLater)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._decide()
        else:
            super().keyPressEvent(event)

    @property
    def wish(self) -> WaitingWish:
        """What the form says."""
        chosen = tuple(day for day, chip in self.days.items() if chip.isChecked())
        professional = self.professional.value
        today = self._clock.today()
        first = self._entry.wish.first_day if self._entry else today
        length = self.how_long.value
        last = length if isinstance(length, dt.date) else None
        span = self._own_span if self.hours.current == "any" and self._own_span else _PARTS[self.hours.current]
        service = self.service.value
        assert isinstance(service, UUID)
        return WaitingWish(
            service,
            first,
            professional if isinstance(professional, UUID) else None,
            chosen or EVERY_DAY,
            *span,
            last,
            Urgency(int(self.urgency.current)),
            self.note.text().strip(),
        )

    def typed(self) -> Typed | None:
        """What is to be kept of it: a wish for somebody who was chosen, or one that is being changed."""
        patient = self.picker.patient
        if self._entry is None and patient is None:
            return None
        if self._entry is not None and self.wish == self._entry.wish:
            return None
        about = self._entry.patient_name if self._entry else patient.name if patient else ""
        key = str(self._entry.id) if self._entry else NEW
        return Typed(key, about, [to_plain(patient), to_plain(self.wish), self._entry.version if self._entry else 0])

    def take_up(self, patient: PatientMatch | None, wish: WaitingWish) -> None:
        """Put in what was kept."""
        self._fill_wish(wish, Beginning(patient))

    # --- within ---

    def _decide(self) -> None:
        patient_id = self._entry.patient_id if self._entry else self.picker.patient.id if self.picker.patient else None
        if patient_id is None:
            self._patient_field.set_error(_("Choose the patient"))
            self.picker.setFocus()
            return
        if isinstance(self.service.value, UUID):
            self.decided.emit(patient_id, self.wish)
            self.dismiss()

    def _fill(self, entry: WaitingEntry | None, beginning: Beginning) -> None:
        self._fill_wish(entry.wish if entry else None, beginning)

    def _fill_wish(self, wish: WaitingWish | None, beginning: Beginning) -> None:
        if beginning.patient is not None:
            self.picker.choose(beginning.patient, tell=False)
        service_id = wish.service_id if wish else beginning.service_id
        if service_id:
            self.service.set_value(service_id)
        self._offer_people()
        chosen = wish.professional_id if wish else beginning.professional_id
        self.professional.set_value(chosen or _ANYBODY)
        weekdays = wish.weekdays if wish else beginning.weekdays
        for day, chip in self.days.items():
            chip.setChecked(day in weekdays and set(weekdays) != set(EVERY_DAY))
        span = (wish.from_time, wish.to_time) if wish else (beginning.from_time, beginning.to_time)
        part = next((key for key, value in _PARTS.items() if value == span), "any")
        self.hours.set_current(part)
        self._own_span = span if part == "any" else None
        self.urgency.set_current(str(int(wish.urgency if wish else Urgency.SOON)))
        self.note.setText(wish.note if wish else "")
        self._offer_lengths(wish.last_day if wish else None)

    def _offer_people(self) -> None:
        service = next((one for one in self._catalogue.services if one.id == self.service.value), None)
        able = service.professional_ids if service else ()
        people = [one for one in self._catalogue.professionals if not able or one.id in able]
        kept = self.professional.value
        self.professional.set_options([(_ANYBODY, _("Whoever is free")), *((one.id, one.name) for one in people)])
        self.professional.set_value(kept or _ANYBODY)

    def _offer_lengths(self, last_day: dt.date | None) -> None:
        today = self._clock.today()
        days = {today + dt.timedelta(days=number): number for number in _HOW_LONG}
        options: list[tuple[object, str]] = [("always", _("Until they are called"))]
        options += [(day, _("For {count} days").format(count=number)) for day, number in days.items()]
        if last_day is not None and last_day not in days:
            options.append((last_day, _("Until {day}").format(day=f"{last_day:%d/%m/%Y}")))
        self.how_long.set_options(options)
        self.how_long.set_value(last_day or "always")

    def _body(self) -> QWidget:
        body = QWidget()
        body.setFixedWidth(round(520 * theme.current().text_scale))
        column = QVBoxLayout(body)
        column.setContentsMargins(28, 20, 28, 20)
        column.setSpacing(12)
        title = _("Waiting list") if self._entry is None else self._entry.patient_name
        column.addWidget(Label(title, "title", wrap=True))
        self._patient_field = Field(_("Patient"), self.picker, reserve=False)
        column.addWidget(self._patient_field)
        self._patient_field.setVisible(self._entry is None)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(Field(_("Service"), self.service, reserve=False), 1)
        line.addWidget(Field(_("Professional"), self.professional, reserve=False), 1)
        column.addLayout(line)
        column.addWidget(Label(_("Days of the week (none: any day)"), "label", "muted"))
        week = QHBoxLayout()
        week.setSpacing(4)
        for chip in self.days.values():
            week.addWidget(chip)
        week.addStretch(1)
        column.addLayout(week)
        column.addWidget(self.hours)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(Field(_("Stays on the list"), self.how_long, reserve=False), 1)
        soon = QVBoxLayout()
        soon.setSpacing(2)
        soon.addWidget(Label(_("How soon"), "label", "muted"))
        soon.addWidget(self.urgency)
        line.addLayout(soon)
        column.addLayout(line)
        column.addWidget(Field(_("Note"), self.note, optional=True, reserve=False))
        foot = QHBoxLayout()
        if self._entry is not None:
            gone = Button(_("Take off the list"), "flat", icon="user-x")
            gone.clicked.connect(self.given_up)
            gone.clicked.connect(self.dismiss)
            foot.addWidget(gone)
        foot.addStretch(1)
        back = Button(_("Close"), "flat", key="Esc")
        back.clicked.connect(self.dismiss)
        foot.addWidget(back)
        foot.addWidget(self.submit)
        column.addLayout(foot)
        return body
