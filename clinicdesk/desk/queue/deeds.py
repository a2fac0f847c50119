"""What is decided about messages and channels, on the writes lane, each with its way back where there is one."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from clinicdesk.desk.background import Background
from clinicdesk.desk.queue.words import DECISIONS, done_words
from clinicdesk.desk.undo import Deed, TakeBack, Undo
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.written import WrittenDeeds
from clinicdesk.domain.queue import ChannelStanding, DecideMessage, Decision, PauseChannel, QueuedMessage
from clinicdesk.usecases import queue
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _


class QueueDeeds(WrittenDeeds):
    """Decisions about messages and channels."""

    def __init__(
        self, clinic: Clinic, background: Background, undo: Undo, toasts: ToastArea, parent: QObject | None = None
    ) -> None:
        super().__init__(clinic, background, undo, parent)
        self._toasts = toasts
        self.failed.connect(lambda _error: self.changed.emit())  # somebody was first: what is shown is old

    def decide(self, message: QueuedMessage, decision: Decision) -> None:
        """Decide what becomes of a message. What is sent again is on its way at once: that has no way back."""
        words, icon = done_words(decision, message), DECISIONS[decision][1]

        def decided(found: QueuedMessage) -> None:
            if decision in (Decision.RETRY, Decision.TAKE_BACK):
                self._toasts.show_toast(words, icon=icon)
            else:
                self._undo.did(Deed(words, self._reopen(found, decision, words)), icon)

        self._decide(message, decision, decided)

    def pause(self, channel: ChannelStanding, reason: str) -> None:
        """Let nothing go out by a channel; the way back lets it go on."""
        words = _("{channel} is paused").format(channel=channel.name)
        self._pause(channel, reason, True, words, "pause")

    def resume(self, channel: ChannelStanding) -> None:
        """Let a channel go on; the way back pauses it again."""
        words = _("{channel} sends again").format(channel=channel.name)
        self._pause(channel, "", False, words, "play")

    # --- within ---

    def _decide(self, message: QueuedMessage, decision: Decision, done: Callable[[QueuedMessage], None]) -> None:
        command = DecideMessage(new_id(), message.id, decision)
        self.run(lambda: queue.decide(self._clinic, command), done)

    def _reopen(self, message: QueuedMessage, decision: Decision, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            def again(tell_again: Callable[[Deed], None]) -> None:
                self._decide(
                    message, decision, lambda found: tell_again(Deed(words, self._reopen(found, decision, words)))
                )

            self._decide(message, Decision.TAKE_BACK, lambda _found: tell(Deed(words, again)))

        return take_back

    def _pause(self, channel: ChannelStanding, reason: str, pause: bool, words: str, icon: str) -> None:
        self._write(
            channel,
            reason,
            pause,
            lambda after: self._undo.did(Deed(words, self._back_to(after, channel, words)), icon),
        )

    def _back_to(self, after: ChannelStanding, before: ChannelStanding, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            self._write(
                after,
                before.reason_typed,
                before.paused,
                lambda restored: tell(Deed(words, self._back_to(restored, after, words))),
            )

        return take_back

    def _write(
        self, channel: ChannelStanding, reason: str, pause: bool, done: Callable[[ChannelStanding], None]
    ) -> None:
        command = PauseChannel(new_id(), channel.id, channel.version, reason, pause)
        self.run(lambda: queue.pause(self._clinic, command), done)
