"""A labelled field: label above, advice or the error under it, in room that is kept so that nothing moves."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.stylesheet import restyle
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.label import Label, plain_tip
from clinicdesk.words import _

Check = Callable[[str], str]  # the text as typed -> what is wrong, empty when nothing is


class Field(QWidget):
    """Stack fields without spacing: the line kept for the message is what parts them.

    `check` is asked when the person leaves the field, and while typing only to take an error away again.
    With `reserve=False` the line appears only when there is something to say, for dense forms that space themselves.
    """

    error_changed = Signal(str)

    def __init__(
        self,
        label: str,
        editor: QWidget,
        optional: bool = False,
        hint: str = "",
        check: Check | None = None,
        reserve: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._hint = hint
        self._check = check
        self._error = ""
        self._caption = Label(label, "label", "muted")
        self._caption.setBuddy(editor)
        self._message = _Message(reserve)
        self._message.say(hint, "muted")
        editor.setAccessibleName(f"{label} {_('(optional)')}" if optional else label)
        self._arrange(optional)
        self._listen()

    @property
    def error(self) -> str:
        """What is wrong now, empty when nothing is."""
        return self._error

    def text(self) -> str:
        """What stands in the editor."""
        if isinstance(self.editor, QLineEdit):
            return self.editor.text()
        if isinstance(self.editor, QPlainTextEdit):
            return self.editor.toPlainText()
        return self.editor.currentText() if isinstance(self.editor, QComboBox) else ""

    def set_error(self, error: str) -> None:
        """Say what is wrong under the field; empty takes it away and brings the hint back."""
        if error == self._error:
            return
        self._error = error
        self._message.say(error or self._hint, "dangerText" if error else "muted", "circle-alert" if error else "")
        self.editor.setAccessibleDescription(error or self._hint)
        restyle(self.editor, invalid="true" if error else "false")
        self.error_changed.emit(error)

    def set_hint(self, hint: str, tone: str = "muted", icon: str = "") -> None:
        """Advice under the field, shown unless there is an error."""
        self._hint = hint
        if not self._error:
            self._message.say(hint, tone, icon)
            self.editor.setAccessibleDescription(hint)

    def set_label(self, label: str) -> None:
        """Call the field something else."""
        self._caption.setText(label)
        self.editor.setAccessibleName(label)

    def validate(self) -> bool:
        """Ask the check now, as when the form is saved."""
        if self._check is not None:
            self.set_error(self._check(self.text()))
        return not self._error

    def _arrange(self, optional: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.setContentsMargins(0, 0, 0, 2)
        head.addWidget(self._caption)
        if optional:
            head.addWidget(Label(_("(optional)"), "second", "muted"))
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(self.editor)
        column.addWidget(self._message)
        self.setFocusProxy(self.editor)

    def _listen(self) -> None:
        if isinstance(self.editor, QLineEdit):
            self.editor.editingFinished.connect(self._left)
            self.editor.textEdited.connect(self._typed)
        elif isinstance(self.editor, QPlainTextEdit):
            self.editor.textChanged.connect(self._typed)
        elif isinstance(self.editor, QComboBox):
            self.editor.activated.connect(self._typed)

    def _left(self) -> None:
        if self.text() or self._error:
            self.validate()

    def _typed(self) -> None:
        if self._error and (self._check is None or not self._check(self.text())):
            self.set_error("")


class _Message(QWidget):
    def __init__(self, reserve: bool) -> None:
        super().__init__()
        self._reserve = reserve
        self._words, self._tone, self._icon = "", "muted", ""
        if not reserve:
            self.hide()

    def say(self, words: str, tone: str, icon: str = "") -> None:
        self._words, self._tone, self._icon = words, tone, icon
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words))
        if not self._reserve:  # else its room is kept; shown before it has a parent it would be a window of its own
            self.setVisible(bool(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, self._line() + (8 if self._reserve else 0))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _line(self) -> int:
        return current().line_height("second") + 4

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._words:
            return
        painter = QPainter(self)
        theme = current()
        left = 0.0
        if self._icon:
            icons.paint(painter, self._icon, self._tone, QRectF(0, 0, 14, self._line()))
            left = 20.0
        area = QRectF(left, 0, self.width() - left, self._line())
        colour = theme.color(self._tone)
        font = theme.font("second", True)
        # In a narrow field the advice after the semicolon gives way; the tool tip has it all.
        fits = drawing.width_of(self._words, font) <= area.width()
        words = self._words if fits else self._words.split(";")[0]
        drawing.text(painter, area, words, font, colour, Qt.AlignmentFlag.AlignLeft)
