"""More services for the same coming: a line each, right after the one before, with the time of all of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.agenda.booking import Booking
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.dates import minutes_text
from clinicdesk.desk.widgets.button import icon_button
from clinicdesk.desk.widgets.fields import Select
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.agenda import BookAppointment
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.errors import ClinicError
from clinicdesk.formats import time_range
from clinicdesk.usecases import visits
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _

_ANYBODY = "anybody"


@dataclass(frozen=True)
class Line:
    """A further service: with whom (None: whoever is free), in which room (None: the one that fits), and where."""

    service: Service
    professional_id: UUID | None = None
    room_id: UUID | None = None
    place: FreeSlot | None = None


class MoreServices(QWidget):
    """`changed` when a line did. Every line is laid right after the one before it, as soon as that is known."""

    changed = Signal()

    def __init__(self, clinic: Clinic, background: Background, clock: DeskClock) -> None:
        super().__init__()
        self._clinic, self._background, self._clock = clinic, background, clock
        self._booking: Booking | None = None
        self.rows: list[_Row] = []
        self.total = Label("", "strong", numbers=True, wrap=True)
        self.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.total)

    @property
    def lines(self) -> list[Line]:
        """The further services, in their order."""
        return [row.line for row in self.rows]

    @property
    def incomplete(self) -> "_Row | None":
        """The first line that has no place yet."""
        return next((row for row in self.rows if row.line.place is None), None)

    def add(self) -> None:
        """One more line, for a service the same professional does if there is one."""
        if self._booking is None or self._booking.service is None:
            return
        others = [one for one in self._booking.services() if one != self._booking.service]
        row = _Row(Line((others or list(self._booking.catalogue.services))[0]), self._booking)
        row.changed.connect(self._lay)
        row.removed.connect(self._remove)
        self.rows.append(row)
        self._column.insertWidget(len(self.rows) - 1, row)
        self.show()
        row.service.setFocus()
        self._lay()

    def clear(self) -> None:
        """No further services."""
        for row in tuple(self.rows):
            self._take_out(row)

    def begin(self, booking: Booking) -> None:
        """The first service is this one now; the others follow it."""
        moved = self._booking is None or booking.free != self._booking.free
        self._booking = booking
        if moved:
            self._lay()

    def parts(self, first: BookAppointment) -> tuple[BookAppointment, ...]:
        """All services of the visit, from the booking of the first one."""
        found = [first]
        for line in self.lines:
            assert line.place is not None
            found.append(
                replace(
                    first,
                    professional_id=line.place.professional_id,
                    service_id=line.service.id,
                    slot=line.place.slot,
                    room_id=line.place.room_id,
                    equipment_id=line.place.equipment_id,
                    overbooking_reason="",
                )
            )
        return tuple(found)

    # --- laying ---

    def _lay(self) -> None:
        """Find the place of every line, one after the other."""
        booking = self._booking
        if booking is None or booking.free is None or booking.service is None:
            self._tell()
            return
        asked = [(row.line.service.id, row.line.professional_id, row.line.room_id) for row in self.rows]
        if not asked:
            self._tell()
            return
        first, service_id = booking.free, booking.service.id
        now = self._clock.now()
        self._background.run(
            self,
            lambda: visits.lay(self._clinic, first, service_id, asked, now),
            self._laid,
            lambda error: self._failed(error),
            replaces="services",
        )

    def _laid(self, found: list[tuple[FreeSlot, ClinicError | None]]) -> None:
        for row, (place, refusal) in zip(self.rows, found, strict=False):
            words = sentence(refusal, self._clock.zone) if refusal else ""
            row.show_place(place, words, self._clock, free=refusal is None)
        self._tell()
        self.changed.emit()

    def _failed(self, error: ClinicError) -> None:
        for row in self.rows:
            row.show_trouble(sentence(error, self._clock.zone))

    def _tell(self) -> None:
        booking = self._booking
        last = self.rows[-1].line.place if self.rows else None
        self.total.setVisible(last is not None)
        if booking is not None and booking.free is not None and last is not None:
            start, end = booking.free.slot.starts_at, last.slot.ends_at
            length = minutes_text(int((end - start).total_seconds() // 60))
            self.total.setText(
                _("In all {length}, {time}").format(length=length, time=time_range(start, end, self._clock.zone))
            )

    def _remove(self, row: "_Row") -> None:
        self._take_out(row)
        self._lay()
        self.changed.emit()

    def _take_out(self, row: "_Row") -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        self.setVisible(bool(self.rows))
        row.hide()
        row.deleteLater()


class _Row(QWidget):
    changed = Signal()
    removed = Signal(object)

    def __init__(self, line: Line, booking: Booking) -> None:
        super().__init__()
        self.line = line
        self._booking = booking
        self._filling = True
        self.service = Select([(one.id, one.name) for one in booking.catalogue.services], icon="stethoscope")
        self.service.set_value(line.service.id)
        self.professional, self.room = Select(icon="user-round"), Select(icon="door-open")
        self.when = Label("", "second", "muted", numbers=True)
        self.when.setMinimumWidth(1)
        self.trouble = Label("", "second", "dangerText", wrap=True)
        self.trouble.hide()
        self._arrange()
        self._offer()
        self.service.setAccessibleName(_("Service"))
        self.professional.setAccessibleName(_("Professional"))
        self.room.setAccessibleName(_("Room"))
        for select in (self.service, self.professional, self.room):
            # A long name is cut in the box, and whole in the list; the form does not grow for it.
            select.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            select.setMinimumContentsLength(6)
            select.currentIndexChanged.connect(self._chosen)

    def show_place(self, place: FreeSlot, trouble: str, clock: DeskClock, *, free: bool) -> None:
        """Show where the service would lie, or what stands against it."""
        self.line = replace(self.line, place=place if free else None)
        catalogue = self._booking.catalogue
        who = next((one.name for one in catalogue.professionals if one.id == place.professional_id), "")
        room = next((one.name for one in catalogue.rooms if one.id == place.room_id), "")
        when = time_range(place.slot.starts_at, place.slot.ends_at, clock.zone)
        self.when.setText(" · ".join(filter(None, (when, who, room))))
        self.show_trouble(trouble)

    def show_trouble(self, words: str) -> None:
        """Say what stands against the line; nothing takes it away."""
        self.trouble.setText(words)
        self.trouble.setVisible(bool(words))

    def _chosen(self) -> None:
        if self._filling:
            return
        services = self._booking.catalogue.services
        chosen = next((one for one in services if one.id == self.service.value), self.line.service)
        if chosen != self.line.service:
            self.line = Line(chosen)
            self._offer()
        professional, room = self.professional.value, self.room.value
        self.line = replace(
            self.line,
            professional_id=professional if isinstance(professional, UUID) else None,
            room_id=room if isinstance(room, UUID) else None,
            place=None,
        )
        self.changed.emit()

    def _offer(self) -> None:
        self._filling = True
        catalogue, service = self._booking.catalogue, self.line.service
        people = [
            one for one in catalogue.professionals if not service.professional_ids or one.id in service.professional_ids
        ]
        rooms = [one for one in catalogue.rooms if not service.room_ids or one.id in service.room_ids]
        self.professional.set_options([(_ANYBODY, _("Whoever is free")), *((one.id, one.name) for one in people)])
        self.room.set_options([(_ANYBODY, _("Whichever room is free")), *((one.id, one.name) for one in rooms)])
        self._filling = False

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(Label(_("And then"), "label", "muted"))
        head.addWidget(self.when)
        head.addStretch(1)
        remove: Callable[..., None] = lambda: self.removed.emit(self)  # noqa: E731
        away = icon_button("x", _("Without this service"), size="dense")
        away.clicked.connect(remove)
        head.addWidget(away)
        column.addLayout(head)
        column.addWidget(self.service)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.professional, 1)
        line.addWidget(self.room, 1)
        column.addLayout(line)
        column.addWidget(self.trouble)
