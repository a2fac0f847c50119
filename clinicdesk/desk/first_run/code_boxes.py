"""A code in boxes, four to a group: one field for the keyboard and the screen reader, boxes for the eye."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing

GROUP = 4
_GAP, _GROUP_GAP, _ROW_GAP = 4, 14, 8


class CodeBoxes(QLineEdit):
    """`read` gives the letters of what was typed, and `alphabet` those a code may have; others are dropped, `refused`.

    Pasting fills all; with `paste=False` it is refused, `pasted`, for what is to be copied by hand. `typed` says that
    the letters are others now, `filled` that every box has its letter.
    """

    typed = Signal()
    filled = Signal()
    refused = Signal(str)
    pasted = Signal()

    def __init__(
        self,
        count: int,
        read: Callable[[str], str],
        alphabet: str,
        row: int = 16,
        paste: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._count, self._read, self._alphabet, self._row, self._pastes = count, read, alphabet, row, paste
        self._wrong: frozenset[int] = frozenset()
        self.setProperty("focusRing", "none")  # the box where the next letter goes shows it
        self.setProperty("kind", "bare")
        self.setAcceptDrops(paste)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhUppercaseOnly
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhSensitiveData
        )
        self.textEdited.connect(self._clean)

    @property
    def full(self) -> bool:
        """Whether no box is empty."""
        return len(self.text()) == self._count

    def grouped(self) -> list[str]:
        """The letters so far, in groups."""
        letters = self.text()
        return [letters[start : start + GROUP] for start in range(0, len(letters), GROUP)]

    def set_letters(self, typed: str) -> None:
        """Show a code, however it is spaced."""
        self.setText(self._letters(typed)[0])

    def set_wrong(self, groups: frozenset[int]) -> None:
        """Mark groups that do not match."""
        if groups != self._wrong:
            self._wrong = groups
            self.update()

    def sizeHint(self) -> QSize:
        rows = -(-self._count // self._row)
        width, height = self._box()
        across = min(self._count, self._row)
        gaps = (across - 1) * _GAP + (across // GROUP - 1) * (_GROUP_GAP - _GAP)
        return QSize(across * width + gaps + 4, rows * height + (rows - 1) * _ROW_GAP + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._pastes and event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._pastes:
            super().contextMenuEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        nearest = min(range(self._count), key=lambda at: (self._area(at).center() - place).manhattanLength())
        self.setCursorPosition(min(nearest, len(self.text())))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Letters in boxes are not marked with the mouse."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pastes:  # the middle button pastes on some desktops
            super().mouseReleaseEvent(event)
        elif event.button() == Qt.MouseButton.MiddleButton:
            self.pasted.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        letters, at = self.text(), min(self.cursorPosition(), self._count - 1)
        font = theme.font("panel_name", numbers=True)
        for place in range(self._count):
            area = self._area(place)
            here = self.hasFocus() and place == at
            wrong = place // GROUP in self._wrong
            line = "danger" if wrong else "accent" if here else "field"
            if not self.isEnabled():
                line = "border"
            ground = "surface" if self.isEnabled() else "sunken"
            if here:
                drawing.box(painter, area.adjusted(-2, -2, 2, 2), 8, theme.color("accent", 0.28))
            drawing.box(painter, area, 6, theme.color(ground), theme.color(line), 1.5 if here or wrong else 1)
            if place < len(letters):
                ink = theme.color("dangerText" if wrong else "text" if self.isEnabled() else "faint")
                drawing.text(painter, area, letters[place], font, ink, Qt.AlignmentFlag.AlignHCenter)
            elif here:
                middle = area.center()
                painter.fillRect(QRectF(middle.x(), middle.y() - 8, 1, 16), theme.color("text"))

    def _clean(self, typed: str) -> None:
        kept, strange = self._letters(typed)
        if kept != typed:
            before = len(self._letters(typed[: self.cursorPosition()])[0])
            self.setText(kept)
            self.setCursorPosition(min(before, len(kept)))
        self.typed.emit()
        if strange:
            self.refused.emit(strange)
        if self.full:
            self.filled.emit()

    def _letters(self, typed: str) -> tuple[str, str]:
        """What a code may hold of what was typed, and the first letter that it may not."""
        letters = self._read(typed)
        strange = next((letter for letter in letters if letter not in self._alphabet), "")
        return "".join(letter for letter in letters if letter in self._alphabet)[: self._count], strange

    def _box(self) -> tuple[int, int]:
        theme = current()
        return round(drawing.width_of("W", theme.font("panel_name"))) + 12, theme.line_height("panel_name") + 10

    def _area(self, place: int) -> QRectF:
        width, height = self._box()
        row, across = divmod(place, self._row)
        left = 2 + across * (width + _GAP) + across // GROUP * (_GROUP_GAP - _GAP)
        return QRectF(left, 2 + row * (height + _ROW_GAP), width, height)
