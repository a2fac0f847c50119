"""What every step of the first run has in common: its question, its fields, and what is wrong with them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.first_run import Answers

AIR = 18  # at both sides of a step, so that a shadow is not cut where the column ends


class Step(QWidget):
    """One question on one page. `edited` says that something was typed; `done` that the step answers for itself."""

    edited = Signal()
    done = Signal()

    def __init__(self, title: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(AIR, 0, AIR, 0)
        self.column.setSpacing(0)
        self.column.addWidget(Label(title, "hero", wrap=True))
        self.column.addSpacing(6)
        self.hint = Label(hint, "body", "muted", wrap=True)
        self.column.addWidget(self.hint)
        self.column.addSpacing(24)
        self.setAccessibleName(title)

    @property
    def next_word(self) -> str:
        """What the button onward says; empty for the usual word."""
        return ""

    @property
    def ready(self) -> bool:
        """Whether there is anything to wait for before going on."""
        return True

    def put(self, answers: Answers) -> None:
        """Show what is known."""

    def taken(self, answers: Answers) -> Answers:
        """The answers with what stands here."""
        return answers

    def check(self) -> bool:
        """Whether one may go on; what is wrong is said, and takes the keyboard."""
        return True

    def help(self) -> str:
        """What F1 says about this step."""
        return ""

    def take_focus(self) -> None:
        """Put the keyboard where one begins."""

    def fit(self, room: int) -> None:
        """Make do with a page that is `room` high; the parent has laid out the step as it was."""


def first_wrong(fields: Sequence[Field]) -> bool:
    """Ask every field; True when all are right, else the first wrong one has the keyboard."""
    wrong = [field for field in fields if field.isVisibleTo(field.window()) and not field.validate()]
    if wrong:
        wrong[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)
    return not wrong


def beside(*parts: tuple[QWidget, int]) -> QHBoxLayout:
    """Parts in one line, each with its share of the room."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(16)
    for part, share in parts:
        row.addWidget(part, share, Qt.AlignmentFlag.AlignTop)
    return row
