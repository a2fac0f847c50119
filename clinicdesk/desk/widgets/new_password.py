"""A new password, typed twice, with its rules ticking as they are met."""

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import PasswordEdit
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.domain.staff import PASSWORD_RULES, broken_rules
from clinicdesk.words import _, marked

RULES = {
    "short": marked("12 characters or more"),
    "letter": marked("A letter"),
    "digit": marked("A digit"),
    "common": marked("Not one that anybody would try first"),
    "name": marked("Without your name or login"),
}


class RuleMark(QWidget):
    """One rule with its tick; `warn` says that it was still broken when the password was sent."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule
        self.met = self._warned = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_met(False)

    def set_met(self, met: bool) -> None:
        """Show whether the rule is kept."""
        self.met, self._warned = met, self._warned and not met
        state = _("yes") if met else _("not yet")
        self.setAccessibleName(f"{_(RULES[self.rule])}: {state}")
        self.update()

    def warn(self) -> None:
        """Point at the rule unless it is kept."""
        self._warned = not self.met
        self.update()

    def sizeHint(self) -> QSize:
        width = round(drawing.width_of(_(RULES[self.rule]), current().font("body"))) + 30
        return QSize(width, current().line_height("body") + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        icon, tone, ink = "circle", "faint", "muted"
        if self.met:
            icon, tone, ink = "circle-check", "okText", "text"
        elif self._warned:
            icon, tone, ink = "circle-alert", "dangerText", "dangerText"
        icons.paint(painter, icon, tone, QRectF(0, 0, 16, self.height()))
        words = QRectF(26, 0, self.width() - 26, self.height())
        drawing.text(painter, words, _(RULES[self.rule]), current().font("body"), current().color(ink))


class NewPassword(QWidget):
    """`entered` is Enter in the second field, `edited` every letter typed.

    Whose it is says `set_person`, because a name is no password.
    """

    entered = Signal()
    edited = Signal()

    def __init__(self, label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._login = self._name = ""
        self.first, self.second = PasswordEdit(), PasswordEdit()
        self.first_field = Field(label or _("New password"), self.first)
        self.second_field = Field(_("The same password again"), self.second, check=self._differs)
        self.marks = [RuleMark(rule) for rule in PASSWORD_RULES]
        self.setFocusProxy(self.first)
        self._arrange()
        self.first.textChanged.connect(self._follow)
        self.second.textChanged.connect(self._follow)
        for editor in (self.first, self.second):
            editor.textEdited.connect(self.edited)
        self.first.returnPressed.connect(self.second.setFocus)
        self.second.returnPressed.connect(self.entered)

    @property
    def text(self) -> str:
        """What was typed first."""
        return self.first.text()

    def set_person(self, login: str, name: str) -> None:
        """Whose name and login the password must not hold."""
        self._login, self._name = login, name
        self._follow()

    def check(self) -> bool:
        """Whether it keeps its rules and was typed twice; what is wrong is shown and gets the keyboard."""
        if self._broken():
            for mark in self.marks:
                mark.warn()
            self.first_field.set_error(_("A rule is missing") if self.text else _("Fill this in"))
            self.first.setFocus()
            return False
        if not self.second_field.validate() or self._differs(self.second.text()):
            self.second_field.set_error(self._differs(self.second.text()))
            self.second.setFocus()
            return False
        return True

    def clear(self) -> None:
        """Nothing typed, nothing shown."""
        for editor in (self.first, self.second):
            editor.clear()
            editor.conceal()
        for field in (self.first_field, self.second_field):
            field.set_error("")

    def _broken(self) -> tuple[str, ...]:
        typed = self.first.text()
        return broken_rules(typed, login=self._login, name=self._name) if typed else PASSWORD_RULES

    def _differs(self, text: str) -> str:
        return "" if text == self.first.text() else _("The two passwords differ")

    def _follow(self) -> None:
        broken = self._broken()
        for mark in self.marks:
            mark.set_met(mark.rule not in broken)
        if not broken:
            self.first_field.set_error("")
        same = bool(self.first.text()) and self.first.text() == self.second.text()
        if same:
            self.second_field.set_error("")
        self.second_field.set_hint(_("The two are the same") if same else "", "okText", "circle-check" if same else "")

    def _arrange(self) -> None:
        frame = card()
        rules = QVBoxLayout(frame)
        rules.setContentsMargins(20, 14, 20, 14)
        rules.setSpacing(4)
        rules.addWidget(Label(_("A password has"), "label", "muted"))
        for mark in self.marks:
            rules.addWidget(mark)
        rules.addStretch(1)
        fields = QVBoxLayout()
        fields.setSpacing(0)
        fields.addWidget(self.first_field)
        fields.addWidget(self.second_field)
        fields.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.addLayout(fields, 0, 0)
        grid.addWidget(frame, 0, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
