"""The owner: who they are, how they sign in, and a password whose rules tick as they are met."""

from dataclasses import replace

from clinicdesk.desk.first_run.clinic_step import asked
from clinicdesk.desk.first_run.step import Step, beside, first_wrong
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.new_password import NewPassword
from clinicdesk.domain.first_run import Answers, suggested_login
from clinicdesk.domain.patients import clean_name
from clinicdesk.domain.staff import check_login
from clinicdesk.words import _


class OwnerStep(Step):
    """The first person of the clinic; everybody else gets a code from them and chooses a password alone."""

    def __init__(self) -> None:
        super().__init__(
            _("Who owns the clinic?"),
            _("The owner may do everything and lets the others in. There may be several owners later."),
        )
        self.name = LineEdit(_("Dra. Helena Prado"))
        self.login = LineEdit(icon="user-round")
        self.choosing = NewPassword(_("Password"))
        self._login_typed = ""
        self.fields = [
            Field(_("Name, with the title"), self.name, check=asked(lambda text: clean_name(text, "name"))),
            Field(_("Login name"), self.login, hint=_("Suggested by the name"), check=asked(check_login)),
        ]
        self._arrange()
        self.name.textEdited.connect(self._typed)
        self.login.textEdited.connect(self._typed_login)
        self.choosing.edited.connect(self._typed)
        self._follow()

    def put(self, answers: Answers) -> None:
        self.name.setText(answers.owner_name)
        self._login_typed = answers.login
        self.login.setText(answers.login_name)
        self._follow()

    def taken(self, answers: Answers) -> Answers:
        return replace(answers, owner_name=self.name.text(), login=self._login_typed)

    def check(self) -> bool:
        return first_wrong(self.fields) and self.choosing.check()

    def help(self) -> str:
        return _(
            "A few words together make a good password and are easy to remember. A password manager may fill it in. "
            "Nobody can look it up later: without it, and without the recovery key of the next page, protected fields "
            "stay closed for good."
        )

    def take_focus(self) -> None:
        (self.choosing if self.name.text() and not self.choosing.text else self.name).setFocus()

    def _typed_login(self, text: str) -> None:
        self._login_typed = "" if text == suggested_login(self.name.text()) else text
        self._typed()

    def _typed(self) -> None:
        if not self._login_typed:
            self.login.setText(suggested_login(self.name.text()))
        self._follow()
        self.edited.emit()

    def _follow(self) -> None:
        self.choosing.set_person(self.login.text(), self.name.text())
        self.fields[1].set_hint("" if self._login_typed else _("Suggested by the name"))

    def _arrange(self) -> None:
        name, login = self.fields
        self.column.addLayout(beside((name, 3), (login, 2)))
        self.column.addSpacing(8)
        self.column.addWidget(self.choosing)
        self.column.addStretch(1)
