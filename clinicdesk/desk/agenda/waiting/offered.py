"""A time that is on offer to somebody of the waiting list: how it stands, and the answer when it comes by telephone."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.waiting.words import offer_message_words, offer_place, offer_words
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.icon_line import IconLine
from clinicdesk.desk.widgets.label import Label, narrow_label, separator
from clinicdesk.domain.offers import Offer, OfferState
from clinicdesk.domain.patients import show_phone
from clinicdesk.domain.waiting import WaitingEntry
from clinicdesk.words import _

_KEYS = {Qt.Key.Key_1: OfferState.ACCEPTED, Qt.Key.Key_2: OfferState.REFUSED, Qt.Key.Key_Delete: OfferState.WITHDRAWN}


class OfferPanel(QWidget):
    """`decided` carries an OfferState; `wish_wanted` asks for the form of what they wait for."""

    decided = Signal(object)
    wish_wanted = Signal()
    closed = Signal()

    def __init__(self, offer: Offer, entry: WaitingEntry, clock: DeskClock) -> None:
        super().__init__()
        self.offer = offer
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        head = QHBoxLayout()
        head.addWidget(Chip(_("On offer"), "info", "message-circle"))
        head.addStretch(1)
        close = icon_button("x", _("Close"), key="Esc")
        close.clicked.connect(self.closed)
        head.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(head)
        name = privacy.shown_name(offer.patient_name)
        column.addWidget(narrow_label(name, "panel_name", numbers=True))
        column.addWidget(narrow_label(entry.service_name, "second", "muted", numbers=True))
        now, zone, today = clock.now(), clock.zone, clock.today()
        for icon, words in (
            ("calendar-days", f"{offer_place(offer, zone, today)} · {offer.professional_name}"),
            ("timer", offer_words(offer, now, zone)),
            ("message-circle", offer_message_words(offer)),
            ("phone", show_phone(entry.patient_phone) or _("No phone")),
        ):
            column.addWidget(IconLine(icon, words, numbers=True))
        column.addWidget(separator())
        column.addWidget(Label(_("Answered by telephone?"), "subsection"))
        self.yes = self._button(OfferState.ACCEPTED, _("Accepted: book it"), "primary", "calendar-check", "1")
        self.no = self._button(OfferState.REFUSED, _("Does not want it"), "secondary", "x", "2")
        self.withdraw = self._button(OfferState.WITHDRAWN, _("Withdraw the offer"), "secondary", "undo-2", "Del")
        for button in (self.yes, self.no, self.withdraw):
            column.addWidget(button)
        wish = Button(_("What they wait for"), "flat", "list-checks")
        wish.clicked.connect(self.wish_wanted)
        column.addWidget(wish, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.setAccessibleName(", ".join((name, offer_place(offer, zone, today), offer_words(offer, now, zone))))

    def event(self, event: QEvent) -> bool:
        # The figures are the views' keys on this page; here they are the answers.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._state_of(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        state = self._state_of(event)
        if state is not None:
            self.decided.emit(state)
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _state_of(self, event: QKeyEvent) -> OfferState | None:
        return _KEYS.get(Qt.Key(event.key())) if not event.modifiers() else None

    def _button(self, state: OfferState, words: str, kind: str, icon: str, key: str) -> Button:
        button = Button(words, kind, icon, key)
        button.clicked.connect(lambda: self.decided.emit(state))
        return button
