"""Several visits of the list chosen at once: how many, and the step they take together."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinicdesk.desk.shortcuts import AGENDA, key_for
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.agenda import Appointment, Status
from clinicdesk.domain.closing import is_too_early
from clinicdesk.words import _, ngettext

# The steps that need no question, by the name the table of shortcuts gives them.
TOGETHER = {"confirm": Status.CONFIRMED, "no_show": Status.NO_SHOW}


def able(visits: Sequence[Appointment], status: Status, now: dt.datetime) -> list[Appointment]:
    """Those that can take the step now and go forward by it; the others stay as they are."""
    forward = (Status.PENDING, Status.CONFIRMED) if status is Status.NO_SHOW else (Status.PENDING,)
    return [one for one in visits if one.status in forward and not is_too_early(one, status, now)]


class SeveralBar(QWidget):
    """Below the list while more than one row is chosen. `commanded` carries the name of the step."""

    commanded = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self._count = Label("", "control", numbers=True)
        self.confirm = Button(_("Confirm"), "primary", icon="circle-check", key=key_for(AGENDA, "confirm"))
        self.no_show = Button(_("Did not come"), "secondary", icon="user-x", key=key_for(AGENDA, "no_show"))
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(8)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self.no_show)
        row.addWidget(self.confirm)
        self.confirm.clicked.connect(lambda: self.commanded.emit("confirm"))
        self.no_show.clicked.connect(lambda: self.commanded.emit("no_show"))
        self.hide()

    def show_chosen(self, visits: Sequence[Appointment], now: dt.datetime) -> None:
        """Say how many are chosen; hidden while one is, or none."""
        self.setVisible(len(visits) > 1)
        if len(visits) < 2:
            return
        waiting = len(able(visits, Status.CONFIRMED, now))
        chosen = ngettext("{count} chosen", "{count} chosen", len(visits)).format(count=len(visits))
        words = ngettext("{count} to confirm", "{count} to confirm", waiting).format(count=waiting)
        self._count.setText(f"{chosen} · {words}")
        for button, status in ((self.confirm, Status.CONFIRMED), (self.no_show, Status.NO_SHOW)):
            if able(visits, status, now):
                button.permit()
            else:
                button.refuse(_("None of these can take that step"))
