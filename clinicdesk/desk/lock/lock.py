"""Locks the desk and unlocks it: by key, after minutes without use, and by the password of who was at work."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QWidget

from clinicdesk.desk import seal
from clinicdesk.desk.background import Background
from clinicdesk.desk.call_screen.screen import CallScreen
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.lock.cover import Cover
from clinicdesk.desk.lock.page import LockPage
from clinicdesk.desk.shortcuts import Shortcuts
from clinicdesk.desk.sign_in.side import SignInSide
from clinicdesk.domain.staff import Person


class ScreenLock(QObject):
    """`changed` says whether the desk is locked now. `prove` raises a ClinicError unless the password is right.

    The person's work goes on underneath: what other desks change arrives, what was typed stays, the call screen calls.
    """

    changed = Signal(bool)
    switch_wanted = Signal()

    def __init__(
        self,
        window: QWidget,
        background: Background,
        clock: DeskClock,
        shortcuts: Shortcuts,
        like: Callable[[], SignInSide],
    ) -> None:
        super().__init__(window)
        self._window, self._background, self._clock, self._shortcuts = window, background, clock, shortcuts
        self._like = like
        self._cover: Cover | None = None
        self.page: LockPage | None = None

    @property
    def locked(self) -> bool:
        """Whether everything is covered."""
        return self.page is not None

    def lock(self, person: Person, prove: Callable[[str], None], demo_password: str = "") -> None:
        """Cover everything now; locked twice is locked once."""
        if self.page is not None:
            return
        page = LockPage(self._window, self._clock, person, self._like(), demo_password)
        page.unlock_requested.connect(lambda password: self._try(page, prove, password))
        page.switch_requested.connect(self.switch_wanted)
        self.page, self._cover = page, Cover(self._window, page, free=lambda other: isinstance(other, CallScreen))
        self._shortcuts.rest(True)
        self._cover.draw()
        seal.seal(page)
        _clear_clipboard()
        self.changed.emit(True)

    def unlock(self) -> None:
        """Give everything back as it was."""
        if self._cover is not None:
            seal.unseal()
            self._shortcuts.rest(False)
            self._cover.lift()
            self._end()

    def leave(self) -> None:
        """The person at work is leaving: nothing is given back."""
        if self._cover is not None:
            seal.unseal()
            self._shortcuts.rest(False)
            self._cover.drop()
            self._end()

    def _try(self, page: LockPage, prove: Callable[[str], None], password: str) -> None:
        self._background.run(page, lambda: prove(password), lambda _none: self.unlock(), page.refused)

    def _end(self) -> None:
        page, self.page, self._cover = self.page, None, None
        if page is not None:
            page.card.clear()
            page.hide()
            page.deleteLater()
        self.changed.emit(False)


def _clear_clipboard() -> None:
    """Take back what was copied here; what another program put there is not ours to clear."""
    clipboard = QGuiApplication.clipboard()
    if clipboard.ownsClipboard():
        clipboard.clear(QClipboard.Mode.Clipboard)
    if clipboard.supportsSelection() and clipboard.ownsSelection():
        clipboard.clear(QClipboard.Mode.Selection)
