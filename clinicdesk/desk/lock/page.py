"""What covers a locked desk: who it belongs to, their password, and the way to somebody else's turn."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.shortcuts import ANYWHERE, key_for
from clinicdesk.desk.sign_in.card import PasswordCard
from clinicdesk.desk.sign_in.halves import Halves, foot_line
from clinicdesk.desk.sign_in.refusal import Refusal
from clinicdesk.desk.sign_in.side import SignInSide
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.staff import Person
from clinicdesk.errors import ClinicError
from clinicdesk.words import _


class LockPage(Halves):
    """Emits `unlock_requested(password)` or `switch_requested`; `demo_password` makes one press enough."""

    unlock_requested = Signal(str)
    switch_requested = Signal()

    def __init__(
        self, parent: QWidget, clock: DeskClock, person: Person, like: SignInSide, demo_password: str = ""
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Locked"))
        self._demo_password = demo_password
        self.side.show_as(like)
        self.side.say(dates.greeting(clock.now(), clock.zone) + ".", dates.day_title(clock.today()))
        self.switch = Button(_("Switch person"), "link", key=key_for(ANYWHERE, "switch_person"))
        self.card = PasswordCard(_("Unlock"), "lock-open", (self.switch,))
        self.refusal = Refusal()
        self._arrange(person)
        self.setFocusProxy(self.card.button if demo_password else self.card.password)
        self.card.submitted.connect(lambda _login, password: self.unlock_requested.emit(password))
        self.refusal.barred.connect(self.card.bar)
        self.switch.clicked.connect(self.switch_requested)

    def refused(self, error: ClinicError) -> None:
        """Say why it stays locked; the password is typed again."""
        self.card.set_busy(False)
        self.card.password.clear()
        self.refusal.tell(error)
        self.card.password.setFocus()
        self.bring_into_view(self.refusal)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F9:
            self.switch_requested.emit()
        else:
            super().keyPressEvent(event)

    def _arrange(self, person: Person) -> None:
        self.column.addWidget(Label(_("The screen is locked"), "hero", wrap=True))
        self.column.addSpacing(6)
        kept = _("What {name} was writing is kept as it was.").format(name=person.name)
        self.column.addWidget(Label(kept, "body", "muted", wrap=True))
        self.column.addSpacing(24)
        self.card.show_person(person.login, person.name, person.hue)
        if self._demo_password:
            self.card.ask_nothing(self._demo_password)
        self.column.addWidget(self.card)
        self.column.addSpacing(12)
        self.column.addWidget(self.refusal)
        self.column.addSpacing(16)
        advice = (
            _("In the demo clinic nobody has to remember a password: one press unlocks.")
            if self._demo_password
            else _("Nothing of the clinic can be seen or read aloud until the password is typed.")
        )
        self.column.addWidget(foot_line("lock", advice))
