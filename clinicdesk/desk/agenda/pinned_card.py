"""One card on the pinboard: who, what for and the time it still holds; dragged onto the agenda, or taken off."""

import datetime as dt

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QSizePolicy, QWidget

from clinicdesk.desk import theme
from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.dates import short_day
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import icon_button
from clinicdesk.desk.widgets.label import plain_tip
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.patients import shorter_names
from clinicdesk.words import _

_BAR = 4
_PAD = 12
_OFF = 36


class PinnedCard(QAbstractButton):
    """A click, Enter or Space takes it in hand for the keyboard; pressing and pulling carries it by the mouse."""

    taken = Signal(object)  # Appointment
    carried = Signal(object, QPoint)  # Appointment, where on the screen: the pull begins
    carried_on = Signal(QPoint, object)  # where on the screen, modifiers
    put_down = Signal()
    taken_off = Signal(object)  # Appointment

    def __init__(self, appointment: Appointment, hue: int, zone: dt.tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.appointment = appointment
        self._hue = hue
        self._pressed: QPoint | None = None
        self._pulling = False
        shown = privacy.shown(appointment)
        local = appointment.starts_at.astimezone(zone)
        self._name = shown.patient_name
        self._second = f"{short_day(local.date())}, {local:%H:%M} · {appointment.service_name}"
        self.setProperty("radius", 6)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = [self._name, self._second, appointment.professional_name]
        self.setAccessibleName(", ".join(words))
        self.setToolTip(plain_tip(" · ".join([*words, _("still holds this time")])))
        off = icon_button("x", _("Take {name} off the pinboard").format(name=self._name), size="dense")
        off.clicked.connect(lambda: self.taken_off.emit(self.appointment))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 2, 0)
        row.addStretch(1)
        row.addWidget(off)
        self.clicked.connect(lambda: self.taken.emit(self.appointment))

    def sizeHint(self) -> QSize:
        now = theme.current()
        return QSize(200, now.line_height("card_name") + now.line_height("second") + 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit(self.appointment)
        elif event.key() == Qt.Key.Key_Delete:
            self.taken_off.emit(self.appointment)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        where = event.globalPosition().toPoint()
        if self._pressed is None:
            return
        if not self._pulling and (where - self._pressed).manhattanLength() >= QApplication.startDragDistance() // 2:
            self._pulling = True
            self.setDown(False)
            self.carried.emit(self.appointment, where)
        elif self._pulling:
            self.carried_on.emit(where, event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pulling, self._pulling, self._pressed = self._pulling, False, None
        if pulling:
            self.put_down.emit()
        else:
            super().mouseReleaseEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        now = theme.current()
        painter = QPainter(self)
        area = QRectF(self.rect())
        hue = now.hue(self._hue)
        drawing.box(painter, area, 6, hue.fill, hue.edge if self.underMouse() else None, 1)
        painter.save()
        painter.setClipRect(QRectF(0, 0, _BAR, area.height()))
        drawing.box(painter, QRectF(0, 0, 3 * _BAR, area.height()), 6, hue.edge)
        painter.restore()
        first, second = now.line_height("card_name"), now.line_height("second")
        width = area.width() - _PAD - _OFF
        top = (area.height() - first - second) / 2
        names = shorter_names(self._name)
        metrics = QFontMetricsF(now.font("card_name"))
        name = next((one for one in names if metrics.horizontalAdvance(one) <= width), names[-1])
        drawing.text(painter, QRectF(_PAD, top, width, first), name, now.font("card_name"), hue.ink)
        font = now.font("second", numbers=True)
        words = self._second
        if drawing.width_of(words, font) > width:
            words = words.split(" · ")[0]
        drawing.text(painter, QRectF(_PAD, top + first, width, second), words, font, hue.ink)
