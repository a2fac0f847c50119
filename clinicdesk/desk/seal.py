"""The accessibility tree of a locked desk: what lies beneath the lock answers nothing to whoever reads the screen.

Qt keeps an interface for each part and readers keep their numbers, so what was made before is dropped on both turns.
Interfaces painted by our own hand stay the same objects; they ask `sealed()` before they say anything.
"""

from functools import cache

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QApplication, QWidget


class _Seal:
    def __init__(self) -> None:
        self.above: QWidget | None = None  # what may be read
        self.kept: list[QAccessibleInterface] = []


_seal = _Seal()


def sealed() -> bool:
    """Whether the desk is locked, and nothing of the clinic is to be read aloud."""
    return _seal.above is not None


def seal(above: QWidget) -> None:
    """From now on only `above` and what it holds can be read."""
    _install()
    _drop_interfaces()
    _seal.above = above


def unseal() -> None:
    """Everything can be read again."""
    _drop_interfaces()
    _seal.above = None
    _seal.kept.clear()


def belongs_to(widget: QWidget | None, above: QWidget) -> bool:
    """Whether a part is `above` or was opened by it, as a menu of its field is."""
    while widget is not None and widget is not above:
        widget = widget.parentWidget()
    return widget is above


class _Silent(QAccessibleWidget):
    """Answers nothing; the window that holds `above` answers that alone."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget, QAccessible.Role.Window if widget.isWindow() else QAccessible.Role.NoRole)
        self._holds = _seal.above is not None and _seal.above.parentWidget() is widget

    def childCount(self) -> int:
        return 1 if self._holds and sealed() else 0

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        above = _seal.above
        if index or not self._holds or above is None or not shiboken6.isValid(above):
            return None
        return QAccessible.queryAccessibleInterface(above)

    def indexOfChild(self, _child: QAccessibleInterface) -> int:
        return 0 if self._holds else -1

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def text(self, _kind: QAccessible.Text) -> str:
        return ""


def _interface_for(_name: str, asked: QObject) -> QAccessibleInterface | None:
    above = _seal.above
    if above is None or not isinstance(asked, QWidget) or belongs_to(asked, above):
        return None
    silent = _Silent(asked)
    _seal.kept.append(silent)  # Qt holds no reference that Python would count
    return silent


def _drop_interfaces() -> None:
    for widget in QApplication.allWidgets():
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None and not _ours(interface):
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(interface))


def _ours(interface: QAccessibleInterface) -> bool:
    module = type(interface).__module__
    return module.startswith("clinicdesk.") and module != __name__


@cache
def _install() -> None:
    QAccessible.installFactory(_interface_for)
