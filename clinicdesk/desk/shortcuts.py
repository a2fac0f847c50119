"""The one table of keys: what is bound, what a button shows and what F1 lists all come from here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from clinicdesk.words import _, marked

ANYWHERE = "anywhere"
AGENDA = "agenda"
PAST = "past"
PATIENTS = "patients"
RECALLS = "recalls"
QUEUE = "queue"
INBOX = "inbox"
SETTINGS = "settings"

CONTEXT_NAMES = {
    ANYWHERE: marked("Anywhere"),
    AGENDA: marked("Agenda"),
    PAST: marked("The day as it was"),
    PATIENTS: marked("Patients"),
    RECALLS: marked("Recalls"),
    QUEUE: marked("Queue of messages"),
    INBOX: marked("Messages"),
    SETTINGS: marked("Settings"),
}


@dataclass(frozen=True)
class Key:
    """One key in one context. `by_widget` keys are answered by the part that has the focus and are only listed."""

    context: str
    key: str
    command: str
    label: str
    by_widget: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether it would type, or move, in a text field: no Ctrl, and not a function key."""
        return not self.key.startswith(("Ctrl+", "F1", "F2", "F3", "F6", "F8", "F9", "Shift+F"))

    @property
    def is_letter(self) -> bool:
        """A single letter or figure, which can be switched off."""
        return len(self.key) == 1


