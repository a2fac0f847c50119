"""The recovery key: shown once, printed or copied, then covered and typed back by hand."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk import keychain
from clinicdesk.desk.first_run.code_boxes import GROUP, CodeBoxes
from clinicdesk.desk.first_run.step import Step
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.domain.desks import code_letters
from clinicdesk.words import _

_COVER = "••••"


class KeyStep(Step):
    """`show_paper` opens the key as a sheet to print. The key lives here alone until the clinic is made."""

    def __init__(self, show_paper: Callable[[str], None]) -> None:
        super().__init__(
            _("Keep the recovery key"),
            _(
                "It opens what the clinic protects when every owner’s password is lost. It is shown only now, and "
                "nobody keeps a copy."
            ),
        )
        self.key = keychain.new_recovery_key()
        self.groups = _Groups(self.key)
        self.print_button = Button(_("Print"), "secondary", "printer")
        self.copy_button = Button(_("Copy"), "secondary", "copy")
        self.have_it = Button(_("I have it: type it back"), "soft", "keyboard")
        self.boxes = CodeBoxes(len(_letters(self.key)), code_letters, keychain.CODE_ALPHABET, row=16, paste=False)
        self.boxes.setAccessibleName(_("The recovery key, typed back"))
        self.look_again = Button(_("Show the key again"), "link", "eye")
        self.said = Banner("info", "")
        self._arrange()
        self.print_button.clicked.connect(lambda: show_paper(self.key))
        self.copy_button.clicked.connect(self._copy)
        self.have_it.clicked.connect(self._cover)
        self.look_again.clicked.connect(self._uncover)
        self.boxes.typed.connect(self._compare)
        self.boxes.pasted.connect(lambda: self._say("info", _("Typed by hand, it proves that it was written down.")))
        self.boxes.refused.connect(
            lambda letter: self._say("info", _("“{letter}” stands in no key; it was left out.").format(letter=letter))
        )
        self._uncover()

    @property
    def ready(self) -> bool:
        return keychain.same_code(self.boxes.text(), self.key)

    def check(self) -> bool:
        if self.ready:
            return True
        if self.groups.covered:
            missing = self.boxes.text() == "" or not self.boxes.full
            words = _("The key is not whole yet.") if missing else _("The key does not match; look at the red groups.")
            self._say("warn", words)
            self.boxes.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._cover()
        return False

    def help(self) -> str:
        return _(
            "Print the key or write it down and lock it away, not beside the computer. Spaces, small letters and the "
            "letters O, I and L for 0 and 1 are understood when it is typed back."
        )

    def take_focus(self) -> None:
        (self.boxes if self.groups.covered else self.have_it).setFocus(Qt.FocusReason.TabFocusReason)

    def _cover(self) -> None:
        self.groups.set_covered(True)
        self._show_typing(True)
        self.said.hide()
        self.boxes.setFocus(Qt.FocusReason.TabFocusReason)

    def _uncover(self) -> None:
        self.groups.set_covered(False)
        self._show_typing(False)
        self.said.hide()
        if self.isVisible():
            self.have_it.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_typing(self, typing: bool) -> None:
        self._typing.setVisible(typing)
        for button in (self.print_button, self.copy_button, self.have_it):
            button.setVisible(not typing)
        self.look_again.setVisible(typing)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.key)
        self._say("ok", _("Copied. Put it where only you find it, then empty the clipboard by copying something else."))

    def _compare(self) -> None:
        self.said.hide()
        right = [_letters(self.key)[start : start + GROUP] for start in range(0, len(_letters(self.key)), GROUP)]
        typed = self.boxes.grouped()
        wrong = frozenset(
            at for at, group in enumerate(typed) if not right[at].startswith(group) and len(group) == GROUP
        )
        self.boxes.set_wrong(wrong)
        if self.ready:
            self._say("ok", _("That is the key."))
        elif wrong:
            self._say("warn", _("Group {number} does not match.").format(number=min(wrong) + 1))
        self.edited.emit()

    def _say(self, tone: str, words: str) -> None:
        self.said.say(tone, words)
        self.said.show()

    def _arrange(self) -> None:
        frame = card()
        column = QVBoxLayout(frame)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addWidget(self.groups)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.print_button, self.copy_button, self.look_again):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.have_it)
        column.addLayout(row)
        self._typing = QWidget()
        typing = QVBoxLayout(self._typing)
        typing.setContentsMargins(0, 0, 0, 0)
        typing.setSpacing(8)
        typing.addWidget(Label(_("Type the key back, from the paper"), "label", "muted"))
        typing.addWidget(self.boxes)
        column.addWidget(self._typing)
        self.column.addWidget(frame)
        self.column.addSpacing(16)
        self.column.addWidget(self.said)
        self.column.addSpacing(12)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(IconLabel("lock"), alignment=Qt.AlignmentFlag.AlignTop)
        words = _("Whoever has it can open what the clinic protects. Nothing is made before it was typed back.")
        line.addWidget(Label(words, "second", "muted", wrap=True), 1)
        self.column.addLayout(line)
        self.column.addStretch(1)


def _letters(key: str) -> str:
    return code_letters(key)


class _Groups(QWidget):
    """The key in eight groups, large; covered while it is typed back."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._parts = key.split("-")
        self.covered = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_covered(False)

    def set_covered(self, covered: bool) -> None:
        """Hide the letters, from a screen reader too."""
        self.covered = covered
        self.setAccessibleName(_("The recovery key, covered") if covered else " ".join(self._parts))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, 2 * self._height() + 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current()
        width = (self.width() - 3 * 8) / 4
        for at, part in enumerate(self._parts):
            row, across = divmod(at, 4)
            area = QRectF(across * (width + 8), row * (self._height() + 8), width, self._height())
            drawing.box(painter, area, 8, theme.color("sunken"), theme.color("line"))
            number = area.adjusted(10, 0, 0, 0)
            drawing.text(painter, number, str(at + 1), theme.font("detail"), theme.color("faint"))
            words = _COVER if self.covered else part
            ink = theme.color("faint" if self.covered else "text")
            font = theme.font("name", numbers=True)
            drawing.text(painter, area, words, font, ink, Qt.AlignmentFlag.AlignHCenter)

    def _height(self) -> int:
        return current().line_height("name") + 16
