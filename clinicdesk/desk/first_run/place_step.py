"""The first question: where the clinic's data are to be. What follows from the choice stands under the cards."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.background import Background
from clinicdesk.desk.first_run.cards import Choice, ChoiceCards
from clinicdesk.desk.first_run.one_of import OneOf
from clinicdesk.desk.first_run.server_panel import ServerPanel
from clinicdesk.desk.first_run.step import Step
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.first_run import Answers, Place
from clinicdesk.errors import ClinicError
from clinicdesk.usecases.first_run import Ground
from clinicdesk.words import _

_GIB = 1024**3
_GAP = 20


def _choices() -> list[Choice]:
    return [
        Choice(
            Place.HERE,
            _("On this computer"),
            _("One practice, one desk."),
            (_("Ready in two minutes"), _("The database comes along"), _("Works without the internet")),
            _("More desks only on a clinic server"),
        ),
        Choice(
            Place.SERVER,
            _("Clinic server"),
            _("Front desk and rooms together."),
            (
                _("Several desks at the same time"),
                _("A change shows within a second"),
                _("Data on your network, encrypted"),
            ),
            _("Needs a computer that stays on"),
        ),
        Choice(
            Place.DEMO,
            _("Just look around"),
            _("An invented clinic, complete."),
            (
                _("Nothing to fill in, no internet"),
                _("Months of agenda and patients"),
                _("Can be made anew at any time"),
            ),
            _("Not for real patients"),
        ),
    ]


class PlaceStep(Step):
    """`look_here` says off the UI thread what this computer has to offer; `server` is the panel of the second card."""

    def __init__(self, background: Background, look_here: Callable[[], Ground], server: ServerPanel) -> None:
        super().__init__(
            _("Where are the clinic’s data to be?"),
            _("Nothing is sent anywhere unless you ask for it."),
        )
        self.cards = ChoiceCards(_choices(), _("Where are the clinic’s data to be?"))
        self.here = HerePanel(background, look_here)
        self.server = server
        self._room = 0
        self._panels: dict[str, QWidget] = {Place.HERE: self.here, Place.SERVER: server, Place.DEMO: _demo_panel()}
        server.edited.connect(self.edited)
        self._under = OneOf(self._panels.values())
        self.column.addWidget(self.cards)
        self.column.addSpacing(_GAP)
        self.column.addWidget(self._under)
        self.column.addStretch(1)
        self.cards.chosen.connect(self._chose)
        self.cards.moved.connect(self.update)
        self.here.look()

    @property
    def place(self) -> Place:
        """What is chosen."""
        return Place(self.cards.current)

    @property
    def next_word(self) -> str:
        if self.place is Place.DEMO:
            return _("Open the demo clinic")
        return _("Join the server") if self.place is Place.SERVER else ""

    def put(self, answers: Answers) -> None:
        self.cards.set_current(answers.place)
        self.server.put(answers)
        self._under.show_part(self._panels[answers.place])

    def taken(self, answers: Answers) -> Answers:
        return self.server.taken(replace(answers, place=self.place))

    def check(self) -> bool:
        if self.place is Place.HERE:
            return self.here.check()
        return self.place is Place.DEMO or self.server.check()

    def help(self) -> str:
        return _(
            "On one computer the data lie in a folder of this account. On a clinic server they lie on one computer of "
            "the clinic, and every desk joins it with a code. The demo invents a clinic to try things in."
        )

    def take_focus(self) -> None:
        self.cards.take_focus()

    def fit(self, room: int) -> None:
        self._room = room
        # Room for the highest panel, so that the cards keep their size while one looks from one to the other.
        under = [_height(panel, self._under.width()) for panel in self._panels.values()]
        left = room - self.cards.y() - _GAP
        if not self.cards.fit(left - max(under)):
            self.cards.fit(left - _height(self._under.shown, self._under.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._room:  # another width breaks the words otherwise
            self.fit(self._room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        drawing.shadow(QPainter(self), self.cards.lifted(), 12, 2)  # the cards are cut at their edges

    def _chose(self, key: str) -> None:
        self._under.show_part(self._panels[key])
        self.edited.emit()


@dataclass(frozen=True)
class Sign:
    """One line of what was looked at: its icon, its colour and its words."""

    icon: str
    tone: str
    words: str


class HerePanel(QWidget):
    """What this computer has to offer, looked at as soon as it is on show, and what is wrong with it."""

    def __init__(self, background: Background, look_here: Callable[[], Ground]) -> None:
        super().__init__()
        self._background, self._look_here = background, look_here
        self.problem = ""
        self.signs: list[Sign] = []
        self.again = Button(_("Test again"), "link", "refresh-cw")
        self.again.clicked.connect(self.look)
        self.again.hide()
        frame = card()
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(frame)
        outside.addStretch(1)
        column = QVBoxLayout(frame)
        column.setContentsMargins(24, 14, 24, 14)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(Label(_("This computer"), "subsection"), 1)
        head.addWidget(self.again)
        column.addLayout(head)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        column.addLayout(self._lines)

    def look(self) -> None:
        """Test folder, disk and database once more."""
        self._say([Sign("loader-circle", "muted", _("Testing this computer…"))])
        self._background.run(self, self._look_here, self._found, self._refused, replaces="look")

    def check(self) -> bool:
        """Whether a clinic can be kept here as far as is known; what is wrong takes the keyboard."""
        if self.problem:
            self.again.setFocus(Qt.FocusReason.OtherFocusReason)
        return not self.problem

    def refuse(self, error: ClinicError) -> None:
        """Say why the database of this computer cannot be used."""
        self._refused(error)

    def _found(self, ground: Ground) -> None:
        self.problem = ""
        self.again.hide()
        room = _("{count} GB free").format(count=formats.number(ground.room // _GIB))
        self._say(
            [
                Sign("circle-check", "okText", _("The data go into {folder}").format(folder=ground.folder)),
                Sign("circle-check", "okText", room),
                Sign("circle-check", "okText", _("PostgreSQL {version} comes along").format(version=ground.version)),
            ]
        )

    def _refused(self, error: ClinicError) -> None:
        self.problem = sentence(error)
        self._say([Sign("circle-alert", "dangerText", self.problem)])
        self.again.show()

    def _say(self, signs: list[Sign]) -> None:
        self.signs = signs
        while (item := self._lines.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for sign in signs:
            self._lines.addWidget(_line(sign))
        self.updateGeometry()


def _height(part: QWidget, width: int) -> int:
    return part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()


def _line(sign: Sign) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    row.addWidget(IconLabel(sign.icon, sign.tone), alignment=Qt.AlignmentFlag.AlignTop)
    row.addWidget(Label(sign.words, "body", "text" if sign.tone != "dangerText" else sign.tone, wrap=True), 1)
    return line


def _demo_panel() -> QWidget:
    panel = QWidget()
    outside = QVBoxLayout(panel)
    outside.setContentsMargins(0, 0, 0, 0)
    frame = card()
    outside.addWidget(frame)
    outside.addStretch(1)
    column = QVBoxLayout(frame)
    column.setContentsMargins(24, 14, 24, 14)
    column.setSpacing(6)
    column.addWidget(Label(_("The demo clinic"), "subsection"))
    words = _("It takes a few seconds to invent. Everything in it may be changed; the real clinic is made another day.")
    column.addWidget(Label(words, "body", "muted", wrap=True))
    return panel
