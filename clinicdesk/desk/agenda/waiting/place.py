"""A free place of the agenda that was pointed at: book it, or give it to somebody of the waiting list by one key."""

import datetime as dt
from uuid import UUID

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.waiting.row import WaitingRow
from clinicdesk.desk.agenda.waiting.words import reason_words, service_words
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.domain.clinics import Catalogue
from clinicdesk.formats import clock, time_range
from clinicdesk.usecases.waiting import FreePlace
from clinicdesk.words import _, ngettext


class PlacePanel(QWidget):
    """`booked` carries the Fit that was taken, `asked` one who is to be asked by message.

    Figures take one while the panel has the focus; M asks the first who can be.
    """

    booked = Signal(object)
    asked = Signal(object)
    book_wanted = Signal()
    closed = Signal()

    def __init__(
        self,
        place: FreePlace,
        catalogue: Catalogue,
        desk_clock: DeskClock,
        askable: frozenset[UUID] = frozenset(),
        offered: frozenset[UUID] = frozenset(),
    ) -> None:
        super().__init__()
        assert place.gap is not None
        self.place = place
        self.rows: list[WaitingRow] = []
        # Who can be asked by message, and is not offered another time now.
        self._askable = [one for one in place.fits if one.entry.patient_id in askable and one.entry.id not in offered]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        zone, today = desk_clock.zone, desk_clock.today()
        start = place.moment.astimezone(zone)
        who = next((one.name for one in catalogue.professionals if one.id == place.professional_id), "")
        title = Label(_("{time} free").format(time=f"{start:%H:%M}"), "panel_name", numbers=True)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        close = icon_button("x", _("Close"), key="Esc")
        close.clicked.connect(self.closed)
        head.addWidget(close)
        length = dates.minutes_text(int((place.gap.ends_at - place.gap.starts_at).total_seconds() // 60))
        span = time_range(place.gap.starts_at, place.gap.ends_at, zone)
        when = f"{dates.capitalised(dates.relative_day(start.date(), today))}, {span} · {length}"
        self.book = Button(
            _("Book {day}, {time}").format(day=dates.relative_day(start.date(), today), time=clock(place.moment, zone)),
            "primary",
            icon="plus",
        )
        self.book.clicked.connect(self.book_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        for words in (when, who):
            label = Label(words, "body", "muted", numbers=True, wrap=True)
            column.addWidget(label)
        column.addWidget(self.book)
        column.addWidget(separator())
        column.addWidget(self._fits(catalogue, desk_clock.now(), zone))
        column.addStretch(1)
        self.setAccessibleName(f"{title.text()}, {who}")

    def event(self, event: QEvent) -> bool:
        # The figures are the views' keys on this page; here they mean the rows.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._means(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._row_of(event)
        if row is not None:
            row.acted.emit()
        elif self._asks(event):
            self.asked.emit(self._askable[0])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.book_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _means(self, event: QKeyEvent) -> bool:
        return self._row_of(event) is not None or self._asks(event)

    def _asks(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_M and not event.modifiers() and bool(self._askable)

    def _row_of(self, event: QKeyEvent) -> WaitingRow | None:
        number = event.key() - Qt.Key.Key_0
        return self.rows[number - 1] if 1 <= number <= min(9, len(self.rows)) and not event.modifiers() else None

    def _fits(self, catalogue: Catalogue, now: dt.datetime, zone: dt.tzinfo) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        count = len(self.place.fits)
        head = QHBoxLayout()
        head.addWidget(Label(_("From the waiting list"), "subsection"))
        head.addStretch(1)
        fits = ngettext("{count} fits", "{count} fit", count).format(count=count)
        head.addWidget(Label(fits if count else "", "second", "muted", numbers=True))
        column.addLayout(head)
        if not count:
            column.addWidget(Label(_("Nobody who waits could come at this time."), "second", "muted", wrap=True))
        if self._askable:
            first = privacy.shown_name(self._askable[0].entry.patient_name).split(" ")[0]
            self.ask = Button(
                _("Ask {patient} by message").format(patient=first), "soft", "message-circle", "M", "dense"
            )
            self.ask.clicked.connect(lambda: self.asked.emit(self._askable[0]))
            column.addWidget(self.ask)
        for number, fit in enumerate(self.place.fits, 1):
            words = f"{clock(fit.free.slot.starts_at, zone)} · {service_words(fit.entry, catalogue)}"
            row = WaitingRow(
                fit.entry,
                words,
                reason_words(fit.entry, now),
                hopeful=True,
                action=_("Book"),
                key=str(number) if number <= 9 else "",
                ask=_("Ask by message") if fit in self._askable else "",
            )
            row.asked.connect(lambda fit=fit: self.asked.emit(fit))
            row.acted.connect(lambda fit=fit: self.booked.emit(fit))
            self.rows.append(row)
            column.addWidget(row)
        return holder
