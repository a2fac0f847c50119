"""The strip over the agenda's past: which moment is shown, what happened then, the slider, and the way back."""

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.agenda.past_slider import PastSlider
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.patient_row import fitting
from clinicdesk.words import _

_A_STEP = 900  # milliseconds a change stays on the screen while it plays
_EDGE = 3  # of colour at the top: this is not the present


class PastStrip(QWidget):
    """`moved` carries an instant, `day_stepped` -1 or +1; `left` asks for the present."""

    moved = Signal(object)  # dt.datetime
    day_stepped = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self.slider = PastSlider()
        self.slider.moved.connect(self.moved)
        self._title = Label("", "section")
        self._moment = Label("", "body", "muted", numbers=True)
        self._moment.setMinimumWidth(1)
        self._forms: tuple[str, ...] = ()
        self.play = icon_button("play", _("Play change by change"), kind="soft", key=_("Space"))
        self.play.clicked.connect(self.toggle)
        self.back = Button(_("Back to now"), "secondary", icon="undo-2", key="Esc")
        self.back.clicked.connect(self.left)
        self._playing = QTimer(self, interval=_A_STEP)
        self._playing.timeout.connect(self._play_on)
        self._arrange()

    @property
    def is_playing(self) -> bool:
        """Whether the changes run by themselves."""
        return self._playing.isActive()

    def say(self, title: str, *moment: str) -> None:
        """Name the day, and the moment it is shown at: the longest of its forms that there is room for."""
        self._title.setText(title)
        self._forms = moment
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        beside = self._first.minimumSize().width() - self._words.minimumSize().width()
        room = self.width() - beside - 8
        self._moment.setText(fitting(self._forms, current().font("body", numbers=True), room))

    def toggle(self) -> None:
        """Play from here, or from the beginning when the end is shown; or stop."""
        if self._playing.isActive():
            self.stop()
            return
        if self.slider.at >= self.slider.scale.last:
            self.slider.go(self.slider.scale.first)
        self._playing.start()
        self._show_playing()

    def stop(self) -> None:
        """Stay at the moment shown."""
        self._playing.stop()
        self._show_playing()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(0, 0, self.width(), _EDGE, current().color("info"))

    def _play_on(self) -> None:
        self.slider.step(1)
        if self.slider.at >= self.slider.scale.last:
            self.stop()

    def _show_playing(self) -> None:
        self.play.set_icon("pause" if self._playing.isActive() else "play")
        self.play.setAccessibleName(_("Stop") if self._playing.isActive() else _("Play change by change"))

    def _arrange(self) -> None:
        self._words = words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._moment)
        self._first = first = QHBoxLayout()
        first.setContentsMargins(24, 10, 24, 0)
        first.setSpacing(8)
        first.addWidget(_Tile())
        first.addSpacing(4)
        first.addLayout(words, 1)
        for icon, name, days in (("chevron-left", _("Previous day"), -1), ("chevron-right", _("Next day"), 1)):
            button = icon_button(icon, name, kind="secondary")
            button.clicked.connect(lambda _checked=False, days=days: self.day_stepped.emit(days))
            first.addWidget(button)
        first.addSpacing(8)
        first.addWidget(self.back)
        second = QHBoxLayout()
        second.setContentsMargins(24, 0, 24, 6)
        second.setSpacing(4)
        for icon, name, steps in (("chevrons-left", _("Change before"), -1), ("chevrons-right", _("Next change"), 1)):
            button = icon_button(icon, name, key="←" if steps < 0 else "→")
            button.clicked.connect(lambda _checked=False, steps=steps: self.slider.step(steps))
            second.addWidget(button)
            if steps < 0:
                second.addWidget(self.play)
        second.addSpacing(8)
        second.addWidget(self.slider, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, _EDGE, 0, 0)
        column.setSpacing(2)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(separator())


class _Tile(QWidget):
    """The sign that this is not the present."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(36, 36)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        drawing.box(painter, QRectF(self.rect()), 8, current().color("infoSoft"))
        icons.paint(painter, "history", "infoText", QRectF(9, 9, 18, 18))
