"""Keys as the platform hands them to a window: shortcuts are tried first, then the focus gets them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest

_NAMED = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}


def press_keys(window: QWindow, text: str) -> None:
    """Type `text` at once, as a scanner does: one key after the other, Shift around the capitals."""
    for letter in text:
        key = _NAMED.get(letter) or Qt.Key(ord(letter.upper()))
        held = Qt.KeyboardModifier.ShiftModifier if letter.isupper() else Qt.KeyboardModifier.NoModifier
        for action in (QTest.KeyAction.Press, QTest.KeyAction.Release):
            QTest.sendKeyEvent(action, window, key, letter, held)
