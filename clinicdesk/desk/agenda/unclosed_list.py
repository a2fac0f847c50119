"""The list of past visits that nobody closed: choose one or several, and say how they ended."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinicdesk.desk.agenda.model import AgendaModel
from clinicdesk.desk.agenda.visit_list import VisitList
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.shortcuts import AGENDA, key_for
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.agenda import STEPS, Appointment, Status
from clinicdesk.words import _, ngettext

_LARGEST = QSize(980, 620)
_MARGIN = 96


class UnclosedList(Popover):
    """`closing_wanted` carries visits and the status they end in; `visit_wanted` one to be looked at in its day."""

    closing_wanted = Signal(object, object)  # list of Appointment, Status
    visit_wanted = Signal(object)  # Appointment

    def __init__(self, owner: QWidget, visits: Sequence[Appointment], clock: DeskClock) -> None:
        super().__init__(owner, veiled=True, radius=16, light=False)
        self._model = AgendaModel(clock.zone, self)
        self.list = VisitList(self._model, dates=True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setAccessibleName(_("Past visits to close"))
        self.complete = Button(_("Complete"), "primary", icon="check-check", key=key_for(AGENDA, "complete"))
        self.no_show = Button(
            _("Did not come"), "secondary", icon="user-x", key=key_for(AGENDA, "no_show"), tone="danger"
        )
        self._count = Label("", "second", "muted", numbers=True)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.list)
        self._pages.addWidget(
            EmptyState("check-check", _("Nothing is left to close"), _("Every past visit has its end."))
        )
        self.set_content(self._body(owner), self.list)
        self.complete.clicked.connect(lambda: self._close(Status.COMPLETED))
        self.no_show.clicked.connect(lambda: self._close(Status.NO_SHOW))
        self.list.activated_visit.connect(self._open)
        self.list.selectionModel().selectionChanged.connect(self._offer)
        self.closed.connect(self.deleteLater)
        self.show_visits(visits)
        if visits:
            self.list.selectRow(0)

    def show_visits(self, visits: Sequence[Appointment]) -> None:
        """Show these; what was chosen and is still there stays chosen."""
        row = self.list.currentIndex().row()
        kept = {one.id for one in visits}
        for gone in [one.id for one in self._model.appointments() if one.id not in kept]:
            self._model.remove(gone)
        for one in visits:
            self._model.upsert(one)
        if visits and not self.list.all_chosen and row >= 0:
            self.list.selectRow(min(row, self.list.rows.rowCount() - 1))
        self._pages.setCurrentIndex(0 if visits else 1)
        self._offer()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ends = {Qt.Key.Key_F: Status.COMPLETED, Qt.Key.Key_X: Status.NO_SHOW}
        status = ends.get(Qt.Key(event.key())) if not event.modifiers() else None
        if status is not None:
            self._close(status)
        else:
            super().keyPressEvent(event)

    # --- within ---

    def _close(self, status: Status) -> None:
        button = self.complete if status is Status.COMPLETED else self.no_show
        if button.isEnabled():
            self.closing_wanted.emit(self.list.all_chosen, status)

    def _open(self, appointment: Appointment) -> None:
        self.dismiss()
        self.visit_wanted.emit(appointment)

    def _offer(self, *_selection: object) -> None:
        """Say how many are chosen, and offer what all of them can become."""
        chosen = self.list.all_chosen
        total = len(self._model.appointments())
        words = ngettext("{count} of {total} chosen", "{count} of {total} chosen", len(chosen))
        self._count.setText(words.format(count=len(chosen), total=total))
        for button, status in ((self.complete, Status.COMPLETED), (self.no_show, Status.NO_SHOW)):
            if not chosen:
                button.refuse(_("Choose one visit or more"))
            elif all(status in STEPS[one.status] for one in chosen):
                button.permit()
            else:
                button.refuse(_("A visit in consultation did take place"))

    def _body(self, owner: QWidget) -> QWidget:
        body = QWidget()
        size = owner.window().size()
        body.setFixedSize(
            min(_LARGEST.width(), size.width() - _MARGIN), min(_LARGEST.height(), size.height() - _MARGIN)
        )
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 12, 0)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(Label(_("Past visits to close"), "section"))
        advice = _("They are over and nobody has said how. Ctrl or Shift chooses several, Ctrl+A all of them.")
        titles.addWidget(Label(advice, "second", "muted", wrap=True))
        close = icon_button("x", _("Close"), size="dense", key="Esc")
        close.clicked.connect(self.dismiss)
        head.addLayout(titles, 1)
        head.addWidget(close, alignment=Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 0, 20, 0)
        foot.addWidget(self._count)
        foot.addStretch(1)
        foot.addWidget(self.no_show)
        foot.addWidget(self.complete)
        column.addLayout(head)
        column.addWidget(separator())
        column.addWidget(self._pages, 1)
        column.addWidget(separator())
        column.addLayout(foot)
        return body
