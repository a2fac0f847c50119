"""One desk: its name, when it was used, how it joined, until when it counts, and the way to shut it out."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.preferences.desks.words import certificate_words, ends_soon, gone_words, joined_words, used_words
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.dialog import Dialog
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.wording import field_problem
from clinicdesk.domain.desks import LONGEST_NAME, Desk, clean_desk_name
from clinicdesk.errors import InvalidField
from clinicdesk.words import _


class DeskPanel(QWidget):
    """`renamed` carries the desk's id and its new name, `shut_out` the id of the desk that is to go."""

    renamed = Signal(object, str)
    shut_out = Signal(object)

    def __init__(self, clock: DeskClock, can_write: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock, self._can_write = clock, can_write
        self.desk: Desk | None = None
        self.name = LineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setEnabled(can_write)
        self.name.editingFinished.connect(self._name_left)
        self.title = Label("", "section", wrap=True)
        self.notice = Banner("warn", "")
        self.facts: dict[str, Label] = {}
        self.end = Button("", "secondary", "ban", tone="danger")
        self.end.clicked.connect(self._ask)
        self._arrange()

    def show_desk(self, desk: Desk) -> None:
        """Show one; a name that is being typed stays."""
        other = self.desk is None or self.desk.id != desk.id
        self.desk = desk
        self.title.setText(desk.name)
        if other or not self.name.hasFocus():
            self.name.setText(desk.name)
            self.field.set_error("")
        self.facts["used"].setText(used_words(desk, self._clock))
        self.facts["joined"].setText(joined_words(desk, self._clock))
        self.facts["certificate"].setText(certificate_words(desk, self._clock))
        self.facts["certificate"].set_tone("warnText" if ends_soon(desk, self._clock) else "text")
        gone = desk.revoked_at is not None
        for label in (self.facts["certificate"], self._certificate):
            label.setVisible(not gone)
        self.notice.setVisible(gone)
        if gone:
            words = gone_words(desk, self._clock)
            self.notice.say("warn", words[:1].upper() + words[1:], detail=_("To come back it needs a new code."))
        self.field.setVisible(not gone)
        self._ending.setVisible(not gone and self._can_write)
        self.end.setText(_("Shut {name} out").format(name=desk.name))
        self.end.updateGeometry()
        if desk.here:
            self.end.refuse(_("You are at this desk. Shut it out from another one."))
        else:
            self.end.permit()

    def refused(self, error: InvalidField) -> None:
        """The name cannot be kept."""
        self.field.set_error(field_problem(error))

    def _name_left(self) -> None:
        desk = self.desk
        if desk is None:
            return
        try:
            name = clean_desk_name(self.name.text())
        except InvalidField as error:
            self.refused(error)
            return
        self.field.set_error("")
        if name != desk.name:
            self.renamed.emit(desk.id, name)

    def _ask(self) -> None:
        desk = self.desk
        if desk is None:
            return
        dialog = Dialog(
            self.window(),
            _("Shut {name} out?").format(name=desk.name),
            _(
                "Whoever is at work there is out within seconds, and nobody can sign in there again. Nothing of the "
                "clinic is lost. To come back the computer needs a new code."
            ),
            _("Shut out"),
        )
        dialog.confirmed.connect(lambda: self._confirmed(desk.id))
        dialog.open()

    def _confirmed(self, desk_id: UUID) -> None:
        self.shut_out.emit(desk_id)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 20, 28, 20)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.notice)
        self.field = Field(_("Name of the desk"), self.name, reserve=False)
        column.addWidget(self.field)
        column.addSpacing(4)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(10)
        names = (("used", _("Last used")), ("joined", _("Joined")), ("certificate", _("Certificate until")))
        for row, (key, word) in enumerate(names):
            self.facts[key] = Label("", "body", numbers=True, wrap=True)
            self._certificate = Label(word, "body", "muted")  # the last of them
            grid.addWidget(self._certificate, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self.facts[key], row, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        self._ending = QWidget()
        ending = QVBoxLayout(self._ending)
        ending.setContentsMargins(0, 8, 0, 0)
        ending.setSpacing(10)
        ending.addWidget(separator())
        ending.addWidget(Label(_("When a computer is lost, sold or lent"), "subsection"))
        words = _("Its certificate is taken back, and it never reaches the clinic again without a new code.")
        ending.addWidget(Label(words, "body", "muted", wrap=True))
        line = QHBoxLayout()
        line.addWidget(self.end)
        line.addStretch(1)
        ending.addLayout(line)
        column.addWidget(self._ending)
        column.addStretch(1)
