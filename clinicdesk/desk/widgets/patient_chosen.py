"""The patient who was chosen, with what tells them from a namesake, and the way back to the search."""

import datetime as dt
from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.patient_row import paint_patient
from clinicdesk.desk.widgets.patient_words import Line, line
from clinicdesk.domain.patients import PatientMatch, show_phone
from clinicdesk.formats import numeric_date
from clinicdesk.words import _, ngettext

_HEIGHT = 56


class ChosenPatient(QWidget):
    """`change` is the button that takes the choice back."""

    def __init__(
        self, now: Callable[[], dt.datetime], zone: Callable[[], dt.tzinfo], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._now, self._zone = now, zone
        self._card = _Card(self)
        self.change = Button(_("Change"), "link", size="dense")
        self.warning = Banner("warn", "", icon="users")
        row = QHBoxLayout(self._card)
        row.setContentsMargins(0, 0, 8, 0)
        row.addStretch(1)
        row.addWidget(self.change)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._card)
        column.addWidget(self.warning)
        self.warning.hide()

    def show_patient(self, match: PatientMatch, namesakes: int) -> None:
        """Show who was chosen; of several with the same name, ask to compare birth date or phone."""
        self._card.match = match
        self._card.setAccessibleName(self._line(match).spoken)
        self._card.update()
        self.warning.setVisible(namesakes > 1)
        if namesakes > 1:
            several = ngettext("{count} patient with this name", "{count} patients with this name", namesakes)
            self.warning.say("warn", several.format(count=namesakes), detail=_ask(match), icon="users")

    def paint(self, painter: QPainter, area: QRectF, match: PatientMatch) -> None:
        """Draw the chosen patient's line."""
        paint_patient(painter, current(), area, self._line(match))

    def _line(self, match: PatientMatch) -> Line:
        return line(match, self._now(), self._zone(), with_birth=True, with_visits=False)


def _ask(match: PatientMatch) -> str:
    if match.birth_date is not None:
        return _("Confirm the birth date: {date}").format(date=numeric_date(match.birth_date))
    if match.phone:
        return _("Confirm the phone: {phone}").format(phone=show_phone(match.phone))
    return _("Neither birth date nor phone is known; complete the register")


class _Card(QWidget):
    def __init__(self, owner: ChosenPatient) -> None:
        super().__init__(owner)
        self._owner = owner
        self.match: PatientMatch | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        drawing.box(painter, QRectF(self.rect()), 8, theme.color("sunken"), theme.color("line"))
        if self.match is not None:
            room = self.width() - self._owner.change.width() - 16
            self._owner.paint(painter, QRectF(12, 0, room - 12, self.height()), self.match)
