"""The whole waiting list: everybody who waits, and those who waited in vain, were booked or gave up."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk.agenda.waiting.row import WaitingRow
from clinicdesk.desk.agenda.waiting.words import reason_words, until_words, wish_words
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.button import icon_button
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.waiting import WaitingEntry, WaitingState
from clinicdesk.usecases.waiting import WaitingList
from clinicdesk.words import _

_CLOSED = {"booked": WaitingState.BOOKED, "given_up": WaitingState.GIVEN_UP}


class WaitingListing(Popover):
    """`offered`, `opened` and `put_back` carry an entry, `state_wanted` whose rows are to be read."""

    offered = Signal(object)
    opened = Signal(object)
    put_back = Signal(object)
    state_wanted = Signal(object)

    def __init__(self, owner: QWidget, found: WaitingList, catalogue: Catalogue | None, clock: DeskClock) -> None:
        super().__init__(owner, veiled=True, radius=16)
        self._found, self._catalogue, self._clock = found, catalogue, clock
        self.rows: list[WaitingRow] = []
        parts = (
            ("open", _("Waiting"), len(found.entries)),
            ("expired", _("Too late"), len(found.expired)),
            ("booked", _("Given a time"), found.booked),
            ("given_up", _("Gave up"), found.given_up),
        )
        self.kinds = Segmented(
            [(kind, f"{words} · {count}") for kind, words, count in parts],
            _("Which part of the list"),
        )
        self.kinds.chosen.connect(self._choose)
        self.set_content(self._body())
        self.closed.connect(self.deleteLater)
        self._choose("open")

    def show_closed(self, entries: Sequence[WaitingEntry]) -> None:
        """The rows that were asked for."""
        self._fill(entries, _("Back on the list"))

    def _choose(self, kind: str) -> None:
        if kind in _CLOSED:
            self.state_wanted.emit(_CLOSED[kind])
        else:
            waits = kind == "open"
            self._fill(self._found.entries if waits else self._found.expired, _("Offer") if waits else "")

    def _fill(self, entries: Sequence[WaitingEntry], action: str) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = [self._row(one, action) for one in entries]
        for row in self.rows:
            self._list.addWidget(row)
            row.show()
        if not self.rows:
            advice = _("Who wants an earlier time is put on the list.")
            self._list.addWidget(EmptyState("list", _("Nobody here"), advice))
        self._list.addStretch(1)

    def _row(self, entry: WaitingEntry, action: str) -> WaitingRow:
        now, today = self._clock.now(), self._clock.today()
        parts = (wish_words(entry, self._catalogue), entry.professional_name, until_words(entry, today))
        second = " · ".join(filter(None, parts))
        third = entry.wish.note or reason_words(entry, now)
        waits = entry.state is WaitingState.OPEN and not entry.expired(today)
        row = WaitingRow(entry, second, third, hopeful=waits, action=action)
        if entry.state is WaitingState.OPEN:
            row.acted.connect(lambda: self._leave_with(self.offered, entry))
            row.opened.connect(lambda: self._leave_with(self.opened, entry))
        else:
            row.acted.connect(lambda: self._leave_with(self.put_back, entry))
        return row

    def _leave_with(self, signal: object, entry: WaitingEntry) -> None:
        self.dismiss()
        signal.emit(entry)  # type: ignore[attr-defined]

    def _body(self) -> QWidget:
        body = QWidget()
        body.setFixedSize(620, 600)
        column = QVBoxLayout(body)
        column.setContentsMargins(28, 20, 20, 20)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(Label(_("Waiting list"), "title"), 1)
        close = icon_button("x", _("Close"), key="Esc")
        close.clicked.connect(self.dismiss)
        head.addWidget(close)
        column.addLayout(head)
        column.addWidget(self.kinds, 0, Qt.AlignmentFlag.AlignLeft)
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self._list.setContentsMargins(0, 0, 8, 0)
        holder = QWidget()
        holder.setLayout(self._list)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(holder)
        scroll.viewport().setAutoFillBackground(False)
        holder.setAutoFillBackground(False)
        column.addWidget(scroll, 1)
        return body
