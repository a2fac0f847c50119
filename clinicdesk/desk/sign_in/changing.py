"""Another password for who is at work: the old one, the new one twice, and its rules as they are met."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.sign_in.refusal import Refusal
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import PasswordEdit
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.new_password import NewPassword
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.staff import Person
from clinicdesk.errors import ClinicError
from clinicdesk.words import _

if TYPE_CHECKING:
    from clinicdesk.usecases.staff import SignedIn

_WIDTH = 620


class ChangePassword(Popover):
    """`changed` carries the sign-in that goes on with the new password."""

    changed = Signal(object)  # SignedIn

    def __init__(
        self, owner: QWidget, background: Background, person: Person, change: "Callable[[str, str], SignedIn]"
    ) -> None:
        super().__init__(owner, veiled=True, light=False)
        self._background, self._change = background, change
        self._busy = False
        self.setAccessibleName(_("Change my password"))
        self.old = PasswordEdit()
        self.old_field = Field(_("Current password"), self.old)
        self.new = NewPassword()
        self.new.set_person(person.login, person.name)
        self.banner = Refusal()
        self.button = Button(_("Change my password"), "primary", icon="key-round", key=_("Enter"))
        self.back = Button(_("Back"), "flat", key="Esc")
        self.set_content(self._body(), self.old)
        self.old.returnPressed.connect(self.new.first.setFocus)
        self.new.entered.connect(self.submit)
        self.button.clicked.connect(self.submit)
        self.back.clicked.connect(self.dismiss)
        self.closed.connect(self.deleteLater)

    def submit(self) -> None:
        """Send what was typed, once."""
        if self._busy or self.banner.waiting or not self._complete():
            return
        old, new = self.old.text(), self.new.text
        self.banner.clear()
        self._set_busy(True)
        self._background.run(self, lambda: self._change(old, new), self._done, self._refused, lane="writes")

    def _complete(self) -> bool:
        self.old_field.set_error("" if self.old.text() else _("Type the password you have now"))
        if self.old_field.error:
            self.old.setFocus()
            return False
        if not self.new.check():
            return False
        if self.new.text == self.old.text():
            self.new.first_field.set_error(_("This is the password you have now"))
            self.new.first.setFocus()
            return False
        return True

    def _done(self, signed_in: "SignedIn") -> None:
        self.changed.emit(signed_in)
        self.dismiss()

    def _refused(self, error: ClinicError) -> None:
        self._set_busy(False)
        self.banner.tell(error)
        self.old.clear()
        self.old.setFocus()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.button.set_busy(busy)

    def _body(self) -> QWidget:
        body = QWidget()
        body.setFixedWidth(min(round(_WIDTH * current().text_scale), self.owner.window().width() - 96))
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 18, 24, 20)
        column.setSpacing(0)
        column.addWidget(Label(_("Change my password"), "section"))
        advice = _("It counts at every desk from now on. Where you are signed in, you stay so.")
        column.addWidget(Label(advice, "second", "muted", wrap=True))
        column.addSpacing(16)
        column.addWidget(self.old_field)
        column.addWidget(self.new)
        column.addWidget(self.banner)
        column.addSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.button)
        column.addLayout(row)
        return body
