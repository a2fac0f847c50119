"""The question asked only when there is no way back: verbs on the buttons, the focus on the safe one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.words import _


class Dialog(Popover):
    """`question` is the title, `verb` what happens; `extra` may hold a field such as a reason.

    `confirmed` and `dismissed` tell the answer; nothing waits for it.
    """

    confirmed = Signal()
    dismissed = Signal()

    def __init__(
        self,
        owner: QWidget,
        question: str,
        detail: str,
        verb: str,
        safe_verb: str = "",
        danger: bool = True,
        extra: QWidget | None = None,
    ) -> None:
        super().__init__(owner, veiled=True, radius=12, light=False)
        self.safe = Button(safe_verb or _("Back"), key="Esc")
        self.verb = Button(verb, "danger" if danger else "primary")
        self._answered = False
        self.setAccessibleName(question)
        self.setAccessibleDescription(detail)
        self.set_content(self._body(question, detail, extra))
        self.safe.clicked.connect(self.dismiss)
        self.verb.clicked.connect(self._confirm)
        self.closed.connect(self._closed)

    def open(self) -> None:
        """Ask."""
        self._answered = False
        self.open_centred()

    def focus_first(self) -> QWidget | None:
        return self.safe

    def _confirm(self) -> None:
        self._answered = True
        self.dismiss()
        self.confirmed.emit()

    def _closed(self) -> None:
        if not self._answered:
            self.dismissed.emit()

    def _body(self, question: str, detail: str, extra: QWidget | None) -> QWidget:
        body = QWidget()
        body.setMinimumWidth(360)
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 18, 20, 20)
        column.setSpacing(6)
        column.addWidget(Label(question, "section"))
        column.addWidget(Label(detail, "body", "muted", wrap=True))
        if extra is not None:
            column.addSpacing(8)
            column.addWidget(extra)
        column.addSpacing(16)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.safe)
        row.addWidget(self.verb)
        column.addLayout(row)
        return body
