"""Notices that nobody has touched the desk for so many minutes, and looks no more often than that takes."""

import time
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
        QEvent.Type.InputMethod,
    }
)


class IdleWatch(QObject):
    """`idle` says that it is time; `start` begins anew. It watches where the platform gives events to our windows.

    A computer that slept was idle all the while: its calendar has gone on, though its timers stood still.
    """

    idle = Signal()

    def __init__(
        self,
        minutes: Callable[[], int],
        parent: QObject | None = None,
        calendar: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._minutes, self._calendar, self._steady = minutes, calendar, steady
        self._last = (calendar(), steady())
        self._windows: list[QWindow] = []
        self._on = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        self._application = application

    @property
    def watching(self) -> bool:
        """Whether time is being counted."""
        return self._on

    def start(self) -> None:
        """Count from now."""
        self.stop()
        self._on = True
        self._note()
        self._application.focusWindowChanged.connect(self._listen_to)
        self._application.applicationStateChanged.connect(self._state_changed)
        for window in self._application.allWindows():
            self._listen_to(window)
        self._arm()

    def stop(self) -> None:
        """Count no more."""
        if not self._on:
            return
        self._on = False
        self._timer.stop()
        self._application.focusWindowChanged.disconnect(self._listen_to)
        self._application.applicationStateChanged.disconnect(self._state_changed)
        for window in filter(shiboken6.isValid, self._windows):
            window.removeEventFilter(self)
        self._windows.clear()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() not in _TOUCHES:
            return False
        if self._left() <= 0:
            # The first touch after a long sleep: it wakes the computer, and does nothing to what lies open.
            self.idle.emit()
            return True
        self._note()
        return False

    def _listen_to(self, window: QWindow | None) -> None:
        self._windows = [one for one in self._windows if shiboken6.isValid(one)]
        if window is not None and window not in self._windows:
            window.installEventFilter(self)
            self._windows.append(window)

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationSuspended:
            self.idle.emit()

    def _note(self) -> None:
        self._last = (self._calendar(), self._steady())

    def _left(self) -> float:
        """Seconds until it is time, by whichever clock has gone further."""
        gone = max(self._calendar() - self._last[0], self._steady() - self._last[1])
        return 60 * self._minutes() - gone

    def _look(self) -> None:
        if self._left() <= 0:
            self.idle.emit()
        else:
            self._arm()

    def _arm(self) -> None:
        self._timer.start(max(1, round(self._left() * 1000)))
