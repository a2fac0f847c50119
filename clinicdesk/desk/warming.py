"""What a person's desk is made of, imported while the sign-in waits for them: a step at a time, between two keys."""

import importlib

from PySide6.QtCore import QObject, QTimer

_PAUSE = 40  # milliseconds, in which a key is heard
# From the parts to the whole: no step is long enough to be felt, and the last one has all of it.
STEPS = (
    "clinicdesk.usecases.one_line",
    "clinicdesk.usecases.patient_import",
    "clinicdesk.desk.printing",
    "clinicdesk.desk.agenda.canvas",
    "clinicdesk.desk.agenda.view",
    "clinicdesk.desk.agenda.panel",
    "clinicdesk.documents.paper",
    "clinicdesk.documents.check_in_slip",
    "clinicdesk.usecases.check_in",
    "clinicdesk.desk.agenda.booking_patient",
    "clinicdesk.desk.agenda.deeds",
    "clinicdesk.desk.agenda.group_deeds",
    "clinicdesk.desk.agenda.booking_group",
    "clinicdesk.desk.agenda.editor",
    "clinicdesk.desk.agenda.slot_picker",
    "clinicdesk.desk.agenda.pictures",
    "clinicdesk.desk.agenda.past",
    "clinicdesk.desk.agenda.page",
    "clinicdesk.desk.patients.finder",
    "clinicdesk.desk.patients.profile_view",
    "clinicdesk.desk.patients.forms",
    "clinicdesk.desk.patients.consenting",
    "clinicdesk.desk.patients.page",
    "clinicdesk.desk.preferences.section",
    "clinicdesk.desk.preferences.service_section",
    "clinicdesk.desk.preferences.hours_kind",
    "clinicdesk.desk.preferences.channels_section",
    "clinicdesk.desk.preferences.page",
    "clinicdesk.desk.palette.palette",
    "clinicdesk.desk.messages.page",
    "clinicdesk.desk.queue.page",
    "clinicdesk.desk.workspace",
)


class Warming(QObject):
    """Goes on by itself from `begin` on; whoever signs in before it has ended imports the rest at once, as ever."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left = list(STEPS)
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._step)

    @property
    def done(self) -> bool:
        """Whether everything is there."""
        return not self._left

    def begin(self) -> None:
        """Start, or go on."""
        if self._left:
            self._timer.start()

    def _step(self) -> None:
        importlib.import_module(self._left.pop(0))
        self.begin()
