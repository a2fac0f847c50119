"""What was done and how it is taken back: Ctrl+Z, Ctrl+Y and the toast's button."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.words import _

_KEPT = 50


@dataclass(frozen=True)
class Deed:
    """One thing done. `take_back(done)` begins to undo it and calls `done` with the deed that would do it again."""

    words: str
    take_back: "TakeBack"


TakeBack = Callable[[Callable[[Deed], None]], None]


class Undo(QObject):
    """Two piles of deeds. One that somebody changed since is refused by the database, which is said in words."""

    def __init__(self, toasts: ToastArea, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._done: list[Deed] = []
        self._undone: list[Deed] = []
        self._offline = ""

    def set_offline(self, words: str) -> None:
        """Why nothing can be taken back now; the deeds wait. Empty when they can."""
        self._offline = words

    def did(self, deed: Deed, icon: str = "check") -> None:
        """Say what happened and offer to take it back."""
        self._done = [*self._done, deed][-_KEPT:]
        self._undone.clear()
        self._toasts.show_toast(deed.words, self.undo, icon)

    def undo(self) -> None:
        """Take the last deed back; nothing when there is none."""
        if self._done and not self._refused_offline():
            self._toasts.dismiss()
            self._done.pop().take_back(self._taken_back)

    def redo(self) -> None:
        """Do again what was last taken back; nothing when there is none."""
        if self._undone and not self._refused_offline():
            self._toasts.dismiss()
            self._undone.pop().take_back(self._done_again)

    def _refused_offline(self) -> bool:
        if self._offline:
            self._toasts.show_toast(self._offline, icon="wifi-off")
        return bool(self._offline)

    def _taken_back(self, again: Deed) -> None:
        self._undone.append(again)
        self._toasts.show_toast(_("Undone: {what}").format(what=again.words), icon="undo-2")

    def _done_again(self, deed: Deed) -> None:
        self._done.append(deed)
        self._toasts.show_toast(deed.words, self.undo, "check")
