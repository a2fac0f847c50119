"""The waiting list in the side panel: who waits, for how many times on show they could come, and the offer."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.agenda.waiting.row import WaitingRow
from clinicdesk.desk.agenda.waiting.words import offer_place, offer_words, since_words, wish_words
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.domain.offers import Offer
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.domain.waiting import WaitingEntry
from clinicdesk.words import _, ngettext

SHOWN = 4


class WaitingSection(QWidget):
    """`offered` carries the entry whose times are to be shown; `opened` one to be looked at."""

    offered = Signal(object)
    opened = Signal(object)
    withdrawn = Signal(object)  # Offer
    add_wanted = Signal()
    list_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[WaitingRow] = []
        self._count = Label("", "second", "muted", numbers=True)
        self.add = icon_button("list-plus", _("Put somebody on the waiting list"), "flat", "dense")
        self.add.clicked.connect(self.add_wanted)
        head = QHBoxLayout()
        head.addWidget(Label(_("Waiting list"), "subsection"))
        head.addStretch(1)
        head.addWidget(self._count)
        head.addWidget(self.add)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        self._nobody = Label(_("Nobody is waiting for a time"), "second", "muted")
        self.all = Button(_("See the whole list"), "link", size="small")
        self.all.clicked.connect(self.list_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._nobody)
        column.addLayout(self._rows)
        column.addWidget(self.all)

    def show_list(
        self,
        entries: Sequence[WaitingEntry],
        times: Mapping[UUID, Sequence[FreeSlot]],
        catalogue: Catalogue | None,
        now: dt.datetime,
        chosen: UUID | None,
        *,
        week: bool,
        offers: Sequence[Offer] = (),
        zone: dt.tzinfo = dt.UTC,
    ) -> None:
        """The first few: who is offered something, then for whom there is a time on show, in the order of service."""
        self._count.setText(ngettext("{count} person", "{count} people", len(entries)).format(count=len(entries)))
        for row in self.rows:
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()
        asked = {one.entry_id: one for one in offers}
        shown = sorted(entries, key=lambda one: (one.id not in asked, not times.get(one.id)))[:SHOWN]
        self.rows = [
            self._offered(one, asked[one.id], now, zone)
            if one.id in asked
            else self._row(one, len(times.get(one.id, ())), catalogue, now, week=week)
            for one in shown
        ]
        for row in self.rows:
            row.set_chosen(row.entry.id == chosen)
            self._rows.addWidget(row)
        self._nobody.setVisible(not entries)

    def _offered(self, entry: WaitingEntry, offer: Offer, now: dt.datetime, zone: dt.tzinfo) -> WaitingRow:
        second = f"{offer_place(offer, zone, now.astimezone(zone).date())} · {offer.professional_name}"
        words = offer_words(offer, now, zone)
        row = WaitingRow(
            entry, second, dates.capitalised(words), hopeful=True, action=_("Withdraw"), icon="message-circle"
        )
        row.acted.connect(lambda: self.withdrawn.emit(offer))
        row.opened.connect(lambda: self.opened.emit(entry))
        return row

    def _row(
        self, entry: WaitingEntry, count: int, catalogue: Catalogue | None, now: dt.datetime, *, week: bool
    ) -> WaitingRow:
        if count:
            third = ngettext("{count} time would do", "{count} times would do", count).format(count=count)
        else:
            nothing = _("Nothing this week") if week else _("Nothing on this day")
            third = f"{nothing} · {since_words(entry, now)}"
        row = WaitingRow(
            entry, wish_words(entry, catalogue), third, hopeful=count > 0, action=_("Offer") if count else ""
        )
        row.acted.connect(lambda: self.offered.emit(entry))
        row.opened.connect(lambda: self.opened.emit(entry))
        return row
