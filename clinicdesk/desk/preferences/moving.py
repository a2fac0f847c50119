"""Taking the clinic of this computer to a server: what there is, where it goes, how far it is, and that it arrived."""

import threading

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.first_run.server_panel import ServerPanel
from clinicdesk.desk.preferences.computer import MoveDoors
from clinicdesk.desk.preferences.leaf import Leaf
from clinicdesk.desk.preferences.section import Desk
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.widgets.progress import Progress
from clinicdesk.desk.widgets.scrolled import scrolled_column
from clinicdesk.desk.wording import sentence
from clinicdesk.desk.wording_places import moved_words, progress_words, readiness_words
from clinicdesk.errors import ClinicError
from clinicdesk.settings import Settings
from clinicdesk.usecases.desks import Enrolled
from clinicdesk.usecases.moving import Moved, MoveProgress, Readiness
from clinicdesk.words import _

_WIDEST = 860


class MovingPage(Leaf):
    """For an owner on one computer. Until the last step all can be stopped; a code opens once, what it opened stays."""

    _told = Signal(object)  # MoveProgress, from the lane

    def __init__(self, desk: Desk, doors: MoveDoors, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self._desk, self._doors = desk, doors
        self._enrolled: Enrolled | None = None
        self._cancelled = threading.Event()
        self._settings: Settings | None = None
        self.there = Label("", "body", wrap=True)
        self.server = ServerPanel(desk.background, doors.look)
        self.notice = Banner("danger", "")
        self.begin = Button(_("Take the clinic to the server"), "primary", "server")
        self.stop = Button(_("Stop the move"), "secondary", "x")
        self.open = Button(_("Sign in at the server"), "primary", "log-in")
        self.bar = Progress(_("On its way"))
        self.far = Label("", "body", "muted", numbers=True)
        self.begin.clicked.connect(self._begin)
        self.stop.clicked.connect(self._stop)
        self.open.clicked.connect(self._open)
        self._told.connect(self._show_progress, Qt.ConnectionType.QueuedConnection)
        self._arrange()
        self._show("ask")

    def refresh(self) -> None:
        super().refresh()
        if self.state == "ask":
            self._desk.background.run(self, self._doors.ready, self._ready, self._say, replaces="ready")

    # --- what happens ---

    def _ready(self, found: Readiness) -> None:
        self.there.setText(readiness_words(found))

    def _begin(self) -> None:
        self.notice.hide()
        if self._enrolled is None and not self.server.check():
            return
        self._show("move")
        self.bar.set_part(0)
        self.far.setText(_("Joining the server…"))
        if self._enrolled is not None:
            self._move(self._enrolled)
            return
        address, code, name = self.server.wanted
        self._desk.background.run(
            self, lambda: self._doors.enrol(address, code, name), self._joined, self._failed, "writes"
        )

    def _joined(self, enrolled: Enrolled) -> None:
        self._enrolled = enrolled
        self.server.setEnabled(False)  # the code was used; what it opened is kept for another try
        self._move(enrolled)

    def _move(self, enrolled: Enrolled) -> None:
        self._cancelled = threading.Event()
        cancelled, name = self._cancelled, self.server.desk_name.text().strip()
        self.far.setText(_("Signing everybody out, so that nothing is written meanwhile…"))
        self._desk.background.run(
            self, lambda: self._doors.move(enrolled, name, self._told.emit, cancelled), self._arrived, self._failed
        )

    def _show_progress(self, step: MoveProgress) -> None:
        if step.rows_in_all:
            self.bar.set_part(step.rows / step.rows_in_all)
        rate = formats.number(round(step.rows / step.seconds)) if step.seconds > 0 else "0"
        self.far.setText(_("{progress} · {rate} a second").format(progress=progress_words(step), rate=rate))

    def _stop(self) -> None:
        self._cancelled.set()
        self.far.setText(_("Stopping…"))

    def _arrived(self, told: tuple[Moved, Settings]) -> None:
        done, self._settings = told
        host = str(self._enrolled.address) if self._enrolled is not None else ""
        self._done.setText(moved_words(done, host))
        self._show("done")

    def _open(self) -> None:
        if self._settings is not None:
            self._doors.moved(self._settings)

    def _failed(self, error: ClinicError) -> None:
        self._show("ask")
        self._say(error)

    def _say(self, error: ClinicError) -> None:
        self.notice.say("danger", sentence(error))
        self.notice.show()

    # --- arranging ---

    def _show(self, state: str) -> None:
        self.state = state
        for name, part in self._parts.items():
            part.setVisible(name == state)

    def _arrange(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(28, 20, 28, 24)
        column.setSpacing(12)
        column.addWidget(Label(_("Take the clinic to a server"), "section"))
        words = _(
            "A clinic server is a computer of yours that stays on, so that several desks work together. "
            "Everything goes along: agenda, patients, history, and everybody’s login with the password they have."
        )
        column.addWidget(Label(words, "body", "muted", wrap=True))
        column.addWidget(self.notice)
        self.notice.hide()
        self._done = Label("", "body", wrap=True)
        self._parts = {"ask": self._asking(), "move": self._moving(), "done": self._ended()}
        for part in self._parts.values():
            column.addWidget(part)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled_column(body, _WIDEST, by_keys=True))

    def _asking(self) -> QWidget:
        part, column = _part()
        what = QHBoxLayout()
        what.setSpacing(10)
        what.addWidget(IconLabel("database"), alignment=Qt.AlignmentFlag.AlignTop)
        what.addWidget(self.there, 1)
        column.addLayout(what)
        column.addWidget(self.server)
        wait = _("On the server the code is made by: clinicdesk-server code. While it goes on nobody can work.")
        column.addWidget(Label(wait, "second", "muted", wrap=True))
        column.addLayout(_beside(self.begin))
        return part

    def _moving(self) -> QWidget:
        part, column = _part()
        frame = card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(24, 20, 24, 20)
        inside.setSpacing(12)
        inside.addWidget(Label(_("On its way"), "subsection"))
        inside.addWidget(self.bar)
        inside.addWidget(self.far)
        kept = _("Stopping leaves everything as it was, here and there.")
        inside.addWidget(Label(kept, "second", "muted", wrap=True))
        inside.addLayout(_beside(self.stop))
        column.addWidget(frame)
        return part

    def _ended(self) -> QWidget:
        part, column = _part()
        frame = card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(24, 20, 24, 20)
        inside.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(IconLabel("circle-check", "okText", 20))
        head.addWidget(Label(_("The clinic has moved"), "subsection"), 1)
        inside.addLayout(head)
        inside.addWidget(self._done)
        inside.addLayout(_beside(self.open))
        column.addWidget(frame)
        return part


def _part() -> tuple[QWidget, QVBoxLayout]:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 4, 0, 0)
    column.setSpacing(12)
    return part, column


def _beside(button: Button) -> QHBoxLayout:
    line = QHBoxLayout()
    line.addWidget(button)
    line.addStretch(1)
    return line
