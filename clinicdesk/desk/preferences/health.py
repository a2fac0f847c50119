"""How everything stands: this computer, the way to the clinic, the database and people's rights, and what to do."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.preferences.computer import Computer
from clinicdesk.desk.preferences.leaf import Leaf
from clinicdesk.desk.preferences.section import Desk
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label, card, separator
from clinicdesk.desk.widgets.scrolled import scrolled_column
from clinicdesk.desk.wording import sentence
from clinicdesk.desk.wording_doctor import (
    advice_sentence,
    as_text,
    check_name,
    facts_line,
    grouped,
    state_word,
    summary,
)
from clinicdesk.errors import ClinicError
from clinicdesk.usecases.checks import Check, State, worst
from clinicdesk.words import _

_SIGNS = {
    State.OK: ("circle-check", "okText"),
    State.WARNING: ("triangle-alert", "warnText"),
    State.FAILED: ("circle-x", "dangerText"),
}
_TONES = {State.OK: "ok", State.WARNING: "warn", State.FAILED: "danger"}
_WIDEST = 860


class HealthPage(Leaf):
    """Looked at anew each time one comes here, and by the button; the text of it names no patient."""

    def __init__(self, desk: Desk, computer: Computer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self._desk, self._computer = desk, computer
        self.checks: list[Check] = []
        self.said = Banner("info", "")
        self.again = Button(_("Check again"), "secondary", "refresh-cw")
        self.copy = Button(_("Copy as text"), "secondary", "copy")
        self.again.clicked.connect(self.refresh)
        self.copy.clicked.connect(self._copy)
        self._arrange()

    def refresh(self) -> None:
        """Look at everything."""
        super().refresh()
        self.again.set_busy(True)
        self.copy.setEnabled(False)
        self.said.say("info", _("Looking at everything…"), icon="loader-circle")
        clinic = self._desk.clinic
        self._desk.background.run(
            self, lambda: self._computer.examine(clinic), self._came, self._failed, replaces="health"
        )

    def _came(self, checks: list[Check]) -> None:
        self.checks = checks
        self.again.set_busy(False)
        self.copy.setEnabled(True)
        self.copy.setText(_("Copy as text"))
        self.said.say(_TONES[worst(checks)], summary(checks))
        while (item := self._groups.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for heading, some in grouped(checks):
            self._groups.addWidget(_group(heading, some))

    def _failed(self, error: ClinicError) -> None:
        self.again.set_busy(False)
        self.said.say("danger", sentence(error))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self.checks))
        self.copy.setText(_("Copied"))

    def _arrange(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(28, 20, 28, 24)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(_("System health"), "section"), 1)
        head.addWidget(self.copy)
        head.addWidget(self.again)
        column.addLayout(head)
        column.addWidget(self.said)
        self._groups = QVBoxLayout()
        self._groups.setSpacing(16)
        column.addLayout(self._groups)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled_column(body, _WIDEST, by_keys=True))


def _group(heading: str, checks: Sequence[Check]) -> QWidget:
    group = QWidget()
    column = QVBoxLayout(group)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.addWidget(Label(heading, "subsection"))
    frame = card()
    inside = QVBoxLayout(frame)
    inside.setContentsMargins(0, 4, 0, 4)
    inside.setSpacing(0)
    for place, check in enumerate(checks):
        if place:
            inside.addWidget(separator())
        inside.addWidget(_row(check))
    column.addWidget(frame)
    return group


def _row(check: Check) -> QWidget:
    row = QWidget()
    row.setAccessibleName(f"{check_name(check.name)}: {state_word(check.state)}")
    row.setAccessibleDescription(f"{facts_line(check)} {advice_sentence(check)}".strip())
    line = QHBoxLayout(row)
    line.setContentsMargins(16, 10, 16, 10)
    line.setSpacing(12)
    icon, tone = _SIGNS[check.state]
    line.addWidget(IconLabel(icon, tone), alignment=Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(Label(check_name(check.name), "strong"))
    for text, ink in (
        (facts_line(check), "muted"),
        (advice_sentence(check), "text" if check.state is State.OK else tone),
    ):
        if text:
            words.addWidget(Label(text, "second", ink, wrap=True))
    line.addLayout(words, 1)
    line.addWidget(Label(state_word(check.state), "second", tone), alignment=Qt.AlignmentFlag.AlignTop)
    return row
