"""What a key, a button or a menu does to a visit, by the name the table of shortcuts gives it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from clinicdesk.desk.agenda.linked import LinkedVisits
from clinicdesk.desk.agenda.openings import AgendaOpenings
from clinicdesk.domain.agenda import STEPS, Appointment, Status
from clinicdesk.domain.staff import Capability
from clinicdesk.errors import StatusRefused

_STEPS = {
    "confirm": Status.CONFIRMED,
    "check_in": Status.CHECKED_IN,
    "start": Status.IN_PROGRESS,
    "complete": Status.COMPLETED,
    "no_show": Status.NO_SHOW,
    "restore": Status.PENDING,
}

_WHOLE = {"confirm_visit": Status.CONFIRMED, "check_in_visit": Status.CHECKED_IN}


_ASKED = {
    **dict.fromkeys([*_STEPS, *_WHOLE], Capability.CHANGE_VISITS),
    **dict.fromkeys(["cancel", "reschedule", "reschedule_alone", "extend", "cut"], Capability.CHANGE_VISITS),
    "recall": Capability.KEEP_RECALLS,
}


class AgendaCommands(QObject):
    """`reschedule_wanted` carries the visit whose other times are asked for, `cut_wanted` one to be taken in hand."""

    reschedule_wanted = Signal(object, bool)  # Appointment, whether it alone
    cut_wanted = Signal(object)  # Appointment
    call_wanted = Signal(object)  # Appointment
    slip_wanted = Signal(object)  # Appointment
    recall_wanted = Signal(object)  # Appointment
    failed = Signal(object)  # ClinicError

    def __init__(
        self,
        linked: LinkedVisits,
        openings: AgendaOpenings,
        refused: Callable[[Capability | None], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._linked = linked
        self._openings = openings
        self._refused = refused

    def do(self, name: str, chosen: Appointment) -> None:
        """Do it, ask what it needs to know, or say why not."""
        if name == "menu":
            self._openings.open_panel_menu(chosen)
        elif self._refused(_ASKED.get(name)):
            return
        elif name in _STEPS:
            self._linked.step(chosen, _STEPS[name])
        elif name in _WHOLE:
            self._linked.step(chosen, _WHOLE[name], whole=True)
        elif name == "cancel" and Status.CANCELLED not in STEPS[chosen.status]:
            self.failed.emit(StatusRefused(chosen.status, Status.CANCELLED))
        elif name == "cancel":
            self._openings.ask_cancel(chosen)
        elif name == "slip":
            self.slip_wanted.emit(chosen)
        elif name == "recall":
            self.recall_wanted.emit(chosen)
        elif name == "call":
            self.call_wanted.emit(chosen)
        elif name == "reschedule":
            self.reschedule_wanted.emit(chosen, False)
        elif name == "extend":
            self._openings.ask_extend()
        elif name == "reschedule_alone":
            self.reschedule_wanted.emit(chosen, True)
        elif name == "cut":
            self.cut_wanted.emit(chosen)
