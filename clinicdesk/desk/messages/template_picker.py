"""Approved templates to choose from: each as it would read to this patient, and what sending one costs."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QVBoxLayout, QWidget

from clinicdesk.desk.messages.choices import Choices
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.empty_state import EmptyState
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.inbox import TemplateOffer
from clinicdesk.formats import money
from clinicdesk.words import _

_WIDTH = 560


class TemplatePicker(Popover):
    """`decided` carries the TemplateOffer that is to be sent."""

    decided = Signal(object)

    def __init__(self, owner: QWidget, offers: Sequence[TemplateOffer], price: Decimal) -> None:
        super().__init__(owner)
        self.offers = tuple(offers)
        self.list = Choices(_("Templates"))
        self.preview = Label("", "record", wrap=True)
        self.problem = Banner("warn", "")
        self.send = Button(_("Send the template"), "primary", icon="send", key="Enter")
        body = QWidget()
        body.setFixedWidth(_WIDTH)
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(Label(_("Choose a template"), "section"))
        if not self.offers:
            advice = _("A manager writes them in the settings and has the provider approve them.")
            column.addWidget(EmptyState("message-square", _("There is no approved template yet"), advice))
        else:
            self._fill(column, price)
        self.set_content(body, self.list if self.offers else None)
        self.closed.connect(self.deleteLater)

    @property
    def chosen(self) -> TemplateOffer | None:
        """The template one stands on."""
        row = self.list.currentRow()
        return self.offers[row] if 0 <= row < len(self.offers) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._decide()
        else:
            super().keyPressEvent(event)

    def _fill(self, column: QVBoxLayout, price: Decimal) -> None:
        for offer in self.offers:
            self.list.addItem(QListWidgetItem(offer.name))
        self.list.fit(6)
        frame = card()
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(14, 12, 14, 12)
        inner.addWidget(self.preview)
        cost = _("Costs {price}").format(price=money(price)) if price else _("Costs nothing extra")
        foot = QHBoxLayout()
        foot.addWidget(Label(cost, "second", "muted", numbers=True))
        foot.addStretch(1)
        foot.addWidget(self.send)
        for widget in (self.list, frame, self.problem):
            column.addWidget(widget)
        column.addLayout(foot)
        self.problem.hide()
        self.list.currentRowChanged.connect(lambda _row: self._show())
        self.list.itemActivated.connect(lambda _item: self._decide())
        self.send.clicked.connect(self._decide)
        self.list.setCurrentRow(0)

    def _show(self) -> None:
        offer = self.chosen
        if offer is None:
            return
        self.preview.setText(offer.body)
        self.problem.setVisible(bool(offer.lacks))
        words = _("It speaks of a visit, and none is booked. Choose another one.")
        self.problem.say("warn", words)
        if offer.lacks:
            self.send.refuse(words)
        else:
            self.send.permit()

    def _decide(self) -> None:
        offer = self.chosen
        if self.isVisible() and offer is not None and not offer.lacks:
            self.dismiss()
            self.decided.emit(offer)
