"""Who changed a setting and when, and each field's step from what to what, newest first."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.button import icon_button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.audit import Alteration
from clinicdesk.words import _

_WIDTH = 420
_HIGHEST = 440


class HistoryPopover(Popover):
    """Opens at once and fills when the history is read."""

    def __init__(self, owner: QWidget, clock: DeskClock) -> None:
        super().__init__(owner)
        self._clock = clock
        self.lines: list[str] = []
        self._list = QWidget()
        self._entries = QVBoxLayout(self._list)
        self._entries.setContentsMargins(20, 4, 20, 16)
        self._entries.setSpacing(2)
        self._entries.addWidget(Label(_("Reading the history…"), "second", "muted"))
        card = QWidget()
        card.setFixedWidth(_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 16, 0, 0)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 10, 0)
        head.addWidget(Label(_("History"), "subsection"), 1)
        close = icon_button("x", _("Close"), size="dense", key="Esc")
        close.clicked.connect(self.dismiss)
        head.addWidget(close)
        column.addLayout(head)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setWidget(self._list)
        self._list.setAutoFillBackground(False)
        self._scroll.setFixedHeight(_HIGHEST)
        column.addWidget(self._scroll)
        self.set_content(card, close)

    def show_lines(self, found: Sequence[tuple[Alteration, Sequence[str]]]) -> None:
        """Show what was saved, each with its lines."""
        while (item := self._entries.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for one, lines in found:
            if lines:
                self._add(one, lines)
        if not self.lines:
            self._entries.addWidget(Label(_("Nobody changed this yet"), "second", "muted"))
        self._entries.addStretch(1)

    def _add(self, one: Alteration, lines: Sequence[str]) -> None:
        when = dates.moment(one.at, self._clock.now(), self._clock.zone)
        who = " · ".join(part for part in (one.person, when, one.desk) if part)
        head = Label(who, "card_name", wrap=True)
        head.setContentsMargins(0, 12 if self.lines else 4, 0, 0)
        self._entries.addWidget(head)
        for line in lines:
            self.lines.append(line)
            self._entries.addWidget(Label(line, "second", "muted", numbers=True, wrap=True))
