"""Where the call screen opens: on the monitor it had, else on one that is not the desk's, else in a window."""

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.call_screen.screen import CallScreen
from clinicdesk.desk.calls import Calls
from clinicdesk.desk.clock import DeskClock

_WINDOW = (1280, 720)


class CallScreenOpening(QObject):
    """`remembered` carries the monitor's name while the screen is open, empty words once it was closed; and sound."""

    remembered = Signal(str, bool)

    def __init__(self, clinic_name: str, calls: Calls, clock: DeskClock, desk: QWidget) -> None:
        super().__init__(desk)
        self._clinic_name = clinic_name
        self._calls = calls
        self._clock = clock
        self._desk = desk
        self._monitor = ""
        self._sound = False
        self.screen: CallScreen | None = None

    def resume(self, monitor: str, sound: bool) -> None:
        """Take up what this desk remembers: the screen opens by itself when its monitor is there."""
        self._monitor, self._sound = monitor, sound
        if monitor and any(_name(one) == monitor for one in QGuiApplication.screens()):
            self.open()

    def open(self) -> None:
        """Show the screen, or bring it to the front."""
        if self.screen is None:
            self.screen = CallScreen(self._clinic_name, self._clock, self._sound)
            self.screen.left.connect(self._closed)
            self.screen.sound_chosen.connect(self._sound_chosen)
            self._calls.came.connect(self.screen.show_calls)
        self.screen.show_calls(self._calls.latest)
        self._place(self.screen)
        self._calls.reload()
        self._remember()

    def close(self) -> None:
        """Put it away with the person's work; this desk still remembers it."""
        screen, self.screen = self.screen, None
        if screen is not None:
            screen.left.disconnect(self._closed)
            self._calls.came.disconnect(screen.show_calls)
            screen.close()
            screen.deleteLater()

    def _place(self, window: CallScreen) -> None:
        own = self._desk.screen()
        others = [one for one in QGuiApplication.screens() if one is not own]
        kept = next((one for one in QGuiApplication.screens() if _name(one) == self._monitor), None)
        monitor = kept if kept is not None and kept is not own else next(iter(others), None)
        if monitor is None:
            window.setGeometry(_centred(own))
            window.show()
        else:
            window.setGeometry(monitor.geometry())
            window.showFullScreen()
        window.raise_()

    def _closed(self) -> None:
        self._monitor = ""
        self.close()
        self.remembered.emit("", self._sound)

    def _sound_chosen(self, on: bool) -> None:
        self._sound = on
        self._remember()

    def _remember(self) -> None:
        if self.screen is not None:
            self._monitor = _name(self.screen.screen())
            self.remembered.emit(self._monitor, self._sound)


def _name(monitor: QScreen) -> str:
    """What a monitor is known by; some systems give theirs no name."""
    return monitor.name() or "monitor"


def _centred(monitor: QScreen) -> QRect:
    room = monitor.availableGeometry()
    place = QRect(0, 0, min(_WINDOW[0], room.width()), min(_WINDOW[1], room.height()))
    place.moveCenter(room.center())
    return place
