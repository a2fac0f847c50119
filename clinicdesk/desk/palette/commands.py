"""The keys of the table as entries: whatever is bound where one stands can be found by its name, too."""

from collections.abc import Collection, Iterator

from clinicdesk.desk.palette.entries import PLAIN_ICON, Entry, Group
from clinicdesk.desk.shortcuts import Shortcuts, shown
from clinicdesk.words import _

_ICONS = {
    "new": "plus",
    "undo": "undo-2",
    "redo": "redo-2",
    "print": "printer",
    "lock": "lock",
    "switch_person": "log-out",
    "help": "keyboard",
    "today": "calendar-check",
    "go_to_date": "calendar-search",
    "block": "calendar-off",
    "book": "calendar-plus",
    "edit": "pencil",
    "confirm": "circle-check",
    "check_in": "armchair",
    "start": "stethoscope",
    "complete": "check-check",
    "reschedule": "calendar-clock",
    "no_show": "user-x",
    "call": "megaphone",
    "arrival": "qr-code",
    "cancel": "ban",
}
# The palette itself, and places of the rail, which stand among the pages by their names.
_NOT_HERE = ("search", "find", "place.", "step_back", "save")


def command_entries(shortcuts: Shortcuts, context: str, resting: Collection[str] = ()) -> Iterator[Entry]:
    """The commands bound in a context, each once with its first key; `resting` ones would do nothing now."""
    seen: set[str] = set()
    for key, run in shortcuts.offered(context):
        if key.command in seen or key.command in resting or key.command.startswith(_NOT_HERE):
            continue
        seen.add(key.command)
        icon = _ICONS.get(key.command, "calendar-days" if key.command.startswith("view.") else PLAIN_ICON)
        yield Entry(Group.ACTIONS, _(key.label), run, icon, shown(key.key))
