"""The hands of the journeys in a process of its own, and a clock on the thread that paints."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinicdesk.desk.application import Application
from tests.journeys.hands import PATIENCE, Hands

_BEAT = 5  # milliseconds
_LOOK = 10


class Gone(Exception):
    """What was waited for did not come."""


class Fingers:
    """What the hands need of a test's bot: waiting in a real event loop, keys, and clicks."""

    def waitUntil(self, ready: Callable[[], bool], timeout: int = PATIENCE) -> None:
        """Let the application go on until something is so. Raises Gone."""
        loop, late = QEventLoop(), QTimer(singleShot=True, interval=timeout)
        look = QTimer(interval=_LOOK)
        look.timeout.connect(lambda: loop.quit() if ready() else None)
        late.timeout.connect(loop.quit)
        look.start()
        late.start()
        if not ready():
            loop.exec()
        if not ready():
            raise Gone(f"not within {timeout / 1000:.0f} s")

    def wait(self, milliseconds: int) -> None:
        """Let the application go on for a while."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def keyClick(self, target: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        """Press a key."""
        QTest.keyClick(target, key, modifiers)

    def mouseClick(self, target: QWidget, button: Qt.MouseButton) -> None:
        """Press and release in the middle."""
        QTest.mouseClick(target, button)


class Beat(QObject):
    """How long the thread that paints was away at most, in milliseconds, since `begin`."""

    def __init__(self, qt: QApplication) -> None:
        super().__init__(qt)
        self.longest, self._at = 0.0, time.perf_counter()
        self._timer = QTimer(self, interval=_BEAT)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def begin(self) -> None:
        """Count from now on."""
        self.longest, self._at = 0.0, time.perf_counter()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest, self._at = max(self.longest, (now - self._at) * 1000 - _BEAT), now


class SlowHands(Hands):
    """Hands of a person: the application goes on between two letters."""

    def __init__(self, application: Application) -> None:
        self.fingers = Fingers()
        super().__init__(self.fingers, application)  # type: ignore[arg-type]

    def write(self, words: str) -> None:
        """Type letter by letter, fifteen a second."""
        for letter in words:
            super().write(letter)
            self.fingers.wait(60)
