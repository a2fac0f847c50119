"""A line that fills in brackets, points and dashes while one types, and never takes the cursor away."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.masks import Mask, digits_of


class MaskedEdit(LineEdit):
    """`mask` gives the text as it should stand. Undo is left alone; Backspace steps over what was filled in."""

    def __init__(self, mask: Mask, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(placeholder, numbers=True, parent=parent)
        self._mask = mask
        self._undoing = False
        self.textEdited.connect(self._fill_in)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._undoing = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        by = {Qt.Key.Key_Backspace: -1, Qt.Key.Key_Delete: 1}.get(Qt.Key(event.key()))
        if by and not event.modifiers() and not self.hasSelectedText():
            self._step_over(by)
        super().keyPressEvent(event)
        self._undoing = False

    def _step_over(self, by: int) -> None:
        """Put the cursor beside the figure that is to go, past the signs that would only come back."""
        text, at = self.text(), self.cursorPosition()
        if self._mask(text) != text or not digits_of(text):
            return
        if by < 0:
            while at > 1 and not text[at - 1].isdigit() and any(sign.isdigit() for sign in text[at:]):
                at -= 1
        else:
            while at < len(text) - 1 and not text[at].isdigit():
                at += 1
        self.setCursorPosition(at)

    def _fill_in(self, text: str) -> None:
        shown = self._mask(text)
        if self._undoing or shown == text:
            return
        at = self.cursorPosition()
        at_end = at == len(text)
        before = len(digits_of(text[:at]))
        # Replaced as a person would, so that undo keeps working.
        self.selectAll()
        self.insert(shown)
        self.setCursorPosition(len(shown) if at_end else _after_digits(shown, before))


def _after_digits(text: str, count: int) -> int:
    """The place right after so many figures."""
    seen = 0
    for place, letter in enumerate(text):
        if seen == count:
            return place
        seen += letter.isdigit()
    return len(text)
