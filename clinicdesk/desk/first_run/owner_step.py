"""The owner: who they are, how they sign in, and a password whose rules tick as they are met."""

from dataclasses import replace

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.first_run.clinic_step import asked
from clinicdesk.desk.first_run.step import Step, beside, first_wrong
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, PasswordEdit
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.first_run import Answers, suggested_login
from clinicdesk.domain.patients import clean_name
from clinicdesk.domain.staff import PASSWORD_RULES, broken_rules, check_login, check_password
from clinicdesk.errors import ClinicError
from clinicdesk.words import _, marked

RULES = {
    "short": marked("12 characters or more"),
    "letter": marked("A letter"),
    "digit": marked("A digit"),
    "common": marked("Not one that anybody would try first"),
    "name": marked("Without your name or login"),
}


class OwnerStep(Step):
    """The first person of the clinic; everybody else gets a code from them and chooses a password alone."""

    def __init__(self) -> None:
        super().__init__(
            _("Who owns the clinic?"),
            _("The owner may do everything and lets the others in. There may be several owners later."),
        )
        self.name = LineEdit(_("Dra. Helena Prado"))
        self.login = LineEdit(icon="user-round")
        self.password = PasswordEdit()
        self.again = PasswordEdit()
        self.rules = [RuleMark(rule) for rule in PASSWORD_RULES]
        self._login_typed = ""
        self.fields = [
            Field(_("Name, with the title"), self.name, check=asked(lambda text: clean_name(text, "name"))),
            Field(_("Login name"), self.login, hint=_("Suggested by the name"), check=asked(check_login)),
            Field(_("Password"), self.password, check=self._password_problem),
            Field(_("The same password again"), self.again, check=self._again_problem),
        ]
        self._arrange()
        self.name.textEdited.connect(self._typed)
        self.login.textEdited.connect(self._typed_login)
        self.password.textEdited.connect(self._typed)
        self.again.textEdited.connect(self._typed)
        self._follow()

    def put(self, answers: Answers) -> None:
        self.name.setText(answers.owner_name)
        self._login_typed = answers.login
        self.login.setText(answers.login_name)
        self._follow()

    def taken(self, answers: Answers) -> Answers:
        return replace(answers, owner_name=self.name.text(), login=self._login_typed)

    def check(self) -> bool:
        return first_wrong(self.fields)

    def help(self) -> str:
        return _(
            "A few words together make a good password and are easy to remember. A password manager may fill it in. "
            "Nobody can look it up later: without it, and without the recovery key of the next page, protected fields "
            "stay closed for good."
        )

    def take_focus(self) -> None:
        (self.password if self.name.text() and not self.password.text() else self.name).setFocus()

    def _typed_login(self, text: str) -> None:
        self._login_typed = "" if text == suggested_login(self.name.text()) else text
        self._typed()

    def _typed(self) -> None:
        if not self._login_typed:
            self.login.setText(suggested_login(self.name.text()))
        self._follow()
        self.edited.emit()

    def _follow(self) -> None:
        typed = self.password.text()
        broken = broken_rules(typed, login=self.login.text(), name=self.name.text()) if typed else PASSWORD_RULES
        for mark in self.rules:
            mark.set_met(mark.rule not in broken)
        self.fields[1].set_hint("" if self._login_typed else _("Suggested by the name"))
        same = bool(typed) and typed == self.again.text()
        self.fields[3].set_hint(_("The two are the same") if same else "", "okText", "circle-check" if same else "")

    def _password_problem(self, text: str) -> str:
        try:
            check_password(text, login=self.login.text(), name=self.name.text())
        except ClinicError as error:
            return sentence(error).split(". ")[0].removesuffix(".")
        return ""

    def _again_problem(self, text: str) -> str:
        return "" if text == self.password.text() else _("The two passwords differ")

    def _arrange(self) -> None:
        name, login, password, again = self.fields
        self.column.addLayout(beside((name, 3), (login, 2)))
        frame = card()
        rules = QVBoxLayout(frame)
        rules.setContentsMargins(20, 14, 20, 14)
        rules.setSpacing(4)
        rules.addWidget(Label(_("A password has"), "label", "muted"))
        for mark in self.rules:
            rules.addWidget(mark)
        fields = QWidget()
        column = QVBoxLayout(fields)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(password)
        column.addWidget(again)
        column.addStretch(1)
        self.column.addLayout(beside((fields, 3), (frame, 2)))
        self.column.addStretch(1)


class RuleMark(QWidget):
    """One rule with its tick."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule
        self.met = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_met(False)

    def set_met(self, met: bool) -> None:
        """Show whether the rule is kept."""
        self.met = met
        state = _("yes") if met else _("not yet")
        self.setAccessibleName(f"{_(RULES[self.rule])}: {state}")
        self.update()

    def sizeHint(self) -> QSize:
        width = round(drawing.width_of(_(RULES[self.rule]), current().font("body"))) + 30
        return QSize(width, current().line_height("body") + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        icon, tone = ("circle-check", "okText") if self.met else ("circle", "faint")
        icons.paint(painter, icon, tone, QRectF(0, 0, 16, self.height()))
        words = QRectF(26, 0, self.width() - 26, self.height())
        ink = theme.color("text" if self.met else "muted")
        drawing.text(painter, words, _(RULES[self.rule]), theme.font("body"), ink)
