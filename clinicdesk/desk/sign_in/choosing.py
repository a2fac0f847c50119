"""A password of one's own: in the place of a one-time code, or by an owner's recovery key."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.sign_in.card import first_name
from clinicdesk.desk.sign_in.halves import Halves, foot_line
from clinicdesk.desk.sign_in.refusal import Refusal
from clinicdesk.desk.sign_in.side import SignInSide
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.widgets.new_password import NewPassword
from clinicdesk.errors import ClinicError
from clinicdesk.words import _


class ChoosingPage(Halves):
    """Asks for a new password, typed twice. `left` goes back to the tiles; what `chosen` leads to is the caller's."""

    chosen = Signal(str)  # the new password
    left = Signal()

    def __init__(self, like: SignInSide, title: str, advice: str, foot: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side.show_as(like)
        self._busy = False
        self.new = NewPassword()
        self.banner = Refusal()
        self.button = Button(_("Enter the clinic"), "primary", icon="log-in", key=_("Enter"))
        self.back = Button(_("Back"), "flat", key="Esc")
        self.fields = QVBoxLayout()
        self._arrange(title, advice, foot)
        self.new.entered.connect(self.submit)
        self.button.clicked.connect(self.submit)
        self.back.clicked.connect(self.left)
        self.banner.barred.connect(self.button.setDisabled)

    def submit(self) -> None:
        """Send what was typed, once; what is missing gets the keyboard instead."""
        if self._busy or self.banner.waiting or not self.complete() or not self.new.check():
            return
        self.banner.clear()
        self.set_busy(True)
        self.chosen.emit(self.new.text)

    def complete(self) -> bool:
        """Whether everything beside the password was given."""
        return True

    def set_busy(self, busy: bool) -> None:
        """While the answer is awaited nothing can be pressed twice."""
        self._busy = busy
        self.button.set_busy(busy)

    def refused(self, error: ClinicError) -> None:
        """Say why it was not taken; what was typed stays, to be put right."""
        self.set_busy(False)
        self.banner.tell(error)
        self.take_focus()
        self.bring_into_view(self.banner)

    def take_focus(self) -> None:
        """Put the keyboard where one begins."""
        self.new.first.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self._busy:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _arrange(self, title: str, advice: str, foot: str) -> None:
        self.column.addWidget(Label(title, "hero", wrap=True))
        self.column.addSpacing(6)
        self.column.addWidget(Label(advice, "body", "muted", wrap=True))
        self.column.addSpacing(24)
        frame = card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(24, 20, 24, 20)
        inside.setSpacing(0)
        inside.addLayout(self.fields)
        inside.addWidget(self.new)
        inside.addSpacing(16)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.button)
        inside.addLayout(row)
        self.column.addWidget(frame)
        self.column.addSpacing(12)
        self.column.addWidget(self.banner)
        self.column.addSpacing(16)
        self.column.addWidget(foot_line("lock", foot))


class FirstPassword(ChoosingPage):
    """After a one-time code: the choice that the code stands for."""

    def __init__(self, like: SignInSide, login: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(
            like,
            _("Choose your password"),
            _("Hello, {name}. The code opened the door once; from now on your own password does.").format(
                name=first_name(name)
            ),
            _("Nobody else sees your password, not even the owners. A few words together are easy to remember."),
            parent,
        )
        self.new.set_person(login, name)


class Recovery(ChoosingPage):
    """An owner who is alone: login, the printed recovery key, and a new password."""

    recovered = Signal(str, str, str)  # login, recovery key, new password

    def __init__(self, like: SignInSide, login: str, parent: QWidget | None = None) -> None:
        super().__init__(
            like,
            _("Back in with the recovery key"),
            _("The key was printed when the clinic was made: eight groups of four letters and digits."),
            _("The recovery key stays valid. Keep the sheet where you found it."),
            parent,
        )
        self.login, self.key = LineEdit(), LineEdit(numbers=True)
        self.login.setText(login)
        self.login_field = Field(_("Login name of the owner"), self.login)
        self.key_field = Field(_("Recovery key"), self.key, hint=_("Small letters, spaces and hyphens do not matter"))
        self.fields.setSpacing(0)
        self.fields.addWidget(self.login_field)
        self.fields.addWidget(self.key_field)
        self.login.textChanged.connect(lambda text: self.new.set_person(text.strip(), ""))
        self.new.set_person(login, "")
        self.login.returnPressed.connect(self.key.setFocus)
        self.key.returnPressed.connect(self.new.first.setFocus)
        self.chosen.connect(lambda word: self.recovered.emit(self.login.text().strip(), self.key.text(), word))

    def complete(self) -> bool:
        for field, editor, missing in (
            (self.login_field, self.login, _("Type the login name")),
            (self.key_field, self.key, _("Type the key from the sheet")),
        ):
            field.set_error("" if editor.text().strip() else missing)
        wrong = next((one for one in (self.login_field, self.key_field) if one.error), None)
        if wrong is not None:
            wrong.editor.setFocus()
        return wrong is None

    def take_focus(self) -> None:
        (self.key if self.login.text() else self.login).setFocus()
