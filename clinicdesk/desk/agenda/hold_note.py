"""How long the chosen time is held yet, said quietly; a press holds it for some minutes more."""

from PySide6.QtWidgets import QWidget

from clinicdesk.desk.agenda.held_time import HeldTime
from clinicdesk.desk.widgets.button import Button
from clinicdesk.words import _, ngettext


class HoldNote(Button):
    """Hidden while nothing is held."""

    def __init__(self, held: HeldTime, parent: QWidget | None = None) -> None:
        super().__init__("", "flat", icon="timer", size="dense", parent=parent)
        self._held = held
        self.clicked.connect(held.renew)
        held.changed.connect(self._show)
        self.hide()

    def _show(self) -> None:
        minutes = self._held.minutes_left
        if self._held.ran_out:
            words, tip = _("No longer held"), _("Hold this time again")
        else:
            words = ngettext("Held for {count} min", "Held for {count} min", minutes).format(count=minutes)
            tip = _("Nobody else can take this time meanwhile. Press to hold it longer.")
        if self._held.running_out:
            words = _("Held for less than a minute")
        if self.text() != words:
            self.setText(words)
            self.setToolTip(tip)
            self.set_icon("triangle-alert" if self._held.ran_out or self._held.running_out else "timer")
        self.setVisible(minutes > 0 or self._held.ran_out)
