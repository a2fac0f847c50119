"""Who is sitting in the reception, in the order of the law and then of their turn. Not there when nobody is."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from clinicdesk.desk import icons, theme
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.heads import short_title
from clinicdesk.desk.agenda.spoken import clock, minutes_waiting
from clinicdesk.desk.dates import minutes_text
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.label import plain_tip
from clinicdesk.desk.widgets.waiting_card import WaitingCard
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.patients import shorter_names
from clinicdesk.domain.priority import priorities_of, waiting_order
from clinicdesk.terms import priority_word
from clinicdesk.words import _

HEIGHT = 56
_PAD = 16
_GAP = 8
_LONGEST_NAME = 170.0


class WaitingStrip(QWidget):
    """Give it the day's appointments and, once a minute, the present; it picks out who waits.

    `calls` says when each was called to the screen last. A professional's strip is of those who wait for them.
    """

    chosen = Signal(object)  # appointment id
    call_requested = Signal(object)  # Appointment

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone: dt.tzinfo = dt.UTC
        self._whose: UUID | None = None
        self._calls: Mapping[UUID, dt.datetime] = {}
        self._hues: Mapping[UUID, int] = {}
        self._waiting: list[Appointment] = []
        self._today = dt.date.min
        self._minutes: list[int] = []
        self._cards: list[WaitingCard] = []
        self._more = QPushButton(self)
        self._more.clicked.connect(self._open_more)
        self._more.hide()
        self._shown = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._title())
        self.setToolTip(plain_tip(_("First whom the law puts first; then by booked time, or arrival when late")))
        self.hide()

    def set_zone(self, zone: dt.tzinfo) -> None:
        """The clinic's zone."""
        self._zone = zone

    def set_professional_hues(self, hues: Mapping[UUID, int]) -> None:
        """The colours of the professionals people wait for."""
        self._hues = dict(hues)

    def set_professional(self, professional_id: UUID | None) -> None:
        """Whose patients alone it shows; None shows everybody's."""
        self._whose = professional_id
        self.setAccessibleName(self._title())

    def set_calls(self, calls: Mapping[UUID, dt.datetime]) -> None:
        """When each appointment's patient was last called to the screen."""
        self._calls = dict(calls)
        self._say_calls()

    def set_waiting(self, appointments: Sequence[Appointment], now: dt.datetime) -> None:
        """Show those of `appointments` who are in the reception; hide the strip when there are none."""
        today = now.astimezone(self._zone).date()
        theirs = [one for one in appointments if self._whose in (None, one.professional_id)]
        waiting = waiting_order(theirs, today)
        self._minutes = [minutes_waiting(one, now) for one in waiting]
        if (waiting, today) != (self._waiting, self._today):
            self._waiting, self._today = waiting, today
            self._rebuild()
        for card, minutes in zip(self._cards, self._minutes, strict=True):
            card.set_minutes(minutes)
        self.updateGeometry()
        self._place()
        self.setVisible(bool(waiting))
        self.update()

    def veil(self) -> None:
        """Names were hidden, or are shown again."""
        self._rebuild()
        self._place()

    def waiting_ids(self) -> list[UUID]:
        """Who is in the strip, in the order they are to be called."""
        return [one.id for one in self._waiting]

    def next_to_call(self) -> Appointment | None:
        """The first who was not called since they arrived; the first of all when everybody was."""
        fresh = (one for one in self._waiting if self._called(one) is None)
        return next(fresh, self._waiting[0] if self._waiting else None)

    def sizeHint(self) -> QSize:
        now = theme.current()
        cards = max((card.sizeHint().height() for card in self._cards), default=0)
        words = now.line_height("strong") + now.line_height("detail")
        return QSize(600, max(HEIGHT, cards + 16, words + 16))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), now.color("bg"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), now.color("line"))
        icons.paint(painter, "armchair", "text", QRectF(_PAD, (self.height() - 16) / 2, 16, 16))
        top = (self.height() - now.line_height("strong") - now.line_height("detail")) / 2
        first = QRectF(_PAD + 26, top, self._head_width(), now.line_height("strong"))
        painter.setFont(now.font("strong"))
        painter.setPen(now.color("text"))
        painter.drawText(first, Qt.AlignmentFlag.AlignVCenter, self._title())
        painter.setFont(now.font("detail", numbers=True))
        painter.setPen(now.color("muted"))
        second = QRectF(first.x(), first.bottom(), first.width(), now.line_height("detail"))
        painter.drawText(second, Qt.AlignmentFlag.AlignVCenter, self._summary())

    def _title(self) -> str:
        return _("Waiting for you") if self._whose else _("At reception")

    def _called(self, appointment: Appointment) -> dt.datetime | None:
        """When the patient was called since they arrived."""
        called = self._calls.get(appointment.id)
        return called if called is not None and called >= appointment.status_at else None

    def _say_calls(self) -> None:
        for one, card in zip(self._waiting, self._cards, strict=True):
            called = self._called(one)
            card.set_called(clock(called, self._zone) if called else "")
        self._place()

    def _summary(self) -> str:
        if not self._minutes:
            return ""
        average = round(sum(self._minutes) / len(self._minutes))
        return _("{count} · average {time}").format(count=len(self._minutes), time=minutes_text(average))

    def _head_width(self) -> float:
        now = theme.current()
        return max(
            QFontMetricsF(now.font("strong")).horizontalAdvance(self._title()),
            QFontMetricsF(now.font("detail", numbers=True)).horizontalAdvance(self._summary()),
        )

    def _rebuild(self) -> None:
        for card in self._cards:
            card.hide()
            card.deleteLater()
        self._cards = [self._card(one, minutes) for one, minutes in zip(self._waiting, self._minutes, strict=True)]
        self._say_calls()

    def _card(self, appointment: Appointment, minutes: int) -> WaitingCard:
        name = privacy.shown_name(appointment.patient_name)
        metrics = QFontMetricsF(theme.current().font("card_name"))
        forms = shorter_names(name)
        who = next((name for name in forms if metrics.horizontalAdvance(name) <= _LONGEST_NAME), forms[-1])
        detail = f"{short_title(appointment.professional_name)} · {clock(appointment.starts_at, self._zone)}"
        hue = self._hues.get(appointment.professional_id, appointment.category_hue)
        reasons = priorities_of(appointment, self._today)
        card = WaitingCard(who, detail, minutes, hue, reasons[0] if reasons else None, parent=self)
        words = [name, appointment.service_name, *map(priority_word, reasons)]
        card.setToolTip(plain_tip(" · ".join(words)))
        card.clicked.connect(partial(self.chosen.emit, appointment.id))
        card.call_requested.connect(partial(self.call_requested.emit, appointment))
        return card

    def _place(self) -> None:
        """As many cards as fit side by side; the rest behind “+2”."""
        x = round(_PAD + 26 + self._head_width() + 20)
        right = self.width() - _PAD
        self._shown = len(self._cards)
        widths = [card.sizeHint().width() for card in self._cards]
        if x + sum(widths) + _GAP * (len(widths) - 1) > right:
            room, self._shown = right - 56 - x, 0
            while self._shown < len(widths) and widths[self._shown] <= room:
                room -= widths[self._shown] + _GAP
                self._shown += 1
        for number, card in enumerate(self._cards):
            card.setVisible(number < self._shown)
            card.setGeometry(
                x, (self.height() - card.sizeHint().height()) // 2, widths[number], card.sizeHint().height()
            )
            if number < self._shown:
                x += widths[number] + _GAP
        rest = len(self._cards) - self._shown
        self._more.setVisible(rest > 0)
        self._more.setText(f"+{rest}")
        self._more.setAccessibleName(_("{count} more waiting").format(count=rest))
        wide = max(48, round(drawing.width_of(self._more.text(), theme.current().font("control"))) + 30)
        self._more.setGeometry(x, (self.height() - 36) // 2, wide, 36)

    def _open_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for one, minutes in list(zip(self._waiting, self._minutes, strict=True))[self._shown :]:
            words = [
                privacy.shown_name(one.patient_name),
                minutes_text(minutes),
                *map(priority_word, priorities_of(one, self._today)),
            ]
            text = " · ".join(words).replace("&", "&&")
            menu.addAction(text, partial(self.chosen.emit, one.id))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))
