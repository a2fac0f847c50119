"""The first run as one page: the steps at the left, one question at the right, and the way on at the foot."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.first_run.clinic_step import ClinicStep
from clinicdesk.desk.first_run.done_step import DoneStep, Takers
from clinicdesk.desk.first_run.help_sheet import HelpSheet
from clinicdesk.desk.first_run.key_step import KeyStep
from clinicdesk.desk.first_run.one_of import OneOf
from clinicdesk.desk.first_run.owner_step import OwnerStep
from clinicdesk.desk.first_run.place_step import PlaceStep
from clinicdesk.desk.first_run.server_panel import LookForServer, ServerPanel
from clinicdesk.desk.first_run.services_step import ServicesStep
from clinicdesk.desk.first_run.side import FirstRunSide, StepName
from clinicdesk.desk.first_run.step import AIR, Step
from clinicdesk.desk.first_run.team_step import TeamStep
from clinicdesk.desk.shortcuts import ANYWHERE, Shortcuts
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.first_run import Answers, Place
from clinicdesk.errors import ClinicError
from clinicdesk.usecases.first_run import Ground
from clinicdesk.words import _

_WIDTH = 960
_NARROW = 1180
_TOP, _HIGHEST_TOP = 40, 120
_LOW = 750  # from there on the question moves down as the window grows


@dataclass(frozen=True)
class Doors:
    """What the page asks of the world, all of it off the UI thread; `keep` writes down what was typed."""

    look_here: Callable[[], Ground]
    look_for_server: LookForServer
    keep: Callable[[Answers], None]
    show_paper: Callable[[str, Answers], None]


class FirstRunPage(QWidget):
    """Emits wishes; whoever opened it does them and answers by `say`, `made` or by leaving.

    `begun` says that this computer was chosen, so that its database can be started meanwhile; `join_wanted` that the
    code of a server is to be used; `make_wanted` that everything is answered.
    """

    begun = Signal()
    join_wanted = Signal()
    demo_wanted = Signal()
    make_wanted = Signal()
    finished = Signal()
    quit_wanted = Signal()

    def __init__(
        self,
        background: Background,
        shortcuts: Shortcuts,
        doors: Doors,
        answers: Answers,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        stand_on(self, "bg")
        self._background, self._doors = background, doors
        self.answers = answers
        self._busy = False
        self.joined = False
        self.server = ServerPanel(background, doors.look_for_server)
        self.place = PlaceStep(background, doors.look_here, self.server)
        self.clinic = ClinicStep()
        self.owner = OwnerStep()
        self.key = KeyStep(lambda key: doors.show_paper(key, self.answers))
        self.team = TeamStep()
        self.services = ServicesStep()
        self.steps: list[Step] = [self.place, self.clinic, self.owner, self.key, self.team, self.services]
        self.done: DoneStep | None = None
        self.side = FirstRunSide(_step_names())
        self.back = Button(_("Back"), "secondary", "arrow-left", size="key")
        self.onward = Button(_("Continue"), "primary", "arrow-right", key=_("Enter"), size="key")
        self.leave = Button(_("Quit"), "quiet", size="key")
        self.banner = Banner("danger", "")
        self._arrange()
        self._connect(shortcuts)
        self._show(0)

    @property
    def step(self) -> Step:
        """The question on show."""
        shown = self._stack.shown
        assert isinstance(shown, Step)
        return shown

    @property
    def number(self) -> int:
        """Which of the steps that is; one more than the last when the clinic stands."""
        return self.steps.index(self.step) if self.step in self.steps else len(self.steps)

    def go_on(self) -> None:
        """Take what stands here and go to the next question, or do what it leads to."""
        if self._busy:
            return
        self._hush()
        if self.done is not None:
            self.finished.emit()
            return
        if not self.step.check():
            wrong = self.focusWidget()
            if wrong is not None and self.step.isAncestorOf(wrong):
                self._scroll.ensureWidgetVisible(wrong, 0, 60)
            return
        self._take()
        if self.step is self.place:
            self._leave_first_question()
        elif self.step is self.services:
            self.make_wanted.emit()
        else:
            self._show(self.number + 1)

    def go_back(self) -> None:
        """To the question before; what stands here is kept as it is."""
        if self.number and not self._busy and self.done is None:
            self.go_to(self.number - 1)

    def go_to(self, number: int) -> None:
        """To a question that was answered."""
        if self._busy or self.done is not None or (self.joined and number == 0):
            return
        self._take()
        self._hush()
        self._show(number)

    def say(self, error: ClinicError) -> None:
        """Say what went wrong; everything typed stays."""
        self.set_busy(False)
        self.warn(error)
        at_the_server = self.step is self.place and self.place.place is Place.SERVER
        # Most of what a server refuses is put right by another code.
        (self.server.code if at_the_server else self.onward).setFocus(Qt.FocusReason.OtherFocusReason)

    def warn(self, error: ClinicError) -> None:
        """Say what went wrong behind the question on show; the keyboard stays where somebody types."""
        self.banner.say("danger", sentence(error))
        self.banner.show()

    def set_busy(self, busy: bool) -> None:
        """While the clinic is made nothing can be pressed twice."""
        self._busy = busy
        self.onward.set_busy(busy)
        self._stack.setEnabled(not busy)
        self.back.setEnabled(not busy)
        self.side.show_step(self.number, going_back=not busy)

    def went_in(self) -> None:
        """The server took the code: it has no clinic yet, so the questions go on."""
        self.set_busy(False)
        self.joined = True
        self._show(1)

    def made(self, clinic: str, takers: Takers) -> None:
        """The clinic stands."""
        self.set_busy(False)
        self.done = DoneStep(clinic, self._background, takers)
        self.done.settled.connect(lambda: self.onward.setFocus(Qt.FocusReason.TabFocusReason))
        self._stack.add(self.done)
        self._stack.show_part(self.done)
        self.side.show_step(len(self.steps), going_back=False)
        self.back.hide()
        self.leave.hide()
        self._word_onward()
        self.onward.setFocus(Qt.FocusReason.TabFocusReason)

    def show_help(self) -> None:
        """What this question is about, and the keys."""
        HelpSheet(self, self.step.accessibleName(), self.step.help()).open_centred()

    def take_focus(self) -> None:
        """Put the keyboard where one begins."""
        self.step.take_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        top = min(_HIGHEST_TOP, max(_TOP, _TOP + (self.height() - _LOW) // 4))
        narrow = self.width() < _NARROW * current().text_scale
        edge = 24 if narrow else 48
        self._middle.setContentsMargins(edge - AIR, top, edge - AIR, 16)
        self._foot_row.setContentsMargins(edge, 8, edge, 28)
        self.side.set_narrow(narrow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            # What is chosen by Space answers to Enter with the way on; what only does something, does it.
            if isinstance(focus, QAbstractButton) and not focus.isCheckable() and focus is not self.onward:
                focus.click()
            else:
                self.go_on()
        elif event.key() == Qt.Key.Key_Escape:
            self.go_back()
        else:
            super().keyPressEvent(event)

    # --- inside ---

    def _leave_first_question(self) -> None:
        place = self.place.place
        if place is Place.DEMO:
            self.set_busy(True)
            self.demo_wanted.emit()
        elif place is Place.SERVER and not self.joined:
            self.set_busy(True)
            self.join_wanted.emit()
        else:
            if place is Place.HERE:
                self.begun.emit()
            self._show(1)

    def _take(self) -> None:
        """Everything typed, kept on the disk as well."""
        for step in self.steps:
            self.answers = step.taken(self.answers)
        self._doors.keep(self.answers)

    def _show(self, number: int) -> None:
        step = self.steps[number]
        step.put(self.answers)
        self._stack.show_part(step)
        self._scroll.verticalScrollBar().setValue(0)
        self.side.show_step(number)
        self.back.setVisible(number > (1 if self.joined else 0))
        self._word_onward()
        self._fit()
        if self.isVisible():
            step.take_focus()

    def _word_onward(self) -> None:
        self.onward.setText(self.step.next_word or _("Continue"))
        self.onward.updateGeometry()

    def _edited(self) -> None:
        self._hush()
        for step in self.steps:
            self.answers = step.taken(self.answers)
        self._word_onward()

    def _hush(self) -> None:
        """Nothing is wrong any more."""
        self.banner.hide()
        self._fit()

    def _fit(self) -> None:
        """Make do with the room there is between the window's edges and what the foot says."""
        around = self._middle.contentsMargins()
        room = self._scroll.viewport().height() - around.top() - around.bottom()
        if self.step in self.steps:
            self.step.fit(room)

    def _connect(self, shortcuts: Shortcuts) -> None:
        for step in self.steps:
            step.put(self.answers)
            step.edited.connect(self._edited)
        self.onward.clicked.connect(self.go_on)
        self.back.clicked.connect(self.go_back)
        self.leave.clicked.connect(self.quit_wanted)
        self.side.step_chosen.connect(self.go_to)
        self.side.help_wanted.connect(self.show_help)
        shortcuts.bind(ANYWHERE, self, {"help": self.show_help})

    def _arrange(self) -> None:
        self._stack = OneOf(self.steps)
        body = QWidget()
        body.setMaximumWidth(_WIDTH + 2 * AIR)
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._stack)
        holder = QWidget()
        self._middle = QHBoxLayout(holder)
        self._middle.addStretch(1)
        self._middle.addWidget(body, 40)
        self._middle.addStretch(1)
        self._scroll = _Scroll()
        self._scroll.resized.connect(self._fit)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setWidget(holder)
        holder.setAutoFillBackground(False)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._scroll, 1)
        right.addLayout(self._foot())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addLayout(right, 1)

    def _foot(self) -> QHBoxLayout:
        inside = QWidget()
        inside.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.banner)
        self.banner.hide()
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addSpacing(-26)  # the words of a quiet button stand at the edge of everything above
        line.addWidget(self.leave)
        line.addStretch(1)
        line.addWidget(self.back)
        line.addWidget(self.onward)
        column.addLayout(line)
        self._foot_row = QHBoxLayout()
        self._foot_row.addStretch(1)
        self._foot_row.addWidget(inside, 40)
        self._foot_row.addStretch(1)
        return self._foot_row


class _Scroll(QScrollArea):
    """`resized` when the room for the question has changed, and the question is laid out in it."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


def _step_names() -> list[StepName]:
    return [
        StepName(_("Where the data are"), _("2 minutes")),
        StepName(_("Your clinic"), _("name, CNPJ, hours")),
        StepName(_("Who owns it"), _("login and password")),
        StepName(_("Recovery key"), _("to print and keep")),
        StepName(_("Team"), _("who sees patients")),
        StepName(_("Services"), _("ready-made lists")),
    ]
