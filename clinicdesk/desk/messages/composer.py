"""Where one types: Enter sends, `/` opens the quick replies, and below stands until when free words may be sent."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.messages.words import window_words
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets import drawing
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.chip import PillButton
from clinicdesk.desk.widgets.label import Label, plain_tip
from clinicdesk.domain.inbox import LONGEST_WORDS, Owner, QuickReply, Speech, Talk
from clinicdesk.words import _

_TOOLS = 210  # margins and the three buttons before the hint
_MOST_LINES = 6
_CHIPS = 3
_LONGEST_CHIP = 34
_SOON = dt.timedelta(hours=2)


class Composer(QWidget):
    """`sent` carries what was typed. The others are wishes for the page: templates, quick replies, a file."""

    sent = Signal(str)
    templates_wanted = Signal()
    replies_wanted = Signal()
    note_wanted = Signal()
    file_wanted = Signal()

    def __init__(self, me: UUID, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self._me = me
        self._talk: Talk | None = None
        self._replies: tuple[QuickReply, ...] = ()
        self._why_not = ""
        self._closed = False
        self.before_sending: Callable[[], bool] = bool  # whether Enter was meant for something that is open
        self.edit = WordsEdit()
        self.box = _Box(self.edit)
        self.send = Button(_("Send"), "primary", icon="send", key="Enter", size="dense")
        self.attach = icon_button("paperclip", _("Send a file"), size="dense")
        self.quick = icon_button("zap", _("Quick replies"), size="dense")
        self.note = icon_button("sticky-note", _("Note for the team"), size="dense")
        self.template = Button(_("Choose a template"), "primary", icon="message-square", size="dense")
        self.template.hide()
        self._hint = Label(_("/ opens the quick replies"), "second", "faint")
        self.chips = _Chips()
        self._clock_icon = _Hourglass()
        self._window = Label("", "second", "muted", numbers=True, wrap=True)
        self._arrange()
        self._listen()

    @property
    def text(self) -> str:
        """What is typed."""
        return self.edit.toPlainText()

    def set_text(self, words: str) -> None:
        """Put words there, the cursor behind them."""
        self.edit.setPlainText(words)
        self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)

    def insert(self, reply: QuickReply) -> None:
        """A quick reply in the place of the `/` that asked for it, else behind what is typed."""
        typed = self.text
        before = "" if typed.startswith("/") or not typed.strip() else typed.rstrip() + " "
        self.set_text(before + reply.body)
        self.edit.setFocus()

    def show_talk(self, talk: Talk, now: dt.datetime) -> None:
        """Say what may be sent in this conversation."""
        self._talk = talk
        now_may, left = window_words(talk, now)
        closed = now_may is Speech.TEMPLATES
        theirs = talk.owner is Owner.PERSON and talk.person_id != self._me
        self.edit.setReadOnly(closed or theirs)
        self._closed = closed
        for widget in (self.send, self.attach, self.quick):
            widget.setVisible(not closed)
        self._fit_hint()
        self.template.setVisible(closed)
        self.edit.setPlaceholderText(self._placeholder(talk, closed, theirs))
        self._say_window(talk, now, now_may, left)
        self._fit_chips()
        self._permit()

    def show_replies(self, replies: Sequence[QuickReply]) -> None:
        """The quick replies of the clinic."""
        self._replies = tuple(replies)
        self._fit_chips()

    def set_offline(self, words: str) -> None:
        """Why nothing can be sent now; empty when it can."""
        self._why_not = words
        self._permit()

    # --- within ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_hint()

    def _fit_hint(self) -> None:
        taken = self._hint.sizeHint().width() + self.send.sizeHint().width() + _TOOLS
        self._hint.setVisible(not self._closed and taken <= self.width())

    def _placeholder(self, talk: Talk, closed: bool, theirs: bool) -> str:
        if theirs:
            return _("{name} has this conversation. Take it over to write.").format(name=talk.person_name)
        if closed:
            return _("More than 24 hours have passed: only an approved template can be sent")
        if talk.owner is Owner.BOT:
            return _("Write a message; you take the conversation over from the robot")
        return _("Write a message")

    def _say_window(self, talk: Talk, now: dt.datetime, now_may: Speech, left: str) -> None:
        self._clock_icon.setVisible(now_may is not Speech.FREE)
        self._window.setVisible(now_may is not Speech.FREE)
        if now_may is Speech.OPEN and talk.window_until is not None:
            soon = talk.window_until - now < _SOON
            self._clock_icon.tone = "warnText" if soon else "okText"
            self._window.set_tone("warnText" if soon else "muted")
            self._window.setText(
                _("Window open: {time} for free text. After that, approved templates only.").format(time=left)
            )
        elif now_may is Speech.TEMPLATES:
            self._clock_icon.tone = "warnText"
            self._window.set_tone("warnText")
            self._window.setText(_("Window closed. It opens again when the patient writes."))
        self._clock_icon.update()

    def _permit(self) -> None:
        talk, words = self._talk, self._why_not
        if talk is not None and talk.owner is Owner.PERSON and talk.person_id != self._me:
            words = words or _("{name} has this conversation.").format(name=talk.person_name)
        for button in (self.send, self.attach, self.template):
            if words:
                button.refuse(words)
            else:
                button.permit()
        if not words:
            self.send.setEnabled(bool(self.text.strip()))

    def _typed(self) -> None:
        self._permit()
        self._fit_chips()

    def _fit_chips(self) -> None:
        shown = not self.edit.isReadOnly() and not self.text.startswith("/")
        self.chips.show_replies(self._replies[:_CHIPS] if shown else ())

    def _send(self) -> None:
        if self.before_sending():
            return
        if self.send.isEnabled() and self.send.isVisibleTo(self) and self.text.strip():
            self.sent.emit(self.text)

    def _listen(self) -> None:
        self.edit.textChanged.connect(self._typed)
        self.edit.enter_pressed.connect(self._send)
        self.send.clicked.connect(self._send)
        self.template.clicked.connect(self.templates_wanted)
        self.quick.clicked.connect(self.replies_wanted)
        self.note.clicked.connect(self.note_wanted)
        self.attach.clicked.connect(self.file_wanted)
        self.chips.taken.connect(self.insert)

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(8, 0, 10, 8)
        tools.setSpacing(2)
        for widget in (self.attach, self.quick, self.note):
            tools.addWidget(widget)
        tools.addSpacing(8)
        tools.addWidget(self._hint)
        tools.addStretch(1)
        tools.addWidget(self.template)
        tools.addWidget(self.send)
        inner = QVBoxLayout(self.box)
        inner.setContentsMargins(2, 2, 2, 0)
        inner.setSpacing(0)
        inner.addWidget(self.edit)
        inner.addLayout(tools)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._clock_icon)
        below.addWidget(self._window, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 10, 24, 14)
        column.setSpacing(10)
        column.addWidget(self.chips)
        column.addWidget(self.box)
        column.addLayout(below)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.edit)


class WordsEdit(QPlainTextEdit):
    """As high as what is typed. Enter is `enter_pressed`, Shift+Enter a new line; `walked` moves in what is open."""

    enter_pressed = Signal()
    walked = Signal(int)
    escaped = Signal()
    focus_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.picking = False  # whether arrows and Enter belong to a list that is open
        self.setProperty("kind", "bare")
        self.setProperty("focusRing", "none")  # the box around words and tools shows the focus
        self.setAccessibleName(_("Message"))
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.enter_pressed.emit()
        elif self.picking and plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.walked.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Escape and plain:
            self.escaped.emit()
        elif len(self.toPlainText()) >= LONGEST_WORDS and event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        lines = max(1, min(_MOST_LINES, round(self.document().size().height())))
        height = lines * self.fontMetrics().lineSpacing() + 22
        needed = self.document().size().height() > _MOST_LINES
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if needed else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        if height != self.height():
            self.setFixedHeight(height)


class _Box(QWidget):
    """The field's frame, around the words and the tools below them."""

    def __init__(self, edit: WordsEdit) -> None:
        super().__init__()
        self._edit = edit
        edit.focus_changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current()
        painter = QPainter(self)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        focused = self._edit.hasFocus()
        if focused:
            drawing.box(painter, QRectF(self.rect()), 11, None, theme.color("accent", 0.28), 2)
        edge = "accent" if focused else "border" if self._edit.isReadOnly() else "field"
        fill = theme.color("sunken" if self._edit.isReadOnly() else "surface")
        drawing.box(painter, area, 10, fill, theme.color(edge), 1.5 if focused else 1)


