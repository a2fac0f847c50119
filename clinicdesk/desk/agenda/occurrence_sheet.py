"""A sheet of the visits of a series, each to be decided before anything is written."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.agenda.occurrences import OccurrenceList
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import separator
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.slots import FreeSlot


class OccurrenceSheet(Popover):
    """`decided` carries the command with every conflict decided; `leave` is the word that lets a visit be."""

    decided = Signal(object)

    def __init__(self, owner: QWidget, clock: DeskClock, catalogue: Catalogue | None, leave: str) -> None:
        super().__init__(owner, veiled=True, radius=16, light=False)
        self._catalogue = catalogue
        self.list = OccurrenceList(clock, self._detail, leave)
        self.submit = Button("", "primary", icon="repeat", key="Ctrl Enter", size="key")
        self.submit.clicked.connect(self.decide)

    def decide(self) -> None:
        """Hand on what was decided, or go to what was not."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.decide()
        else:
            super().keyPressEvent(event)

    def lay_out(self, owner: QWidget, head: QVBoxLayout, spacing: int, back: str) -> QWidget:
        """The head, the visits, and the foot with the way `back`."""
        body = QWidget()
        body.setFixedSize(480, min(600, max(420, owner.window().height() - 120)))
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 20, 0, 14)
        column.setSpacing(spacing)
        column.addLayout(head)
        middle = QHBoxLayout()
        middle.setContentsMargins(20, 0, 12, 0)
        middle.addWidget(self.list)
        column.addLayout(middle, 1)
        column.addWidget(separator())
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 12, 24, 0)
        foot.addStretch(1)
        away = Button(back, "flat", key="Esc")
        away.clicked.connect(self.dismiss)
        foot.addWidget(away)
        foot.addWidget(self.submit)
        column.addLayout(foot)
        return body

    def _detail(self, place: FreeSlot) -> str:
        if self._catalogue is None:
            return ""
        room = next((one.name for one in self._catalogue.rooms if one.id == place.room_id), "")
        who = next((one.name for one in self._catalogue.professionals if one.id == place.professional_id), "")
        return " · ".join(filter(None, (who, room)))
