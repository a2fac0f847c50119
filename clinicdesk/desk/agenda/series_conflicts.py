"""What stands against a change of a series, visit by visit, to be decided before anything is written."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk.agenda.occurrence_sheet import OccurrenceSheet
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.series_edit import EditSeries, Plan
from clinicdesk.words import _, ngettext


class SeriesConflicts(OccurrenceSheet):
    """`decided` carries the EditSeries; `given_up` when it was closed instead."""

    given_up = Signal()

    def __init__(
        self, owner: QWidget, clock: DeskClock, catalogue: Catalogue | None, command: EditSeries, plan: Plan
    ) -> None:
        super().__init__(owner, clock, catalogue, _("Leave this one as it is"))
        self._command, self._plan = command, plan
        self._done = False
        self.set_content(self.lay_out(owner, self._head(), 4, _("Change nothing")), self.list)
        self.list.changed.connect(self._count)
        self.closed.connect(self._closed)
        self.list.show_plan(plan.planned)
        self._count()

    def decide(self) -> None:
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

    def _head(self) -> QVBoxLayout:
        against = len(self._plan.conflicts)
        title = ngettext(
            "{count} visit of the series cannot be there", "{count} visits of the series cannot be there", against
        )
        head = QVBoxLayout()
        head.setContentsMargins(24, 0, 24, 8)
        head.addWidget(Label(title.format(count=against), "title", wrap=True))
        head.addWidget(Label(_("Choose by number; ↑ ↓ go from one to the next"), "second", "muted", wrap=True))
        return head