TABLE: tuple[Key, ...] = (
    Key(ANYWHERE, "Ctrl+K", "search", marked("Find, act or book in one line")),
    *(
        Key(ANYWHERE, f"Ctrl+{number}", f"place.{number}", marked("Go to a place of the rail"))
        for number in range(1, 9)
    ),
    Key(ANYWHERE, "Ctrl+,", "settings", marked("Go to the settings")),
    Key(ANYWHERE, "Ctrl+N", "new", marked("New, of this page")),
    Key(ANYWHERE, "N", "new", marked("New, of this page")),
    Key(ANYWHERE, "F3", "find", marked("Find in this page")),
    Key(ANYWHERE, "Ctrl+F", "find", marked("Find in this page")),
    Key(ANYWHERE, "Ctrl+Z", "undo", marked("Undo")),
    Key(ANYWHERE, "Ctrl+Y", "redo", marked("Redo")),
    Key(ANYWHERE, "Ctrl+Return", "confirm", marked("Confirm the form"), by_widget=True),
    Key(ANYWHERE, "Ctrl+S", "save", marked("Save without leaving")),
    Key(ANYWHERE, "Esc", "step_back", marked("Close, clear, step back"), by_widget=True),
    Key(ANYWHERE, "F6", "next_pane", marked("Next pane")),
    Key(ANYWHERE, "Shift+F6", "previous_pane", marked("Previous pane")),
    Key(ANYWHERE, "F9", "switch_person", marked("Switch person")),
    Key(ANYWHERE, "Ctrl+L", "lock", marked("Lock the screen")),
    Key(ANYWHERE, "F1", "help", marked("Help and keys of this page")),
    Key(ANYWHERE, "Ctrl+P", "print", marked("Print")),
    Key(ANYWHERE, "F8", "arrival", marked("Register an arrival by code")),
    Key(ANYWHERE, "F11", "full_screen", marked("Full screen")),
    Key(AGENDA, "Left", "column.previous", marked("Previous column"), by_widget=True),
    Key(AGENDA, "Right", "column.next", marked("Next column"), by_widget=True),
    Key(AGENDA, "Up", "card.previous", marked("Previous card"), by_widget=True),
    Key(AGENDA, "Down", "card.next", marked("Next card"), by_widget=True),
    Key(AGENDA, "PgUp", "day.previous", marked("Previous day")),
    Key(AGENDA, "PgDown", "day.next", marked("Next day")),
    Key(AGENDA, "T", "today", marked("Today")),
    Key(AGENDA, "1", "view.day", marked("Day")),
    Key(AGENDA, "2", "view.week", marked("Week")),
    Key(AGENDA, "3", "view.month", marked("Month")),
    Key(AGENDA, "4", "view.list", marked("List")),
    *(Key(AGENDA, f"Alt+{number}", f"saved_view.{number}", marked("A kept view")) for number in range(1, 9)),
    Key(AGENDA, "Ctrl+=", "zoom.in", marked("Taller hours")),
    Key(AGENDA, "Ctrl+-", "zoom.out", marked("Lower hours")),
    Key(AGENDA, "O", "hide_names", marked("Hide names, or show them")),
    Key(AGENDA, "G", "go_to_date", marked("Go to a date")),
    Key(AGENDA, "S", "confirm", marked("Confirm")),
    Key(AGENDA, "C", "check_in", marked("Register the arrival")),
    Key(AGENDA, "I", "start", marked("Start the consultation")),
    Key(AGENDA, "F", "complete", marked("Complete")),
    Key(AGENDA, "L", "call", marked("Call to the screen")),
    Key(AGENDA, "R", "reschedule", marked("Reschedule")),
    Key(AGENDA, "B", "block", marked("Block time")),
    Key(AGENDA, "H", "past", marked("The day as it was")),
    Key(AGENDA, "X", "no_show", marked("Did not come")),
    Key(AGENDA, "Del", "cancel", marked("Cancel with a reason")),
    Key(AGENDA, "Ctrl+X", "cut", marked("Take the card to move it"), by_widget=True),
    Key(AGENDA, "Ctrl+V", "paste", marked("Take the card that was put aside last")),
    Key(AGENDA, "K", "pin", marked("Put on the pinboard")),
    Key(AGENDA, "Shift+F10", "menu", marked("Menu of the card"), by_widget=True),
    Key(PAST, "Left", "change.previous", marked("Change before"), by_widget=True),
    Key(PAST, "Right", "change.next", marked("Next change"), by_widget=True),
    Key(PAST, "Shift+Left", "minute.previous", marked("A minute back"), by_widget=True),
    Key(PAST, "Shift+Right", "minute.next", marked("A minute on"), by_widget=True),
    Key(PAST, "PgUp", "hour.previous", marked("An hour back"), by_widget=True),
    Key(PAST, "PgDown", "hour.next", marked("An hour on"), by_widget=True),
    Key(PAST, "Home", "first", marked("Before the first change"), by_widget=True),
    Key(PAST, "End", "last", marked("Back to now"), by_widget=True),
    Key(PAST, "Space", "play", marked("Play change by change"), by_widget=True),
    Key(RECALLS, "Up", "row.previous", marked("Previous row"), by_widget=True),
    Key(RECALLS, "Down", "row.next", marked("Next row"), by_widget=True),
    Key(RECALLS, "A", "book", marked("Book")),
    Key(RECALLS, "1", "no_answer", marked("No answer")),
    Key(RECALLS, "2", "left_message", marked("Left a message")),
    Key(RECALLS, "3", "call_back", marked("Call back")),
    Key(RECALLS, "4", "refused", marked("Does not want to")),
    Key(RECALLS, "D", "postpone", marked("Put off to the next month")),
    Key(RECALLS, "Del", "give_up", marked("Give up")),
    Key(QUEUE, "Up", "row.previous", marked("Previous row"), by_widget=True),
    Key(QUEUE, "Down", "row.next", marked("Next row"), by_widget=True),
    Key(QUEUE, "R", "retry", marked("Send again")),
    Key(QUEUE, "Del", "discard", marked("Discard")),
    Key(QUEUE, "1", "went_out", marked("It went out")),
    Key(QUEUE, "2", "did_not", marked("It did not")),
    Key(QUEUE, "U", "take_back", marked("Take it back")),
    Key(INBOX, "Up", "row.previous", marked("Previous row"), by_widget=True),
    Key(INBOX, "Down", "row.next", marked("Next row"), by_widget=True),
    Key(INBOX, "Return", "answer", marked("Answer, and send"), by_widget=True),
    Key(INBOX, "Shift+Return", "new_line", marked("New line"), by_widget=True),
    Key(INBOX, "J", "next", marked("Next conversation")),
    Key(INBOX, "K", "previous", marked("Conversation before")),
    Key(INBOX, "H", "hand", marked("Take over, or back to the robot")),
    Key(INBOX, "1", "offer", marked("Reply to interpret: offer another time")),
    Key(INBOX, "2", "confirm", marked("Reply to interpret: confirm the visit")),
    Key(INBOX, "3", "cancel", marked("Reply to interpret: cancel the visit")),
    Key(INBOX, "O", "note", marked("Note for the team")),
    Key(INBOX, "P", "open_patient", marked("Open the record")),
    Key(INBOX, "R", "reschedule", marked("Reschedule")),
    Key(INBOX, "G", "show_visit", marked("See it on the agenda")),
    Key(PATIENTS, "Up", "row.previous", marked("Previous row"), by_widget=True),
    Key(PATIENTS, "Down", "row.next", marked("Next row"), by_widget=True),
    Key(PATIENTS, "Return", "open", marked("Open"), by_widget=True),
    Key(PATIENTS, "Ctrl+A", "select_all", marked("Choose everybody who is found"), by_widget=True),
    Key(PATIENTS, "Shift+Down", "select_next", marked("Choose the next one too"), by_widget=True),
    Key(PATIENTS, "A", "book", marked("Book")),
    Key(PATIENTS, "M", "message", marked("Message")),
    Key(PATIENTS, "P", "record", marked("Record")),
    Key(PATIENTS, "E", "edit", marked("Edit")),
    Key(PATIENTS, "F2", "edit", marked("Edit")),
    Key(SETTINGS, "Up", "row.previous", marked("Previous row"), by_widget=True),
    Key(SETTINGS, "Down", "row.next", marked("Next row"), by_widget=True),
    Key(SETTINGS, "Alt+Up", "row.up", marked("Move the row up"), by_widget=True),
    Key(SETTINGS, "Alt+Down", "row.down", marked("Move the row down"), by_widget=True),
    Key(SETTINGS, "Left", "bar.earlier", marked("Hours: earlier"), by_widget=True),
    Key(SETTINGS, "Right", "bar.later", marked("Hours: later"), by_widget=True),
    Key(SETTINGS, "Shift+Left", "bar.shorter", marked("Hours: end earlier"), by_widget=True),
    Key(SETTINGS, "Shift+Right", "bar.longer", marked("Hours: end later"), by_widget=True),
    Key(SETTINGS, "Ctrl+Left", "bar.begin_earlier", marked("Hours: begin earlier"), by_widget=True),
    Key(SETTINGS, "Ctrl+Right", "bar.begin_later", marked("Hours: begin later"), by_widget=True),
    Key(SETTINGS, "Del", "bar.remove", marked("Hours: take the stretch away"), by_widget=True),
)

