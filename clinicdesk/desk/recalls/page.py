"""The worklist of recalls: month by month, whoever is due longest first, with what was tried beside it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinicdesk.desk import allowed
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.recalls.deeds import RecallDeeds
from clinicdesk.desk.recalls.listing import RecallList, RecallModel
from clinicdesk.desk.recalls.panel import TRIES, RecallPanel
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.header import Header
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.desk.widgets.side_panel import SidePanel
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.recall import (
    LONGEST_MONTHS,
    Outcome,
    Recall,
    RecallState,
    is_overdue,
    months_later,
)
from clinicdesk.domain.staff import Capability
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import recall as recalls
from clinicdesk.usecases.clinic import Change, Clinic
from clinicdesk.words import _, ngettext

_SOON = 150  # milliseconds: what comes together is one question
_BAR_AIR = 72  # margins, gaps and the panel’s line
_NOW, _NEXT, _ALL = "now", "next", "all"


class RecallsPage(QWidget):
    """`book_requested` carries the recall a visit is booked for, `visit_requested` the id of one that is."""

    book_requested = Signal(object)  # Recall
    visit_requested = Signal(object)  # appointment id
    search_requested = Signal()

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        undo: Undo,
        toasts: ToastArea,
        clock: DeskClock,
        refuse_offline: Callable[[], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        stand_on(self, "bg")
        self._clinic, self._background, self._toasts, self._clock = clinic, background, toasts, clock
        self._refuse_offline = refuse_offline
        self._row = 0
        self._begun = False
        self.deeds = RecallDeeds(clinic, background, undo, clock, self)
        self.model = RecallModel(clock.today, lambda: clock.zone, self)
        self.list = RecallList(self.model, clock.today)
        self.header = Header(_("Recalls"))
        self.header.bell.hide()
        options = [(_NOW, _("Due now")), (_NEXT, _("Up to next month")), (_ALL, _("All open"))]
        states = [(RecallState.BOOKED, _("Booked")), (RecallState.REFUSED, _("Do not want to"))]
        self.filter = Segmented([*options, *((str(state), words) for state, words in states)], _("Which recalls"))
        self.panel = SidePanel(EmptyState("phone", _("Choose somebody to call")))
        self.nothing = EmptyState(
            "repeat", _("Nobody is due"), _("Ask for one from a visit that is over: “Call again later”.")
        )
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._arrange()
        self._listen()

    # --- what the window asks ---

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """The page's own keys, for the table of shortcuts."""
        names = ("book", *TRIES, "postpone", "give_up")
        return {str(name): partial(self.command, str(name)) for name in names}

    def reload(self) -> None:
        """Read the list again; what is shown stays until the answer is there."""
        self._begun = True
        shown = self.filter.current
        state = RecallState.OPEN if shown in (_NOW, _NEXT, _ALL) else RecallState(shown)
        until = {_NOW: 0, _NEXT: 1}.get(shown, LONGEST_MONTHS)
        month = months_later(self._clock.today(), until)
        self._background.run(
            self, lambda: recalls.worklist(self._clinic, state, month), self._came, self._failed, replaces="recalls"
        )

    def apply_changes(self, changes: Sequence[Change]) -> None:
        """Take in what happened at any desk."""
        if self._begun and any(change.kind in ("recall", "recall_attempt") for change in changes):
            self._soon.start()

    def command(self, name: str) -> None:
        """Do to the chosen recall what a key or a button names."""
        chosen = self.list.chosen
        if chosen is None or self._refuse_offline():
            return
        if name not in ("book", "show") and allowed.refused(Capability.KEEP_RECALLS, self._toasts):
            return
        if name == "book" and chosen.state is RecallState.OPEN:
            self.book_requested.emit(chosen)
        elif name == "show":
            self.visit_requested.emit(chosen.appointment_id)
        elif name == "reopen":
            self.deeds.set_state(chosen, RecallState.OPEN)
        elif chosen.state is RecallState.OPEN:
            self._work_off(name, chosen)

    def _work_off(self, name: str, chosen: Recall) -> None:
        if name == "postpone":
            self.deeds.postpone(chosen, months_later(max(chosen.due_month, self._clock.today()), 1))
        elif name == "give_up":
            self.deeds.set_state(chosen, RecallState.GIVEN_UP)
        elif name in TRIES:
            self.deeds.note(chosen, Outcome(name))

    # --- what came ---

    def _came(self, found: Sequence[Recall]) -> None:
        chosen, row = self.list.chosen, self.list.currentIndex().row()
        self.model.show(found)
        late = sum(is_overdue(one, self._clock.today()) for one in found)
        words = [ngettext("{count} person", "{count} people", len(found)).format(count=len(found))]
        if late:
            words.append(ngettext("{count} overdue", "{count} overdue", late).format(count=late))
        self.header.set_title(_("Recalls"), " · ".join(words))
        self._stack.setCurrentWidget(self.list if found else self.nothing)
        if found:
            self.list.choose(chosen.id if chosen else None, max(row, 0))
        else:
            self.panel.clear()

    def _picked(self, recall: Recall | None) -> None:
        if recall is None:
            self.panel.clear()
            return
        panel = RecallPanel(recall, self._clock)
        panel.commanded.connect(self.command)
        self.panel.show_content(panel)
        self._background.run(
            panel,
            lambda: recalls.attempts(self._clinic, recall.id),
            panel.show_attempts,
            self._failed,
            replaces="attempts",
        )

    def _failed(self, error: ClinicError) -> None:
        self._toasts.show_toast(sentence(error, self._clock.zone), icon="circle-alert")

    # --- the frame ---

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.reload()

    def _listen(self) -> None:
        self.filter.chosen.connect(lambda _key: self.reload())
        self.list.picked.connect(self._picked)
        self.list.activated.connect(lambda _index: self.command("book"))
        self.header.search_requested.connect(self.search_requested)
        self.deeds.changed.connect(self._soon.start)
        self.deeds.failed.connect(self._failed)
        self._soon.timeout.connect(self.reload)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        taken = self.filter.sizeHint().width() + self._order.sizeHint().width() + self.panel.width() + _BAR_AIR
        self._order.setVisible(taken <= self.width())

    def _arrange(self) -> None:
        self._order = Label(_("The longest due first"), "second", "muted")
        bar = QHBoxLayout()
        bar.setContentsMargins(24, 10, 24, 10)
        bar.setSpacing(12)
        bar.addWidget(self.filter)
        bar.addStretch(1)
        bar.addWidget(self._order)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.nothing)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addLayout(bar)
        left.addWidget(self._stack, 1)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addLayout(left, 1)
        body.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(body, 1)
        self.setFocusProxy(self.list)
