"""What somebody does who forgot the password: a few lines that say who can help, and how."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label
from clinicdesk.words import _


class Forgotten(QFrame):
    """A panel under the password. `closed` gives the keyboard back, `recovery_wanted` is an owner's own way."""

    closed = Signal()
    recovery_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAccessibleName(_("I forgot the password"))
        self.owner = Button(_("I am the owner"), "secondary", icon="key-round", size="dense")
        self.owner.clicked.connect(self.recovery_wanted)
        self.owner_words = Label("", "second", "muted", wrap=True)
        self.close_button = icon_button("x", _("Close"), size="dense", key="Esc")
        self.close_button.clicked.connect(self.close_panel)
        self._arrange()
        self.set_recovery(here=False)
        self.hide()

    def set_recovery(self, *, here: bool) -> None:
        """Whether the clinic's data are on this computer, where the recovery key lets an owner in."""
        self.owner.setVisible(here)
        self.owner_words.setText(
            _("An owner who is alone gets in by the recovery key that was printed when the clinic was made.")
            if here
            else _("An owner asks another owner; one who is alone uses the recovery key at the clinic’s server.")
        )

    def open_panel(self) -> None:
        """Show it, with the keyboard on it."""
        self.show()
        (self.close_button if self.owner.isHidden() else self.owner).setFocus(Qt.FocusReason.TabFocusReason)

    def close_panel(self) -> None:
        """Put it away."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 16, 20)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(Label(_("Nobody can read your password, but an owner can give you a new way in"), "strong"), 1)
        head.addWidget(self.close_button)
        column.addLayout(head)
        for icon, words in (
            (
                "users",
                _("Ask an owner for a code. It is made at any desk, in the settings, under People."),
            ),
            ("text-cursor-input", _("Type the code here in the place of the password. It works once, for seven days.")),
            ("key-round", _("Choose a new password, and you are in.")),
        ):
            column.addLayout(_step(icon, words))
        last = QHBoxLayout()
        last.setSpacing(16)
        last.addWidget(self.owner_words, 1)
        last.addWidget(self.owner)
        column.addLayout(last)


def _step(icon: str, words: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(IconLabel(icon, "accentText"), alignment=Qt.AlignmentFlag.AlignTop)
    row.addWidget(Label(words, "body", wrap=True), 1)
    return row