_SHOWN = {
    "Left": "←",
    "Right": "→",
    "Up": "↑",
    "Down": "↓",
    "Return": "Enter",
    "PgDown": "PgDn",
}


def shown(key: str) -> str:
    """A key as caps show it: `Ctrl+Return` is `Ctrl Enter`."""
    return " ".join(_("Space") if part == "Space" else _SHOWN.get(part, part) for part in key.split("+"))


def key_for(context: str, command: str) -> str:
    """The first key of a command as caps show it, for buttons and tool tips. Raises KeyError when it has none."""
    for row in TABLE:
        if (row.context, row.command) == (context, command):
            return shown(row.key)
    raise KeyError(command)


class Shortcuts(QObject):
    """Binds commands to the keys of the table, for a host that is a page or the window.

    A host's keys work while the host is on screen. Bare keys rest while a text field has the focus; a page's keys rest
    while the focus is in something laid over it (its dynamic property `takesKeys`).
    """

    def __init__(self, application: QApplication, letters: bool = True) -> None:
        super().__init__(application)
        self._letters = letters
        self._resting = False
        self._bound: list[tuple[Key, QShortcut, QWidget]] = []
        application.focusChanged.connect(self._focus_moved)

    def bind(self, context: str, host: QWidget, commands: Mapping[str, Callable[[], object]]) -> None:
        """Bind the commands of a context; one the table does not know, or leaves to the widget, is a KeyError."""
        rows = [row for row in TABLE if row.context == context and not row.by_widget]
        unknown = set(commands) - {row.command for row in rows}
        if unknown:
            raise KeyError(f"{context}: {', '.join(sorted(unknown))}")
        for row in rows:
            if row.command in commands:
                self._bind(row, host, commands[row.command])
        self._focus_moved(None, QApplication.focusWidget())

    def set_letters(self, on: bool) -> None:
        """Whether single letters and figures are keys at all; a setting of the person."""
        self._letters = on
        self._focus_moved(None, QApplication.focusWidget())

    def rest(self, resting: bool) -> None:
        """While the desk is locked no key of the table does anything."""
        self._resting = resting
        self._focus_moved(None, QApplication.focusWidget())

    def press(self, key: int) -> bool:
        """Do what a plain letter or figure is the key of, as if it had been pressed now; False when it is none."""
        for row, shortcut, host in self._alive():
            if row.is_letter and ord(row.key) == key and shortcut.isEnabled() and host.isVisible():
                shortcut.activated.emit()
                return True
        return False

    def listed(self, context: str) -> list[Key]:
        """What F1 shows for a context: what is bound here, and what the widgets answer by themselves."""
        bound = {row for row, _shortcut, _host in self._alive()}
        rows = [row for row in TABLE if row.context == context and (row in bound or row.by_widget)]
        return [row for row in rows if self._letters or not row.is_letter]

    def offered(self, context: str) -> list[tuple[Key, Callable[[], object]]]:
        """What is bound in a context, with what does it: for whoever offers commands by their names."""
        return [(row, shortcut.activated.emit) for row, shortcut, _host in self._alive() if row.context == context]

    def _bind(self, row: Key, host: QWidget, command: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(row.key), host)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(lambda: command())
        self._bound.append((row, shortcut, host))

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        typing = types_text(now)
        top = _on_top(now)
        for row, shortcut, host in self._alive():
            allowed = self._letters or not row.is_letter
            covered = top is not None and host is not top and not top.isAncestorOf(host)
            quiet = (typing and row.is_bare) or (covered and (row.is_bare or row.context != ANYWHERE))
            shortcut.setEnabled(allowed and not quiet and not self._resting)

    def _alive(self) -> list[tuple[Key, QShortcut, QWidget]]:
        self._bound = [bound for bound in self._bound if shiboken6.isValid(bound[1])]
        return self._bound


def types_text(widget: QWidget | None) -> bool:
    """Whether letters belong to this widget: fields, and lists of choices that are searched by typing."""
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return True
    return isinstance(widget, QComboBox | QAbstractSpinBox)


def _on_top(widget: QWidget | None) -> QWidget | None:
    while widget is not None and not widget.property("takesKeys"):
        widget = widget.parentWidget()
    return widget


def context_name(context: str) -> str:
    """The heading of a context in F1."""
    return _(CONTEXT_NAMES[context])
