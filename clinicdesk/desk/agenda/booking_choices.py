"""What is booked and with whom: service, professional, length and room, offered as far as they fit each other."""

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.agenda.booking import Booking
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import Select
from clinicdesk.words import _

_LENGTHS = (10, 15, 20, 30, 40, 45, 50, 60, 75, 90, 120, 150, 180)
_ANYBODY = "anybody"


class ChoicesSection(QWidget):
    """Each signal carries what a person chose; what `offer` fills in by itself is told to nobody."""

    service_chosen = Signal(object)  # Service
    professional_chosen = Signal(object)  # UUID or None: whoever is free
    length_chosen = Signal(int)
    room_chosen = Signal(object)  # UUID or None

    def __init__(self) -> None:
        super().__init__()
        self._booking: Booking | None = None
        self._filling = False
        self.service = Select(icon="stethoscope")
        self.professional, self.length, self.room = Select(icon="user-round"), Select(), Select(icon="door-open")
        self._arrange()
        self.service.currentIndexChanged.connect(self._service_chosen)
        self.professional.currentIndexChanged.connect(self._professional_chosen)
        self.length.currentIndexChanged.connect(self._length_chosen)
        self.room.currentIndexChanged.connect(self._room_chosen)

    def offer(self, booking: Booking) -> None:
        """Fill the choices from the booking as it stands."""
        self._filling = True
        self._booking = booking
        self.service.set_options([(one.id, one.name) for one in booking.catalogue.services])
        if booking.service:
            self.service.set_value(booking.service.id)
        able = booking.service.professional_ids if booking.service else ()
        people = [one for one in booking.catalogue.professionals if not able or one.id in able]
        self.professional.set_options([(_ANYBODY, _("Whoever is free")), *((one.id, one.name) for one in people)])
        self.professional.set_value(booking.professional_id or _ANYBODY)
        lengths = sorted({*_LENGTHS, booking.minutes} - {0})
        self.length.set_options([(one, _("{minutes} min").format(minutes=one)) for one in lengths])
        self.length.set_value(booking.minutes)
        rooms = booking.service.room_ids if booking.service else ()
        shown = [one for one in booking.catalogue.rooms if not rooms or one.id in rooms]
        self.room.set_options([(None, _("No room")), *((one.id, one.name) for one in shown)])
        self._filling = False

    def show_room(self, room_id: UUID | None) -> None:
        """Show the room that goes with the chosen time."""
        self._filling = True
        self.room.set_value(room_id)
        self._filling = False

    def _service_chosen(self) -> None:
        services = self._booking.catalogue.services if self._booking else ()
        chosen = next((one for one in services if one.id == self.service.value), None)
        if not self._filling and chosen is not None:
            self.service_chosen.emit(chosen)

    def _professional_chosen(self) -> None:
        if not self._filling:
            value = self.professional.value
            self.professional_chosen.emit(value if isinstance(value, UUID) else None)

    def _length_chosen(self) -> None:
        if not self._filling and isinstance(self.length.value, int):
            self.length_chosen.emit(self.length.value)

    def _room_chosen(self) -> None:
        if not self._filling:
            room = self.room.value
            self.room_chosen.emit(room if isinstance(room, UUID) else None)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for widgets in (
            ((_("Service"), self.service, 3), (_("Professional"), self.professional, 2)),
            ((_("Length"), self.length, 1), (_("Room"), self.room, 2)),
        ):
            line = QHBoxLayout()
            line.setSpacing(16)
            for label, widget, stretch in widgets:
                line.addWidget(Field(label, widget, reserve=False), stretch)
            column.addLayout(line)
