"""What somebody does who forgot the password: a few lines that say who can help, and how."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.words import _

_WIDTH = 520


class Forgotten(Popover):
    """A small card over the sign-in. `recovery_wanted` is an owner's own way, where the clinic's data are."""

    recovery_wanted = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.setAccessibleName(_("I forgot the password"))
        self.owner_button = Button(_("I am the owner"), "secondary", icon="key-round", size="dense")
        self.owner_button.clicked.connect(self._recover)
        self.owner_words = Label("", "second", "muted", wrap=True)
        self.close_button = icon_button("x", _("Close"), size="dense", key="Esc")
        self.close_button.clicked.connect(self.dismiss)
        self._body = QWidget()
        self._arrange(self._body)
        self.set_content(self._body)
        self.set_recovery(here=False)

    def set_recovery(self, *, here: bool) -> None:
        """Whether the clinic's data are on this computer, where the recovery key lets an owner in."""
        self.owner_button.setVisible(here)
        self.owner_words.setText(
            _("An owner who is alone gets in by the recovery key that was printed when the clinic was made.")
            if here
            else _("An owner asks another owner; one who is alone uses the recovery key at the clinic’s server.")
        )

    def open_at(self, anchor: QWidget, part: QRect | None = None, beside: bool = False) -> None:
        # A popover asks for a size before its lines are broken.
        layout = self._body.layout()
        assert layout is not None
        width = round(_WIDTH * current().text_scale)
        self._body.setFixedSize(width, layout.totalHeightForWidth(width))
        super().open_at(anchor, part, beside)

    def focus_first(self) -> QWidget | None:
        return self.close_button if self.owner_button.isHidden() else self.owner_button

    def _recover(self) -> None:
        self.dismiss()
        self.recovery_wanted.emit()

    def _arrange(self, body: QWidget) -> None:
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 16, 16, 20)
        column.setSpacing(10)
        head = QHBoxLayout()
        told = Label(_("Nobody can read your password, but an owner can give you a new way in"), "strong", wrap=True)
        head.addWidget(told, 1)
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
        column.addSpacing(2)
        column.addWidget(self.owner_words)
        column.addWidget(self.owner_button, alignment=Qt.AlignmentFlag.AlignRight)


def _step(icon: str, words: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(IconLabel(icon, "accentText"), alignment=Qt.AlignmentFlag.AlignTop)
    row.addWidget(Label(words, "body", wrap=True), 1)
    return row
