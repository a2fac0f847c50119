"""A note for colleagues, typed apart from the message so that neither is taken for the other."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.fields import TextArea
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.words import _


class NotePopover(Popover):
    """`decided` carries what was typed."""

    decided = Signal(str)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.words = TextArea(_("What colleagues should know"), 4)
        self.words.setAccessibleName(_("Note for the team"))
        self.confirm = Button(_("Leave the note"), "primary", icon="sticky-note", key="Ctrl Enter")
        body = QWidget()
        body.setFixedWidth(380)
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(Label(_("Note for the team"), "section"))
        column.addWidget(Label(_("The patient never sees it."), "second", "muted"))
        column.addWidget(self.words)
        column.addWidget(self.confirm)
        self.set_content(body, self.words)
        self.confirm.clicked.connect(self._decide)
        self.closed.connect(self.deleteLater)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if entered and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._decide()
        else:
            super().keyPressEvent(event)

    def _decide(self) -> None:
        if self.isVisible() and self.words.toPlainText().strip():
            self.dismiss()
            self.decided.emit(self.words.toPlainText())