class _Hourglass(QWidget):
    tone = "okText"

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(16, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        icons.paint(QPainter(self), "hourglass", self.tone, QRectF(self.rect()))


def chip_words(reply: QuickReply) -> str:
    """A quick reply on its chip: all of it, else how it begins up to a comma, else its shortcut."""
    words = " ".join(reply.body.split())
    begins = re.split(r"[,;:] ", words)[0]
    return next((one for one in (words, begins) if len(one) <= _LONGEST_CHIP), f"/{reply.shortcut}")


class _Chips(QWidget):
    """`taken` carries the quick reply of a chip; those that have no room are left out."""

    taken = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._shown: tuple[QuickReply, ...] = ()
        self.chips: list[PillButton] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_replies(self, replies: Sequence[QuickReply]) -> None:
        self.setVisible(bool(replies))
        if tuple(replies) == self._shown:
            return
        self._shown = tuple(replies)
        while (item := self._row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.chips = [self._chip(one) for one in replies]
        for chip in self.chips:
            self._row.addWidget(chip)
        self._row.addStretch(1)
        self._fit()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(0, max((chip.sizeHint().height() for chip in self.chips), default=0))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _chip(self, reply: QuickReply) -> PillButton:
        chip = PillButton(chip_words(reply), "accent", "zap")
        chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        chip.setToolTip(plain_tip(reply.body))
        chip.clicked.connect(lambda: self.taken.emit(reply))
        return chip

    def _fit(self) -> None:
        left = self.width()
        for chip in self.chips:
            left -= chip.sizeHint().width() + 8
            chip.setVisible(left > -8)
