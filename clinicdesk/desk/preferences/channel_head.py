"""What stands over a channel's fields: how it stands, where its provider knocks, and a test whose way is followed."""

import datetime as dt

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label, card
from clinicdesk.desk.widgets.patient_words import breakable
from clinicdesk.desk.wording_messages import (
    STATE_LOOKS,
    fault_sentence,
    pause_words,
    provider_word,
    reason_word,
    state_word,
)
from clinicdesk.domain.channel_fields import UNVERIFIED
from clinicdesk.domain.hooks import Receives, hook_address
from clinicdesk.domain.message_settings import ChannelForm, ChannelState, Sender, TestState
from clinicdesk.domain.messages import ChannelKind, MessageState
from clinicdesk.domain.sync_process import SILENT
from clinicdesk.words import _


class ChannelHead(QWidget):
    """`pause_wanted` carries the reason, `go_on_wanted` ends a pause, `test_wanted` carries where a test goes, and
    `check_wanted` asks the provider without sending anything.
    """

    pause_wanted = Signal(str)
    go_on_wanted = Signal()
    test_wanted = Signal(str)
    check_wanted = Signal()

    def __init__(self, may_write: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._may_write = may_write
        self.address = ""  # where the provider of the channel on show knocks
        self.chip = Chip("")
        self.pause_button = Button(_("Pause"), "secondary", "pause", size="dense")
        self.go_on_button = Button(_("Go on"), "soft", "play", size="dense")
        self.reason = LineEdit(_("reason"))
        self.warning = Banner("warn", "")
        self.sending = Banner("info", "")
        self.hook = Label("", "body", numbers=True, wrap=True)
        self.hook.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy_button = Button(_("Copy"), "secondary", "copy", size="dense")
        self.hook_advice = Label("", "second", "muted", wrap=True)
        self.recipient = LineEdit()
        self.test_button = Button(_("Send me a test"), "soft", "message-circle")
        self.check_button = Button(_("Test the connection"), "secondary", "refresh-cw")
        self.result_icon, self.result = IconLabel("clock", "muted", 16), Label("", "body", wrap=True)
        self._recipient_field = Field(_("My own mobile"), self.recipient, reserve=False)
        self._arrange()
        self._listen()

    def show_channel(
        self, form: ChannelForm, state: ChannelState | None, sender: Sender, address: str, now: dt.datetime
    ) -> None:
        """Tell of a channel; of a new one only what its provider is like and who would send."""
        self._say_sender(sender, now)
        unverified = form.provider in UNVERIFIED
        self.warning.setVisible(unverified)
        if unverified:
            self.warning.say(
                "warn",
                _("{provider} is not verified: nobody tried it against the provider yet.").format(
                    provider=provider_word(form.provider)
                ),
                detail=_(
                    "It drives WhatsApp in a way that Meta does not allow: Meta may ban the clinic's number for good, "
                    "with all its conversations. Use a number you can lose."
                ),
            )
        self._top.setVisible(state is not None)
        self._test.setVisible(state is not None and self._may_write)
        self._hook_card.setVisible(state is not None and form.receives is Receives.WEBHOOK)
        if state is not None:
            self._say_state(form, state)
            found = hook_address(address, state.hook_key)
            self.address = found
            self.hook.setText(
                breakable(found) or _("Give the gateway a public address under “Hours and limits” first.")
            )
            self.copy_button.setEnabled(bool(found))
        email = form.kind is ChannelKind.EMAIL
        self._recipient_field.set_label(_("My own e-mail") if email else _("My own mobile"))
        self.recipient.setPlaceholderText("nome@exemplo.com.br" if email else "(11) 90000-0000")

    def show_test(self, test: TestState | None) -> None:
        """How far the test came; what was wrong is said in a sentence."""
        self.result.setVisible(test is not None)
        self.result_icon.setVisible(test is not None)
        under_way = test is not None and not test.over and test.state is not MessageState.SENT
        self.test_button.set_busy(under_way and test is not None and not test.checks)
        self.check_button.set_busy(under_way and test is not None and test.checks)
        if test is None:
            return
        icon, tone = ("check", "ok") if test.checks and test.state is MessageState.SENT else STATE_LOOKS[test.state]
        ink = tone if tone == "muted" else f"{tone}Text"
        self.result_icon.set_icon(icon, ink)
        self.result.setText(test_words(test))
        self.result.set_tone(ink if test.state is MessageState.FAILED else "text")

    def _say_sender(self, sender: Sender, now: dt.datetime) -> None:
        alive = sender.seen_at is not None and now - sender.seen_at < SILENT
        self.sending.setVisible(not alive)
        if not sender.known:
            self.sending.say(
                "warn",
                _("Nothing sends messages here yet"),
                detail=_(
                    "Credentials are sealed for the process that sends. Start it once, on this computer or on the"
                    " server, with “clinicdesk-sync run”; then they can be typed."
                ),
            )
        elif not alive:
            words = _("The process that sends gives no sign of life. Nothing goes out until it runs again.")
            self.sending.say("warn", words)

    def _say_state(self, form: ChannelForm, state: ChannelState) -> None:
        paused = state.paused_at is not None
        if not form.active:
            self.chip.set_state(_("Out of use"), "muted", "ban")
        elif paused:
            self.chip.set_state(_("Paused: {reason}").format(reason=pause_words(state.paused_reason)), "warn", "pause")
        elif not state.readable:
            self.chip.set_state(_("Type the credentials again"), "danger", "key-round")
        else:
            self.chip.set_state(_("At work"), "ok", "circle-check")
        self.pause_button.setVisible(self._may_write and form.active and not paused)
        self.reason.setVisible(self.pause_button.isVisibleTo(self._top))
        self.go_on_button.setVisible(self._may_write and paused)

    def _listen(self) -> None:
        self.pause_button.clicked.connect(self._pause)
        self.reason.returnPressed.connect(self._pause)
        self.go_on_button.clicked.connect(self.go_on_wanted)
        self.test_button.clicked.connect(self._ask_test)
        self.recipient.returnPressed.connect(self._ask_test)
        self.check_button.clicked.connect(self.check_wanted)
        self.copy_button.clicked.connect(self._copy)

    def _pause(self) -> None:
        self.pause_wanted.emit(self.reason.text().strip())
        self.reason.clear()

    def _ask_test(self) -> None:
        self._recipient_field.set_error("")
        self.test_wanted.emit(self.recipient.text())

    def say_recipient(self, words: str) -> None:
        """What is wrong with where the test was to go."""
        self._recipient_field.set_error(words)
        self.recipient.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.address)
        self.copy_button.setText(_("Copied"))

    def _arrange(self) -> None:
        self._top = QWidget()
        top = QHBoxLayout(self._top)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(8)
        top.addWidget(self.chip)
        top.addStretch(1)
        self.reason.setFixedWidth(200)
        acts: tuple[QWidget, ...] = (self.reason, self.pause_button, self.go_on_button)
        for act in acts:
            top.addWidget(act)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(12)
        parts: tuple[QWidget, ...] = (self._top, self.sending, self.warning)
        for part in parts:
            column.addWidget(part)
        self._hook_card, self._test = self._hook_part(), self._test_part()
        column.addWidget(self._test)
        column.addWidget(self._hook_card)

    def _test_part(self) -> QWidget:
        frame = card()
        stand_on(frame, "surface")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(16, 10, 16, 12)
        inside.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._recipient_field, 1)
        for button in (self.test_button, self.check_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        inside.addLayout(row)
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(self.result_icon, 0, Qt.AlignmentFlag.AlignTop)
        self.result.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        said.addWidget(self.result, 1)
        inside.addLayout(said)
        self.show_test(None)
        return frame

    def _hook_part(self) -> QWidget:
        frame = card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(16, 10, 16, 12)
        inside.setSpacing(4)
        inside.addWidget(Label(_("Address for the provider’s panel (webhook)"), "label", "muted"))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.hook.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        row.addWidget(self.hook, 1)
        row.addWidget(self.copy_button)
        inside.addLayout(row)
        inside.addWidget(self.hook_advice)
        self.hook_advice.setText(_("Whoever knows it may knock, but only what the provider signed is taken in."))
        return frame


def test_words(test: TestState) -> str:
    """A test's state, and why it failed."""
    if test.checks and test.state is MessageState.SENT:
        return _("The connection works: the provider takes the credentials.")
    said = _("Asking the provider…") if test.checks and not test.over else state_word(test.state)
    if test.fault:
        said = f"{said}: {fault_sentence(test.fault, test.detail)}"
    elif test.reason:
        said = f"{said}: {reason_word(test.reason)}"
    if test.fault and test.detail and test.detail not in said:
        said = f"{said} ({test.detail})"
    return said
