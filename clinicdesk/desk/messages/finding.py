"""Whose conversation this is, found on the register."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.patient_picker import PatientPicker
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.patients import PatientMatch
from clinicdesk.usecases import patients
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _


class FindPopover(Popover):
    """`decided` carries the PatientMatch that was chosen, `new_wanted` what was typed for somebody new."""

    decided = Signal(object)
    new_wanted = Signal(str)

    def __init__(self, owner: QWidget, clinic: Clinic, background: Background, clock: DeskClock) -> None:
        super().__init__(owner)
        self._clinic, self._background = clinic, background
        self.picker = PatientPicker(self._search, clock.now, lambda: clock.zone, floating=True)
        body = QWidget()
        body.setFixedWidth(440)
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 20)
        column.setSpacing(10)
        column.addWidget(Label(_("Whose conversation is it?"), "section"))
        column.addWidget(self.picker)
        self.set_content(body, self.picker.box)
        self.picker.chosen.connect(self._decide)
        self.picker.new_wanted.connect(self._new)
        self.closed.connect(self.deleteLater)

    def _search(self, text: str, done: Callable[[Sequence[PatientMatch]], None]) -> None:
        self._background.run(
            self, lambda: patients.search(self._clinic, text), done, lambda _error: done([]), replaces="search"
        )

    def _decide(self, match: PatientMatch) -> None:
        self.dismiss()
        self.decided.emit(match)

    def _new(self, text: str) -> None:
        self.dismiss()
        self.new_wanted.emit(text)
