"""The code that lets somebody in, large and once: to be copied, printed, or read aloud."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.printing import PrintPreview
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording import sentence
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import printing
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.staff import Invitation
from clinicdesk.words import _


class InvitationPopover(Popover):
    """`copy` takes the code along, `preview` shows the slip on paper."""

    def __init__(
        self,
        owner: QWidget,
        clinic: Clinic,
        invitation: Invitation,
        clock: DeskClock,
        toasts: ToastArea,
        background: Background,
    ) -> None:
        # A click beside it must not take away what is shown once.
        super().__init__(owner, veiled=True, radius=16, light=False)
        self._owner, self._clinic, self._invitation = owner, clinic, invitation
        self._toasts, self._background = toasts, background
        expires = invitation.expires_at
        day = dates.day_inside(expires.astimezone(clock.zone).date()) if expires else ""
        self._until = _("Valid until {day}").format(day=day)
        self.print_button = Button(_("Print the slip"), "primary", icon="printer", size="key")
        self.copy_button = Button(_("Copy the code"), "secondary", icon="copy")
        self.done_button = Button(_("Handed over"), "secondary", icon="check", key="Esc")
        self.print_button.clicked.connect(self.preview)
        self.copy_button.clicked.connect(self.copy)
        self.done_button.clicked.connect(self.dismiss)
        self.set_content(self._body(), self.print_button)
        self.closed.connect(self.deleteLater)

    def copy(self) -> None:
        """Put the code on the clipboard."""
        QGuiApplication.clipboard().setText(self._invitation.code)
        self._toasts.show_toast(_("Code copied: give it to nobody else"), icon="copy")

    def preview(self) -> None:
        """Show the slip on paper before it is printed; the code stays until it was handed over."""
        invitation, clinic, until = self._invitation, self._clinic, self._until

        def show(pdf: bytes) -> None:
            PrintPreview(self._owner, pdf, f"{invitation.person.login}.pdf").open_centred()

        self._background.run(
            self, lambda: printing.invitation_slip(clinic, invitation, until), show, self._failed, replaces="slip"
        )

    def _failed(self, error: ClinicError) -> None:
        self._toasts.show_toast(sentence(error), icon="circle-alert")

    def _body(self) -> QWidget:
        person = self._invitation.person
        body = QWidget()
        body.setFixedWidth(468)
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(Label(_("Code for {name}").format(name=person.name), "section", wrap=True))
        words = _("Shown this once. With the login name {login} it opens the choice of a password; then it is used up.")
        column.addWidget(Label(words.format(login=person.login), "body", "muted", wrap=True))
        column.addSpacing(8)
        code = Label(self._invitation.code, "title", numbers=True)
        code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        code.setAccessibleName(_("Code {code}").format(code=" ".join(self._invitation.code)))
        self.code = code
        column.addWidget(code, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(Label(self._until, "second", "muted"), alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addWidget(self.print_button)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.copy_button, 1)
        row.addWidget(self.done_button, 1)
        column.addLayout(row)
        return body
