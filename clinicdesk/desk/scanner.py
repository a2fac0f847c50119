"""A keyboard-wedge scanner, heard at any moment in any window of the desk, whatever has the focus.

It listens where the platform hands keys to a window, before shortcuts and fields see them. What turns out to be typed
by a person goes its ordinary way: to the field, to the shortcut, to the menu that is open.
"""

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication

from clinicdesk.desk.scan_burst import GAP, Burst
from clinicdesk.desk.shortcuts import Shortcuts

_ENDINGS = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Enter: "\r", Qt.Key.Key_Tab: "\t"}
_SILENT = (Qt.Key.Key_Shift, Qt.Key.Key_CapsLock)  # a scanner presses them around its capitals
_HINDERING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_Held = tuple[QWindow, QKeyEvent]


def _moment(event: QKeyEvent) -> float:
    """When the key went down, by the platform's clock: a desk that is slow for a moment does not part a scan."""
    return event.timestamp() / 1000


class Scanner(QObject):
    """`scanned` carries what was read. `close` lets go of the windows."""

    scanned = Signal(str)

    def __init__(
        self,
        shortcuts: Shortcuts,
        parent: QObject | None = None,
        moment: Callable[[QKeyEvent], float] = _moment,
    ) -> None:
        super().__init__(parent)
        self._shortcuts = shortcuts
        self._moment = moment
        self._burst: Burst[_Held] = Burst()
        self._windows: list[QWindow] = []
        self._giving_back = False
        self._resting = False
        self._silence = QTimer(self, singleShot=True, interval=round(GAP * 1000) + 1)
        self._silence.timeout.connect(self._fell_silent)
        application = QGuiApplication.instance()
        assert isinstance(application, QApplication)
        self._application = application
        application.focusWindowChanged.connect(self._listen_to)
        self._listen_to(application.focusWindow())

    def close(self) -> None:
        """Hear no more; what is held is given back."""
        self._application.focusWindowChanged.disconnect(self._listen_to)
        self._give_back(self._burst.give_back())
        for window in filter(shiboken6.isValid, self._windows):
            window.removeEventFilter(self)
        self._windows.clear()

    def rest(self, resting: bool) -> None:
        """Hear nothing for as long as the desk is locked; what is held is given back."""
        self._give_back(self._burst.give_back())
        self._resting = resting

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._giving_back or self._resting or not isinstance(watched, QWindow):
            return False
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.InputMethod):
            self._give_back(self._burst.give_back())
        elif isinstance(event, QKeyEvent):
            return self._key(watched, kind, event)
        return False

    def _listen_to(self, window: QWindow | None) -> None:
        """Every window that once had the keyboard may get it back."""
        self._give_back(self._burst.give_back())
        self._windows = [one for one in self._windows if shiboken6.isValid(one)]
        if window is not None and window not in self._windows:
            window.installEventFilter(self)
            self._windows.append(window)

    def _key(self, window: QWindow, kind: QEvent.Type, event: QKeyEvent) -> bool:
        if event.key() in _SILENT:
            return False
        letter, at = self._letter(event), self._moment(event)
        if kind == QEvent.Type.ShortcutOverride:
            # Accepted here, it becomes a plain key press instead of a shortcut.
            if self._burst.would_hold(letter, at):
                event.accept()
                return True
            self._give_back(self._burst.give_back())
            return False
        if kind == QEvent.Type.KeyPress:
            return self._press(window, event, letter, at)
        return self._burst.accompany((window, event.clone()))

    def _press(self, window: QWindow, event: QKeyEvent, letter: str, at: float) -> bool:
        verdict = self._burst.feed(letter, (window, event.clone()), at)
        self._give_back(verdict.released)
        if self._burst.holds:
            self._silence.start()
        if verdict.scanned:
            self.scanned.emit(verdict.scanned)
        return verdict.held

    def _letter(self, event: QKeyEvent) -> str:
        if event.isAutoRepeat() or event.modifiers() & _HINDERING:
            return ""
        return _ENDINGS.get(Qt.Key(event.key()), event.text())

    def _fell_silent(self) -> None:
        # Keys that came while the desk was busy wait behind this timer; they are heard first.
        QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        if self._silence.isActive():
            return
        verdict = self._burst.expire()
        self._give_back(verdict.released)
        if verdict.scanned:
            self.scanned.emit(verdict.scanned)

    def _give_back(self, held: tuple[_Held, ...]) -> None:
        """Let held keys go the way they would have gone: to who overrides shortcuts, to a shortcut, to the focus."""
        self._giving_back = True
        try:
            for window, event in held:
                if shiboken6.isValid(window):
                    self._deliver(window, event)
        finally:
            self._giving_back = False

    def _deliver(self, window: QWindow, event: QKeyEvent) -> None:
        if event.type() == QEvent.Type.KeyPress and not self._overridden(window, event):
            popup = self._application.activePopupWidget()
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if popup is None and plain and self._shortcuts.press(event.key()):
                return
        self._application.sendEvent(window, event)

    def _overridden(self, window: QWindow, event: QKeyEvent) -> bool:
        asked = QKeyEvent(QEvent.Type.ShortcutOverride, event.key(), event.modifiers(), event.text())
        asked.ignore()
        self._application.sendEvent(window, asked)
        return asked.isAccepted()
