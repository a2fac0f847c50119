"""One tick for whoever is asked the first time: whether the clinic may write to them, with the very words beside it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.switch import CheckBox
from clinicdesk.terms import asked_words
from clinicdesk.words import _


class ConsentTick(QFrame):
    """Off until the patient says yes. `changed` is a person's doing; a click anywhere on it ticks."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked = asked_words()
        self.tick = CheckBox(name=_("Agreed to messages about their visits"))
        self.tick.setAccessibleDescription(self._asked)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(_("Agreed to messages about their visits"), "strong"))
        said = Label(_("“{words}”").format(words=self._asked), "second", "muted", wrap=True)
        said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        words.addWidget(said)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 8)
        row.setSpacing(10)
        row.addWidget(self.tick, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.tick.clicked.connect(self.changed)

    @property
    def words(self) -> str:
        """The words that were said yes to; empty while they were not."""
        return self._asked if self.tick.isChecked() else ""

    def set_words(self, words: str) -> None:
        """Tick it as it was ticked; nobody is told."""
        self.tick.setChecked(bool(words))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.tick.click()
