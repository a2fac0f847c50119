"""What whoever is at work may do, for everything that offers it: greyed with the reason, or refused with it.

The database asks again, so what is missed here is refused there, in the same words.
"""

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.widgets.label import plain_tip
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording_people import why_not
from clinicdesk.domain.staff import Capability, Rights, Role

_EVERYTHING = Rights(Role.OWNER)


class _Held(QObject):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rights = _EVERYTHING


_held = _Held()


def hold(rights: Rights) -> None:
    """These are the rights of whoever is at work from now on; what is on show follows."""
    if rights != _held.rights:
        _held.rights = rights
        _held.changed.emit()


def release() -> None:
    """Nobody is at work any more."""
    hold(_EVERYTHING)


def may(capability: Capability) -> bool:
    """Whether role and profile include it."""
    return _held.rights.may(capability)


def reason(capability: Capability) -> str:
    """Why it may not be done; empty when it may."""
    return why_not(_held.rights, capability)


def refused(capability: Capability, toasts: ToastArea) -> bool:
    """Whether it may not be done; says why."""
    words = reason(capability)
    if words:
        toasts.show_toast(words, icon="lock")
    return bool(words)


class _Guard(QObject):
    """Lives as long as the widget it greys: a connection of a plain function would outlive it."""

    def __init__(self, widget: QWidget, capability: Capability) -> None:
        super().__init__(widget)
        self._widget, self._capability, self._tip = widget, capability, widget.toolTip()
        _held.changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        if shiboken6.isValid(self._widget):
            words = reason(self._capability)
            self._widget.setEnabled(not words)
            self._widget.setToolTip(plain_tip(words) if words else self._tip)


def guard(widget: QWidget, capability: Capability) -> None:
    """Grey a button for whoever may not, with the reason as its tip; it follows when rights change."""
    _Guard(widget, capability)
