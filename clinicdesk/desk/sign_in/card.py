"""Whose turn it is and their password: the card of the sign-in and of the lock."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.widgets.avatar import Avatar
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, PasswordEdit
from clinicdesk.desk.widgets.label import Label
from clinicdesk.words import _

_LEAST_FIELD = 220  # where it would be narrower, the links stand under it
_AROUND = 64 + 4 * 16 + 2 * 24  # the disc, and the air between


def first_name(name: str) -> str:
    """What somebody is called: the first word that is no title."""
    return next((word for word in name.split() if not word.endswith(".")), name)


class PasswordCard(QFrame):
    """Emits `submitted(login, password)`, once until `set_busy(False)`; `links` stand at the right."""

    submitted = Signal(str, str)

    def __init__(self, verb: str, icon: str, links: tuple[Button, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._person = ""  # the login of who is shown, empty while it is to be typed
        self._busy = self._barred = False
        self.avatar = Avatar("", 200, 64, strong=True)
        self.hello = Label(_("Sign in"), "section")
        self.login, self.password = LineEdit(), PasswordEdit()
        self.login_field = Field(_("Login"), self.login, reserve=False)
        self.password_field = Field(_("Password"), self.password, reserve=False)
        self.button = Button(verb, "primary", icon=icon, key=_("Enter"))
        self._arrange(links)
        self.avatar.hide()
        self.setFocusProxy(self.password)
        self.button.clicked.connect(self.submit)
        self.password.returnPressed.connect(self.submit)
        self.login.returnPressed.connect(self.password.setFocus)

    @property
    def asks_who(self) -> bool:
        """Whether the login name is to be typed."""
        return not self._person

    def show_person(self, login: str, name: str, hue: int) -> None:
        """Ask this person for the password."""
        self._person = login
        self.hello.setText(_("Hello, {name}").format(name=first_name(name)))
        self.avatar.set_person(name, hue)
        self.avatar.show()
        self.login_field.hide()
        self.password.clear()

    def ask_nothing(self, password: str) -> None:
        """One press is enough: the password is known, and no field stands there."""
        self.password_field.hide()
        self.password.setText(password)
        self._line.setAlignment(self.button, Qt.AlignmentFlag.AlignVCenter)
        self._links.addStretch(0)

    def ask_who(self) -> None:
        """Ask for the login name too."""
        self._person = ""
        self.hello.setText(_("Sign in"))
        self.avatar.hide()
        self.login_field.show()

    def set_busy(self, busy: bool) -> None:
        """While the answer is awaited nothing can be pressed twice."""
        self._busy = busy
        self.button.set_busy(busy)
        self._permit()

    def bar(self, barred: bool) -> None:
        """While nobody may try, one may type but not send."""
        self._barred = barred
        self._permit()

    def clear(self) -> None:
        """No name and no password on screen."""
        self.login.clear()
        self.password.clear()
        self.password.conceal()

    def take_focus(self) -> None:
        """Put the keyboard on what is missing: the login, or the password."""
        (self.login if self.asks_who and not self.login.text() else self.password).setFocus()

    def submit(self) -> None:
        """Send what was typed; what is missing gets the keyboard instead."""
        if self._busy or self._barred:
            return
        login = self._person or self.login.text().strip()
        if not login or not self.password.text():
            (self.password if login else self.login).setFocus()
            return
        self.set_busy(True)
        self.submitted.emit(login, self.password.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.button.sizeHint().width() + self._links.sizeHint().width() + _AROUND
        field = self.hello.sizeHint().width() if self.password_field.isHidden() else _LEAST_FIELD
        roomy = self.width() - beside >= field
        wanted = QBoxLayout.Direction.LeftToRight if roomy else QBoxLayout.Direction.TopToBottom
        self._outer.setDirection(wanted)
        upright = QBoxLayout.Direction.TopToBottom if roomy else QBoxLayout.Direction.LeftToRight
        self._links.setDirection(upright)
        if self.password_field.isHidden():  # then they stand beside the middle of the button, not of a field
            self._links.setStretch(self._links.count() - 1, 1 if roomy else 0)

    def _permit(self) -> None:
        self.button.setEnabled(not self._busy and not self._barred)

    def _arrange(self, links: tuple[Button, ...]) -> None:
        fields = QVBoxLayout()
        fields.setSpacing(6)
        fields.addWidget(self.hello)
        fields.addWidget(self.login_field)
        fields.addWidget(self.password_field)
        line = self._line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self.avatar)
        line.addLayout(fields, 1)
        line.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignBottom)
        self._links = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._links.setSpacing(0)
        self._links.addStretch(1)
        for link in links:
            self._links.addWidget(link, alignment=Qt.AlignmentFlag.AlignLeft)
        self._outer = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._outer.setContentsMargins(24, 20, 24, 20)
        self._outer.setSpacing(16)
        self._outer.addLayout(line, 1)
        self._outer.addLayout(self._links)
