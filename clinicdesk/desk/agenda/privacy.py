"""Whether the agenda hides who people are: initials alone, for when somebody can see the screen over the counter."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from clinicdesk.domain.agenda import Appointment
from clinicdesk.words import _


class _Veil(QObject):
    changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.drawn = False


_veil = _Veil()


def veil() -> _Veil:
    """Whoever keeps words that were made of a visit connects to `veil().changed`."""
    return _veil


def hides() -> bool:
    """Whether names are hidden now."""
    return _veil.drawn


def hide(on: bool) -> None:
    """Hide names, or show them again; everything on the agenda follows."""
    if on != _veil.drawn:
        _veil.drawn = on
        _veil.changed.emit(on)


def shown(appointment: Appointment) -> Appointment:
    """A visit as it may be seen now. For eyes and ears only: what is written goes by the value that was read."""
    if not _veil.drawn:
        return appointment
    unsaid = _("reason hidden")
    return replace(
        appointment,
        patient_name=dotted(appointment.patient_name),
        patient_phone="",
        patient_birth_date=None,
        guardian_name="",
        alert="",
        note="",
        overbooking_reason=unsaid if appointment.overbooking_reason else "",
        cancel_reason=unsaid if appointment.cancel_reason else "",
    )


def shown_name(name: str) -> str:
    """A patient's name as it may be seen now."""
    return dotted(name) if _veil.drawn else name


def dotted(name: str) -> str:
    """The initials of a name: `M. S. L.`; particles go, as in “Maria do Socorro Lima”."""
    words = [word for word in name.split() if not word.islower()] or name.split()
    return " ".join(f"{word[0].upper()}." for word in words)
