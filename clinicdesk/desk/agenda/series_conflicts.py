"""What stands against a change of a series, visit by visit, to be decided before anything is written."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.agenda.occurrences import OccurrenceList
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.series_edit import EditSeries, Plan
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.words import _, ngettext


class SeriesConflicts(Popover):
    """`decided` carries the EditSeries with every conflict decided; `given_up` when it was closed instead."""

    decided = Signal(object)
    given_up = Signal()

    def __init__(
        self, owner: QWidget, clock: DeskClock, catalogue: Catalogue | None, command: EditSeries, plan: Plan
    ) -> None:
        super().__init__(owner, veiled=True, radius=16, light=False)
        self._command, self._plan, self._catalogue = command, plan, catalogue
        self._done = False
        self.list = OccurrenceList(clock, self._detail, _("Leave this one as it is"))
        self.submit = Button("", "primary", icon="repeat", key="Ctrl Enter", size="key")
        self.set_content(self._body(owner), self.list)
        self.list.changed.connect(self._count)
        self.submit.clicked.connect(self._submit)
        self.closed.connect(self._closed)
        self.list.show_plan(plan.planned)
        self._count()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._submit()
        else:
            super().keyPressEvent(event)

    def _submit(self) -> None:
        if self.list.undecided:
            self.list.focus_undecided()
            return
        places = [(one.before.id, place) for one, place in self.list.decided() if one.refusal and one.before]
        self._done = True
        self.dismiss()
        self.decided.emit(replace(self._command, places=tuple(places)))

    def _count(self) -> None:
        left = sum(one.refusal is not None and place is None for one, place in self.list.decided())
        count = len(self._plan.planned) - (0 if self.list.undecided else left)
        self.submit.setText(ngettext("Change {count} visit", "Change {count} visits", count).format(count=count))

    def _closed(self) -> None:
        if not self._done:
            self.given_up.emit()
        self.deleteLater()

    def _detail(self, place: FreeSlot) -> str:
        if self._catalogue is None:
            return ""
        room = next((one.name for one in self._catalogue.rooms if one.id == place.room_id), "")
        who = next((one.name for one in self._catalogue.professionals if one.id == place.professional_id), "")
        return " · ".join(filter(None, (who, room)))

    def _body(self, owner: QWidget) -> QWidget:
        body = QWidget()
        body.setFixedSize(480, min(600, max(420, owner.window().height() - 120)))
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 20, 0, 14)
        column.setSpacing(4)
        against = len(self._plan.conflicts)
        title = ngettext(
            "{count} visit of the series cannot be there", "{count} visits of the series cannot be there", against
        )
        head = QVBoxLayout()
        head.setContentsMargins(24, 0, 24, 8)
        head.addWidget(Label(title.format(count=against), "title", wrap=True))
        head.addWidget(Label(_("Choose by number; ↑ ↓ go from one to the next"), "second", "muted", wrap=True))
        column.addLayout(head)
        middle = QHBoxLayout()
        middle.setContentsMargins(20, 0, 12, 0)
        middle.addWidget(self.list)
        column.addLayout(middle, 1)
        column.addWidget(separator())
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 12, 24, 0)
        foot.addStretch(1)
        back = Button(_("Change nothing"), "flat", key="Esc")
        back.clicked.connect(self.dismiss)
        foot.addWidget(back)
        foot.addWidget(self.submit)
        column.addLayout(foot)
        return body
