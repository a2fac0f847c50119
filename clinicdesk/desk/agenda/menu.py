"""The menu of a card: every step its status allows, with the keys that do the same."""

import datetime as dt
from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.agenda.hand import MOVABLE
from clinicdesk.desk.shortcuts import AGENDA, key_for
from clinicdesk.domain.agenda import STEPS, Appointment, Status
from clinicdesk.domain.closing import is_too_early
from clinicdesk.words import _, marked

# Command, icon, word, and the status it leads to (None: not a step).
_ENTRIES: tuple[tuple[str, str, str, Status | None], ...] = (
    ("confirm", "circle-check", marked("Confirm"), Status.CONFIRMED),
    ("check_in", "armchair", marked("Register the arrival"), Status.CHECKED_IN),
    ("call", "megaphone", marked("Call to the screen"), None),
    ("slip", "qr-code", marked("Check-in slip"), None),
    ("start", "stethoscope", marked("Start the consultation"), Status.IN_PROGRESS),
    ("complete", "check-check", marked("Complete"), Status.COMPLETED),
    ("reschedule", "calendar-clock", marked("Reschedule"), None),
    ("cut", "scissors", marked("Take the card to move it"), None),
    ("pin", "pin", marked("Put on the pinboard"), None),
    ("no_show", "user-x", marked("Did not come"), Status.NO_SHOW),
    ("confirm_visit", "circle-check", marked("Confirm the whole visit"), Status.CONFIRMED),
    ("check_in_visit", "armchair", marked("Register the arrival for the whole visit"), Status.CHECKED_IN),
    ("reschedule_alone", "calendar-clock", marked("Reschedule this service only"), None),
    ("cancel", "ban", marked("Cancel with a reason"), Status.CANCELLED),
    ("recall", "repeat", marked("Call again later"), None),
    ("restore", "undo-2", marked("Put back on the agenda"), Status.PENDING),
)
_OF_A_VISIT = frozenset({"confirm_visit", "check_in_visit", "reschedule_alone"})


def card_menu(appointment: Appointment, command: Callable[[str], None], now: dt.datetime, parent: QWidget) -> QMenu:
    """A menu that calls `command` with what was chosen; it goes away by itself."""
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    for name, icon, word, status in _ENTRIES:
        if _offered(name, appointment, status, now):
            menu.addAction(_action(menu, name, icon, word, command))
    return menu


def _offered(name: str, appointment: Appointment, wanted: Status | None, now: dt.datetime) -> bool:
    current = appointment.status
    if name in _OF_A_VISIT and appointment.visit_id is None:
        return False
    if name in ("reschedule", "reschedule_alone"):
        return current in (Status.PENDING, Status.CONFIRMED)
    if name in ("cut", "pin"):
        return current in MOVABLE
    if name == "slip":
        return current in (Status.PENDING, Status.CONFIRMED)
    if name == "recall":
        return current in (Status.IN_PROGRESS, Status.COMPLETED)
    if name == "call":
        return current in (Status.CHECKED_IN, Status.IN_PROGRESS)
    if name == "restore":
        return current in (Status.CANCELLED, Status.NO_SHOW)
    if name in ("confirm", "confirm_visit"):
        return current is Status.PENDING
    return wanted in STEPS[current] and not is_too_early(appointment, wanted, now) and not _goes_back(current, wanted)


def _goes_back(current: Status, wanted: Status) -> bool:
    """A step that undoes another has its own way: Ctrl+Z."""
    return current is Status.COMPLETED and wanted is Status.CHECKED_IN


def _action(menu: QMenu, name: str, icon: str, word: str, command: Callable[[str], None]) -> QAction:
    keyless = name in ("restore", "slip", "recall") or name in _OF_A_VISIT
    text = _(word) if keyless else f"{_(word)}	{key_for(AGENDA, name)}"
    action = QAction(icons.icon(icon, "muted"), text, menu)
    action.triggered.connect(lambda: command(name))
    return action
