"""A code for one more desk: the code, its minutes, what to do at the other computer, and who came of it."""

import datetime as dt
import math

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.preferences.desks.code_card import CodeCard
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.domain.desks import CODE_MINUTES, Invitation
from clinicdesk.words import _, ngettext


class InvitePanel(QWidget):
    """`another_wanted` asks for a code anew, `closed` that the panel go. The minutes count from when the code came."""

    another_wanted = Signal()
    closed = Signal()

    def __init__(self, address: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.invitation: Invitation | None = None
        self._since = QElapsedTimer()
        self._beat = QTimer(self, interval=1000)
        self._beat.timeout.connect(self._count)
        self.code = CodeCard()
        self.left = Label("", "strong", "muted", numbers=True)
        self.copy = Button(_("Copy"), "secondary", "copy")
        self.another = Button(_("New code"), "primary", "refresh-cw")
        self.done = Button(_("Close"), "secondary")
        self.notice = Banner("ok", "")
        self.copy.clicked.connect(self._copy)
        self.another.clicked.connect(self.another_wanted)
        self.done.clicked.connect(self.closed)
        self._arrange(address)

    def wait(self) -> None:
        """Until the code is there nothing can be pressed."""
        self.invitation = None
        self.notice.hide()
        self.another.set_busy(True)
        self.copy.setEnabled(False)
        self.left.setText(_("Asking for a code…"))

    def show_code(self, invitation: Invitation) -> None:
        """Show a code just made."""
        self.invitation = invitation
        self.code.set_code(invitation.code)
        self.notice.hide()
        self.copy.setEnabled(True)
        self.copy.setText(_("Copy"))
        self.another.set_busy(False)
        self.another.hide()
        self._since.start()
        self._beat.start()
        self._count()

    def refused(self, words: str) -> None:
        """Say why there is no code."""
        self.another.set_busy(False)
        self.another.show()
        self.left.setText("")
        self.notice.say("danger", words)
        self.notice.show()

    def joined(self, name: str) -> None:
        """A desk came in while the code was open: it is used up."""
        self._end(_("This code was used."))
        self.notice.say("ok", _("{name} joined. It can be used now.").format(name=name))
        self.notice.show()

    def is_open(self) -> bool:
        """Whether a code is on show that still opens."""
        return self._beat.isActive()

    def seconds_left(self) -> int:
        """How long the code is good for, counted here, because this computer's clock may be wrong."""
        whole = dt.timedelta(minutes=CODE_MINUTES).total_seconds()
        return max(0, math.ceil(whole - self._since.elapsed() / 1000))

    def _count(self) -> None:
        left = self.seconds_left()
        if not left:
            self._end(_("This code is too old. Ask for a new one."))
            return
        minutes, seconds = divmod(left, 60)
        self.left.setText(_("Good for {minutes}:{seconds:02} and one desk").format(minutes=minutes, seconds=seconds))
        self.left.setAccessibleName(
            ngettext("Good for {count} minute", "Good for {count} minutes", max(1, minutes)).format(
                count=max(1, minutes)
            )
        )

    def _end(self, words: str) -> None:
        self._beat.stop()
        self.code.set_over()
        self.left.setText(words)
        self.copy.setEnabled(False)
        self.another.show()

    def _copy(self) -> None:
        if self.invitation is not None:
            QGuiApplication.clipboard().setText(str(self.invitation.code))
            self.copy.setText(_("Copied"))

    def _arrange(self, address: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 20, 28, 20)
        column.setSpacing(12)
        column.addWidget(Label(_("Invite a desk"), "section"))
        words = _(
            "Whoever has this code can connect one computer to the clinic’s server. To sign in takes a person’s "
            "password as well."
        )
        column.addWidget(Label(words, "body", "muted", wrap=True))
        if not address:
            only_shown = _("This clinic is on one computer: the code shows how it is done, and opens nothing.")
            column.addWidget(Banner("info", only_shown))
        column.addWidget(self.notice)
        self.notice.hide()
        frame = card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(20, 16, 20, 16)
        inside.setSpacing(12)
        inside.addWidget(self.code)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(IconLabel("timer"))
        line.addWidget(self.left, 1)
        line.addWidget(self.copy)
        line.addWidget(self.another)
        inside.addLayout(line)
        column.addWidget(frame)
        column.addSpacing(4)
        column.addWidget(Label(_("At the other computer"), "subsection"))
        for number, step in enumerate(_steps(address), 1):
            column.addWidget(_Step(number, step))
        column.addSpacing(4)
        foot = QHBoxLayout()
        foot.addWidget(self.done)
        foot.addStretch(1)
        column.addLayout(foot)
        column.addStretch(1)


def _steps(address: str) -> tuple[str, ...]:
    where = _("Choose “Clinic server” and type its address: {address}").format(address=address)
    return (
        _("Open ClinicDesk for the first time."),
        where if address else _("Choose “Clinic server” and type its address."),
        _("Type the code above and a name for the desk, such as “Front desk 2”."),
    )


class _Step(QWidget):
    def __init__(self, number: int, words: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(Label(f"{number}.", "strong", "accentText", numbers=True))
        row.addWidget(Label(words, "body", wrap=True), 1)
