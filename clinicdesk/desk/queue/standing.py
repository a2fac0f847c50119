"""What stands beside the list while no message is chosen: who sends, when it looks again, and by which channels."""

import datetime as dt
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import allowed
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.dates import moment
from clinicdesk.desk.queue.words import stopped_advice, stopped_words, unread_words
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label, narrow_label, plain_tip, separator
from clinicdesk.desk.wording_messages import CHANNEL_ICONS, channel_word, pause_words
from clinicdesk.domain.queue import ChannelStanding, QueueLook
from clinicdesk.domain.staff import Capability
from clinicdesk.domain.sync_process import SyncProcess
from clinicdesk.words import _, marked, ngettext

_JUST_NOW = 20  # seconds: it says every fifteen that it is there
# What the process does by the clock, by the name it gives each task in its status.
TASKS = {
    "revive_jobs": marked("Takes up what a process left lying"),
    "requeue_messages": marked("Queues what was lost"),
    "settle_stuck": marked("Looks into what got stuck"),
    "requeue_receipts": marked("Reads replies that were lost"),
    "replan": marked("Plans what the rules ask for"),
    "wish_birthdays": marked("Wishes a happy birthday"),
    "tidy_queue": marked("Clears away what is done"),
    "expire_media": marked("Deletes old files"),
    "expire_offers": marked("Ends offers that are over"),
    "poll_replies": marked("Fetches replies"),
}


class Standing(QWidget):
    """`pause_wanted` and `resume_wanted` carry the ChannelStanding; the first also the button it came from."""

    pause_wanted = Signal(object, object)
    resume_wanted = Signal(object)

    def __init__(self, clock: DeskClock, *, on_server: bool) -> None:
        super().__init__()
        self._clock, self._on_server = clock, on_server
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._body = QWidget()
        self._column.addWidget(self._body)
        self._column.addStretch(1)
        self._shown: QueueLook | None = None

    def show_look(self, look: QueueLook) -> None:
        """Say how everything stands now."""
        self._shown = look
        self._body.hide()
        self._body.deleteLater()
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(Label(_("Who sends"), "section"))
        self._add_workers(column, look)
        column.addSpacing(4)
        column.addWidget(separator())
        column.addSpacing(4)
        column.addWidget(Label(_("Channels"), "section"))
        if not look.channels:
            column.addWidget(
                narrow_label(_("No channel is set up yet. A manager adds one in the settings."), "second", "muted")
            )
        for channel in look.channels:
            column.addWidget(self._channel(channel))
        self._column.insertWidget(0, self._body)
        self._body.show()  # at once, so that nothing is empty for a moment

    # --- who sends ---

    def _add_workers(self, column: QVBoxLayout, look: QueueLook) -> None:
        if not look.alive:
            if look.waits_in_vain:
                column.addWidget(
                    Banner("danger", stopped_words(look, self._clock.zone), detail=stopped_advice(self._on_server))
                )
            else:
                column.addWidget(narrow_label(_("Nothing is being sent, and nothing waits."), "second", "muted"))
            return
        count = len(look.alive)
        words = ngettext("{count} process at work", "{count} processes at work", count).format(count=count)
        row = QHBoxLayout()
        row.addWidget(Chip(words, "ok", "circle-check"))
        row.addStretch(1)
        column.addLayout(row)
        for worker in look.alive:
            column.addWidget(self._worker(worker, look.at))

    def _worker(self, worker: SyncProcess, now: dt.datetime) -> QWidget:
        zone = self._clock.zone
        seconds = int((now - worker.seen_at).total_seconds())
        ago = ngettext("seen {count} second ago", "seen {count} seconds ago", seconds).format(count=seconds)
        seen = ago if seconds > _JUST_NOW else _("seen just now")
        since = _("since {moment}").format(moment=moment(worker.started_at, now, zone))
        lines = [f"{worker.host or _('This computer')} · {seen}", since]
        lines += [words for name, told in worker.status.items() if (words := self._task(name, told, now))]
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(narrow_label(lines[0], "strong"))
        for line in lines[1:]:
            column.addWidget(narrow_label(line, "second", "muted"))
        return block

    def _task(self, name: str, told: object, now: dt.datetime) -> str:
        """When a task comes round again, or that it fails; one that this release does not know is not shown."""
        if name not in TASKS or not isinstance(told, Mapping):
            return ""
        if told.get("fault"):
            return _("{task}: it fails, and is tried again").format(task=_(TASKS[name]))
        try:
            at = dt.datetime.fromisoformat(str(told.get("next", "")))
        except ValueError:
            return ""
        return _("{task}: next {moment}").format(task=_(TASKS[name]), moment=moment(at, now, self._clock.zone))

    # --- by what ---

    def _channel(self, channel: ChannelStanding) -> QWidget:
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconLabel(CHANNEL_ICONS[channel.kind]))
        name = Label(channel.name, "strong")
        name.setToolTip(plain_tip(channel_word(channel.kind)))
        row.addWidget(name, 1)
        words, tone, icon = self._state(channel)
        row.addWidget(Chip(words, tone, icon), alignment=Qt.AlignmentFlag.AlignVCenter)
        if channel.active:
            row.addWidget(self._switch(channel))
        column.addLayout(row)
        if channel.paused:
            why = pause_words(channel.paused_reason)
            at = channel.paused_at
            since = moment(at, self._clock.now(), self._clock.zone) if at else ""
            column.addWidget(
                narrow_label(" · ".join(filter(None, (why[:1].upper() + why[1:], since))), "second", "muted")
            )
        if channel.unread:
            column.addWidget(narrow_label(unread_words(channel.unread), "second", "muted"))
        return block

    def _state(self, channel: ChannelStanding) -> tuple[str, str, str]:
        if not channel.active:
            return _("Switched off"), "muted", "power"
        if channel.paused:
            return _("Paused"), "danger" if channel.paused_by_itself else "warn", "pause"
        return _("Ready"), "ok", "circle-check"

    def _switch(self, channel: ChannelStanding) -> Button:
        words = _("Let it send again") if channel.paused else _("Pause")
        button = Button("", "secondary", "play" if channel.paused else "pause", size="dense")
        button.setAccessibleName(f"{words}: {channel.name}")
        button.setToolTip(words)
        if channel.paused:
            button.clicked.connect(lambda: self.resume_wanted.emit(channel))
        else:
            button.clicked.connect(lambda: self.pause_wanted.emit(channel, button))
        allowed.guard(button, Capability.SEND_MESSAGES)
        return button
