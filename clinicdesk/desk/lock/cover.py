"""Keeps every window of the desk out of sight, those that open while it is locked too, and nothing of them changes."""

from collections.abc import Callable
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from clinicdesk.desk.seal import belongs_to
from clinicdesk.desk.stylesheet import stand_on

_E = QEvent.Type
_INPUT = frozenset(
    {
        _E.KeyPress,
        _E.KeyRelease,
        _E.ShortcutOverride,
        _E.InputMethod,
        _E.MouseButtonPress,
        _E.MouseButtonRelease,
        _E.MouseButtonDblClick,
        _E.MouseMove,
        _E.Wheel,
        _E.ContextMenu,
        _E.TouchBegin,
        _E.TouchUpdate,
        _E.TouchEnd,
        _E.TabletPress,
        _E.TabletMove,
        _E.TabletRelease,
        _E.DragEnter,
        _E.DragMove,
        _E.Drop,
        _E.ToolTip,
        _E.WhatsThis,
        _E.HoverEnter,
        _E.HoverMove,
    }
)
_PASSING = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)


@dataclass
class _Hidden:
    """A window that was on screen, and how it stood in the way of others."""

    window: QWidget
    modality: Qt.WindowModality


class Cover(QObject):
    """`page` is drawn over `window`; all other windows leave the screen, but for those that are `free`.

    Windows are hidden and not closed: they come back as they were, with what was typed in them.
    """

    def __init__(self, window: QWidget, page: QWidget, free: Callable[[QWidget], bool]) -> None:
        super().__init__(page)
        self._window, self._page, self._free = window, page, free
        self._hidden: list[_Hidden] = []
        self._came_from: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._application = application

    def draw(self) -> None:
        """Cover everything now."""
        _close_popups()
        self._came_from = self._application.focusWidget()
        self._page.setGeometry(self._window.rect())
        self._page.show()
        self._page.raise_()
        for other in self._application.topLevelWidgets():
            self._put_away(other)
        self._application.installEventFilter(self)
        self._application.focusChanged.connect(self._focus_moved)
        self._take_focus()

    def lift(self) -> None:
        """Give everything back as it was."""
        self._end()
        for hidden in self._hidden:
            if shiboken6.isValid(hidden.window):
                hidden.window.setWindowModality(hidden.modality)
                hidden.window.show()
        self._hidden.clear()
        came_from = self._came_from
        if came_from is not None and shiboken6.isValid(came_from) and came_from.isVisible():
            # As when another program was in front: a field selects nothing and believes nobody has left it.
            came_from.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def drop(self) -> None:
        """End without giving anything back: whose windows they were is leaving."""
        self._end()
        for hidden in self._hidden:
            if shiboken6.isValid(hidden.window):
                hidden.window.close()
        self._hidden.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _INPUT:
            return isinstance(watched, QWidget) and not self._may_act(watched)
        if kind == _E.Shortcut:
            owner = watched.parent() if isinstance(watched, QShortcut) else None
            return not (isinstance(owner, QWidget) and belongs_to(owner, self._page))
        if kind == _E.Show and isinstance(watched, QWidget):
            self._shown(watched)
        elif kind == _E.ZOrderChange and isinstance(watched, QWidget):
            self._stay_on_top(watched)
        elif kind == _E.Resize and watched is self._window:
            self._page.setGeometry(self._window.rect())
        return False

    def _may_act(self, widget: QWidget) -> bool:
        return belongs_to(widget, self._page) or self._free(widget.window())

    def _shown(self, widget: QWidget) -> None:
        if not widget.isWindow():
            self._stay_on_top(widget)
        elif widget is not self._window and not self._may_act(widget):
            _blind(widget)  # before its first picture; it is taken away when it has finished opening
            QTimer.singleShot(0, widget, lambda: self._put_away_late(widget))

    def _stay_on_top(self, widget: QWidget) -> None:
        if widget.parentWidget() is self._window and widget is not self._page:
            self._page.raise_()

    def _put_away(self, window: QWidget) -> None:
        if window is self._window or window.isHidden() or self._may_act(window):
            return
        if window.windowType() in _PASSING:
            window.hide()
            return
        self._hidden.append(_Hidden(window, window.windowModality()))
        had_keyboard = window.isActiveWindow()
        window.hide()
        _unblind(window)
        if had_keyboard:
            self._window.activateWindow()

    def _put_away_late(self, window: QWidget) -> None:
        if self._page.isVisible():
            self._put_away(window)
            self._window.activateWindow()  # which had the keyboard until the other one opened

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and not self._may_act(now):
            self._came_from = now  # what opened beneath wants the keyboard when it is its turn
            self._take_focus()

    def _take_focus(self) -> None:
        target = self._page.focusProxy() or self._page
        target.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def _end(self) -> None:
        self._application.removeEventFilter(self)
        self._application.focusChanged.disconnect(self._focus_moved)


class _Blind(QWidget):
    """An empty surface over all of a window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        stand_on(self, "bg")
        self.setGeometry(window.rect())
        self.show()
        self.raise_()


def _blind(window: QWidget) -> None:
    _Blind(window)


def _unblind(window: QWidget) -> None:
    for blind in window.findChildren(_Blind):
        blind.setParent(None)
        blind.deleteLater()


def _close_popups() -> None:
    """Menus and lists that hold the keyboard go: nothing is typed into them."""
    QToolTip.hideText()
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
        if popup is QApplication.activePopupWidget():
            return
