"""Joining a clinic server: its address, tested as one types, the code in its boxes, and the name of this desk."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk import formats, keychain
from clinicdesk.desk.background import Background
from clinicdesk.desk.first_run.clinic_step import asked
from clinicdesk.desk.first_run.code_boxes import CodeBoxes
from clinicdesk.desk.first_run.step import beside
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.wording import sentence
from clinicdesk.desk.wording_fields import field_problem
from clinicdesk.domain.desks import (
    CODE_LETTERS,
    DeskCode,
    ServerAddress,
    clean_desk_name,
    code_letters,
    read_address,
    read_code,
)
from clinicdesk.domain.first_run import Answers
from clinicdesk.errors import ClinicError, InvalidField
from clinicdesk.words import _, ngettext

_PAUSE = 400  # milliseconds after the last letter before the address is tried

LookForServer = Callable[[ServerAddress], float]  # how many milliseconds its answer took


class ServerPanel(QWidget):
    """`look` is called off the UI thread, for the newest address alone. The code is kept nowhere."""

    edited = Signal()

    def __init__(self, background: Background, look: LookForServer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background, self._look = background, look
        self.address = LineEdit(_("server.local or 192.168.0.10"), icon="server")
        self.desk_name = LineEdit(_("Front desk 1"), icon="monitor")
        self.code = CodeBoxes(CODE_LETTERS, code_letters, keychain.CODE_ALPHABET)
        self.code.setAccessibleName(_("Invitation code"))
        self.address_field = Field(_("Address of the server"), self.address, check=asked(read_address), reserve=False)
        self.name_field = Field(_("Name of this desk"), self.desk_name, check=asked(clean_desk_name), reserve=False)
        self.seen = _Seen()
        self.code_said = _Seen()
        self._tried = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._try)
        self._arrange()
        self.address.textEdited.connect(self._typed_address)
        self.address.editingFinished.connect(self._try)
        self.desk_name.textEdited.connect(self.edited)
        self.code.typed.connect(self._typed_code)
        self.code.refused.connect(self._letter_refused)

    def put(self, answers: Answers) -> None:
        """Show what is known."""
        if self.address.text() != answers.server_address:
            self.address.setText(answers.server_address)
        self.desk_name.setText(answers.desk_name)

    def taken(self, answers: Answers) -> Answers:
        """The answers with what stands here; the code is none of them."""
        return replace(answers, server_address=self.address.text(), desk_name=self.desk_name.text())

    @property
    def wanted(self) -> tuple[ServerAddress, DeskCode, str]:
        """Where to go, with which code, as which desk. Raises InvalidField."""
        return read_address(self.address.text()), read_code(self.code.text()), clean_desk_name(self.desk_name.text())

    def check(self) -> bool:
        """Whether all three stand here; what is missing takes the keyboard."""
        right = [self.address_field.validate(), self._code_right(), self.name_field.validate()]
        editors = (self.address, self.code, self.desk_name)
        wrong = next((editor for editor, ok in zip(editors, right, strict=True) if not ok), None)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
        return wrong is None

    def _code_right(self) -> bool:
        try:
            read_code(self.code.text())
        except InvalidField as problem:
            self.code_said.say("circle-alert", "dangerText", field_problem(problem))
            return False
        return True

    def _typed_address(self) -> None:
        self.seen.say("", "muted", "")
        self._pause.start()
        self.edited.emit()

    def _try(self) -> None:
        """Look whether a server answers at the address that stands here now."""
        self._pause.stop()
        typed = self.address.text()
        if typed == self._tried and self.seen.words:
            return
        try:
            address = read_address(typed)
        except InvalidField:  # the field itself says it when it is left
            return
        self._tried = typed
        self.seen.say("loader-circle", "muted", _("Looking for {address}…").format(address=address))
        self._background.run(self, lambda: self._look(address), self._answers, self._does_not, replaces="look")

    def _answers(self, milliseconds: float) -> None:
        words = _("It answers in {count} ms, encrypted. The code will prove that it is yours.")
        self.seen.say("circle-check", "okText", words.format(count=formats.number(max(1, round(milliseconds)))))

    def _does_not(self, error: ClinicError) -> None:
        self.seen.say("circle-alert", "dangerText", sentence(error))

    def _typed_code(self) -> None:
        missing = CODE_LETTERS - len(self.code.text())
        if not missing:
            self.code_said.say("circle-check", "okText", _("The code is whole"))
        else:
            words = ngettext("{count} letter to go", "{count} letters to go", missing).format(count=missing)
            self.code_said.say("", "muted", words if self.code.text() else "")
        self.edited.emit()

    def _letter_refused(self, letter: str) -> None:
        words = _("“{letter}” stands in no code; it was left out.").format(letter=letter)
        self.code_said.say("circle-alert", "warnText", words)

    def _arrange(self) -> None:
        frame = card()
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(frame)
        outside.addStretch(1)
        column = QVBoxLayout(frame)
        column.setContentsMargins(24, 14, 24, 14)
        column.setSpacing(6)
        column.addLayout(beside((self.address_field, 3), (self.name_field, 2)))
        column.addWidget(self.seen)
        column.addSpacing(4)
        caption = Label(_("Invitation code, from the server or from an owner at another desk"), "label", "muted")
        caption.setBuddy(self.code)
        column.addWidget(caption)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self.code)
        line.addWidget(self.code_said, 1)
        column.addLayout(line)
        self.setTabOrder(self.address, self.code)
        self.setTabOrder(self.code, self.desk_name)


class _Seen(QWidget):
    """A quiet line with its icon; its room is kept, so that nothing moves while one types."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._icon: IconLabel | None = None
        self._label = Label("", "second", "muted", wrap=True)
        self._row.addWidget(self._label, 1)

    def say(self, icon: str, tone: str, words: str) -> None:
        """Say something else."""
        self.words = words
        if self._icon is not None:
            self._row.removeWidget(self._icon)
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None
        if icon:
            self._icon = IconLabel(icon, tone)
            self._row.insertWidget(0, self._icon, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._label.setText(words)
        self._label.set_tone(tone)
        self.setAccessibleName(words)
