"""Words kept ready: found by `/` while typing, and put in order in a card of their own."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidgetItem, QVBoxLayout, QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.messages.choices import SECOND, Choices
from clinicdesk.desk.messages.composer import Composer
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, TextArea
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.wording_fields import field_problem
from clinicdesk.domain.inbox import QuickReply, SaveQuickReply, clean_shortcut, suggested
from clinicdesk.errors import ClinicError, InvalidField
from clinicdesk.usecases import inbox
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _

_MOST = 6


class Suggestions(QFrame):
    """Over the composer, the quick replies that `/…` may stand for; ↑ ↓ walk, Enter takes, Esc leaves them."""

    def __init__(self, composer: Composer, replies: Callable[[], Sequence[QuickReply]]) -> None:
        super().__init__(composer)
        self._composer, self._replies = composer, replies
        self._found: list[QuickReply] = []
        self.setProperty("kind", "card")
        self.list = Choices(_("Quick replies"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.list)
        self.hide()
        edit = composer.edit
        edit.textChanged.connect(self.follow)
        edit.walked.connect(self._walk)
        edit.escaped.connect(self.leave)
        edit.focus_changed.connect(self._focus_moved)
        self.list.itemClicked.connect(lambda _item: self.take())

    def follow(self) -> None:
        """Show what fits to what is typed."""
        self._found = suggested(self._replies(), self._composer.text)[: 4 * _MOST]
        self._composer.edit.picking = bool(self._found)
        if not self._found:
            self.hide()
            return
        self.list.clear()
        for reply in self._found:
            item = QListWidgetItem(f"/{reply.shortcut}")
            item.setData(SECOND, " ".join(reply.body.split()))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.fit(_MOST)
        self._place()

    def take(self) -> bool:
        """Put the chosen one into the message; False when none is on offer."""
        row = self.list.currentRow()
        if self.isHidden() or not 0 <= row < len(self._found):
            return False
        reply = self._found[row]
        self.leave()
        self._composer.insert(reply)
        return True

    def leave(self) -> None:
        """Let `/` be a mere sign."""
        self._composer.edit.picking = False
        self.hide()

    def _walk(self, by: int) -> None:
        self.list.setCurrentRow((self.list.currentRow() + by) % max(1, self.list.count()))

    def _focus_moved(self) -> None:
        if not self._composer.edit.hasFocus():
            self.leave()

    def _place(self) -> None:
        page = self._composer.parentWidget()
        if page is None:
            return
        self.setParent(page)
        box = self._composer.box
        self.setFixedWidth(box.width())
        self.adjustSize()
        corner = box.mapTo(page, QPoint(0, 0))
        self.move(corner.x(), max(4, corner.y() - self.height() - 6))
        self.show()
        self.raise_()


class QuickRepliesPopover(Popover):
    """All of the clinic's quick replies. `taken` carries the one for the message, `changed` tells that one changed."""

    taken = Signal(object)
    changed = Signal()

    def __init__(
        self, owner: QWidget, clinic: Clinic, background: Background, failed: Callable[[ClinicError], None]
    ) -> None:
        super().__init__(owner)
        self._clinic, self._background, self._failed = clinic, background, failed
        self._replies: tuple[QuickReply, ...] = ()
        self.list = Choices(_("Quick replies"))
        self.shortcut = LineEdit("endereco")
        self.words = TextArea(_("What is to be said"), 3)
        self._shortcut_field = Field(_("Shortcut, typed after /"), self.shortcut, check=_checked)
        self._words_field = Field(_("Message"), self.words)
        self.save = Button(_("Save"), "primary", size="dense")
        self.use = Button(_("Put into the message"), "secondary", size="dense")
        self.remove = icon_button("trash-2", _("Remove"), size="dense")
        self.new = Button(_("New quick reply"), "quiet", "plus", size="dense")
        self.set_content(self._body(), self.list)
        self._listen()

    def show_replies(self, replies: Sequence[QuickReply], chosen: str = "") -> None:
        """Show these, and stand on the one with a shortcut."""
        self._replies = tuple(replies)
        self.list.clear()
        for reply in self._replies:
            item = QListWidgetItem(f"/{reply.shortcut}")
            item.setData(SECOND, " ".join(reply.body.split()))
            self.list.addItem(item)
        self.list.fit(_MOST)
        row = next((at for at, one in enumerate(self._replies) if one.shortcut == chosen), 0)
        self.list.setCurrentRow(row if self._replies else -1)
        if not self._replies:
            self._begin_new()

    @property
    def chosen(self) -> QuickReply | None:
        """The one that is edited; None for a new one."""
        row = self.list.currentRow()
        return self._replies[row] if 0 <= row < len(self._replies) else None

    def _show_chosen(self) -> None:
        reply = self.chosen
        self.shortcut.setText(reply.shortcut if reply else "")
        self.words.setPlainText(reply.body if reply else "")
        for button in (self.use, self.remove):
            button.setVisible(reply is not None)

    def _begin_new(self) -> None:
        self.list.setCurrentRow(-1)
        self._show_chosen()
        self.shortcut.setFocus()

    def _keep(self) -> None:
        reply = self.chosen
        if not self._shortcut_field.validate() or not self.words.toPlainText().strip():
            return
        command = SaveQuickReply(
            new_id(), reply.id if reply else None, reply.version if reply else 0, self.shortcut.text(),
            self.words.toPlainText(),
        )  # fmt: skip
        shortcut = clean_shortcut(command.shortcut)
        self._write(lambda: inbox.save_quick_reply(self._clinic, command), shortcut)

    def _take_away(self) -> None:
        reply = self.chosen
        if reply is not None:
            self._write(lambda: inbox.remove_quick_reply(self._clinic, reply.id), "")

    def _write(self, work: Callable[[], object], shortcut: str) -> None:
        def written(_found: object) -> None:
            self.changed.emit()
            self.read(shortcut)

        self._background.run(self, work, written, self._refused, lane="writes")

    def read(self, shortcut: str = "") -> None:
        """Read them again."""
        self._background.run(
            self,
            lambda: inbox.quick_replies(self._clinic),
            lambda found: self.show_replies(found, shortcut),
            self._failed,
            replaces="replies",
        )

    def _refused(self, error: ClinicError) -> None:
        if isinstance(error, InvalidField) and error.field == "shortcut":
            self._shortcut_field.set_error(field_problem(error))
        else:
            self._failed(error)

    def _use(self) -> None:
        reply = self.chosen
        if reply is not None:
            self.dismiss()
            self.taken.emit(reply)

    def _body(self) -> QWidget:
        body = QWidget()
        body.setFixedWidth(round(460 * current().text_scale))
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(Label(_("Quick replies"), "section"))
        head.addStretch(1)
        head.addWidget(self.new)
        column.addLayout(head)
        column.addWidget(self.list)
        frame = card()
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(14, 12, 14, 12)
        inner.setSpacing(8)
        inner.addWidget(self._shortcut_field)
        inner.addWidget(self._words_field)
        foot = QHBoxLayout()
        foot.addWidget(self.remove)
        foot.addStretch(1)
        foot.addWidget(self.use)
        foot.addWidget(self.save)
        inner.addLayout(foot)
        column.addWidget(frame)
        return body

    def _listen(self) -> None:
        self.list.currentRowChanged.connect(lambda _row: self._show_chosen())
        self.list.itemActivated.connect(lambda _item: self._use())
        self.new.clicked.connect(self._begin_new)
        self.save.clicked.connect(self._keep)
        self.remove.clicked.connect(self._take_away)
        self.use.clicked.connect(self._use)
        self.closed.connect(self.deleteLater)


def _checked(text: str) -> str:
    try:
        clean_shortcut(text)
    except InvalidField as problem:
        return field_problem(problem)
    return ""
