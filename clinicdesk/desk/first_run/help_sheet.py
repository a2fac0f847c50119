"""What F1 shows in the first run: what the question is about, and the keys that work."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.shortcuts import shown
from clinicdesk.desk.widgets.button import icon_button
from clinicdesk.desk.widgets.key_cap import KeyCap
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.words import _, marked

_WIDTH = 440
_KEYS = (
    (("Return",), marked("Continue")),
    (("Esc",), marked("Back to the question before")),
    (("Left", "Right"), marked("Another card, another choice")),
    (("Tab",), marked("Next field")),
    (("F1",), marked("This help")),
)


class HelpSheet(Popover):
    """Esc closes it."""

    def __init__(self, owner: QWidget, title: str, words: str) -> None:
        super().__init__(owner, veiled=True, radius=16)
        self.setAccessibleName(f"{title}. {words}")
        body = QWidget()
        body.setFixedWidth(_WIDTH)
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(Label(title, "title", wrap=True), 1)
        close = icon_button("x", _("Close"), key="Esc")
        close.clicked.connect(self.dismiss)
        head.addWidget(close, alignment=Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(Label(words, "body", "muted", wrap=True))
        column.addWidget(separator())
        for keys, meaning in _KEYS:
            line = QHBoxLayout()
            line.setSpacing(4)
            line.addWidget(Label(_(meaning), "body"), 1)
            for key in keys:
                line.addWidget(KeyCap(shown(key)))
            column.addLayout(line)
        self.set_content(body, close)
