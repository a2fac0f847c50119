"""The pinboard in the side panel: cards put aside, and the place to drop more while one is carried."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import QPoint, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk import icons, theme
from clinicdesk.desk.agenda.pinned_card import PinnedCard
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.agenda import Appointment
from clinicdesk.words import _

_ZONE_HEIGHT = 44


class Pinboard(QWidget):
    """Not there while it is empty and nothing is carried."""

    taken = Signal(object)  # Appointment
    carried = Signal(object, QPoint)
    carried_on = Signal(QPoint, object)
    put_down = Signal()
    taken_off = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[PinnedCard] = []
        self._held: tuple[Appointment, ...] = ()
        self._zone: dt.tzinfo = dt.UTC
        self._hues: Mapping[UUID, int] = {}
        self._title = Label(_("Pinboard"), "subsection")
        self._drop = _DropZone()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self._title)
        self._column.addWidget(self._drop)
        self.setAccessibleName(_("Pinboard"))
        self._drop.hide()
        self.hide()

    def set_zone(self, zone: dt.tzinfo) -> None:
        """The clinic's zone."""
        self._zone = zone

    def set_hues(self, hues: Mapping[UUID, int]) -> None:
        """The colours of the professionals."""
        self._hues = dict(hues)
        self._rebuild()

    def show_cards(self, cards: Sequence[Appointment]) -> None:
        """The cards that lie on it, in their order."""
        if tuple(cards) != self._held:
            self._held = tuple(cards)
            self._rebuild()

    def veil(self) -> None:
        """Names were hidden, or are shown again."""
        self._rebuild()

    def expect(self, carrying: bool) -> None:
        """Offer the place to drop a card, or take it away."""
        self._drop.setVisible(carrying)
        self._drop.set_hot(False)
        self.setVisible(carrying or bool(self._held))

    def is_under(self, where: QPoint) -> bool:
        """Whether a point of the screen lies on it; the place to drop a card shows so."""
        under = self.isVisible() and self.rect().contains(self.mapFromGlobal(where))
        self._drop.set_hot(under)
        return under

    def _rebuild(self) -> None:
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [self._card(one) for one in self._held]
        for number, card in enumerate(self.cards, 1):
            self._column.insertWidget(number, card)
        self.setVisible(bool(self._held) or self._drop.isVisible())

    def _card(self, appointment: Appointment) -> PinnedCard:
        hue = self._hues.get(appointment.professional_id, appointment.category_hue)
        card = PinnedCard(appointment, hue, self._zone, self)
        card.taken.connect(self.taken)
        card.carried.connect(self.carried)
        card.carried_on.connect(self.carried_on)
        card.put_down.connect(self.put_down)
        card.taken_off.connect(self.taken_off)
        return card


class _DropZone(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._hot = False
        self.setFixedHeight(_ZONE_HEIGHT)

    def set_hot(self, hot: bool) -> None:
        if hot != self._hot:
            self._hot = hot
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        fill = now.color("accentSoft") if self._hot else now.color("surface")
        drawing.box(painter, area, 8, fill, now.color("accent" if self._hot else "field"), 1.5, dashed=True)
        icons.paint(painter, "pin", "accentText", QRectF(14, (self.height() - 16) / 2, 16, 16))
        words = QRectF(40, 0, area.width() - 44, self.height())
        drawing.text(painter, words, _("Drop here to keep it aside"), now.font("label"), now.color("accentText"))
